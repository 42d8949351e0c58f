"""The office as text in fields, and back: what is typed in an office is understood, the rest is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.caseload import Caseworker, Hours
from planner.domain.conversations import TALKING
from planner.domain.periods import Period
from planner.errors import PlannerError
from planner.locale import CODES, language
from planner.services import office_form as form
from planner.services.ports import Office
from planner.services.week import ASSUMED_BREAKS, ASSUMED_HOURS

OFFICE = Office(
    "Eksempelkøbing",
    Caseworker(
        working_hours=(Hours(0, time(8), time(12)), Hours(0, time(12, 30), time(15)), Hours(3, time(9), time(17))),
        breaks=(Hours(0, time(10), time(10, 15)),),
        in_person_days=(1, 3),
        max_per_day=8,
        buffer_minutes=10,
    ),
)


@pytest.mark.parametrize("code", CODES)
def test_what_is_filled_in_is_what_is_read(code: str) -> None:
    fields = form.filled(OFFICE, language(code))
    assert fields["hours-1"] == ""
    assert form.office_of(fields, OFFICE) == (OFFICE, {})


def test_where_no_hours_are_set_the_assumed_ones_stand_there() -> None:
    office, faults = form.office_of(form.filled(Office(), language("da")), Office())
    assert faults == {}
    assert office.caseworker.working_hours == ASSUMED_HOURS
    assert office.caseworker.breaks == ASSUMED_BREAKS
    assert office.caseworker.in_person_days is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8-15", [(480, 900)]),
        ("8.00–15.30", [(480, 930)]),
        ("0800 - 1530", [(480, 930)]),
        ("8 til 12, 12:30 til 15", [(480, 720), (750, 900)]),
        ("13-15; 8-12", [(480, 720), (780, 900)]),
        ("8-12 og 13-15", [(480, 720), (780, 900)]),
        ("", []),
        ("  ", []),
        ("8-12,", [(480, 720)]),
    ],
)
def test_hours_as_people_write_them(typed: str, meant: list[tuple[int, int]]) -> None:
    found = [(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in form.read_hours(typed)]
    assert found == meant


@pytest.mark.parametrize(
    "typed",
    [
        "ma-to 8-12, 12.30-15; fre 8-12",
        "man-tor 8-12, 12.30-15, fre 8-12",
        "mandag til torsdag 8-12, og 12.30-15, Fredag 8-12",
        "ma 8-12, 12.30-15,ti-to: 8-12 og 12.30-15 ,fr 8-12",
    ],
)
def test_a_week_as_people_write_it(typed: str) -> None:
    found = form.read_week(typed)
    both = [(time(8), time(12)), (time(12, 30), time(15))]
    assert [(one.weekday, one.start, one.end) for one in found] == [
        *((day, *stretch) for day in range(4) for stretch in both),
        (4, *both[0]),
    ]


@pytest.mark.parametrize("typed", ["8", "15-8", "8-8", "8-25", "8-12, 11-15", "otte til tolv", "8-12-15", "-", "8–"])
def test_hours_that_cannot_be_are_told(typed: str) -> None:
    with pytest.raises(PlannerError, match="“"):
        form.read_hours(typed)


@pytest.mark.parametrize(("typed", "meant"), [("8", Period(days=8)), (" 0 ", Period()), ("p1m", Period(months=1))])
def test_notice_is_days_or_a_period(typed: str, meant: Period) -> None:
    assert form.read_notice(typed) == meant


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "367", "P2Y", "P", "otte", "٣"])
def test_notice_that_cannot_be_is_told(typed: str) -> None:
    with pytest.raises(PlannerError):
        form.read_notice(typed)


def test_every_fault_is_told_at_its_field_and_nothing_else_is_lost() -> None:
    wrong = {"hours-0": "8", "minutes-phone": "0", "notice-digital": "x", "buffer": "999", "per_day": "-1"}
    fields = {**form.filled(OFFICE, language("da")), **wrong, "municipality": "  Ny   Kommune "}
    office, faults = form.office_of(fields, OFFICE)
    assert set(faults) == set(wrong)
    assert office.municipality == "Ny Kommune"
    assert office.caseworker.breaks == OFFICE.caseworker.breaks


def test_a_week_without_any_hour_is_a_fault() -> None:
    fields = {**form.filled(OFFICE, language("da")), **{form.hours_field(day): "" for day in form.DAYS}}
    assert set(form.office_of(fields, OFFICE)[1]) == {"hours-0"}


def test_what_has_no_field_stays() -> None:
    office = replace(OFFICE, settings=replace(OFFICE.settings, horizon_weeks=9, grid_minutes=5))
    fields = {**form.filled(office, language("da")), "per_day": ""}
    changed, _ = form.office_of(fields, office)
    assert changed.settings == office.settings
    assert changed.caseworker.max_per_day is None


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_told(typed: str) -> None:
    names = [form.hours_field(0), form.BUFFER, form.PER_DAY, form.MUNICIPALITY, form.notice_field(TALKING[0])]
    fields = {**form.filled(OFFICE, language("da")), **dict.fromkeys(names, typed)}
    office, faults = form.office_of(fields, OFFICE)
    assert set(faults) <= set(names)
    assert isinstance(office, Office)
