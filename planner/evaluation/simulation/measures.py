"""What planning can be held to: each measure by its name, its unit and its definition. None of them is an effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

from planner.evaluation.simulation.tally import Tally
from planner.locale import N_

_MONTH = 365.25 / 12
#: Days after which a citizen counts as long without a conversation: thirteen weeks, the usual safety net.
LONG = 91


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a repetition: what it is called, what it counts, and how it is reckoned; None where nothing was.

    It is never below nothing, nor above `most`.
    """

    title: str
    definition: str
    decimals: int
    of: Callable[[Tally], float | None]
    most: float = inf


def _months(tally: Tally) -> float:
    return tally.citizen_days / _MONTH


def _per_month(value: float, tally: Tally) -> float | None:
    return value / _months(tally) if tally.citizen_days else None


def _per_hundred(value: float, tally: Tally) -> float | None:
    return 100 * value / _months(tally) if tally.citizen_days else None


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[int], percent: int) -> int | None:
    """The value that so many percent do not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else None


def _share(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def _load(tally: Tally) -> float | None:
    return _share(sum(used for used, _ in tally.weeks), sum(available for _, available in tally.weeks))


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "hours": Measure(
            N_("hours per citizen and month"),
            N_("Time of conversations held, missed by a no-show, or called off by the citizen on the day."),
            2,
            lambda t: _per_month(t.minutes / 60, t),
        ),
        "held": Measure(
            N_("conversations held per citizen and month"),
            N_("Conversations held, whoever the citizen is."),
            2,
            lambda t: _per_month(t.held, t),
        ),
        "soon_in_job": Measure(
            N_("conversations with somebody about to start a job, in % of all held"),
            N_("Held at most 14 days before the citizen started a job, whether or not anybody knew of it then."),
            2,
            lambda t: _share(t.soon_in_job, t.held),
            most=100,
        ),
        "wait_mean": Measure(
            N_("days from high need to a conversation, mean"),
            N_("From the day on which the need arose; where there was no conversation, to the end, which is too few."),
            1,
            lambda t: _mean([days for days, _ in t.waits]),
        ),
        "wait_p90": Measure(
            N_("days from high need to a conversation, nine of ten wait at most"),
            N_("The same days, of which one in ten is longer."),
            1,
            lambda t: percentile([days for days, _ in t.waits], 90),
        ),
        "not_reached": Measure(
            N_("high need without a conversation before the end, in %"),
            N_("Needs after which the citizen left, or the simulation ended, before a conversation was held."),
            1,
            lambda t: _share(sum(not reached for _, reached in t.waits), len(t.waits)),
            most=100,
        ),
        "missed": Measure(
            N_("deadlines missed per 100 citizens and month"),
            N_("Latest days that passed unanswered. Each policy is counted by its own rules, so they do not compare."),
            1,
            lambda t: _per_hundred(t.missed, t),
        ),
        "gap_p95": Measure(
            N_("longest time without a conversation in days, 19 of 20 citizens at most"),
            N_("Each citizen's longest time without a conversation, the running one too."),
            1,
            lambda t: percentile(t.gaps, 95),
        ),
        "gap_max": Measure(
            N_("longest time without a conversation in days, of anybody"),
            N_("The longest of all of those times."),
            0,
            lambda t: max(t.gaps, default=None),
        ),
        "gap_long": Measure(
            N_("citizens more than thirteen weeks without a conversation, in %"),
            N_("Citizens whose longest time without a conversation was more than 91 days."),
            1,
            lambda t: _share(sum(days > LONG for days in t.gaps), len(t.gaps)),
            most=100,
        ),
        "load": Measure(
            N_("load, in % of the caseworker's hours"),
            N_("Time used in % of the hours for conversations on the days at work."),
            1,
            _load,
        ),
    }
)
