"""Erase citizens whose cases are closed, for good, and let somebody back in who comes again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from planner.errors import NotFound, Refused
from planner.locale import N_
from planner.services.messages import VERBS
from planner.services.ports import Reading
from planner.services.results import Done
from planner.services.room import Room


def erase(room: Room, citizen_ids: Sequence[str]) -> Done:
    """Erase citizens with all that is known of them; nothing brings them back. Slow, so call it in a worker.

    Raises Refused where a case is not closed, with nobody erased; StoreError where the bytes could not be cleaned away,
    which the next opening of the store makes good.
    """
    with room.store.read() as view:
        _checked_keys(room, view, citizen_ids)
    room.store.back_up_before("erasure")
    with room.store.write() as unit:
        for key in _checked_keys(room, unit, citizen_ids):
            unit.erase(key)
        seq = unit.record("erase", None, {"count": len(citizen_ids)})
    room.store.clean()
    room.store.back_up_before("erased")  # which remembers who was erased, whatever becomes of the store
    return Done(seq, VERBS["erase"], {"count": len(citizen_ids)}, None, is_final=True)


def readmit(room: Room, citizen_id: str, cpr: str | None = None) -> Done:
    """Let somebody who was erased be imported again, as somebody new."""
    with room.store.write() as unit:
        if not unit.readmit(citizen_id, cpr):
            raise NotFound(N_("Nobody with the id “{name}” was erased"), name=citizen_id)
        seq = unit.record("readmit", None, {})
    return Done(seq, VERBS["readmit"], {}, None, is_final=True)


def erased_among(view: Reading, people: Iterable[tuple[str, str | None]]) -> dict[str, date]:
    """Who of them, by id and CPR number, was erased and when; for an import, which must not bring them back."""
    found = {citizen_id: view.erased(citizen_id, cpr) for citizen_id, cpr in people} if view.last_erasure() else {}
    return {citizen_id: on for citizen_id, on in found.items() if on is not None}


def _checked_keys(room: Room, view: Reading, citizen_ids: Sequence[str]) -> list[str]:
    snapshot, today = room.refreshed(view), room.clock.today()
    keys = [room.key_of(view, citizen_id) for citizen_id in dict.fromkeys(citizen_ids)]
    for key in keys:
        citizen = snapshot.citizens[key]
        if not citizen.has_ended(today):
            raise Refused(N_("{name}: the case is not closed; close it first"), name=citizen.shown_name)
        for talk in citizen.booked():
            said = N_("{name}: a conversation is booked on {on}; say first what became of it, or cancel it")
            raise Refused(said, name=citizen.shown_name, on=talk.on)
    return keys
