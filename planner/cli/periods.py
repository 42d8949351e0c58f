"""The period that figures cover, as it is asked for on the line."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from planner.cli.context import Context
from planner.cli.parser import Parser, Verbs
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase
from planner.services.entry import read_date

if TYPE_CHECKING:
    from planner.evaluation.evidence import Span


def period_options(verbs: Verbs, verb: Parser) -> None:
    """The first and the last day."""
    text = verbs.text
    verb.add_argument(
        "--from",
        dest="first",
        metavar=text("DATE"),
        help=text("its first day; half a year back, or an experiment's first, unless stated"),
    )
    verb.add_argument(
        "--to",
        dest="last",
        metavar=text("DATE"),
        help=text("its last day; today, or an experiment's last, unless stated"),
    )


def asked_for(context: Context, options: Namespace, experiment: str | None) -> Span:
    """The period that was stated; else that in which the experiment was in force, or the last half year.

    Raises InputError for one that is not over, or that ends before it begins.
    """
    from planner.evaluation.evidence import Span
    from planner.reporting.periods import first_day, last_day

    today, caseload = context.today(), context.desk().present()
    last = (
        read_date(options.last, today, is_over=True)
        if options.last is not None
        else last_day(caseload, experiment, today)
    )
    if last > today:
        raise InputError(N_("The option is wrong"), [Fault("--to", last.isoformat(), Phrase("today, or earlier"))])
    if options.first is not None:
        first = read_date(options.first, today, is_over=True)
    else:
        first = first_day(caseload, experiment, today, last)
    if first > last:
        allowed = Phrase("a day not after the last one")
        raise InputError(N_("The option is wrong"), [Fault("--from", first.isoformat(), allowed)])
    return Span(first, last)
