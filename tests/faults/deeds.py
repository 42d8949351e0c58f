"""What a process does to a store until something stops it, and what must hold of the store afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Caseload
from planner.exchange.rule_files import load_rules
from planner.services.desk import Desk
from planner.services.ports import KeptPlan
from planner.store import migrate, sqlite, vault
from planner.store.engine import open_store
from planner.store.keys import unlocking
from planner.store.keys.ring import WrongSecret
from planner.store.keys.slots import Kind
from planner.store.sqlite import StoreFile
from tests.cheap_keys import cheap_keys
from tests.store.pages import plain_pages
from tests.store.support import MONDAY, FixedClock, aase, opened

PASSPHRASE = "blåbærgrød på fad"
#: Stands in each citizen, and must be nowhere in clear.
MARK = "Ærlig-Ødegård"
BATCH = 12
RULES = load_rules()
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Deed:
    """`run` tells each thing when it is done for good; `check` is given all that was told before the end.

    `lasts`: it goes on until it is stopped or has done `rounds`; else it is done once.
    """

    prepare: Callable[[Path], None]
    run: Callable[[Path, Tell, int], None]
    check: Callable[[Path, Sequence[str]], None]
    lasts: bool = True


def rounds(most: int) -> Sequence[int] | count[int]:
    """The numbers of the rounds; no end for 0."""
    return range(1, most + 1) if most else count(1)


def init(store: Path) -> bytes:
    """An encrypted store; gives its key."""
    with cheap_keys():
        vault.init(store, vault.prepare(PASSPHRASE, MONDAY))
    return unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE)


def reopened(store: Path, passphrase: str = PASSPHRASE) -> bytes:
    """The key, after what was left half done is finished, as the program does it."""
    key = unlocking.unlock(store, Kind.PASSPHRASE, passphrase)
    vault.finish(store, key, 0.0)
    return key


def desk_on(store: Path, key: bytes) -> Desk:
    """A desk on the store."""
    clock = FixedClock()
    return Desk(open_store(store, clock, 0.0, key), RULES, clock, plan_form(), templates())


def caseload(first: int, size: int) -> Caseload:
    """Citizens numbered from `first` on."""
    return Caseload(MONDAY, "Prøveby", tuple(aase(f"c-{number}") for number in range(first, first + size)))


def check_pages(store: Path, key: bytes | None) -> None:
    """Every page is whole and they fit together."""
    with closing(sqlite.connect(StoreFile(store, key))) as connection:
        assert [tuple(row) for row in connection.execute("PRAGMA quick_check")] == [("ok",)]
        assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def prepare_citizens(store: Path) -> None:
    """An encrypted store with a few citizens."""
    key = init(store)
    with desk_on(store, key) as desk:
        desk.load_caseload(caseload(1, 3))


# -- notes, two at a time


def write_pairs(store: Path, tell: Tell, most: int) -> None:
    """Units of two notes, and every third time a plan beside them."""
    with opened(store, key=reopened(store)) as kept:
        with kept.read() as view:
            citizen = view.key_of("c-1") or ""
        for number in rounds(most):
            with kept.write() as unit:
                for _ in range(2):
                    unit.add_note(citizen, f"{number} " + "å" * 700)
                unit.record("note", citizen, {})
            tell(str(number))
            if number % 3 == 0:
                with kept.read() as view:
                    state = view.head_hash()
                kept.keep_plan(KeptPlan(str(number), bytes(number), None), state)


def check_pairs(store: Path, told: Sequence[str]) -> None:
    """Every pair that was told is there, and none is half."""
    key = reopened(store)
    with opened(store, key=key) as kept, kept.read() as view:
        found = Counter(int(note.text.split()[0]) for note in view.notes(view.key_of("c-1") or ""))
        assert set(found) == set(range(1, len(found) + 1))
        assert set(found.values()) <= {2}
        assert len(found) >= len(told)
        assert view.head() == 1 + len(found)
        plan = view.kept_plan()
        assert len(told) < 3 + 1 or plan is not None
        assert plan is None or plan.data == bytes(int(plan.basis))
        view.verify()
    check_pages(store, key)


# -- imports


def import_batches(store: Path, tell: Tell, most: int) -> None:
    """Caseloads of twelve new citizens, one action each."""
    with desk_on(store, reopened(store)) as desk:
        for number in rounds(most):
            desk.load_caseload(caseload(1 + 100 * number, BATCH))
            tell(str(number))


def check_batches(store: Path, told: Sequence[str]) -> None:
    """Every caseload that was told is there, and none is half."""
    key = reopened(store)
    with opened(store, key=key) as kept, kept.read() as view:
        loaded = view.head() - 1
        assert loaded >= len(told)
        expected = {*range(1, 4), *(1 + 100 * r + one for r in range(1, loaded + 1) for one in range(BATCH))}
        citizens = {citizen.id: citizen for citizen in view.citizens().values()}
        assert set(citizens) == {f"c-{number}" for number in expected}
        for citizen in citizens.values():
            assert (len(citizen.facts), len(citizen.conversations), len(citizen.unavailable)) == (1, 2, 2)
        view.verify()
    check_pages(store, key)


# -- undo and redo


def undo_and_redo(store: Path, tell: Tell, most: int) -> None:
    """A pair of notes, taken back, done again, for ever."""
    with desk_on(store, reopened(store)) as desk:
        kept = desk._room.store
        with kept.read() as view:
            citizen = view.key_of("c-1") or ""
        for number in rounds(most):
            with kept.write() as unit:
                for _ in range(2):
                    unit.add_note(citizen, str(number))
                unit.record("note", citizen, {})
            tell("note")
            for step in (desk.undo, desk.redo, desk.undo, desk.redo)[: number % 5]:
                step()
                tell(step.__name__)


def check_undone(store: Path, told: Sequence[str]) -> None:
    """What stands in the store is what its journal says, which begins with all that was told."""
    key = reopened(store)
    with opened(store, key=key) as kept, kept.read() as view:
        verbs = [row.verb for row in reversed(view.journal())][1:]
        assert verbs[: len(told)] == list(told)
        pairs = sum({"note": 1, "undo": -1, "redo": 1}[verb] for verb in verbs)
        found = Counter(note.text for note in view.notes(view.key_of("c-1") or ""))
        assert set(found.values()) <= {2}
        assert len(found) == pairs
        view.verify()
    check_pages(store, key)


# -- another passphrase


def _passphrase(number: int) -> str:
    return f"sætning nummer {number}" if number else PASSPHRASE


def change_passphrases(store: Path, tell: Tell, most: int) -> None:
    """One passphrase after another."""
    key = reopened(store)
    for number in rounds(most):
        vault.change_passphrase(store, key, _passphrase(number), MONDAY, 0.0)
        tell(str(number))


def check_passphrase(store: Path, told: Sequence[str]) -> None:
    """The passphrase told last opens it, or the one after it; and only that."""
    at = len(told)
    opens = [number for number in range(at + 2) if _opens(store, _passphrase(number))]
    assert opens in ([at], [at + 1])
    key = reopened(store, _passphrase(opens[0]))
    with opened(store, key=key) as kept, kept.read() as view:
        assert len(view.citizens()) == 3
        view.verify()
    check_pages(store, key)


def _opens(store: Path, passphrase: str) -> bool:
    try:
        unlocking.unlock(store, Kind.PASSPHRASE, passphrase)
    except WrongSecret:
        return False
    return True


# -- erasing, with looks beside it


def erase(store: Path, tell: Tell, most: int) -> None:
    """Somebody new, closed at once, looked at, and erased; for ever."""
    with desk_on(store, reopened(store)) as desk:
        for number in rounds(most):
            gone = replace(aase(f"g-{number}"), name=_gone(number), closed_on=date(2026, 11, 1), conversations=())
            desk.load_caseload(Caseload(MONDAY, "Prøveby", (gone,)))
            desk.looked("citizen", gone.id)
            desk.cases.erase([gone.id])
            tell(str(number))


def check_erased(store: Path, told: Sequence[str]) -> None:
    """Whoever was told to be erased is nowhere, in no page either; all others are there, and both chains hold."""
    key = reopened(store)
    with opened(store, key=key) as kept, kept.read() as view:
        people = {citizen.id for citizen in view.citizens().values()}
        assert {f"c-{number}" for number in (1, 2, 3)} <= people
        assert not {f"g-{number}" for number in told} & people
        assert len(people) <= 4
        assert len([row for row in view.accesses() if row.access.citizen]) >= len(told)
        assert all(view.erased(f"g-{number}") for number in told)
        view.verify()
    pages = plain_pages(store, key)
    assert [number for number in told if _gone(int(number)).encode() in pages] == []
    check_pages(store, key)


def _gone(number: int) -> str:
    return f"Borte Nummer{number:06}"


# -- encrypting what is there


def prepare_plain(store: Path) -> None:
    """A store that is not encrypted, with a copy from before a migration."""
    with opened(store) as kept, kept.write() as unit:
        for citizen in caseload(1, BATCH).citizens:
            unit.add_citizen(citizen)
        unit.record("load", None, {})
    copyfile(store, store.with_name(f"{store.name}.before-{migrate.HEAD}"))


def encrypt(store: Path, tell: Tell, most: int) -> None:
    """Encrypt it."""
    vault.init(store, vault.prepare(PASSPHRASE, MONDAY), 0.0)
    tell("encrypted")


def check_encrypted(store: Path, told: Sequence[str]) -> None:
    """It is as it was, or it is encrypted and nothing stays in clear; in both cases everybody is there."""
    locked = vault.state(store) is vault.State.LOCKED
    assert locked or not told
    key = reopened(store) if locked else None
    with opened(store, key=key) as kept, kept.read() as view:
        found = [replace(citizen, conversations=(), facts=()) for citizen in view.citizens().values()]
        assert sorted(citizen.id for citizen in found) == sorted(c.id for c in caseload(1, BATCH).citizens)
        view.verify()
    check_pages(store, key)
    if key is None:
        encrypt(store, lambda _: None, 1)
        check_encrypted(store, ["encrypted"])
    else:
        assert [path.name for path in store.parent.iterdir() if MARK.encode() in path.read_bytes()] == []


WRITING = {
    "write": Deed(prepare_citizens, write_pairs, check_pairs),
    "import": Deed(prepare_citizens, import_batches, check_batches),
    "undo": Deed(prepare_citizens, undo_and_redo, check_undone),
    "passphrase": Deed(prepare_citizens, change_passphrases, check_passphrase),
    "erase": Deed(prepare_citizens, erase, check_erased),
    "encrypt": Deed(prepare_plain, encrypt, check_encrypted, lasts=False),
}


@contextmanager
def also(pragmas: Sequence[str]) -> Iterator[None]:
    """Every connection of this process is made with other settings."""
    plain = sqlite.connect

    def connect(file: StoreFile, **choices: bool) -> Any:
        connection = plain(file, **choices)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "connect", connect)
        yield
