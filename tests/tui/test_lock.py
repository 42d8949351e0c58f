"""The program locks itself when nobody is there, and loses nothing that was typed; a key hides it from a visitor."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from weakref import ref

import pytest
from textual import events

from planner.services.memory import uncollected
from planner.services.ports import Draft
from planner.settings import Settings
from planner.tui import idle
from planner.tui.app import PlannerApp
from planner.tui.dialogs.base import Dialog
from planner.tui.dialogs.hidden import HiddenScreen
from planner.tui.dialogs.notice import NoticeDialog
from tests.tui.fakes import FakeDesk
from tests.tui.stage import ENGLISH, Stage


@asynccontextmanager
async def lockable(desk: FakeDesk | None = None, minutes: str = "10", can_lock: bool = True) -> AsyncIterator[Stage]:
    """The application on a store with a passphrase."""
    desk = desk or FakeDesk()
    app = PlannerApp(desk.factory(), ENGLISH, settings=Settings(lock_minutes=minutes), can_lock=can_lock)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        stage = Stage(app, pilot, desk)
        await stage.settled()
        if desk.drafted is None and not isinstance(app.screen, Dialog):
            stage.people.select("k-02")
        await pilot.pause()
        yield stage


async def test_a_key_locks_at_once_whatever_is_shown() -> None:
    for keys in (("ctrl+l",), ("f3", "ctrl+l"), ("slash", "ctrl+l"), ("question_mark", "ctrl+l")):
        async with lockable() as stage:
            await stage.press(*keys)
            await stage.until(lambda stage=stage: not stage.app.is_running, "the end")  # type: ignore[misc]
            assert stage.app.is_locked


async def test_nobody_there_locks_it_after_a_warning_and_a_key_keeps_it_open() -> None:
    async with lockable() as stage:
        app = stage.app
        app._last_key -= 10 * 60 - 20
        await stage.until(lambda: "half a minute" in "".join(stage.toasts), "the warning")
        await stage.press("j")
        await stage.pilot.pause()
        assert not app.is_locked
        app._last_key -= 10 * 60
        await stage.until(lambda: not app.is_running, "the end")
        assert app.is_locked


class Ring:
    """Holds itself: only the collector lets go of it."""

    def __init__(self) -> None:
        self.me = self


@contextmanager
def by_hand() -> Iterator[None]:
    """The collector comes by itself only where it is called."""
    usual = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@pytest.mark.parametrize("second", [10**9, 1])
async def test_what_nobody_needs_goes_while_no_key_comes_and_no_dialog_is_open(
    second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what had been put out of the collector's sight, however much; a dialog's would be put there for good."""
    monkeypatch.setattr(idle, "_A_SECOND", second)
    async with lockable() as stage:
        with by_hand():
            gone = ref(Ring())
            gc.freeze()
            await stage.press("slash")
            await stage.opened()
            stage.app._last_key -= 10
            stage.app._tidy()
            assert gone() is not None
            await stage.press("escape")
            await stage.closed()
            stage.app._tidy_again = 0.0
            stage.app._tidy()  # a key has just come
            assert gone() is not None
            stage.app._last_key -= 10
            await stage.until(lambda: gone() is None, "the collector")


async def test_all_is_looked_through_again_where_more_is_held_than_was_least(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [1000]
    monkeypatch.setattr(sys, "getallocatedblocks", lambda: held[0])
    async with lockable() as stage:
        worth = list[bool]()
        stage.app._blocks = 1000
        for held[0] in (1050, 900, 980, 1000):
            worth.append(stage.app._is_worth_all(10))
        assert worth == [False, False, False, True]
        assert not stage.app._is_worth_all(4)


async def test_beside_a_dialog_it_only_collects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_STOPS", 60.0)
    async with lockable() as stage:
        await stage.press("slash")
        await stage.opened()
        with by_hand():
            for _ in range(idle._WORTH_IT):
                gc.collect(1)
            gone, stays = ref(Ring()), [object()]
            stage.app._last_key -= 1
            stage.app._tidy_again = 0.0
            stage.app._tidy()
            assert gone() is None
            assert any(one is stays for one in gc.get_objects())


async def test_nothing_is_collected_while_the_collector_is_kept_away() -> None:
    async with lockable() as stage:
        with by_hand(), uncollected():
            gone = ref(Ring())
            stage.app._last_key -= 100
            stage.app._tidy()
            assert gone() is not None


@pytest.mark.parametrize("most", [60.0, 0.0])
async def test_what_was_looked_through_is_not_looked_through_again_but_for_a_dialog(
    most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dialog's is put out of sight, too, where it takes long."""
    monkeypatch.setattr(idle, "_STOPS", most)
    async with lockable() as stage:
        gc.freeze()
        await stage.press("slash")
        await stage.opened()
        stays = [object()]
        gc.collect()
        assert any(one is stays for one in gc.get_objects()) == bool(most)
        await stage.press("escape")
        await stage.closed()
        await stage.until(lambda: not stage.app._goes, "the dialog to be taken down")
        gc.collect()
        assert not any(one is stays for one in gc.get_objects())
    gc.unfreeze()
    gc.freeze()
    new = [object()]
    gc.collect()  # nobody is there to put anything out of sight
    assert any(one is new for one in gc.get_objects())


async def test_where_it_is_set_so_it_never_locks_by_itself() -> None:
    async with lockable(minutes="never") as stage:
        stage.app._last_key -= 100 * 60
        await stage.press("j")
        assert stage.app._lock_after is None
        assert stage.app.is_running


async def test_a_store_without_a_passphrase_is_not_locked() -> None:
    async with lockable(can_lock=False) as stage:
        await stage.press("ctrl+l")
        await stage.until(lambda: "no passphrase" in "".join(stage.toasts), "the answer")
        assert stage.app.is_running
        assert stage.app._lock_after is None


async def test_what_is_typed_into_a_dialog_is_kept_in_the_store() -> None:
    async with lockable() as stage:
        await stage.press("i")
        await stage.opened()
        await stage.type("Ring i morgen")
        await stage.press("ctrl+l")
        await stage.until(lambda: not stage.app.is_running, "the end")
        draft = stage.desk.drafted
        assert draft is not None
        assert (draft.command, draft.citizen_id) == ("note", "k-02")
        assert list(draft.fields.values()) == ["Ring i morgen"]


async def test_what_is_typed_is_kept_while_it_is_typed_and_no_longer_than_the_dialog() -> None:
    async with lockable() as stage:
        await stage.press("i")
        await stage.opened()
        await stage.type("Ring i morgen")
        await stage.until(lambda: stage.desk.drafted is not None, "what a crash would leave")
        await stage.press("escape", "escape")
        await stage.closed()
        await stage.until(lambda: stage.desk.drafted is None, "nothing to come back to")


async def test_what_is_typed_is_kept_though_a_screen_hides_it() -> None:
    async with lockable() as stage:
        await stage.press("i")
        await stage.opened()
        await stage.type("Ring i morgen")
        await stage.press("f9")
        await stage.until(lambda: isinstance(stage.app.screen, HiddenScreen), "the empty screen")
        stage.app.lock()
        await stage.until(lambda: not stage.app.is_running, "the end")
        assert stage.desk.drafted is not None


async def test_whatever_goes_wrong_it_locks_and_no_key_acts_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async with lockable() as stage:

        def broken(draft: Draft) -> None:
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "no text")

        monkeypatch.setattr(stage.desk, "keep_draft", broken)
        await stage.press("i")
        await stage.opened()
        await stage.type("Ring i morgen")
        stage.app.lock()
        stage.app.post_message(events.Key("enter", None))
        await stage.until(lambda: not stage.app.is_running, "the end")
        assert stage.desk.calls == []


async def test_nothing_is_kept_where_nothing_was_typed() -> None:
    async with lockable() as stage:
        await stage.press("p")
        await stage.opened()
        await stage.press("ctrl+l")
        await stage.until(lambda: not stage.app.is_running, "the end")
        assert stage.desk.drafted is None


@pytest.mark.parametrize(("command", "field"), [("note", "note"), ("postpone", "reason")])
async def test_after_the_passphrase_the_dialog_stands_as_it_was_left(command: str, field: str) -> None:
    async with lockable(FakeDesk(drafted=Draft(command, "k-03", {field: "Ring i morgen"}))) as stage:
        await stage.opened()
        assert stage.dialog.typed() == {field: "Ring i morgen"}
        assert stage.dialog.unsaved()
        assert stage.selected == "k-03"
        assert stage.desk.drafted is not None, "kept until it is answered"
        await stage.press("escape", "escape")
        await stage.until(lambda: stage.desk.drafted is None, "the draft to be dropped")


@pytest.mark.parametrize("draft", [Draft("adopt", "", {"x": "hjemmel"}), Draft("note", "gone", {"text": "hjemmel"})])
async def test_what_has_no_place_any_more_is_shown(draft: Draft) -> None:
    async with lockable(FakeDesk(drafted=draft)) as stage:
        await stage.until(lambda: isinstance(stage.app.screen, NoticeDialog), "the text")
        await stage.pilot.pause()
        assert "hjemmel" in stage.text()


@pytest.mark.parametrize("back", ["a", "f8"])
@pytest.mark.parametrize("before", [(), ("i",), ("f3",), ("question_mark",)])
async def test_a_key_hides_everything_and_any_key_brings_it_back(before: tuple[str, ...], back: str) -> None:
    async with lockable() as stage:
        await stage.press(*before)
        await stage.pilot.pause()
        shown = stage.app.screen
        await stage.press("f9")
        await stage.until(lambda: isinstance(stage.app.screen, HiddenScreen), "the empty screen")
        await stage.pilot.pause()
        assert stage.text().split() == ["Hidden;", "any", "key", "shows", "it", "again."]
        await stage.press(back)
        await stage.until(lambda: stage.app.screen is shown, "the screen before")
        assert stage.desk.calls == []
