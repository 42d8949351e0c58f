"""What a plan states beside its slots, compared with what the caseload and the rules say: for plans from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.planning.capacity import capacity
from planner.planning.composing import adoption_used, exempted_share, moved
from planner.planning.plan import CitizenPlan, FixedRhythm, PackUsed, Plan
from planner.planning.problem import Placement, Problem, placement_of
from planner.planning.shortage import missed
from planner.planning.why_not import chosen_in
from planner.rules.assessment import Assessment
from planner.rules.format import LawPack
from planner.rules.resolution import Adopted


@dataclass(frozen=True, slots=True)
class Frame:
    """The law and the adoptions that hold on the planning date."""

    pack: LawPack
    adopted: tuple[Adopted, ...]


def stated_otherwise(problem: Problem, assessments: Sequence[Assessment], plan: Plan, frame: Frame) -> Iterator[str]:
    """Every figure and window that the plan states otherwise than they are, as the validator writes: `code: where`."""
    pack, municipality = frame.pack, problem.caseload.municipality
    if plan.municipality != municipality:
        yield "another-municipality"
    if plan.packs != (PackUsed(pack.id, pack.version, pack.valid_from, pack.valid_to),):
        yield "another-law"
    if plan.adoptions != tuple(adoption_used(adopted, municipality) for adopted in frame.adopted):
        yield "other-adoptions"
    if plan.exempted_share != exempted_share(problem.caseload, pack):
        yield "exempted-share"
    parts = {part.id: part for part in plan.citizens}
    for assessment in assessments:
        part = parts.get(assessment.citizen.id)
        if part is not None:
            yield from (f"{code}: {part.id}" for code in _part(assessment, part))
    slots = [p.slot for part in plan.citizens for p in (part.proposal, *part.later) if p is not None]
    weeks = capacity(problem.caseload, assessments, slots, problem.horizon_end)
    yield from (
        f"capacity: {week.year}-W{week.week:02d}"
        for week, stated in zip(weeks, plan.capacity, strict=False)
        if week != stated
    )
    yield from _quality(problem, placement_of(problem, chosen_in(problem, plan)), plan)


def _part(assessment: Assessment, part: CitizenPlan) -> Iterator[str]:
    if part.windows != assessment.windows:
        yield "other-windows"
    rhythm = FixedRhythm(assessment.fixed_latest, assessment.fixed_channel, assessment.fixed_requirement)
    if part.fixed_rhythm != rhythm:
        yield "another-fixed-rhythm"
    if part.last_contact != assessment.last_contact or part.reason_required != assessment.reason_required:
        yield "other-facts"


def _quality(problem: Problem, placement: Placement, plan: Plan) -> Iterator[str]:
    quality, misses = plan.quality, missed(problem, placement)
    if quality.late_unavoidable != sum(miss.unavoidable for miss in misses):
        yield "late-unavoidable"
    if quality.late_unavoidable + quality.late_capacity != len(misses):
        yield "late-capacity"
    if quality.moved_since != moved(problem, placement):
        yield "moved-since"
    if quality.proven != (quality.objective == quality.lower_bound):
        yield "proven"
