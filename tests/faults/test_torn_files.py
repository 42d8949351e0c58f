"""Files that are cut off, blown up or made to harm: taken whole or not at all, in little time and little memory."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.__main__ import main
from planner.domain.caseload import Caseload
from planner.exchange import calendar_in
from planner.exchange.caseload_file import read_caseload, write_caseload
from planner.exchange.column_map import read_column_map
from planner.exchange.tables import MOST_ROWS
from planner.store import sqlite
from tests.cli import office
from tests.cli.test_import import CALENDAR, MAPPING
from tests.faults.hostile import HALVES, HOSTILE, acting
from tests.faults.hostile_office import RULES, desk_on, document
from tests.full import FULL, PATIENCE, many
from tests.store.support import MONDAY
from tests.unit.test_import_excel import HEAD, handmade, text_cell, workbook

pytestmark = pytest.mark.timeout(PATIENCE)

HEADER = ["Sagsnr", "Navn", "Målgruppe", "Forløb start", "Foretrukken kontaktform", "Seneste samtale"]
ROWS = [[f"A-{n}", f"Opdigtet {n} Tænktsen", "6.2", "01-09-2026", "Telefon", "01-10-2026"] for n in range(30)]
LIST = "".join(";".join(row) + "\r\n" for row in [HEADER, *ROWS]).encode("cp1252")
EVENTS = [
    CALENDAR.partition("BEGIN:VEVENT")[2].replace("UID:1", f"UID:{n}").replace("20261124", f"202612{n + 1:02}")
    for n in range(20)
]
MOST_MEMORY, MOST_SECONDS = 500_000_000, 30.0
MEASURED = (
    "import json, resource, subprocess, sys\n"
    "code = subprocess.run(sys.argv[1:], stderr=subprocess.STDOUT).returncode\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "sys.stderr.write(json.dumps([code, used.ru_maxrss, used.ru_utime + used.ru_stime]))\n"
)


def caseload() -> bytes:
    """A caseload file with people who are not in the store yet."""
    people = [office.citizen(f"n-{n}", f"Ny {n}", conversations=[office.held("2026-09-21")]) for n in range(30)]
    return json.dumps(office.caseload(citizens=people), indent=1, ensure_ascii=False).encode()


def calendar() -> bytes:
    """A calendar with some times in it."""
    begin = CALENDAR.partition("BEGIN:VEVENT")[0]
    events = "".join("BEGIN:VEVENT" + event.partition("END:VCALENDAR")[0] for event in EVENTS)
    return f"{begin}{events}END:VCALENDAR\r\n".encode()


WHOLE: dict[str, Callable[[], bytes]] = {
    "liste.csv": lambda: LIST,
    "liste.xlsx": lambda: workbook(HEADER, *ROWS),
    "sager.json": caseload,
    "kalender.ics": calendar,
    "map.toml": MAPPING.encode,
}
#: Formats that say where they end, so that a part of one is never taken.
CLOSED = frozenset({"liste.xlsx", "sager.json", "kalender.ics"})


@pytest.fixture
def store(ground: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with the invented office, and a folder with a list and its mapping."""
    path = ground / "planner.db"
    with desk_on(path) as desk:
        desk.load_caseload(read_caseload(json.dumps(office.caseload()).encode(), RULES, MONDAY))
    sqlite.mark_demo(path)
    for name in ("liste.csv", "map.toml"):
        (ground / name).write_bytes(WHOLE[name]())
    monkeypatch.setenv("PLANNER_STORE", str(path))
    monkeypatch.setenv("PLANNER_CONFIG", str(ground / "settings.toml"))
    monkeypatch.chdir(ground)
    return path


def stands(store: Path) -> tuple[Caseload, int]:
    """What is in the store, and how many actions that can be undone led there."""
    with desk_on(store) as desk:
        return desk.caseload(), sum(entry.verb != "mapping" for entry in desk.log(10_000))


def words_for(name: str) -> list[str]:
    """The line that imports a file."""
    if name.endswith((".csv", ".xlsx", ".toml")):
        return ["import", "liste.csv" if name.endswith(".toml") else name, "--map", "map.toml"]
    return ["import", name]


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_cut_off_is_taken_as_one_action_or_not_at_all(
    store: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, before = WHOLE[name](), stands(store)
    cuts = many(6, 200)
    for number in range(cuts):
        part = whole[: (len(whole) - 2) * number // cuts]
        (store.parent / name).write_bytes(part)
        code = main([*words_for(name), "--yes", "--today", MONDAY.isoformat()])
        assert code in (0, 1, 2), capsys.readouterr().err
        assert name not in CLOSED or code != 0
        after = stands(store)
        if after != before:
            assert code == 0
            assert after[1] == before[1] + 1
            assert _whole_rows(after[0]) >= {row[0] for row in ROWS if ";".join(row).encode("cp1252") + b"\r" in part}
            assert main(["undo"]) == 0
            assert stands(store)[0] == before[0]
            before = stands(store)


def _whole_rows(caseload: Caseload) -> set[str]:
    wanted = {row[0]: row[1] for row in ROWS}
    return {citizen.id for citizen in caseload.citizens if wanted.get(citizen.id) == citizen.name}


def stray(sheet: str = "") -> bytes:
    """A list with one more cell in the last corner that a sheet can have."""
    row = f'<row r="2">{text_cell("A2", "A-1")}{text_cell("B2", "Opdigtet Ensom")}</row>'
    return handmade(HEAD + row + sheet + f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>')


def formulas() -> bytes:
    """A list whose cells are formulas, none of them ever worked out."""
    cells = "".join(f'<c r="{column}2"><f>WEBSERVICE("https://opdigtet.invalid")</f></c>' for column in "AB")
    return handmade(HEAD + f'<row r="2">{cells}</row><row r="3">{text_cell("A3", "=1+1")}{text_cell("B3", "@x")}</row>')


def forever() -> bytes:
    """A calendar with an appointment every second, for ever."""
    return CALENDAR.replace("UID:1", "UID:1\r\nRRULE:FREQ=SECONDLY").encode()


def noise(pattern: bytes) -> bytes:
    """So much of it as a file may have."""
    return pattern * (19_000_000 // len(pattern))


#: What harms, by the name of the file, and whether it is fit to be read at all.
HARMFUL: dict[str, tuple[Callable[[], bytes], bool]] = {
    "bomb.xlsx": (lambda: handmade(HEAD + "<row/>" * 9_000_000), False),
    "stray.xlsx": (stray, True),
    "columns.xlsx": (lambda: workbook([f"k{n}" for n in range(10_000)], [1] * 10_000), False),
    "formulas.xlsx": (formulas, True),
    "columns.csv": (lambda: (";".join(f"k{n}" for n in range(10_000)) + "\r\n").encode() * 2, False),
    "deep.json": (lambda: b"[" * 1_000_000, False),
    "forever.ics": (forever, True),
    **(
        {
            "rows.xlsx": (
                lambda: workbook(["Sagsnr", "Navn"], *[[n, f"Opdigtet {n}"] for n in range(MOST_ROWS)]),
                True,
            ),
            "far.xlsx": (lambda: stray(f'<row r="99999999999">{text_cell("A1", "x")}</row>'), True),
            "mixed.csv": (lambda: LIST + "Å-1;Æble Øst;6.2;01-09-2026;;\r\n".encode(), False),
            "zeros.csv": (lambda: noise(b"\0"), False),
            "line.csv": (lambda: noise(b"x"), False),
            "quote.csv": (lambda: LIST + noise(b'"x;'), True),
            "rows.csv": (lambda: b"Sagsnr;Navn\r\n" + noise(b"A-1;Opdigtet\r\n"), False),
            "numbers.json": (lambda: b'{"citizens": [' + noise(b"9e999,") + b"1]}", False),
            "half.json": (lambda: json.dumps(office.caseload(municipality=HALVES[0])).encode(), False),
            "keys.toml": (lambda: b"a" + noise(b".a") + b" = 1", False),
            "events.ics": (lambda: noise(CALENDAR.encode())[: calendar_in.MOST_BYTES], True),
        }
        if FULL
        else {}
    ),
}
SHORT_MAPPING = 'schema = "planner-mapping/1"\n[columns]\nid = "Sagsnr"\nname = "Navn"\n[fixed]\ntarget_group = "6.2"\n'


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="no system here tells what a process used")
@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_file_costs_little_and_the_program_lives_on(store: Path, name: str) -> None:
    make, fit = HARMFUL[name]
    (store.parent / name).write_bytes(make())
    if not name.endswith(".toml"):
        (store.parent / "map.toml").write_text(SHORT_MAPPING + 'spell_start = "2026-09-01"\n', encoding="utf-8")
    words = ["import", "liste.csv", "--map", name] if name.endswith(".toml") else words_for(name)
    before, begun = stands(store), time.monotonic()
    command = [sys.executable, "-m", "planner", *words, "--yes", "--today", MONDAY.isoformat()]
    with (store.parent / "told").open("wb+") as told:
        # Measured by a small process between: a child begins with the memory of the one that it is made by.
        measured = [sys.executable, "-c", MEASURED, *command]
        done = subprocess.run(measured, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.PIPE, check=False)
        told.seek(0)
        said = told.read()
    code, memory, seconds = json.loads(done.stderr.splitlines()[-1])
    assert b"Traceback" not in said
    assert code in ((0, 1, 2) if fit else (2,)), said
    assert memory * 1024 < MOST_MEMORY
    assert seconds < MOST_SECONDS
    assert time.monotonic() - begun < 3 * MOST_SECONDS
    after = stands(store)
    assert after[1] - before[1] <= 1
    assert code == 0 or after == before
    assert main(["note", "c-1", "lever", "--today", MONDAY.isoformat()]) == 0


def in_order(caseload: Caseload) -> Caseload:
    """The caseload with its people and adoptions in an order that says nothing."""
    return replace(
        caseload,
        citizens=tuple(sorted(caseload.citizens, key=lambda citizen: citizen.id)),
        adoptions=tuple(sorted(caseload.adoptions, key=lambda one: one.experiment)),
    )


def test_everything_in_a_hostile_caseload_file_is_kept_as_it_was_written(ground: Path) -> None:
    data = json.dumps(document(HOSTILE), ensure_ascii=True).encode()
    wanted = read_caseload(data, RULES, MONDAY)
    with desk_on(ground / "planner.db") as desk:
        desk.load_caseload(wanted)
        found = desk.caseload()
    again = read_caseload(write_caseload(found), RULES, MONDAY)
    assert in_order(again) == in_order(wanted)
    assert {citizen.name for citizen in found.citizens} == {one["name"] for one in document(HOSTILE)["citizens"]}


@pytest.mark.parametrize("half", HALVES)
def test_half_a_character_is_refused_with_its_place(store: Path, half: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = stands(store)
    people = [office.citizen("n-1", "Ny"), office.citizen("n-2", f"Halv {half}")]
    (store.parent / "sager.json").write_text(json.dumps(office.caseload(citizens=people)), encoding="utf-8")
    assert main(["import", "sager.json", "--yes", "--today", MONDAY.isoformat()]) == 2
    assert "$.citizens[1].name" in capsys.readouterr().err
    assert stands(store) == before


def test_a_hostile_name_of_an_experiment_or_of_its_parameter_is_refused_in_a_quiet_line(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stands(store)
    for text in HOSTILE[:: many(20, 1)]:
        for stated in ({"experiment": text}, {"experiment": "flexible-contact-insured", "parameters": {text: text}}):
            adopted = {"from": "2026-01-01", "authority": "x", **stated}
            data = json.dumps(office.caseload(adoptions=[adopted]))
            (store.parent / "sager.json").write_text(data, encoding="utf-8")
            assert main(["import", "sager.json", "--yes", "--today", MONDAY.isoformat()]) == 2
            shown = capsys.readouterr()
            assert shown.out == ""
            assert shown.err.startswith("$.adoptions[0].")
            assert acting(shown.err.replace("\n", "")) == []
    assert stands(store) == before


def test_columns_with_hostile_names_are_asked_for_by_number_and_remembered(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names of columns are texts from outside as well: in the question, in the mapping, and in the rejected rows."""
    names = [text for text in HOSTILE if not set(text) & set(';"\r\n') and len(text) < 90]
    for start in range(0, len(names), many(45, 9)):
        columns = list(dict.fromkeys([*HEADER[:4], *names[start : start + 9]]))
        rows = [columns, ["A-1", "Opdigtet", "6.2", "01-09-2026"], ["A-2", "Opdigtet", "9.9", "01-09-2026"]]
        lines = [";".join([*row, *[""] * (len(columns) - len(row))]) for row in rows]
        path = store.parent / f"liste{start}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        mapping = store.parent / "map.toml"
        mapping.write_text(MAPPING.partition("preferred_channel")[0], encoding="utf-8")
        assert main(["import", path.name, "--map", "map.toml", "--yes", "--today", MONDAY.isoformat()]) in (0, 2)
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        assert main(["import", path.name, "--ask", "--today", MONDAY.isoformat()]) == 2
        said = "".join(capsys.readouterr())
        assert all(char.isprintable() or char == "\n" for char in said)
        if "schema =" in said:  # else the file is no table at all
            read_column_map(said[said.index("schema =") :].encode())
