"""The store by itself: to open it, to read all, to commit, to search, and to check its journal, small and large."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from planner.bootstrap import open_desk
from planner.services.clock import SystemClock
from planner.services.desk import Desk
from planner.store import sqlite
from planner.store.engine import SqlStore, open_store
from planner.store.sqlite import StoreFile
from tests.benchmarks import stores
from tests.benchmarks.measure import Floors, Table, p95, timed
from tests.benchmarks.terminal import LARGE, SMALL
from tests.instances import TODAY

_TIMES = 30
_ROWS = "SELECT * FROM conversations ORDER BY on_date, start_time, key"
_SEARCHED = ("aa", "aase", "aase proe", "soeren", "soren", "testrup oe")


def storing(floors: Floors) -> Table:
    """What each takes with 150 and with 10,000 citizens and a million conversations, and how it grows."""
    goal = "what is done with one citizen, and the search, within 2 × from 150 to 10,000 citizens"
    columns = ("what", "150, ms: median / p95", "10,000, ms: median / p95", "growth")
    small, large = (dict(_measured(stores.standing(count))) for count in (SMALL, LARGE))
    table = Table("The store", goal, columns, [])
    for name, few in small.items():
        many = large[name]
        growth = statistics.median(many) / statistics.median(few)
        table.rows.append((name, _told(few), _told(many), f"{growth:.1f}"))
        if growth > 2 and name in ("a note, with its commit", "the story of a citizen", "a search"):
            table.missed.append(f"{name} {growth:.1f} ×")
    del floors
    return table


def _told(seconds: list[float]) -> str:
    return f"{1000 * statistics.median(seconds):.1f} / {1000 * p95(seconds):.1f}"


def _measured(file: Path) -> Iterator[tuple[str, list[float]]]:
    clock = SystemClock(TODAY)
    yield "open", [timed(lambda: open_store(file, clock).close())[0].clock for _ in range(5)]
    with closing(sqlite.connect(StoreFile(file))) as raw:
        yield "all conversations by the driver alone", _taken(lambda: raw.execute(_ROWS).fetchall(), 2)
    with closing(open_store(file, clock)) as store:
        yield "all citizens", _taken(lambda: _everybody(store), 2)
        yield "check the journal", _taken(lambda: _check(store), 1)
    with open_desk(file, TODAY) as desk:
        yield "today's list, the plan known", _taken(desk.today, 1)
        yield from _at_work(desk)


def _at_work(desk: Desk) -> Iterator[tuple[str, list[float]]]:
    names = [citizen.id for citizen in desk.caseload().citizens[:_TIMES]]
    today = desk.today()
    yield "a search", [timed(partial(desk.find, text))[0].clock for text in _SEARCHED * 5]
    yield (
        "the story of a citizen",
        [timed(partial(desk.story, today, name))[0].clock for name in names],
    )
    yield "a note, with its commit", [timed(partial(desk.note, name, "prøve"))[0].clock for name in names]
    yield "the list mended after it", _taken(desk.today_at_once, 1)


def _taken(work: Callable[[], object], times: int) -> list[float]:
    return [timed(work)[0].clock for _ in range(times)]


def _everybody(store: SqlStore) -> int:
    with store.read() as view:
        return len(view.citizens())


def _check(store: SqlStore) -> None:
    with store.read() as view:
        view.verify()
