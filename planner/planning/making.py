"""Caseload in, plan out: a pure function of its arguments; and the same at once after one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.domain.caseload import Caseload, Caseworker
from planner.domain.citizens import Citizen
from planner.errors import RuleConflict
from planner.phrases import Phrase
from planner.planning.composing import Known, compose
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.placing import Answer, certified, place, place_at_once, repair, unfit_prices
from planner.planning.engine.solve import Thoroughness
from planner.planning.plan import Plan
from planner.planning.posing import problem_of
from planner.planning.problem import Problem
from planner.planning.stated import Frame, stated_otherwise
from planner.planning.validator import violations
from planner.rules.assessment import Assessment, adopted_on, assess, assess_all
from planner.rules.resolution import Adopted, Conflict
from planner.rules.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan with everything that it was made from, so that the next one costs little.

    `previous` is the plan that it was asked to stay close to, and that its cost counts moves from.
    """

    caseload: Caseload
    rules: RuleSet
    assessments: tuple[Assessment, ...]
    problem: Problem
    previous: Plan | None
    plan: Plan
    candidates: Candidates | None = None


def make_plan(
    caseload: Caseload,
    rules: RuleSet,
    previous: Plan | None = None,
    thoroughness: Thoroughness = Thoroughness.NEAR,
) -> Plan:
    """The plan for every citizen of the caseload; raises RuleConflict when adopted experiments disagree.

    Citizens are taken in the order of their ids, so the order of the file does not matter.
    """
    return stand(caseload, rules, previous, thoroughness).plan


def stand(
    caseload: Caseload,
    rules: RuleSet,
    previous: Plan | None = None,
    thoroughness: Thoroughness = Thoroughness.NEAR,
    known: Standing | None = None,
) -> Standing:
    """`make_plan` with what it was made from; assessments of an earlier standing that still hold are taken over."""
    caseload = _sorted(caseload)
    assessments = _assessments(caseload, rules, known)
    problem = problem_of(caseload, assessments, previous)
    answer = place(problem, thoroughness, _candidates(known, problem))
    standing = _standing(rules, assessments, problem, previous, answer, known, anew=True)
    if standing.plan.quality.hard_violations:
        # Whatever the solver did wrong, nobody is to see it: the other engine shares none of it.
        standing = _standing(rules, assessments, problem, previous, place_at_once(problem), None, anew=True)
    return standing


def adapt(standing: Standing, caseload: Caseload) -> Standing:
    """The plan after a small change, at once: what stood stays where it can, and the instant engine places the rest."""
    caseload = _sorted(caseload)
    assessments = _assessments(caseload, standing.rules, standing)
    problem = problem_of(caseload, assessments, standing.plan)
    changed = _changed(standing, assessments)
    answer = repair(problem, standing.plan.certificate, changed, _candidates(standing, problem))
    mended = _standing(standing.rules, assessments, problem, standing.plan, answer, standing, anew=False)
    return stand(caseload, standing.rules, standing.plan) if mended.plan.quality.hard_violations else mended


def check_rules(caseload: Caseload, rules: RuleSet) -> None:
    """Raise RuleConflict when adopted experiments disagree about anybody."""
    _assessments(caseload, rules, None)


@dataclass(frozen=True, slots=True)
class Examination:
    """What holds of a plan whoever made it: what is wrong with it and its prices, and the bound that they prove."""

    violations: tuple[str, ...]
    certified: int


def examine(caseload: Caseload, rules: RuleSet, plan: Plan, previous: Plan | None) -> Examination:
    """Judge a plan for the caseload and compute its certificate's bound again; `previous` is what it stays close to."""
    return _examined(_before(caseload, rules, plan, previous))


def recalled(caseload: Caseload, rules: RuleSet, plan: Plan, previous: Plan | None) -> Standing | None:
    """A plan that was kept for the same input; None where it is unsound."""
    standing = _before(caseload, rules, plan, previous)
    found = _examined(standing)
    return None if found.violations or found.certified < plan.certificate.bound else standing


def _before(caseload: Caseload, rules: RuleSet, plan: Plan, previous: Plan | None) -> Standing:
    """The standing of a plan that was made earlier."""
    caseload = _sorted(caseload)
    assessments = _assessments(caseload, rules, None)
    return Standing(caseload, rules, assessments, problem_of(caseload, assessments, previous), previous, plan)


def _examined(standing: Standing) -> Examination:
    plan = standing.plan
    bound = certified(standing.problem, plan.certificate)
    found = [*violations(standing.caseload, plan, standing.previous), *unfit_prices(standing.problem, plan.certificate)]
    found += stated_otherwise(standing.problem, standing.assessments, plan, _frame(standing.caseload, standing.rules))
    if bound > plan.quality.objective:
        found.append(f"costs-less-than-proved: {plan.quality.objective}, {bound}")
    return Examination(tuple(found), bound)


def _frame(caseload: Caseload, rules: RuleSet) -> Frame:
    return Frame(rules.law_on(caseload.today), tuple(adopted_on(caseload, rules)))


def _standing(
    rules: RuleSet,
    assessments: tuple[Assessment, ...],
    problem: Problem,
    previous: Plan | None,
    answer: Answer,
    known: Standing | None,
    *,
    anew: bool,
) -> Standing:
    caseload = problem.caseload
    pack, adopted = rules.law_on(caseload.today), adopted_on(caseload, rules)
    taken_over = replace(_known(known, assessments, problem), anew=anew)
    plan = compose(problem, assessments, answer, pack, adopted, taken_over)
    judged = frozenset() if known is None or known.plan.quality.hard_violations else _taken(plan, taken_over)
    found = violations(caseload, plan, previous, judged)
    plan = replace(plan, quality=replace(plan.quality, hard_violations=found))
    return Standing(caseload, rules, assessments, problem, previous, plan, answer.candidates)


def _sorted(caseload: Caseload) -> Caseload:
    return replace(caseload, citizens=tuple(sorted(caseload.citizens, key=lambda citizen: citizen.id)))


def _assessments(caseload: Caseload, rules: RuleSet, known: Standing | None) -> tuple[Assessment, ...]:
    """What the rules say of everybody; raises RuleConflict."""
    if known is None or known.rules is not rules or not _same_but_for_people(known.caseload, caseload):
        found = assess_all(caseload, rules)
    else:
        of = {c.id: (c, a) for c, a in zip(known.caseload.citizens, known.assessments, strict=True)}
        found = tuple(
            of[citizen.id][1] if _is_known(of, citizen) else assess(caseload, citizen, rules)
            for citizen in caseload.citizens
        )
    _raise_conflicts([conflict for a in found for conflict in a.conflicts])
    return found


def _is_known(of: Mapping[str, tuple[Citizen, Assessment]], citizen: Citizen) -> bool:
    known = of.get(citizen.id)
    return known is not None and (known[0] is citizen or known[0] == citizen)


def _same_but_for_people(one: Caseload, other: Caseload) -> bool:
    """Whether the same holds for a citizen under both: everything but the citizens and the caseworker's calendar."""
    nobody = Caseworker()
    return replace(one, citizens=(), caseworker=nobody) == replace(other, citizens=(), caseworker=nobody)


def _changed(standing: Standing, assessments: Sequence[Assessment]) -> frozenset[str]:
    """The citizens of whom something else holds than before."""
    before = {id(assessment) for assessment in standing.assessments}
    return frozenset(a.citizen.id for a in assessments if id(a) not in before)


def _known(known: Standing | None, assessments: Sequence[Assessment], problem: Problem) -> Known:
    """What may be taken over from an earlier standing."""
    if known is None or not _same_but_for_people_and_calendar(known.caseload, problem.caseload):
        return Known()
    same = frozenset(a.citizen.id for a in assessments) - _changed(known, assessments)
    parts = {part.id: part for part in known.plan.citizens if part.id in same}
    scores = {ranked.id: ranked.parts for ranked in known.plan.order if ranked.id in same}
    return Known(parts, scores, known.problem.diary.differs_from(problem.diary))


def _taken(plan: Plan, known: Known) -> frozenset[str]:
    """The citizens whose part was taken over as it stood."""
    return frozenset(part.id for part in plan.citizens if part is known.parts.get(part.id))


def _candidates(known: Standing | None, problem: Problem) -> Candidates | None:
    """What is known of everybody's possible slots, where it can be built on."""
    if known is None or not _same_but_for_people_and_calendar(known.caseload, problem.caseload):
        return None
    return known.candidates


def _same_but_for_people_and_calendar(one: Caseload, other: Caseload) -> bool:
    return _same_but_for_people(one, other) and _habits(one.caseworker) == _habits(other.caseworker)


def _habits(worker: Caseworker) -> Caseworker:
    """The caseworker without what the calendar says."""
    return replace(worker, working_hours=(), breaks=(), busy=(), absent=())


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
