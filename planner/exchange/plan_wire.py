"""`planner-plan/1` as it stands in the file: one struct for writing, reading and the JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from planner.domain.conversations import Channel
from planner.exchange.wire import Clock, Day, EndClock, Wire
from planner.planning.plan import Bucket, Engine
from planner.rules.windows import WindowKind, WindowStatus

Count = Annotated[int, Meta(ge=0)]


class Because(Wire, frozen=True, kw_only=True):
    """One step of a derivation: a code and its values."""

    code: str
    values: dict[str, str | int]


class Window(Wire, frozen=True, kw_only=True):
    """When a conversation is wanted for one requirement; `binding`: its latest day can be overdue."""

    requirement: str
    kind: WindowKind
    status: WindowStatus
    earliest: Day
    target: Day
    latest: Day
    binding: bool
    priority: Count
    channels: tuple[Channel, ...]
    first_channels: tuple[Channel, ...]
    because: tuple[Because, ...]


class FixedRhythm(Wire, frozen=True, kw_only=True):
    """What the law alone, without experiments, would have demanded next."""

    latest: Day | None
    channel: Channel | None
    requirement: str | None


class Slot(Wire, frozen=True, kw_only=True):
    """A time for one conversation, local Danish time."""

    on: Day = field(name="date")
    start: Clock
    end: EndClock
    channel: Channel
    minutes: Annotated[int, Meta(ge=1, le=1440)]


class Proposal(Slot, frozen=True, kw_only=True):
    """A conversation that is proposed; `tentative` ones lie so far ahead that they may still move freely."""

    covers: tuple[str, ...]
    agenda: tuple[str, ...]
    alternatives: tuple[Slot, ...]
    tentative: bool
    because: tuple[Because, ...]
    cost: Count


class Citizen(Wire, frozen=True, kw_only=True):
    """One citizen's place in the plan."""

    id: str
    bucket: Bucket
    windows: tuple[Window, ...]
    fixed_rhythm: FixedRhythm
    proposal: Proposal | None
    unplaced_because: tuple[Because, ...]
    later: tuple[Proposal, ...]
    because: tuple[Because, ...]
    agenda: tuple[str, ...]
    questions: tuple[str, ...]
    reason_required: bool
    last_contact: Day | None


class Ranked(Wire, frozen=True, kw_only=True):
    """A place in the triage order: points that sum to the score."""

    id: str
    bucket: Bucket
    score: int
    parts: dict[str, int]


class Week(Wire, frozen=True, kw_only=True):
    """Minutes of one ISO week."""

    year: int
    week: Annotated[int, Meta(ge=1, le=53)]
    available: Count
    booked: Count
    proposed: Count
    expected: Count


class ExemptedShare(Wire, frozen=True, kw_only=True):
    """Exempted citizens among the eligible ones, against the limit; shares from 0 to 1."""

    eligible: Count
    exempted: Count
    share: float
    limit: float
    allowed: Count


class Quality(Wire, frozen=True, kw_only=True):
    """How good the plan is: its cost, a proven bound, and what moved since the previous plan.

    `engine` is `instant` where the exact engine's solver is missing; `proven`: no plan for the same input is cheaper.
    """

    objective: int
    lower_bound: int
    gap: float
    hard_violations: tuple[str, ...]
    moved_since: Count
    late_unavoidable: Count
    late_capacity: Count
    engine: Engine
    proven: bool


class DayPrice(Wire, frozen=True, kw_only=True):
    """What time costs on a day, in thousandths of a point: each grid cell by its start, and room for a conversation."""

    on: Day = field(name="date")
    cells: dict[Clock, Count]
    place: Count


class Certificate(Wire, frozen=True, kw_only=True):
    """Prices of time from which anybody can compute that no plan costs less than `bound`."""

    bound: Count
    prices: tuple[DayPrice, ...]


class Pack(Wire, frozen=True, kw_only=True):
    """A law pack that the plan was made with."""

    id: str
    version: int
    valid_from: Day
    valid_to: Day | None


class Adoption(Wire, frozen=True, kw_only=True):
    """An adoption that the plan was made with: `overrides` as adopted, `parameters` as they hold."""

    experiment: str
    version: int
    first: Day = field(name="from")
    last: Day | None = field(name="to")
    authority: str
    overrides: dict[str, str | int]
    parameters: dict[str, str | int]
    known_municipality: bool


class Title(Wire, frozen=True, kw_only=True):
    """What a requirement, experiment or agenda point is called."""

    da: str
    en: str


class PlanFile(Wire, frozen=True, kw_only=True):
    """A plan; byte for byte the same for the same input, apart from `timing` (milliseconds for each stage)."""

    schema: Literal["planner-plan/1"]
    today: Day
    horizon_end: Day
    municipality: str
    packs: tuple[Pack, ...]
    adoptions: tuple[Adoption, ...]
    citizens: tuple[Citizen, ...]
    order: tuple[Ranked, ...]
    capacity: tuple[Week, ...]
    exempted_share: ExemptedShare | None
    quality: Quality
    certificate: Certificate
    titles: dict[str, Title]
    timing: dict[str, float]
