"""The evaluation form of an experiment: figures, texts that stay, Markdown and Word, and nobody's name in it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

import docx
import pytest

from planner.evaluation.definitions import MEASURES
from planner.locale import language
from tests.cli import office
from tests.cli.conftest import Line

INSURED = "flexible-contact-insured"
ADOPT = ("adopt", INSURED, "--from", "2026-01-01", "--authority", "Byrådet *den 1. december*", "--set", "light=P8W")
WRITTEN = "Flere ringer selv.\n1.650 af dem\n1. for det første\n# <b>Det</b> var | ikke ventet\x1b[2J"


def word(path: Path) -> tuple[list[str], list[list[str]]]:
    """Paragraphs and rows of a Word document, as the library reads them again."""
    document = docx.Document(str(path))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return [one.text for one in document.paragraphs], rows


def filled(line: Line) -> None:
    """An adoption, and a text under the ninth point."""
    line(*ADOPT)
    assert line("form", INSURED, "--text", "9", WRITTEN).code == 0


@pytest.mark.parametrize("code", ["da", "en"])
def test_the_form_has_ten_points_in_either_language_with_what_is_known(line: Line, code: str) -> None:
    filled(line)
    speaks = language(code)
    answer = line("form", INSURED, "--in", code)
    headings = [row for row in answer.out.splitlines() if row.startswith("## ")]
    assert [row.split()[1] for row in headings] == [f"{n}." for n in range(1, 11)]
    assert headings[8].endswith(speaks.text("Unexpected findings"))
    assert "Byrådet \\*den 1. december\\*" in answer.out
    assert "P8W" in answer.out
    assert "Eksempelkøbing" in answer.out
    assert speaks.text("What is measured, of citizens in target group {groups}:", groups="6.1") in answer.out
    assert speaks.text("What these would have cost") not in answer.out
    # Four insured citizens with three conversations: too few for any figure.
    assert f"| {speaks.text('Conversations held')} | {speaks.text('withheld')} |" in answer.out
    assert f"| {speaks.text('Certificates not obtained')} | {speaks.text('not recorded')} |" in answer.out


def test_figures_of_more_than_four_persons_stand_in_it(line: Line, tmp_path: Path) -> None:
    people = [
        office.citizen(
            f"n-{n}", f"Opdigtet Nummer{n}", spell_start="2026-06-01", conversations=[office.held("2026-09-21")]
        )
        for n in range(7)
    ]
    (tmp_path / "more.json").write_text(json.dumps(office.caseload(citizens=people)), encoding="utf-8")
    assert line("import", "more.json", "--yes").code == 0
    rows = cast("Any", line("form", INSURED, "--from", "01-09-2026", "--json").json)["points"][6]["tables"][0]["rows"]
    found = {row[0]: row[1:] for row in rows}
    # Seven more beside the four of the office; of those, two were met in September and October by the same day.
    assert found["Borgere med en sag i gang"] == ["11", "personer", "11"]
    assert found["Afholdte samtaler"] == ["10", "samtaler", "10"]
    assert found["Tid i samtaler"] == ["450", "minutter", "10"]
    assert found["Afholdt ved fremmøde"] == ["10", "samtaler", "10"]
    assert found["Overskredne frister"] == ["holdt tilbage", "frister", "–"]


def test_what_is_written_is_data_in_markdown_and_in_word(line: Line, tmp_path: Path) -> None:
    filled(line)
    answer = line("form", INSURED)
    assert "\n1.650 af dem\n\n1\\. for det" in answer.out
    assert "\\# \\<b\\>Det\\</b\\> var \\| ikke ventet·\\[2J" in answer.out
    assert line("form", INSURED, "--output", "form.docx").code == 0
    paragraphs, rows = word(tmp_path / "form.docx")
    assert "# <b>Det</b> var | ikke ventet·[2J" in paragraphs
    assert paragraphs.index("Flere ringer selv.") == paragraphs.index("9. Uventede fund") + 1
    assert ["Kommune", "Eksempelkøbing"] in rows
    about = docx.Document(str(tmp_path / "form.docx")).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")


def test_both_files_say_the_same(line: Line, tmp_path: Path) -> None:
    filled(line)
    for name in ("form.md", "form.docx"):
        answer = line("form", INSURED, "--output", name, "--in", "en")
        assert (answer.code, "kan trækkes fra hinanden" in answer.out) == (0, True)
    paragraphs, rows = word(tmp_path / "form.docx")
    plain = (tmp_path / "form.md").read_text(encoding="utf-8").replace("\\", "")
    said = [*paragraphs, *(cell for row in rows for cell in row)]
    assert [text for text in said if text not in plain] == []
    figures = [row for row in rows if len(row) == 4]
    assert len(figures) > len(MEASURES)
    assert len(rows) == 8 + len(figures)


def test_a_text_stays_between_editions_and_is_undone_and_done_again(line: Line) -> None:
    filled(line)
    assert line("form", INSURED, "--text", "9", "Noget andet.").code == 0
    assert "Noget andet." in line("form", INSURED).out
    line("undo")
    assert "Flere ringer selv." in line("form", INSURED).out
    line("redo")
    assert line("form", INSURED, "--text", "9", "  ").out.startswith("Evalueringsskemaet")
    assert "Noget andet." not in line("form", INSURED).out
    assert "punkt 9" in line("log").out


@pytest.mark.parametrize(
    "text",
    [
        "Åse Eksempel fik job",
        "Vi talte med ib  OPDIGT.",
        "Else-Fantasi kom selv",
        "som Mette Prøvesen skrev",
        "borger 010203-1234 var tilfreds",
    ],
)
def test_nobody_is_named_in_it(line: Line, text: str, tmp_path: Path) -> None:
    (tmp_path / "office.json").write_text('{"contact": {"name": "Mette Prøvesen"}}', encoding="utf-8")
    assert line("office", "--set", "office.json").code == 0
    answer = line("form", INSURED, "--text", "9", text)
    assert answer.code == 5
    assert "punkt 9" in answer.err
    assert line("form", INSURED, "--text", "9", "Eksempel på et fund").code == 0


def test_a_name_that_comes_to_the_caseload_later_keeps_the_form_from_being_written(line: Line, tmp_path: Path) -> None:
    assert line("form", INSURED, "--text", "10", "Som Nye Borgersen sagde").code == 0
    people = [*office.caseload()["citizens"], office.citizen("c-9", "Nye Borgersen")]
    (tmp_path / "more.json").write_text(json.dumps(office.caseload(citizens=people)), encoding="utf-8")
    line("import", "more.json", "--yes")
    answer = line("form", INSURED, "--output", "form.md")
    assert (answer.code, "Borgersen" in answer.err, (tmp_path / "form.md").exists()) == (5, False, False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nobody"], 4),
        ([INSURED, "--text", "11", "x"], 2),
        ([INSURED, "--text", "x", "x"], 2),
        ([INSURED, "--text", "9" * 5000, "x"], 2),
        ([INSURED, "--text", "9", "x" * 10_001], 5),
        ([INSURED, "--text", "9", "x", "--output", "y.md"], 1),
        ([INSURED, "--output", "form.odt"], 2),
        ([INSURED, "--output", "nowhere/form.md"], 1),
        ([INSURED, "--from", "2026-11-02", "--to", "2026-11-01"], 2),
        ([INSURED, "--in", "de"], 2),
    ],
)
def test_what_cannot_be(line: Line, words: list[str], code: int) -> None:
    assert line("form", *words).code == code


def test_no_file_is_written_over(line: Line, tmp_path: Path) -> None:
    (tmp_path / "form.docx").write_bytes(b"mine")
    assert line("form", INSURED, "--output", "form.docx").code == 1
    assert (tmp_path / "form.docx").read_bytes() == b"mine"


def test_where_the_library_is_missing_a_sentence_says_what_to_do(
    line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    answer = line("form", INSURED, "--output", "form.docx")
    assert (answer.code, "samtaleplanner[form]" in answer.err, list(tmp_path.glob("form*"))) == (1, True, [])
    assert line("form", INSURED, "--output", "form.md").code == 0


def test_the_export_is_logged_as_a_look(line: Line) -> None:
    line("form", INSURED)
    assert "evalueringsskemaet" in line("looks").out
