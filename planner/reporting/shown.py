"""All that is looked at together: what a period is measured as, the survey and supervision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.domain.follow_up import Supervision, SurveyRound
from planner.errors import PlannerError
from planner.evaluation.evidence import Evidence
from planner.evaluation.questions import Question
from planner.exchange.question_files import checklist, survey_questions
from planner.exchange.result_files import Measured
from planner.locale import Language
from planner.progress import Reach, unwatched
from planner.reporting.measuring import Wish, evidence_of, measured
from planner.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Source:
    """What a look at the evidence needs from the store, read in one go."""

    evidence: Evidence
    rounds: Sequence[SurveyRound]
    samples: Sequence[Supervision]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown; `faults` are those of the user's own questions, which then are not asked."""

    wish: Wish
    measured: Measured
    rounds: Sequence[SurveyRound]
    survey: Sequence[Question]
    samples: Sequence[Supervision]
    checklist: Sequence[Question]
    faults: tuple[PlannerError, ...]


def source(desk: Desk) -> Source:
    """Read what is needed; `show` then works without the store."""
    return Source(evidence_of(desk), desk.follow_up.rounds(), desk.follow_up.supervisions())


def show(of: Source, wish: Wish, folder: Path, language: Language, reach: Reach = unwatched) -> Shown:
    """Measure, and lay beside it what was asked and found; raises InputError where rules are missing."""
    faults: list[PlannerError] = []
    return Shown(
        wish,
        measured(of.evidence, wish, language, reach),
        of.rounds,
        _questions(survey_questions, folder, faults),
        of.samples,
        _questions(checklist, folder, faults),
        tuple(faults),
    )


def _questions(
    read: Callable[[Path], Sequence[Question]], folder: Path, faults: list[PlannerError]
) -> Sequence[Question]:
    try:
        return read(folder)
    except PlannerError as error:
        faults.append(error)
        return ()
