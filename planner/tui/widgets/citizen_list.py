"""Today's list: grouped, one line for each citizen, painted line by line from rows already in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from planner.locale import Language
from planner.planning.plan import Bucket
from planner.services import words
from planner.services.results import Row
from planner.tui.bindings import movements
from planner.tui.rows import Cells
from planner.tui.widgets.columns import Columns, columns, fitted


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


def _is_stop(line: Heading | Remark | Row) -> bool:
    """Whether the cursor can stand there: on a citizen, or on the heading of a folded group."""
    return isinstance(line, Row) or (isinstance(line, Heading) and line.folded)


def _group(line: Heading | Remark | Row) -> Bucket | None:
    if isinstance(line, Row):
        return line.part.bucket
    return line.bucket if isinstance(line, Heading) else None


class CitizenList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list that paints only the lines that are seen; the cursor goes from citizen to citizen."""

    BINDINGS: ClassVar[list[BindingType]] = movements("down", "up", "first", "last", "page_down", "page_up")
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
        self._groups: Sequence[tuple[Bucket, Sequence[Row]]] = ()
        self._remark = ""
        self.folded: frozenset[Bucket] = frozenset()
        self._lines: list[Heading | Remark | Row] = []
        self._stops: list[int] = []
        self._line_of: dict[str, int] = {}
        self._cursor = -1
        self._columns: Columns | None = None
        self._strips: dict[tuple[int, int, str], Strip] = {}

    @property
    def selected_id(self) -> str | None:
        """The id of the citizen under the cursor; None on the heading of a folded group."""
        line = self._line
        return line.citizen.id if isinstance(line, Row) else None

    @property
    def place(self) -> int:
        """The line on which the cursor stands."""
        return self._cursor

    @property
    def selected_group(self) -> Bucket | None:
        """The group under the cursor."""
        line = self._line
        return None if line is None else _group(line)

    @property
    def _line(self) -> Heading | Remark | Row | None:
        return self._lines[self._cursor] if 0 <= self._cursor < len(self._lines) else None

    def load(self, groups: Sequence[tuple[Bucket, Sequence[Row]]], remark: str = "") -> None:
        """Show these groups, and a remark after them; folded ones stay folded."""
        self._groups, self._remark = groups, remark
        self._lay_out()

    def fold(self, folded: Collection[Bucket]) -> None:
        """Show only the headings of these groups."""
        group, self.folded = self.selected_group, frozenset(folded)
        self._lay_out()
        if self.selected_group is not group and group is not None:
            lines = enumerate(self._lines)
            self._go(next((at for at, line in lines if at in self._stops and _group(line) is group), self._cursor))

    def shows(self, citizen_id: str) -> bool:
        """Whether the citizen has a line."""
        return citizen_id in self._line_of

    def _lay_out(self) -> None:
        """Lay the lines anew; the selected citizen stays selected, and on the same line of the screen where it can."""
        kept, height = self.selected_id, self._cursor - self.scroll_offset.y
        former = self._stops.index(self._cursor) if self._cursor in self._stops else 0
        self._lines = []
        for bucket, rows in self._groups:
            folded = bucket in self.folded
            self._lines += [Heading(bucket, len(rows), folded), *(() if folded else rows)]
        if self._remark:
            self._lines.append(Remark(self._remark))
        self._stops = [index for index, line in enumerate(self._lines) if _is_stop(line)]
        self._line_of = {line.citizen.id: i for i, line in enumerate(self._lines) if isinstance(line, Row)}
        self._strips.clear()
        self.virtual_size = Size(1, len(self._lines))
        self._cursor = self._line_of.get(kept or "", self._stop(former))
        if kept in self._line_of:
            self.scroll_to(y=max(0, self._cursor - height), animate=False, immediate=True)
        self._show_cursor()
        self.refresh()
        if self._stops:
            self.post_message(self.Moved(self.selected_id))

    def select(self, citizen_id: str) -> None:
        """Put the cursor on a citizen, unfolding the group; nothing happens for one that is not in the list."""
        hidden = [bucket for bucket, rows in self._groups if any(row.citizen.id == citizen_id for row in rows)]
        if citizen_id not in self._line_of and hidden:
            self.fold(self.folded - set(hidden))
        if citizen_id in self._line_of:
            self._go(self._line_of[citizen_id])

    def reshape(self, citizen_id: str) -> None:
        """Paint a citizen's line anew, because what is known of it has changed."""
        line = self._line_of.get(citizen_id)
        if line is not None:
            self._strips = {key: strip for key, strip in self._strips.items() if key[0] != line}
            self.refresh()

    def action_move(self, movement: str) -> None:
        """Move the cursor by citizens."""
        if not self._stops:
            return
        at, page = self._stops.index(self._cursor), max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -len(self._stops)}
        self._go(self._stop(at + steps.get(movement, len(self._stops))))

    def _stop(self, index: int) -> int:
        return self._stops[max(0, min(index, len(self._stops) - 1))] if self._stops else -1

    def _go(self, line: int) -> None:
        if line == self._cursor:
            return
        former, self._cursor = self._cursor, line
        top = self.scroll_offset.y
        self._show_cursor()
        if self.scroll_offset.y == top:
            self.refresh(self._on_screen(former), self._on_screen(line))
        self.post_message(self.Moved(self.selected_id))

    def _on_screen(self, line: int) -> Region:
        return Region(0, line - self.scroll_offset.y, self.size.width, 1)

    def _show_cursor(self) -> None:
        if self._cursor < 0:
            return
        height, top = max(1, self.scrollable_content_region.height), self.scroll_offset.y
        above = 1 if isinstance(self._lines[self._cursor - 1], Heading) else 0
        if self._cursor - above < top:
            self.scroll_to(y=self._cursor - above, animate=False, immediate=True)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, immediate=True)
        self._place_terminal_cursor()

    def _place_terminal_cursor(self) -> None:
        if self.has_focus:  # screen magnifiers and readers follow the terminal's own cursor
            region = self.content_region
            self.app.cursor_position = Offset(region.x, region.y + self._cursor - self.scroll_offset.y)

    def on_focus(self) -> None:
        """Show by colour that keys go here."""
        self._place_terminal_cursor()

    def on_resize(self, _event: events.Resize) -> None:
        """Share the new width among the columns."""
        self._columns = None
        self._strips.clear()
        self._show_cursor()

    def notify_style_update(self) -> None:
        """Forget what was painted in another theme."""
        super().notify_style_update()
        self._strips.clear()

    def on_click(self, event: events.Click) -> None:
        """Select the citizen that is clicked."""
        line = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if line in self._stops:
            self._go(line)

    def render_line(self, y: int) -> Strip:
        """Paint one line of the screen."""
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if not 0 <= index < len(self._lines):
            return Strip.blank(width, self.rich_style)
        state = "" if index != self._cursor else "cursor" if self.has_focus else "rest"
        key = (index, width, state)
        if key not in self._strips:
            line = self._lines[index]
            segments = self._row(line, width, state) if isinstance(line, Row) else self._heading(line, width, state)
            self._strips[key] = Strip(segments).adjust_cell_length(width, segments[-1].style)
        return self._strips[key]

    def _heading(self, heading: Heading | Remark, width: int, state: str) -> list[Segment]:
        if isinstance(heading, Remark):
            return [Segment(fitted(heading.text, width), self._style("muted"))]
        title = f"{self._language.text(words.bucket(heading.bucket))} ({heading.count})"
        shown = self._language.text("{group}, folded", group=title) if heading.folded else title
        return [Segment(fitted(shown, width), self._style(state or "heading"))]

    def _row(self, row: Row, width: int, state: str) -> list[Segment]:
        if self._columns is None:
            self._columns = columns(width, self._language)
        cells, room = self._shape(row), self._columns
        base = self._style(state) if state else self._style("done") if cells.done else self._style("name")
        muted = base if state or cells.done else self._style("muted")
        sign = self._style("pressing") if cells.pressing and not state and not cells.done else base
        return [
            Segment(fitted(cells.sign, 2), sign),
            Segment(fitted(cells.name, room.name), base),
            Segment(fitted(cells.days, room.days), sign),
            Segment(fitted(cells.channel, room.channel), muted),
            Segment(fitted(cells.when, room.when), base),
            Segment(fitted(cells.reason, room.reason), muted),
        ]

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"citizen-list--{part}")
