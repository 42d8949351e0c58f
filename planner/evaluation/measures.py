"""The measures of a period, in all and divided by month, quarter, target group, experiment or cadence."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from statistics import median

from planner.evaluation.definitions import BOUND, FOLLOWS, MEASURES, Kind, Measure
from planner.evaluation.evidence import Evidence, Span
from planner.evaluation.observations import Observation, observe
from planner.evaluation.shares import FEWEST
from planner.evaluation.withholding import Sum, withheld
from planner.progress import Reach, unwatched

ALL = ""
#: Nobody has set a cadence, or no adopted experiment reaches the citizen.
NONE = "none"


class By(StrEnum):
    """What the figures are divided by."""

    MONTH = "month"
    QUARTER = "quarter"
    GROUP = "group"
    EXPERIMENT = "experiment"
    CADENCE = "cadence"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, None where nothing is recorded, and the persons that it rests on.

    `withheld`: it rests on too few, or would give such a figure away, so it must not leave the program; in what is
    ready to leave, value and persons are gone.
    """

    value: float | None
    persons: int | None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One measure, or a part of it (a channel, a reason), in all and by column."""

    measure: Measure
    part: str
    total: Figure
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The measures of a period; `columns` are months (their first day), groups, experiments or cadences."""

    span: Span
    by: By | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def exported(self) -> Report:
        """The same as it may leave the program; a reason that too few gave is not named either."""
        kept = [row for row in self.rows if not (row.measure.id == "postponed" and row.part and row.total.withheld)]
        rows = [replace(r, total=_bare(r.total), figures=tuple(_bare(one) for one in r.figures)) for r in kept]
        return replace(self, rows=tuple(rows))

    def row(self, measure: str, part: str = ALL) -> Row:
        """One row; raises KeyError."""
        for row in self.rows:
            if (row.measure.id, row.part) == (measure, part):
                return row
        raise KeyError((measure, part))


def measure(
    evidence: Evidence,
    span: Span,
    by: By | None = None,
    certificate_cost: float | None = None,
    reach: Reach = unwatched,
) -> Report:
    """Measure a period that is over; raises InputError where rules are missing for it, and whatever `reach` raises."""
    found = list(observe(evidence, span, reach))
    if certificate_cost is not None:
        found += [
            replace(one, measure="certificates_saved", amount=certificate_cost)
            for one in found
            if one.measure == "certificates"
        ]
    labels = _labels(evidence, span, by)
    columns = _columns(span, by, found, labels)
    ends = {column: part.last for column, part in zip(columns, _spans(span, by), strict=False)}
    tables = {one.id: _Table(one, span, ends, columns, labels) for one in MEASURES}
    for one in found:
        tables[one.measure].add(one)
    bound = {name: group for group in BOUND for name in group}
    rows: list[Row] = []
    hidden: dict[str, frozenset[str]] = {}
    for table in tables.values():
        group = bound.get(table.measure.id, frozenset((table.measure.id,)))
        given = frozenset[str]().union(*(hidden[name] for name in FOLLOWS.get(table.measure.id, ())))
        made = table.rows([tables[name] for name in sorted(group)], tables["citizens"], given)
        whole = zip((ALL, *columns), (made[0].total, *made[0].figures), strict=True)
        hidden[table.measure.id] = frozenset(column for column, figure in whole if figure.withheld)
        rows += made
    return Report(span, by, columns, tuple(rows))


class _Table:
    """The observations of one measure by part and column; the whole has the part and the column `ALL`."""

    def __init__(
        self,
        measure: Measure,
        span: Span,
        ends: dict[str, date],
        columns: Sequence[str],
        label: Callable[[Observation], str],
    ) -> None:
        self.measure, self.columns = measure, columns
        self._span, self._ends, self._label = span, ends, label
        self._cells: dict[tuple[str, str], list[Observation]] = {}

    def add(self, one: Observation) -> None:
        """Put an observation where it belongs."""
        for part in dict.fromkeys((ALL, one.part)):
            for column in dict.fromkeys((ALL, self._label(one))):
                self._cells.setdefault((part, column), []).append(one)

    @property
    def parts(self) -> list[str]:
        """The parts that were observed, those with most observations first."""
        own = {part for part, _ in self._cells if part != ALL}
        return sorted(own, key=lambda part: (-len(self._cells[part, ALL]), part))

    def rows(self, bound: Sequence[_Table], everybody: _Table, given: Set[str]) -> list[Row]:
        """The whole and its parts, with what must be withheld, also for the sake of what is bound to it.

        That nobody was counted may be shown where at least five of `everybody` could have been. In the columns
        `given` the whole is withheld in any case.
        """
        keys = [(part, column) for part in (ALL, *self.parts) for column in (ALL, *self.columns)]
        risk = {key: min(table.at_risk(key) for table in bound) for key in keys}
        sums = [Sum((p, ALL), tuple((p, c) for c in self.columns)) for p in (ALL, *self.parts) if self.columns]
        if self.parts:
            sums += [Sum((ALL, c), tuple((p, c) for p in self.parts)) for c in (ALL, *self.columns)]
        # Where nothing is recorded there is no figure that could tell of anybody.
        enough = {column for column in (ALL, *self.columns) if everybody.persons((ALL, column)) >= FEWEST}
        zeros = {key for key in keys if key[1] in enough and not any(table.persons(key) for table in bound)}
        hidden = (
            withheld(risk, sums, zeros, {(ALL, column) for column in given})
            if self._cells or self.measure.recorded
            else frozenset()
        )
        figures = {key: Figure(self._value(key), self.persons(key), key in hidden) for key in keys}
        return [
            Row(self.measure, part, figures[part, ALL], tuple(figures[part, column] for column in self.columns))
            for part in (ALL, *self.parts)
        ]

    def at_risk(self, key: tuple[str, str]) -> int:
        """How few people the figure tells of: of a share, those in it or those outside it."""
        if self.measure.kind is not Kind.SHARE:
            return self.persons(key)
        inside = sum(one.amount > 0 for one in self._observed(key))
        return min(inside, self.persons(key) - inside)

    def persons(self, key: tuple[str, str]) -> int:
        """How many people a figure rests on."""
        return len({one.citizen.id for one in self._observed(key)})

    def _observed(self, key: tuple[str, str]) -> list[Observation]:
        found = self._cells.get(key, [])
        if self.measure.kind is Kind.SHARE:  # it is a state, so it is seen on the last day
            last = self._ends.get(key[1], self._span.last)
            return [one for one in found if one.on == last]
        return found

    def _value(self, key: tuple[str, str]) -> float | None:
        found = self._observed(key)
        amounts = [one.amount for one in found]
        if not found:
            return 0 if self.measure.recorded and self.measure.kind is not Kind.MEDIAN else None
        match self.measure.kind:
            case Kind.SUM:
                return sum(amounts)
            case Kind.MEMBERS:
                return self.persons(key)
            case Kind.MEDIAN:
                return median(amounts)
            case Kind.LONGEST:
                return max(amounts)
            case Kind.SHARE:
                return 100 * sum(amounts) / len(amounts)


def _bare(figure: Figure) -> Figure:
    return Figure(None, None, withheld=True) if figure.withheld else figure


def _spans(span: Span, by: By | None) -> tuple[Span, ...]:
    if by is By.MONTH:
        return span.months()
    return span.quarters() if by is By.QUARTER else ()


def _labels(evidence: Evidence, span: Span, by: By | None) -> Callable[[Observation], str]:
    spans = _spans(span, by)

    def label(one: Observation) -> str:
        match by:
            case By.MONTH | By.QUARTER:
                return next(part.first.isoformat() for part in spans if one.on in part)
            case By.GROUP:
                return one.citizen.target_group.value
            case By.EXPERIMENT:
                return " + ".join(evidence.experiments_on(one.citizen, one.on)) or NONE
            case By.CADENCE:
                cadence = evidence.cadence_on(one.citizen, one.on)
                return NONE if cadence is None else cadence.value
            case None:
                return ALL

    return label


def _columns(
    span: Span, by: By | None, found: Sequence[Observation], label: Callable[[Observation], str]
) -> tuple[str, ...]:
    """All months of the period, or whatever else was observed."""
    if by is None:
        return ()
    if by in (By.MONTH, By.QUARTER):
        return tuple(part.first.isoformat() for part in _spans(span, by))
    return tuple(sorted({label(one) for one in found}, key=lambda name: (name == NONE, len(name.split(".")[-1]), name)))
