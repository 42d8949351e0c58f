"""`python -m tests.benchmarks [NAME …]` measures; with `--write` the figures go into docs/performance.md.

`python -m tests.benchmarks soak` presses random keys for long, and judges by itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date

from planner.evaluation.pictures import Bar, Bars, picture
from tests.benchmarks import change, command, engine, simulation, soak, storing, terminal
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
    "terminal": terminal.terminal,
    "lines": terminal.lines,
    "store": storing.storing,
}
DOCUMENT = ROOT / "docs" / "performance.md"
PICTURE = DOCUMENT.with_suffix(".svg")
_NOTES = "## What the figures do not say\n"
_HEAD = """# Performance

Measured by `python -m tests.benchmarks --write` on synthetic caseloads, which are the same in every run. Absolute times
belong to the machine and to what else it does; the ratios are to floors taken in the same run. A certificate says how
far a plan can be from the best; how far it is from the best is told where the best is known, and often nothing.

"""


def main(arguments: list[str]) -> int:
    """Run the benchmarks that are named, or all of them."""
    if arguments[:1] == ["soak"]:
        return soak.main(arguments[1:])
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
    drawn: list[Bars] = []
    for name in options.names or BENCHMARKS:
        table = BENCHMARKS[name](least)
        parts.append(table.markdown())
        drawn += _bars(table)
        _say(parts[-1])
    if options.write:
        _write(head, parts, drawn, everything=not options.names)
    return 0


def _bars(table: Table) -> list[Bars]:
    """What the table says against what is asked, as bars; one that is far too long ends at the edge."""
    bars = tuple(Bar(name, part, told) for name, part, told in table.bars)
    return [Bars(f"{table.title}: measured, of what is allowed (half the room)", bars, 2.0)] if bars else []


def _write(head: str, parts: list[str], drawn: list[Bars], *, everything: bool) -> None:
    """Write the document; where only some were measured, the others stay as they were measured before."""
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    body, _, notes = before.partition(_NOTES)
    if not everything:
        measured = {_title(part): f"{part}\n{head}" for part in parts}
        former = {_title(part): f"## {part.rstrip()}\n" for part in body.split("\n## ")[1:]}
        parts = list((former | measured).values())
        begun = body.split("\n## ")[0].partition("Machine: ")[2].partition("\n![")[0]
        head = f"Machine: {begun.rstrip()}\n" if begun else head
    shown = f"\n![Measured, of what is allowed]({PICTURE.name})\n" if drawn or PICTURE.exists() else ""
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text("\n".join([_HEAD + head + shown, *parts, _NOTES + notes]), encoding="utf-8")
    if drawn:
        PICTURE.write_text(picture("What somebody waits for", drawn, machine()), encoding="utf-8")


def _title(part: str) -> str:
    return part.removeprefix("## ").partition("\n")[0]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
