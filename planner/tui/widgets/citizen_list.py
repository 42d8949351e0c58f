"""Today's list: grouped, one line for each citizen, painted line by line from rows already in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from planner.locale import Language
from planner.planning.plan import Bucket
from planner.services import words
from planner.services.results import Row
from planner.tui.held_keys import is_late
from planner.tui.rows import Cells
from planner.tui.widgets.columns import Columns, columns, fitted
from planner.tui.widgets.line_list import LineList


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a group."""

    bucket: Bucket
    count: int
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A line at the end that no key goes to."""

    text: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A citizen's line as it was when the program was left; shown until the store is read."""

    id: str
    bucket: Bucket
    cells: Cells


Shown = Heading | Remark | Row | KeptRow
Groups = Sequence[tuple[Bucket, Sequence[Row]]] | Sequence[tuple[Bucket, Sequence[KeptRow]]]


def _id(line: Shown | None) -> str | None:
    if isinstance(line, Row):
        return line.citizen.id
    return line.id if isinstance(line, KeptRow) else None


def _is_stop(line: Shown) -> bool:
    """Whether the cursor can stand there: on a citizen, or on the heading of a folded group."""
    return isinstance(line, Row | KeptRow) or (isinstance(line, Heading) and line.folded)


def _group(line: Shown) -> Bucket | None:
    if isinstance(line, Row):
        return line.part.bucket
    return line.bucket if isinstance(line, Heading | KeptRow) else None


def _lines(groups: Groups, remark: str, folded: Collection[Bucket]) -> list[Shown]:
    """A heading and its citizens for each group, of folded ones the heading alone, and at the end the remark."""
    lines: list[Shown] = []
    for bucket, rows in groups:
        lines += [Heading(bucket, len(rows), bucket in folded), *(() if bucket in folded else rows)]
    return [*lines, Remark(remark)] if remark else lines


class CitizenList(LineList):
    """A list that paints only the lines that are seen; the cursor goes from citizen to citizen."""

    STYLES: ClassVar[str] = "citizen-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "citizen-list--heading",
        "citizen-list--cursor",
        "citizen-list--rest",
        "citizen-list--pressing",
        "citizen-list--name",
        "citizen-list--muted",
        "citizen-list--done",
    }

    class Moved(Message):
        """The cursor stands on another citizen, or on the heading of a folded group (None)."""

        def __init__(self, citizen_id: str | None) -> None:
            super().__init__()
            self.citizen_id = citizen_id

        def can_replace(self, message: Message) -> bool:
            """Only the last of several moves matters."""
            return isinstance(message, CitizenList.Moved)

    def __init__(self, language: Language, shape: Callable[[Row], Cells], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._language = language
        self._shape = shape
        self._groups: Groups = ()
        self._remark = ""
        self.folded: frozenset[Bucket] = frozenset()
        self._lines: list[Shown] = []
        self._stops: list[int] = []
        self._line_of: dict[str, int] = {}
        #: For the width that was painted last.
        self._columns: tuple[int, Columns] | None = None

    @property
    def selected_id(self) -> str | None:
        """The id of the citizen under the cursor; None on the heading of a folded group."""
        return _id(self._line)

    @property
    def selected_group(self) -> Bucket | None:
        """The group under the cursor."""
        line = self._line
        return None if line is None else _group(line)

    @property
    def _line(self) -> Shown | None:
        return self._lines[self.cursor] if 0 <= self.cursor < len(self._lines) else None

    @property
    def count(self) -> int:
        """Headings, citizens and the remark."""
        return len(self._lines)

    @property
    def first_id(self) -> str | None:
        """The citizen under the cursor when the program is opened."""
        return _id(self._lines[self._stops[0]]) if self._stops else None

    @property
    def order(self) -> list[str]:
        """Those who have a line, from top to bottom."""
        return list(self._line_of)

    def kept_cells(self) -> dict[str, Cells]:
        """What is shown of each citizen as it was left, from top to bottom; nothing once the store was read."""
        return {line.id: line.cells for line in self._lines if isinstance(line, KeptRow)}

    def rows_on_screen(self) -> list[Row]:
        """The citizens whose lines are seen now."""
        top = self.scroll_offset.y
        return [line for line in self._lines[top : top + self.size.height] if isinstance(line, Row)]

    @property
    def content(self) -> tuple[Groups, str]:
        """What `load` was given."""
        return self._groups, self._remark

    def count_of(self, groups: Groups, remark: str) -> int:
        """How many lines there would be."""
        return len(_lines(groups, remark, self.folded))

    def at_first(self, groups: Groups, remark: str, height: int) -> list[Strip]:
        """The lines as they are painted when the program is opened on these groups, with the focus on the first."""
        width, lines = self.scrollable_content_region.width, _lines(groups, remark, self.folded)
        first = next((at for at, line in enumerate(lines) if _is_stop(line)), None)
        painted = [
            self._painted(line, width, "cursor" if at == first else "") for at, line in enumerate(lines[:height])
        ]
        return [Strip(line).adjust_cell_length(width, line[-1].style) for line in painted]

    def load(self, groups: Groups, remark: str = "") -> None:
        """Show these groups, and a remark after them; folded ones stay folded."""
        self._groups, self._remark = groups, remark
        self._lay_out()

    def fold(self, folded: Collection[Bucket]) -> None:
        """Show only the headings of these groups."""
        group, self.folded = self.selected_group, frozenset(folded)
        self._lay_out()
        if self.selected_group is not group and group is not None:
            lines = enumerate(self._lines)
            self.go(next((at for at, line in lines if at in self._stops and _group(line) is group), self.cursor))

    def shows(self, citizen_id: str) -> bool:
        """Whether the citizen has a line."""
        return citizen_id in self._line_of

    def _lay_out(self) -> None:
        """Lay the lines anew; the selected citizen stays selected, and on the same line of the screen where it can."""
        kept, height = self.selected_id, self.cursor - self.scroll_offset.y
        former = self._stops.index(self.cursor) if self.cursor in self._stops else 0
        self._lines = _lines(self._groups, self._remark, self.folded)
        self._stops = [index for index, line in enumerate(self._lines) if _is_stop(line)]
        self._line_of = {key: at for at, line in enumerate(self._lines) if (key := _id(line)) is not None}
        self.fit(len(self._lines))
        self.cursor = self._line_of.get(kept or "", self._stop(former))
        if kept in self._line_of:
            self.scroll_to(y=max(0, self.cursor - height), animate=False, immediate=True)
        self.show_cursor()
        self.forget()
        if self._stops:
            self.moved()

    def select(self, citizen_id: str) -> None:
        """Put the cursor on a citizen, unfolding the group; nothing happens for one that is not in the list."""
        if citizen_id not in self._line_of:
            hidden = {bucket for bucket, rows in self._groups if any(_id(row) == citizen_id for row in rows)}
            if hidden:
                self.fold(self.folded - hidden)
        if citizen_id in self._line_of:
            self.go(self._line_of[citizen_id])

    def reshape(self, citizen_id: str) -> None:
        """Paint a citizen's line anew, because what is known of it has changed."""
        line = self._line_of.get(citizen_id)
        if line is not None:
            self.forget(line)

    def action_move(self, movement: str) -> None:
        """Move the cursor by citizens."""
        if not self._stops:
            return
        at, page = self._stops.index(self.cursor), max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -len(self._stops)}
        self.go(self._stop(at + steps.get(movement, len(self._stops))))

    def _stop(self, index: int) -> int:
        return self._stops[max(0, min(index, len(self._stops) - 1))] if self._stops else -1

    def head_of(self, line: int) -> int:
        """The heading of a group is seen with its first citizen."""
        return 1 if isinstance(self._lines[line - 1], Heading) else 0

    def moved(self) -> None:
        """Say whom the cursor is on."""
        self.post_message(self.Moved(self.selected_id))

    def on_resize(self, _event: events.Resize) -> None:
        """Paint in the new width."""
        self.forget()
        self.show_cursor()

    def on_click(self, event: events.Click) -> None:
        """Select the citizen that is clicked."""
        line = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if line in self._stops and not is_late(self.app):
            self.go(line)

    def segments(self, line: int, width: int, state: str) -> list[Segment]:
        """A heading, a citizen or the remark."""
        return self._painted(self._lines[line], width, state)

    def _painted(self, shown: Shown, width: int, state: str) -> list[Segment]:
        if isinstance(shown, Heading | Remark):
            return self._heading(shown, width, state)
        return self._row(shown.cells if isinstance(shown, KeptRow) else self._shape(shown), width, state)

    def _heading(self, heading: Heading | Remark, width: int, state: str) -> list[Segment]:
        if isinstance(heading, Remark):
            return [Segment(fitted(heading.text, width), self.style_of("muted"))]
        title = f"{self._language.text(words.bucket(heading.bucket))} ({heading.count})"
        shown = self._language.text("{group}, folded", group=title) if heading.folded else title
        return [Segment(fitted(shown, width), self.style_of(state or "heading"))]

    def _row(self, cells: Cells, width: int, state: str) -> list[Segment]:
        if self._columns is None or self._columns[0] != width:
            self._columns = width, columns(width, self._language)
        room = self._columns[1]
        base = self.style_of(state) if state else self.style_of("done") if cells.done else self.style_of("name")
        muted = base if state or cells.done else self.style_of("muted")
        sign = self.style_of("pressing") if cells.pressing and not state and not cells.done else base
        return [
            Segment(fitted(cells.sign, 2), sign),
            Segment(fitted(cells.name, room.name), base),
            Segment(fitted(cells.days, room.days), sign),
            Segment(fitted(cells.channel, room.channel), muted),
            Segment(fitted(cells.when, room.when), base),
            Segment(fitted(cells.reason, room.reason), muted),
        ]
