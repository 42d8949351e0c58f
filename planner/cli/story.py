"""A citizen's story, facts, notes and reach in plain lines that read well aloud, and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time

from planner.cli.context import Context
from planner.cli.listing import INDENT
from planner.domain.citizens import Citizen, Fact
from planner.locale import N_, Language
from planner.planning.plan import Title
from planner.services import words
from planner.services.ports import Away, Note
from planner.services.story import Moment, Numbered, Story, Written
from planner.services.story_words import (
    KINDS,
    Teller,
    details,
    fact_words,
    headline,
    reach_lines,
    stretch_words,
    teller,
)

_WEEKDAYS = (*words.WEEKDAY_NAMES, "sat", "sun")


def print_story(context: Context, citizen: Citizen) -> None:
    """The whole story, newest first."""
    desk = context.desk()
    today = context.planned()
    found = desk.story(today, citizen.id)
    say = teller(found, context.language, today.plan.titles)
    if context.json:
        context.out.json(story_data(found, context.language, today.plan.titles))
        return
    for line in _story_lines(found, say):
        context.out.line(line)


def _story_lines(found: Story, say: Teller) -> Iterator[str]:
    citizen, text = found.citizen, say.text
    yield f"{words.person(citizen)}; {text(words.target_group(citizen.target_group))}"
    for line in reach_lines(citizen, found.away, found.today, say.language):
        yield _aloud(line[:1].upper() + line[1:])
    yield ""
    yield text(N_("To come, the last first")) if found.ahead else text(N_("Nothing is to come."))
    yield from _moment_lines(found.ahead, say)
    yield ""
    yield text(N_("Until today, {day}, the newest first"), day=say.language.long_day(found.today))
    yield from _moment_lines(found.past, say)


def _moment_lines(moments: Sequence[Moment], say: Teller) -> Iterator[str]:
    for moment in moments:
        yield f"{say.language.date(moment.on)}, {say.text(KINDS[moment.kind])}: {_aloud(headline(moment, say))}"
        yield from (f"{INDENT}{line}" for line in details(moment, say))


def _aloud(line: str) -> str:
    """A line as a sentence, without the dots that only part things for the eye."""
    plain = line.replace(" · ", ", ")
    return plain if plain.endswith((".", "?", "!", "…")) else f"{plain}."


def story_data(found: Story, language: Language, titles: Mapping[str, Title]) -> dict[str, object]:
    """The story as plain data."""
    say, citizen = teller(found, language, titles), found.citizen
    return {
        "schema": "planner-citizen/1",
        "today": found.today.isoformat(),
        "id": citizen.id,
        "name": citizen.shown_name,
        "target_group": citizen.target_group.value,
        **_reach_data(citizen),
        "unavailable": _away_data(found.away),
        "to_come": [_moment_data(moment, say) for moment in found.ahead],
        "past": [_moment_data(moment, say) for moment in found.past],
    }


def _moment_data(moment: Moment, say: Teller) -> dict[str, object]:
    number = moment.what.number if isinstance(moment.what, Written | Numbered) else None
    return {
        "date": moment.on.isoformat(),
        "kind": moment.kind.value,
        "text": headline(moment, say),
        "details": details(moment, say),
        "number": number,
    }


def _reach_data(citizen: Citizen) -> dict[str, object]:
    return {
        "channels": [channel.value for channel in citizen.channels],
        "preferred_channel": citizen.preferred_channel.value if citizen.preferred_channel else None,
        "interpreter": citizen.interpreter,
    }


def print_reach(context: Context, citizen: Citizen) -> None:
    """The channels and the interpreter."""
    if context.json:
        context.out.json(_reach_data(citizen))
    else:
        for line in reach_lines(citizen, (), context.today(), context.language):
            context.out.line(_aloud(line[:1].upper() + line[1:]))


def print_away(context: Context, away: Sequence[Away]) -> None:
    """When the citizen cannot be met, numbered."""
    if context.json:
        context.out.json(_away_data(away))
        return
    for number, one in enumerate(away, 1):
        context.out.line(f"{number}. {stretch_words(one.stretch, context.language)}")
    if not away:
        context.out.line(context.text("No time is noted in which the citizen cannot be met."))


def print_facts(context: Context, citizen: Citizen) -> None:
    """The facts, numbered."""
    if context.json:
        context.out.json([{"number": number, **_fact_data(one)} for number, one in enumerate(citizen.facts, 1)])
        return
    for number, one in enumerate(citizen.facts, 1):
        context.out.line(f"{number}. {context.language.date(one.on)}: {fact_words(one, context.language)}")
    if not citizen.facts:
        context.out.line(context.text("No facts are noted."))


def print_notes(context: Context, notes: Sequence[Note]) -> None:
    """The notes, newest first, numbered from the oldest."""
    numbers = {written.key: number for number, written in enumerate(notes, 1)}
    if context.json:
        context.out.json([_note_data(written, numbers) for written in notes])
        return
    for written in reversed(notes):
        head = f"{numbers[written.key]}. {context.language.date(written.at.date())}"
        if written.amends in numbers:
            amends = context.text("amends number {number}", number=numbers[written.amends])
            head = f"{head}, {amends}"
        context.out.line(f"{head}: {written.text}")
    if not notes:
        context.out.line(context.text("There are no notes."))


def _note_data(written: Note, numbers: Mapping[str, int]) -> dict[str, object]:
    return {
        "number": numbers[written.key],
        "at": written.at.isoformat(timespec="seconds"),
        "text": written.text,
        "amends": numbers.get(written.amends),
    }


def _fact_data(one: Fact) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "date": one.on.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "documented": one.documented,
        "noted_on": one.noted_on.isoformat() if one.noted_on else None,
    }


def _away_data(away: Sequence[Away]) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "from": one.stretch.first.isoformat() if one.stretch.first else None,
            "to": one.stretch.last.isoformat() if one.stretch.last else None,
            "weekday": None if one.stretch.weekday is None else _WEEKDAYS[one.stretch.weekday],
            "start": _clock(one.stretch.start),
            "end": _clock(one.stretch.end),
        }
        for number, one in enumerate(away, 1)
    ]


def _clock(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"
