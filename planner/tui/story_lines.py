"""A citizen's story shaped for the screen: cells, details and the lines above, all of them safe to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from planner.domain.citizens import Citizen
from planner.domain.conversations import Conversation, Status
from planner.domain.text import visible
from planner.locale import Language
from planner.planning.plan import Slot
from planner.services import words
from planner.services.decided import decision_lines
from planner.services.ports import Away
from planner.services.results import Row
from planner.services.story import Kind, Moment
from planner.services.story_words import KINDS, Teller, details, headline, is_quiet, presses, reach_lines
from planner.tui.rows import View, channel_word, next_booking, slot_shown
from planner.tui.widgets.card_text import Line, Tone
from planner.tui.widgets.timeline import Told, Widths

_PRESSING = "!"
SIGNS: Mapping[Kind, str] = {
    Kind.WINDOW: ">",
    Kind.PROPOSAL: "+",
    Kind.OFFER: "?",
    Kind.CONVERSATION: "=",
    Kind.NOTE: '"',
    Kind.FACT: "~",
    Kind.AWAY: "/",
    Kind.POSTPONEMENT: "/",
    Kind.EXEMPTION: "/",
    Kind.CADENCE: ":",
    Kind.ADOPTION: "%",
    Kind.LOG: ".",
    Kind.HANDOVER: "|",
    Kind.SPELL: "|",
}
TALK_SIGNS: Mapping[Status, str] = {
    Status.BOOKED: "=",
    Status.HELD: "*",
    Status.NO_SHOW: "x",
    Status.CANCELLED_BY_CITIZEN: "-",
    Status.CANCELLED_BY_US: "-",
}


def told(moment: Moment, say: Teller) -> Told:
    """The cells of one moment."""
    pressing = presses(moment, say.today)
    sign = TALK_SIGNS[moment.what.status] if isinstance(moment.what, Conversation) else SIGNS[moment.kind]
    return Told(
        sign=_PRESSING if pressing else sign,
        day=say.language.date(moment.on),
        kind=say.text(KINDS[moment.kind]),
        text=visible(headline(moment, say)),
        pressing=pressing,
        quiet=is_quiet(moment),
    )


def unfolded(moment: Moment, say: Teller) -> list[str]:
    """The details."""
    return [visible(line) for line in details(moment, say)]


def widths(language: Language) -> Widths:
    """The columns before the text."""
    kinds = max(len(language.text(name)) for name in KINDS.values())
    return Widths(day=len(language.date(date(2026, 9, 30))) + 1, kind=kinds + 1)


def person_lines(row: Row, view: View, away: tuple[Away, ...]) -> Iterator[Line]:
    """Who it is, how to be reached, what is decided, and what is booked or proposed next."""
    citizen, language = row.citizen, view.language
    yield f"{visible(citizen.shown_name)} · {language.text(words.target_group(citizen.target_group))}", Tone.STRONG
    contact = row.part.last_contact
    known = [
        language.text(words.cadence(citizen.cadence)),
        language.text("last contact {day}", day=contact) if contact else language.text("no contact yet"),
        language.text("spell from {start}", start=citizen.spell_start),
    ]
    yield " · ".join(known), Tone.MUTED
    for line in reach_lines(citizen, away, view.today, language):
        yield visible(line), Tone.MUTED
    for line in decision_lines(citizen, view.today, language):
        yield visible(line), Tone.PLAIN
    yield f"{_next(citizen, row, view)} · {language.text('esc: back to the list')}", Tone.NOTICE


def _next(citizen: Citizen, row: Row, view: View) -> str:
    language, booking, slot = view.language, next_booking(citizen, view.today), slot_shown(row, view)
    chosen = citizen.id in view.chosen
    if booking is not None and not chosen:
        booked = Slot(booking.on, booking.start_minute, booking.minutes, booking.channel)
        return language.text("Booked: {slot}", slot=_slot(booked, language))
    if slot is None:
        return language.text("No proposal.")
    offer = language.text("Chosen: {slot}") if chosen else language.text("Proposal: {slot}")
    return f"{offer.format(slot=_slot(slot, language))} · {language.text('a accepts')}"


def _slot(slot: Slot, language: Language) -> str:
    times = f"{language.time(slot.start)}–{language.time(slot.end)}"
    return f"{language.short_day(slot.on)} {times} {channel_word(slot.channel, language)}"
