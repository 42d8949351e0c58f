"""The questions of the survey and the checklist of supervision, as they stand in a TOML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta

from planner.errors import Fault
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import shown
from planner.rules.format import Bilingual, Id, Rules
from planner.strict import Check, Good, read

SURVEY, CHECKLIST = "planner-survey/1", "planner-checklist/1"


class Question(Rules, frozen=True, kw_only=True):
    """A question with the id that its answers are kept by."""

    id: Id
    text: Bilingual


class QuestionFile(Rules, frozen=True, kw_only=True):
    """The questions, in the order in which they are asked."""

    schema: Literal["planner-survey/1", "planner-checklist/1"]
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=50)]


def read_questions(table: Mapping[str, object], schema: str, where: str) -> tuple[Question, ...]:
    """The questions in a table of TOML; raises InputError with every fault."""

    def check(good: Good, path: str) -> Iterable[Fault]:
        if good.get("schema", schema) != schema:
            yield Fault(f"{path}.schema", shown(good["schema"]), schema)
        yield from _twice(good, path)

    checks: Mapping[type, Check] = {QuestionFile: check}
    root = f"{where}:$"
    return read(table, QuestionFile, root, checks, message=N_("The questions have faults")).questions


def _twice(good: Good, path: str) -> Iterator[Fault]:
    seen: set[object] = set()
    for place, question in enumerate(good.get("questions", ())):
        name = question.get("id") if isinstance(question, dict) else None
        if name is not None and name in seen:
            yield Fault(f"{path}.questions[{place}].id", shown(name), Phrase("each id once"))
        seen.add(name)
