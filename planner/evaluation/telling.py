"""The measures in words, and as rows for a file; `names` says what groups, channels, cadences and experiments are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.evaluation.definitions import Measure
from planner.evaluation.measures import ALL, By, Figure, Report
from planner.evaluation.observations import NAMING
from planner.locale import N_, NN_, Language

NO_CLAIM = N_("The figures count and compare. They do not show that an experiment caused a difference.")
LIMITS = N_(
    "In every file and in JSON figures of fewer than five persons are withheld, with what would give them away; a zero "
    "stands where at least five could have been counted. Two files of the same period, or of periods that overlap, can "
    "be subtracted from each other, and so can a form or a package: hand on one of them only."
)
HEADER = (
    *(N_("measure"), N_("part"), N_("divided by"), N_("value"), N_("unit"), N_("persons"), N_("withheld")),
    N_("definition"),
)
_PARTS = {
    "time": N_("another time"),
    "channel": N_("another channel"),
    "time_and_channel": N_("another time and channel"),
}
_BY = {
    By.MONTH: N_("by month"),
    By.QUARTER: N_("by quarter"),
    By.GROUP: N_("by target group"),
    By.EXPERIMENT: N_("by adopted experiment"),
    By.CADENCE: N_("by cadence"),
}
_NONE = {By.EXPERIMENT: N_("no adopted experiment"), By.CADENCE: N_("no cadence set")}
#: The units that can be one: how so many of them are told.
_COUNTED = {
    "persons": NN_("{n} person", "{n} persons"),
    "conversations": NN_("{n} conversation", "{n} conversations"),
    "minutes": NN_("{n} minute", "{n} minutes"),
    "hours": NN_("{n} hour", "{n} hours"),
    "days": NN_("{n} day", "{n} days"),
    "deadlines": NN_("{n} deadline", "{n} deadlines"),
    "bookings": NN_("{n} booking", "{n} bookings"),
    "decisions": NN_("{n} decision", "{n} decisions"),
    "certificates": NN_("{n} certificate", "{n} certificates"),
}

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in words: what is measured, of which part and column, and the figure."""

    measure: Measure
    part: str
    column: str
    figure: Figure


def lines(report: Report, language: Language, names: Mapping[str, str]) -> Iterator[Line]:
    """Every figure, the whole of a measure before its parts and columns."""
    for row in report.rows:
        part = part_name(row.measure, row.part, language, names)
        yield Line(row.measure, part, "", row.total)
        for column, figure in zip(report.columns, row.figures, strict=True):
            yield Line(row.measure, part, column_name(report.by, column, language, names), figure)


def title(report: Report, language: Language) -> str:
    """What the report is of."""
    period = language.text("Evidence from {first} to {last}", first=report.span.first, last=report.span.last)
    return f"{period}, {language.text(_BY[report.by])}" if report.by else period


def part_name(measure: Measure, part: str, language: Language, names: Mapping[str, str]) -> str:
    """What a part of a measure is called; a reason is called as it was written, but where it names somebody."""
    if part == NAMING:
        return language.text("a reason that names somebody")
    if part == ALL or measure.id == "postponed":
        return part
    return language.text(_PARTS[part]) if measure.id == "changed" else names.get(part, part)


def column_name(by: By | None, column: str, language: Language, names: Mapping[str, str]) -> str:
    """What a column is called."""
    if by in (By.MONTH, By.QUARTER):
        first = date.fromisoformat(column)
        month = language.writing.months[first.month - 1]
        if by is By.MONTH:
            return f"{month} {first.year}"
        return language.text("quarter {number}, {year}", number=(first.month + 2) // 3, year=str(first.year))
    if by is not None and column == "none":
        return language.text(_NONE.get(by, N_("none")))
    return " + ".join(names.get(one, one) for one in column.split(" + "))


def figure_text(measure: Measure, figure: Figure, language: Language) -> str:
    """The value and the persons, in words."""
    if figure.value is None:
        return language.text("withheld" if figure.withheld else "not recorded")
    told = language.number(figure.value, measure.decimals)
    if measure.id != "citizens":
        told = f"{told}, {persons_text(figure.persons or 0, language)}"
    return f"{told} ({language.text('withheld in files')})" if figure.withheld else told


def value_text(measure: Measure, value: float, language: Language) -> str:
    """The value with its unit."""
    told = language.number(value, measure.decimals)
    if measure.unit not in _COUNTED:
        return f"{told} {language.text(measure.unit)}"
    return language.counted(*_COUNTED[measure.unit], 1 if told == "1" else 2).format(n=told)


def measure_title(measure: Measure, language: Language) -> str:
    """The name of a measure with its unit."""
    return f"{language.text(measure.name)} ({language.text(measure.unit)})"


def persons_text(count: int, language: Language) -> str:
    """The number of persons."""
    return language.plural("{n} person", "{n} persons", count)


def figure_rows(report: Report, language: Language, names: Mapping[str, str]) -> list[list[Cell]]:
    """The report as rows for a file, a header first; give it what may leave the program."""
    rows: list[list[Cell]] = [[language.text(name) for name in HEADER]]
    for line in lines(report, language, names):
        figure, about = line.figure, line.measure
        rows.append(
            [
                language.text(about.name),
                line.part,
                line.column,
                language.text("not recorded") if figure.value is None and not figure.withheld else figure.value,
                language.text(about.unit),
                figure.persons,
                language.text("withheld") if figure.withheld else "",
                language.text(about.definition),
            ]
        )
    return rows
