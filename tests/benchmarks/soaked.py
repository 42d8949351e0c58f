"""The program as it is, with a watcher in its event loop that `tests.benchmarks.soak` asks how it fares.

What is told over the socket are figures, names of classes, and places in the code; nothing that is on the screen.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import re
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time, sleep, thread_time
from types import FrameType
from typing import Any

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkerState

import planner
from planner.__main__ import main as run_planner
from planner.errors import PlannerError
from planner.tui import crash
from planner.tui.crash import summary
from planner.tui.idle import LocksItself

#: Seconds between two ticks, and after how many without one it is looked what the loop is doing.
TICK, _LONG = 0.01, 0.12
_LOOKS = 3
#: Seconds after which a screen that does not come to a message is told of instead.
_BLOCKED = 20.0
#: Seconds without a key after which memory is read.
_REST = 5.0
_HOME = Path(planner.__file__).parent


@dataclass(slots=True)
class _Stall:
    """How long the loop stood: seconds on the clock, of its thread, of all threads, of the collector; and in what."""

    clock: float = 0.0
    thread: float = 0.0
    process: float = 0.0
    collector: float = 0.0
    place: str = ""


@dataclass(slots=True)
class Watcher:
    """Ticks in the loop, counts keys as they are read, and answers when what was pressed has been dealt with."""

    end: socket.socket
    app: App[Any] | None = None
    keys: int = 0
    _worst: _Stall = field(default_factory=_Stall)
    _faults: list[str] = field(default_factory=list)
    _ticked: float = 0.0
    _collected: float = 0.0
    _collecting: float = 0.0
    _place: str = ""
    _asked: str = ""
    _resident: float = 0.0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def say(self, **values: object) -> None:
        """Tell the other side."""
        self.end.sendall(f"{json.dumps(values)}\n".encode())

    def fault(self, error: BaseException) -> None:
        """Keep what went wrong, by kind and place, until it is asked for."""
        if not isinstance(error, PlannerError | asyncio.CancelledError):
            self._faults.append(" in ".join(summary(error)))

    async def tick(self) -> None:
        """Find out how long the loop leaves others waiting."""
        while True:
            begun, thread, process, collected = perf_counter(), thread_time(), process_time(), self._collected
            self._ticked, self._place = begun, ""
            await asyncio.sleep(TICK)
            late = perf_counter() - begun - TICK
            if late > self._worst.clock:
                own, every = thread_time() - thread, process_time() - process
                self._worst = _Stall(late, own, every, self._collected - collected, self._place)

    def collects(self, phase: str, about: dict[str, int]) -> None:
        """Add up the time of Python's collector, which stops every thread."""
        if phase == "start":
            self._collecting = perf_counter()
        else:
            self._collected += perf_counter() - self._collecting

    def look(self, loop_thread: int) -> None:
        """In a thread of its own: see what the loop does when it has not ticked for long."""
        while True:
            sleep(TICK)
            if self._ticked and perf_counter() - self._ticked > _LONG and self._place.count("|") < _LOOKS:
                self._place += f"| {_place(sys._current_frames().get(loop_thread))} "
                sleep(_LONG)

    def read(self) -> None:
        """Take questions: the number of keys that were pressed before."""
        self._asked += self.end.recv(4096).decode()
        *numbers, self._asked = self._asked.split("\n")
        for number in numbers:
            task = asyncio.get_running_loop().create_task(self._answer(int(number)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, pressed: int) -> None:
        deadline = perf_counter() + _BLOCKED
        while self.keys < pressed and perf_counter() < deadline:
            await asyncio.sleep(0.001)
        blocked = [name for _ in range(2) for name in await self._pass_through()]
        app, worst, faults = self.app, self._worst, self._faults
        assert app is not None
        self._worst, self._faults = _Stall(), []
        is_at_rest = isinstance(app, LocksItself) and app.idle > _REST
        if is_at_rest or not self._resident:  # reading it lets other threads have a turn, which a key would wait for
            self._resident = _memory()
        self.say(
            pressed=pressed,
            screen=type(app.screen).__name__,
            focus=type(app.focused).__name__,
            stall=(worst.clock, worst.thread, worst.process, worst.collector, worst.place),
            faults=faults + blocked,
            memory=self._resident,
            live=(len(sys.modules), sys.getallocatedblocks()),
            used=(thread_time(), process_time()),
        )

    async def _pass_through(self) -> list[str]:
        """Wait until each has dealt with what it was sent before; the names of those that do not."""
        app = self.app
        assert app is not None
        pumps: list[MessagePump] = [app, app.screen]
        if app.focused is not None:
            pumps += [app.focused, app.screen]
        found = []
        for pump in pumps:
            if not await _has_passed(pump, pump.call_later):
                found.append(f"{type(pump).__name__} did not come to its messages")
        if not await _has_passed(app.screen, app.screen.call_after_refresh):
            found.append(f"{type(app.screen).__name__} was not painted")
        return found


async def _has_passed(pump: MessagePump, call: Callable[[Callable[[], None]], bool]) -> bool:
    done = asyncio.Event()
    if not call(done.set):
        return True
    deadline = perf_counter() + _BLOCKED
    while not done.is_set() and pump.is_running and perf_counter() < deadline:
        try:
            await asyncio.wait_for(done.wait(), 0.2)
        except TimeoutError:
            continue
    return done.is_set() or not pump.is_running


def _place(frame: FrameType | None) -> str:
    """The innermost place, and the innermost ones of the program's own code."""
    found: list[str] = []
    while frame is not None and len(found) < 3:
        path = Path(frame.f_code.co_filename)
        if not found or path.is_relative_to(_HOME):
            found.append(f"{path.name}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(found)


def _memory() -> float:
    """Resident MiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _watch(watcher: Watcher) -> None:
    """Put the watcher where keys are read, where the program ends, and where workers fail."""
    run, send, leave, work = App.run_async, Driver.send_message, App.exit, Worker._run

    async def run_async(app: App[Any], **options: Any) -> Any:
        watcher.app, loop = app, asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, about: watcher.fault(about.get("exception") or RuntimeError("loop")))
        ticking = loop.create_task(watcher.tick())
        loop.add_reader(watcher.end, watcher.read)
        threading.Thread(target=watcher.look, args=(threading.get_ident(),), daemon=True).start()
        try:
            return await run(app, **options)
        finally:
            loop.remove_reader(watcher.end)
            ticking.cancel()

    def send_message(driver: Driver, message: Message) -> None:
        send(driver, message)
        watcher.keys += isinstance(message, events.Key)

    def exit_(app: App[Any], *given: Any, **named: Any) -> None:
        watcher.say(left=True)
        leave(app, *given, **named)

    async def work_on(worker: Worker[Any], app: App[Any]) -> None:
        await work(worker, app)
        if worker.state is WorkerState.ERROR and worker.error is not None:
            watcher.fault(worker.error)

    def told(error: BaseException) -> tuple[str, str]:
        watcher.say(fault=" in ".join(summary(error)))
        return summary(error)

    replaced: list[tuple[object, str, Callable[..., Any]]] = [
        (App, "run_async", run_async),
        (Driver, "send_message", send_message),
        (App, "exit", exit_),
        (Worker, "_run", work_on),
        (crash, "summary", told),
    ]
    for owner, name, instead in replaced:
        setattr(owner, name, instead)
    gc.callbacks.append(watcher.collects)
    threading.excepthook = lambda about: watcher.fault(about.exc_value or RuntimeError("thread"))


def main(arguments: list[str]) -> int:
    """Run the program on the given line: the socket's number, the folder to work in, and the line."""
    number, folder, *line = arguments
    for late in ("scipy.stats", "openpyxl"):  # what is loaded once, when it is first needed, is no growth
        import_module(late)
    _watch(Watcher(socket.socket(fileno=int(number))))
    os.chdir(folder)
    return run_planner(line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
