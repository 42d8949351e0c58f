"""The working week that is assumed until the office says its own, so that a first list gets proposals at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Final

from planner.domain.caseload import Caseworker, Hours
from planner.locale import Language

FROM, TO = time(8), time(15)
BREAK_FROM, BREAK_TO = time(12), time(12, 30)
ASSUMED_HOURS: Final = tuple(Hours(day, FROM, TO) for day in range(5))
ASSUMED_BREAKS: Final = tuple(Hours(day, BREAK_FROM, BREAK_TO) for day in range(5))


def with_hours(worker: Caseworker) -> Caseworker:
    """The caseworker with the assumed week where no working hours are stated."""
    if worker.working_hours:
        return worker
    return replace(worker, working_hours=ASSUMED_HOURS, breaks=worker.breaks or ASSUMED_BREAKS)


def assumption(language: Language, where: str) -> str:
    """The sentence that says what is assumed, and `where` one sets it: by which key or line."""
    return language.text(
        "The working hours are not set: Monday to Friday {start}–{end} are assumed (change that with {where}).",
        start=_clock(FROM, language),
        end=_clock(TO, language),
        where=where,
    )


def _clock(moment: time, language: Language) -> str:
    return language.time(moment.hour * 60 + moment.minute)
