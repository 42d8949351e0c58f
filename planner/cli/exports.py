"""The options by which a verb also writes what it tells as files."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

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
