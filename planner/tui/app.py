"""The application: themes, the commands that hold everywhere, and what happens when it fails."""

from __future__ import annotations

import os
import signal
import sys
from asyncio import Lock, get_running_loop, sleep, to_thread
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen
from textual.theme import Theme

from planner.domain.masking import Masking, with_names
from planner.domain.text import visible
from planner.errors import InputError, PlannerError, RuleConflict
from planner.first_view import First, looks
from planner.locale import N_, Language
from planner.phrases import spoken
from planner.progress import Reach
from planner.services.commands import Command, Where, command, commands_of
from planner.services.messages import told
from planner.services.results import Row
from planner.settings import Settings, Value
from planner.symbols import ASCII
from planner.tui.at_hand import AtHand
from planner.tui.bindings import bindings, keymap
from planner.tui.crash import origin, summary
from planner.tui.dialogs.base import Dialog
from planner.tui.first_view import Opening, taking_over
from planner.tui.idle import LocksItself
from planner.tui.keyboard import reading_well
from planner.tui.loop import AT_ONCE, TurnKeepingLoop
from planner.tui.messages import Listed
from planner.tui.screens.mode_screen import ModeScreen
from planner.tui.screens.modes import MODES, TODAY, modules
from planner.tui.screens.stage_screen import StageScreen
from planner.tui.screens.today import TodayScreen
from planner.tui.signs import AsciiSigns, NothingActs
from planner.tui.strips import make_lean
from planner.tui.stylesheet import ThemedStylesheet
from planner.tui.theme import COLOURLESS, DARK, PREFIX, THEMES, following, setting
from planner.tui.widgets.one_of import OneOf
from planner.tui.work import Hands, behind

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk
    from planner.services.ports import Office
    from planner.tui.dialogs.pick import Choices, PickDialog
    from planner.tui.screens.desk_screen import DeskScreen
    from planner.tui.screens.settings import SettingsScreen


#: Writes changed settings into the user's file, and gives those that hold then.
Save = Callable[[Mapping[str, Value]], Settings]

#: From this width on the card stands beside the list; below it the list would lose its columns.
WIDE = 120
#: More keys than anybody types while the program opens, and seconds without one after which no more of them come.
_MOST_TYPED, _QUIET = 60, 0.4
#: Seconds in which a view that is gone to takes its place.
_CHANGE = 0.005
#: Seconds after the first list in which whoever opened the program has begun to read it.
_SPARE = 1.0
#: How often a screen is laid out at most until all of it has its place.
_LAYOUTS = 3
#: Seconds that keys wait at most for a view.
_FOR_A_VIEW = 1.0
#: What begins a choice of the palette that is a citizen; no command's id has it.
_CITIZEN = "citizen:"


class PlannerApp(LocksItself, inherit_bindings=False):
    """The screen of the planner. The caller ends the process with `return_code`."""

    TITLE = "planner"
    CSS_PATH = "styles/planner.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("everywhere"),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = set()
    ENABLE_COMMAND_PALETTE = False
    MODES = {"_default": TODAY}  # noqa: RUF012 - the mode in which Textual begins and to which no other name leads back
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012

    def __init__(
        self,
        desk_factory: Callable[[Reach], Desk],
        language: Language,
        *,
        theme: str = DARK.name,
        settings: Settings | None = None,
        save: Save | None = None,
        kept_view: Path | None = None,
        can_lock: bool = False,
        first: First | None = None,
        told: Callable[[], int | None] = lambda: None,
    ) -> None:
        """`told`: the exit code where it was asked to end before there was a screen."""
        make_lean()
        painted = None if first is None else first.painted
        super().__init__(None if painted is None else taking_over(self.get_driver_class(), painted))
        self.animation_level = "none"
        self.stylesheet: ThemedStylesheet = ThemedStylesheet(variables=self.get_css_variables())
        self._language = language
        self._settings = settings or Settings()
        self._keys = self._settings.keys
        self._save = save
        self._turn_to_save = Lock()
        self.set_keymap(keymap(self._keys))
        self._signs = [NothingActs(), *([AsciiSigns()] if language.symbols == ASCII else [])]
        for entry in THEMES:
            self.register_theme(entry)
        opening = None if first is None else Opening(self._looks, first)
        self._today = TodayScreen(desk_factory, language, self._keys, kept_view, opening)
        self.install_screen(self._today, TODAY)
        for mode, view in MODES.items():
            self.add_mode(mode, partial(self._view, view))
        self.theme = os.environ.get("TEXTUAL_THEME", theme)
        self._begun = self._is_flooded = self._is_closing_all = False
        #: Whether something was typed in vain, and nobody has been told yet.
        self._typed_in_vain = painted is not None and painted.has_dropped
        self._palette_at_hand: PickDialog | None = None
        self._settings_at_hand: SettingsScreen | None = None
        self._settings_open: SettingsScreen | None = None
        self._can_lock = can_lock
        self._told = told
        self.hold_keys(self)

    def get_driver_class(self) -> type[Driver]:
        """What plays the terminal."""
        return reading_well(super().get_driver_class())

    @property
    def settings(self) -> Settings:
        """As they stand now."""
        return self._settings

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        """Style a widget that is in its place; one that is only made gets its styles when it is put there."""
        if node is self or node.is_attached:
            super().update_styles(node, animate)

    def _looks(self) -> tuple[object, ...]:
        """How the user wants the screen to look."""
        return looks(self._settings)

    def on_mount(self) -> None:
        """Let keys come before work in other threads; lock when nobody is there, where there is a passphrase."""
        get_running_loop().set_default_executor(Hands(thread_name_prefix="behind"))
        sys.setswitchinterval(AT_ONCE)
        # Windows has no such handlers, and a loop of another thread may have none.
        with suppress(NotImplementedError, RuntimeError, AttributeError):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                get_running_loop().add_signal_handler(number, self.exit, None, 128 + number)
        code = self._told()
        if code is not None:
            self.exit(None, code)
        minutes = self._settings.lock_minutes if self._can_lock else "never"
        self.watch_idleness(None if minutes == "never" else 60.0 * int(minutes), self._language, self._today)

    def at_any_time(self, key: events.Key) -> bool:
        """Hide or lock, whatever is shown, and change the colours of a dialog, too."""
        for name in ("hide", "lock", *(["theme"] if isinstance(self.screen, Dialog) else [])):
            if key.key in self._keys.of(command(name)):
                self.action_command(name)
                return True
        return False

    def _hide(self) -> None:
        from planner.tui.dialogs.hidden import HiddenScreen

        if not isinstance(self.screen, HiddenScreen):
            self.clear_notifications()  # a toast has a name in it
            self.push_screen(HiddenScreen(self._language))
            if self._usual_masking is Masking.NAMES:  # whoever comes back has somebody there, or had
                self._mask(Masking.NAMES)

    def _view(self, make: Callable[[DeskScreen], ModeScreen]) -> ModeScreen:
        view = make(self._today)
        view._css_update_count = self._css_update_count  # else the view that is left would be styled anew
        return view

    def delay_update(self, delay: float = _CHANGE) -> None:
        """Show the old view while another takes its place, and no longer than that."""
        super().delay_update(delay)

    def go(self, mode: str) -> None:
        """Show another view, unless a dialog waits for an answer; what is typed behind it is meant for that view."""
        if isinstance(self.screen, Dialog):
            return
        if self._settings_open is not None and self.screen is self._settings_open:
            self._settings_open.leave_for(partial(self.go, mode))
            return
        holder, name = object(), "_default" if mode == TODAY else mode
        for screen in self._screen_stacks.get(name, ()):
            if isinstance(screen, AtHand):
                screen.fit(self.size)  # else the style sheet would be read anew after another theme
        self.switch_mode(name)
        self.hold_keys(holder, _FOR_A_VIEW)
        self.screen.call_after_refresh(self.give_up_keys, holder, drop=False)  # something there has the focus then

    @on(Listed)
    async def _listed(self) -> None:
        self._refresh_view()
        await self._begin()

    async def _begin(self) -> None:
        """Give on what was typed before there was anything to see; a text that was pasted then is waited out."""
        if self._begun:
            return
        if self.kept_back > (0 if self._is_flooded else _MOST_TYPED):
            self.drop_keys()
            if not self._is_flooded:
                self._say_not_done()
            self._is_flooded = True
            self.set_timer(_QUIET, self._begin)
            return
        await self.give_up_keys(self, drop=False)
        self._begun = True
        loop = get_running_loop()
        if isinstance(loop, TurnKeepingLoop):
            loop.keep_turns()
        if self._typed_in_vain:
            self._say_not_done()
        self.set_timer(_SPARE, self._load_ahead)

    @work(group="ahead")
    async def _load_ahead(self) -> None:
        """Load what views and dialogs need behind the screen, and make the views ready while no key comes."""
        for module in modules():
            await get_running_loop().run_in_executor(None, import_module, module)
        for mode in MODES:
            await self._until_no_key_comes()
            await self._make_ready(mode)
        await self._until_no_key_comes()
        await self._make_palette_ready()
        self._read_next_theme()
        with suppress(Exception):  # nobody has asked for it yet: whoever looks there is told what is wrong
            await self._until_no_key_comes()
            await self._make_settings_ready()
            self._fit()
            while not await self._today.look_up(self._reckon_some):
                await self._until_no_key_comes()

    async def _until_no_key_comes(self) -> None:
        while self.idle < _SPARE:
            await sleep(_SPARE)

    def _reckon_some(self, desk: Desk) -> bool:
        """Reckon a little of what the view of the capacity shows; gives whether that was all."""
        today = self._today.shown
        return today is None or desk.some_week_loads(today) is not None

    async def _close_all(self) -> None:
        """Take the views down, and put no other one there meanwhile."""
        self._is_closing_all = True
        await super()._close_all()

    async def _make_ready(self, mode: str) -> None:
        """Put a view where it is gone to; it shows something, and has the focus, only when somebody goes there."""
        if mode not in self._screen_stacks and not self._is_closing_all:
            screen, stands = self._get_screen(self._view(MODES[mode]))
            self._screen_stacks[mode] = [screen]
            await stands
            if self.screen is not screen:
                screen._refresh_layout(self.size)

    @on(events.Resize)
    def _fit_behind(self) -> None:
        if self._begun:
            self._fit()

    @work(group="fit", exclusive=True)
    async def _fit(self) -> None:
        """Style and lay out what is not shown while no key comes; widgets of another size may ask for it again."""
        for _ in range(_LAYOUTS):
            await sleep(_SPARE)
            for screen in [*chain(*self._screen_stacks.values()), *self._installed_screens.values()]:
                if isinstance(screen, AtHand):
                    await self._until_no_key_comes()
                    if screen is not self.screen:
                        screen.fit(self.size)

    def released(self, held: Sequence[events.Event]) -> Sequence[events.Event]:
        """What was typed before the first list changes nothing that nobody has seen."""
        if self._begun or (held and self._today.was_seen(held[0].time)):
            return held
        unseen = [event for event in held if event.time < self._today.listed_at]
        acting = unseen[: self._keys.may_act_unseen([_pressed(event) for event in unseen])]
        if len(acting) < len(unseen):
            self._say_not_done()
        return [*acting, *held[len(unseen) :]]

    def _say_not_done(self) -> None:
        """Beside what the opening had to say, and not in its place."""
        self._typed_in_vain = False
        self.notify(self._language.text("What was typed before the list was there has not been done."), markup=False)

    def passes(self, key: events.Key, held: Sequence[events.Event]) -> bool:
        """To leave and to ask for help nobody waits for the store, unless something else than a movement comes before.

        Where nobody is to be seen yet, nothing comes of what was pressed before, and one can always leave. For a list
        that is to come only movements wait, and what comes behind them.
        """
        pressed = _pressed(key)
        if self._begun:
            return self._holder is self._today.list_to_come and not held and not self._today.moves(pressed)
        if self._today.shows_first and not held and self._today.moves(pressed):
            return self.focused is not None
        if key.key == "ctrl+c" or (pressed in self._keys.of(command("quit")) and not self._today.is_seen):
            return True
        waits = any(not self._today.moves(_pressed(event)) for event in held)
        return not waits and any(pressed in self._keys.of(command(name)) for name in ("quit", "help"))

    def _refresh_view(self) -> None:
        shown = self.screen_stack[0] if self.is_running and self.screen_stack else None
        if isinstance(shown, ModeScreen):
            shown.refresh_view()

    @property
    def place(self) -> Where:
        """Which screen of the command table is shown, under any dialog."""
        shown = self.screen_stack[0]
        return shown.PLACE if isinstance(shown, StageScreen) else "today"

    def get_css_variables(self) -> dict[str, str]:
        """What the style sheet takes from the theme."""
        variables = super().get_css_variables()
        return {**variables, **COLOURLESS} if self.no_color else variables

    def colours(self, theme: Theme) -> dict[str, str]:
        """The same of any theme."""
        variables = {**self.get_theme_variable_defaults(), **theme.to_color_system().generate(), **theme.variables}
        return {**variables, **COLOURLESS} if self.no_color else variables

    @work(group="next theme", exclusive=True)
    async def _read_next_theme(self) -> None:
        """Read the style sheet in the colours that come next, while no key comes."""
        await self._until_no_key_comes()
        theme = self.get_theme(following(self.theme))
        if theme is not None and not self.stylesheet.has_read(colours := self.colours(theme)):
            sheet = self.stylesheet.in_other_colours(colours)
            await behind(sheet.parse)
            self.stylesheet.take(sheet)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What each line goes through before it is painted."""
        filters = super().get_line_filters()
        if self.no_color and self.native_ansi_color:  # greys would be colours where the terminal's own are wanted
            filters = [NoColor() if isinstance(one, Monochrome) else one for one in filters]
        return [*filters, *self._signs]

    def action_command(self, command_id: str) -> None:
        """Run a command of the table that holds everywhere."""
        if command_id == "quit":
            self.exit()
        elif command_id == "theme":
            self._next_theme()
        elif command_id == "hide":
            self._hide()
        elif command_id == "names":
            self._mask_or_show()
        elif command_id == "lock" and self._can_lock:
            self.lock()
        elif command_id == "lock":
            self.notify(self._language.text("This store has no passphrase; it cannot be locked."), markup=False)
        elif command_id in (TODAY, *MODES):
            self.go(command_id)
        else:
            holder = object()
            self.hold_keys(holder)  # what is typed before it stands is meant for it
            self._show(command_id, holder)

    @work(group="shown", description="shown")
    async def _show(self, command_id: str, holder: object) -> None:
        try:
            if command_id == "settings":
                await self._show_settings()
            elif command_id == "help":
                from planner.tui.dialogs.help import HelpDialog

                await self.push_screen_wait(HelpDialog(self._language, self.place, self._keys))
            else:
                await self._palette(holder)
        finally:
            await self.give_up_keys(holder, drop=False)

    def _next_theme(self) -> None:
        self.theme = following(self.theme)
        for shown in self.screen.query("#theme").results(OneOf):  # the settings are open
            shown.value = setting(self.theme)
        self._fit()
        self._read_next_theme()
        self._keep_theme()

    @work(group="theme")
    async def _keep_theme(self) -> None:
        try:
            await self._save_settings(lambda: {"theme": setting(self.theme)})
        except PlannerError as error:  # the colours hold all the same, for this time
            self.notify("\n".join(map(visible, self._words(error))), severity="error", markup=False)

    async def _save_settings(self, changes: Callable[[], Mapping[str, Value]]) -> None:
        async with self._turn_to_save:  # of several in a row the last one stays
            new = {name: value for name, value in changes().items() if self._settings.value(name) != value}
            if new and self._save is not None:
                self._settings = await to_thread(self._save, new)

    def _settings_shown(self) -> Settings:
        """The settings, with the colours that hold though they are perhaps still to be kept."""
        shown = self.theme in {theme.name for theme in THEMES}
        return replace(self._settings, theme=setting(self.theme)) if shown else self._settings

    @property
    def _usual_masking(self) -> Masking:
        return Masking(self._settings.mask)

    @work(group="masking")
    async def _mask_or_show(self) -> None:
        if not self._today.has_desk:
            return
        masks = await self._today.look_up(lambda desk: desk.masking) is Masking.NAMES
        await self._today.mask(with_names(self._usual_masking) if masks else Masking.NAMES)
        said = N_("Names are shown; {key} masks them.") if masks else N_("Names are masked; {key} shows them.")
        self._today.say(self._language.text(said, key=self._keys.first("names")))

    @work(group="masking", description="masking")
    async def _mask(self, masking: Masking) -> None:
        if self._today.has_desk:
            await self._today.mask(masking)

    async def _show_settings(self) -> None:
        from planner.tui.screens.settings import SettingsScreen

        today = self._today
        if isinstance(self.screen, SettingsScreen | Dialog) or not today.has_desk:
            return
        try:
            office = await today.look_up(lambda desk: desk.office())
        except PlannerError as error:
            today.refuse(today.sentence(error))
            return
        if isinstance(self.screen, SettingsScreen | Dialog):  # something else was quicker
            return
        screen = self._settings_at_hand
        if screen is None:
            screen = self._new_settings(office)
        else:
            screen.renew(office)
        self._settings_open = screen
        if await self.push_screen_wait(screen):
            today.plan_again()

    async def _change_settings(self, changes: Mapping[str, Value]) -> None:
        await self._save_settings(lambda: changes)
        if "theme" in changes:
            self.theme = f"{PREFIX}{changes['theme']}"
            self._fit()
            self._read_next_theme()
        if "mask" in changes:
            await self._today.mask(self._usual_masking)

    def _new_settings(self, office: Office) -> SettingsScreen:
        from planner.tui.screens.settings import Program, SettingsScreen

        today, program = self._today, Program(self._settings_shown, self._change_settings)
        return SettingsScreen(self._language, office, today.look_up, today.write, program)

    async def _make_settings_ready(self) -> None:
        """Have the settings at hand: they have a hundred fields and labels."""
        if self._today.has_desk and not self._is_closing_all:
            screen = self._new_settings(await self._today.look_up(lambda desk: desk.office()))
            await self._have_at_hand(screen, "settings")
            self._settings_at_hand = screen

    def _findings(self) -> Choices[Command | Row]:
        """The commands that hold where one is, and the citizens of the list."""
        from planner.tui.dialogs.pick import Choice, Choices

        language = self._language
        rows = self._today.shown.rows if self._today.shown is not None else ()

        def choice(item: Command | Row) -> Choice:
            if isinstance(item, Command):
                return Choice(item.id, language.text(item.text), language.drawn(self._keys.named(item)))
            return Choice(f"{_CITIZEN}{item.citizen.id}", item.citizen.shown_name, item.citizen.id)

        def words(item: Command | Row) -> str:
            if isinstance(item, Command):
                return language.text(item.text)
            return f"{item.citizen.shown_name} {item.citizen.name}"

        commands = (entry for entry in commands_of(self.place) if entry.id != "palette")
        return Choices([*commands, *rows], choice, words)

    def _new_palette(self) -> PickDialog:
        from planner.tui.dialogs.pick import PickDialog

        heading = self._language.text("Find a command or a citizen")
        return PickDialog(self._language, heading, self._findings(), search=True)

    async def _make_palette_ready(self) -> None:
        """Have the palette at hand: it is opened often, and anew from nothing it takes twice as long."""
        if self._palette_at_hand is None and not self._is_closing_all:
            dialog = self._new_palette()
            await self._have_at_hand(dialog, "palette")
            self._palette_at_hand = dialog

    async def _have_at_hand(self, screen: Screen[Any], name: str) -> None:
        self.install_screen(screen, name)
        _, stands = self._get_screen(screen)
        await stands
        screen._refresh_layout(self.size)

    async def _palette(self, holder: object) -> None:
        dialog = self._palette_at_hand
        if dialog is None or dialog in self.screen_stack:
            dialog = self._new_palette()
        else:
            dialog.renew(self._findings())
        dialog.asker = holder
        picked: str | None = await self.push_screen_wait(dialog)
        if picked is not None and picked.startswith(_CITIZEN):
            shown = self._today.shown
            await self._today.look_up(lambda desk: desk.searched(0 if shown is None else len(shown.rows)))
            self._today.select(picked.removeprefix(_CITIZEN))
            self._today.opened = picked.removeprefix(_CITIZEN)
            if self.place != "citizen":  # there one stays with the stories
                self.go(TODAY)
            self._refresh_view()
        elif picked is not None:
            target = self.screen if self.place in command(picked).where else self
            await target.run_action(f"command('{picked}')")

    @property
    def ended_by(self) -> BaseException | None:
        """What made the program end, where it was no key."""
        return None if self._exception is None else origin(self._exception)

    def action_help_quit(self) -> None:
        """Say how to quit, for hands that press ctrl+c."""
        self.notify(self._language.text("Press {key} to quit.", key=self._keys.first("quit")), markup=False)

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> str | None:
        """Refuse: a picture of the screen would carry personal data into a file in clear."""
        return None

    def _handle_exception(self, error: Exception) -> None:
        """End with a sentence: the program's own errors in words, others by kind and place, never with data."""
        first = origin(error)
        known = isinstance(first, PlannerError)
        if self._exception is None:  # what fails after it, as all is taken down, is not why the program ends
            self._return_code = first.exit_code if isinstance(first, PlannerError) else 1
            self._exception = error
            self._exception_event.set()
        lines = self._words(first) if known else [self._crash_words(error)]
        self._exit_renderables.append(Text("\n".join(visible(line) for line in lines), no_wrap=True, overflow="ignore"))
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """End with a sentence: what Textual hands over here is a traceback of its own thread."""
        self._return_code = 1
        self._exit_renderables.append(Text(self._language.text("The terminal could not be read any longer.")))
        self._close_messages_no_wait()

    def _words(self, error: BaseException) -> list[str]:
        assert isinstance(error, PlannerError)
        lines = [told(self._language, error.message, error.values)]
        if isinstance(error, InputError):
            say = self._language.text
            lines += [
                say(
                    N_("{path}: found {found}; allowed: {allowed}"),
                    path=f.path,
                    found=spoken(f.found, say),
                    allowed=spoken(f.allowed, say),
                )
                for f in error.faults
            ]
        if isinstance(error, RuleConflict):
            lines += [spoken(line, self._language.text) for line in error.lines]
        return lines

    def _crash_words(self, error: BaseException) -> str:
        kind, place = summary(error)
        text = N_("planner stopped because of a fault of its own: {kind} in {place}. What was saved is safe.")
        return self._language.text(text, kind=kind, place=place)


def _pressed(event: events.Event) -> str:
    """A key as the command table writes it; nothing for what is no key."""
    if not isinstance(event, events.Key):
        return ""
    return event.character if event.is_printable and event.character and event.character != " " else event.key
