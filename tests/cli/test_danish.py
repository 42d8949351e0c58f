"""What a Danish user reads when something is wrong has no English in it, and words are taken as well as ids."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path

import pytest

from planner.causes import cause_of
from planner.domain.citizens import Cadence, FactKind
from planner.locale import language
from planner.rules.needs import DEFAULT_PARAMETERS
from planner.services import words
from tests.cli.conftest import Line, place
from tests.cli.office import caseload, citizen, held

#: Words that no Danish sentence has; not those of an option's name.
ENGLISH = re.compile(r"(?<![-\w])(the|of|from|is|file|found|allowed|argument|or|number)\b", re.IGNORECASE)

FILES: dict[str, bytes] = {
    "half.json": b"{",
    "value.json": b'{"today": }',
    "twice.json": b'{"today": 1} x',
    "list.json": b"[]",
    "latin.json": "{'å'}".encode("latin-1"),
    "map.toml": b"schema = ",
    "other.toml": b'schema = "planner-mapping/1"\n[columns]\nid = "Nr"\nnavn = "Navn"\n',
    "columns.toml": b'schema = "planner-mapping/1"\n[columns]\nid = "Nr"\nname = "Kunde"\n',
    "list.csv": b"Sag;Navn\n1;Ib\n",
    "text.csv": b"",
    "no.ics": b"hello",
}

ADOPTION = {"experiment": "flexible-contact-insured", "from": "2026-01-01", "authority": "opdigtet"}

WRONG: list[list[str]] = [
    ["accept", "c-1", "--choice", "-1"],
    ["accept", "c-1", "--choice", "x"],
    ["accept", "c-1", "--choice", "9"],
    ["accept", "c-1", "--choice"],
    ["accept", "c-1", "--channel", "telefn"],
    ["accept", "c-1", "--channel", "phone"],
    ["accept", "c-1", "--at", "snart"],
    ["accept"],
    ["postpone", "c-1"],
    ["postpone", "c-1", "31-02", "--reason", "x"],
    ["exempt", "c-1"],
    ["exempt", "c-1", "--reason", "x", "--end"],
    ["exempt", "c-4", "--reason", "x"],
    ["cadence", "c-1", "ofte"],
    ["fact", "c-1", "vejr", "24-11"],
    ["held", "c-1", "--minutes", "0"],
    ["held", "c-1", "--on", "2027-01-01"],
    ["cancel", "c-2", "--by", "chefen"],
    ["todya"],
    ["xyzzy"],
    ["--nonsense"],
    ["--lang", "de"],
    ["--json=yes", "today"],
    ["plan", "--weeks", "0"],
    ["plan", "--caseload", "nowhere.json"],
    ["plan", "--caseload", "."],
    ["plan", "--caseload", "half.json"],
    ["plan", "--caseload", "value.json"],
    ["plan", "--caseload", "twice.json"],
    ["plan", "--caseload", "list.json"],
    ["plan", "--caseload", "latin.json"],
    ["plan", "--caseload", "a\0b"],
    ["plan", "--rules", "nowhere"],
    ["explain", "ingen"],
    ["schema", "brev"],
    ["export", "pdf"],
    ["export", "ics", "--output", "no/such/x.ics"],
    ["export", "ics", "--output", "."],
    ["import"],
    ["import", "to", "ting"],
    ["import", "nowhere.csv"],
    ["import", "text.csv"],
    ["import", "calendar", "no.ics"],
    ["import", "list.csv", "--map", "map.toml"],
    ["import", "list.csv", "--map", "other.toml"],
    ["import", "list.csv", "--map", "columns.toml"],
    ["office", "--set", "nowhere.json"],
    ["office", "--set", "list.json"],
    ["office", "--set", "value.json"],
    ["adopt", "x", "--authority", "y"],
    ["adopt", "flexible-contact-insured", "--from", "01-01-2026", "--authority", "x", "--set", "close"],
    ["rules", "show", "law-1999"],
    ["rules", "hide"],
    ["undo", "now"],
]


@pytest.mark.parametrize("words", WRONG, ids=lambda words: " ".join(words).replace("\0", "0"))
def test_no_english_in_what_goes_wrong(line: Line, words: list[str], tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    answer = line(*words)
    assert answer.code != 0
    assert answer.out == ""
    told = answer.err.replace(str(tmp_path), "")
    assert told.strip()
    assert ENGLISH.findall(told) == []


def test_no_english_in_a_wrong_planning_date(bare: Line) -> None:
    answer = bare("today", "--today", "i morgen")
    assert (answer.code, answer.out) == (2, "")
    assert "24-11-2026" in answer.err
    assert ENGLISH.findall(answer.err) == []


@pytest.mark.parametrize("content", ['language = "xx"\n', 'sprog = "da"\n', "language = \n", "language\n"])
def test_no_english_in_wrong_settings(line: Line, tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.toml").write_text(content, encoding="utf-8")
    answer = line("today")
    assert (answer.code, answer.out) == (2, "")
    assert ENGLISH.findall(answer.err.replace(str(tmp_path), "")) == []


def test_an_error_with_json_is_a_sentence_on_standard_error(line: Line) -> None:
    answer = line("explain", "ingen", "--json")
    assert (answer.code, answer.out, answer.err) == (4, "", "Ingen borger hedder “ingen”\n")


@pytest.mark.parametrize("number", [*range(1, 60), None])
def test_every_cause_has_danish(number: int | None) -> None:
    danish = language("da")
    cause = cause_of(OSError(number, "No such file") if number else ValueError("embedded null byte"))
    assert danish.text(cause.msgid) != cause.msgid
    assert cause_of(OSError(errno.ENOENT, "x")) != cause_of(OSError(errno.EISDIR, "x"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["accept", "c-1", "--at", "25-11 10.30", "--channel", "Telefon"], "telefon"),
        (["held", "c-1", "--on", "20-11", "--channel", "fremmøde"], "fremmøde"),
        (["cadence", "c-3", "tæt"], "tæt kontakt"),
        (["cadence", "c-3", "almindelig"], "almindelig kontakt"),
        (["cadence", "c-3", "afvent"], "afventer hændelse"),
        (["cadence", "c-4", "ingen"], "ikke screenet"),
        (["fact", "c-1", "job-start", "14-12"], "14-12-2026"),
        (["fact", "c-1", "Begynder-i-job", "14-12"], "14-12-2026"),
        (["fact", "c-1", "barsel", "14-12"], "barsel"),
        (["cancel", "c-2", "--by", "borger"], "Bo Prøve"),
        (["cancel", "c-2", "--by", "os"], "Bo Prøve"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_the_word_does_as_well_as_the_id(line: Line, words: list[str], told: str) -> None:
    answer = line(*words)
    assert (answer.code, answer.err) == (0, "")
    assert told in answer.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["accept", "c-1", "--channel", "telfon"], "mente du telefon? Vælg mellem: phone (telefon)"),
        (["cadence", "c-1", "almindlig"], "mente du almindelig?"),
        (["fact", "c-1", "jobstart", "24-11"], "mente du job_start? Vælg mellem: job_start (begynder i job), rehire"),
        (["fact", "c-1", "vrøvl"], "planner fact: fejl: slags: “vrøvl” kendes ikke; vælg mellem: "),
        (["todya"], "“todya” kendes ikke; mente du today?"),
        (["exprot", "ics"], "mente du export?"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_the_nearest_word_comes_first(line: Line, words: list[str], told: str) -> None:
    assert told in line(*words).err


def test_help_names_ids_with_words_and_weeks(line: Line) -> None:
    shown = " ".join(line("cadence", "--help").out.split())
    assert "close (tæt, hver 2. uge), standard (almindelig, hver 6. uge), light (let, hver 13. uge)" in shown
    assert "phone (telefon), digital (digitalt)" in " ".join(line("slots", "--help").out.split())
    assert "holiday (ferie)" in line("fact", "--help").out
    assert "planner import [valg] calendar FIL" in line("import", "--help").out


@pytest.mark.parametrize("day", ["2026-11-23", "23-11-2026", "23.11.2026"])
def test_the_planning_date_is_written_as_other_dates(bare: Line, filled: Path, tmp_path: Path, day: str) -> None:
    place(filled, tmp_path)
    assert bare("today", "--today", day).out.startswith("mandag den 23. november 2026")


def test_experiments_are_no_adopted_law(line: Line) -> None:
    experiments = line("rules").out.split("Forsøg\n")[1]
    assert "bekræftet" in experiments
    assert "vedtaget lov" not in experiments


def test_a_day_that_has_passed_is_said_to_have(line: Line, caseload_file: Path) -> None:
    everybody = caseload()["citizens"]
    everybody.append(citizen("c-7", "Gry Udtænkt", spell_start="2026-01-05", conversations=[held("2026-02-02")]))
    caseload_file.write_text(json.dumps(caseload(citizens=everybody)), encoding="utf-8")
    by_need = line("explain", "c-7", "--caseload", caseload_file).out
    assert "(skal holdes; seneste dag er passeret)" in by_need
    assert "Loven sætter ingen frist; kontakt efter behov: “" in by_need
    caseload_file.write_text(json.dumps(caseload(citizens=everybody, adoptions=[ADOPTION])), encoding="utf-8")
    by_experiment = line("explain", "c-7", "--caseload", caseload_file).out
    assert "(skal holdes; fristen er overskredet)" in by_experiment
    assert "Loven sætter ingen frist" not in by_experiment
    ahead = line("explain", "c-3").out
    assert "passeret" not in ahead
    assert "overskredet" not in ahead


def test_points_are_explained_once(line: Line) -> None:
    shown = line("explain", "c-1").out
    assert shown.count("0 er bedst") == 1


def test_an_experiment_of_other_municipalities_is_pointed_out(line: Line, caseload_file: Path) -> None:
    caseload_file.write_text(json.dumps(caseload(adoptions=[ADOPTION])), encoding="utf-8")
    shown = line("plan", "--caseload", caseload_file).out
    assert "er ikke kendt fra kommunen Eksempelkøbing; det gælder her på den anførte hjemmel." in shown
    assert "er ikke kendt fra" not in line("plan").out


def test_the_weeks_of_a_cadence_are_those_of_the_rules() -> None:
    for cadence in (Cadence.CLOSE, Cadence.STANDARD, Cadence.LIGHT):
        assert DEFAULT_PARAMETERS[cadence.value] == f"P{words.weeks_between(cadence)}W"
    assert words.weeks_between(Cadence.AWAIT) is None


def test_a_fact_that_is_awaited_is_named_without_saying_so_again() -> None:
    """“Afventer {fact} {on}” is said of each of them."""
    for code, awaits in (("da", "afvent"), ("en", "await")):
        speaks = language(code)
        for kind in FactKind:
            said = speaks.text("Awaits {fact} on {on}.", fact=speaks.text(words.fact_kind(kind)), on="24-11")
            assert said.casefold().count(awaits) == 1, said


def test_a_file_that_is_not_there_is_told_in_one_sentence(bare: Line) -> None:
    missing = "nix.toml kan ikke læses: der er ikke noget med det navn\n"
    for words_ in (
        ("plan", "--caseload", "nix.toml"),
        ("office", "--set", "nix.toml"),
        ("import", "liste.csv", "--map", "nix.toml"),
        ("import", "calendar", "nix.toml"),
    ):
        answer = bare(*words_)
        assert (answer.code, answer.err) == (2, missing)
