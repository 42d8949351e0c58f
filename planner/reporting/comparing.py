"""The experience of several municipalities with one experiment, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from planner.errors import Fault, InputError
from planner.evaluation.shares import Share
from planner.evaluation.surveys import bar
from planner.exchange.experience_wire import ExperienceFile, Figure
from planner.locale import N_, Language
from planner.plain import shown

_WIDTH = 30


def check_comparable(names: Sequence[str], made: Sequence[ExperienceFile]) -> None:
    """Raise InputError where the packages are not about the same experiment; `names` are those of their files."""
    faults = [
        Fault(f"{name}:$.experiment", shown(one.experiment), shown(made[0].experiment))
        for name, one in zip(names, made, strict=True)
        if one.experiment != made[0].experiment
    ]
    if faults:
        raise InputError(N_("The packages are about several experiments"), faults)


def by_figure(made: Sequence[ExperienceFile]) -> list[tuple[str, list[tuple[ExperienceFile, Figure]]]]:
    """Every figure with who has it, in the order in which they stand first."""
    pairs = [(package, figure) for package in made for figure in package.figures]
    order = {figure.id: place for place, (_, figure) in reversed(list(enumerate(pairs)))}
    pairs.sort(key=lambda pair: order[pair[1].id])
    return [(name, list(group)) for name, group in groupby(pairs, key=lambda pair: pair[1].id)]


def comparison_lines(made: Sequence[ExperienceFile], language: Language) -> Iterator[str]:
    """The packages side by side, figure by figure and question by question."""
    text = language.text
    yield text("Experience with {experiment}", experiment=made[0].experiment)
    for package in made:
        adopted = max(package.adopted, key=lambda one: one.first, default=None)
        own = ", ".join(f"{name}={value}" for name, value in adopted.parameters.items()) if adopted else ""
        period = text("from {first} to {last}", first=package.first, last=package.last)
        yield f"   {package.municipality}, {period}; " + text("parameters of its own: {own}", own=own or text("none"))
    width = max(len(package.municipality) for package in made)
    for _, group in by_figure(made):
        figure = group[0][1]
        yield ""
        yield f"{text(figure.name)} ({text(figure.unit)}): {text(figure.definition)}"
        most = max((abs(one.value) for _, one in group if one.value is not None), default=0.0)
        for package, one in group:
            yield f"   {package.municipality:{width}}  {_cell(one, most, language)}".rstrip()
    yield from _survey_lines(made, width, language)
    yield ""
    yield text(
        "What rests on fewer than five persons or answers is withheld. The municipalities differ in more than this."
    )


def _cell(figure: Figure, most: float, language: Language) -> str:
    if figure.value is None:
        return language.text("withheld") if figure.withheld else language.text("not recorded")
    told = language.number(figure.value, 0 if figure.value == int(figure.value) else 1)
    bar = "#" * round(_WIDTH * abs(figure.value) / most) if most else ""
    return f"{told:>10}  n = {figure.n}  {bar}"


def _survey_lines(made: Sequence[ExperienceFile], width: int, language: Language) -> Iterator[str]:
    """The newest round of each, question by question."""
    newest = [(one, max(one.survey, key=lambda made: made.date)) for one in made if one.survey]
    asked = {answer.question: answer.text for _, one in newest for answer in one.answers}
    for name, words in asked.items():
        yield ""
        yield f"{words.da if language.code == 'da' else words.en} (? - = #)"
        for package, one in newest:
            for answer in one.answers:
                if answer.question == name:
                    shares = [Share(count, answer.n) for count in answer.counts]
                    yield f"   {package.municipality:{width}}  {bar(shares)}  n = {answer.n}  {one.name}"
