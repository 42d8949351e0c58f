"""Help: every command with its keys, straight from the command table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, get_args

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.locale import N_, Language
from planner.services import words
from planner.services.commands import COMMANDS, MOVEMENTS, Command, Where, command, commands_of, key_names
from planner.services.keymap import Keys
from planner.services.today import GROUPS
from planner.tui.bindings import movements
from planner.tui.dialogs.base import Dialog
from planner.tui.rows import DONE_SIGN, PICKED_SIGN, SIGNS

_KEYS_WIDTH = 14


class HelpText(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The text of the help; it scrolls with the same keys as the list."""

    BINDINGS: ClassVar[list[BindingType]] = movements("down", "up", "first", "last", "page_down", "page_up")

    def action_move(self, movement: str) -> None:
        """Scroll."""
        page = max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page}
        if movement in steps:
            self.scroll_relative(y=steps[movement], animate=False)
        else:
            self.scroll_to(y=0 if movement == "first" else self.max_scroll_y, animate=False)


class HelpDialog(Dialog[bool]):
    """The keys of one screen, then all others, and the signs; nothing to decide."""

    def __init__(self, language: Language, place: Where = "today", keys: Keys | None = None) -> None:
        self._keys = keys or Keys()
        super().__init__(language, language.text(N_("Keys and signs")), go_on=N_("Close"))
        self._place = place

    def body(self) -> Iterable[Widget]:
        """The lines."""
        lines = help_lines(self.language, self._place, self._keys)
        text = HelpText(Static(Content.assemble(*lines)), id="help-text")
        yield text

    def answer(self) -> bool:
        """Read."""
        return True


def help_lines(language: Language, place: Where, keys: Keys) -> Iterator[Content | tuple[str, str]]:
    """A line for each command, each movement and each sign; what holds on the screen comes first."""
    here = commands_of(place)
    yield language.text("Commands") + "\n", "bold $primary"
    yield from _lines(here, language, keys)
    for other in get_args(Where):
        elsewhere = [entry for entry in COMMANDS if other in entry.where and entry not in here]
        if elsewhere and other not in (place, "everywhere"):
            yield f"\n{language.text(command(other).text)}\n", "bold $primary"
            yield from _lines(elsewhere, language, keys)
    yield "\n" + language.text("Moving about") + "\n", "bold $primary"
    for movement in MOVEMENTS:
        yield from _line(language.drawn(key_names(movement.keys)), language.text(movement.text))
    yield "\n" + language.text("Signs in the list") + "\n", "bold $primary"
    yield from _line(DONE_SIGN, language.text("Just changed; the plan is being made again"))
    yield from _line(PICKED_SIGN, language.text("Marked for a common action"))
    for bucket in GROUPS:
        yield from _line(SIGNS[bucket], language.text(words.bucket(bucket)))
    yield "\n" + language.text("A label that ends in … opens a dialog. Enter goes on, esc leaves."), "$muted"


def _lines(commands: Iterable[Command], language: Language, keys: Keys) -> Iterator[Content | tuple[str, str]]:
    for entry in commands:
        yield from _line(language.drawn(keys.named(entry)), language.text(entry.text))


def _line(keys: str, text: str) -> Iterator[Content | tuple[str, str]]:
    yield f" {keys.ljust(_KEYS_WIDTH)}", "bold"
    yield Content(f"{text}\n")
