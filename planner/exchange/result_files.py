"""What was measured, answered and found as files: CSV, an Excel workbook, or a vector picture.

Give it everything as it was measured: what rests on fewer than five persons, cases or answers is withheld here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.evaluation.drawing import evidence_picture
from planner.evaluation.measures import Report
from planner.evaluation.spell_telling import spell_rows
from planner.evaluation.spells import Spells, exported
from planner.evaluation.telling import figure_rows
from planner.exchange.figures_out import csv_bytes, xlsx_bytes
from planner.locale import Language


class FileKind(StrEnum):
    """The kinds of files; each is the ending of its name as well."""

    CSV = "csv"
    XLSX = "xlsx"
    SVG = "svg"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a period; `names` says what groups, channels, cadences and experiments are called."""

    report: Report
    spells: tuple[Spells, ...]
    names: Mapping[str, str]


def evidence_bytes(measured: Measured, kind: FileKind, language: Language) -> bytes:
    """The measures and the spells as a file."""
    report, spells = measured.report.exported(), exported(measured.spells)
    if kind is FileKind.SVG:
        return evidence_picture(report, spells, language, measured.names).encode("utf-8")
    header, *rows = figure_rows(report, language, measured.names)
    more = spell_rows(spells, language)
    if kind is FileKind.CSV:
        return csv_bytes([header, *rows, *more])
    return xlsx_bytes({language.text("Measures"): [header, *rows], language.text("Spells"): [header, *more]})
