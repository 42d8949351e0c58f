"""A unit of work: changes are gathered, checked against the rows' versions, and written with one row of the journal."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from planner.domain.caseload import Adoption
from planner.domain.citizens import Citizen, Fact, Unavailable
from planner.domain.conversations import Conversation, Offer
from planner.domain.follow_up import FormText, SupervisedCase, Supervision, SurveyRound, Tally
from planner.errors import Stale
from planner.locale import N_
from planner.services.clock import DANISH_TIME
from planner.services.ports import Change, Office, Postponement
from planner.store import erasing, follow_up, mapping
from planner.store.chain import GENESIS, canonical, packed, row_hash
from planner.store.images import image_of, row_of, same
from planner.store.reading import SqlReading
from planner.store.tables import CHANGING, journal

OFFICE_KEY = "office"
_STALE = N_("Something was changed meanwhile; look at it again before you change it.")
Image = dict[str, object]


def new_key() -> str:
    """An opaque key that says nothing about the row."""
    return uuid4().hex


class SqlUnit(SqlReading):
    """Reads and writes within one transaction that holds the write lock."""

    def __init__(self, connection: Connection, now: datetime, secret: bytes = b"") -> None:
        super().__init__(connection, secret)
        self._now = now.astimezone(DANISH_TIME)
        self._seq = self.head() + 1
        self._read: dict[tuple[str, str], Image | None] = {}
        self._changes: dict[tuple[str, str], Change] = {}
        self.recorded = False

    @property
    def pending(self) -> Sequence[Change]:
        """What the unit has changed so far."""
        return tuple(self._changes.values())

    def add_citizen(self, citizen: Citizen) -> str:
        """Write a new citizen with everything belonging to it; an empty id means that the store's key is the id."""
        key = new_key()
        own = {"external_id": citizen.id or None, "cpr": None, **mapping.citizen_row(citizen)}
        self._insert("citizens", own, key)
        for fact in citizen.facts:
            self._insert("facts", {"citizen": key, **mapping.fact_row(fact)})
        for conversation in citizen.conversations:
            self.save_conversation(key, replace(conversation, key=""))
        if citizen.offer is not None:
            self.save_offer(key, replace(citizen.offer, key=""))
        for stretch in citizen.unavailable:
            self.add_unavailable(key, stretch)
        return key

    def save_citizen(self, key: str, citizen: Citizen) -> None:
        """Write the citizen's own fields."""
        self._put("citizens", key, mapping.citizen_row(citizen))

    def save_cpr(self, key: str, cpr: str) -> None:
        """Keep the CPR number that belongs to a citizen."""
        self._put("citizens", key, {"cpr": cpr})

    def save_conversation(self, citizen: str, conversation: Conversation) -> str:
        """Write a conversation, new when it has no key, and whether its note is filed; gives its key."""
        own = {"citizen": citizen, **mapping.conversation_row(conversation)}
        key = self._save("conversations", conversation.key, own)
        if conversation.filed_on is not None:
            self._put("filings", key, {"citizen": citizen, "filed_on": conversation.filed_on})
        elif conversation.key:
            self._note("filings", key, None)
        return key

    def save_offer(self, citizen: str, offer: Offer) -> str:
        """Write an offer, new when it has no key; gives its key."""
        return self._save("offers", offer.key, {"citizen": citizen, **mapping.offer_row(offer)})

    def drop_offer(self, offer: Offer) -> None:
        """Take away an offer that no longer stands."""
        self._note("offers", offer.key, None)

    def save_fact(self, citizen: str, fact: Fact) -> str:
        """Write a fact, new when it has no key; gives its key."""
        return self._save("facts", fact.key, {"citizen": citizen, **mapping.fact_row(fact)})

    def add_unavailable(self, citizen: str, stretch: Unavailable) -> str:
        """Write a stretch in which the citizen cannot be met."""
        return self._insert("unavailable", {"citizen": citizen, **mapping.unavailable_row(stretch)})

    def save_postponement(self, citizen: str, postponement: Postponement) -> str:
        """Write a postponement, new when it has no key; gives its key."""
        stretch = Unavailable(postponement.first, postponement.last)
        row = {"citizen": citizen, **mapping.unavailable_row(stretch, postponement.reason)}
        return self._save("unavailable", postponement.key, row)

    def remove_fact(self, key: str) -> None:
        """Take a fact away."""
        self._note("facts", key, None)

    def remove_away(self, key: str) -> None:
        """Take away a stretch in which the citizen cannot be met."""
        self._note("unavailable", key, None)

    def add_note(self, citizen: str, text: str, amends: str = "") -> str:
        """Write a note with the present time, which may amend another one."""
        return self._insert("notes", {"citizen": citizen, "text": text, "amends": amends or None, **self._moment()})

    def save_adoption(self, adoption: Adoption) -> str:
        """Write an adoption, new when it has no key; gives its key."""
        return self._save("adoptions", adoption.key, mapping.adoption_row(adoption))

    def save_office(self, office: Office) -> None:
        """Write the office."""
        self._put("office", OFFICE_KEY, {"data": mapping.office_data(office)})

    def save_mapping(self, signature: str, mapping: Mapping[str, object]) -> None:
        """Remember the column mapping of a header row."""
        self._put("import_maps", signature, {"mapping": dict(mapping)})

    def save_survey_round(self, made: SurveyRound) -> str:
        """Write a round's name and date, new when it has no key; gives its key."""
        return self._save("survey_rounds", made.key, {"name": made.name, "on_date": made.on})

    def remove_survey_round(self, key: str) -> None:
        """Take a round away; its answers come back with it when that is undone."""
        self._note("survey_rounds", key, None)

    def add_answers(self, round_key: str, tally: Tally) -> None:
        """Count answers in with those of a round; neither they nor their order stand in the journal."""
        follow_up.add_answers(self.connection, round_key, tally)

    def add_supervision(self, made: Supervision) -> None:
        """Write a new sample with its cases."""
        key = self._insert("supervisions", follow_up.supervision_row(made))
        for case in made.cases:
            self._insert("supervised_cases", {"supervision": key, "citizen": case.citizen, "findings": {}})

    def save_supervised(self, case: SupervisedCase) -> None:
        """Write what was found in a case of a sample."""
        self._put("supervised_cases", case.key, {"findings": dict(case.findings)})

    def save_form_text(self, written: FormText) -> None:
        """Write what stands under a point of a form, new when it has no key; an empty text takes it away."""
        if written.text:
            own: Image = {"experiment": written.experiment, "point": written.point, "text": written.text}
            self._save("form_texts", written.key, own)
        elif written.key:
            self._note("form_texts", written.key, None)

    def erase(self, key: str) -> None:
        """Remove a citizen and all that belongs to the case, and empty what the journal holds of it."""
        erasing.erase(self.connection, self._secret, key, self._now.date(), self._seq)

    def readmit(self, citizen_id: str, cpr: str | None = None) -> bool:
        """Let somebody who was erased be imported again; whether there was anybody."""
        return erasing.readmit(self.connection, self._secret, citizen_id, cpr, self._now.date())

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes on rows that are still as their `before`; raises Stale otherwise."""
        for change in changes:
            if not same(self._current(change.table, change.key), change.before):
                raise Stale(_STALE)
            self._note(change.table, change.key, None if change.after is None else dict(change.after))

    def record(self, verb: str, citizen: str | None, detail: Mapping[str, object], target: int | None = None) -> int:
        """Write everything that was changed, and the journal's row for it."""
        try:
            self._flush()
        except IntegrityError as error:
            raise Stale(_STALE) from error
        last = select(journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
        row: dict[str, Any] = {
            "seq": self._seq,
            **self._moment(),
            "verb": verb,
            "citizen": citizen,
            "detail": canonical(dict(detail)),
            "changes": packed(self.pending),
            "target": target,
            "salt": secrets.token_hex(16),
            "detail_digest": None,
            "changes_digest": None,
            "prev_hash": self.connection.scalar(last) or GENESIS,
        }
        self.connection.execute(insert(journal), {**row, "hash": row_hash(row)})
        self._changes.clear()
        self.recorded = True
        return self._seq

    def _moment(self) -> dict[str, object]:
        return {
            "at_local": self._now.replace(tzinfo=None),
            "at_utc": self._now.astimezone(UTC).replace(tzinfo=None),
        }

    def _save(self, table: str, key: str, values: Image) -> str:
        if not key:
            return self._insert(table, values)
        self._put(table, key, values)
        return key

    def _insert(self, table: str, values: Image, key: str = "") -> str:
        key = key or new_key()
        self._read[table, key] = None
        self._put(table, key, values)
        return key

    def _put(self, table: str, key: str, values: Image) -> None:
        current = self._current(table, key) or {}
        self._note(table, key, {**current, "key": key, **image_of(CHANGING[table], values)})

    def _note(self, table: str, key: str, after: Image | None) -> None:
        before = self._read[table, key] if (table, key) in self._read else self._current(table, key)
        if after is not None:
            after["version"] = self._seq
        if same(before, after):
            self._changes.pop((table, key), None)
        else:
            self._changes[table, key] = Change(table, key, before, after)

    def _current(self, table: str, key: str) -> Image | None:
        if (table, key) in self._changes:
            after = self._changes[table, key].after
            return None if after is None else dict(after)
        if (table, key) not in self._read:
            columns = CHANGING[table]
            row = self.connection.execute(select(columns).where(columns.c.key == key)).one_or_none()
            self._read[table, key] = None if row is None else image_of(columns, row._asdict())
        return self._read[table, key]

    def _flush(self) -> None:
        for table in CHANGING.values():
            own = [change for change in self._changes.values() if change.table == table.name]
            new = [row_of(table, change.after) for change in own if change.before is None and change.after]
            if new:
                self.connection.execute(insert(table), new)
            for change in own:
                if change.before is not None and change.after is not None:
                    self._update(table, change.key, change.before, row_of(table, change.after))
        for table in reversed(CHANGING.values()):
            for change in self._changes.values():
                if change.table == table.name and change.before is not None and change.after is None:
                    self._update(table, change.key, change.before, None)

    def _update(self, table: Table, key: str, before: Mapping[str, object], row: Image | None) -> None:
        where = (table.c.key == key, table.c.version == before["version"])
        statement = table.delete().where(*where) if row is None else table.update().where(*where).values(row)
        if self.connection.execute(statement).rowcount != 1:
            raise Stale(_STALE)
