"""What becomes of a case: its end, its erasure, and what the citizen has a right to know. One method a verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from planner.services import closing, erasing, insight, offices
from planner.services.closing import Closed
from planner.services.insight import Insight
from planner.services.looks import Look, Looks
from planner.services.ports import AccessKind
from planner.services.results import Done, Today
from planner.services.room import Room


class Cases:
    """A part of the desk, with its errors: NotFound, Refused, StoreError."""

    def __init__(self, room: Room, looks: Looks, today: Callable[[], Today]) -> None:
        self._room = room
        self._looks = looks
        self._today = today

    def close(self, citizen_id: str, on: date | None = None) -> Done:
        """Close the case, with today unless stated."""
        return closing.close(self._room, citizen_id, on)

    def reopen(self, citizen_id: str) -> Done:
        """Open a closed case again."""
        return closing.reopen(self._room, citizen_id)

    def closed(self) -> tuple[Closed, ...]:
        """The cases at their end, those that ended first before the others."""
        snapshot = self._room.snapshot()
        caseload = snapshot.caseload(self._room.clock.today())
        found = closing.closed_cases(caseload, snapshot.office.retention_months)
        self._looks.note(AccessKind.VIEW, "erase", count=len(found))
        return found

    def set_retention(self, months: int | None) -> Done:
        """How many months a closed case is kept before it is proposed for erasure; None: none is proposed."""
        return offices.set_retention(self._room, months)

    def erase(self, citizen_ids: Sequence[str]) -> Done:
        """Erase closed cases for good; nothing brings them back. For a worker."""
        self._today()  # so that the plan of all others is known, and they keep their times
        done = erasing.erase(self._room, citizen_ids)
        self._today()
        return done

    def readmit(self, citizen_id: str, cpr: str | None = None) -> Done:
        """Let somebody who was erased be imported again, known by the id or the CPR number."""
        return erasing.readmit(self._room, citizen_id, cpr)

    def looks(self, limit: int | None = None, citizen_id: str | None = None) -> tuple[Look, ...]:
        """Who looked, newest first; at one citizen, or at all."""
        found = self._looks.all(limit, citizen_id)
        several = None if citizen_id else len({look.citizen_id for look in found if look.citizen_id})
        self._looks.note(AccessKind.VIEW, "looks", citizen_id, several)
        return found

    def insight(self, citizen_id: str, kind: AccessKind) -> Insight:
        """Everything that is held on a citizen, and who looked; `kind`: whether it is written into a file."""
        self._looks.note(kind, "insight", citizen_id)
        return insight.read_insight(self._room, self._looks, self._today(), citizen_id)
