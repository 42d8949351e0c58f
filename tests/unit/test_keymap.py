"""Keys of the user's own: taken where a terminal sends them and nothing else has them, refused in words elsewhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.locale import language
from planner.phrases import spoken
from planner.services.commands import COMMANDS, command
from planner.services.keymap import Keys, read_keys
from planner.settings import read_settings


def faults_of(tmp_path: Path, text: str) -> list[str]:
    """What the program says of a settings file with that text."""
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_settings(file)
    assert told.value.exit_code == 2
    return [str(fault).removeprefix(str(file)) for fault in told.value.faults]


def test_without_a_table_the_keys_are_those_of_the_commands() -> None:
    assert Keys().of(command("accept")) == ("a",)
    assert Keys().named(command("next_alternative")) == "n, →"


def test_a_list_takes_the_place_of_every_key_of_the_command(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\naccept = ["g", "F10"]\nfirst = 1\n'.replace("first = 1\n", ""), encoding="utf-8")
    with pytest.raises(InputError):  # g goes to the first citizen
        read_settings(file)
    file.write_text('[keys]\naccept = ["ø", "F10"]\nundo = ["Ctrl+K"]\n', encoding="utf-8")
    keys = read_settings(file).keys
    assert keys.of(command("accept")) == ("ø", "f10")
    assert keys.named(command("accept")) == "ø, F10"
    assert keys.of(command("undo")) == ("ctrl+k",)
    assert keys.of(command("redo")) == command("redo").keys


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("?", "?"),
        ("question_mark", "?"),
        ("shift+b", "B"),
        ("Å", "Å"),
        (",", ","),
        ("comma", ","),
        ("+", "+"),
        ("ctrl+E", "ctrl+e"),
        ("Control+e", "ctrl+e"),
        ("Del", "delete"),
        ("f12", "f12"),
        (" ", "space"),
    ],
)
def test_a_key_may_be_written_in_several_ways(written: str, meant: str) -> None:
    keys, faults = read_keys({"what_if": [written]}, "keys")
    if command("help").keys[0] != meant:
        assert faults == []
        assert keys.of(command("what_if")) == (meant,)
    else:
        assert "help" in faults[0].found


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("@", "AltGr"),
        ("{", "AltGr"),
        ("$", "AltGr"),
        ("^", "dead key"),
        ("ctrl+s", "terminals keep it"),
        ("ctrl+c", "terminals keep it"),
        ("ctrl+i", "tab, enter or backspace"),
        ("ctrl+j", "tab, enter or backspace"),
        ("ctrl+m", "tab, enter or backspace"),
        ("ctrl+h", "tab, enter or backspace"),
        ("j", "it moves about: Next citizen"),
        ("Down", "it moves about: Next citizen"),
        ("tab", "it moves about"),
        ("escape", "it moves about"),
        ("enter", "it opens and confirms"),
        ("f13", "not every terminal"),
        ("alt+a", "not every terminal"),
        ("ctrl+shift+a", "not every terminal"),
        ("ctrl+1", "not every terminal"),
        ("ctrl+æ", "not every terminal"),
        ("capslock", "not every terminal"),
        ("ab", "not every terminal"),
        ("", "not every terminal"),
        ("日", "not every terminal"),
        ("\u202e", "not every terminal"),
    ],
)
def test_a_key_that_cannot_be_is_told_with_its_reason(key: str, why: str) -> None:
    _, (fault,) = read_keys({"accept": [key]}, "settings.toml: keys")
    assert fault.path == "settings.toml: keys.accept"
    assert why in fault.found
    assert "f1 to f12" in fault.allowed
    assert "\u202e" not in fault.found


def test_an_unknown_command_is_told_with_the_nearest(tmp_path: Path) -> None:
    first, second = faults_of(tmp_path, '[keys]\nacept = ["a"]\nzzz = ["b"]\n')
    assert first.endswith('unknown command "acept"; allowed: accept (the nearest known command)')
    assert "planner keys --toml" in second


def test_two_commands_with_one_key_are_told(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, '[keys]\nfilter = ["p"]\n')
    assert "keys.filter: found “p”, which is a key of postpone too" in fault
    faults = faults_of(tmp_path, '[keys]\nquit = ["a"]\n')  # one for each screen that has the key
    assert "keys.quit: found “a”, which is a key of accept too" in faults[0]
    assert "keys.quit: found “a”, which is a key of adopt too" in faults[1]


def test_keys_may_change_places(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\ncancelled = ["o"]\nno_show = ["v"]\n', encoding="utf-8")
    keys = read_settings(file).keys
    assert (keys.first("cancelled"), keys.first("no_show")) == ("o", "v")


@pytest.mark.parametrize("value", ["1", '"a"', "[]", "[1]", "true", "{ a = 1 }"])
def test_another_shape_is_told(tmp_path: Path, value: str) -> None:
    (fault,) = faults_of(tmp_path, f"[keys]\naccept = {value}\n")
    assert "keys.accept" in fault


def test_the_table_must_be_one(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, 'keys = "vim"\n')
    assert "a table of commands" in fault


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    told = faults_of(tmp_path, 'theme = "pink"\n[keys]\nacept = ["a"]\nhelp = ["ctrl+h"]\n')
    assert [fault.split(":")[1].strip().split(" ")[0] for fault in told] == ["theme", "keys", "keys.help"]


@pytest.mark.parametrize("code", ["da", "en"])
def test_the_ready_block_is_what_holds(code: str) -> None:
    speaks = language(code)
    chosen = Keys({"accept": ("ø", "f10"), "search": ("ctrl+f", "#")})
    lines = chosen.toml(speaks)
    table = tomllib.loads("\n".join(lines))["keys"]
    keys, faults = read_keys(table, "keys")
    assert faults == []
    assert {entry.id: keys.of(entry) for entry in COMMANDS} == {entry.id: chosen.of(entry) for entry in COMMANDS}
    for entry in COMMANDS:
        assert f"# {speaks.text(entry.text)}" in lines


def test_the_reason_is_said_in_danish() -> None:
    _, (fault,) = read_keys({"accept": ["down"]}, "keys")
    assert "den flytter markøren: Næste borger" in spoken(fault.found, language("da").text)
