"""The signs that the program draws have stand-ins in ASCII; letters, Danish or other, stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner
from planner.locale import CODES, language
from planner.services.commands import COMMANDS, MOVEMENTS, key_names
from planner.symbols import cells_in_ascii, in_ascii

PACKAGE = Path(planner.__file__).parent
#: On every Danish keyboard.
KEPT = "§"


def strange(text: str) -> set[str]:
    """What is neither ASCII nor a letter."""
    return {char for char in text if not (char.isascii() or char.isalpha() or char in KEPT)}


@pytest.mark.parametrize(
    "file",
    [*sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po")), *sorted(PACKAGE.glob("rules/*/*.toml"))],
    ids=lambda file: file.name,
)
def test_every_sign_in_what_the_program_says_has_a_stand_in(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert strange(in_ascii(text)) == set()
    assert strange(cells_in_ascii(text)) == set()


def test_an_arrow_key_is_called_by_its_name() -> None:
    keys = [entry.keys for entry in COMMANDS] + [entry.keys for entry in MOVEMENTS]
    named = [in_ascii(key_names(each)) for each in keys]
    assert not any(strange(name) for name in named)
    assert "n, right" in named


def test_a_message_is_drawn_before_its_fields_are_filled() -> None:
    """What the data says is not the program's to change."""
    for code in CODES:
        said = language(code, "ascii").text("No citizen is called “{name}”", name="A – B…")
        assert said.endswith('"A – B…"')


@pytest.mark.parametrize("text", ["╭──╮", "│ Åse…│", "▌toast", "fra 8–15 · “x”", "█▆▂"])
def test_a_painted_sign_keeps_its_width(text: str) -> None:
    assert not strange(cells_in_ascii(text))
    assert len(cells_in_ascii(text)) == len(text)


@given(st.text())
def test_only_signs_change_and_every_cell_stays(text: str) -> None:
    painted = cells_in_ascii(text)
    assert len(painted) == len(text)
    assert all(now == before or before in strange(before) for before, now in zip(text, painted, strict=True))


@given(st.text(st.characters(categories=("L", "N"))))
def test_letters_and_figures_stay(text: str) -> None:
    assert in_ascii(text) == text
