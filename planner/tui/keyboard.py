"""Keys from a terminal that sends what Textual does not expect: bytes that are not UTF-8, a paste without its end."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable
from functools import partial
from time import monotonic
from types import ModuleType

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.driver import Driver
from textual.message import Message

#: Seconds without a sign after which the end of a paste will not come any more.
_LOST = 5.0


class ForgivingParser(XTermParser):
    """Takes a paste for ended whose end is missing: else no key would act any more."""

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
        return super().feed(data)

    def tick(self) -> Iterable[Message]:
        """Called again and again while nothing is read."""
        if self._since is not None and monotonic() - self._since > _LOST:
            return self.feed(BRACKETED_PASTE_END)
        return super().tick()


def reading_once(base: type[Driver]) -> type[Driver]:
    """A driver that still has one reader of the keys when the process was stopped and goes on.

    Textual starts a second one where it was not asked to stop before, as by `kill -STOP`: then keys are lost to a
    reader that nobody ends.
    """
    if not hasattr(base, "_sigcont_application"):
        return base

    class ReadsOnce(base):  # type: ignore[misc, valid-type]
        """Leaves the terminal before it takes it again."""

        _must_signal_resume: bool
        _is_resuming = False

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

    return ReadsOnce


def forgive() -> None:
    """Let Textual's reader of the terminal replace what it cannot decode, and not wait for ever.

    Its decoder is strict, so one byte of a Latin-1 terminal or paste would end the thread that reads keys.
    Windows reads characters and needs nothing.
    """
    if sys.platform == "win32":
        return
    from textual.drivers import linux_driver

    _forgive(linux_driver)
    linux_driver.XTermParser = ForgivingParser  # type: ignore[attr-defined]


def _forgive(module: ModuleType) -> None:
    strict = codecs.getincrementaldecoder
    module.getincrementaldecoder = lambda encoding: partial(strict(encoding), errors="replace")  # type: ignore[attr-defined]
