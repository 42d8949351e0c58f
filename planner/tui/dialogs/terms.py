"""The terms of an adoption: its period, its authority, and each parameter with its bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from planner.domain.text import visible
from planner.errors import PlannerError, Refused
from planner.locale import N_, Language
from planner.rules.format import Experiment, Parameter
from planner.services.entry import read_date
from planner.services.messages import told
from planner.services.parameter_words import bounds_words, overrides, read_value, value_words
from planner.tui.dialogs.base import Dialog, line_input
from planner.tui.dialogs.postpone import typed_date

T = TypeVar("T")
#: Lines of the dialog around its fields, letters in a line of a refusal, and lines that the fields have at least.
_AROUND, _LINE, _FEWEST = 9, 60, 4


@dataclass(frozen=True, slots=True)
class Terms:
    """From when, until when (None: until further notice), on what authority, and which parameters are set otherwise."""

    first: date
    last: date | None
    authority: str
    parameters: Mapping[str, object]


class _Fault(Static):
    """What is wrong with the field above it."""


class TermsDialog(Dialog[Terms]):
    """A field a line, with what it may be beside it and what is wrong below it.

    `supposed`: only the parameters are asked for, since nothing is adopted.
    """

    def __init__(
        self,
        language: Language,
        heading: str,
        experiment: Experiment,
        today: date,
        terms: Terms,
        *,
        supposed: bool = False,
        fault: str = "",
        go_on: str = N_("Adopt"),
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=go_on)
        self._experiment = experiment
        self._today = today
        self._terms = terms
        self._supposed = supposed
        self._wrong: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        """The fields."""
        text, terms = self.language.text, self._terms
        with VerticalScroll(id="terms", can_focus=False):
            if not self._supposed:
                last = typed_date(terms.last) if terms.last is not None else ""
                yield from self._field("from", text("From"), typed_date(terms.first), text("24-11-2026 or +2w"))
                yield from self._field("to", text("To, the last day"), last, text("may be empty"))
                yield from self._field("authority", text("Authority"), terms.authority, "", wide=True)
            for name, parameter in self._experiment.parameters.items():
                value = terms.parameters.get(name, parameter.default)
                shown = value_words(value, self.language) if isinstance(value, str | int) else ""
                title = self.language.title(parameter.title)
                yield from self._field(f"p-{name}", title, shown, bounds_words(parameter, self.language))

    def on_resize(self) -> None:
        """Let the fields scroll before they push the buttons off the screen."""
        below = len(self._first_fault) // _LINE + _AROUND
        self.query_one("#terms").styles.max_height = max(self.size.height - below, _FEWEST)

    def _field(self, key: str, label: str, value: str, hint: str, *, wide: bool = False) -> Iterable[Widget]:
        with Horizontal(classes="term"):
            yield Static(Content(visible(label)), classes="term-label")
            field = line_input(value, id=key, replaced=not wide)
            field.set_class(wide, "-wide-term")
            yield field
            if not wide:
                yield Static(Content(visible(hint)), classes="term-hint")
        fault = _Fault("", id=f"{key}-fault", classes="term-fault", markup=False)
        fault.display = False
        yield fault

    def answer(self) -> Terms:
        """The terms; marks every field that is wrong, and goes to the first."""
        self._wrong = {}
        first = self._read("from", lambda text: read_date(text, self._today)) if not self._supposed else None
        last = self._read("to", lambda text: self._last(text, first)) if not self._supposed else None
        authority = self._read("authority", self._authority) if not self._supposed else None
        values: dict[str, str | int] = {}
        for name, parameter in self._experiment.parameters.items():
            value = self._read(f"p-{name}", partial(self._value, parameter))
            if value is not None:
                values[name] = value
        self._mark()
        if self._wrong:
            self.query_one(f"#{next(iter(self._wrong))}").focus()
            raise Refused(N_("Something is wrong: see below the fields"))
        return Terms(first or self._today, last, authority or "", overrides(self._experiment, values))

    def _last(self, text: str, first: date | None) -> date | None:
        if not text:
            return None
        last = read_date(text, self._today)
        if first is not None and last < first:
            raise Refused(N_("The last day must not be before the first day {first}"), first=first)
        return last

    def _value(self, parameter: Parameter, text: str) -> str | int:
        return read_value(parameter, text, self.language) if text else parameter.default

    @staticmethod
    def _authority(text: str) -> str:
        if not text:
            raise Refused(N_("Write on what legal basis it is in force here: it is mandatory"))
        return text

    def _read(self, key: str, read: Callable[[str], T]) -> T | None:
        try:
            return read(self.query_one(f"#{key}", Input).value.strip())
        except PlannerError as error:
            self._wrong[key] = told(self.language, error.message, error.values)
            return None

    def _mark(self) -> None:
        for fault in self.query(_Fault):
            sentence = self._wrong.get((fault.id or "").removesuffix("-fault"), "")
            fault.update(Content(visible(sentence)))
            fault.display = bool(sentence)
