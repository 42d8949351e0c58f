"""From proposal to filed on the line: what each verb says, its JSON, its files, and its refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Line


def asked(line: Line, *words: object) -> Any:
    """The JSON of a verb that went well."""
    answer = line(*words, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def test_a_whole_course_on_the_line(line: Line) -> None:
    """Offer, choice, summons, held in one go, note, tick; and undone to the start."""
    assert "vælge til og med 01-12-2026" in line("offer", "c-1", "--channel", "phone").out
    assert "selvbooket" in line("pick", "c-1", "2").out
    assert "Kære Åse Eksempel" in line("summons", "c-1").out
    held = line("held", "c-2", "--covered", "praktik", "--minutes", "40", "--channel", "digital", "--cadence", "let")
    assert "kadencen sat til let kontakt" in held.out
    assert "planner case-note c-2" in held.out
    note = line("case-note", "c-2").out
    assert "Kontaktform: digitalt, 40 minutter" in note
    assert "- praktik" in note
    assert "er journaliseret" in line("case-note", "c-2", "--filed").out
    assert "Meldt journaliseret" in line("case-note", "c-2").err
    assert "er ikke journaliseret" in line("case-note", "c-2", "--not-filed").out
    for _ in range(5):
        assert line("undo").code == 0
    assert line("undo").code == 0  # the import of the office
    assert line("undo").code == 4


def test_the_text_stands_in_the_json_with_what_should_be_known(line: Line) -> None:
    told = asked(line, "offer", "c-1", "--channel", "in_person", "--slots", "2", "--deadline", "+10d", "--in", "en")
    assert (told["kind"], told["citizen"], told["language"], told["file"]) == ("offer", "c-1", "en", None)
    assert told["text"].startswith("Eksempelkøbing\n23 Nov 2026\n\nDear Åse Eksempel")
    assert "2. " in told["text"]
    assert "3. " not in told["text"]
    assert any("planner office" in notice for notice in told["notices"])
    assert told["done"] > 0
    again = asked(line, "offer", "c-1", "--text", "--in", "en")
    assert again["text"] == told["text"]
    assert "done" not in again


def test_a_text_goes_to_a_new_file_and_over_none(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    line("held", "c-2")
    answer = line("case-note", "c-2", "--output", path)
    assert (answer.code, answer.out) == (0, f"Skrevet til {path}. Filen indeholder persondata.\n")
    assert "Bo Prøve" in path.read_text(encoding="utf-8")
    refused = line("case-note", "c-2", "--output", path, "--filed")
    assert (refused.code, refused.out) == (1, "")
    assert "Meldt journaliseret" not in line("case-note", "c-2").err
    both = line("case-note", "c-2", "--output", tmp_path / "other.txt", "--filed")
    assert "er journaliseret" in both.out
    assert "Bo Prøve" in (tmp_path / "other.txt").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_leaves_no_offer_behind(line: Line, tmp_path: Path) -> None:
    assert line("offer", "c-1", "--output", tmp_path / "no" / "x.txt").code == 1
    assert line("offer", "c-1", "--text").code == 5


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["summons", "c-1"], 5, "book en tid først"),
        (["summons", "nobody"], 4, "nobody"),
        (["summons"], 2, "BORGER"),
        (["offer", "c-1", "--deadline", "+7d"], 5, "tidligst være 01-12-2026"),
        (["offer", "c-1", "--deadline", "snart"], 2, "snart"),
        (["offer", "c-1", "--slots", "0"], 2, "--slots"),
        (["offer", "c-1", "--slots", "99"], 5, "fra 1 til 10"),
        (["offer", "c-1", "--channel", "røg"], 2, "røg"),
        (["offer", "c-2"], 5, "enten en booking eller en frist"),
        (["offer", "c-1", "--withdraw"], 5, "ikke tilbudt"),
        (["offer", "c-1", "--withdraw", "--text"], 2, "--text"),
        (["pick", "c-1", "1"], 5, "ikke tilbudt"),
        (["pick", "c-1", "0"], 2, "N"),
        (["pick", "c-1", "x"], 2, "x"),
        (["case-note", "c-3"], 5, "Ingen samtale"),
        (["case-note", "c-1", "--on", "22-11"], 5, "22-11-2026"),
        (["case-note", "c-1", "--filed", "--not-filed"], 2, "--not-filed"),
        (["held", "c-2", "--cadence", "none"], 2, "none"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(line: Line, words: list[str], code: int, sentence: str) -> None:
    answer = line(*words)
    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err


def test_a_short_notice_is_refused_unless_it_is_meant(line: Line, bare: Line) -> None:
    """In person wants eight days; with the figures, and a sentence beside the text."""
    assert line("accept", "c-1", "--at", "02-12 10.30", "--channel", "in_person").code == 0
    assert line("summons", "c-1").code == 0
    late = bare("summons", "c-1", "--today", "30-11-2026")
    assert (late.code, late.out) == (5, "")
    assert "varslet er 8 dage (fremmøde), altså tidligst 08-12-2026" in late.err
    meant = bare("summons", "c-1", "--short-notice", "--today", "30-11-2026")
    assert "Kære Åse Eksempel" in meant.out
    assert "for sen til 02-12-2026" in meant.err


def test_a_covered_point_is_known_by_its_title(line: Line) -> None:
    """In either language; another text stays as it is written."""
    words = ("--from", "01-01-2026", "--authority", "opdigtet")
    line("adopt", "job-rotation", *words)
    line("held", "c-1", "--covered", "JOBROTATION ER MULIG FRA FØRSTE DAG", "--covered", "Egen vej")
    english = line("case-note", "c-1", "--in", "en").out
    assert "- Job rotation is possible from the first day\n- Egen vej" in english


def test_a_template_of_ones_own_is_used_and_its_faults_are_told(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    own = folder / "summons.da.txt"
    own.write_text("Hej {name}, {date} kl. {time}", encoding="utf-8")
    told = "Hej Bo Prøve, mandag den 23. november 2026 kl. 10.00\n"
    assert line("summons", "c-2", "--short-notice").out == told
    own.write_text("Hej {nmae}", encoding="utf-8")
    answer = line("summons", "c-2", "--short-notice")
    assert answer.code == 2
    assert f"{own}:1" in answer.err
    assert "name (det nærmeste, der findes)" in answer.err


def test_the_office_says_whom_and_where_to_find(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    file.write_text('{"contact": {"name": "Mette Prøvesen", "place": "Prøvegade 1"}}', encoding="utf-8")
    assert line("office", "--set", file).code == 0
    assert asked(line, "office")["contact"]["place"] == "Prøvegade 1"
    line("accept", "c-1", "--at", "02-12 10.30", "--channel", "in_person")
    text = line("summons", "c-1").out
    assert "Du skal møde her: Prøvegade 1" in text
    assert "Mette Prøvesen" in text


def test_the_law_says_how_long_a_citizen_may_choose(line: Line) -> None:
    answer = line("rules", "show", "law-2026")
    assert "Selvbooking: mindst 8 dage til at vælge en tid" in answer.out
    assert "STAR-SELVQA20" in answer.out


def test_a_standing_offer_is_said_in_the_list_and_explained(line: Line) -> None:
    line("offer", "c-1")
    assert "Der er tilbudt tider; borgeren kan vælge til og med 01-12-2026" in line("today").out
    assert "Der er tilbudt tider" in line("explain", "c-1").out
    told = {one["id"]: one["offer"] for one in asked(line, "today")["citizens"]}
    assert (told["c-1"]["until"], told["c-1"]["open"], len(told["c-1"]["times"])) == ("2026-12-01", True, 3)
    assert told["c-2"] is None


def test_a_day_called_off_names_those_who_are_to_be_planned_anew(line: Line) -> None:
    line("accept", "c-1", "--at", "25-11 10.00", "--channel", "phone")
    answer = line("call-off", "25-11", "--reason", "syg")
    assert "Skal planlægges på ny: Åse Eksempel\n" in answer.out
    assert line("undo").code == 0
    assert asked(line, "call-off", "25-11", "--reason", "syg")["citizens"] == ["c-1"]
