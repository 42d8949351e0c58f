"""Load a caseload: see what it would change, then change it as one action."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from planner.domain.caseload import Caseload
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase
from planner.progress import SAVING, Reach, unwatched
from planner.services.erasing import erased_among
from planner.services.importing import TAKING
from planner.services.merging import Merge, merge
from planner.services.offices import with_calendars
from planner.services.ports import Reading, UnitOfWork
from planner.services.results import Difference
from planner.services.room import Room, Snapshot


def load_caseload(
    room: Room, caseload: Caseload, dry_run: bool, verb: str = "load", reach: Reach = unwatched
) -> Difference:
    """Add what is new, correct what is known, and leave alone what the caseload does not mention.

    Whatever `reach` raises leaves everything as it was.
    """
    _check_ids(caseload)
    if dry_run:
        with room.store.read() as view:
            erased = _erased(view, room.refreshed(view), caseload)
            return _difference(_merge(room, view, _without(caseload, erased)), erased)
    with room.store.write() as unit:
        erased = _erased(unit, room.refreshed(unit), caseload)
        found = _merge(room, unit, _without(caseload, erased))
        _write(unit, found, room.refreshed(unit), reach)
        reach(SAVING, 0, 0)
        seq = None
        if unit.pending:
            seq = room.record(unit, verb, None, {"new": len(found.new), "changed": len(found.changed)})
    return _difference(found, erased, seq)


def _erased(view: Reading, snapshot: Snapshot, caseload: Caseload) -> Collection[str]:
    unknown = ((citizen.id, None) for citizen in caseload.citizens if citizen.id not in snapshot.keys)
    return erased_among(view, unknown)


def _without(caseload: Caseload, erased: Collection[str]) -> Caseload:
    if not erased:
        return caseload
    return replace(caseload, citizens=tuple(one for one in caseload.citizens if one.id not in erased))


def _merge(room: Room, view: Reading, caseload: Caseload) -> Merge:
    snapshot = room.refreshed(view)
    known = room.whole(view, [snapshot.keys[one.id] for one in caseload.citizens if one.id in snapshot.keys])
    found = merge(known, snapshot.keys, snapshot.office, snapshot.adoptions, caseload)
    if found.office is not None:
        becomes = with_calendars(view, found.office)
        found.office = None if becomes == snapshot.office else becomes
    return found


def _write(unit: UnitOfWork, found: Merge, snapshot: Snapshot, reach: Reach) -> None:
    of = len(found.new) + len(found.changed)
    for number, citizen in enumerate(found.new):
        reach(TAKING, number, of)
        unit.add_citizen(citizen)
    for number, merged in enumerate(found.changed, len(found.new)):
        reach(TAKING, number, of)
        unit.save_citizen(merged.key, merged.citizen)
        for fact in merged.facts:
            unit.save_fact(merged.key, fact)
        for conversation in merged.conversations:
            unit.save_conversation(merged.key, conversation)
        for stretch in merged.unavailable:
            unit.add_unavailable(merged.key, stretch)
        before, offer = snapshot.citizens[merged.key].offer, merged.citizen.offer
        if offer is not None:
            unit.save_offer(merged.key, offer)
        elif before is not None:
            unit.drop_offer(before)
    for adoption in found.adoptions:
        unit.save_adoption(adoption)
    if found.office is not None:
        unit.save_office(found.office)


def _difference(found: Merge, erased: Collection[str], seq: int | None = None) -> Difference:
    return Difference(
        new=tuple(citizen.id for citizen in found.new),
        changed=tuple(merged.citizen.id for merged in found.changed),
        unchanged=tuple(found.unchanged),
        office=found.office is not None,
        adoptions=bool(found.adoptions),
        erased=tuple(sorted(erased)),
        seq=seq,
        municipality=found.office.municipality if found.office is not None else "",
        experiments=tuple(sorted({adoption.experiment for adoption in found.adoptions})),
    )


def _check_ids(caseload: Caseload) -> None:
    seen: set[str] = set()
    faults = []
    for number, citizen in enumerate(caseload.citizens):
        if not citizen.id or citizen.id in seen:
            found = Phrase("an id that another citizen has") if citizen.id else Phrase("nothing")
            faults.append(Fault(f"$.citizens[{number}].id", found, Phrase("an id of its own")))
        seen.add(citizen.id)
    if faults:
        raise InputError(N_("The caseload cannot be loaded"), faults)
