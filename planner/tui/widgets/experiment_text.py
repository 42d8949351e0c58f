"""What the card says about an experiment: its sections as plain lines, wrapped to the width."""

from __future__ import annotations

from datetime import date
from textwrap import wrap

from planner.domain.text import visible
from planner.locale import Language
from planner.rules.ruleset import RuleSet
from planner.services.catalogue import Entry, Standing
from planner.services.experiment_words import sections, standing_line
from planner.tui.widgets.card_text import Line, Tone

_LEAST = 20
_HERE = frozenset({Standing.IN_FORCE, Standing.COMING})


def experiment_text(entry: Entry, rules: RuleSet, today: date, language: Language, width: int) -> list[Line]:
    """The whole card of one experiment, with hanging indents."""
    tone = Tone.NOTICE if entry.standing in _HERE else Tone.MUTED
    lines: list[Line] = [
        *_wrapped(language.title(entry.experiment.title), Tone.STRONG, width),
        *_wrapped(standing_line(entry, language), tone, width),
        *_wrapped(entry.experiment.id, Tone.MUTED, width),
    ]
    for section in sections(entry, rules, today, language):
        lines += [("", Tone.PLAIN), (section.heading, Tone.HEADING)]
        for text in section.lines:
            lines += _wrapped(f" - {text}" if len(section.lines) > 1 else f" {text}", Tone.PLAIN, width)
    return lines


def _wrapped(text: str, tone: Tone, width: int) -> list[Line]:
    shown = visible(text)
    hanging = " " * (len(shown) - len(shown.lstrip(" -")))
    return [(part, tone) for part in wrap(shown, max(width, _LEAST), subsequent_indent=hanging)]
