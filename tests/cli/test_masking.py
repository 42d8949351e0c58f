"""With names masked in the settings no verb gives a citizen's name away; search and papers know it all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.bootstrap import open_desk
from tests.cli.conftest import Line, desk_at
from tests.cli.test_faces import SOMEBODY, VERBS, required
from tests.full import FULL

#: Verbs that take the citizens from elsewhere, or ask for a whole new store.
ELSEWHERE = {"demo", "init", "start"}
#: Papers for the citizen carry the name.
PAPERS = {"summons", "offer", "case-note", "insight"}
LINES = [
    *([*verb.split(), *required(level)] for verb, level in VERBS.items() if verb not in ELSEWHERE | PAPERS),
    ["explain", SOMEBODY],
    ["explain", SOMEBODY, "--not", "+1w"],
    ["held", SOMEBODY, "--covered", "CV"],
    ["accept-all", "demo-001", "demo-002"],
    ["log"],
    ["log", SOMEBODY],
    ["call-off", "24-11", "--reason", "syg"],
    ["week"],
    ["what-if", "flexible-contact-insured", "--off"],
    ["undo"],
    ["redo"],
    ["log"],
    ["accept", "e"],
]
READING = [["today"], ["search", "e"], ["week"], ["citizen", SOMEBODY], ["explain", SOMEBODY], ["log"]]


@pytest.fixture
def names(demo_store: Path) -> set[str]:
    """What the demo's citizens are called."""
    with open_desk(demo_store) as desk:
        return {citizen.name for citizen in desk.caseload().citizens}


@pytest.fixture
def masked(tmp_path: Path) -> None:
    """Names are masked."""
    (tmp_path / "settings.toml").write_text('mask = "names"\n', encoding="utf-8")


@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize(
    ("data", "lines"), [((), LINES), (("--json",), LINES if FULL else READING)], ids=["plain", "json"]
)
def test_no_verb_shows_a_name(demo: Line, names: set[str], data: tuple[str, ...], lines: list[list[str]]) -> None:
    for words in lines:
        answer = demo(*words, *data)
        assert answer.code != 70, words
        assert [name for name in names if name in answer.out + answer.err] == [], words


def test_names_are_shown_where_nothing_masks_them(demo: Line, names: set[str]) -> None:
    """Else the case above would find nothing whatever happens."""
    for words in (["cadence", SOMEBODY, "light"], *READING):
        out = demo(*words).out
        assert any(name in out for name in names), words


@pytest.mark.usefixtures("masked")
def test_initials_tell_people_apart_and_the_option_shows_the_names(line: Line) -> None:
    assert line("search", "aase").out.splitlines() == [
        "Å. E. (c-1); 6.1 dagpenge",
        "Å. T. (c-3); 6.6 sygedagpenge",
    ]
    assert line("search", "aase", "--show-names").out.startswith("Åse Eksempel (c-1); ")
    several = line("explain", "aase")
    assert "c-1: Å. E.\n" in several.err


@pytest.mark.usefixtures("masked")
def test_the_same_initials_have_the_id_once(line: Line, caseload_file: Path) -> None:
    document = json.loads(caseload_file.read_text(encoding="utf-8"))
    document["citizens"][1]["name"] = "Ål Einstein"
    caseload_file.write_text(json.dumps(document), encoding="utf-8")
    assert line("import", caseload_file, "--yes").code == 0
    assert line("search", "c-2").out.startswith("Å. E. (c-2); ")
    assert line("search", "c-1").out.startswith("Å. E. (c-1); ")
    assert line("explain", "c-2", "--caseload", caseload_file).out.startswith("Å. E. (c-2); ")


@pytest.mark.usefixtures("masked")
def test_a_paper_for_the_citizen_has_the_name(line: Line) -> None:
    assert "Bo Prøve" in line("summons", "c-2", "--short-notice").out


@pytest.mark.usefixtures("masked")
def test_what_is_changed_while_names_are_masked_leaves_them_whole(line: Line, tmp_path: Path) -> None:
    for words in (["cadence", "c-1", "light"], ["channels", "c-1", "phone"], ["undo"], ["redo"]):
        assert line(*words).code == 0
    with desk_at(tmp_path / "planner.db") as desk:
        assert {one.id: one.name for one in desk.caseload().citizens}["c-1"] == "Åse Eksempel"


@pytest.mark.parametrize(
    ("setting", "shown", "hidden"),
    [
        ("cpr", ["Nyt Navnesen", "020272-****"], ["020272-1234"]),
        ("names", ["N. N.", "Å. E., nu N. N.", "020272-****"], ["Nyt", "Navnesen", "Eksempel", "020272-1234"]),
        ("none", ["Nyt Navnesen", "0202721234"], ["****"]),
    ],
)
def test_an_import_shows_what_may_be_seen(
    line: Line, tmp_path: Path, setting: str, shown: list[str], hidden: list[str]
) -> None:
    (tmp_path / "settings.toml").write_text(f'mask = "{setting}"\n', encoding="utf-8")
    columns = 'schema = "planner-mapping/1"\n[columns]\nid = "Nr"\nname = "Navn"\ncpr = "CPR"\n'
    (tmp_path / "map.toml").write_text(columns, encoding="utf-8")
    (tmp_path / "list.csv").write_text("Nr;Navn;CPR\nc-1;Nyt Navnesen;020272-1234\n", encoding="utf-8")
    answer = line("import", "list.csv", "--map", "map.toml", "--dry-run")
    assert answer.code == 0
    assert [text for text in shown if text not in answer.out] == []
    assert [text for text in hidden if text in answer.out] == []
