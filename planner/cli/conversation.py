"""Verbs from proposal to filed: summons, offer of times, the citizen's choice, case note."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from planner.cli.choices import integer, within
from planner.cli.context import Context
from planner.cli.parser import Parser, Run, Verbs
from planner.cli.worded import channels
from planner.domain.conversations import Channel
from planner.errors import PlannerError
from planner.locale import CODES, N_
from planner.services.entry import read_date

if TYPE_CHECKING:
    from planner.services.papers import Paper
    from planner.services.results import Done

SLOTS = 3


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text

    def verb(name: str, run: Run) -> Parser:
        made = verbs.verb(name, run)
        made.add_argument(
            "citizen", metavar=text("CITIZEN"), help=text("an id, or any part of the name that only one has")
        )
        return made

    def text_options(made: Parser) -> None:
        made.add_argument(
            "--output", metavar=text("FILE"), help=text("a new file for the text; standard output unless stated")
        )
        made.add_argument(
            "--in", dest="code", choices=CODES, help=text("the language of the text; that of the program unless stated")
        )

    made = verb("summons", summons)
    made.add_argument(
        "--short-notice", action="store_true", help=text("print it although the notice of the channel is too short")
    )
    text_options(made)
    made = verb("offer", offer)
    what = made.add_mutually_exclusive_group()
    what.add_argument("--withdraw", action="store_true", help=text("take the offer back"))
    what.add_argument("--text", action="store_true", help=text("print the text of the offer that stands"))
    made.add_argument("--slots", type=integer, default=SLOTS, metavar="N", help=text("how many times; 3 unless stated"))
    made.add_argument(
        "--deadline", metavar=text("DATE"), help=text("the last day to choose; at least eight days ahead")
    )
    which = channels(verbs.language)
    made.add_argument("--channel", type=which, metavar=text("CHANNEL"), help=which.listed())
    text_options(made)
    made = verb("pick", pick)
    made.add_argument("number", type=integer, metavar="N", help=text("its number in the offer, from 1"))
    made = verb("case-note", case_note)
    made.add_argument("--on", metavar=text("DATE"), help=text("the day it was held; the latest unless stated"))
    ticks = made.add_mutually_exclusive_group()
    ticks.add_argument("--filed", action="store_true", help=text("say that the note is in the case system"))
    ticks.add_argument("--not-filed", action="store_true", help=text("say that the note is not in the case system"))
    text_options(made)


def summons(context: Context, options: Namespace) -> int:
    """The summons."""
    citizen = context.citizen(options.citizen)
    return _give(context, options, context.desk().summons(citizen.id, _code(context, options), options.short_notice))


def offer(context: Context, options: Namespace) -> int:
    """Offer times and print the text, print it again, or take the offer back."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    if options.withdraw:
        return context.done(desk.withdraw(citizen.id))
    done = None
    if not options.text:
        _check_new(options)
        until = read_date(options.deadline, context.today()) if options.deadline else None
        channel = Channel(options.channel) if options.channel else None
        done = desk.offer(citizen.id, until, within("--slots", options.slots, 1), channel)
    return _give(context, options, desk.offer_text(citizen.id, _code(context, options)), done)


def pick(context: Context, options: Namespace) -> int:
    """Book what the citizen chose."""
    citizen = context.citizen(options.citizen)
    return context.done(context.desk().pick(citizen.id, within("N", options.number, 1)))


def case_note(context: Context, options: Namespace) -> int:
    """The note, or the tick that says where it is."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    on = read_date(options.on, context.today()) if options.on else None
    if options.not_filed or (options.filed and not options.output):
        return context.done(desk.filed(citizen.id, on, options.filed))
    paper = desk.case_note(citizen.id, _code(context, options), on)
    if not options.filed:
        return _give(context, options, paper)
    _check_new(options)
    return _give(context, options, paper, desk.filed(citizen.id, on))


def _code(context: Context, options: Namespace) -> str:
    return str(options.code or context.language.code)


def _check_new(options: Namespace) -> None:
    """Refuse before anything is changed where the text could not be written afterwards."""
    if options.output:
        from planner.exchange.paper_files import check_new

        check_new(options.output)


def _give(context: Context, options: Namespace, paper: Paper, done: Done | None = None) -> int:
    """The text on standard output or in a file; what the caseworker should know of it beside it."""
    notices = [notice.text(context.language) for notice in paper.notices]
    message = done.text(context.language) if done is not None else None
    if options.output:
        from planner.exchange.paper_files import save_text

        try:
            save_text(options.output, paper.text)
        except PlannerError:
            if message is not None:  # what was done stands, though its text could not be written
                context.out.error(message)
                context.out.error(context.text("Undo it with: planner undo"))
            raise
    if context.json:
        changed = {} if done is None else {"done": done.seq, "message": message}
        about = {"kind": paper.kind.value, "citizen": paper.citizen_id, "language": paper.code}
        context.out.json({**changed, **about, "notices": notices, "file": options.output, "text": paper.text})
        return 0
    if message is not None:
        context.out.line(message)
        context.out.line(context.text("Undo it with: planner undo"))
        if not options.output:
            context.out.line()
    if options.output:
        context.out.line(context.text(N_("Written to {file}. It holds personal data."), file=options.output))
    else:
        for line in paper.text.splitlines():
            context.out.raw(line)
    for notice in notices:
        context.out.error(notice)
    return 0
