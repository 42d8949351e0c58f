"""Changing the settings keeps everything else of the user's file, or changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError, PlannerError
from planner.settings import ALLOWED, AMOUNTS, KEYS, Settings, Value, read_settings
from planner.settings_file import _changed, change_settings


def test_a_missing_file_is_made(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    assert change_settings({"theme": "light"}, file) == Settings(theme="light")
    assert file.read_text(encoding="utf-8") == 'theme = "light"\n'
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["settings.toml"]


def test_comments_order_and_keys_stay(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    text = (
        "# mine\n\n  theme = 'dark'   # dark in winter\nsymbols = \"ascii\"\n\n"
        '# my keys\n[keys]\n# undo\nundo = [\n  "f10", # near\n]\n'
    )
    file.write_text(text, encoding="utf-8")
    change_settings({"theme": "contrast", "mouse": False}, file)
    changed = file.read_text(encoding="utf-8")
    assert changed == text.replace("'dark'", '"contrast"').replace('"ascii"\n', '"ascii"\nmouse = false\n')
    assert read_settings(file).keys.first("undo") == "F10"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", 'theme = "light"\n'),
        ("# nothing\n", 'theme = "light"\n# nothing\n'),
        ('[keys]\nundo = ["f10"]\n', 'theme = "light"\n[keys]\nundo = ["f10"]\n'),
        ('language = "en"', 'language = "en"\ntheme = "light"\n'),
        ('language = "en"\r\n', 'language = "en"\r\ntheme = "light"\r\n'),
        ('\ufefftheme = "dark"\r\n', '\ufefftheme = "light"\r\n'),
        ('"theme"="dark"#x', '"theme"="light"#x'),
        ('keys.undo = ["f10"]\n', 'theme = "light"\nkeys.undo = ["f10"]\n'),
    ],
)
def test_every_way_to_write_a_file(tmp_path: Path, text: str, changed: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(text.encode())
    assert change_settings({"theme": "light"}, file).theme == "light"
    assert file.read_bytes().decode() == changed


def test_what_a_line_cannot_show_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('theme = """\ndark"""\n', encoding="utf-8")
    with pytest.raises(InputError) as told:
        change_settings({"theme": "light"}, file)
    assert "light" in told.value.faults[0].allowed
    assert file.read_text(encoding="utf-8") == 'theme = """\ndark"""\n'


@pytest.mark.parametrize(("name", "value"), [("theem", "dark"), ("theme", "pink"), ("mouse", "true"), ("keys", "vim")])
def test_what_is_not_allowed_is_refused_before_anything_is_written(tmp_path: Path, name: str, value: str) -> None:
    file = tmp_path / "settings.toml"
    with pytest.raises(InputError):
        change_settings({name: value}, file)
    assert not file.exists()


def test_a_wrong_file_is_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("thmee = 1\n", encoding="utf-8")
    with pytest.raises(InputError):
        change_settings({"theme": "light"}, file)
    assert file.read_text(encoding="utf-8") == "thmee = 1\n"


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="cannot be written"):
        change_settings({"theme": "light"}, tmp_path / "none" / "settings.toml")


@pytest.mark.skipif(os.name == "nt", reason="links need leave there")
def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "settings.toml"
    real.write_text('theme = "dark"\n', encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    change_settings({"theme": "light"}, link)
    assert link.is_symlink()
    assert read_settings(real).theme == "light"
    assert real.stat().st_mode & 0o777 == 0o640


AMOUNT = st.one_of(st.integers(0, 999_999), st.floats(0, 1e6, exclude_max=True))
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        key.name: st.one_of(st.sampled_from(key.allowed), AMOUNT)
        if key.name in AMOUNTS
        else st.sampled_from(key.allowed)
        for key in KEYS
    },
)


@given(CHANGES, CHANGES)
def test_what_is_written_is_what_is_read(first: dict[str, Value], then: dict[str, Value]) -> None:
    from planner.settings import settings_of

    text = _changed(_changed("# kept\n", first), then)
    found = settings_of(text.encode(), Path("settings.toml"))
    expected = {**{name: allowed[0] for name, allowed in ALLOWED.items()}, **first, **then}
    assert {name: found.value(name) for name in ALLOWED} == expected
    assert "# kept\n" in text
