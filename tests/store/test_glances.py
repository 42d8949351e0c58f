"""What was shown last is shown again only while nothing has changed, and read without anything but the driver."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from planner.glances import basis
from planner.services.ports import Glance
from planner.store import sqlite
from planner.store.engine import SqlStore, open_store
from planner.store.glances import Glances, glance
from planner.store.sqlite import StoreFile
from tests.store.support import FixedClock, aase

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def filled(path: Path) -> str:
    """A store with one citizen and a glance of it; gives the state that it was made from."""
    store = open_store(path, FixedClock(), 0.0)
    with store.write() as unit:
        unit.add_citizen(aase())
        unit.record("load", None, {})
    state = head_of(store)
    store.keep_glance(Glance("list", state, "made from this", "Åse".encode()))
    store.close()
    sqlite.mark_demo(path)
    return state


def head_of(store: SqlStore) -> str:
    with store.read() as view:
        return view.head_hash()


def seen(path: Path, made_from: str = "made from this") -> bytes | None:
    found: list[bytes | None] = [None]

    def see(glances: Glances) -> None:
        found[0] = glances.of("list", made_from)  # nobody need know of it

    assert glance(StoreFile(path), NOW, "today", see) is None
    return found[0]


def looks(path: Path) -> int:
    with closing(sqlite.connect(StoreFile(path))) as connection:
        return int(connection.execute("SELECT count(*) FROM accesses").fetchone()[0])


def test_a_glance_is_read_again(tmp_path: Path) -> None:
    filled(tmp_path / "s.db")
    assert seen(tmp_path / "s.db") == "Åse".encode()


def test_the_state_of_the_store_is_known_without_reading_it(tmp_path: Path) -> None:
    state, found = filled(tmp_path / "s.db"), list[str]()
    glance(StoreFile(tmp_path / "s.db"), NOW, "today", lambda glances: found.append(glances.state))
    assert found == [state]


def test_who_sees_somebody_is_logged(tmp_path: Path) -> None:
    filled(tmp_path / "s.db")
    assert glance(StoreFile(tmp_path / "s.db"), NOW, "today", lambda glances: ("Åse", 1)) == "Åse"
    assert looks(tmp_path / "s.db") == 1


def test_where_the_store_is_to_be_brought_up_to_date_nothing_is_logged_yet(tmp_path: Path) -> None:
    filled(tmp_path / "s.db")
    with closing(sqlite.connect(StoreFile(tmp_path / "s.db"))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert glance(StoreFile(tmp_path / "s.db"), NOW, "today", lambda glances: ("Åse", 1)) is None
    assert looks(tmp_path / "s.db") == 0


def test_one_that_was_made_from_something_else_is_none(tmp_path: Path) -> None:
    filled(tmp_path / "s.db")
    assert seen(tmp_path / "s.db", "made from that") is None


def test_a_list_that_came_too_late_is_not_kept(tmp_path: Path) -> None:
    state = filled(tmp_path / "s.db")
    store = open_store(tmp_path / "s.db", FixedClock(), 0.0)
    with store.write() as unit:
        unit.add_note(unit.key_of("c-1") or "", "ringet")
        unit.record("note", unit.key_of("c-1"), {})
    assert head_of(store) != state
    store.keep_glance(Glance("list", state, "late", b"late"))
    store.close()
    assert seen(tmp_path / "s.db", "late") is None
    assert seen(tmp_path / "s.db") is not None  # whose basis names another state: nobody asks for it any more


@pytest.mark.parametrize("wrong", ["missing", "no store", "in use", "cut off", "not a demo", "older"])
def test_where_anything_is_unusual_there_is_none(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "s.db"
    filled(path)
    held = None
    if wrong == "missing":
        path.unlink()
    elif wrong == "no store":
        path.write_bytes(b"something else" * 1000)
    elif wrong == "in use":
        held = open_store(path, FixedClock(), 0.0)
    elif wrong == "cut off":
        path.with_name("s.db-wal").write_bytes(b"x" * 100)
    elif wrong == "not a demo":
        with closing(sqlite.connect(StoreFile(path))) as connection:
            connection.execute("PRAGMA application_id = 0")
    elif wrong == "older":
        with closing(sqlite.connect(StoreFile(path))) as connection:
            connection.execute("DROP TABLE glances")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert seen(path) is None
    after = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {name: after.get(name) for name in before if name != "s.db-shm"} == {
        name: data for name, data in before.items() if name != "s.db-shm"
    }
    if held is not None:
        held.close()


def test_the_basis_tells_whatever_a_list_depends_on_apart() -> None:
    one = basis("a", MONDAY, False, "da", "cpr")
    others = [
        basis("b", MONDAY, False, "da", "cpr"),
        basis("a", date(2026, 11, 24), False, "da", "cpr"),
        basis("a", MONDAY, False, "en", "cpr"),
        basis("a", MONDAY, False, "da", "names"),
        basis("a", MONDAY, False, "dacpr"),
        basis("a", MONDAY, True, "da", "cpr"),
    ]
    assert one not in others
    assert one == basis("a", MONDAY, False, "da", "cpr")


def test_it_is_read_with_the_driver_alone(tmp_path: Path) -> None:
    filled(tmp_path / "s.db")
    code = (
        "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from planner.store.glances import glance\nfrom planner.store.sqlite import StoreFile\n"
        "def see(g):\n    return g.of('list', 'made from this'), 1\n"
        "assert glance(StoreFile(Path(sys.argv[1])), datetime.now(UTC), 'today', see)\n"
        "sys.exit(' '.join({'sqlalchemy', 'msgspec', 'asyncio'} & sys.modules.keys()) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s.db")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
