"""A consistent view of the store: rows read with a handful of SELECTs and mapped to the domain."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from inspect import isfunction
from operator import attrgetter
from typing import Any, ParamSpec, TypeVar

from msgspec import ValidationError
from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.engine import Connection
from sqlcipher3.dbapi2 import SQLITE_ERROR, OperationalError

from planner.domain.caseload import Adoption
from planner.domain.citizens import Citizen
from planner.domain.conversations import Conversation, Offer
from planner.domain.follow_up import FormText, Supervision, SurveyRound
from planner.errors import StoreError
from planner.locale import N_
from planner.services.ports import (
    LATEST,
    RECENT,
    Access,
    AccessKind,
    AccessRow,
    Away,
    Change,
    JournalRow,
    KeptPlan,
    Note,
    Office,
    Postponement,
)
from planner.store import erasing, follow_up, mapping, sqlite
from planner.store.chain import GENESIS, row_hash, unpacked, unzipped
from planner.store.looks import verify_accesses
from planner.store.mapping import BareRow
from planner.store.tables import (
    accesses,
    adoptions,
    citizens,
    drafts,
    erasures,
    import_maps,
    journal,
    notes,
    offers,
    office,
    plan_key,
    plans,
    unavailable,
)

# Databases limit the number of parameters of a statement; beyond this everything is read.
_MOST_KEYS = 500
T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")
_JOURNAL = (
    journal.c.seq,
    journal.c.at_local,
    journal.c.verb,
    journal.c.citizen,
    journal.c.detail,
    journal.c.target,
)


def _damage_told(method: Callable[P, R]) -> Callable[P, R]:
    @wraps(method)
    def reading(*args: P.args, **values: P.kwargs) -> R:
        try:
            return method(*args, **values)
        except (LookupError, ValueError, TypeError, ValidationError):
            # What stands in the row must not reach the message, so the cause is cut off.
            raise StoreError(
                N_("The store is damaged: something in it cannot be read. Keep the file and go back to a backup.")
            ) from None

    return reading


def _tells_damage(kind: type[T]) -> type[T]:
    """Let every public method tell a row that makes no sense as damage."""
    for name, member in list(vars(kind).items()):
        if isfunction(member) and not name.startswith("_"):
            setattr(kind, name, _damage_told(member))
    return kind


@_tells_damage
class SqlReading:
    """Reads within one transaction."""

    def __init__(self, connection: Connection, secret: bytes = b"") -> None:
        self.connection = connection
        self._secret = secret

    def head(self) -> int:
        """The number of the last journal row; 0 for an empty journal."""
        return self.connection.scalar(select(func.max(journal.c.seq))) or 0

    def head_hash(self) -> str:
        """The hash of the last journal row, which covers all before it; empty for an empty journal."""
        return self.connection.scalar(select(journal.c.hash).order_by(journal.c.seq.desc()).limit(1)) or ""

    def kept_plan(self, *, trial: bool = False, ahead: bool = False) -> KeptPlan | None:
        """The plan that was kept last; for a `trial` the last trial's, where there was one.

        `ahead`: the one that was made ahead for the working day after, and nothing else.
        """
        row = self._kept_plan(plan_key(trial=trial, ahead=ahead))
        if row is None and trial and not ahead:
            row = self._kept_plan(plan_key())
        if row is None:
            return None
        return KeptPlan(row.basis, unzipped(row.data), None if row.previous is None else unzipped(row.previous))

    def _kept_plan(self, key: str) -> Row[Any, Any, Any] | None:
        wanted = select(plans.c.basis, plans.c.data, plans.c.previous).where(plans.c.key == key)
        return self.connection.execute(wanted).first()

    def kept_draft(self) -> bytes | None:
        """What was typed and not saved when the program was locked."""
        data = self.connection.scalar(select(drafts.c.data))
        return None if data is None else unzipped(data)

    def citizens(self, keys: Collection[str] | None = None) -> dict[str, Citizen]:
        """Citizens by the store's key, all or those named."""
        return self._citizens(keys, [(_CONVERSATIONS, ())])

    def present_citizens(self, day: date, keys: Collection[str] | None = None) -> dict[str, Citizen]:
        """The same without the conversations that nobody needs who plans or works with the list on that day."""
        since = (day - RECENT).isoformat()
        return self._citizens(keys, [(_PRESENT, (day.isoformat(), since)), (_BOOKED, ())])

    def past(self, first: date, last: date) -> dict[str, tuple[Conversation, ...]]:
        """All conversations from the first day to the last, by the store's key of the citizen."""
        mapper = mapping.Mapper()
        groups: defaultdict[str, list[Conversation]] = defaultdict(list)
        for row in sqlite.own_connection(self.connection).execute(_BETWEEN.all, (first.isoformat(), last.isoformat())):
            groups[row[0]].append(mapper.conversation(row))
        return {key: tuple(sorted(talks, key=_WHEN)) for key, talks in groups.items()}

    def key_of(self, citizen_id: str) -> str | None:
        """The store's key of the citizen with that id."""
        named = or_(citizens.c.external_id == citizen_id, citizens.c.key == citizen_id)
        return self.connection.scalar(select(citizens.c.key).where(named).order_by(citizens.c.external_id.is_(None)))

    def adoptions(self) -> tuple[Adoption, ...]:
        """The adoptions, by first day and experiment."""
        query = select(adoptions).order_by(adoptions.c.first_date, adoptions.c.experiment, adoptions.c.key)
        return tuple(mapping.adoption_of(row) for row in self.connection.execute(query))

    def office(self) -> Office:
        """The office as it was last set."""
        data = self.connection.scalar(select(office.c.data))
        return Office() if data is None else mapping.office_of(data)

    def notes(self, citizen: str) -> tuple[Note, ...]:
        """A citizen's notes, oldest first."""
        # By version, not by time: clocks go back, journal numbers do not.
        query = select(notes).where(notes.c.citizen == citizen).order_by(notes.c.version, notes.c.key)
        return tuple(mapping.note_of(row) for row in self.connection.execute(query))

    def postponements(self, citizen: str) -> tuple[Postponement, ...]:
        """A citizen's postponements, by first day."""
        query = select(unavailable).where(unavailable.c.citizen == citizen, unavailable.c.reason.is_not(None))
        rows = self.connection.execute(query.order_by(unavailable.c.first_date, unavailable.c.key))
        return tuple(mapping.postponement_of(row) for row in rows)

    def away(self, citizen: str) -> tuple[Away, ...]:
        """The stretches in which a citizen cannot be met, dates before weekly hours."""
        query = select(unavailable).where(unavailable.c.citizen == citizen, unavailable.c.reason.is_(None))
        order = (unavailable.c.weekday.is_not(None), *_AWAY_ORDER)
        return tuple(mapping.away_of(row) for row in self.connection.execute(query.order_by(*order)))

    def cprs(self) -> dict[str, str]:
        """The CPR numbers that were given with an import, by the store's key."""
        rows = self.connection.execute(select(citizens.c.key, citizens.c.cpr).where(citizens.c.cpr.is_not(None)))
        return {row.key: row.cpr for row in rows}

    def mapping(self, signature: str) -> dict[str, object] | None:
        """The column mapping that was remembered for a header row."""
        return self.connection.scalar(select(import_maps.c.mapping).where(import_maps.c.key == signature))

    def mappings(self, beginning: str) -> tuple[Mapping[str, object], ...]:
        """Everything that was remembered under signatures with that beginning."""
        query = select(import_maps.c.mapping).where(import_maps.c.key.startswith(beginning, autoescape=True))
        return tuple(self.connection.scalars(query.order_by(import_maps.c.key)))

    def journal(self, limit: int | None = None, citizen: str | None = None) -> list[JournalRow]:
        """The journal's rows, newest first."""
        query = select(*_JOURNAL).order_by(journal.c.seq.desc()).limit(limit)
        return self._journal_rows(query if citizen is None else query.where(journal.c.citizen == citizen))

    def row(self, seq: int) -> JournalRow | None:
        """One row of the journal."""
        return next(iter(self._journal_rows(select(*_JOURNAL).where(journal.c.seq == seq))), None)

    def reversals(self) -> list[JournalRow]:
        """The rows that take back or repeat another, oldest first."""
        # Asked so, and not by “is not null” or in an order, SQLite takes the index, however long the journal is.
        rows = self._journal_rows(select(*_JOURNAL).where(journal.c.target > 0))
        return sorted(rows, key=attrgetter("seq"))

    def last_actions(self, limit: int, leaving_out: Collection[str]) -> list[JournalRow]:
        """The newest rows that are no reversals and whose verb is not left out, newest first."""
        own = select(*_JOURNAL).where(journal.c.target.is_(None), journal.c.verb.not_in(leaving_out))
        return self._journal_rows(own.order_by(journal.c.seq.desc()).limit(limit))

    def changes(self, seq: int) -> tuple[Change, ...]:
        """What one journal row changed."""
        data = self.connection.scalar(select(journal.c.changes).where(journal.c.seq == seq))
        return () if data is None else unpacked(data)

    def touched_since(self, seq: int) -> set[str]:
        """Keys of the citizens that rows after `seq` changed."""
        query = select(journal.c.changes).where(journal.c.seq > seq)
        return {key for data in self.connection.scalars(query) for key in _citizens_in(unpacked(data))}

    def accesses(self, limit: int | None = None, citizen: str | None = None) -> list[AccessRow]:
        """Who looked, newest first; at one citizen, or at all."""
        query = select(accesses).order_by(accesses.c.seq.desc()).limit(limit)
        rows = self.connection.execute(query if citizen is None else query.where(accesses.c.citizen == citizen))
        return [
            AccessRow(
                row.seq, row.at_local, row.account, Access(AccessKind(row.kind), row.purpose, row.citizen, row.counted)
            )
            for row in rows
        ]

    def last_erasure(self) -> int:
        """The number of the newest journal row that erased somebody; 0 where none did."""
        return self.connection.scalar(select(func.max(erasures.c.seq))) or 0

    def erased(self, citizen_id: str, cpr: str | None = None) -> date | None:
        """When somebody with this id or CPR number was erased who was not readmitted since."""
        return erasing.erased(self.connection, self._secret, citizen_id, cpr)

    def survey_rounds(self) -> tuple[SurveyRound, ...]:
        """The rounds of the survey, by date and name."""
        return follow_up.survey_rounds(self.connection)

    def supervisions(self) -> tuple[Supervision, ...]:
        """The samples of supervision with their cases, by date and journal number."""
        return follow_up.supervisions(self.connection)

    def form_texts(self, experiment: str) -> tuple[FormText, ...]:
        """What is written in an experiment's evaluation form, by point."""
        return follow_up.form_texts(self.connection, experiment)

    def verify(self) -> None:
        """Check the chains of journal and looks; raises StoreError naming the first row that does not fit."""
        verify_accesses(sqlite.own_connection(self.connection))
        previous, expected = GENESIS, 1
        for row in self.connection.execute(select(journal).order_by(journal.c.seq)):
            columns = dict(row._mapping)
            if row.seq != expected or row.prev_hash != previous or row_hash(columns) != row.hash:
                raise StoreError(N_("The journal was changed from outside at entry {seq}."), seq=expected)
            previous, expected = row.hash, expected + 1

    def _journal_rows(self, query: Select[Any]) -> list[JournalRow]:
        return [_journal_row(row) for row in self.connection.execute(query)]

    def _citizens(
        self, keys: Collection[str] | None, talking: Iterable[tuple[_Query, Sequence[str]]]
    ) -> dict[str, Citizen]:
        chosen = None if keys is None or len(keys) > _MOST_KEYS else list(keys)
        mapper = mapping.Mapper()
        away = self._grouped(_UNAVAILABLE, mapper.unavailable, chosen)
        known = self._grouped(_FACTS, mapper.fact, chosen)
        talks: defaultdict[str, list[Conversation]] = defaultdict(list)
        for query, values in talking:
            for row in self._rows(query, chosen, values):
                talks[row[0]].append(mapper.conversation(row))
        offered = self._offers(chosen)
        found = {}
        for row in self._rows(_CITIZENS, chosen):
            key = row[0]
            own = sorted(talks.pop(key, ()), key=_WHEN)  # in the order of the table they are nearly in order
            facts, stretches = tuple(known.get(key, ())), tuple(away.get(key, ()))
            found[key] = mapper.citizen(row, stretches, facts, tuple(own), offered.get(key))
        return found if chosen is not None or keys is None else {key: found[key] for key in keys if key in found}

    def _offers(self, keys: list[str] | None) -> dict[str, Offer]:
        query = select(offers)
        rows = self.connection.execute(query if keys is None else query.where(offers.c.citizen.in_(keys)))
        return {row.citizen: mapping.offer_of(row) for row in rows}

    def _grouped(self, query: _Query, make: Callable[[BareRow], T], keys: list[str] | None) -> dict[str, list[T]]:
        groups: defaultdict[str, list[T]] = defaultdict(list)
        for row in self._rows(query, keys):
            groups[row[0]].append(make(row))
        return groups

    def _rows(self, query: _Query, keys: list[str] | None, values: Sequence[str] = ()) -> Iterable[BareRow]:
        # SQLAlchemy makes each row with its types in six times the time, of which a caseload has a million.
        own, given = sqlite.own_connection(self.connection), (*values, *(keys or ()))
        if keys is not None:
            # Each step to a row lets other threads have a turn, and a plan that is made beside takes it: one step.
            try:
                return map(tuple, json.loads(own.execute(query.at_once(len(keys)), given).fetchone()[0]))
            except OperationalError as error:
                # The driver gives no code where a text is none; after any other SQLite may have rolled back.
                if getattr(error, "sqlite_errorcode", SQLITE_ERROR) != SQLITE_ERROR:
                    raise
            # What JSON cannot hold is damage, which is met row by row.
        rows: Iterable[BareRow] = own.execute(query.all if keys is None else query.some(len(keys)), given)
        return rows


@dataclass(frozen=True, slots=True)
class _Query:
    """Reads columns of the rows of all citizens, or of some, whose keys are in the column `of`."""

    columns: Sequence[str]
    source: str
    of: str
    where: str = "1"
    order: str = ""

    @property
    def all(self) -> str:
        return f"SELECT {', '.join(self.columns)} FROM {self.source} WHERE {self.where}{self.order}"

    def some(self, count: int) -> str:
        return f"SELECT {', '.join(self.columns)}{self._of(count)}"

    def at_once(self, count: int) -> str:
        """The rows of so many as one text in JSON."""
        lines = f"SELECT json_array({', '.join(self.columns)}) AS line{self._of(count)}"
        return f"SELECT '[' || coalesce(group_concat(line), '') || ']' FROM ({lines})"

    def _of(self, count: int) -> str:
        asked = ", ".join("?" * count)
        return f" FROM {self.source} WHERE {self.where} AND {self.of} IN ({asked}){self.order}"


_CITIZENS = _Query(mapping.CITIZEN_COLUMNS, "citizens", "key")
_FACTS = _Query(mapping.FACT_COLUMNS, "facts", "citizen", order=" ORDER BY on_date, kind, key")
_UNAVAILABLE = _Query(
    mapping.UNAVAILABLE_COLUMNS, "unavailable", "citizen", order=" ORDER BY first_date, weekday, start_time, key"
)
_TALKS = [f"{'f' if name == 'filed_on' else 'c'}.{name}" for name in mapping.CONVERSATION_COLUMNS]
_FILED = "LEFT JOIN filings AS f ON f.key = c.key"
_CONVERSATIONS = _Query(_TALKS, f"conversations AS c {_FILED}", "c.citizen")
_BOOKED = replace(_CONVERSATIONS, where="c.status = 'booked'")
_BETWEEN = replace(_CONVERSATIONS, where="c.on_date BETWEEN ? AND ?")
# From the first day on that any of these needs: the present spell, the last weeks, the latest few before the day (all
# where there are no more), and the one held last.
_FROM = f"""min(
    p.spell_start,
    ?2,
    coalesce(
        (SELECT x.on_date FROM conversations AS x WHERE x.citizen = p.key AND x.on_date < ?1
         ORDER BY x.on_date DESC LIMIT 1 OFFSET {LATEST - 1}),
        ''
    ),
    coalesce(
        (SELECT x.on_date FROM conversations AS x WHERE x.citizen = p.key AND x.status = 'held'
         ORDER BY x.on_date DESC LIMIT 1),
        ?1
    )
)"""
_PRESENT = _Query(
    _TALKS,
    f"citizens AS p CROSS JOIN conversations AS c ON c.citizen = p.key AND c.on_date >= {_FROM} {_FILED}",
    "p.key",
    where="c.status <> 'booked'",
)
_WHEN = attrgetter("on", "start", "key")
_AWAY_ORDER = (unavailable.c.first_date, unavailable.c.weekday, unavailable.c.start_time, unavailable.c.key)


def _journal_row(row: Row[Any]) -> JournalRow:
    detail = json.loads(row.detail) if row.detail else {}
    return JournalRow(row.seq, row.at_local, row.verb, row.citizen, detail, row.target, not row.detail)


def _citizens_in(changes: Iterable[Change]) -> Iterable[str]:
    for change in changes:
        image = change.after or change.before or {}
        key = change.key if change.table == "citizens" else image.get("citizen")
        if key is not None:
            yield str(key)
