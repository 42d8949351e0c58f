"""What the card says about a citizen: sections of plain lines, wrapped to the width, built without a widget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from textwrap import wrap

from rich.cells import cell_len

from planner.domain.citizens import Citizen, Fact
from planner.domain.conversations import Conversation, Status
from planner.domain.text import visible
from planner.locale import N_, Language
from planner.planning.plan import Slot
from planner.rules.windows import Window, WindowStatus
from planner.services import words
from planner.services.decided import decision_lines
from planner.services.explanation import fixed_rhythm_line, sentences, title_of, window_sentences
from planner.services.ports import Note
from planner.services.results import Row
from planner.services.today import deciding_window, has_lapsed
from planner.tui.rows import View, channel_word, next_booking, slot_shown, slots_of

LAST_CONVERSATIONS = 5
LAST_NOTES = 3

_WINDOW_ORDER = {
    WindowStatus.DUE: 0,
    WindowStatus.DISCRETIONARY: 1,
    WindowStatus.COVERED: 2,
    WindowStatus.MISSED: 3,
    WindowStatus.LIFTED: 4,
    WindowStatus.MET: 5,
}


class Tone(StrEnum):
    """How a line of the card is painted."""

    PLAIN = "plain"
    STRONG = "strong"
    HEADING = "heading"
    MUTED = "muted"
    PRESSING = "pressing"
    NOTICE = "notice"


Line = tuple[str, Tone]


def card_text(row: Row, view: View, width: int, notes: Sequence[Note] = ()) -> list[Line]:
    """The whole card of one citizen, with hanging indents."""
    return wrapped(card_lines(row, view, notes), width)


def card_lines(row: Row, view: View, notes: Sequence[Note] = ()) -> list[Line]:
    """The same, not yet broken into lines of some width."""
    language = view.language
    sections: list[tuple[str, Iterable[Line]]] = [
        (language.text("Booked"), _booked(row, view)),
        (language.text("Offered"), _offered(row.citizen, view)),
        (language.text(_proposal_heading(row, view)), _proposal(row, view)),
        (language.text("Questions"), _points(row.part.questions, view)),
        (language.text("Agenda"), _points(_agenda(row), view)),
        (language.text("Requirements"), _windows(row, view)),
        (language.text("Why"), _why(row, view)),
        (language.text("The fixed rhythm"), _fixed(row, view)),
        (language.text("Facts"), _facts(row.citizen, language)),
        (language.text("Latest conversations"), _conversations(row.citizen, view.today, language)),
        (language.text("Notes"), _notes(notes, language)),
    ]
    lines = list(_head(row, view))
    for title, body in sections:
        found = list(body)
        if found:
            lines += [("", Tone.PLAIN), (title, Tone.HEADING), *found]
    return lines


def wrapped(lines: Iterable[Line], width: int) -> list[Line]:
    """Lines of a card in that many cells, with hanging indents."""
    return [(part, tone) for text, tone in lines for part in _wrapped(text, width)]


def _wrapped(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    hanging = " " * (len(text) - len(text.lstrip(" -!")))
    return wrap(text, max(width, 20), subsequent_indent=hanging)


def _line(text: str, tone: Tone = Tone.PLAIN) -> Line:
    return text, tone


def _head(row: Row, view: View) -> Iterator[Line]:
    citizen, language = row.citizen, view.language
    yield _line(visible(citizen.shown_name), Tone.STRONG)
    group = language.text(words.target_group(citizen.target_group))
    yield _line(language.text("{group} · spell from {start}", group=group, start=citizen.spell_start))
    contact = row.part.last_contact
    known = [
        language.text("cadence: {cadence}", cadence=language.text(words.cadence(citizen.cadence))),
        language.text("last contact {day}", day=contact) if contact else language.text("no contact yet"),
    ]
    if citizen.interpreter:
        known.append(language.text("interpreter: {tongue}", tongue=visible(citizen.interpreter)))
    if citizen.preferred_channel is not None:
        known.append(language.text("prefers {channel}", channel=channel_word(citizen.preferred_channel, language)))
    yield _line(" · ".join(known), Tone.MUTED)
    for decision in decision_lines(citizen, view.today, language):
        yield _line(visible(decision))


def _booked(row: Row, view: View) -> Iterator[Line]:
    booking = next_booking(row.citizen, view.today)
    if booking is not None:
        slot = Slot(booking.on, booking.start_minute, booking.minutes, booking.channel)
        yield _line(f" {_slot(slot, view.language)}")


def _offered(citizen: Citizen, view: View) -> Iterator[Line]:
    offer, language = citizen.offer, view.language
    if offer is None:
        return
    still = offer.is_open(view.today)
    message = N_("The citizen may choose until {until}.") if still else N_("No answer by {until}.")
    yield _line(f" {language.text(message, until=offer.until)}", Tone.PLAIN if still else Tone.PRESSING)
    for number, one in enumerate(offer.times, 1):
        slot = Slot(one.on, one.start_minute, one.minutes, one.channel)
        yield _line(f"   {number}  {_slot(slot, language)}", Tone.MUTED)


def _slot(slot: Slot, language: Language) -> str:
    times = f"{language.time(slot.start)}–{language.time(slot.end)}"
    return f"{language.short_day(slot.on)} {times} {channel_word(slot.channel, language)}"


def _proposal(row: Row, view: View) -> Iterator[Line]:
    language, proposal = view.language, row.part.proposal
    if proposal is None:
        for text in sentences(row.part.unplaced_because, language, view.titles):
            yield _line(f" {visible(text)}")
    offered, shown = slots_of(row), slot_shown(row, view)
    if shown is not None and shown not in offered:  # first, where a small screen shows it
        yield _offer(" ", shown, view, chosen=True, looked_at=True)
    for number, slot in enumerate(offered, 1):
        yield _offer(str(number), slot, view, chosen=slot == shown, looked_at=row.citizen.id in view.chosen)
    if proposal is None:
        return
    if proposal.tentative:
        yield _line(" " + language.text("Tentative: more than a few weeks ahead."), Tone.MUTED)
    if row.part.reason_required:
        yield _line(" " + language.text("A deviation from the rhythm needs a written reason."), Tone.NOTICE)


def _offer(number: str, slot: Slot, view: View, *, chosen: bool, looked_at: bool) -> Line:
    next_step = f" · {view.language.text('a accepts')}" if chosen and looked_at else ""
    tone = Tone.STRONG if chosen else Tone.MUTED
    return _line(f" {'>' if chosen else ' '} {number}  {_slot(slot, view.language)}{next_step}", tone)


def _proposal_heading(row: Row, view: View) -> str:
    return N_("Further conversation") if next_booking(row.citizen, view.today) is not None else N_("Proposal")


def _agenda(row: Row) -> tuple[str, ...]:
    proposed = row.part.proposal.agenda if row.part.proposal is not None else ()
    return tuple(dict.fromkeys((*proposed, *row.part.agenda)))


def _points(ids: Sequence[str], view: View) -> Iterator[Line]:
    for point in ids:
        yield _line(f" - {visible(title_of(point, view.language, view.titles))}")


def _windows(row: Row, view: View) -> Iterator[Line]:
    for window in sorted(row.part.windows, key=lambda w: (_WINDOW_ORDER[w.status], w.latest, w.requirement)):
        yield from _window(window, view)


def _window(window: Window, view: View) -> Iterator[Line]:
    language = view.language
    passed = window.is_need and window.latest < view.today
    overdue = passed and not has_lapsed(window, view.today)
    lapsed = N_("overdue") if overdue else N_("passed")
    status = language.text(lapsed if passed else words.window_status(window.status))
    sign = "!" if overdue else " "
    title = visible(title_of(window.requirement, language, view.titles))
    yield _line(f" {sign} {title}: {status}", Tone.PRESSING if overdue else Tone.PLAIN)
    if window.status is WindowStatus.LIFTED:
        return
    if window.earliest == window.latest:
        yield _line(f"   {language.date(window.latest)}", Tone.MUTED)
        return
    days = {"earliest": window.earliest, "target": window.target, "latest": window.latest}
    yield _line("   " + language.text("from {earliest}, target {target}, latest {latest}", **days), Tone.MUTED)


def _why(row: Row, view: View) -> Iterator[Line]:
    window, proposal = deciding_window(row.part, view.today), row.part.proposal
    texts = [
        *sentences(row.part.because, view.language, view.titles),
        *(window_sentences(window, view.language, view.titles) if window is not None else ()),
        *sentences(proposal.because if proposal is not None else (), view.language, view.titles),
    ]
    for text in dict.fromkeys(texts):
        yield _line(f" - {visible(text)}")


def _fixed(row: Row, view: View) -> Iterator[Line]:
    yield _line(f" {visible(fixed_rhythm_line(row.part, view.language, view.titles))}")


def _facts(citizen: Citizen, language: Language) -> Iterator[Line]:
    for fact in sorted(citizen.facts, key=lambda fact: fact.on, reverse=True):
        yield _line(f" {_fact(fact, language)}")


def _fact(fact: Fact, language: Language) -> str:
    kind = language.text(words.fact_kind(fact.kind))
    days = language.date(fact.on) if fact.until is None else f"{language.date(fact.on)} – {language.date(fact.until)}"
    proof = language.text("documented") if fact.documented else language.text("not documented")
    return f"{days} {kind} ({proof})"


def _conversations(citizen: Citizen, today: date, language: Language) -> Iterator[Line]:
    past = [c for c in citizen.conversations if c.on <= today and (c.status is not Status.BOOKED or c.on < today)]
    past.sort(key=lambda c: (c.on, c.start), reverse=True)
    for conversation in past[:LAST_CONVERSATIONS]:
        yield _line(f" {_conversation(conversation, language)}")


def _conversation(conversation: Conversation, language: Language) -> str:
    channel = channel_word(conversation.channel, language)
    line = f"{language.date(conversation.on)} {channel}: {language.text(words.status(conversation.status))}"
    return f"{line} · {language.text('filed')}" if conversation.filed_on is not None else line


def _notes(notes: Sequence[Note], language: Language) -> Iterator[Line]:
    for note in sorted(notes, key=lambda note: note.at, reverse=True)[:LAST_NOTES]:
        yield _line(f" {language.date(note.at.date())} {visible(note.text)}")
