"""Verbs that plan: a whole plan from a file or the store, one citizen explained, and the schemas of both files."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from planner.cli.choices import integer, within
from planner.cli.context import Context, only, read_bytes
from planner.cli.parser import Parser, Verbs
from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.text import found, sort_key

if TYPE_CHECKING:
    from planner.planning.plan import CitizenPlan, Plan
    from planner.rules.ruleset import RuleSet

MOST_WEEKS = 52


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("plan", text("plan a whole caseload, from a file or from the store"), plan)
    _source_options(verbs, verb)
    verb.add_argument("--weeks", type=integer, metavar="N", help=text("plan N weeks ahead"))
    verb.add_argument(
        "--previous", metavar=text("PLAN"), help=text("a plan from before, from which little should move")
    )
    verb = verbs.verb("explain", text("say for one citizen how each date came about"), explain)
    verb.add_argument("citizen", metavar=text("CITIZEN"), help=text("an id, or any part of the name that only one has"))
    _source_options(verbs, verb)
    verb = verbs.verb("schema", text("print the JSON Schema of the caseload file or the plan"), schema)
    verb.add_argument(
        "file",
        choices=("caseload", "plan"),
        metavar="{caseload,plan}",
        help=text("caseload: the caseload file; plan: the plan"),
    )


def _source_options(verbs: Verbs, verb: Parser) -> None:
    text = verbs.text
    verb.add_argument(
        "--caseload", metavar=text("FILE"), help=text("a caseload file instead of the store; - for standard input")
    )
    verb.add_argument(
        "--rules", type=Path, metavar=text("DIR"), help=text("rule files that add to or replace the shipped ones")
    )


def plan(context: Context, options: Namespace) -> int:
    """Plan the caseload; JSON is the same for the same input, but for `timing`."""
    from planner.exchange.plan_file import plan_bytes, read_plan
    from planner.planning.making import make_plan

    begun = perf_counter()
    caseload, rules = _caseload(context, options)
    if options.weeks is not None:
        weeks = within("--weeks", options.weeks, 1, MOST_WEEKS)
        caseload = replace(caseload, settings=replace(caseload.settings, horizon_weeks=weeks))
    previous = read_plan(read_bytes(options.previous)) if options.previous else None
    read = perf_counter()
    made = make_plan(caseload, rules, previous)
    planned = perf_counter()
    if context.json:
        timing = {"read": _milliseconds(begun, read), "plan": _milliseconds(read, planned)}
        context.out.json_text(plan_bytes(made, timing).decode("utf-8"))
    else:
        _print_plan(context, caseload, made)
    return 0


def explain(context: Context, options: Namespace) -> int:
    """One citizen: how each window came about, the proposal, and what the fixed rhythm would have demanded."""
    if options.caseload or options.rules:
        from planner.planning.making import make_plan

        caseload, rules = _caseload(context, options)
        citizen = only(_named(caseload, options.citizen), options.citizen)
        made = make_plan(caseload, rules)
    else:
        citizen = context.citizen(options.citizen)
        made = context.desk().today().plan
    part = made.of(citizen.id)
    if context.json:
        from planner.cli.explaining import explanation_data

        context.out.json(explanation_data(citizen, part, made, context.language))
    else:
        _print_explanation(context, citizen, part, made)
    return 0


def schema(context: Context, options: Namespace) -> int:
    """The JSON Schema of a file."""
    from planner.exchange.schemas import schema as schema_of

    context.out.json(schema_of(options.file))
    return 0


def _print_plan(context: Context, caseload: Caseload, made: Plan) -> None:
    from planner.cli.listing import in_order, print_adoptions, print_figures, print_list
    from planner.services.today import days_left

    citizens = {citizen.id: citizen for citizen in caseload.citizens}
    parts = {part.id: part for part in made.citizens}
    order = [parts[ranked.id] for ranked in made.order]
    entries = [(citizens[part.id], part, days_left(part, made.today)) for part in order]
    print_list(context, made, in_order(entries, made.today))
    print_adoptions(context, made)
    print_figures(context, made)


def _print_explanation(context: Context, citizen: Citizen, part: CitizenPlan, made: Plan) -> None:
    from planner.cli.explaining import explanation_lines

    for line in explanation_lines(citizen, part, made, context.language):
        context.out.line(line)


def _caseload(context: Context, options: Namespace) -> tuple[Caseload, RuleSet]:
    if not options.caseload:
        desk = context.desk()
        return desk.caseload(), _rules(options.rules) if options.rules else desk.rules
    from planner.exchange.caseload_file import read_caseload

    rules = _rules(options.rules)
    return read_caseload(read_bytes(options.caseload), rules, context.day), rules


def _rules(directory: Path | None) -> RuleSet:
    from planner.exchange.rule_files import load_rules

    return load_rules(directory)


def _named(caseload: Caseload, text: str) -> tuple[Citizen, ...]:
    exact = tuple(citizen for citizen in caseload.citizens if citizen.id == text)
    if exact:
        return exact
    hits = [caseload.citizens[index] for index in found(text, [citizen.name for citizen in caseload.citizens])]
    return tuple(sorted(hits, key=lambda citizen: (sort_key(citizen.name), citizen.id)))


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
