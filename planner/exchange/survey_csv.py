"""Filled-in survey forms out of a CSV file, all of them or none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from planner.domain.follow_up import Scale
from planner.domain.text import folded
from planner.errors import Fault, InputError
from planner.evaluation.questions import Question
from planner.evaluation.surveys import SCALE
from planner.exchange.csv_in import read_csv
from planner.exchange.tables import BadCell, Cell, cell_text, is_blank
from planner.locale import CODES, N_, language
from planner.phrases import Phrase
from planner.plain import shown

_AGAIN = re.compile(r"(.+) \(\d+\)")
_MESSAGE = N_("The answers cannot be read; nothing was counted")


def scale_of(text: str) -> Scale | None:
    """The answer that is meant: its number from 0, its id, or its words in Danish or English."""
    return _KNOWN.get(folded(text).strip())


def read_forms(data: bytes, questions: Sequence[Question]) -> tuple[list[dict[str, Scale]], tuple[str, ...]]:
    """The forms in a CSV file, a row each, and the columns that hold no question.

    Columns are named by a question's id or words. Raises InputError with the faults of all rows.
    """
    table = read_csv(data)
    known = {folded(name): one.id for one in questions for name in (one.id, one.text.da, one.text.en)}
    columns = {place: known[folded(name)] for place, name in enumerate(table.header) if folded(name) in known}
    faults = [
        _fault(row.number, Phrase("a row that cannot be read"), Phrase("one cell a column")) for row in table.rejected
    ]
    # The table numbers a column that stands there again.
    twice = [found[1] for found in map(_AGAIN.fullmatch, table.header) if found and folded(found[1]) in known]
    faults += [
        _fault(1, Phrase("the question {name} more than once", name=shown(name)), Phrase("each question once"))
        for name in (*twice, *(name for name, count in Counter(columns.values()).items() if count > 1))
    ]
    if not columns:
        names = ", ".join(one.id for one in questions)
        faults.append(_fault(1, Phrase("no question"), Phrase("one of {values}", values=names)))
    forms = []
    for row in table.rows:
        form: dict[str, Scale] = {}
        for place, name in columns.items():
            cell = row.cells[place]
            answer = None if isinstance(cell, BadCell) else scale_of(cell_text(cell))
            if answer is not None:
                form[name] = answer
            elif not is_blank(cell):
                faults.append(_fault(row.number, _found(cell), answers_allowed(), name))
        if form:
            forms.append(form)
    if not faults and not forms:
        faults.append(_fault(2, Phrase("nothing"), answers_allowed()))
    if faults:
        raise InputError(_MESSAGE, sorted(faults, key=lambda fault: int(fault.path.partition(":")[0])))
    return forms, tuple(name for place, name in enumerate(table.header) if place not in columns)


def answers_allowed() -> Phrase:
    """What can be answered, in words."""
    words = {one.value: Phrase(SCALE[one]) for one in Scale}
    return Phrase("0 ({dont_know}), 1 ({little}), 2 ({some}) or 3 ({high})", **words)


def _found(cell: Cell) -> str:
    return shown(cell_text(cell))


def _fault(row: int, found: str, allowed: str, column: str = "") -> Fault:
    return Fault(f"{row}:{column}" if column else str(row), found, allowed)


def _words() -> Mapping[str, Scale]:
    words: dict[str, Scale] = {}
    for number, one in enumerate(Scale):
        spoken = (language(code).text(SCALE[one]) for code in CODES)
        words |= {folded(word): one for word in (str(number), one.value, *spoken)}
    return words


_KNOWN = _words()
