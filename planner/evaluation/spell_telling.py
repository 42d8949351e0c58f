"""Spell lengths in words, and as rows for a file."""

from __future__ import annotations

from collections.abc import Iterator

from planner.evaluation.spells import CURVE_DEFINITION, DEFINITION, Curve, Lengths, Spells
from planner.evaluation.telling import Cell, persons_text
from planner.locale import N_, Language

_GROUPS = {"all": N_("All"), "part": N_("Reached by an adopted experiment"), "rest": N_("Not reached")}


def spell_rows(groups: tuple[Spells, ...], language: Language) -> list[list[Cell]]:
    """The spells as rows for a file, in the columns of the measures."""
    rows: list[list[Cell]] = []
    definition = language.text(DEFINITION)
    for group in groups:
        name = group_name(group, language)
        for one in (group.start, group.end):
            on = language.date(one.on)
            for what, lengths in ((N_("Ended spells"), one.ended), (N_("Running spells"), one.running)):
                gone = lengths.persons is None
                for how, value in ((N_("average"), lengths.average), (N_("median"), lengths.median)):
                    about = f"{language.text(what)}, {language.text(how)}"
                    rows.append(_spell_row(about, name, on, value, lengths.persons, gone, definition, language))
            long = language.text("Running spells over 18 months")
            gone = one.over_18_months is None
            count = one.over_18_months
            row = _spell_row(long, name, on, count, count, gone, definition, language)
            rows.append([*row[:4], language.text("persons"), *row[5:]])
        for point in group.curve.points if group.curve else ():
            about = language.text("Share still running after {weeks} weeks", weeks=point.weeks)
            shown = [100 * point.share, 100 * point.low, 100 * point.high]
            for how, value in zip((N_("share"), N_("lower bound"), N_("upper bound")), shown, strict=True):
                definition_of_curve = language.text(CURVE_DEFINITION)
                row = _spell_row(
                    f"{about}, {language.text(how)}",
                    name,
                    "",
                    value,
                    point.at_risk,
                    False,
                    definition_of_curve,
                    language,
                )
                rows.append([*row[:4], language.text("per cent"), *row[5:]])
    return rows


def _spell_row(
    about: str,
    group: str,
    on: str,
    value: float | None,
    persons: int | None,
    gone: bool,
    definition: str,
    language: Language,
) -> list[Cell]:
    mark = language.text("withheld") if gone else ""
    known = value if value is not None or gone else language.text("not recorded")
    return [about, group, on, known, language.text("weeks"), persons, mark, definition]


def group_name(group: Spells, language: Language) -> str:
    """What a group of spells is called."""
    return language.text(_GROUPS[group.name])


def spell_lines(group: Spells, language: Language) -> Iterator[str]:
    """A group's spells in sentences, under its name."""
    yield f"{group_name(group, language)}:"
    for line in length_lines(group, language):
        yield f"   {line}"
    for line in curve_lines(group.curve, language) if group.curve is not None else ():
        yield f"   {line}"


def length_lines(group: Spells, language: Language) -> Iterator[str]:
    """How long a group's spells were at the start and at the end of the period."""
    for one in (group.start, group.end):
        yield language.text(
            "{on}: ended {ended}; running {running}; over 18 months {long}",
            on=one.on,
            ended=lengths_text(one.ended, language),
            running=lengths_text(one.running, language),
            long=language.text("withheld") if one.over_18_months is None else one.over_18_months,
        )


def lengths_text(lengths: Lengths, language: Language) -> str:
    """How many spells, and their average and median."""
    if lengths.persons is None:
        return language.text("withheld")
    if lengths.average is None or lengths.median is None:
        return persons_text(0, language)
    return language.text(
        "{persons}, on average {average} weeks, median {median}",
        persons=persons_text(lengths.persons, language),
        average=language.number(lengths.average, 1),
        median=language.number(lengths.median, 1),
    )


def curve_lines(curve: Curve, language: Language) -> Iterator[str]:
    """The curve point by point."""
    if curve.median is not None:
        yield language.text("Half had ended after {weeks} weeks.", weeks=language.number(curve.median, 1))
    for point in curve.points:
        yield language.text(
            "After {weeks} weeks {share} % still ran ({low} to {high}); {persons} seen so long",
            weeks=point.weeks,
            share=language.number(100 * point.share, 1),
            low=language.number(100 * point.low, 1),
            high=language.number(100 * point.high, 1),
            persons=persons_text(point.at_risk, language),
        )
