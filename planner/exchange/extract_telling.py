"""An extract beside the evidence: in lines, as rows for a file, and as bars. Its figures are the agency's own."""

from __future__ import annotations

from collections.abc import Iterator

from planner.evaluation.pictures import Bar, Bars
from planner.evaluation.telling import Cell
from planner.exchange.jobindsats_in import Extract
from planner.locale import N_, Language

ORIGIN = N_("From the extract from jobindsats; not measured here.")


def extract_lines(extract: Extract, language: Language) -> Iterator[str]:
    """A line for each row, with all its figures."""
    for row in extract.rows:
        told = (
            f"{name} {number_text(value, language)}" for name, value in zip(extract.columns, row.values, strict=True)
        )
        yield f"{row.label}: {'; '.join(told)}"


def extract_rows(extract: Extract, language: Language) -> list[list[Cell]]:
    """A row for each figure, in the columns of the measures."""
    return [
        [name, row.label, "", value, "", None, "", language.text(ORIGIN)]
        for row in extract.rows
        for name, value in zip(extract.columns, row.values, strict=True)
    ]


def extract_table(extract: Extract, language: Language) -> list[list[Cell]]:
    """The extract as a table of its own, a header first."""
    return [[language.text("part"), *extract.columns], *([row.label, *row.values] for row in extract.rows)]


def extract_bars(extract: Extract, language: Language) -> list[Bars]:
    """Bars for each column of figures, to one scale of their own."""
    return [
        Bars(
            language.text("From the extract: {column}", column=name),
            tuple(Bar(row.label, row.values[place], number_text(row.values[place], language)) for row in extract.rows),
        )
        for place, name in enumerate(extract.columns)
    ]


def number_text(value: float | None, language: Language) -> str:
    """The figure with as many decimals as it has, to the fourth."""
    if value is None:
        return "-"
    return language.number(value, next((count for count in range(4) if round(value, count) == value), 4))
