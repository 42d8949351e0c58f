"""The two languages of the faces: messages from gettext catalogues, and dates, times and numbers as they are written.

Messages in the code are English. `Language.text` gives them in the user's language; `N_` marks one (`NN_` a counted
one) that is translated elsewhere. No process-wide locale is read or set, so a library cannot change what the user sees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol, runtime_checkable

from planner.catalogue import CODES as CODES
from planner.catalogue import DEFAULT as DEFAULT
from planner.catalogue import N_ as N_
from planner.catalogue import NN_ as NN_
from planner.catalogue import Catalogue, catalogue
from planner.symbols import ASCII, UNICODE, in_ascii


@runtime_checkable
class Titled(Protocol):
    """Anything that has a name in both languages: a plan's title, a text of a rule file."""

    @property
    def da(self) -> str:
        """The Danish text."""

    @property
    def en(self) -> str:
        """The English text."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language writes days, times and numbers. Patterns are `str.format` texts."""

    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    short_day: str
    long_day: str
    spoken_day: str
    week: str
    time_mark: str
    decimal_mark: str
    thousands_mark: str
    last_joint: str


_DANISH = Writing(
    weekdays=("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    short_weekdays=("ma", "ti", "on", "to", "fr", "lø", "sø"),
    months=(
        *("januar", "februar", "marts", "april", "maj", "juni"),
        *("juli", "august", "september", "oktober", "november", "december"),
    ),
    date="{day:02}-{number:02}-{year:04}",
    short_day="{short_weekday} {day:02}-{number:02}",
    long_day="{weekday} den {day}. {month} {year}",
    spoken_day="{weekday} den {day}. {month}",
    week="uge {week}, {year}",
    time_mark=".",
    decimal_mark=",",
    thousands_mark=".",
    last_joint=" og ",
)
_ENGLISH = Writing(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    short_weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    date="{day} {month:.3} {year}",
    short_day="{short_weekday} {day} {month:.3}",
    long_day="{weekday} {day} {month} {year}",
    spoken_day="{weekday} {day} {month}",
    week="week {week}, {year}",
    time_mark=":",
    decimal_mark=".",
    thousands_mark=",",
    last_joint=" and ",
)


class Language:
    """One language of the faces; get it with `language("da")` or `language("en")`."""

    def __init__(self, code: str, messages: Catalogue, writing: Writing, symbols: str = UNICODE) -> None:
        self.code = code
        self.writing = writing
        self.symbols = symbols
        self._messages = messages

    def text(self, msgid: str, **values: object) -> str:
        """The message in this language with its named fields filled; dates are written as the language does."""
        found = self.drawn(self._messages.text(msgid))
        return found.format(**self._shown(values)) if values else found

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The message for `n` of something; `{n}` is a field of it."""
        return self.counted(one, many, n).format(n=n, **self._shown(values))

    def counted(self, one: str, many: str, n: int) -> str:
        """The form of a counted message for `n`, its fields not filled."""
        return self.drawn(self._messages.counted(one, many, n))

    def drawn(self, text: str) -> str:
        """A text of the program's own, not of the data, with the signs that the user's terminal has."""
        return in_ascii(text) if self.symbols == ASCII else text

    def date(self, day: dt.date) -> str:
        """21-11-2026, or 21 Nov 2026."""
        return self._day(self.writing.date, day)

    def short_day(self, day: dt.date) -> str:
        """The weekday and date without the year: "ti 24-11", "Tue 24 Nov"."""
        return self._day(self.writing.short_day, day)

    @property
    def aloud(self) -> bool:
        """Whether lines are written to be heard."""
        return self.writing.short_day == self.writing.spoken_day

    def day_and_month(self, day: dt.date) -> str:
        """The date without weekday and year: "24-11", "24 Nov"."""
        return self.short_day(day).partition(" ")[2]

    def long_day(self, day: dt.date) -> str:
        """The date as it is read aloud: "tirsdag den 24. november 2026", "Tuesday 24 November 2026"."""
        return self._day(self.writing.long_day, day)

    def week(self, year: int, week: int) -> str:
        """An ISO week with its ISO year: "uge 53, 2026"."""
        return self.writing.week.format(week=week, year=year)

    def time(self, minutes: int) -> str:
        """A time of day from minutes since midnight: "10.30", "10:30"."""
        hours, rest = divmod(minutes, 60)
        return f"{hours:02}{self.writing.time_mark}{rest:02}"

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with the language's marks: "1.234,5", "1,234.5"."""
        marks = {",": self.writing.thousands_mark, ".": self.writing.decimal_mark}
        return "".join(marks.get(char, char) for char in f"{value:,.{decimals}f}")

    def joined(self, items: Sequence[str]) -> str:
        """The items in a row: "a, b og c"."""
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + self.writing.last_joint + items[-1]

    def title(self, title: Titled) -> str:
        """The text of something that is named in both languages."""
        return self.drawn(title.da if self.code == "da" else title.en)

    def _day(self, pattern: str, day: dt.date) -> str:
        return pattern.format(
            day=day.day,
            number=day.month,
            year=day.year,
            month=self.writing.months[day.month - 1],
            weekday=self.writing.weekdays[day.weekday()],
            short_weekday=self.writing.short_weekdays[day.weekday()],
        )

    def _shown(self, values: dict[str, object]) -> dict[str, object]:
        return {name: self.date(value) if isinstance(value, dt.date) else value for name, value in values.items()}


@cache
def language(code: str, symbols: str = UNICODE, *, aloud: bool = False) -> Language:
    """The language with that code, drawn with `unicode` or `ascii` signs; raises ValueError for an unknown code.

    `aloud` is for lines that are read out: no weekday is shortened, since "to" and "ti" are heard as two and ten.
    """
    if code not in CODES:
        raise ValueError(f"no such language: {code!r}")
    writing = _DANISH if code == "da" else _ENGLISH
    if aloud:
        writing = replace(writing, short_day=writing.spoken_day)
    return Language(code, _messages(code), writing, symbols)


@cache
def _messages(code: str) -> Catalogue:
    return catalogue(code)
