"""CPR numbers as files hold them: mended where Excel mangled them, judged by date only, shown masked.

Day, month and year stand first, and the seventh digit decides the century (domain of the CPR office). The check digit
is not computed at all: numbers without one have been given since 2007. A CPR number is an attribute by which a row
can find its citizen; it is never a key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from planner.domain.cpr import REPLACEMENT, has_date
from planner.exchange.cells import Unread
from planner.exchange.tables import BadCell, Cell
from planner.locale import N_
from planner.services.imported import Reason, because

_MARKS = re.compile(r"[\s\u00a0\u2010-\u2015'-]+")
_FLOAT = re.compile(r"(\d+)[.,]0*")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cpr:
    """Ten digits that can be a CPR number, and what was mended to get them."""

    number: str
    warnings: tuple[Reason, ...] = ()


def read_cpr(cell: Cell) -> Cpr:
    """The CPR number in a cell; raises Unread with a reason that does not repeat the number."""
    text = _text(cell)
    digits = _MARKS.sub("", text)
    warnings: list[Reason] = []
    if match := _FLOAT.fullmatch(digits):
        digits = match[1]
        warnings.append(because(N_("the CPR number was a decimal number and is mended")))
    if _ROUNDED.fullmatch(digits):
        raise Unread(because(N_("the CPR number is rounded by Excel and cannot be mended")))
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (9, 10):
        raise Unread(because(N_("the CPR number does not have ten digits")))
    if len(digits) == 9:
        digits = "0" + digits
        warnings.append(because(N_("the CPR number had lost its leading zero and is mended")))
    if int(digits) == 0:
        raise Unread(because(N_("the CPR number is all zeros")))
    if not has_date(digits):
        raise Unread(because(N_("the CPR number does not begin with a date")))
    if int(digits[:2]) > REPLACEMENT:
        warnings.append(because(N_("the CPR number is a replacement number (day + 60)")))
    return Cpr(digits, tuple(warnings))


def birth_year(digits: str) -> int:
    """The year of birth in ten digits, by the seventh digit and the two of the year."""
    seventh, year = int(digits[6]), int(digits[4:6])
    if seventh <= 3:
        return 1900 + year
    if seventh in (4, 9):
        return (2000 if year <= 36 else 1900) + year
    return (2000 if year <= 57 else 1800) + year


def _text(cell: Cell) -> str:
    if isinstance(cell, BadCell):
        raise Unread(cell.reason)
    number = isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 1e15
    if not number and not isinstance(cell, str):
        raise Unread(because(N_("the CPR number does not have ten digits")))
    return repr(cell) if isinstance(cell, float) else str(cell)
