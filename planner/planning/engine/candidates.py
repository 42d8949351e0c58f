"""From the problem to the model: which days, channels and starts each conversation can have, and what they cost.

The calendar is asked once for each kind of citizen (channels, interpreter, preference) and once more for the days on
which a citizen's own hours matter; after that everything is whole numbers and bit masks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from math import gcd
from typing import NamedTuple

from planner.domain.citizens import AWAY_FACTS, Citizen
from planner.domain.conversations import TALKING, Channel
from planner.planning.cost import MOVED_CHANNEL, MOVED_DAY, MOVED_TIME, WITHDRAWN, channel_cost
from planner.planning.diary import unavailable_minutes, usable_channels
from planner.planning.engine.model import MOST_UNITS, Model, ModelJob, Option, Person
from planner.planning.masks import MINUTES, WHOLE_DAY, bits
from planner.planning.plan import Slot
from planner.planning.problem import Demand, Job, Problem, channels_on, met_in_person_from, window_unplaced
from planner.rules.windows import Window

_PLACE = {channel: place for place, channel in enumerate(TALKING)}


class Offer(NamedTuple):
    """What a day has for a citizen in one channel: points for the channel and for changing it, cells, starts."""

    extra: int
    channel: int
    length: int
    starts: int


class _Way(NamedTuple):
    """A channel in which a day has time for a citizen: the cells that it takes, and the starts."""

    channel: Channel
    length: int
    starts: int


class _Kind(NamedTuple):
    """What citizens have in common for whom the same days have time: the channels that count from day `switch` on and
    before it, whether an interpreter takes part, and in which language one must be free."""

    known: tuple[Channel, ...]
    new: tuple[Channel, ...]
    switch: int
    interpreter: bool
    language: str | None


_Ways = tuple[_Way, ...]
_Table = dict[int, tuple[Offer, ...]]


class _Made(NamedTuple):
    """The options of a job, and everything but the calendar that they were made from."""

    citizen: Citizen
    windows: tuple[Window, ...]
    before: Slot | None
    most: int
    options: list[Option]

    def is_like(self, other: _Made) -> bool:
        """Whether the same options come out of both on the same calendar."""
        return self[:4] == other[:4]


class Candidates:
    """Makes the model of a problem, and keeps what several citizens share.

    With the `known` candidates of a problem on the same day under the same habits only the days on which the calendar
    is another one are looked at again, and only citizens of whom something else holds.
    """

    def __init__(self, problem: Problem, known: Candidates | None = None) -> None:
        self.problem = problem
        settings = problem.caseload.settings
        # Every day must begin with a cell of its own, since buffers are counted past midnight.
        self.grid = gcd(settings.grid_minutes, MINUTES)
        self.cells = MINUTES // self.grid
        self.today = problem.caseload.today
        self.days = len(problem.days)
        self._dates = problem.days
        self._open = [day for day in range(self.days) if self._date(day) in problem.diary.open]
        self._notice = {channel: (first - self.today).days for channel, first in problem.notice.items()}
        self._days_with: dict[object, dict[int, _Ways]] = {}
        self._shared: dict[tuple[_Kind, int], _Ways] = {}
        self._tables: dict[tuple[int, Channel | None, Channel | None], _Table] = {}
        self._offered: dict[tuple[_Ways, Channel | None, Channel | None], tuple[Offer, ...]] = {}
        self._late: dict[tuple[date, date, int], list[int]] = {}
        self._compressed: dict[int, int] = {} if known is None else known._compressed
        self._known = known
        changed = frozenset[date]() if known is None else known.problem.diary.differs_from(problem.diary)
        self._changed = frozenset((day - self.today).days for day in changed)
        self._made: dict[tuple[str, int], _Made] = {}

    def model(self) -> Model:
        """Everything that the engines need to know."""
        most, spans = self.problem.caseload.caseworker.max_per_day, self.problem.diary.spans
        room = [None if most is None else max(0, most - len(spans.get(self._date(d), ()))) for d in range(self.days)]
        model = Model(self.days, self.cells, [], [], room, WITHDRAWN * sum(self.problem.withdrawn.values()))
        for number, demand in enumerate(self.problem.demands):
            model.persons.append(self.person(demand, number, model.jobs))
        self._known = None
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
        made = _Made(job.citizen, job.windows, _answered(demand, job), most, [])
        known = None if self._known is None else self._known._made.get((job.citizen.id, units))
        if known is None or not known.is_like(made):
            made.options.extend(sorted(self._new(made, job, None)))
        elif not self._changed:
            made = known
        else:
            kept = (option for option in known.options if option.day not in self._changed)
            made.options.extend(sorted((*kept, *self._new(made, job, self._changed))))
        self._made[job.citizen.id, units] = made
        return made.options

    def _new(self, made: _Made, job: Job, days: Collection[int] | None) -> Iterator[Option]:
        """The options on some days (None: on all)."""
        late = [self._lateness(window) for window in job.windows]
        points = [sum(each) for each in zip(*late, strict=True)] if len(late) > 1 else late[0]
        first = max((window.earliest - self.today).days for window in job.windows)
        table = self._table(job, made.before.channel if made.before else None, days)
        found = [
            Option(points[day] + offer.extra, day, offer.channel, offer.length, offer.starts)
            for day in (table if days is None else days)
            if day >= first
            for offer in table.get(day, ())
        ]
        if made.before is not None:
            found = list(self._moved(found, made.before))
        return (option for option in found if option.cost <= made.most)

    def on_day(self, demand: Demand, units: int, day: int, channel: Channel) -> list[Option]:
        """Every option of the job that covers `units` on one day in one channel, however dear."""
        job, when, citizen = demand.job(units), self._date(day), demand.citizen
        opened = all(window.earliest <= when for window in job.windows)
        if not opened or day < self._notice[channel] or channel not in channels_on(job, when):
            return []
        starts = self._cells_of(self.problem.diary.starts(citizen, when, channel))
        if not starts:
            return []
        before = _answered(demand, job)
        cost = sum(self._lateness(window)[day] for window in job.windows) + channel_cost(citizen, channel)
        length = self.length(self.problem.caseload.settings.minutes_for(citizen, channel))
        if before is None:
            return [Option(cost, day, _PLACE[channel], length, starts)]
        moved = MOVED_CHANNEL if channel is not before.channel else 0
        return list(self._moved([Option(cost + moved, day, _PLACE[channel], length, starts)], before))

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
        """The options by what they cost against the previous plan, the old start apart from the others of its day.

        The change of channel is in the offers already, where the cheapest channel of a start is found.
        """
        old_day = (slot.on - self.today).days
        old = 1 << slot.start // self.grid if slot.start % self.grid == 0 else 0
        for cost, day, channel, length, starts in options:
            points = cost - WITHDRAWN
            if day != old_day:
                yield Option(points + MOVED_DAY, day, channel, length, starts)
                continue
            if starts & old:
                yield Option(points, day, channel, length, starts & old)
            if starts & ~old:
                yield Option(points + MOVED_TIME, day, channel, length, starts & ~old)

    # -- what the calendar offers

    def _date(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def _table(self, job: Job, before: Channel | None, wanted: Collection[int] | None) -> _Table:
        """What the job's citizen can be offered on the wanted days (None: on all of them)."""
        days, preferred = self._days_for(job), job.citizen.preferred_channel
        table = self._tables.setdefault((id(days), preferred, before), {})
        for day in days if wanted is None else wanted:
            if day in days and day not in table:
                table[day] = self._offers(days[day], job.citizen, before)
        return table

    def _days_for(self, job: Job) -> dict[int, _Ways]:
        """The days that have time for the job's citizen, and in which channels."""
        citizen = job.citizen
        usable = usable_channels(citizen)
        met = met_in_person_from(citizen)
        known = tuple(c for c in usable if all(c in window.channels for window in job.windows))
        new = tuple(c for c in usable if all(c in window.first_channels for window in job.windows))
        switch = self.days if met is None else (met - self.today).days + 1
        kind = _Kind(known, new, switch, bool(citizen.interpreter), self.problem.diary.shared.language(citizen))
        away = tuple(fact for fact in citizen.facts if fact.kind in AWAY_FACTS)
        key = (kind, citizen.unavailable, away)
        found = self._days_with.get(key)
        if found is None:
            old = None if self._known is None else self._known._days_with.get(key)
            days = self._open if old is None else [day for day in self._open if day in self._changed]
            found = {day: ways for day, ways in (old or {}).items() if day not in self._changed}
            found |= self._fresh(kind, citizen, days)
            self._days_with[key] = found
        return found

    def _fresh(self, kind: _Kind, citizen: Citizen, days: Iterable[int]) -> Iterator[tuple[int, _Ways]]:
        """What each of the days has; those on which the citizen has no hours of her own are shared by the kind."""
        for day in days:
            away = unavailable_minutes(citizen, self._dates[day])
            if away == WHOLE_DAY or self.problem.diary.is_full(self._dates[day]):
                continue
            ways = None if away else self._shared.get((kind, day))
            if ways is None:
                ways = tuple(self._ways(kind, citizen, day, away))
                if not away:
                    self._shared[kind, day] = ways
            if ways:
                yield day, ways

    def _ways(self, kind: _Kind, citizen: Citizen, day: int, away: int) -> Iterator[_Way]:
        """The channels in which the day has time."""
        diary, when = self.problem.diary, self._dates[day]
        for channel in kind.known if day >= kind.switch else kind.new:
            if day < self._notice[channel] or not diary.allows(when, channel):
                continue
            minutes = self.problem.caseload.settings.minutes_for(citizen, channel)
            if away:
                starts = diary.starts(citizen, when, channel)
            else:
                starts = diary.free_starts(when, minutes) & diary.shared.starts(citizen, when, channel, minutes)
            if starts:
                yield _Way(channel, self.length(minutes), self._cells_of(starts))

    def _offers(self, ways: _Ways, citizen: Citizen, before: Channel | None) -> tuple[Offer, ...]:
        """A day's offers; where two share a start, the dearer one that is no shorter loses it."""
        key = (ways, citizen.preferred_channel, before)
        known = self._offered.get(key)
        if known is not None:
            return known
        found: list[Offer] = []
        for channel, length, starts in ways:
            extra = channel_cost(citizen, channel) + (MOVED_CHANNEL if before not in (None, channel) else 0)
            found.append(Offer(extra, _PLACE[channel], length, starts))
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
        made = self._offered[key] = tuple(kept)
        return made

    def length(self, minutes: int) -> int:
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
