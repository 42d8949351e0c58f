"""What is counted while a caseload is simulated, and added up over caseworkers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Tally:
    """Counts of one policy: whoever came and went over all weeks, everything else in the weeks that count.

    `passed_by`: those who had left before their first Monday; `booked` and `still_booked` are over all weeks too;
    `minutes`: held, missed by a no-show, or called off on the day; `open_minutes` what the caseworker had, and
    `weeks` both of each week; `waits`: days from a need to the conversation, and whether there was one (else the days
    to the end, which are too few); `gaps`: each citizen's longest time without a conversation, in days.
    """

    citizen_days: int = 0
    came: int = 0
    left: int = 0
    remaining: int = 0
    passed_by: int = 0
    booked: int = 0
    held: int = 0
    no_shows: int = 0
    called_off_ill: int = 0
    called_off_by_us: int = 0
    still_booked: int = 0
    soon_in_job: int = 0
    minutes: int = 0
    missed: int = 0
    waits: list[tuple[int, bool]] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    weeks: list[tuple[int, int]] = field(default_factory=list)


def total(tallies: Iterable[Tally]) -> Tally:
    """The tallies added up, week by week."""
    found = Tally()
    for tally in tallies:
        for one in fields(Tally):
            if one.type == "int":
                setattr(found, one.name, getattr(found, one.name) + getattr(tally, one.name))
        found.waits += tally.waits
        found.gaps += tally.gaps
        found.weeks += [(0, 0)] * (len(tally.weeks) - len(found.weeks))
        for number, (used, available) in enumerate(tally.weeks):
            found.weeks[number] = found.weeks[number][0] + used, found.weeks[number][1] + available
    return found
