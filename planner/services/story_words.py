"""The story in words: each moment in one line, and what it unfolds to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from planner.domain.calendar import ONE_DAY
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, Unavailable
from planner.domain.conversations import Conversation, Counterpart, Offer, Status
from planner.domain.text import visible
from planner.locale import N_, NN_, Language
from planner.planning.plan import Proposal, Slot, Title
from planner.rules.windows import Window, WindowStatus
from planner.services import words
from planner.services.explanation import period_words, sentences, title_of, window_sentences
from planner.services.ports import Away, Note, Postponement
from planner.services.results import Entry
from planner.services.story import InForce, Kind, Moment, Numbered, Story, Written

KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.WINDOW: N_("requirement"),
        Kind.PROPOSAL: N_("proposal"),
        Kind.OFFER: N_("offer"),
        Kind.CONVERSATION: N_("conversation"),
        Kind.NOTE: N_("note"),
        Kind.FACT: N_("fact"),
        Kind.AWAY: N_("away"),
        Kind.POSTPONEMENT: N_("postponement"),
        Kind.EXEMPTION: N_("exemption"),
        Kind.CADENCE: N_("cadence"),
        Kind.ADOPTION: N_("experiment"),
        Kind.LOG: N_("log"),
        Kind.HANDOVER: N_("handover"),
        Kind.SPELL: N_("spell"),
    }
)


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words need besides the moment: language, titles, the day, the citizen's name, experiments in force."""

    language: Language
    titles: Mapping[str, Title]
    today: date
    name: str = ""
    adopted: Mapping[str, InForce] = field(default_factory=dict)
    interpreter: str = ""

    def text(self, msgid: str, **values: object) -> str:
        """The message in the user's language."""
        return self.language.text(msgid, **values)

    def title(self, name: str) -> str:
        """What a requirement, experiment or agenda point is called."""
        return title_of(name, self.language, self.titles)


def teller(story: Story, language: Language, titles: Mapping[str, Title]) -> Teller:
    """Who tells this story."""
    adopted = {one.what.experiment.id: one.what for one in story.moments if isinstance(one.what, InForce)}
    return Teller(language, titles, story.today, story.citizen.shown_name, adopted, story.citizen.interpreter or "")


def headline(moment: Moment, say: Teller) -> str:
    """The moment in one line, without its day and kind."""
    match moment.what:
        case Window() as window:
            return _window(window, say)
        case Proposal() as proposal:
            return _proposal(proposal, say)
        case Offer() as offer:
            return _offer(offer, say)
        case Conversation() as talk:
            return _conversation(talk, say)
        case Written() as written:
            return _note(written, say)
        case Numbered() as numbered:
            return fact_words(numbered.fact, say.language)
        case Away() as away:
            return stretch_words(away.stretch, say.language)
        case Postponement() as postponed:
            return say.text(N_("until {until}: {reason}"), until=postponed.last + ONE_DAY, reason=postponed.reason)
        case Exemption() as exemption:
            return _exemption(exemption, say)
        case Cadence() as cadence:
            return say.text(words.cadence(cadence))
        case InForce() as one:
            return say.title(one.experiment.id)
        case Entry() as entry:
            return _entry(entry, say)
    return say.text(N_("taken over from the a-kasse") if moment.kind is Kind.HANDOVER else N_("the spell begins"))


def details(moment: Moment, say: Teller) -> list[str]:
    """What the moment unfolds to: plain sentences, none of them empty."""
    match moment.what:
        case Window() as window:
            lines = _window_details(window, say)
        case Proposal() as proposal:
            lines = _proposal_details(proposal, say)
        case Offer() as offer:
            lines = _offer_details(offer, say)
        case Conversation() as talk:
            lines = _conversation_details(talk, say)
        case Written() as written:
            lines = _note_details(written, say)
        case Numbered() as numbered:
            lines = _fact_details(numbered, say)
        case Cadence() as cadence:
            lines = _cadence_details(cadence, say)
        case InForce() as one:
            lines = _adoption_details(one, say)
        case Entry() as entry:
            lines = _entry_details(entry, say)
        case _:
            lines = iter(())
    return [line for line in lines if line]


def presses(moment: Moment, today: date) -> bool:
    """Whether it wants something of the caseworker now: a duty that is over, or a booking that nobody has recorded."""
    match moment.what:
        case Window() as window:
            return window.is_need and window.binding and window.latest < today
        case Offer() as offer:
            return not offer.is_open(today)
        case Conversation() as talk:
            return talk.status is Status.BOOKED and talk.on < today
    return False


def is_quiet(moment: Moment) -> bool:
    """Whether it is there to be looked up rather than to be read."""
    if isinstance(moment.what, Window):
        return moment.what.status in (WindowStatus.MET, WindowStatus.LIFTED, WindowStatus.MISSED)
    return moment.kind in (Kind.LOG, Kind.ADOPTION, Kind.CADENCE, Kind.HANDOVER, Kind.SPELL)


def stretch_words(stretch: Unavailable, language: Language) -> str:
    """When somebody cannot be met: "from 1 Dec 2026 to 4 Dec 2026", "Mondays 08:00–10:00"."""
    if stretch.weekday is None:
        first, last = stretch.first, stretch.last
        if first is not None and first == last:
            return language.text("on {day}", day=first)
        return language.text("from {first} to {last}", first=first or "…", last=last or "…")
    clock = [_clock(one.hour * 60 + one.minute if one else None, language) for one in (stretch.start, stretch.end)]
    return f"{language.text(words.WEEKDAYS[stretch.weekday])} {clock[0]}–{clock[1]}"


def _clock(minute: int | None, language: Language) -> str:
    return "…" if minute is None else language.time(minute)


def reach_lines(citizen: Citizen, away: tuple[Away, ...], today: date, language: Language) -> Iterator[str]:
    """How and when the citizen can be reached: channels, interpreter, and when not, from today on."""
    named = [language.text(words.channel(channel)) for channel in citizen.channels]
    told = [language.joined(named) if named else language.text("no channel")]
    if citizen.preferred_channel is not None:
        told.append(language.text("prefers {channel}", channel=language.text(words.channel(citizen.preferred_channel))))
    if citizen.interpreter:
        told.append(language.text("interpreter: {tongue}", tongue=citizen.interpreter))
    yield " · ".join(told)
    ahead = [one.stretch for one in away if one.stretch.last is None or one.stretch.last >= today]
    if ahead:
        times = language.joined([stretch_words(stretch, language) for stretch in ahead])
        yield language.text("Cannot be met: {times}", times=times)


def _window(window: Window, say: Teller) -> str:
    title = say.title(window.requirement)
    if window.is_need and window.latest < say.today:
        passed = N_("overdue since {latest}") if window.binding else N_("the latest day {latest} has passed")
        return f"{say.text(passed, latest=window.latest)} · {title}"
    if window.status is WindowStatus.DUE:
        return f"{say.text(N_('at the latest'))} · {title}"
    return f"{say.text(words.window_status(window.status))} · {title}"


def _window_details(window: Window, say: Teller) -> Iterator[str]:
    if window.status is not WindowStatus.LIFTED:
        days = {"earliest": window.earliest, "target": window.target, "latest": window.latest}
        yield say.text(N_("From {earliest}, target {target}, at the latest {latest}."), **days)
    yield from window_sentences(window, say.language, say.titles)
    experiments = dict.fromkeys(
        str(step.values["experiment"]) for step in window.because if "experiment" in step.values
    )
    for one in (say.adopted[name] for name in experiments if name in say.adopted):
        figures = "; ".join(_parameters(one, say))
        if figures:
            yield say.text(
                N_("Parameters of “{experiment}”: {figures}"), experiment=say.title(one.experiment.id), figures=figures
            )


def _slot(slot: Slot, say: Teller) -> str:
    times = f"{say.language.time(slot.start)}–{say.language.time(slot.end)}"
    return f"{times} {say.text(words.channel(slot.channel))}"


def _proposal(proposal: Proposal, say: Teller) -> str:
    parts = [_slot(proposal.slot, say), say.language.joined([say.title(name) for name in proposal.covers])]
    if proposal.tentative:
        parts.append(say.text(N_("tentative")))
    return " · ".join(part for part in parts if part)


def _proposal_details(proposal: Proposal, say: Teller) -> Iterator[str]:
    for point in proposal.agenda:
        yield say.text(N_("To talk about: {point}"), point=say.title(point))
    for number, slot in enumerate(proposal.alternatives, 1):
        shown = f"{say.language.short_day(slot.on)} {_slot(slot, say)}"
        yield say.text(N_("Alternative {number}: {slot}"), number=number, slot=shown)
    yield from sentences(proposal.because, say.language, say.titles)


def _offer(offer: Offer, say: Teller) -> str:
    told = NN_("{n} time to choose among, until {until}", "{n} times to choose among, until {until}")
    shown = say.language.plural(*told, len(offer.times), until=offer.until)
    return shown if offer.is_open(say.today) else f"{shown} · {say.text(N_('the deadline has passed'))}"


def _offer_details(offer: Offer, say: Teller) -> Iterator[str]:
    yield say.text(N_("Offered on {on}."), on=offer.on)
    for number, one in enumerate(offer.times, 1):
        shown = _slot(Slot(one.on, one.start_minute, one.minutes, one.channel), say)
        yield f"{number}. {say.language.short_day(one.on)} {shown}"


def _conversation(talk: Conversation, say: Teller) -> str:
    slot = Slot(talk.on, talk.start_minute, talk.minutes, talk.channel)
    status = say.text(words.status(talk.status))
    if talk.status is Status.BOOKED and talk.on < say.today:
        status = say.text(N_("booked, but not recorded: held or not?"))
    counted = say.text("counted as {channel}", channel=say.text(words.channel(talk.channel)))
    parts = [status, _slot(slot, say) if talk.has_time else counted]
    if talk.counterpart is not Counterpart.CASEWORKER:
        parts.append(say.text(words.counterpart(talk.counterpart)))
    if talk.agenda:
        parts.append(say.language.joined([say.title(point) for point in talk.agenda]))
    return " · ".join(parts)


def _conversation_details(talk: Conversation, say: Teller) -> Iterator[str]:
    known = N_("{day} at {time}, {channel}, {minutes} minutes.")
    when = say.text(
        known if talk.has_time else N_("{day}, counted as {channel}: only the day is known."),
        day=say.language.long_day(talk.on),
        time=say.language.time(talk.start_minute),
        channel=say.text(words.channel(talk.channel)),
        minutes=talk.minutes,
    )
    yield when[:1].upper() + when[1:]
    who = [say.text(words.counterpart(talk.counterpart))]
    if say.interpreter and talk.status is Status.BOOKED:
        who.append(say.text(N_("interpreter ({tongue})"), tongue=visible(say.interpreter)))
    yield say.text(N_("With: {who}."), who=say.language.joined(who))
    for point in talk.agenda:
        told = N_("Covered: {point}") if talk.status is Status.HELD else N_("To talk about: {point}")
        yield say.text(told, point=say.title(point))
    if talk.self_booked:
        yield say.text(N_("Booked by the citizen."))
    if talk.filed_on is not None:
        yield say.text(N_("Said on {on} to be in the case system."), on=talk.filed_on)


def _note(written: Written, say: Teller) -> str:
    first = written.note.text.split("\n", 1)[0]
    if written.amends is not None:
        return say.text(N_("amends the note of {day}: {text}"), day=written.amends.at.date(), text=first)
    return f"{first} · {say.text(N_('amended'))}" if written.amended_by else first


def _note_details(written: Written, say: Teller) -> Iterator[str]:
    lines = written.note.text.split("\n")
    if len(lines) > 1:
        yield from lines
    if written.amends is not None:
        yield say.text(N_("Amends the note of {day}, which said:"), day=_moment(written.amends, say))
        yield from (f"  {line}" for line in written.amends.text.split("\n"))
    for note in reversed(written.amended_by):
        yield say.text(N_("Amended {day}:"), day=_moment(note, say))
        yield from (f"  {line}" for line in note.text.split("\n"))
    yield say.text(N_("Note {number}, written {day}."), number=written.number, day=_moment(written.note, say))


def _moment(note: Note, say: Teller) -> str:
    clock = say.language.time(note.at.hour * 60 + note.at.minute)
    return f"{say.language.date(note.at.date())} {clock}"


def fact_words(fact: Fact, language: Language) -> str:
    """A fact without its day: what, until when, and whether it is documented."""
    parts = [language.text(words.fact_kind(fact.kind))]
    if fact.until is not None:
        parts.append(language.text("until {last}", last=fact.until))
    parts.append(language.text("documented") if fact.documented else language.text("not documented"))
    return ", ".join(parts)


def _fact_details(numbered: Numbered, say: Teller) -> Iterator[str]:
    fact = numbered.fact
    if fact.noted_on is not None:
        yield say.text(N_("Noted {day}."), day=fact.noted_on)
    yield say.text(N_("Fact {number}."), number=numbered.number)


def _exemption(exemption: Exemption, say: Teller) -> str:
    if exemption.until is None:
        return exemption.reason
    return say.text(N_("until {last}: {reason}"), last=exemption.until, reason=exemption.reason)


def _cadence_details(cadence: Cadence, say: Teller) -> Iterator[str]:
    weeks = words.weeks_between(cadence)
    if weeks:
        yield say.text(N_("Every {n} weeks, where no experiment says otherwise."), n=weeks)


def _adoption_details(one: InForce, say: Teller) -> Iterator[str]:
    adoption, experiment, language = one.used.adoption, one.experiment, say.language
    if adoption.last is None:
        yield say.text(N_("In force from {first} until further notice."), first=adoption.first)
    else:
        yield say.text(N_("In force from {first} to {last}."), first=adoption.first, last=adoption.last)
    yield say.text(N_("Authority: {authority}"), authority=adoption.authority)
    yield say.text(N_("Legal basis: {basis}"), basis=language.title(experiment.legal_basis))
    yield language.title(experiment.changed)
    yield from _parameters(one, say)


def _parameters(one: InForce, say: Teller) -> Iterator[str]:
    declared = one.experiment.parameters
    for name, value in one.used.parameters.items():
        title = say.language.title(declared[name].title) if name in declared else name
        yield f"{title}: {parameter_words(value, say.language)}"


def parameter_words(value: str | int, language: Language) -> str:
    """A parameter's value as it is read: P13W is 13 weeks, close is close contact."""
    if isinstance(value, int):
        return str(value)
    return language.text(words.CADENCES[Cadence(value)]) if value in list(Cadence) else period_words(value, language)


def _entry(entry: Entry, say: Teller) -> str:
    told = entry.text(say.language)
    told = told.removeprefix(f"{say.name}: ")
    return f"{say.text(N_('taken back'))}: {told}" if entry.undone else told


def _entry_details(entry: Entry, say: Teller) -> Iterator[str]:
    clock = say.language.time(entry.at.hour * 60 + entry.at.minute)
    yield say.text(N_("Entry {seq} of the log, {day} at {time}."), seq=entry.seq, day=entry.at.date(), time=clock)
    if entry.reason:
        yield say.text(N_("Reason: {reason}"), reason=entry.reason)
    if entry.undone:
        yield say.text(N_("Taken back since."))
