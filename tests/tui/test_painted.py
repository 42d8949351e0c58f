"""What a list puts on the screen by itself is what Textual would have put there."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from threading import Event
from unittest.mock import Mock

import pytest
from textual._compositor import CompositorUpdate
from textual.geometry import Size

from planner.planning.plan import Bucket
from planner.tui import idle
from planner.tui.screens import desk_screen
from planner.tui.screens.today import TodayScreen
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.status_line import StatusLine
from tests.benchmarks.tty import Screen
from tests.tui.cells import as_seen, seen
from tests.tui.fakes import FakeDesk, office, row
from tests.tui.stage import Stage, staged

_KEYS = ("down", "down", "down", "up", "pagedown", "pageup", "home", "end", "j", "space", "z", "tab")


def _shown(stage: Stage, updates: list[str], each: Callable[[Screen], None] = lambda _: None) -> Screen:
    """A terminal that takes in what the application writes from now on, the kinds of `updates`; `each` sees it then."""
    terminal, app = Screen(), stage.app
    usual = app._display

    def display(screen: object, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            updates.append(type(update).__name__)
            terminal.feed(update.render_segments(app.console))
            each(terminal)
        usual(screen, update)  # type: ignore[arg-type]

    vars(app)["_display"] = display
    app.screen.refresh()
    return terminal


@pytest.mark.usefixtures("own_colours")
@pytest.mark.parametrize("seed", range(3))
async def test_the_terminal_shows_what_the_screen_holds_after_every_key(seed: int) -> None:
    chance = Random(seed)
    many = tuple(row(f"k-{number:03}", f"Åse Prøve {number}", Bucket.PROPOSED) for number in range(90))
    async with staged(FakeDesk(many)) as stage:
        updates: list[str] = []
        terminal = _shown(stage, updates)
        for number in range(60):
            key = chance.choice(_KEYS)
            await stage.press(key)
            if number % 20 == 10:
                stage.today.say("noget ligger ovenpå")
            await stage.until(lambda: as_seen(terminal.state) == as_seen(seen(stage)), f"the same after {key}")
        assert "_Strips" in updates  # else nothing of it was put there by the list itself


_HEADING, _MARK = "Postpone: ", "* "


def _waits(terminal: Screen) -> bool:
    """Whether neither the dialog is seen any more nor what it led to."""
    return not any(_HEADING in line or line.startswith(_MARK) for line in terminal.text.splitlines())


async def _answered(stage: Stage) -> None:
    """Postpone, up to the key that does it."""
    await stage.press("p")
    await stage.opened()
    await stage.press(*"+2w", "tab", *"rejse", "enter")


async def test_what_an_answer_leads_to_is_painted_when_the_dialog_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_screen, "_SOON_BEGUN", 100.0)
    monkeypatch.setattr(desk_screen, "_SOON_WRITTEN", 100.0)
    async with staged() as stage:
        frames: list[bool] = []
        stage.desk.gate = Event()  # the plan that follows takes the mark away
        _shown(stage, [], lambda terminal: frames.append(_waits(terminal)))
        await stage.until(lambda: bool(frames), "the list")
        begin = len(frames)
        await _answered(stage)
        await stage.until(lambda: any(line.startswith(_MARK) for line in stage.text().splitlines()), "the change")
        assert not any(frames[begin + 1 :])
        stage.desk.gate.set()


async def test_a_dialog_goes_although_the_desk_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged() as stage:
        done, usual = Event(), stage.desk.postpone
        stage.desk.gate = Event()
        monkeypatch.setattr(stage.desk, "postpone", lambda *given: done.wait() and usual(*given))
        terminal = _shown(stage, [])
        await _answered(stage)
        await stage.until(lambda: bool(terminal.text) and _waits(terminal), "the list without the change")
        done.set()
        await stage.until(lambda: not _waits(terminal), "the change")
        stage.desk.gate.set()


async def test_a_dialog_that_was_left_is_taken_down_later_and_lays_nothing_out_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid_out: list[Size | None] = []
    usual = TodayScreen._refresh_layout

    def lay_out(screen: TodayScreen, size: Size | None = None, scroll: bool = False) -> None:
        laid_out.append(size)
        usual(screen, size, scroll)

    monkeypatch.setattr(TodayScreen, "_refresh_layout", lay_out)
    monkeypatch.setattr(idle, "_STILL", 1000.0)
    monkeypatch.setattr(idle, "_AT_MOST", 1_000_000)
    async with staged() as stage:
        await stage.press("w")
        await stage.opened()
        left = stage.dialog
        laid_out.clear()
        await stage.press("escape")
        await stage.closed()
        assert left.is_attached
        monkeypatch.setattr(idle, "_STILL", 0.0)
        await stage.until(lambda: not left.is_attached, "its end")
        await stage.pilot.pause()
        assert not laid_out


@pytest.mark.usefixtures("own_colours")
async def test_what_goes_on_behind_a_dialog_paints_nothing_where_nothing_changes() -> None:
    async with staged() as stage:
        await stage.press("p")
        await stage.opened()
        await stage.pilot.pause()
        updates: list[str] = []
        terminal, ticked = _shown(stage, updates), Event()
        await stage.until(lambda: len(updates) > 0 and not stage.app.screen._repaint_required, "the first frame")
        updates.clear()
        stage.today.set_timer(0.001, ticked.set)
        await stage.until(ticked.is_set, "the timer")
        await stage.until(lambda: not stage.today._update_timer._active.is_set(), "what the timer leads to")
        await stage.pilot.pause()
        assert updates == []
        stage.today.query_one(StatusLine).refresh()
        await stage.until(lambda: len(updates) > 0, "what has changed behind")
        assert as_seen(terminal.state) == as_seen(seen(stage))


async def test_a_longer_or_shorter_card_lays_nothing_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(size=(120, 20)) as stage:
        card = stage.today.query_one(CitizenCard)
        fits, laid_out = set[bool](), Mock(wraps=stage.today._refresh_layout)
        monkeypatch.setattr(stage.today, "_refresh_layout", laid_out)
        for _ in office():
            follows, shown = stage.selected, card.text
            fits.add(len(shown.splitlines()) <= card.size.height)
            await stage.press("down")
            await stage.until(lambda: card.text != shown or stage.selected == follows, "the card")  # noqa: B023
            await stage.pilot.pause()
        assert fits == {True, False}
        assert not laid_out.called


async def test_where_all_fits_the_scroll_bar_is_empty_in_each_frame_of_another_size() -> None:
    async with staged(size=(120, 60)) as stage:
        bar, bars = stage.people.vertical_scrollbar, list[tuple[float, float]]()
        _shown(stage, [], lambda _: bars.append((bar.window_virtual_size, bar.window_size)))
        for height in (40, 55, 38):
            await stage.pilot.resize_terminal(120, height)
            await stage.until(lambda: bars[-1][1] == stage.people.size.height, "the frame")
        assert len({seen for _, seen in bars}) > 2
        assert all(lines == seen for lines, seen in bars)
