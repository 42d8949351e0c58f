"""The survey among the staff and supervision, by keys: rounds, forms, samples and findings."""

from __future__ import annotations

import secrets
from asyncio import to_thread
from collections.abc import Mapping, Sequence

from planner.domain.citizens import Citizen
from planner.domain.follow_up import MOST_SEED, Finding, Scale, SupervisedCase
from planner.errors import Refused
from planner.evaluation.questions import Question
from planner.evaluation.surveys import SCALE
from planner.exchange.given_file import read_given
from planner.exchange.question_files import checklist, survey_questions
from planner.exchange.survey_csv import read_forms
from planner.locale import N_, Language
from planner.services.entry import read_date
from planner.services.words import FINDINGS
from planner.tui.dialogs.fields import Field, Texts
from planner.tui.dialogs.pick import Choice
from planner.tui.dialogs.postpone import typed_date
from planner.tui.screens.evidence_stage import Scene, Stage, filled, pick, questions_folder, whole
from planner.tui.screens.telling import agreed, at_once

_LEAVE_OUT, _BEGIN, _IMPORT, _REMOVE, _DRAW = "leave out", "begin", "import", "remove", "draw"
#: Before the name of a round or a citizen, which then is no other choice.
_ONE = "one "


async def survey(stage: Stage, scene: Scene) -> None:
    """Count a form with a round, begin a round, import forms, or take a round away."""
    language, rounds = stage.language, scene.shown.rounds
    heading = language.text("Survey among the staff")
    count = N_("Count a filled-in form: {round}")
    choices = [
        Choice(_ONE + one.name, language.text(count, round=one.name), language.date(one.on)) for one in reversed(rounds)
    ]
    choices.append(Choice(_BEGIN, language.text("Begin a round…")))
    choices.append(Choice(_IMPORT, language.text("Count the forms of a CSV file…")))
    if rounds:
        choices.append(Choice(_REMOVE, language.text("Take a round away with its answers…")))
    picked = await pick(stage, heading, choices)
    if picked == _BEGIN:
        await _begin_round(stage, scene)
    elif picked == _IMPORT:
        await _import_forms(stage, scene)
    elif picked == _REMOVE:
        await _remove_round(stage, scene)
    elif picked is not None:
        await _count_form(stage, picked.removeprefix(_ONE))


async def _begin_round(stage: Stage, scene: Scene) -> None:
    fields = [
        Field("round", N_("Name of the round"), hint=N_("zero measurement")),
        Field("on", N_("Its date"), typed_date(scene.today.today)),
    ]

    async def act(texts: Texts) -> str:
        on = read_date(texts["on"], scene.today.today)
        return await stage.change(lambda desk: desk.follow_up.begin_round(texts["round"], on), "")

    await filled(stage, stage.language.text("Begin a round of the survey"), fields, act)


async def _import_forms(stage: Stage, scene: Scene) -> None:
    newest = scene.shown.rounds[-1].name if scene.shown.rounds else ""
    fields = [
        Field("file", N_("CSV file with a row for each form")),
        Field("round", N_("Round; one of another name is begun today"), newest),
    ]

    async def act(texts: Texts) -> str:
        questions = survey_questions(questions_folder())
        data = await to_thread(read_given, texts["file"])
        forms, others = await to_thread(read_forms, data, questions)
        today = scene.today.today
        fault = await stage.change(lambda desk: desk.follow_up.answer(texts["round"], forms, today), "")
        if not fault and others:
            text = N_("Columns that hold no question, and were left out: {names}")
            stage.say(stage.language.text(text, names=", ".join(others)))
        return fault

    await filled(stage, stage.language.text("Count the forms of a CSV file"), fields, act)


async def _remove_round(stage: Stage, scene: Scene) -> None:
    heading = stage.language.text("Take a round away with its answers")
    choices = [Choice(one.name, one.name, stage.language.date(one.on)) for one in scene.shown.rounds]
    picked = await pick(stage, heading, choices)
    if picked is not None:
        await at_once(stage, lambda desk: desk.follow_up.remove_round(picked), "")


async def _count_form(stage: Stage, name: str) -> None:
    """Ask question by question, as the form lies on the desk; who answered is not kept, so it is asked at the end."""
    language = stage.language
    questions = survey_questions(questions_folder())
    answers = [Choice(one.value, language.text(SCALE[one])) for one in Scale]
    given = await _answered(stage, questions, [*answers, Choice(_LEAVE_OUT, language.text("leave it out"))], {})
    if given is None:
        return
    form = {question: Scale(answer) for question, answer in given.items()}
    if not form:
        raise Refused(N_("Nothing was counted."))
    question = language.text("Who answered what is not kept, so it cannot be undone.")
    titled = language.text(N_("Count the form with “{round}”?"), round=name)
    if await agreed(stage, titled, question, go_on=N_("Count")):
        await at_once(stage, lambda desk: desk.follow_up.answer(name, [form]), "")


async def _answered(
    stage: Stage, questions: Sequence[Question], choices: Sequence[Choice], before: Mapping[str, str], about: str = ""
) -> dict[str, str] | None:
    """An answer to each question; leaving goes back to the one before, and None is given where that is none."""
    given, place = dict(before), 0
    while place < len(questions):
        question = questions[place]
        number = stage.language.text(N_("{number} of {count}"), number=place + 1, count=len(questions))
        heading = " · ".join(filter(None, (about, number, stage.language.title(question.text))))
        picked = await pick(stage, heading, choices, picked=given.get(question.id, ""))
        if picked is None:
            place -= 1
            if place < 0:
                return None
            continue
        given.pop(question.id, None)
        if picked != _LEAVE_OUT:
            given[question.id] = picked
        place += 1
    return given


async def supervise(stage: Stage, scene: Scene) -> None:
    """Write down what is found in a case of the newest sample, or draw a new one."""
    language, samples = stage.language, scene.shown.samples
    questions = checklist(questions_folder())
    newest = samples[-1] if samples else None
    cases = await stage.look_up(lambda desk: desk.follow_up.supervised(newest)) if newest is not None else ()
    if cases:
        await stage.look_up(lambda desk: desk.looked("supervision", count=len(cases)))
    choices = [
        Choice(_ONE + citizen.id, citizen.shown_name, _progress(case, questions, language), citizen.id)
        for citizen, case in cases
    ]
    choices.append(Choice(_DRAW, language.text("Draw a new sample…")))
    undone = next((_ONE + citizen.id for citizen, case in cases if not _is_done(case, questions)), _DRAW)
    picked = await pick(stage, language.text("Supervision"), choices, picked=undone)
    if picked == _DRAW:
        await _draw(stage)
    elif picked is not None:
        citizen, case = next(pair for pair in cases if _ONE + pair[0].id == picked)
        await _write_down(stage, questions, citizen, case)


def _is_done(case: SupervisedCase, questions: Sequence[Question]) -> bool:
    return all(question.id in case.findings for question in questions)


def _progress(case: SupervisedCase, questions: Sequence[Question], language: Language) -> str:
    found = sum(question.id in case.findings for question in questions)
    return language.text("{number} of {count}", number=found, count=len(questions))


async def _write_down(stage: Stage, questions: Sequence[Question], citizen: Citizen, case: SupervisedCase) -> None:
    language = stage.language
    choices = [Choice(one.value, language.text(FINDINGS[one])) for one in Finding]
    choices.append(Choice(_LEAVE_OUT, language.text("leave it open")))
    before = {name: finding.value for name, finding in case.findings.items()}
    given = await _answered(stage, questions, choices, before, citizen.shown_name)
    if given is None or given == before:
        return
    asked = {question.id: given.get(question.id) for question in questions}
    findings = {name: None if value is None else Finding(value) for name, value in asked.items()}
    await at_once(stage, lambda desk: desk.follow_up.supervise(citizen.id, findings), N_("written down"))


async def _draw(stage: Stage) -> None:
    fields = [
        Field("size", N_("How many open cases"), "10"),
        Field("seed", N_("Number that draws the same sample again; by chance where it is empty")),
    ]

    async def act(texts: Texts) -> str:
        size = whole(texts["size"], 1, MOST_SEED)
        seed = whole(texts["seed"], 0, MOST_SEED) if texts["seed"] else secrets.randbelow(MOST_SEED)
        return await stage.change(lambda desk: desk.follow_up.draw(size, seed), "")

    await filled(stage, stage.language.text("Draw a sample for supervision"), fields, act, N_("Draw"))
