"""The whole command in a cold process, and the interface while the engine works."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, sleep

from planner.exchange.caseload_file import write_caseload
from planner.planning.engine.placing import place
from planner.planning.engine.solve import Thoroughness
from planner.services.memory import uncollected
from tests.benchmarks.measure import Floors, Process, Table, ms, run, spread
from tests.instances import caseload, instance

TIMES = 7
_TICK = 0.005


def cold(floors: Floors) -> Table:
    """`planner plan` on 150 citizens from the command to the end, and the same without the engine."""
    goal = "the engine's part at most 0.5 s and 60 MB"
    columns = ("process", "ms: median / p95 / max", "of which CPU", "of `python -c pass`", "peak MiB, median")
    found: dict[str, list[Process]] = {"python -c pass": [], "planner plan": [], "the same without the engine": []}
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "caseload.json"
        file.write_bytes(write_caseload(caseload(1, 150)))
        for _ in range(TIMES):
            found["python -c pass"].append(run("-c", "pass"))
            found["planner plan"].append(run("-m", "planner", "plan", "--caseload", str(file), "--json"))
            found["the same without the engine"].append(run("-m", "tests.benchmarks.command", str(file)))
    rows = []
    for name, runs in found.items():
        seconds, memory = [one.seconds for one in runs], statistics.median(one.memory for one in runs)
        cpu = [one.cpu for one in runs]
        rows.append(
            (name, spread(seconds), spread(cpu), f"{statistics.median(seconds) / floors.process:.1f}", f"{memory:.0f}")
        )
    with_it, without = found["planner plan"], found["the same without the engine"]
    seconds_more = statistics.median(w.seconds - o.seconds for w, o in zip(with_it, without, strict=True))
    memory_more = statistics.median(w.memory - o.memory for w, o in zip(with_it, without, strict=True))
    cpu_more = statistics.median(w.cpu - o.cpu for w, o in zip(with_it, without, strict=True))
    part = (
        "the engine's part",
        ms(seconds_more),
        ms(cpu_more),
        f"{seconds_more / floors.process:.1f}",
        f"{memory_more:.0f}",
    )
    missed = [f"the engine's part took {ms(seconds_more)} ms (CPU {ms(cpu_more)})"] if seconds_more > 0.5 else []
    missed += [f"the engine's part took {memory_more:.0f} MiB"] if memory_more > 60 else []
    return Table("A cold process, 150 citizens", goal, columns, [*rows, part], missed)


def _plan_without_the_engine(file: str) -> int:
    """`planner plan` in which nobody is given a time."""
    from planner.__main__ import main
    from planner.planning import making
    from planner.planning.engine.candidates import Candidates
    from planner.planning.engine.placing import Answer
    from planner.planning.plan import Certificate, Engine
    from planner.planning.problem import Problem, placement_of

    def nothing(problem: Problem, thoroughness: Thoroughness, known: Candidates | None) -> Answer:
        return Answer(placement_of(problem, {}), 0, Certificate(), Engine.INSTANT, Candidates(problem, known))

    vars(making)["place"] = nothing
    return main(["plan", "--caseload", file, "--json"])


# --- the interface while solving ---------------------------------------------------------------------------------


def ticker(floors: Floors) -> Table:
    """How late an event loop's ticks are while the engine solves in a thread."""
    goal = "no tick later than 50 ms"
    columns = ("in the thread", "ms late: median / p95 / max", "ticks")
    problems = [instance(seed, 4, load) for seed in range(4) for load in (0.8, 1.3)]
    place(instance(999))
    works: dict[str, Callable[[], object]] = {
        "nothing": lambda: sleep(1),
        "near": lambda: [place(problem) for problem in problems],
        "proof": lambda: [place(problem, Thoroughness.PROOF) for problem in problems[:4]],
    }
    rows, missed = list[tuple[str, ...]](), list[str]()
    for name, work in works.items():
        late = asyncio.run(_lateness(work))
        rows.append((name, spread(late), str(len(late))))
        if max(late) > 0.05:
            over = sum(one > 0.05 for one in late)
            missed.append(f"{name}: {over} of {len(late)} ticks later than 50 ms, the latest {ms(max(late))} ms")
    del floors
    return Table("Ticks while solving", goal, columns, rows, missed)


async def _lateness(work: Callable[[], object]) -> list[float]:
    """Seconds by which each tick came late while the work ran in a thread."""
    with uncollected():  # as the desk does
        running, late = asyncio.create_task(asyncio.to_thread(work)), list[float]()
        while not running.done():
            due = perf_counter() + _TICK
            await asyncio.sleep(_TICK)
            late.append(max(0.0, perf_counter() - due))
        await running
    return late


if __name__ == "__main__":
    sys.exit(_plan_without_the_engine(sys.argv[1]))
