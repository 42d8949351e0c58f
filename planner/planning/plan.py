"""The plan: what the engine proposes for each citizen, and how good it is. `planner-plan/1` in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from planner.domain.caseload import Adoption
from planner.domain.conversations import Channel
from planner.rules.windows import Because, Window


class Bucket(StrEnum):
    """Where a citizen stands today, in order of precedence; each is in exactly one."""

    ENDED = "ended"
    EXEMPT = "exempt"
    BOOKED_TODAY = "booked_today"
    OVERDUE = "overdue"
    AFTER_NO_SHOW = "after_no_show"
    EVENT_PASSED = "event_passed"
    DECIDE_NOW = "decide_now"
    SCREEN = "screen"
    UNPLACED = "unplaced"
    BOOKED = "booked"
    WAITING = "waiting"
    PROPOSED = "proposed"
    NO_DUTY = "no_duty"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time for one conversation; `start` and `end` in minutes from midnight."""

    on: date
    start: int
    minutes: int
    channel: Channel

    @property
    def end(self) -> int:
        """Minutes from midnight to the end."""
        return self.start + self.minutes


@dataclass(frozen=True, slots=True)
class Proposal:
    """A conversation that is proposed: the slot, what it covers, what to talk about, and why."""

    slot: Slot
    covers: tuple[str, ...]
    agenda: tuple[str, ...]
    alternatives: tuple[Slot, ...]
    tentative: bool
    because: tuple[Because, ...]
    cost: int = 0


@dataclass(frozen=True, slots=True)
class FixedRhythm:
    """What the law alone would have demanded next: the counterfactual."""

    latest: date | None = None
    channel: Channel | None = None
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class CitizenPlan:
    """One citizen's place in the plan."""

    id: str
    bucket: Bucket
    windows: tuple[Window, ...]
    fixed_rhythm: FixedRhythm
    proposal: Proposal | None
    later: tuple[Proposal, ...] = ()
    unplaced_because: tuple[Because, ...] = ()
    because: tuple[Because, ...] = ()
    agenda: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    reason_required: bool = False
    last_contact: date | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A citizen's place in the triage order: points that sum to the score."""

    id: str
    bucket: Bucket
    score: int
    parts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class WeekCapacity:
    """Minutes of one ISO week."""

    year: int
    week: int
    available: int
    booked: int
    proposed: int
    expected: int


@dataclass(frozen=True, slots=True)
class ExemptedShare:
    """How many of those in their first months are exempted, against the limit (both shares between 0 and 1)."""

    eligible: int
    exempted: int
    share: float
    limit: float
    allowed: int


class Engine(StrEnum):
    """Which engine made a plan: `instant` is also what stands in where the exact one's solver is missing."""

    EXACT = "exact"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the plan is: cost, a proven bound, and what changed since the previous plan.

    `proven`: no plan for the same input is cheaper.
    """

    objective: int
    lower_bound: int
    gap: float
    hard_violations: tuple[str, ...] = ()
    moved_since: int = 0
    late_unavoidable: int = 0
    late_capacity: int = 0
    engine: Engine = Engine.INSTANT
    proven: bool = False


@dataclass(frozen=True, slots=True)
class DayPrice:
    """What time costs on one day, in thousandths of a point: each grid cell by its first minute, and a conversation."""

    on: date
    cells: Mapping[int, int]
    place: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices from which anybody can compute that no plan costs less than `bound` (`planning.engine.certificate`)."""

    bound: int = 0
    prices: tuple[DayPrice, ...] = ()


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A rule pack that the plan was made with."""

    id: str
    version: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AdoptionUsed:
    """An adoption in force on the planning date, with the parameters that hold."""

    adoption: Adoption
    version: int
    parameters: Mapping[str, str | int]
    known_municipality: bool


@dataclass(frozen=True, slots=True)
class Title:
    """What a requirement or agenda point is called."""

    da: str
    en: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan. `titles` names every requirement, experiment and agenda point that it mentions."""

    today: date
    horizon_end: date
    municipality: str
    packs: tuple[PackUsed, ...]
    adoptions: tuple[AdoptionUsed, ...]
    citizens: tuple[CitizenPlan, ...]
    order: tuple[Ranked, ...]
    capacity: tuple[WeekCapacity, ...]
    exempted_share: ExemptedShare | None
    quality: Quality
    titles: Mapping[str, Title] = field(default_factory=dict)
    certificate: Certificate = Certificate()

    def of(self, citizen_id: str) -> CitizenPlan:
        """The part of one citizen; raises KeyError when nobody has that id."""
        for part in self.citizens:
            if part.id == citizen_id:
                return part
        raise KeyError(citizen_id)
