"""What leaves the program of a hostile office: bytes on a real terminal, files of rejected rows, calendars, papers."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from pathlib import Path

import pytest
from icalendar import Calendar

from planner.domain.conversations import Status
from planner.domain.text import visible
from planner.errors import Refused
from planner.exchange.calendar_out import calendar_bytes
from planner.exchange.csv_in import read_csv
from planner.exchange.rejected_file import rejected_bytes
from planner.services.imported import RejectedRow, because
from tests.cli.terminal import on_terminal
from tests.faults.hostile import HOSTILE, acting
from tests.faults.hostile_office import TRIED, desk_on, fill
from tests.full import PATIENCE, many
from tests.store.support import MONDAY, FixedClock

pytestmark = pytest.mark.timeout(PATIENCE)

_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P^_X].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.DOTALL)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def commands(written: bytes) -> set[bytes]:
    """What the terminal was told to do, apart from colours and places."""
    return {found for found in _SEQUENCE.findall(written) if not re.fullmatch(rb"\x1b\[[\d;:]*[mHf]", found)}


def looked_through(store: Path) -> bytes:
    """What is written on a real terminal while somebody goes through the list, some stories and some dialogs."""
    where = {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40", "PLANNER_CONFIG": str(store) + ".toml"}
    with on_terminal("--lang", "da", "--store", str(store), "--today", MONDAY.isoformat(), **where) as terminal:
        written = terminal.until(lambda written: b"Krav" in written)
        terminal.type(b"j" * many(20, 200) + b"\r" + b"n" * many(10, 100) + b"\x1bOR" + b"n" * 9 + b"q")
        written += terminal.until(lambda written: False)
        assert terminal.process.wait() == 0
    return written


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a POSIX thing")
def test_a_real_terminal_is_told_nothing_that_plain_names_would_not_tell_it(
    hostile_store: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "planner.db"
    fill(plain, [f"Opdigtet {number} Tænktsen" for number in range(len(TRIED))])
    expected, written = looked_through(plain), looked_through(hostile_store)
    assert commands(written) <= commands(expected)
    rest = _SEQUENCE.sub(b"", written).decode()
    assert sum(visible(text)[:9] in rest for text in TRIED) > 9
    assert acting(rest.replace("\r", "").replace("\n", "")) == []


def test_rejected_rows_are_neutral_in_a_spreadsheet_and_come_back_as_they_were() -> None:
    texts = [text for text in HOSTILE if text.strip()]
    rows = [RejectedRow(number, (because("no"),), ("A", text)) for number, text in enumerate(texts, start=2)]
    data = rejected_bytes(("Sagsnr", "Navn"), rows)
    cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [cell for row in cells for cell in row if cell.startswith(_FORMULA)] == []
    table = read_csv(data)
    back = [row.cells[1] for row in table.rows] + [row.cells[1] for row in table.rejected]
    assert sorted(map(str, back)) == sorted(texts)


def test_the_calendar_of_a_hostile_office_says_nothing_of_it(hostile_store: Path) -> None:
    with desk_on(hostile_store) as desk:
        talks = [talk for citizen in desk.caseload().citizens for talk in citizen.conversations]
    booked = [talk for talk in talks if talk.status is Status.BOOKED]
    data = calendar_bytes(talks, FixedClock().now())
    events = Calendar.from_ical(data).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"Samtale"}
    assert sorted(event.decoded("dtstart").replace(tzinfo=None).isoformat() for event in events) == sorted(
        f"{talk.on}T{talk.start}" for talk in booked
    )
    assert data.isascii()


def test_papers_to_hostile_citizens_hold_their_texts_and_nothing_that_acts(
    hostile_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLANNER_CONFIG", os.fspath(tmp_path / "settings.toml"))
    written = 0
    with desk_on(hostile_store) as desk:
        for citizen in desk.caseload().citizens:
            for make in (desk.case_note, desk.offer_text, lambda one, code: desk.summons(one, code, True)):
                try:
                    paper = make(citizen.id, "da")
                except Refused:
                    continue
                written += 1
                assert acting(paper.text.replace("\n", "")) == [], (citizen.id, paper.text)
    assert written > len(TRIED)
