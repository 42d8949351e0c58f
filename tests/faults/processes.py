"""A deed in a process of its own, which may be killed, or find no room on the disk."""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from planner.errors import StoreError
from tests.cheap_keys import cheap_keys
from tests.faults.doing import DEEDS

_READY = "ready"
_REFUSED = "refused: "
#: What each process needs; it is loaded once and not by each of them.
_NEEDED = [
    "tests.faults.processes",
    "tests.faults.rehearsed",
    "alembic.autogenerate",
    "planner.planning.making",
    "_strptime",
]


@dataclass(frozen=True, slots=True)
class Blow:
    """When to kill: so many seconds after that many things were told."""

    after: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """What a process has told, the sentence with which the store stopped it, if it did, and how long it took."""

    told: list[str]
    sentence: str
    seconds: float


def _act(name: str, store: Path, told: Connection, most: int, room: int | None) -> None:
    _be_nobody(store)
    if room is not None:
        _leave(room)
    with cheap_keys():
        told.send(_READY)
        try:
            DEEDS[name].run(store, told.send, most)
        except StoreError as error:
            told.send(f"{_REFUSED}{error}")


def _leave(room: int) -> None:
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))


def _be_nobody(store: Path) -> None:
    """Be the user whose the store is: the administrator, too, is refused then what the folder does not allow."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.seteuid(store.parent.stat().st_uid)


def run(name: str, store: Path, most: int = 0, *, blow: Blow | None = None, room: int | None = None) -> Run:
    """Do a deed, at most so many rounds; kill it, or let no file grow beyond `room` bytes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_NEEDED)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_act, args=(name, store, theirs, most, room))
    process.start()
    theirs.close()
    told: list[str] = []
    with ours:
        assert ours.recv() == _READY
        begun = time.monotonic()
        try:
            if blow is not None:
                told += [ours.recv() for _ in range(blow.after)]
                time.sleep(blow.seconds)
                process.kill()
            while True:
                told.append(ours.recv())
        except EOFError:
            pass
    seconds = time.monotonic() - begun
    process.join()
    assert process.exitcode == 0 or (blow is not None and process.exitcode == -9)
    refused = [text for text in told if text.startswith(_REFUSED)]
    return Run([text for text in told if text not in refused], "".join(refused), seconds)
