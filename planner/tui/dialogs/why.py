"""Why this day and not another, and what the whole plan cannot keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.locale import N_, Language
from planner.planning.plan import Slot
from planner.planning.shortage import Shortage
from planner.services import words
from planner.services.explanation import points_line, sentences
from planner.services.results import Row, Today
from planner.services.why import Why
from planner.services.why_words import Speaker, quality_lines, shortage_lines, shortage_of_one, term_lines, why_not_line
from planner.tui.dialogs.base import Dialog
from planner.tui.dialogs.help import HelpText

_WIDTH = 64
_HEADING, _STRONG, _MUTED, _PLAIN = "bold $primary", "bold", "$muted", ""


class WhyDialog(Dialog[bool]):
    """Lines with their styles to read and scroll; nothing to decide."""

    def __init__(self, language: Language, heading: str, lines: Iterable[tuple[str, str]]) -> None:
        super().__init__(language, heading, go_on=N_("Close"))
        self._lines = list(lines)

    def body(self) -> Iterable[Widget]:
        """The lines."""
        width = min(_WIDTH, self.app.size.width - 8)
        parts = [(f"{line}\n", style) for text, style in self._lines for line in _wrapped(text, width)]
        yield HelpText(Static(Content.assemble(*parts)), id="why-text")

    def answer(self) -> bool:
        """Read."""
        return True


def why_lines(row: Row, today: Today, found: Why, language: Language) -> Iterator[tuple[str, str]]:
    """Each line with its style: the proposal, the days, the plan."""
    speaker = _speaker(today, language)
    yield from _proposal(row, today, speaker)
    yield "", _PLAIN
    yield language.text("The next days (points: for the whole plan, unless it says otherwise)"), _HEADING
    if _proposed_before(row, today):
        yield f" {language.text('What was proposed before is counted: moving it costs 3 to 10 points.')}", _MUTED
    for day in found.days:
        if day.blocked is not None and day.blocked.code == "nothing_to_place":
            yield f" {why_not_line(day, speaker)}", _PLAIN
            break
        style = _STRONG if day.proposed is not None else _MUTED if day.blocked is not None else _PLAIN
        yield f" {language.short_day(day.wish.on)}  {why_not_line(day, speaker)}", style
    yield "", _PLAIN
    yield language.text("The whole plan"), _HEADING
    for line in quality_lines(today.plan, language):
        yield f" {line}", _PLAIN
    for line, heads in shortage_of_one(found.shortage, row.citizen.id, speaker):
        yield f" {line}", _STRONG if heads else _PLAIN


def whole_plan_lines(today: Today, shortage: Shortage, language: Language) -> Iterator[tuple[str, str]]:
    """Each line with its style: how good the plan is, what it cannot keep by name, what more time would be worth."""
    speaker = _speaker(today, language)
    for line in quality_lines(today.plan, language):
        yield line, _PLAIN
    for line, heads in shortage_lines(shortage, speaker):
        yield (line, _STRONG) if heads else (f" - {line}", _PLAIN)


def _speaker(today: Today, language: Language) -> Speaker:
    names = {other.citizen.id: visible(other.citizen.shown_name) for other in today.rows}
    return Speaker(language, today.plan.titles, names)


def _proposed_before(row: Row, today: Today) -> bool:
    """Whether a plan from before, which this one stays close to, proposed something for the citizen."""
    before = today.previous
    return before is not None and any(part.id == row.citizen.id and part.proposal for part in before.citizens)


def _proposal(row: Row, today: Today, speaker: Speaker) -> Iterator[tuple[str, str]]:
    language, proposal = speaker.language, row.part.proposal
    if proposal is None:
        yield language.text("No proposal."), _HEADING
        for text in sentences(row.part.unplaced_because, language, today.plan.titles):
            yield f" {visible(text)}", _PLAIN
        return
    yield language.text("Proposal: {slot}", slot=_slot(proposal.slot, language)), _HEADING
    lines = list(term_lines(proposal, speaker))
    yield from ((f" - {visible(line)}", _PLAIN) for line in lines[:-1])
    yield f" {lines[-1]} {points_line(proposal.because, language)}", _STRONG


def _slot(slot: Slot, language: Language) -> str:
    channel = language.text(words.channel(slot.channel))
    return f"{language.short_day(slot.on)} {language.time(slot.start)}–{language.time(slot.end)}, {channel}"


def _wrapped(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    return wrap(text, width, subsequent_indent="   ")
