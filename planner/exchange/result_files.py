"""What was measured, answered and found as files: CSV, an Excel workbook, or a vector picture.

Give it everything as it was measured: what rests on fewer than five persons, cases or answers is withheld here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.follow_up import Supervision, SurveyRound
from planner.evaluation import supervision, surveys
from planner.evaluation.drawing import evidence_picture, supervision_picture, survey_picture
from planner.evaluation.measures import Report
from planner.evaluation.questions import Question
from planner.evaluation.spell_telling import spell_rows
from planner.evaluation.spells import Spells, exported
from planner.evaluation.telling import figure_rows
from planner.exchange.extract_telling import extract_bars, extract_rows, extract_table
from planner.exchange.figures_out import Rows, csv_bytes, xlsx_bytes
from planner.exchange.jobindsats_in import Extract
from planner.locale import Language


class FileKind(StrEnum):
    """The kinds of files; each is the ending of its name as well."""

    CSV = "csv"
    XLSX = "xlsx"
    SVG = "svg"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a period, and an extract that is laid beside it.

    `names` says what groups, channels, cadences and experiments are called.
    """

    report: Report
    spells: tuple[Spells, ...]
    names: Mapping[str, str]
    beside: Extract | None = None


def evidence_bytes(measured: Measured, kind: FileKind, language: Language) -> bytes:
    """The measures and the spells as a file, and the extract with them."""
    report, spells, beside = measured.report.exported(), exported(measured.spells), measured.beside
    if kind is FileKind.SVG:
        bars = extract_bars(beside, language) if beside else ()
        return evidence_picture(report, spells, language, measured.names, bars).encode("utf-8")
    header, *rows = figure_rows(report, language, measured.names)
    more = spell_rows(spells, language)
    if kind is FileKind.CSV:
        return csv_bytes([header, *rows, *more, *(extract_rows(beside, language) if beside else ())])
    sheets = {language.text("Measures"): [header, *rows], language.text("Spells"): [header, *more]}
    return xlsx_bytes(sheets | ({language.text("Extract"): extract_table(beside, language)} if beside else {}))


def survey_bytes(
    rounds: Sequence[SurveyRound], questions: Sequence[Question], kind: FileKind, language: Language
) -> bytes:
    """The rounds of the survey as a file."""
    if kind is FileKind.SVG:
        return survey_picture(rounds, questions, language).encode("utf-8")
    return _table(surveys.share_rows(rounds, questions, language), language.text("Survey"), kind)


def supervision_bytes(
    samples: Sequence[Supervision], checklist: Sequence[Question], kind: FileKind, language: Language
) -> bytes:
    """What was found in the samples as a file."""
    if kind is FileKind.SVG:
        return supervision_picture(samples, checklist, language).encode("utf-8")
    return _table(supervision.share_rows(samples, checklist, language), language.text("Supervision"), kind)


def _table(rows: Rows, title: str, kind: FileKind) -> bytes:
    return csv_bytes(rows) if kind is FileKind.CSV else xlsx_bytes({title: rows})
