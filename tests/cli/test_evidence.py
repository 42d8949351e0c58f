"""`planner evidence`: what it says, what it writes, and what it keeps to itself."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.cli.conftest import Line
from tests.cli.office import TODAY, caseload, citizen, held

Eight = Callable[..., Any]
#: Seven with a conversation each, the eighth alone in her group.
PEOPLE = [
    citizen(f"e-{n}", "Prøve Testesen", spell_start="2026-09-01", conversations=[held(f"2026-10-{10 + n}")])
    for n in range(1, 8)
] + [citizen("e-8", "Prøve Alene", target_group="6.6", spell_start="2026-09-01", conversations=[held("2026-10-12")])]
COLUMNS = ["måling", "del", "opdelt efter", "værdi", "enhed", "personer", "holdt tilbage", "definition"]


@pytest.fixture
def eight(bare: Line, tmp_path: Path) -> Eight:
    """A line on a store with the eight."""
    file = tmp_path / "eight.json"
    file.write_text(json.dumps(caseload(citizens=PEOPLE)), encoding="utf-8")
    assert bare("import", file, "--yes", "--today", TODAY).code == 0

    def run(*words: object, stdin: bytes = b"") -> Any:
        return bare(*words, "--today", TODAY, stdin=stdin)

    return run


def measures(answer: Any) -> dict[tuple[str, str | None], Any]:
    """The measures of the JSON by id and part."""
    return {(one["id"], one["part"]): one for one in answer.json["measures"]}


def test_the_figures_in_plain_lines_with_definition_and_persons(eight: Eight) -> None:
    answer = eight("evidence", "--from", "1-10-2026", "--by", "group", "--lang", "en", "--bars")
    assert answer.code == 0
    assert "Conversations held (conversations): 8, 8 persons" in answer.out
    assert "6.1 insured unemployed: 7, 7 persons (withheld in files)  ====" in answer.out
    assert "6.6 sickness benefit: 1, 1 person (withheld in files)" in answer.out
    assert "They do not show that an experiment caused a difference." in answer.out
    assert "Certificates not obtained (certificates): not recorded" in answer.out
    assert "Prøve" not in answer.out


def test_json_withholds_the_one_and_what_would_tell_of_her(eight: Eight) -> None:
    """Of eight conversations seven are of one group: the seven are withheld too, or 8 - 7 would tell."""
    answer = eight("evidence", "--from", "1-10-2026", "--by", "group", "--json")
    found = measures(answer)["held", None]
    gone = {"value": None, "persons": None, "withheld": True}
    assert found["total"] == {"value": 8, "persons": 8, "withheld": False}
    assert found["by"] == {"6.1": gone, "6.6": gone}


def test_the_csv_opens_in_danish_excel(eight: Eight, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert eight("evidence", "--from", "1-10-2026", "--to", TODAY, "--csv", file).code == 0
    text = file.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert rows[0] == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in rows)
    held_rows = [row for row in rows if row[0] == "Afholdte samtaler"]
    assert [row[3:6] for row in held_rows if not row[1]] == [["8", "samtaler", "8"]]
    assert "Prøve" not in text


def test_a_missing_folder_is_told_before_anything_is_reckoned(line: Line) -> None:
    answer = line("evidence", "--csv", "mangler/x.csv")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "Filen mangler/x.csv kan ikke skrives: mappen mangler findes ikke\n"


def test_figures_stand_in_the_workbook_as_numbers(eight: Eight, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    assert eight("evidence", "--from", "1-10-2026", "--xlsx", file, "--lang", "en").code == 0
    book = load_workbook(file)
    assert book.sheetnames == ["Measures", "Spells"]
    sheet = cast(Worksheet, book["Measures"])
    values = {row[0]: row[3] for row in sheet.iter_rows(values_only=True) if not row[1]}
    assert values["Conversations held"] == 8
    assert values["Certificates not obtained"] == "not recorded"


def test_the_picture_is_well_formed_and_says_what_it_is(eight: Eight, tmp_path: Path) -> None:
    file = tmp_path / "out.svg"
    assert eight("evidence", "--from", "1-10-2026", "--by", "month", "--svg", file, "--lang", "en").code == 0
    root = ElementTree.parse(file).getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Conversations held (conversations)" in texts
    assert "October 2026" in texts
    assert "Prøve" not in file.read_text(encoding="utf-8")


def test_an_extract_from_jobindsats_is_put_beside(eight: Eight, tmp_path: Path) -> None:
    """Thousands have a dot and decimals a comma; a year is no figure, and two dots are none."""
    file = tmp_path / "udtræk.csv"
    lines = ("Område;Periode;Antal forløb;Gns. varighed (uger)", "Prøveby;2026;1.234;31,25", "Testrup;2026;..;28")
    file.write_text("\r\n".join(lines), encoding="cp1252")
    answer = eight("evidence", "--beside", file, "--lang", "en")
    assert "Prøveby, 2026: Antal forløb 1,234; Gns. varighed (uger) 31.25" in answer.out
    assert "Testrup, 2026: Antal forløb -; Gns. varighed (uger) 28" in answer.out
    beside = eight("evidence", "--beside", file, "--json").json["beside"]
    assert beside["columns"] == ["Antal forløb", "Gns. varighed (uger)"]
    assert beside["rows"][0] == {"label": "Prøveby, 2026", "values": [1234, 31.25]}


def test_the_extract_is_drawn_and_written_with_the_figures(eight: Eight, tmp_path: Path) -> None:
    """Bars of each column to one scale: 1,234 is twice as long as 617, and no figure is no bar."""
    file = tmp_path / "udtræk.csv"
    lines = ("Område;Antal forløb;Uger", "Prøveby;1.234;31,5", "Testrup;617;28", "=1+1;..;30")
    file.write_text("\r\n".join(lines), encoding="cp1252")
    names = {kind: tmp_path / f"out.{kind}" for kind in ("csv", "xlsx", "svg")}
    words = [word for kind, name in names.items() for word in (f"--{kind}", name)]
    assert eight("evidence", "--beside", file, *words, "--lang", "en").code == 0
    drawn = names["svg"].read_text(encoding="utf-8").split("From the extract: ")
    assert [part.split("<")[0] for part in drawn[1:]] == ["Antal forløb", "Uger"]
    long, short = (float(part.split('"')[0]) for part in drawn[1].split(' width="')[1:])
    assert long == pytest.approx(2 * short, abs=0.1)
    assert ">1,234<" in drawn[1]
    rows = list(csv.reader(names["csv"].read_bytes().decode("utf-8-sig").splitlines(), delimiter=";"))
    own = [row[:4] for row in rows if row[-1] == "From the extract from jobindsats; not measured here."]
    assert own[:2] == [["Antal forløb", "Prøveby", "", "1234"], ["Uger", "Prøveby", "", "31,5"]]
    assert own[4] == ["Antal forløb", "'=1+1", "", ""]
    sheet = cast(Worksheet, load_workbook(names["xlsx"])["Extract"])
    assert list(sheet.iter_rows(values_only=True)) == [
        ("part", "Antal forløb", "Uger"),
        ("Prøveby", 1234, 31.5),
        ("Testrup", 617, 28),
        ("=1+1", None, 30),
    ]


@pytest.mark.parametrize(
    ("code", "title", "unit"), [("da", "Afholdte samtaler", "samtaler"), ("en", "Conversations held", "conversations")]
)
def test_json_has_ids_that_stay_and_words_in_the_language(eight: Eight, code: str, title: str, unit: str) -> None:
    held_row = measures(eight("evidence", "--json", "--lang", code))["held", None]
    assert (held_row["id"], held_row["title"], held_row["unit"]) == ("held", title, unit)
    assert ("samtaler" in held_row["definition"]) == (code == "da")


def test_an_extract_without_figures_is_refused(eight: Eight, tmp_path: Path) -> None:
    file = tmp_path / "udtræk.csv"
    file.write_text("Område;Periode\r\nPrøveby;2026\r\n", encoding="utf-8")
    answer = eight("evidence", "--beside", file, "--lang", "en")
    assert (answer.code, answer.out) == (2, "")
    assert "no column of figures" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "24-11-2026"),
        ("--to", "1-12-2026"),
        ("--certificate-cost", "nan"),
        ("--certificate-cost", "-1"),
        ("--certificate-cost", "1000000"),
    ],
)
def test_what_cannot_be_measured_is_refused(eight: Eight, words: tuple[str, str]) -> None:
    assert eight("evidence", *words, "--lang", "en").code == 2


def test_the_unit_cost_of_a_certificate_stands_in_the_settings_unless_the_line_says_another(
    bare: Line, tmp_path: Path
) -> None:
    """Six on sickness benefit under the experiment, with no conversation: six certificates were not obtained."""
    sick = [citizen(f"s-{n}", "Prøve Testesen", target_group="6.6", spell_start="2018-02-05") for n in range(1, 7)]
    file = tmp_path / "sick.json"
    file.write_text(json.dumps(caseload(citizens=sick)), encoding="utf-8")
    assert bare("import", file, "--yes", "--today", "2018-04-30").code == 0
    words = ("--from", "2018-01-01", "--to", "2018-12-31", "--authority", "forsøgsbevilling", "--today", "2018-04-30")
    assert bare("adopt", "medical-certificates", *words).code == 0

    def saved(*words: object) -> Any:
        answer = bare("evidence", "--from", "1-3-2018", "--to", "30-4-2018", *words, "--json", "--today", "2018-05-01")
        return measures(answer)["certificates_saved", None]["total"]["value"]

    assert saved() is None
    assert bare("settings", "certificate_cost", "1500").code == 0
    assert saved() == 9000
    assert saved("--certificate-cost", "0.5") == 3
    assert saved("--certificate-cost", "0") == 0
    assert bare("fact", "s-1", "lægeattest", "20-3-2018", "--today", "2018-04-30").code == 0
    assert saved() == 7500  # obtained outside a conversation, and noted weeks later
    assert "lægeattest" in bare("explain", "s-1", "--today", "2018-04-30").out


def test_an_experiment_is_measured_from_its_adoption_to_its_end(eight: Eight) -> None:
    """Adopted in October for those of 6.1 and ended in November: seven take part; of the one, nothing leaves."""
    insured = "flexible-contact-insured"
    words = ("--from", "2026-10-01", "--to", "2026-11-15", "--authority", "forsøgsbevilling")
    assert eight("adopt", insured, *words).code == 0
    answer = eight("evidence", "--experiment", insured, "--lang", "en")
    assert answer.out.startswith("Evidence from 1 Oct 2026 to 15 Nov 2026\n")
    assert "15 Nov 2026: ended 0 persons; running 7 persons, on average 10.7 weeks" in answer.out
    spells = eight("evidence", "--experiment", insured, "--json").json["spells"]
    assert [one["name"] for one in spells] == ["all", "part", "rest"]
    assert [one["end"]["running"]["persons"] for one in spells] == [8, None, None]


def test_an_unknown_experiment_is_refused(eight: Eight) -> None:
    assert eight("evidence", "--experiment", "nothing", "--lang", "en").code == 4


def test_looking_and_exporting_are_logged_apart(eight: Eight, tmp_path: Path) -> None:
    eight("evidence")
    eight("evidence", "--svg", tmp_path / "out.svg")
    looks = [one for one in eight("looks", "--json").json if one["purpose"] == "evidence"]
    assert [(one["kind"], one["count"]) for one in looks] == [("export", 8), ("view", 8)]
