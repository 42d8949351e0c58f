"""Danish first, English complete: help, argparse's own words, errors, dates."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.cli.argparse_words import argparse_speaks
from planner.cli.parser import build_parser, language_asked_for
from planner.locale import CODES, language
from planner.plain_settings import plain_choices
from planner.symbols import ASCII, UNICODE
from tests.cli.conftest import Answer, Line

#: Help that is the same in both languages, since it is a list of codes.
SAME = "job_start, rehire"


def helps(parser: argparse.ArgumentParser, path: str = "planner") -> Iterator[tuple[str, str]]:
    """Every sentence of help below a parser, with where it stands."""
    yield path, parser.description or ""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from helps(below, f"{path} {name}")
        elif action.help and action.dest != "help":
            yield f"{path} {action.dest}", action.help


def test_danish_unless_english_is_asked_for(line: Line) -> None:
    assert line("undo", "--help").out.startswith("brug: planner")
    assert line("undo", "--help", "--lang", "en").out.startswith("usage: planner")
    assert line("undo", "x").err == "planner: fejl: ukendte argumenter: x\nSådan skrives det: planner --help\n"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("symbols", [UNICODE, ASCII])
@pytest.mark.parametrize("wide", [24, 40, 79, 80, 81, 100, 120, 200])
def test_the_help_of_the_program_is_laid_out_as_argparse_does(
    line: Line, code: str, symbols: str, wide: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    (tmp_path / "settings.toml").write_text(f'language = "{code}"\nsymbols = "{symbols}"\n', encoding="utf-8")
    speaks = language(code, symbols)
    with argparse_speaks(speaks):
        known = argparse.ArgumentParser.format_help(build_parser(speaks))
    assert line("--help") == Answer(0, known, "")
    assert line("--help", "--lang", code) == line("-h", f"--lang={code}", "--show-names") == Answer(0, known, "")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["completion", "fish"]])
@pytest.mark.parametrize("lang", [[], ["--lang", "en"], ["--lang=da"]])
def test_what_is_answered_at_once_is_what_the_whole_program_answers(
    line: Line, words: list[str], lang: list[str], tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text('language = "en"\nsymbols = "ascii"\n', encoding="utf-8")
    at_once = line(*words, *lang)
    (tmp_path / "settings.toml").write_text('"language" = "en"\nsymbols = \'ascii\'\n', encoding="utf-8")
    assert plain_choices((tmp_path / "settings.toml").read_bytes()) is None  # which takes the whole program
    assert line(*words, *lang) == at_once
    assert at_once.out


@pytest.mark.parametrize("words", [["--help"], ["completion", "zsh"]])
def test_wrong_settings_are_told_and_the_answer_is_given(line: Line, words: list[str], tmp_path: Path) -> None:
    usual = line(*words)
    (tmp_path / "settings.toml").write_text('theme = "blue"\n', encoding="utf-8")
    answer = line(*words)
    assert (answer.code, answer.out) == (0, usual.out)
    assert "theme" in answer.err


def test_the_option_stands_before_or_after_the_verb(line: Line) -> None:
    assert line("--lang", "en", "search", "nobody").out == line("search", "nobody", "--lang=en").out
    assert line("--lang", "en", "search", "nobody").out == "Nobody is called that.\n"
    assert line("--lang", "en", "search", "nobody", "--lang", "da").out == "Ingen hedder sådan.\n"
    assert line("--lang", "da", "--lang=en", "search", "nobody").out == "Nobody is called that.\n"


def test_the_settings_choose_and_the_option_wins(line: Line, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('language = "en"\n', encoding="utf-8")
    assert line("search", "nobody").out == "Nobody is called that.\n"
    assert line("search", "nobody", "--lang", "da").out == "Ingen hedder sådan.\n"


def test_wrong_settings_are_told_with_file_key_and_nearest(line: Line, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('langauge = "da"\ntheme = "blue"\n', encoding="utf-8")
    answer = line("today")
    assert (answer.code, answer.out) == (2, "")
    first, second = answer.err.splitlines()
    assert "settings.toml" in first
    assert "langauge" in first
    assert "language" in first
    assert "theme" in second
    assert '"dark"' in second


def test_every_help_text_is_translated() -> None:
    danish, english = (list(helps(build_parser(language(code)))) for code in ("da", "en"))
    assert [where for where, _ in danish] == [where for where, _ in english]
    assert len(danish) > 80
    same = [(where, text) for (where, text), (_, other) in zip(danish, english, strict=True) if text == other]
    assert [where for where, text in same if text and not text.startswith(SAME)] == []


def test_dates_and_times_are_written_as_the_language_does(line: Line) -> None:
    words = ("accept", "c-1", "--at", "25-11 10.30", "--channel", "phone")
    assert "25-11-2026" in line(*words).out
    assert line("undo").code == 0
    assert "25 Nov 2026" in line(*words, "--lang", "en").out


def test_errors_are_in_danish(line: Line) -> None:
    assert line("explain", "nobody").err == "Ingen borger hedder “nobody”\n"
    assert line("import", "nowhere.json").err.startswith("nowhere.json kan ikke læses: ")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--lang", "en", "today"], "en"),
        (["today", "--lang=da"], "da"),
        (["today", "--lang"], None),
        (["search", "da"], None),
        (["note", "c-1", "--", "--lang", "en"], None),
        (["--lang", "xx"], None),
        ([], None),
    ],
)
def test_the_language_is_known_before_the_line_is_read(words: list[str], found: str | None) -> None:
    assert language_asked_for(words) == found


def test_argparse_speaks_english_again_afterwards(line: Line) -> None:
    line("undo", "x")
    assert argparse.ArgumentParser(prog="other").format_usage().startswith("usage: other")


def test_ascii_signs_are_drawn_on_the_line_and_left_alone_in_json(line: Line, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('symbols = "ascii"', encoding="utf-8")
    for words in (("keys",), ("today",), ("rules",), ("rules", "show", "law-2026"), ("--help",), ("accept", "--help")):
        told = line(*words).out
        assert told
        assert [char for char in told if not (char.isascii() or char.isalpha() or char == "§")] == []
    assert "n, højrepil: " in line("keys").out
    assert '"xyz"' in line("explain", "xyz").err
    assert "…" in line("keys", "--json").out
