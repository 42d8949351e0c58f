"""The settings on the line: printed as a file that could be used, and written without losing anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.locale import CODES, language
from planner.settings import KEYS, Settings, read_settings
from tests.cli.conftest import Line


@pytest.mark.parametrize("code", CODES)
def test_every_key_is_printed_with_its_text_and_its_value(nowhere: Line, tmp_path: Path, code: str) -> None:
    answer = nowhere("settings", "--lang", code)
    assert (answer.code, answer.err) == (0, "")
    assert str(tmp_path / "settings.toml") in answer.out
    for key in KEYS:
        assert f"# {language(code).text(key.text)}\n{key.name} = " in answer.out
    assert not (tmp_path / "settings.toml").exists()
    assert not (tmp_path / "planner.db").exists()
    (tmp_path / "ready.toml").write_text(answer.out, encoding="utf-8")
    found = read_settings(tmp_path / "ready.toml")
    assert [found.value(key.name) for key in KEYS] == [Settings().value(key.name) for key in KEYS]


def test_one_key_is_written_and_the_rest_stays(bare: Line, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# mine\ntheme = "dark" # at night\n', encoding="utf-8")
    answer = bare("settings", "theme", "light")
    assert answer.code == 0
    assert 'theme = "light"' in answer.out
    assert bare("settings", "mouse", "false").code == 0
    assert file.read_text(encoding="utf-8") == '# mine\ntheme = "light" # at night\nmouse = false\n'
    assert bare("settings", "theme").out == 'theme = "light"\n'
    assert bare("settings", "mouse", "--json").json == {"mouse": False}


@pytest.mark.parametrize(("typed", "line"), [("1500", "1500"), ("1500,5", "1500.5"), ("none", '"none"')])
def test_what_a_certificate_costs_is_typed_with_comma_or_point(bare: Line, typed: str, line: str) -> None:
    assert bare("settings", "certificate_cost", typed).code == 0
    assert bare("settings", "certificate_cost").out == f"certificate_cost = {line}\n"


def test_the_new_language_answers(bare: Line) -> None:
    assert bare("settings", "language", "en").out.startswith("Written: ")
    assert bare("search", "nobody").out == "Nobody is called that.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("theem", "dark"), "theme"),
        (("theme", "pink"), '"terminal"'),
        (("mouse", "nej"), "true eller false"),
        (("keys", "vim"), "theme"),
        (("certificate_cost", "1e3"), '"none" eller et beløb fra 0 til en million'),
        (("certificate_cost", "1000000"), '"none" eller et beløb fra 0 til en million'),
        (("zzz",), "language, theme, symbols, lock_minutes, mask, mouse, certificate_cost"),
    ],
)
def test_what_is_not_allowed_is_told_and_nothing_is_written(
    bare: Line, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    answer = bare("settings", *words)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert not (tmp_path / "settings.toml").exists()


def test_all_of_it_as_json(bare: Line, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\nundo = ["f10"]\n', encoding="utf-8")
    assert bare("settings", "--json").json == {
        "file": str(tmp_path / "settings.toml"),
        "exists": True,
        "language": "da",
        "theme": "dark",
        "symbols": "unicode",
        "lock_minutes": "10",
        "mask": "cpr",
        "mouse": True,
        "certificate_cost": "none",
        "keys": {"undo": ["f10"]},
    }
