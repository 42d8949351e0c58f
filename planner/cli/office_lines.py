"""The office's hours and settings in lines that read well aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time

from planner.domain.caseload import Caseload, Caseworker, Hours, SharedCalendar, SharedKind
from planner.domain.conversations import TALKING
from planner.locale import Language
from planner.services import words
from planner.services.explanation import period_words


def office_lines(caseload: Caseload, language: Language) -> Iterator[str]:
    """Everything that `planner office --set` can set, a line for each."""
    text = language.text
    yield text("Municipality: {name}", name=caseload.municipality or text("not stated"))
    yield from _caseworker_lines(caseload.caseworker, language)
    for day in caseload.closing_days:
        yield text("Closed: {day}", day=language.long_day(day))
    yield from _settings_lines(caseload, language)
    for shared in caseload.shared_calendars:
        yield from _shared_lines(shared, language)


def _caseworker_lines(worker: Caseworker, language: Language) -> Iterator[str]:
    text = language.text
    for stretch in _weekly(worker.working_hours, language):
        yield text("Working hours: {hours}", hours=stretch)
    for stretch in _weekly(worker.breaks, language):
        yield text("Break: {hours}", hours=stretch)
    if worker.in_person_days is None:
        yield text("Conversations in person: every working day")
    else:
        days = language.joined([language.writing.weekdays[day] for day in worker.in_person_days])
        yield text("Conversations in person: {days}", days=days or text("on no day"))
    most = worker.max_per_day
    yield (
        text("Conversations a day: no limit")
        if most is None
        else text("Conversations a day: at most {most}", most=most)
    )
    yield text("Minutes between two conversations: {minutes}", minutes=worker.buffer_minutes)
    for busy in worker.busy:
        when = _from_to(busy.start.time(), busy.end.time(), language)
        day = language.long_day(busy.start.date())
        if busy.end.date() != busy.start.date():
            when = text("{time} until {day}", time=when, day=language.long_day(busy.end.date()))
        yield text("Busy: {day}, {hours}; {title}", day=day, hours=when, title=busy.title or text("no title"))
    for absence in worker.absent:
        first, last = language.long_day(absence.first), language.long_day(absence.last)
        yield text("Away: from {first} to {last}", first=first, last=last)


def _settings_lines(caseload: Caseload, language: Language) -> Iterator[str]:
    text, settings = language.text, caseload.settings
    for channel in TALKING:
        yield text(
            "A conversation, {channel}: {minutes} minutes, announced {notice} before",
            channel=text(words.channel(channel)),
            minutes=settings.minutes[channel],
            notice=period_words(str(settings.notice[channel]), language),
        )
    yield text("With an interpreter: {minutes} minutes more", minutes=settings.interpreter_extra_minutes)
    yield text("Conversations begin at every {minutes} minutes", minutes=settings.grid_minutes)
    yield text("Weeks that are planned: {weeks}", weeks=settings.horizon_weeks)
    yield text("Weeks whose proposals are not tentative: {weeks}", weeks=settings.concrete_weeks)


def _shared_lines(shared: SharedCalendar, language: Language) -> Iterator[str]:
    text = language.text
    if shared.kind is SharedKind.ROOM:
        yield text("Room: {name}", name=shared.name)
    else:
        yield text("Interpreter: {name}, {language}", name=shared.name, language=shared.language or "")
    for stretch in _weekly(shared.available, language):
        yield "   " + text("To be had: {hours}", hours=stretch)
    if not shared.available:
        yield "   " + text("To be had: always")
    for busy in shared.busy:
        hours = _from_to(busy.start.time(), busy.end.time(), language)
        yield "   " + text("Taken: {day}, {hours}", day=language.long_day(busy.start.date()), hours=hours)


def _weekly(hours: Sequence[Hours], language: Language) -> Iterator[str]:
    """The stretches of a week, days with the same hours together."""
    days: dict[tuple[time, time], list[str]] = {}
    for stretch in hours:
        days.setdefault((stretch.start, stretch.end), []).append(language.writing.weekdays[stretch.weekday])
    for (start, end), named in days.items():
        yield f"{language.joined(named)}, {_from_to(start, end, language)}"


def _from_to(start: time, end: time, language: Language) -> str:
    return language.text("{start} to {end}", start=_clock(start, language), end=_clock(end, language))


def _clock(moment: time, language: Language) -> str:
    return language.time(moment.hour * 60 + moment.minute)
