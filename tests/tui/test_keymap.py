"""On the screen: keys of the user's own run their commands, and everything that names a key names them."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from planner.services.keymap import Keys
from planner.settings import Settings
from tests.tui.stage import staged

OWN = Settings(
    keys=Keys(
        {"accept": ("ø", "f10"), "undo": ("ctrl+k",), "next_alternative": ("a",), "quit": ("f12",), "search": (",",)}
    )
)


async def test_the_key_chosen_runs_the_command_and_the_old_one_does_not() -> None:
    async with staged(at="k-02", settings=OWN) as stage:
        await stage.press("ø")
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        assert stage.desk.calls[-1][:2] == ("accept", "k-02")
        assert stage.toasts[-1].endswith("ctrl+k undoes.")
        await stage.settled()
        stage.people.select("k-06")
        await stage.press("a")  # looks at the next alternative now
        await stage.press("q", "u")  # quits and undoes no longer
        await stage.pilot.pause()
        assert len(stage.desk.calls) == 1
        await stage.press("ctrl+k")
        await stage.until(lambda: stage.toasts[-1].startswith("Undone."), "the undoing")
        await stage.press("ctrl+c")
        assert stage.toasts[-1] == "Press F12 to quit."


async def test_footer_help_and_palette_show_the_keys_in_force() -> None:
    async with staged(settings=OWN, size=(80, 45)) as stage:
        assert "ø accept" in stage.text().splitlines()[-1]
        await stage.press("f1")
        await stage.opened()
        assert "ø, F10" in stage.text()
        await stage.press("escape")
        await stage.closed()
        await stage.press("ctrl+p")
        await stage.opened()
        await stage.type("quit")
        await stage.until(lambda: "F12" in stage.text(), "the key in the palette")


@pytest.mark.parametrize("text", ["øre", "aøa,"])
async def test_a_letter_typed_into_a_field_is_a_letter(text: str) -> None:
    async with staged(settings=OWN, at="k-02") as stage:
        await stage.press(",")
        await stage.opened()
        await stage.type(text)
        assert stage.dialog.query_one(Input).value == text
        assert stage.desk.calls == []
