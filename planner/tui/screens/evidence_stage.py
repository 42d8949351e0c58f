"""What the flows of the evidence are told with, and how they ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from planner.errors import PlannerError, Refused
from planner.exchange.paper_files import save_bytes
from planner.locale import N_, Language
from planner.reporting.measuring import Wish
from planner.reporting.periods import usual_span
from planner.reporting.shown import Shown
from planner.services.results import Today
from planner.settings import settings_path
from planner.tui.dialogs.fields import Field, FieldsDialog, Texts
from planner.tui.dialogs.paper import WITHOUT_PERSONS, SaveDialog
from planner.tui.dialogs.pick import Choice, PickDialog
from planner.tui.screens.telling import Asking


@dataclass(frozen=True, slots=True)
class Scene:
    """What a flow looks at: what is shown, the list of the day, and the line under the cursor."""

    shown: Shown
    today: Today
    chosen: str


class Stage(Asking, Protocol):
    """What a flow can do; the screen of the evidence is one."""

    def look(self, wish: Wish) -> None:
        """Measure something else."""

    def say(self, text: str, *, fault: bool = False) -> None:
        """Show a toast."""

    def sentence(self, error: PlannerError) -> str:
        """What an error says, in the user's language."""


def questions_folder() -> Path:
    """Where the user's own questions stand."""
    return settings_path().parent


async def pick(stage: Stage, heading: str, choices: Sequence[Choice], *, picked: str = "") -> str | None:
    """One of several; None when the question is left."""
    return await stage.ask(PickDialog(stage.language, heading, choices, picked=picked))


async def filled(
    stage: Stage,
    heading: str,
    fields: Sequence[Field],
    act: Callable[[Texts], Awaitable[str]],
    go_on: str = N_("Save"),
) -> None:
    """Ask until `act` has no fault to tell, or the dialog is left; nothing typed is lost."""
    fault = ""
    while True:
        given = await stage.ask(FieldsDialog(stage.language, heading, fields, fault=fault, go_on=go_on))
        if given is None:
            return
        fields = [replace(field, text=given[field.id]) for field in fields]
        try:
            fault = await act(given)
        except PlannerError as error:
            fault = stage.sentence(error)
        if not fault:
            return


async def save(stage: Stage, heading: str, name: str, make: Callable[[], Awaitable[bytes]]) -> None:
    """Write a new file that holds no person; ask for its name until that is possible."""
    fault = ""
    while True:
        answer = await stage.ask(SaveDialog(stage.language, heading, name, label=WITHOUT_PERSONS, fault=fault))
        if answer is None:
            return
        name = answer
        try:
            path = save_bytes(name, await make())
        except PlannerError as error:
            fault = stage.sentence(error)
        else:
            stage.say(stage.language.text("Written: {path}", path=path))
            return


async def experiment(stage: Stage, scene: Scene, heading: str, *, without: str = "") -> str | None:
    """One of the experiments, those that are adopted here first; None when the question is left.

    `without` says what it is to choose none of them, which gives an empty text.
    """
    language = stage.language
    adopted = {one.experiment for one in scene.today.caseload.adoptions}
    known = (await stage.look_up(lambda desk: desk.rules)).experiments.values()
    ordered = sorted(known, key=lambda one: one.id not in adopted)
    here = language.text("adopted here")
    choices = [Choice(one.id, language.title(one.title), here if one.id in adopted else "") for one in ordered]
    if without:
        choices.append(Choice("", language.text(without)))
    return await pick(stage, heading, choices, picked=scene.shown.wish.experiment or "")


def wish_for(scene: Scene, chosen: str) -> Wish:
    """What is measured of an experiment: the period that is shown where it is that of the experiment, else its own."""
    wish = scene.shown.wish
    if wish.experiment == chosen:
        return wish
    span = usual_span(scene.today.caseload, chosen, scene.today.today)
    return replace(wish, span=span, experiment=chosen)


def file_name(stem: str, ending: str, language: Language) -> str:
    """A name to begin with, in the user's folder."""
    return f"~/{language.text(stem)}.{ending}"


def whole(text: str, least: int, most: int) -> int:
    """The whole number that was written; raises Refused."""
    if text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most:
        return int(text)
    raise Refused(N_("Write a whole number from {least} to {most}"), least=least, most=most)
