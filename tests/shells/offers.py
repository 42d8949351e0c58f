"""What can be completed where, as every shell's script needs it.

Citizens are never offered: their names would stand on the screen and in the shell's history without a look being
logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.cli.tree import Argument, Level

#: What no shell reads as anything but itself.
_PLAIN = re.compile(r"-{0,2}[A-Za-z0-9][A-Za-z0-9_.-]*")
Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What can stand in one place: words, each with what it means, or the name of a file."""

    words: Words = ()
    path: bool = False


def verbs(root: Level) -> Iterator[tuple[str, Words]]:
    """For each level that has verbs below it, those."""
    for level in root.all():
        if level.verbs:
            yield level.below, tuple((verb.name, verb.description) for verb in level.verbs)


def options(root: Level) -> Iterator[tuple[str, Words]]:
    """For each level its options."""
    for level in root.all():
        yield level.below, tuple((flag, one.help) for one in level.options for flag in one.flags)


def values(root: Level) -> Iterator[tuple[str, str, Offer]]:
    """For each level its options that take a value, with what that can be."""
    for level in root.all():
        for one in level.options:
            if one.value:
                for flag in one.flags:
                    yield level.below, flag, _offer(one)


def places(root: Level) -> Iterator[tuple[str, int, bool, Offer]]:
    """For each level its places with something to offer, by number, and whether it holds for all that follow."""
    for level in root.all():
        for number, one in enumerate(level.places):
            offer = _offer(one)
            if offer.words or offer.path:
                yield level.below, number, one.many, offer


def _offer(one: Argument) -> Offer:
    return Offer(tuple((word, said) for word, said in one.choices if _PLAIN.fullmatch(word)), one.path)
