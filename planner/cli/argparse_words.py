"""The words of argparse itself, in the user's language.

argparse asks `gettext` in the process's locale, which the program neither reads nor sets; so its two look-ups are
ours while a command line is read. A text that a newer Python words differently stays English.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from planner.locale import N_, NN_, Language

WORDS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
)
COUNTED = (NN_("expected %s argument", "expected %s arguments"),)


def said(msgid: str) -> str:
    """The message in the language that argparse speaks now."""
    return str(vars(argparse)["_"](msgid))


@contextmanager
def argparse_speaks(language: Language) -> Iterator[None]:
    """Let argparse speak `language` inside the block."""
    names = vars(argparse)
    kept = names["_"], names["ngettext"]
    names["_"], names["ngettext"] = language.text, language.counted
    try:
        yield
    finally:
        names["_"], names["ngettext"] = kept
