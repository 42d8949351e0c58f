"""Pick one of several: by the arrows, by its number, or by typing a part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Generic, TypeVar, overload

from textual import events, work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from planner.domain.text import Sought, folded_name, visible
from planner.errors import NotFound
from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.work import behind

T = TypeVar("T")

MOST_SHOWN = 200
#: A number of two digits cannot be typed: its first digit chooses already.
_LAST_NUMBER = 9
_NOTHING = N_("Nothing fits; write something else, or press esc.")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick: its key, its label, a quiet note beside it, and further words that find it."""

    key: str
    label: str
    note: str = ""
    also: str = ""


class Choices(Sequence[Choice], Generic[T]):
    """Choices among many, each made when it is seen; `words` are what finds it."""

    def __init__(self, items: Sequence[T], make: Callable[[T], Choice], words: Callable[[T], str]) -> None:
        self._items = items
        self._make = make
        self._words = words

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> Choice: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Choice]: ...

    def __getitem__(self, at: int | slice) -> Choice | Sequence[Choice]:
        return [self._make(item) for item in self._items[at]] if isinstance(at, slice) else self._make(self._items[at])

    def words(self) -> Iterable[str]:
        """What finds each of them."""
        return map(self._words, self._items)


def prompt(choice: Choice, number: int | None = None) -> str:
    """A choice as it is shown in a list, behind the digit that picks it; `number` is its place, which may have none."""
    before = "" if number is None else f"{number}  " if number <= _LAST_NUMBER else "   "
    note = f" · {visible(choice.note)}" if choice.note else ""
    return f"{before}{visible(choice.label)}{note}"


class PickDialog(Dialog[str]):
    """A list of choices; with `search` a field above it narrows the list while one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('down')", show=False),
        Binding("up", "move('up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]

    def __init__(
        self,
        language: Language,
        heading: str,
        choices: Sequence[Choice],
        *,
        search: bool = False,
        picked: str = "",
        fault: str = "",
        go_on: str = N_("Choose"),
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=go_on)
        self._choices = choices
        self._sought: Sought | None = None
        self._shown: tuple[Choice, ...] = ()
        self._search = search
        self._picked = picked

    def body(self) -> Iterable[Widget]:
        """The field to search in, if any, and the list."""
        if self._search:
            yield line_input(id="search", hint=self.language.text("Write a part of the name"))
        self._find("")
        keys = [choice.key for choice in self._shown]
        marked = keys.index(self._picked) if self._picked in keys else None
        yield ChoiceList(self._lines(), marked=marked, headings=self._headings, id="choices")

    def on_mount(self) -> None:
        """Narrow the list while one types."""
        for field in self.query("#search").results(Input):  # none, left in the same breath in which it was opened
            self.watch(field, "value", self._fill, init=False)
            self.call_after_refresh(self._fold)  # so that the first letter finds them folded

    def renew(self, choices: Sequence[Choice]) -> None:
        """Ask anew, among other choices and with nothing written; where it is not made yet, it is made with these."""
        self._choices, self._sought = choices, None
        if self.again():
            self.query_one("#search", Input).value = ""
            self._fill("")
            self.call_after_refresh(self._fold)

    def unsaved(self) -> bool:
        """Words to search for are not worth keeping."""
        return False

    def typed(self) -> dict[str, str]:
        """The same."""
        return {}

    def answer(self) -> str:
        """The key of the highlighted choice."""
        index = self._list.marked
        if index is None:
            raise NotFound(N_("There is nothing to choose"))
        return self._shown[index].key

    def action_move(self, movement: str) -> None:
        """Move in the list while the search field has the focus."""
        if self.acts:
            self._list.action_move(movement)

    def on_key(self, event: events.Key) -> None:
        """Pick by number where nothing is typed."""
        number = int(event.key) if event.key.isdigit() else 0
        if self.acts and not self._search and 0 < number <= min(_LAST_NUMBER, len(self._shown)):
            event.stop()
            self._list.go(number - 1)
            self.action_go_on()

    @property
    def _list(self) -> ChoiceList:
        return self.query_one("#choices", ChoiceList)

    @property
    def _headings(self) -> frozenset[int]:
        return frozenset() if self._shown else frozenset({0})

    @work(group="fold", exclusive=True)
    async def _fold(self) -> None:
        choices = self._choices
        found = await behind(partial(_sought, choices))
        if self._choices is choices:
            self._sought = found

    def _names(self) -> Sought:
        if self._sought is None:
            self._sought = _sought(self._choices)
        return self._sought

    def _find(self, query: str) -> None:
        hits = self._names().found(query) if query else range(len(self._choices))
        self._shown = tuple(self._choices[hit] for hit in hits[:MOST_SHOWN])

    def _lines(self) -> list[str]:
        numbers = [None] * len(self._shown) if self._search else list(range(1, len(self._shown) + 1))
        lines = [prompt(choice, number) for choice, number in zip(self._shown, numbers, strict=True)]
        return lines or [self.language.text(_NOTHING)]

    def _fill(self, query: str) -> None:
        self._find(query)
        self._list.show(self._lines(), headings=self._headings)


def _sought(choices: Sequence[Choice]) -> Sought:
    every = choices.words() if isinstance(choices, Choices) else (f"{choice.label} {choice.also}" for choice in choices)
    return Sought(map(folded_name, every))
