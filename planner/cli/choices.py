"""Values on the line that are chosen from a few: by their id, or by the word that a user sees on the screen."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from planner.cli.argparse_words import said
from planner.errors import Fault, InputError
from planner.locale import CODES, N_, Language, language
from planner.phrases import Phrase

T = TypeVar("T")


class Choices:
    """Ids with what each is called; calling it gives the id that a typed word stands for."""

    def __init__(self, named: Mapping[str, str], own: Language, short: Mapping[str, str] | None = None) -> None:
        self._named = {key: own.text(msgid) for key, msgid in (short or named).items()}
        self._accepted = {folded(key): (key, key) for key in named}
        for table in (named, short or {}):
            for key, msgid in table.items():
                for word in (language(code).text(msgid) for code in CODES):
                    self._accepted.setdefault(folded(word), (key, word))

    def __call__(self, typed: str) -> str:
        """The id meant by `typed`; raises ArgumentTypeError with the nearest word and all ids."""
        found = self._accepted.get(folded(typed))
        if found is None:
            spellings = {short: word for short, (_, word) in self._accepted.items()}
            raise ArgumentTypeError(unknown(typed, spellings, self.listed()))
        return found[0]

    def named(self) -> tuple[tuple[str, str], ...]:
        """Every id with what it is called."""
        return tuple(self._named.items())

    def listed(self, more: Callable[[str], str] = lambda key: "") -> str:
        """Every id with its word: "phone (telefon), digital (digitalt)"; `more` adds to the word."""
        return ", ".join(_with_word(key, name, more(key)) for key, name in self._named.items())


def _with_word(key: str, name: str, more: str) -> str:
    within = ", ".join(part for part in (name if folded(name) != folded(key) else "", more) if part)
    return f"{key} ({within})" if within else key


def folded(word: str) -> str:
    """The word without regard to capitals, hyphens and underscores."""
    return " ".join(word.casefold().replace("-", " ").replace("_", " ").split())


def unknown(typed: str, spellings: Mapping[str, str], choices: str) -> str:
    """The sentence for a word that stands for nothing; the nearest of the known (folded) words first, as spelt."""
    from planner.plain import nearest  # only for what is wrong

    near = nearest(folded(typed), list(spellings))
    if near is None:
        return said(N_("“{value}” is not known; choose from: {choices}")).format(value=typed, choices=choices)
    message = said(N_("“{value}” is not known; did you mean {near}? Choose from: {choices}"))
    return message.format(value=typed, near=spellings[near], choices=choices)


def whole_number(least: int, most: int | None = None) -> Phrase:
    """What is allowed for a number, for the text of a fault."""
    what = Phrase("a whole number")
    if most is None:
        return Phrase("{what} of at least {least}", what=what, least=least)
    return Phrase("{what} from {least} to {most}", what=what, least=least, most=most)


def within(option: str, number: int, least: int, most: int | None = None) -> int:
    """The number that was written for an option; raises InputError where it is too small or too large."""
    if number < least or (most is not None and number > most):
        raise InputError("The option is wrong", [Fault(option, str(number), whole_number(least, most))])
    return number


def numbered(option: str, number: int, things: Sequence[T]) -> T:
    """The thing with that number in a printed list; raises InputError where there is none."""
    if not things:
        raise InputError("The option is wrong", [Fault(option, str(number), Phrase("nothing: the list is empty"))])
    return things[within(option, number, 1, len(things)) - 1]


def integer(typed: str) -> int:
    """A whole number; raises ArgumentTypeError with a sentence."""
    try:
        return int(typed)
    except ValueError:
        raise ArgumentTypeError(said(N_("“{value}” is not a whole number")).format(value=typed)) from None
