"""One caseworker's office, week by week: each Monday it plans and books, and then the week happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from planner.domain.caseload import Caseload, Caseworker, Hours, PlanSettings
from planner.domain.citizens import Cadence, Citizen
from planner.domain.conversations import Channel, Conversation, Status
from planner.domain.periods import Period
from planner.evaluation.simulation.fates import Fate, no_show
from planner.evaluation.simulation.parameters import Parameters
from planner.evaluation.simulation.policies import Policy, is_by_need, is_on_need
from planner.evaluation.simulation.tally import Tally
from planner.planning.engine.placing import place
from planner.planning.posing import problem_of
from planner.planning.problem import Placed, carried
from planner.rules.assessment import Assessment, adopted_on, assess
from planner.rules.ruleset import RuleSet
from planner.rules.windows import Window, WindowKind, WindowStatus

WEEK = timedelta(days=7)
_MORNING = 8 * 60
_WORKING_DAYS = 5
#: A job that starts within so many days of a conversation counts as about to start.
SOON = 14
#: From this many minutes a day on there is a break at noon.
_WITH_BREAK = 240
_NOON, _AFTER_NOON = time(12), time(12, 30)


def office(parameters: Parameters, start: date) -> Caseload:
    """The caseworker's week and the lengths of conversations, with nobody on the caseload yet."""
    own = parameters.office
    minutes = round(own.hours_per_week.value * 60 / _WORKING_DAYS)
    broken = minutes > _WITH_BREAK
    end = min(24 * 60 - 1, _MORNING + minutes + 30 * broken)
    hours = tuple(Hours(day, _clock(_MORNING), _clock(end)) for day in range(_WORKING_DAYS))
    breaks = tuple(Hours(day, _NOON, _AFTER_NOON) for day in range(_WORKING_DAYS)) if broken else ()
    lengths = {
        Channel.PHONE: own.phone_minutes.value,
        Channel.DIGITAL: own.digital_minutes.value,
        Channel.IN_PERSON: own.in_person_minutes.value,
    }
    settings = PlanSettings(minutes=lengths, horizon_weeks=own.horizon_weeks.value)
    return Caseload(start, "", caseworker=Caseworker(working_hours=hours, breaks=breaks), settings=settings)


@dataclass(slots=True)
class _Case:
    """A citizen on the caseload: her fate, what is known of her, and what is counted of her.

    `deadlines`: the latest days that were still to come on Monday.
    """

    fate: Fate
    citizen: Citizen
    begun: date
    takes_part: bool
    known: int = 0
    attempts: int = 0
    longest: int = 0
    unmet: list[date] = field(default_factory=list)
    deadlines: tuple[date, ...] = ()

    @property
    def last_contact(self) -> date:
        """The day of the last conversation, or else the day on which the office became responsible."""
        held = self.citizen.held_in_spell()
        return max(self.begun, held[-1].on) if held else self.begun


@dataclass(slots=True)
class Office:
    """The simulation of one caseload under one policy.

    `absent`: days on which the caseworker is ill; `counted_from`: what happens before that Monday is not counted.
    """

    key: str
    parameters: Parameters
    rules: RuleSet
    policy: Policy
    base: Caseload
    fates: Sequence[Fate]
    absent: frozenset[date] = frozenset()
    counted_from: date = date.min
    tally: Tally = field(default_factory=Tally)
    _cases: dict[str, _Case] = field(default_factory=dict)
    _missed: set[tuple[str, str, date]] = field(default_factory=set)
    _coming: list[Fate] = field(init=False)

    def __post_init__(self) -> None:
        self._coming = sorted(self.fates, key=lambda fate: (fate.enters, fate.id), reverse=True)

    def run(self, weeks: int) -> Tally:
        """Simulate so many weeks from the base's day, a Monday, on."""
        for number in range(weeks):
            monday = self.base.today + number * WEEK
            self.plan(monday)
            self._happen(monday)
        self._finish(self.base.today + weeks * WEEK)
        return self.tally

    def caseload(self, monday: date) -> Caseload:
        """The caseload as it is known on that Monday, without adoptions."""
        self._let_go(monday)
        self._let_in(monday)
        for case in self._cases.values():
            self._learn(case, monday)
        citizens = tuple(self._cases[who].citizen for who in sorted(self._cases))
        return replace(self.base, today=monday, citizens=citizens)

    def plan(self, monday: date) -> None:
        """Plan the caseload anew, and book whatever could not be summoned for in time a week later."""
        caseload = self.caseload(monday)
        assessments = self._assess(caseload)
        self._count_missed(assessments, monday)
        caseload = replace(caseload, citizens=tuple(a.citizen for a in assessments))
        placement = place(problem_of(caseload, assessments, None)).placement
        for placed in placement.placed:
            slot = placed.slot
            if slot is not None and slot.on < caseload.settings.notice[slot.channel].after(monday + WEEK):
                self._book(placed, monday)

    def _assess(self, caseload: Caseload) -> tuple[Assessment, ...]:
        """What the rules say of everybody; a booking with somebody who is exempt by now is called off."""
        adopting = replace(caseload, adoptions=self.policy.adoptions)
        adopted, law = adopted_on(adopting, self.rules), self.rules.law_on(caseload.today)
        found = []
        for citizen in caseload.citizens:
            case = self._cases[citizen.id]
            under = adopting if case.takes_part else caseload
            assessment = assess(under, citizen, self.rules, beside=False)
            if assessment.exempt and citizen.booked():
                self._call_off(case, caseload.today)
                assessment = assess(under, case.citizen, self.rules, beside=False)
            found.append(assessment)
            latest = (window.latest for window in filter(_is_deadline, assessment.windows))
            case.deadlines = tuple(day for day in latest if day >= caseload.today)
            self._screen(case, (case.takes_part and is_by_need(citizen, adopted)) or is_on_need(assessment, law))
        return tuple(found)

    def _screen(self, case: _Case, by_need: bool) -> None:
        """Set the cadence of somebody who has been talked with, as far as need was seen; from the next plan on."""
        citizen = case.citizen
        if by_need and citizen.cadence is None and citizen.held_in_spell():
            cadence = case.fate.need if case.fate.screened_right else Cadence.STANDARD
            case.citizen = replace(citizen, cadence=cadence)

    def _book(self, placed: Placed, monday: date) -> None:
        slot, case = placed.slot, self._cases[placed.job.citizen.id]
        assert slot is not None
        items = tuple(window.requirement for window in carried(placed.job, slot.on, slot.channel))
        talk = Conversation(slot.on, _clock(slot.start), slot.minutes, slot.channel, agenda=items)
        case.citizen = replace(case.citizen, conversations=(*case.citizen.conversations, talk))
        self.tally.booked += 1

    def _happen(self, monday: date) -> None:
        """The week's conversations in their order: held, missed, or called off."""
        end, used = monday + WEEK, 0
        talks = [(talk, case) for case in self._cases.values() for talk in case.citizen.booked() if talk.on < end]
        for talk, case in sorted(talks, key=lambda pair: (pair[0].on, pair[0].start)):
            status = self._outcome(case, talk)
            self._record(case, talk, status)
            if status in (Status.HELD, Status.NO_SHOW, Status.CANCELLED_BY_CITIZEN):
                used += talk.minutes
        if monday >= self.counted_from:
            self.tally.minutes += used
            self.tally.weeks.append((used, self._open_minutes(monday)))
            for fate in (case.fate for case in self._cases.values()):
                self.tally.citizen_days += (min(fate.leaves or end, end) - monday).days

    def _outcome(self, case: _Case, talk: Conversation) -> Status:
        fate = case.fate
        if (fate.leaves is not None and fate.leaves <= talk.on) or talk.on in self.absent:
            return Status.CANCELLED_BY_US
        if fate.is_ill(talk.on):
            return Status.CANCELLED_BY_CITIZEN
        case.attempts += 1
        share = self.parameters.attendance.no_show.value
        return Status.NO_SHOW if no_show(self.key, fate.id, case.attempts, share) else Status.HELD

    def _record(self, case: _Case, talk: Conversation, status: Status) -> None:
        if status is Status.HELD:
            self._met(case, talk.on)
            leaves = case.fate.leaves
            if case.fate.to_job and leaves is not None and talk.on >= self.counted_from:
                self.tally.soon_in_job += (leaves - talk.on).days <= SOON
        counted = talk.on >= self.counted_from
        self.tally.held += counted and status is Status.HELD
        self.tally.no_shows += counted and status is Status.NO_SHOW
        self.tally.called_off_ill += counted and status is Status.CANCELLED_BY_CITIZEN
        self.tally.called_off_by_us += counted and status is Status.CANCELLED_BY_US
        told = tuple(replace(one, status=status) if one is talk else one for one in case.citizen.conversations)
        case.citizen = replace(case.citizen, conversations=told)

    def _met(self, case: _Case, on: date) -> None:
        """A conversation ends the time without one, and answers the needs that have arisen."""
        self._count_missed_since_monday(case, on)
        case.longest = max(case.longest, self._gap(case, on))
        self._answer(case, on, reached=True)

    def _answer(self, case: _Case, on: date, *, reached: bool) -> None:
        answered = [day for day in case.unmet if day <= on]
        case.unmet = [day for day in case.unmet if day > on]
        self.tally.waits += [((on - day).days, reached) for day in answered if day >= self.counted_from]

    def _gap(self, case: _Case, on: date) -> int:
        return (on - case.last_contact).days if on >= self.counted_from else 0

    def _let_in(self, monday: date) -> None:
        while self._coming and self._coming[-1].enters <= monday:
            fate = self._coming.pop()
            if fate.leaves is not None and fate.leaves <= monday:
                self.tally.passed_by += 1
                continue
            self._cases[fate.id] = self._case(fate)
            self.tally.came += 1

    def _case(self, fate: Fate) -> _Case:
        begun = _responsible_from(fate, self.rules, self.base.today)
        talked = () if fate.talked_on is None or fate.talked_on < begun else (_earlier_talk(fate.talked_on),)
        citizen = Citizen(fate.id, "", fate.group, fate.enters, preferred_channel=fate.preferred, conversations=talked)
        arising = [begun] if fate.need is Cadence.CLOSE and not talked else []
        unmet = sorted([*arising, *(day for day in fate.needs if day >= begun)])
        return _Case(fate, citizen, begun, self.policy.takes_part(fate.lot), unmet=unmet)

    def _learn(self, case: _Case, monday: date) -> None:
        facts = case.fate.facts
        known = sum((fact.noted_on or fact.on) <= monday for fact in facts)
        if known != case.known:
            case.known = known
            case.citizen = replace(case.citizen, facts=facts[:known])

    def _let_go(self, monday: date) -> None:
        for who, case in list(self._cases.items()):
            leaves = case.fate.leaves
            if leaves is not None and leaves <= monday:
                self._call_off(case, monday)
                self._end(case, leaves)
                self.tally.left += 1
                del self._cases[who]

    def _finish(self, end: date) -> None:
        self._let_go(end)
        self.tally.remaining = len(self._cases)
        for case in self._cases.values():
            self.tally.still_booked += len(case.citizen.booked())
            self._end(case, end)

    def _end(self, case: _Case, on: date) -> None:
        self._count_missed_since_monday(case, on)
        self._answer(case, on, reached=False)
        # Whoever left before the municipality became responsible has no time without a conversation.
        if on > max(self.counted_from, case.begun):
            self.tally.gaps.append(max(case.longest, self._gap(case, on)))

    def _call_off(self, case: _Case, monday: date) -> None:
        for talk in case.citizen.booked():
            self._record(case, talk, Status.CANCELLED_BY_US)

    def _count_missed(self, assessments: Sequence[Assessment], day: date) -> None:
        """Each latest day that has passed unanswered by that day, once."""
        for assessment in assessments:
            for window in filter(_is_deadline, assessment.windows):
                key = (assessment.citizen.id, window.requirement, window.latest)
                late = window.status is WindowStatus.MISSED or window.latest < day
                if late and key not in self._missed:
                    self._missed.add(key)
                    self.tally.missed += window.latest >= self.counted_from

    def _count_missed_since_monday(self, case: _Case, day: date) -> None:
        """Count the latest days that a conversation, or the end, on `day` would hide from the next Monday."""
        if any(latest < day for latest in case.deadlines):
            under = replace(self.base, today=day, adoptions=self.policy.adoptions if case.takes_part else ())
            self._count_missed((assess(under, case.citizen, self.rules, beside=False),), day)

    def _open_minutes(self, monday: date) -> int:
        worker, calendar = self.base.caseworker, self.base.office
        days = [day for n in range(7) if calendar.is_open(day := monday + timedelta(days=n)) and day not in self.absent]
        hours, breaks = (
            sum(_length(one) for one in stretches for day in days if one.weekday == day.weekday())
            for stretches in (worker.working_hours, worker.breaks)
        )
        return hours - breaks


def _responsible_from(fate: Fate, rules: RuleSet, day: date) -> date:
    """The day from which the municipality holds the conversations: later than the spell where an a-kasse begins."""
    pack = rules.law_on(max(day, fate.enters))
    handed_over = any(r.starts == "handover" and fate.group in r.groups for r in pack.requirements)
    return Period.parse(pack.handover_after).after(fate.enters) if handed_over else fate.enters


def _is_deadline(window: Window) -> bool:
    """Whether its latest day is a duty that was missed or can be; an item rides along and is not counted."""
    missable = window.status in (WindowStatus.MISSED, WindowStatus.DUE, WindowStatus.COVERED)
    return missable and window.binding and window.kind is not WindowKind.ITEM


def _earlier_talk(on: date) -> Conversation:
    return Conversation(on, _NOON, 30, Channel.IN_PERSON, status=Status.HELD)


def _clock(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _length(stretch: Hours) -> int:
    return (stretch.end.hour - stretch.start.hour) * 60 + stretch.end.minute - stretch.start.minute
