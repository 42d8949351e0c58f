"""Whether a text names somebody: it must not, where it leaves the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from planner.domain.cpr import looks_like_cpr
from planner.domain.text import folded


def names_somebody(names: Iterable[str]) -> Callable[[str], bool]:
    """What tells whether a text has one of these names, of two words or more, in it, or a CPR number."""
    wanted = [f" {name} " for name in map(_words, names) if " " in name]

    def tells(text: str) -> bool:
        words = f" {_words(text)} "
        return looks_like_cpr(text) or any(name in words for name in wanted)

    return tells


def _words(text: str) -> str:
    """The words of a text without signs, as they are searched, with one blank between them."""
    return " ".join("".join(char if char.isalnum() else " " for char in folded(text)).split())
