"""Stores of every shape that was ever released, as SQL that can be read: the same invented office in each.

`python -m tests.store.released` writes the one of the present shape, from the office as the program makes it now.
What the program has learned to keep since is added to `office`, so that no table of the newest shape is empty.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.json import encode

from planner.domain.caseload import Adoption, Busy, Caseworker, Contact, Hours, SharedCalendar, SharedKind
from planner.domain.citizens import Citizen, Fact, FactKind, TargetGroup
from planner.domain.conversations import Channel, Conversation, Counterpart, Offer, OfferedTime, Status
from planner.domain.follow_up import Finding, FormText, SupervisedCase, Supervision, SurveyRound
from planner.services.ports import Access, AccessKind, Draft, Glance, KeptPlan, Office, Postponement
from planner.store import chain, looks, migrate, sqlite, unit
from planner.store.engine import SqlStore, open_store
from planner.store.sqlite import StoreFile
from planner.store.unit import SqlUnit
from tests.store.support import FixedClock, aase

FOLDER = Path(__file__).parent
#: Every shape that was released, oldest first.
SHAPES = tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))
#: The first shape that knows offers of times, and notes in the case system.
_OFFERS = "0003"
#: The first that knows when a case was closed, who looked, and who was erased.
_LOOKS = "0006"
_VERSION = "alembic_version"
#: The columns of each table, and its rows.
Content = dict[str, tuple[tuple[str, ...], set[tuple[object, ...]]]]


def put(shape: str, file: StoreFile) -> None:
    """Make the store of that shape in a file that must not exist."""
    assert not file.path.exists()
    file.path.touch()
    with closing(sqlite.connect(file, foreign_keys=False)) as connection:
        connection.executescript((FOLDER / f"{shape}.sql").read_text(encoding="utf-8"))
        sqlite.set_journal_mode(connection)


def content(file: StoreFile) -> Content:
    """The columns of each table and its rows, but for the revision."""
    with closing(sqlite.connect(file)) as connection:
        names = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = {name: connection.execute(f'SELECT * FROM "{name}"') for name in names - {_VERSION}}
        return {name: (tuple(c[0] for c in rows.description), set(rows)) for name, rows in found.items()}


def digests(content: Content, like: Content) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a hash of them, over the columns that `like` has too."""
    found = {}
    for name in content.keys() & like.keys():
        columns, rows = content[name]
        shared = [at for column in sorted(like[name][0]) for at, own in enumerate(columns) if own == column]
        lines = sorted(repr([row[at] for at in shared]) for row in rows)
        found[name] = len(lines), sha256("\n".join(lines).encode()).hexdigest()
    return found


def known_to(shape: str, citizen: Citizen) -> Citizen:
    """The citizen without what that shape had no room for."""
    if shape < _LOOKS:
        citizen = replace(citizen, closed_on=None)
    if shape >= _OFFERS:
        return citizen
    return replace(citizen, offer=None, conversations=tuple(replace(c, filed_on=None) for c in citizen.conversations))


# -- the office


def office(path: Path) -> None:
    """A few weeks of an invented office, with something in every table, in a store that is not encrypted."""
    clock = FixedClock()
    with _repeatable(), closing(open_store(path, clock, 0.0)) as store:

        def do(verb: str, who: str | None, act: Callable[[SqlUnit], object], target: int | None = None) -> None:
            clock.moment += timedelta(minutes=7)
            with store.write() as own:
                key = None if who is None else own.key_of(who)
                act(own)
                own.record(verb, key, {}, target)

        _erase(store, do)
        _load(do)
        _decide(store, do)
        with store.read() as view:
            store.log_access(Access(AccessKind.VIEW, "citizen", view.key_of("c-1")))
        store.log_access(Access(AccessKind.SEARCH, "search", count=2))
        with store.read() as view:
            state = view.head_hash()
        kept = b'{"schema": "planner-plan/1"}'
        store.keep_plan(KeptPlan("e" * 64, kept, kept), state)
        store.keep_glance(Glance("list", state, "f" * 64, "Åse Prøvesen".encode()))
        store.keep_draft(encode(Draft("note", "c-2", {"note": "Ikke gemt endnu: ring til læ"})))


_Do = Callable[..., None]


def _erase(store: SqlStore, do: _Do) -> None:
    """Somebody who is gone, before all else, since nothing from before an erasure is undone."""
    with _repeatable(1001):  # the keys of all others stay those of the older shapes
        do("load", None, lambda own: own.save_cpr(own.add_citizen(replace(aase("c-0"), name="Gone")), "000000-0001"))
    do("erase", None, lambda own: own.erase(own.key_of("c-0") or ""))
    store.clean()


def _load(do: _Do) -> None:
    def citizens(own: SqlUnit) -> None:
        own.add_citizen(replace(aase(), conversations=tuple(replace(c, filed_on=None) for c in aase().conversations)))
        own.save_cpr(own.add_citizen(_bo()), "000000-0000")
        own.add_citizen(Citizen("c-3", "=SUM(1) [b]Ærø", TargetGroup.YOUNG, date(2026, 11, 2)))
        own.add_citizen(Citizen("", "Uden Sagsnummer", TargetGroup.SICKNESS, date(2026, 10, 5)))

    hours = tuple(Hours(day, time(8), time(15)) for day in range(5))
    busy = (Busy(datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 10), "Møde"),)  # noqa: DTZ001
    ours = Office(
        "Prøveby",
        Caseworker(hours, (Hours(0, time(12), time(12, 30)),), (1, 3), 8, 15, busy),
        (date(2026, 12, 24),),
        shared_calendars=(SharedCalendar(SharedKind.ROOM, "1.07"),),
        contact=Contact("Mette Prøvesen", "12 34 56 78", "Prøvegade 1"),
    )
    terms = Adoption("flexible-contact-insured", date(2027, 1, 1), None, "Byrådet, den 1. december", {"light": "P8W"})
    do("import", None, citizens)
    do("office", None, lambda own: own.save_office(ours))
    do("adopt", None, lambda own: own.save_adoption(terms))
    do("mapping", None, lambda own: own.save_mapping("a" * 64, {"columns": {"id": "Sagsnr", "name": "Navn"}}))


def _bo() -> Citizen:
    return Citizen(
        "c-2",
        'Bo "Prøve" O\'Tænkt; DROP TABLE citizens --',
        TargetGroup.JOB_READY,
        date(2026, 6, 1),
        facts=(Fact(FactKind.JOB_START, date(2026, 12, 14), noted_on=date(2026, 11, 20)),),
        conversations=(
            Conversation(date(2026, 10, 25), time(2, 30), 30, Channel.DIGITAL, Counterpart.MENTOR, Status.NO_SHOW),
            Conversation(date(2026, 11, 30), time(10), 30, Channel.PHONE, agenda=("cv",)),
        ),
    )


def _decide(store: SqlStore, do: _Do) -> None:
    def key(who: str) -> str:
        with store.read() as view:
            return view.key_of(who) or ""

    def citizen(who: str) -> Citizen:
        with store.read() as view:
            return view.citizens([key(who)])[key(who)]

    def back(own: SqlUnit) -> None:
        own.apply([change.inverse() for change in reversed(own.changes(postponed))])

    first = Postponement("", date(2026, 11, 23), date(2026, 12, 7), "på kursus\ti Ærø")
    do("note", "c-1", lambda own: own.add_note(key("c-1"), "Ringede.\nIngen svarede – prøver igen.\n"))
    do("postpone", "c-2", lambda own: own.save_postponement(key("c-2"), first))
    with store.read() as view:
        postponed = view.head()
    do("undo", "c-2", back, postponed)
    do("redo", "c-2", lambda own: own.apply(own.changes(postponed)), postponed)
    with store.read() as view:
        (written,) = view.notes(key("c-1"))
    do("note_amended", "c-1", lambda own: own.add_note(key("c-1"), "Rettelse: det var i går.", written.key))
    booked = citizen("c-2").booked()[0]
    do("move", "c-2", lambda own: own.save_conversation(key("c-2"), replace(booked, on=date(2026, 12, 1))))
    held = next(one for one in citizen("c-1").conversations if one.status is Status.HELD)
    do("filed", "c-1", lambda own: own.save_conversation(key("c-1"), replace(held, filed_on=date(2026, 10, 6))))
    fact = citizen("c-2").facts[0]
    do("fact_changed", "c-2", lambda own: own.save_fact(key("c-2"), replace(fact, documented=True)))
    times = tuple(OfferedTime(date(2026, 12, day), time(9), 30, Channel.PHONE) for day in (8, 9))
    do("offer", "c-3", lambda own: own.save_offer(key("c-3"), Offer(date(2026, 11, 23), date(2026, 12, 4), times)))
    _follow_up(store, do)


def _follow_up(store: SqlStore, do: _Do) -> None:
    def asked(own: SqlUnit) -> None:
        first = own.save_survey_round(SurveyRound("Nulpunktsmåling", date(2026, 8, 17)))
        own.add_answers(first, {"meaning": (0, 1, 4, 2), "time": (1, 0, 3, 3)})

    def sampled(own: SqlUnit) -> None:
        cases = tuple(SupervisedCase(own.key_of(who) or "") for who in ("c-1", "c-2"))
        own.add_supervision(Supervision(date(2026, 11, 23), 7, 2, 4, cases))

    def found(own: SqlUnit) -> None:
        (sample,) = own.supervisions()
        case = next(one for one in sample.cases if one.citizen == own.key_of("c-1"))
        own.save_supervised(replace(case, findings={"availability": Finding.YES, "reasoned": Finding.NOT_RELEVANT}))

    do("survey_import", None, asked)
    do("supervision", None, sampled)
    do("supervised", "c-1", found)
    written = FormText("flexible-contact-insured", 9, "Flere ringer selv.\nDet var ikke ventet.")
    do("form_text", None, lambda own: own.save_form_text(written))


@contextmanager
def _repeatable(first: int = 1) -> Iterator[None]:
    """Keys and salts are the same each time, so that what is written differs where the office does."""
    numbers = count(first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unit, "new_key", lambda: sha256(str(next(numbers)).encode()).hexdigest()[:32])
        patch.setattr(secrets, "token_hex", lambda size: sha256(f"salt {size}".encode()).hexdigest()[: 2 * size])
        patch.setattr(chain, "_LEVEL", 9)
        patch.setattr(looks, "_account", lambda: "mette")
        yield


def write() -> Path:
    """Write the office in the present shape; gives the file."""
    target = FOLDER / f"{migrate.HEAD}.sql"
    with TemporaryDirectory() as folder:
        office(Path(folder) / "s.db")
        with closing(sqlite3.connect(Path(folder) / "s.db")) as made:
            target.write_text("\n".join(made.iterdump()) + "\n", encoding="utf-8")
    return target
