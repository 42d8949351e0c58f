"""How long spells are: those that have ended and those that run, and the share that still runs after so many weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from statistics import fmean, median
from warnings import catch_warnings, simplefilter

from planner.domain.citizens import Citizen
from planner.domain.periods import Period
from planner.evaluation.evidence import Evidence, Span
from planner.evaluation.shares import FEWEST
from planner.evaluation.withholding import Sum, withheld
from planner.locale import N_

DEFINITION = N_(
    "A spell is the present benefit spell of a citizen, from its start until the case was closed; former spells and "
    "erased cases are not in it. Lengths are in weeks."
)
CURVE_DEFINITION = N_(
    "The share of spells that still run after so many weeks (Kaplan-Meier), with a 95 % confidence interval: those "
    "that run count as long as they were seen."
)
COMPARED = N_(
    "Those whose target group an adopted experiment reaches, beside those of other target groups: the two were not "
    "drawn by lot, so a difference between them may have other causes."
)
LONG = Period(months=18)
_EVERY_WEEKS, _CONFIDENCE, _HALF = 13, 0.95, 0.5
_Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Spells in weeks: how many persons, and average and median; None where there are none, or they are withheld.

    In what is ready to leave, the persons alone are withheld where they would tell how few others ended.
    """

    persons: int | None
    average: float | None
    median: float | None


@dataclass(frozen=True, slots=True)
class State:
    """The spells on one day: those that had ended by then, those that ran, and how many of these over 18 months."""

    on: date
    ended: Lengths
    running: Lengths
    over_18_months: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """The share that still runs after `weeks`, with its interval, and how many were still seen then."""

    weeks: int
    share: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve of so many persons; `median` in weeks, None where fewer than half had ended."""

    persons: int
    median: float | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Spells:
    """One group at the start and at the end of the period, with its curve at the end; `name`: all, part or rest."""

    name: str
    start: State
    end: State
    curve: Curve | None


NO_CURVES = N_("The survival curve needs a library more: pip install -c constraints.txt '.[evidence]'")


def can_draw_curves() -> bool:
    """Whether the library that reckons survival curves is installed."""
    return find_spec("scipy") is not None


def spells(evidence: Evidence, span: Span, experiment: str | None = None) -> tuple[Spells, ...]:
    """All spells, and where there are both, those whom an experiment (or any) reaches on the last day and the others.

    Without the library that reckons curves there are none; `can_draw_curves` tells.
    """
    everybody = evidence.caseload.citizens
    part = [citizen for citizen in everybody if _takes_part(evidence, citizen, span.last, experiment)]
    chosen = {citizen.id for citizen in part}
    rest = [citizen for citizen in everybody if citizen.id not in chosen]
    groups = [("all", list(everybody))] + ([("part", part), ("rest", rest)] if part and rest else [])
    return tuple(
        Spells(name, state(group, span.first), state(group, span.last), curve(group, span.last))
        for name, group in groups
    )


def _takes_part(evidence: Evidence, citizen: Citizen, day: date, experiment: str | None) -> bool:
    reached = evidence.experiments_on(citizen, day)
    return bool(reached) if experiment is None else experiment in reached


def state(citizens: Sequence[Citizen], on: date) -> State:
    """The spells as they were on a day."""
    begun = [citizen for citizen in citizens if citizen.spell_start <= on]
    ended = [_weeks(c, _ended(c, on)) for c in begun if _ended(c, on)]
    running = [citizen for citizen in begun if _ended(citizen, on) is None]
    long = sum(LONG.after(citizen.spell_start) < on for citizen in running)
    return State(on, _lengths(ended), _lengths([_weeks(citizen, on) for citizen in running]), long)


def curve(citizens: Sequence[Citizen], on: date) -> Curve | None:
    """The survival curve by the library; None where nobody is, or the library is missing."""
    begun = [citizen for citizen in citizens if citizen.spell_start <= on]
    if not begun or not can_draw_curves():
        return None
    from scipy.stats import CensoredData, ecdf

    ended = [_days(c, _ended(c, on)) for c in begun if _ended(c, on)]
    running = [_days(c, on) for c in begun if _ended(c, on) is None]
    found = ecdf(CensoredData(uncensored=ended, right=running)).sf
    interval = None
    if ended:
        with catch_warnings():  # where all have ended there is no interval, and none is asked for
            simplefilter("ignore", RuntimeWarning)
            interval = found.confidence_interval(_CONFIDENCE, method="log-log")
    lengths = sorted(ended + running)
    points = []
    for weeks in range(0, lengths[-1] // 7 + 1, _EVERY_WEEKS):
        days = weeks * 7
        share = float(found.evaluate(days))
        low, high = share, share
        if interval is not None and 0 < share < 1:
            low, high = float(interval.low.evaluate(days)), float(interval.high.evaluate(days))
        points.append(Point(weeks, share, low, high, sum(length >= days for length in lengths)))
    below = [int(length) for length in found.quantiles if float(found.evaluate(length)) <= _HALF]
    return Curve(len(begun), min(below) / 7 if below else None, tuple(points))


def exported(groups: Sequence[Spells]) -> tuple[Spells, ...]:
    """The same as it may leave the program: without what tells of fewer than five persons, or would give it away."""
    hidden = _hidden(groups)
    return tuple(
        replace(
            group,
            start=_bare(group.start, {what for name, at, what in hidden if (name, at) == (group.name, "start")}),
            end=_bare(group.end, {what for name, at, what in hidden if (name, at) == (group.name, "end")}),
            curve=_seen(group.curve) if not hidden & _of_curve(group.name) else None,
        )
        for group in groups
    )


def _hidden(groups: Sequence[Spells]) -> frozenset[_Cell]:
    persons: dict[_Cell, int] = {}
    for group in groups:
        for at, one in (("start", group.start), ("end", group.end)):
            running, long = one.running.persons or 0, one.over_18_months or 0
            # Who runs no longer than that follows from the two.
            cells = {"ended": one.ended.persons or 0, "running": running, "long": min(long, running - long)}
            persons |= {(group.name, at, what): count for what, count in cells.items()}
    sums: list[Sum[_Cell]] = []
    if len(groups) > 1:
        named = [(at, what) for name, at, what in persons if name == "all"]
        sums = [Sum(("all", at, what), (("part", at, what), ("rest", at, what))) for at, what in named]
    return withheld(persons, sums)


def _bare(one: State, hidden: set[str]) -> State:
    gone = Lengths(None, None, None)
    running = _uncounted(one.running) if "ended" in hidden and one.ended.persons else one.running
    return State(
        one.on,
        gone if "ended" in hidden else one.ended,
        gone if "running" in hidden else running,
        None if "long" in hidden else one.over_18_months,
    )


def _uncounted(lengths: Lengths) -> Lengths:
    """Without the count, and too coarse to reckon it back: with who ran in the period it tells how many ended."""
    rounded = (None if weeks is None else round(weeks, 1) for weeks in (lengths.average, lengths.median))
    return Lengths(None, *rounded)


def _of_curve(name: str) -> set[_Cell]:
    """What a curve gives away: how many ended and how many run."""
    return {(name, "end", "ended"), (name, "end", "running")}


def _seen(one: Curve | None) -> Curve | None:
    """The curve as far as enough people were seen."""
    if one is None:
        return None
    points = tuple(point for point in one.points if point.at_risk >= FEWEST)
    reached = bool(points) and points[-1].share <= _HALF
    return replace(one, points=points, median=one.median if reached else None)


def _ended(citizen: Citizen, on: date) -> date | None:
    ended = citizen.ended_on()
    return ended if ended is not None and ended <= on else None


def _days(citizen: Citizen, until: date | None) -> int:
    return (until - citizen.spell_start).days if until else 0


def _weeks(citizen: Citizen, until: date | None) -> float:
    return _days(citizen, until) / 7


def _lengths(weeks: Sequence[float]) -> Lengths:
    return Lengths(len(weeks), fmean(weeks) if weeks else None, median(weeks) if weeks else None)
