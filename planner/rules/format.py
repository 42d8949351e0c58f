"""The shape of a rule file: one law in one period, or one experiment. Read strictly by `planner.rules.reading`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from planner.domain.citizens import Cadence, FactKind, TargetGroup
from planner.domain.conversations import Channel, Counterpart
from planner.domain.periods import PERIOD_PATTERN

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", description="lower-case letters, digits and hyphens")]
Text = Annotated[str, Meta(min_length=1)]
PeriodText = Annotated[str, Meta(pattern=PERIOD_PATTERN, description="an ISO 8601 period such as P4W or P6M")]
CADENCES = "|".join(Cadence)
FigureText = Annotated[
    str, Meta(pattern=f"{PERIOD_PATTERN}|^({CADENCES})$", description="an ISO 8601 period such as P4W, or a cadence")
]
DueText = Annotated[
    str,
    Meta(
        pattern=f"{PERIOD_PATTERN}|^every_conversation$",
        description="an ISO 8601 period such as P12M, or every_conversation",
    ),
]
Count = Annotated[int, Meta(ge=1, le=366)]
Confidence = Literal["adopted", "described_before_adoption", "unverified"]


class Rules(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every table in a rule file: frozen, and no key that is not declared."""


class Bilingual(Rules, frozen=True, kw_only=True):
    """A text in both languages of the screen."""

    da: Text
    en: Text


class ChannelRule(Rules, frozen=True, kw_only=True):
    """Which channels count for conversations held (or planned) in a period of the pack's law.

    `first_in_person`: another channel than in person counts only after a counted conversation in the spell.
    `chosen_by`: who chooses among the counting channels; decides the channel of the fixed rhythm.
    """

    channels: tuple[Channel, ...]
    chosen_by: Literal["law", "caseworker", "citizen"]
    reference: Text
    source: Text
    confidence: Confidence
    valid_from: date | None = None
    valid_to: date | None = None
    first_in_person: bool = False
    note: Bilingual | None = None


class Requirement(Rules, frozen=True, kw_only=True):
    """One demand on conversations. Which of the period keys apply follows from `kind`.

    recurring: every, anchor; grace, during (with anchor "spell"); `starts_after`;
               `after_first` (with anchor "last"): begins with the first counted conversation
    quota:     count, within; spacing, renew; `starts_after`
    milestone: at
    item:      at (a period, or "every_conversation"); again, lead, code; `answered_by`: a fact of these kinds will do
    need:      cadence (what is proposed where nothing is screened); `starts_after`; never overdue by law
    """

    id: Id
    title: Bilingual
    reference: Text
    source: Text
    confidence: Confidence
    groups: tuple[TargetGroup, ...]
    kind: Literal["recurring", "quota", "milestone", "item", "need"]
    valid_from: date | None = None
    valid_to: date | None = None
    note: Bilingual | None = None
    starts: Literal["spell", "handover"] = "spell"
    starts_after: PeriodText | None = None
    every: PeriodText | None = None
    anchor: Literal["spell", "last"] | None = None
    after_first: bool = False
    grace: PeriodText | None = None
    during: PeriodText | None = None
    count: Count | None = None
    within: PeriodText | None = None
    spacing: PeriodText | None = None
    renew: PeriodText | None = None
    at: DueText | None = None
    again: PeriodText | None = None
    lead: PeriodText | None = None
    code: Text | None = None
    answered_by: tuple[FactKind, ...] = ()
    cadence: Cadence | None = None
    counterparts: tuple[Counterpart, ...] = (Counterpart.CASEWORKER,)
    exemptible: bool = False


class FactExemption(Rules, frozen=True, kw_only=True):
    """Documented facts that lift the duty to attend: until the fact's `until`, or else its date."""

    kinds: tuple[FactKind, ...]
    groups: tuple[TargetGroup, ...]
    reference: Text
    source: Text
    confidence: Confidence
    within: PeriodText | None = None
    note: Bilingual | None = None


class ExemptionShare(Rules, frozen=True, kw_only=True):
    """How large a part of those in their first months may be exempted from the conversations after the first."""

    groups: tuple[TargetGroup, ...]
    within: PeriodText
    limit_percent: Annotated[int, Meta(ge=0, le=100)]
    reference: Text
    source: Text
    confidence: Confidence


class SelfBooking(Rules, frozen=True, kw_only=True):
    """How long a citizen must at least have to choose one of the times that are offered."""

    deadline: PeriodText
    reference: Text
    source: Text
    confidence: Confidence
    note: Bilingual | None = None


class LawPack(Rules, frozen=True, kw_only=True):
    """One law in one period."""

    schema: Literal["planner-law/1"]
    id: Id
    version: Count
    title: Bilingual
    valid_from: date
    source: Text
    channels: tuple[ChannelRule, ...]
    requirements: tuple[Requirement, ...]
    valid_to: date | None = None
    note: Bilingual | None = None
    handover_after: PeriodText = "P3M"
    fact_exemptions: tuple[FactExemption, ...] = ()
    exemption_share: ExemptionShare | None = None
    self_booking: SelfBooking | None = None


class Parameter(Rules, frozen=True, kw_only=True):
    """A figure that a municipality may set within bounds. A period, a whole number, or a cadence."""

    title: Bilingual
    default: FigureText | int
    minimum: PeriodText | int | None = None
    maximum: PeriodText | int | None = None


class AgendaPoint(Rules, frozen=True, kw_only=True):
    """Something that an experiment puts on the agenda of each conversation."""

    id: Id
    title: Bilingual


class Effect(Rules, frozen=True, kw_only=True):
    """What an experiment does to named requirements.

    lift:            no longer applies, and nothing may remind of it
    replace:         a need cadence instead (parameters close, standard, light, safety_net, …), or `requirement`
    permit:          `channels` and `counterparts` count too
    discretion:      must becomes may
    add:             `agenda` at every conversation; `when_fact` restricts it, `suppress` takes points away
    reason_required: a deviation needs a written reason
    `awaits` (with replace or permit): facts that a conversation may wait for.
    """

    effect: Literal["lift", "replace", "permit", "discretion", "add", "reason_required"]
    requirements: tuple[Id, ...] = ()
    groups: tuple[TargetGroup, ...] = ()
    channels: tuple[Channel, ...] = ()
    counterparts: tuple[Counterpart, ...] = ()
    awaits: tuple[FactKind, ...] = ()
    requirement: Requirement | None = None
    agenda: tuple[Id, ...] = ()
    when_fact: FactKind | None = None
    suppress: tuple[Id, ...] = ()


class Result(Rules, frozen=True, kw_only=True):
    """What was reported of an experiment, and where."""

    text: Bilingual
    source: Text


class Experiment(Rules, frozen=True, kw_only=True):
    """One experiment of the catalogue: what it was, and what an adoption of it changes."""

    schema: Literal["planner-experiment/1"]
    id: Id
    version: Count
    title: Bilingual
    theme: Literal["conversations", "team_and_certificates", "employers", "new_measures"]
    status: Literal["approved", "applied"]
    legal_basis: Bilingual
    source: Text
    confidence: Confidence
    changed: Bilingual
    groups: tuple[TargetGroup, ...] = ()
    municipalities: tuple[Text, ...] = ()
    municipalities_note: Bilingual | None = None
    period_from: date | None = None
    period_to: date | None = None
    period_note: Bilingual | None = None
    results: tuple[Result, ...] = ()
    parameters: dict[str, Parameter] = field(default_factory=dict)
    agenda: tuple[AgendaPoint, ...] = ()
    effects: tuple[Effect, ...] = ()
