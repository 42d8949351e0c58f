"""Why, why not and what is missing, on the line: plain and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from tests.cli.conftest import Line
from tests.solverless import without_the_solver


def data(line: Line, *words: object) -> dict[str, Any]:
    """What the line answers as JSON."""
    answer = line(*words, "--json")
    assert (answer.code, answer.err) == (0, "")
    return cast("dict[str, Any]", answer.json)


def test_the_terms_of_the_proposal_and_their_sum(line: Line) -> None:
    told = data(line, "explain", "c-1")
    assert told["points"] == sum(term["points"] for term in told["terms"])
    answer = line("explain", "c-1", "--lang", "en")
    assert f"In all {told['points']} points." in answer.out
    assert all(term["code"] for term in told["terms"])


@pytest.mark.parametrize(
    ("when", "code", "sentence"),
    [
        ("28-11", "weekend", "Weekend."),
        ("2026-12-25", "public_holiday", "Public holiday."),
        ("20-11", "day_past", "That day has passed."),
        ("+20w", "beyond_planned", "are planned now"),
        ("2026-11-25 06.00", "outside_hours", "Outside the working hours"),
        ("2026-11-25 10:31", "off_grid", "multiple of 15 minutes"),
    ],
)
def test_a_day_that_is_not_possible_is_answered_with_the_reason(
    line: Line, when: str, code: str, sentence: str
) -> None:
    told = data(line, "explain", "c-1", "--not", when)
    assert (told["schema"], told["blocked"]["code"]) == ("planner-why-not/1", code)
    assert sentence in line("explain", "c-1", "--not", when, "--lang", "en").out


def test_a_day_with_a_price(line: Line) -> None:
    """Nearly nobody is in the office: any day has a free time, and the price is what the terms say."""
    told = data(line, "explain", "c-1", "--not", "26-11")
    assert (told["blocked"], told["used_by"]) == (None, [])
    assert told["free"]["date"] == "2026-11-26"
    assert told["plan_at_least"] == told["citizen"] == sum(term["points"] for term in told["terms"]) == 3
    answer = line("explain", "c-1", "--not", "26-11", "--lang", "en")
    assert "Thursday 26 November 2026: 3 points dearer; 08:00 is free" in answer.out
    assert "In all 3 points" in answer.out


def test_the_proposed_day_is_called_so(line: Line) -> None:
    proposed = data(line, "explain", "c-1")["proposal"]
    told = data(line, "explain", "c-1", "--not", proposed["date"])
    assert told["proposed"] == {key: proposed[key] for key in ("date", "start", "end", "channel", "minutes")}
    assert "proposed at" in line("explain", "c-1", "--not", proposed["date"], "--lang", "en").out


def test_a_channel_can_be_asked_about(line: Line) -> None:
    told = data(line, "explain", "c-1", "--not", "24-11", "--channel", "in_person")
    assert (told["channel"], told["blocked"]["code"]) == ("in_person", "notice")


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "c-4", "--channel", "phone"),
        ("explain", "--not", "24-11"),
        ("explain", "c-4", "--not", "whenever"),
        ("explain", "nobody", "--not", "24-11"),
    ],
)
def test_what_cannot_be_meant_is_refused(line: Line, words: tuple[str, ...]) -> None:
    answer = line(*words)
    assert answer.code != 0
    assert answer.out == ""


def test_without_a_citizen_the_whole_plan_is_explained(line: Line, bare: Line, caseload_file: Path) -> None:
    told = data(line, "explain")
    assert told["schema"] == "planner-shortage/1"
    assert told["quality"]["engine"] in ("exact", "instant")
    assert {"unavoidable", "capacity", "hours"} <= told.keys()
    plain = line("explain", "--lang", "en").out
    assert "The plan: proved the best possible." in plain
    for miss in told["unavoidable"]:
        assert f"({miss['id']})" in plain
    assert plain.splitlines()[1:] == bare("explain", "--caseload", caseload_file, "--lang", "en").out.splitlines()[1:]


def test_the_list_and_the_plan_say_how_good_they_are(line: Line, bare: Line, caseload_file: Path) -> None:
    assert "Planen: bevist bedst mulig." in line("today").out
    assert data(line, "today")["quality"]["proven"] is True
    assert "Planen: bevist bedst mulig." in bare("plan", "--caseload", caseload_file).out


def test_it_says_so_where_the_quick_engine_stood_in(bare: Line, caseload_file: Path) -> None:
    with without_the_solver():
        assert "den hurtige beregning" in bare("plan", "--caseload", caseload_file).out
        assert data(bare, "explain", "--caseload", caseload_file)["quality"]["engine"] == "instant"
