"""What the user has done with today's list since its plan was made: slots looked at, marks, and who is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from planner.domain.caseload import Caseload
from planner.locale import Language
from planner.planning.plan import Bucket, Slot
from planner.services.results import Row, Today
from planner.services.sieve import Sieve
from planner.tui.rows import IN_NEED, View, grouped, slot_shown


@dataclass(slots=True)
class ListState:
    """The rows by citizen, those that are shown in `order`, and what was done with them.

    `chosen`: the slot looked at instead of the proposal; `marks`: msgids of what was just done; `picked`: the citizens
    that are marked for a common action; `looked`: those whose card was looked through.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    sieve: Sieve = field(default_factory=Sieve)
    chosen: dict[str, Slot] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    picked: set[str] = field(default_factory=set)
    looked: set[str] = field(default_factory=set)
    _marked_at: dict[str, int] = field(default_factory=dict)

    def load(self, today: Today, number: int) -> None:
        """Take the rows of a plan that was begun after `number` changes; what changed since keeps its mark."""
        former, self.rows = self.rows, {row.citizen.id: row for row in today.rows}
        self.picked &= self.rows.keys()
        self.looked = {key for key in self.looked if (row := former.get(key)) and self.rows.get(key) == row}
        self.marks = {key: mark for key, mark in self.marks.items() if self._marked_at[key] > number}
        if self.chosen:
            self.chosen = self._standing(former, today.caseload)

    def _standing(self, former: Mapping[str, Row], caseload: Caseload) -> dict[str, Slot]:
        """The slots looked at that are still to be had, by citizens of whom nothing has changed."""
        from planner.planning.slots import blockers  # brings the engine along, which the first frame must not wait for

        booked = replace(caseload, citizens=tuple(one for one in caseload.citizens if one.has_booked))
        same = {key: row.citizen for key in self.chosen if (row := self.rows.get(key)) and _same(row, former.get(key))}
        return {key: self.chosen[key] for key, one in same.items() if not blockers(booked, one, self.chosen[key])}

    def groups(self, today: Today) -> list[tuple[Bucket, list[Row]]]:
        """Those that the filter lets through, by groups; they are the order from now on."""
        strained = [(b, [row for row in rows if self.sieve.lets_through(row)]) for b, rows in grouped(today)]
        found = [(bucket, rows) for bucket, rows in strained if rows]
        self.order = [row.citizen.id for _, rows in found for row in rows]
        return found

    def view(self, today: Today, language: Language) -> View:
        """What the shaping of a line needs."""
        return View(language, today.today, today.plan.titles, self.chosen, self.marks, self.picked)

    def mark(self, citizen_ids: Iterable[str], mark: str, number: int) -> None:
        """Something was just done with these citizens, as change `number`."""
        for citizen_id in citizen_ids:
            self.chosen.pop(citizen_id, None)
            self.looked.discard(citizen_id)
            if mark:
                self.marks[citizen_id], self._marked_at[citizen_id] = mark, number

    def slots_picked(self, view: View) -> dict[str, Slot]:
        """The slots of those that are marked, else of those that were looked through, as they are shown."""
        wanted = self.picked or self.looked
        rows = [self.rows[key] for key in self.order if key in wanted and key not in self.marks]
        shown = {row.citizen.id: slot_shown(row, view) for row in rows}
        return {citizen_id: slot for citizen_id, slot in shown.items() if slot is not None}

    def has_marks_of(self, number: int) -> bool:
        """Whether something is marked that a plan has in it which was begun after `number` changes."""
        return any(self._marked_at[key] <= number for key in self.marks)

    def is_in_need(self, citizen_id: str | None) -> bool:
        """Whether something is to be decided about the citizen."""
        row = self.rows.get(citizen_id or "")
        return row is not None and row.part.bucket in IN_NEED

    def next_in_need(self, citizen_id: str | None, shows: Callable[[str], bool]) -> str | None:
        """The next citizen that the list `shows` to decide about and nothing done yet; after the last the first."""
        around = self._after(citizen_id)
        return next((key for key in around if key not in self.marks and shows(key) and self.is_in_need(key)), None)

    def next_marked(self, citizen_id: str | None) -> str | None:
        """The next citizen that is marked; after the last the first, and only then one that the filter hides."""
        return next((key for key in (*self._after(citizen_id), *self.rows) if key in self.picked), None)

    def _after(self, citizen_id: str | None) -> tuple[str, ...]:
        """Those who are shown, beginning after that one and ending with it."""
        at = self.order.index(citizen_id) + 1 if citizen_id in self.order else 0
        return (*self.order[at:], *self.order[:at])


def _same(row: Row, former: Row | None) -> bool:
    return former is not None and row.citizen == former.citizen
