"""What lies long behind is left in the store until it is needed: everything is told as if all of it were at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from shutil import copyfile
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen, TargetGroup
from planner.domain.conversations import TALKING, Channel, Conversation, Counterpart, Status
from planner.errors import PlannerError
from planner.exchange.caseload_file import write_caseload
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.services.clock import DANISH_TIME
from planner.services.desk import Desk
from planner.services.imported import CitizenRow, ImportRows
from planner.services.ports import LATEST, AccessKind, Office
from planner.services.results import Done, Today
from planner.services.room import Room
from planner.store import unit
from planner.store.engine import open_store
from planner.store.reading import SqlReading
from planner.tui.rows import View, cells, reason
from planner.tui.widgets.card_text import LAST_CONVERSATIONS, card_text
from tests.full import many
from tests.store.support import FixedClock
from tests.strategies import caseloads

_ENDS = (*[Status.HELD] * 5, *[Status.NO_SHOW] * 2, Status.CANCELLED_BY_CITIZEN, Status.CANCELLED_BY_US, Status.BOOKED)
DANISH, RULES = language("da"), load_rules()


def with_history(citizen: Citizen, today: date, chance: Random) -> Citizen:
    """The citizen with much that lies behind, some of it on one day, and now and then something odd."""
    ends = chance.choice((_ENDS, _ENDS, (Status.NO_SHOW,), (Status.HELD,)))
    met = chance.random() < 0.7  # else nobody has come of late
    ends = ends if met else (Status.NO_SHOW,)
    days = [today - timedelta(days=chance.randrange(chance.choice((9, 70, 400, 3700)))) for _ in range(40)]
    days += [chance.choice(days) for _ in range(5)] + [today + timedelta(days=9)] * chance.randrange(2)
    talks = [
        Conversation(
            on,
            time(chance.choice((0, 8, 8, 12)), chance.choice((0, 15))),
            30,
            chance.choice((*TALKING, *TALKING, Channel.LETTER)),
            chance.choice((*[Counterpart.CASEWORKER] * 5, Counterpart.MENTOR)),
            status,
            chance.choice(((), ("cv",), ("LÆ285",))),
            filed_on=on if status is Status.HELD and chance.random() < 0.5 else None,
        )
        for on in days[: chance.choice((0, 2, 4, 5, 6, 45, 45, 46))]
        for status in [chance.choice(ends) if met or today - on < timedelta(days=90) else Status.HELD]
    ]
    made = replace(citizen, conversations=(*citizen.conversations, *talks))
    return replace(made, offer=None) if made.booked() else made


class Clock(FixedClock):
    """One that can be set to a day."""

    def __init__(self, day: date) -> None:
        self.moment = datetime.combine(day, time(8, 15), DANISH_TIME)


@contextmanager
def desk_on(path: Path, clock: FixedClock, first: int = 1, *, whole: bool) -> Iterator[Desk]:
    """A desk on a store, which gives the keys `first`, and so on; `whole`: all that ever was is at hand."""

    def everything(view: SqlReading, day: date, keys: Collection[str] | None = None) -> dict[str, Citizen]:
        del day
        return view.citizens(keys)

    with ExitStack() as stack:
        numbers = count(first)
        stack.enter_context(patch.object(unit, "new_key", lambda: f"{next(numbers):08}"))
        if whole:
            stack.enter_context(patch.object(SqlReading, "present_citizens", everything))
        desk = Desk(open_store(path, clock, 0.0), RULES, clock, plan_form(), templates())
        yield stack.enter_context(desk)


def store_of(path: Path, caseload: Caseload) -> None:
    """A new store with a caseload."""
    store = open_store(path, Clock(caseload.today), 0.0)
    with store.write() as own:
        for citizen in caseload.citizens:
            own.add_citizen(citizen)
        for adoption in caseload.adoptions:
            own.save_adoption(adoption)
        own.save_office(
            Office(
                caseload.municipality,
                caseload.caseworker,
                caseload.closing_days,
                caseload.settings,
                caseload.shared_calendars,
            )
        )
        own.record("load", None, {})
    store.close()


def shown(desk: Desk, today: Today) -> Iterator[object]:
    """All that a list shows, but for the whole citizens in it."""
    view = View(DANISH, today.today, today.plan.titles)
    yield today.plan
    for row in today.rows:
        yield row.part, row.rank, row.days, cells(row, view), reason(row, view), card_text(row, view, 60)
        yield row.citizen.booked(), row.citizen.held_in_spell()
        held = [talk for talk in row.citizen.conversations if talk.status is Status.HELD]
        yield max(held, key=lambda talk: (talk.on, talk.start), default=None)
        yield [citizen.shown_name for citizen in desk.find(row.citizen.name)]
    yield desk.week_loads(today)


def told(desk: Desk, today: Today, chance: Random) -> Iterator[object]:
    """All that is told of what lies behind."""
    days = [today.today, *(talk.on for one in desk.caseload().citizens for talk in one.conversations)]
    yield from (desk.week(today, day) for day in chance.choices(days, k=6))
    yield write_caseload(desk.caseload())
    yield desk.caseload()
    yield desk.records()
    for row in today.rows:
        name = row.citizen.id
        yield desk.story(today, name)
        yield desk.cases.insight(name, AccessKind.VIEW).story
        yield tried(partial(desk.case_note, name, "da"))


def tried(doing: Callable[[], object]) -> object:
    """What it gives, or the sentence with which it is refused."""
    try:
        done = doing()
    except PlannerError as error:
        return str(error)
    return replace(done, seq=0) if isinstance(done, Done) else done


def rows_of(everybody: Collection[Citizen], today: date, chance: Random) -> ImportRows:
    """A list that says when each was met last: on a day that is known, or not."""
    found = []
    for number, one in enumerate(everybody, 2):
        on = chance.choice([*(talk.on for talk in one.conversations), today - timedelta(days=chance.randrange(3000))])
        found.append(CitizenRow(number, one.id, None, {"last_conversation": on}))
    return ImportRows(tuple(found))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where there are two new stores for each example."""
    return tmp_path_factory.mktemp("history")


def merging(desk: Desk, caseload: Caseload, everybody: Collection[Citizen], chance: Random) -> object:
    """What loading a file would do that has half of what is known."""
    people = []
    for one in everybody:
        half = chance.sample(one.conversations, len(one.conversations) // 2)
        people.append(replace(one, conversations=tuple(replace(talk, key="") for talk in half)))
    given = replace(caseload, citizens=tuple(people), adoptions=())
    return tried(lambda: (desk.load_caseload(given, dry_run=True), desk.load_caseload(given), desk.undo().message))


def acted(desk: Desk, one: Citizen, today: date, chance: Random) -> Iterator[object]:
    """What becomes of verbs on a day that was long ago or is today."""
    on = chance.choice([today, *(talk.on for talk in one.conversations)])
    channel = chance.choice((Channel.PHONE, Channel.IN_PERSON))
    verbs: tuple[Callable[[], object], ...] = (
        lambda: desk.held(one.id, on=on, channel=channel),
        lambda: desk.filed(one.id, on),
        lambda: desk.filed(one.id),
        lambda: desk.no_show(one.id, on),
        lambda: desk.accept(one.id),
        desk.undo,
    )
    yield from (tried(verb) for verb in verbs)


def everything_seen(path: Path, caseload: Caseload, seed: int, *, whole: bool) -> Iterator[object]:
    """A few days' work, and all that is seen of it.

    The program is left in between: within a session a plan is led back to where nothing that it is made from differs.
    """
    clock, chance = Clock(caseload.today), Random(seed)
    with desk_on(path, clock, 1, whole=whole) as desk:
        today = desk.today()
        yield from shown(desk, today)
        yield from told(desk, today, chance)
        everybody = desk.caseload().citizens
        yield merging(desk, caseload, everybody, chance)
        listed = rows_of(everybody, today.today, chance)
        yield desk.preview(listed)
        for one in everybody:
            yield from acted(desk, one, today.today, chance)
    with desk_on(path, clock, 10_000, whole=whole) as desk:
        yield from shown(desk, desk.today())
        yield desk.import_rows(listed, "x", {}).run
        yield desk.caseload()
    with desk_on(path, clock, 20_000, whole=whole) as desk:
        yield from shown(desk, desk.today())
        earlier = max(today.today - timedelta(days=chance.randrange(1, 900)), date(2015, 8, 1))  # with a law that holds
        clock.moment = Clock(earlier).moment
        yield from shown(desk, desk.today())


@settings(max_examples=many(8, 400))
@given(caseloads(most=4), st.integers(0, 1 << 30))
def test_everything_is_told_as_if_all_of_it_were_at_hand(folder: Path, caseload: Caseload, seed: int) -> None:
    chance, number = Random(seed), len(list(folder.glob("*.db")))
    people = tuple(with_history(citizen, caseload.today, chance) for citizen in caseload.citizens)
    path, other = folder / f"{number}.db", folder / f"{number}-whole.db"
    store_of(path, replace(caseload, citizens=people))
    copyfile(path, other)
    wanted = list(everything_seen(other, caseload, seed, whole=True))
    for seen, known in zip(everything_seen(path, caseload, seed, whole=False), wanted, strict=True):
        assert seen == known


def test_much_of_a_long_history_is_not_at_hand(folder: Path) -> None:
    """Else the test above would compare a thing with itself."""
    today = date(2026, 11, 23)
    talks = tuple(
        Conversation(today - timedelta(days=20 * n), time(9), 30, Channel.PHONE, status=Status.HELD) for n in range(100)
    )
    citizen = Citizen("c-1", "Åse", TargetGroup.SICKNESS, today - timedelta(days=30), conversations=talks)
    store_of(folder / "long.db", Caseload(today, "Prøveby", citizens=(citizen,)))
    with desk_on(folder / "long.db", Clock(today), whole=False) as desk:
        today_and_five_before = desk.present().citizens[0].conversations
        assert len(today_and_five_before) == 6
        assert desk.today().rows[0].citizen.conversations == today_and_five_before
        assert len(desk.caseload().citizens[0].conversations) == 100
        assert len(desk.find("c-1")[0].conversations) == 6
        past = desk.week(desk.today(), talks[50].on)
        assert [talk.slot.on for day in past.days for talk in day.talks] == [talks[50].on]


def test_the_card_shows_no_more_conversations_than_are_at_hand() -> None:
    assert LAST_CONVERSATIONS <= LATEST


def test_a_day_that_comes_again_is_told_as_before(tmp_path: Path) -> None:
    """Who is changed on a later day keeps what the earlier one needs, to which the clock goes back."""
    first = date(2026, 11, 23)
    of_late = tuple(
        Conversation(first - timedelta(days=days), time(9), 30, Channel.PHONE, status=Status.NO_SHOW)
        for days in range(10, 50, 5)
    )
    someone = Citizen("p-1", "Åse Prøve", TargetGroup.JOB_READY, first - timedelta(days=5), conversations=of_late)
    store_of(tmp_path / "s.db", Caseload(first, "Prøvekommune", (someone,)))
    clock = Clock(first)
    with desk_on(tmp_path / "s.db", clock, whole=False) as desk:
        desk.caseload()
        room = desk._room
        clock.moment += timedelta(days=900)
        desk.note("p-1", "senere")
        room.snapshot()
        clock.moment -= timedelta(days=900)
        assert room.snapshot() == Room(room.store, RULES, clock).snapshot()
