"""Plots as plain lines: they fit the width, and what they draw is what was given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from planner.evaluation.pictures import Bar
from planner.tui.plots import CURVES, Step, bars, curves

_VALUES = st.none() | st.floats(0, 1e6)
_ROWS = st.lists(st.builds(Bar, st.text(max_size=30), _VALUES, st.text(max_size=30)), max_size=8)
_STEPS = st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1)), max_size=12)


def falling(points: list[tuple[int, float]]) -> list[Step]:
    """A curve that begins at 100 % and never rises."""
    heights = sorted((share for _, share in points), reverse=True)
    weeks = sorted(at for at, _ in points)
    return [Step(0, 1.0), *(Step(at, share) for at, share in zip(weeks, heights, strict=True))]


@given(_ROWS, st.integers(20, 120))
def test_every_bar_fits_and_is_there(rows: list[Bar], width: int) -> None:
    drawn = list(bars(rows, width))
    assert all(cell_len(line) <= width for line in drawn)
    assert len(drawn) in (len(rows), 2 * len(rows))


def test_bars_are_as_long_as_their_values() -> None:
    rows = [Bar("juni", 10, "10"), Bar("juli", 5, "5"), Bar("august", 0, "0"), Bar("september", None, "–")]
    lengths = [line.count("█") for line in bars(rows, 60)]
    assert lengths[0] > 10
    assert abs(lengths[0] - 2 * lengths[1]) <= 1
    assert lengths[2:] == [0, 0]


def test_the_smallest_value_is_still_seen() -> None:
    assert [line.count("█") > 0 for line in bars([Bar("a", 1e6, "1.000.000"), Bar("b", 1, "1")], 60)] == [True, True]


def test_a_bar_stands_below_its_name_where_the_line_is_too_short() -> None:
    drawn = list(bars([Bar("telefon", 2, "2, 2 personer (holdes tilbage i filer)")], 30))
    assert drawn == ["telefon: 2, 2 personer (holdes", "█" * 29]


@given(st.lists(_STEPS, min_size=1, max_size=4), st.integers(20, 120))
def test_curves_fit_and_never_rise(points: list[list[tuple[int, float]]], width: int) -> None:
    lines = [falling(one) for one in points]
    drawn = list(curves(lines, width, "uger"))
    assert all(cell_len(line) <= width for line in drawn)
    for sign in CURVES[: len(lines)]:
        rows = {column: row for row, line in enumerate(drawn[:11]) for column, char in enumerate(line) if char == sign}
        assert [rows[column] for column in sorted(rows)] == sorted(rows.values())


def test_a_curve_that_halves_is_drawn_at_the_half() -> None:
    drawn = list(curves([[Step(0, 1.0), Step(26, 0.5), Step(52, 0.5)]], 48, "weeks"))
    top, middle = drawn[0], drawn[5]
    assert top.startswith("100 % |*")
    assert middle.startswith(" 50 % |")
    assert top.count("*") + middle.count("*") == 40
    assert abs(top.count("*") - middle.count("*")) <= 1
    assert drawn[-1].endswith("52 weeks")


def test_curves_that_run_together_take_turns() -> None:
    same = [Step(0, 1.0), Step(10, 1.0)]
    row = next(curves([same, same], 28, "weeks"))
    assert {row.count(sign) for sign in "*o"} == {10}


def test_nothing_is_drawn_of_nothing() -> None:
    assert list(bars([], 40)) == []
    assert list(curves([], 40, "weeks")) == []
    assert list(curves([[Step(0, 1.0)]], 40, "weeks")) == []
