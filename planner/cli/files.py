"""Verbs for files in and out, and the demo."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from planner.cli import agreeing
from planner.cli.context import Context, read_bytes, say_assumed
from planner.cli.output import is_interactive
from planner.cli.parser import Verbs
from planner.errors import Fault, InputError, PlannerError
from planner.locale import N_
from planner.progress import READING

if TYPE_CHECKING:
    from planner.services.results import Difference

CALENDAR = "calendar"
IMPORT_USAGE = N_("%(prog)s [options] FILE\n       %(prog)s [options] calendar FILE")


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("import", import_)
    verb.usage = text(IMPORT_USAGE)
    verb.add_argument(
        "words",
        nargs="+",
        metavar=text("[calendar] FILE"),
        help=text("a caseload file (.json), a list (.csv, .xlsx), or a calendar (.ics, or after “calendar”)"),
    )
    verb.add_argument("--map", metavar=text("FILE"), help=text("a TOML file that says which column holds what"))
    verb.add_argument(
        "--name", default="", metavar=text("NAME"), help=text("tells one of several calendars from the others")
    )
    verb.add_argument("--ask", action="store_true", help=text("ask again which column holds what"))
    verb.add_argument("--dry-run", action="store_true", help=text("only say what would change"))
    verb.add_argument("--yes", action="store_true", help=text("do not ask before changing anything"))
    verb = verbs.verb("export", export)
    verb.add_argument("what", choices=("ics",), metavar="{ics}", help=text("ics: a calendar file"))
    verb.add_argument("--output", metavar=text("FILE"), help=text("the file to write; standard output unless stated"))
    verbs.verb("demo", demo)


def import_(context: Context, options: Namespace) -> int:
    """Import one file; what kind it is shows in its name."""
    *kind, name = options.words
    if kind == [CALENDAR]:
        return _calendar(context, options, name)
    if kind:
        raise InputError(
            N_("The option is wrong"), [Fault("import", " ".join(kind), N_("one file, or calendar and one file"))]
        )
    if name.casefold().endswith(".ics"):
        return _calendar(context, options, name)
    if name == "-" or name.casefold().endswith(".json"):
        return _caseload(context, options, name)
    from planner.cli.tables import import_table

    return import_table(context, options, name)


def _caseload(context: Context, options: Namespace, name: str) -> int:
    from planner.exchange.caseload_file import read_caseload

    desk = context.desk()
    data = read_bytes(name)
    with context.reading() as reach:
        reach(READING, 0, 0)
        caseload = read_caseload(data, desk.rules, context.today())
        difference = desk.load_caseload(caseload, dry_run=True, reach=reach)
    if not context.json:
        _print_difference(context, difference)
    if not options.dry_run and not difference.nothing:
        agree(context, options)
        with context.changing() as reach:
            difference = desk.load_caseload(caseload, dry_run=False, reach=reach)
        if not context.json:
            context.out.line(context.text("Imported. Undo it with: planner undo"))
            say_assumed(context)
    if context.json:
        context.out.json(
            {
                "new": list(difference.new),
                "changed": list(difference.changed),
                "unchanged": list(difference.unchanged),
                "erased": list(difference.erased),
                "office": difference.office,
                "adoptions": difference.adoptions,
                "done": difference.seq,
            }
        )
    return 0


def _print_difference(context: Context, difference: Difference) -> None:
    out, text = context.out, context.text
    out.line(text("New: {count}", count=len(difference.new)))
    out.line(text("Changed: {count}", count=len(difference.changed)))
    out.line(text("Unchanged: {count}", count=len(difference.unchanged)))
    if difference.erased:
        out.line(text("Erased before, and not taken in again: {count}", count=len(difference.erased)))
        out.line(text("Let one of them in again with: planner erase --readmit ID"))
    if difference.office:
        out.line(text("The office's hours or settings change."))
        now = context.desk().office().municipality
        if difference.municipality != now:
            out.line(text("The municipality changes from {now} to {then}.", now=now, then=difference.municipality))
    if difference.adoptions:
        known = context.desk().rules.experiments
        titles = [context.language.title(known[name].title) for name in difference.experiments if name in known]
        out.line(text("Adopted experiments change: {experiments}", experiments=context.language.joined(titles)))
    if difference.nothing:
        out.line(text("Nothing to change."))


def agree(context: Context, options: Namespace) -> None:
    """Ask before anything is changed; raises PlannerError where nobody agrees."""
    if options.yes:
        return
    if not is_interactive():
        raise PlannerError(N_("Nothing was imported. Add --yes to import without being asked."))
    agreeing.agree(context, context.text("Import this? (yes/no)"), N_("Nothing was imported."))


def _calendar(context: Context, options: Namespace, name: str) -> int:
    from planner.cli.calendars import import_calendar

    return import_calendar(context, options, name)


def export(context: Context, options: Namespace) -> int:
    """The booked conversations as a calendar file."""
    from planner.cli.calendars import export_calendar

    return export_calendar(context, options.output)


def demo(context: Context, options: Namespace) -> int:
    """The screen on invented citizens in a store that is gone afterwards, or those citizens as a file."""
    if context.json:
        from planner.exchange.caseload_file import write_caseload
        from planner.services.clock import SystemClock
        from planner.services.demo import demo_caseload

        day = SystemClock(context.day).today()
        context.out.json_text(write_caseload(demo_caseload(day)).decode("utf-8"))
        return 0
    if context.store is not None:
        return _kept_demo(context)
    from planner.bootstrap import open_demo
    from planner.cli.signals import leave_in_order_on_signals

    leave_in_order_on_signals()
    context.opener = lambda: open_demo(context.day)
    return context.screen(context) if context.screen is not None else 0


def _kept_demo(context: Context) -> int:
    """The demo in a file of its own, which is not encrypted: made where it is missing, and opened on the screen."""
    from planner.bootstrap import chosen_store, make_demo
    from planner.store.vault import State, state

    path = chosen_store(context.store)
    found = state(path)
    if found is State.MISSING:
        make_demo(path, context.day)
        context.out.line(context.text(N_("The demo is in {path}; it is not encrypted."), path=path))
    elif found is not State.DEMO:
        raise PlannerError(N_("The store {path} is not a demo. Choose another one with --store."), path=path)
    if not is_interactive():
        return 0
    return context.screen(context) if context.screen is not None else 0
