"""A short guided start in plain lines: language, municipality, hours, and how to begin.

Nothing is written before the end. Every step can be skipped with Enter and taken back with `<`; whoever leaves has
changed nothing.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING, TypeVar

from planner.cli.context import Context
from planner.cli.hints import at_store
from planner.cli.output import is_interactive
from planner.cli.parser import Verbs
from planner.errors import PlannerError
from planner.locale import CODES, N_, language
from planner.services.entry import NotUnderstood

if TYPE_CHECKING:
    from planner.domain.caseload import Hours
    from planner.services.ports import Office

T = TypeVar("T")

BACK, LEAVE = frozenset({"<", "\x1b", "tilbage", "back"}), frozenset({"q", "afslut", "quit"})
NONE = frozenset({"ingen", "none", "-"})
LANGUAGES = {"da": N_("Danish"), "en": N_("English")}
EMPTY, FILE, DEMO = "empty", "file", "demo"
STANDS = N_("go on with the list that is there")
BEGINNINGS = {
    EMPTY: N_("begin with an empty list"),
    FILE: N_("import a list from the case system (CSV, Excel or a caseload file)"),
    DEMO: N_("look at the demo with invented citizens first; it leaves nothing behind"),
}
_WELCOME = N_("Welcome. Enter skips a step, < goes one back, q leaves. Nothing is written before the end.")
#: Nobody answers so often in vain.
MOST_QUESTIONS = 50


@dataclass(slots=True)
class Answers:
    """What was answered; None where a step was skipped. `stands`: there is a store, which stays as it is then."""

    stands: bool = False
    language: str | None = None
    municipality: str | None = None
    hours: tuple[Hours, ...] | None = None
    breaks: tuple[Hours, ...] | None = None
    begin: str = EMPTY
    file: str = ""


class _Left(Exception):
    """The guide was left."""


class _Back(Exception):
    """One step back."""


def register(verbs: Verbs) -> None:
    """Add the verb."""
    verbs.verb("start", start)


def start(context: Context, options: Namespace) -> int:
    """The guide, and then the screen."""
    if not is_interactive():
        raise PlannerError(
            N_("planner start asks questions and needs a terminal. Set the hours with planner office --set.")
        )
    return guided(context)


def is_first(context: Context) -> bool:
    """Whether somebody sits at a terminal where there is no store yet; asking creates nothing."""
    if not is_interactive():
        return False
    from planner.bootstrap import chosen_store
    from planner.store.keys.beside import is_locked

    path = chosen_store(context.store)
    return not path.exists() and not is_locked(path)


def guided(context: Context) -> int:
    """Ask, write what was answered, and open the screen; gives its exit code."""
    _check_own(context)
    answers = Answers(stands=_is_there(context))
    context.out.line(context.text(_WELCOME))
    try:
        _settle(context, answers)
    except _Left:
        context.out.line(context.text("Nothing was written."))
        return 0
    if answers.begin == DEMO:
        from planner.cli.files import demo

        context.close()  # a store may be open in which the answers did not fit
        context.begin_again()
        context.store = None  # the demo leaves nothing behind
        return demo(context, Namespace())
    return context.screen(context) if context.screen is not None else 0


def _settle(context: Context, answers: Answers) -> None:
    """Ask every step, and write what was answered; raises _Left where the guide is left or nothing can be written."""
    _ask(context, answers)
    for _ in range(MOST_QUESTIONS):
        if answers.begin != DEMO and not _protect(context):
            raise _Left
        try:
            _write(context, answers)
            return
        except NotUnderstood as error:  # the breaks beside what stands in the store
            _tell(context, error)
            _ask(context, answers, STEPS.index(_hours))
    raise _Left


def _ask(context: Context, answers: Answers, at: int = 0) -> None:
    """Ask the steps from that one on; raises _Left where the guide is left."""
    while at < len(STEPS):
        try:
            STEPS[at](context, answers, f"{at + 1}/{len(STEPS)}")
            at += 1
        except _Back:
            at = max(0, at - 1)


def _language(context: Context, answers: Answers, step: str) -> None:
    _heading(context, step, N_("Language"))
    names = [context.text(LANGUAGES[code]) for code in CODES]
    picked = _picked(context, names, CODES.index(context.language.code))
    answers.language = CODES[picked]
    context.language = at_store(language(answers.language), context.store)


def _municipality(context: Context, answers: Answers, step: str) -> None:
    from planner.services import office_form as form

    _heading(context, step, N_("Municipality"))
    known = municipalities()
    for number, name in enumerate(known, 1):
        context.out.line(f"  {number}. {name}")

    def read(typed: str) -> str | None:
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
        if number and not number <= len(known):
            raise NotUnderstood(N_("There is no number {number}"), number=number)
        return known[number - 1] if number else form.read_municipality(typed) or None

    said = N_("A number, or the name of another one (Enter: {otherwise}):")
    question = context.text(said, otherwise=_municipality_told(context, answers))
    answers.municipality = _answered(context, question, read) or answers.municipality


def _municipality_told(context: Context, answers: Answers) -> str:
    none = context.text("unchanged") if answers.stands else context.text("not stated")
    return answers.municipality or none


def _hours(context: Context, answers: Answers, step: str) -> None:
    from planner.services import office_form as form

    _heading(context, step, N_("Working hours"))
    said = N_("For example 8-15, or mon-thu 8-15; fri 8-12 (Enter: {otherwise}):")
    question = context.text(said, otherwise=_hours_told(context, answers))
    answers.hours = _answered(context, question, lambda typed: form.read_week(typed) or None) or answers.hours


def _breaks(context: Context, answers: Answers, step: str) -> None:
    from planner.services import office_form as form

    _heading(context, step, N_("Breaks"))
    said = N_("For example 12-12.30, or mon-thu 12-12.30, or “none” (Enter: {otherwise}):")
    question = context.text(said, otherwise=_breaks_told(context, answers))

    def read(typed: str) -> tuple[Hours, ...] | None:
        breaks = () if typed.casefold() in NONE else form.read_week(typed) or answers.breaks
        if not answers.stands or answers.hours:  # else those of the store are only known at the end
            _check_breaks(answers.hours or (), breaks or ())
        return breaks

    answers.breaks = _answered(context, question, read)


def _check_breaks(hours: tuple[Hours, ...], breaks: tuple[Hours, ...]) -> None:
    from planner.services import office_form as form
    from planner.services.week import ASSUMED_HOURS

    if any(form.is_all_break(hours or ASSUMED_HOURS, breaks, day) for day in form.DAYS):
        raise NotUnderstood(N_("The break takes all of the working hours"))


def _hours_told(context: Context, answers: Answers) -> str:
    """The hours as they stand answered by now."""
    from planner.services.week import FROM, TO

    return _week(context, answers.hours) if answers.hours else _otherwise(context, answers, FROM, TO)


def _breaks_told(context: Context, answers: Answers) -> str:
    """The breaks as they stand answered by now: where none are, those of the assumed week go with its hours."""
    from planner.services.week import BREAK_FROM, BREAK_TO

    if answers.breaks:
        return _week(context, answers.breaks)
    without = answers.breaks is not None or (answers.hours and not answers.stands)
    return context.text("no break") if without else _otherwise(context, answers, BREAK_FROM, BREAK_TO)


def _begin(context: Context, answers: Answers, step: str) -> None:
    _heading(context, step, N_("How to begin"))
    keys = list(BEGINNINGS)
    labels = [_beginning(context, answers, key) for key in keys]
    answers.begin = keys[_picked(context, labels, keys.index(answers.begin))]
    if answers.begin == FILE:
        try:
            answers.file = _answered(context, context.text("The file:"), _existing) or answers.file
        except _Back:
            answers.begin = EMPTY
            _begin(context, answers, step)
            return
        if not answers.file:
            answers.begin = EMPTY


def _beginning(context: Context, answers: Answers, key: str) -> str:
    return context.text(STANDS if answers.stands and key == EMPTY else BEGINNINGS[key])


def _existing(typed: str) -> str | None:
    path = os.path.expanduser(typed)  # unlike Path's own it takes a name as it is where nobody has that home folder
    if typed and not os.path.isfile(path):
        raise NotUnderstood(N_("There is no file {file}"), file=typed)
    return path or None


def _agree(context: Context, answers: Answers, step: str) -> None:
    _heading(context, step, N_("That is"))
    lines = {N_("Language"): context.text(LANGUAGES[answers.language or context.language.code])}
    if answers.begin != DEMO:
        if answers.municipality or answers.begin != FILE:  # a file may bring one
            lines[N_("Municipality")] = _municipality_told(context, answers)
        lines[N_("Working hours")] = _hours_told(context, answers)
        lines[N_("Breaks")] = _breaks_told(context, answers)
    lines[N_("How to begin")] = answers.file if answers.begin == FILE else _beginning(context, answers, answers.begin)
    for label, value in lines.items():
        context.out.line(f"  {context.text(label)}: {value}")
    _answered(context, context.text("Enter writes it and begins:"), _agreed)


def _agreed(typed: str) -> None:
    """Take Enter alone: who writes “no” has not agreed."""
    if typed:
        raise NotUnderstood(N_("Only Enter writes it; < goes one back, q leaves"))


def _week(context: Context, hours: tuple[Hours, ...] | None) -> str:
    say = context.language
    return ", ".join(
        f"{say.writing.short_weekdays[one.weekday]} {say.time(one.start.hour * 60 + one.start.minute)}"
        f"-{say.time(one.end.hour * 60 + one.end.minute)}"
        for one in hours or ()
    )


def _otherwise(context: Context, answers: Answers, begin: time, end: time) -> str:
    if answers.stands:
        return context.text("unchanged")
    return context.text("{hours} (assumed)", hours=f"{_clock(context, begin)}-{_clock(context, end)}")


def _clock(context: Context, moment: time) -> str:
    return context.language.time(moment.hour * 60 + moment.minute)


STEPS: Sequence[Callable[[Context, Answers, str], None]] = (
    _language,
    _municipality,
    _hours,
    _breaks,
    _begin,
    _agree,
)


def municipalities() -> list[str]:
    """The municipalities that the experiments name, in Danish order."""
    from planner.domain.text import sort_key
    from planner.exchange.rule_files import load_rules

    names = {name for experiment in load_rules().experiments.values() for name in experiment.municipalities}
    return sorted(names, key=sort_key)


def _heading(context: Context, step: str, title: str) -> None:
    context.out.line()
    context.out.line(f"{step} {context.text(title)}")


def _picked(context: Context, labels: Sequence[str], default: int) -> int:
    for number, label in enumerate(labels, 1):
        context.out.line(f"  {number}. {label}")

    def read(typed: str) -> int | None:
        if not typed:
            return default
        if typed.isascii() and typed.isdigit() and len(typed) < 4 and 1 <= int(typed) <= len(labels):
            return int(typed) - 1
        raise NotUnderstood(N_("Write a number from 1 to {most}"), most=len(labels))

    picked = _answered(context, context.text("A number (Enter: {number}):", number=default + 1), read)
    return default if picked is None else picked


def _answered(context: Context, question: str, read: Callable[[str], T | None]) -> T | None:
    for _ in range(MOST_QUESTIONS):
        context.out.flush()
        with context.telling(N_("Nothing was written.")):
            typed = context.out.reply(question)
        if typed is None:  # Ctrl+D is no Enter
            context.out.line("")
            raise _Left
        if typed.casefold() in BACK or typed.startswith("\x1b"):
            raise _Back
        if typed.casefold() in LEAVE:
            raise _Left
        try:
            return read(typed)
        except PlannerError as error:
            _tell(context, error)
    raise _Left


def _tell(context: Context, error: PlannerError) -> None:
    from planner.services.messages import told  # brings the rules along, which the other verbs must not wait for

    context.out.error(told(context.language, error.message, error.values))


def _check_own(context: Context) -> None:
    """Raise where one's own list would come among the demo's invented citizens, which are not encrypted."""
    from planner.bootstrap import chosen_store
    from planner.store.vault import State, state

    path = chosen_store(context.store)
    if state(path) is State.DEMO:
        raise PlannerError(
            N_("The store {path} is a demo, and not encrypted. Choose another one with --store."), path=path
        )


def _is_there(context: Context) -> bool:
    """Whether there is a store."""
    from planner.bootstrap import chosen_store
    from planner.store.vault import State, state

    return state(chosen_store(context.store)) is not State.MISSING


def _protect(context: Context) -> bool:
    """Make the encrypted store where there is none; gives whether there is one."""
    from planner.bootstrap import chosen_store
    from planner.cli.keys import set_up

    if _is_there(context):
        return True
    context.out.line()
    return set_up(context, chosen_store(context.store))


def _write(context: Context, answers: Answers) -> None:
    if answers.begin != DEMO:
        desk = context.desk()
        office = _office(desk.office(), answers)
        if office != desk.office():
            desk.set_office(office)
    if answers.language is not None and answers.language != context.settings.language:
        from planner.settings_file import change_settings

        context.settings = change_settings({"language": answers.language})
    if answers.begin == FILE:
        _import(context, answers.file)


def _office(office: Office, answers: Answers) -> Office:
    """The office with what was answered; raises NotUnderstood where its breaks leave no working hours."""
    from planner.services.week import ASSUMED_HOURS, with_hours

    worker = office.caseworker
    hours = worker.working_hours if answers.hours is None else answers.hours
    if answers.breaks == () and not hours:
        hours = ASSUMED_HOURS  # with hours that are only assumed goes a break
    breaks = worker.breaks
    if answers.breaks is not None:
        breaks = answers.breaks
    elif answers.stands and answers.hours is not None:
        breaks = with_hours(worker).breaks  # unchanged, also where they were only assumed
    _check_breaks(hours, breaks)
    worker = replace(worker, working_hours=hours, breaks=breaks)
    return replace(office, municipality=answers.municipality or office.municipality, caseworker=worker)


def _import(context: Context, file: str) -> None:
    from planner.cli.failures import tell
    from planner.cli.files import import_

    options = Namespace(words=[file], map=None, name="", ask=False, dry_run=False, yes=False)
    try:
        import_(context, options)
    except PlannerError as error:
        tell(error, context.language, context.out)
        context.out.question(
            context.text("Import it again with: planner import {file}. Enter opens the list without it.", file=file)
        )
