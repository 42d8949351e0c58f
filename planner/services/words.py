"""What the states and kinds of the domain are called: each function gives an English message for `Language.text`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from planner.domain.citizens import Cadence, Citizen, FactKind, TargetGroup
from planner.domain.conversations import Channel, Counterpart, Status
from planner.domain.follow_up import Finding
from planner.locale import N_
from planner.planning.plan import Bucket
from planner.rules.windows import WindowKind, WindowStatus

CHANNELS: Final[Mapping[Channel, str]] = MappingProxyType(
    {
        Channel.PHONE: N_("phone"),
        Channel.DIGITAL: N_("digital"),
        Channel.IN_PERSON: N_("in person"),
        Channel.LETTER: N_("letter"),
    }
)
COUNTERPARTS: Final[Mapping[Counterpart, str]] = MappingProxyType(
    {
        Counterpart.CASEWORKER: N_("caseworker"),
        Counterpart.MENTOR: N_("mentor"),
        Counterpart.COMPANY_CONSULTANT: N_("company consultant"),
        Counterpart.PROVIDER: N_("other provider"),
        Counterpart.A_KASSE: N_("a-kasse"),
        Counterpart.GROUP: N_("group conversation"),
    }
)
STATUSES: Final[Mapping[Status, str]] = MappingProxyType(
    {
        Status.BOOKED: N_("booked"),
        Status.HELD: N_("held"),
        Status.NO_SHOW: N_("no-show"),
        Status.CANCELLED_BY_CITIZEN: N_("cancelled by the citizen"),
        Status.CANCELLED_BY_US: N_("cancelled by us"),
    }
)
TARGET_GROUPS: Final[Mapping[TargetGroup, str]] = MappingProxyType(
    {
        TargetGroup.INSURED: N_("6.1 insured unemployed"),
        TargetGroup.JOB_READY: N_("6.2 job-ready on cash benefit"),
        TargetGroup.ACTIVITY_READY: N_("6.3 activity-ready on cash benefit"),
        TargetGroup.EDUCATION_READY: N_("6.4 education-ready on education benefit"),
        TargetGroup.EDUCATION_ACTIVITY_READY: N_("6.5 activity-ready on education benefit"),
        TargetGroup.SICKNESS: N_("6.6 sickness benefit"),
        TargetGroup.JOB_CLARIFICATION: N_("6.7 job clarification"),
        TargetGroup.RESOURCE_COURSE: N_("6.8 resource course"),
        TargetGroup.FLEX_JOB: N_("6.9 flex job, unemployment allowance"),
        TargetGroup.REHABILITATION: N_("6.10 vocational rehabilitation"),
        TargetGroup.DISABILITY_PENSION: N_("6.11 disability pension"),
        TargetGroup.YOUNG: N_("6.12 young people under 18"),
        TargetGroup.SELF_SUPPORTING: N_("6.13 self-supporting"),
        TargetGroup.INTEGRATION: N_("integration programme"),
    }
)
CADENCES: Final[Mapping[Cadence, str]] = MappingProxyType(
    {
        Cadence.CLOSE: N_("close contact"),
        Cadence.STANDARD: N_("standard contact"),
        Cadence.LIGHT: N_("light contact"),
        Cadence.AWAIT: N_("await an event"),
    }
)
CADENCES_IN_SHORT: Final[Mapping[Cadence, str]] = MappingProxyType(
    {
        Cadence.CLOSE: N_("close"),
        Cadence.STANDARD: N_("standard"),
        Cadence.LIGHT: N_("light"),
        Cadence.AWAIT: N_("await"),
    }
)
FACT_KINDS: Final[Mapping[FactKind, str]] = MappingProxyType(
    {
        FactKind.JOB_START: N_("starts in a job"),
        FactKind.REHIRE: N_("promised rehiring"),
        FactKind.WEATHER_LAYOFF: N_("laid off by the weather"),
        FactKind.WORK_SHARING: N_("work-sharing"),
        FactKind.EDUCATION_START: N_("starts in education"),
        FactKind.PARENTAL_LEAVE: N_("parental leave"),
        FactKind.PENSION: N_("pension"),
        FactKind.EXAMINATION: N_("medical examination"),
        FactKind.MEDICAL_RECORD: N_("medical record"),
        FactKind.MEDICAL_CERTIFICATE: N_("medical certificate"),
        FactKind.TREATMENT: N_("treatment"),
        FactKind.RECOVERY: N_("expected recovery"),
        FactKind.PLACEMENT: N_("placement in a company"),
        FactKind.HOLIDAY: N_("holiday"),
        FactKind.ABSENCE: N_("absence"),
        FactKind.BUSINESS_PLAN: N_("business plan"),
        FactKind.WANTS_MORE_CONTACT: N_("wants more contact"),
        FactKind.DEATH: N_("death"),
        FactKind.OTHER: N_("other fact"),
    }
)
#: For a list that nobody is in.
HOW_TO_BEGIN: Final = N_(
    "Take your list in with “planner import FILE”, or look at invented citizens with “planner demo”."
)
BUCKETS: Final[Mapping[Bucket, str]] = MappingProxyType(
    {
        Bucket.ENDED: N_("Ended"),
        Bucket.EXEMPT: N_("Exempt"),
        Bucket.BOOKED_TODAY: N_("Booked today"),
        Bucket.OVERDUE: N_("Overdue"),
        Bucket.AFTER_NO_SHOW: N_("After a no-show"),
        Bucket.EVENT_PASSED: N_("Event has passed"),
        Bucket.DECIDE_NOW: N_("Decide now"),
        Bucket.SCREEN: N_("To be screened"),
        Bucket.UNPLACED: N_("No free slot"),
        Bucket.BOOKED: N_("Booked ahead"),
        Bucket.WAITING: N_("Waiting"),
        Bucket.PROPOSED: N_("Proposed"),
        Bucket.NO_DUTY: N_("No date required"),
    }
)
WINDOW_KINDS: Final[Mapping[WindowKind, str]] = MappingProxyType(
    {
        WindowKind.RECURRING: N_("recurring"),
        WindowKind.QUOTA: N_("number of conversations"),
        WindowKind.MILESTONE: N_("fixed date"),
        WindowKind.ITEM: N_("point to cover"),
        WindowKind.NEED: N_("by need"),
    }
)
WINDOW_STATUSES: Final[Mapping[WindowStatus, str]] = MappingProxyType(
    {
        WindowStatus.DUE: N_("to be held"),
        WindowStatus.COVERED: N_("covered by a booking"),
        WindowStatus.MET: N_("met"),
        WindowStatus.MISSED: N_("missed"),
        WindowStatus.LIFTED: N_("lifted by an experiment"),
        WindowStatus.DISCRETIONARY: N_("may, not must"),
    }
)
CONFIDENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "adopted": N_("adopted law"),
        "described_before_adoption": N_("described before adoption"),
        "unverified": N_("not verified"),
    }
)
EXPERIMENT_CONFIDENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "adopted": N_("verified"),
        "described_before_adoption": N_("described before it was adopted"),
        "unverified": N_("not verified"),
    }
)
THEMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "conversations": N_("Conversations and contact"),
        "team_and_certificates": N_("Rehabilitation team and certificates"),
        "employers": N_("Cooperation with employers"),
        "new_measures": N_("New measures"),
    }
)
EXPERIMENT_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {"approved": N_("approved"), "applied": N_("applied for")}
)


FINDINGS: Final[Mapping[Finding, str]] = MappingProxyType(
    {Finding.YES: N_("yes"), Finding.NO: N_("no"), Finding.NOT_RELEVANT: N_("not relevant")}
)
WEEKDAY_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mon": N_("Monday"),
        "tue": N_("Tuesday"),
        "wed": N_("Wednesday"),
        "thu": N_("Thursday"),
        "fri": N_("Friday"),
    }
)
#: As they stand in a sentence, from Monday on.
WEEKDAYS: Final = (
    N_("Mondays"),
    N_("Tuesdays"),
    N_("Wednesdays"),
    N_("Thursdays"),
    N_("Fridays"),
    N_("Saturdays"),
    N_("Sundays"),
)


def person(citizen: Citizen) -> str:
    """A citizen where the eye has no row to follow: the name as it may be seen, and the id."""
    own = f"({citizen.id})"
    return citizen.shown_name if citizen.mask.endswith(own) else f"{citizen.shown_name} {own}"


def channel(value: Channel) -> str:
    """The name of a channel."""
    return CHANNELS[value]


def counterpart(value: Counterpart) -> str:
    """Whom the citizen meets."""
    return COUNTERPARTS[value]


def status(value: Status) -> str:
    """What became of a conversation."""
    return STATUSES[value]


#: How it can stand with a citizen, as the filter of today's list calls it.
STANDINGS: Mapping[str, str] = {"mine": N_("mine to decide"), "overdue": N_("overdue"), "waiting": N_("waiting")}


def target_group(value: TargetGroup) -> str:
    """The name of a target group, with its number."""
    return TARGET_GROUPS[value]


def cadence(value: Cadence | None) -> str:
    """The name of a cadence; without one the citizen is not screened."""
    return N_("not screened") if value is None else CADENCES[value]


def weeks_between(value: Cadence) -> int | None:
    """The weeks between conversations where no experiment sets others; None for a cadence that awaits."""
    # As the rules have them; said again, since they need not be loaded to print a help.
    return {Cadence.CLOSE: 2, Cadence.STANDARD: 6, Cadence.LIGHT: 13}.get(value)


def fact_kind(value: FactKind) -> str:
    """The name of a kind of fact."""
    return FACT_KINDS[value]


def bucket(value: Bucket) -> str:
    """The heading of a group in today's list."""
    return BUCKETS[value]


def window_kind(value: WindowKind) -> str:
    """What sort of demand a window is."""
    return WINDOW_KINDS[value]


def window_status(value: WindowStatus) -> str:
    """How a window stands."""
    return WINDOW_STATUSES[value]


def confidence(value: str) -> str:
    """How sure a rule is."""
    return CONFIDENCES[value]


def experiment_confidence(value: str) -> str:
    """How sure it is what an experiment says."""
    return EXPERIMENT_CONFIDENCES[value]


def theme(value: str) -> str:
    """The evaluation's theme of an experiment."""
    return THEMES[value]


def experiment_status(value: str) -> str:
    """Whether an experiment was approved."""
    return EXPERIMENT_STATUSES[value]
