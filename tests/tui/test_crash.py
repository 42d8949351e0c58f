"""When something fails: a sentence, the right exit code, and never a citizen's data."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest

from planner.errors import Fault, InputError, RuleConflict, StoreError
from planner.locale import language
from planner.progress import Reach
from planner.services.desk import Desk
from planner.services.results import Entry, Today
from planner.services.survived import Survived
from planner.tui.app import PlannerApp
from planner.tui.crash import place, summary
from planner.tui.widgets.citizen_list import CitizenList
from tests.tui.fakes import FakeDesk
from tests.tui.stage import staged

SECRET = "010170-1234 Hemmelig Hansen"


async def _run(factory: Callable[[Reach], Desk]) -> PlannerApp:
    app = PlannerApp(factory, language("en"))
    with suppress(Exception):  # the pilot raises again what ended the application
        async with app.run_test() as pilot:
            while app.return_code is None:
                await pilot.pause()
    return app


async def test_a_crash_tells_kind_and_place_but_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    """No local variables, no message of the error; exit code 1."""

    def factory(_reach: Reach) -> Desk:
        secret = SECRET
        raise ValueError(f"about {secret}")

    app = await _run(factory)
    told = "".join(capsys.readouterr())
    assert app.return_code == 1
    assert "ValueError" in told
    assert ".py:" in told
    assert SECRET not in told
    assert "Hemmelig" not in told
    assert "Traceback" not in told


async def test_a_crash_while_painting_is_no_different(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the rich rendering of an error nor its text gets out."""

    class Rich(Exception):
        def __rich__(self) -> str:
            return SECRET

    def broken(self: CitizenList, y: int) -> None:
        secret = SECRET
        raise Rich(secret)

    monkeypatch.setattr(CitizenList, "render_line", broken)
    app = await _run(FakeDesk().factory())
    told = "".join(capsys.readouterr())
    assert app.return_code == 1
    assert "Rich" in told
    assert SECRET not in told


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (StoreError("The store cannot be opened: {cause}", cause="locked"), 6, ["The store cannot be opened: locked"]),
        (RuleConflict(["a and b"]), 3, ["conflict", "a and b"]),
        (InputError("Wrong", [Fault("$.x", "1", "2")]), 2, ["Wrong", "$.x: found 1; allowed: 2"]),
    ],
)
async def test_what_the_program_knows_is_said_in_words_with_its_exit_code(
    error: Exception, code: int, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A store that does not open ends the program, with the sentence of the error."""

    def factory(_reach: Reach) -> Desk:
        raise error

    app = await _run(factory)
    told = "".join(capsys.readouterr())
    assert app.return_code == code
    for word in words:
        assert word in told


async def test_a_plan_that_fails_leaves_the_list_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The change is saved, the toast says what happened, without data."""

    def broken(self: FakeDesk) -> Today:
        raise KeyError(SECRET)

    async with staged(at="k-02") as stage:
        monkeypatch.setattr(FakeDesk, "today", broken)
        await stage.press("a")
        await stage.until(lambda: len(stage.toasts) == 2, "the toasts")
        assert "KeyError in" in stage.toasts[1]
        assert SECRET not in stage.toasts[1]
        await stage.press("j")
        assert stage.app.return_code is None


async def test_no_key_and_no_action_writes_a_picture_of_the_screen(tmp_path: object) -> None:
    """A picture would carry personal data into a file in clear."""
    async with staged() as stage:
        assert stage.app.deliver_screenshot() is None
        await stage.app.run_action("screenshot")
        assert set() == PlannerApp.COMMANDS


async def test_the_title_names_nobody() -> None:
    """The title stands in task bars and logs."""
    async with staged(at="k-02") as stage:
        assert stage.app.title == "planner"
        assert stage.app.sub_title == ""


def test_the_place_is_the_programs_own_where_there_is_one() -> None:
    """The innermost frame of our code helps more than one of a library."""
    try:
        language("xx")
    except ValueError as error:
        kind, where = summary(error)
        assert kind == "ValueError"
        assert where.startswith("planner/locale/__init__.py:")
    assert place(None) == "?"


async def test_after_a_crash_a_notice_says_what_was_kept_and_takes_neither_focus_nor_key() -> None:
    """The last action that was saved, with its time; a name that looks like markup is only a name."""
    last = Entry(7, datetime(2026, 11, 23, 9, 41), "note", "k-02", "{name}: note written", {"name": "[b]Bo"}, False)  # noqa: DTZ001
    async with staged(FakeDesk(left=Survived(last, has_lost=False, has_draft=False)), at="k-02") as stage:
        (notice,) = stage.app._notifications
        assert "the last action, 23 Nov 2026 09:41: [b]Bo: note written" in notice.message
        assert "comes back" not in notice.message
        assert notice.timeout >= 20
        assert stage.app.focused is stage.people
        await stage.press("j")
        assert stage.selected != "k-02"
