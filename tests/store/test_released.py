"""A store of any shape that was ever released opens today with everything in it, and one of tomorrow stays as it is."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from planner.bootstrap import plan_form, templates
from planner.domain.citizens import Citizen
from planner.errors import NotFound, StoreError
from planner.exchange.rule_files import load_rules
from planner.services.desk import Desk
from planner.store import migrate, sqlite, vault
from planner.store.backups import Reason, backups_of, contents
from planner.store.sqlite import StoreFile
from tests.cheap_keys import cheap_keys
from tests.store.released import SHAPES, content, digests, known_to, put
from tests.store.support import MONDAY, FixedClock, opened


@pytest.fixture
def file(tmp_path: Path, shape: str) -> StoreFile:
    """An encrypted store of the shape."""
    with cheap_keys():
        prepared = vault.prepare("blåbærgrød på fad", MONDAY)
        vault.init(tmp_path / "s.db", prepared)
    (tmp_path / "s.db").unlink()
    file = StoreFile(tmp_path / "s.db", prepared.key)
    put(shape, file)
    return file


def citizens(file: StoreFile) -> dict[str, Citizen]:
    """Everybody, after a look at the journal's chain."""
    with opened(file.path, key=file.key) as store, store.read() as view:
        view.verify()
        return view.citizens()


def test_there_is_a_store_of_each_shape_that_the_program_knows() -> None:
    known = {script.revision for script in ScriptDirectory(str(migrate.SCRIPTS)).walk_revisions()}
    assert set(SHAPES) == known, "python -m tests.store.released writes that of a new one"


@pytest.mark.parametrize("shape", SHAPES)
class TestEachShape:
    def test_no_table_of_it_is_empty(self, file: StoreFile) -> None:
        assert [name for name, (_, rows) in content(file).items() if not rows] == []

    def test_every_row_is_kept_and_the_store_before_is_a_backup(self, file: StoreFile, shape: str) -> None:
        before = content(file)
        with opened(file.path, key=file.key):
            pass
        after = content(file)
        assert before.keys() <= after.keys()
        assert digests(before, after) == digests(after, before)
        with closing(sqlite.connect(file)) as raw:
            assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrate.HEAD,)]
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        made = backups_of(file.path)
        reasons = [one.reason for one in made if one.reason is not Reason.ERASED]  # which remembers who was erased
        assert reasons == [Reason.MIGRATION] * (shape != migrate.HEAD)
        for one in made:
            kept = StoreFile(one.path, file.key)
            assert contents(kept).is_sound
            assert content(kept) == before

    def test_the_caseload_is_that_of_every_other_shape(self, file: StoreFile, shape: str, tmp_path: Path) -> None:
        newest = StoreFile(tmp_path / "newest.db", file.key)
        put(migrate.HEAD, newest)
        expected = {key: known_to(shape, citizen) for key, citizen in citizens(newest).items()}
        assert citizens(file) == expected
        assert len(expected) == 4

    def test_what_was_done_before_is_undone_and_done_again(self, file: StoreFile) -> None:
        clock = FixedClock()
        with opened(file.path, key=file.key) as store:
            desk = Desk(store, load_rules(), clock, plan_form(), templates())
            before = desk.caseload(), desk.office(), {c.id: desk.notes(c.id) for c in desk.caseload().citizens}
            done = desk.last_action()
            with suppress(NotFound):
                while True:
                    desk.undo()
            assert desk.last_action() - done >= 8
            assert desk.caseload().citizens == ()
            with suppress(NotFound):
                while True:
                    desk.redo()
            assert before == (desk.caseload(), desk.office(), {c.id: desk.notes(c.id) for c in before[0].citizens})
            desk.verify()

    def test_what_was_typed_and_not_saved_is_there_again(self, file: StoreFile, shape: str) -> None:
        with opened(file.path, key=file.key) as store:
            draft = Desk(store, load_rules(), FixedClock(), plan_form(), templates()).draft()
        assert (draft is not None) is (shape >= "0005")
        assert draft is None or draft.citizen_id == "c-2"

    def test_with_a_newer_revision_it_is_refused_and_no_byte_changes(self, file: StoreFile) -> None:
        with closing(sqlite.connect(file)) as raw:
            raw.execute("UPDATE alembic_version SET version_num = '9999'")
        before = _bytes(file.path.parent)
        with pytest.raises(StoreError, match="newer version"), opened(file.path, key=file.key):
            pass
        assert _bytes(file.path.parent) == before


def crashed(file: StoreFile, statement: str, within: Path) -> StoreFile:
    """A copy of the store as a process leaves it that is killed after a statement, which is in its log only."""
    within.mkdir()
    with closing(sqlite.connect(file)) as raw:
        raw.execute(statement)
        for suffix in ("", "-wal"):
            path = file.beside(suffix).path
            (within / path.name).write_bytes(path.read_bytes())
    assert (within / "s.db-wal").stat().st_size > 0
    return StoreFile(within / "s.db", file.key)


@pytest.mark.parametrize("shape", SHAPES[:1])
def test_what_a_crash_left_in_the_log_of_an_older_store_is_kept_too(file: StoreFile, tmp_path: Path) -> None:
    left = crashed(file, "UPDATE notes SET text = 'kun i loggen'", tmp_path / "crashed")
    with opened(left.path, key=left.key) as store, store.read() as view:
        assert store.was_cut_off
        assert {note.text for note in view.notes(view.key_of("c-1") or "")} == {"kun i loggen"}
    (made,) = backups_of(left.path)
    columns, rows = content(StoreFile(made.path, file.key))["notes"]
    assert {row[columns.index("text")] for row in rows} == {"kun i loggen"}


@pytest.mark.parametrize("shape", [migrate.HEAD])
def test_a_newer_store_that_a_crash_left_with_its_log_is_refused_and_no_byte_changes(
    file: StoreFile, tmp_path: Path
) -> None:
    left = crashed(file, "UPDATE alembic_version SET version_num = '9999'", tmp_path / "crashed")
    before = _bytes(left.path.parent)
    with pytest.raises(StoreError, match="newer version"), opened(left.path, key=left.key):
        pass
    assert _bytes(left.path.parent) == before


def _bytes(folder: Path) -> dict[str, bytes]:
    """What is in the folder; the lock and the shared memory of a reader are none of the store."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith((".lock", "-shm")))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
