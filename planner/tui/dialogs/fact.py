"""Add a fact: its kind, when it happens, when it is over, and whether it is documented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from textual.widget import Widget
from textual.widgets import Input

from planner.domain.citizens import FactKind
from planner.errors import Refused
from planner.locale import N_, Language
from planner.services import words
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.postpone import typed_date
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.tick import Tick


@dataclass(frozen=True, slots=True)
class NewFact:
    """What is to be noted."""

    kind: FactKind
    on: date
    until: date | None
    documented: bool


class FactDialog(Dialog[NewFact]):
    """A list of kinds, two dates and a tick."""

    def __init__(
        self, language: Language, heading: str, today: date, *, initial: NewFact | None = None, fault: str = ""
    ) -> None:
        super().__init__(language, heading, fault=fault)
        self._today = today
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The fields."""
        known = self._initial
        names = (self.language.text(words.fact_kind(kind)) for kind in FactKind)
        marked = list(FactKind).index(known.kind) if known else 0
        yield ChoiceList(names, marked=marked, id="kind")
        yield from self.labelled(
            N_("Date (24-11, 24-11-2026 or +2w)"), line_input(_date(known.on if known else None), id="on")
        )
        yield from self.labelled(
            N_("Until (may be empty)"), line_input(_date(known.until if known else None), id="until")
        )
        yield Tick(self.language.text("documented"), known.documented if known else False)

    def answer(self) -> NewFact:
        """The fact."""
        index = self.query_one("#kind", ChoiceList).marked
        on_text = self.query_one("#on", Input).value.strip()
        if not on_text:
            self.query_one("#on").focus()
            raise Refused(N_("Write the date of the fact"))
        on = read_date(on_text, self._today)
        until_text = self.query_one("#until", Input).value.strip()
        until = read_date(until_text, self._today) if until_text else None
        if until is not None and until < on:
            raise Refused(N_("The fact must not end before it begins"))
        return NewFact(list(FactKind)[index or 0], on, until, self.query_one(Tick).value)


def _date(day: date | None) -> str:
    return typed_date(day) if day is not None else ""
