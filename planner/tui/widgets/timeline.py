"""A citizen's timeline: one line for each moment, newest first, with a line for today; what is unfolded lies below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Size

from planner.services.story import Moment
from planner.tui.held_keys import is_late
from planner.tui.widgets.columns import fitted
from planner.tui.widgets.line_list import LineList

_SIGN = 2
_INDENT = 4
_TEXT_LEAST = 30


@dataclass(frozen=True, slots=True)
class Told:
    """A moment as it is shown: its cells, safe to show, and whether it presses or is quiet."""

    sign: str
    day: str
    kind: str
    text: str
    pressing: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Widths:
    """The widths of the columns before the text."""

    day: int
    kind: int


@dataclass(slots=True)
class Reading:
    """How far one has read: what is unfolded, and where the cursor stands within which moment."""

    unfolded: set[str] = field(default_factory=set)
    key: str = ""
    below: int = 0


#: A line: the moment (None for the line of today), and the text of a detail (None for the moment's own line).
Line = tuple[Moment | None, str | None]


class Timeline(LineList):
    """A list that paints only the lines that are seen; `tell` and `unfold` give a moment's cells and details."""

    STYLES: ClassVar[str] = "timeline"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "timeline--today",
        "timeline--plain",
        "timeline--quiet",
        "timeline--pressing",
        "timeline--cursor",
        "timeline--rest",
    }

    def __init__(
        self,
        tell: Callable[[Moment], Told],
        unfold: Callable[[Moment], list[str]],
        widths: Widths,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._tell = tell
        self._unfold = unfold
        self._widths = widths
        self._owner = ""
        self._ahead: tuple[Moment, ...] = ()
        self._past: tuple[Moment, ...] = ()
        self._today = ""
        self._readings: dict[str, Reading] = {}
        self._lines: list[Line] = []
        self._first: dict[str, int] = {}

    @property
    def moment(self) -> Moment | None:
        """The moment under the cursor, whose line or detail it is."""
        return self._lines[self.cursor][0] if 0 <= self.cursor < len(self._lines) else None

    @property
    def text(self) -> str:
        """Everything that the timeline says, line by line."""
        width = self.scrollable_content_region.width
        lines = (self.segments(line, width, "") for line in range(self.count))
        return "\n".join("".join(segment.text for segment in segments) for segments in lines)

    @property
    def count(self) -> int:
        """Moments, what they unfold to, and the line of today."""
        return len(self._lines)

    def load(self, owner: str, ahead: Sequence[Moment], past: Sequence[Moment], today: str) -> None:
        """Show a citizen's moments; where one has read before, what was unfolded and the cursor are as they were."""
        self._remember()
        kept = self.cursor - self.scroll_offset.y if owner == self._owner and self._lines else None
        self._owner, self._ahead, self._past, self._today = owner, tuple(ahead), tuple(past), today
        self._build()
        reading = self._reading
        start = self._first.get(reading.key, self._nearest())
        extent = self._extent(start)
        self.cursor = min(start + reading.below, start + extent) if reading.key in self._first else start
        if kept is not None:
            self.scroll_to(y=max(0, self.cursor - kept), animate=False, immediate=True)
        elif self.cursor < max(1, self.size.height):
            self.scroll_to(y=0, animate=False, immediate=True)
        self.show_cursor()
        self.refresh()

    def clear(self) -> None:
        """Show nothing until the next story is there."""
        self._remember()
        self._owner, self._ahead, self._past = "", (), ()
        self._lines, self._first, self.cursor = [], {}, -1
        self.forget()
        self.virtual_size = Size(1, 0)
        self.refresh()

    def unfold(self) -> None:
        """Show what the moment under the cursor is about; fold it where it is shown."""
        moment = self.moment
        if moment is not None:
            self._set_folded(moment, folded=moment.key in self._reading.unfolded)

    def fold(self) -> None:
        """Hide the details of the moment under the cursor."""
        moment = self.moment
        if moment is not None:
            self._set_folded(moment, folded=True)

    def action_move(self, movement: str) -> None:
        """Move the cursor by lines; it passes over the line of today."""
        if not self._first:
            return
        page = max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -len(self._lines)}
        step = steps.get(movement, len(self._lines))
        target = max(0, min(self.cursor + step, len(self._lines) - 1))
        if self._lines[target][0] is None:  # at either end there may be nothing beyond it
            direction = 1 if step > 0 else -1
            target = target + direction if 0 <= target + direction < len(self._lines) else target - direction
        self.go(target)

    @property
    def _reading(self) -> Reading:
        return self._readings.setdefault(self._owner, Reading())

    def _remember(self) -> None:
        moment = self.moment
        if moment is not None:
            reading = self._reading
            reading.key, reading.below = moment.key, self.cursor - self._first[moment.key]

    def _set_folded(self, moment: Moment, *, folded: bool) -> None:
        unfolded, start = self._reading.unfolded, self._first[moment.key]
        if folded:
            unfolded.discard(moment.key)
            self.cursor = start
        else:
            unfolded.add(moment.key)
        self._build()
        extent = self._extent(start)
        height = max(1, self.scrollable_content_region.height)
        if not folded and start + extent >= self.scroll_offset.y + height:  # show as much of it as there is room
            self.scroll_to(y=min(start, start + extent - height + 1), animate=False, immediate=True)
        self.show_cursor()
        self.refresh()

    def _extent(self, start: int) -> int:
        count = 0
        while start + count + 1 < len(self._lines) and self._lines[start + count + 1][1] is not None:
            count += 1
        return count

    def _build(self) -> None:
        unfolded = self._reading.unfolded
        width = max(self.scrollable_content_region.width - _INDENT - 1, _TEXT_LEAST)
        self._lines, self._first = [], {}
        for moment in (*self._ahead, None, *self._past):
            if moment is not None:
                self._first[moment.key] = len(self._lines)
            self._lines.append((moment, None))
            if moment is not None and moment.key in unfolded:
                self._lines += [(moment, part) for text in self._details(moment) for part in _wrapped(text, width)]
        self.forget()
        self.virtual_size = Size(1, len(self._lines))

    def _details(self, moment: Moment) -> list[str]:
        """What it unfolds to; the line itself comes first where it is cut."""
        text = self._tell(moment).text
        cut = cell_len(text) >= self._room()[1]
        return [text, *self._unfold(moment)] if cut else self._unfold(moment)

    def _room(self) -> tuple[int, int]:
        """The widths of the kind's column, which goes where there is little room, and of the text."""
        width = self.scrollable_content_region.width - _SIGN - self._widths.day
        kind = self._widths.kind if width - self._widths.kind >= _TEXT_LEAST else 0
        return kind, max(width - kind, 1)

    def _nearest(self) -> int:
        """The line of what comes next, else of what was last."""
        at = len(self._ahead) - 1 if self._ahead else 0
        moments = self._ahead or self._past
        return self._first[moments[at].key] if moments else -1

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap what is unfolded to the new width."""
        if not self._first:
            return
        self._remember()
        self._build()
        reading = self._reading
        start = self._first.get(reading.key, self._nearest())
        self.cursor = min(start + reading.below, start + self._extent(start))
        self.show_cursor()

    def on_click(self, event: events.Click) -> None:
        """Go to the line that is clicked; a click on the cursor's own line unfolds."""
        line = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if is_late(self.app) or not 0 <= line < len(self._lines) or self._lines[line][0] is None:
            return
        if line == self.cursor:
            self.unfold()
        else:
            self.go(line)

    def segments(self, line: int, width: int, state: str) -> list[Segment]:
        """A moment, a line of what it unfolds to, or the line of today."""
        moment, detail = self._lines[line]
        if moment is None:
            return [Segment(fitted(self._today, width), self.style_of("today"))]
        if detail is not None:
            return [Segment(" " * _INDENT + detail, self.style_of(state or "plain"))]
        told = self._tell(moment)
        base = self.style_of(state or ("pressing" if told.pressing else "quiet" if told.quiet else "plain"))
        muted = base if state or told.pressing else self.style_of("quiet")
        kind, text = self._room()
        return [
            Segment(fitted(told.sign, _SIGN), base),
            Segment(fitted(told.day, self._widths.day), base),
            Segment(fitted(told.kind, kind), muted),
            Segment(fitted(told.text, text), base),
        ]


def _wrapped(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    hanging = " " * (len(text) - len(text.lstrip()))
    narrow = width if len(text) == cell_len(text) else max(width // 2, 1)  # wide letters take two cells
    return wrap(text, narrow, initial_indent=hanging, subsequent_indent=hanging) or [""]
