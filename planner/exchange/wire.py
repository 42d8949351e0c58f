"""The pieces that both exchange files are built of: ids, texts, dates and times as they stand in JSON."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from planner.domain.calendar import LAST_DAY
from planner.domain.periods import PERIOD_PATTERN

_YEAR = "(19[0-9]{2}|2[01][0-9]{2})"
_DATE = f"({_YEAR}-[0-9]{{2}}-[0-9]{{2}}|{LAST_DAY.year}-[0-9]{{2}}-[0-9]{{2}})"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"

Day = Annotated[date, Meta(extra_json_schema={"pattern": f"^{_DATE}$"})]
Clock = Annotated[str, Meta(pattern=f"^{_TIME}$", description="a time HH:MM")]
#: The end of a stretch may be midnight.
EndClock = Annotated[str, Meta(pattern=f"^({_TIME}|24:00)$", description="a time HH:MM")]
Moment = Annotated[str, Meta(pattern=f"^{_DATE}T{_TIME}$", description="a date and time YYYY-MM-DDTHH:MM")]
DayOrClock = Annotated[
    str,
    Meta(
        pattern=f"^({_DATE}|{_TIME})$",
        description="a date YYYY-MM-DD, or with weekday a time HH:MM",
    ),
]
PeriodText = Annotated[str, Meta(pattern=PERIOD_PATTERN, description="an ISO 8601 period such as P2W or P1D")]


class Weekday(StrEnum):
    """The days on which an office can be open."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"


class TalkingChannel(StrEnum):
    """The channels in which a conversation can be proposed."""

    PHONE = "phone"
    DIGITAL = "digital"
    IN_PERSON = "in_person"


class Wire(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every object in an exchange file: frozen, and no key that is not declared."""


def clock(minutes: int) -> str:
    """Minutes from midnight as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(text: str) -> int:
    """HH:MM as minutes from midnight."""
    return int(text[:2]) * 60 + int(text[3:])


def time_of(text: str) -> time:
    """HH:MM as a time of the day."""
    return time(int(text[:2]), int(text[3:]))


def day_of(text: str) -> date | None:
    """YYYY-MM-DD as a date; None where the text is no day of the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
