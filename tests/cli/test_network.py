"""The network on the line: an experience handed on without a person in it, laid beside others, and taken over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from planner.exchange.schemas import experience_schema
from tests.cli import office
from tests.cli.conftest import Line
from tests.unit.test_experience_file import FULL

INSURED = "flexible-contact-insured"
OWN_QUESTION = """
schema = "planner-survey/1"
[[questions]]
id = "own"
[questions.text]
da = "Hjalp det Åse Eksempel?"
en = "Did it help?"
"""


def package(name: str, municipality: str, **changes: Any) -> str:
    """A package of another municipality in a file."""
    Path(name).write_text(json.dumps({**FULL, "municipality": municipality, **changes}), encoding="utf-8")
    return name


def test_what_is_exported_names_nobody_and_is_valid(line: Line) -> None:
    people = [
        office.citizen(
            f"n-{n}", f"Opdigtet Nummer{n}", spell_start="2026-06-01", conversations=[office.held("2026-09-21")]
        )
        for n in range(7)
    ]
    Path("more.json").write_text(json.dumps(office.caseload(citizens=people)), encoding="utf-8")
    line("import", "more.json", "--yes")
    line("adopt", INSURED, "--from", "2026-09-01", "--authority", "Byrådet", "--set", "light=P8W")
    line("form", INSURED, "--text", "9", "Flere ringer selv.")
    Path("forms.csv").write_text("meaning;timing\n" + "3;2\n" * 5 + "1;\n", encoding="utf-8")
    line("survey", "Nul", "--on", "1-9-2026", "--import", "forms.csv")
    answer = line("network", "export", INSURED, "--output", "ours.json")
    assert (answer.code, "kan trækkes fra hinanden" in answer.out) == (0, True)
    text = Path("ours.json").read_text(encoding="utf-8")
    made = json.loads(text)
    Draft202012Validator(experience_schema()).validate(made)
    assert [name for name in ("Opdigtet", "Åse", "Eksempel ", "n-3", "c-1") if name in text] == []
    figures = {one["id"]: one for one in made["figures"]}
    assert (figures["held"]["value"], figures["held"]["n"]) == (10, 10)
    assert (figures["no_shows"]["value"], figures["no_shows"]["n"]) == (0, 11)
    assert (figures["not_held"]["value"], figures["not_held"]["withheld"]) == (None, True)
    assert [one["counts"] for one in made["survey"][0]["answers"]] == [[0, 1, 0, 5], [0, 0, 5, 0]]
    assert made["adopted"][0]["parameters"] == {"light": "P8W"}
    assert made["form"] == [{"point": 9, "text": "Flere ringer selv."}]
    assert line("network", "compare", "ours.json").code == 0
    assert "erfaringspakken" in line("looks").out


def test_an_authority_that_names_somebody_is_not_exported(line: Line) -> None:
    line("adopt", INSURED, "--from", "2026-09-01", "--authority", "aftalt med Åse Eksempel")
    answer = line("network", "export", INSURED, "--output", "ours.json")
    assert (answer.code, Path("ours.json").exists()) == (5, False)


def test_a_question_that_names_somebody_is_not_exported(line: Line) -> None:
    Path("survey.toml").write_text(OWN_QUESTION, encoding="utf-8")
    Path("forms.csv").write_text("own\n" + "3\n" * 5, encoding="utf-8")
    line("survey", "Nul", "--on", "1-9-2026", "--import", "forms.csv")
    answer = line("network", "export", INSURED, "--output", "ours.json")
    assert (answer.code, Path("ours.json").exists()) == (5, False)


def test_municipalities_lie_side_by_side(line: Line) -> None:
    low = [{**FULL["figures"][0], "value": 5}, *FULL["figures"][1:]]
    files = [
        package("a.json", "Prøveby"),
        package("b.json", "Øby\x1b[2J", figures=low),
        package("c.json", "Ny", figures=[]),
    ]
    shown = line("network", "compare", *files).out.splitlines()
    at = next(n for n, row in enumerate(shown) if row.startswith("Afholdte samtaler (samtaler)"))
    rows = shown[at + 1 : at + 3]
    assert rows[0].endswith("12,5  n = 7  " + "#" * 30)
    assert rows[1].split()[-5:] == ["5", "n", "=", "7", "#" * 12]
    assert "Øby·[2J" in rows[1]
    assert shown[at + 3] == ""
    assert any("holdt tilbage" in row for row in shown)
    assert sum(row.endswith("n = 6  Nul") for row in shown) == 3
    found = cast("Any", line("network", "compare", *files, "--json").json)
    assert [one["value"] for one in found["figures"][0]["values"]] == [12.5, 5]


def test_packages_about_different_experiments_are_not_compared(line: Line) -> None:
    files = [package("a.json", "Prøveby"), package("b.json", "Øby", experiment="job-rotation")]
    answer = line("network", "compare", *files)
    assert (answer.code, "b.json:$.experiment" in answer.err) == (2, True)


def test_an_experiment_is_adopted_as_the_others_have_it_with_adjustments(line: Line) -> None:
    theirs = package(
        "a.json", "Prøveby", adopted=[{**FULL["adopted"][0], "parameters": {"light": "P8W", "close": "P2W"}}]
    )
    words = ("--from", "2026-12-01", "--authority", "Byrådet den 1. november")
    assert line("network", "adopt", theirs, *words, "--set", "light=P9W").code == 0
    (adoption,) = cast("Any", line("experiments", INSURED, "--json").json)["adoptions"]
    assert adoption == {
        "from": "2026-12-01",
        "to": None,
        "authority": "Byrådet den 1. november",
        "parameters": {"light": "P9W", "close": "P2W"},
    }
    line("undo")
    assert cast("Any", line("experiments", INSURED, "--json").json)["adoptions"] == []


@pytest.mark.parametrize(
    ("changes", "words", "code"),
    [
        ({"adopted": [{**FULL["adopted"][0], "parameters": {"mood": "P8W"}}]}, [], 2),
        ({"adopted": [{**FULL["adopted"][0], "parameters": {"light": "P90Y"}}]}, [], 2),
        ({"experiment": "unheard-of"}, [], 4),
        ({"adopted": []}, ["--set", "light=P90Y"], 2),
        ({"adopted": []}, ["--authority", " "], 2),
        ({"names": ["Ib"]}, [], 2),
    ],
)
def test_what_others_send_is_not_taken_on_trust(
    line: Line, changes: dict[str, Any], words: list[str], code: int
) -> None:
    stated = ("--from", "2026-12-01", "--authority", "Byrådet")
    assert line("network", "adopt", package("a.json", "Prøveby", **changes), *stated, *words).code == code
    assert cast("Any", line("experiments", INSURED, "--json").json)["adoptions"] == []


def test_the_verb_alone_and_files_that_are_not_there(line: Line) -> None:
    assert line("network").code == 2
    assert line("network", "compare", "nowhere.json").code == 2
    assert line("network", "export", "nobody", "--output", "x.json").code == 4
    Path("x.json").write_bytes(b"mine")
    assert line("network", "export", INSURED, "--output", "x.json").code == 1
    assert Path("x.json").read_bytes() == b"mine"
