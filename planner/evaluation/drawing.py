"""What of the measures and the spells, the survey and the supervision is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from planner.domain.follow_up import Supervision, SurveyRound
from planner.evaluation import supervision, surveys
from planner.evaluation.definitions import Measure
from planner.evaluation.measures import Report
from planner.evaluation.pictures import Bar, Bars, Curves, Key, Section, Stack, Stacks, Step, picture
from planner.evaluation.questions import Question
from planner.evaluation.shares import FEWEST, Share
from planner.evaluation.spell_telling import group_name
from planner.evaluation.spells import Spells
from planner.evaluation.telling import NO_CLAIM, Line, figure_text, lines, measure_title, title
from planner.locale import Language


def evidence_picture(
    report: Report, groups: Sequence[Spells], language: Language, names: Mapping[str, str], beside: Sequence[Bars] = ()
) -> str:
    """The report, the curves and what is laid beside them as SVG text; give it what may leave the program."""
    sections: list[Section] = list(_sections(report, language, names))
    curves = tuple(
        (group_name(group, language), tuple(Step(p.weeks, p.share, p.low, p.high) for p in group.curve.points))
        for group in groups
        if group.curve is not None and group.curve.points
    )
    if curves:
        sections.append(Curves(language.text("Share of spells still running"), language.text("weeks"), curves))
    sections += beside
    return picture(title(report, language), sections, language.text(NO_CLAIM))


def survey_picture(rounds: Sequence[SurveyRound], questions: Sequence[Question], language: Language) -> str:
    """The rounds beside each other, question by question, as SVG text."""
    answers = tuple(language.text(word) for word in surveys.SCALE.values())
    sections: list[Section] = [Key(answers)]
    for name in surveys.asked(questions, rounds):
        stacks = tuple(_stack(made, surveys.result(made, name), language) for made in rounds)
        sections.append(Stacks(surveys.wording(name, questions, language), answers, stacks))
    return picture(language.text("Survey among the staff"), sections, language.text(surveys.INTERVALS))


def _stack(made: SurveyRound, found: Sequence[Share] | None, language: Language) -> Stack:
    name = f"{made.name}, {language.date(made.on)}"
    if found is None:
        return Stack(name, (), _too_few(language))
    told = surveys.answers_told(found, language)
    return Stack(name, tuple(share.value for share in found), f"n = {found[0].n}", told)


def supervision_picture(samples: Sequence[Supervision], checklist: Sequence[Question], language: Language) -> str:
    """The share of yes in each sample with its interval, question by question, as SVG text."""
    sections = [
        Bars(
            surveys.wording(name, checklist, language),
            tuple(_share_bar(sample, supervision.kept(sample, name), language) for sample in samples),
            most=1,
        )
        for name in supervision.questions_of(checklist, samples)
    ]
    return picture(language.text("Supervision of a sample of cases"), sections, language.text(supervision.SHARES))


def _share_bar(sample: Supervision, found: tuple[Share, int] | None, language: Language) -> Bar:
    name = language.date(sample.on)
    if found is None:
        return Bar(name, None, _too_few(language))
    share, _ = found
    return Bar(name, share.value, supervision.share_told(share, language), share.interval)


def _too_few(language: Language) -> str:
    return language.text("fewer than {fewest} answers: not shown", fewest=FEWEST)


def _sections(report: Report, language: Language, names: Mapping[str, str]) -> Iterator[Bars]:
    """Each measure with its columns or, where it has none, its parts."""
    for measure, found in groupby(lines(report, language, names), key=lambda line: line.measure):
        own = list(found)
        shown = [line for line in own if line.column and not line.part] or [line for line in own if line.part]
        yield Bars(measure_title(measure, language), tuple(_bar(measure, line, language) for line in shown or own[:1]))


def _bar(measure: Measure, line: Line, language: Language) -> Bar:
    return Bar(line.column or line.part, line.figure.value, figure_text(measure, line.figure, language))
