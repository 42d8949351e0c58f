"""What is typed ahead belongs to the dialog that is on its way; what is typed for one that is refused, to nobody."""

from __future__ import annotations

from threading import Event

import pytest
from textual import events
from textual.widgets import Input

from planner.services.results import Done
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage, staged


def burst(stage: Stage, text: str) -> None:
    """Send keys at once, as a slow connection does."""
    for char in text:
        stage.app.post_message(events.Key("enter" if char == "\n" else char, None if char == "\n" else char))


async def test_a_burst_of_keys_is_written_into_the_dialog() -> None:
    async with staged(at="k-02") as stage:
        burst(stage, "p+3u")
        await stage.opened()
        await stage.until(lambda: stage.dialog.query_one("#until", Input).value == "+3u", "the text")
        assert stage.desk.calls == []


async def test_a_whole_note_may_come_at_once() -> None:
    async with staged(at="k-02") as stage:
        burst(stage, "iu o a quit\n")
        await stage.until(lambda: bool(stage.desk.calls), "the note")
        await stage.closed()
        assert [call[0] for call in stage.desk.calls] == ["note"]
        assert "u o a quit" in repr(stage.desk.calls[0])


async def test_after_a_refusal_what_was_meant_for_the_dialog_does_nothing() -> None:
    async with staged(at="k-02") as stage:
        burst(stage, "vaoa")  # nothing is booked, so no dialog opens
        await stage.until(lambda: bool(stage.toasts), "the refusal")
        await stage.pilot.pause()
        assert stage.desk.calls == []
        await stage.press("a")
        await stage.until(lambda: bool(stage.desk.calls), "keys hold again")


@pytest.mark.parametrize("key", ["w", "W", "t", "c", "/", "x", "s", "f", "h", "F", "D"])
async def test_keys_hold_again_after_every_dialog(key: str) -> None:
    async with staged(at="k-02") as stage:
        await stage.press(key)
        await stage.opened()
        await stage.press("escape")
        await stage.closed()
        await stage.press("j")
        await stage.until(lambda: stage.selected != "k-02", "the next citizen")


async def test_what_is_typed_for_one_dialog_is_not_released_by_the_story_before() -> None:
    """While the first change is still being written the next dialog is asked for, and its keys come in one burst."""
    gate, writing = Event(), Event()
    desk = FakeDesk()
    slow = desk.note

    def note(citizen_id: str, text: str) -> Done:
        writing.set()
        gate.wait(30)
        return slow(citizen_id, text)

    vars(desk)["note"] = note
    async with staged(desk, at="k-02") as stage:
        burst(stage, "ifirst\n")
        await stage.until(writing.is_set, "the writing")
        await stage.closed()
        burst(stage, "p+2w")
        await stage.pilot.pause()
        gate.set()
        await stage.opened()
        await stage.until(lambda: stage.dialog.query_one("#until", Input).value == "+2w", "the text")
        assert [call[0] for call in desk.calls] == ["note"]
