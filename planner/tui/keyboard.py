"""Keys from a terminal that sends bytes which are not UTF-8: shown as an unknown character, never the end."""

from __future__ import annotations

import codecs
import sys
from functools import partial
from types import ModuleType


def forgive_foreign_bytes() -> None:
    """Let Textual's reader of the terminal replace what it cannot decode.

    Its decoder is strict, so one byte of a Latin-1 terminal or paste would end the thread that reads keys.
    Windows reads characters and needs nothing.
    """
    if sys.platform == "win32":
        return
    from textual.drivers import linux_driver

    _forgive(linux_driver)


def _forgive(module: ModuleType) -> None:
    strict = codecs.getincrementaldecoder
    module.getincrementaldecoder = lambda encoding: partial(strict(encoding), errors="replace")  # type: ignore[attr-defined]
