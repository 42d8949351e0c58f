"""Twelve weeks of capacity in words: the same on the screen and on the line."""

from __future__ import annotations

from planner.locale import Language
from planner.services.fixed_load import WeekLoad


def hours(minutes: int, language: Language) -> str:
    """Minutes as hours with one decimal: "12,5"."""
    return language.number(minutes / 60, 1)


def overfull(load: WeekLoad) -> bool:
    """Whether more is booked and proposed than there is time for."""
    return load.booked + load.proposed > load.available


def load_line(load: WeekLoad, language: Language) -> str:
    """One week in a sentence."""
    name = language.week(load.year, load.week)
    text = language.text(
        "{week}: {available} hours available, {booked} booked, {proposed} proposed; "
        "the fixed rhythm would have taken {fixed}",
        week=f"{name[:1].upper()}{name[1:]}",
        available=hours(load.available, language),
        booked=hours(load.booked, language),
        proposed=hours(load.proposed, language),
        fixed=hours(load.fixed, language),
    )
    if load.expected:
        later = language.text(
            "another {expected} expected, but not planned yet", expected=hours(load.expected, language)
        )
        text = f"{text}; {later}"
    if overfull(load):
        text = f"{text}; {language.text('more than there is time for')}"
    return f"{text}."


def sum_line(loads: tuple[WeekLoad, ...], language: Language) -> str:
    """All the weeks together."""
    return language.text(
        "In all {weeks} weeks: {available} hours available, {booked} booked, {proposed} proposed; "
        "the fixed rhythm would have taken {fixed}.",
        weeks=len(loads),
        available=hours(sum(load.available for load in loads), language),
        booked=hours(sum(load.booked for load in loads), language),
        proposed=hours(sum(load.proposed for load in loads), language),
        fixed=hours(sum(load.fixed for load in loads), language),
    )
