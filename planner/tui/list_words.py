"""What stands beside and below today's list where no citizen is to be shown."""

from __future__ import annotations

from textwrap import wrap

from planner.locale import NN_, Language
from planner.services.keymap import Keys
from planner.services.words import HOW_TO_BEGIN
from planner.tui.widgets.card_text import Line, Tone

_LEAST_WIDTH = 20


def hidden_remark(hidden: int, language: Language, keys: Keys) -> str:
    """That so many are hidden by the filter; nothing where nobody is."""
    one, many = NN_("{n} more is hidden by the filter ({key})", "{n} more are hidden by the filter ({key})")
    return language.plural(one, many, hidden, key=keys.first("filter")) if hidden else ""


def folded_card(language: Language, keys: Keys) -> list[Line]:
    """The card of a group that is folded."""
    return [(language.text("The group is folded; {key} unfolds it.", key=keys.first("fold")), Tone.MUTED)]


def nobody_card(hidden: int, width: int, language: Language, keys: Keys) -> list[Line]:
    """The card of a list without anybody: so many are hidden by the filter, or it is empty."""
    width = max(width, _LEAST_WIDTH)
    if hidden:
        text = language.text("Nobody fits the filter; {key} shows others.", key=keys.first("filter"))
        return [(line, Tone.MUTED) for line in wrap(text, width)]
    nobody, begin = language.text("Nobody is in the list yet."), language.text(HOW_TO_BEGIN)
    return [(text, Tone.PLAIN) for text in (nobody, *wrap(begin, width))]
