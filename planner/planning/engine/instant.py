"""The instant engine: a plan at once, by insertion and exchange on bit masks, with the standard library alone.

The most pressing come first, each to the cheapest free time. Then, many times over, somebody takes a time that she
would rather have; whoever stood there is put where it is cheapest now; the exchange stays when the plan is no dearer
than a threshold that shrinks to nothing (threshold accepting, Dueck and Scheuer 1990). After one change it starts from
the plan that stands and touches what the change concerns. The budget is moves, never seconds, and chance is seeded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from planner.planning.engine.certificate import FINE, Meter, Prices
from planner.planning.engine.model import Model, Option, Pick

#: Points that an exchange may cost at first, times and persons looked at for one, and where chance begins.
_THRESHOLD, _TRIES, _SEED = 16, 3, 1


class Table:
    """Who has which time: the picks on the calendar, and what they cost."""

    def __init__(self, model: Model, prices: Prices) -> None:
        self.model = model
        self._meter = Meter(model, prices)
        self.picks: dict[int, Pick] = {}
        self.of_person: list[list[int]] = [[] for _ in model.persons]
        self._on_day: list[list[int]] = [[] for _ in range(model.days)]
        self._busy = [0] * (model.days + 2)
        self._free: list[dict[int, int]] = [{} for _ in range(model.days)]
        self._cells = model.cells
        self._day_mask = (1 << model.cells) - 1

    def cost_of(self, person: int) -> int:
        """What the person costs as it stands."""
        who = self.model.persons[person]
        units, total = who.all_units, who.base
        for job in self.of_person[person]:
            units &= ~self.model.jobs[job].units
            total += self.picks[job].option.cost
        return total + sum(cost for number, cost in enumerate(who.unplaced) if units >> number & 1)

    def open_units(self, person: int) -> int:
        """The units of the person that nobody talks about."""
        units = self.model.persons[person].all_units
        for job in self.of_person[person]:
            units &= ~self.model.jobs[job].units
        return units

    def all(self) -> list[Pick]:
        """Every pick."""
        return list(self.picks.values())

    def put(self, pick: Pick) -> None:
        """Take the pick's time, which must be free."""
        day = pick.option.day
        self.picks[pick.job] = pick
        self.of_person[self.model.jobs[pick.job].person].append(pick.job)
        self._on_day[day].append(pick.job)
        self._occupy(day, ((1 << pick.option.length) - 1) << pick.start)

    def put_if_free(self, pick: Pick) -> None:
        """Take the pick's time where it is free and nobody else talks about its units."""
        job = self.model.jobs[pick.job]
        if self.free(pick.option) >> pick.start & 1 and not job.units & ~self.open_units(job.person):
            self.put(pick)

    def lift(self, job: int) -> Pick:
        """Give the job's time back."""
        pick = self.picks.pop(job)
        day = pick.option.day
        self.of_person[self.model.jobs[job].person].remove(job)
        self._on_day[day].remove(job)
        self._occupy(day, ((1 << pick.option.length) - 1) << pick.start)
        return pick

    def _occupy(self, day: int, cells: int) -> None:
        """Take or give back cells; those after midnight are the next day's."""
        self._busy[day] ^= cells & self._day_mask
        over = cells >> self._cells
        self._busy[day + 1] ^= over
        for near in (day - 1, day, day + 1):
            if 0 <= near < self.model.days:
                self._free[near].clear()

    def free(self, option: Option) -> int:
        """The option's starts that are free now; none on a day that takes no more."""
        day = option.day
        room = self.model.room[day]
        if room is not None and len(self._on_day[day]) >= room:
            return 0
        known = self._free[day].get(option.length)
        if known is None:
            busy = self._busy[day] | self._busy[day + 1] << self._cells
            known, have = ~busy, 1
            while have < option.length:
                step = min(have, option.length - have)
                known &= known >> step
                have += step
            self._free[day][option.length] = known
        return known & option.starts

    def in_the_way(self, option: Option, start: int) -> list[int]:
        """The jobs that must go for a conversation at that start."""
        first = option.day * self._cells + start
        last = first + option.length
        found = []
        for day in (option.day - 1, option.day, option.day + 1):
            if 0 <= day < self.model.days:
                for job in self._on_day[day]:
                    pick = self.picks[job]
                    begin = day * self._cells + pick.start
                    if begin < last and first < begin + pick.option.length:
                        found.append(job)
        room = self.model.room[option.day]
        here = self._on_day[option.day]
        if (
            room is not None
            and len(here) >= room
            and not any(self.picks[job].option.day == option.day for job in found)
        ):
            found.append(min(here, key=lambda job: (self.loss(job), job)))
        return found

    def loss(self, job: int) -> int:
        """What it costs at most that the job loses its time."""
        return self.model.left_out(self.model.jobs[job]) - self.picks[job].option.cost

    def cheapest(self, job: int, *, whatever: bool = False) -> Pick | None:
        """The free time of the job whose cost and price are least, the earliest among equals.

        None where leaving the job out is cheaper than that; with `whatever` only where no time is free.
        """
        best, least = None, None if whatever else FINE * self.model.left_out(self.model.jobs[job]) + 1
        for option in self.model.jobs[job].options:
            if least is not None and FINE * option.cost >= least:
                break
            starts = self.free(option)
            if starts:
                start, price = self._meter.cheapest_of(option, starts)
                if least is None or FINE * option.cost + price < least:
                    best, least = Pick(job, option, start), FINE * option.cost + price
        return best

    def settle(self, person: int, *, whatever: bool = False) -> list[Pick]:
        """Put the person's open units where they are cheapest now, merged or apart; the picks that were put."""
        units = self.open_units(person)
        if not units:
            return []
        jobs = self.model.persons[person].jobs
        best: tuple[int, list[Pick]] | None = None
        for way in _ways(units):
            put: list[Pick] = []
            for part in way:
                pick = self.cheapest(jobs[part], whatever=whatever) if part in jobs else None
                if pick is not None:
                    self.put(pick)
                    put.append(pick)
            cost = FINE * self.cost_of(person)
            for pick in put:
                cost += self._meter.of(pick.option.day, pick.start, pick.option.length)
                self.lift(pick.job)
            if best is None or cost < best[0]:
                best = cost, put
        assert best is not None
        for pick in best[1]:
            self.put(pick)
        return best[1]


def _ways(units: int) -> Iterator[list[int]]:
    """Ways of splitting units into conversations: every one for up to three units, else all together or each alone."""
    single = []
    rest = units
    while rest:
        low = rest & -rest
        single.append(low)
        rest ^= low
    if len(single) == 1:
        yield single
        return
    yield [units]
    if len(single) == 3:
        for one in single:
            yield [one, units ^ one]
    elif len(single) > 3:
        for place, one in enumerate(single):
            for other in single[place + 1 :]:
                yield [one | other, *(s for s in single if s not in (one, other))]
    yield single


def begin(table: Table) -> None:
    """A first plan beside what is there: who loses most for the time it takes comes first."""
    for person in _most_pressing(table.model, range(len(table.model.persons))):
        table.settle(person)


def filled(model: Model, prices: Prices, picks: Sequence[Pick]) -> list[Pick]:
    """The picks, and in the time that they leave whoever still wants one: free time is worth nothing to nobody."""
    table = Table(model, prices)
    for pick in picks:
        table.put(pick)
    for person in _most_pressing(model, range(len(model.persons))):
        table.settle(person, whatever=True)
    return list(table.picks.values())


def _most_pressing(model: Model, persons: Iterable[int]) -> list[int]:
    return sorted(persons, key=lambda number: (-_pressing(model, number), number))


def _pressing(model: Model, person: int) -> float:
    who = model.persons[person]
    options = [model.jobs[job].options[0] for job in who.jobs.values()]
    if not options:
        return 0.0
    return max(sum(who.unplaced) / option.length for option in options)


def improved(table: Table, moves: int, focus: Iterable[int] = (), enough: float = 0) -> list[Pick]:
    """The best plan met in so many moves, or the first that costs no more than `enough`.

    With a `focus` the moves begin with these persons, and go where those displace others.
    """
    model, chance = table.model, Random(_SEED)
    least = [_least(model, number) for number in range(len(model.persons))]
    total = model.cost(list(table.picks.values()))
    best, best_picks = total, list(table.picks.values())
    pool = sorted(focus) or list(range(len(model.persons)))
    known = set(pool)
    for number in range(moves if pool else 0):
        if best <= enough:
            break
        threshold = _THRESHOLD * (moves - number) // moves
        some = [pool[chance.randrange(len(pool))] for _ in range(_TRIES)]
        person = max(some, key=lambda one: table.cost_of(one) - least[one])
        step = _exchange(table, person, chance, threshold)
        if step is None:
            continue
        total += step.gain
        pool += sorted(step.persons - known)
        known |= step.persons
        if total < best:
            best, best_picks = total, list(table.picks.values())
    return best_picks


def _least(model: Model, person: int) -> int:
    """No more than the person's cost can be with every wish fulfilled in one conversation."""
    return min((model.jobs[job].options[0].cost for job in model.persons[person].jobs.values()), default=0)


class _Step(NamedTuple):
    gain: int
    persons: set[int]


def _exchange(table: Table, person: int, chance: Random, threshold: int) -> _Step | None:
    """Let the person have a time that she would rather have; None where it would cost more than the threshold."""
    model = table.model
    covers = list(model.persons[person].jobs.items())
    if not covers:
        return None
    cover, job = covers[chance.randrange(len(covers))]
    now, options = table.picks.get(job), model.jobs[job].options
    wanted = len(options) if now is None else bisect_right(options, now.option.cost, key=lambda option: option.cost)
    option = options[min(chance.randrange(wanted), chance.randrange(wanted))]
    before = {person: table.cost_of(person)}
    lifted = [table.lift(other) for other in list(table.of_person[person]) if model.jobs[other].units & cover]
    start, displaced = _start(table, option, chance)
    for other in displaced:
        owner = model.jobs[other].person
        before.setdefault(owner, table.cost_of(owner))
        lifted.append(table.lift(other))
    put = [Pick(job, option, start)]
    table.put(put[0])
    for owner in _most_pressing(model, before):
        put += table.settle(owner)
    gain = sum(table.cost_of(owner) for owner in before) - sum(before.values())
    if gain <= threshold:
        return _Step(gain, set(before))
    for pick in put:
        table.lift(pick.job)
    for pick in lifted:
        table.put(pick)
    return None


def _start(table: Table, option: Option, chance: Random) -> tuple[int, list[int]]:
    """A free start of the option, else one of a few that displaces those who lose least."""
    free = table.free(option)
    if free:
        return _some(free, chance), []
    tries = [
        (start, table.in_the_way(option, start)) for start in {_some(option.starts, chance) for _ in range(_TRIES)}
    ]
    return min(tries, key=lambda one: (sum(table.loss(job) for job in one[1]), one[0]))


def _some(mask: int, chance: Random) -> int:
    """One of the set bits."""
    for _ in range(chance.randrange(mask.bit_count())):
        mask &= mask - 1
    return (mask & -mask).bit_length() - 1
