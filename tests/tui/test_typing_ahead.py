"""What is typed ahead belongs to the dialog that is on its way; what is typed for one that is refused, to nobody."""

from __future__ import annotations

from math import inf
from threading import Event

import pytest
from textual import events
from textual.geometry import Offset
from textual.widgets import Input

from planner.planning.plan import Slot
from planner.services.results import Done
from planner.tui.app import PlannerApp
from planner.tui.dialogs.pick import PickDialog
from planner.tui.screens.settings import SettingsScreen
from tests.tui.fakes import FakeDesk
from tests.tui.stage import ENGLISH, Stage, staged


def burst(stage: Stage, text: str) -> None:
    """Send keys at once, as a slow connection does."""
    for char in text:
        stage.app.post_message(events.Key("enter" if char == "\n" else char, None if char == "\n" else char))


def at_once(stage: Stage, *keys: str) -> None:
    """The same for keys that have names."""
    for key in keys:
        name = {"+": "plus", ".": "full_stop", " ": "space"}.get(key, key)
        stage.app.post_message(events.Key(name, key if len(key) == 1 else None))


@pytest.mark.parametrize("back", [(), ("f2",), ("escape",), ("f3", "f2")], ids=str)
@pytest.mark.parametrize("visited", [False, True], ids=["the first time", "again"])
async def test_what_is_typed_behind_another_view_is_meant_for_that_one(back: tuple[str, ...], visited: bool) -> None:
    async with staged() as stage:
        order = stage.today._state.order
        if visited:
            await stage.press("enter", "f3", "f2")
        at_once(stage, "enter", "n", *back, "a")
        await stage.until(lambda: bool(stage.desk.calls), "the acceptance")
        assert [call[:2] for call in stage.desk.calls] == [("accept", order[1])]


async def test_what_is_typed_behind_a_time_that_is_chosen_is_meant_for_the_next_dialog() -> None:
    async with staged(at="k-02") as stage:
        at_once(stage, "t", "down", "enter", "p", "+", "2", "w", "tab", *"venter", "enter")
        await stage.until(lambda: len(stage.desk.calls) == 2, "both")
        assert [call[0] for call in stage.desk.calls] == ["accept", "postpone"]
        assert "venter" in repr(stage.desk.calls[1])


@pytest.mark.parametrize("passing", [False, True])
async def test_what_was_kept_comes_before_what_came_later(passing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    app = PlannerApp(FakeDesk().factory(), ENGLISH)
    kept, later = [events.Key("home", None), events.Key("j", "j")], events.Key("k", "k")
    app._held, app._under_way, app._since = [*kept], events.Key("a", "a"), inf
    await app.on_event(later)
    monkeypatch.setattr(app, "passes", lambda key, held: True)
    monkeypatch.setattr(app, "released", lambda held: held)
    await (app.release_passing() if passing else app.release_keys())
    assert [event for event, _ in app._behind] == [*kept, later]


async def test_a_time_may_be_written_at_once() -> None:
    async with staged(at="k-02") as stage:
        at_once(stage, "t", *"26-11 10.30")
        await stage.opened()
        await stage.until(lambda: stage.dialog.query_one("#moment", Input).value == "26-11 10.30", "the time")
        assert stage.desk.calls == []


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


async def test_a_refusal_has_one_button_and_either_key_closes_it() -> None:
    async with staged(at="k-02") as stage:
        for key in ("enter", "escape"):
            await stage.press("v")
            await stage.until(lambda: stage.app.screen is not stage.today, "the refusal")
            await stage.until(lambda: "Close (enter)" in stage.text(), "its button")
            assert "Go back (esc)" not in stage.text()
            await stage.press(key)
            await stage.until(lambda: stage.app.screen is stage.today, "the refusal to be closed")


async def test_after_a_refusal_what_was_meant_for_the_dialog_does_nothing() -> None:
    async with staged(at="k-02") as stage:
        burst(stage, "vaoa")  # nothing is booked, so no dialog opens
        await stage.noticed("Nothing is booked")
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


async def test_enter_typed_ahead_closes_the_dialog_that_it_was_meant_for() -> None:
    """From the key that opens it to the last one in one breath, as quick hands type."""
    async with staged(at="k-04") as stage:
        keys(stage, "h", "1", "enter")
        await stage.noted()
        assert [call[0] for call in stage.desk.calls] == ["held"]


async def test_escape_typed_ahead_leaves_it() -> None:
    async with staged(at="k-02") as stage:
        keys(stage, "slash", "a", "escape", "escape")  # the first warns that something was typed
        await stage.until(lambda: len(stage.app.screen_stack) == 1, "the dialog to be left")
        assert stage.selected == "k-02"
        assert stage.desk.calls == []


async def test_what_is_typed_behind_enter_is_for_what_it_leads_to() -> None:
    """The letter goes into no field of a dialog that is closing, and the key acts after the command that was found."""
    async with staged(at="k-02") as stage:
        following = stage.people.order[stage.people.order.index("k-02") + 2]
        keys(stage, "ctrl+p", *"accept", "enter", "j")
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        await stage.closed()
        assert [call[:2] for call in stage.desk.calls] == [("accept", "k-02")]
        await stage.until(lambda: stage.selected == following, "one further than where accepting leads")


async def test_the_view_that_is_asked_for_last_is_shown_last() -> None:
    async with staged(at="k-02") as stage:
        keys(stage, "ctrl+p", *"capacity", "enter", "f2", "slash", *"fie", "enter")
        await stage.until(lambda: "Fie Fritaget" in stage.card(), "the one who was searched for")
        await stage.closed()


@pytest.mark.parametrize("gap", [False, True])
async def test_a_key_behind_accepting_acts_on_what_that_leaves_selected(gap: bool) -> None:
    """At once or a moment later: the hands' speed decides nothing."""
    async with staged(at="k-02") as stage:
        order = stage.people.order
        keys(stage, "a")
        if gap:
            await stage.settled()
        keys(stage, "j")
        await stage.until(lambda: stage.selected == order[order.index("k-02") + 2], "the citizen after the next one")


async def test_a_click_counts_after_a_digit_that_a_dialog_took() -> None:
    async with staged(at="k-02") as stage:
        await stage.press("c")
        await stage.opened()
        await stage.press("2")
        await stage.closed()
        await stage.pilot.click(stage.people, offset=(5, stage.people._line_of["k-05"]))
        await stage.until(lambda: stage.selected == "k-05", "the citizen who was clicked")


async def test_what_is_typed_behind_a_second_dialog_does_not_go_by_the_time_of_the_first() -> None:
    """The patience of one answer ends with it."""
    async with staged() as stage:
        first, second = object(), object()
        stage.app.hold_keys(first, 0.001)
        stage.app.hold_keys(second)
        keys(stage, "j")
        before, is_over = stage.selected, list[bool]()
        stage.app.set_timer(0.001, lambda: is_over.append(True))  # which ends after the first one would have
        await stage.until(lambda: bool(is_over), "the time to be over")
        await stage.pilot.pause()
        assert stage.selected == before
        await stage.app.give_up_keys(second, drop=False)
        await stage.until(lambda: stage.selected != before, "the next citizen")


async def test_nobody_waits_for_a_store_that_is_busy() -> None:
    gate, writing, desk = Event(), Event(), FakeDesk()
    quick = desk.accept

    def accept(citizen_id: str, chosen: Slot | None = None) -> Done:
        writing.set()
        gate.wait(30)
        return quick(citizen_id, chosen)

    vars(desk)["accept"] = accept
    async with staged(desk, at="k-02") as stage:
        keys(stage, "a", "j")
        await stage.until(writing.is_set, "the writing")
        await stage.until(lambda: stage.selected != "k-02", "the cursor to move meanwhile")
        gate.set()
        await stage.until(lambda: bool(desk.calls), "the booking")
        assert desk.calls[0][1] == "k-02"


async def test_no_click_comes_before_a_key() -> None:
    """The change is made on whom the key was pressed for."""
    async with staged(at="k-02") as stage:
        line = stage.people._line_of["k-05"]
        at = stage.people.region.offset + Offset(5, line)
        stage.app.post_message(events.Key("a", "a"))
        for kind in (events.MouseDown, events.MouseUp):
            stage.app.post_message(kind(None, at.x, at.y, 0, 0, 1, False, False, False, at.x, at.y))
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        assert stage.desk.calls[0][1] == "k-02"


async def test_two_palettes_are_never_stacked() -> None:
    async with staged(at="k-02") as stage:
        keys(stage, "ctrl+p", "ctrl+p", "h", "o", "enter")
        await stage.until(lambda: not isinstance(stage.app.screen, PickDialog), "the choice")
        assert len(stage.app.screen_stack) <= 2


async def test_what_is_typed_before_the_settings_stand_is_not_for_the_list() -> None:
    async with staged(at="k-02") as stage:
        keys(stage, "f6", "a")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "the settings")
        await stage.pilot.pause()
        assert stage.desk.calls == []


def keys(stage: Stage, *names: str) -> None:
    """Keys in one breath, as the terminal sends them."""
    for name in names:
        stage.app.post_message(events.Key(name, name if len(name) == 1 else None))
