"""The list of choices of a dialog: the letters that move about elsewhere move here too."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class ChoiceList(OptionList):
    """Besides arrows, home, end and pages, `j`, `k`, `g` and `G`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]

    def __init__(self, *options: Option, id: str) -> None:  # noqa: A002
        super().__init__(*options, id=id, markup=False, compact=True)
