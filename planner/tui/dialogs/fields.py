"""A few fields of one line each, in the order in which they are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual.widget import Widget
from textual.widgets import Input

from planner.locale import N_, Language
from planner.tui.dialogs.base import Dialog, line_input

#: What was filled in, by the field's id.
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its id, its label, what stands in it, and a quiet hint where nothing does."""

    id: str
    label: str
    text: str = ""
    hint: str = ""


class FieldsDialog(Dialog[Texts]):
    """What is filled in is given as it is; whoever asked reads it."""

    def __init__(
        self,
        language: Language,
        heading: str,
        fields: Sequence[Field],
        *,
        fault: str = "",
        go_on: str = N_("Save"),
    ) -> None:
        super().__init__(language, heading, fault=fault, go_on=go_on)
        self._fields = tuple(fields)

    def body(self) -> Iterable[Widget]:
        """The fields."""
        for field in self._fields:
            shown = line_input(field.text, id=field.id, hint=self.language.text(field.hint) if field.hint else "")
            yield from self.labelled(field.label, shown)

    def answer(self) -> Texts:
        """The texts without blanks around them."""
        return {field.id: self.query_one(f"#{field.id}", Input).value.strip() for field in self._fields}
