"""A morning with ten citizens on the real desk of the demo, by keyboard alone, and all of it taken back."""

from __future__ import annotations

from datetime import date

from planner.bootstrap import open_demo
from planner.locale import language
from planner.planning.plan import Bucket
from planner.services.desk import Desk
from planner.tui.app import PlannerApp
from planner.tui.dialogs.base import Dialog
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage

MONDAY = date(2026, 11, 23)
#: In which group somebody is looked for, and the keys that settle it.
MORNING: tuple[tuple[Bucket, tuple[str, ...]], ...] = (
    (Bucket.BOOKED_TODAY, ("h", "enter", "escape")),
    (Bucket.BOOKED_TODAY, ("o",)),
    (Bucket.OVERDUE, ("a",)),
    (Bucket.OVERDUE, ("n", "a")),
    (Bucket.AFTER_NO_SHOW, ("t", "enter")),
    (Bucket.EVENT_PASSED, ("i", *"ringet op", "enter")),
    (Bucket.SCREEN, ("s", "1")),
    (Bucket.DECIDE_NOW, ("p", *"+1u", "tab", *"afventer svar", "enter")),
    (Bucket.PROPOSED, ("f", "tab", *"24-12", "enter")),
    (Bucket.BOOKED, ("v", "enter")),
)


async def settle(stage: Stage, desk: Desk, bucket: Bucket, keys: tuple[str, ...], done: set[str]) -> None:
    """Do one thing with somebody of the group with whom nothing was done yet."""
    before = len(desk.log(1000))
    row = next(row for row in desk.today().rows if row.part.bucket is bucket and row.citizen.id not in done)
    done.add(row.citizen.id)
    stage.people.select(row.citizen.id)
    await stage.pilot.pause()
    for key in keys:
        if isinstance(stage.app.screen, Dialog) or key in keys[:1]:
            await stage.pilot.pause()
        await stage.press(key)
        await stage.pilot.pause()
    await stage.until(lambda: len(desk.log(1000)) == before + 1, f"the change of {bucket} by {keys}")
    await stage.closed()
    await stage.settled()


async def test_a_morning_with_ten_citizens_and_all_of_it_taken_back() -> None:
    with open_demo(MONDAY) as desk:
        app = PlannerApp(lambda _: desk, language("da"))
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            stage = Stage(app, pilot, FakeDesk())
            await stage.settled()
            start, done = desk.caseload(), set[str]()
            for bucket, keys in MORNING:
                await settle(stage, desk, bucket, keys, done)
            assert len(done) == len(MORNING) == 10
            everybody = {row.citizen.id for row in desk.today().rows}
            assert everybody == {citizen.id for citizen in start.citizens}
            assert not desk.today().plan.quality.hard_violations
            for _ in MORNING:
                before = len(desk.log(1000))
                await stage.press("u")
                await stage.until(lambda before=before: len(desk.log(1000)) > before, "the undoing")  # type: ignore[misc]
                await stage.settled()
            assert desk.caseload() == start
