"""Why not that day, and what the whole plan cannot keep, in plain lines and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.cli.context import Context
from planner.cli.explaining import terms_data
from planner.cli.listing import INDENT, print_quality, quality_data, slot_data, slot_text
from planner.domain.citizens import Citizen
from planner.locale import N_, Language
from planner.planning.day_blockers import Wish
from planner.planning.plan import Plan
from planner.planning.shortage import Miss, Shortage
from planner.planning.why_not import WhyNot
from planner.services import words
from planner.services.explanation import points_line, sentence, sentences
from planner.services.why import shortage_of, why_not
from planner.services.why_words import Speaker, proof_line, shortage_lines, terms_of, why_not_line

if TYPE_CHECKING:
    from planner.rules.ruleset import RuleSet
    from planner.services.results import Today


def explain_not(context: Context, today: Today, rules: RuleSet, citizen: Citizen, wish: Wish) -> None:
    """Say what stands against the citizen's conversation as wished."""
    answer = why_not(today, rules, citizen.id, wish)
    if context.json:
        context.out.json(_answer_data(citizen, answer, today.plan, context.language))
        return
    language, speaker = context.language, _speaker(context, today)
    context.out.line(words.person(citizen))
    proposal = today.plan.of(citizen.id).proposal
    if proposal is not None:
        context.out.line(language.text("Proposal: {slot}", slot=slot_text(proposal.slot, language)))
    when = language.long_day(wish.on)
    if wish.start is not None:
        when = language.text("{day} at {time}", day=when, time=language.time(wish.start))
    context.out.line(f"{when}: {why_not_line(answer, speaker, every=True)}")
    if answer.blocked is not None and answer.blocked.code == "nothing_to_place":
        part = today.plan.of(citizen.id)
        for line in sentences(part.unplaced_because or part.because, language, today.plan.titles):
            context.out.line(INDENT + line)
    if answer.terms:
        that = N_("That day would cost the citizen:") if wish.start is None else N_("That time would cost the citizen:")
        context.out.line(language.text(that))
        total = sum(int(step.values.get("points", 0)) for step in answer.terms)
        for line in terms_of(answer.terms, total, speaker):
            context.out.line(INDENT + line)
        context.out.line(INDENT + points_line(answer.terms, language))
    if proof := proof_line(answer, language):
        context.out.line(proof)


def explain_plan(context: Context, today: Today, rules: RuleSet) -> None:
    """Say how good the whole plan is, what it cannot keep, and what more time would be worth."""
    if context.json:
        data = {"schema": "planner-shortage/1", "today": today.today.isoformat(), "quality": quality_data(today.plan)}
        context.out.json({**data, **_shortage_data(shortage_of(today, rules))})
    else:
        context.out.line(context.language.long_day(today.today))
        print_shortage(context, today, rules)


def print_shortage(context: Context, today: Today, rules: RuleSet) -> None:
    """How good the plan is, what it cannot keep, and what more time would be worth."""
    print_quality(context, today.plan)
    for line, heads in shortage_lines(shortage_of(today, rules), _speaker(context, today)):
        context.out.line(line if heads else INDENT + line)


def _speaker(context: Context, today: Today) -> Speaker:
    names = {citizen.id: words.person(citizen) for citizen in today.caseload.citizens}
    return Speaker(context.language, today.plan.titles, names)


def _answer_data(citizen: Citizen, answer: WhyNot, plan: Plan, language: Language) -> dict[str, object]:
    blocked, wish = answer.blocked, answer.wish
    priced = blocked is None and answer.proposed is None
    return {
        "schema": "planner-why-not/1",
        "id": citizen.id,
        "name": citizen.shown_name,
        "date": wish.on.isoformat(),
        "start": None if wish.start is None else f"{wish.start // 60:02}:{wish.start % 60:02}",
        "channel": wish.channel.value if wish.channel else None,
        "blocked": None
        if blocked is None
        else {"code": blocked.code, "sentence": sentence(blocked, language, plan.titles)},
        "proposed": slot_data(answer.proposed) if answer.proposed else None,
        "plan_at_least": answer.at_least if priced else None,
        "citizen": answer.alone if priced else None,
        "free": slot_data(answer.free) if answer.free else None,
        "terms": terms_data(answer.terms, language, plan.titles),
        "day_full": answer.full,
        "used_by": [
            {"id": one.citizen_id, **slot_data(one.slot), "latest": one.deadline.isoformat()} for one in answer.holders
        ],
    }


def _shortage_data(found: Shortage) -> Mapping[str, object]:
    return {
        "passed": [_miss_data(miss) for miss in found.passed],
        "unavoidable": [_miss_data(miss) for miss in found.unavoidable],
        "capacity": [_miss_data(miss) for miss in found.capacity],
        "hours": [{"date": hour.on.isoformat(), "points": hour.points} for hour in found.hours],
    }


def _miss_data(miss: Miss) -> dict[str, object]:
    return {
        "id": miss.citizen_id,
        "requirement": miss.requirement,
        "latest": miss.latest.isoformat(),
        "proposed": slot_data(miss.slot) if miss.slot else None,
    }
