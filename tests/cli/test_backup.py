"""`planner backup`, `restore` and `doctor`: from the line, on an encrypted store."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from planner.cli.backup import recover
from planner.cli.context import Context
from planner.cli.output import Output
from planner.errors import DamagedStore, StoreError
from planner.locale import language
from planner.progress import CalledOff, Reach, unwatched
from planner.store import backups
from planner.store.backups import CHECKING, folder_of
from planner.store.keys.beside import key_paths
from tests.cli.conftest import PASSPHRASE, Line

NAME = "Åse Eksempel"


def test_a_backup_is_made_listed_and_gone_back_to(line: Line, tmp_path: Path) -> None:
    made = line("backup", "--lang", "en")
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith("Backup made and verified: ")
    assert line("note", "c-1", "efter").code == 0
    listed = line("restore", "--lang", "en")
    assert ", asked for: 6 citizens" in listed.out.splitlines()[0]
    assert NAME not in listed.out
    back = line("restore", 1, "--yes", "--lang", "en")
    assert back.code == 0
    assert "What was there before is kept: " in back.out
    assert "efter" not in line("note", "c-1").out
    (kept,) = tmp_path.glob("planner.db.replaced-????????-??????")
    assert "efter" in line("note", "c-1", "--store", kept).out
    assert "efter" not in line("note", "c-1").out


def test_without_a_yes_nothing_is_restored(line: Line) -> None:
    line("backup")
    line("note", "c-1", "efter")
    assert line("restore", 1).code == 1
    assert line("restore", 7, "--yes").code == 4
    assert "efter" in line("note", "c-1").out


def test_the_question_says_which_backup_it_is(
    line: Line, nowhere: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line("backup")
    monkeypatch.setattr("planner.cli.backup.is_interactive", lambda: True)
    listed = line("restore").out.splitlines()[0]
    asked = nowhere("restore", 1, stdin=b"nej\n")
    assert (asked.code, asked.out) == (1, f"{listed}\n")
    assert "6 borgere" in listed
    found = backups.backups_of(tmp_path / "planner.db")[0].path
    data = found.read_bytes()
    found.write_bytes(data[: len(data) // 2])
    refused = nowhere("restore", 1)
    assert refused.code == 6
    assert "(ja/nej)" not in refused.err


def test_a_restore_without_a_backup_of_its_own_is_no_change_from_outside(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the power goes, or there is no room: the next one is made as soon as the store is opened again."""
    line("backup")
    line("note", "c-1", "efter")
    line("backup")

    def full(*given: object) -> None:
        raise StoreError("There is no room")

    with monkeypatch.context() as patch:
        patch.setattr("planner.store.restoring.back_up", full)
        assert line("restore", 2, "--yes").code == 0
    assert line("doctor").code == 0
    before = len(backups.backups_of(tmp_path / "planner.db"))
    assert line("today").code == 0
    assert len(backups.backups_of(tmp_path / "planner.db")) == before + 1
    assert line("doctor").code == 0
    line("today")
    assert len(backups.backups_of(tmp_path / "planner.db")) == before + 1


def test_a_backup_that_is_damaged_is_not_called_the_store(line: Line, tmp_path: Path) -> None:
    line("backup")
    found = backups.backups_of(tmp_path / "planner.db")[0].path
    whole = found.read_bytes()
    for at in (100, len(whole) // 2, len(whole) - 100):
        found.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused = line("restore", 1, "--yes", "--lang", "en")
        assert refused.code == 6
        assert refused.err == f"The backup {found} is not sound. Choose another one.\n"
    assert line("today").code == 0


def test_a_store_whose_key_files_are_gone_is_not_called_one_in_clear(line: Line, tmp_path: Path, secret: Path) -> None:
    path = tmp_path / "planner.db"
    line("today")
    for file in key_paths(path):
        file.unlink()
    shutil.rmtree(backups.folder_of(path), ignore_errors=True)
    before = sorted(one.name for one in tmp_path.iterdir())
    for words in (("today",), ("init", "--passphrase-file", secret, "--recovery-to", tmp_path / "new"), ("key",)):
        refused = line(*words, "--lang", "en")
        assert refused.code == 6
        assert "There is no key file for" in refused.err
        assert "planner.db.key\n" in refused.err
    assert "its key file is missing" in line("doctor", "--lang", "en").out
    assert sorted(one.name for one in tmp_path.iterdir()) == before


def test_an_import_is_preceded_by_a_backup(line: Line, caseload_file: Path, tmp_path: Path) -> None:
    before = len(backups.backups_of(tmp_path / "planner.db"))
    text = caseload_file.read_text(encoding="utf-8")
    caseload_file.write_text(text.replace("Eksempel", "Eksempelsen"), encoding="utf-8")
    assert line("import", caseload_file, "--yes").code == 0
    found = backups.backups_of(tmp_path / "planner.db")
    assert len(found) > before
    assert any(one.reason is backups.Reason.IMPORT for one in found)


def test_what_was_changed_on_the_line_is_backed_up_by_itself(line: Line, tmp_path: Path) -> None:
    line("note", "c-1", "noget nyt")
    assert any(one.reason is backups.Reason.REGULAR for one in backups.backups_of(tmp_path / "planner.db"))


def test_a_damaged_store_says_how_to_go_back_and_restore_brings_it(line: Line, tmp_path: Path) -> None:
    line("backup")
    path = tmp_path / "planner.db"
    data = bytearray(path.read_bytes())
    data[4096:8192] = bytes(4096)
    path.write_bytes(bytes(data))
    answer = line("today", "--lang", "en")
    assert answer.code == 6
    assert "planner restore" in answer.err
    assert line("doctor").code == 6
    assert line("restore", 1, "--yes").code == 0
    assert NAME in line("today").out
    assert [kept.read_bytes() for kept in tmp_path.glob("planner.db.replaced-????????-??????")] == [bytes(data)]


@pytest.mark.parametrize(("typed", "restored"), [("1", True), ("", False), ("9", False), ("x", False)])
def test_where_the_screen_cannot_open_a_damaged_store_the_backups_are_offered(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, restored: bool
) -> None:
    line("backup")
    path = tmp_path / "planner.db"
    path.write_bytes(b"\0" * 9000)
    monkeypatch.setattr(Output, "question", lambda self, text: typed)
    context = Context(language=language("da"), out=Output(), store=path)
    context.unlock()
    assert recover(context, DamagedStore("The store {path} is damaged", path=path)) is restored
    if restored:
        assert context.screen_desk().find(NAME)
        context.close()
    else:
        with pytest.raises(CalledOff):
            context.screen_desk()
        assert path.read_bytes() == b"\0" * 9000


def test_the_doctor_says_that_all_is_well_and_nobody_s_name(line: Line) -> None:
    line("backup")
    answer = line("doctor", "--lang", "en")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith("All is well.\n")
    for line_of in ("SQLite: 3.", "encryption: encrypted", "keys: passphrase, made ", "integrity: sound"):
        assert line_of in answer.out
    assert "newest backup reads: sound" in answer.out
    told = line("doctor", "--json").out
    assert json.loads(told)["sound"] is True
    for personal in ("Eksempel", "Prøve", "c-1", PASSPHRASE):
        assert personal not in answer.out + told


def test_that_there_is_no_backup_yet_is_nothing_wrong_with_a_new_store(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(folder_of(tmp_path / "planner.db"), ignore_errors=True)
    answer = line("doctor", "--lang", "en")
    assert answer.code == 0
    assert "backups: none yet; the first one is made while you work\n" in answer.out
    monkeypatch.setattr("planner.cli.backup._NEW", timedelta(-2))
    answer = line("doctor", "--lang", "en")
    assert answer.code == 6
    assert "backups: 0\n" in answer.out


def test_the_doctor_tells_of_a_key_file_that_is_lost_before_it_is_written_again(line: Line, tmp_path: Path) -> None:
    line("backup")
    (tmp_path / "planner.db.key").unlink()
    answer = line("doctor", "--lang", "en")
    assert answer.code == 6
    assert "key files missing or damaged: planner.db.key\n" in answer.out
    assert line("doctor").code == 0


def test_the_doctor_before_there_is_anything(nowhere: Line, tmp_path: Path) -> None:
    answer = nowhere("doctor", "--lang", "en")
    assert "there is none yet" in answer.out
    assert list(tmp_path.iterdir()) == []


def test_the_demo_needs_no_backup(demo: Line) -> None:
    assert demo("backup").code == 5
    assert demo("doctor").code == 0


@pytest.mark.parametrize("verb", [("backup",), ("restore", "1", "--yes")])
def test_what_is_called_off_says_that_nothing_was_done(
    line: Line, tmp_path: Path, verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    line("backup")
    line("note", "c-1", "efter")
    kept = {path.name for path in tmp_path.rglob("*") if "unlocks" not in path.name}

    class Stopped:
        """A line of progress at which Ctrl+C is pressed."""

        def __init__(self, *given: object, **named: object) -> None:
            del given, named

        def __enter__(self) -> Reach:
            def reach(said: str, done: int, of: int) -> None:
                if said == CHECKING:
                    for made in tmp_path.glob("*.new"):  # SQLite was about to write
                        made.with_name(f"{made.name}-journal").touch()
                    raise KeyboardInterrupt

            return reach

        def __exit__(self, *about: object) -> None:
            del about

    with monkeypatch.context() as patch:
        patch.setattr("planner.cli.progress.ProgressLine", Stopped)
        answer = line(*verb, "--lang", "en")
    assert answer.code == 130
    assert "Called off; nothing was changed." in answer.err
    assert {path.name for path in tmp_path.rglob("*") if "unlocks" not in path.name} == kept
    assert "efter" in line("note", "c-1").out


@pytest.mark.parametrize("verb", [("backup",), ("restore", "1", "--yes")])
def test_what_was_done_before_it_could_be_called_off_says_so(
    line: Line, verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    line("backup")

    class StoppedAtItsEnd:
        """A line of progress after which Ctrl+C is pressed."""

        def __init__(self, *given: object, hint: str, **named: object) -> None:
            self.can_stop = bool(hint)

        def __enter__(self) -> Reach:
            return unwatched

        def __exit__(self, *about: object) -> None:
            if self.can_stop:
                raise KeyboardInterrupt

    monkeypatch.setattr("planner.cli.progress.ProgressLine", StoppedAtItsEnd)
    answer = line(*verb, "--lang", "en")
    assert answer.code == 130
    assert "It was done before it could be called off." in answer.err
