"""Whom the demo shows: one line a situation, in days from today (past negative), so that any day shows all of them."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.citizens import Cadence, FactKind, TargetGroup
from planner.domain.conversations import TALKING, Channel, Counterpart, Status

FactAt = tuple[FactKind, int, int | None, bool]
Talk = tuple[int, Status, Counterpart]

CASEWORKER = Counterpart.CASEWORKER
CLOSE, STANDARD, LIGHT, AWAIT = Cadence.CLOSE, Cadence.STANDARD, Cadence.LIGHT, Cadence.AWAIT
PHONE, DIGITAL, IN_PERSON = Channel.PHONE, Channel.DIGITAL, Channel.IN_PERSON


@dataclass(frozen=True, slots=True)
class Situation:
    """One invented case. `held` are days of conversations with the caseworker, `others` of all else that happened.

    `booked` are days of conversations to come (0 is today, others are moved to the next free working day).
    `count` is how many such citizens there are; their days differ a little where `spread` is not 0.
    """

    group: TargetGroup
    spell: int
    cadence: Cadence | None = None
    held: tuple[int, ...] = ()
    others: tuple[Talk, ...] = ()
    booked: tuple[int, ...] = ()
    facts: tuple[FactAt, ...] = ()
    channels: tuple[Channel, ...] = TALKING
    preferred: Channel | None = None
    interpreter: str | None = None
    away: tuple[int, int] | None = None
    busy_mornings: tuple[int, ...] = ()
    handover: int | None = None
    exempt: str | None = None
    count: int = 1
    spread: int = 0


def no_show(day: int) -> Talk:
    """A conversation to which nobody came."""
    return day, Status.NO_SHOW, CASEWORKER


def called_off(day: int) -> Talk:
    """A conversation that the citizen cancelled."""
    return day, Status.CANCELLED_BY_CITIZEN, CASEWORKER


def put_off(day: int) -> Talk:
    """A conversation that the office cancelled."""
    return day, Status.CANCELLED_BY_US, CASEWORKER


def with_other(day: int, counterpart: Counterpart) -> Talk:
    """A conversation held by somebody else."""
    return day, Status.HELD, counterpart


_G, _F = TargetGroup, FactKind

#: What the flexible experiments and the law's exceptions are about.
EVENTS: tuple[Situation, ...] = (
    Situation(_G.INSURED, -130, LIGHT, (-60, -25), facts=((_F.JOB_START, 24, None, True),)),
    Situation(_G.INSURED, -150, STANDARD, (-75, -31), facts=((_F.JOB_START, 20, None, False),)),
    Situation(_G.INSURED, -120, None, (-50, -20), facts=((_F.REHIRE, 98, None, True),)),
    Situation(_G.INSURED, -140, AWAIT, (-45,), facts=((_F.REHIRE, 75, None, True),), count=2, spread=6),
    Situation(_G.INSURED, -110, None, (-12,), facts=((_F.WEATHER_LAYOFF, -5, 30, True),)),
    Situation(_G.INSURED, -125, None, (-30,), facts=((_F.WORK_SHARING, -20, 40, True),)),
    Situation(_G.INSURED, -160, LIGHT, (-90, -40), facts=((_F.EDUCATION_START, 30, None, True),)),
    Situation(_G.JOB_READY, -100, STANDARD, (-70, -30), facts=((_F.PARENTAL_LEAVE, 25, 210, True),)),
    Situation(_G.JOB_READY, -90, STANDARD, (-60, -28), facts=((_F.PENSION, 33, None, True),)),
    Situation(_G.ACTIVITY_READY, -200, AWAIT, (-80, -35), facts=((_F.EXAMINATION, 16, None, True),)),
    Situation(
        _G.JOB_CLARIFICATION,
        -300,
        AWAIT,
        (-120, -48),
        facts=((_F.MEDICAL_CERTIFICATE, -270, None, True), (_F.MEDICAL_RECORD, 21, None, True)),
    ),
    Situation(_G.RESOURCE_COURSE, -500, AWAIT, (-140, -55), facts=((_F.TREATMENT, -30, 45, True),)),
    Situation(_G.SICKNESS, -70, AWAIT, (-40,), facts=((_F.RECOVERY, 18, None, True),)),
    Situation(_G.SICKNESS, -95, AWAIT, (-50,), facts=((_F.TREATMENT, -10, 28, True),)),
    Situation(_G.SICKNESS, -60, STANDARD, (-33,), facts=((_F.EXAMINATION, 9, None, False),)),
    Situation(
        _G.INTEGRATION, -210, STANDARD, (-140, -62), facts=((_F.PLACEMENT, -25, 35, True),), interpreter="arabisk"
    ),
    Situation(_G.JOB_READY, -85, STANDARD, (-55, -26), facts=((_F.HOLIDAY, 5, 19, True),)),
    Situation(_G.INSURED, -135, STANDARD, (-58, -27), facts=((_F.ABSENCE, -2, 12, False),)),
    Situation(_G.JOB_READY, -95, STANDARD, (-65, -34), facts=((_F.BUSINESS_PLAN, -30, None, True),)),
    Situation(_G.ACTIVITY_READY, -240, LIGHT, (-61, -16), facts=((_F.WANTS_MORE_CONTACT, -20, None, False),)),
    Situation(_G.RESOURCE_COURSE, -400, LIGHT, (-90, -12), facts=((_F.WANTS_MORE_CONTACT, -15, None, False),)),
    Situation(_G.JOB_READY, -120, STANDARD, (-44,), facts=((_F.OTHER, 12, None, False),)),
)

#: What has happened and wants an answer.
UNANSWERED: tuple[Situation, ...] = (
    Situation(_G.INSURED, -150, STANDARD, (-45,), facts=((_F.JOB_START, -6, None, True),)),
    Situation(_G.SICKNESS, -120, STANDARD, (-40,), facts=((_F.RECOVERY, -4, None, False),)),
    Situation(_G.JOB_CLARIFICATION, -280, AWAIT, (-50,), facts=((_F.EXAMINATION, -3, None, True),)),
    Situation(_G.INSURED, -145, STANDARD, (-36,), others=(no_show(-3),), count=2, spread=2),
    Situation(_G.EDUCATION_READY, -160, CLOSE, (-12,), others=(no_show(-2), no_show(-20))),
    Situation(_G.JOB_READY, -130, STANDARD, (-38,), others=(called_off(-4),)),
    Situation(_G.ACTIVITY_READY, -170, STANDARD, (-37,), others=(put_off(-5),)),
    Situation(_G.JOB_READY, -140, STANDARD, (-41,), others=((-1, Status.BOOKED, CASEWORKER),)),
    Situation(_G.DISABILITY_PENSION, -900, None, (-300,), facts=((_F.DEATH, -9, None, True),)),
)

#: Who must not be forgotten.
PRESSING: tuple[Situation, ...] = (
    Situation(_G.INSURED, -200, LIGHT, (-94,), count=2, spread=3),
    Situation(_G.ACTIVITY_READY, -260, STANDARD, (-70,), count=2, spread=4),
    Situation(_G.INTEGRATION, -300, STANDARD, (-110,), interpreter="tigrinya"),
    Situation(_G.SICKNESS, -140, CLOSE, (-26,)),
    Situation(_G.INSURED, -180, STANDARD, (-62,), count=3, preferred=PHONE),
    Situation(_G.EDUCATION_ACTIVITY_READY, -190, CLOSE, (-20,), channels=(PHONE, IN_PERSON), count=2),
    Situation(_G.RESOURCE_COURSE, -600, LIGHT, (-89,), preferred=IN_PERSON),
    Situation(_G.JOB_READY, -155, STANDARD, (-35,), away=(-3, 70)),
    Situation(_G.REHABILITATION, -210, STANDARD, (-36,), away=(-1, 64)),
)

#: Who is new, or has just come over from the a-kasse.
NEW: tuple[Situation, ...] = (
    Situation(_G.JOB_READY, -9, None, count=3, spread=1),
    Situation(_G.ACTIVITY_READY, -8, None, count=2, spread=1, interpreter="ukrainsk"),
    Situation(_G.JOB_CLARIFICATION, -9, None),
    Situation(_G.SICKNESS, -8, None, count=2, preferred=PHONE),
    Situation(
        _G.INSURED, -100, None, handover=-9, others=(with_other(-70, Counterpart.A_KASSE),), count=2, preferred=DIGITAL
    ),
    Situation(_G.INSURED, -30, None, others=(with_other(-14, Counterpart.A_KASSE),), count=2, spread=8),
    Situation(_G.INTEGRATION, -20, None, interpreter="polsk"),
)

#: What is booked, today and later.
BOOKED: tuple[Situation, ...] = (
    Situation(_G.INSURED, -140, STANDARD, (-42,), booked=(0,)),
    Situation(_G.JOB_READY, -110, STANDARD, (-40,), booked=(0,), preferred=PHONE),
    Situation(_G.SICKNESS, -90, STANDARD, (-39,), booked=(0,), interpreter="arabisk"),
    Situation(_G.INSURED, -165, STANDARD, (-39,), booked=(4,), count=3, spread=3),
    Situation(_G.ACTIVITY_READY, -220, CLOSE, (-13,), booked=(3,), count=2, spread=2),
    Situation(_G.RESOURCE_COURSE, -700, LIGHT, (-80,), booked=(9,), count=2, preferred=IN_PERSON),
    Situation(_G.INTEGRATION, -400, STANDARD, (-80,), booked=(8,), interpreter="farsi"),
    Situation(_G.FLEX_JOB, -60, STANDARD, (-30,), booked=(12,)),
)

#: Who needs nothing now, and who is exempted.
AT_REST: tuple[Situation, ...] = (
    Situation(_G.DISABILITY_PENSION, -1500, None, (-400,), count=2, spread=40),
    Situation(_G.YOUNG, -50, None),
    Situation(_G.SELF_SUPPORTING, -80, None),
    Situation(_G.FLEX_JOB, -75, STANDARD, (-50,), exempt="Har selv aftale om fleksjob, følges pr. telefon ved behov"),
    Situation(_G.JOB_READY, -70, LIGHT, (-48,), exempt="Søger bredt og får jævnligt vikariater"),
    Situation(_G.INSURED, -125, LIGHT, (-20,), handover=-34, exempt="Har mundtligt tilsagn om job"),
    Situation(_G.FLEX_JOB, -620, STANDARD, (-200, -45), count=2, spread=9),
)

#: The many whose next conversation is simply to be found.
ORDINARY: tuple[Situation, ...] = (
    Situation(_G.INSURED, -150, STANDARD, (-75, -33), count=9, spread=12),
    Situation(_G.INSURED, -240, LIGHT, (-150, -60), count=5, spread=14, preferred=DIGITAL),
    Situation(_G.JOB_READY, -130, STANDARD, (-66, -30), count=7, spread=11),
    Situation(_G.JOB_READY, -400, LIGHT, (-130, -55), count=3, spread=15, busy_mornings=(0, 2)),
    Situation(_G.ACTIVITY_READY, -350, CLOSE, (-25, -9), count=3, spread=3),
    Situation(_G.EDUCATION_READY, -120, STANDARD, (-60, -27), count=3, spread=9, preferred=DIGITAL),
    Situation(_G.SICKNESS, -110, STANDARD, (-70, -28), count=4, spread=9, preferred=PHONE),
    Situation(_G.JOB_CLARIFICATION, -260, STANDARD, (-90, -31), count=3, spread=9),
    Situation(_G.RESOURCE_COURSE, -800, LIGHT, (-150, -58), count=3, spread=13),
    Situation(_G.FLEX_JOB, -90, STANDARD, (-62, -21), count=3, spread=8),
    Situation(_G.REHABILITATION, -200, STANDARD, (-80, -29), count=2, spread=8),
    Situation(_G.INTEGRATION, -330, STANDARD, (-120, -45), count=3, spread=10, interpreter="somali"),
)

SITUATIONS = (*EVENTS, *UNANSWERED, *PRESSING, *NEW, *BOOKED, *AT_REST, *ORDINARY)
