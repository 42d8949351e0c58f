"""The only writer to standard output and standard error: plain lines and JSON, with nothing in them that acts."""

from __future__ import annotations

import os
import sys

from planner.domain.text import visible
from planner.symbols import ASCII, UNICODE, in_ascii

TYPE_CHECKING = False
if TYPE_CHECKING:  # what is answered at once goes through here, so nothing is loaded before it is needed
    from typing import TextIO

#: The width where nobody states it and there is no terminal.
_COLUMNS = 80
#: Signs that a terminal puts behind a line when Ctrl+C is pressed.
_ECHO = len("^C")


class Output:
    """Plain lines and JSON on two streams; text from data can neither move the cursor nor hide itself.

    With `symbols` set to `ascii`, lines have no signs that a terminal may lack; JSON and files stay as they are.
    """

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None, *, symbols: str = UNICODE) -> None:
        self.symbols = symbols
        self._out = _utf8(out or sys.stdout)
        self._err = _utf8(err or sys.stderr)
        self._passing = 0

    def line(self, text: str = "") -> None:
        """One line on standard output; on a terminal it is broken between words."""
        self._out.write(_broken(self._shown(text), self._out) + "\n")

    def raw(self, text: str) -> None:
        """One line on standard output that is copied or read by programs, and therefore never broken."""
        self._out.write(self._shown(text) + "\n")

    def network_lines(self, text: str) -> None:
        """Lines on standard output that end with CR LF on every system, as calendar files want it."""
        ending = "\n" if os.linesep == "\r\n" else "\r\n"  # where \n becomes CR LF by itself
        self._out.writelines(visible(line) + ending for line in text.splitlines())

    def json(self, document: object) -> None:
        """A document as JSON on standard output."""
        self.ready(in_json(document))

    def json_text(self, text: str) -> None:
        """JSON that is already text."""
        self.ready(harmless_json(text))

    def ready(self, text: str) -> None:
        """What was made ready for standard output before."""
        self._out.write(text)

    def forget(self) -> None:
        """Clear the terminal with what has scrolled away, where there is one: a secret was shown."""
        if self._out.isatty():
            self._out.write("\x1b[2J\x1b[3J\x1b[H")
            self._out.flush()

    def error(self, text: str) -> None:
        """One line on standard error."""
        self._err.write(_broken(self._shown(text), self._err) + "\n")

    @property
    def is_watched(self) -> bool:
        """Whether somebody sees standard error as it is written."""
        return self._err.isatty()

    def passing(self, text: str, hint: str = "") -> None:
        """A line on standard error in the place of the passing one before; an empty one leaves the place empty.

        The `hint` stands behind it where there is room for all of it.
        """
        room = max(0, columns() - 1 - _ECHO)
        shown, more = self._shown(text)[:room], self._shown(f" · {hint}" if hint else "")
        if len(shown) + len(more) <= room:
            shown += more
        self._err.write(f"\r{' ' * self._passing}\r{shown}")
        self._err.flush()
        self._passing = len(shown) + _ECHO if shown else 0

    def question(self, text: str) -> str:
        """Ask on standard error and read the answer from standard input; empty at its end."""
        return self.reply(text) or ""

    def reply(self, text: str) -> str | None:
        """The same, but None at the end of input."""
        self._err.write(_broken(self._shown(text), self._err) + " ")
        self._err.flush()
        answer = sys.stdin.readline() if sys.stdin is not None else ""
        return answer.strip() if answer else None

    def ask(self, text: str) -> str | None:
        """Ask on standard output, as part of what is told there, and read the answer; None at the end of input."""
        self._out.write(_broken(self._shown(text), self._out) + " ")
        self.flush()
        if sys.stdin is None or sys.stdin.closed:
            return None
        answer = sys.stdin.readline()
        if not answer or not sys.stdin.isatty():  # nobody's Enter has ended the line
            self._out.write("\n")
        return answer.strip() if answer else None

    def flush(self) -> None:
        """Hand everything to the operating system; raises OSError where it cannot take it."""
        self._out.flush()
        self._err.flush()

    def _shown(self, text: str) -> str:
        shown = visible(text)
        return in_ascii(shown) if self.symbols == ASCII else shown


def in_json(document: object) -> str:
    """The document as JSON that is ready for standard output."""
    import json

    return harmless_json(json.dumps(document, ensure_ascii=False, indent=2))


def harmless_json(text: str) -> str:
    """The JSON with escapes of its own for what a terminal would act on, ending with a line break."""
    import re

    # By far the most needs no second look.
    harmless = re.sub(r"[^\n\x20-\x7e]", lambda found: _escaped(found[0]), text)
    return harmless if harmless.endswith("\n") else harmless + "\n"


def _broken(line: str, stream: TextIO) -> str:
    """The line in pieces that fit the terminal, those after the first as far in as the first."""
    if not stream.isatty() or len(line) < (width := columns()):
        return line
    import textwrap

    indent = line[: len(line) - len(line.lstrip())]
    pieces = textwrap.wrap(line, max(width - 1, 20), subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join(pieces)


def columns() -> int:
    """How wide the terminal is, as `shutil` finds it."""
    try:
        stated = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        stated = 0
    if stated > 0:
        return stated
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _COLUMNS  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return _COLUMNS


def is_interactive() -> bool:
    """Whether somebody can be asked."""
    return all(stream is not None and not stream.closed and stream.isatty() for stream in (sys.stdin, sys.stderr))


def forgive_input() -> None:
    """Let bytes that are no text be read as signs of replacement; ask before anything has been read."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None and not sys.stdin.closed:
        reconfigure(errors="replace")


def give_up_stdout() -> None:
    """Let standard output lead nowhere, so that nothing more fails on it while the program ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        sys.stdout = None  # how Python itself marks a missing stream


def _utf8(stream: TextIO | None) -> TextIO:
    if stream is None or stream.closed:
        return open(os.devnull, "w", encoding="utf-8")  # lives as long as the program
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _escaped(char: str) -> str:
    if visible(char) == char:
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))
