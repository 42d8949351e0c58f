"""The screen on the real desk: a morning with the demo's citizens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from planner.bootstrap import open_demo
from planner.locale import language
from planner.services.desk import Desk
from planner.tui.app import PlannerApp
from planner.tui.rows import IN_NEED
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage

UNSAVED = "This is not saved. Press esc again to throw it away."
MONDAY = date(2026, 11, 23)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The demo, gone afterwards."""
    with open_demo(MONDAY) as opened:
        yield opened


async def _begun(app: PlannerApp, pilot: Pilot[None]) -> Stage:
    stage = Stage(app, pilot, FakeDesk())
    await stage.settled()
    return stage


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_ten_citizens_by_keyboard_and_back_again(desk: Desk, size: tuple[int, int]) -> None:
    """Accept, postpone, screen, note, another channel; each is in the log, and undo takes each back."""
    app = PlannerApp(lambda _: desk, language("da"))
    before = {row.citizen.id: row.citizen for row in desk.today().rows}
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = await _begun(app, pilot)
        first = next(row.citizen.id for row in desk.today().rows if row.part.bucket.value == "overdue")
        stage.people.select(first)
        for count in range(1, 7):
            await stage.press("a")
            await stage.until(lambda count=count: len(stage.toasts) == count, "the toast")  # type: ignore[misc]
            assert stage.toasts[-1].endswith(language("da").text("{key} undoes.", key="u"))
        await stage.press("p")
        await stage.opened()
        await stage.type("+2u")
        await stage.press("tab")
        await stage.type("er bortrejst")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: len(stage.toasts) == 7, "the toast")
        await stage.press("s")
        await stage.opened()
        await stage.press("1")
        await stage.closed()
        await stage.until(lambda: len(stage.toasts) == 8, "the toast")
        await stage.press("i")
        await stage.opened()
        await stage.type("ring igen")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: len(stage.toasts) == 9, "the toast")
        await stage.press("t")
        await stage.opened()
        opened = stage.dialog
        await stage.type("22-11 10.00")
        await stage.press("enter")
        await stage.until(lambda: stage.app.screen not in (opened, stage.today), "the dialog with the refusal")
        await stage.opened()
        field = stage.dialog.query_one("#moment", Input)
        assert (field.value, field.has_focus) == ("22-11 10.00", True)
        await stage.press("escape")
        await stage.until(lambda: language("da").text(UNSAVED) in stage.text(), "the warning")
        await stage.press("escape")
        await stage.closed()
        await stage.settled()
        verbs = [entry.verb for entry in desk.log(20) if entry.verb != "demo"]
        assert verbs[:9] == ["note", "cadence", "postpone", *["accept"] * 6]
        assert len({entry.citizen_id for entry in desk.log(20) if entry.verb == "accept"}) == 6
        for count in range(10, 19):
            await stage.press("u")
            await stage.until(lambda count=count: len(stage.toasts) >= count, "the undoing")  # type: ignore[misc]
        await stage.settled()
        assert {row.citizen.id: row.citizen for row in desk.today().rows} == before


async def test_every_citizen_of_the_demo_has_a_line_and_a_card(desk: Desk) -> None:
    """Nobody disappears, and each card has a proposal or a reason."""
    app = PlannerApp(lambda _: desk, language("en"))
    async with app.run_test(size=(120, 40)) as pilot:
        stage = await _begun(app, pilot)
        rows = desk.today().rows
        seen = set()
        for row in rows:
            stage.people.select(row.citizen.id)
            await stage.until(lambda row=row: stage.card().startswith(row.citizen.name), "the card")  # type: ignore[misc]
            seen.add(stage.selected)
            card = stage.card().splitlines()
            if row.part.bucket in IN_NEED:
                assert "Proposal" in card or "Booked" in card, row.citizen.id
        assert len(seen) == len(rows)
