"""What of the measures and the spells is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from planner.evaluation.definitions import Measure
from planner.evaluation.measures import Report
from planner.evaluation.pictures import Bar, Bars, Curves, Step, picture
from planner.evaluation.spell_telling import group_name
from planner.evaluation.spells import Spells
from planner.evaluation.telling import NO_CLAIM, Line, figure_text, lines, measure_title, title
from planner.locale import Language


def evidence_picture(report: Report, groups: Sequence[Spells], language: Language, names: Mapping[str, str]) -> str:
    """The report and the curves as SVG text; give it what may leave the program."""
    sections: list[Bars | Curves] = list(_sections(report, language, names))
    curves = tuple(
        (group_name(group, language), tuple(Step(p.weeks, p.share, p.low, p.high) for p in group.curve.points))
        for group in groups
        if group.curve is not None and group.curve.points
    )
    if curves:
        sections.append(Curves(language.text("Share of spells still running"), language.text("weeks"), curves))
    return picture(title(report, language), sections, language.text(NO_CLAIM))


def _sections(report: Report, language: Language, names: Mapping[str, str]) -> Iterator[Bars]:
    """Each measure with its columns or, where it has none, its parts."""
    for measure, found in groupby(lines(report, language, names), key=lambda line: line.measure):
        own = list(found)
        shown = [line for line in own if line.column and not line.part] or [line for line in own if line.part]
        yield Bars(measure_title(measure, language), tuple(_bar(measure, line, language) for line in shown or own[:1]))


def _bar(measure: Measure, line: Line, language: Language) -> Bar:
    return Bar(line.column or line.part, line.figure.value, figure_text(measure, line.figure, language))
