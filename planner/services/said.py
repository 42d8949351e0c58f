"""Free text as it is kept."""

from __future__ import annotations

from planner.errors import Refused
from planner.locale import N_

MOST_LETTERS = 10_000


def clean(text: str) -> str:
    """The text without blanks around it and without anything that cannot be written down as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def reason(text: str) -> str:
    """A reason that must be given; raises Refused when it is empty."""
    return _within_bounds(clean(text) or _refuse(N_("A reason must be given")))


def body(text: str) -> str:
    """The text of a note; raises Refused when it is empty."""
    return _within_bounds(clean(text) or _refuse(N_("A note must say something")))


def _within_bounds(text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise Refused(N_("The text is too long: {length} letters; at most {most}"), length=len(text), most=MOST_LETTERS)
    return text


def _refuse(message: str) -> str:
    raise Refused(message)
