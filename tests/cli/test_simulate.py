"""`planner simulate`, which needs no store: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any, cast

import pytest

from planner.evaluation.simulation import running
from planner.evaluation.simulation.measures import MEASURES
from planner.locale import CODES, language
from tests.cli.conftest import Line

SHORT = ("--today", "2018-01-03", "--weeks", "2", "--citizens", "5", "--repetitions", "2", "--processes", "1")


@pytest.fixture(autouse=True)
def _no_warm_up(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[run.warm_up_weeks]\nvalue = 1\nsource = "opdigtet"\n', encoding="utf-8")


def data(nowhere: Line, *words: str) -> dict[str, Any]:
    """The result as data."""
    answer = nowhere("simulate", *SHORT, "--parameters", "own.toml", "--json", *words)
    assert answer.code == 0, answer.err
    return cast("dict[str, Any]", answer.json)


@pytest.mark.parametrize("code", CODES)
def test_the_result_in_sentences(nowhere: Line, code: str) -> None:
    answer = nowhere("simulate", *SHORT, "--parameters", "own.toml", "--mixed", "50", "--lang", code)
    speaks = language(code)
    assert answer.code == 0, answer.err
    for measure in MEASURES.values():
        assert speaks.text(measure.definition) in answer.out
    for name in (
        speaks.text("fixed rhythm"),
        speaks.text("flexible contact"),
        speaks.text("mixed, {percent} %", percent=50),
    ):
        assert f"   {name}: " in answer.out
    assert speaks.week(2018, 2) in answer.out
    assert speaks.week(2018, 4) not in answer.out
    assert answer.err == ""


def test_one_repetition_has_no_intervals_and_says_so(nowhere: Line) -> None:
    answer = nowhere("simulate", *SHORT, "--repetitions", "1", "--lang", "en")
    assert "Of one repetition there are no confidence intervals" in answer.out
    assert "In brackets" not in answer.out
    assert "In brackets" in nowhere("simulate", *SHORT, "--lang", "en").out


def test_the_result_as_data_is_the_same_every_time(nowhere: Line) -> None:
    found = data(nowhere, "--adopt", "flexible-contact-insured")
    assert found == data(nowhere, "--adopt", "flexible-contact-insured")
    assert (found["schema"], found["start"], found["counted_from"]) == (
        "planner-simulation-result/1",
        "2018-01-01",
        "2018-01-08",
    )
    assert found["complete"] is True
    assert found["law"] == "law-2015"
    fixed, flexible = found["policies"]
    assert fixed["adoptions"] == []
    assert flexible["adoptions"] == ["flexible-contact-insured"]
    for count in ("came", "left", "remaining"):
        assert fixed["counts"][count] == flexible["counts"][count]
    less = flexible["less_first"]["hours"]["mean"]
    assert less == pytest.approx(flexible["measures"]["hours"]["mean"] - fixed["measures"]["hours"]["mean"])
    assert len(fixed["load_by_week"]) == 2
    assert found["parameters"]["run"]["warm_up_weeks"] == {"value": 1, "source": "opdigtet"}
    assert found != data(nowhere, "--seed", "2")


def test_the_figures_as_a_table_for_a_spreadsheet(nowhere: Line, tmp_path: Path) -> None:
    found = data(nowhere, "--csv", "tal.csv")
    with (tmp_path / "tal.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    hours = next(row for row in rows if (row["policy"], row["measure"]) == ("flexible", "hours"))
    assert float(hours["mean"].replace(",", ".")) == pytest.approx(
        found["policies"][1]["measures"]["hours"]["mean"], abs=1e-4
    )
    assert [row["week"] for row in rows if (row["policy"], row["measure"]) == ("fixed", "load_of_week")] == ["1", "2"]
    assert any(row["policy"] == "flexible_less_fixed" for row in rows)


def test_what_the_difference_hangs_on(nowhere: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    from planner.evaluation.simulation import sensitivity

    monkeypatch.setattr(sensitivity, "MAIN", (("need", "high"), ("groups", "6.1", "laid_off")))
    answer = nowhere("simulate", *SHORT, "--sensitivity", "--lang", "en")
    assert answer.code == 0, answer.err
    assert "   need.high 0.1 → 0.075: " in answer.out
    assert '   groups."6.1".laid_off 0.08 → 0.1: ' in answer.out
    found = data(nowhere, "--sensitivity")
    assert [one["value"] for one in found["sensitivity"]] == pytest.approx([0.075, 0.125, 0.06, 0.1])


def test_what_is_assumed_can_be_changed_and_given_back(nowhere: Line, tmp_path: Path) -> None:
    shown = nowhere("simulate", "--show-parameters")
    assert tomllib.loads(shown.out)["need"]["high"]["value"] == 0.1
    (tmp_path / "all.toml").write_text(shown.out.replace("value = 0.1,", "value = 0.2,"), encoding="utf-8")
    again = nowhere("simulate", "--show-parameters", "--parameters", "all.toml")
    assert tomllib.loads(again.out)["need"]["high"]["value"] == 0.2
    assert nowhere("simulate", "--show-parameters", "--json").json == tomllib.loads(shown.out)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--caseworkers", "0"), "--caseworkers"),
        (("--weeks", "10000"), "--weeks"),
        (("--citizens", "many"), "--citizens"),
        (("--mixed", "100"), "--mixed"),
        (("--processes", "0"), "--processes"),
        (("--seed", "-1"), "--seed"),
        (("--adopt", "flexible-contact-insurd"), "flexible-contact-insured"),
        (("--adopt", "\x1b[2J"), "--adopt"),
        (("--parameters", "nowhere.toml"), "nowhere.toml"),
        (("--parameters", "wrong.toml"), "wrong.toml:$.need.high.value"),
        (("--today", "1999-01-01"), "$.today"),
        (("--today", "2200-01-01"), "--today"),
    ],
)
def test_what_cannot_be_simulated_is_said(nowhere: Line, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    (tmp_path / "wrong.toml").write_text("[need.high]\nvalue = 7\n", encoding="utf-8")
    answer = nowhere("simulate", "--lang", "en", *words)
    assert answer.code == 2
    assert told in answer.err
    assert "\x1b" not in answer.err
    assert answer.out == ""


def test_after_an_interruption_what_is_done_is_reported_and_said_to_be_a_part(
    nowhere: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    do, count = running.Setup.do, [0]

    def until_pressed(setup: running.Setup, task: running.Task) -> object:
        count[0] += 1
        if count[0] % 3 == 0:
            raise KeyboardInterrupt
        return do(setup, task)

    monkeypatch.setattr(running.Setup, "do", until_pressed)
    answer = nowhere("simulate", *SHORT, "--repetitions", "5", "--json", "--lang", "en")
    assert answer.code == 130
    assert "Interrupted: 2 of 5" in answer.err
    found = cast("dict[str, Any]", answer.json)
    assert (found["complete"], found["repetitions"]) == (False, 2)
    count[0] = 0
    told = nowhere("simulate", *SHORT, "--repetitions", "5", "--lang", "en")
    assert told.out.startswith("Interrupted: 2 of 5"), "who reads a file of it sees it too"
    assert told.out.splitlines()[-1].startswith("Interrupted: 2 of 5"), "and who reads on the terminal"
    count[0] = 2
    nothing = nowhere("simulate", *SHORT, "--lang", "en")
    assert (nothing.code, nothing.out) == (130, "")
    assert "Interrupted before the first run" in nothing.err
