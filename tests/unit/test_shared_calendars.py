"""Rooms and interpreters: a conversation that needs one begins only where one is free until it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from planner.domain.caseload import Caseload, PlanSettings, SharedCalendar
from planner.domain.citizens import Citizen
from planner.domain.conversations import TALKING, Channel
from planner.domain.periods import Period
from planner.errors import RuleConflict
from planner.exchange.plan_file import plan_bytes
from planner.exchange.rule_files import load_rules
from planner.locale import CODES, language
from planner.planning.diary import Diary, first_day, usable_channels
from planner.planning.making import adapt, make_plan, stand
from planner.planning.masks import bits
from planner.planning.plan import Plan, Slot
from planner.planning.slots import blockers, free_slots
from planner.planning.validator import violations
from planner.planning.validator.slot_rules import Office, slot_faults
from planner.services.explanation import sentence
from tests.builders import busy, caseload, caseworker, citizen, every_day, hours, interpreter, room
from tests.strategies import caseloads

PHONE, DIGITAL, IN_PERSON = Channel.PHONE, Channel.DIGITAL, Channel.IN_PERSON
TUESDAY = date(2026, 12, 1)
AT_ONCE = PlanSettings(notice=dict.fromkeys(TALKING, Period()))
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def office(*citizens: Citizen, shared: tuple[SharedCalendar, ...] = ()) -> Caseload:
    """An office that is open from eight to twelve and asks for no notice."""
    worker = caseworker(every_day("08:00", "12:00"), breaks=())
    return caseload(*citizens, worker=worker, settings=AT_ONCE, shared=shared)


def starts(load: Caseload, channel: Channel, on: date = TUESDAY) -> list[str]:
    """When a conversation with the first citizen can begin that day."""
    found = bits(Diary(load, on, on).starts(load.citizens[0], on, channel))
    return [f"{start // 60:02d}:{start % 60:02d}" for start in found]


def planned(load: Caseload) -> Plan:
    """The plan under the shipped rules, which the validator finds in order."""
    plan = make_plan(load, load_rules())
    assert plan.quality.hard_violations == ()
    return plan


def why_not(load: Caseload, start: str, channel: Channel) -> list[str]:
    """What forbids the time on the Tuesday."""
    person = load.citizens[0]
    minutes = load.settings.minutes_for(person, channel)
    slot = Slot(TUESDAY, int(start[:2]) * 60 + int(start[3:]), minutes, channel)
    return [step.code for step in blockers(load, person, slot)]


def test_a_conversation_in_person_needs_a_room_and_one_by_phone_does_not() -> None:
    """The room is there on Tuesdays from nine to ten: three quarters of an hour fit twice."""
    load = office(citizen(), shared=(room(available=[hours(1, "09:00", "10:00")]),))
    assert starts(load, IN_PERSON) == ["09:00", "09:15"]
    assert starts(load, IN_PERSON, TUESDAY + timedelta(days=1)) == []
    assert starts(load, PHONE) == starts(office(citizen()), PHONE)
    assert why_not(load, "09:15", IN_PERSON) == []
    assert why_not(load, "09:30", IN_PERSON) == ["no_room"]
    assert why_not(load, "09:30", PHONE) == []
    found = free_slots(load, load.citizens[0], IN_PERSON, TUESDAY, TUESDAY + timedelta(days=8), 3)
    assert [(slot.on, slot.start) for slot in found] == [
        (TUESDAY, 540),
        (TUESDAY, 555),
        (TUESDAY + timedelta(days=7), 540),
    ]


def test_the_room_is_the_same_from_beginning_to_end() -> None:
    """One room until ten, the other from ten on: nobody moves in the middle."""
    until, since = (
        room("1.07", busy=[busy("2026-12-01T10:00", "2026-12-01T16:00")]),
        room("1.08", every_day("10:00", "12:00")),
    )
    load = office(citizen(), shared=(until, since))
    assert [start for start in starts(load, IN_PERSON) if "09:00" <= start <= "10:15"] == [
        "09:00",
        "09:15",
        "10:00",
        "10:15",
    ]
    assert why_not(load, "09:30", IN_PERSON) == ["no_room"]


def test_any_one_of_several_rooms_will_do() -> None:
    taken = room("1.07", busy=[busy("2026-11-30T08:00", "2026-12-02T08:00")])
    assert starts(office(citizen(), shared=(taken,)), IN_PERSON) == []
    both = office(citizen(), shared=(taken, room("1.08")))
    assert starts(both, IN_PERSON) == starts(office(citizen()), IN_PERSON)


@pytest.mark.parametrize("channel", TALKING)
def test_an_interpreter_of_the_citizens_language_is_there_in_every_channel(channel: Channel) -> None:
    load = office(citizen(interpreter="arabisk"), shared=(interpreter("Arabisk", [hours(1, "10:00", "11:00")]),))
    assert set(starts(load, channel)) <= {"10:00", "10:15"}
    assert starts(load, channel)
    assert why_not(load, "09:00", channel) == ["no_interpreter"]


@pytest.mark.parametrize("spoken", ["tigrinya", None])
def test_where_nobody_of_the_language_is_named_nothing_is_required(spoken: str | None) -> None:
    shared = (interpreter("Arabisk", [hours(0, "10:00", "10:15")]),)
    load = office(citizen(interpreter=spoken), shared=shared)
    assert starts(load, PHONE) == starts(replace(load, shared_calendars=()), PHONE) != []


def test_a_conversation_in_person_with_an_interpreter_needs_both() -> None:
    """An hour: the room is there from eight to ten, the interpreter from nine."""
    shared = (room(available=every_day("08:00", "10:00")), interpreter("arabisk", every_day("09:00", "12:00")))
    load = office(citizen(interpreter="arabisk"), shared=shared)
    assert starts(load, IN_PERSON) == ["09:00"]
    assert why_not(load, "08:00", IN_PERSON) == ["no_interpreter"]
    assert why_not(load, "10:00", IN_PERSON) == ["no_room"]


def test_citizens_of_two_languages_are_each_given_their_interpreters_hours() -> None:
    arabic, tigrinya = every_day("08:00", "09:00"), every_day("11:00", "12:00")
    people = [
        citizen(f"c{n}", "int", "2026-07-01", interpreter=("arabisk", "Tigrinya", "dari")[n % 3]) for n in range(6)
    ]
    plan = planned(office(*people, shared=(interpreter("arabisk", arabic), interpreter("tigrinya", tigrinya))))
    for person in people:
        proposal = plan.of(person.id).proposal
        assert proposal is not None
        first, last = {"arabisk": (480, 540), "Tigrinya": (660, 720)}.get(person.interpreter or "", (480, 720))
        assert all(first <= slot.start and slot.end <= last for slot in (proposal.slot, *proposal.alternatives))


NEVER = (hours(0, "06:00", "07:00"),)
#: What is shared, and what is said of a citizen who can only be met in person and speaks Arabic.
UNPLACED = {
    "no room": ((room(available=NEVER),), "no_room_fits"),
    "a room for less than the conversation": ((room(available=every_day("09:00", "09:45")),), "no_room_fits"),
    "no interpreter": ((room(), interpreter("arabisk", NEVER)), "no_interpreter_fits"),
    "neither": ((room(available=NEVER), interpreter("arabisk", NEVER)), "no_room_and_interpreter_fit"),
    "never both": (
        (room(available=every_day("08:00", "10:00")), interpreter("arabisk", every_day("10:00", "12:00"))),
        "no_room_and_interpreter_fit",
    ),
}


@pytest.mark.parametrize("name", UNPLACED)
def test_what_finds_no_slot_for_want_of_a_room_or_an_interpreter_says_so(name: str) -> None:
    shared, code = UNPLACED[name]
    person = citizen("c1", "int", "2026-07-01", channels=[IN_PERSON], interpreter="arabisk")
    plan = planned(office(person, shared=shared))
    part = plan.of("c1")
    assert part.proposal is None
    assert [step.code for step in part.unplaced_because] == [code]
    assert plan.quality.late_capacity == 0
    told = {sentence(part.unplaced_because[0], language(tongue), plan.titles) for tongue in CODES}
    assert len(told) == len(CODES)
    assert not told & {code}


def test_rooms_are_not_blamed_where_there_is_no_time_without_them_either() -> None:
    person = citizen("c1", "int", "2026-07-01", channels=[IN_PERSON])
    load = office(person, shared=(room(available=NEVER),))
    load = replace(load, caseworker=replace(load.caseworker, working_hours=(hours(1, "08:00", "08:30"),)))
    codes = [step.code for step in planned(load).of("c1").unplaced_because]
    assert codes[:2] == ["no_slot_fits", "days_no_hours_that_day"]
    assert not any("room" in code for code in codes)


@quick
@given(caseloads(most=2))
def test_calendar_reasons_and_validator_agree_on_every_start(load: Caseload) -> None:
    """The diary's masks, the named reasons and the validator's minutes are three judgements of the same."""
    judge = Office(load)
    for person in load.citizens:
        for channel in usable_channels(person):
            first = first_day(load, channel)
            diary = Diary(load, first, first + timedelta(days=6))
            for on in (first + timedelta(days=n) for n in range(7)):
                possible = diary.starts(person, on, channel)
                for start in range(7 * 60, 19 * 60, load.settings.grid_minutes):
                    slot = Slot(on, start, load.settings.minutes_for(person, channel), channel)
                    named = {step.code for step in blockers(load, person, slot)}
                    found = set(slot_faults(judge, person, slot))
                    assert bool(possible >> start & 1) == (not named) == (not found - {"beyond-the-horizon"})
                    assert ("no_room" in named) == ("no-room-free" in found)
                    assert ("no_interpreter" in named) == ("no-interpreter-free" in found)


@quick
@given(caseloads())
def test_what_is_always_there_changes_no_plan(load: Caseload) -> None:
    always = (room(), interpreter("ARABISK"), interpreter("tigrinya"))
    try:
        without = make_plan(replace(load, shared_calendars=()), load_rules())
    except RuleConflict:
        return
    beside = make_plan(replace(load, shared_calendars=(*load.shared_calendars, *always)), load_rules())
    assert plan_bytes(beside, {}) == plan_bytes(without, {})


@quick
@given(caseloads())
def test_what_is_shared_makes_no_plan_cheaper(load: Caseload) -> None:
    try:
        plan = make_plan(load, load_rules())
    except RuleConflict:
        return
    free = make_plan(replace(load, shared_calendars=()), load_rules())
    assert plan.quality.objective >= free.quality.lower_bound
    assert violations(load, plan) == ()


@quick
@given(caseloads(), caseloads(most=0))
def test_a_plan_is_mended_when_what_is_shared_changes(load: Caseload, other: Caseload) -> None:
    try:
        standing = stand(load, load_rules())
    except RuleConflict:
        return
    after = adapt(standing, replace(load, shared_calendars=other.shared_calendars))
    assert after.plan.quality.hard_violations == ()
    assert violations(after.caseload, after.plan, standing.plan) == ()
