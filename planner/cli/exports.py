"""The options by which a verb also writes what it tells as files."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from planner.cli.context import Context
from planner.cli.parser import Parser, Verbs

if TYPE_CHECKING:
    from planner.exchange.result_files import FileKind


def export_options(verbs: Verbs, verb: Parser) -> None:
    """Add an option for each kind of file."""
    text = verbs.text
    verb.add_argument("--csv", metavar=text("FILE"), help=text("write the figures as CSV"))
    verb.add_argument("--xlsx", metavar=text("FILE"), help=text("write the figures as an Excel workbook"))
    verb.add_argument("--svg", metavar=text("FILE"), help=text("write the figures as a vector picture"))


def files_asked_for(options: Namespace) -> list[tuple[FileKind, str]]:
    """The kinds of files that are to be written, each with its name."""
    from planner.exchange.result_files import FileKind

    return [(kind, getattr(options, kind.value)) for kind in FileKind if getattr(options, kind.value)]


def exports(options: Namespace) -> bool:
    """Whether a file is to be written."""
    return bool(options.csv or options.xlsx or options.svg)


def check_exports(options: Namespace) -> None:
    """Raise PlannerError where a file that is asked for could not be written, as far as that can be known before."""
    from planner.exchange.paper_files import check_new

    for _, name in files_asked_for(options):
        check_new(name)


def write_new(context: Context, options: Namespace, data: Callable[[FileKind], bytes]) -> None:
    """Write what is asked for into new files; raises PlannerError, before any is written, where one cannot be."""
    from planner.exchange.paper_files import save_bytes

    check_exports(options)
    for kind, name in files_asked_for(options):
        path = save_bytes(name, data(kind))
        if not context.json:
            context.out.line(context.text("Written: {path}", path=path))
