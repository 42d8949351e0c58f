"""Caseload in, plan out: a pure function of its arguments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.periods import weeks
from planner.errors import RuleConflict
from planner.phrases import Phrase
from planner.planning.alternatives import alternatives
from planner.planning.capacity import capacity
from planner.planning.cost import UNPLACED_DAYS, WorkingDays
from planner.planning.diary import Diary, first_day
from planner.planning.engine.placing import Answer, place
from planner.planning.engine.solve import Thoroughness
from planner.planning.plan import (
    AdoptionUsed,
    Bucket,
    CitizenPlan,
    ExemptedShare,
    FixedRhythm,
    PackUsed,
    Plan,
    Proposal,
    Quality,
    Title,
)
from planner.planning.problem import (
    Demand,
    Earlier,
    Job,
    Placed,
    Placement,
    Problem,
    carried,
    channels_on,
    riding,
    units_of,
)
from planner.planning.reasons import why_here, why_nothing, why_slot, why_unplaced
from planner.planning.triage import bucket_of, points, ranked
from planner.planning.validator import violations
from planner.rules.assessment import Assessment, adopted_on, assess_all
from planner.rules.format import LawPack
from planner.rules.law_facts import exempted_by_decision, in_first_months
from planner.rules.resolution import Adopted, Conflict
from planner.rules.ruleset import RuleSet
from planner.rules.windows import Window, WindowKind, WindowStatus

_SILENT = frozenset({Bucket.ENDED, Bucket.EXEMPT})


def make_plan(
    caseload: Caseload,
    rules: RuleSet,
    previous: Plan | None = None,
    thoroughness: Thoroughness = Thoroughness.NEAR,
) -> Plan:
    """The plan for every citizen of the caseload; raises RuleConflict when adopted experiments disagree.

    Citizens are taken in the order of their ids, so the order of the file does not matter.
    """
    caseload = replace(caseload, citizens=tuple(sorted(caseload.citizens, key=lambda citizen: citizen.id)))
    pack, adopted = rules.law_on(caseload.today), adopted_on(caseload, rules)
    assessments = assess_all(caseload, rules)
    _raise_conflicts([conflict for a in assessments for conflict in a.conflicts])
    problem = _problem(caseload, assessments, previous)
    answer = place(problem, thoroughness)
    placement = answer.placement
    by_citizen: dict[str, list[Placed]] = {}
    for placed in placement.placed:
        by_citizen.setdefault(placed.job.citizen.id, []).append(placed)
    taken = problem.diary.copy()
    for placed in placement.placed:
        if placed.slot is not None:
            taken.book(placed.slot)
    share = exempted_share(caseload, pack)
    over_limit = share if share is not None and share.exempted > share.allowed else None
    parts = tuple(_part(problem, a, by_citizen.get(a.citizen.id, []), taken, over_limit) for a in assessments)
    buckets = {part.id: part.bucket for part in parts}
    slots = [placed.slot for placed in placement.placed if placed.slot is not None]
    plan = Plan(
        today=caseload.today,
        horizon_end=problem.horizon_end,
        municipality=caseload.municipality,
        packs=(PackUsed(pack.id, pack.version, pack.valid_from, pack.valid_to),),
        adoptions=tuple(_adoption(a, caseload.municipality) for a in adopted),
        citizens=parts,
        order=ranked([(a.citizen.id, buckets[a.citizen.id], points(caseload, a)) for a in assessments]),
        capacity=capacity(caseload, assessments, slots, problem.horizon_end),
        exempted_share=share,
        quality=_quality(problem, answer),
        certificate=answer.certificate,
        titles=_titles(pack, adopted),
    )
    return replace(plan, quality=replace(plan.quality, hard_violations=violations(caseload, plan, previous)))


def _raise_conflicts(conflicts: Sequence[Conflict]) -> None:
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for conflict in conflicts:
        first, second = (_named(adopted) for adopted in (conflict.first, conflict.second))
        grouped.setdefault((conflict.requirement, first, second), []).append(conflict.citizen_id)
    if grouped:
        raise RuleConflict(
            [
                Phrase(
                    "{requirement}: {first} and {second} change it in different ways; citizens: {citizens}",
                    requirement=requirement,
                    first=first,
                    second=second,
                    citizens=", ".join(citizens),
                )
                for (requirement, first, second), citizens in sorted(grouped.items())
            ]
        )


def _named(adopted: Adopted) -> str:
    last = adopted.adoption.last.isoformat() if adopted.adoption.last else ""
    return f"{adopted.experiment.id} ({adopted.adoption.first.isoformat()}–{last})"


def _problem(caseload: Caseload, assessments: Sequence[Assessment], previous: Plan | None) -> Problem:
    horizon_end = weeks(caseload.settings.horizon_weeks).after(caseload.today)
    earlier = _earlier(caseload, previous)
    demands = []
    for assessment in assessments:
        if assessment.ended or assessment.exempt:
            continue
        wanted = tuple(w for w in assessment.windows if w.is_need and w.earliest <= horizon_end)
        if wanted:
            items = tuple(w for w in assessment.windows if _is_open_item(w))
            citizen = assessment.citizen
            demands.append(Demand(citizen, units_of(wanted), items, earlier.get(citizen.id, ())))
    windows = [window for demand in demands for unit in demand.units for window in unit]
    dates = [d for w in windows for d in (w.earliest, w.target, w.latest)]
    held_as_if = caseload.office.working_days_after(horizon_end, UNPLACED_DAYS)
    wanting = {demand.citizen.id for demand in demands}
    return Problem(
        caseload=caseload,
        demands=tuple(demands),
        diary=Diary(caseload, caseload.today, horizon_end),
        working=WorkingDays.between(
            caseload.office, min([caseload.today, *dates]), max([held_as_if, horizon_end, *dates])
        ),
        horizon_end=horizon_end,
        held_as_if=held_as_if,
        withdrawn={name: len(entries) for name, entries in earlier.items() if entries and name not in wanting},
    )


def _is_open_item(window: Window) -> bool:
    return window.kind is WindowKind.ITEM and window.status is WindowStatus.DUE


def _earlier(caseload: Caseload, previous: Plan | None) -> Mapping[str, tuple[Earlier, ...]]:
    """What was proposed before for today or later and is not agreed on since."""
    if previous is None:
        return {}
    agreed = {(c.id, talk.on, talk.start_minute) for c in caseload.citizens for talk in c.booked()}
    return {
        part.id: tuple(
            Earlier(frozenset(p.covers), p.slot)
            for p in (part.proposal, *part.later)
            if p is not None and p.slot.on >= caseload.today and (part.id, p.slot.on, p.slot.start) not in agreed
        )
        for part in previous.citizens
    }


def _part(
    problem: Problem,
    assessment: Assessment,
    placed: Sequence[Placed],
    taken: Diary,
    over_limit: ExemptedShare | None,
) -> CitizenPlan:
    caseload = problem.caseload
    found = [p for p in placed if p.slot is not None]
    found.sort(key=lambda p: (p.slot.on, p.slot.start) if p.slot else (date.max, 0))
    proposals: list[Proposal] = []
    for entry in found:
        known = {requirement for proposal in proposals for requirement in proposal.covers}
        proposals.append(_proposal(problem, assessment, entry, taken, known))
    missing = [p for p in placed if p.slot is None]
    must = [p for p in missing if any(w.latest <= problem.horizon_end for w in p.job.windows)]
    reasons = tuple(why_unplaced(problem, p.job) for p in missing)
    return CitizenPlan(
        id=assessment.citizen.id,
        bucket=bucket_of(caseload, assessment, proposals, bool(must)),
        windows=assessment.windows,
        fixed_rhythm=FixedRhythm(assessment.fixed_latest, assessment.fixed_channel, assessment.fixed_requirement),
        proposal=proposals[0] if proposals else None,
        later=tuple(proposals[1:]),
        unplaced_because=() if proposals and not must else why_nothing(assessment, proposals, reasons),
        because=why_here(problem, assessment, proposals, over_limit),
        agenda=assessment.agenda,
        questions=assessment.questions,
        reason_required=assessment.reason_required,
        last_contact=assessment.last_contact,
    )


def _proposal(
    problem: Problem, assessment: Assessment, placed: Placed, taken: Diary, known: Collection[str]
) -> Proposal:
    slot, job = placed.slot, placed.job
    assert slot is not None
    items = tuple(w for w in carried(job, slot.on, slot.channel) if w.requirement not in known)
    concrete = weeks(problem.caseload.settings.concrete_weeks).after(problem.caseload.today)
    return Proposal(
        slot=slot,
        covers=tuple(dict.fromkeys(w.requirement for w in (*job.windows, *items))),
        agenda=tuple(dict.fromkeys((*(w.requirement for w in items), *assessment.agenda))),
        alternatives=alternatives(problem, riding(job, items), slot, taken),
        tentative=slot.on > concrete,
        because=why_slot(problem, placed, items),
        cost=placed.cost,
    )


def _adoption(adopted: Adopted, municipality: str) -> AdoptionUsed:
    experiment = adopted.experiment
    known = not experiment.municipalities or municipality in experiment.municipalities
    return AdoptionUsed(adopted.adoption, experiment.version, adopted.parameters, known)


def exempted_share(caseload: Caseload, pack: LawPack) -> ExemptedShare | None:
    """The count against the limit of the 2026 rule; None under a law without it."""
    rule = pack.exemption_share
    if rule is None:
        return None
    eligible = [c for c in caseload.citizens if in_first_months(c, pack, caseload.today)]
    exempted = sum(exempted_by_decision(c, pack, caseload.today) for c in eligible)
    share = round(exempted / len(eligible), 4) if eligible else 0.0
    allowed = len(eligible) * rule.limit_percent // 100
    return ExemptedShare(len(eligible), exempted, share, rule.limit_percent / 100, allowed)


@dataclass(frozen=True, slots=True)
class _Misses:
    unavoidable: int
    capacity: int


def _misses(problem: Problem, placement: Placement) -> _Misses:
    """Deadlines inside the horizon that the plan misses: unavoidable even alone, or for lack of capacity."""
    unavoidable = lacking = 0
    for placed in placement.placed:
        for window in placed.job.windows:
            if window.latest > problem.horizon_end or (placed.slot and placed.slot.on <= window.latest):
                continue
            if _possible_before(problem, placed.job.citizen, window):
                lacking += 1
            else:
                unavoidable += 1
    return _Misses(unavoidable, lacking)


def _possible_before(problem: Problem, citizen: Citizen, window: Window) -> bool:
    alone = Job(citizen, (window,))
    days = [day for day in problem.diary.open if window.earliest <= day <= window.latest]
    return any(
        problem.diary.starts(citizen, day, channel)
        for day in days
        for channel in channels_on(alone, day)
        if first_day(problem.caseload, channel) <= day
    )


def _quality(problem: Problem, answer: Answer) -> Quality:
    placement, bound = answer.placement, answer.lower_bound
    misses = _misses(problem, placement)
    gap = (placement.objective - bound) / max(1, bound)
    return Quality(
        objective=placement.objective,
        lower_bound=bound,
        gap=round(gap, 6),
        moved_since=_moved(problem, placement),
        late_unavoidable=misses.unavoidable,
        late_capacity=misses.capacity,
        engine=answer.engine,
        proven=placement.objective == bound,
    )


def _moved(problem: Problem, placement: Placement) -> int:
    """How many earlier proposals have another slot now, or none."""
    now = {(placed.job.citizen.id, placed.slot) for placed in placement.placed if placed.slot is not None}
    earlier = [(demand.citizen.id, one.slot) for demand in problem.demands for one in demand.earlier]
    return sum(entry not in now for entry in earlier) + sum(problem.withdrawn.values())


def _titles(pack: LawPack, adopted: Sequence[Adopted]) -> dict[str, Title]:
    titles = {r.id: Title(r.title.da, r.title.en) for r in pack.requirements}
    for entry in adopted:
        experiment = entry.experiment
        titles[experiment.id] = Title(experiment.title.da, experiment.title.en)
        titles |= {point.id: Title(point.title.da, point.title.en) for point in experiment.agenda}
    return titles
