"""Erase a citizen: every row, what the journal holds of it, and later the bytes; and know her again by a code."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from planner.services.ports import Change
from planner.store import follow_up, sqlite
from planner.store.chain import digests, unpacked
from planner.store.sqlite import StoreFile
from planner.store.tables import (
    citizens,
    conversations,
    drafts,
    erasures,
    facts,
    filings,
    glances,
    journal,
    notes,
    offers,
    plans,
    unavailable,
)

#: Children before parents.
_OF_CITIZEN = (filings, offers, conversations, facts, unavailable, notes)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody who was erased: the key she had, the codes that know her again, and the journal's number."""

    key: str
    id_code: str
    cpr_code: str | None
    on: date
    seq: int
    readmitted_on: date | None = None


def code_of(secret: bytes, text: str) -> str:
    """A code by which only who has the store's key can know a text again."""
    plain = text.casefold().encode("utf-8", "replace")
    return hmac.new(sha256(b"planner erasure" + secret).digest(), plain, sha256).hexdigest()


def erase(connection: Connection, secret: bytes, key: str, on: date, seq: int) -> None:
    """Remove all rows of a citizen, empty the journal of it, and remember the erasure."""
    row = connection.execute(select(citizens.c.external_id, citizens.c.cpr).where(citizens.c.key == key)).one()
    follow_up.forget(connection, key)
    for table in _OF_CITIZEN:
        connection.execute(delete(table).where(table.c.citizen == key))
    connection.execute(delete(citizens).where(citizens.c.key == key))
    connection.execute(delete(plans))
    connection.execute(delete(drafts))
    connection.execute(delete(glances))
    _empty_journal(connection, key)
    cpr = None if row.cpr is None else code_of(secret, row.cpr)
    made = Erasure(key, code_of(secret, row.external_id or key), cpr, on, seq)
    remember(connection, (made,))


def remember(connection: Connection, made: Iterable[Erasure]) -> None:
    """Write erasures that are not known yet; their bytes are still to be cleaned away."""
    known = set(connection.scalars(select(erasures.c.key)))
    rows = [
        {
            "key": one.key,
            "id_code": one.id_code,
            "cpr_code": one.cpr_code,
            "on_date": one.on,
            "seq": one.seq,
            "readmitted_on": one.readmitted_on,
            "is_clean": False,
        }
        for one in made
        if one.key not in known
    ]
    if rows:
        connection.execute(insert(erasures), rows)


def erasures_in(connection: Connection) -> tuple[Erasure, ...]:
    """All that are remembered, oldest first."""
    rows = connection.execute(select(erasures).order_by(erasures.c.seq, erasures.c.key))
    return tuple(Erasure(row.key, row.id_code, row.cpr_code, row.on_date, row.seq, row.readmitted_on) for row in rows)


def keep_readmissions(connection: Connection, made: Iterable[Erasure]) -> None:
    """Whoever was let in again stays so."""
    for one in made:
        if one.readmitted_on is not None:
            again = update(erasures).where(erasures.c.key == one.key)
            connection.execute(again.values(readmitted_on=one.readmitted_on))


def erased(connection: Connection, secret: bytes, citizen_id: str, cpr: str | None) -> date | None:
    """When somebody with this id or CPR number was erased who was not readmitted since."""
    found: date | None = connection.scalar(select(func.max(erasures.c.on_date)).where(*_meant(secret, citizen_id, cpr)))
    return found


def readmit(connection: Connection, secret: bytes, citizen_id: str, cpr: str | None, on: date) -> bool:
    """Let somebody who was erased be imported again; whether there was anybody."""
    found = update(erasures).where(*_meant(secret, citizen_id, cpr)).values(readmitted_on=on)
    return connection.execute(found).rowcount > 0


def clean(file: StoreFile) -> None:
    """Build the file anew without what was erased, and empty the log; then nothing is left to be cleaned."""
    with closing(sqlite.connect(file)) as connection:
        # The log first: it may hold pages from before. The file next, which goes through the log; then the log again.
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.execute(statement).fetchall()
        connection.execute("UPDATE erasures SET is_clean = 1 WHERE NOT is_clean")


def is_clean(connection: Connection) -> bool:
    """Whether the bytes of all who were erased are gone."""
    return connection.scalar(select(erasures.c.key).where(erasures.c.is_clean.is_(False)).limit(1)) is None


def _meant(secret: bytes, citizen_id: str, cpr: str | None) -> tuple[Any, ...]:
    codes = [erasures.c.id_code == code_of(secret, citizen_id)] if citizen_id else []
    if cpr:
        codes.append(erasures.c.cpr_code == code_of(secret, cpr))
    return (erasures.c.readmitted_on.is_(None), or_(*codes) if codes else erasures.c.key.is_(None))


def _empty_journal(connection: Connection, key: str) -> None:
    """Keep of the citizen's rows that they were there; of rows about many, the changes alone are taken."""
    own = select(journal).where(or_(journal.c.citizen == key, journal.c.citizen.is_(None)))
    for row in connection.execute(own).all():
        columns = dict(row._mapping)
        if row.citizen == key:
            emptied = {**digests(columns), "salt": "", "detail": "", "changes": b""}
        elif any(_is_about(change, key) for change in unpacked(row.changes)):
            emptied = {"changes_digest": digests(columns)["changes_digest"], "changes": b""}
        else:
            continue
        connection.execute(update(journal).where(journal.c.seq == row.seq).values(emptied))


def _is_about(change: Change, key: str) -> bool:
    image = change.after or change.before or {}
    return change.key == key or image.get("citizen") == key
