"""Single observations: what happened with one citizen on one day, for one measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from planner.domain.citizens import Citizen
from planner.domain.conversations import Status
from planner.domain.naming import names_somebody
from planner.domain.periods import Period
from planner.domain.records import Record
from planner.domain.text import visible
from planner.evaluation.course import Deadline, course
from planner.evaluation.evidence import Evidence, Span, active, talks_in
from planner.locale import N_
from planner.progress import Reach, unwatched
from planner.rules.assessment import assess
from planner.rules.fixed_rhythm import demanded
from planner.rules.law_facts import exempted_by_decision, in_first_months
from planner.rules.windows import WindowStatus

MEASURING = N_("Measuring…")
#: Medical certificates are known by the code of their form.
_CERTIFICATE = "LÆ"
_CHANGED: Final[Mapping[object, str]] = MappingProxyType(
    {"time": "time", "channel": "channel", "time_and_channel": "time_and_channel"}
)
_BOOKED = frozenset({"accept", "accept_instead"})
#: The part of a reason that names somebody: it is counted, and told nowhere.
NAMING = "(naming)"


@dataclass(frozen=True, slots=True)
class Observation:
    """An amount of a measure, of one citizen on one day; `part` divides the measure (a channel, a reason)."""

    measure: str
    citizen: Citizen
    on: date
    amount: float = 1
    part: str = ""


def observe(evidence: Evidence, span: Span, reach: Reach = unwatched) -> tuple[Observation, ...]:
    """Everything that is measured in the span; raises InputError where rules are missing for it."""
    records: dict[str, list[Record]] = {}
    for record in evidence.records:
        records.setdefault(record.citizen_id, []).append(record)
    people = evidence.caseload.citizens
    is_naming = names_somebody([*(one.name for one in people), evidence.caseload.contact.name])
    found: list[Observation] = []
    for number, citizen in enumerate(people):
        reach(MEASURING, number, len(people))
        found += _talks(citizen, span)
        found += _decisions(citizen, [r for r in records.get(citizen.id, ()) if r.at.date() in span], is_naming)
        running = active(citizen, span)
        if running is not None:
            found += _deadlines(evidence, citizen, span)
            found += _fixed_rhythm(evidence, citizen, running)
            found += _certificates(evidence, citizen, running)
            found += _month_by_month(evidence, citizen, span, running)
    return tuple(found)


def _talks(citizen: Citizen, span: Span) -> Iterator[Observation]:
    for talk in talks_in(citizen, span, Status.HELD):
        yield Observation("held", citizen, talk.on, part=talk.channel.value)
        if talk.has_time:
            yield Observation("minutes", citizen, talk.on, talk.minutes)
    for talk in talks_in(citizen, span, Status.NO_SHOW):
        yield Observation("no_shows", citizen, talk.on)


def _decisions(citizen: Citizen, records: list[Record], is_naming: Callable[[str], bool]) -> Iterator[Observation]:
    for record in records:
        on, outcome = record.at.date(), record.detail.get("proposal")
        if record.verb == "postpone":
            reason = " ".join(visible(str(record.detail.get("reason", ""))).split())
            yield Observation("postponed", citizen, on, part=NAMING if is_naming(reason) else reason.casefold())
        if record.verb not in _BOOKED or outcome == "none":
            continue
        if outcome == "as_proposed":
            yield Observation("accepted", citizen, on)
        elif outcome in _CHANGED:
            yield Observation("changed", citizen, on, part=_CHANGED[outcome])
        else:
            yield Observation("unrecorded", citizen, on)
        covers = record.detail.get("covers")
        if isinstance(covers, int) and covers > 1:
            yield Observation("merged", citizen, on)


def _deadlines(evidence: Evidence, citizen: Citizen, span: Span) -> Iterator[Observation]:
    for event in course(evidence, citizen, span):
        if isinstance(event, Deadline):
            yield Observation("deadlines_met" if event.met else "deadlines_missed", citizen, event.on)
        else:
            yield Observation("days_from_need", citizen, event.on, event.days)


def _fixed_rhythm(evidence: Evidence, citizen: Citizen, running: Span) -> Iterator[Observation]:
    """What the law alone would have demanded, first to first beside what was held."""
    start = replace(evidence.caseload, today=running.first, citizens=())
    known = evidence.known(citizen, running.first, held_today=False)
    wanted = demanded(start, known, evidence.rules, running.last)
    held = talks_in(citizen, running, Status.HELD)
    for talk in wanted:
        yield Observation("fixed_demanded", citizen, talk.on)
    for talk in wanted[len(held) :]:
        yield Observation("not_held", citizen, talk.on)
        yield Observation("freed_hours", citizen, talk.on, talk.minutes / 60)
    for more in held[len(wanted) :]:
        yield Observation("beyond", citizen, more.on)
        if more.has_time:
            yield Observation("beyond_hours", citizen, more.on, more.minutes / 60)


def _certificates(evidence: Evidence, citizen: Citizen, running: Span) -> Iterator[Observation]:
    """Certificates of the law that an experiment left to judgement and that were not obtained in time.

    A certificate that was obtained in time may be noted later than that.
    """
    for pack in evidence.rules.packs:
        for rule in pack.requirements:
            if not (rule.code or "").startswith(_CERTIFICATE) or citizen.target_group not in rule.groups or not rule.at:
                continue
            latest = Period.parse(rule.at).after(citizen.spell_start)
            if latest not in running or evidence.rules.law_on(latest) is not pack:
                continue
            case = replace(evidence.caseload, today=latest, citizens=())
            known = evidence.known(citizen, latest)
            facts = tuple(fact for fact in citizen.facts if fact in known.facts or fact.kind in rule.answered_by)
            windows = assess(case, replace(known, facts=facts), evidence.rules).windows
            free = (WindowStatus.LIFTED, WindowStatus.DISCRETIONARY)
            if any(w.requirement == rule.id and w.latest == latest and w.status in free for w in windows):
                yield Observation("certificates", citizen, latest)


def _month_by_month(evidence: Evidence, citizen: Citizen, span: Span, running: Span) -> Iterator[Observation]:
    contacts = [talk.on for talk in citizen.held_in_spell() if talk.on <= running.last]
    for before, on in zip([citizen.spell_start, *contacts], contacts, strict=False):
        if on in running:
            yield Observation("longest_gap", citizen, on, (on - before).days)
    for month in running.months():
        day = month.last
        yield Observation("citizens", citizen, day)
        since = max([citizen.spell_start, *(on for on in contacts if on <= day)])
        yield Observation("longest_gap", citizen, day, (day - since).days)
    for day in (month.last for month in span.months() if month.last in running):
        pack = evidence.rules.law_on(day)
        if pack.exemption_share is not None and in_first_months(citizen, pack, day):
            yield Observation("exempted_share", citizen, day, float(exempted_by_decision(citizen, pack, day)))
