"""Exempt a citizen from the remaining conversations: the reason, and how many are exempted already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from planner.errors import Refused
from planner.locale import N_, Language
from planner.planning.plan import ExemptedShare
from planner.services.entry import read_date
from planner.tui.dialogs.base import Dialog, line_input, unbroken
from planner.tui.dialogs.postpone import typed_date


@dataclass(frozen=True, slots=True)
class Exempted:
    """Why, and until when (None: as long as the rule allows)."""

    reason: str
    until: date | None


class ExemptDialog(Dialog[Exempted]):
    """A mandatory reason under the figures of the legal limit."""

    def __init__(
        self,
        language: Language,
        heading: str,
        today: date,
        share: ExemptedShare | None,
        *,
        initial: Exempted | None = None,
        fault: str = "",
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=N_("Exempt the citizen"))
        self._today = today
        self._share = share
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The figures, the reason and the end."""
        figures = unbroken(limit_words(self._share, self.language), self.app.size.width)
        yield Static(Content(figures), classes="figures")
        reason = self._initial.reason if self._initial else ""
        yield from self.labelled(N_("Reason (is kept with the citizen)"), line_input(reason, id="reason"))
        until = typed_date(self._initial.until) if self._initial and self._initial.until else ""
        yield from self.labelled(N_("Until (may be empty)"), line_input(until, id="until"))

    def answer(self) -> Exempted:
        """The reason and the end."""
        reason = self.query_one("#reason", Input).value.strip()
        if not reason:
            self.query_one("#reason").focus()
            raise Refused(N_("Write a reason: it is mandatory"))
        until = self.query_one("#until", Input).value.strip()
        return Exempted(reason, read_date(until, self._today) if until else None)


def limit_words(share: ExemptedShare | None, language: Language) -> str:
    """The count of exemptions against the legal limit, in a sentence."""
    if share is None:
        return language.text("The law in force has no rule about exempting a share of the citizens.")
    return language.text(
        "{exempted} of {eligible} in their first months are exempted ({share} %). "
        "The limit is {limit} %, at most {allowed}.",
        exempted=share.exempted,
        eligible=share.eligible,
        share=language.number(share.share * 100, 0),
        limit=language.number(share.limit * 100, 0),
        allowed=share.allowed,
    )
