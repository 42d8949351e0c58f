"""The whole story of a citizen on one timeline: what is to come, and what was, each thing exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.domain.citizens import Cadence, Citizen, Exemption, Fact
from planner.domain.conversations import Conversation, Offer, Status
from planner.planning.plan import AdoptionUsed, CitizenPlan, Plan, Proposal
from planner.rules.format import Experiment
from planner.rules.resolution import Adopted, concerns
from planner.rules.ruleset import RuleSet
from planner.rules.windows import Window, WindowStatus
from planner.services import journal
from planner.services.messages import REDO, UNDO
from planner.services.ports import Away, Note, Postponement
from planner.services.results import Entry, Today
from planner.services.room import Room

#: A window in one of these states is still to be answered, so it is never past.
_OPEN = frozenset({WindowStatus.DUE, WindowStatus.DISCRETIONARY})


class Kind(StrEnum):
    """What a moment of the story is; on the same day they stand in this order."""

    WINDOW = "window"
    PROPOSAL = "proposal"
    OFFER = "offer"
    CONVERSATION = "conversation"
    NOTE = "note"
    FACT = "fact"
    AWAY = "away"
    POSTPONEMENT = "postponement"
    EXEMPTION = "exemption"
    CADENCE = "cadence"
    ADOPTION = "adoption"
    LOG = "log"
    HANDOVER = "handover"
    SPELL = "spell"


_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Written:
    """A note, the note that it amends and those that amend it, if any; `number` counts from the oldest."""

    note: Note
    number: int
    amends: Note | None = None
    amended_by: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact with the number by which the line names it."""

    fact: Fact
    number: int


@dataclass(frozen=True, slots=True)
class InForce:
    """An adopted experiment that reaches the citizen, with the parameters that hold."""

    used: AdoptionUsed
    experiment: Experiment


What = (
    Window
    | Proposal
    | Offer
    | Conversation
    | Written
    | Numbered
    | Away
    | Postponement
    | Exemption
    | Cadence
    | InForce
    | Entry
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline: its day, the minute of that day where one is known, and what it tells of.

    `key` is the same as long as the thing is there, so that a face can stay with it. `what` is None for a beginning.
    """

    key: str
    on: date
    minute: int
    kind: Kind
    what: What | None
    ahead: bool
    number: int = 0

    @property
    def place(self) -> tuple[date, int, int, int, str]:
        """What moments are ordered by, oldest first; `number` orders those of one kind that share a minute."""
        return self.on, self.minute, -_ORDER[self.kind], self.number, self.key


@dataclass(frozen=True, slots=True)
class Records:
    """What the store keeps of a citizen beside the citizen: notes and log in any order."""

    notes: Sequence[Note] = ()
    postponements: Sequence[Postponement] = ()
    away: Sequence[Away] = ()
    log: Sequence[Entry] = ()
    adoptions: Sequence[InForce] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A citizen's timeline, newest first: what is to come, then today and what was; `weekly` has no date."""

    today: date
    citizen: Citizen
    part: CitizenPlan
    ahead: tuple[Moment, ...]
    past: tuple[Moment, ...]
    weekly: tuple[Away, ...]
    away: tuple[Away, ...]
    notes: tuple[Written, ...]

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All of them, newest first."""
        return (*self.ahead, *self.past)


def read_story(room: Room, today: Today, citizen_id: str) -> Story:
    """The story as the store has it now, with the windows of that list; raises NotFound."""
    with room.store.read() as view:
        key = room.key_of(view, citizen_id)
        citizen = room.whole(view, [key])[key]
        records = Records(
            notes=view.notes(key),
            postponements=view.postponements(key),
            away=view.away(key),
            log=journal.entries(room, view, None, key),
            adoptions=adoptions_of(citizen, today.plan, room.rules),
        )
    return tell(citizen, today.plan.of(citizen_id), today.today, records)


def adoptions_of(citizen: Citizen, plan: Plan, rules: RuleSet) -> tuple[InForce, ...]:
    """The adopted experiments with an effect that reaches the citizen's target group."""
    known = [
        InForce(used, rules.experiments[used.adoption.experiment])
        for used in plan.adoptions
        if used.adoption.experiment in rules.experiments
    ]
    return tuple(one for one in known if _reaches(citizen, one))


def _reaches(citizen: Citizen, one: InForce) -> bool:
    adopted = Adopted(one.used.adoption, one.experiment, one.used.parameters)
    return any(concerns(citizen, adopted, effect) for effect in one.experiment.effects)


def tell(citizen: Citizen, part: CitizenPlan, today: date, records: Records) -> Story:
    """Put everything that is known in order."""
    notes = _written(records.notes)
    weekly = tuple(one for one in records.away if one.stretch.first is None)
    found = sorted(_moments(citizen, part, today, records, notes), key=lambda moment: moment.place, reverse=True)
    return Story(
        today=today,
        citizen=citizen,
        part=part,
        ahead=tuple(moment for moment in found if moment.ahead),
        past=tuple(moment for moment in found if not moment.ahead),
        weekly=weekly,
        away=tuple(records.away),
        notes=notes,
    )


def _moments(
    citizen: Citizen, part: CitizenPlan, today: date, records: Records, notes: Sequence[Written]
) -> Iterator[Moment]:
    yield from _planned(part, today)
    if citizen.offer is not None:  # it waits for an answer or a decision, so it is never past
        yield Moment("offer", max(citizen.offer.until, today), 0, Kind.OFFER, citizen.offer, True)
    for index, talk in enumerate(citizen.conversations):
        ahead = talk.on > today or (talk.on == today and talk.status is Status.BOOKED)
        yield Moment(talk.key or f"conversation-{index}", talk.on, talk.start_minute, Kind.CONVERSATION, talk, ahead)

    def day(key: str, on: date, kind: Kind, what: What | None, minute: int = 0, number: int = 0) -> Moment:
        # What was written down is past, also where one plans as if it were an earlier day.
        return Moment(key, on, minute, kind, what, on > today and kind not in (Kind.NOTE, Kind.LOG), number)

    for written in notes:
        at = written.note.at
        yield day(written.note.key, at.date(), Kind.NOTE, written, at.hour * 60 + at.minute, written.number)
    for number, fact in enumerate(citizen.facts, 1):
        yield day(fact.key or f"fact-{number}", fact.on, Kind.FACT, Numbered(fact, number))
    for away in records.away:
        if away.stretch.first is not None:
            yield day(away.key, away.stretch.first, Kind.AWAY, away)
    for postponed in records.postponements:
        yield day(postponed.key, postponed.first, Kind.POSTPONEMENT, postponed)
    if citizen.exemption is not None:
        yield day("exemption", citizen.exemption.on, Kind.EXEMPTION, citizen.exemption)
    if citizen.cadence is not None:
        yield day("cadence", _cadence_since(citizen, records.log), Kind.CADENCE, citizen.cadence)
    for one in records.adoptions:
        adoption = one.used.adoption
        yield day(f"adoption-{adoption.key or adoption.experiment}", adoption.first, Kind.ADOPTION, one)
    for entry in records.log:
        if entry.verb in (UNDO, REDO):  # the action itself says whether it stands
            continue
        yield day(f"log-{entry.seq}", entry.at.date(), Kind.LOG, entry, entry.at.hour * 60 + entry.at.minute, entry.seq)
    if citizen.handover_on is not None:
        yield day("handover", citizen.handover_on, Kind.HANDOVER, None)
    yield day("spell", citizen.spell_start, Kind.SPELL, None)


def _planned(part: CitizenPlan, today: date) -> Iterator[Moment]:
    """What rules and plan say: a window stands at its latest day, an open one whose latest day is over at today."""
    for index, window in enumerate(part.windows):
        still = window.status in _OPEN
        on = max(window.latest, today) if still else window.latest
        key = f"window-{window.requirement}-{index}"
        yield Moment(key, on, 0, Kind.WINDOW, window, on > today or still)
    proposals = (part.proposal, *part.later) if part.proposal is not None else part.later
    for index, proposal in enumerate(proposals):
        yield Moment(f"proposal-{index}", proposal.slot.on, proposal.slot.start, Kind.PROPOSAL, proposal, True)


def _written(notes: Iterable[Note]) -> tuple[Written, ...]:
    """Oldest first, each with those that it belongs to; one whose amended note is gone stands alone."""
    kept = list(notes)
    by_key = {note.key: note for note in kept}
    amending: dict[str, list[Note]] = {}
    for note in kept:
        if note.amends:
            amending.setdefault(note.amends, []).append(note)
    return tuple(
        Written(note, number, by_key.get(note.amends), tuple(amending.get(note.key, ())))
        for number, note in enumerate(kept, 1)
    )


def _cadence_since(citizen: Citizen, log: Sequence[Entry]) -> date:
    """When the cadence was set; one that came with the citizen holds since the spell began."""
    days = [(entry.seq, entry.at.date()) for entry in log if entry.verb == "cadence" and not entry.undone]
    return max(days)[1] if days else citizen.spell_start
