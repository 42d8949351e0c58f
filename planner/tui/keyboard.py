"""Keys from a terminal that sends what Textual does not expect: bytes that are not UTF-8, a paste without its end."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable
from functools import partial
from time import monotonic
from types import ModuleType

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
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
