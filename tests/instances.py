"""Synthetic problems of a stated load and whole caseloads, the same for the same seed: for oracles and benchmarks."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from planner.domain.caseload import Absence, Adoption, Busy, Caseload, Caseworker, Hours, PlanSettings
from planner.domain.citizens import Cadence, Citizen, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import TALKING, Channel, Conversation, Status
from planner.domain.periods import Period
from planner.planning.cost import UNPLACED_DAYS, WorkingDays
from planner.planning.diary import Diary
from planner.planning.plan import Slot
from planner.planning.problem import Demand, Earlier, Problem, units_of
from planner.rules.windows import Window, WindowKind, WindowStatus

TODAY = date(2027, 1, 11)
MUNICIPALITY = "Prøvekommune"
EXPERIMENTS = (
    "flexible-contact-insured",
    "flexible-contact-other-groups",
    "flexible-sickness-follow-up",
    "flexible-integration-contact",
)
_NOTICE = {Channel.PHONE: Period(days=1), Channel.DIGITAL: Period(days=2), Channel.IN_PERSON: Period(days=5)}
_MINUTES = {Channel.PHONE: 30, Channel.DIGITAL: 45, Channel.IN_PERSON: 60}
#: Days between conversations, days from the earliest to the latest one, and the priority.
_RHYTHMS = ((28, 14, 3), (42, 42, 2), (10, 10, 4), (14, 14, 3), (28, 28, 3), (91, 60, 1))
_MOST_A_DAY = 6
_MOST_UNITS = 4


def problem(
    worker: Caseworker,
    settings: PlanSettings,
    people: Sequence[Citizen],
    demands: Sequence[Demand],
    withdrawn: dict[str, int] | None = None,
) -> Problem:
    """The problem of the demands in a caseload of the people, on the day of all instances."""
    caseload = Caseload(TODAY, MUNICIPALITY, tuple(people), (), worker, (), settings)
    horizon = TODAY + timedelta(weeks=settings.horizon_weeks)
    beyond = caseload.office.working_days_after(horizon, UNPLACED_DAYS)
    dates = [d for demand in demands for unit in demand.units for w in unit for d in (w.earliest, w.target, w.latest)]
    working = WorkingDays.between(caseload.office, min([TODAY, *dates]), max([beyond, *dates]))
    diary = Diary(caseload, TODAY, horizon)
    return Problem(caseload, tuple(demands), diary, working, horizon, beyond, withdrawn or {})


# --- an ordinary office at a stated load -------------------------------------------------------------------------


def instance(seed: int, weeks: int = 4, load: float | None = 0.8, citizens: int = 150, merged: float = 0.15) -> Problem:
    """A problem whose shortest demand is `load` times what can be booked (None: everybody has a need).

    A share of `merged` has two needs that one conversation can settle; where the citizens are too few for the load,
    they have more needs each.
    """
    chance = random.Random(seed)
    worker = _worker(chance, weeks)
    settings = PlanSettings(minutes=_MINUTES, notice=_NOTICE, horizon_weeks=weeks)
    horizon = TODAY + timedelta(weeks=weeks)
    empty = Caseload(TODAY, MUNICIPALITY, (), (), worker, (), settings)
    open_minutes = Diary(empty, TODAY, horizon).open.values()
    bookable = sum(min(mask.bit_count(), _MOST_A_DAY * 45) for mask in open_minutes)
    demands, people, used = list[Demand](), list[Citizen](), 0
    for number in range(citizens):
        citizen = _citizen(chance, number)
        windows = [_window(chance, weeks)]
        if chance.random() < merged:
            windows.append(_window(chance, weeks, 1))
        windows = [window for window in windows if window.earliest <= horizon]
        people.append(citizen)
        if not windows or (load is not None and used >= load * bookable):
            continue
        used += min(settings.minutes_for(citizen, channel) for channel in citizen.channels) + 15
        demands.append(Demand(citizen, units_of(windows)))
    place = 0
    while load is not None and used < load * bookable and place < _MOST_UNITS * len(demands):
        demand = demands[place % len(demands)]
        more = _window(chance, weeks, len(demand.units))
        if more.earliest <= horizon and len(demand.units) < _MOST_UNITS:
            units = units_of([*(window for unit in demand.units for window in unit), more])
            demands[place % len(demands)] = Demand(demand.citizen, units)
            used += min(settings.minutes_for(demand.citizen, channel) for channel in demand.citizen.channels) + 15
        place += 1
    return problem(worker, settings, people, demands)


def _worker(chance: random.Random, weeks: int) -> Caseworker:
    hours = tuple(Hours(day, time(8), time(16)) for day in range(5))
    breaks = tuple(Hours(day, time(11, 30), time(12)) for day in range(5))
    days = (TODAY + timedelta(weeks=week, days=day) for week in range(weeks + 1) for day in range(5))
    taken = tuple(busy for day in days for busy in _busy(chance, day))
    gone = TODAY + timedelta(days=chance.randrange(5, 20))
    return Caseworker(hours, breaks, (0, 2, 3), _MOST_A_DAY, 15, taken, (Absence(gone, gone),))


def _busy(chance: random.Random, day: date) -> Iterator[Busy]:
    """The team's hour on Tuesdays, and now and then something else."""
    if day.weekday() == 1:
        yield Busy(datetime.combine(day, time(9)), datetime.combine(day, time(10)), "team")
    while chance.random() < 0.6:
        start = chance.randrange(32, 62)
        end = min(start + chance.choice((2, 4, 6, 8)), 64)
        yield Busy(datetime.combine(day, _quarter(start)), datetime.combine(day, _quarter(end)), "busy")


def _quarter(number: int) -> time:
    return time(number // 4, number % 4 * 15)


def _citizen(chance: random.Random, number: int) -> Citizen:
    away: list[Unavailable] = []
    if chance.random() < 0.3:
        day = chance.randrange(5)
        away.append(Unavailable(weekday=day, start=time(8), end=time(chance.choice((10, 12, 16)))))
    if chance.random() < 0.2:
        first = TODAY + timedelta(days=chance.randrange(28))
        away.append(Unavailable(first, first + timedelta(days=chance.randrange(2, 8))))
    channels = TALKING if chance.random() < 0.7 else tuple(chance.sample(TALKING, 2))
    preferred = chance.choice((None, None, *channels))
    return Citizen(
        id=f"c{number:05}",
        name=f"Prøve Borger {number}",
        target_group=TargetGroup.JOB_READY,
        spell_start=TODAY - timedelta(days=chance.randrange(400)),
        channels=channels,
        preferred_channel=preferred,
        interpreter="arabisk" if chance.random() < 0.08 else None,
        unavailable=tuple(away),
    )


def _window(chance: random.Random, weeks: int, number: int = 0) -> Window:
    _, width, priority = chance.choice(_RHYTHMS)
    target = TODAY + timedelta(days=chance.randrange(-5, weeks * 7))
    earliest = target - timedelta(days=width // 2 + 2)
    latest = target + timedelta(days=chance.choice((0, 0, 3, width // 2)))
    first = TALKING if chance.random() < 0.8 else (Channel.IN_PERSON,)
    return due(number, earliest, target, latest, priority, first)


def due(
    number: int, earliest: date, target: date, latest: date, priority: int, first: tuple[Channel, ...] = TALKING
) -> Window:
    """A due window of the citizen's requirement of that number."""
    return Window(
        f"requirement-{number}",
        WindowKind.RECURRING,
        WindowStatus.DUE,
        earliest,
        target,
        latest,
        priority=priority,
        channels=TALKING,
        first_channels=first,
    )


# --- odd little offices, small enough to try every plan ----------------------------------------------------------


def small(seed: int, most_needs: int = 6) -> Problem:
    """An office of few hours and up to `most_needs` needs, odder than any: every plan of it can be tried.

    Hours around midnight, grids that do not divide an hour, buffers longer than breaks, and a previous plan.
    """
    chance = random.Random(seed)
    settings = PlanSettings(
        minutes={channel: chance.choice((15, 20, 30, 45, 60)) for channel in TALKING},
        notice={channel: Period(days=chance.choice((0, 0, 1, 2))) for channel in TALKING},
        grid_minutes=chance.choice((15, 20, 25, 30, 30, 40, 60)),
        interpreter_extra_minutes=15,
        horizon_weeks=1,
    )
    worker = _odd_worker(chance)
    left, people, wishes = chance.randint(1, most_needs), list[Citizen](), list[tuple[Window, ...]]()
    while left:
        number = len(people)
        units = min(left, chance.choice((1, 1, 1, 2, 2, 3) if left == 3 else (1, 1, 1, 2)))
        left -= units
        people.append(_odd_citizen(chance, number))
        wishes.append(tuple(_odd_window(chance, unit) for unit in range(units)))
    people += _booked_ones(chance, worker, settings)
    gone = replace(_odd_citizen(chance, 90), id="c90")
    empty = problem(worker, settings, (*people, gone), ())
    demands = [
        Demand(citizen, units, earlier=_earlier(chance, empty, citizen, units))
        for citizen, windows in zip(people, wishes, strict=False)
        for units in [units_of(windows)]
    ]
    withdrawn = {gone.id: 1} if chance.random() < 0.2 else {}
    return problem(worker, settings, (*people, gone), demands, withdrawn)


def _odd_worker(chance: random.Random) -> Caseworker:
    days = chance.sample(range(5), chance.choice((1, 2, 2, 3)))
    hours, breaks = list[Hours](), list[Hours]()
    for day in days:
        if chance.random() < 0.3:
            hours += (Hours(day, time(0), time(1, 30)), Hours(day, time(22, 30), time(23, 59)))
        else:
            start = chance.choice((8, 9, 12))
            hours.append(Hours(day, time(start), time(start + chance.randint(1, 2), chance.choice((0, 30)))))
            if chance.random() < 0.4:
                breaks.append(Hours(day, time(start, 45), time(start + 1)))
    return Caseworker(
        tuple(hours),
        tuple(breaks),
        chance.choice((None, tuple(days[:1]), tuple(days))),
        chance.choice((None, None, 1, 2, 3)),
        chance.choice((0, 0, 10, 15, 45, 90)),
    )


def _odd_citizen(chance: random.Random, number: int) -> Citizen:
    citizen = _citizen(chance, number)
    weekly = tuple(away for away in citizen.unavailable if away.weekday is not None)
    return replace(citizen, unavailable=weekly, interpreter=chance.choice((None, None, None, "arabisk")))


def _odd_window(chance: random.Random, number: int) -> Window:
    target = TODAY + timedelta(days=chance.randint(-8, 9))
    earliest = min(target, TODAY + timedelta(days=chance.choice((-9, -2, 0, 1, 3, 5))))
    latest = target + timedelta(days=chance.choice((0, 0, 1, 3, 8)))
    first = TALKING if chance.random() < 0.8 else tuple(chance.sample(TALKING, 2))
    return due(number, earliest, target, latest, chance.randint(1, 4), first)


def _booked_ones(chance: random.Random, worker: Caseworker, settings: PlanSettings) -> list[Citizen]:
    """Somebody whose conversation is agreed on already, so that it stands in the way."""
    if chance.random() < 0.5 or not worker.working_hours:
        return []
    hours = chance.choice(worker.working_hours)
    talk = Conversation(TODAY + timedelta(days=hours.weekday), hours.start, 30, Channel.PHONE, status=Status.BOOKED)
    return [replace(_odd_citizen(chance, 80), conversations=(talk,))]


def _earlier(
    chance: random.Random, empty: Problem, citizen: Citizen, units: Sequence[Sequence[Window]]
) -> tuple[Earlier, ...]:
    """What a previous plan may have proposed: a slot that is possible still, or one that is not."""
    if chance.random() < 0.5 or not empty.diary.open:
        return ()
    names = [unit[0].requirement for unit in units]
    groups = [names] if chance.random() < 0.3 else [[name] for name in names if chance.random() < 0.8]
    found = []
    for group in groups:
        channel = chance.choice(TALKING)
        day = chance.choice(sorted(empty.diary.open))
        grid = empty.caseload.settings.grid_minutes
        starts = [minute for minute in range(0, 1440, grid) if empty.diary.open[day] >> minute & 1] or [0]
        minutes = empty.caseload.settings.minutes_for(citizen, channel)
        found.append(Earlier(frozenset(group), Slot(day, chance.choice(starts), minutes, channel)))
    return tuple(sorted(found, key=lambda one: (one.slot.on, one.slot.start)))


# --- whole caseloads ---------------------------------------------------------------------------------------------


def caseload(seed: int = 0, citizens: int = 150) -> Caseload:
    """A whole caseload under the law of 2026 with the flexible experiments, as an office would have it."""
    chance = random.Random(seed)
    return Caseload(
        today=TODAY,
        municipality=MUNICIPALITY,
        citizens=tuple(_client(chance, number) for number in range(citizens)),
        adoptions=tuple(Adoption(name, date(2026, 7, 1), None, "invented for a test") for name in EXPERIMENTS),
        caseworker=_worker(chance, 6),
    )


def _client(chance: random.Random, number: int) -> Citizen:
    """A citizen of an ordinary group with a short history, sometimes a fact, rarely a booking."""
    citizen = _citizen(chance, number)
    group = chance.choice(
        (
            *(TargetGroup.INSURED,) * 5,
            *(TargetGroup.SICKNESS,) * 3,
            TargetGroup.JOB_READY,
            TargetGroup.ACTIVITY_READY,
            TargetGroup.FLEX_JOB,
            TargetGroup.INTEGRATION,
        )
    )
    start = TODAY - timedelta(days=chance.choice((5, 12, 30, 60, 120, 200, 400)) + chance.randrange(5))
    length = (TODAY - start).days
    held = (
        Conversation(
            TODAY - timedelta(days=chance.randrange(1, length)),
            time(chance.randrange(8, 15), 0),
            45,
            chance.choice((Channel.IN_PERSON, Channel.IN_PERSON, Channel.PHONE)),
            status=Status.HELD,
        )
        for _ in range(min(4, length // 30))
    )
    return replace(
        citizen,
        target_group=group,
        spell_start=start,
        cadence=chance.choice((None, Cadence.CLOSE, Cadence.STANDARD, Cadence.STANDARD, Cadence.LIGHT)),
        facts=_known(chance),
        conversations=tuple(sorted(held, key=lambda talk: (talk.on, talk.start))),
    )


def _known(chance: random.Random) -> tuple[Fact, ...]:
    if chance.random() > 0.2:
        return ()
    kind = chance.choice((FactKind.EXAMINATION, FactKind.REHIRE, FactKind.JOB_START, FactKind.TREATMENT))
    return (Fact(kind, TODAY + timedelta(days=chance.randrange(3, 60)), None, True, TODAY - timedelta(days=3)),)
