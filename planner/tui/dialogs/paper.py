"""A text to copy out: summons, offer of times, case note; and the name of a file to save it in."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from planner.domain.text import visible
from planner.errors import Refused
from planner.locale import N_, Language
from planner.services.papers import Paper
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.help import HelpText
from planner.tui.widgets.tick import Tick

#: Said after each copy: the clipboard is shared with other programs, and no terminal confirms it.
COPIED = N_("Copied, if the terminal allows it. The clipboard now holds personal data.")
WITH_PERSONAL_DATA = N_("Name of a new file; it will hold personal data")
WITHOUT_PERSONS = N_("Name of a new file; figures of fewer than five persons are withheld in it")
_OTHER_LANGUAGE = {"da": N_("l in English"), "en": N_("l in Danish")}


class PaperStep(StrEnum):
    """What is to be done with the text."""

    COPY = "copy"
    SAVE = "save"
    LANGUAGE = "language"
    FILED = "filed"


class PaperDialog(Dialog[PaperStep]):
    """The text with what should be known of it; enter copies."""

    LEAVE = N_("Close")  # what came before, a booking or an offer, stays
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "step('save')", show=False),
        Binding("l", "step('language')", show=False),
    ]

    def __init__(self, language: Language, heading: str, paper: Paper) -> None:
        super().__init__(language, heading, go_on=N_("Copy"))
        self.paper = paper

    def body(self) -> Iterable[Widget]:
        """What should be known, the text, and the other keys."""
        for notice in self.paper.notices:
            yield Static(Content(f"! {visible(notice.text(self.language))}"), classes="notice")
        yield HelpText(Static(Content(visible(self.paper.text.rstrip(), lines=True))), id="paper-text")
        keys = (self.language.text("s saves it to a file"), self.language.text(_OTHER_LANGUAGE[self.paper.code]))
        yield Static(Content(" · ".join(keys)), classes="label")

    def answer(self) -> PaperStep:
        """Copy it."""
        return PaperStep.COPY

    def action_step(self, step: str) -> None:
        """Close with another step."""
        if self.is_on_top:
            self.dismiss(PaperStep(step))


class FiledTick(Tick):
    """The tick that says where the note is; ticking it is all there is to do."""

    def action_tick(self) -> None:
        """Say so to the dialog."""
        screen = self.screen
        if isinstance(screen, CaseNoteDialog):
            screen.action_step(PaperStep.FILED.value)


class CaseNoteDialog(PaperDialog):
    """The case note stays open while it is copied; the space bar ticks it as filed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "step('filed')", show=False)]

    def __init__(self, language: Language, heading: str, paper: Paper, *, filed: bool) -> None:
        super().__init__(language, heading, paper)
        self._filed = filed

    def body(self) -> Iterable[Widget]:
        """The note, and the tick."""
        yield from super().body()
        yield FiledTick(self.language.text("Filed in the case system (space)"), self._filed)
        told = Static(id="told", classes="label")
        told.display = False
        yield told

    def action_go_on(self) -> None:
        """Copy, and stay for the tick."""
        if self.is_on_top:
            self.app.copy_to_clipboard(self.paper.text)
            told = self.query_one("#told", Static)
            told.update(Content(self.language.text(COPIED)))
            told.display = True


class SaveDialog(Dialog[str]):
    """The name of a new file."""

    def __init__(
        self, language: Language, heading: str, name: str, *, label: str = WITH_PERSONAL_DATA, fault: str = ""
    ) -> None:
        super().__init__(language, heading, fault=fault)
        self._file = name
        self._label = label

    def body(self) -> Iterable[Widget]:
        """The field."""
        yield from self.labelled(self._label, line_input(self._file, id="file"))

    def answer(self) -> str:
        """The name."""
        name = self.query_one("#file", Input).value.strip()
        if not name:
            raise Refused(N_("Write the name of a file"))
        return name
