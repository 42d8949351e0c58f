"""What a list puts on the screen by itself is what Textual would have put there."""

from __future__ import annotations

from random import Random

import pytest
from textual._compositor import CompositorUpdate

from planner.planning.plan import Bucket
from tests.benchmarks.tty import Screen
from tests.tui.cells import as_seen, seen
from tests.tui.fakes import FakeDesk, row
from tests.tui.stage import Stage, staged

_KEYS = ("down", "down", "down", "up", "pagedown", "pageup", "home", "end", "j", "space", "z", "tab")


def _shown(stage: Stage, updates: list[str]) -> Screen:
    """A terminal that takes in what the application writes from now on, and the kinds of `updates`."""
    terminal, app = Screen(), stage.app
    usual = app._display

    def display(screen: object, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            updates.append(type(update).__name__)
            terminal.feed(update.render_segments(app.console))
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
