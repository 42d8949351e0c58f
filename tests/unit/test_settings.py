"""The user's settings: every key optional, none unknown."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.masking import Masking
from planner.errors import InputError
from planner.plain_settings import CHOICES, plain_choices
from planner.services.keymap import Keys
from planner.settings import ALLOWED, KEYS, Settings, in_toml, read_settings, settings_of, settings_path


def test_no_file_means_every_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml") == Settings()
    assert Settings() == Settings(language="da", symbols="unicode", theme="dark", mouse=True, keys=Keys())
    assert [Settings().value(key.name) for key in KEYS] == [key.allowed[0] for key in KEYS]


def test_what_is_stated_holds(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('language = "en"\nsymbols = "ascii"\n', encoding="utf-8")
    assert read_settings(file) == Settings(language="en", symbols="ascii", theme="dark")


@pytest.mark.parametrize("key", ALLOWED)
def test_each_key_takes_only_what_is_allowed(tmp_path: Path, key: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'{key} = "something"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_settings(file)
    (fault,) = caught.value.faults
    assert key in fault.path
    assert all(in_toml(choice) in fault.allowed for choice in ALLOWED[key])


def test_all_faults_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('thmee = "dark"\nlanguage = 1\n[symbols]\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_settings(file)
    assert len(caught.value.faults) == 3
    assert "theme" in caught.value.faults[0].allowed
    assert str(file) in caught.value.faults[0].path


def test_what_can_be_masked_can_be_chosen() -> None:
    assert CHOICES["mask"] == tuple(masking.value for masking in Masking)


LINES = st.sampled_from(
    [
        *(f"{name} = {in_toml(value)}" for name, values in CHOICES.items() for value in values),
        *("", "  ", "# as it was", "\t# æ = 1", 'language="en"\t', "mouse = 'true'", "mouse = True", 'theme = "blue"'),
        *('language = "en" # English', "[keys]", 'accept = ["a"]', "certificate_cost = 300", 'symbols = "ascii', "= 1"),
        *('language = "\\u0065n"', 'theme = """dark"""', "theme = 'dark'", '"mask" = "cpr"', "# \x07", "x", "a.b = 1"),
        *("mouse = true\r", "\ufefflanguage = 'en'", '\ufefftheme = "dark"', "# \x85", 'lock_minutes = "5";', "\x0c"),
    ]
)


@given(st.lists(LINES, max_size=4), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([b"", b"\n", b"\xff", b"#"]))
def test_what_is_read_at_a_glance_is_what_toml_says(lines: list[str], ending: str, tail: bytes) -> None:
    data = ending.join(lines).encode() + tail
    plain = plain_choices(data)
    if plain is not None:
        assert plain == tomllib.loads(data.decode())
        assert settings_of(data, Path("settings.toml")) == Settings(**plain)  # type: ignore[arg-type]


def test_ordinary_settings_are_read_at_a_glance() -> None:
    assert plain_choices(b'# mine\nlanguage = "en"\r\n\nmouse=false\n') == {"language": "en", "mouse": False}


@pytest.mark.parametrize("content", [b"language = ", b"\xff\xfe", b"[[", b"a = 1\na = 2"])
def test_what_is_no_toml(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_settings(file)
    assert str(file) in caught.value.faults[0].path


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: it is a folder"):
        read_settings(tmp_path)


def test_the_variable_names_the_file(tmp_path: Path) -> None:
    assert settings_path({"PLANNER_CONFIG": str(tmp_path / "x.toml")}) == tmp_path / "x.toml"
    assert settings_path({}).name == "settings.toml"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.toml")
    with pytest.raises(InputError) as told:
        read_settings(tmp_path / "settings.toml")
    assert [fault.found for fault in told.value.faults] == ["no ordinary file"]


def test_a_very_long_dotted_key_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(".".join("a" * 20_000) + " = 1", encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_settings(file)
    assert [fault.found for fault in told.value.faults] == ["lists or tables nested too deep"]


@pytest.mark.parametrize(
    ("written", "cost"), [("1500", 1500), ("1500.5", 1500.5), ("0", 0), ("1_500", 1500), ('"none"', None)]
)
def test_what_a_certificate_costs_is_an_amount_or_not_stated(written: str, cost: float | None) -> None:
    assert settings_of(f"certificate_cost = {written}".encode(), Path("settings.toml")).unit_cost == cost


@pytest.mark.parametrize("written", ["-1", "1e6", "nan", "inf", "true", '"1500"', "[1500]", "2026-01-01"])
def test_what_is_no_amount_is_told_with_what_is_allowed(written: str) -> None:
    with pytest.raises(InputError) as told:
        settings_of(f"certificate_cost = {written}".encode(), Path("settings.toml"))
    (fault,) = told.value.faults
    assert fault.path == "settings.toml: certificate_cost"
    assert fault.allowed == '"none" or an amount from 0 to a million'


def test_without_it_nothing_is_reckoned_in_money(tmp_path: Path) -> None:
    assert Settings().unit_cost is None
    assert read_settings(tmp_path / "none.toml").unit_cost is None
