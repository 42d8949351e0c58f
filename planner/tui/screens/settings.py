"""The settings that a caseworker changes: the week, the conversations, and the program's looks; all in one form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from planner.domain.conversations import TALKING
from planner.domain.text import visible
from planner.errors import InputError, PlannerError
from planner.locale import N_, Language
from planner.services import office_form as form
from planner.services import words
from planner.services.messages import told
from planner.settings import KEYS, Settings, Value
from planner.tui.at_hand import AtHand
from planner.tui.bindings import bindings
from planner.tui.dialogs.base import line_input
from planner.tui.dialogs.pick import Choice, PickDialog
from planner.tui.held_keys import HoldsKeys
from planner.tui.widgets.one_of import OneOf
from planner.tui.widgets.tick import Tick

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk
    from planner.services.ports import Office
    from planner.services.results import Done

T = TypeVar("T")

#: What the values of the settings file are called.
NAMES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "language": (N_("Language"), {"da": N_("Danish"), "en": N_("English")}),
    "theme": (
        N_("Colours"),
        {
            "dark": N_("dark theme"),
            "light": N_("light theme"),
            "contrast": N_("contrast"),
            "terminal": N_("terminal"),
        },
    ),
    "symbols": (N_("Signs"), {"unicode": N_("all"), "ascii": N_("simple (ASCII)")}),
    "lock_minutes": (
        N_("Lock after"),
        {
            "5": N_("5 minutes"),
            "10": N_("10 minutes"),
            "30": N_("30 minutes"),
            "never": N_("never"),
        },
    ),
    "mask": (
        N_("Masked"),
        {
            "cpr": N_("CPR numbers"),
            "names": N_("names too"),
            "none": N_("nothing"),
        },
    ),
    "mouse": (N_("Mouse"), {"true": N_("on"), "false": N_("off")}),
}
_AT_NEXT_START = frozenset({"language", "symbols", "mouse", "lock_minutes"})
_KEEP, _DROP = "keep", "drop"
#: Lines that the form takes with a blank one between its parts.
_ROOMY = 27


class LookUp(Protocol):
    """Asks the desk something."""

    def __call__(self, call: Callable[[Desk], T], /) -> Awaitable[T]:
        """The answer of the desk."""


class Write(Protocol):
    """Lets the desk change something."""

    def __call__(self, call: Callable[[Desk], Done], /) -> Awaitable[Done]:
        """What was done; raises what the desk raises."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program's own settings as the screen meets them: what holds, how it is kept, and who is told of it."""

    settings: Callable[[], Settings]
    save: Callable[[Mapping[str, Value]], Awaitable[None]]


class SettingsScreen(AtHand[bool]):
    """One form; enter saves all of it, escape leaves. Dismissed with whether the office was changed."""

    AUTO_FOCUS = "#hours-0"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(each for each in bindings("everywhere") if isinstance(each, Binding) and each.id == "quit"),
        Binding("enter", "save", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, language: Language, office: Office, look_up: LookUp, write: Write, program: Program) -> None:
        super().__init__()
        self.language = language
        self._look_up = look_up
        self._write = write
        self._program = program
        self._filled = form.filled(office, language)

    def _chosen(self, name: str) -> str:
        return _word(self._program.settings().value(name))

    def renew(self, office: Office) -> None:
        """Be as if made anew, with what holds now."""
        self._filled = form.filled(office, self.language)
        self.query(".row-fault").remove()
        self.query_one("#fault").display = False
        for name, value in self._filled.items():
            field = self.query_one(f"#{name}")
            if isinstance(field, Input):
                field.value = str(value)
                field.cursor_position = len(field.value)
            elif isinstance(field, Tick):
                field.value = bool(value)
        for name in NAMES:
            self.query_one(f"#{name}", OneOf).value = self._chosen(name)
        self.query_one("#settings-form").scroll_home(animate=False)
        self.set_focus(None)

    # -- what is shown

    def compose(self) -> ComposeResult:
        """The sections, the line for faults, and two buttons for the mouse."""
        yield Static(Content(" " + self.language.text("Settings")), id="settings-heading")
        with VerticalScroll(id="settings-form", can_focus=False):
            yield from self._week()
            yield from self._talks()
            yield from self._looks()
        fault = Static("", id="fault")
        fault.display = False
        yield fault
        with Horizontal(id="buttons"):
            yield Button(Content(f"{self.language.text('Save')} (enter)"), id="save", compact=True)
            yield Button(Content(f"{self.language.text('Go back')} (esc)"), id="leave", compact=True)

    def _week(self) -> Iterable[Widget]:
        yield self._heading(N_("My week"), N_("Working hours"), N_("Breaks"), N_("In person"))
        for day in form.DAYS:
            name = self.language.writing.weekdays[day]
            field = form.in_person_field(day)
            tick = Tick(self.language.text("in person"), bool(self._filled.get(field)), key=field)
            tick.id = field
            yield from self._row(
                name.capitalize(), self._line(form.hours_field(day)), self._line(form.breaks_field(day)), tick
            )

    def _talks(self) -> Iterable[Widget]:
        yield self._heading(N_("Conversations"), N_("Minutes"), N_("Notice in days"))
        for channel in TALKING:
            name = self.language.text(words.channel(channel)).capitalize()
            yield from self._row(name, self._line(form.minutes_field(channel)), self._line(form.notice_field(channel)))
        yield from self._row(
            self.language.text("Pause after"), self._line(form.BUFFER), self._note(N_("minutes between two"))
        )
        yield from self._row(
            self.language.text("At most"), self._line(form.PER_DAY), self._note(N_("a day; empty for no limit"))
        )
        yield from self._row(self.language.text("Municipality"), self._line(form.MUNICIPALITY))
        yield from self._row(
            self.language.text("Closed cases"),
            self._line(form.RETENTION),
            self._note(N_("months kept; empty: for ever")),
        )

    def _looks(self) -> Iterable[Widget]:
        yield self._heading(N_("The program"))
        for name, (label, choices) in NAMES.items():
            labels = [(key, self.language.text(text)) for key, text in choices.items()]
            yield from self._row(self.language.text(label), OneOf(labels, self._chosen(name), id=name))

    def _heading(self, title: str, *columns: str) -> Widget:
        cells = [
            Static(Content(self.language.text(title)), classes="row-label"),
            *(Static(Content(self.language.text(each))) for each in columns),
        ]
        return Horizontal(*cells, classes="section")

    def _row(self, label: str, *fields: Widget) -> Iterable[Widget]:
        yield Horizontal(Static(Content(visible(label)), classes="row-label"), *fields, classes="row")

    def _line(self, name: str) -> Input:
        return line_input(str(self._filled.get(name, "")), id=name)

    def _note(self, text: str) -> Widget:
        return Static(Content(self.language.text(text)), classes="note")

    # -- filling and reading

    @property
    def is_on_top(self) -> bool:
        """Whether it is the screen that keys go to, and not only seen behind a dialog."""
        return self.is_attached and self.app.screen is self

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Take what was typed ahead."""
        if isinstance(self.app, HoldsKeys):
            self.call_after_refresh(self.app.release_keys)

    def on_resize(self, event: events.Resize) -> None:
        """On a low terminal the blank lines give way, so that all of the form can be seen."""
        for section in self.query(".section"):  # to style all of the form anew would take a tenth of a second
            section.set_class(event.size.height < _ROOMY, "-low")

    def changed_fields(self) -> form.Fields:
        """The fields of the office that were changed."""
        now = {name: self._value(name) for name in self._filled}
        return {name: value for name, value in now.items() if value != self._filled[name]}

    def changed_settings(self) -> dict[str, Value]:
        """The program's settings that were changed."""
        now = {name: self.query_one(f"#{name}", OneOf).value for name in NAMES}
        allowed = {key.name: {_word(value): value for value in key.allowed} for key in KEYS}
        return {name: allowed[name][word] for name, word in now.items() if word != self._chosen(name)}

    def _value(self, name: str) -> form.Field:
        field = self.query_one(f"#{name}")
        return field.value if isinstance(field, Tick | Input) else ""

    # -- saving and leaving

    def action_save(self) -> None:
        """Save everything that was changed, or say beside each field what is wrong with it."""
        if self.is_on_top:
            self._save()

    @work(group="settings", exclusive=True)
    async def _save(self) -> None:
        changed, settings = self.changed_fields(), self.changed_settings()
        try:
            office_changed = bool(changed) and await self._save_office(changed)
            if changed and not office_changed:
                return
            if settings:
                await self._program.save(settings)
        except PlannerError as error:
            self._say_fault(error)
            return
        if settings.keys() & _AT_NEXT_START:
            self.notify(self.language.text("Language, signs and mouse change at the next start."), markup=False)
        if self.is_on_top:
            self.dismiss(office_changed)

    async def _save_office(self, changed: form.Fields) -> bool:
        """Whether the office was saved; where a field is wrong it is told instead."""
        now = await self._look_up(lambda desk: desk.office())
        # What was changed elsewhere meanwhile stays; only the fields that were changed here are written.
        office, faults = form.office_of({**form.filled(now, self.language), **changed}, now)
        await self._show_faults(faults)
        if faults:
            return False
        done = await self._write(lambda desk: desk.set_office(office))
        self._filled = {**self._filled, **changed}
        self.notify(visible(done.text(self.language)), markup=False)
        return True

    async def _show_faults(self, faults: Mapping[str, PlannerError]) -> None:
        await self.query(".row-fault").remove()
        wrong = None
        for name in reversed([*self._filled]):  # each goes right behind its row
            if name in faults:
                wrong = name
                said = Static(Content(f"! {visible(self._sentence(faults[name]))}"), classes="row-fault")
                row = self.query_one(f"#{name}").parent
                assert isinstance(row, Horizontal)
                await self.mount(said, after=row)
        self.query_one("#fault").display = False
        if wrong is not None:
            self.query_one(f"#{wrong}").focus()

    def _say_fault(self, error: PlannerError) -> None:
        place = self.query_one("#fault", Static)
        place.update(Content(f"! {visible(self._sentence(error))}"))
        place.display = True

    def _sentence(self, error: PlannerError) -> str:
        lines = [told(self.language, error.message, error.values)]
        if isinstance(error, InputError):
            lines += [str(fault) for fault in error.faults]
        return ". ".join(lines)

    def action_leave(self) -> None:
        """Leave; where something was changed, ask first."""
        if self.is_on_top:
            self._leave(self.dismiss_unchanged)

    def leave_for(self, go: Callable[[], None]) -> None:
        """Leave, and go where one goes from everywhere; where something was changed, ask first."""

        def leave() -> None:
            self.dismiss_unchanged()
            go()

        if self.changed_fields() or self.changed_settings():
            self._leave(leave)
        else:
            leave()  # at once: what is typed behind it is meant for where it leads to

    def action_command(self, command_id: str) -> None:
        """Quit, as everywhere, but not over something that was changed."""
        if command_id == "quit" and self.is_on_top:
            self._leave(self.app.exit)

    def dismiss_unchanged(self) -> None:
        """Leave without a change."""
        if self.is_on_top:
            self.dismiss(False)

    @work(group="leaving", exclusive=True, description="leaving")
    async def _leave(self, how: Callable[[], None]) -> None:
        if not (self.changed_fields() or self.changed_settings()):
            how()
            return
        choices = [
            Choice(_KEEP, self.language.text("Go on editing")),
            Choice(_DROP, self.language.text("Throw the changes away")),
        ]
        dialog = PickDialog(self.language, self.language.text("What was changed is not saved"), choices)
        if await self.app.push_screen_wait(dialog) == _DROP:
            how()

    @on(Input.Submitted)
    @on(Button.Pressed, "#save")
    def _enter(self, event: Input.Submitted | Button.Pressed) -> None:
        event.stop()
        self.action_save()

    @on(Button.Pressed, "#leave")
    def _left(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_leave()


def _word(value: Value) -> str:
    return value if isinstance(value, str) else str(value).lower()
