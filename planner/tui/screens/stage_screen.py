"""What every screen with commands can do: tell the stories of its keys one after the other, ask, say and refuse."""

from __future__ import annotations

from asyncio import Lock
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from textual import on, work

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.locale import Language
from planner.services.commands import Where, command
from planner.services.keymap import Keys
from planner.services.messages import told
from planner.tui.at_hand import AtHand
from planner.tui.dialogs.base import Dialog
from planner.tui.held_keys import HoldsKeys
from planner.tui.widgets.key_footer import KeyFooter

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.services.desk import Desk

T = TypeVar("T")
#: Seconds that keys wait at most for a change that opens no dialog.
_FOR_A_CHANGE = 0.15


def _asks(command_id: str) -> bool:
    """Whether a dialog belongs to the command."""
    return command(command_id).text.endswith("…")


class StageScreen(AtHand[None]):
    """A screen on which the commands of one place are told; `PLACE` names it in the command table."""

    PLACE: ClassVar[Where]

    def __init__(self, language: Language, keys: Keys | None = None) -> None:
        super().__init__()
        self.language = language
        self.keys = keys or Keys()
        self._turn_to_act = Lock()
        self._refusals = 0
        self._stories = 0
        self._asker: object = None
        #: The command that is being told, and the citizen whom it is about.
        self.telling = ("", "")

    @property
    def citizen_told(self) -> str:
        """The citizen whom a command would be about; empty for none."""
        return ""

    @property
    def closing(self) -> bool:
        """Whether the screen is being taken down: widgets go from the innermost out while messages still arrive."""
        return not (self.app.is_running and self.is_attached and self.is_parent_active)

    async def tell(self, command_id: str) -> None:
        """Tell the story of a command; raises what the desk refuses."""
        raise NotImplementedError

    async def look_up(self, call: Callable[[Desk], T]) -> T:
        """Ask the desk something that changes nothing."""
        raise NotImplementedError

    def action_command(self, command_id: str) -> None:
        """Run a command of the table; what is typed behind it waits for its dialog, or until it is done.

        It is about whom is selected now, although another key may follow at once. Only where an earlier command is not
        done yet is it about whom that one leaves selected.
        """
        holder = object()
        if isinstance(self.app, HoldsKeys):
            self.app.hold_keys(holder, None if _asks(command_id) else _FOR_A_CHANGE)
        about = "" if self._stories else self.citizen_told
        self._stories += 1
        self._tell(command_id, holder, about)

    @work(group="flow", description="flow")
    async def _tell(self, command_id: str, holder: object, about: str) -> None:
        async with self._turn_to_act:
            refused, self.telling, self._asker = self._refusals, (command_id, about or self.citizen_told), holder
            try:
                await self.tell(command_id)
            except PlannerError as error:
                if _asks(command_id):
                    await self._say_why_not(command_id, self.sentence(error))
                else:
                    self.refuse(self.sentence(error))
            finally:
                self._stories -= 1
                self.telling, self._asker = ("", ""), None
                if isinstance(self.app, HoldsKeys):
                    await self.app.give_up_keys(holder, drop=_asks(command_id) and self._refusals > refused)
            await self.story_told()

    async def _say_why_not(self, command_id: str, sentence: str) -> None:
        """A dialog was expected: who types into it already must not run commands with it."""
        from planner.tui.dialogs.notice import NoticeDialog

        heading = self.language.text(command(command_id).text).rstrip("…")
        await self.ask(NoticeDialog(self.language, heading, sentence))

    async def ask(self, dialog: Dialog[T]) -> T | None:
        """Show a dialog and wait for its answer; None when it is left."""
        dialog.asker = self._asker
        try:
            answer: T | None = await self.app.push_screen_wait(dialog)
        finally:
            dialog.asker = None
        return answer

    async def story_told(self) -> None:
        """A story was told to its end: nothing that was typed into its dialogs need be kept for after a crash."""

    def say(self, text: str, *, fault: bool = False, seconds: float | None = None) -> None:
        """Show a toast in the place of the one before, so that quick work does not cover the list with them."""
        self.app.clear_notifications()
        severity: Literal["error", "information"] = "error" if fault else "information"
        self.notify(visible(text, lines=True), severity=severity, markup=False, timeout=seconds)

    def copy(self, text: str) -> None:
        """Put a text on the clipboard, as far as the terminal lets it."""
        self.app.copy_to_clipboard(text)

    def refuse(self, fault: str) -> None:
        """Show a refusal where no dialog is open to show it."""
        self._refusals += 1
        self.say(visible(fault), fault=True)

    def sentence(self, error: PlannerError) -> str:
        """What an error says, in the user's language."""
        return told(self.language, error.message, error.values)

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        entry = command(event.command_id)
        target = self if self.PLACE in entry.where else self.app
        self.call_later(target.run_action, f"command('{entry.id}')")
