"""The validator names every broken rule of a plan, and nothing in a plan that keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calendar import public_holidays
from planner.domain.caseload import Caseload, PlanSettings, SharedCalendar
from planner.domain.citizens import FactKind, Unavailable
from planner.domain.conversations import Channel, Counterpart, Status
from planner.domain.periods import Period
from planner.planning.plan import (
    Bucket,
    CitizenPlan,
    FixedRhythm,
    Plan,
    Proposal,
    Quality,
    Ranked,
    Slot,
    WeekCapacity,
)
from planner.planning.validator import objective, violations
from planner.planning.validator.office_days import OfficeDays, holidays_of
from planner.rules.windows import Because, Window, WindowKind, WindowStatus, because
from tests.builders import (
    absence,
    away,
    away_weekly,
    booked,
    busy,
    caseload,
    caseworker,
    citizen,
    day,
    every_day,
    fact,
    held,
    hours,
    interpreter,
    room,
)

PHONE, DIGITAL, IN_PERSON = Channel.PHONE, Channel.DIGITAL, Channel.IN_PERSON
TODAY = day("2026-11-23")
HERE: tuple[Because, ...] = (because("for_the_test"),)


def minutes(text: str) -> int:
    """Minutes from midnight from `HH:MM`."""
    return int(text[:2]) * 60 + int(text[3:])


def slot(on: str, start: str, channel: Channel = PHONE, length: int | None = None) -> Slot:
    """A slot with the default length of its channel."""
    default = 45 if channel is IN_PERSON else 30
    return Slot(day(on), minutes(start), default if length is None else length, channel)


def window(
    requirement: str = "rhythm",
    earliest: str = "2026-11-23",
    target: str = "2026-12-01",
    latest: str = "2026-12-10",
    kind: WindowKind = WindowKind.RECURRING,
    status: WindowStatus = WindowStatus.DUE,
    priority: int = 3,
) -> Window:
    """A due window of the law."""
    return Window(requirement, kind, status, day(earliest), day(target), day(latest), HERE, priority=priority)


def proposal(at: Slot, *covers: str, alternatives: tuple[Slot, ...] | None = None) -> Proposal:
    """A proposal with two alternatives an hour and two hours later."""
    hour = tuple(replace(at, start=at.start + 60 * n) for n in (1, 2))
    return Proposal(at, covers or ("rhythm",), (), hour if alternatives is None else alternatives, False, HERE)


def part(name: str, *windows: Window, at: Proposal | None = None, bucket: Bucket = Bucket.PROPOSED) -> CitizenPlan:
    """One citizen's part."""
    return CitizenPlan(name, bucket, windows, FixedRhythm(), at, because=HERE)


def plan_of(caseload_: Caseload, *parts: CitizenPlan) -> Plan:
    """A plan of these parts whose frame is in order."""
    end = caseload_.today + timedelta(weeks=caseload_.settings.horizon_weeks)
    order = sorted(parts, key=lambda p: (list(Bucket).index(p.bucket), p.id))
    plan = Plan(
        today=caseload_.today,
        horizon_end=end,
        municipality=caseload_.municipality,
        packs=(),
        adoptions=(),
        citizens=parts,
        order=tuple(Ranked(p.id, p.bucket, 0, {}) for p in order),
        capacity=(),
        exempted_share=None,
        quality=Quality(0, 0, 0.0),
    )
    return priced(caseload_, plan)


def priced(caseload_: Caseload, plan: Plan) -> Plan:
    """The same plan with its capacity and its objective added up again."""
    slots = [p.slot for c in plan.citizens for p in (c.proposal, *c.later) if p is not None]
    monday = plan.today - timedelta(days=plan.today.weekday())
    weeks = [(monday + timedelta(weeks=n)).isocalendar() for n in range(12)]
    capacity = tuple(
        WeekCapacity(
            w.year, w.week, 0, 0, sum(s.minutes for s in slots if s.on.isocalendar()[:2] == (w.year, w.week)), 0
        )
        for w in weeks
    )
    cost = objective(caseload_, plan)
    return replace(plan, capacity=capacity, quality=Quality(cost, cost, 0.0))


AT = slot("2026-12-01", "09:00")


def office(**changes: object) -> Caseload:
    """Two citizens, one to be planned and one with a conversation booked the same day."""
    one = citizen("c1", conversations=[held("2026-10-05")])
    two = citizen("c2", conversations=[held("2026-10-06"), booked("2026-12-01", "13:00")])
    return replace(caseload(one, two, today=TODAY), **changes)  # type: ignore[arg-type]


def valid(caseload_: Caseload | None = None, at: Slot = AT) -> Plan:
    """The first citizen is proposed the slot; the second one is covered."""
    covered = window(status=WindowStatus.COVERED)
    return plan_of(
        caseload_ or office(), part("c1", window(), at=proposal(at)), part("c2", covered, bucket=Bucket.BOOKED)
    )


def codes(caseload_: Caseload, plan: Plan) -> set[str]:
    """The codes that the validator names, without citizen and slot."""
    return {found.split(":")[0].split(" ")[0] for found in violations(caseload_, plan)}


def with_proposal(plan: Plan, changed: Proposal | None, *later: Proposal) -> Plan:
    """The plan with another proposal for the first citizen."""
    first = replace(plan.citizens[0], proposal=changed, later=later)
    return replace(plan, citizens=(first, *plan.citizens[1:]))


def test_a_plan_that_keeps_every_rule_is_accepted() -> None:
    assert violations(office(), valid()) == ()


@pytest.mark.parametrize("year", range(1995, 2100))
def test_the_two_sources_of_holidays_agree(year: int) -> None:
    assert holidays_of(year) == public_holidays(year)


@pytest.mark.parametrize(
    ("on", "is_holiday"),
    [
        ("2023-05-05", True),  # the last store bededag
        ("2024-04-26", False),
        ("2026-04-02", True),  # Maundy Thursday
        ("2027-05-06", True),  # Ascension
        ("2026-12-24", False),  # not a public holiday: an office that is closed states it
        ("2026-06-05", False),  # Constitution Day likewise
    ],
)
def test_holidays_that_are_easily_mistaken(on: str, is_holiday: bool) -> None:
    assert (day(on) in holidays_of(day(on).year)) is is_holiday


#: Where the same proposal stands in an office that has changed: what must be named.
CHANGED_OFFICES: dict[str, tuple[Caseload, str]] = {
    "hours end before it": (office(caseworker=caseworker(every_day("08:00", "09:15"))), "outside-working-hours"),
    "hours begin in it": (office(caseworker=caseworker(every_day("09:15", "16:00"))), "outside-working-hours"),
    "hours on other weekdays": (office(caseworker=caseworker([hours(0, "08:00", "16:00")])), "outside-working-hours"),
    "no hours at all": (office(caseworker=caseworker([])), "outside-working-hours"),
    "a gap of fifteen minutes between two stretches": (
        office(caseworker=caseworker([*every_day("08:00", "09:10"), *every_day("09:20", "16:00")])),
        "outside-working-hours",
    ),
    "a break in it": (office(caseworker=caseworker(breaks=every_day("09:10", "09:15"))), "in-a-break"),
    "a break around it": (office(caseworker=caseworker(breaks=every_day("08:00", "10:00"))), "in-a-break"),
    "busy in it": (office(caseworker=caseworker(busy=[busy("2026-12-01T09:29", "2026-12-01T09:45")])), "busy"),
    "busy for days": (office(caseworker=caseworker(busy=[busy("2026-11-29T15:00", "2026-12-03T08:00")])), "busy"),
    "busy until it has begun": (
        office(caseworker=caseworker(busy=[busy("2026-11-30T15:00", "2026-12-01T09:01")])),
        "busy",
    ),
    "absent that day": (office(caseworker=caseworker(absent=[absence("2026-12-01")])), "caseworker-absent"),
    "absent for long": (
        office(caseworker=caseworker(absent=[absence("2026-11-20", "2027-01-10")])),
        "caseworker-absent",
    ),
    "closed": (office(closing_days=(day("2026-12-01"),)), "closing-day"),
    "one a day": (office(caseworker=caseworker(max_per_day=1)), "more-than-max-per-day"),
    "none a day": (office(caseworker=caseworker(max_per_day=0)), "more-than-max-per-day"),
    "notice of nine days": (
        office(settings=PlanSettings(notice={c: Period(days=9) for c in (PHONE, DIGITAL, IN_PERSON)})),
        "too-short-notice",
    ),
    "a grid of forty minutes": (office(settings=PlanSettings(grid_minutes=40)), "off-the-grid"),
    "longer conversations": (
        office(settings=PlanSettings(minutes={PHONE: 40, DIGITAL: 30, IN_PERSON: 45})),
        "wrong-minutes",
    ),
    "a horizon of a week": (office(settings=PlanSettings(horizon_weeks=1)), "beyond-the-horizon"),
    "a later today": (office(today=day("2026-12-02")), "in-the-past"),
    "concrete for a week": (office(settings=PlanSettings(concrete_weeks=1)), "tentative"),
}


@pytest.mark.parametrize("name", CHANGED_OFFICES)
def test_a_rule_of_the_office_that_is_broken_is_named(name: str) -> None:
    changed, code = CHANGED_OFFICES[name]
    if code == "tentative":
        assert codes(changed, valid(changed, slot("2026-12-02", "09:00"))) == {code}
    else:
        assert code in codes(changed, valid())


#: Where the citizen of the proposal has changed: what must be named.
CHANGED_CITIZENS: dict[str, tuple[dict[str, object], str]] = {
    "away that day": ({"unavailable": (away("2026-12-01"),)}, "citizen-unavailable-day"),
    "away around it": ({"unavailable": (away("2026-11-01", "2027-01-01"),)}, "citizen-unavailable-day"),
    "away from then on": ({"unavailable": (Unavailable(first=day("2026-12-01")),)}, "citizen-unavailable-day"),
    "away until then": ({"unavailable": (Unavailable(last=day("2026-12-01")),)}, "citizen-unavailable-day"),
    "at school on Tuesdays": ({"unavailable": (away_weekly(1, "09:15", "12:00"),)}, "citizen-unavailable-hours"),
    "until it has begun": ({"unavailable": (away_weekly(1, "07:00", "09:05"),)}, "citizen-unavailable-hours"),
    "all Tuesday": ({"unavailable": (Unavailable(weekday=1),)}, "citizen-unavailable-hours"),
    "on holiday": ({"facts": (fact(FactKind.HOLIDAY, "2026-11-30", "2026-12-04"),)}, "citizen-on-holiday-or-absent"),
    "absent": ({"facts": (fact(FactKind.ABSENCE, "2026-12-01"),)}, "citizen-on-holiday-or-absent"),
    "no phone": ({"channels": (DIGITAL, IN_PERSON)}, "channel-the-citizen-cannot-use"),
    "an interpreter": ({"interpreter": "arabisk"}, "wrong-minutes"),
    "dead": ({"facts": (fact(FactKind.DEATH, "2026-11-20"),)}, "dead-but-not-ended"),
    "booked at the time": ({"conversations": (booked("2026-12-01", "09:15"),)}, "meets-a-booked-one"),
    "booked around it": ({"conversations": (booked("2026-12-01", "08:00", minutes=180),)}, "meets-a-booked-one"),
    "booked until it has begun": (
        {"conversations": (booked("2026-12-01", "08:30", minutes=31),)},
        "meets-a-booked-one",
    ),
}


@pytest.mark.parametrize("name", CHANGED_CITIZENS)
def test_a_rule_of_the_citizen_that_is_broken_is_named(name: str) -> None:
    changes, code = CHANGED_CITIZENS[name]
    here = office()
    changed = replace(here, citizens=(replace(here.citizens[0], **changes), here.citizens[1]))  # type: ignore[arg-type]
    assert code in codes(changed, valid())


#: A slot that breaks a rule by itself.
WRONG_SLOTS: dict[str, tuple[Slot, str]] = {
    "a Saturday": (slot("2026-12-05", "09:00"), "weekend"),
    "a Sunday": (slot("2026-12-06", "09:00"), "weekend"),
    "Christmas Day": (slot("2026-12-25", "09:00"), "public-holiday"),
    "New Year's Day": (slot("2027-01-01", "09:00"), "public-holiday"),
    "before opening": (slot("2026-12-01", "07:45"), "outside-working-hours"),
    "past closing": (slot("2026-12-01", "15:45"), "outside-working-hours"),
    "in lunch": (slot("2026-12-01", "11:15"), "in-a-break"),
    "another's conversation": (slot("2026-12-01", "12:45"), "meets-a-booked-one"),
    "a little past the quarter": (slot("2026-12-01", "09:05"), "off-the-grid"),
    "too long": (slot("2026-12-01", "09:00", length=45), "wrong-minutes"),
    "no length": (slot("2026-12-01", "09:00", length=0), "wrong-minutes"),
    "by letter": (slot("2026-12-01", "09:00", Channel.LETTER), "not-a-talking-channel"),
    "today by phone": (slot("2026-11-23", "09:00"), "too-short-notice"),
    "in a week in person": (slot("2026-11-30", "09:00", IN_PERSON), "too-short-notice"),
    "yesterday": (slot("2026-11-20", "09:00"), "in-the-past"),
    "after six weeks": (slot("2027-01-05", "09:00"), "beyond-the-horizon"),
}


@pytest.mark.parametrize("name", WRONG_SLOTS)
def test_a_slot_that_breaks_a_rule_is_named(name: str) -> None:
    wrong, code = WRONG_SLOTS[name]
    assert code in codes(office(), valid(at=wrong))


@pytest.mark.parametrize("name", WRONG_SLOTS)
def test_an_alternative_that_breaks_a_rule_is_named(name: str) -> None:
    wrong, code = WRONG_SLOTS[name]
    changed = with_proposal(valid(), proposal(AT, alternatives=(slot("2026-12-01", "10:00"), wrong)))
    assert codes(office(), changed) == {f"alternative-{found}" for found in codes_of(wrong)}
    assert f"alternative-{code}" in codes(office(), changed)


@pytest.mark.parametrize("name", WRONG_SLOTS)
def test_a_later_conversation_that_breaks_a_rule_is_named(name: str) -> None:
    wrong, code = WRONG_SLOTS[name]
    here, second = office(), window("second")
    plan = plan_of(here, part("c1", window(), second, at=proposal(AT)), part("c2", bucket=Bucket.BOOKED))
    assert code in codes(here, with_proposal(plan, plan.citizens[0].proposal, proposal(wrong, "second")))


def codes_of(wrong: Slot) -> set[str]:
    """Everything that is wrong with the slot for the first citizen, without what the plan around it causes."""
    around = {"objective", "tentative", "capacity-proposed", "neither-placed-nor-explained"}
    found = codes(office(), with_proposal(valid(), proposal(wrong, alternatives=())))
    return {code for code in found if not code.startswith("too-few")} - around


@pytest.mark.parametrize(
    ("weekdays", "found"),
    [((0, 2), {"not-an-in-person-day"}), ((), {"not-an-in-person-day"}), ((1,), set()), (None, set())],
)
def test_in_person_only_on_the_days_for_it(weekdays: tuple[int, ...] | None, found: set[str]) -> None:
    here = office(caseworker=caseworker(in_person_days=weekdays))
    assert (
        codes(here, valid(here, slot("2026-12-08", "13:00", IN_PERSON))) - {"alternative-not-an-in-person-day"} == found
    )
    assert codes(here, valid(here, slot("2026-12-08", "13:00", PHONE))) == set()


#: Who shares the office when the first citizen is met in person from 13:00 to 14:00 with an interpreter of Arabic.
SHARED: dict[str, tuple[tuple[SharedCalendar, ...], set[str]]] = {
    "nothing named": ((), set()),
    "a room and an interpreter": ((room(), interpreter("arabisk")), set()),
    "an interpreter in capitals": ((interpreter("ARABISK ", every_day("13:00", "14:00")),), set()),
    "a room from its first minute to its last": ((room(available=[hours(1, "13:00", "14:00")]),), set()),
    "a room a minute too late": ((room(available=[hours(1, "13:01", "15:00")]),), {"no-room-free"}),
    "a room a minute too short": ((room(available=[hours(1, "13:00", "13:59")]),), {"no-room-free"}),
    "a room on other days": ((room(available=[hours(0, "08:00", "16:00")]),), {"no-room-free"}),
    "a room taken in the middle": ((room(busy=[busy("2026-12-08T13:30", "2026-12-08T13:31")]),), {"no-room-free"}),
    "a room taken for days": ((room(busy=[busy("2026-12-07T15:00", "2026-12-09T08:00")]),), {"no-room-free"}),
    "a room taken before and after": (
        (room(busy=[busy("2026-12-08T08:00", "2026-12-08T13:00"), busy("2026-12-08T14:00", "2026-12-08T15:00")]),),
        set(),
    ),
    "one room after the other": (
        (room("1", every_day("08:00", "13:30")), room("2", every_day("13:30", "16:00"))),
        {"no-room-free"},
    ),
    "one of two rooms": ((room("1", every_day("08:00", "13:30")), room("2")), set()),
    "an interpreter who leaves": (
        (room(), interpreter("arabisk", every_day("08:00", "13:59"))),
        {"no-interpreter-free"},
    ),
    "one interpreter after the other": (
        (interpreter("arabisk", every_day("08:00", "13:30")), interpreter("arabisk", every_day("13:30", "16:00"))),
        {"no-interpreter-free"},
    ),
    "interpreters of other languages": ((interpreter("tigrinya", every_day("06:00", "07:00")),), set()),
    "neither": (
        (room(available=every_day("08:00", "09:00")), interpreter("Arabisk", every_day("08:00", "09:00"))),
        {"no-room-free", "no-interpreter-free"},
    ),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_room_and_an_interpreter_stay_until_the_conversation_ends(name: str) -> None:
    shared, found = SHARED[name]
    here = office(shared_calendars=shared)
    here = replace(here, citizens=(replace(here.citizens[0], interpreter="arabisk"), here.citizens[1]))
    at = proposal(slot("2026-12-08", "13:00", IN_PERSON, 60), alternatives=())
    found_at_it = codes(here, priced(here, with_proposal(valid(here), at)))
    assert found_at_it - {"too-few-alternatives"} == found
    beside = proposal(slot("2026-12-02", "09:00", length=45), alternatives=(at.slot,))
    named = codes(here, priced(here, with_proposal(valid(here), beside)))
    assert {f"alternative-{code}" for code in found} <= named


def test_by_phone_no_room_is_needed_and_without_an_interpreter_none() -> None:
    never = every_day("06:00", "07:00")
    assert codes(office(shared_calendars=(room(available=never), interpreter("arabisk", never))), valid()) == set()


@pytest.mark.parametrize(
    ("start", "buffer", "found"),
    [
        ("12:30", 0, set()),
        ("12:30", 15, {"no-buffer-to-a-booked-one"}),
        ("12:15", 15, set()),
        ("12:15", 16, {"no-buffer-to-a-booked-one"}),
        ("13:45", 0, set()),
        ("13:45", 15, {"no-buffer-to-a-booked-one"}),
        ("14:00", 15, set()),
    ],
)
def test_the_buffer_holds_before_and_after_a_booked_conversation(start: str, buffer: int, found: set[str]) -> None:
    here = office(caseworker=caseworker(buffer_minutes=buffer))
    at = proposal(slot("2026-12-01", start), alternatives=(slot("2026-12-02", "09:00"), slot("2026-12-02", "10:00")))
    assert codes(here, priced(here, with_proposal(valid(here), at))) == found


@pytest.mark.parametrize("start", ["08:00", "11:00", "12:00", "15:30"])
def test_a_buffer_may_reach_into_a_break_and_past_the_days_end(start: str) -> None:
    here = office(caseworker=caseworker(buffer_minutes=60))
    at = proposal(slot("2026-12-03", start), alternatives=(slot("2026-12-02", "09:00"), slot("2026-12-02", "10:00")))
    assert violations(here, priced(here, with_proposal(valid(here), at))) == ()


@pytest.mark.parametrize(
    ("other", "buffer", "found"),
    [
        ("09:00", 0, {"proposals-meet"}),
        ("09:15", 0, {"proposals-meet"}),
        ("08:45", 0, {"proposals-meet"}),
        ("09:30", 0, set()),
        ("09:30", 15, {"no-buffer-between-proposals"}),
        ("08:30", 15, {"no-buffer-between-proposals"}),
        ("09:45", 15, set()),
    ],
)
def test_two_proposals_keep_apart(other: str, buffer: int, found: set[str]) -> None:
    here = office(caseworker=caseworker(buffer_minutes=buffer))
    second = proposal(
        slot("2026-12-01", other), alternatives=(slot("2026-12-02", "09:00"), slot("2026-12-02", "10:00"))
    )
    plan = plan_of(here, part("c1", window(), at=proposal(AT)), part("c2", window(), at=second))
    assert codes(here, plan) == found


NIGHT = (hours(0, "00:00", "23:59"), hours(1, "00:00", "23:59"), hours(2, "00:00", "23:59"))


@pytest.mark.parametrize(
    ("evening", "morning", "buffer", "found"),
    [
        ("23:15", "00:00", 15, set()),
        ("23:15", "00:00", 16, {"no-buffer-between-proposals"}),
        ("23:15", "00:15", 30, set()),
        ("22:00", "01:00", 150, set()),
        ("22:00", "01:00", 151, {"no-buffer-between-proposals"}),
    ],
)
def test_two_proposals_keep_apart_past_midnight(evening: str, morning: str, buffer: int, found: set[str]) -> None:
    here = office(caseworker=caseworker(NIGHT, buffer_minutes=buffer))
    others = (slot("2026-11-30", "09:00"), slot("2026-11-30", "10:00"))
    first = proposal(slot("2026-12-01", evening), alternatives=others)
    second = proposal(slot("2026-12-02", morning), alternatives=others)
    plan = plan_of(here, part("c1", window(), at=first), part("c2", window(), at=second))
    assert codes(here, plan) == found


@pytest.mark.parametrize(
    ("on", "start", "length", "buffer", "found"),
    [
        ("2026-11-30", "23:30", 60, 0, {"meets-a-booked-one"}),
        ("2026-11-30", "23:00", 60, 15, {"no-buffer-to-a-booked-one"}),
        ("2026-11-30", "23:00", 45, 15, set()),
        ("2026-12-02", "00:00", 30, 0, set()),
    ],
)
def test_what_is_booked_in_the_night_before_stands_in_the_way(
    on: str, start: str, length: int, buffer: int, found: set[str]
) -> None:
    here = office(caseworker=caseworker(NIGHT, buffer_minutes=buffer))
    agreed = booked(on, start, minutes=length)
    here = replace(here, citizens=(here.citizens[0], replace(here.citizens[1], conversations=(agreed,))))
    others = (slot("2026-12-01", "09:00"), slot("2026-12-01", "10:00"))
    early = proposal(slot("2026-12-01", "00:00"), alternatives=others)
    assert codes(here, priced(here, with_proposal(valid(here), early))) == found


def test_two_conversations_with_the_same_citizen_keep_apart_too() -> None:
    here, others = office(), (slot("2026-12-02", "09:00"), slot("2026-12-02", "10:00"))
    plan = plan_of(here, part("c1", window(), window("second"), at=proposal(AT)), part("c2", bucket=Bucket.BOOKED))
    later = proposal(slot("2026-12-01", "09:15"), "second", alternatives=others)
    assert codes(here, priced(here, with_proposal(plan, plan.citizens[0].proposal, later))) == {"proposals-meet"}


def test_booked_and_proposed_together_keep_the_days_limit() -> None:
    here = office(caseworker=caseworker(max_per_day=2))
    first, second = proposal(AT), proposal(slot("2026-12-01", "14:00"))
    crowded = plan_of(here, part("c1", window(), at=first), part("c2", window(), at=second))
    assert codes(here, valid(here)) == set()
    assert codes(here, crowded) == {"more-than-max-per-day", "alternative-outside-working-hours"}


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.BOOKED])
def test_only_a_booked_conversation_takes_time(status: Status) -> None:
    here = office()
    other = replace(booked("2026-12-01", "09:00"), status=status)
    changed = replace(here, citizens=(here.citizens[0], replace(here.citizens[1], conversations=(other,))))
    assert codes(changed, valid()) == set()


def test_two_adjoining_stretches_of_work_are_one() -> None:
    worker = caseworker([*every_day("08:00", "09:15"), *every_day("09:15", "16:00"), *every_day("10:00", "12:00")])
    assert violations(office(caseworker=worker), valid()) == ()


Change = Callable[[Plan], Plan]


def _part(plan: Plan, **changes: object) -> Plan:
    return replace(plan, citizens=(replace(plan.citizens[0], **changes), *plan.citizens[1:]))  # type: ignore[arg-type]


def _proposal(plan: Plan, **changes: object) -> Plan:
    first = plan.citizens[0].proposal
    assert first is not None
    return _part(plan, proposal=replace(first, **changes))  # type: ignore[arg-type]


def _rank(plan: Plan, **changes: object) -> Plan:
    return replace(plan, order=(replace(plan.order[0], **changes), *plan.order[1:]))  # type: ignore[arg-type]


def _quality(plan: Plan, **changes: object) -> Plan:
    return replace(plan, quality=replace(plan.quality, **changes))  # type: ignore[arg-type]


LATER = proposal(slot("2026-12-09", "09:00"))
#: A plan in which one thing is untrue: what must be named.
BROKEN: dict[str, tuple[Change, str]] = {
    "another date": (lambda p: replace(p, today=p.today + timedelta(days=1)), "another-today"),
    "another horizon": (lambda p: replace(p, horizon_end=p.horizon_end + timedelta(days=1)), "another-horizon"),
    "no capacity": (lambda p: replace(p, capacity=()), "capacity-of-other-weeks"),
    "minutes forgotten": (
        lambda p: replace(p, capacity=tuple(replace(w, proposed=0) for w in p.capacity)),
        "capacity-proposed",
    ),
    "somebody gone": (lambda p: replace(p, citizens=p.citizens[:1]), "missing-in-citizens"),
    "nobody left": (lambda p: replace(p, citizens=(), order=()), "missing-in-citizens"),
    "somebody twice": (lambda p: replace(p, citizens=(*p.citizens, p.citizens[1])), "twice-in-citizens"),
    "a stranger": (lambda p: _part(p, id="c9"), "stranger-in-citizens"),
    "gone from the order": (lambda p: replace(p, order=p.order[1:]), "missing-in-order"),
    "twice in the order": (lambda p: replace(p, order=(*p.order, p.order[-1])), "twice-in-order"),
    "a stranger in the order": (lambda p: _rank(p, id="c9"), "stranger-in-order"),
    "the order turned": (lambda p: replace(p, order=p.order[::-1]), "out-of-order"),
    "another bucket in the order": (lambda p: _rank(p, bucket=Bucket.OVERDUE), "another-bucket-in-order"),
    "a score without parts": (lambda p: _rank(p, score=7), "parts-do-not-sum-to-score"),
    "parts without a score": (lambda p: _rank(p, parts={"near": 2}), "parts-do-not-sum-to-score"),
    "before the window": (
        lambda p: _part(p, windows=(window(earliest="2026-12-02", target="2026-12-03"),)),
        "before-earliest",
    ),
    "covers nothing": (lambda p: _proposal(p, covers=()), "covers-nothing"),
    "covers what is not there": (lambda p: _proposal(p, covers=("rhythm", "other")), "covers-unknown"),
    "covers it twice": (lambda p: _proposal(p, covers=("rhythm", "rhythm")), "covers-repeated"),
    "covers what is met": (lambda p: _part(p, windows=(window(status=WindowStatus.MET),)), "covers-not-due"),
    "covers what is lifted": (lambda p: _part(p, windows=(window(status=WindowStatus.LIFTED),)), "covers-not-due"),
    "covered by two": (lambda p: _part(p, later=(LATER,)), "covered-twice"),
    "only a later one": (lambda p: _part(p, proposal=None, later=(LATER,)), "later-without-proposal"),
    "the later one first": (
        lambda p: _part(p, proposal=LATER, later=(p.citizens[0].proposal,)),
        "later-before-proposal",
    ),
    "a channel that does not count": (
        lambda p: _part(p, windows=(replace(window(), channels=(IN_PERSON,)),)),
        "channel-does-not-count",
    ),
    "tentative too soon": (lambda p: _proposal(p, tentative=True), "tentative"),
    "an ended citizen": (lambda p: _part(p, bucket=Bucket.ENDED), "proposal-for-ended"),
    "an exempt citizen": (lambda p: _part(p, bucket=Bucket.EXEMPT), "proposal-for-exempt"),
    "neither placed nor explained": (lambda p: _part(p, proposal=None), "neither-placed-nor-explained"),
    "no reason for the bucket": (lambda p: _part(p, because=()), "bucket-without-reason"),
    "no alternative": (lambda p: _proposal(p, alternatives=()), "too-few-alternatives"),
    "one alternative": (lambda p: _proposal(p, alternatives=(slot("2026-12-01", "10:00"),)), "too-few-alternatives"),
    "itself as alternative": (
        lambda p: _proposal(p, alternatives=(AT, slot("2026-12-01", "10:00"))),
        "alternative-repeated",
    ),
    "the same alternative twice": (
        lambda p: _proposal(p, alternatives=(slot("2026-12-01", "10:00"),) * 2),
        "alternative-repeated",
    ),
    "lifted and due": (
        lambda p: _part(p, windows=(window(), window(status=WindowStatus.LIFTED))),
        "lifted-and-due",
    ),
    "a question and due": (
        lambda p: _part(p, windows=(window(), window(status=WindowStatus.DISCRETIONARY))),
        "lifted-and-due",
    ),
    "due by law and by experiment": (
        lambda p: _part(p, windows=(window(), replace(window(), binding=False))),
        "due-by-law-and-by-experiment",
    ),
    "a quota due twice": (lambda p: _part(p, windows=(window(kind=WindowKind.QUOTA),) * 2), "due-twice"),
    "a cheaper objective": (lambda p: _quality(p, objective=p.quality.objective - 1), "objective"),
    "a bound above": (lambda p: _quality(p, lower_bound=p.quality.objective + 1), "lower-bound-above-objective"),
    "another gap": (lambda p: _quality(p, gap=0.5), "gap"),
    "violations admitted": (lambda p: _quality(p, hard_violations=("x",)), "hard-violations"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_untruth_in_the_plan_is_named(name: str) -> None:
    change, code = BROKEN[name]
    assert code in codes(office(), change(valid()))


def test_a_tentative_proposal_is_later_than_four_weeks() -> None:
    here = office()
    last, after = slot("2026-12-21", "09:00"), slot("2026-12-22", "09:00")
    assert codes(here, valid(here, last)) == set()
    assert codes(here, valid(here, after)) == {"tentative"}
    tentative = replace(proposal(after), tentative=True)
    assert codes(here, priced(here, with_proposal(valid(here), tentative))) == set()


def test_the_first_conversation_of_a_spell_is_in_a_channel_that_counts_for_it() -> None:
    first = replace(window(), first_channels=(IN_PERSON,))
    new, known = citizen("c1"), citizen("c1", conversations=[held("2026-10-05")])
    by_phone_only = citizen("c1", conversations=[held("2026-10-05", PHONE)])
    with_mentor = citizen("c1", conversations=[booked("2026-11-24", counterpart=Counterpart.MENTOR)])
    agreed = citizen("c1", conversations=[booked("2026-11-24")])
    plan = plan_of(caseload(new), part("c1", first, at=proposal(AT)))
    told = {"channel-does-not-count", "alternative-channel-does-not-count"}
    assert codes(caseload(new), plan) == told
    assert codes(caseload(by_phone_only), plan) == told
    assert codes(caseload(with_mentor), plan) == told
    assert codes(caseload(known), plan) == codes(caseload(agreed), plan) == set()


def test_an_item_rides_along_but_binds_no_alternative() -> None:
    item = replace(
        window("item", kind=WindowKind.ITEM, earliest="2026-12-01"), channels=(PHONE,), first_channels=(PHONE,)
    )
    here = office()
    elsewhere = (slot("2026-11-30", "09:00"), slot("2026-12-01", "10:00", DIGITAL))
    riding = proposal(AT, "rhythm", "item", alternatives=elsewhere)
    plan = plan_of(here, part("c1", window(), item, at=riding), part("c2", bucket=Bucket.BOOKED))
    assert violations(here, plan) == ()
    too_soon = priced(here, with_proposal(plan, replace(riding, slot=slot("2026-11-30", "10:00"))))
    assert codes(here, too_soon) == {"before-earliest"}
    unheard = priced(here, with_proposal(plan, replace(riding, slot=slot("2026-12-01", "11:00", DIGITAL))))
    assert codes(here, unheard) == {"channel-does-not-count"}


def test_of_a_requirement_due_twice_one_conversation_covers_both() -> None:
    missed = window(earliest="2026-10-01", target="2026-10-28", latest="2026-11-11")
    here = caseload(citizen("c1"))
    plan = plan_of(here, part("c1", missed, window(), at=proposal(AT)))
    assert violations(here, plan) == ()
    assert objective(here, plan) == 2 * 3 * 24 + 3 * (60 + 6 * 14)


#: A window due on Tuesday the first of December, at latest on Thursday the tenth: what a day costs.
DAY_COSTS = [
    ("2026-12-01", 0),
    ("2026-11-30", 1),
    ("2026-11-27", 2),
    ("2026-11-24", 5),
    ("2026-12-02", 6),
    ("2026-12-07", 24),
    ("2026-12-10", 42),
    ("2026-12-11", 48 + 180 + 18),
    ("2026-12-14", 54 + 180 + 36),
]


@pytest.mark.parametrize(("on", "cost"), DAY_COSTS)
def test_the_cost_of_a_day(on: str, cost: int) -> None:
    here = office()
    assert objective(here, valid(here, slot(on, "09:00"))) == cost


def test_what_finds_no_slot_costs_as_if_held_five_working_days_after_the_horizon() -> None:
    here = caseload(citizen("c1"))
    explained = replace(part("c1", window()), unplaced_because=HERE)
    plan = plan_of(here, explained)
    days = OfficeDays(frozenset())
    beyond = day("2027-01-11")
    late, past = days.count(day("2026-12-01"), beyond), days.count(day("2026-12-10"), beyond)
    assert plan.quality.objective == 6 * late + 180 + 18 * past
    assert violations(here, plan) == ()


def test_what_may_wait_beyond_the_horizon_costs_nothing() -> None:
    here = caseload(citizen("c1"))
    plan = plan_of(here, part("c1", window(target="2027-02-01", latest="2027-03-01"), bucket=Bucket.WAITING))
    assert plan.quality.objective == 0
    assert violations(here, plan) == ()


def test_an_unwanted_channel_costs_four_once() -> None:
    here = caseload(citizen("c1", preferred=DIGITAL))
    plan = plan_of(here, part("c1", window(), window("second"), at=proposal(AT, "rhythm", "second")))
    assert plan.quality.objective == 4


@pytest.mark.parametrize(
    ("before", "cost"),
    [
        (slot("2026-12-01", "09:00"), 0),
        (slot("2026-12-01", "10:00"), 3),
        (slot("2026-12-02", "09:00"), 6),
        (slot("2026-12-01", "09:00", DIGITAL), 4),
        (slot("2026-12-01", "10:00", DIGITAL), 7),
        (slot("2026-12-02", "10:00", IN_PERSON), 10),
    ],
)
def test_moving_what_was_proposed_before_costs(before: Slot, cost: int) -> None:
    here = office()
    assert objective(here, valid(here), valid(here, before)) == cost


def test_withdrawing_what_was_proposed_before_costs_six() -> None:
    here = caseload(citizen("c1"))
    was = plan_of(here, part("c1", window(), at=proposal(AT)))
    now = plan_of(here, part("c1", bucket=Bucket.NO_DUTY))
    assert objective(here, now, was) == 6


@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
def test_counting_and_finding_working_days_agree(start: date, nth: int) -> None:
    days = OfficeDays(frozenset({start + timedelta(days=9)}))
    later = start + timedelta(days=7 * nth)
    one_by_one = sum(days.works(start + timedelta(days=n)) for n in range(1, 7 * nth + 1))
    assert days.count(start, later) == one_by_one
    assert days.count(later, start) == 0
    if nth:
        found = days.nth_after(start, nth)
        assert days.works(found)
        assert days.count(start, found) == nth
