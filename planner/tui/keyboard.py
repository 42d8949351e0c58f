"""Keys from a terminal that sends what Textual does not expect: bytes that are not UTF-8, a paste without its end."""

from __future__ import annotations

import os
import signal
from asyncio import AbstractEventLoop, get_running_loop
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, SelectSelector
from threading import Event
from time import monotonic
from typing import Any

from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.message import Message

from planner.tui.loop import TurnKeepingLoop

#: Seconds without a sign after which the end of a paste will not come any more.
_LOST = 5.0
_ESCAPE = "\x1b"
#: Seconds after which an Escape stands alone where no network is between.
_LOCAL_ESCAPE_DELAY = 0.025
#: Seconds by which a clock may be coarser than what waits.
_AFTER = 0.001


class ForgivingParser(XTermParser):
    """Takes what is pasted for text whatever it is, and for ended where its end is missing: else no key would act.

    It waits little for what may follow an Escape.
    """

    #: When the last of a paste was read that is not at its end.
    _since: float | None = None
    #: What of the beginning of a paste may have been read.
    _tail = ""
    #: What of the end of a paste may have been read, and is not given on yet.
    _held = ""

    def feed(self, data: str) -> Iterable[Message]:
        """Read; nothing at all means that nothing will follow."""
        if not data:
            yield from super().feed("")
        while data:
            reads = self._pasted if self._since is not None else self._typed
            part, data = reads(data)
            if part:
                yield from super().feed(part)
        if self._since is None and self._tail.endswith(_ESCAPE) and self._timeout_time is not None:
            self._timeout_time = min(self._timeout_time, get_time() + _escape_delay(os.environ))

    def _typed(self, data: str) -> tuple[str, str]:
        """What comes up to a paste that begins, and what is behind that."""
        seen = self._tail + data
        begun = seen.find(BRACKETED_PASTE_START)
        if begun < 0:
            self._tail = seen[1 - len(BRACKETED_PASTE_START) :]
            return data, ""
        self._since, self._tail = monotonic(), ""
        end = begun + len(BRACKETED_PASTE_START) - len(seen) + len(data)
        return data[:end], data[end:]

    def _pasted(self, data: str) -> tuple[str, str]:
        """What is pasted, without what would act as a key, and what is behind its end."""
        seen, self._held = self._held + data, ""
        text, ended, rest = seen.partition(BRACKETED_PASTE_END)
        if ended:
            self._since = None
        else:
            self._since = monotonic()
            most = range(len(BRACKETED_PASTE_END) - 1, 0, -1)
            cut = next((n for n in most if text.endswith(BRACKETED_PASTE_END[:n])), 0)
            text, self._held = text[: len(text) - cut], text[len(text) - cut :]
        return text.replace(_ESCAPE, "") + ended, rest

    def tick(self) -> Iterable[Message]:
        """Called when nothing was read for as long as there was `patience`."""
        if self._since is not None and monotonic() - self._since > _LOST:
            return self.feed(BRACKETED_PASTE_END)
        return self._what_stood_alone()

    def _what_stood_alone(self) -> Iterable[Message]:
        for message in super().tick():
            self._tail = ""
            yield message

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
        _loop: AbstractEventLoop | None = None

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.exit_event = Ending()
            with suppress(RuntimeError):
                self._loop = get_running_loop()

        def write(self, data: str) -> None:
            """Write, in a thread of its own."""
            if isinstance(self._loop, TurnKeepingLoop):
                self._loop.hand_over()
            super().write(data)

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
                        text = decoder.decode(data)  # none where a letter is read half
                        for message in parser.feed(text) if text else ():
                            self.process_message(message)
                    for message in parser.tick():
                        self.process_message(message)
                    if self.exit_event.is_set():
                        break
            for message in parser.feed(""):  # an Escape that was still waited for
                self.process_message(message)

        def _sigtstp_application(self, *given: object) -> None:
            if self._is_over:
                os.kill(os.getpid(), signal.SIGSTOP)  # whatever is still done then, and asked, can be stopped
            self._between_turns(partial(super()._sigtstp_application, *given))

        def _sigcont_application(self, *given: object) -> None:
            self._between_turns(partial(self._go_on, *given))

        def _between_turns(self, act: Callable[[], None]) -> None:
            """A signal comes in the midst of anything: what it asks for could wait for a lock that is held there."""
            if self._loop is None:
                act()
            elif not self._is_over:
                self._loop.call_soon_threadsafe(act)

        @property
        def _is_over(self) -> bool:
            """Whether the terminal has been given back for good."""
            return self._loop is not None and self._loop.is_closed()

        def _go_on(self, *given: object) -> None:
            if self._auto_restart and not self._must_signal_resume:
                self.suspend_application_mode()
                self._must_signal_resume = True
            super()._sigcont_application(*given)

    return ReadsWell
