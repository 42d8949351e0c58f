"""The same caseload gives the same bytes: in any process, any order, any hash seed and with any number of threads."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from planner.exchange.caseload_file import write_caseload
from tests.instances import caseload

#: What differs between the processes: where hashes begin, and how many threads libraries may use.
PROCESSES = (
    {"PYTHONHASHSEED": "0"},
    {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
    {"PYTHONHASHSEED": "31337", "OMP_NUM_THREADS": "8", "OPENBLAS_NUM_THREADS": "8", "MKL_NUM_THREADS": "8"},
    {"PYTHONHASHSEED": "4294967295", "OMP_DYNAMIC": "true", "HIGHS_NUM_THREADS": "8", "PYTHONOPTIMIZE": "2"},
)


def plan_in_a_process(file: Path, environment: dict[str, str]) -> str:
    """What a fresh process prints as the plan, without the time that it took."""
    words = [sys.executable, "-m", "planner", "plan", "--caseload", str(file), "--json"]
    run = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    plan = json.loads(run.stdout)
    del plan["timing"]
    return json.dumps(plan, ensure_ascii=False)


def test_five_processes_write_the_same_plan_for_shuffled_citizens(tmp_path: Path) -> None:
    load, plans = caseload(11, 40), set[str]()
    for number, environment in enumerate(PROCESSES):
        people = list(load.citizens)
        random.Random(number).shuffle(people)
        file = tmp_path / f"{number}.json"
        file.write_bytes(write_caseload(replace(load, citizens=tuple(people))))
        plans.add(plan_in_a_process(file, environment))
    assert len(plans) == 1
    assert json.loads(plans.pop())["quality"]["engine"] == "exact"
