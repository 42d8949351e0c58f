"""Pictures of the screen, compared with those that were last looked at and found right.

Run with `--snapshot-update` after a wanted change, and look at each picture that differs before keeping it.
"""

from __future__ import annotations

import sys
from importlib.metadata import version

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from planner.locale import language
from planner.tui.app import PlannerApp
from planner.tui.picture import picture
from tests.tui.fakes import FakeDesk

#: Pictures differ between versions of Python and Textual, so they are compared on one pair only.
PYTHON, TEXTUAL = (3, 11), "8.2.8"

pytestmark = pytest.mark.skipif(
    sys.version_info[:2] != PYTHON or version("textual") != TEXTUAL,
    reason=f"pictures are compared on Python {PYTHON[0]}.{PYTHON[1]} with Textual {TEXTUAL} only",
)

CASES: dict[str, tuple[str, tuple[int, int], str, tuple[str, ...]]] = {
    "today_da_80x24": ("da", (80, 24), "planner-dark", ("j",)),
    "today_en_80x24_light": ("en", (80, 24), "planner-light", ("j",)),
    "today_da_80x24_contrast": ("da", (80, 24), "planner-contrast", ("j",)),
    "today_da_160x45": ("da", (160, 45), "planner-dark", ("j", "n")),
    "today_en_160x45": ("en", (160, 45), "planner-light", ("j",)),
    "card_focused": ("en", (80, 24), "planner-dark", ("j", "tab", "G")),
    "why": ("da", (80, 24), "planner-dark", ("j", "w")),
    "choose_time": ("da", (80, 24), "planner-dark", ("j", "t")),
    "change_channel": ("da", (80, 24), "planner-light", ("j", "c")),
    "postpone": ("da", (80, 24), "planner-dark", ("j", "p", "enter")),
    "exempt": ("da", (80, 24), "planner-dark", ("j", "x")),
    "cadence": ("da", (80, 24), "planner-dark", ("j", "s")),
    "fact": ("da", (80, 24), "planner-light", ("j", "f")),
    "held": ("da", (80, 24), "planner-dark", ("h",)),
    "cancelled": ("da", (80, 24), "planner-dark", ("v",)),
    "note": ("da", (80, 24), "planner-dark", ("j", "i", *"ringer")),
    "search": ("da", (80, 24), "planner-light", ("/", *"prø")),
    "palette": ("da", (80, 24), "planner-dark", ("ctrl+p",)),
    "accepted": ("da", (80, 24), "planner-dark", ("j", "a")),
    "settings_da_80x24": ("da", (80, 24), "planner-dark", ("f6",)),
    "settings_en_160x45_wrong": ("en", (160, 45), "planner-contrast", ("f6", "x", "enter")),
    "citizen_da_80x24": ("da", (80, 24), "planner-dark", ("j", "enter", "enter")),
    "citizen_en_160x45": ("en", (160, 45), "planner-light", ("j", "enter", "enter")),
    "experiments_da_80x24": ("da", (80, 24), "planner-dark", ("f5", "j")),
    "experiments_en_160x45": ("en", (160, 45), "planner-light", ("f5",)),
    "adopt": ("da", (80, 24), "planner-dark", ("f5", *"jjj", "a", "enter")),
    "what_if": ("da", (80, 24), "planner-light", ("f5", "w", "1")),
    "week_moving": ("da", (80, 24), "planner-dark", ("f3", "n", "n", "m", "right", "down")),
    "capacity": ("da", (80, 24), "planner-light", ("f4", "j")),
    "evidence_survey": ("da", (80, 24), "planner-light", ("f7", *["down"] * 24)),
    "evidence_curve": ("en", (160, 45), "planner-contrast", ("f7", *["down"] * 22)),
    "supervise": ("da", (80, 24), "planner-dark", ("f7", "v")),
    "form": ("da", (80, 24), "planner-light", ("f7", "f", "1")),
    "help": ("da", (160, 45), "planner-dark", ("?",)),
}
#: Each view by the keys that lead there; compared in both languages, narrow and wide, where it is not above already.
VIEWS: dict[str, tuple[str, ...]] = {
    "week": ("f3",),
    "capacity": ("f4", "j"),
    "citizen": ("j", "enter"),
    "experiments": ("f5",),
    "evidence": ("f7", "j", "j"),
    "settings": ("f6",),
    "whole_plan": ("W",),
    "summons": ("j", "b"),
    "offer": ("j", "j", "e"),
    "filter": ("F",),
    "call_off": ("D",),
}
SIZES = {"80x24": (80, 24), "160x45": (160, 45)}
CASES |= {
    f"{view}_{code}_{name}_plain": (code, size, "planner-dark", keys)
    for view, keys in VIEWS.items()
    for code in ("da", "en")
    for name, size in SIZES.items()
}


class Svg(SingleFileSnapshotExtension):
    """A picture is a file of its own, so that a browser shows it."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL", "TEXTUAL_THEME", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("case", CASES)
async def test_screen(case: str, snapshot: SnapshotAssertion) -> None:
    """The screen is as it was."""
    code, size, theme, keys = CASES[case]
    app = PlannerApp(FakeDesk().factory(), language(code), theme=theme)
    assert await picture(app, size=size, keys=keys) == snapshot(extension_class=Svg)


@pytest.mark.parametrize(
    "keys", [("j",), ("f3",), ("f4",), ("j", "enter"), ("f5",), ("f6",), ("f7", "j", "j")], ids="-".join
)
async def test_screen_without_colour(
    keys: tuple[str, ...], snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in monochrome."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = PlannerApp(FakeDesk().factory(), language("da"))
    assert await picture(app, size=(80, 24), keys=keys) == snapshot(extension_class=Svg)
