"""What a period is measured as, and what a form is made from: asked of the desk, measured beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planner.errors import NotFound
from planner.evaluation.evidence import Evidence, Span
from planner.evaluation.figures import figures
from planner.evaluation.form import Material
from planner.evaluation.measures import By, measure
from planner.evaluation.spells import spells
from planner.exchange.jobindsats_in import Extract
from planner.exchange.question_files import checklist, survey_questions
from planner.exchange.result_files import Measured
from planner.locale import N_, Language
from planner.progress import Reach, unwatched
from planner.services.desk import Desk
from planner.services.evidence_words import names_measured
from planner.services.memory import uncollected


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be measured, and the extract beside it; with an experiment its spells are compared, too."""

    span: Span
    by: By | None = None
    experiment: str | None = None
    certificate_cost: float | None = None
    beside: Extract | None = None


def evidence_of(desk: Desk) -> Evidence:
    """What is measured from, as the desk has it now."""
    return Evidence(desk.caseload(), desk.records(), desk.rules)


def measured(of: Evidence, wish: Wish, language: Language, reach: Reach = unwatched) -> Measured:
    """Measure; raises NotFound for an unknown experiment, InputError where rules are missing for the period."""
    if wish.experiment is not None and wish.experiment not in of.rules.experiments:
        raise NotFound(N_("No experiment is called {experiment}"), experiment=wish.experiment)
    report = measure(of, wish.span, wish.by, wish.certificate_cost, reach)
    groups = spells(of, wish.span, wish.experiment)
    return Measured(report, groups, names_measured(of.rules, language), wish.beside)


def material(desk: Desk, wish: Wish, folder: Path) -> Material:
    """What the form and the experience package of an experiment are made from; `folder` has the user's own questions.

    Raises NotFound for an unknown experiment, InputError where the questions have faults.
    """
    with uncollected():
        return _material(desk, wish, folder)


def _material(desk: Desk, wish: Wish, folder: Path) -> Material:
    experiment = desk.rules.experiments.get(wish.experiment or "")
    if experiment is None:
        raise NotFound(N_("No experiment is called “{name}”; see planner experiments"), name=wish.experiment)
    evidence, follow_up = evidence_of(desk), desk.follow_up
    return Material(
        experiment=experiment,
        adoptions=[one for one in evidence.caseload.adoptions if one.experiment == experiment.id],
        municipality=evidence.caseload.municipality,
        span=wish.span,
        figures=figures(evidence, wish.span, experiment.groups, wish.certificate_cost),
        rounds=follow_up.rounds(),
        survey=survey_questions(folder),
        supervisions=follow_up.supervisions(),
        checklist=checklist(folder),
        texts=follow_up.form_texts(experiment.id),
    )
