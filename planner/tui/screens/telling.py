"""What flows are told with: the scene that they look at, the stage that they act on, and how they ask and act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from planner.locale import N_, Language
from planner.planning.plan import Slot
from planner.services.results import Done, Row, Today
from planner.tui.dialogs.base import Dialog
from planner.tui.rows import View

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk

T = TypeVar("T")
Call = Callable[["Desk"], Done]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a flow looks at: the citizen's row and the list around it."""

    row: Row
    today: Today
    view: View

    @property
    def id(self) -> str:
        """The citizen's id."""
        return self.row.citizen.id


class Acting(Protocol):
    """Whatever can let the desk change something, and say why not."""

    language: Language

    async def change(self, call: Call, mark: str, *, stay: bool = False) -> str:
        """Let the desk change something; gives the sentence of a refusal, empty when it was done."""

    def refuse(self, fault: str) -> None:
        """Show a refusal where no dialog is open to show it."""


class Asking(Acting, Protocol):
    """Whatever can ask as well: the user in a dialog, the desk for something that changes nothing.

    `begun`: the number of the last action before this session.
    """

    @property
    def begun(self) -> int:
        """The number of the last action before this session."""

    async def ask(self, dialog: Dialog[T]) -> T | None:
        """Show a dialog and wait for its answer; None when it is left."""

    async def look_up(self, call: Callable[[Desk], T]) -> T:
        """Ask the desk something that changes nothing."""


class Stage(Asking, Protocol):
    """What a flow about a citizen can do; the screen of today is one."""

    def scene(self) -> Scene | None:
        """The selected citizen, or None while there is none."""

    def say(self, text: str, *, fault: bool = False) -> None:
        """Show a toast."""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard, as far as the terminal lets it."""

    def select(self, citizen_id: str) -> None:
        """Go to a citizen."""

    def show_slot(self, citizen_id: str, slot: Slot | None) -> None:
        """Look at another slot than the proposal (None: at the proposal)."""


async def fill_in(
    stage: Stage,
    make: Callable[[T | None, str], Dialog[T]],
    call: Callable[[T], Call],
    mark: str,
    *,
    stay: bool = False,
) -> T | None:
    """Ask until the desk agrees or the dialog is left; nothing typed is lost when the desk refuses.

    Gives what was done, or None when the dialog was left.
    """
    answer: T | None = None
    fault = ""
    while True:
        answer = await stage.ask(make(answer, fault))
        if answer is None:
            return None
        fault = await stage.change(call(answer), mark, stay=stay)
        if not fault:
            return answer


async def at_once(stage: Acting, call: Call, mark: str, *, stay: bool = False) -> None:
    """Do it, or show why not."""
    fault = await stage.change(call, mark, stay=stay)
    if fault:
        stage.refuse(fault)


async def agreed(stage: Asking, heading: str, question: str, go_on: str = N_("Yes")) -> bool:
    """Ask before something that may not be meant; leaving is no."""
    from planner.tui.dialogs.confirm import ConfirmDialog

    answer: bool | None = await stage.ask(ConfirmDialog(stage.language, heading, question, go_on=go_on))
    return answer is True


async def undo(stage: Asking) -> None:
    """Take the last change back; what is older than this session only when that is meant."""
    last = await stage.look_up(lambda desk: desk.to_undo())
    if last is not None and last.seq <= stage.begun:
        language = stage.language
        question = language.text(
            N_("The last change was made before the program was opened ({when}): {what}. Undo it?"),
            when=f"{language.short_day(last.at.date())} {language.time(last.at.hour * 60 + last.at.minute)}",
            what=last.text(language),
        )
        if not await agreed(stage, language.text("Undo"), question):
            return
    await at_once(stage, lambda desk: desk.undo(), N_("undone"), stay=True)


async def redo(stage: Acting) -> None:
    """Make the change again that was taken back; one stays with whom it is about."""
    await at_once(stage, lambda desk: desk.redo(), N_("redone"), stay=True)


def heading(stage: Stage, msgid: str, scene: Scene) -> str:
    """A dialog's heading with the citizen's name in it."""
    return stage.language.text(msgid, name=scene.row.citizen.shown_name)


#: One command's story.
Flow = Callable[[Stage, Scene], Awaitable[None]]
