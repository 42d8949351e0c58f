"""What is done to keep a store safe: bring an older one up to date, back it up, go back to a backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC
from functools import cache, partial
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

from planner.store import migrate, sqlite
from planner.store.backups import Reason, backups_of, contents, key_of
from planner.store.engine import SqlStore
from planner.store.keys.files import ring_in
from planner.store.keys.slots import Kind
from planner.store.restoring import restore
from planner.store.sqlite import StoreFile
from tests.faults.deeds import PASSPHRASE, Deed, Tell, check_pages, init, prepare_citizens, reopened, rounds
from tests.store import released
from tests.store.released import SHAPES, Content, content, digests
from tests.store.support import FixedClock, opened

NOW = FixedClock().now().astimezone(UTC)
_EARLIER, _LATER = ("før",), ("efter", "til sidst")
_EVIDENCE = "evidence"
#: Who looked: it goes on with every opening.
_LOG = "accesses"


def check_backups(store: Path, key: bytes) -> None:
    """Whatever goes by the name of a backup is whole, and opens by the passphrase."""
    for one in backups_of(store):
        assert contents(StoreFile(one.path, key)).is_sound, one.path.name
        ring = ring_in(key_of(one))
        assert ring is not None
        assert ring.unlock(Kind.PASSPHRASE, PASSPHRASE) == key


# -- a migration


def prepare_older(store: Path, shape: str) -> None:
    """An encrypted store of a shape from before."""
    key = init(store)
    store.unlink()
    released.put(shape, StoreFile(store, key))


def bring_up_to_date(store: Path, tell: Tell, most: int) -> None:
    """Open it, which brings it up to date."""
    with opened(store, key=reopened(store)):
        tell("open")


def check_up_to_date(store: Path, told: Sequence[str], shape: str) -> None:
    """It is of the old shape or the new one with every row in it, and in the new one the old one is a backup."""
    key, before = reopened(store), _content(shape)
    with closing(sqlite.connect(StoreFile(store, key))) as raw:
        ((revision,),) = raw.execute("SELECT version_num FROM alembic_version").fetchall()
    assert revision in (shape, migrate.HEAD)
    assert not told or revision == migrate.HEAD
    _check_rows(StoreFile(store, key), before)
    check_backups(store, key)
    made = [one for one in backups_of(store) if one.reason is Reason.MIGRATION]
    assert made or revision == shape
    for one in made:
        assert content(StoreFile(one.path, key)) == before
    with opened(store, key=key) as kept, kept.read() as view:
        view.verify()
    _check_rows(StoreFile(store, key), before)
    check_pages(store, key)


def _check_rows(file: StoreFile, before: Content) -> None:
    found = content(file)
    assert found.keys() >= before.keys()
    kept, was = ({name: rows for name, rows in one.items() if name != _LOG} for one in (found, before))
    assert digests(kept, was) == digests(was, kept)
    assert len(found.get(_LOG, ((), ()))[1]) >= len(before.get(_LOG, ((), ()))[1])


@cache
def _content(shape: str) -> Content:
    with TemporaryDirectory() as folder:
        file = StoreFile(Path(folder) / "s.db")
        released.put(shape, file)
        return content(file)


# -- backups


def _note(kept: SqlStore, text: str) -> int:
    with kept.write() as unit:
        citizen = unit.key_of("c-1") or ""
        unit.add_note(citizen, text + " " * 700)
        return unit.record("note", citizen, {})


def _notes(store: Path, key: bytes) -> list[str]:
    with opened(store, key=key) as kept, kept.read() as view:
        view.verify()
        return [note.text.strip() for note in view.notes(view.key_of("c-1") or "")]


def write_and_back_up(store: Path, tell: Tell, most: int) -> None:
    """Notes, and a backup after each."""
    with opened(store, key=reopened(store)) as kept:
        with kept.read() as view:
            done = view.head()
        for number in rounds(most):
            _note(kept, str(done + number))
            kept.back_up_now()
            tell(str(done + number))


def check_backed_up(store: Path, told: Sequence[str]) -> None:
    """Each backup that was told is there with all that was written by then, and so is every note."""
    key = reopened(store)
    check_backups(store, key)
    found = {one.seq: one.path for one in backups_of(store)}
    assert found.keys() >= {int(number) for number in told}
    for seq, path in found.items():
        assert contents(StoreFile(path, key)).notes == seq - 1
    written = _notes(store, key)
    assert written == [str(2 + number) for number in range(len(written))]
    assert set(written) >= set(told)
    check_pages(store, key)


# -- restoring


def prepare_to_restore(store: Path) -> None:
    """A store with a backup, whose process was killed after it had written more: the last notes are in the log only."""
    prepare_citizens(store)
    key, crashed = reopened(store), store.parent.with_name("crashed")
    with opened(store, key=key) as kept:
        for text in _EARLIER:
            _note(kept, text)
        kept.back_up_now()
    with opened(store, key=key) as kept:
        for text in _LATER:
            _note(kept, text)
        copytree(store.parent, crashed)
    for path in crashed.glob("s.db*"):
        if path.is_file() and not path.name.endswith(("-shm", ".lock")):
            store.with_name(path.name).write_bytes(path.read_bytes())
    rmtree(crashed)


def prepare_damaged(store: Path) -> None:
    """The same, and the file cannot be read any more; what it was is laid aside for the comparison."""
    prepare_to_restore(store)
    store.write_bytes(b"\xa5" * 4096 + store.read_bytes()[4096:])
    evidence = store.parent / _EVIDENCE
    evidence.mkdir()
    for part in parts(store):
        (evidence / part.name).write_bytes(part.read_bytes())


def go_back(store: Path, tell: Tell, most: int) -> None:
    """Go back to the backup."""
    backup = next(one for one in backups_of(store) if one.reason is Reason.ASKED)
    restore(store, backup, reopened(store), NOW, 0.0)
    tell("restored")


def check_restored(store: Path, told: Sequence[str]) -> None:
    """It is as it was in the backup, and what was there before is beside it; or nothing has happened yet."""
    key = reopened(store)
    found = _notes(store, key)
    if found == [*_EARLIER]:
        assert [*_EARLIER, *_LATER] in [_notes(aside, key) for aside in _put_aside(store)]
    else:
        assert not told
        assert found == [*_EARLIER, *_LATER]
    check_backups(store, key)
    assert backups_of(store)
    assert not store.with_name(store.name + ".new").exists()
    check_pages(store, key)


def check_damaged_is_kept(store: Path, told: Sequence[str]) -> None:
    """The damaged file and its log lie together byte for byte, beside the backup in its place or still in theirs."""
    key = reopened(store)
    evidence = [part.read_bytes() for part in parts(store.parent / _EVIDENCE / store.name)]
    held = [stem for stem in (store, *_put_aside(store)) if [part.read_bytes() for part in parts(stem)] == evidence]
    assert held
    assert not told or held != [store]
    if held[0] == store:
        restore(store, backups_of(store)[-1], key, NOW, 0.0)
    assert _notes(store, key) == [*_EARLIER]
    check_backups(store, key)
    check_pages(store, key)


def parts(stem: Path) -> list[Path]:
    """The file of a store and its log."""
    beside = (stem.with_name(stem.name + suffix) for suffix in ("", "-wal", "-journal"))
    return [path for path in beside if path.exists()]


def _put_aside(store: Path) -> Iterator[Path]:
    found = store.parent.glob(f"{store.name}.replaced-*")
    return (path for path in found if not path.name.endswith((*sqlite.SIDE_FILES, ".lock")))


SAFEKEEPING = {
    **{
        f"update {shape}": Deed(
            partial(prepare_older, shape=shape),
            bring_up_to_date,
            partial(check_up_to_date, shape=shape),
            lasts=False,
        )
        for shape in SHAPES
        if shape != migrate.HEAD
    },
    "back up": Deed(prepare_citizens, write_and_back_up, check_backed_up),
    "restore": Deed(prepare_to_restore, go_back, check_restored, lasts=False),
    "restore damaged": Deed(prepare_damaged, go_back, check_damaged_is_kept, lasts=False),
}
