"""Answers that take no more than a look: they are given without loading what any other command line needs.

Whatever is out of the ordinary is left to the whole program, which gives the same answers.
"""

from __future__ import annotations

import os
import stat

from planner import __version__
from planner.catalogue import CODES, DEFAULT, catalogue
from planner.cli.output import Output, columns
from planner.plain_settings import plain_choices, settings_name
from planner.symbols import ASCII, UNICODE, in_ascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_HELP = frozenset({"-h", "--help"})
_VERSION = "--version"
_FLAGS = frozenset({"--json", "--show-names"})
_VALUED = frozenset({"--lang", "--store", "--today"})


class Answer:
    """The lines that are printed, in a language, with the signs that the terminal has."""

    def __init__(self, said: Iterable[str], code: str, symbols: str) -> None:
        self.code = code
        self.symbols = symbols
        self._said = said

    def print(self, out: Output) -> None:
        """Hand it to the operating system; raises OSError where it cannot take it."""
        for line in self._said:
            out.raw(line)
        out.flush()


def at_once(arguments: Sequence[str]) -> Answer | None:
    """The answer to a command line; None where it takes the whole program."""
    asked = _asked(arguments)
    if asked is None:
        return None
    words, options = asked
    try:
        settings = _settings()
        if settings is None:
            return None
        code = options.get("--lang") or str(settings.get("language", DEFAULT))
        symbols = str(settings.get("symbols", UNICODE))
        said = _lines(words, options, code, symbols)
    except (OSError, ValueError):  # the whole program tells what is wrong
        return None
    return None if said is None else Answer(said, code, symbols)


def _lines(words: Sequence[str], options: dict[str, str], code: str, symbols: str) -> Iterable[str] | None:
    if words == [_VERSION]:
        return [f"planner {__version__}"]
    if len(words) == 1 and words[0] in _HELP:
        from planner.cli.front_page import front_page

        return front_page(_text(code, symbols), columns())
    if len(words) == 2 and words[0] == "completion" and "--json" not in options:
        from planner.cli.scripts import SHELLS, script

        return script(words[1], code).splitlines() if words[1] in SHELLS else None
    return None


def _text(code: str, symbols: str) -> Callable[[str], str]:
    said = catalogue(code).text
    return (lambda msgid: in_ascii(said(msgid))) if symbols == ASCII else said


def _asked(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]] | None:
    """The words of a line, and the options for every verb with their values; None where there is anything else."""
    words, options = list[str](), dict[str, str]()
    rest = iter(arguments)
    for word in rest:
        name, sign, value = word.partition("=")
        if name in _VALUED:
            value = value if sign else next(rest, "")
            if not value or (not sign and value[0] == "-") or (name == "--lang" and value not in CODES):
                return None
            options[name] = value
        elif word in _FLAGS:
            options[word] = ""
        elif word[:1] == "-" and word not in _HELP and word != _VERSION:
            return None
        else:
            words.append(word)
    return words, options


def _settings() -> dict[str, str | bool] | None:
    """The user's settings, as far as they are stated; None where reading them takes more than a look."""
    name = settings_name(os.environ)
    if name.startswith("~"):
        return None
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            return None
        with open(name, "rb") as file:
            return plain_choices(file.read())
    except FileNotFoundError:
        return {}
