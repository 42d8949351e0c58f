"""Plots as plain lines: bars with their figures behind them, and steps that go down over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from planner.domain.text import visible
from planner.evaluation.pictures import Bar
from planner.tui.widgets.columns import fitted

#: What a bar is drawn with; where signs are ASCII it becomes a number sign.
_FULL = "█"
#: One sign a curve, told apart without colours.
CURVES = "*o+x"
_HEIGHT, _LEAST_BAR = 10, 6
_SCALE = 6


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the curve is at `share`, from 0 to 1."""

    at: float
    share: float


def bars(rows: Sequence[Bar], width: int) -> Iterator[str]:
    """A line for each bar, drawn to one scale; where a line has no room for it the bar stands below its name."""
    if not rows:
        return
    most = max((row.value or 0 for row in rows), default=0)
    texts = [visible(row.text) for row in rows]
    behind = max(map(cell_len, texts))
    name = min(max(cell_len(visible(row.name)) for row in rows), max(width // 3, width - behind - 2 * _SCALE)) + 1
    room = width - name - behind - 1
    for row, text in zip(rows, texts, strict=True):
        if room >= _LEAST_BAR:
            yield f"{fitted(visible(row.name), name)}{_bar(row.value, most, room)} {text}".rstrip()
        else:
            yield set_cell_size(f"{visible(row.name)}: {text}", width).rstrip()
            yield _bar(row.value, most, width - 1).rstrip()


def _bar(value: float | None, most: float, room: int) -> str:
    cells = max(1, round(value * room / most)) if value and value > 0 and most else 0
    return (_FULL * cells).ljust(room)


def curves(lines: Sequence[Sequence[Step]], width: int, unit: str) -> Iterator[str]:
    """Curves from 100 % down over time, each with a sign of its own; below them the axis with its last value.

    Where several run together their signs take turns.
    """
    last = max((step.at for steps in lines for step in steps), default=0)
    room = width - _SCALE - 2
    if last <= 0 or room < _LEAST_BAR:
        return
    columns = [_signs(lines, column, column * last / (room - 1)) for column in range(room)]
    for number in range(_HEIGHT + 1):
        label = f"{100 - number * 100 // _HEIGHT} %" if number % (_HEIGHT // 2) == 0 else ""
        row = "".join(signs.get(number, " ") for signs in columns)
        yield f"{label:>{_SCALE - 1}} |{row}".rstrip()
    yield f"{'':>{_SCALE}}+{'-' * room}"
    end = f"{last:g} {unit}"
    yield f"{'':>{_SCALE}} 0{end:>{max(room - 1, 0)}}"


def _signs(lines: Sequence[Sequence[Step]], column: int, at: float) -> dict[int, str]:
    """The sign in each row of a column."""
    found: dict[int, list[str]] = {}
    for sign, steps in zip(CURVES, lines, strict=False):
        share = _share_at(steps, at)
        if share is not None:
            found.setdefault(round((1 - share) * _HEIGHT), []).append(sign)
    return {row: signs[column % len(signs)] for row, signs in found.items()}


def _share_at(steps: Sequence[Step], at: float) -> float | None:
    """The height of the curve there; None where it has ended."""
    if not steps or at > steps[-1].at:
        return None
    return next((step.share for step in reversed(steps) if step.at <= at), 1.0)
