"""A whole simulation: every repetition of every caseworker under every policy, over as many processes as wanted."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import active_children, get_context, parent_process

from planner.evaluation.simulation.fates import Draw
from planner.evaluation.simulation.office import WEEK, Office, office
from planner.evaluation.simulation.parameters import Parameters
from planner.evaluation.simulation.policies import Policy
from planner.evaluation.simulation.tally import Tally, total
from planner.rules.ruleset import RuleSet

Progress = Callable[[int, int], None]
Wanted = Callable[[], bool]
#: Seconds after which it is asked again whether the simulation is still wanted.
_ASK = 0.2


@dataclass(frozen=True, slots=True)
class Task:
    """One caseworker in one repetition, under one of the sets of parameters."""

    variant: int
    repetition: int
    caseworker: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What is simulated. `variants`: the sets of parameters; `start`: a Monday; `weeks` are those that count."""

    rules: RuleSet
    variants: tuple[Parameters, ...]
    policies: tuple[Policy, ...]
    start: date
    weeks: int
    caseworkers: int
    citizens: int
    repetitions: int
    seed: int

    def tasks(self) -> list[Task]:
        """Everything to be done, the first repetition first."""
        return [
            Task(variant, repetition, caseworker)
            for repetition in range(self.repetitions)
            for variant in range(len(self.variants))
            for caseworker in range(self.caseworkers)
        ]

    def do(self, task: Task) -> tuple[Tally, ...]:
        """One caseworker's weeks under each policy: the same citizens with the same fates under all of them."""
        parameters = self.variants[task.variant]
        warm_up = parameters.run.warm_up_weeks.value
        weeks, key = warm_up + self.weeks, f"{self.seed}/{task.repetition}/{task.caseworker}"
        draw = Draw(key, parameters, self.start, weeks, self.citizens)
        fates, absent, base = draw.fates(), draw.absent(), office(parameters, self.start)
        counted = self.start + warm_up * WEEK
        return tuple(
            Office(key, parameters, self.rules, policy, base, fates, absent, counted).run(weeks)
            for policy in self.policies
        )


@dataclass(slots=True)
class Outcome:
    """What was simulated so far: the tallies of each task, one a policy; all of them unless it was interrupted."""

    setup: Setup
    done: dict[Task, tuple[Tally, ...]] = field(default_factory=dict)
    interrupted: bool = False

    def repetitions(self) -> range:
        """The repetitions that count: those that are complete, or what there is of the first where none is."""
        count = self.setup.repetitions
        while count and any(task not in self.done for task in self.setup.tasks() if task.repetition == count - 1):
            count -= 1
        return range(count or (1 if self.done else 0))

    def tallies(self, policy: int, variant: int = 0) -> list[Tally]:
        """The tally of each repetition over its caseworkers, in their order."""
        found = []
        for repetition in self.repetitions():
            tasks = (Task(variant, repetition, caseworker) for caseworker in range(self.setup.caseworkers))
            found.append(total(self.done[task][policy] for task in tasks if task in self.done))
        return found


def simulate(
    setup: Setup,
    processes: int = 1,
    progress: Progress = lambda done, of: None,
    wanted: Wanted = lambda: True,
) -> Outcome:
    """Do every task; with Ctrl+C, or when it is not wanted any more, what was done so far.

    The outcome does not depend on the number of processes. One process is this one, which then asks after each task.
    """
    outcome, tasks = Outcome(setup), setup.tasks()
    try:
        results = _here(setup, tasks, wanted) if processes == 1 else _over(setup, tasks, processes, wanted)
        for task, tallies in results:
            outcome.done[task] = tallies
            progress(len(outcome.done), len(tasks))
    except KeyboardInterrupt:
        outcome.interrupted = True
    return outcome


def _here(setup: Setup, tasks: Sequence[Task], wanted: Wanted) -> Iterator[tuple[Task, tuple[Tally, ...]]]:
    for task in tasks:
        if not wanted():
            raise KeyboardInterrupt
        yield task, setup.do(task)


def _over(
    setup: Setup, tasks: Sequence[Task], processes: int, wanted: Wanted
) -> Iterator[tuple[Task, tuple[Tally, ...]]]:
    before = set(active_children())
    pool = ProcessPoolExecutor(min(processes, len(tasks)), get_context("spawn"), _begin, (setup,))
    open_ones: Mapping[Future[tuple[Tally, ...]], Task] = {}
    try:
        with _deaf():
            open_ones = {pool.submit(_do, task): task for task in tasks}
        left = set(open_ones)
        while left:
            done, left = wait(left, _ASK, return_when=FIRST_COMPLETED)
            if not wanted():
                raise KeyboardInterrupt
            for future in done:
                yield open_ones[future], future.result()
    except BaseException:
        # Nobody waits for the minutes of those that have begun.
        for child in set(active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_setup: list[Setup] = []


def _begin(setup: Setup) -> None:
    """Make ready a process that only its parent ends, by word or by its own end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    _setup[:] = [setup]


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Task) -> tuple[Tally, ...]:
    return _setup[0].do(task)


@contextmanager
def _deaf() -> Iterator[None]:
    """Start processes that do not hear Ctrl+C, not even before they are ready; this one hears it at the end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []  # by another thread of this process, which hears it although this one does not
    heard = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        with _blocked():
            yield
    finally:
        signal.signal(signal.SIGINT, heard)
        if pressed:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _blocked() -> Iterator[None]:
    """Let Ctrl+C wait for this thread, and never come to a process that it starts, which inherits that."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows, where a process inherits nothing of the kind
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def cores() -> int:
    """How many processes can work at once on this machine."""
    available = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available is not None else os.cpu_count() or 1
