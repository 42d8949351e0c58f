"""The command table: every command reachable, no key twice, nothing that a Danish keyboard or a terminal lacks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from itertools import chain
from typing import Any, get_args

import pytest
from rich.cells import cell_len
from textual.binding import Binding

from planner.locale import language
from planner.services.commands import (
    COMMANDS,
    FOOTER_LIMIT,
    MOVEMENTS,
    Command,
    Where,
    command,
    commands_of,
    footer_commands,
    key_name,
    key_names,
)
from planner.services.keymap import Keys
from planner.tui.app import PlannerApp
from planner.tui.dialogs.help import help_lines
from planner.tui.screens.capacity import CapacityScreen
from planner.tui.screens.citizen import CitizenScreen
from planner.tui.screens.citizen_flows import CITIZEN_FLOWS
from planner.tui.screens.evidence import EvidenceScreen
from planner.tui.screens.evidence_flows import EVIDENCE_FLOWS
from planner.tui.screens.experiment_flows import EXPERIMENT_FLOWS
from planner.tui.screens.experiments import ExperimentsScreen
from planner.tui.screens.flows import FLOWS
from planner.tui.screens.list_flows import LIST_FLOWS
from planner.tui.screens.today import TodayScreen
from planner.tui.screens.week import WeekScreen
from planner.tui.screens.week_flows import AT_ONCE
from planner.tui.screens.week_flows import FLOWS as WEEK_FLOWS
from tests.tui.stage import staged

#: The class that binds the commands of each place.
OWNERS: Mapping[Where, type[Any]] = {
    "today": TodayScreen,
    "week": WeekScreen,
    "capacity": CapacityScreen,
    "citizen": CitizenScreen,
    "experiments": ExperimentsScreen,
    "evidence": EvidenceScreen,
    "everywhere": PlannerApp,
}
#: What the list does by itself: look at a slot or a citizen, mark and fold.
LOOKING = {"next_alternative", "previous_alternative", "choice_1", "choice_2", "choice_3", "citizen"}
CHOOSING = LOOKING | {"mark", "next_marked", "fold", "fold_all"}
#: What the citizen's view does by itself.
READING = {"unfold_entry", "fold_entry", "next_citizen", "previous_citizen", "log"}


def test_ids_and_keys_are_unique() -> None:
    """No two commands share an id or a key, and none takes a key that moves the cursor."""
    ids = [entry.id for entry in COMMANDS]
    assert len(ids) == len(set(ids))
    for place in get_args(Where):
        keys = [key for entry in commands_of(place) for key in entry.keys]
        keys += [key for entry in MOVEMENTS for key in entry.keys]
        assert sorted(keys) == sorted(set(keys)), place


def test_no_key_needs_alt_gr_or_is_lost_in_a_terminal() -> None:
    """AltGr keys, flow control and the control keys that are other keys in disguise are left alone."""
    lost = {"ctrl+s", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+h", "ctrl+o", *"@[]{}\\|~$£€"}
    assert not lost & set(chain.from_iterable(entry.keys for entry in COMMANDS))


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.id)
def test_every_command_has_a_binding(entry: Command) -> None:
    """Each command of the table is bound, with its id, on its own place."""
    for place in entry.where:
        bound = {binding.id: binding for binding in OWNERS[place].BINDINGS if isinstance(binding, Binding)}
        assert bound[entry.id].action == f"command('{entry.id}')"
        assert not bound[entry.id].priority, "letters must not fire while somebody types"


@pytest.mark.parametrize("code", ["da", "en"])
def test_every_command_has_a_help_line(code: str) -> None:
    """Help is made from the table, with keys and text."""
    speaks = language(code)
    lines = help_lines(speaks, "today", Keys())
    shown = "".join(str(part[0]) if isinstance(part, tuple) else str(part) for part in lines)
    for entry in COMMANDS:
        assert key_names(entry.keys) in shown
        assert speaks.text(entry.text) in shown


def test_every_command_of_the_list_is_told_by_a_flow() -> None:
    """Nothing is bound to nothing, and no flow is out of reach."""
    assert set(FLOWS) | set(LIST_FLOWS) | CHOOSING == {entry.id for entry in COMMANDS if "today" in entry.where}


def test_every_command_on_a_citizen_is_told_by_a_flow() -> None:
    """In the citizen's view too; what it shares with the list is told by the same flow."""
    own = {entry.id for entry in COMMANDS if "citizen" in entry.where}
    assert set(CITIZEN_FLOWS) | READING | (own & set(FLOWS)) == own
    assert not set(CITIZEN_FLOWS) & set(FLOWS)
    shared = {"accept", "why", "choose_time", "change_channel", "postpone", "exempt", "set_cadence", "add_fact"}
    assert shared | {"held", "no_show", "cancelled", "note", "undo", "redo"} <= own


def test_every_command_on_the_experiments_is_told_by_a_flow() -> None:
    """Nothing is bound to nothing there either."""
    assert set(EXPERIMENT_FLOWS) == {entry.id for entry in COMMANDS if "experiments" in entry.where}


def test_every_command_on_the_evidence_is_told_by_a_flow() -> None:
    """Nor there."""
    assert set(EVIDENCE_FLOWS) == {entry.id for entry in COMMANDS if "evidence" in entry.where}


def test_every_command_of_the_week_is_told_by_a_flow() -> None:
    """What waits for the store, and what acts before the next key; nothing else."""
    assert set(WEEK_FLOWS) | set(AT_ONCE) == {entry.id for entry in COMMANDS if "week" in entry.where}
    assert not set(WEEK_FLOWS) & set(AT_ONCE)


def test_what_writes_has_a_verb_on_the_line() -> None:
    """Whatever can be changed on the screen can be changed on the line."""
    assert [entry.id for entry in COMMANDS if entry.writes and not entry.verb] == []


def test_an_ellipsis_marks_what_asks_first() -> None:
    """A label that acts at once carries none."""
    for entry in COMMANDS:
        if entry.short:
            assert entry.short.endswith("…") == entry.text.endswith("…"), entry.id
    assert not command("accept").text.endswith("…")
    assert command("postpone").text.endswith("…")


@pytest.mark.parametrize("code", ["da", "en"])
@pytest.mark.parametrize(("place", "keys"), [("today", ()), ("experiments", ("f5",)), ("evidence", ("f7",))])
async def test_the_footer_fits_eighty_columns(code: str, place: Where, keys: tuple[str, ...]) -> None:
    """At most six, and all of them whole."""
    assert 0 < len(footer_commands(place)) <= FOOTER_LIMIT <= 6
    speaks = language(code)
    async with staged(size=(80, 24), speaks=speaks) as stage:
        await stage.press(*keys)
        await stage.pilot.pause()
        last = stage.text().splitlines()[-1]
        for entry in footer_commands(place):
            assert f"{key_name(entry.keys[0])} {speaks.text(entry.short)}" in last
        assert cell_len(last) == 80


def test_the_table_is_read_without_textual() -> None:
    """The line needs the table but not the screen's library."""
    code = "import sys, planner.services.commands; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
