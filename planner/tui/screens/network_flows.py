"""The network of municipalities by keys: hand experience on, compare it, take an experiment over."""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import replace

from planner.domain.caseload import Adoption
from planner.errors import Refused
from planner.exchange.experience_file import experience, experience_bytes, read_experience, said_in
from planner.exchange.experience_wire import ExperienceFile
from planner.exchange.given_file import read_given
from planner.locale import N_
from planner.reporting.comparing import check_comparable, comparison_lines
from planner.reporting.measuring import material
from planner.services.ports import AccessKind
from planner.tui.dialogs.fields import Field, Texts
from planner.tui.dialogs.pick import Choice
from planner.tui.dialogs.terms import Terms, TermsDialog
from planner.tui.dialogs.text import TextDialog
from planner.tui.screens.evidence_stage import (
    Scene,
    Stage,
    experiment,
    file_name,
    filled,
    pick,
    questions_folder,
    save,
    wish_for,
)

_HAND_ON, _COMPARE, _ADOPT = "hand on", "compare", "adopt"
_BETWEEN = ";"
MOST_FILES = 100


async def network(stage: Stage, scene: Scene) -> None:
    """Choose what to do with experience."""
    language = stage.language
    choices = [
        Choice(_HAND_ON, language.text("Write our experience to a file…")),
        Choice(_COMPARE, language.text("Compare the files of several municipalities…")),
        Choice(_ADOPT, language.text("Adopt an experiment as another municipality has it…")),
    ]
    picked = await pick(stage, language.text("Network of municipalities"), choices)
    if picked == _HAND_ON:
        await _hand_on(stage, scene)
    elif picked == _COMPARE:
        await _compare(stage)
    elif picked == _ADOPT:
        await _adopt(stage, scene)


async def _hand_on(stage: Stage, scene: Scene) -> None:
    heading = stage.language.text("Write our experience to a file")
    chosen = await experiment(stage, scene, heading)
    if chosen is None:
        return

    async def make() -> bytes:
        count = len(scene.today.caseload.citizens)
        found = await stage.look_up(lambda desk: material(desk, wish_for(scene, chosen), questions_folder()))
        made = experience(found)
        await stage.look_up(lambda desk: desk.follow_up.check_nameless(said_in(made)))
        await stage.look_up(lambda desk: desk.looked("network", count=count, kind=AccessKind.EXPORT))
        return experience_bytes(made)

    await save(stage, heading, file_name(N_("experience"), "json", stage.language), make)


async def _compare(stage: Stage) -> None:
    heading = stage.language.text("Compare the experience of several municipalities")
    fields = [Field("files", N_("Files from other municipalities, with semicolons between them"))]

    async def act(texts: Texts) -> str:
        names = [name.strip() for name in texts["files"].split(_BETWEEN) if name.strip()]
        if not 0 < len(names) <= MOST_FILES:
            raise Refused(N_("Write the names of 1 to {most} files"), most=MOST_FILES)
        made = [await to_thread(_read, name) for name in names]
        check_comparable(names, made)
        await stage.ask(TextDialog(stage.language, heading, list(comparison_lines(made, stage.language))))
        return ""

    await filled(stage, heading, fields, act, N_("Compare"))


async def _adopt(stage: Stage, scene: Scene) -> None:
    """Adopt with the parameters that they had last, to be adjusted before."""
    packages: list[ExperienceFile] = []

    async def act(texts: Texts) -> str:
        packages[:] = [await to_thread(_read, texts["file"])]
        return ""

    heading = stage.language.text("Adopt an experiment as another municipality has it")
    await filled(stage, heading, [Field("file", N_("File from another municipality"))], act, N_("Read"))
    if not packages:
        return
    theirs, today = packages[0], scene.today.today
    known = (await stage.look_up(lambda desk: desk.rules)).experiments.get(theirs.experiment)
    if known is None:
        raise Refused(N_("No experiment is called “{name}”"), name=theirs.experiment)
    last = max(theirs.adopted, key=lambda one: one.first, default=None)
    terms, fault = Terms(today, None, "", last.parameters if last is not None else {}), ""
    titled = f"{theirs.municipality}: {stage.language.title(known.title)}"
    while True:
        given = await stage.ask(TermsDialog(stage.language, titled, known, today, terms, fault=fault))
        if given is None:
            return
        terms = replace(given)
        adoption = Adoption(known.id, given.first, given.last, given.authority, given.parameters)
        fault = await stage.change(lambda desk, wanted=adoption: desk.adopt(wanted), "")  # type: ignore[misc]
        if not fault:
            return


def _read(name: str) -> ExperienceFile:
    return read_experience(read_given(name), name)
