"""At the screen: a case is closed and erased, all that is held is written down, and who looked is shown and logged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from planner.domain.citizens import Citizen, TargetGroup
from planner.progress import Reach
from planner.services.desk import Desk
from planner.services.ports import AccessKind
from planner.tui.dialogs.close import CloseDialog
from planner.tui.dialogs.confirm import ConfirmDialog
from planner.tui.dialogs.paper import SaveDialog
from planner.tui.dialogs.pick import PickDialog
from planner.tui.dialogs.text import TextDialog
from tests.services.office import desk_on, office
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage, staged

GROUP = TargetGroup("6.1")


class RealDesk(FakeDesk):
    """A desk on a store, where the fake is expected."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.real = desk

    def factory(self) -> Callable[[Reach], Desk]:
        """What the application opens."""
        return lambda _reach: self.real


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    people = (
        Citizen("p-1", "Anna Åben", GROUP, date(2026, 8, 3)),
        Citizen("p-2", "Lis Lukket", GROUP, date(2025, 8, 3), closed_on=date(2026, 1, 5)),
        Citizen("p-3", "Ole Ophørt", GROUP, date(2025, 8, 3), closed_on=date(2026, 1, 6)),
    )
    with desk_on(tmp_path, office(*people)) as made:
        yield made


@asynccontextmanager
async def shown(desk: Desk, at: str) -> AsyncIterator[Stage]:
    async with staged(RealDesk(desk), at=at) as stage:
        yield stage


async def dialog(stage: Stage, kind: type[object]) -> None:
    await stage.until(lambda: isinstance(stage.app.screen, kind), kind.__name__)
    await stage.opened()


def said(stage: Stage) -> str:
    return " ".join(str(one.render()) for one in stage.dialog.query(Static).results(Static))


async def test_a_case_is_closed_with_a_day_and_opened_again(desk: Desk) -> None:
    async with shown(desk, "p-1") as stage:
        await stage.press("X")
        await dialog(stage, CloseDialog)
        await stage.type("01-01-2026")
        await stage.press("enter")
        await stage.until(lambda: "The present spell began only on" in said(stage), "the refusal")
        stage.dialog.query_one("#last", Input).value = "20-11-2026"
        await stage.press("enter")
        await stage.closed()
        await stage.settled()
        assert {case.citizen.id for case in desk.cases.closed()} == {"p-1", "p-2", "p-3"}
        stage.people.select("p-1")
        await stage.until(lambda: "closed 20 Nov 2026" in stage.text(), "when it was closed")
        await stage.press("X")
        await stage.until(lambda: any("the case is open again" in toast for toast in stage.toasts), "the toast")
        await stage.settled()
        assert {case.citizen.id for case in desk.cases.closed()} == {"p-2", "p-3"}


async def test_all_that_are_proposed_are_erased_when_that_is_meant(desk: Desk) -> None:
    async with shown(desk, "p-1") as stage:
        await stage.press("E")
        await dialog(stage, PickDialog)
        assert "Lis Lukket · closed 5 Jan 2026; proposed for erasure" in stage.text()
        await stage.press("1")
        await dialog(stage, ConfirmDialog)
        assert "Lis Lukket (p-2): closed" in said(stage)
        assert "Ole Ophørt" in said(stage)
        assert "thirty days later" in said(stage)
        await stage.press("tab", "enter")
        await stage.closed()
        await stage.settled()
        await stage.until(lambda: [row.citizen.id for row in stage.today.listed().rows] == ["p-1"], "the new list")
        assert any("Closed cases erased: 2" in toast for toast in stage.toasts)
        assert not any("undoes" in toast for toast in stage.toasts)


async def test_where_no_case_is_closed_the_period_is_told(desk: Desk) -> None:
    desk.cases.erase(["p-2", "p-3"])
    async with shown(desk, "p-1") as stage:
        await stage.press("E")
        await stage.noticed("No case is closed. A closed case is kept for 6 months.")


async def test_hiding_the_screen_leaves_no_name_on_it(desk: Desk) -> None:
    async with shown(desk, "p-1") as stage:
        await stage.press("s", "1")
        await stage.until(lambda: any("Anna" in toast for toast in stage.toasts), "the toast")
        await stage.press("f9")
        await stage.until(
            lambda: "Hidden" in stage.text() and "Anna" not in stage.text(), "nothing but how to come back"
        )


async def test_all_that_is_held_is_written_into_a_new_file(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "insight.txt"
    async with shown(desk, "p-1") as stage:
        await stage.press("I")
        await dialog(stage, PickDialog)
        await stage.press("1")
        await dialog(stage, SaveDialog)
        stage.dialog.query_one("#file", Input).value = str(file)
        await stage.press("enter")
        await stage.closed()
        assert "What is held on Anna Åben" in file.read_text("utf-8")


async def test_who_looked_is_shown_and_the_cards_that_were_looked_at_are_logged(desk: Desk) -> None:
    async with shown(desk, "p-1") as stage:
        await stage.until(lambda: "p-1" in stage.today._state.looked, "the look")
        stage.people.select("p-3")
        await stage.until(lambda: "p-3" in stage.today._state.looked, "the look")
        await stage.press("enter")
        await stage.until(lambda: stage.app.screen is not stage.today, "the story")
        await stage.until(lambda: "Ole Ophørt" in stage.text(), "the story")
        await stage.press("L")
        await dialog(stage, TextDialog)
        assert "looked: the whole story" in said(stage)
        await stage.press("escape")
    with desk._room.store.read() as view:
        view.verify()
    found = [(one.kind, one.purpose, one.citizen_id, one.count) for one in reversed(desk.cases.looks())]
    assert (AccessKind.VIEW, "today", None, 3) in found
    assert [one[1:3] for one in found if one[2]] == [
        ("today", "p-1"),
        ("today", "p-3"),
        ("citizen", "p-3"),
        ("looks", "p-3"),
    ]
