"""Names masked on the screen: in every view and dialog, until a key shows them; search goes by the real name."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import planner
from planner.domain.masking import Masking
from planner.settings import Settings
from planner.tui.widgets.choice_list import ChoiceList
from tests.tui.fakes import FakeDesk, office
from tests.tui.stage import Stage, staged

#: No word of the program, in either language, has these letters in it.
FIRST, LAST = "Zyqwa", "Qzyvo"
#: All but those with a text for the citizen, which carries the name.
DIALOGS = ("w", "W", "t", "c", "e", "p", "x", "s", "f", "h", "i", "v", "/", "D", "F", "ctrl+p", "?")
ON_CITIZEN = ("C", "m", "T")
SECRETIVE = Settings(mask="names")


def _desk(masking: Masking = Masking.NAMES) -> FakeDesk:
    """The invented office, in which everybody has a name that cannot be overlooked."""
    rows = office()
    named = [
        replace(row, citizen=replace(row.citizen, name=f"{FIRST}{chr(97 + n)} {LAST}{chr(97 + n)}"))
        for n, row in enumerate(rows)
    ]
    desk = FakeDesk(rows=tuple(named))
    desk.masking = masking
    return desk


def _named(stage: Stage) -> list[str]:
    """The lines of the screen, and the toasts, that give a name away."""
    lines = [*stage.text().splitlines(), *stage.toasts]
    return [line for line in lines if re.search(f"{FIRST[:3]}|{LAST[:3]}", line, re.IGNORECASE)]


async def _walk(stage: Stage, keys: tuple[str, ...]) -> list[str]:
    """Open each dialog and leave it; gives what gives a name away, after the key that led there."""
    found, view = list[str](), stage.app.screen
    for key in keys:
        before = len(stage.toasts)
        await stage.press(key)
        await stage.until(
            lambda: stage.app.screen is not view or len(stage.toasts) > before,  # noqa: B023
            f"the answer to {key}",
        )
        await stage.pilot.pause()
        found += [f"{key}: {line}" for line in _named(stage)]
        while stage.app.screen is not view:
            await stage.press("escape")
            await stage.pilot.pause()
    return found


async def test_no_view_and_no_dialog_shows_a_masked_name() -> None:
    async with staged(_desk(), settings=SECRETIVE, size=(160, 45), at="k-02") as stage:
        assert _named(stage) == []
        assert "Z. Q. (k-02)" in stage.text()
        assert await _walk(stage, DIALOGS) == []
        walked = {"f5": ("w", "x"), "f7": ("v", "f", "n")}
        for view in ("f3", "f4", "f5", "f7"):
            await stage.press(view)
            await stage.until(lambda: stage.app.screen is not stage.today, "the view")
            await stage.until(lambda: all(one.is_finished for one in stage.app.workers), "what it shows")
            await stage.pilot.pause()
            assert _named(stage) == [], view
            assert await _walk(stage, walked.get(view, ())) == []
            await stage.press("f2")
            await stage.until(lambda: stage.app.screen is stage.today, "the list")
        await stage.press("f3")
        await stage.until(lambda: stage.app.screen is not stage.today, "the week")
        for keys in (("n", "n", "m"), ("right",), ("down",), ("escape",)):
            await stage.press(*keys)
            await stage.pilot.pause()
            assert "Z. Q. (" in stage.text()
            assert _named(stage) == [], keys
        await stage.press("f2")
        await stage.until(lambda: stage.app.screen is stage.today, "the list")
        await stage.press("enter")
        await stage.until(lambda: stage.app.screen is not stage.today, "the citizen")
        await stage.pilot.pause()
        assert "Z. Q. (k-02)" in stage.text()
        assert _named(stage) == []
        assert await _walk(stage, ON_CITIZEN) == []


async def test_no_toast_shows_a_masked_name() -> None:
    async with staged(_desk(), settings=SECRETIVE, at="k-02") as stage:
        for count, key in enumerate(("a", "a", "u"), 1):
            await stage.press(key)
            await stage.until(lambda count=count: len(stage.toasts) == count, "the toast")  # type: ignore[misc]
        await stage.settled()
        assert _named(stage) == []
        assert any("Z. Q. (k-0" in toast for toast in stage.toasts)


async def test_a_key_shows_the_names_and_masks_them_again() -> None:
    async with staged(_desk(), settings=SECRETIVE, at="k-02") as stage:
        for is_named in (True, False, True):
            await stage.press("ctrl+n")
            await stage.until(lambda wanted=is_named: bool(_shown(stage)) is wanted, "the names")  # type: ignore[misc]
            assert (FIRST in stage.card()) is is_named
            assert stage.selected == "k-02"
        await stage.press("f9")
        await stage.until(lambda: stage.app.screen is not stage.today, "the hidden screen")
        await stage.press("x")
        await stage.until(lambda: stage.app.screen is stage.today and not _shown(stage), "the names to be masked")


async def test_names_are_masked_for_a_visitor_where_the_settings_show_them() -> None:
    async with staged(_desk(Masking.CPR), at="k-02") as stage:
        assert _shown(stage)
        await stage.press("ctrl+n")
        await stage.until(lambda: not _shown(stage), "the names to be masked")
        assert stage.toasts[-1] == "Names are masked; ctrl+n shows them."
        await stage.press("f3")
        await stage.until(lambda: stage.app.screen is not stage.today, "the week")
        await stage.press("ctrl+n")
        await stage.until(lambda: bool(_shown(stage)), "the names in the week")


async def test_a_masked_citizen_is_found_by_the_name() -> None:
    async with staged(_desk(), settings=SECRETIVE, at="k-02") as stage:
        for key in ("/", "ctrl+p"):
            await stage.press(key)
            await stage.opened()
            await stage.type(f"{LAST}f")
            choices = stage.dialog.query_one(ChoiceList)
            await stage.until(lambda: choices.count == 1, "the only one of that name")  # noqa: B023
            assert "Z. Q. (k-06)" in choices.lines[0]
            await stage.press("enter")
            await stage.closed()
            assert stage.selected == "k-06"
            stage.people.select("k-02")


async def test_the_settings_mask_at_once() -> None:
    kept: list[object] = []

    def save(changes: object) -> Settings:
        kept.append(changes)
        return SECRETIVE

    async with staged(_desk(Masking.CPR), save=save, at="k-02") as stage:
        await stage.press("f6")
        await stage.until(lambda: bool(stage.app.screen.query("#mask")), "the settings")
        await stage.until(lambda: stage.app.screen.is_mounted, "the form")
        stage.app.screen.query_one("#mask").focus()
        await stage.press("right", "enter")
        await stage.closed()
        await stage.until(lambda: not _shown(stage), "the names to be masked")
        assert kept == [{"mask": "names"}]


def _shown(stage: Stage) -> list[str]:
    """The lines of the screen that have a name in full."""
    return [line for line in stage.text().splitlines() if FIRST in line]


#: Where a face may know the real name: to search by it and to sort by it.
SEARCHES = {"tui/app.py", "tui/screens/list_flows.py", "cli/planning.py"}


@pytest.mark.parametrize("face", ["tui", "cli"])
def test_the_faces_say_the_name_that_may_be_seen(face: str) -> None:
    """`citizen.name` is the real one; a face that shows somebody uses `shown_name`."""
    code = Path(planner.__file__).parent
    real = re.compile(r"(?:citizen|\bc)\.name\b")
    found = {
        str(f.relative_to(code).as_posix()) for f in (code / face).rglob("*.py") if real.search(f.read_text("utf-8"))
    }
    assert found == {each for each in SEARCHES if each.startswith(face)}
