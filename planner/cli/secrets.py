"""Secrets from the user: asked for on the terminal without being shown, or read from a file that is named.

A secret is never taken from the line or from the environment, where other programs could see it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from getpass import getpass
from pathlib import Path

from planner.causes import cause_of
from planner.cli.context import Context
from planner.cli.output import is_interactive
from planner.cli.signals import unwinding
from planner.errors import InputError, PlannerError, StoreError
from planner.locale import N_

FILE_VARIABLE = "PLANNER_PASSPHRASE_FILE"
#: Set for the process that begins where a locked one ended: only somebody who types opens it.
LOCKED_VARIABLE = "PLANNER_LOCKED"
_ATTEMPTS = 3
_MOST_BYTES = 4096


def secret_file(path: str) -> str:
    """The first line of a file that nobody else can read; raises InputError."""
    try:
        with Path(path).expanduser().open("rb") as file:
            mode, data = os.fstat(file.fileno()).st_mode, file.read(_MOST_BYTES)
        line = data.decode("utf-8").split("\n", 1)[0].removesuffix("\r")
    except (OSError, ValueError, RuntimeError) as error:
        # ValueError: a zero byte in the name, or no text in the file; RuntimeError: no home folder.
        why = cause_of(error) if isinstance(error, OSError) else "no text"
        raise InputError(N_("{file} cannot be read: {why}"), file=path, why=why) from None
    if sys.platform != "win32" and stat.S_IMODE(mode) & 0o077:
        raise InputError(N_("The file {file} can be read by others; allow it to yourself alone (chmod 600)"), file=path)
    return line


def ask_secret(context: Context, question: str) -> str:
    """What is typed, unseen; raises KeyboardInterrupt where it is given up."""
    context.out.flush()
    try:
        with _unseen():
            return getpass(f"{question} ", stream=sys.stderr)
    except (EOFError, KeyboardInterrupt):
        context.out.error("")  # the question's line is still open
        raise KeyboardInterrupt from None


def passphrase(context: Context) -> str | None:
    """The passphrase from the file that the environment names; None where it names none."""
    named = os.environ.get(FILE_VARIABLE, "").strip()
    return secret_file(named) if named else None


def new_passphrase(context: Context, file: str | None = None, *, asked: bool = False) -> str:
    """A passphrase that is asked for twice, or read from a file; raises PlannerError where nobody can be asked.

    `asked`: the file that the environment names holds the one before, so it does not count.
    """
    given = secret_file(file) if file else None if asked else passphrase(context)
    if given is not None:
        return given
    if not is_interactive():
        raise PlannerError(N_("A passphrase is asked for on a terminal; name a file with --passphrase-file instead."))
    context.out.line(context.text("The passphrase opens the store. Several words make a good one."))
    try:
        return _asked_twice(context)
    except KeyboardInterrupt:
        context.out.error(context.text("Nothing was written."))
        raise


def _asked_twice(context: Context) -> str:
    from planner.store.keys.ring import SHORTEST

    for _ in range(_ATTEMPTS):
        first = ask_secret(context, context.text("New passphrase:"))
        if len(first) < SHORTEST:  # told before whoever types goes on, and the next line is no passphrase any more
            context.out.error(context.text("A passphrase has at least {least} characters", least=SHORTEST) + ".")
            continue
        if first == ask_secret(context, context.text("Once more:")):
            return first
        context.out.error(context.text("The two are not the same."))
    raise PlannerError(N_("Nothing was written."))


def unlocked(context: Context, *, by_keyring: bool = True) -> bytes | None:
    """The key of the user's store; None where none is needed. Raises StoreError where it stays locked.

    `by_keyring`: the operating system's keyring may open it, before anybody is asked.
    """
    from planner.bootstrap import chosen_store
    from planner.store.keys.beside import is_locked

    path = chosen_store(context.store)
    if not is_locked(path):
        return None
    from planner.store.keys import unlocking
    from planner.store.keys.ring import WrongSecret
    from planner.store.keys.slots import Kind

    was_locked = os.environ.pop(LOCKED_VARIABLE, "")
    given = None if was_locked else passphrase(context)
    if given is not None:
        return unlocking.unlock(path, Kind.PASSPHRASE, given)
    if by_keyring and not was_locked and (key := unlocking.unlock_by_keyring(path)) is not None:
        return key
    if was_locked:
        context.out.error(context.text("The program is locked."))
    if not is_interactive():
        raise StoreError(
            N_("The store {path} is locked. Its passphrase can be in a file that {variable} names."),
            path=path,
            variable=FILE_VARIABLE,
        )
    unlocking.slots(path)  # a key file that is damaged is told before anybody types
    with _unseen():
        for attempt in range(_ATTEMPTS):
            typed = ask_secret(context, context.text("Passphrase:"))
            try:
                return unlocking.unlock(path, Kind.PASSPHRASE, typed)
            except WrongSecret:
                if attempt + 1 == _ATTEMPTS:
                    raise
                context.out.error(context.text("That is not the passphrase."))
    raise AssertionError


@contextmanager
def _unseen() -> Iterator[None]:
    """What is typed is not shown while nobody asks either, nor left to whoever reads the terminal afterwards.

    Who notices a slip types the passphrase again while the wrong one is checked. A shell that has stopped the program
    shows what is typed again; whoever ends it leaves the terminal as it was.
    """
    if sys.platform == "win32":  # there it is shown only to whoever reads it
        yield
        return
    import termios

    try:
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
    except (OSError, ValueError, termios.error):  # no terminal, whatever it says of itself
        yield
        return
    unseen = list(before)
    unseen[3] &= ~termios.ECHO

    def hide() -> None:
        with suppress(termios.error):  # the terminal may have gone
            termios.tcsetattr(terminal, termios.TCSANOW, unseen)

    def is_in_front() -> bool:
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        except OSError:  # no terminal that a shell could take back
            return True

    hide()
    try:
        with unwinding(hide, is_in_front):
            yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
