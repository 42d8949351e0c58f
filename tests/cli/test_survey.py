"""The survey on the line: rounds, forms typed in and imported, and nothing that tells who answered what."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from openpyxl import load_workbook

from planner.store import sqlite
from planner.store.keys import unlocking
from planner.store.keys.slots import Kind
from planner.store.sqlite import StoreFile
from tests.cli.conftest import PASSPHRASE, Answer, Line

ROUND = ("survey", "Nulpunktsmåling")
FORMS = "meaning;timing;Hvem er du?\n3;2;Ib\n2;ved ikke;\nSOME;1;\nSlet ikke eller i mindre grad;;\n3;0;\n0;2;\n"


def imported(line: Line, text: str = FORMS, *words: str) -> Answer:
    """Import forms into the round."""
    Path("forms.csv").write_text(text, encoding="utf-8")
    return line(*ROUND, "--import", "forms.csv", *words)


def results(line: Line) -> dict[str, list[dict[str, Any] | None]]:
    """What the JSON says, by question."""
    found = cast("Any", line("survey", "--json").json)
    return {question["id"]: question["results"] for question in found["questions"]}


def test_two_rounds_lie_beside_each_other_with_bars_n_and_intervals(line: Line) -> None:
    imported(line, FORMS, "--on", "17-08-2026")
    (first,) = results(line)["timing"]
    assert first is not None
    assert first["n"] == 5
    assert first["answers"]["some"] == {"share": 0.4, "low": 0.1176, "high": 0.7693}  # Wilson for 2 of 5
    line("survey", "Anden måling", "--on", "16-11-2026", "--import", "forms.csv")
    shown = line("survey").out.splitlines()
    at = shown.index("Giver samtalerne mening for borgeren? (meaning)")
    assert [row.split("  ")[1].strip() for row in shown[at + 1 : at + 5 : 2]] == ["Nulpunktsmåling", "Anden måling"]
    assert shown[at + 1].endswith("?" * 7 + "-" * 7 + "=" * 13 + "#" * 13 + "  n = 6")
    assert "i nogen grad 33 % (10–70)" in shown[at + 2]
    assert shown[-1].endswith("færre end 5 svar: vises ikke")
    assert "Anden" not in line(*ROUND).out


@pytest.mark.parametrize("forms", [4, 5])
def test_fewer_than_five_answers_are_shown_nowhere(line: Line, forms: int) -> None:
    line(*ROUND, "--on", "17-08-2026")
    for _ in range(forms):
        line(*ROUND, "--answer", "meaning=3", "timing=ved ikke")
    line("survey", "--csv", "results.csv", "--svg", "results.svg")
    told = [line("survey").out, line("survey", "--json").out]
    told += [Path(name).read_text(encoding="utf-8") for name in ("results.csv", "results.svg")]
    for text, whole in zip(told, ("100 %", "1.0", ";100;", "100 %"), strict=True):
        assert (whole in text) == (forms == 5)


def test_results_leave_as_workbook_and_picture_and_no_file_is_written_over(line: Line) -> None:
    imported(line, FORMS, "--on", "17-08-2026")
    answer = line("survey", "--xlsx", "results.xlsx", "--svg", "results.svg")
    assert answer.out.splitlines() == ["Skrevet: results.xlsx", "Skrevet: results.svg"]
    assert load_workbook("results.xlsx").sheetnames == ["Medarbejdersurvey"]
    assert "n = 6" in Path("results.svg").read_text(encoding="utf-8")
    before = Path("results.svg").read_bytes()
    assert line("survey", "--csv", "results.csv", "--svg", "results.svg").code == 1
    assert not Path("results.csv").exists()
    assert Path("results.svg").read_bytes() == before


def test_nothing_is_imported_from_a_file_with_a_fault_and_each_fault_has_its_row(line: Line) -> None:
    line(*ROUND, "--on", "17-08-2026")
    answer = imported(line, "meaning;timing\n3;2\n4;2\n1;måske\n1\n=1+1;2\n010203-1234;2\n")
    assert (answer.code, [row.split(":")[0] for row in answer.err.splitlines()]) == (2, ["3", "4", "5", "6", "7"])
    assert "010203" not in answer.err
    assert results(line)["meaning"] == [None]
    assert "Skemaer" not in line("log").out


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "navn;alder\nIb;40\n",
        "meaning;meaning\n1;\n",
        "meaning;timing\n;\n",
        "a",
        "<html>",
        "meaning;x\n\x00;1\n",
    ],
)
def test_what_is_no_form_is_refused(line: Line, text: str) -> None:
    assert imported(line, text, "--on", "17-08-2026").code == 2
    assert results(line)["meaning"] == []


def test_neither_file_nor_journal_tells_who_answered_what(line: Line, tmp_path: Path) -> None:
    imported(line, FORMS, "--on", "17-08-2026")
    line(*ROUND, "--answer", "meaning=3", "timing=1")
    store = tmp_path / "planner.db"
    key = unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE)
    with closing(sqlite.connect(StoreFile(store, key))) as raw:
        (tally,) = raw.execute("SELECT tally FROM survey_tallies").fetchall()
        rows = raw.execute("SELECT verb, detail, changes FROM journal WHERE verb LIKE 'survey%'").fetchall()
    assert json.loads(tally[0]) == {"meaning": [1, 1, 2, 3], "timing": [2, 2, 2, 0]}
    from planner.store.chain import unpacked

    assert [(row[0], json.loads(row[1])) for row in rows] == [
        ("survey_import", {"round": "Nulpunktsmåling", "count": 6}),
        ("survey_answers", {"round": "Nulpunktsmåling", "count": 1}),
    ]
    changed = [change for row in rows for change in unpacked(row[2])]
    assert [change.table for change in changed] == ["survey_rounds"]
    assert set(changed[0].after or {}) == {"key", "version", "name", "on_date"}


def test_rounds_are_undone_and_done_again_with_their_answers(line: Line) -> None:
    imported(line, FORMS, "--on", "17-08-2026")
    before = results(line)
    line(*ROUND, "--remove")
    assert line(*ROUND).code == 4
    line("undo")
    assert results(line) == before
    line("undo")
    assert results(line)["meaning"] == []
    line("redo")
    assert results(line) == before
    assert line(*ROUND, "--on", "18-08-2026").code == 0
    assert "18-08-2026" in line(*ROUND).out
    line("undo")
    assert "17-08-2026" in line(*ROUND).out


def test_somebody_at_a_terminal_is_asked_question_by_question(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line(*ROUND, "--on", "17-08-2026")
    assert line(*ROUND, "--answer").code == 2  # nobody there to be asked
    monkeypatch.setattr("planner.cli.survey.is_interactive", lambda: True)
    answer = line(*ROUND, "--answer", stdin=b"3\n7\n2\n\nved ikke\n1\n0\n")
    assert answer.code == 0
    assert answer.out.count("?\n") == 6
    assert line(*ROUND, "--answer", stdin=b"3\n").code == 1
    assert line(*ROUND, "--answer", stdin=b"\n\n\n\n\n\n").code == 1
    for _ in range(4):
        line(*ROUND, "--answer", "meaning=3", "timing=2", "job-focus=0")
    found = results(line)
    assert [found[name][0] is not None for name in ("meaning", "timing", "judgement", "job-focus")] == [
        True,
        True,
        False,
        True,
    ]


def test_own_questions_stand_beside_the_settings(line: Line, tmp_path: Path) -> None:
    own = tmp_path / "survey.toml"
    own.write_text(
        'schema = "planner-survey/1"\n[[questions]]\nid = "calm"\n'
        'text = {da = "Er der [b]ro\\u001b[2J?", en = "Calm?"}\n',
        encoding="utf-8",
    )
    shown = line("survey").out
    assert "Er der [b]ro·[2J? (calm)" in shown
    assert "meaning" not in shown
    own.write_text('schema = "planner-survey/1"\n[[questions]]\nid = "A b"\ntext = {da = ""}\n', encoding="utf-8")
    answer = line("survey")
    assert answer.code == 2
    places = {row.split(":$")[1].split(":")[0] for row in answer.err.splitlines()}
    assert places == {".questions[0].id", ".questions[0].text.da", ".questions[0].text.en"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["X"], 4),
        (["X", "--answer", "meaning=1"], 4),
        (["X", "--remove"], 4),
        (["--on", "1-1-2026"], 1),
        (["X", "--on", "soon"], 2),
        ([" ", "--on", "1-1-2026"], 5),
        (["x" * 61, "--on", "1-1-2026"], 5),
        (["010203-1234", "--on", "1-1-2026"], 5),
        (["X", "--on", "1-1-2026", "--answer", "meaning=4"], 2),
        (["X", "--on", "1-1-2026", "--answer", "meaning=1", "meaning=2"], 2),
        (["X", "--on", "1-1-2026", "--answer", "mood=1"], 2),
        (["X", "--import", "nowhere.csv"], 2),
        (["X", "--answer", "meaning=1", "--csv", "x.csv"], 1),
        (["X", "--remove", "--svg", "x.svg"], 1),
    ],
)
def test_what_cannot_be(line: Line, words: list[str], code: int) -> None:
    assert line("survey", *words).code == code


def test_a_round_that_a_form_on_the_line_begins_was_read_from_no_file(line: Line) -> None:
    answer = line(*ROUND, "--on", "17-08-2026", "--answer", "meaning=3")
    assert answer.out.startswith("Surveyens måling “Nulpunktsmåling” er begyndt; skemaer talt med: 1\n")


def test_a_wrong_answer_is_told_in_the_words_of_the_form(line: Line) -> None:
    answer = line(*ROUND, "--on", "17-08-2026", "--answer", "meaning=4")
    assert "0 (ved ikke), 1 (slet ikke eller i mindre grad), 2 (i nogen grad) eller 3 (i høj" in answer.err


def test_undo_passes_over_a_round_that_has_more_answers_since(line: Line) -> None:
    """They would be gone with it, and nobody can give them again; what was done before is undone instead."""
    line("postpone", "c-1", "+1u", "--reason", "ferie")
    imported(line, FORMS, "--on", "17-08-2026")
    line(*ROUND, "--answer", "meaning=3")
    assert "udskudt" in line("undo").out
    (kept,) = results(line)["meaning"]
    assert kept is not None
    assert kept["n"] == 7
    line(*ROUND, "--remove")
    assert results(line)["meaning"] == []
    line("undo")
    assert results(line)["meaning"] == [kept]
