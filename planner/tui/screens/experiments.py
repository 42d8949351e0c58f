"""Experiments: the catalogue, what is adopted here, the exempted share, and what if one were switched on or off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from planner.domain.text import visible
from planner.errors import PlannerError
from planner.rules.ruleset import RuleSet
from planner.services.catalogue import catalogue, exempted
from planner.services.commands import Where
from planner.services.experiment_words import in_full, share_line
from planner.services.results import Today
from planner.tui.bindings import bindings
from planner.tui.screens.desk_screen import DeskScreen
from planner.tui.screens.experiment_flows import EXPERIMENT_FLOWS, Scene
from planner.tui.screens.mode_screen import ModeScreen
from planner.tui.widgets.card_text import Line
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.experiment_list import ExperimentList
from planner.tui.widgets.experiment_text import experiment_text


class ExperimentCard(CitizenCard):
    """A card of plain lines about an experiment; ids are looked for on every screen, so it leads to its own list."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "screen.focus('#experiments')", show=False)]


class ExperimentsScreen(ModeScreen):
    """The experiments by how they stand here, and the chosen one in full; the desk decides what is possible."""

    PLACE: ClassVar[Where] = "experiments"
    AUTO_FOCUS = "#experiments"
    BINDINGS: ClassVar[list[BindingType]] = bindings("experiments")

    def __init__(self, desk: DeskScreen) -> None:
        super().__init__(desk)
        self._rules: RuleSet | None = None
        self._today: Today | None = None

    def body(self) -> Iterable[Widget]:
        """The exempted share, the list and the card."""
        yield Static(Content(""), id="share")
        with Container(id="main"):
            yield ExperimentList(self.language, id="experiments")
            yield ExperimentCard(self._card, id="experiment")

    def show(self, today: Today) -> None:
        """Show how the experiments stand under this list."""
        self._today = today
        self._fill(today)

    @work(group="fill", exclusive=True, description="fill")
    async def _fill(self, today: Today) -> None:
        rules = self._rules = await self.look_up(lambda desk: desk.rules)
        self.query_one(ExperimentList).show(catalogue(rules, today.caseload.adoptions, today.today, self.language))
        share, people = today.plan.exempted_share, exempted(today, rules)
        line = share_line(share, [visible(row.citizen.shown_name) for row in people], self.language)
        full = share is not None and share.exempted >= share.allowed
        self.query_one("#share", Static).update(Content.assemble((f" {line}", "bold $error" if full else "$muted")))

    @on(ExperimentList.Moved)
    def _moved(self, event: ExperimentList.Moved) -> None:
        event.stop()
        if not self.closing:
            self.query_one(ExperimentCard).follow()

    def _card(self, width: int) -> list[Line]:
        scene = self.scene()
        if scene is None:
            return []
        return experiment_text(scene.entry, scene.rules, scene.today.today, self.language, width)

    # -- the stage of the flows

    def scene(self) -> Scene | None:
        """The chosen experiment, or None while there is none."""
        entry = None if self.closing else self.query_one(ExperimentList).selected
        if entry is None or self._rules is None or self._today is None:
            return None
        return Scene(entry, self._rules, self._today)

    async def tell(self, command_id: str) -> None:
        """Tell the story of a command about the chosen experiment."""
        scene = self.scene()
        if scene is not None:
            await EXPERIMENT_FLOWS[command_id](self, scene)

    def sentence(self, error: PlannerError) -> str:
        """What an error says, with every fault and every conflict."""
        return "\n".join(in_full(error, self._rules, self.language))

    def go_to(self, citizen_id: str) -> None:
        """Show a citizen in today's list."""
        self.desk.select(citizen_id)
        self.app.switch_mode("_default")
