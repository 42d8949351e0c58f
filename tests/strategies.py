"""Random caseloads: small, valid, and odder than any office."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from planner.domain.caseload import (
    Absence,
    Adoption,
    Busy,
    Caseload,
    Caseworker,
    Hours,
    PlanSettings,
    SharedCalendar,
    SharedKind,
)
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import TALKING, Channel, Conversation, Counterpart, Offer, OfferedTime, Status
from planner.domain.periods import Period

#: Experiments by the groups that they are for; no two of them change the same requirement of the same group.
COMPATIBLE = (
    "flexible-contact-insured",
    "flexible-contact-other-groups",
    "flexible-sickness-follow-up",
    "flexible-integration-contact",
    "ledighedsydelse-no-reassessment",
    "rehabilitation-team-discretion",
    "job-rotation",
    "company-ratio",
    "psychological-treatment",
    "micro-loans",
    "freed-pool-funds",
)
#: Days on which much happens: month ends, leap days, week 53, law changes, Easter and Christmas.
NOTABLE = (
    date(2016, 2, 29),
    date(2018, 2, 5),
    date(2019, 12, 31),
    date(2020, 1, 1),
    date(2020, 2, 29),
    date(2020, 12, 28),
    date(2021, 3, 31),
    date(2023, 5, 5),
    date(2023, 12, 31),
    date(2024, 2, 29),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 11, 23),
    date(2026, 12, 23),
    date(2027, 3, 24),
)


def todays() -> st.SearchStrategy[date]:
    """Planning dates in all four laws."""
    anywhere = st.dates(date(2015, 9, 1), date(2027, 12, 31))
    return st.one_of(st.sampled_from(NOTABLE), anywhere)


def near(day: date, before: int, after: int) -> st.SearchStrategy[date]:
    """Days around `day`."""
    return st.integers(-before, after).map(lambda n: day + timedelta(days=n))


def _quarter(first: int = 7, last: int = 17) -> st.SearchStrategy[time]:
    return st.builds(time, st.integers(first, last), st.sampled_from((0, 15, 30, 45)))


@st.composite
def hours_of(draw: st.DrawFn, longest: int = 8) -> Hours:
    """A weekly stretch of at least a quarter of an hour."""
    start = draw(st.integers(7 * 4, 16 * 4))
    end = start + draw(st.integers(1, longest * 4))
    return Hours(draw(st.integers(0, 4)), _time(start * 15), _time(min(end * 15, 23 * 60 + 45)))


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


@st.composite
def busy_times(draw: st.DrawFn, today: date) -> Busy:
    """A busy time of minutes, hours or days."""
    start = datetime.combine(draw(near(today, 3, 45)), draw(_quarter()))
    length = draw(st.sampled_from((5, 20, 60, 150, 8 * 60, 3 * 24 * 60, 60 * 24 * 60)))
    return Busy(start, start + timedelta(minutes=length))


def _usual_hours() -> tuple[Hours, ...]:
    return tuple(Hours(weekday, time(8), time(15)) for weekday in range(5))


@st.composite
def caseworkers(draw: st.DrawFn, today: date) -> Caseworker:
    """A caseworker, sometimes without hours, without days in person, or away all the time."""
    usual = st.just(_usual_hours())
    working = draw(st.one_of(usual, usual, st.lists(hours_of(), max_size=4).map(tuple)))
    breaks = draw(st.one_of(st.just(()), st.lists(hours_of(longest=1), max_size=3).map(tuple)))
    absences = st.builds(_absence, near(today, 2, 40), st.sampled_from((0, 1, 4, 20, 80)))
    return Caseworker(
        working,
        breaks,
        draw(st.one_of(st.none(), st.lists(st.integers(0, 4), unique=True, max_size=3).map(tuple))),
        draw(st.sampled_from((None, None, 0, 1, 2, 6))),
        draw(st.sampled_from((0, 0, 10, 15, 45))),
        tuple(draw(st.lists(busy_times(today), max_size=4))),
        tuple(draw(st.lists(absences, max_size=2))),
    )


def _absence(first: date, days: int) -> Absence:
    return Absence(first, first + timedelta(days=days))


@st.composite
def shared_calendars(draw: st.DrawFn, today: date) -> SharedCalendar:
    """A room or an interpreter, always there or some hours a week, now and then taken."""
    language = draw(st.sampled_from((None, "Arabisk", "arabisk ", "tigrinya")))
    usual = st.sampled_from(((), (), _usual_hours()))
    return SharedCalendar(
        SharedKind.INTERPRETER if language else SharedKind.ROOM,
        "Prøve",
        language,
        draw(st.one_of(usual, usual, st.lists(hours_of(), min_size=1, max_size=4).map(tuple))),
        tuple(draw(st.lists(busy_times(today), max_size=3))),
    )


@st.composite
def conversations(draw: st.DrawFn, today: date, since: date) -> Conversation:
    """A conversation: booked ones from today on, all others before."""
    future = draw(st.booleans())
    if future:
        on, status = draw(near(today, 0, 50)), draw(st.sampled_from((Status.BOOKED, Status.CANCELLED_BY_CITIZEN)))
    else:
        past = max(1, (today - since).days)
        on = today - timedelta(days=draw(st.integers(0, past + 30)))
        status = draw(st.sampled_from((Status.HELD, Status.HELD, Status.HELD, *Status)))
    return Conversation(
        on,
        draw(_quarter()),
        draw(st.sampled_from((15, 30, 45, 60))),
        draw(st.sampled_from((*TALKING, *TALKING, Channel.LETTER))),
        draw(st.sampled_from((Counterpart.CASEWORKER, Counterpart.CASEWORKER, Counterpart.CASEWORKER, *Counterpart))),
        status,
        draw(st.sampled_from(((), (), ("flex-job-reassessment",), ("LÆ285",)))),
        draw(st.booleans()),
    )


@st.composite
def offers(draw: st.DrawFn, today: date) -> Offer:
    """An offer of self-booking, open or run out."""
    on = draw(near(today, 20, 0))
    until = on + timedelta(days=draw(st.integers(8, 15)))
    time = st.builds(
        OfferedTime,
        st.integers(1, 9).map(lambda n: until + timedelta(days=n)),
        _quarter(),
        st.sampled_from((30, 45)),
        st.sampled_from(TALKING),
    )
    return Offer(on, until, tuple(draw(st.lists(time, min_size=1, max_size=3))))


@st.composite
def facts(draw: st.DrawFn, today: date) -> Fact:
    """Something known, before or after today, documented or not."""
    on = draw(near(today, 60, 70))
    until = draw(st.one_of(st.none(), st.integers(0, 60).map(lambda n: on + timedelta(days=n))))
    kinds = tuple(kind for kind in FactKind if kind is not FactKind.DEATH) * 3 + (FactKind.DEATH,)
    noted = draw(st.one_of(st.none(), near(today, 30, 0)))
    return Fact(draw(st.sampled_from(kinds)), on, until, draw(st.booleans()), noted)


@st.composite
def unavailable(draw: st.DrawFn, today: date) -> Unavailable:
    """Days away, or a weekly stretch."""
    if draw(st.booleans()):
        first = draw(near(today, 5, 45))
        return Unavailable(first, first + timedelta(days=draw(st.sampled_from((0, 3, 14, 90)))))
    stretch = draw(hours_of())
    return Unavailable(weekday=stretch.weekday, start=stretch.start, end=stretch.end)


@st.composite
def citizens(
    draw: st.DrawFn,
    today: date,
    id: str = "c1",  # noqa: A002 - the name of the field
    groups: tuple[TargetGroup, ...] = tuple(TargetGroup),
) -> Citizen:
    """A citizen of any group, new or old, with a short history."""
    ages = st.one_of(st.integers(0, 60), st.integers(0, 250), st.integers(0, 900))
    spell_start = today - timedelta(days=draw(ages))
    decided = st.builds(
        Exemption, near(today, 60, 0), st.one_of(st.none(), near(today, 10, 90)), st.just("self-driven")
    )
    talks = tuple(draw(st.lists(conversations(today, spell_start), max_size=4)))
    booked = any(talk.status is Status.BOOKED for talk in talks)
    return Citizen(
        id=id,
        name=f"Prøve Borger {id}",
        target_group=draw(st.sampled_from(groups)),
        spell_start=spell_start,
        cadence=draw(st.sampled_from((None, None, *Cadence))),
        channels=tuple(draw(st.lists(st.sampled_from(TALKING), unique=True, min_size=1)))
        if draw(st.booleans())
        else TALKING,
        handover_on=draw(st.one_of(st.none(), st.none(), near(spell_start, 0, 150))),
        exemption=draw(st.one_of(st.none(), st.none(), st.none(), decided)),
        preferred_channel=draw(st.sampled_from((None, *TALKING))),
        interpreter=draw(st.sampled_from((None, None, "arabisk"))),
        unavailable=tuple(draw(st.lists(unavailable(today), max_size=2))),
        facts=tuple(draw(st.lists(facts(today), max_size=2))),
        conversations=talks,
        offer=None if booked else draw(st.one_of(st.none(), st.none(), offers(today))),
    )


@st.composite
def adoptions(draw: st.DrawFn, today: date) -> tuple[Adoption, ...]:
    """Some of the shipped experiments, most of them in force."""
    chosen = draw(st.lists(st.sampled_from(COMPATIBLE), unique=True, max_size=4))
    return tuple(
        Adoption(
            name, draw(near(today, 400, 5)), draw(st.one_of(st.none(), near(today, 5, 400))), "invented for a test"
        )
        for name in sorted(chosen)
    )


@st.composite
def settings_of(draw: st.DrawFn) -> PlanSettings:
    """The defaults, or a coarse grid, long conversations, long notice and a short horizon."""
    if draw(st.booleans()):
        return PlanSettings()
    minutes = {channel: draw(st.sampled_from((20, 30, 45, 60))) for channel in TALKING}
    notice = {channel: draw(st.sampled_from((Period(), Period(days=1), Period(days=8)))) for channel in TALKING}
    horizon = draw(st.integers(1, 8))
    concrete = draw(st.integers(1, 8))
    return PlanSettings(minutes, notice, draw(st.sampled_from((5, 15, 30, 60))), 15, horizon, concrete)


@st.composite
def caseloads(draw: st.DrawFn, most: int = 5) -> Caseload:
    """A whole caseload of no more than `most` citizens."""
    today = draw(todays())
    count = draw(st.integers(0, most))
    people = tuple(draw(citizens(today, id=f"c{number}")) for number in range(count))
    closed = st.one_of(
        st.just(()), st.just(()), st.lists(near(today, 0, 45), max_size=3).map(tuple), st.just(_all_closed(today))
    )
    shared = st.one_of(st.just(()), st.lists(shared_calendars(today), max_size=3).map(tuple))
    return Caseload(
        today=today,
        municipality=draw(st.sampled_from(("Aalborg", "Prøvekommune"))),
        citizens=people,
        adoptions=draw(adoptions(today)),
        caseworker=draw(caseworkers(today)),
        closing_days=draw(closed),
        settings=draw(settings_of()),
        shared_calendars=draw(shared),
    )


def _all_closed(today: date) -> tuple[date, ...]:
    return tuple(today + timedelta(days=n) for n in range(120))
