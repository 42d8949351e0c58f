"""How much time the fixed rhythm of the law would have taken, beside what is planned: twelve weeks, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from threading import Lock

from planner.domain.calendar import iso_weeks
from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.locale import N_
from planner.planning.capacity import SUNDAY, WEEKS
from planner.rules.fixed_rhythm import FixedTalk, demanded
from planner.rules.ruleset import RuleSet
from planner.services.results import Today

#: What is counted, for whoever reads the figures.
DEFINITION = N_(
    "The fixed rhythm: what the law alone, without experiments, would take if each conversation were held on its "
    "latest day (an overdue one today)."
)
#: How many citizens are reckoned in one go, so that whoever waits for the desk waits a moment only.
_AT_ONCE = 15


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """Minutes of one ISO week from Monday on; `expected`: needs beyond the weeks that are planned."""

    year: int
    week: int
    monday: date
    available: int
    booked: int
    proposed: int
    expected: int
    fixed: int


@dataclass(slots=True)
class FixedLoad:
    """Reckons the fixed rhythm of a caseload, and afterwards anew only of the citizens who have changed."""

    rules: RuleSet
    _basis: Caseload | None = None
    _reckoned: Caseload | None = None
    #: Of that caseload, the citizens who are still to be reckoned, the first one last.
    _open: list[Citizen] = field(default_factory=list)
    _known: dict[str, tuple[Citizen, tuple[FixedTalk, ...]]] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    def some(self, today: Today) -> tuple[WeekLoad, ...] | None:
        """Reckon a few citizens more: the twelve weeks when all are done, None while there are others; for a worker."""
        with self._turn:
            caseload = today.caseload
            self._prepare(caseload)
            for citizen in self._open[-_AT_ONCE:]:
                self._known[citizen.id] = (citizen, fixed_talks(caseload, citizen, self.rules))
            del self._open[-_AT_ONCE:]
            if self._open:
                return None
            return week_loads(today, {c.id: self._known[c.id][1] for c in caseload.citizens})

    def all(self, today: Today) -> tuple[WeekLoad, ...]:
        """The twelve weeks; for a worker or the line."""
        while True:
            found = self.some(today)
            if found is not None:
                return found

    def _knows(self, citizen: Citizen) -> bool:
        known = self._known.get(citizen.id)
        return known is not None and (known[0] is citizen or known[0] == citizen)

    def _prepare(self, caseload: Caseload) -> None:
        if caseload is self._reckoned:
            return
        basis = replace(caseload, citizens=(), adoptions=())
        if basis != self._basis:
            self._basis, self._known = basis, {}
        self._reckoned = caseload
        self._open = [citizen for citizen in reversed(caseload.citizens) if not self._knows(citizen)]


def week_loads(today: Today, fixed: Mapping[str, tuple[FixedTalk, ...]]) -> tuple[WeekLoad, ...]:
    """The plan's capacity with the minutes of the fixed rhythm, by citizen, beside it."""
    minutes: dict[date, int] = {}
    for talks in fixed.values():
        for talk in talks:
            monday = talk.on - timedelta(days=talk.on.weekday())
            minutes[monday] = minutes.get(monday, 0) + talk.minutes
    mondays = {(year, week): monday for year, week, monday in iso_weeks(today.today, WEEKS)}
    found = [(mondays[w.year, w.week], w) for w in today.plan.capacity if (w.year, w.week) in mondays]
    return tuple(
        WeekLoad(w.year, w.week, monday, w.available, w.booked, w.proposed, w.expected, minutes.get(monday, 0))
        for monday, w in found
    )


def fixed_talks(caseload: Caseload, citizen: Citizen, rules: RuleSet) -> tuple[FixedTalk, ...]:
    """The conversations that the law alone would demand in the twelve weeks from the week of the planning date on."""
    return demanded(caseload, citizen, rules, iso_weeks(caseload.today, WEEKS)[-1][2] + SUNDAY)
