"""The whole program: `planner` opens the screen, `planner VERB` answers on the line."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planner.causes import cause_of
from planner.cli.argparse_words import argparse_speaks
from planner.cli.context import Context
from planner.cli.failures import INTERNAL, INTERRUPTED, PIPE_CLOSED, tell, tell_unexpected
from planner.cli.output import Output, give_up_stdout, is_interactive
from planner.cli.parser import build_parser, language_asked_for
from planner.cli.quiet import keep_quiet
from planner.cli.signals import (
    leave_at_once,
    leave_if_told,
    leave_in_order_on_signals,
    leave_with_terminal,
    remember_signals,
    told_to_leave,
    unwind_on_interrupt,
)
from planner.domain.masking import Masking, with_names
from planner.errors import DamagedStore, Fault, InputError, PlannerError
from planner.locale import DEFAULT, N_, Language, language
from planner.settings import Settings, Value, read_settings

if TYPE_CHECKING:
    from planner.first_view import First
    from planner.tui.app import PlannerApp


def run(arguments: list[str], *, has_process: bool) -> int:
    """Run one command line and give its exit code; with a process of its own, whatever fails there is told by place."""
    if not has_process:
        return _answer(arguments)
    keep_quiet()
    code = _answer(arguments)
    leave_at_once(code)
    return code


def _answer(arguments: list[str]) -> int:
    out = Output()
    speaks = language(language_asked_for(arguments) or DEFAULT, aloud=True)
    try:
        unwind_on_interrupt()
        settings = _settings(arguments, speaks, out)
        speaks = language(language_asked_for(arguments) or settings.language, aloud=True)
        out.symbols = settings.symbols
        code = _run(arguments, speaks, settings, out)
        out.flush()
        return code
    except (Exception, KeyboardInterrupt) as error:
        return ended(error, speaks.code, out)


def ended(error: Exception | KeyboardInterrupt, code: str, out: Output) -> int:
    """Tell in the language of that code what ended the program; gives its exit code."""
    speaks = language(code, aloud=True)
    if isinstance(error, PlannerError):
        return tell(error, speaks, out)
    if isinstance(error, BrokenPipeError):
        give_up_stdout()
        return PIPE_CLOSED
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, OSError):
        return _tell_os_error(error, speaks, out)
    return told_to_leave() or tell_unexpected(error, speaks, out)  # the last resort: a fault of ours, without data


#: Verbs that mend wrong settings or need none: they go on with the usual ones, and say what is wrong.
_MENDING = frozenset({"settings", "keys", "man", "completion", "--help", "-h", "--version"})


def _settings(arguments: list[str], speaks: Language, out: Output) -> Settings:
    try:
        return read_settings()
    except InputError as error:
        if not _MENDING & set(arguments):
            raise
        tell(error, speaks, out)
        return Settings()


def _run(arguments: list[str], speaks: Language, settings: Settings, out: Output) -> int:
    try:
        helping = language(speaks.code, settings.symbols)
        with argparse_speaks(helping):
            options = build_parser(helping, arguments).parse_args(arguments)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else INTERNAL
    context = _context(options, speaks, settings, out)
    try:
        if not hasattr(options, "run"):
            return _open(context)
        code = int(options.run(context, options))
        context.back_up()
        return code
    except PlannerError as error:
        return tell(error, context.language, out)  # which knows the store that the line names
    finally:
        context.close()


def _context(options: Namespace, speaks: Language, settings: Settings, out: Output) -> Context:
    day = getattr(options, "today", None)
    store: Path | None = getattr(options, "store", None)
    usual = Masking(settings.mask)
    if store is not None:
        from planner.cli.hints import at_store

        speaks = at_store(speaks, store)
    return Context(
        language=speaks,
        out=out,
        settings=settings,
        screen=open_screen,
        json=getattr(options, "json", False),
        verb=getattr(options, "verb", None) or "",
        store=store,
        day=_planning_day(day) if day is not None else None,
        masking=with_names(usual) if getattr(options, "show_names", False) else usual,
    )


def _planning_day(text: str) -> date:
    from planner.services.clock import SystemClock
    from planner.services.entry import NotUnderstood, read_date

    try:
        return read_date(text, SystemClock().today())
    except NotUnderstood:
        fault = Fault("--today", f"“{text}”", "a date, for example 24-11-2026 or 2026-11-24")
        raise InputError(N_("The option is wrong"), [fault]) from None


def _open(context: Context) -> int:
    """The screen; where there is no store yet, the guided start first."""
    from planner.cli.start import guided, is_first

    return guided(context) if is_first(context) else open_screen(context)


def open_screen(context: Context) -> int:
    """Today's list on the whole terminal, until it is left; gives its exit code."""
    if not is_interactive():
        raise PlannerError(N_("The screen needs a terminal; “planner today” prints the list."))
    leave_in_order_on_signals()
    context.unlock()
    remember_signals()
    first: First | None = None
    try:
        first = _first_view(context)
        leave_if_told()
        app = _screen(context, first)
        from planner.tui.loop import run  # asyncio is loaded for the screen only

        leave_with_terminal()
        leave_if_told()
        run(app.run_async(mouse=context.settings.mouse))
    finally:
        leave_in_order_on_signals()  # the screen's loop has taken them, and leaves them to end the process at once
        if first is not None and first.painted is not None:
            first.painted.wipe()
    if app.is_locked:
        return _lock(context)
    if isinstance(app.ended_by, DamagedStore):
        from planner.cli.backup import recover

        return open_screen(context) if recover(context, app.ended_by) else DamagedStore.exit_code
    return app.return_code or 0


def _first_view(context: Context) -> First:
    """Paint today's list as it was left, before anything else is loaded, and give what it takes to go on from there."""
    from planner.bootstrap import first_view
    from planner.first_view import First, depends_on, looks
    from planner.remembered import read_view

    if context.is_passing:
        return First()
    columns, rows = shutil.get_terminal_size()  # as the screen asks
    depends = depends_on(
        context.language.code, read_view(_kept_view(context)), (columns, rows), looks(context.settings)
    )
    return first_view(context.store, context.key, context.day, context.masking, depends)


def _kept_view(context: Context) -> Path:
    from planner.bootstrap import chosen_store
    from planner.remembered import view_path

    return view_path(chosen_store(context.store))


def _screen(context: Context, first: First) -> PlannerApp:
    from planner.tui.app import PlannerApp  # Textual is loaded for the screen only

    return PlannerApp(
        context.screen_desk,
        language(context.language.code, context.out.symbols),
        theme=f"planner-{context.settings.theme}",
        settings=context.settings,
        save=_save_settings,
        kept_view=None if context.is_passing else _kept_view(context),
        can_lock=context.key is not None,
        first=None if context.is_passing else first,
        told=told_to_leave,
    )


def _lock(context: Context) -> int:
    """Give up the key with the whole process, and begin anew at the question for the passphrase."""
    from planner.bootstrap import chosen_store
    from planner.cli.secrets import LOCKED_VARIABLE
    from planner.store.keys import unlocking

    context.close()
    unlocking.await_passphrase(chosen_store(context.store))
    context.out.flush()
    command = [sys.executable, "-m", "planner", *sys.argv[1:]]
    environment = {**os.environ, LOCKED_VARIABLE: "1"}
    if os.name == "nt":  # where the shell would go on beside the new process
        import subprocess

        return subprocess.run(command, env=environment, check=False).returncode
    return os.execve(command[0], command, environment)


def _save_settings(changes: Mapping[str, Value]) -> Settings:
    from planner.settings_file import change_settings

    return change_settings(changes)


def _tell_os_error(error: OSError, speaks: Language, out: Output) -> int:
    give_up_stdout()
    out.error(speaks.text("The operating system refused: {cause}", cause=speaks.text(cause_of(error))))
    return PlannerError.exit_code
