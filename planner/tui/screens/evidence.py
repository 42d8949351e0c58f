"""Evidence: the measures of a period with plots, the survey and supervision, and what is written from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Event
from time import perf_counter
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from planner.errors import PlannerError, Refused
from planner.evaluation.telling import title
from planner.locale import N_
from planner.progress import CalledOff, Reach
from planner.reporting.measuring import Wish
from planner.reporting.periods import usual_span
from planner.reporting.progress import progress_text
from planner.reporting.shown import Shown, show, source
from planner.services.commands import Where
from planner.services.experiment_words import in_full
from planner.services.memory import uncollected
from planner.services.results import Done, Today
from planner.settings import settings_path
from planner.tui.app_settings import HasSettings
from planner.tui.bindings import bindings
from planner.tui.evidence_lines import card, headed
from planner.tui.loop import gives_way
from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.evidence_flows import EVIDENCE_FLOWS
from planner.tui.screens.evidence_stage import Scene
from planner.tui.screens.mode_screen import ModeScreen
from planner.tui.widgets.card_text import Line
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.headed_list import HeadedList
from planner.tui.work import behind

#: How often it is said how far it is, and seconds that it may take without a word.
_STEPS, _PATIENCE = 50, 1.0
#: Seconds in which the measuring lets keys come first: who presses them all the time sees the figures, too.
_GIVES_WAY = 10.0


class EvidenceCard(CitizenCard):
    """A card of plain lines about one measure; ids are looked for on every screen, so it leads to its own list."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "screen.focus('#measures')", show=False)]


class EvidenceScreen(ModeScreen):
    """What is measured as a list, and the chosen measure with its definition and a plot."""

    PLACE: ClassVar[Where] = "evidence"
    AUTO_FOCUS = "#measures"
    BINDINGS: ClassVar[list[BindingType]] = bindings("evidence")

    class Reached(Message):
        """How far the measuring is."""

        def __init__(self, text: str, gone: Event) -> None:
            super().__init__()
            self.text = text
            self.gone = gone

    def __init__(self, desk: DeskScreen) -> None:
        super().__init__(desk)
        self.wish: Wish | None = None
        self.shown: Shown | None = None
        self._today: Today | None = None
        #: What `shown` is of: the number of the last action, the day, and the wish.
        self._stand: tuple[int, date, Wish | None] | None = None

    def body(self) -> Iterable[Widget]:
        """What is measured, the list and the card."""
        yield Static(Content(f" {self.language.text('Measuring…')}"), id="evidence-title")
        with Container(id="main"):
            yield HeadedList("measure", id="measures")
            yield EvidenceCard(self._card, id="measure")

    def show(self, today: Today) -> None:
        """Measure the caseload of this list."""
        self._today = today
        self.measure()

    def look(self, wish: Wish) -> None:
        """Measure something else."""
        self.wish = wish
        self.measure()

    @work(group="measure", exclusive=True)
    async def measure(self) -> None:
        """Measure anew, beside the desk's own lane, and show it."""
        if self._today is None:
            return
        line, today, gone = self.query_one("#evidence-title", Static), self._today.today, Event()
        try:
            last = await self.look_up(lambda desk: desk.last_action())
            if (last, today, self.wish) == self._stand:
                return
            wished, cost = self.wish, self.app.settings.unit_cost if isinstance(self.app, HasSettings) else None
            reach = partial(self._reach, gone, gives_way(_GIVES_WAY), perf_counter())
            shown, wish, count = await behind(partial(self._measured, today, wished, cost, reach))
            await self.look_up(lambda desk: desk.looked("evidence", count=count))
        except PlannerError as error:
            line.update(Content.assemble((f" {self.sentence(error)}", "bold $error")))
            return
        finally:
            gone.set()
        if self.closing or wished != self.wish:
            return
        self.shown, self.wish, self._stand = shown, wish, (last, today, wish)
        for fault in shown.faults:
            self.refuse(self.sentence(fault))
        about = title(shown.measured.report, self.language)
        experiment = shown.measured.names.get(wish.experiment or "", "")
        line.update(Content(f" {' · '.join(filter(None, (about, experiment)))}"))
        self.query_one(HeadedList).load(headed(shown, self.language))

    def _measured(self, today: date, wish: Wish | None, cost: float | None, reach: Reach) -> tuple[Shown, Wish, int]:
        """In another thread, which alone holds the conversations of all years: a screen may be left meanwhile."""
        with uncollected():
            return self._look(today, wish, cost, reach)

    def _look(self, today: date, wish: Wish | None, cost: float | None, reach: Reach) -> tuple[Shown, Wish, int]:
        found = self.desk.look_up_behind(source)
        wish = replace(wish or Wish(usual_span(found.evidence.caseload, None, today)), certificate_cost=cost)
        shown = show(found, wish, settings_path().parent, self.language, reach)
        return shown, wish, len(found.evidence.caseload.citizens)

    def _reach(self, gone: Event, give_way: Callable[[], object], begun: float, doing: str, done: int, of: int) -> None:
        """Say above the list how far it is, and let keys come first.

        Raises CalledOff when it is left, so that nobody waits for the thread.
        """
        give_way()
        if gone.is_set():
            raise CalledOff
        seconds = perf_counter() - begun
        if of and done * _STEPS // of > (done - 1) * _STEPS // of and seconds > _PATIENCE:
            self.post_message(self.Reached(progress_text(doing, done, of, seconds, self.language), gone))

    @on(Reached)
    def _reached(self, event: Reached) -> None:
        if not self.closing and not event.gone.is_set():
            self.query_one("#evidence-title", Static).update(Content(f" {event.text}"))

    @on(HeadedList.Moved)
    def _moved(self, event: HeadedList.Moved) -> None:
        event.stop()
        if not self.closing:
            self.query_one(EvidenceCard).follow()

    def _card(self, width: int) -> list[Line]:
        chosen = None if self.closing else self.query_one(HeadedList).selected_id
        return [] if chosen is None or self.shown is None else card(chosen, self.shown, self.language, width)

    # -- the stage of the flows

    async def tell(self, command_id: str) -> None:
        """Tell the story of a command."""
        if self.shown is None or self._today is None:
            raise Refused(N_("Still measuring; press the key again in a moment"))
        chosen = self.query_one(HeadedList).selected_id or ""
        await EVIDENCE_FLOWS[command_id](self, Scene(self.shown, self._today, chosen))

    async def change(self, call: Callable[..., Done], mark: str, *, stay: bool = False) -> str:
        """Let the desk change something; the figures are measured anew."""
        fault = await super().change(call, mark, stay=stay)
        if not fault:
            self.measure()
        return fault

    def sentence(self, error: PlannerError) -> str:
        """What an error says, with every fault."""
        return "\n".join(in_full(error, None, self.language))
