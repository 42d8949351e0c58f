"""`planner init` and `planner key`: what opens the store, and that nothing else does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.cli.output import Output
from planner.cli.secrets import FILE_VARIABLE
from planner.store.keys import unlocking
from planner.store.keys.ring import WrongSecret
from planner.store.keys.slots import Kind
from planner.store.lock import alone
from tests.cli.conftest import PASSPHRASE, Answer, Line, desk_at
from tests.cli.office import TODAY

OTHER = "en helt anden sætning"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A file with another passphrase."""
    file = tmp_path / "other"
    file.write_text(f"{OTHER}\r\nnot this line\n", encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Somebody at a terminal, without a file: what will be typed unseen, and then the end of the input."""
    answers: list[str] = []

    def unseen(question: str, stream: object) -> str:
        if not answers:
            raise EOFError
        return answers.pop(0)

    monkeypatch.delenv(FILE_VARIABLE)
    monkeypatch.setattr("planner.cli.secrets.getpass", unseen)
    for module in ("keys", "secrets"):
        monkeypatch.setattr(f"planner.cli.{module}.is_interactive", lambda: True)
    yield answers
    assert answers == [], "asked less than expected"


def set_up(nowhere: Line, secret: Path, tmp_path: Path) -> Answer:
    """A store from files, as a script makes it."""
    return nowhere("init", "--passphrase-file", secret, "--recovery-to", tmp_path / "recovery")


def test_a_store_is_made_from_files(nowhere: Line, secret: Path, tmp_path: Path) -> None:
    answer = set_up(nowhere, secret, tmp_path)
    assert (answer.code, answer.err) == (0, "")
    recovery = (tmp_path / "recovery").read_text(encoding="utf-8").strip()
    assert recovery not in answer.out
    path = tmp_path / "planner.db"
    assert unlocking.unlock(path, Kind.RECOVERY, recovery) == unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    assert nowhere("today").code == 0


def test_nobody_gets_a_store_by_the_way(nowhere: Line, caseload_file: Path, tmp_path: Path) -> None:
    answer = nowhere("import", caseload_file, "--yes")
    assert answer.code == 6
    assert "planner init" in answer.err
    assert not (tmp_path / "planner.db").exists()


def test_on_a_terminal_the_recovery_key_is_shown_and_asked_back(
    nowhere: Line, typed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.store.keys.ring.new_recovery_key", lambda: "-".join(["A2C4"] * 8))
    typed += [OTHER, "en slåfejl", "kort", OTHER, OTHER]
    answer = nowhere("init", stdin=b"B2C4\na2c4\nA2C4\n")
    assert answer.code == 0
    assert "A2C4-A2C4" in answer.out
    assert "De to er ikke ens" in answer.err
    assert "mindst 10 tegn" in answer.err
    assert "Det er ikke gruppe" in answer.err
    assert OTHER not in answer.out + answer.err
    assert unlocking.unlock(tmp_path / "planner.db", Kind.PASSPHRASE, OTHER)


@pytest.mark.parametrize("given_up", [b"q\n", b"", b"A2C4\nq\n", b"1\n2\n3\n4\n5\n6\n"])
def test_a_recovery_key_that_is_not_written_down_makes_no_store(
    nowhere: Line, typed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given_up: bytes
) -> None:
    monkeypatch.setattr("planner.store.keys.ring.new_recovery_key", lambda: "-".join(["A2C4"] * 8))
    typed += [OTHER, OTHER]
    answer = nowhere("init", stdin=given_up)
    assert answer.code == 1
    assert list(tmp_path.iterdir()) == []
    if not given_up:
        assert "Det er ikke gruppe" not in answer.err


@pytest.mark.parametrize("before", [(), (OTHER,)])
def test_whoever_leaves_at_the_passphrase_is_told_that_nothing_was_written(
    nowhere: Line, typed: list[str], tmp_path: Path, before: tuple[str, ...]
) -> None:
    typed += before
    answer = nowhere("init")
    assert answer.code == 130
    assert "Der blev ikke skrevet noget.\n" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_it_says_what_it_needs(
    nowhere: Line, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--recovery-to" in nowhere("init", "--passphrase-file", secret).err
    monkeypatch.delenv(FILE_VARIABLE)
    assert "--passphrase-file" in nowhere("init", "--recovery-to", tmp_path / "recovery").err
    assert list(tmp_path.iterdir()) == []


def interrupted(out: Output, question: str) -> str | None:
    """Ctrl+C at a question."""
    del out, question
    raise KeyboardInterrupt


def test_whoever_leaves_at_the_recovery_key_is_told_that_nothing_was_written(
    nowhere: Line, typed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed += [OTHER, OTHER]
    monkeypatch.setattr(Output, "reply", interrupted)
    answer = nowhere("init")
    assert answer.code == 130
    assert answer.err == "\nDer blev ikke skrevet noget.\n"
    assert list(tmp_path.iterdir()) == []


def test_whoever_leaves_at_a_new_recovery_key_is_told_that_the_one_before_holds(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.cli.keys.is_interactive", lambda: True)
    monkeypatch.setattr(Output, "reply", interrupted)
    answer = line("key", "recovery")
    assert answer.code == 130
    assert answer.err == "\nIntet er ændret; den hidtidige gendannelsesnøgle gælder.\n"


def test_a_short_passphrase_is_refused(nowhere: Line, tmp_path: Path) -> None:
    file = tmp_path / "short"
    file.write_text("kort\n", encoding="utf-8")
    file.chmod(0o600)
    answer = nowhere("init", "--passphrase-file", file, "--recovery-to", tmp_path / "recovery")
    assert answer.code == 5
    assert "mindst 10" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["short"]


def test_a_file_with_a_secret_is_for_its_owner_only(nowhere: Line, other: Path, tmp_path: Path) -> None:
    other.chmod(0o644)
    answer = nowhere("init", "--passphrase-file", other, "--recovery-to", tmp_path / "recovery")
    assert answer.code == 2
    assert "chmod 600" in answer.err
    assert OTHER not in answer.err


def test_a_locked_store_asks_until_it_is_opened(line: Line, typed: list[str]) -> None:
    typed += ["forkert sætning", PASSPHRASE]
    answer = line("today")
    assert answer.code == 0
    assert "Åse Eksempel" in answer.out
    assert "Det er ikke adgangssætningen" in answer.err


def test_three_wrong_ones_leave_it_locked(line: Line, typed: list[str]) -> None:
    typed += ["forkert 1", "forkert 2", "forkert 3"]
    answer = line("today")
    assert (answer.code, answer.out) == (6, "")
    assert "forkert 1" not in answer.err
    assert "planner key passphrase --recovery" in answer.err


def test_without_a_terminal_a_locked_store_says_how_it_is_opened(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILE_VARIABLE)
    answer = line("today")
    assert (answer.code, answer.out) == (6, "")
    assert FILE_VARIABLE in answer.err


def test_a_plain_store_is_encrypted_with_all_that_is_in_it(
    nowhere: Line, demo_store: Path, secret: Path, tmp_path: Path
) -> None:
    from planner.store import sqlite

    data = demo_store.read_bytes()
    path = tmp_path / "planner.db"
    path.write_bytes(data)
    sqlite.DRIVER.connect(path).execute("PRAGMA application_id = 0").connection.close()
    refused = nowhere("today", "--today", TODAY)
    assert refused.code == 6
    assert "planner init" in refused.err
    assert set_up(nowhere, secret, tmp_path).code == 0
    with desk_at(path) as desk:
        assert len(desk.caseload().citizens) > 100
        desk.verify()
    assert set_up(nowhere, secret, tmp_path).code == 5


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_a_store_is_that_store(nowhere: Line, demo_store: Path, secret: Path, tmp_path: Path) -> None:
    from planner.store import sqlite

    real = tmp_path / "real.db"
    real.write_bytes(demo_store.read_bytes())
    sqlite.DRIVER.connect(real).execute("PRAGMA application_id = 0").connection.close()
    (tmp_path / "planner.db").symlink_to(real)
    assert set_up(nowhere, secret, tmp_path).code == 0
    assert (tmp_path / "planner.db").is_symlink()
    assert b"SQLite format 3" not in real.read_bytes()
    assert nowhere("today").code == 0


def test_the_demo_may_stay_as_it_is(demo: Line) -> None:
    assert demo("today").code == 0
    assert demo("key").code == 5


def test_what_opens_the_store_is_listed(line: Line) -> None:
    answer = line("key", "--lang", "en")
    assert [row.split(",")[0] for row in answer.out.splitlines()] == ["1. passphrase", "2. recovery key"]
    listed = line("key", "list", "--json").json
    assert isinstance(listed, list)
    assert [slot["kind"] for slot in listed] == ["passphrase", "recovery"]


def test_another_passphrase_takes_the_place_of_the_one_before(
    line: Line, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line("key", "passphrase", "--passphrase-file", other).code == 0
    assert line("today").code == 6
    monkeypatch.setenv(FILE_VARIABLE, str(other))
    assert line("today").code == 0


def test_a_lost_passphrase_is_replaced_by_the_recovery_key(
    nowhere: Line, secret: Path, typed: list[str], tmp_path: Path
) -> None:
    set_up(nowhere, secret, tmp_path)
    recovery = (tmp_path / "recovery").read_bytes()
    typed += [OTHER, OTHER]
    assert nowhere("key", "passphrase", "--recovery", stdin=recovery.lower()).code == 0
    typed.append(OTHER)
    assert nowhere("today").code == 0


def test_the_recovery_key_is_tried_without_a_change(
    nowhere: Line, secret: Path, typed: list[str], tmp_path: Path
) -> None:
    set_up(nowhere, secret, tmp_path)
    before = (tmp_path / "planner.db.key").read_bytes()
    assert "åbner lageret" in nowhere("key", "test", stdin=(tmp_path / "recovery").read_bytes()).out
    wrong = nowhere("key", "test", stdin=b"2222-" * 7 + b"2222\n")
    assert wrong.code == 6
    assert nowhere("key", "test", stdin=b"hvad?\n").code == 2
    left = nowhere("key", "test")
    assert (left.code, left.err) == (130, "Gendannelsesnøgle: \n")
    assert (tmp_path / "planner.db.key").read_bytes() == before


def test_a_new_recovery_key_holds_once_it_is_handed_over(nowhere: Line, secret: Path, tmp_path: Path) -> None:
    set_up(nowhere, secret, tmp_path)
    path = tmp_path / "planner.db"
    first = (tmp_path / "recovery").read_text(encoding="utf-8").strip()
    assert nowhere("key", "recovery", "--recovery-to", tmp_path / "recovery").code != 0
    assert unlocking.unlock(path, Kind.RECOVERY, first)
    assert nowhere("key", "recovery", "--recovery-to", tmp_path / "second").code == 0
    assert unlocking.unlock(path, Kind.RECOVERY, (tmp_path / "second").read_text(encoding="utf-8").strip())
    with pytest.raises(WrongSecret):
        unlocking.unlock(path, Kind.RECOVERY, first)


def test_the_last_of_a_kind_is_not_removed(line: Line) -> None:
    assert line("key", "remove", 1).code == 5
    assert line("key", "remove", 7).code == 5
    assert line("today").code == 0


@pytest.mark.parametrize(
    "words",
    [("recovery", "--recovery-to", "ny"), ("recovery",), ("passphrase",), ("passphrase", "--recovery"), ("remove", 2)],
)
def test_nothing_is_asked_or_handed_over_where_the_store_is_open_elsewhere(
    line: Line, typed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...]
) -> None:
    monkeypatch.setattr("planner.cli.keys._WAIT", 0.0)
    with alone(tmp_path / "planner.db", 0.0):
        answer = line("key", *words, "--lang", "en")
    assert answer.code == 6
    assert answer.err.startswith("The program is already open on this store")
    assert not (tmp_path / "ny").exists()
    assert typed == []
