"""Survey rounds, samples of supervision and form texts: their rows, and what is left of them after an erasure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from planner.domain.follow_up import (
    Finding,
    FormText,
    SupervisedCase,
    Supervision,
    SurveyRound,
    Tally,
    added,
    counted,
)
from planner.store.tables import form_texts as texts
from planner.store.tables import supervised_cases as cases
from planner.store.tables import supervisions as samples
from planner.store.tables import survey_rounds as rounds
from planner.store.tables import survey_tallies as tallies


def survey_rounds(connection: Connection) -> tuple[SurveyRound, ...]:
    """The rounds of the survey, by date and name."""
    answers = {row.key: _tally(row.tally) for row in connection.execute(select(tallies))}
    rows = connection.execute(select(rounds).order_by(rounds.c.on_date, rounds.c.name))
    return tuple(SurveyRound(row.name, row.on_date, answers.get(row.key, {}), row.key) for row in rows)


def add_answers(connection: Connection, round_key: str, tally: Tally) -> None:
    """Count answers in with those of a round."""
    known = connection.scalar(select(tallies.c.tally).where(tallies.c.key == round_key))
    total = added(_tally(known or {}), tally)
    if known is None:
        connection.execute(insert(tallies).values(key=round_key, tally=total))
    else:
        connection.execute(update(tallies).where(tallies.c.key == round_key).values(tally=total))


def supervisions(connection: Connection) -> tuple[Supervision, ...]:
    """The samples of supervision with their cases, by date and journal number."""
    of_sample: defaultdict[str, list[SupervisedCase]] = defaultdict(list)
    for row in connection.execute(select(cases).order_by(cases.c.key)):
        findings = {question: Finding(finding) for question, finding in row.findings.items()}
        of_sample[row.supervision].append(SupervisedCase(row.citizen, findings, row.key))
    found = connection.execute(select(samples).order_by(samples.c.on_date, samples.c.version, samples.c.key))
    return tuple(
        Supervision(
            on=row.on_date,
            seed=row.seed,
            size=row.size,
            population=row.population,
            cases=tuple(of_sample[row.key]),
            erased=row.erased,
            tally=_tally(row.tally),
            key=row.key,
        )
        for row in found
    )


def supervision_row(made: Supervision) -> dict[str, object]:
    """The own columns of a sample, without key and version."""
    return {
        "on_date": made.on,
        "seed": made.seed,
        "size": made.size,
        "population": made.population,
        "erased": made.erased,
        "tally": dict(made.tally),
    }


def form_texts(connection: Connection, experiment: str) -> tuple[FormText, ...]:
    """What is written in an experiment's evaluation form, by point."""
    rows = connection.execute(select(texts).where(texts.c.experiment == experiment).order_by(texts.c.point))
    return tuple(FormText(row.experiment, row.point, row.text, row.key) for row in rows)


def forget(connection: Connection, citizen: str) -> None:
    """Take a citizen's cases out of all samples; of what was found in them only the count is left."""
    for case in connection.execute(select(cases).where(cases.c.citizen == citizen)).all():
        sample = connection.execute(select(samples).where(samples.c.key == case.supervision)).one()
        total = added(_tally(sample.tally), counted(case.findings.items(), Finding))
        own = update(samples).where(samples.c.key == case.supervision)
        connection.execute(own.values(erased=sample.erased + 1, tally=total))
    connection.execute(delete(cases).where(cases.c.citizen == citizen))


def _tally(kept: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, ...]]:
    return {question: tuple(map(int, counts)) for question, counts in kept.items()}
