"""Times, memory and tables: what every benchmark is measured with, and the floors that it is measured against."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).parent.parent.parent
#: Runs a command and tells its seconds and peak memory. A process of its own, so that the peak is not the parent's.
_LAUNCHER = """
import json, os, sys, time
begun = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ,
                       file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_, status, used = os.wait4(child, 0)
took = time.perf_counter() - begun
code = os.waitstatus_to_exitcode(status)
json.dump([took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code], sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Table:
    """What one benchmark found: a heading, the goal in words, columns, rows, and what was not reached."""

    title: str
    goal: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    missed: list[str] = field(default_factory=list)
    #: For the picture: what was measured, its part of what is allowed, and the figure in words.
    bars: tuple[tuple[str, float, str], ...] = ()

    def markdown(self) -> str:
        """The table as it stands in the documentation."""
        lines = [f"## {self.title}", "", f"Goal: {self.goal}.", ""]
        lines += [_row(self.columns), _row(["---"] * len(self.columns)), *(_row(row) for row in self.rows), ""]
        verdict = f"Not reached: {'; '.join(self.missed)}." if self.missed else "Reached in this run."
        return "\n".join([*lines, verdict, ""])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


@dataclass(frozen=True, slots=True)
class Floors:
    """Seconds of what cannot be faster in the same run: an empty Python process, and a loop of plain additions."""

    process: float
    loop: float

    def of_loop(self, seconds: float) -> str:
        """The seconds as a multiple of the loop."""
        return f"{seconds / self.loop:.1f}"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and seconds of the processor, which a busy machine does not lengthen as much."""

    clock: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Process:
    """Seconds, those of the processor, and peak memory in MiB of a process."""

    seconds: float
    cpu: float
    memory: float


def floors(times: int = 7) -> Floors:
    """Both floors, as medians."""
    process = statistics.median(run("-c", "pass").seconds for _ in range(times))
    return Floors(process, statistics.median(timed(_loop)[0].cpu for _ in range(times)))


def _loop() -> int:
    total = 0
    for number in range(1_000_000):
        total += number
    return total


def timed(work: Callable[[], T]) -> tuple[Took, T]:
    """What the work took, and what it gave."""
    clock, cpu = perf_counter(), process_time()
    found = work()
    return Took(perf_counter() - clock, process_time() - cpu), found


def run(*words: str) -> Process:
    """A fresh Python process with these words, from the command to its end; raises where it fails."""
    launched = [sys.executable, "-S", "-c", _LAUNCHER, *words]
    # Elsewhere compiled modules are kept, and a terminal's buffers are not made for whoever watches.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    found = subprocess.run(launched, cwd=ROOT, env=clean, capture_output=True, check=True, text=True)
    seconds, cpu, memory, code = json.loads(found.stdout)
    if code:
        raise RuntimeError(f"{' '.join(words)} ended with {code}: {found.stderr}")
    return Process(seconds, cpu, memory)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed; of few values the largest."""
    ordered = sorted(values)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def ms(seconds: float) -> str:
    """Seconds in whole milliseconds."""
    return f"{seconds * 1000:.0f}"


def spread(values: Sequence[float]) -> str:
    """Median, 95th percentile and the largest, in milliseconds."""
    return f"{ms(statistics.median(values))} / {ms(p95(values))} / {ms(max(values))}"


def percent(share: float) -> str:
    """A share in percent."""
    return f"{100 * share:.2f}"


def machine() -> str:
    """What the figures were measured on."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores ({model}){load}, Python {platform.python_version()}"


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
