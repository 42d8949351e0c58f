"""The week in words and signs: the same on the screen and on the line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from planner.domain.text import visible
from planner.locale import N_, Language
from planner.planning.plan import Title
from planner.services import words
from planner.services.explanation import sentence, title_of
from planner.services.week_view import Kind, Stretch, Talk, WeekDay, WeekView

KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.BOOKED: N_("booked"),
        Kind.HELD: N_("held"),
        Kind.PROPOSED: N_("proposed"),
        Kind.TENTATIVE: N_("proposed for now"),
        Kind.BUSY: N_("busy"),
        Kind.BREAK: N_("break"),
        Kind.FREE: N_("free"),
    }
)
#: No kind is told by its colour only.
SIGNS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.BOOKED: "=",
        Kind.HELD: "v",
        Kind.PROPOSED: "+",
        Kind.TENTATIVE: "~",
        Kind.BUSY: "#",
        Kind.BREAK: "-",
        Kind.FREE: ".",
    }
)
CLOSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "weekend": N_("weekend"),
        "public_holiday": N_("public holiday"),
        "closing_day": N_("closed"),
        "caseworker_absent": N_("away"),
        "no_hours_that_day": N_("no hours"),
    }
)


def week_title(view: WeekView, language: Language) -> str:
    """The week with its year and dates: "Uge 53, 2026 (28-12 – 03-01)"."""
    first, last = view.days[0].on, view.days[-1].on
    name = language.week(view.year, view.week)
    name = f"{name[:1].upper()}{name[1:]}"
    if language.aloud:
        days = language.text("{start} to {end}", start=language.short_day(first), end=language.short_day(last))
        return f"{name}: {days}"
    return language.drawn(f"{name} ({language.day_and_month(first)} – {language.day_and_month(last)})")


def span(start: int, end: int, language: Language) -> str:
    """From one time to another: "10.30–11.00", or with a word between them where it is heard."""
    if language.aloud:
        return language.text("{start} to {end}", start=language.time(start), end=language.time(end))
    return language.drawn(f"{language.time(start)}–{language.time(end)}")


def talk_line(talk: Talk, language: Language, titles: Mapping[str, Title], *, day: bool = True) -> str:
    """Who, when, how, and in which state: "ti 24-11 10.30–11.00: Åse Prøve, booket, telefon"."""
    slot = talk.slot
    when = span(slot.start, slot.end, language) if talk.has_time else language.text("at an unknown time")
    if day:
        when = f"{language.short_day(slot.on)} {when}"
    parts = [visible(talk.name), language.text(KINDS[talk.kind]), language.text(words.channel(slot.channel))]
    if talk.covers:
        parts.append(language.joined([visible(title_of(name, language, titles)) for name in talk.covers]))
    return f"{when}: {', '.join(parts)}"


def stretch_line(stretch: Stretch, language: Language) -> str:
    """What a stretch of a day is: "14.30–15.30: optaget (Teammøde)"."""
    kind = language.text(KINDS[stretch.kind])
    title = f" ({visible(stretch.title)})" if stretch.title else ""
    return f"{span(stretch.start, stretch.end, language)}: {kind}{title}"


def untimed_line(day: WeekDay, language: Language) -> str:
    """Whom one met that day at a time that is not known; empty where there is nobody."""
    if not day.untimed:
        return ""
    names = language.joined([visible(talk.name) for talk in day.untimed])
    return language.text("Held at an unknown time: {names}", names=names)


def closed_line(day: WeekDay, language: Language) -> str:
    """Why nobody works on the day; empty on a working day."""
    return sentence(day.closed, language, {}) if day.closed is not None else ""


def closed_word(day: WeekDay, language: Language) -> str:
    """The same in a word or two; empty on a working day."""
    return language.text(CLOSED[day.closed.code]) if day.closed is not None else ""


def legend(language: Language) -> str:
    """What each sign stands for."""
    return "  ".join(f"{sign} {language.text(KINDS[kind])}" for kind, sign in SIGNS.items())
