"""The caseload file: what it means, and every fault of a wrong one with its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.caseload import (
    Absence,
    Adoption,
    Busy,
    Caseload,
    Caseworker,
    Contact,
    Hours,
    PlanSettings,
    SharedCalendar,
    SharedKind,
)
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import TALKING, Channel, Conversation, Counterpart, Offer, OfferedTime, Status
from planner.domain.cpr import looks_like_cpr
from planner.domain.periods import Period
from planner.domain.text import visible
from planner.errors import Fault, InputError
from planner.exchange.caseload_file import read_caseload, write_caseload
from planner.exchange.rule_files import load_rules
from tests import strategies

Document = dict[str, Any]

SMALL: Document = {
    "schema": "planner-caseload/1",
    "today": "2018-02-05",
    "municipality": "Prøveby",
    "citizens": [{"id": "c1", "name": "Åse Prøve", "target_group": "6.1", "spell_start": "2018-01-01"}],
}

FULL: Document = {
    "schema": "planner-caseload/1",
    "today": "2018-02-05",
    "municipality": "Prøveby",
    "adoptions": [
        {
            "experiment": "flexible-contact-insured",
            "from": "2017-01-01",
            "to": None,
            "authority": "invented for the test",
            "parameters": {"light": "P12W", "await_working_days": 8},
        }
    ],
    "caseworker": {
        "working_hours": [{"weekday": "mon", "from": "08:00", "to": "15:30"}],
        "breaks": [{"weekday": "mon", "from": "11:30", "to": "12:00"}],
        "in_person_days": ["mon", "wed"],
        "max_per_day": 6,
        "buffer_minutes": 10,
        "busy": [{"start": "2018-02-06T09:00", "end": "2018-02-06T10:30", "title": "Team"}],
        "absent": [{"from": "2018-02-12", "to": "2018-02-16"}],
    },
    "closing_days": ["2018-05-11"],
    "contact": {"name": "Mette Prøvesen", "telephone": "12 34 56 78", "place": "Prøvegade 1"},
    "settings": {"minutes": {"phone": 20}, "notice": {"in_person": "P10D"}, "grid_minutes": 30, "horizon_weeks": 8},
    "shared_calendars": [
        {"kind": "room", "name": "1.07", "busy": [{"start": "2018-02-06T09:00", "end": "2018-02-06T10:30"}]},
        {
            "kind": "interpreter",
            "name": "Tolk Test",
            "language": "Tigrinya",
            "available": [{"weekday": "tue", "from": "09:00", "to": "12:00"}],
        },
    ],
    "citizens": [
        {
            "id": "c1",
            "name": "Bo Test",
            "target_group": "6.2",
            "spell_start": "2018-01-01",
            "unemployment_start": "2017-06-01",
            "cadence": "await",
            "channels": ["phone", "in_person"],
            "handover_on": None,
            "exemption": {"on": "2018-01-10", "until": "2018-03-01", "reason": "job soon"},
            "preferred_channel": "phone",
            "interpreter": "tigrinya",
            "unavailable": [
                {"from": "2018-02-12", "to": "2018-02-16"},
                {"weekday": "fri", "from": "12:00", "to": "15:00"},
            ],
            "facts": [{"kind": "rehire", "date": "2018-04-01", "documented": True, "noted_on": "2018-01-10"}],
            "conversations": [
                {
                    "date": "2018-01-25",
                    "start": "10:30",
                    "minutes": 45,
                    "channel": "in_person",
                    "counterpart": "mentor",
                    "status": "held",
                    "agenda": ["cv"],
                    "filed": "2018-01-26",
                },
                {"date": "2018-02-20", "start": "09:00", "minutes": 30, "channel": "phone", "locked": False},
            ],
        }
    ],
}


def read(document: object, today: date | None = None) -> Caseload:
    return read_caseload(json.dumps(document).encode(), load_rules(), today)


def faults(document: object, today: date | None = None) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read(document, today)
    assert caught.value.exit_code == 2
    return caught.value.faults


def test_a_small_file_means_the_stated_defaults() -> None:
    caseload = read(SMALL)
    assert caseload == Caseload(
        date(2018, 2, 5), "Prøveby", (Citizen("c1", "Åse Prøve", TargetGroup.INSURED, date(2018, 1, 1)),)
    )
    assert caseload.settings == PlanSettings()
    assert caseload.citizens[0].channels == TALKING


def test_a_full_file_keeps_everything() -> None:
    caseload = read(FULL)
    adopted = Adoption(
        "flexible-contact-insured",
        date(2017, 1, 1),
        None,
        "invented for the test",
        {"light": "P12W", "await_working_days": 8},
    )
    assert caseload.adoptions == (adopted,)
    assert caseload.caseworker == Caseworker(
        working_hours=(Hours(0, time(8), time(15, 30)),),
        breaks=(Hours(0, time(11, 30), time(12)),),
        in_person_days=(0, 2),
        max_per_day=6,
        buffer_minutes=10,
        busy=(Busy(datetime.fromisoformat("2018-02-06T09:00"), datetime.fromisoformat("2018-02-06T10:30"), "Team"),),
        absent=(Absence(date(2018, 2, 12), date(2018, 2, 16)),),
    )
    assert caseload.closing_days == (date(2018, 5, 11),)
    assert caseload.settings.minutes == {Channel.PHONE: 20, Channel.DIGITAL: 30, Channel.IN_PERSON: 45}
    assert caseload.settings.notice[Channel.IN_PERSON] == Period(days=10)
    assert caseload.shared_calendars == (
        SharedCalendar(
            SharedKind.ROOM,
            "1.07",
            busy=(Busy(datetime.fromisoformat("2018-02-06T09:00"), datetime.fromisoformat("2018-02-06T10:30")),),
        ),
        SharedCalendar(SharedKind.INTERPRETER, "Tolk Test", "Tigrinya", (Hours(1, time(9), time(12)),)),
    )
    assert caseload.citizens[0] == Citizen(
        id="c1",
        name="Bo Test",
        target_group=TargetGroup.JOB_READY,
        spell_start=date(2018, 1, 1),
        unemployment_start=date(2017, 6, 1),
        cadence=Cadence.AWAIT,
        channels=(Channel.PHONE, Channel.IN_PERSON),
        exemption=Exemption(date(2018, 1, 10), date(2018, 3, 1), "job soon"),
        preferred_channel=Channel.PHONE,
        interpreter="tigrinya",
        unavailable=(
            Unavailable(first=date(2018, 2, 12), last=date(2018, 2, 16)),
            Unavailable(weekday=4, start=time(12), end=time(15)),
        ),
        facts=(Fact(FactKind.REHIRE, date(2018, 4, 1), None, True, date(2018, 1, 10)),),
        conversations=(
            Conversation(
                date(2018, 1, 25),
                time(10, 30),
                45,
                Channel.IN_PERSON,
                Counterpart.MENTOR,
                Status.HELD,
                ("cv",),
                filed_on=date(2018, 1, 26),
            ),
            Conversation(date(2018, 2, 20), time(9), 30, Channel.PHONE, locked=False),
        ),
    )


def test_an_offer_and_how_to_be_found_are_kept() -> None:
    document = copy.deepcopy(FULL)
    offered()(document)
    caseload = read(document)
    time_ = OfferedTime(date(2018, 2, 15), time(10), 30, Channel.PHONE)
    assert caseload.citizens[0].offer == Offer(date(2018, 2, 4), date(2018, 2, 14), (time_,))
    assert caseload.contact == Contact("Mette Prøvesen", "12 34 56 78", "Prøvegade 1")
    assert read(json.loads(write_caseload(caseload))) == caseload


def test_the_option_wins_over_the_files_own_today() -> None:
    assert read(SMALL, date(2019, 1, 2)).today == date(2019, 1, 2)
    without = {key: value for key, value in SMALL.items() if key != "today"}
    assert read(without, date(2019, 1, 2)).today == date(2019, 1, 2)


def at(*steps: str | int) -> Callable[[Document], Any]:
    def found(document: Any) -> Any:
        for step in steps:
            document = document[step]
        return document

    return found


CITIZEN, TALK = at("citizens", 0), at("citizens", 0, "conversations", 0)
WORKER, ADOPTION = at("caseworker"), at("adoptions", 0)


def put(place: Callable[[Document], Any], **values: object) -> Callable[[Document], object]:
    return lambda document: place(document).update({key.rstrip("_"): value for key, value in values.items()})


def drop(place: Callable[[Document], Any], key: str) -> Callable[[Document], object]:
    return lambda document: place(document).pop(key)


ROOT = at()
HOUR, FACT = at("caseworker", "working_hours", 0), at("citizens", 0, "facts", 0)
SHARED_ROOM, INTERPRETER = at("shared_calendars", 0), at("shared_calendars", 1)
BUSY, AWAY, WEEKLY = (
    at("caseworker", "busy", 0),
    at("citizens", 0, "unavailable", 0),
    at("citizens", 0, "unavailable", 1),
)

OFFER = {
    "on": "2018-02-04",
    "until": "2018-02-14",
    "times": [{"date": "2018-02-15", "start": "10:00", "minutes": 30, "channel": "phone"}],
}


def offered(**values: object) -> Callable[[Document], object]:
    def spoil(document: Document) -> None:
        put(at("citizens", 0, "conversations", 1), status="cancelled_by_us")(document)
        put(CITIZEN, offer={**OFFER, **values})(document)

    return spoil


BAD: list[tuple[Callable[[Document], object], str, str, str]] = [
    (put(ROOT, schema="planner-caseload/2"), "$.schema", '"planner-caseload/2"', "planner-caseload/1"),
    (drop(ROOT, "schema"), "$.schema", "nothing", "planner-caseload/1"),
    (put(ROOT, contact={"phone": "1"}), "$.contact.phone", "unknown", "telephone"),
    (put(CITIZEN, offer=OFFER), "$.citizens[0].offer", "beside a booked", "never both"),
    (offered(times=[]), "$.citizens[0].offer.times", "a list", "1"),
    (offered(until="2018-02-01"), "$.citizens[0].offer.until", "2018-02-01", "on (2018-02-04)"),
    (put(TALK, status="no_show"), "$.citizens[0].conversations[0].filed", "not held", "status is held"),
    (drop(ROOT, "today"), "$.today", "nothing", "--today"),
    (put(ROOT, today=None), "$.today", "nothing", "--today"),
    (put(ROOT, today="5. februar 2018"), "$.today", '"5. februar 2018"', "a date YYYY-MM-DD"),
    (put(ROOT, today="1999-01-01"), "$.today", "1999-01-01", "law-2015 2015-07-01–2019-12-31"),
    (drop(ROOT, "municipality"), "$.municipality", "nothing", "a text"),
    (drop(ROOT, "citizens"), "$.citizens", "nothing", "a list"),
    (put(ROOT, citizen=[]), "$.citizen", 'unknown key "citizen"', "citizens (the nearest known key)"),
    (put(ADOPTION, experiment="flexible-contact-insurd"), "$.adoptions[0].experiment", "unknown", "insured (the near"),
    (put(ADOPTION, to="2016-12-31"), "$.adoptions[0].to", "2016-12-31", "from (2017-01-01) or later"),
    (put(ADOPTION, authority="  "), "$.adoptions[0].authority", '"  "', "on what legal basis"),
    (drop(ADOPTION, "authority"), "$.adoptions[0].authority", "nothing", "on what legal basis"),
    (put(ADOPTION, parameters={"lihgt": "P9W"}), "$.adoptions[0].parameters.lihgt", "unknown", "light (the nearest"),
    (put(ADOPTION, parameters={"light": "P9Y"}), "$.adoptions[0].parameters.light", '"P9Y"', "an ISO 8601 period from"),
    (put(ADOPTION, parameters={"light": []}), "$.adoptions[0].parameters.light", "a list", "a text or a whole"),
    (put(HOUR, weekday="sat"), "$.caseworker.working_hours[0].weekday", '"sat"', "one of mon, tue, wed, thu, fri"),
    (put(HOUR, to="08:00"), "$.caseworker.working_hours[0].to", '"08:00"', "a time after from (08:00)"),
    (put(HOUR, to="24:00"), "$.caseworker.working_hours[0].to", '"24:00"', "a time HH:MM"),
    (put(HOUR, from_="8:00"), "$.caseworker.working_hours[0].from", '"8:00"', "a time HH:MM"),
    (put(WORKER, in_person_days=["monday"]), "$.caseworker.in_person_days[0]", '"monday"', "one of mon"),
    (put(WORKER, max_per_day=-1), "$.caseworker.max_per_day", "-1", "a whole number from 0"),
    (put(WORKER, buffer_minutes=True), "$.caseworker.buffer_minutes", "true", "a whole number from 0 to 240"),
    (put(BUSY, start="2018-02-30T09:00"), "$.caseworker.busy[0].start", '"2018-02-30T09:00"', "YYYY-MM-DDTHH:MM"),
    (put(BUSY, end="2018-02-06T09:00"), "$.caseworker.busy[0].end", '"2018-02-06T09:00"', "a time after start"),
    (put(BUSY, end="2018-02-06"), "$.caseworker.busy[0].end", '"2018-02-06"', "YYYY-MM-DDTHH:MM"),
    (
        put(at("caseworker", "absent", 0), to="2018-02-11"),
        "$.caseworker.absent[0].to",
        "2018-02-11",
        "from (2018-02-12) or later",
    ),
    (put(ROOT, closing_days=["2018-02-29"]), "$.closing_days[0]", '"2018-02-29"', "a date YYYY-MM-DD"),
    (
        put(SHARED_ROOM, kind="rooms"),
        "$.shared_calendars[0].kind",
        '"rooms"',
        "one of room, interpreter (nearest: room",
    ),
    (put(SHARED_ROOM, name=""), "$.shared_calendars[0].name", '""', "a text"),
    (put(SHARED_ROOM, language="dari"), "$.shared_calendars[0].language", '"dari"', "no language, as it is a room"),
    (put(SHARED_ROOM, capacity=4), "$.shared_calendars[0].capacity", "unknown key", "the keys kind, name"),
    (put(SHARED_ROOM, available=[]), "$.shared_calendars[0].available", "a list of 0", "a list of at least 1"),
    (
        put(at("shared_calendars", 0, "busy", 0), end="2018-02-06T09:00"),
        "$.shared_calendars[0].busy[0].end",
        '"2018-02-06T09:00"',
        "a time after start",
    ),
    (drop(INTERPRETER, "language"), "$.shared_calendars[1].language", "nothing", "as it is an interpreter"),
    (put(INTERPRETER, language=None), "$.shared_calendars[1].language", "nothing", "as it is an interpreter"),
    (put(INTERPRETER, language=" "), "$.shared_calendars[1].language", '" "', "a text"),
    (
        put(at("shared_calendars", 1, "available", 0), to="08:00"),
        "$.shared_calendars[1].available[0].to",
        '"08:00"',
        "a time after from (09:00)",
    ),
    (put(ROOT, shared_calendar=[]), "$.shared_calendar", "unknown key", "shared_calendars (the nearest known key)"),
    (put(at("settings"), grid_minutes=0), "$.settings.grid_minutes", "0", "from 1 to 240"),
    (put(at("settings"), horizon_weeks=53), "$.settings.horizon_weeks", "53", "from 1 to 52"),
    (put(at("settings", "minutes"), letter=5), "$.settings.minutes.letter", "unknown key", "the keys phone"),
    (put(at("settings", "minutes"), phone=0), "$.settings.minutes.phone", "0", "from 1 to 480"),
    (put(at("settings", "notice"), phone="1 day"), "$.settings.notice.phone", '"1 day"', "an ISO 8601 period"),
    (put(at("settings", "notice"), phone="P2Y"), "$.settings.notice.phone", '"P2Y"', "at most P12M"),
    (put(CITIZEN, id=17), "$.citizens[0].id", "17", "a text"),
    (put(CITIZEN, id=""), "$.citizens[0].id", '""', "a text"),
    (put(CITIZEN, id="010190-1234"), "$.citizens[0].id", '"######-####"', "no CPR number"),
    (put(CITIZEN, id="sag 0101901234"), "$.citizens[0].id", '"sag ######-####"', "no CPR number"),
    (put(CITIZEN, target_group="6.20"), "$.citizens[0].target_group", '"6.20"', "one of 6.1, 6.2"),
    (put(CITIZEN, target_group=6.1), "$.citizens[0].target_group", "6.1", "one of 6.1, 6.2"),
    (put(CITIZEN, spell_start=None), "$.citizens[0].spell_start", "null", "a date YYYY-MM-DD"),
    (put(CITIZEN, spell_start="1066-10-14"), "$.citizens[0].spell_start", '"1066-10-14"', "from 1900 to 2200"),
    (put(CITIZEN, cadence="ligth"), "$.citizens[0].cadence", '"ligth"', "(nearest: light)"),
    (put(CITIZEN, channels=["letter"]), "$.citizens[0].channels[0]", '"letter"', "one of phone, digital, in_person"),
    (put(CITIZEN, prefered_channel="phone"), "$.citizens[0].prefered_channel", "unknown", "preferred_channel (the"),
    (
        put(at("citizens", 0, "exemption"), reason=""),
        "$.citizens[0].exemption.reason",
        '""',
        "a text that says why",
    ),
    (
        put(at("citizens", 0, "exemption"), until="2018-01-09"),
        "$.citizens[0].exemption.until",
        "2018-01-09",
        "on (2018-01-10) or later",
    ),
    (put(AWAY, to="2018-02-11"), "$.citizens[0].unavailable[0].to", "2018-02-11", "from (2018-02-12) or later"),
    (put(AWAY, from_="2018-02-30"), "$.citizens[0].unavailable[0].from", '"2018-02-30"', "a date YYYY-MM-DD"),
    (put(AWAY, to="12:00"), "$.citizens[0].unavailable[0].to", '"12:00"', "a weekday with these times"),
    (drop(AWAY, "to"), "$.citizens[0].unavailable[0].to", "nothing", "a date YYYY-MM-DD"),
    (put(WEEKLY, to="2018-02-16"), "$.citizens[0].unavailable[1].to", '"2018-02-16"', "a time HH:MM"),
    (put(WEEKLY, to="11:00"), "$.citizens[0].unavailable[1].to", '"11:00"', "a time after from (12:00)"),
    (put(FACT, kind="re-hire"), "$.citizens[0].facts[0].kind", '"re-hire"', "(nearest: rehire)"),
    (put(FACT, until="2018-03-31"), "$.citizens[0].facts[0].until", "2018-03-31", "date (2018-04-01) or later"),
    (put(FACT, documented="yes"), "$.citizens[0].facts[0].documented", '"yes"', "true or false"),
    (put(TALK, minutes=0), "$.citizens[0].conversations[0].minutes", "0", "from 1 to 1440"),
    (put(TALK, start="23:30"), "$.citizens[0].conversations[0].minutes", "45", "an end before midnight"),
    (put(TALK, status="cancelled"), "$.citizens[0].conversations[0].status", '"cancelled"', "cancelled_by_us"),
    (put(TALK, agenda="cv"), "$.citizens[0].conversations[0].agenda", '"cv"', "a list"),
    (put(TALK, agenda=[7]), "$.citizens[0].conversations[0].agenda[0]", "7", "a text"),
    (put(TALK, counterpart=None), "$.citizens[0].conversations[0].counterpart", "null", "one of caseworker"),
]


@pytest.mark.parametrize(("spoil", "path", "found", "allowed"), BAD)
def test_each_fault_is_told_with_its_place(
    spoil: Callable[[Document], object], path: str, found: str, allowed: str
) -> None:
    document = copy.deepcopy(FULL)
    spoil(document)
    (fault,) = faults(document)
    assert fault.path == path
    assert found in fault.found
    assert allowed in fault.allowed


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    document = copy.deepcopy(FULL)
    document["citizens"] += [
        {"id": "c2", "name": "", "target_group": "6.2"},
        {"id": "c1", "name": "Bo Igen", "target_group": "6.2", "spell_start": "2018-01-01"},
    ]
    put(ADOPTION, experiment="none-such", to="2016-01-01")(document)
    put(HOUR, to="07:00")(document)
    put(CITIZEN, cadence="often", facts=[{"kind": "holiday", "date": "2018-07-01", "until": "2018-06-01"}])(document)
    document["color"] = "red"
    assert [fault.path for fault in faults(document)] == [
        "$.adoptions[0].experiment",
        "$.adoptions[0].to",
        "$.caseworker.working_hours[0].to",
        "$.citizens[0].cadence",
        "$.citizens[0].facts[0].until",
        "$.citizens[1].spell_start",
        "$.citizens[1].name",
        "$.citizens[2].id",
        "$.color",
    ]


def test_nobody_disappears_behind_another_of_the_same_id() -> None:
    document = copy.deepcopy(SMALL)
    document["citizens"].append(SMALL["citizens"][0] | {"name": "En Anden"})
    (fault,) = faults(document)
    assert (fault.path, fault.found) == ("$.citizens[1].id", '"c1", as in $.citizens[0]')


def test_a_repeated_key_is_a_fault() -> None:
    text = json.dumps(SMALL).replace('"name":', '"name": "Først", "name":')
    with pytest.raises(InputError) as caught:
        read_caseload(text.encode(), load_rules(), None)
    assert [fault.path for fault in caught.value.faults] == ["$.citizens[0].name"]


def test_a_planning_date_from_outside_is_checked_too() -> None:
    (fault,) = faults(SMALL, date(1999, 1, 1))
    assert (fault.path, fault.found) == ("--today", "1999-01-01")
    (fault,) = faults(SMALL, date(9999, 12, 31))
    assert (fault.path, fault.allowed) == ("--today", "a date YYYY-MM-DD from 1900 to 2200")


@pytest.mark.parametrize(
    "text",
    [
        "010190-1234",
        "0101901234",
        "010190 1234",
        "x/290200-1111",
        "610190-0001",
        "A0101901234B",
        "010190.1234",
        "010190--1234",
    ],
)
def test_a_cpr_number_is_known_in_an_id(text: str) -> None:
    assert looks_like_cpr(text)
    document = copy.deepcopy(SMALL)
    document["citizens"][0]["id"] = text
    assert "1234" not in str(faults(document)[0])


@pytest.mark.parametrize(
    "text", ["c1", "320190-1234", "0113901234", "12345", "01019012345", "2018-02-05", "300290-1111"]
)
def test_other_ids_are_no_cpr_numbers(text: str) -> None:
    assert not looks_like_cpr(text)


def test_what_is_written_reads_back_equal_and_is_the_same_each_time() -> None:
    caseload = read(FULL)
    written = write_caseload(caseload)
    assert read_caseload(written, load_rules(), None) == caseload
    assert write_caseload(read_caseload(written, load_rules(), None)) == written
    assert written.endswith(b"}\n")
    assert "Prøveby" in written.decode()


def as_a_file_can_hold(caseload: Caseload) -> Caseload:
    """The caseload without the store's keys, and without decisions that end before they begin."""
    adoptions = (one for one in caseload.adoptions if one.last is None or one.last >= one.first)
    return replace(
        caseload,
        adoptions=tuple(replace(one, key="") for one in adoptions),
        citizens=tuple(replace(one, exemption=lasting(one.exemption)) for one in caseload.citizens),
    )


def lasting(exemption: Exemption | None) -> Exemption | None:
    if exemption is not None and exemption.until is not None and exemption.until < exemption.on:
        return None
    return exemption


@given(strategies.caseloads().map(as_a_file_can_hold))
def test_every_caseload_reads_back_equal(caseload: Caseload) -> None:
    assert read_caseload(write_caseload(caseload), load_rules(), None) == caseload


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["2018-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
PLACES: list[tuple[str | int, ...]] = [
    (),
    ("caseworker",),
    ("caseworker", "busy", 0),
    ("caseworker", "working_hours", 0),
    ("settings",),
    ("adoptions", 0),
    ("citizens", 0),
    ("citizens", 0, "facts", 0),
    ("citizens", 0, "conversations", 0),
    ("citizens", 0, "unavailable", 1),
    ("citizens", 0, "exemption"),
]


@given(st.sampled_from(PLACES), st.data(), JSON)
def test_a_spoilt_file_gives_a_caseload_or_faults(
    place: tuple[str | int, ...], data: st.DataObject, value: Any
) -> None:
    document = copy.deepcopy(FULL)
    target = at(*place)(document)
    target[data.draw(st.sampled_from([*target, "more"]))] = value
    assert_caseload_or_faults(json.dumps(document).encode())


@given(JSON.map(json.dumps).map(str.encode) | st.binary(max_size=60))
def test_any_bytes_give_a_caseload_or_faults(data: bytes) -> None:
    assert_caseload_or_faults(data)


def assert_caseload_or_faults(data: bytes) -> None:
    told: tuple[Fault, ...] | None = None
    try:
        caseload = read_caseload(data, load_rules(), None)
    except InputError as error:
        told = error.faults
    if told is None:
        assert read_caseload(write_caseload(caseload), load_rules(), None) == caseload
    else:
        assert told
        assert all(len(fault.found) < 200 and visible(str(fault)) == str(fault) for fault in told)
