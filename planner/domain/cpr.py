"""How a CPR number looks: the one definition by which it is known, masked and refused as an id."""

from __future__ import annotations

import re

#: Six digits, perhaps one or two marks, four digits; no further digit on either side.
PATTERN = re.compile(r"(?<![0-9])([0-9]{6})[-.\s\u2010-\u2014]{0,2}([0-9]{4})(?![0-9])")
#: What is added to the day in a replacement number.
REPLACEMENT = 60
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def has_date(digits: str) -> bool:
    """Whether ten digits begin with a date, as day + 60 too; 29 February is taken in any year."""
    day, month = int(digits[:2]), int(digits[2:4])
    if day > REPLACEMENT:
        day -= REPLACEMENT
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def looks_like_cpr(text: str) -> bool:
    """Whether a CPR number stands in the text: digits of its form that begin with a date."""
    return any(has_date(match[1] + match[2]) for match in PATTERN.finditer(text))
