"""The verb for the evaluation form of an experiment: read, filled in, and written as Markdown or for Word."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.context import Context
from planner.cli.parser import Verbs
from planner.cli.periods import asked_for, period_options
from planner.errors import Fault, InputError, PlannerError
from planner.locale import CODES, N_, language
from planner.phrases import Phrase

if TYPE_CHECKING:
    from planner.evaluation.form import Form, Material

WORD, MARKDOWN = ".docx", ".md"
POINTS = 10


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("form", form)
    verb.add_argument("experiment", metavar=text("EXPERIMENT"), help=text("its id; see planner rules"))
    period_options(verbs, verb)
    verb.add_argument(
        "--output", metavar=text("FILE"), help=text("a new file, .docx or .md; Markdown is printed unless stated")
    )
    verb.add_argument("--in", dest="code", choices=CODES, help=text("language of the form; yours unless stated"))
    verb.add_argument(
        "--text",
        nargs=2,
        metavar=(text("POINT"), text("TEXT")),
        help=text("keep a text for a point from 1 to 10, for this and later editions; an empty one takes it out"),
    )


def form(context: Context, options: Namespace) -> int:
    """Write the form, or a text of it."""
    if options.text is not None:
        return _write(context, options)
    from planner.evaluation.figures import BESIDE_OTHERS
    from planner.evaluation.form import make_form
    from planner.exchange.form_files import check_word, form_docx, form_markdown
    from planner.exchange.paper_files import check_new, save_bytes

    kind = Path(options.output).suffix.casefold() if options.output else MARKDOWN
    if kind not in (WORD, MARKDOWN):
        raise InputError(
            N_("The option is wrong"), [Fault("--output", f"“{options.output}”", Phrase("a file .docx or .md"))]
        )
    if options.output:
        check_new(options.output)
    if kind == WORD:
        check_word()
    spoken = context.language if options.code is None else language(options.code)
    made = make_form(material(context, options), spoken)
    context.desk().follow_up.check_nameless({point.number: point.words() for point in made.points})
    _log(context)
    if context.json:
        context.out.json(_data(made))
    elif not options.output:
        for line in form_markdown(made).splitlines():
            context.out.raw(line)
    if options.output:
        data = form_docx(made) if kind == WORD else form_markdown(made).encode("utf-8")
        path = save_bytes(options.output, data)
        if not context.json:
            context.out.line(context.text("Written: {path}", path=path))
            context.out.line(context.text(BESIDE_OTHERS))
    return 0


def material(context: Context, options: Namespace) -> Material:
    """What the form, and the experience package, are made from; raises NotFound for an unknown experiment."""
    from planner.reporting.measuring import Wish
    from planner.reporting.measuring import material as asked
    from planner.settings import settings_path

    span = asked_for(context, options, options.experiment)
    wish = Wish(span, experiment=options.experiment, certificate_cost=context.settings.unit_cost)
    return asked(context.desk(), wish, settings_path().parent)


def _log(context: Context) -> None:
    from planner.services.ports import AccessKind

    context.desk().looked("form", count=len(context.desk().present().citizens), kind=AccessKind.EXPORT)


def _write(context: Context, options: Namespace) -> int:
    number, text = options.text
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= POINTS):
        fault = Fault("--text", f"“{number}”", Phrase("a point from 1 to {most}", most=POINTS))
        raise InputError(N_("The option is wrong"), [fault])
    others = [name for name in ("first", "last", "output", "code") if getattr(options, name) is not None]
    if others:
        raise PlannerError(N_("Write the text first, and the form with the next command."))
    return context.done(context.desk().follow_up.write_form(options.experiment, int(number), text))


def _data(made: Form) -> dict[str, object]:
    return {
        "schema": "planner-form/1",
        "language": made.language,
        "title": made.title,
        "experiment": made.subtitle,
        "facts": [{"name": name, "value": value} for name, value in made.facts],
        "points": [
            {
                "number": point.number,
                "heading": point.heading,
                "lines": list(point.lines),
                "tables": [
                    {
                        "heading": table.heading,
                        "columns": list(table.columns),
                        "rows": [list(row) for row in table.rows],
                    }
                    for table in point.tables
                ],
                "text": point.text,
            }
            for point in made.points
        ],
        "limits": made.limits,
    }
