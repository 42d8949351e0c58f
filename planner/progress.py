"""How far long work is: what it says as it goes on, and how much time is left. No clock is known here."""

from __future__ import annotations

from collections.abc import Callable

from planner.catalogue import N_

#: Called with what is being done (a message), how many parts of it are done, and of how many: 0 where nobody can tell.
#: Whatever it raises calls the work off, which then leaves everything as it was.
Reach = Callable[[str, int, int], None]

#: What is done where nobody can tell how long it will take.
PLANNING, READING, SAVING = N_("Planning…"), N_("Reading the file…"), N_("Saving…")
#: Seconds of work, and one part in so many, that must be done before a guess is worth anything.
_LEAST_SECONDS, _LEAST_PART = 1.0, 50


class CalledOff(Exception):
    """Nobody waits for the work any more."""


def unwatched(doing: str, done: int, of: int) -> None:
    """For work that nobody watches."""


def seconds_left(done: int, of: int, seconds: float) -> float | None:
    """How long the rest takes at the pace so far; None where too little is done to tell, and where nothing is left."""
    if not 0 < done < of or seconds < _LEAST_SECONDS or done * _LEAST_PART < of:
        return None
    return seconds * (of - done) / done
