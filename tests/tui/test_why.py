"""The dialog that says why this day and not another."""

from __future__ import annotations

from datetime import date

import pytest
from rich.cells import cell_len

from planner.bootstrap import open_demo
from planner.locale import language
from planner.planning.plan import Bucket
from planner.tui.app import PlannerApp
from planner.tui.dialogs.why import WhyDialog
from planner.tui.rows import grouped
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage, staged


def read(stage: Stage) -> str:
    """What the dialog says, without its frame and its line breaks."""
    inside = (line.split("│")[1] for line in stage.text().splitlines() if line.count("│") > 1)
    return " ".join(" ".join(inside).split())


async def test_one_key_says_why_and_why_not() -> None:
    """The terms with their sum, each day with what stands against it, and what the plan cannot keep."""
    async with staged(size=(120, 50), at="k-02") as stage:
        await stage.press("w")
        await stage.opened()
        shown = read(stage)
        for text in (
            "Why: Anna Eksempel",
            "Proposal: Tue 24 Nov 10:30–11:00, phone",
            "In all 0 points.",
            "Mon 23 Nov Too short notice: the first day for phone is 24 Nov 2026.",
            "Tue 24 Nov proposed at 10:30",
            "Wed 25 Nov 2 points dearer; 09:00 is free",
            "Thu 26 Nov at least 26 points dearer; taken by Anna Eksempel",
            "and 3 more",
            "Fri 27 Nov 6 points dearer for the citizen; taken by Anna",
            "The plan: at most 0.2 % from the best possible.",
            "1 deadline is not kept for want of free time.",
            "1 deadline had passed before today:",
            "Anna Eksempel: Four conversations in six months, latest Fri 20 Nov;",
        ):
            assert text in shown, text
        await stage.press("enter")
        await stage.closed()
        assert stage.selected == "k-02"


async def test_one_key_says_what_the_whole_plan_cannot_keep() -> None:
    """What can still be acted on comes before what has passed, by name; and what an hour more is worth."""
    async with staged(size=(120, 50), at="k-02") as stage:
        await stage.press("W")
        await stage.opened()
        shown = read(stage)
        told = [
            "The plan: at most 0.2 % from the best possible.",
            "1 deadline is not kept for want of free time:",
            "Ulla Uplaceret: Four conversations in six months, latest Sat 28 Nov;",
            "1 deadline had passed before today:",
            "Anna Eksempel: Four conversations in six months, latest Fri 20 Nov;",
            "Thu 26 Nov: up to 40 points",
            "Fri 27 Nov: up to 1 point",
        ]
        assert sorted(told, key=shown.index) == told
        await stage.press("escape")
        await stage.closed()


@pytest.mark.parametrize("code", ["da", "en"])
@pytest.mark.parametrize("leave", ["escape", "enter"])
async def test_it_fits_the_smallest_screen_and_is_read_by_keyboard(code: str, leave: str) -> None:
    async with staged(size=(80, 24), speaks=language(code), at="k-02") as stage:
        await stage.press("w")
        await stage.opened()
        first = stage.text()
        assert all(cell_len(line) == 80 for line in first.splitlines())
        assert language(code).text("Close") in first
        await stage.press("G")
        await stage.until(lambda: stage.text() != first, "the end of the text")
        end = stage.text()
        assert "Anna Eksempel: " in end
        await stage.press("g")
        await stage.until(lambda: stage.text() == first, "its beginning")
        await stage.press(leave)
        await stage.closed()


async def test_it_says_the_same_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for _ in range(2):
        async with staged(size=(80, 24), at="k-02") as stage:
            await stage.press("w")
            await stage.opened()
            shown.append(stage.text())
        monkeypatch.setenv("NO_COLOR", "1")
    assert shown[0] == shown[1]


async def test_where_nothing_is_proposed_it_says_that() -> None:
    async with staged(size=(120, 50), at="k-08") as stage:
        await stage.press("w")
        await stage.opened()
        assert "No proposal." in stage.text()
        assert "The calendar is full." in stage.text()


async def test_in_every_group_of_the_demo_there_is_an_answer() -> None:
    """One citizen of each group, on the real desk."""
    with open_demo(date(2026, 11, 23)) as desk:
        today = desk.today()
        app = PlannerApp(lambda _: desk, language("da"))
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            stage = Stage(app, pilot, FakeDesk())
            await stage.settled()
            asked = set()
            for bucket, rows in grouped(today):
                stage.people.select(rows[0].citizen.id)
                await pilot.pause()
                await stage.press("w")
                await stage.opened()
                assert isinstance(stage.app.screen, WhyDialog)
                asked.add(bucket)
                await stage.press("escape")
                await stage.closed()
            assert {Bucket.OVERDUE, Bucket.UNPLACED, Bucket.EXEMPT, Bucket.ENDED} <= asked
            assert stage.toasts == []


@pytest.mark.parametrize("width", [80, 120])
async def test_the_quality_of_the_plan_hides_nothing(width: int) -> None:
    """It stands at the end of the first line where there is room, and nowhere where there is none."""
    async with staged(size=(width, 40)) as stage:
        line = stage.text().splitlines()[0]
        assert "15 citizens · Prøvekøbing" in line
        assert ("at most 0.2 % from the best possible" in line) is (width == 120)
