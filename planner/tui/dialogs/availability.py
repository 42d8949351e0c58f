"""When a citizen cannot be met: whole days, or hours of a weekday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from textual.widget import Widget
from textual.widgets import Input

from planner.domain.citizens import Unavailable
from planner.errors import Refused
from planner.locale import N_, Language
from planner.services import words
from planner.services.entry import read_date, read_hours
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.postpone import typed_date
from planner.tui.widgets.choice_list import ChoiceList


class DaysDialog(Dialog[Unavailable]):
    """The first and the last day; the same where only one is written."""

    def __init__(
        self, language: Language, heading: str, today: date, *, initial: Unavailable | None = None, fault: str = ""
    ) -> None:
        super().__init__(language, heading, fault=fault)
        self._today = today
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The fields."""
        first, last = (self._initial.first, self._initial.last) if self._initial else (None, None)
        yield from self.labelled(N_("First day (24-11, 24-11-2026 or +2w)"), line_input(_typed(first), id="first"))
        yield from self.labelled(N_("Last day (empty: the same day)"), line_input(_typed(last), id="last"))

    def answer(self) -> Unavailable:
        """The days."""
        first = read_date(self.query_one("#first", Input).value, self._today)
        field = self.query_one("#last", Input)
        last = read_date(field.value, self._today) if field.value.strip() else first
        if last < first:
            field.focus()
            raise Refused(N_("The last day ({last}) must not be before the first ({first})"), last=last, first=first)
        return Unavailable(first, last)


class HoursDialog(Dialog[Unavailable]):
    """A weekday and two times."""

    def __init__(
        self, language: Language, heading: str, *, initial: Unavailable | None = None, fault: str = ""
    ) -> None:
        super().__init__(language, heading, fault=fault)
        self._initial = initial

    def body(self) -> Iterable[Widget]:
        """The fields."""
        names = (self.language.text(name) for name in words.WEEKDAY_NAMES.values())
        known = self._initial
        yield ChoiceList(names, marked=(known.weekday if known is not None else None) or 0, id="weekday")
        hours = f"{_clock(known.start)}-{_clock(known.end)}" if known is not None else ""
        yield from self.labelled(N_("Hours (08.00-10.00)"), line_input(hours, id="hours"))

    def answer(self) -> Unavailable:
        """The hours."""
        start, end = read_hours(self.query_one("#hours", Input).value)
        weekday = self.query_one("#weekday", ChoiceList).marked or 0
        return Unavailable(weekday=weekday, start=start, end=end)


def _typed(day: date | None) -> str:
    return typed_date(day) if day is not None else ""


def _clock(at: time | None) -> str:
    return f"{at:%H.%M}" if at is not None else ""
