"""A desk on a real store, a clock that stands still, and a few citizens of an invented office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Adoption, Caseload, Caseworker, Hours
from planner.domain.citizens import Citizen, TargetGroup
from planner.domain.conversations import Channel, Conversation, Status
from planner.exchange.rule_files import load_rules
from planner.services.clock import DANISH_TIME
from planner.services.desk import Desk
from planner.store.engine import open_store

#: A Monday under the law of 2026.
MONDAY = date(2026, 11, 23)


@dataclass
class FixedClock:
    """A clock that shows what it is set to."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 8, 15, tzinfo=DANISH_TIME))

    def today(self) -> date:
        """The date shown."""
        return self.moment.date()

    def now(self) -> datetime:
        """The time shown."""
        return self.moment


@contextmanager
def desk_on(
    folder: Path, caseload: Caseload | None = None, clock: FixedClock | None = None, *, trial: bool = False
) -> Iterator[Desk]:
    """A desk on the store in `folder`, with the caseload loaded when one is given."""
    hands = clock or FixedClock()
    store = open_store(folder / "s.db", hands, 0.0)
    with Desk(store, load_rules(), hands, plan_form(), templates(), trial=trial) as desk:
        if caseload is not None:
            desk.load_caseload(caseload)
        yield desk


def office(*citizens: Citizen, adoptions: tuple[Adoption, ...] = ()) -> Caseload:
    """A caseload in an office that is open on weekdays from 8 to 16, in person every day."""
    hours = tuple(Hours(day, time(8), time(16)) for day in range(5))
    return Caseload(
        today=MONDAY,
        municipality="Prøveby",
        citizens=citizens,
        adoptions=adoptions,
        caseworker=Caseworker(working_hours=hours),
    )


def days(count: int) -> date:
    """So many days from today."""
    return MONDAY + timedelta(days=count)


def talk(
    on: int, status: Status = Status.BOOKED, start: time = time(9), channel: Channel = Channel.PHONE
) -> Conversation:
    """A conversation of half an hour, `on` in days from today."""
    return Conversation(days(on), start, 30, channel, status=status)


def job_ready(name: str = "Åse Prøvesen", number: int = 1, spell: int = -110, **fields: object) -> Citizen:
    """A job-ready citizen (6.2); the law of 2026 wants four conversations in her first six months."""
    return Citizen(f"p-{number}", name, TargetGroup.JOB_READY, days(spell), **fields)  # type: ignore[arg-type]


def state(desk: Desk) -> object:
    """Everything that a verb can change, without what the journal says of it."""
    citizens = desk.caseload().citizens
    notes = {citizen.id: desk.notes(citizen.id) for citizen in citizens}
    postponed = {citizen.id: desk.postponements(citizen.id) for citizen in citizens}
    return desk.office(), desk.caseload().adoptions, citizens, notes, postponed
