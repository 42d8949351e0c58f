"""Undo, redo and the log, all from the rows of the journal: they survive the end of the program."""

from __future__ import annotations

from itertools import count

from planner.errors import NotFound
from planner.locale import N_
from planner.progress import SAVING, Reach, unwatched
from planner.services.messages import EMPTIED, MOST_ANSWERS, REDO, ROUND_BEGUN, SILENT, UNDO, VERBS, Told, restored
from planner.services.ports import JournalRow, Reading
from planner.services.results import Done, Entry
from planner.services.room import Room, Snapshot

UNDOING, REDOING = N_("Undoing…"), N_("Redoing…")


def undo(room: Room, reach: Reach = unwatched) -> Done:
    """Take back the last action that stands; raises NotFound where there is none, Stale where its rows have changed.

    Whatever `reach` raises leaves everything as it was.
    """
    return _reverse(room, UNDO, reach)


def redo(room: Room, reach: Reach = unwatched) -> Done:
    """Do the last action again that was taken back, unless something new was done since."""
    return _reverse(room, REDO, reach)


def next_to_undo(room: Room) -> Entry | None:
    """What undo would take back."""
    with room.store.read() as view:
        row = to_undo(view)
        return None if row is None else _entry(room, row, room.refreshed(view), {}, {})


def log(room: Room, limit: int, citizen_id: str | None) -> tuple[Entry, ...]:
    """The newest entries first."""
    with room.store.read() as view:
        return entries(room, view, limit, None if citizen_id is None else room.key_of(view, citizen_id))


def entries(room: Room, view: Reading, limit: int | None, citizen: str | None) -> tuple[Entry, ...]:
    """The newest entries first, of one citizen by the store's key, or of all."""
    snapshot = room.refreshed(view)
    rows = view.journal(limit, citizen)
    undone = undone_actions(view)
    targets = {row.target: view.row(row.target) for row in rows if row.target is not None}
    return tuple(_entry(room, row, snapshot, undone, targets) for row in rows)


def undone_actions(view: Reading) -> dict[int, int]:
    """Actions that stand taken back, each with the number of the row that did it."""
    last = {row.target: row for row in view.reversals()}
    return {seq: row.seq for seq, row in last.items() if seq is not None and row.verb == UNDO}


def to_undo(view: Reading) -> JournalRow | None:
    """The last action that stands. A redo puts an action back in its old place, so numbers give the order."""
    undone = undone_actions(view)
    for limit in count(len(undone) + 1):
        rows = view.last_actions(limit, SILENT)
        found = next((row for row in rows if row.seq not in undone and not _answered_since(view, row)), None)
        if found is not None or len(rows) < limit:
            break
    # Beyond an erasure there is nothing to go back to: who was erased stays so.
    return found if found is not None and found.seq > view.last_erasure() else None


def _answered_since(view: Reading, row: JournalRow) -> bool:
    """Whether the round that the row began has answers since: they would go with it, and nobody can give them again."""
    if row.verb not in ROUND_BEGUN:
        return False
    answers = view.last_actions(MOST_ANSWERS, frozenset(VERBS) - {"survey_answers"})
    name = row.detail.get("round")
    return any(
        one.seq > row.seq and one.verb == "survey_answers" and one.detail.get("round") == name for one in answers
    )


def to_redo(view: Reading) -> JournalRow | None:
    """The action taken back last; those from before the newest action are beyond recall."""
    newest = next(iter(view.last_actions(1, SILENT)), None)
    if newest is None:
        return None
    erased = view.last_erasure()
    open_again = [seq for seq, by in undone_actions(view).items() if by > newest.seq and seq > erased]
    return view.row(min(open_again)) if open_again else None


def _reverse(room: Room, verb: str, reach: Reach) -> Done:
    with room.store.write() as unit:
        target = to_undo(unit) if verb == UNDO else to_redo(unit)
        if target is None:
            raise NotFound(_nothing(unit, verb))
        before = room.refreshed(unit)
        changes = unit.changes(target.seq)
        again = changes if verb == REDO else [change.inverse() for change in reversed(changes)]
        doing = REDOING if verb == REDO else UNDOING
        for number, change in enumerate(again):
            reach(doing, number, len(again))
            unit.apply([change])
        reach(SAVING, 0, 0)
        seq = unit.record(verb, target.citizen, {}, target.seq)
    after = room.snapshot()
    snapshot = after if target.citizen in after.citizens else before
    known = target.citizen in after.citizens
    values = {"what": _told(room, target, snapshot)}
    return Done(seq, VERBS[verb], values, _citizen_id(target, snapshot) if known else None)


def _nothing(view: Reading, verb: str) -> str:
    if verb == REDO:
        return N_("There is nothing to redo")
    erased = view.last_erasure()
    return N_("An erasure is not undone, and nothing from before it is") if erased else N_("There is nothing to undo")


def _entry(
    room: Room, row: JournalRow, snapshot: Snapshot, undone: dict[int, int], targets: dict[int, JournalRow | None]
) -> Entry:
    target = targets.get(row.target) if row.target is not None else None
    what = _told(room, row if target is None else target, snapshot)
    telling = what if target is None else Told(VERBS[row.verb], {"what": what})
    return Entry(
        seq=row.seq,
        at=row.at,
        verb=row.verb,
        citizen_id=_citizen_id(row, snapshot),
        message=telling.message,
        values=telling.values,
        undone=row.seq in undone,
    )


def _told(room: Room, row: JournalRow, snapshot: Snapshot) -> Told:
    if row.is_emptied:
        return Told(EMPTIED, {})
    citizen, values = snapshot.citizens.get(row.citizen or ""), restored(row.detail)
    experiment = room.rules.experiments.get(str(values.get("experiment", "")))
    if experiment is not None:
        values["experiment"] = experiment.title
    return Told(VERBS.get(row.verb, row.verb), {**values, "name": citizen.shown_name if citizen else "–"})


def _citizen_id(row: JournalRow, snapshot: Snapshot) -> str | None:
    citizen = snapshot.citizens.get(row.citizen or "")
    return citizen.id if citizen else None
