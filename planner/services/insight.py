"""Everything that is held on a citizen, and who looked: what the citizen's right of access asks for, as one text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from planner.domain.follow_up import Finding
from planner.domain.text import visible
from planner.locale import N_, Language
from planner.planning.plan import Plan
from planner.services import words
from planner.services.looks import Look, Looks
from planner.services.results import Today
from planner.services.room import Room
from planner.services.story import Kind, Moment, Story, read_story
from planner.services.story_words import KINDS, Teller, details, headline, reach_lines, teller

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Insight:
    """The whole story, the CPR number where one is kept, what supervision found by day, and the looks, newest first."""

    at: datetime
    municipality: str
    story: Story
    cpr: str
    looks: tuple[Look, ...]
    supervised: tuple[tuple[date, Mapping[str, Finding]], ...] = ()


def read_insight(room: Room, looks: Looks, today: Today, citizen_id: str) -> Insight:
    """What the store has now; raises NotFound."""
    story = read_story(room, today, citizen_id)
    with room.store.read() as view:
        key = room.key_of(view, citizen_id)
        cpr = view.cprs().get(key, "")
        cases = [(sample.on, case) for sample in view.supervisions() for case in sample.cases if case.citizen == key]
    office = room.snapshot().office
    supervised = tuple((on, case.findings) for on, case in cases)
    return Insight(room.clock.now(), office.municipality, story, cpr, looks.all(None, citizen_id), supervised)


def insight_text(found: Insight, plan: Plan, language: Language, *, names: bool = False) -> str:
    """The text in the user's language; `names`: with the accounts of those who looked."""
    lines = _lines(found, teller(found.story, language, plan.titles), names=names)
    return "\n".join(visible(line) for line in lines) + "\n"


def _lines(found: Insight, say: Teller, *, names: bool) -> Iterator[str]:
    citizen, language, story = found.story.citizen, say.language, found.story
    title = say.text(N_("What is held on {name}"), name=citizen.name)
    yield title
    yield "=" * len(title)
    yield ""
    moment = say.text(N_("{day} at {time}"), day=language.long_day(found.at.date()), time=_time(found.at, language))
    yield say.text(N_("Written {moment}, {municipality}."), moment=moment, municipality=found.municipality)
    yield say.text(
        N_("From the planning aid of the caseworker. The official case is kept in the municipality's case system.")
    )
    yield ""
    yield from _person(found, say)
    yield ""
    yield from _headed(say.text(N_("To come, the last first")))
    yield from _moments(story.ahead, say) if story.ahead else (say.text(N_("Nothing is to come.")),)
    yield ""
    yield from _headed(say.text(N_("Until today, {day}, the newest first"), day=language.long_day(story.today)))
    yield from _moments(story.past, say)
    yield ""
    if found.supervised:
        yield from _headed(say.text(N_("Drawn at random for supervision")))
        for on, findings in found.supervised:
            told = (f"{question}: {say.text(words.FINDINGS[finding])}" for question, finding in findings.items())
            yield f"{language.date(on)}  {', '.join(told) or say.text(N_('nothing found yet'))}"
        yield ""
    yield from _looked(found, say, names=names)
    yield ""
    yield say.text(N_("Backups hold the same for a time; they are encrypted."))


def _person(found: Insight, say: Teller) -> Iterator[str]:
    citizen, story = found.story.citizen, found.story
    yield from _headed(say.text(N_("The citizen")))
    yield say.text(N_("Name: {name}"), name=citizen.name)
    yield say.text(N_("Id: {id}"), id=citizen.id)
    yield say.text(N_("CPR number: {cpr}"), cpr=_cpr(found.cpr) or say.text(N_("none is kept")))
    yield say.text(N_("Target group: {group}"), group=say.text(words.target_group(citizen.target_group)))
    if citizen.closed_on is not None:
        yield say.text(N_("The case was closed on {on}."), on=citizen.closed_on)
    yield from reach_lines(citizen, story.away, story.today, say.language)


def _looked(found: Insight, say: Teller, *, names: bool) -> Iterator[str]:
    language = say.language
    yield from _headed(say.text(N_("Who looked, the newest first")))
    for look in found.looks:
        when = f"{language.date(look.at.date())} {_time(look.at, language)}"
        yield f"{when}  {look.what(language)}" + (f" – {look.account}" if names else "")
    if not names:
        yield say.text(N_("The names of those who looked are left out."))


def _moments(moments: tuple[Moment, ...], say: Teller) -> Iterator[str]:
    for moment in moments:
        yield f"{say.language.date(moment.on)}  {say.text(KINDS[moment.kind])}: {headline(moment, say)}"
        if moment.kind is not Kind.ADOPTION:  # what it is stands with the experiment, and is not about the citizen
            yield from (f"{_INDENT}{line}" for detail in details(moment, say) for line in detail.splitlines())


def _headed(heading: str) -> Iterator[str]:
    yield heading
    yield "-" * len(heading)


def _cpr(number: str) -> str:
    return f"{number[:6]}-{number[6:]}" if number.isdigit() else number


def _time(at: datetime, language: Language) -> str:
    return language.time(at.hour * 60 + at.minute)
