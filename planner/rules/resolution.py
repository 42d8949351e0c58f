"""Default logic: the law is the general rule, an adopted experiment in force is the exception.

Exclusive effects (lift, replace, discretion) of two experiments on the same requirement of the same citizen must
agree to the letter, or they are a conflict. Permissions, agenda points and demands for reasons add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.caseload import Adoption
from planner.domain.citizens import Citizen, FactKind
from planner.domain.conversations import Channel, Counterpart
from planner.rules.counting import Counting, in_period
from planner.rules.format import Effect, Experiment, LawPack, Requirement
from planner.rules.windows import Because, because

EXCLUSIVE = frozenset({"lift", "replace", "discretion"})


@dataclass(frozen=True, slots=True)
class Adopted:
    """An experiment in force on the planning date: its adoption and the parameters that hold."""

    adoption: Adoption
    experiment: Experiment
    parameters: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Applied:
    """One effect of one adopted experiment."""

    adopted: Adopted
    effect: Effect

    @property
    def signature(self) -> tuple[object, ...]:
        """What must be equal for two exclusive effects to agree."""
        if self.effect.effect == "replace":
            return "replace", self.effect.requirement, tuple(sorted(self.adopted.parameters.items()))
        return (self.effect.effect,)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two adopted experiments that change one requirement of one citizen in different ways."""

    requirement: str
    first: Adopted
    second: Adopted
    citizen_id: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A requirement of the law as it stands for one citizen after the experiments."""

    requirement: Requirement
    counting: Counting
    because: tuple[Because, ...]
    exception: Applied | None = None
    awaits: tuple[tuple[Adopted, FactKind], ...] = ()


def concerns(citizen: Citizen, adopted: Adopted, effect: Effect) -> bool:
    """Whether the effect reaches this citizen's target group."""
    return citizen.target_group in (effect.groups or adopted.experiment.groups)


def effects_for(citizen: Citizen, adopted: Sequence[Adopted]) -> list[Applied]:
    """Every effect of the adopted experiments that reaches the citizen's target group."""
    return [Applied(a, e) for a in adopted for e in a.experiment.effects if concerns(citizen, a, e)]


def in_force(citizen: Citizen, pack: LawPack, today: date) -> list[Requirement]:
    """The pack's requirements for the citizen's group on the planning date."""
    return [
        r for r in pack.requirements if citizen.target_group in r.groups and in_period(today, r.valid_from, r.valid_to)
    ]


def resolve(
    citizen: Citizen, pack: LawPack, adopted: Sequence[Adopted], today: date
) -> tuple[list[Resolved], list[Conflict]]:
    """Each requirement of the law with what the experiments do to it, and every conflict that was found."""
    effects = effects_for(citizen, adopted)
    resolved: list[Resolved] = []
    conflicts: list[Conflict] = []
    for requirement in in_force(citizen, pack, today):
        mine = [applied for applied in effects if requirement.id in applied.effect.requirements]
        exclusive = [applied for applied in mine if applied.effect.effect in EXCLUSIVE]
        for other in exclusive[1:]:
            if other.signature != exclusive[0].signature:
                conflicts.append(Conflict(requirement.id, exclusive[0].adopted, other.adopted, citizen.id))
        resolved.append(_resolved(requirement, pack, mine, exclusive[0] if exclusive else None))
    return resolved, conflicts


def _resolved(
    requirement: Requirement, pack: LawPack, effects: Sequence[Applied], exception: Applied | None
) -> Resolved:
    channels: set[Channel] = set()
    counterparts: set[Counterpart] = set(requirement.counterparts)
    steps = [
        because(
            "law",
            requirement=requirement.id,
            pack=pack.id,
            reference=requirement.reference,
            confidence=requirement.confidence,
        )
    ]
    for applied in effects:
        channels |= set(applied.effect.channels)
        counterparts |= set(applied.effect.counterparts)
        steps.append(
            because(
                applied.effect.effect,
                experiment=applied.adopted.experiment.id,
                requirement=requirement.id,
                first=applied.adopted.adoption.first,
            )
        )
    awaits = tuple((applied.adopted, kind) for applied in effects for kind in applied.effect.awaits)
    counting = Counting(pack.channels, frozenset(counterparts), frozenset(channels))
    return Resolved(requirement, counting, tuple(steps), exception, awaits)


def agenda_points(citizen: Citizen, adopted: Sequence[Adopted], today: date) -> tuple[str, ...]:
    """What the experiments put on the agenda of every conversation with this citizen, in the order of adoption."""
    known = {fact.kind for fact in citizen.facts if fact.on <= today or fact.noted_on is not None}
    adding = [
        applied.effect
        for applied in effects_for(citizen, adopted)
        if applied.effect.effect == "add" and (applied.effect.when_fact is None or applied.effect.when_fact in known)
    ]
    suppressed = {point for effect in adding for point in effect.suppress}
    points = (point for effect in adding for point in effect.agenda if point not in suppressed)
    return tuple(dict.fromkeys(points))


def reason_required(citizen: Citizen, adopted: Sequence[Adopted]) -> bool:
    """Whether an adopted experiment demands a written reason for each deviation."""
    return any(applied.effect.effect == "reason_required" for applied in effects_for(citizen, adopted))
