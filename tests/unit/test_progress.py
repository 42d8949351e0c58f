"""How far long work is, and how much time is left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.locale import CODES, language
from planner.progress import seconds_left
from planner.reporting.progress import progress_text

TOLD = language("en")


def test_the_rest_takes_as_long_as_the_part_that_is_done() -> None:
    assert seconds_left(25, 100, 10.0) == 30.0


@given(st.integers(0, 1000), st.integers(1, 1000), st.floats(0, 1e6))
def test_nothing_is_told_that_cannot_be_known(done: int, of: int, seconds: float) -> None:
    """Before anything is done, after everything is, and of a moment's work."""
    left = seconds_left(done, of, seconds)
    if done == 0 or done >= of or seconds < 1:
        assert left is None
    assert left is None or left > 0


def test_it_is_told_in_seconds_then_in_minutes_and_not_at_all() -> None:
    assert progress_text("Importing…", 50, 100, 10.2, TOLD) == "Importing… 50 %, about 11 s left"
    assert progress_text("Importing…", 10, 100, 20.0, TOLD) == "Importing… 10 %, about 3 min left"
    assert progress_text("Importing…", 1, 100, 20.0, TOLD) == "Importing… 1 %"
    assert progress_text("Importing…", 50, 100, 0.2, TOLD) == "Importing… 50 %"
    assert progress_text("Planning…", 0, 0, 2.0, TOLD) == "Planning…"
    assert progress_text("Planning…", 0, 0, 20.9, TOLD) == "Planning… 20 s so far"


def test_the_user_reads_it_in_every_language() -> None:
    told = {progress_text("Importing…", 50, 100, 10.0, language(code)) for code in CODES}
    assert len(told) == len(CODES)
