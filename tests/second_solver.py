"""Other people's solvers for the same questions, in a process of their own: they cannot share one with the engine's.

`python -m tests.second_solver` reads one question in JSON and writes the answer. They are for tests only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from planner.planning.engine.model import Model
from planner.planning.masks import bits

#: A conversation at one start: person, units, cost, first cell, cells taken, day.
Column = tuple[int, int, int, int, int, int]


def cheapest_by_cp_sat(model: Model) -> int:
    """The optimum of the model by CP-SAT; raises AssertionError where it proves none."""
    return _asked("cp-sat", _question(model))


def cheapest_assignment(costs: Sequence[Sequence[int]]) -> int:
    """The least that it costs to give each row a column of its own, by scipy."""
    return _asked("assignment", {"costs": costs})


def _question(model: Model) -> dict[str, object]:
    columns = [
        (job.person, job.units, option.cost, option.day * model.cells + start, option.length, option.day)
        for job in model.jobs
        for option in job.options
        for start in bits(option.starts)
    ]
    return {
        "columns": columns,
        "unplaced": [person.unplaced for person in model.persons],
        "room": model.room,
        "constant": model.constant + sum(person.base for person in model.persons),
    }


def _asked(kind: str, question: dict[str, object]) -> int:
    words = [sys.executable, "-m", "tests.second_solver", kind]
    run = subprocess.run(words, input=json.dumps(question), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return int(json.loads(run.stdout))


def _by_cp_sat(columns: Sequence[Column], unplaced: list[list[int]], room: list[int | None], constant: int) -> int:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    of_unit: dict[tuple[int, int], list[Any]] = {}
    of_cell: dict[int, list[Any]] = {}
    of_day: dict[int, list[Any]] = {}
    terms = []
    for number, (person, units, cost, first, length, day) in enumerate(columns):
        chosen = model.new_bool_var(str(number))
        saved = sum(points for unit, points in enumerate(unplaced[person]) if units >> unit & 1)
        terms.append((cost - saved) * chosen)
        for unit in range(len(unplaced[person])):
            if units >> unit & 1:
                of_unit.setdefault((person, unit), []).append(chosen)
        for cell in range(first, first + length):
            of_cell.setdefault(cell, []).append(chosen)
        of_day.setdefault(day, []).append(chosen)
    for group in (*of_unit.values(), *of_cell.values()):
        model.add_at_most_one(group)
    for day, group in of_day.items():
        most = room[day]
        if most is not None:
            model.add(sum(group) <= most)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    status = solver.solve(model)
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    return constant + sum(map(sum, unplaced)) + round(solver.objective_value)


def _by_assignment(costs: list[list[int]]) -> int:
    from scipy.optimize import linear_sum_assignment

    rows, places = linear_sum_assignment(costs)
    return sum(costs[row][place] for row, place in zip(rows.tolist(), places.tolist(), strict=True))


def main() -> None:
    """Answer one question."""
    question = json.load(sys.stdin)
    answer = _by_cp_sat(**question) if sys.argv[1] == "cp-sat" else _by_assignment(**question)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
