"""The texts that the caseworker copies out: summons, offer of times, case note. Nothing is sent, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel, Conversation, OfferedTime
from planner.domain.text import visible
from planner.errors import Refused
from planner.locale import N_, Language
from planner.planning.diary import first_day
from planner.planning.plan import Title
from planner.rules.assessment import assess
from planner.rules.ruleset import RuleSet
from planner.services import words
from planner.services.booking import held_talk
from planner.services.explanation import title_of
from planner.services.messages import Told
from planner.services.self_booking import standing
from planner.services.templates import SELF_BOOKED, PaperKind, Template, filled

#: The template of a text in a language; raises InputError where the municipality's own is wrong.
Templates = Callable[[PaperKind, str], Template]


class TooLate(Refused):
    """A summons of today leaves the citizen less than the notice."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A text to copy or save, in the language `code`, and what the caseworker should know of it."""

    kind: PaperKind
    citizen_id: str
    code: str
    text: str
    notices: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Desktop:
    """What a text is written from."""

    caseload: Caseload
    citizen: Citizen
    language: Language
    templates: Templates

    def paper(self, kind: PaperKind, values: Mapping[str, str], holding: set[str], notices: Iterator[Told]) -> Paper:
        """The text with these values beside those that hold for every text."""
        contact, language = self.caseload.contact, self.language
        everywhere = {
            "name": visible(self.citizen.name),
            "municipality": visible(self.caseload.municipality),
            "caseworker": visible(contact.name),
            "telephone": visible(contact.telephone),
            "place": visible(contact.place),
            "link": visible(contact.link),
            "interpreter": visible(self.citizen.interpreter or ""),
            "today": language.date(self.caseload.today),
        }
        text = filled(self.templates(kind, language.code), {**everywhere, **values}, holding)
        return Paper(kind, self.citizen.id, language.code, text, tuple(notices))


def summons(desktop: Desktop, *, short_notice: bool) -> Paper:
    """The summons to what is booked next; raises Refused where a summons of today would come too late.

    `short_notice`: write it nevertheless, and say so.
    """
    caseload, language = desktop.caseload, desktop.language
    talk = next((talk for talk in desktop.citizen.booked() if talk.on >= caseload.today), None)
    if talk is None:
        raise Refused(N_("Nothing is booked to summon to; book a time first"))
    late = talk.channel is not Channel.LETTER and talk.on < first_day(caseload, talk.channel)
    if late and not short_notice:
        told = _too_late(caseload, talk)
        raise TooLate(told.message, **told.values)

    def notices() -> Iterator[Told]:
        if late:
            yield _too_late(caseload, talk)
        yield from _missing(desktop, talk.channel)

    values = {
        **_talk_values(talk, language),
        "end": language.time(talk.end_minute),
    }
    return desktop.paper(PaperKind.SUMMONS, values, _holding(talk), notices())


def offer(desktop: Desktop, rules: RuleSet) -> Paper:
    """The text of the offer that stands."""
    made, language = standing(desktop.citizen), desktop.language
    channel = made.times[0].channel

    def notices() -> Iterator[Told]:
        if desktop.citizen.interpreter:
            yield Told(
                N_("The citizen needs an interpreter and may be exempt from self-booking; you can book instead."), {}
            )
        needs = [w for w in assess(desktop.caseload, desktop.citizen, rules).windows if w.is_need and w.binding]
        latest = min((w.latest for w in needs), default=date.max)
        if any(one.on > latest >= desktop.caseload.today for one in made.times):
            yield Told(N_("Some of the times lie after the latest day {latest}."), {"latest": latest})
        yield from _missing(desktop, channel)

    values = {
        "channel": language.text(words.channel(channel)),
        "deadline": language.long_day(made.until),
        "minutes": str(made.times[0].minutes),
        "times": "\n".join(f"{number}. {offered_words(one, language)}" for number, one in enumerate(made.times, 1)),
    }
    return desktop.paper(PaperKind.OFFER, values, {channel.value}, notices())


def case_note(desktop: Desktop, on: date | None, titles: Mapping[str, Title]) -> Paper:
    """The note of the conversation that was held last, or on that day."""
    talk, language = held_talk(desktop.citizen, on), desktop.language
    following = next((other for other in desktop.citizen.booked() if other.on >= desktop.caseload.today), None)
    values = {
        **_talk_values(talk, language),
        "id": visible(desktop.citizen.id),
        "covered": "\n".join(f"- {visible(title_of(point, language, titles))}" for point in talk.agenda),
        "cadence": _cadence(desktop.citizen, language),
        "next": "" if following is None else _moment(following, language),
    }

    def notices() -> Iterator[Told]:
        if talk.filed_on is not None:
            yield Told(N_("Said on {on} to be in the case system."), {"on": talk.filed_on})

    return desktop.paper(PaperKind.CASE_NOTE, values, _holding(talk), notices())


def offered_words(one: OfferedTime, language: Language) -> str:
    """An offered time as a citizen reads it: "tirsdag den 8. december 2026 kl. 10.30"."""
    return _moment(one, language)


def _moment(one: OfferedTime | Conversation, language: Language) -> str:
    return language.text("{day} at {time}", day=language.long_day(one.on), time=language.time(one.start_minute))


def _talk_values(talk: Conversation, language: Language) -> dict[str, str]:
    return {
        "date": language.long_day(talk.on),
        "time": language.time(talk.start_minute) if talk.has_time else "",
        "minutes": str(talk.minutes) if talk.has_time else "",
        "channel": language.text(words.channel(talk.channel)),
    }


def _holding(talk: Conversation) -> set[str]:
    return {talk.channel.value, *((SELF_BOOKED,) if talk.self_booked else ())}


def _too_late(caseload: Caseload, talk: Conversation) -> Told:
    first = first_day(caseload, talk.channel)
    return Told(
        N_("A summons of today is too late for {on}: the notice is {period} ({channel}), so {first} at the earliest"),
        {"on": talk.on, "period": str(caseload.settings.notice[talk.channel]), "channel": talk.channel, "first": first},
    )


def _missing(desktop: Desktop, channel: Channel) -> Iterator[Told]:
    """What the citizen must know and the office has not said."""
    contact = desktop.caseload.contact
    if channel is Channel.IN_PERSON and not contact.place:
        yield Told(N_("No place is set for conversations in person; see “contact” in planner office."), {})
    if channel is Channel.DIGITAL and not contact.link:
        yield Told(N_("No link is set for digital conversations; see “contact” in planner office."), {})


def _cadence(citizen: Citizen, language: Language) -> str:
    name = language.text(words.cadence(citizen.cadence))
    weeks = words.weeks_between(citizen.cadence) if citizen.cadence is not None else None
    return language.text("{cadence}, every {n} weeks", cadence=name, n=weeks) if weeks else name
