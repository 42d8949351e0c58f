"""The actions that stand, one by one, for whoever measures afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.domain.citizens import Cadence
from planner.domain.records import Record
from planner.services.journal import undone_actions
from planner.services.messages import restored
from planner.services.ports import JournalRow, Reading
from planner.services.room import Room

_TOGETHER = frozenset({"accept_all", "accept_some"})


def records(room: Room) -> tuple[Record, ...]:
    """Every action on a citizen that was not taken back, oldest first; nothing of those who were erased."""
    with room.store.read() as view:
        ids = {key: citizen.id for key, citizen in room.refreshed(view).citizens.items()}
        undone = undone_actions(view)
        rows = [row for row in view.journal() if row.target is None and not row.is_emptied and row.seq not in undone]
        return tuple(record for row in reversed(rows) for record in _of(view, row, ids))


def _of(view: Reading, row: JournalRow, ids: Mapping[str, str]) -> Iterator[Record]:
    detail = restored(row.detail)
    if row.verb in _TOGETHER:
        yield from _one_by_one(view, row, detail, ids)
        return
    citizen_id = ids.get(row.citizen or "")
    if citizen_id is None:
        return
    if isinstance(detail.get("cadence"), Cadence) or row.verb == "cadence":
        detail["former"] = _former_cadence(view, row)
    yield Record(row.seq, row.at, row.verb, citizen_id, detail)


def _one_by_one(
    view: Reading, row: JournalRow, detail: Mapping[str, object], ids: Mapping[str, str]
) -> Iterator[Record]:
    """A booking each, in the order in which they were made; after an erasure nothing tells whose they were."""
    made = [change.after for change in view.changes(row.seq) if change.table == "conversations" and change.after]
    outcomes, covers = detail.get("proposals"), detail.get("covers")
    for number, after in enumerate(made):
        citizen_id = ids.get(str(after.get("citizen")))
        if citizen_id is None:
            continue
        own: dict[str, object] = {}
        if isinstance(outcomes, list) and isinstance(covers, list) and len(made) == len(outcomes) == len(covers):
            own = {"proposal": outcomes[number], "covers": covers[number]}
        yield Record(row.seq, row.at, "accept", citizen_id, own)


def _former_cadence(view: Reading, row: JournalRow) -> Cadence | None:
    for change in view.changes(row.seq):
        if change.table == "citizens" and change.key == row.citizen and change.before:
            found = change.before.get("cadence")
            return Cadence(str(found)) if found else None
    return None
