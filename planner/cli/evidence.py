"""The verb that measures: figures of a period in plain lines, as JSON, CSV, Excel workbook and vector picture."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.choices import Choices
from planner.cli.context import Context
from planner.cli.exports import check_exports, export_options, exports, write_new
from planner.cli.parser import Verbs
from planner.cli.periods import asked_for, period_options
from planner.locale import Language
from planner.services.evidence_words import DIVISIONS

if TYPE_CHECKING:
    from planner.evaluation.measures import Report
    from planner.evaluation.spells import Spells
    from planner.exchange.jobindsats_in import Extract
    from planner.exchange.result_files import Measured

INDENT = "   "
_BAR = 30


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("evidence", evidence)
    period_options(verbs, verb)
    by = Choices(DIVISIONS, verbs.language)
    verb.add_argument("--by", type=by, metavar=text("WHAT"), help=text("divide by: {what}").format(what=by.listed()))
    verb.add_argument("--experiment", metavar="ID", help=text("whose period is measured and whose spells are compared"))
    cost = text("what one medical certificate costs in DKK; what the settings say unless stated")
    verb.add_argument("--certificate-cost", metavar=text("AMOUNT"), help=cost)
    file = text("FILE")
    verb.add_argument("--beside", metavar=file, help=text("an extract from jobindsats (.csv, .xlsx) to put beside"))
    verb.add_argument("--bars", action="store_true", help=text("draw bars behind the figures"))
    export_options(verbs, verb)


def evidence(context: Context, options: Namespace) -> int:
    """Measure, print and write; what leaves the program has nothing of fewer than five persons."""
    from planner.evaluation.measures import By
    from planner.exchange.result_files import evidence_bytes
    from planner.reporting.measuring import Wish, evidence_of, measured
    from planner.services.entry import read_amount
    from planner.services.ports import AccessKind

    check_exports(options)
    desk, span = context.desk(), asked_for(context, options, options.experiment)
    stated, by = options.certificate_cost, None if options.by is None else By(options.by)
    cost = context.settings.unit_cost if stated is None else read_amount(stated)
    of = evidence_of(desk)
    wish = Wish(span, by, options.experiment, cost, _beside(options))
    with context.progress() as reach:
        found = measured(of, wish, context.language, reach)
    kind = AccessKind.EXPORT if context.json or exports(options) else AccessKind.VIEW
    desk.looked("evidence", count=len(of.caseload.citizens), kind=kind)
    if context.json:
        context.out.json(_data(found, context.language))
    else:
        for line in _lines(context, found, options.bars):
            context.out.line(line)
        for line in _beside_lines(found.beside, context.language):
            context.out.line(line)
    if exports(options):
        write_new(context, options, lambda kind: evidence_bytes(found, kind, context.language))
    return 0


def _beside(options: Namespace) -> Extract | None:
    if options.beside is None:
        return None
    from planner.exchange.jobindsats_in import read_extract

    return read_extract(Path(options.beside))


def _lines(context: Context, found: Measured, with_bars: bool) -> Iterator[str]:
    from planner.evaluation import spells
    from planner.evaluation.spell_telling import spell_lines
    from planner.evaluation.telling import LIMITS, NO_CLAIM, figure_text, lines, measure_title, title

    text, report, groups = context.text, found.report, found.spells
    yield title(report, context.language)
    yield text(NO_CLAIM)
    longest = _longest(report)
    for line in lines(report, context.language, found.names):
        told = figure_text(line.measure, line.figure, context.language)
        bar = _bar(line.figure.value, longest[line.measure.id]) if with_bars and (line.column or not report.by) else ""
        if not line.part and not line.column:
            yield ""
            yield f"{measure_title(line.measure, context.language)}: {told}"
            yield f"{INDENT}{text(line.measure.definition)}"
        elif line.figure.persons:
            yield f"{INDENT}{', '.join(name for name in (line.part, line.column) if name)}: {told}{bar}"
    yield ""
    yield text("Spells")
    yield f"{INDENT}{text(spells.DEFINITION)}"
    if len(groups) > 1:
        yield f"{INDENT}{text(spells.COMPARED)}"
    for group in groups:
        yield from spell_lines(group, context.language)
    yield f"{INDENT}{text(spells.CURVE_DEFINITION if spells.can_draw_curves() else spells.NO_CURVES)}"
    yield ""
    yield text(LIMITS)


def _longest(report: Report) -> dict[str, float]:
    """The largest figure of each measure beside its total, so that bars of one measure share a scale."""
    found: dict[str, float] = {}
    for row in report.rows:
        shown = [one.value or 0 for one in (row.figures if report.by else (row.total,))]
        found[row.measure.id] = max(found.get(row.measure.id, 0), *shown, 0)
    return found


def _bar(value: float | None, longest: float) -> str:
    return f"  {'=' * max(1, round(_BAR * value / longest))}" if value and longest else ""


def _beside_lines(beside: Extract | None, language: Language) -> Iterator[str]:
    if beside is None:
        return
    from planner.exchange.extract_telling import extract_lines

    yield ""
    yield language.text("Beside it, from the extract")
    for line in extract_lines(beside, language):
        yield f"{INDENT}{line}"


def _data(found: Measured, language: Language) -> dict[str, object]:
    from dataclasses import asdict

    from planner.evaluation.spells import exported

    report, beside = found.report.exported(), found.beside
    return {
        "schema": "planner-evidence/1",
        "from": report.span.first.isoformat(),
        "to": report.span.last.isoformat(),
        "by": report.by.value if report.by else None,
        "measures": [
            {
                "id": row.measure.id,
                "part": row.part or None,
                "title": language.text(row.measure.name),
                "definition": language.text(row.measure.definition),
                "unit": language.text(row.measure.unit),
                "total": asdict(row.total),
                "by": {column: asdict(figure) for column, figure in zip(report.columns, row.figures, strict=True)},
            }
            for row in report.rows
        ],
        "spells": [_spell_data(group) for group in exported(found.spells)],
        "beside": None if beside is None else asdict(beside),
    }


def _spell_data(group: Spells) -> dict[str, object]:
    from dataclasses import asdict

    found = asdict(group)
    for at in ("start", "end"):
        found[at]["on"] = found[at]["on"].isoformat()
    return found
