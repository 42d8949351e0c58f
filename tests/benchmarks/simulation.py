"""The simulation as the team grows: what a week of a caseworker costs."""

from __future__ import annotations

import os
from datetime import date
from time import perf_counter, process_time

from planner.domain.caseload import Adoption
from planner.evaluation.simulation.parameters import read_parameters
from planner.evaluation.simulation.policies import policies
from planner.evaluation.simulation.running import Setup, simulate
from planner.exchange.rule_files import load_rules
from tests.benchmarks.measure import Floors, Table, ms

_START = date(2018, 1, 1)
_CITIZENS, _WEEKS = 100, 4
_ADOPTED = ("flexible-contact-insured", "flexible-contact-other-groups", "flexible-sickness-follow-up")
#: The team and the processes of each row; the first is what the others are held against.
_ROWS = ((5, 1), (50, 1), (50, max(2, os.cpu_count() or 1)))


def team(floors: Floors) -> Table:
    """A week of a caseworker with 100 citizens, planned under two policies, in a small team and in larger ones."""
    goal = "the cost of a caseworker's week flat as the team grows"
    columns = ("caseworkers", "processes", "s", "CPU ms a caseworker's week", "of the loop", "of the first row")
    table, each = Table("Simulated teams of 100 citizens a caseworker", goal, columns, []), list[float]()
    simulate(_setup(1))
    for caseworkers, processes in _ROWS:
        begun, used = perf_counter(), _used()
        outcome = simulate(_setup(caseworkers), processes)
        seconds, cpu = perf_counter() - begun, _used() - used
        weeks = sum(len(tally.weeks) for tallies in outcome.done.values() for tally in tallies)
        each.append(cpu / weeks)
        ratio = f"{each[-1] / each[0]:.2f}"
        figures = (f"{seconds:.1f}", ms(each[-1]), floors.of_loop(each[-1]), ratio)
        table.rows.append((str(caseworkers), str(processes), *figures))
    if each[1] > 1.25 * each[0]:
        table.missed.append(f"{each[1] / each[0]:.2f} times as much a week in the larger team")
    return table


def _setup(caseworkers: int) -> Setup:
    own = b"[run]\nwarm_up_weeks = { value = 0 }\n"
    adoptions = tuple(Adoption(name, _START, None, "") for name in _ADOPTED)
    both = policies(adoptions)
    return Setup(load_rules(), (read_parameters(own),), both, _START, _WEEKS, caseworkers, _CITIZENS, 1, 1)


def _used() -> float:
    """Seconds of the processor, of this process and of those that have ended."""
    children = os.times()
    return process_time() + children.children_user + children.children_system
