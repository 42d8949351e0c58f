"""The question of yes or no before something is done that cannot be left half."""

from __future__ import annotations

from planner.cli.context import Context
from planner.errors import PlannerError

_YES, _NO = frozenset({"yes", "y", "ja", "j"}), frozenset({"no", "n", "nej"})


def agree(context: Context, question: str, refused: str) -> None:
    """Ask until it is answered; raises PlannerError with the message `refused` for no and at the end of input."""
    out = context.out
    while True:
        with context.telling(refused):
            typed = out.reply(question)
        if typed is None:
            out.error("")
        if typed is None or typed.casefold() in _NO:
            raise PlannerError(refused)
        if typed.casefold() in _YES:
            return
        out.error(context.text("Answer yes or no."))
