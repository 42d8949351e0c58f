"""What the line tells to go on with holds the store that it was given."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from planner.cli.hints import AtStore, at_store
from planner.locale import language
from tests.cli.conftest import Line


def test_what_is_told_to_go_on_with_acts_on_the_same_store(line: Line) -> None:
    assert "Fortryd med: planner undo --store planner.db\n" in line("accept", "c-1", "--store", "planner.db").out
    assert "Gentag med: planner redo --store planner.db\n" in line("undo", "--store", "planner.db").out
    assert "planner case-note --store planner.db c-2\n" in line("held", "c-2", "--store", "planner.db").out


def test_what_is_told_of_a_failure_names_the_store_too(line: Line) -> None:
    answer = line("experiments", "ukendt", "--store", "planner.db")
    assert (answer.code, "planner experiments --store planner.db" in answer.err) == (4, True)


def test_without_a_store_on_the_line_the_hint_is_bare(line: Line) -> None:
    assert "Fortryd med: planner undo\n" in line("accept", "c-1").out


@pytest.mark.parametrize("name", ["min {fil}.db", "it's.db", "a\\1.db"])
def test_any_name_of_a_store_is_written_for_the_shell(name: str) -> None:
    speaks = at_store(language("en"), Path(name))
    for told in (
        speaks.text("Undo it with: planner undo"),
        speaks.text("The note for the case system: planner case-note {citizen}", citizen="planner undo"),
    ):
        assert shlex.split(told.partition("planner ")[2])[1:3] == ["--store", name]
    assert told.endswith(" planner undo")


def test_a_command_that_opens_no_store_stays() -> None:
    speaks = AtStore(language("en"), Path("x.db"))
    assert speaks.drawn("planner keys --toml, planner demo, planner accept-all, planner") == (
        "planner keys --toml, planner demo, planner accept-all --store x.db, planner"
    )
