"""Dates and times as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.services.entry import NotUnderstood, read_amount, read_date, read_moment, read_time

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("24-11-2026", date(2026, 11, 24)),
        ("24-11", date(2026, 11, 24)),
        (" 24.11 ", date(2026, 11, 24)),
        ("24/11/26", date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24)),
        ("+2u", date(2026, 12, 7)),
        ("+2w", date(2026, 12, 7)),
        ("+2", date(2026, 12, 7)),
        ("+3d", date(2026, 11, 26)),
        ("+1m", date(2026, 12, 23)),
        ("+2 uger", date(2026, 12, 7)),
        ("4-1", date(2027, 1, 4)),
        ("20-10", date(2026, 10, 20)),
        ("29-2", date(2028, 2, 29)),
    ],
)
def test_dates(text: str, meant: date) -> None:
    """A date without a year is the nearest one."""
    assert read_date(text, TODAY) == meant


@pytest.mark.parametrize(
    "text", ["", "i morgen", "31-02-2026", "24", "24-13", "+2x", "+", "2026-11", "24-11-2026-1", "０1-13"]
)
def test_what_is_no_date_is_refused_in_words(text: str) -> None:
    """The sentence says what can be written."""
    with pytest.raises(NotUnderstood, match="24-11-2026"):
        read_date(text, TODAY)


@pytest.mark.parametrize("text", ["31-12-9999", "1-1-0001", "2201-01-01", "31-12-1899"])
def test_a_year_that_nobody_can_mean_is_refused(text: str) -> None:
    """Other systems write 9999 for a date without end; no window can be reckoned from there."""
    with pytest.raises(NotUnderstood, match="1900–2200"):
        read_date(text, TODAY)


@pytest.mark.parametrize(
    ("text", "minutes"), [("10.30", 630), ("10:30", 630), ("1030", 630), ("9", 540), ("0915", 555)]
)
def test_times(text: str, minutes: int) -> None:
    """Danish and English ways of writing a time."""
    assert read_time(text) == minutes


@pytest.mark.parametrize("text", ["", "24.00", "10.60", "kl 10", "10.3", "-1"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """No guessing."""
    with pytest.raises(NotUnderstood):
        read_time(text)


def test_a_moment_needs_both() -> None:
    """A day and a time in one line."""
    assert read_moment("24-11 10.30", TODAY) == (date(2026, 11, 24), 630)
    assert read_moment("+1u 9", TODAY) == (date(2026, 11, 30), 540)
    for text in ("10.30", "24-11", "24-11 kl"):
        with pytest.raises(NotUnderstood):
            read_moment(text, TODAY)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_full_date_means_itself_on_any_day(day: date, today: date) -> None:
    """Whatever today is."""
    assert read_date(f"{day:%d-%m-%Y}", today) == day
    assert read_date(day.isoformat(), today) == day


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-180, 180))
def test_a_date_without_a_year_is_the_nearest(today: date, away: int) -> None:
    """Half a year around today nothing else can be meant."""
    day = today + timedelta(days=away)
    if (day.month, day.day) != (2, 29):
        assert read_date(f"{day.day}-{day.month}", today) == day


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """Nothing else is ever raised."""
    with suppress(NotUnderstood):
        assert isinstance(read_date(text, TODAY), date)


@pytest.mark.parametrize(
    ("text", "meant"), [("500", 500), (" 500,50 ", 500.5), ("1.000,5", 1000.5), ("500.25", 500.25), ("12.000", 12000)]
)
def test_amounts_are_written_the_danish_way(text: str, meant: float) -> None:
    assert read_amount(text) == meant


@pytest.mark.parametrize("text", ["", "nan", "-1", "1e9", "1,000", "1.00.00", "1000000", "５", "9" * 5000, "kr. 500"])
def test_what_is_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotUnderstood, match="500,50"):
        read_amount(text)


@given(st.dates(date(2010, 1, 1), date(2090, 12, 31)), st.integers(0, 364))
def test_a_day_that_is_over_is_never_one_that_comes(today: date, ago: int) -> None:
    """As the first day of a period that is measured: on 28 November 1-1 is no day in five weeks."""
    day = today - timedelta(days=ago)
    if (day.month, day.day) != (2, 29):
        assert read_date(f"{day.day}-{day.month}", today, is_over=True) == day
    later = today + timedelta(days=ago)
    assert read_date(later.isoformat(), today, is_over=True) == later  # whoever writes the year is told
