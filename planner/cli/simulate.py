"""The verb that simulates: a caseload over weeks under the fixed rhythm and under experiments."""

from __future__ import annotations

from argparse import Namespace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from planner.cli.choices import integer, within
from planner.cli.context import Context, read_bytes, write_bytes
from planner.cli.parser import Verbs
from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.errors import Fault, InputError
from planner.phrases import Phrase

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.caseload import Adoption
    from planner.evaluation.simulation.parameters import Parameters
    from planner.evaluation.simulation.running import Setup
    from planner.rules.ruleset import RuleSet

_MOST = 1000
_MOST_WEEKS = 260
_MOST_SEED = 999_999_999
_MOST_PROCESSES = 256


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("simulate", simulate)
    for option, usual, said in (
        ("--caseworkers", 1, text("caseworkers of the team; 1 unless stated")),
        ("--citizens", 60, text("citizens of each caseworker; 60 unless stated")),
        ("--weeks", 26, text("weeks that are counted; 26 unless stated")),
        ("--repetitions", 5, text("how often it is repeated; 5 unless stated")),
        ("--seed", 1, text("the same number gives the same result; 1 unless stated")),
        ("--processes", None, text("processes that work at once; one a core unless stated")),
    ):
        verb.add_argument(option, type=integer, default=usual, metavar="N", help=said)
    verb.add_argument(
        "--adopt",
        action="append",
        metavar=text("EXPERIMENT"),
        help=text(
            "an experiment that is adopted under the flexible policy; more than once for several; "
            "unless stated flexible contact for all groups"
        ),
    )
    verb.add_argument(
        "--mixed",
        action="append",
        type=integer,
        default=[],
        metavar="N",
        help=text("also a policy with so many percent of the citizens under the experiments, the others under the law"),
    )
    verb.add_argument("--parameters", metavar=text("FILE"), help=text("a TOML file that says what is assumed instead"))
    verb.add_argument("--show-parameters", action="store_true", help=text("print what is assumed, and from where"))
    verb.add_argument(
        "--sensitivity", action="store_true", help=text("each main parameter a quarter smaller and larger")
    )
    verb.add_argument("--csv", metavar=text("FILE"), help=text("write the figures to a CSV file too"))


def simulate(context: Context, options: Namespace) -> int:
    """Simulate, telling how far it is; Ctrl+C ends it with what was done so far."""
    from planner.cli.failures import INTERRUPTED
    from planner.evaluation.simulation import parameters, running, sensitivity
    from planner.reporting import simulated

    assumed = _parameters(options)
    if options.show_parameters:
        if context.json:
            context.out.json(parameters.plain(assumed))
        else:
            for line in simulated.parameter_lines(assumed, context.language):
                context.out.raw(line)
        return 0
    varied = sensitivity.cases(assumed) if options.sensitivity else []
    setup = _setup(context, options, assumed, tuple(one for _, _, one in varied))
    processes = running.cores() if options.processes is None else options.processes
    processes = within("--processes", processes, 1, _MOST_PROCESSES)
    with context.progress() as reach:
        reach(simulated.SIMULATING, 0, len(setup.tasks()))
        outcome = running.simulate(setup, processes, partial(reach, simulated.SIMULATING))
    found = simulated.Report(outcome, tuple((keys, value) for keys, value, _ in varied), context.language)
    if outcome.interrupted:
        context.out.error(found.interrupted())
    if outcome.done:
        if options.csv:
            write_bytes(options.csv, found.csv())
        if context.json:
            context.out.json(found.data())
        else:
            for line in found.lines():
                context.out.line(line)
            if outcome.interrupted:  # its beginning has scrolled away
                context.out.line()
                context.out.line(found.interrupted())
    return INTERRUPTED if outcome.interrupted else 0


def _parameters(options: Namespace) -> Parameters:
    from planner.domain.text import visible
    from planner.evaluation.simulation.parameters import read_parameters

    if options.parameters is None:
        return read_parameters()
    return read_parameters(read_bytes(options.parameters), visible(options.parameters))


def _setup(context: Context, options: Namespace, assumed: Parameters, varied: tuple[Parameters, ...]) -> Setup:
    from planner.exchange.rule_files import load_rules
    from planner.reporting import simulated

    rules, start = load_rules(), _monday(context)
    return simulated.setup(
        rules,
        (assumed, *varied),
        _adoptions(options, rules, start),
        start,
        simulated.Size(
            weeks=within("--weeks", options.weeks, 1, _MOST_WEEKS),
            caseworkers=within("--caseworkers", options.caseworkers, 1, _MOST),
            citizens=within("--citizens", options.citizens, 1, _MOST),
            repetitions=within("--repetitions", options.repetitions, 1, _MOST),
            seed=within("--seed", options.seed, 0, _MOST_SEED),
        ),
        [within("--mixed", percent, 1, 99) for percent in options.mixed],
    )


def _monday(context: Context) -> date:
    """The Monday of the week in which the simulation begins; raises InputError where it would leave the calendar."""
    from planner.services.clock import SystemClock

    day = context.day or SystemClock().today()
    monday = day - timedelta(days=day.weekday())
    last = LAST_DAY - timedelta(days=3660)
    if not FIRST_DAY <= monday <= last:
        allowed = Phrase("a date YYYY-MM-DD from {first} to {last}", first=FIRST_DAY.year, last=last.year)
        raise InputError("The option is wrong", [Fault("--today", day.isoformat(), allowed)])
    return monday


def _adoptions(options: Namespace, rules: RuleSet, start: date) -> tuple[Adoption, ...]:
    """What is adopted from the start on; raises InputError for what nobody knows."""
    from planner.domain.caseload import Adoption
    from planner.reporting.simulated import usual_experiments
    from planner.rules.checks import unknown

    names = options.adopt or usual_experiments()
    known = list(rules.experiments)
    faults = [unknown("--adopt", name, known, Phrase("experiment")) for name in names if name not in known]
    if faults:
        raise InputError("The option is wrong", faults)
    return tuple(Adoption(name, start, None, "") for name in dict.fromkeys(names))
