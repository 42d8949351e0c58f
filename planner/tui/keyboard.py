"""Keys from a terminal that sends what Textual does not expect: bytes that are not UTF-8, a paste without its end."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import Iterable, Mapping
from contextlib import suppress
from selectors import EVENT_READ, SelectSelector
from threading import Event
from time import monotonic
from typing import Any

from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.message import Message

#: Seconds without a sign after which the end of a paste will not come any more.
_LOST = 5.0
_ESCAPE = "\x1b"
#: Seconds after which an Escape stands alone where no network is between.
_LOCAL_ESCAPE_DELAY = 0.025
#: Seconds by which a clock may be coarser than what waits.
_AFTER = 0.001


class ForgivingParser(XTermParser):
    """Takes a paste for ended whose end is missing: else no key would act any more. Waits little after an Escape."""

    _since: float | None = None
    _tail = ""

    def feed(self, data: str) -> Iterable[Message]:
        """Read, and remember whether a paste is under way."""
        seen = self._tail + data
        begun, ended = seen.rfind(BRACKETED_PASTE_START), seen.rfind(BRACKETED_PASTE_END)
        if begun != ended:  # either is there
            self._since = monotonic() if begun > ended else None
        elif self._since is not None:
            self._since = monotonic()
        self._tail = seen[1 - len(BRACKETED_PASTE_END) :]
        yield from super().feed(data)
        if data.endswith(_ESCAPE) and self._since is None and self._timeout_time is not None:
            self._timeout_time = min(self._timeout_time, get_time() + _escape_delay(os.environ))

    def tick(self) -> Iterable[Message]:
        """Called when nothing was read for as long as there was `patience`."""
        if self._since is not None and monotonic() - self._since > _LOST:
            return self.feed(BRACKETED_PASTE_END)
        return super().tick()

    @property
    def patience(self) -> float | None:
        """Seconds after which what was read means something without what may follow; none where all is dealt with."""
        ends = [] if self._timeout_time is None else [self._timeout_time - get_time()]
        if self._since is not None:
            ends.append(self._since + _LOST - monotonic())
        return max(0.0, min(ends)) + _AFTER if ends else None


def _escape_delay(environ: Mapping[str, str]) -> float:
    """Seconds in which what begins with an Escape follows it: a terminal on this machine writes both at once."""
    is_given = any(name in environ for name in ("ESCDELAY", "SSH_CONNECTION", "SSH_TTY"))
    return ESCAPE_DELAY if is_given else min(ESCAPE_DELAY, _LOCAL_ESCAPE_DELAY)


class Ending(Event):
    """Says that no key is read any more; one can wait for it beside a file."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self._writer = os.pipe()
        os.set_blocking(self.reader, False)

    def set(self) -> None:
        """Wake whoever waits."""
        super().set()
        os.write(self._writer, b".")

    def clear(self) -> None:
        """Begin anew."""
        super().clear()
        with suppress(BlockingIOError):
            os.read(self.reader, 4096)


def reading_well(base: type[Driver]) -> type[Driver]:
    """A driver that reads at once whatever comes, by one reader, also where the process was stopped and goes on.

    Textual's looks for an Escape or for the end ten times a second, so that each waits; its decoder is strict, so one
    byte of a Latin-1 terminal or paste would end the thread that reads keys; and where the process was stopped without
    being asked before, as by `kill -STOP`, it starts a second reader, so that keys are lost to the one that nobody
    ends. Windows has another driver, which stays as it is.
    """
    if not hasattr(base, "_sigcont_application"):
        return base

    class ReadsWell(base):  # type: ignore[misc, valid-type]
        """Leaves the terminal before it takes it again."""

        _must_signal_resume: bool
        _is_resuming = False

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.exit_event = Ending()

        def run_input_thread(self) -> None:
            """Read and hand on until it ends."""
            parser, decoder = ForgivingParser(self._debug), getincrementaldecoder("utf-8")("replace")
            with SelectSelector() as selector:
                selector.register(self.exit_event.reader, EVENT_READ)
                selector.register(self.fileno, EVENT_READ)
                while True:
                    readable = {key.fd for key, _ in selector.select(parser.patience)}
                    if self.fileno in readable:
                        data = os.read(self.fileno, 4096)
                        if not data:  # nothing will ever come again
                            selector.unregister(self.fileno)
                        for message in parser.feed(decoder.decode(data)) if data else ():
                            self.process_message(message)
                    for message in parser.tick():
                        self.process_message(message)
                    if self.exit_event.is_set():
                        break
            for message in parser.feed(""):  # an Escape that was still waited for
                self.process_message(message)

        def _sigcont_application(self, *given: object) -> None:
            if self._is_resuming:  # stopped again meanwhile: what was begun goes on
                return
            self._is_resuming = True
            try:
                if self._auto_restart and not self._must_signal_resume:
                    self.suspend_application_mode()
                    self._must_signal_resume = True
                super()._sigcont_application(*given)
            finally:
                self._is_resuming = False

    return ReadsWell
