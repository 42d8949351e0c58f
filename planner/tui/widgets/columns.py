"""The columns of today's list for a given width: what shrinks first, what goes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rich.cells import cell_len, set_cell_size

from planner.domain.conversations import TALKING
from planner.locale import Language
from planner.planning.plan import Slot
from planner.tui.rows import channel_word, days_words, moment

_NAME_LEAST, _NAME_MOST = 14, 28
_REASON_LEAST = 10
_SIGN = 2
_GAP = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 for a column that has no room."""

    name: int
    days: int
    channel: int
    when: int
    reason: int


def columns(width: int, language: Language) -> Columns:
    """How the width is shared: the reason shrinks first, then the name; channel and days go when nothing else helps."""
    days = max(cell_len(days_words(count, language)) for count in (-99, 0, 99)) + _GAP
    channel = max(cell_len(channel_word(channel, language)) for channel in TALKING) + _GAP
    when = cell_len(moment(Slot(date(2026, 9, 30), 600, 30, TALKING[0]), language)) + _GAP
    rest = width - _SIGN - days - channel - when
    if rest < _NAME_LEAST:
        rest, channel = rest + channel, 0
    if rest < _NAME_LEAST:
        rest, days = rest + days, 0
    if rest < _NAME_LEAST + _REASON_LEAST:
        return Columns(max(rest, 1), days, channel, when, 0)
    name = min(_NAME_MOST, max(_NAME_LEAST, rest * 9 // 20))
    return Columns(name, days, channel, when, rest - name)


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis; at least one blank after it."""
    if width <= 0:
        return ""
    if cell_len(text) <= width - _GAP:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, max(width - 2, 0)).rstrip() + "…", width)
