"""From slots to the plan: each citizen's part with reasons and alternatives, the order, and how good the plan is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from planner.domain.caseload import Caseload
from planner.domain.periods import weeks
from planner.planning.alternatives import ALTERNATIVES, alternatives
from planner.planning.capacity import capacity
from planner.planning.diary import Diary
from planner.planning.engine.placing import Answer
from planner.planning.plan import (
    AdoptionUsed,
    CitizenPlan,
    ExemptedShare,
    FixedRhythm,
    PackUsed,
    Plan,
    Proposal,
    Quality,
    Title,
)
from planner.planning.problem import Placed, Placement, Problem, carried, riding
from planner.planning.reasons import why_here, why_nothing, why_slot, why_unplaced
from planner.planning.shortage import missed
from planner.planning.triage import bucket_of, points, ranked
from planner.rules.assessment import Assessment
from planner.rules.format import LawPack
from planner.rules.law_facts import exempted_by_decision, in_first_months
from planner.rules.resolution import Adopted


@dataclass(frozen=True, slots=True)
class Known:
    """Parts of an earlier plan that may be taken over: of citizens whose assessment is the very same.

    `changed` are the days on which the calendar is another one now. Alternatives are looked for again where they touch
    one of these; `anew`: everywhere, since other citizens' proposals may leave room now where they left none.
    """

    parts: Mapping[str, CitizenPlan] = field(default_factory=dict)
    points: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    changed: frozenset[date] = frozenset()
    anew: bool = True


def compose(
    problem: Problem,
    assessments: Sequence[Assessment],
    answer: Answer,
    pack: LawPack,
    adopted: Sequence[Adopted],
    known: Known,
) -> Plan:
    """The plan, not yet judged by the validator."""
    caseload, placement = problem.caseload, answer.placement
    by_citizen: dict[str, list[Placed]] = {}
    for placed in placement.placed:
        by_citizen.setdefault(placed.job.citizen.id, []).append(placed)
    slots = [placed.slot for placed in placement.placed if placed.slot is not None]
    taken = problem.diary.copy()
    for slot in slots:
        taken.book(slot)
    share = exempted_share(caseload, pack)
    over_limit = share if share is not None and share.exempted > share.allowed else None
    parts = tuple(
        _taken_over(problem, a, by_citizen.get(a.citizen.id, ()), taken, known)
        or _part(problem, a, by_citizen.get(a.citizen.id, ()), taken, over_limit)
        for a in assessments
    )
    places = zip(assessments, parts, strict=True)
    return Plan(
        today=caseload.today,
        horizon_end=problem.horizon_end,
        municipality=caseload.municipality,
        packs=(PackUsed(pack.id, pack.version, pack.valid_from, pack.valid_to),),
        adoptions=tuple(adoption_used(a, caseload.municipality) for a in adopted),
        citizens=parts,
        order=ranked([(part.id, part.bucket, known.points.get(part.id) or points(caseload, a)) for a, part in places]),
        capacity=capacity(caseload, assessments, slots, problem.horizon_end),
        exempted_share=share,
        quality=_quality(problem, answer),
        certificate=answer.certificate,
        titles=_titles(pack, adopted),
    )


def _taken_over(
    problem: Problem, assessment: Assessment, placed: Sequence[Placed], taken: Diary, known: Known
) -> CitizenPlan | None:
    """The known part with the alternatives that there are now; the same object where nothing about it is new."""
    part = _known_part(assessment, placed, known)
    if part is None or part.proposal is None:
        return part
    if not known.anew and not any(_is_touched(proposal, known) for proposal in (part.proposal, *part.later)):
        return part
    entries = sorted((p for p in placed if p.slot is not None), key=_begins)
    proposals, covered = list[Proposal](), set[str]()
    for proposal, entry in zip((part.proposal, *part.later), entries, strict=True):
        slot = proposal.slot
        if not known.anew and not _is_touched(proposal, known):
            proposals.append(proposal)
            covered.update(proposal.covers)
            continue
        items = tuple(w for w in carried(entry.job, slot.on, slot.channel) if w.requirement not in covered)
        others = alternatives(problem, riding(entry.job, items), slot, taken)
        proposals.append(proposal if others == proposal.alternatives else replace(proposal, alternatives=others))
        covered.update(proposal.covers)
    if all(new is old for new, old in zip(proposals, (part.proposal, *part.later), strict=True)):
        return part
    return replace(part, proposal=proposals[0], later=tuple(proposals[1:]))


def _begins(placed: Placed) -> tuple[date, int]:
    return (placed.slot.on, placed.slot.start) if placed.slot else (date.max, 0)


def _known_part(assessment: Assessment, placed: Sequence[Placed], known: Known) -> CitizenPlan | None:
    """The known part where everything that it says is still so."""
    part = known.parts.get(assessment.citizen.id)
    if part is None or assessment.exempt:
        return None
    found = [(entry.slot, entry) for entry in placed if entry.slot is not None]
    found.sort(key=lambda one: (one[0].on, one[0].start))
    proposals = ((part.proposal,) if part.proposal else ()) + part.later
    if [(p.slot, p.cost) for p in proposals] != [(slot, entry.cost) for slot, entry in found]:
        return None
    wanted = [{window.requirement for window in entry.job.windows} for _, entry in found]
    if any(not names <= set(p.covers) for p, names in zip(proposals, wanted, strict=True)):
        return None
    if len(found) < len(placed) and (known.changed or proposals) and not _may_wait(part):
        return None
    return part


def _is_touched(proposal: Proposal, known: Known) -> bool:
    """Whether the changed days may leave the proposal other alternatives."""
    if not known.changed:
        return False
    short = len(proposal.alternatives) < ALTERNATIVES
    return short or any(slot.on in known.changed for slot in (proposal.slot, *proposal.alternatives))


def _may_wait(part: CitizenPlan) -> bool:
    """Whether all that is left out may wait, whatever the calendar says."""
    return bool(part.unplaced_because) and all(step.code == "may_wait" for step in part.unplaced_because)


def _part(
    problem: Problem,
    assessment: Assessment,
    placed: Sequence[Placed],
    taken: Diary,
    over_limit: ExemptedShare | None,
) -> CitizenPlan:
    caseload = problem.caseload
    found = [p for p in placed if p.slot is not None]
    found.sort(key=_begins)
    proposals: list[Proposal] = []
    for entry in found:
        known = {requirement for proposal in proposals for requirement in proposal.covers}
        proposals.append(_proposal(problem, assessment, entry, taken, known))
    missing = [p for p in placed if p.slot is None]
    must = [p for p in missing if any(w.latest <= problem.horizon_end for w in p.job.windows)]
    reasons = tuple(step for p in missing for step in why_unplaced(problem, p.job))
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


def adoption_used(adopted: Adopted, municipality: str) -> AdoptionUsed:
    experiment = adopted.experiment
    known = not experiment.municipalities or municipality in experiment.municipalities
    # By which key a store keeps it is no part of what was adopted: a plan that is read again has none.
    return AdoptionUsed(replace(adopted.adoption, key=""), experiment.version, adopted.parameters, known)


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


def _quality(problem: Problem, answer: Answer) -> Quality:
    placement, bound = answer.placement, answer.lower_bound
    misses = missed(problem, placement)
    unavoidable = sum(miss.unavoidable for miss in misses)
    gap = (placement.objective - bound) / max(1, bound)
    return Quality(
        objective=placement.objective,
        lower_bound=bound,
        gap=round(gap, 6),
        moved_since=moved(problem, placement),
        late_unavoidable=unavoidable,
        late_capacity=len(misses) - unavoidable,
        engine=answer.engine,
        proven=placement.objective == bound,
    )


def moved(problem: Problem, placement: Placement) -> int:
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
