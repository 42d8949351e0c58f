"""Take rows about citizens and a calendar into the store: first as a dry run, then all of it or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from planner.domain.caseload import Busy, PlanSettings
from planner.domain.citizens import Citizen
from planner.domain.conversations import UNKNOWN_START, Channel, Conversation, Status
from planner.domain.masking import Masking, initials, masked, masked_cpr
from planner.errors import InputError
from planner.locale import N_
from planner.progress import SAVING, Reach, unwatched
from planner.services.closing import with_new_spell
from planner.services.imported import (
    ChangedCitizen,
    CitizenRow,
    DryRun,
    FieldChange,
    ImportRows,
    NewCitizen,
    Reason,
    RejectedRow,
    because,
)
from planner.services.ports import Reading, UnitOfWork
from planner.services.room import Room

#: What is being done: in a dry run, and in an import.
COMPARING, TAKING = N_("Comparing…"), N_("Importing…")
MOST_BUSY = 20_000
#: How the signatures begin under which the times of calendars are remembered.
CALENDARS = "calendar:"
#: The fields of a citizen that a file can state, as they are called in the domain.
OWN_FIELDS = (
    *("name", "target_group", "spell_start", "unemployment_start", "handover_on", "cadence"),
    *("preferred_channel", "channels", "interpreter"),
)

#: Why somebody who was erased is not taken in again by the way.
ERASED = N_("The case was erased on {on}; let the citizen in again with planner erase --readmit first")

_NEEDED = {
    "name": N_("A new citizen needs a name"),
    "target_group": N_("A new citizen needs a target group"),
    "spell_start": N_("A new citizen needs the day on which the present spell began"),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `seq` is its number in the journal, None where nothing was new."""

    run: DryRun
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarImported:
    """How many busy times came and how many earlier imported ones went."""

    new: int
    gone: int
    seq: int | None = None


def merged(existing: Citizen | None, row: CitizenRow, new_id: str = "") -> Citizen:
    """The citizen as the row leaves it: only what the row states changes, and nothing is taken away.

    A new citizen needs name, target group and start of spell in the row; `new_id` is used where the row has no id.
    """
    own: dict[str, Any] = {name: row.fields[name] for name in OWN_FIELDS if name in row.fields}
    citizen = with_new_spell(existing, replace(existing, **own)) if existing else Citizen(id=row.id or new_id, **own)
    held_on = row.fields.get("last_conversation")
    if not isinstance(held_on, date):
        return citizen
    return replace(citizen, conversations=_with_held(citizen, held_on, row.fields.get("last_channel")))


def _with_held(citizen: Citizen, on: date, stated: object) -> tuple[Conversation, ...]:
    """The conversations with one held on that day: the one that is known, the one that was booked, or a new one."""
    same_day = [c for c in citizen.conversations if c.on == on]
    if any(c.status is Status.HELD for c in same_day):
        return citizen.conversations
    booked = next((c for c in same_day if c.status is Status.BOOKED), None)
    if booked is not None:
        held = replace(booked, status=Status.HELD, channel=stated if isinstance(stated, Channel) else booked.channel)
        return tuple(held if c is booked else c for c in citizen.conversations)
    channel = stated if isinstance(stated, Channel) else Channel.IN_PERSON
    minutes = PlanSettings().minutes[channel]
    return (*citizen.conversations, Conversation(on, UNKNOWN_START, minutes, channel, status=Status.HELD))


def difference(
    citizens: Mapping[str, Citizen],
    cprs: Mapping[str, str],
    rows: ImportRows,
    masking: Masking = Masking.CPR,
    erased: Callable[[str, str], date | None] = lambda citizen_id, cpr: None,
    reach: Reach = unwatched,
) -> DryRun:
    """What the rows would change in the citizens that are known, by the store's keys; nobody is ever removed.

    `erased`: when somebody with an id or a CPR number was erased; a row with one that is new is not taken.
    """
    found = _Matches(citizens, cprs, rows.accepted)
    new: list[NewCitizen] = []
    changed: list[ChangedCitizen] = []
    unchanged: list[str] = []
    rejected = list(rows.rejected)
    for number, row in enumerate(rows.accepted):
        reach(COMPARING, number, len(rows.accepted))
        key, reasons = found.key_of(row)
        is_new = key is None or (row.cpr is not None and cprs.get(key) != row.cpr)
        if is_new and not reasons:
            on = erased((row.id or "") if key is None else "", row.cpr or "")
            reasons = [] if on is None else [because(ERASED, on=on)]
        if key is None and not reasons:
            reasons = [because(message) for name, message in _NEEDED.items() if not row.fields.get(name)]
        if reasons:
            rejected.append(RejectedRow(row.number, tuple(reasons), row.cells))
        elif key is None:
            new.append(NewCitizen(row, merged(None, row)))
        elif changes := _changes(citizens[key], cprs.get(key), row, masking):
            changed.append(ChangedCitizen(row, key, merged(citizens[key], row), changes))
        else:
            unchanged.append(citizens[key].id)
    if masking is Masking.NAMES:
        seen = masked(one.citizen for one in new)
        new = [replace(one, citizen=citizen) for one, citizen in zip(new, seen, strict=True)]
    rejected.sort(key=lambda row: row.number)
    return DryRun(tuple(new), tuple(changed), tuple(unchanged), tuple(rejected), rows.notes)


class _Matches:
    """Which citizen each row is about: by id where the row has one, else by CPR number."""

    def __init__(self, citizens: Mapping[str, Citizen], cprs: Mapping[str, str], rows: Sequence[CitizenRow]) -> None:
        self.by_id = {citizen.id: key for key, citizen in citizens.items()}
        self.by_cpr = {cpr: key for key, cpr in cprs.items() if key in citizens}
        self.numbers: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            if (key := self._key(row)) is not None:
                self.numbers[key].append(row.number)

    def _key(self, row: CitizenRow) -> str | None:
        return self.by_id.get(row.id) if row.id is not None else self.by_cpr.get(row.cpr or "")

    def key_of(self, row: CitizenRow) -> tuple[str | None, list[Reason]]:
        key = self._key(row)
        owner = self.by_cpr.get(row.cpr or "")
        if owner is not None and owner != key:
            return key, [because(N_("The CPR number belongs to another citizen who is known already"))]
        if key is not None and len(self.numbers[key]) > 1:
            numbers = ", ".join(map(str, self.numbers[key][:20]))
            return key, [because(N_("Several rows are about the same citizen: {numbers}"), numbers=numbers)]
        return key, []


def _changes(citizen: Citizen, cpr: str | None, row: CitizenRow, masking: Masking) -> tuple[FieldChange, ...]:
    after = merged(citizen, row)
    changes = [
        FieldChange(name, getattr(citizen, name), getattr(after, name))
        for name in OWN_FIELDS
        if getattr(citizen, name) != getattr(after, name)
    ]
    if row.cpr is not None and row.cpr != cpr:
        changes.append(FieldChange("cpr", cpr, row.cpr))
    if after.conversations != citizen.conversations:
        held = [c.on for c in citizen.conversations if c.status is Status.HELD]
        changes.append(FieldChange("last_conversation", max(held, default=None), row.fields["last_conversation"]))
    return tuple(_as_seen(change, masking) for change in changes)


def _as_seen(change: FieldChange, masking: Masking) -> FieldChange:
    masks: dict[str, Callable[[str], str]] = {} if masking is Masking.NONE else {"cpr": masked_cpr}
    if masking is Masking.NAMES:
        masks["name"] = initials
    mask = masks.get(change.field)
    if mask is None:
        return change
    old, new = (mask(value) if isinstance(value, str) else value for value in (change.old, change.new))
    return FieldChange(change.field, old, new)


def remembered(room: Room, signature: str) -> dict[str, object] | None:
    """The column map that was used for a file with that header."""
    with room.store.read() as view:
        return view.mapping(signature)


def preview(room: Room, rows: ImportRows, reach: Reach = unwatched) -> DryRun:
    """What the import would do; the store stays as it is."""
    with room.store.read() as view:
        return _compared(room, view, rows, reach)[0]


def import_rows(
    room: Room, rows: ImportRows, signature: str, column_map: Mapping[str, object], reach: Reach = unwatched
) -> Imported:
    """Take all accepted rows in one step of the journal, and remember the column map for the next such file.

    What cannot be taken is in the run's `rejected`. Where nothing is new, nothing is written; where no row could be
    taken, the map is not kept. Whatever `reach` raises leaves everything as it was.
    """
    with room.store.write() as unit:
        run, known = _compared(room, unit, rows, lambda doing, done, of: reach(TAKING, 0, 0))
        of = len(run.new) + len(run.changed)
        for number, one in enumerate(run.new):
            reach(TAKING, number, of)
            key = unit.add_citizen(one.citizen)
            if one.row.cpr is not None:
                unit.save_cpr(key, one.row.cpr)
        for number, changed in enumerate(run.changed, len(run.new)):
            reach(TAKING, number, of)
            _save(unit, known[changed.key], changed)
        reach(SAVING, 0, 0)
        counts = {"new": len(run.new), "changed": len(run.changed)}
        seq = unit.record("import", None, counts) if unit.pending else None
    if run.new or run.changed or run.unchanged:  # else the map itself may be what is wrong
        _remember(room, signature, column_map)
    return Imported(run, seq)


def _remember(room: Room, signature: str, column_map: Mapping[str, object]) -> None:
    """Keep the column map, in a row of its own: undo passes over it, and so must not find it beside other changes."""
    with room.store.write() as unit:
        unit.save_mapping(signature, column_map)
        if unit.pending:
            unit.record("mapping", None, {})


def _compared(room: Room, view: Reading, rows: ImportRows, reach: Reach) -> tuple[DryRun, Mapping[str, Citizen]]:
    """What the rows would change, and the citizens whom they are about as the store has them, by its keys."""
    snapshot, cprs = room.refreshed(view), view.cprs()
    ids, numbers = {row.id for row in rows.accepted}, {row.cpr for row in rows.accepted if row.cpr}
    meant = [key for key, citizen in snapshot.citizens.items() if citizen.id in ids or cprs.get(key) in numbers]
    known = {**snapshot.citizens, **room.whole(view, meant)}
    return difference(known, cprs, rows, room.masking, view.erased, reach), known


def _save(unit: UnitOfWork, before: Citizen, changed: ChangedCitizen) -> None:
    unit.save_citizen(changed.key, changed.citizen)
    for conversation in changed.citizen.conversations:
        if conversation not in before.conversations:
            unit.save_conversation(changed.key, conversation)
            if before.offer is not None and conversation.on >= before.offer.on:
                unit.drop_offer(before.offer)
    if changed.row.cpr is not None:
        unit.save_cpr(changed.key, changed.row.cpr)


def import_calendar(room: Room, busy: Sequence[Busy], calendar: str = "") -> CalendarImported:
    """Put the busy times of a calendar in the place of those imported from it before.

    `calendar` tells several calendars of one caseworker apart; times that came any other way are never touched.
    """
    signature = CALENDARS + hashlib.sha256(calendar.encode()).hexdigest()[:40]
    with room.store.write() as unit:
        earlier = Counter(remembered_busy(unit.mapping(signature)))
        office = unit.office()
        kept: list[Busy] = []
        for one in office.caseworker.busy:
            if earlier[one] > 0:
                earlier[one] -= 1
            else:
                kept.append(one)
        gone = len(office.caseworker.busy) - len(kept)
        together = tuple(sorted([*kept, *busy], key=lambda one: (one.start, one.end, one.title)))
        if len(together) > MOST_BUSY:
            raise InputError(N_("The calendar has more than {most} busy times"), most=MOST_BUSY)
        if Counter(together) != Counter(office.caseworker.busy):
            unit.save_office(replace(office, caseworker=replace(office.caseworker, busy=together)))
        memory = {"busy": [[one.start.isoformat(), one.end.isoformat(), one.title] for one in busy]}
        if unit.mapping(signature) != memory:
            unit.save_mapping(signature, memory)
        if not unit.pending:
            return CalendarImported(0, 0)
        counts = {"new": len(busy), "gone": gone}
        return CalendarImported(len(busy), gone, unit.record("calendar", None, counts))


def remembered_busy(memory: Mapping[str, object] | None) -> list[Busy]:
    """The busy times that came with a calendar."""
    kept = memory.get("busy") if memory else None
    if not isinstance(kept, list):
        return []
    return [Busy(datetime.fromisoformat(start), datetime.fromisoformat(end), title) for start, end, title in kept]
