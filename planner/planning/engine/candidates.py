"""From the problem to the model: which days, channels and starts each conversation can have, and what they cost.

The calendar is asked once for each kind of citizen (channels, interpreter, preference) and once more for the days on
which a citizen's own hours matter; after that everything is whole numbers and bit masks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from planner.domain.citizens import AWAY_FACTS, Citizen
from planner.domain.conversations import TALKING, Channel
from planner.planning.cost import MOVED_CHANNEL, MOVED_DAY, MOVED_TIME, WITHDRAWN, channel_cost
from planner.planning.diary import MINUTES, WHOLE_DAY, bits, unavailable_minutes, usable_channels
from planner.planning.engine.model import MOST_UNITS, Model, ModelJob, Option, Person
from planner.planning.plan import Slot
from planner.planning.problem import Demand, Job, Problem, channels_on, met_in_person_from, window_unplaced
from planner.rules.windows import Window

_PLACE = {channel: place for place, channel in enumerate(TALKING)}


class Offer(NamedTuple):
    """What a day has for a citizen in one channel: points for the channel, cells taken, possible starts."""

    extra: int
    channel: int
    length: int
    starts: int


class _Kind(NamedTuple):
    """What citizens have in common who can be offered the same: the channels that count from day `switch` on and before
    it, the preferred one, and whether an interpreter takes part."""

    known: tuple[Channel, ...]
    new: tuple[Channel, ...]
    switch: int
    preferred: Channel | None
    interpreter: bool


_Table = list[tuple[int, tuple[Offer, ...]]]


class Candidates:
    """Makes the model of a problem, and keeps what several citizens share."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        settings = problem.caseload.settings
        self.grid = settings.grid_minutes
        self.cells = -(-MINUTES // self.grid)
        self.today = problem.caseload.today
        self.days = len(problem.days)
        self._dates = problem.days
        self._open = [day for day in range(self.days) if self._date(day) in problem.diary.open]
        self._notice = {channel: (first - self.today).days for channel, first in problem.notice.items()}
        self._tables: dict[object, _Table] = {}
        self._late: dict[tuple[date, date, int], list[int]] = {}
        self._compressed: dict[int, int] = {}

    def model(self) -> Model:
        """Everything that the engines need to know."""
        most, spans = self.problem.caseload.caseworker.max_per_day, self.problem.diary.spans
        room = [None if most is None else max(0, most - len(spans.get(self._date(d), ()))) for d in range(self.days)]
        model = Model(self.days, self.cells, [], [], room, WITHDRAWN * sum(self.problem.withdrawn.values()))
        for number, demand in enumerate(self.problem.demands):
            model.persons.append(self.person(demand, number, model.jobs))
        return model

    def person(self, demand: Demand, number: int, jobs: list[ModelJob]) -> Person:
        """The citizen with her jobs, which are added to `jobs`; `number` is her place among the model's persons."""
        unplaced = [sum(window_unplaced(self.problem, window) for window in unit) for unit in demand.units]
        person = Person(demand.citizen.id, unplaced, WITHDRAWN * len(demand.earlier), {})
        person.every_way = len(unplaced) <= MOST_UNITS
        person.slack = _slack(demand)
        for units in _covers(len(unplaced)):
            most = sum(cost for place, cost in enumerate(unplaced) if units >> place & 1)
            options = self.options(demand, units, most)
            if options:
                person.jobs[units] = len(jobs)
                jobs.append(ModelJob(number, units, options))
        return person

    def options(self, demand: Demand, units: int, most: int) -> list[Option]:
        """The options of the job that covers `units`, cheapest first, none dearer than leaving it out (`most`)."""
        job = demand.job(units)
        late = [self._lateness(window) for window in job.windows]
        days = [sum(each) for each in zip(*late, strict=True)] if len(late) > 1 else late[0]
        first = max((window.earliest - self.today).days for window in job.windows)
        table = self._table(job)
        found = [
            Option(days[day] + offer.extra, day, offer.channel, offer.length, offer.starts)
            for day, offers in table
            if day >= first
            for offer in offers
        ]
        before = _answered(demand, job)
        if before is not None:
            found = list(self._moved(found, before))
            found += self._stay(job, before, days, first)
        found = [option for option in found if option.cost <= most]
        found.sort()
        return found

    def slot(self, citizen: Citizen, option: Option, start: int) -> Slot:
        """The slot of an option's start."""
        channel = TALKING[option.channel]
        minutes = self.problem.caseload.settings.minutes_for(citizen, channel)
        return Slot(self._date(option.day), start * self.grid, minutes, channel)

    # -- costs

    def _lateness(self, window: Window) -> list[int]:
        key = (window.target, window.latest, window.priority)
        known = self._late.get(key)
        if known is None:
            known = self._late[key] = self.problem.lateness((window,))
        return known

    def _moved(self, options: list[Option], slot: Slot) -> Iterator[Option]:
        """The options by what they cost against the previous plan, the old start apart from the others of its day."""
        old_day, old_channel = (slot.on - self.today).days, _PLACE.get(slot.channel)
        old = 1 << slot.start // self.grid if slot.start % self.grid == 0 else 0
        for cost, day, channel, length, starts in options:
            points = cost - WITHDRAWN + (0 if channel == old_channel else MOVED_CHANNEL)
            if day != old_day:
                yield Option(points + MOVED_DAY, day, channel, length, starts)
                continue
            if starts & old:
                yield Option(points, day, channel, length, starts & old)
            if starts & ~old:
                yield Option(points + MOVED_TIME, day, channel, length, starts & ~old)

    def _stay(self, job: Job, slot: Slot, days: list[int], first: int) -> Iterator[Option]:
        """The earlier slot itself: a cheaper channel at the same start must not hide it."""
        citizen = job.citizen
        day = (slot.on - self.today).days
        if not first <= day < self.days or slot.channel not in channels_on(job, slot.on) or slot.start % self.grid:
            return
        minutes = self.problem.caseload.settings.minutes_for(citizen, slot.channel)
        possible = self.problem.diary.starts(citizen, slot.on, slot.channel) >> slot.start & 1
        if possible and minutes == slot.minutes and day >= self._notice[slot.channel]:
            cost = days[day] + channel_cost(citizen, slot.channel) - WITHDRAWN
            length = self._length(minutes)
            yield Option(cost, day, _PLACE[slot.channel], length, 1 << slot.start // self.grid)

    # -- what the calendar offers

    def _date(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def _table(self, job: Job) -> _Table:
        """Day by day what the job's citizen can be offered in a channel that counts for all of its windows."""
        citizen = job.citizen
        usable = usable_channels(citizen)
        met = met_in_person_from(citizen)
        known = tuple(c for c in usable if all(c in window.channels for window in job.windows))
        new = tuple(c for c in usable if all(c in window.first_channels for window in job.windows))
        switch = self.days if met is None else (met - self.today).days + 1
        kind = _Kind(known, new, switch, citizen.preferred_channel, bool(citizen.interpreter))
        shared = self._tables.get(kind)
        if shared is None:
            shared = self._tables[kind] = list(self._days_of(kind, citizen, 0))
        if not citizen.unavailable and not any(fact.kind in AWAY_FACTS for fact in citizen.facts):
            return shared
        key = (kind, citizen.id)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = list(self._own(kind, citizen, shared))
        return table

    def _own(self, kind: _Kind, citizen: Citizen, shared: _Table) -> Iterator[tuple[int, tuple[Offer, ...]]]:
        """The table of a citizen who cannot be met at some times: other than the shared one on those days only."""
        for entry in shared:
            away = unavailable_minutes(citizen, self._dates[entry[0]])
            if not away:
                yield entry
            elif away != WHOLE_DAY and (offers := self._offers(kind, citizen, entry[0], away)):
                yield entry[0], offers

    def _days_of(self, kind: _Kind, citizen: Citizen, away: int) -> Iterator[tuple[int, tuple[Offer, ...]]]:
        for day in self._open:
            if not self.problem.diary.is_full(self._dates[day]) and (offers := self._offers(kind, citizen, day, away)):
                yield day, offers

    def _offers(self, kind: _Kind, citizen: Citizen, day: int, away: int) -> tuple[Offer, ...]:
        """The day's offers; where two share a start, the dearer one that is no shorter loses it."""
        diary, when = self.problem.diary, self._dates[day]
        found: list[Offer] = []
        for channel in kind.known if day >= kind.switch else kind.new:
            if day < self._notice[channel] or not diary.allows(when, channel):
                continue
            minutes = self.problem.caseload.settings.minutes_for(citizen, channel)
            starts = diary.starts(citizen, when, channel) if away else diary.free_starts(when, minutes)
            length, cells = self._length(minutes), self._cells_of(starts)
            found.append(Offer(channel_cost(citizen, channel), _PLACE[channel], length, cells))
        found.sort(key=lambda offer: (offer.extra, offer.length))
        kept: list[Offer] = []
        for offer in found:
            starts = offer.starts
            for other in kept:
                if other.length <= offer.length:
                    starts &= ~other.starts
            if starts == offer.starts:
                kept.append(offer)
            elif starts:
                kept.append(Offer(offer.extra, offer.channel, offer.length, starts))
        return tuple(offer for offer in kept if offer.starts)

    def _length(self, minutes: int) -> int:
        """Cells that a conversation takes with the buffer after it."""
        return -(-(minutes + self.problem.caseload.caseworker.buffer_minutes) // self.grid)

    def _cells_of(self, minutes: int) -> int:
        """A mask of minutes on the grid as one of cells."""
        known = self._compressed.get(minutes)
        if known is None:
            known = self._compressed[minutes] = sum(1 << minute // self.grid for minute in bits(minutes))
        return known


def _answered(demand: Demand, job: Job) -> Slot | None:
    """The earlier proposal that the job answers: one belongs to whoever covers the first of its units."""
    names = {window.requirement for window in job.windows}
    order = [unit[0].requirement for unit in demand.units]
    for earlier in demand.earlier:
        first = next((name for name in order if name in earlier.covers), None)
        if first in names:
            return earlier.slot
    return None


def _slack(demand: Demand) -> int:
    """By how much the cost may be lower than the model's where an earlier conversation for several units is split.

    Whichever part comes first answers it, and the model takes the part with its first unit.
    """
    wanted = {unit[0].requirement for unit in demand.units}
    split = sum(len(earlier.covers & wanted) > 1 for earlier in demand.earlier)
    return (MOVED_DAY + MOVED_CHANNEL) * split


def _covers(units: int) -> Iterator[int]:
    """The sets of units that one conversation may cover: all of them, or with very many each alone and all together."""
    if units <= MOST_UNITS:
        yield from range(1, 1 << units)
        return
    for number in range(units):
        yield 1 << number
    yield (1 << units) - 1
