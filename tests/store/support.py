"""A store on a real file, a clock that stands still, and citizens to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import Channel, Conversation, Status
from planner.services.clock import DANISH_TIME
from planner.store.engine import SqlStore, open_store

MONDAY = date(2026, 11, 23)


@dataclass
class FixedClock:
    """A clock that shows what it is set to."""

    moment: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=DANISH_TIME)

    def today(self) -> date:
        """The date shown."""
        return self.moment.date()

    def now(self) -> datetime:
        """The time shown."""
        return self.moment


@contextmanager
def opened(path: Path, wait: float = 0.0, key: bytes | None = None) -> Iterator[SqlStore]:
    """The store, closed afterwards."""
    store = open_store(path, FixedClock(), wait, key)
    try:
        yield store
    finally:
        store.close()


def aase(citizen_id: str = "c-1") -> Citizen:
    """A citizen with something in every field."""
    return Citizen(
        id=citizen_id,
        name="Åse Ærlig-Ødegård",
        target_group=TargetGroup.INTEGRATION,
        spell_start=date(2026, 9, 1),
        unemployment_start=date(2026, 8, 1),
        cadence=Cadence.LIGHT,
        channels=(Channel.PHONE, Channel.IN_PERSON),
        handover_on=date(2026, 12, 1),
        exemption=Exemption(date(2026, 10, 1), date(2027, 1, 1), "finder selv arbejde"),
        preferred_channel=Channel.PHONE,
        interpreter="arabisk",
        closed_on=date(2026, 8, 15),
        unavailable=(
            Unavailable(weekday=2, start=time(9), end=time(12)),
            Unavailable(first=date(2026, 12, 1), last=date(2026, 12, 8)),
        ),
        facts=(Fact(FactKind.TREATMENT, date(2026, 11, 1), date(2026, 12, 1), True, date(2026, 10, 1)),),
        conversations=(
            Conversation(
                date(2026, 10, 5),
                time(9),
                45,
                Channel.IN_PERSON,
                status=Status.HELD,
                agenda=("cv", "plan"),
                filed_on=date(2026, 10, 6),
            ),
            Conversation(date(2026, 12, 10), time(10, 15), 30, Channel.PHONE, locked=False, self_booked=True),
        ),
    )
