"""The experiments on the line: how they stand here, one in full, and what if."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from planner.locale import language
from tests.cli.conftest import Answer, Line

INSURED = "flexible-contact-insured"
ADOPT = ("adopt", INSURED, "--from", "2026-01-01", "--authority", "opdigtet")


def data(answer: Answer) -> dict[str, Any]:
    """Standard output as a JSON object."""
    assert answer.code == 0, answer.err
    return cast("dict[str, Any]", answer.json)


@pytest.mark.parametrize("code", ["da", "en"])
def test_the_list_says_what_is_adopted_first(line: Line, code: str) -> None:
    line(*ADOPT)
    answer = line("experiments", "--lang", code)
    speaks = language(code)
    lines = answer.out.splitlines()
    assert answer.code == 0
    assert lines[0] == f"{speaks.text('Adopted here')}: 1"
    assert INSURED in lines[1]
    assert speaks.text("from {first}", first=date(2026, 1, 1)) in lines[1]
    assert "25 %" in lines[-1]


def test_the_list_as_data(line: Line) -> None:
    line(*ADOPT, "--set", "light=P8W")
    found = data(line("experiments", "--json"))
    assert len(found["experiments"]) == 17
    first = found["experiments"][0]
    assert (first["id"], first["standing"]) == (INSURED, "in_force")
    assert first["adoptions"] == [
        {"from": "2026-01-01", "to": None, "authority": "opdigtet", "parameters": {"light": "P8W"}}
    ]
    assert found["exempted"] == []
    assert found["exempted_share"]["limit"] == 0.25


@pytest.mark.parametrize("code", ["da", "en"])
def test_one_experiment_in_full(line: Line, code: str) -> None:
    line(*ADOPT)
    answer = line("experiments", INSURED, "--lang", code)
    assert answer.code == 0
    assert "opdigtet" in answer.out
    assert language(code).text("{least} to {most}", least="1", most="20") in answer.out
    assert "Rambøll" in answer.out
    assert data(line("experiments", INSURED, "--json"))["standing"] == "in_force"


def test_one_that_nobody_knows(line: Line) -> None:
    answer = line("experiments", "moon")
    assert answer.code == 4
    assert "moon" in answer.err


@pytest.mark.parametrize("code", ["da", "en"])
def test_what_if_in_sentences(line: Line, code: str) -> None:
    line(*ADOPT)
    before = line("log", "--json").out
    answer = line("what-if", INSURED, "--off", "--lang", code)
    assert answer.code == 0
    assert language(code).text("Nothing was saved.") in answer.out
    assert language(code).text("Deadlines, requirement by requirement") in answer.out
    assert "{" not in answer.out
    assert line("log", "--json").out == before


def test_what_if_as_data_is_the_same_twice(line: Line) -> None:
    first = line("what-if", INSURED, "--set", "light=P8W", "--json")
    found = data(first)
    assert found["schema"] == "planner-what-if/1"
    assert found["parameters"] == {"light": "P8W"}
    assert not found["off"]
    assert found["deadlines"]
    for load in (found["planned_weeks"], found["twelve_weeks"]):
        assert load["minutes_freed"] == load["before"]["minutes"] - load["after"]["minutes"]
    assert line("what-if", INSURED, "--set", "light=P8W", "--json").out == first.out


def test_what_is_adopted_keeps_its_other_parameters(line: Line) -> None:
    line(*ADOPT, "--set", "light=P8W")
    found = data(line("what-if", INSURED, "--set", "close=P1W", "--json"))
    assert found["parameters"] == {"light": "P8W", "close": "P1W"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("what-if", INSURED, "--off"), 5, "is not in force here today"),
        (("what-if", "moon"), 4, "moon"),
        (("what-if", INSURED, "--set", "light=P99W"), 2, "$.parameters.light"),
        (("what-if", INSURED, "--from", "2027-01-01"), 5, "must include"),
        (("what-if", INSURED, "--to", "2025-01-01"), 2, "$.to"),
        (("what-if", INSURED, "--off", "--set", "light=P8W"), 2, "--set"),
        (("what-if", INSURED, "--off", "--from", "2026-01-01"), 2, "--from"),
        (("what-if", INSURED, "--set", "light"), 2, "NAME=VALUE"),
    ],
)
def test_what_cannot_be_asked(line: Line, words: tuple[str, ...], code: int, said: str) -> None:
    answer = line(*words, "--lang", "en")
    assert answer.code == code
    assert said in answer.err
    assert not answer.out


def test_what_is_so_already(line: Line) -> None:
    line(*ADOPT)
    answer = line("what-if", INSURED, "--lang", "en")
    assert answer.code == 5
    assert "already" in answer.err
