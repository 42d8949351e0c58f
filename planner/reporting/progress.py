"""How far long work is, in words."""

from __future__ import annotations

from math import ceil

from planner.locale import N_, Language
from planner.progress import seconds_left

_MINUTE = 60
#: Seconds after which one wants to see that something still goes on.
_LONG = 3


def progress_text(doing: str, done: int, of: int, seconds: float, language: Language) -> str:
    """What is being done, how much of it after so many seconds, and the time left; so far, where nobody can tell."""
    what = language.text(doing)
    if not of:
        so_far = language.text(N_("{what} {seconds} s so far"), what=what, seconds=int(seconds))
        return so_far if seconds >= _LONG else what
    left, percent = seconds_left(done, of, seconds), 100 * done // of
    if left is None:
        return language.text("{what} {percent} %", what=what, percent=percent)
    if left > _MINUTE:
        text = N_("{what} {percent} %, about {minutes} min left")
        return language.text(text, what=what, percent=percent, minutes=ceil(left / _MINUTE))
    return language.text("{what} {percent} %, about {seconds} s left", what=what, percent=percent, seconds=ceil(left))
