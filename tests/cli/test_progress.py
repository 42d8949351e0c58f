"""Long work on the line: what it says of itself on a terminal, that it says nothing elsewhere, and how it is ended."""

from __future__ import annotations

import io
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from threading import Event
from typing import cast
from unittest.mock import Mock, patch

import pytest

from planner.cli import progress
from planner.cli.context import Context
from planner.cli.output import Output
from planner.cli.progress import ProgressLine
from planner.cli.tables import import_table
from planner.domain.citizens import TargetGroup
from planner.errors import InputError
from planner.locale import language
from planner.progress import SAVING
from planner.services.imported import CitizenRow, ImportRows
from planner.services.importing import COMPARING, TAKING
from planner.services.journal import UNDOING
from planner.store import sqlite
from planner.store.sqlite import COPYING, StoreFile
from tests.services.office import desk_on


class Screen(io.StringIO):
    """A terminal, which keeps all that was ever on it."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self._is_terminal = is_terminal
        self.written = Event()

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        count = super().write(text)
        if text.strip():
            self.written.set()
        return count

    @property
    def seen(self) -> str:
        """What stands in the last line: a return begins it anew, and what is written covers what was there."""
        line = ""
        for piece in self.getvalue().rpartition("\n")[2].split("\r"):
            line = piece + line[len(piece) :]
        return line.strip()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_EVERY", 0.005)


def line_on(screen: Screen) -> ProgressLine:
    out = Output(io.StringIO(), screen)
    return ProgressLine(out, language("en"), watched=out.is_watched)


def test_it_stands_on_one_line_while_the_work_goes_on_and_is_gone_afterwards() -> None:
    screen = Screen()
    with line_on(screen) as reach:
        reach("Importing…", 30, 100)
        assert screen.written.wait(60)
        assert screen.seen == "Importing… 30 %"
    assert screen.seen == ""
    assert "\n" not in screen.getvalue()


def test_it_is_gone_when_the_work_is_called_off_too() -> None:
    screen = Screen()
    with suppress(KeyboardInterrupt), line_on(screen) as reach:
        reach("Importing…", 30, 100)
        assert screen.written.wait(60)
        screen.write("^C")
        raise KeyboardInterrupt
    assert screen.written.is_set()
    assert screen.seen == ""


def test_where_nobody_sees_it_nothing_is_written() -> None:
    screen = Screen(is_terminal=False)
    with line_on(screen) as reach:
        reach("Importing…", 30, 100)
    assert screen.getvalue() == ""


def test_work_that_says_nothing_of_itself_leaves_the_terminal_alone() -> None:
    screen = Screen()
    with line_on(screen):
        pass
    assert screen.getvalue() == ""


def test_a_plan_that_has_to_be_made_first_is_told() -> None:
    screen, desk = Screen(), Mock(survived=lambda: None)

    def today() -> object:
        assert screen.written.wait(60)
        return screen.seen

    desk.today = today
    context = Context(language("en"), Output(io.StringIO(), screen), opener=lambda: desk)
    assert cast("object", context.planned()) == "Planning…"
    assert screen.seen == ""


def test_a_file_that_takes_long_to_read_is_told_and_how_to_stop() -> None:
    screen, desk = Screen(), Mock(survived=lambda: None)
    context = Context(language("en"), Output(io.StringIO(), screen), opener=lambda: desk)

    def read(*_: object) -> None:
        assert screen.written.wait(60)
        assert screen.seen == "Reading the file… · Ctrl+C stops it without loss"
        raise InputError("enough")

    with patch("planner.exchange.table_file.read_table", read), pytest.raises(InputError, match="enough"):
        import_table(context, Namespace(map=None), "liste.csv")
    assert screen.seen == ""


def test_an_import_is_compared_once_as_it_is_told(tmp_path: Path) -> None:
    said: dict[str, None] = {}
    with desk_on(tmp_path) as desk:
        desk.import_rows(rows("Prøve Ærlig"), "header", {}, lambda doing, done, of: said.setdefault(doing))
    assert [one for one in said if one in (COMPARING, TAKING)] == [TAKING]


# --- called off without loss ----------------------------------------------------------------------------------------


def stop_at(doing: str, done: int = 0) -> Callable[[str, int, int], None]:
    """What Ctrl+C would do when the work says so."""

    def reach(said: str, so_far: int, of: int) -> None:
        if said == doing and so_far >= done:
            raise KeyboardInterrupt

    return reach


def rows(*names: str) -> ImportRows:
    fields = {"target_group": TargetGroup.INSURED, "spell_start": date(2026, 9, 1)}
    accepted = [
        CitizenRow(number, f"c-{number}", None, {"name": name, **fields}) for number, name in enumerate(names, 1)
    ]
    return ImportRows(tuple(accepted), (), ())


@pytest.mark.parametrize(("doing", "done"), [(TAKING, 1), (SAVING, 0)])
def test_an_import_that_is_called_off_has_taken_nobody(tmp_path: Path, doing: str, done: int) -> None:
    three = rows("Prøve Ærlig", "Prøve Øster", "Prøve Åben")
    with desk_on(tmp_path) as desk:
        with pytest.raises(KeyboardInterrupt):
            desk.import_rows(three, "header", {}, stop_at(doing, done))
        assert desk.caseload().citizens == ()
        assert desk.last_action() == 0
        assert desk.import_rows(three, "header", {}).seq == 1
        assert len(desk.caseload().citizens) == 3


@pytest.mark.parametrize(("doing", "done"), [(UNDOING, 2), (SAVING, 0)])
def test_an_undo_that_is_called_off_has_taken_nothing_back(tmp_path: Path, doing: str, done: int) -> None:
    with desk_on(tmp_path) as desk:
        desk.import_rows(rows("Prøve Ærlig", "Prøve Øster", "Prøve Åben"), "header", {})
        last = desk.last_action()
        with pytest.raises(KeyboardInterrupt):
            desk.undo(stop_at(doing, done))
        assert desk.last_action() == last
        assert len(desk.caseload().citizens) == 3
        desk.undo()
        assert desk.caseload().citizens == ()


@pytest.mark.parametrize(("after", "said"), [(3, "Called off; nothing was changed."), (4, "It was done before")])
def test_it_is_told_whether_a_change_was_made_that_was_to_be_called_off(after: int, said: str) -> None:
    desk, told = Mock(), io.StringIO()
    desk.survived.return_value = None
    desk.last_action.side_effect = [3, after]
    context = Context(language("en"), Output(io.StringIO(), told), opener=lambda: desk)
    with pytest.raises(KeyboardInterrupt), context.changing():
        raise KeyboardInterrupt
    assert said in told.getvalue()


def test_a_copy_that_is_called_off_leaves_the_store_alone(tmp_path: Path) -> None:
    with desk_on(tmp_path) as desk:
        desk.import_rows(rows("Prøve Ærlig"), "header", {})
    with pytest.raises(KeyboardInterrupt):
        sqlite.copy(StoreFile(tmp_path / "s.db"), tmp_path / "copy.db", stop_at(COPYING))
    with desk_on(tmp_path) as desk:
        assert len(desk.caseload().citizens) == 1
    with closing(sqlite.connect(StoreFile(tmp_path / "s.db"))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
