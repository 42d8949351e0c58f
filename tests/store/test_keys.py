"""Keys: every secret opens its slot and no other does, and no damage to a file is more than a message."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError, Refused, StoreError
from planner.store.keys import slots
from planner.store.keys.beside import has_key, key_paths
from planner.store.keys.files import mend, read_ring, ring_bytes, ring_of, write_ring
from planner.store.keys.recovery import groups, new_recovery_key, read_recovery_key
from planner.store.keys.ring import KeyRing, WrongSecret, new_ring
from planner.store.keys.slots import Cost, Kind, seal, unseal
from tests.cheap_keys import cheap_keys

TODAY = date(2026, 11, 23)
PASSPHRASE = "blåbærgrød på fad"


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with cheap_keys():
        yield


def test_new_slots_cost_a_guess_64_mebibytes_and_three_passes() -> None:
    assert Cost() == Cost(64 * 1024, 3, 4)
    assert Cost().is_bearable()


def test_passphrase_and_recovery_key_open_the_same_store() -> None:
    ring, key, recovery = new_ring(PASSPHRASE, TODAY)
    assert len(key) == 32
    assert ring.unlock(Kind.PASSPHRASE, PASSPHRASE) == key
    assert ring.unlock(Kind.RECOVERY, recovery) == key
    assert new_ring(PASSPHRASE, TODAY)[1] != key


@given(st.text(min_size=1, max_size=40).filter(lambda text: text != PASSPHRASE))
def test_no_other_passphrase_opens(text: str) -> None:
    ring, _, recovery = new_ring(PASSPHRASE, TODAY)
    for kind, secret in ((Kind.PASSPHRASE, text), (Kind.RECOVERY, PASSPHRASE), (Kind.PASSPHRASE, recovery)):
        with pytest.raises(WrongSecret):
            ring.unlock(kind, secret)


def test_letters_that_are_composed_otherwise_are_the_same_and_blanks_count() -> None:
    ring, key, _ = new_ring("Blåbærgrød og fløde", TODAY)
    assert ring.unlock(Kind.PASSPHRASE, "Bla\u030abærgrød og fløde") == key
    with pytest.raises(WrongSecret):
        ring.unlock(Kind.PASSPHRASE, "Blåbærgrød og fløde ")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match="at least 10"):
        new_ring("kort", TODAY)


@given(st.data())
def test_a_slot_that_was_changed_anywhere_does_not_open(data: st.DataObject) -> None:
    slot = seal(b"k" * 32, PASSPHRASE, Kind.PASSPHRASE, 1, "store", TODAY)
    assert unseal(slot, PASSPHRASE, "store") == b"k" * 32
    assert unseal(slot, PASSPHRASE, "another store") is None
    field = data.draw(st.sampled_from(["salt", "nonce", "wrapped"]))
    text = getattr(slot, field)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([sign for sign in "0123456789abcdefz" if sign != text[at]]))
    changed = msgspec.structs.replace(slot, **{field: text[:at] + other + text[at + 1 :]})
    assert unseal(changed, PASSPHRASE, "store") is None


@pytest.mark.parametrize(
    "change",
    [{"memory": 16}, {"passes": 2}, {"id": 2}, {"kind": Kind.RECOVERY}, {"made_on": date(2020, 1, 1)}, {"lanes": 0}],
)
def test_a_slot_cannot_be_made_cheaper_nor_another(change: dict[str, object]) -> None:
    slot = seal(b"k" * 32, PASSPHRASE, Kind.PASSPHRASE, 1, "store", TODAY)
    assert unseal(msgspec.structs.replace(slot, **change), PASSPHRASE, "store") is None


@pytest.mark.parametrize("cost", [{"memory": 1 << 40}, {"passes": 1 << 30}, {"lanes": 1 << 20}, {"memory": -1}])
def test_a_key_file_cannot_ask_for_more_than_a_machine_has(cost: dict[str, int]) -> None:
    slot = seal(b"k" * 32, PASSPHRASE, Kind.PASSPHRASE, 1, "store", TODAY)
    assert unseal(msgspec.structs.replace(slot, **cost), PASSPHRASE, "store") is None


def test_changing_the_passphrase_leaves_key_and_recovery_key() -> None:
    ring, key, recovery = new_ring(PASSPHRASE, TODAY)
    changed = ring.replacing(key, Kind.PASSPHRASE, "en helt anden sætning", TODAY)
    assert changed.unlock(Kind.PASSPHRASE, "en helt anden sætning") == key
    assert changed.unlock(Kind.RECOVERY, recovery) == key
    with pytest.raises(WrongSecret):
        changed.unlock(Kind.PASSPHRASE, PASSPHRASE)
    assert changed.serial > ring.serial
    assert len({slot.id for slot in changed.slots}) == len(changed.slots) == 2


def test_the_last_slot_of_a_kind_that_is_needed_stays() -> None:
    ring, key, _ = new_ring(PASSPHRASE, TODAY)
    for number in (1, 2):
        with pytest.raises(Refused, match="last slot"):
            ring.without(number)
    with pytest.raises(Refused, match="no key slot number 9"):
        ring.without(9)
    more = ring.having(key, Kind.KEYRING, "x", TODAY)
    assert more.without(3).slots == ring.slots
    second = ring.having(key, Kind.PASSPHRASE, "kollegaens sætning", TODAY).without(1)
    assert second.unlock(Kind.PASSPHRASE, "kollegaens sætning") == key


class TestRecoveryKey:
    def test_it_has_eight_groups_of_four(self) -> None:
        made = new_recovery_key()
        assert [len(group) for group in made.split("-")] == [4] * 8
        assert groups(made) == made.split("-")
        assert made != new_recovery_key()

    @given(st.data())
    def test_it_is_read_however_it_is_typed(self, data: st.DataObject) -> None:
        made = new_recovery_key()
        between = data.draw(st.sampled_from(["-", " ", "", " - ", "\n", "–"]))
        typed = between.join(made.split("-")).replace("0", data.draw(st.sampled_from("0oO")))
        typed = typed.replace("1", data.draw(st.sampled_from("1iIlL")))
        assert read_recovery_key(typed.lower() if data.draw(st.booleans()) else typed) == made

    @pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-" * 9, "ABC!" * 8, "U" * 32, PASSPHRASE])
    def test_anything_else_is_told(self, typed: str) -> None:
        with pytest.raises(InputError, match="eight groups of four"):
            read_recovery_key(typed)


class TestFiles:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Path:
        return tmp_path / "planner.db"

    @pytest.fixture
    def ring(self, store: Path) -> KeyRing:
        ring = new_ring(PASSPHRASE, TODAY)[0]
        write_ring(store, ring)
        return ring

    def test_both_files_hold_the_ring_for_this_user_alone(self, store: Path, ring: KeyRing) -> None:
        assert has_key(store)
        assert read_ring(store) == ring
        assert [ring_of(path.read_bytes()) for path in key_paths(store)] == [ring, ring]
        if sys.platform != "win32":
            assert {stat.S_IMODE(path.stat().st_mode) for path in key_paths(store)} == {0o600}
        assert {path.name for path in store.parent.iterdir()} == {path.name for path in key_paths(store)}

    @pytest.mark.parametrize("torn", [0, 1])
    def test_cut_at_every_byte_either_file_opens_from_the_other_and_is_mended(
        self, store: Path, ring: KeyRing, torn: int
    ) -> None:
        path = key_paths(store)[torn]
        whole = path.read_bytes()
        for length in range(len(whole) - 1):
            path.write_bytes(whole[:length])
            assert read_ring(store) == ring
        mend(store, read_ring(store))
        assert path.read_bytes() == whole

    def test_a_missing_file_is_written_again(self, store: Path, ring: KeyRing) -> None:
        key_paths(store)[0].unlink()
        mend(store, read_ring(store))
        assert ring_of(key_paths(store)[0].read_bytes()) == ring

    def test_the_newer_of_two_holds_and_mends_the_older(self, store: Path, ring: KeyRing) -> None:
        key = ring.unlock(Kind.PASSPHRASE, PASSPHRASE)
        newer = ring.replacing(key, Kind.PASSPHRASE, "en helt anden sætning", TODAY)
        key_paths(store)[1].write_bytes(ring_bytes(newer))
        assert read_ring(store) == newer
        mend(store, newer)
        assert ring_of(key_paths(store)[0].read_bytes()) == newer

    def test_without_a_whole_file_it_says_so(self, store: Path, ring: KeyRing) -> None:
        first, second = key_paths(store)
        first.unlink()
        second.write_bytes(second.read_bytes()[:-20])
        with pytest.raises(StoreError, match=r"missing or damaged.*backup"):
            read_ring(store)
        assert has_key(store)

    def test_a_key_file_with_more_slots_than_anybody_has_is_none(self) -> None:
        many = KeyRing(RING.store, 1, RING.slots * 17)
        assert ring_of(ring_bytes(many)) is None

    @given(st.binary(max_size=300))
    def test_no_bytes_are_more_than_no_ring(self, data: bytes) -> None:
        assert ring_of(data) is None

    @given(st.data())
    def test_a_flipped_bit_is_noticed_or_harmless(self, data: st.DataObject) -> None:
        whole = ring_bytes(RING)
        at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
        flipped = bytearray(whole)
        flipped[at] ^= 1 << bit
        assert ring_of(bytes(flipped)) in (None, RING)

    @pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="the administrator may write everywhere")
    def test_a_folder_that_cannot_be_written_is_told_or_passed_over(self, store: Path, ring: KeyRing) -> None:
        key_paths(store)[1].unlink()
        store.parent.chmod(0o500)
        try:
            mend(store, ring)
            with pytest.raises(StoreError, match="cannot be written"):
                write_ring(store, ring)
        finally:
            store.parent.chmod(0o700)


RING = KeyRing("00" * 16, 3, (slots.Slot(1, Kind.PASSPHRASE, TODAY, 8, 1, 1, "00" * 16, "00" * 12, "00" * 48),))
