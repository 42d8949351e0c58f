"""Text from data is data: no markup, no escape sequence, no broken line, wherever it is shown."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from rich.cells import cell_len

from planner.domain.citizens import Exemption
from planner.domain.conversations import Channel, Conversation
from planner.errors import Refused
from planner.planning.plan import Bucket
from planner.services.ports import Note
from planner.services.results import Row
from tests.tui.fakes import TODAY, FakeDesk, proposal, row, slot
from tests.tui.stage import Stage, staged

HOSTILE = [
    "[@click=app.quit]x[/]",
    "[/]",
    "[bold red]A[/bold]",
    "[",
    "\\[x]",
    "\x1b]52;c;aGVq\x07",
    "\x1b[2J\x1b[31mRed",
    "\x9b31mC1\x85next",
    "Bo\u202eesreveR",
    "zero\u200bwidth\u00ad",
    "two\nlines\r\nand\ttabs",
    "王小明王小明王小明王小明王小明",
    "é" * 40,
    "x" * 3000,
    "👩‍👩‍👧‍👦 familie",
    "=cmd|' /C calc'!A0",
    "",
    "{name} {0} %s",
]
DIALOGS = ("p", "x", "s", "f", "h", "v", "i", "t", "c", "/", "?", "ctrl+p")


def _hostile(citizen_id: str, name: str) -> Row:
    """A citizen whose every text that comes from outside is the hostile one."""
    found = row(citizen_id, name, Bucket.OVERDUE, days=-1, offer=proposal(slot(1), slot(2), agenda=(name,)))
    exemption = Exemption(TODAY, None, name)
    talk = Conversation(TODAY + timedelta(days=4), time(9), 30, Channel.PHONE)
    citizen = replace(found.citizen, interpreter=name, exemption=exemption, conversations=(talk,))
    return replace(found, citizen=citizen)


def _desk(*names: str) -> FakeDesk:
    """One citizen for each name, with a note of the same text; the first change is refused with it."""
    at = datetime(2026, 11, 20, 9)  # noqa: DTZ001
    ids = {f"k-{number:02}": name for number, name in enumerate(names)}
    rows = tuple(_hostile(citizen_id, name) for citizen_id, name in ids.items())
    noted = {citizen_id: [Note("n", at, name)] for citizen_id, name in ids.items()}
    return FakeDesk(rows=rows, _noted=noted, refusals=[Refused("No: {name}", name=names[0])])


def _is_harmless(stage: Stage, size: tuple[int, int]) -> None:
    lines = stage.text().split("\n")
    assert len(lines) == size[1]
    assert {cell_len(line) for line in lines} == {size[0]}
    acting = [c for c in "".join(lines) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"}]
    assert acting == []


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_hostile_names_are_shown_and_do_nothing(size: tuple[int, int]) -> None:
    """In the list, on the card with its notes, and under the mouse."""
    async with staged(_desk(*HOSTILE), size=size) as stage:
        for number in range(len(HOSTILE)):
            citizen_id = f"k-{number:02}"
            stage.people.select(citizen_id)
            await stage.until(lambda noted=citizen_id: stage.today._notes[0] == noted, "the notes")  # type: ignore[misc]
            await stage.pilot.pause()
            _is_harmless(stage, size)
            await stage.pilot.click("#list", offset=(4, stage.people.cursor - stage.people.scroll_offset.y))
            await stage.pilot.click("#card", offset=(3, 1))
            assert stage.app.return_code is None
            assert stage.selected == citizen_id


@pytest.mark.parametrize("name", HOSTILE[:9], ids=lambda name: repr(name)[:20])
async def test_hostile_names_in_toasts(name: str) -> None:
    """A refusal and a success both name the citizen."""
    async with staged(_desk(name), size=(80, 24)) as stage:
        await stage.press("a")
        await stage.until(lambda: bool(stage.toasts), "the refusal")
        await stage.press("a")
        await stage.until(lambda: len(stage.toasts) == 2, "the toast")
        await stage.settled()
        _is_harmless(stage, (80, 24))


@pytest.mark.parametrize("name", [HOSTILE[0], HOSTILE[1], HOSTILE[5], HOSTILE[8], HOSTILE[13]], ids=range(5))
async def test_hostile_names_in_every_dialog(name: str) -> None:
    """Each dialog names the citizen."""
    size = (80, 24)
    async with staged(_desk(name), size=size) as stage:
        for key in DIALOGS:
            await stage.press(key)
            await stage.opened()
            _is_harmless(stage, size)
            await stage.press("escape")
            await stage.closed()
        assert stage.app.return_code is None


async def test_brackets_are_shown_as_they_are() -> None:
    """Nothing is lost either."""
    async with staged(_desk("Møde [kl. 10] [/x]"), size=(160, 45)) as stage:
        assert "Møde [kl. 10] [/x]" in stage.people.render_line(1).text
        await stage.until(lambda: "Møde [kl. 10] [/x]" in stage.card(), "the card")
