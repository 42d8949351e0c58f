"""Verbs that plan: a whole plan from a file or the store, one citizen explained, and the schemas of both files."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from planner.cli.choices import integer, within
from planner.cli.context import Context, only, read_bytes
from planner.cli.parser import Parser, Verbs
from planner.cli.worded import channels
from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel
from planner.domain.masking import Masking, masked
from planner.domain.text import found, sort_key
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase
from planner.progress import PLANNING
from planner.services import words
from planner.services.entry import read_date, read_moment

if TYPE_CHECKING:
    from planner.planning.day_blockers import Wish
    from planner.planning.plan import Plan
    from planner.rules.ruleset import RuleSet
    from planner.services.results import Today

MOST_WEEKS = 52


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("plan", plan)
    _source_options(verbs, verb)
    verb.add_argument("--weeks", type=integer, metavar="N", help=text("plan N weeks ahead"))
    verb.add_argument(
        "--previous", metavar=text("PLAN"), help=text("a plan from before, from which little should move")
    )
    verb.add_argument(
        "--prove", action="store_true", help=text("look on until no better plan is possible, or for a few seconds")
    )
    verb = verbs.verb("check", check)
    verb.add_argument("plan", metavar=text("PLAN"), help=text("a plan as planner plan --json prints it"))
    verb.add_argument(
        "--previous", metavar=text("PLAN"), help=text("the plan from before that it was given to stay close to")
    )
    _source_options(verbs, verb)
    verb = verbs.verb("explain", explain)
    verb.add_argument(
        "citizen",
        nargs="?",
        metavar=text("CITIZEN"),
        help=text("an id, or any part of the name that only one has; without it the whole plan is explained"),
    )
    verb.add_argument(
        "--not",
        dest="wish",
        metavar=text("DATE"),
        help=text("say why not that day, or that time: 24-11, +2w or “24-11 10.30”"),
    )
    which = channels(verbs.language)
    verb.add_argument(
        "--channel", type=which, metavar=text("CHANNEL"), help=text("together with --not: why not in that channel")
    )
    _source_options(verbs, verb)
    verb = verbs.verb("schema", schema)
    verb.add_argument(
        "file",
        choices=("caseload", "plan", "experience"),
        metavar="{caseload,plan,experience}",
        help=text("caseload: the caseload file; plan: the plan; experience: the package of planner network"),
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
    from planner.exchange.plan_file import plan_bytes
    from planner.planning.engine.solve import Thoroughness
    from planner.planning.making import make_plan

    begun = perf_counter()
    caseload, rules = _caseload(context, options)
    if options.weeks is not None:
        weeks = within("--weeks", options.weeks, 1, MOST_WEEKS)
        caseload = replace(caseload, settings=replace(caseload.settings, horizon_weeks=weeks))
    previous = _previous(context, options, caseload)
    read = perf_counter()
    if previous is None and not (options.caseload or options.rules):
        previous = context.planned().plan  # what the user sees, and what little should move from
    if previous is not None and not (options.previous or options.prove or options.weeks):
        made = previous
    else:
        with context.progress() as reach:
            reach(PLANNING, 0, 0)  # how long the engine looks nobody can tell before it has looked
            made = make_plan(caseload, rules, previous, Thoroughness.PROOF if options.prove else Thoroughness.SURE)
    planned = perf_counter()
    if context.json:
        timing = {"read": _milliseconds(begun, read), "plan": _milliseconds(read, planned)}
        context.out.json_text(plan_bytes(made, timing).decode("utf-8"))
    else:
        _print_plan(context, caseload, rules, made, previous)
    return 0


def check(context: Context, options: Namespace) -> int:
    """Judge a plan that somebody made; the exit code is 1 where something is wrong with it."""
    from planner.exchange.plan_file import read_plan
    from planner.planning.making import examine
    from planner.services.plan_faults import fault_text

    caseload, rules = _caseload(context, options)
    plan = read_plan(read_bytes(options.plan))
    previous = _previous(context, options, caseload)
    horizon = (plan.horizon_end - plan.today).days // 7
    settings = replace(caseload.settings, horizon_weeks=max(1, horizon))
    found = examine(replace(caseload, today=plan.today, settings=settings), rules, plan, previous)
    sound = not found.violations and found.certified >= plan.certificate.bound
    if context.json:
        about = {"sound": sound, "violations": list(found.violations), "certified": found.certified}
        stated = {"objective": plan.quality.objective, "stated_bound": plan.certificate.bound}
        context.out.json({"schema": "planner-check/1", "today": plan.today.isoformat(), **about, **stated})
        return int(not sound)
    for violation in found.violations:
        context.out.line(fault_text(violation, context.language, plan.titles))
    if found.violations:
        context.out.line(context.plural("{n} fault found.", "{n} faults found.", len(found.violations)))
    else:
        context.out.line(context.text("The plan keeps every hard rule and costs what it says."))
    bounds = {"found": found.certified, "stated": plan.certificate.bound, "cost": plan.quality.objective}
    if found.certified < plan.certificate.bound:
        line = N_("Its prices prove that every plan costs at least {found}, not {stated} as it says.")
        if previous is None:
            context.out.line(context.text("A plan that stayed close to an earlier one is judged with --previous."))
    else:
        line = N_("Its prices prove that every plan costs at least {found}; this one costs {cost}.")
    context.out.line(context.text(line, **bounds))
    return int(not sound)


def _previous(context: Context, options: Namespace, caseload: Caseload) -> Plan | None:
    """The plan to stay close to, if one is named; says where it is of other people, which is likely another file."""
    from planner.exchange.plan_file import read_plan

    if not options.previous:
        return None
    previous = read_plan(read_bytes(options.previous))
    if caseload.citizens and not {part.id for part in previous.citizens} & {c.id for c in caseload.citizens}:
        context.out.error(
            context.text(
                "None of the citizens in {file} is in the caseload: is it the right plan?", file=options.previous
            )
        )
    return previous


def explain(context: Context, options: Namespace) -> int:
    """One citizen: how each window came about, the proposal, and why not another day; or the whole plan."""
    if options.channel and not options.wish:
        told = Phrase(words.channel(Channel(options.channel)))
        raise InputError("The option is wrong", [Fault("--channel", told, Phrase("together with --not"))])
    if options.citizen is None and options.wish:
        raise InputError(
            "The option is wrong", [Fault("--not", f"“{options.wish}”", Phrase("together with a citizen"))]
        )
    if options.caseload or options.rules:
        from planner.planning.making import make_plan
        from planner.services.today import listed

        caseload, rules = _caseload(context, options)
        citizen = only(_named(caseload, options.citizen), options.citizen) if options.citizen else None
        today = listed(caseload, make_plan(caseload, rules))
    else:
        citizen = context.citizen(options.citizen) if options.citizen else None
        today, rules = context.planned(), context.desk().rules
        if citizen is None:
            context.listed(len(today.rows))
    if citizen is None:
        from planner.cli.why import explain_plan

        explain_plan(context, today, rules)
    elif options.wish:
        from planner.cli.why import explain_not

        explain_not(context, today, rules, citizen, _wish(options, today.today))
    else:
        _explain_citizen(context, today, citizen)
    return 0


def _explain_citizen(context: Context, today: Today, citizen: Citizen) -> None:
    from planner.cli.explaining import explanation_data, explanation_lines

    part, made = today.plan.of(citizen.id), today.plan
    if context.json:
        context.out.json(explanation_data(citizen, part, made, context.language))
        return
    for line in explanation_lines(citizen, part, made, context.language):
        context.out.line(line)


def _wish(options: Namespace, today: date) -> Wish:
    from planner.planning.day_blockers import Wish

    channel = Channel(options.channel) if options.channel else None
    text = str(options.wish).strip()
    day, _, clock = text.rpartition(" ")
    if day and clock[:1].isdigit():
        on, start = read_moment(text, today)
        return Wish(on, start, channel)
    return Wish(read_date(text, today), None, channel)


def schema(context: Context, options: Namespace) -> int:
    """The JSON Schema of a file."""
    from planner.exchange.schemas import schema as schema_of

    context.out.json(schema_of(options.file))
    return 0


def _print_plan(context: Context, caseload: Caseload, rules: RuleSet, made: Plan, previous: Plan | None) -> None:
    from planner.cli.listing import in_order, print_adoptions, print_figures, print_list
    from planner.cli.why import print_shortage
    from planner.services.today import days_left, listed

    citizens = {citizen.id: citizen for citizen in caseload.citizens}
    parts = {part.id: part for part in made.citizens}
    order = [parts[ranked.id] for ranked in made.order]
    entries = [(citizens[part.id], part, days_left(part, made.today)) for part in order]
    print_list(context, made, in_order(entries, made.today))
    print_adoptions(context, made)
    print_figures(context, made)
    print_shortage(context, listed(caseload, made, previous), rules)


def _caseload(context: Context, options: Namespace) -> tuple[Caseload, RuleSet]:
    if not options.caseload:
        desk = context.desk()
        context.listed(len(desk.present().citizens))
        return desk.present(), _rules(options.rules) if options.rules else desk.rules
    from planner.exchange.caseload_file import read_caseload

    rules = _rules(options.rules)
    caseload = read_caseload(read_bytes(options.caseload), rules, context.day)
    seen = masked(caseload.citizens) if context.masking is Masking.NAMES else caseload.citizens
    return replace(caseload, citizens=seen), rules


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
