"""The geometry of the week's grid: which rows a day has, what lies in each cell, and what is written there."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.domain.text import visible
from planner.locale import Language
from planner.services.week_view import Kind, Stretch, Talk, WeekDay, WeekView
from planner.services.week_words import KINDS, SIGNS, closed_word

FINE, COARSE = 15, 30
#: Cells of the times at the left.
GUTTER = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the cursor stands: a day among those shown, a row, and which of the conversations that begin there."""

    day: int
    row: int
    which: int = 0


@dataclass(frozen=True, slots=True)
class WeekShape:
    """A week cut into rows of `step` minutes, from the row of its first minute to that of its last."""

    view: WeekView
    step: int
    days: tuple[WeekDay, ...] = field(init=False)
    first: int = field(init=False)
    rows: int = field(init=False)

    def __post_init__(self) -> None:
        start, end = self.view.hours()
        first = start // self.step * self.step
        object.__setattr__(self, "days", self.view.shown())
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "rows", -(-(end - first) // self.step))

    def start_of(self, row: int) -> int:
        """The first minute of a row."""
        return self.first + row * self.step

    def row_of(self, minute: int) -> int:
        """The row in which a minute lies, the nearest one where none does."""
        return max(0, min((minute - self.first) // self.step, self.rows - 1))

    def beginning(self, day: int, row: int) -> tuple[Talk, ...]:
        """The conversations that begin in a cell."""
        return tuple(talk for talk in self.days[day].talks if self.row_of(talk.slot.start) == row)

    def talks(self, day: int, row: int) -> tuple[Talk, ...]:
        """The conversations of a cell: those that begin there, else those that go on through it."""
        start, end = self.start_of(row), self.start_of(row + 1)
        through = (talk for talk in self.days[day].talks if talk.slot.start < end and talk.slot.end > start)
        return self.beginning(day, row) or tuple(through)

    def stretch(self, day: int, row: int) -> Stretch | None:
        """What most of a cell is, what is not free before what is; None outside the working hours."""
        start, end = self.start_of(row), self.start_of(row + 1)
        found = [one for one in self.days[day].stretches if one.start < end and one.end > start]
        return max(found, key=lambda s: (min(s.end, end) - max(s.start, start), s.kind is not Kind.FREE), default=None)

    def talk_at(self, spot: Spot) -> Talk | None:
        """The conversation under the cursor."""
        talks = self.talks(spot.day, spot.row)
        return talks[min(spot.which, len(talks) - 1)] if talks else None

    def rows_of(self, talk: Talk) -> range:
        """The rows through which a conversation goes."""
        return range(self.row_of(talk.slot.start), self.row_of(talk.slot.end - 1) + 1)

    def spot_of(self, day: int, talk: Talk) -> Spot:
        """Where the cursor stands on a conversation."""
        row = self.row_of(talk.slot.start)
        beginning = self.beginning(day, row)
        return Spot(day, row, beginning.index(talk) if talk in beginning else 0)


def shape_for(view: WeekView, height: int) -> WeekShape:
    """The week in fine rows where they fit into the height, else in coarse ones."""
    fine = WeekShape(view, FINE)
    return fine if fine.rows <= height else WeekShape(view, COARSE)


def cell_text(shape: WeekShape, day: int, row: int, language: Language) -> tuple[str, Kind | None]:
    """What stands in a cell, and its kind; None for time that is not worked."""
    talks = shape.talks(day, row)
    if talks:
        return _talk_text(shape, talks, row, language), talks[0].kind
    stretch = shape.stretch(day, row)
    if stretch is None:
        closed = shape.days[day].closed
        return closed_word(shape.days[day], language) if closed is not None and row == 0 else "", None
    sign = SIGNS[stretch.kind]
    if stretch.kind is Kind.FREE or shape.row_of(stretch.start) != row:
        return sign, stretch.kind
    return f"{sign} {visible(stretch.title) or language.text(KINDS[stretch.kind])}", stretch.kind


def _talk_text(shape: WeekShape, talks: tuple[Talk, ...], row: int, language: Language) -> str:
    talk = talks[0]
    if shape.row_of(talk.slot.start) != row:
        return SIGNS[talk.kind]
    late = talk.slot.start - shape.start_of(row)
    minute = f"{language.time(talk.slot.start)[2:]} " if late else ""
    more = f"+{len(talks) - 1} " if len(talks) > 1 else ""
    return f"{SIGNS[talk.kind]} {more}{minute}{visible(talk.name)}"
