"""The program with a fault put into it: `python -m tests.faults.failing WHERE KIND WORDS...`.

What fails has the number and the name of a citizen in its message and in its local variables.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import pkgutil
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2

from planner.__main__ import main

#: Of somebody born in 1870.
CPR = "310770-5678"
NAME = "Hemmelig Mærkesen"
NOTE = "Kendetegn-i-notat-4711"

KINDS: dict[str, Callable[[str], BaseException]] = {
    "runtime": RuntimeError,
    "statement": lambda text: IntegrityError(f"INSERT INTO citizens VALUES ('{text}')", {"cpr": text}, Exception(text)),
    "database": dbapi2.OperationalError,
    "system": lambda text: FileNotFoundError(2, text, text),
    "text": lambda text: UnicodeEncodeError("ascii", text, 0, 1, text),
    "key": KeyError,
    "group": lambda text: ExceptionGroup(text, [ValueError(text), KeyError(text)]),
}
#: What fails, by the layer that it belongs to.
LAYERS = {
    "domain": "planner.domain.citizens:Citizen.booked",
    "rules": "planner.rules.ruleset:RuleSet.law_on",
    "planning": "planner.planning.diary:Diary.starts",
    "services": "planner.services.room:Room.refreshed",
    "store": "planner.store.reading:SqlReading.present_citizens",
    "exchange": "planner.exchange.table_file:read_table",
    "cli": "planner.cli.output:Output.line",
    "paint": "planner.tui.widgets.citizen_list:CitizenList.line",
    "list": "planner.tui.widgets.status_line:StatusLine.show",
    "notes": "planner.services.desk:Desk.notes",
    "key": "planner.tui.screens.today:TodayScreen.action_command",
    "dialog": "planner.tui.dialogs.base:Dialog.compose",
}


def fail(kind: str) -> NoReturn:
    """Fail as this kind does."""
    cpr, name, note = CPR, NAME, NOTE
    error = KINDS[kind](f"{cpr} {name} {note}")
    error.add_note(f"{cpr} {name}")
    raise error from ValueError(cpr)


class _Forgotten:
    """What fails when it is forgotten."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __del__(self) -> None:
        fail(self.kind)


async def _forgotten(kind: str) -> None:
    fail(kind)


def _in_a_thread(kind: str) -> None:
    thread = threading.Thread(target=fail, args=(kind,))
    thread.start()
    thread.join()


def _in_a_task(kind: str) -> None:
    loop = asyncio.new_event_loop()
    task = loop.create_task(_forgotten(kind))
    loop.run_until_complete(asyncio.wait([task]))
    loop.close()


def _at_the_end(kind: str) -> None:
    atexit.register(fail, kind)


def _in_a_log(kind: str) -> None:
    try:
        fail(kind)
    except Exception:
        logging.getLogger("library").exception("about %s %s", CPR, NAME)


#: What Python itself tells of, where nobody has caught it; each happens before the list is shown.
BESIDE: dict[str, Callable[[str], object]] = {
    "thread": _in_a_thread,
    "task": _in_a_task,
    "forgotten": _Forgotten,
    "end": _at_the_end,
    "log": _in_a_log,
    "warning": lambda kind: warnings.warn(f"about {CPR} {NAME}", stacklevel=1),
}
#: All of them in one process.
ALL = "beside"


def put(place: str, kind: str) -> None:
    """Put the fault there."""
    if place in BESIDE or place == ALL:
        owner, name = pkgutil.resolve_name("planner.services.desk:Desk"), "today"
        plain: Callable[..., Any] = owner.today

        def beside(*given: object) -> Any:
            for happen in [BESIDE[place]] if place in BESIDE else BESIDE.values():
                happen(kind)
            return plain(*given)

        setattr(owner, name, beside)
        return
    path, _, name = LAYERS[place].rpartition("." if "." in LAYERS[place].partition(":")[2] else ":")
    setattr(pkgutil.resolve_name(path), name, lambda *_, **__: fail(kind))


if __name__ == "__main__":
    put(sys.argv[1], sys.argv[2])
    sys.argv[1:] = sys.argv[3:]
    sys.exit(main())
