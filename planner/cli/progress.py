"""One line on the terminal that says how far long work is, and is gone when it ends."""

from __future__ import annotations

from threading import Event, Thread
from time import perf_counter
from types import TracebackType

from planner.cli.output import Output
from planner.locale import Language
from planner.reporting.progress import progress_text

#: Seconds that work may take without a word, and between two looks at how far it is.
PATIENCE, _EVERY = 1.0, 0.25


class ProgressLine:
    """Writes what the work in the block says of itself, once it takes long; nothing where `watched` is false.

    It is written in a thread of its own, so that the time left goes on while the work is in a single long step.
    `hint` stands behind it.
    """

    def __init__(self, out: Output, language: Language, *, watched: bool, hint: str = "") -> None:
        self._out = out
        self._language = language
        self._hint = hint
        self._said: tuple[str, int, int] | None = None
        self._begun = 0.0
        self._over = Event()
        self._thread = Thread(target=self._write, name="progress", daemon=True) if watched else None

    def __enter__(self) -> ProgressLine:
        return self

    def __call__(self, doing: str, done: int, of: int) -> None:
        """How far the work is; another thing that is being done, or so many others, have time of their own."""
        if self._thread is None:
            return
        if self._said is None:
            self._begun = perf_counter()
            self._said = doing, done, of
            self._thread.start()
        elif (self._said[0], self._said[2]) != (doing, of):
            self._begun = perf_counter()
        self._said = doing, done, of

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None and self._said is not None:
            self._thread.join()
            self._out.passing("")

    def _write(self) -> None:
        begun = perf_counter()
        while not self._over.wait(_EVERY):
            said, took = self._said, perf_counter() - self._begun
            if said is not None and perf_counter() - begun >= PATIENCE:
                self._out.passing(progress_text(*said, took, self._language), self._hint)
