"""Stores of any size with years of history, the same for the same seed: `python -m tests.benchmarks.stores PATH`.

Each conversation has its row in the journal, as it would have been recorded day by day. Without a passphrase file the
store says of itself that it is a demo, which opens without a key.
"""

from __future__ import annotations

import argparse
import atexit
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from shutil import copyfile
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection

from planner.bootstrap import open_desk
from planner.cli.secrets import secret_file
from planner.domain.calendar import OfficeCalendar
from planner.domain.caseload import Caseload, Caseworker
from planner.domain.citizens import Citizen
from planner.domain.conversations import Channel, Conversation, Status
from planner.services.clock import DANISH_TIME, SystemClock
from planner.services.memory import uncollected
from planner.services.messages import kept
from planner.services.ports import Change, Office
from planner.store import mapping, sqlite, tables, vault
from planner.store.chain import GENESIS, canonical, packed, row_hash
from planner.store.engine import make_engine, make_store, open_store
from planner.store.images import image_of
from planner.store.keys import unlocking
from planner.store.keys.slots import Kind
from planner.store.sqlite import StoreFile
from planner.store.unit import OFFICE_KEY
from tests.instances import TODAY, caseload

#: Conversations of a citizen in a year: a million for 10,000 citizens in ten years.
A_YEAR = 10
_BATCH = 20_000
#: Kilobytes of pages in memory: keys are in no order, and each would wait for its page of the index.
_CACHE = 400_000
_GIVEN = (
    *("Åse", "Bjørn", "Ærta", "Søren", "Øjvind", "Maja", "Knud-Åge", "Zeynep", "Pål", "Grethe", "Ömer", "Lærke"),
    *("Jørgen", "Ida", "Mælk", "Håkon", "Inger-Lise", "Tøger", "Amira", "Frøydis", "Vagn", "Ditte", "Åge", "Rønja"),
)
# Nobody bears these, so that nobody is taken for a real person.
_FAMILY = (
    *("Prøvesen", "Testrup", "Eksempelgaard", "Påfund", "Øvelund", "Demosen", "Attrapsen", "Skinberg", "Opdigt"),
    *("Fantasøe", "Ærligtalt", "Kulisseby", "Mønsterdal", "Låneholm", "Fiktoft", "Skabelonsen", "Tænktsen"),
)
#: Finds anybody of these on a screen.
SURNAMES = "|".join(_FAMILY)
#: Where stores stay from one run to the next; a folder that goes at the end where none is named.
FOLDER_VARIABLE = "PLANNER_BENCHMARK_STORES"
_HELD = (Status.HELD, "held")
#: What becomes of conversations, as often as it stands here.
_ENDS = (*[_HELD] * 17, (Status.NO_SHOW, "no_show"), (Status.CANCELLED_BY_CITIZEN, "cancelled_by_citizen"))
_CHANNELS = (*[Channel.PHONE] * 5, *[Channel.DIGITAL] * 2, *[Channel.IN_PERSON] * 3)
_HOURS = (time(9), time(10), time(13), time(14))
_WEEKS_AHEAD = 4
Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How many citizens, how many years of history, and the seed that everything follows from."""

    citizens: int
    years: int = 10
    seed: int = 1

    @property
    def conversations(self) -> int:
        """How many lie behind."""
        return self.citizens * self.years * A_YEAR


def make(path: Path, size: Size, passphrase: str | None = None) -> None:
    """Make a store of that size where there is none, encrypted where a passphrase is given; raises StoreError."""
    file, clock = StoreFile(path), SystemClock(TODAY)
    if passphrase is None:
        make_store(file)
        sqlite.mark_demo(path)
    else:
        prepared = vault.prepare(passphrase, TODAY)
        vault.init(path, prepared)
        file = StoreFile(path, prepared.key)
    engine = make_engine(file, foreign_keys=False).execution_options(write=True)
    with uncollected(), engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE}")
        connection.rollback()
        with connection.begin():
            _fill(_Writer(connection, Random(size.seed)), size)
    store = open_store(path, clock, 0.0, file.key)
    try:
        store.back_up_if_due()
    finally:
        store.close()


@cache
def standing(citizens: int, passphrase: str | None = None) -> Path:
    """A copy of the store of ten years for whoever measures, with its plan made as it is when one comes back to it."""
    named = os.environ.get(FOLDER_VARIABLE)
    made = (Path(named) if named else _folder()) / f"{citizens}.db"
    if passphrase is None and not made.exists():
        make(made, Size(citizens))
    copied = _folder() / f"{citizens}{'-encrypted' if passphrase else ''}" / "planner.db"
    copied.parent.mkdir()
    key = None
    if passphrase is None:
        copyfile(made, copied)
    else:
        make(copied, Size(citizens), passphrase)
        key = unlocking.unlock(copied, Kind.PASSPHRASE, passphrase)
    with open_desk(copied, TODAY, key=key) as desk:
        desk.today()
    return copied


@cache
def _folder() -> Path:
    folder = TemporaryDirectory(prefix="planner-benchmarks-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _fill(writer: _Writer, size: Size) -> None:
    invented = caseload(size.seed, size.citizens)
    first = datetime.combine(TODAY - timedelta(days=365 * size.years + 1), time(8))
    people = [_named(citizen, number) for number, citizen in enumerate(invented.citizens)]
    keys = [writer.key() for _ in people]
    made = [*_office(invented, writer)]
    for key, citizen in zip(keys, people, strict=True):
        made += _person(writer, key, citizen)
    writer.act(first, "load", None, {"new": len(people), "changed": 0}, made)
    for talk, key in _history(writer.chance, keys, size):
        _talked(writer, key, talk)
    for talk, key in zip(_ahead(invented), writer.chance.sample(keys, len(keys) // 5), strict=False):
        _talked(writer, key, talk)
    writer.flush()


def _named(citizen: Citizen, number: int) -> Citizen:
    given, family, birth = _GIVEN[number % 24], _FAMILY[number % 17], _FAMILY[number // 24 % 17]
    return replace(citizen, name=f"{given} {birth} {family}")


def _office(invented: Caseload, writer: _Writer) -> Iterator[tuple[Table, Image]]:
    office = Office(invented.municipality, invented.caseworker, invented.closing_days, invented.settings)
    yield tables.office, {"key": OFFICE_KEY, "data": mapping.office_data(office)}
    for adoption in invented.adoptions:
        yield tables.adoptions, {"key": writer.key(), **mapping.adoption_row(adoption)}


def _person(writer: _Writer, key: str, citizen: Citizen) -> Iterator[tuple[Table, Image]]:
    yield tables.citizens, {"key": key, "external_id": citizen.id, "cpr": None, **mapping.citizen_row(citizen)}
    for fact in citizen.facts:
        yield tables.facts, {"key": writer.key(), "citizen": key, **mapping.fact_row(fact)}
    for stretch in citizen.unavailable:
        yield tables.unavailable, {"key": writer.key(), "citizen": key, **mapping.unavailable_row(stretch)}


def _history(chance: Random, keys: list[str], size: Size) -> Iterator[tuple[Conversation, str]]:
    """Conversations day by day: everybody has the next one before anybody has another."""
    office = OfficeCalendar()
    span = (TODAY - timedelta(days=days) for days in range(365 * size.years, 0, -1))
    days = [day for day in span if office.last_working_day(day) == day]
    turn: list[str] = []
    for number in range(size.conversations):
        if not turn:
            turn = chance.sample(keys, len(keys))
        status, _ = chance.choice(_ENDS)
        on = days[number * len(days) // size.conversations]
        start = time(chance.randrange(8, 16), chance.choice((0, 15, 30, 45)))
        filed = on if status is Status.HELD and chance.random() < 0.9 else None
        talk = Conversation(on, start, 30, chance.choice(_CHANNELS), status=status, filed_on=filed)
        yield talk, turn.pop()


def _ahead(invented: Caseload) -> Iterator[Conversation]:
    """What is booked in the next weeks, at hours that are free."""
    for days in range(1, 7 * _WEEKS_AHEAD):
        on = TODAY + timedelta(days=days)
        for start in _HOURS:
            if invented.office.last_working_day(on) == on and _is_free(invented.caseworker, on, start):
                yield Conversation(on, start, 30, Channel.PHONE)


def _is_free(worker: Caseworker, on: date, start: time) -> bool:
    begins = datetime.combine(on, start)
    around = begins - timedelta(minutes=30), begins + timedelta(minutes=60)
    return not any(one.start < around[1] and around[0] < one.end for one in worker.busy) and not any(
        one.first <= on <= one.last for one in worker.absent
    )


def _talked(writer: _Writer, citizen: str, talk: Conversation) -> None:
    key, verb = writer.key(), next((verb for status, verb in _ENDS if status is talk.status), "accept")
    made: list[tuple[Table, Image]] = [
        (tables.conversations, {"key": key, "citizen": citizen, **mapping.conversation_row(talk)})
    ]
    if talk.filed_on is not None:
        made.append((tables.filings, {"key": key, "citizen": citizen, "filed_on": talk.filed_on}))
    detail: Image = {"on": talk.on, "channel": talk.channel, "minutes": talk.minutes, "start": talk.start}
    moment = datetime.combine(min(talk.on, TODAY), talk.start)
    writer.act(moment, verb, citizen, kept(detail), made)


@dataclass(slots=True)
class _Writer:
    """Writes what is new, each act with its row of the journal, many at a time."""

    connection: Connection
    chance: Random
    seq: int = 0
    last: str = GENESIS
    waiting: dict[Table, list[Image]] = field(default_factory=dict)

    def key(self) -> str:
        """An opaque key, of those that the seed leads to."""
        return f"{self.chance.getrandbits(128):032x}"

    def act(
        self, at: datetime, verb: str, citizen: str | None, detail: Image, made: Iterable[tuple[Table, Image]]
    ) -> None:
        """Add rows, and the journal's for them."""
        self.seq += 1
        changes = []
        for table, row in made:
            row["version"] = self.seq
            self.waiting.setdefault(table, []).append(row)
            changes.append(Change(table.name, row["key"], None, image_of(table, row)))
        entry: Image = {
            "seq": self.seq,
            "at_local": at,
            "at_utc": at.replace(tzinfo=DANISH_TIME).astimezone(UTC).replace(tzinfo=None),
            "verb": verb,
            "citizen": citizen,
            "detail": canonical(detail),
            "changes": packed(changes),
            "target": None,
            "salt": self.key(),
            "detail_digest": None,
            "changes_digest": None,
            "prev_hash": self.last,
        }
        entry["hash"] = self.last = row_hash(entry)
        self.waiting.setdefault(tables.journal, []).append(entry)
        if self.seq % _BATCH == 0:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        for table, rows in self.waiting.items():
            self.connection.execute(insert(table), rows)
        self.waiting.clear()


def main(arguments: list[str]) -> int:
    """Make a store."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.stores")
    parser.add_argument("path", type=Path, help="a file that is not there yet")
    parser.add_argument("--citizens", type=int, default=150)
    parser.add_argument("--years", type=int, default=10, help=f"of history, {A_YEAR} conversations a citizen each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--passphrase-file", help="encrypt the store with the passphrase in it")
    options = parser.parse_args(arguments)
    size, begun = Size(options.citizens, options.years, options.seed), perf_counter()
    make(options.path, size, secret_file(options.passphrase_file) if options.passphrase_file else None)
    took, megabytes = perf_counter() - begun, options.path.stat().st_size / 1_000_000
    sys.stdout.write(
        f"{options.path}: {size.conversations} conversations, {megabytes:.0f} MB, in {took:.1f} s\n"
        f"Open it with: planner --store {options.path} --today {TODAY}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
