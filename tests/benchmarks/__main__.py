"""`python -m tests.benchmarks [NAME …]` measures; with `--write` the figures go into docs/performance.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date

from tests.benchmarks import change, command, engine, simulation
from tests.benchmarks.measure import ROOT, Floors, Table, floors, machine, ms

BENCHMARKS: dict[str, Callable[[Floors], Table]] = {
    "month": engine.a_month,
    "quarter": engine.a_quarter,
    "calendar": engine.one_calendar,
    "caseworkers": engine.caseworkers,
    "change": change.change,
    "cold": command.cold,
    "ticker": command.ticker,
    "simulation": simulation.team,
}
DOCUMENT = ROOT / "docs" / "performance.md"
_NOTES = "## What the figures do not say\n"
_HEAD = """# Performance

Measured by `python -m tests.benchmarks --write` on synthetic caseloads, which are the same in every run. Absolute times
belong to the machine and to what else it does; the ratios are to floors taken in the same run. A certificate says how
far a plan can be from the best; how far it is from the best is told where the best is known, and often nothing.

"""


def main(arguments: list[str]) -> int:
    """Run the benchmarks that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(BENCHMARKS)}; by default all")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name}")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    least, parts = floors(), list[str]()
    head = (
        f"Machine: {machine()}; {date.today().isoformat()}.  \n"  # noqa: DTZ011
        f"Floors: `python -c pass` {ms(least.process)} ms; a million additions (the loop) {ms(least.loop)} ms.\n"
    )
    _say(head)
    for name in options.names or BENCHMARKS:
        parts.append(BENCHMARKS[name](least).markdown())
        _say(parts[-1])
    if options.write:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text("\n".join([_HEAD + head, *parts, _notes()]), encoding="utf-8")
    return 0


def _notes() -> str:
    """What somebody wrote about the figures, which stays until somebody changes it."""
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    return _NOTES + before.partition(_NOTES)[2]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
