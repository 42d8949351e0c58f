"""A store opens, or a sentence says why not and the file is as it was."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, time
from hashlib import sha256
from pathlib import Path
from shutil import copy, copytree
from stat import S_IMODE
from threading import Event

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2 as sqlite3

import planner.store as store_package
from planner.domain.conversations import Channel, Offer, OfferedTime
from planner.errors import DamagedStore, StoreError
from planner.store import durable, engine, migrate, sqlite
from planner.store.backups import Reason, backups_of
from planner.store.engine import SqlStore, make_engine
from planner.store.sqlite import StoreFile
from planner.store.tables import metadata
from tests.store.released import put
from tests.store.support import aase, opened

HOLD = """
import sys, pathlib
from tests.store.support import opened
with opened(pathlib.Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""
WRITE = """
import sys, pathlib
from tests.store.released import put
from tests.store.support import aase, opened
with opened(pathlib.Path(sys.argv[1]), wait=10) as store:
    with store.read() as view:
        key = view.key_of("c-1")
    number = 0
    while True:
        number += 1
        with store.write() as unit:
            unit.add_note(key, str(number))
            unit.add_note(key, str(number))
            seq = unit.record("note", key, {})
        print(seq, flush=True)
"""


def fill(path: Path) -> str:
    """A store with one citizen; gives the key."""
    with opened(path) as store, store.write() as unit:
        key = unit.add_citizen(aase())
        unit.record("load_caseload", None, {})
    return key


def note(store: SqlStore) -> str:
    """A citizen with a note; gives the key."""
    with store.write() as unit:
        key = unit.add_citizen(aase())
        unit.record("load_caseload", None, {})
    with store.write() as unit:
        unit.add_note(key, "x")
        unit.record("note", key, {})
    return key


def digest(path: Path) -> str:
    """What the file holds."""
    return sha256(path.read_bytes()).hexdigest()


def refused(path: Path) -> str:
    """The sentence with which opening is refused."""
    with pytest.raises(StoreError) as caught, opened(path):
        pass
    return str(caught.value)


def test_a_new_store_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "s.db"
    with opened(path):
        pass
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(os.listdir(path.parent)) == ["s.db", "s.db.lock"]


def test_the_migrations_make_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db"):
        pass
    with make_engine(StoreFile(tmp_path / "s.db")).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_known_head_is_the_last_migration() -> None:
    assert ScriptDirectory(str(migrate.SCRIPTS)).get_current_head() == migrate.HEAD


def test_an_up_to_date_store_opens_without_alembic(tmp_path: Path) -> None:
    fill(tmp_path / "s.db")
    code = HOLD.replace("sys.stdin.read()", "assert 'alembic' not in sys.modules")
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "s.db")], check=True, capture_output=True)


def test_connections_are_made_with_care(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        assert isinstance(store._engine.pool, NullPool)
        assert store._engine.hide_parameters
        with store.read() as view:
            pragmas = ("synchronous", "foreign_keys", "secure_delete", "trusted_schema", "busy_timeout")
            found = {p: view.connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in pragmas}
    assert found == {
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": sqlite.BUSY_MILLISECONDS,
    }


def test_a_second_process_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    fill(path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        assert "already open" in refused(path)
        holder.kill()
    with opened(path) as store, store.read() as view:
        assert view.head() == 1


def test_a_second_store_object_in_one_process_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        assert "already open" in refused(tmp_path / "s.db")
        with store.read() as view:
            assert view.head() == 0


def test_a_closed_store_is_not_read_or_written_any_more(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        pass
    for unit in (store.read, store.write):
        with pytest.raises(StoreError, match="closed"), unit():
            pass


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced(path: Path) -> None:
    moved(path)
    copy(path.with_name("elsewhere.db"), path)


@pytest.mark.skipif(os.name == "nt", reason="no file that is open can be moved there")
@pytest.mark.parametrize("happens", [moved, replaced, Path.unlink])
def test_a_store_that_is_not_in_its_place_any_more_is_neither_used_nor_made(
    tmp_path: Path, happens: Callable[[Path], object]
) -> None:
    path = tmp_path / "s.db"
    with opened(path) as store:
        key = note(store)
        happens(path)
        was = path.read_bytes() if path.exists() else None
        for use in (store.read, store.write):
            with pytest.raises(StoreError, match=r"not in its place.*moved, deleted or replaced"), use():
                pass
    assert (path.read_bytes() if path.exists() else None) == was
    assert path.with_name("s.db-wal").exists()
    if happens is moved:
        path.with_name("elsewhere.db").rename(path)
        with opened(path) as store, store.read() as view:
            assert [one.text for one in view.notes(key)] == ["x"], "the log was left beside it"


@pytest.mark.skipif(os.name == "nt", reason="no file that is open can be moved there")
def test_a_store_that_was_put_back_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with opened(path) as store:
        note(store)
        moved(path)
        with pytest.raises(StoreError), store.read():
            pass
        path.with_name("elsewhere.db").rename(path)
        with store.read() as view:
            assert view.head() == 2


@pytest.mark.parametrize("name", ["s?mode=rwc#%41 å;.db", "file:s.db"])
def test_no_file_is_made_by_a_look_whatever_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(sqlite3.OperationalError):
        sqlite.connect(StoreFile(tmp_path / name))
    assert list(tmp_path.iterdir()) == []
    with opened(tmp_path / name) as store:
        assert (tmp_path / name).exists()
        note(store)


def test_the_file_of_an_open_store_is_opened_by_the_database_only() -> None:
    # Closing any other handle on the file would drop the locks that the database holds on it.
    # (`durable` copies what nobody has open.)
    for module in set(Path(store_package.__file__).parent.glob("*.py")) - {Path(durable.__file__)}:
        called = {node.func for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)}
        names = {node.id for node in called if isinstance(node, ast.Name)}
        methods = {node.attr for node in called if isinstance(node, ast.Attribute)}
        assert "open" not in names
        assert not {"read_bytes", "read_text", "write_bytes", "write_text", "copyfile", "copy2"} & methods


def test_killing_the_program_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    key = fill(path)
    for stop_after in (1, 2, 5, 9, 14):
        writer = subprocess.Popen([sys.executable, "-c", WRITE, str(path)], stdout=subprocess.PIPE, text=True)
        with writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline()) for _ in range(stop_after)]
            writer.kill()
        with opened(path, wait=10) as store, store.read() as view:
            assert view.head() >= acknowledged[-1]
            assert len(view.notes(key)) == 2 * (view.head() - 1)
            view.verify()


@pytest.mark.parametrize("content", [b"Dette er en tekstfil og ingen database.\n" * 50, b"\x00" * 4096, b"SQLite"])
def test_a_file_of_another_kind_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(content)
    assert "is not a store of this program" in refused(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE citizens (key)")
    connection.close()
    before = digest(path)
    assert "is not a store of this program" in refused(path)
    assert digest(path) == before


def test_an_empty_file_is_not_taken_for_a_new_store(tmp_path: Path) -> None:
    (tmp_path / "s.db").touch()
    assert "is empty" in refused(tmp_path / "s.db")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.db").mkdir()
    assert "is not a file" in refused(tmp_path / "s.db")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    assert "cannot be made" in refused(tmp_path / "data" / "s.db")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    fill(folder / "s.db")
    folder.chmod(0o500)
    try:
        assert "cannot be written" in refused(folder / "other.db")
    finally:
        folder.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    fill(tmp_path / "s.db")
    (tmp_path / "s.db").chmod(0o400)
    assert "read-only" in refused(tmp_path / "s.db")


def test_a_damaged_store_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    fill(path)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    assert "is damaged" in refused(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "damage",
    ["UPDATE citizens SET target_group = '9.99'", "UPDATE citizens SET channels = 'x'"],
    ids=["no such group", "no list"],
)
def test_a_row_that_makes_no_sense_is_told_as_damage(tmp_path: Path, damage: str) -> None:
    """Flipped bits that SQLite cannot notice end in a sentence without data, not in a fault of the program."""
    path = tmp_path / "s.db"
    fill(path)
    with sqlite3.connect(path) as raw:
        raw.execute(damage)
    raw.close()
    with opened(path) as store, store.read() as view, pytest.raises(StoreError) as told:
        view.citizens()
    assert "is damaged" in str(told.value)
    assert told.value.__cause__ is None


def test_a_cut_off_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    fill(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert "is damaged" in refused(path)


def torn(path: Path) -> None:
    """A store whose journal has lost a page, though nothing of it is read when the store is opened."""
    fill(path)
    with opened(path) as store:
        for number in range(40):
            with store.write() as unit:
                unit.save_mapping(str(number), {"x": "y" * 400})
                unit.record("mapping", None, {"text": f"torn {number} " + "z" * 900})
    content = path.read_bytes()
    lost = content.index(b"torn 20 ") // 4096 * 4096
    path.write_bytes(content[:lost] + bytes(4096) + content[lost + 4096 :])


def test_a_large_store_is_looked_through_before_anything_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    torn(path)
    assert "is damaged" in refused(path)
    monkeypatch.setattr(engine, "SMALL", 0)
    with opened(path) as store:
        with store.read() as view:
            assert [citizen.id for citizen in view.citizens().values()] == ["c-1"]
        for doing in (store.check, store.write().__enter__):
            with pytest.raises(DamagedStore):
                doing()


def test_a_large_store_that_was_cut_off_is_looked_through_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    torn(path)
    monkeypatch.setattr(engine, "SMALL", 0)
    monkeypatch.setattr(sqlite, "is_cut_off", lambda file: True)
    assert "is damaged" in refused(path)


def test_looking_through_a_large_store_hinders_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads beside whoever reads, whoever writes waits for it, and the store is closed in the middle of it."""
    path, begun, gone_on = tmp_path / "s.db", Event(), Event()
    fill(path)
    monkeypatch.setattr(engine, "SMALL", 0)

    def looking(connection: sqlite3.Connection) -> bool:
        begun.set()
        numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
        try:
            connection.execute(numbers).fetchall()  # without an end
        finally:
            gone_on.set()
        return True

    monkeypatch.setattr(sqlite, "is_sound", looking)
    with ThreadPoolExecutor() as workers:
        with opened(path) as store:
            check = workers.submit(store.check)
            assert begun.wait(60)
            with store.read() as view:
                assert view.head() == 1
            assert not gone_on.is_set()
        with pytest.raises(StoreError):
            check.result()


def test_a_missing_store_whose_log_is_left_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.db-wal").write_bytes(b"x")
    assert "is missing" in refused(tmp_path / "s.db")


def test_a_store_of_a_newer_program_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = digest(path)
    assert "newer version" in refused(path)
    assert digest(path) == before


def test_a_store_that_another_program_writes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 10)
    path = tmp_path / "s.db"
    fill(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert "used by another program" in refused(path)
    finally:
        other.close()


def test_what_a_crash_left_while_the_store_was_made_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "s.db.new").write_bytes(b"half a store")
    fill(tmp_path / "s.db")
    assert not (tmp_path / "s.db.new").exists()


STEP = '''
"""A step that the tests invent."""
from alembic import op
import sqlalchemy as sa
revision = "9999"
down_revision = "{head}"
def upgrade():
    op.add_column("citizens", sa.Column("nickname", sa.Text))
    {extra}
'''


def stepped(tmp_path: Path, extra: str) -> Path:
    """The migrations with one more."""
    scripts = tmp_path / "migrations"
    copytree(migrate.SCRIPTS, scripts)
    (scripts / "versions" / "9999_step.py").write_text(STEP.format(head=migrate.HEAD, extra=extra))
    return scripts


def test_an_older_store_is_brought_up_to_date_and_the_old_one_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    fill(path)
    scripts = stepped(tmp_path, "pass")
    head = migrate.HEAD
    monkeypatch.setattr(migrate, "HEAD", "9999")
    monkeypatch.setattr(migrate.upgrade, "__defaults__", (scripts,))
    monkeypatch.setattr(migrate.is_older, "__defaults__", (scripts,))
    with opened(path) as store, store.read() as view:
        assert view.connection.exec_driver_sql("SELECT name, nickname FROM citizens").one() == (aase().name, None)
    (backup,) = backups_of(path)
    assert backup.reason is Reason.MIGRATION
    with sqlite3.connect(backup.path) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (head,)
    kept.close()


def test_a_store_from_before_offers_keeps_everybody_and_takes_offers(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    put("0002", StoreFile(path))
    made = Offer(date(2026, 11, 23), date(2026, 12, 1), (OfferedTime(date(2026, 12, 2), time(9), 30, Channel.PHONE),))
    with opened(path) as store:
        with store.write() as unit:
            key = unit.key_of("c-1") or ""
            assert len(unit.citizens()[key].conversations) == len(aase().conversations)
            made = replace(made, key=unit.save_offer(key, made))
            unit.record("offer", key, {})
        with store.read() as view:
            view.verify()
            assert view.citizens()[key].offer == made


def dumped(path: Path) -> list[str]:
    """All that is in a store that nobody has open, read by the standard library's own SQLite."""
    import sqlite3

    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize(
    "extra", ["raise RuntimeError('halfway')", 'op.execute("DELETE FROM facts")', 'op.execute("DELETE FROM citizens")']
)
def test_a_step_that_fails_or_loses_rows_changes_nothing(tmp_path: Path, extra: str) -> None:
    path = tmp_path / "s.db"
    fill(path)
    content = dumped(path)
    with pytest.raises((StoreError, RuntimeError)):
        migrate.upgrade(make_engine(StoreFile(path), foreign_keys=False), stepped(tmp_path, extra))
    assert dumped(path) == content


def test_bringing_up_to_date_says_how_far_it_is_and_called_off_changes_nothing(tmp_path: Path) -> None:
    """Whenever it is called off: before the first step, between two, and after the last."""
    put("0003", StoreFile(tmp_path / "s.db"))
    content = dumped(tmp_path / "s.db")
    steps = int(migrate.HEAD) - 3
    told: list[tuple[int, int]] = []
    for last in range(steps + 1):

        def reach(doing: str, done: int, of: int, last: int = last) -> None:
            told.append((done, of))
            if done == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            migrate.upgrade(make_engine(StoreFile(tmp_path / "s.db"), foreign_keys=False), reach=reach)
        assert dumped(tmp_path / "s.db") == content
    assert told[-steps - 1 :] == [(done, steps) for done in range(steps + 1)]
    with opened(tmp_path / "s.db") as store, store.read() as view:
        view.verify()


def test_rebuilding_a_table_keeps_its_children(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    fill(path)
    rebuild = (
        'batch = op.batch_alter_table("citizens", recreate="always")\n    with batch as b: b.drop_column("nickname")'
    )
    migrate.upgrade(make_engine(StoreFile(path), foreign_keys=False), stepped(tmp_path, rebuild))
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM facts").fetchone() == (1,)
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a thing of Unix")
def test_a_full_disk_is_told_in_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    key = fill(path)
    code = """
import pathlib, resource, signal, sys
from planner.errors import DamagedStore, StoreError
from tests.store.support import opened
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with opened(pathlib.Path(sys.argv[1])) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    done = 1
    try:
        while True:
            with store.write() as unit:
                unit.add_note(sys.argv[2], "x" * 20_000)
                done = unit.record("note", sys.argv[2], {})
            print(done, flush=True)
    except StoreError as error:
        print(error, flush=True)
"""
    told = subprocess.run(
        [sys.executable, "-c", code, str(path), key], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert "nothing was saved" in told[-1]
    with opened(path) as store, store.read() as view:
        assert view.head() == int(told[-2])
        view.verify()


@pytest.mark.parametrize(
    ("code", "opens"), [(sqlite3.SQLITE_FULL, True), (sqlite3.SQLITE_READONLY, False), (sqlite3.SQLITE_IOERR, False)]
)
def test_a_store_on_a_full_disk_can_still_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, opens: bool
) -> None:
    """Only what is written then is refused; a store that can never be written is refused at once."""
    path = tmp_path / "s.db"
    fill(path)

    def refuse(_: object) -> None:
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = code
        raise OperationalError("UPDATE", {}, error)

    monkeypatch.setattr(migrate, "touch", refuse)
    if opens:
        with opened(path) as store, store.read() as view:
            assert view.head() == 1
    else:
        with pytest.raises(StoreError), opened(path):
            pass
