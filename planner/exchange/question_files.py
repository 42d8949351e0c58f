"""The survey's questions and the checklist: the user's own file beside the settings, else the shipped one."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

from planner.causes import cause_of
from planner.errors import InputError
from planner.evaluation.questions import CHECKLIST, SURVEY, Question, read_questions
from planner.locale import N_
from planner.plain import parse_toml

SURVEY_NAME, CHECKLIST_NAME = "survey.toml", "checklist.toml"
MOST_BYTES = 256 * 1024


def survey_questions(folder: Path) -> tuple[Question, ...]:
    """The questions of the survey; raises InputError where the file in `folder` has faults."""
    return _questions(folder, SURVEY_NAME, SURVEY)


def checklist(folder: Path) -> tuple[Question, ...]:
    """The questions of supervision; raises InputError where the file in `folder` has faults."""
    return _questions(folder, CHECKLIST_NAME, CHECKLIST)


def _questions(folder: Path, name: str, schema: str) -> tuple[Question, ...]:
    own = folder / name
    if not os.path.lexists(own):  # a link that leads nowhere is no leave to ask something else
        shipped = resources.files("planner.evaluation").joinpath(name).read_bytes()
        return read_questions(parse_toml(shipped, name), schema, name)
    try:
        if not own.is_file():
            raise InputError(N_("{file} is no ordinary file"), file=str(own))
        with own.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(N_("{file} cannot be read: {why}"), file=str(own), why=cause_of(error)) from None
    if len(data) > MOST_BYTES:
        raise InputError(N_("{file} is larger than {most} bytes"), file=str(own), most=MOST_BYTES)
    return read_questions(parse_toml(data, str(own)), schema, str(own))
