"""What every dialog shares: a heading, fields, a line for what is wrong, enter to go on and escape to leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from textwrap import wrap
from typing import ClassVar, TypeVar

from rich.console import RenderableType
from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.services.messages import told
from planner.tui.at_hand import AtHand
from planner.tui.held_keys import HoldsKeys
from planner.tui.widgets.behind import Behind
from planner.tui.widgets.choice_list import ChoiceList

T = TypeVar("T")

_WIDTH = 72
#: Seconds that keys wait at most for what an answer leads to.
_FOR_WHAT_FOLLOWS = 1.0
#: Border and padding on both sides.
_FRAME = 6


class Dialog(ModalScreen[T], AtHand[T]):
    """A short decision; dismissed with the answer, or with None when left."""

    AUTO_FOCUS = "*"
    #: What the button says that closes without an answer.
    LEAVE: ClassVar[str] = N_("Go back")
    #: The keys that stand on the buttons.
    GO_ON_KEYS: ClassVar[str] = "enter"
    LEAVE_KEYS: ClassVar[str] = "esc"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "go_on", show=False),
    ]

    def __init__(self, language: Language, heading: str, *, fault: str = "", go_on: str = N_("Save")) -> None:
        super().__init__()
        self.language = language
        self._heading = visible(heading)
        self._first_fault = fault
        self._go_on = language.text(go_on)
        self._untouched: dict[Widget, str] = {}
        self._warned = False
        self._ready = self._is_painted = False
        self._given: dict[str, str] = {}
        #: For whom keys are held from its end on, until the story that asked goes on.
        self.asker: object = None
        #: What whoever asked does before it is closed with an answer.
        self.before_answer: Callable[[], None] = lambda: None

    def _compositor_refresh(self) -> None:
        """Paint the dialog at once, and what is behind it in the next frame: to dim that takes three times as long."""
        if not self._is_painted and self._ready:
            seen = self._compositor.visible_widgets.get(self.query_one("#dialog"))
            if seen is not None:
                self._compositor._dirty_regions = {seen[0].intersection(self.size.region)}
                super()._compositor_refresh()
                self._is_painted = True
                self.refresh()
                return
        super()._compositor_refresh()

    def render(self) -> RenderableType | Behind:  # type: ignore[override] # Textual takes either
        """The screen behind, dimmed."""
        if not self._is_painted:  # nothing of it is seen
            return ""
        shown = super().render()
        return Behind(shown.screen, shown.color) if isinstance(shown, BackgroundScreen) else shown

    def compose(self) -> ComposeResult:
        """The heading, the fields of the dialog, the line for faults, and two buttons for the mouse."""
        leave = self.language.text(self.LEAVE)
        with Vertical(id="dialog"):
            yield Static(Content(self._heading), id="dialog-heading")
            yield from self.body()
            yield Static(Content(unbroken(visible(self._first_fault), self.app.size.width)), id="fault")
            with Horizontal(id="buttons"):
                yield Button(Content(f"{self._go_on} ({self.GO_ON_KEYS})"), id="go-on", compact=True)
                yield Button(Content(f"{leave} ({self.LEAVE_KEYS})"), id="leave", compact=True)

    def body(self) -> Iterable[Widget]:
        """The fields."""
        raise NotImplementedError

    def answer(self) -> T:
        """What was filled in; raises PlannerError with a sentence about what is wrong."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Remember what the fields held, to know whether something was typed; what was refused is typed too."""
        if not self.query("#fault"):  # left in the same breath in which it was opened
            return
        self._ready = True
        fields = self.query("Input, TextArea")
        self._untouched = {field: "" if self._first_fault else _typed(field) for field in fields}
        for field in fields:
            if field.id in self._given and isinstance(field, Input | TextArea):
                _type(field, self._given[field.id])
        self.query_one("#fault").display = bool(self._first_fault)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Take what was typed ahead, when the first field has the focus."""
        self.call_after_refresh(self._release_keys)

    async def _release_keys(self) -> None:
        if self.is_on_top and isinstance(self.app, HoldsKeys):
            await self.app.release_keys()

    def again(self) -> bool:
        """Open as if for the first time; gives whether it was made before."""
        self._is_painted = self._warned = False
        return self._ready

    @property
    def is_on_top(self) -> bool:
        """Whether it is the screen that keys go to; Textual calls one current that is only seen behind another."""
        return self.is_attached and self.app.screen is self

    @property
    def acts(self) -> bool:
        """Whether keys act on it: its fields are there, and it has not been left."""
        return self._ready and self.is_on_top

    def typed(self) -> dict[str, str]:
        """What stands in the fields that somebody has typed into, by the field's id."""
        return {
            field.id: _typed(field)
            for field, text in self._untouched.items()
            if field.id is not None and _typed(field) != text
        }

    def take(self, texts: Mapping[str, str]) -> None:
        """Have these texts in the fields with those ids, as if they were typed."""
        self._given = dict(texts)

    def unsaved(self) -> bool:
        """Whether something was typed that is not saved."""
        return any(_typed(field) != text for field, text in self._untouched.items())

    def show_fault(self, text: str) -> None:
        """Say in the dialog what is wrong."""
        fault = self.query_one("#fault", Static)
        fault.update(Content(unbroken(visible(text), self.app.size.width)))
        fault.display = True

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with the answer; what is typed behind it waits until the story that asked has gone on."""
        if self.asker is not None and isinstance(self.app, HoldsKeys):
            self.app.hold_keys(self.asker, _FOR_WHAT_FOLLOWS)
        if result is not None:
            self.before_answer()
        return super().dismiss(result)

    def action_go_on(self) -> None:
        """Close with the answer, or say what is wrong."""
        if not self.acts:  # a second enter that came in the same breath
            return
        try:
            answer = self.answer()
        except PlannerError as error:
            self.show_fault(told(self.language, error.message, error.values))
        else:
            self.dismiss(answer)

    def action_leave(self) -> None:
        """Close without an answer; typed text is only thrown away on the second time."""
        if not self.acts:
            return
        if self.unsaved() and not self._warned:
            self._warned = True
            self.show_fault(self.language.text("This is not saved. Press esc again to throw it away."))
        else:
            self.dismiss(None)

    def labelled(self, label: str, field: Widget) -> Iterable[Widget]:
        """A field under its label."""
        yield Static(Content(self.language.text(label)), classes="label")
        yield field

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typing(self) -> None:
        self._warned = False

    @on(ChoiceList.Chosen)
    @on(Button.Pressed, "#go-on")
    def _enter(self, event: ChoiceList.Chosen | Button.Pressed) -> None:
        event.stop()
        self.action_go_on()

    @on(Button.Pressed, "#leave")
    def _leave(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_leave()


def _typed(field: Widget) -> str:
    if isinstance(field, TextArea):
        return field.text
    return field.value if isinstance(field, Input) else ""


def _type(field: Input | TextArea, text: str) -> None:
    if isinstance(field, TextArea):
        field.text = text
        field.move_cursor(field.document.end)
    else:
        field.value = text
        field.cursor_position = len(text)


def unbroken(text: str, screen_width: int) -> str:
    """The text in lines that fit into a dialog; no number is parted from its percent sign."""
    width = max(min(_WIDTH, screen_width) - _FRAME, 20)
    return "\n".join(wrap(text.replace(" %", "\u00a0%"), width))


class _Line(Input):
    """A field as wide as the dialog, whatever is in it: a letter has nothing laid out anew."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))

    async def action_submit(self) -> None:
        """Go on at once: a message would come after the letters that follow."""
        if isinstance(self.screen, Dialog):
            self.screen.action_go_on()
        else:
            await super().action_submit()

    def _on_paste(self, event: events.Paste) -> None:
        """Take all lines of a pasted text, one behind the other; Textual would take the first one alone."""
        event.prevent_default()
        super()._on_paste(events.Paste(" ".join(filter(None, map(str.strip, event.text.splitlines())))))
        event.stop()


def line_input(value: str = "", *, id: str, hint: str = "", replaced: bool = False) -> Input:  # noqa: A002
    """A field of one line; `replaced`: what one types takes the place of what stands there."""
    field = _Line(value, id=id, placeholder=hint, compact=True, select_on_focus=replaced)
    field.cursor_blink = False
    return field
