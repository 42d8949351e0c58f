"""The system's keyring: it spares the passphrase where all is well, and nobody misses it where it is not."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from planner.cli.secrets import FILE_VARIABLE, LOCKED_VARIABLE
from planner.store.keys import unlocking
from planner.store.keys.keyring_of_os import SERVICE
from planner.store.keys.slots import Kind
from tests.cli.conftest import PASSPHRASE, Line
from tests.keyrings import Chain, FakeKeyring, install


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """The library with a keyring in which nothing is yet."""
    made = FakeKeyring()
    install(monkeypatch, lambda: made)
    return made


@pytest.fixture
def opened(line: Line, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """A store that the keyring opens, and nobody who could be asked."""
    assert line("key", "keyring").code == 0
    monkeypatch.delenv(FILE_VARIABLE)
    return keyring


def files(folder: Path) -> dict[str, str]:
    """What lies beside the store, but for its locks and what the database itself keeps there."""
    kept = [one for one in folder.glob("planner.db*") if one.is_file() and not one.name.endswith(("-wal", "-shm"))]
    return {one.name: sha256(one.read_bytes()).hexdigest() for one in kept}


def asks(answer_error: str) -> bool:
    """Whether the passphrase was wanted."""
    return FILE_VARIABLE in answer_error


def test_the_keyring_opens_the_store_without_a_question(line: Line, opened: FakeKeyring) -> None:
    (secret,) = opened.secrets.values()
    assert re.fullmatch(r"[0-9a-f]{64}", secret)
    answer = line("today")
    assert (answer.code, answer.err) == (0, "")
    listed = line("key")
    assert "3. styresystemets nøglering" in listed.out
    doctor = line("doctor")
    assert "styresystemets nøglering: den åbner lageret" in doctor.out
    assert secret not in doctor.out + listed.out + answer.out


@pytest.mark.parametrize("trouble", ["missing", "broken", "emptied", "other", "number", "locked", "unsafe"])
def test_without_the_keyring_the_passphrase_is_asked_for_and_nothing_changes(
    line: Line, opened: FakeKeyring, trouble: str, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(iter(opened.secrets))
    match trouble:
        case "missing":
            monkeypatch.setitem(sys.modules, "keyring", None)
        case "broken":
            install(monkeypatch, lambda: 1 / 0)
        case "emptied":
            opened.secrets.clear()
        case "other":
            opened.secrets[name] = "something else"
        case "number":
            opened.secrets[name] = 7  # type: ignore[assignment]
        case "locked":
            opened.fails = RuntimeError("locked")
        case "unsafe":
            opened.priority = 0.5
    before = files(tmp_path)
    answer = line("today")
    assert answer.code == 6
    assert asks(answer.err)
    assert files(tmp_path) == before
    monkeypatch.setenv(FILE_VARIABLE, str(secret))
    assert line("today").code == 0
    assert "den åbner ikke lageret" in line("doctor").out


def test_after_a_lock_only_the_passphrase_opens_and_then_the_keyring_again(
    line: Line, opened: FakeKeyring, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = opened.asked
    monkeypatch.setenv(LOCKED_VARIABLE, "1")
    assert line("today").code == 6
    unlocking.await_passphrase(tmp_path / "planner.db")  # whoever leaves the question and starts anew
    assert line("today").code == 6
    assert opened.asked == asked
    monkeypatch.setenv(FILE_VARIABLE, str(secret))
    assert line("today").code == 0
    monkeypatch.delenv(FILE_VARIABLE)
    assert line("today").code == 0


@pytest.mark.parametrize(
    "words", [("key", "remove", "3"), ("key", "passphrase", "--passphrase-file", "new"), ("key", "keyring")]
)
def test_an_open_session_is_not_enough_to_change_the_keys(
    line: Line, opened: FakeKeyring, words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "new").write_text("en helt anden sætning\n", encoding="utf-8")
    (tmp_path / "new").chmod(0o600)
    before = files(tmp_path)
    answer = line(*words)
    assert answer.code == 6
    assert asks(answer.err)
    assert files(tmp_path) == before


def test_its_slot_can_go_and_those_of_passphrase_and_recovery_key_cannot(
    line: Line, opened: FakeKeyring, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE_VARIABLE, str(secret))
    for number in (1, 2):
        assert line("key", "remove", number).code == 5
    assert len(opened.secrets) == 1
    assert line("key", "remove", 3).code == 0
    assert opened.secrets == {}
    asked = opened.asked
    assert line("today").code == 0
    assert opened.asked == asked
    assert "nøglering" not in line("key").out + line("doctor").out


def test_a_second_time_there_is_one_slot_with_another_secret(
    line: Line, opened: FakeKeyring, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(opened.secrets)
    monkeypatch.setenv(FILE_VARIABLE, str(secret))
    assert line("key", "keyring").code == 0
    assert opened.secrets.keys() == before.keys()
    assert opened.secrets != before
    kinds = [slot.kind for slot in unlocking.slots(tmp_path / "planner.db")]
    assert kinds == [Kind.PASSPHRASE, Kind.RECOVERY, Kind.KEYRING]


def test_another_passphrase_leaves_the_keyring_its_slot(
    line: Line, opened: FakeKeyring, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.write_text("en helt anden sætning\n", encoding="utf-8")
    other.chmod(0o600)
    monkeypatch.setenv(FILE_VARIABLE, str(secret))
    assert line("key", "passphrase", "--passphrase-file", other).code == 0
    monkeypatch.delenv(FILE_VARIABLE)
    assert line("today").code == 0


@pytest.mark.parametrize(("missing", "told"), [(True, "pip install keyring"), (False, "ingen nøglering")])
def test_where_there_is_none_it_says_so_before_anything_is_asked(
    line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: bool, told: str
) -> None:
    install(monkeypatch, lambda: Chain(FakeKeyring(0.5), FakeKeyring(0.6)))
    if missing:
        monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv(FILE_VARIABLE)
    before = files(tmp_path)
    answer = line("key", "keyring")
    assert answer.code == 5
    assert told in answer.err
    assert files(tmp_path) == before


def test_of_several_keyrings_the_one_that_guards_is_taken(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, good = FakeKeyring(0.5), FakeKeyring(5)
    install(monkeypatch, lambda: Chain(plain, good))
    assert line("key", "keyring").code == 0
    assert (len(plain.secrets), len(good.secrets)) == (0, 1)
    assert {service for service, _ in good.secrets} == {SERVICE}


def test_a_keyring_that_keeps_nothing_gives_no_slot(line: Line, keyring: FakeKeyring, tmp_path: Path) -> None:
    keyring.fails = PermissionError("the secret is x")
    answer = line("key", "keyring")
    assert answer.code == 5
    assert "gemmer intet" in answer.err
    assert "the secret is" not in answer.err
    assert len(unlocking.slots(tmp_path / "planner.db")) == 2


def test_the_secret_is_in_no_file_no_log_and_no_environment(
    line: Line, opened: FakeKeyring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (kept,) = opened.secrets.values()
    caplog.set_level(logging.DEBUG)
    line("today")
    line("doctor")
    told = caplog.text + " ".join(os.environ.values())
    assert kept not in told
    assert PASSPHRASE not in told
    for file in (one for one in tmp_path.rglob("*") if one.is_file()):
        assert kept.encode() not in file.read_bytes(), file.name


def test_the_library_is_left_alone_where_no_slot_wants_it(line: Line, tmp_path: Path, secret: Path) -> None:
    """In a process of its own, in which loading it would be told."""
    line("today")
    (tmp_path / "keyring.py").write_text('raise SystemExit("loaded")\n', encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    for words in (["today", "--limit", "1"], ["doctor"], ["key", "remove", "9"]):
        done = subprocess.run(
            [sys.executable, "-m", "planner", *words], env=environment, capture_output=True, text=True, check=False
        )
        assert "loaded" not in done.stderr + done.stdout
        assert done.returncode == (5 if "remove" in words else 0), done.stderr
