"""Supervision on the line: a sample drawn at random, findings, and what is left of whoever is erased."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from openpyxl import load_workbook

from planner.store import sqlite
from planner.store.chain import unpacked
from planner.store.keys import unlocking
from planner.store.keys.slots import Kind
from planner.store.sqlite import StoreFile
from tests.cli.conftest import PASSPHRASE, Line


def data(line: Line) -> dict[str, Any]:
    """The answer in JSON."""
    return cast("dict[str, Any]", line("supervision", "--json").json)


def test_the_same_number_draws_the_same_cases_again_until_the_caseload_changes(line: Line) -> None:
    line("supervision", "--draw", "3", "--seed", "42")
    first = data(line)
    line("supervision", "--draw", "3", "--seed", "42")
    again = data(line)
    assert [case["citizen"] for case in again["cases"]] == [case["citizen"] for case in first["cases"]]
    assert len(first["cases"]) == 3
    kept = {"date": "2026-11-23", "seed": 42, "size": 3, "population": 6, "erased": 0}
    assert {name: again["samples"][1][name] for name in kept} == kept
    line("undo")
    assert data(line) == first
    line("undo")
    assert data(line)["samples"] == []


def test_findings_are_shown_as_shares_from_five_cases_on(line: Line) -> None:
    line("supervision", "--draw", "6", "--seed", "1")
    for n in range(1, 5):
        line("supervision", f"c-{n}", "availability=yes", "deviation-reasoned=ikke relevant")
    assert data(line)["samples"][0]["results"]["availability"] is None
    assert line("supervision", "c-5", "availability=nej").code == 0
    assert data(line)["samples"][0]["results"]["availability"] == {"n": 5, "yes": 0.8, "low": 0.3755, "high": 0.9638}
    shown = line("supervision").out
    assert "ja 80 % (38–96); n = 5" in shown
    assert "Ib Opdigt (c-5); availability: nej" in shown
    line("supervision", "--csv", "found.csv")
    lines = Path("found.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == "Er der taget stilling til rådigheden ved hver samtale?;23-11-2026;5;80;37,55;96,38;;"
    assert lines[2].endswith(";;;;;;færre end 5")
    line("supervision", "c-5", "availability=")
    assert data(line)["samples"][0]["results"]["availability"] is None
    line("undo")
    assert data(line)["samples"][0]["results"]["availability"] is not None


def test_whoever_is_erased_leaves_the_count_alone(line: Line, tmp_path: Path) -> None:
    line("supervision", "--draw", "6", "--seed", "1")
    for n in range(1, 7):
        line("supervision", f"c-{n}", "availability=yes" if n % 2 else "availability=no")
    assert '"findings": {' in line("insight", "c-5", "--json").out
    assert "availability: ja" in line("insight", "c-5").out
    before = data(line)
    store = tmp_path / "planner.db"
    key = unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE)
    with closing(sqlite.connect(StoreFile(store, key))) as raw:
        (citizen,) = raw.execute("SELECT key FROM citizens WHERE external_id = 'c-5'").fetchone()
    assert line("close", "c-5", "--on", "20-11").code == 0
    assert line("erase", "c-5", "--yes").code == 0
    after = data(line)
    assert after["samples"][0] == {**before["samples"][0], "erased": 1}
    assert {case["citizen"] for case in after["cases"]} == {"c-1", "c-2", "c-3", "c-4", "c-6"}
    assert "Slettet siden, så kun optællingen af fund er tilbage: 1" in line("supervision").out
    with closing(sqlite.connect(StoreFile(store, key))) as raw:
        assert raw.execute("SELECT count(*) FROM supervised_cases WHERE citizen = ?", (citizen,)).fetchone() == (0,)
        (tally,) = raw.execute("SELECT tally FROM supervisions").fetchone()
        assert json.loads(tally) == {"availability": [1, 0, 0]}
        left = raw.execute("SELECT changes FROM journal WHERE length(changes) > 0").fetchall()
        changed = [change for (data,) in left for change in unpacked(data)]
        assert changed
        assert not [change for change in changed if citizen in str(change)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_shares_leave_as_workbook_and_picture_without_anybody_and_that_is_logged(line: Line) -> None:
    line("supervision", "--draw", "6", "--seed", "1")
    for n in range(1, 7):
        line("supervision", f"c-{n}", "availability=yes")
    answer = line("supervision", "--xlsx", "found.xlsx", "--svg", "found.svg", "--lang", "en")
    assert answer.out.splitlines() == ["Written: found.xlsx", "Written: found.svg"]
    assert load_workbook("found.xlsx").sheetnames == ["Supervision"]
    drawn = Path("found.svg").read_text(encoding="utf-8")
    assert "yes 100 % (61–100); n = 6" in drawn
    assert "Opdigt" not in drawn
    looks = cast("list[dict[str, Any]]", line("looks", "--json").json)
    assert next(one["kind"] for one in looks if one["purpose"] == "supervision") == "export"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--draw", "7"], 5),
        (["--draw", "0"], 2),
        (["--draw", "9" * 5000], 2),
        (["--draw", "3", "--seed", "-1"], 2),
        (["--seed", "1"], 2),
        (["c-1", "--draw", "3"], 1),
        (["c-1", "availability=yes"], 4),
        (["c-1"], 2),
        (["--draw", "3", "--svg", "x.svg"], 1),
        (["c-1", "availability=yes", "--xlsx", "x.xlsx"], 2),
        (["c-1", "mood=yes"], 2),
        (["c-1", "availability=perhaps"], 2),
        (["c-1", "availability=yes", "availability=no"], 2),
    ],
)
def test_what_cannot_be(line: Line, words: list[str], code: int) -> None:
    assert line("supervision", *words).code == code


def test_a_case_that_was_not_drawn_is_not_found(line: Line) -> None:
    line("supervision", "--draw", "5", "--seed", "1")
    drawn = {case["citizen"] for case in data(line)["cases"]}
    (other,) = {f"c-{n}" for n in range(1, 7)} - drawn
    answer = line("supervision", other, "availability=yes")
    assert (answer.code, "nyeste stikprøve" in answer.err) == (4, True)


def test_what_is_allowed_is_told_in_the_language_and_as_it_is_kept(line: Line) -> None:
    line("supervision", "--draw", "6", "--seed", "1")
    assert "ja, nej eller ikke relevant" in line("supervision", "c-1", "availability=måske").err
    assert "fra 1 til 1000\n" in line("supervision", "--draw", "1001").err
