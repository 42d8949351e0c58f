"""Who is erased is gone from every row, every page and every copy, and stays so."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from planner.errors import StoreError
from planner.services.clock import DANISH_TIME
from planner.services.ports import Access, AccessKind, Glance, KeptPlan
from planner.store import erasing, sqlite, vault
from planner.store.backups import Reason, backups_of
from planner.store.engine import SqlStore, open_store
from planner.store.keys import unlocking
from planner.store.keys.attempts import attempts_file
from planner.store.keys.ring import WrongSecret
from planner.store.keys.slots import Kind
from planner.store.restoring import restore
from planner.store.sqlite import StoreFile
from tests.cheap_keys import cheap_keys
from tests.store.pages import plain_pages
from tests.store.support import MONDAY, FixedClock, aase

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=DANISH_TIME)
CPR = "0101706789"
MARKS = ("Markørsen", "MARKERET notat", CPR, "markeret grund", "Markørsk")


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


@pytest.fixture
def key(path: Path) -> bytes:
    """The key of an encrypted store."""
    prepared = vault.prepare("blåbærgrød på fad", MONDAY)
    vault.init(path, prepared)
    return prepared.key


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def store(path: Path, key: bytes, clock: FixedClock) -> Iterator[SqlStore]:
    """A store with two citizens, one of whom carries a mark in everything."""
    store = open_store(path, clock, 0.0, key)
    marked = replace(aase("c-9"), name="Bo Markørsen", interpreter="Markørsk")
    with store.write() as unit:
        first, second = unit.add_citizen(aase()), unit.add_citizen(marked)
        unit.save_cpr(second, CPR)
        unit.record("load", None, {"new": 2, "changed": 0})
    for citizen, text in ((first, "det bliver her"), (second, "MARKERET notat")):
        with store.write() as unit:
            unit.add_note(citizen, text)
            unit.record("note", citizen, {"reason": f"markeret grund {citizen}"} if citizen == second else {})
    store.keep_draft("Bo Markørsen skrev".encode())
    with store.read() as view:
        state = view.head_hash()
    for ahead in (False, True):
        store.keep_plan(KeptPlan("x", b"plan for Bo Mark\xc3\xb8rsen", None), state, ahead=ahead)
    store.keep_glance(Glance("list", state, "x", "! Bo Markørsen".encode()))
    yield store
    store.close()


@contextmanager
def opened(path: Path, key: bytes) -> Iterator[sqlite.DRIVER.Connection]:
    """The file itself."""
    with closing(sqlite.connect(StoreFile(path, key))) as connection:
        yield connection


def key_of(store: SqlStore, citizen_id: str) -> str:
    with store.read() as view:
        found = view.key_of(citizen_id)
    assert found is not None
    return found


def erased(store: SqlStore, citizen_id: str = "c-9") -> str:
    """Erase the citizen as the desk does; gives the key that the citizen had."""
    key = key_of(store, citizen_id)
    with store.write() as unit:
        unit.erase(key)
        unit.record("erase", None, {"count": 1})
    store.clean()
    return key


def blobs(path: Path, key: bytes) -> list[bytes]:
    """Everything that is compressed in the file."""
    tables = {"journal": ("changes",), "plans": ("data", "previous"), "drafts": ("data",), "glances": ("data",)}
    with opened(path, key) as connection:
        return [
            value
            for table, columns in tables.items()
            for column in columns
            for (value,) in connection.execute(f"SELECT {column} FROM {table}")
            if value
        ]


def marks_in(path: Path, key: bytes, gone: list[bytes]) -> list[str]:
    """Which marks stand anywhere in the file or its log, in clear or in what is compressed."""
    pages = plain_pages(path, key)
    unpacked = b"\n".join(zlib.decompress(value) for value in blobs(path, key))
    found = [mark for mark in MARKS if mark.encode() in pages or mark.encode() in unpacked]
    # What was compressed is known again by its own bytes; a page holds the beginning of each at least.
    return found + [f"blob {number}" for number, value in enumerate(gone) if value[2:42] in pages]


def test_no_byte_of_the_citizen_is_left_in_the_file_or_its_log(store: SqlStore, path: Path, key: bytes) -> None:
    before = [value for value in blobs(path, key) if any(m.encode() in zlib.decompress(value) for m in MARKS)]
    assert len(before) == 6  # the load, the note, two plans, the draft, the glance
    assert len(marks_in(path, key, before)) == len(MARKS) + len(before)
    erased(store)
    assert marks_in(path, key, before) == []
    store.close()
    assert marks_in(path, key, before) == []


def test_what_remains_is_whole_and_the_chains_hold(store: SqlStore) -> None:
    key = erased(store)
    with store.read() as view:
        view.verify()
        (left,) = view.citizens().values()
        assert (left.id, [note.text for note in view.notes(key_of(store, "c-1"))]) == ("c-1", ["det bliver her"])
        assert view.notes(key) == ()
        rows = {row.seq: row for row in view.journal()}
    assert [rows[seq].is_emptied for seq in (1, 2, 3, 4)] == [False, False, True, False]
    assert rows[1].detail == {"new": 2, "changed": 0}


def test_a_row_that_was_emptied_cannot_be_filled_with_something_else(store: SqlStore, path: Path, key: bytes) -> None:
    erased(store)
    store.close()
    with opened(path, key) as connection:
        connection.execute("""UPDATE journal SET detail = '{"reason":"andet"}' WHERE seq = 3""")
    again = open_store(path, FixedClock(NOON), 0.0, key)
    try:
        with again.read() as view, pytest.raises(StoreError, match="entry 3"):
            view.verify()
    finally:
        again.close()


def test_the_erased_are_known_again_by_id_and_by_cpr_until_they_are_readmitted(store: SqlStore) -> None:
    erased(store)
    with store.write() as unit:
        assert unit.erased("c-9") == MONDAY
        assert unit.erased("", CPR) == MONDAY
        assert unit.erased("c-8", "0101706780") is None
        assert unit.readmit("c-9")
        assert not unit.readmit("c-9")
        assert unit.erased("c-9", CPR) is None
        unit.record("readmit", None, {})


def test_neither_id_nor_cpr_stands_in_the_list_of_the_erased(store: SqlStore, path: Path, key: bytes) -> None:
    erased(store)
    with opened(path, key) as connection:
        (row,) = connection.execute("SELECT * FROM erasures").fetchall()
    assert not {"c-9", CPR} & set(map(str, row))
    assert erasing.code_of(b"another key", CPR) not in row


def test_what_a_crash_kept_from_being_cleaned_is_cleaned_at_the_next_opening(
    store: SqlStore, path: Path, key: bytes, clock: FixedClock
) -> None:
    with store.write() as unit:
        unit.erase(key_of(store, "c-9"))
        unit.record("erase", None, {"count": 1})
    store.close()
    with opened(path, key) as connection:
        assert connection.execute("SELECT is_clean FROM erasures").fetchall() == [(0,)]
    open_store(path, clock, 0.0, key).close()
    with opened(path, key) as connection:
        assert connection.execute("SELECT is_clean FROM erasures").fetchall() == [(1,)]
    assert marks_in(path, key, []) == []


def test_going_back_to_an_older_backup_erases_again_and_keeps_who_looked(
    store: SqlStore, path: Path, key: bytes, clock: FixedClock
) -> None:
    store.log_access(Access(AccessKind.VIEW, "citizen", key_of(store, "c-9")))
    old = store.back_up(Reason.ASKED)
    gone = erased(store)
    store.log_access(Access(AccessKind.SEARCH, "search", count=3))
    store.close()
    assert restore(path, old, key, NOON).erased_again == 1
    again = open_store(path, clock, 0.0, key)
    try:
        with again.read() as view:
            view.verify()
            assert {citizen.id for citizen in view.citizens().values()} == {"c-1"}
            assert [row.access.kind for row in view.accesses()] == [AccessKind.SEARCH, AccessKind.VIEW]
            assert view.accesses(citizen=gone)[0].access.purpose == "citizen"
            assert view.erased("c-9") == MONDAY
    finally:
        again.close()
    assert marks_in(path, key, []) == []


def test_the_list_of_the_erased_comes_from_the_backups_where_the_store_is_lost(
    store: SqlStore, path: Path, key: bytes, clock: FixedClock
) -> None:
    old = store.back_up(Reason.ASKED)
    erased(store)
    store.back_up(Reason.ERASURE)
    store.close()
    path.write_bytes(b"\0" * 8192)
    restore(path, old, key, NOON)
    again = open_store(path, clock, 0.0, key)
    try:
        with again.read() as view:
            assert {citizen.id for citizen in view.citizens().values()} == {"c-1"}
    finally:
        again.close()


def test_backups_and_replaced_stores_that_hold_the_erased_go_after_thirty_days(
    store: SqlStore, path: Path, key: bytes, clock: FixedClock
) -> None:
    store.back_up(Reason.ASKED)
    erased(store)
    replaced = path.with_name(path.name + ".replaced-20261120-080000")
    later = path.with_name(path.name + ".replaced-20261230-080000")
    for file in (replaced, later):
        file.write_bytes(b"x")
    clock.moment = NOON + timedelta(days=29)
    store.back_up(Reason.ASKED)
    assert len(backups_of(path)) == 2
    assert replaced.exists()
    clock.moment = NOON + timedelta(days=31)
    made = store.back_up(Reason.ASKED)
    assert [one.at.date() for one in backups_of(path)] == [made.at.date(), date(2026, 12, 22)]
    assert (replaced.exists(), later.exists()) == (False, True)


def test_looks_are_chained_and_a_change_from_outside_is_told(store: SqlStore, path: Path, key: bytes) -> None:
    for number in range(3):
        store.log_access(Access(AccessKind.VIEW, "citizen", key_of(store, "c-1"), number))
    with store.read() as view:
        assert [row.access.count for row in view.accesses()] == [2, 1, 0]
        assert all(row.at == NOON.replace(tzinfo=None) for row in view.accesses())
    with opened(path, key) as connection:
        connection.execute("UPDATE accesses SET purpose = 'week' WHERE seq = 2")
    with store.read() as view, pytest.raises(StoreError, match=r"looks .* entry 2"):
        view.verify()


def test_what_opened_the_store_and_what_failed_is_in_the_log_once(store: SqlStore, path: Path, key: bytes) -> None:
    store.close()
    for secret in ("forkert sætning", "blåbærgrød på fad"):
        with suppress(WrongSecret):
            unlocking.unlock(path, Kind.PASSPHRASE, secret)
    with attempts_file(path).open("ab") as file:
        file.write(b"garbage \xff\n2026-99-99T00:00:00.000000 unlock\nunlock Bo Mark\xc3\xb8rsen\n")
    for _ in range(2):
        again = open_store(path, FixedClock(NOON), 0.0, key)
        try:
            with again.read() as view:
                view.verify()
                kinds = [row.access.kind for row in view.accesses()]
        finally:
            again.close()
        assert kinds == [AccessKind.UNLOCK, AccessKind.FAILED_UNLOCK]
    assert not attempts_file(path).exists()


@pytest.mark.parametrize(
    "line", ["9999-12-31T23:59:59.999999 failed_unlock", "0001-01-01T00:00:00.000000 unlock", "2026-01-01", "\0" * 100]
)
def test_no_line_beside_the_store_keeps_it_from_being_opened(
    store: SqlStore, path: Path, key: bytes, line: str
) -> None:
    store.close()
    attempts_file(path).write_text(line + "\n", encoding="ascii")
    again = open_store(path, FixedClock(NOON), 0.0, key)
    try:
        with again.read() as view:
            assert view.accesses() == []
    finally:
        again.close()


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes of that kind there")
@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
@pytest.mark.parametrize("suffix", ["", ".taken"])
def test_whatever_goes_by_the_name_of_the_attempts_is_in_nobodys_way(
    store: SqlStore, path: Path, key: bytes, kind: str, suffix: str
) -> None:
    store.close()
    file = attempts_file(path)
    strange, target = file.with_name(file.name + suffix), path.with_name("elsewhere")
    target.write_text("mine", encoding="ascii")
    {"pipe": os.mkfifo, "folder": os.mkdir, "link": lambda name: os.symlink(target, name)}[kind](strange)
    for _ in range(2):
        unlocking.unlock(path, Kind.PASSPHRASE, "blåbærgrød på fad")
        open_store(path, FixedClock(NOON), 0.0, key).close()
    again = open_store(path, FixedClock(NOON), 0.0, key)
    try:
        with again.read() as view:
            assert view.accesses(), "what came after it is in the log"
    finally:
        again.close()
    assert target.read_text("ascii") == "mine"


def test_a_backup_that_remembers_an_erasure_is_made_where_a_crash_prevented_it(
    store: SqlStore, path: Path, key: bytes, clock: FixedClock
) -> None:
    old = store.back_up(Reason.ASKED)
    erased(store)
    store.close()
    open_store(path, clock, 0.0, key).close()
    assert [one.reason for one in backups_of(path)] == [Reason.ERASED, Reason.ASKED]
    path.write_bytes(b"\0" * 8192)
    assert restore(path, old, key, NOON).erased_again == 1
