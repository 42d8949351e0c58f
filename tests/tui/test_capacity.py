"""Capacity: twelve weeks as bars and figures, reckoned aside, in both languages and without colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Static

from planner.locale import language
from planner.services.fixed_load import WeekLoad
from planner.services.load_words import load_line, sum_line
from planner.tui.screens.capacity import CapacityScreen
from planner.tui.screens.week import WeekScreen
from planner.tui.widgets.load_list import BOOKED, FIXED, OPEN, PROPOSED, LoadList, bar
from tests.tui.stage import Stage, staged

WEEK = WeekLoad(2026, 53, date(2026, 12, 28), 1200, 300, 300, 0, 900)


async def begun(stage: Stage) -> CapacityScreen:
    """Go there and wait for the figures."""
    await stage.press("f4")
    await stage.until(lambda: isinstance(stage.app.screen, CapacityScreen), "the capacity")
    screen = stage.app.screen
    assert isinstance(screen, CapacityScreen)
    await stage.until(lambda: screen.query_one(LoadList).selected is not None, "the figures")
    await stage.pilot.pause()
    return screen


def test_a_bar_is_drawn_to_scale() -> None:
    """A quarter booked, a quarter proposed, half open, and the fixed rhythm at three quarters."""
    assert bar(WEEK, 1200, 20) == f"{BOOKED * 5}{PROPOSED * 5}{OPEN * 4}{FIXED}{OPEN * 5}"
    assert bar(replace(WEEK, fixed=0), 2400, 20) == f"{BOOKED * 2}{PROPOSED * 3}{OPEN * 5}{' ' * 10}"
    assert bar(replace(WEEK, available=0), 1200, 20) == f"{BOOKED * 5}{PROPOSED * 5}{' ' * 4}{FIXED}{' ' * 5}"


@given(*(st.integers(0, 5000) for _ in range(4)), st.integers(1, 200))
def test_a_bar_has_the_width_and_leaves_nothing_out(
    available: int, booked: int, proposed: int, fixed: int, width: int
) -> None:
    """Whatever there is has at least one cell, unless the mark of the fixed rhythm stands in it."""
    load = replace(WEEK, available=available, booked=booked, proposed=proposed, fixed=fixed)
    drawn = bar(load, max(available, booked + proposed, fixed), width)
    assert len(drawn) == width
    assert (FIXED in drawn) == (fixed > 0)
    assert not booked or BOOKED in drawn or drawn[0] == FIXED


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize("code", ["da", "en"])
async def test_twelve_weeks_are_shown(code: str, size: tuple[int, int]) -> None:
    """All of them, the figures in hours, week 53, the definition, and the chosen week in words."""
    speaks = language(code, "ascii")
    async with staged(size=size, speaks=speaks) as stage:
        screen = await begun(stage)
        text = stage.text()
        for year, week in ((2026, 48), (2026, 53), (2027, 6)):
            assert speaks.week(year, week) in text
        assert speaks.number(40, 1) in text
        assert "|" in text
        assert {char for char in text if not (char.isascii() or char.isalpha())} == set()
        definition = str(screen.query_one("#load-definition", Static).content).split()[:4]
        assert " ".join(definition) in text
        await stage.press("j")
        await stage.pilot.pause()
        load = screen.query_one(LoadList).selected
        assert load is not None
        assert load.fixed == 90
        assert str(screen.query_one("#load-detail", Static).content) == load_line(load, speaks)
        await stage.press("G", "k", "g", "pagedown")
        await stage.pilot.pause()
        assert screen.query_one(LoadList).selected != load


async def test_from_a_week_of_the_capacity_to_its_conversations() -> None:
    """The chosen week is shown as a grid."""
    async with staged() as stage:
        await begun(stage)
        await stage.press(*["j"] * 5, "v")
        await stage.until(lambda: isinstance(stage.app.screen, WeekScreen), "the week")
        await stage.until(lambda: "Week 53, 2026" in stage.text(), "week 53")


async def test_a_change_elsewhere_is_reckoned_when_one_comes_back() -> None:
    """The figures follow the list."""
    async with staged(at="k-02") as stage:
        screen = await begun(stage)
        first = screen.query_one(LoadList).selected
        await stage.press("f2", "a")
        await stage.settled()
        reckoned = stage.desk._reckoned
        await stage.press("f4")
        await stage.until(lambda: stage.desk._reckoned > reckoned, "the new figures")
        assert screen.query_one(LoadList).selected == first


async def test_a_week_that_is_too_full_is_marked_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR: a sign beside the week, and words."""
    monkeypatch.setenv("NO_COLOR", "1")
    full = replace(WEEK, proposed=1200)
    async with staged(size=(80, 24)) as stage:
        screen = await begun(stage)
        screen.query_one(LoadList).load((full, WEEK))
        await stage.pilot.pause()
        lines = [line for line in stage.text().splitlines() if "week 53, 2026" in line]
        assert ["week 53, 2026 !" in line for line in lines] == [True, False]
        assert "more than there is time for" in " ".join(stage.text().split())


def test_the_figures_are_told_in_sentences() -> None:
    """As they are read aloud, in both languages."""
    expected = replace(WEEK, expected=30)
    assert load_line(expected, language("en")) == (
        "Week 53, 2026: 20.0 hours available, 5.0 booked, 5.0 proposed; the fixed rhythm would have taken 15.0; "
        "another 0.5 expected, but not planned yet."
    )
    assert load_line(WEEK, language("da")) == (
        "Uge 53, 2026: 20,0 timer til rådighed, 5,0 booket, 5,0 foreslået; den faste rytme ville have taget 15,0."
    )
    assert sum_line((WEEK, WEEK), language("en")).startswith("In all 2 weeks: 40.0 hours available")
