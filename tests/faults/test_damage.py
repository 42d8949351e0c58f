"""Whatever happens to the file of an encrypted store: what is read is right, or a sentence says that it is damaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.domain.citizens import Citizen
from planner.errors import StoreError
from planner.services.ports import JournalRow, Note
from planner.store import engine, sqlite
from planner.store.sqlite import StoreFile
from tests.faults.deeds import caseload, init
from tests.full import many
from tests.store.support import opened

_PAGE = 4096
Rows = tuple[dict[str, Citizen], dict[str, tuple[Note, ...]], list[JournalRow], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Whole:
    """The files of a store, its key, and all that is in it."""

    path: Path
    files: Mapping[str, bytes] = field(repr=False)
    key: bytes
    rows: Rows = field(repr=False)

    @property
    def content(self) -> bytes:
        """The file itself, without what lies beside it."""
        return self.files[self.path.name]

    @property
    def pages(self) -> int:
        """How many pages the file has."""
        return len(self.content) // _PAGE


def rows(path: Path, key: bytes) -> Rows:
    """All that can be read, after a look at the journal's chain."""
    with opened(path, key=key) as store, store.read() as view:
        view.verify()
        citizens, journal = view.citizens(), view.journal()
        notes = {citizen: view.notes(citizen) for citizen in citizens}
        return citizens, notes, journal, tuple(view.changes(row.seq) for row in journal)


@pytest.fixture(scope="module", params=["closed", "crashed"])
def whole(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Whole:
    """A store that was closed, or one whose process was gone while part of what it had written was in the log."""
    path = tmp_path_factory.mktemp("damage") / "s.db"
    key = init(path)
    with opened(path, key=key) as store, store.write() as unit:
        keys = [unit.add_citizen(citizen) for citizen in caseload(1, 20).citizens]
        unit.record("load", None, {})
    with opened(path, key=key) as store:
        for number, citizen in enumerate(keys):
            with store.write() as unit:
                unit.add_note(citizen, f"Notat {number} " + "og så videre " * 40 * number)
                unit.record("note", citizen, {})
        crashed = files(path.parent)
    closed = files(path.parent)
    return Whole(path, closed if request.param == "closed" else crashed, key, rows(path, key))


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder; the lock is left out, which is none of it, and shared memory, which is made anew."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix not in (".lock", ".db-shm")}


def put(whole: Whole, content: bytes) -> dict[str, bytes]:
    """Put another file in the place of the store's; gives all files."""
    for path in whole.path.parent.iterdir():
        path.unlink()
    put = {**whole.files, whole.path.name: content}
    for name, data in put.items():
        whole.path.with_name(name).write_bytes(data)
    return put


def flipped(content: bytes, places_and_bits: list[tuple[int, int]]) -> bytes:
    """Bits have changed."""
    made = bytearray(content)
    for place, bit in places_and_bits:
        made[place % len(made)] ^= 1 << bit
    return bytes(made)


def covered(content: bytes, first: int, last: int, by: bytes, unit: int) -> bytes:
    """All from one unit to another one is covered by one byte."""
    units = len(content) // unit
    first, last = sorted((first % units * unit, (last % units + 1) * unit))
    return content[:first] + by * (last - first) + content[last:]


def exchanged(content: bytes, to: int, by: int, back: bool) -> bytes:
    """A page stands in the place of another one, which may stand in its."""
    pages = [content[at : at + _PAGE] for at in range(0, len(content), _PAGE)]
    to, by = to % len(pages), by % len(pages)
    pages[to], pages[by] = pages[by], pages[to] if back else pages[by]
    return b"".join(pages)


def cut(content: bytes, length: int, unit: int) -> bytes:
    """Only so many units are left."""
    return content[: length % (len(content) // unit) * unit]


somewhere = st.integers(0, 1 << 20)
units = st.sampled_from([1, _PAGE])
accidents: st.SearchStrategy[Callable[[bytes], bytes]] = st.one_of(
    st.lists(st.tuples(somewhere, st.integers(0, 7)), min_size=1, max_size=4).map(
        lambda bits: lambda content: flipped(content, bits)
    ),
    st.builds(
        lambda first, last, by, unit: lambda content: covered(content, first, last, by, unit),
        somewhere,
        somewhere,
        st.sampled_from([b"\0", b"\xff"]),
        units,
    ),
    st.builds(
        lambda to, by, back: lambda content: exchanged(content, to, by, back), somewhere, somewhere, st.booleans()
    ),
    st.builds(lambda length, unit: lambda content: cut(content, length, unit), somewhere, units),
    st.binary(min_size=1, max_size=_PAGE).map(lambda more: lambda content: content + more),
)


@settings(max_examples=many(30, 1000))
@given(accidents)
@example(lambda content: content[:1])
def test_after_any_accident_it_is_right_or_refused_and_stays_as_it_is(
    whole: Whole, accident: Callable[[bytes], bytes]
) -> None:
    before = put(whole, accident(whole.content))
    try:
        found = rows(whole.path, whole.key)
    except StoreError:
        after = files(whole.path.parent)
        assert [name for name in before | after if before.get(name) != after.get(name)] == []
    else:
        assert found == whole.rows


def test_each_page_in_turn_is_missed(whole: Whole) -> None:
    """A page of zeros, which the cipher may take for one that was never written, is noticed wherever it counts."""
    for number in range(whole.pages):
        at = number * _PAGE
        put(whole, whole.content[:at] + bytes(_PAGE) + whole.content[at + _PAGE :])
        with suppress(StoreError):
            assert rows(whole.path, whole.key) == whole.rows


def test_a_large_store_is_read_rightly_or_refused_and_never_changed_where_it_is_damaged(whole: Whole) -> None:
    """The whole of a large file is looked through only before the first change; what is read before is right."""
    with patch.object(engine, "SMALL", 0):
        for number in range(whole.pages):
            at = number * _PAGE
            for page in (bytes(_PAGE), whole.content[:_PAGE], flipped(whole.content[at : at + _PAGE], [(300, 1)])):
                put(whole, whole.content[:at] + page + whole.content[at + _PAGE :])
                with suppress(StoreError):
                    assert rows(whole.path, whole.key) == whole.rows
                with suppress(StoreError), opened(whole.path, key=whole.key) as store, store.write() as unit:
                    with closing(sqlite.connect(StoreFile(whole.path, whole.key))) as connection:
                        assert sqlite.is_sound(connection)
                    unit.save_mapping("x", {})
                    unit.record("mapping", None, {})
