"""What is seen: contrast, both languages, both sizes, and never colour alone."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color

from planner.locale import language
from planner.services.today import GROUPS
from planner.tui.rows import DONE_SIGN, IN_NEED, PRESSING, SIGNS, moment
from planner.tui.theme import DARK, LIGHT, other
from tests.tui.fakes import slot
from tests.tui.stage import Stage, staged

LEAST = 4.5
EVERYWHERE = ("p", "x", "s", "f", "h", "v", "i", "t", "c", "/", "?", "ctrl+p")


def _luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [value / 255 for value in (color.r, color.g, color.b)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: Color, second: Color) -> float:
    """The contrast ratio of WCAG 2."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rgb(color: RichColor | None) -> Color | None:
    return None if color is None or color.is_default else Color(*color.get_truecolor())


def _weak(stage: Stage, within: str) -> list[tuple[str, float]]:
    """Texts painted with too little contrast inside a widget."""
    region = stage.app.screen.query_one(within).region
    found = []
    for strip in stage.app.screen._compositor.render_strips()[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            style = segment.style or Style()
            ink, ground = _rgb(style.color), _rgb(style.bgcolor)
            if style.reverse:
                ink, ground = ground, ink
            worded = any(char.isalnum() for char in segment.text)
            if worded and ink and ground and contrast(ink, ground) < LEAST:
                found.append((segment.text, round(contrast(ink, ground), 1)))
    return found


def test_contrast_is_reckoned_as_wcag_does() -> None:
    """Black on white is 21, and the mid grey that just passes is known."""
    passing, failing = (contrast(Color.parse(grey), Color.parse("#fff")) for grey in ("#767676", "#777777"))
    assert round(contrast(Color.parse("#000"), Color.parse("#fff")), 2) == 21
    assert passing > LEAST > failing


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
async def test_every_text_stands_out_from_its_ground(theme: str) -> None:
    """Painted pairs, in the list, on the card, in each dialog, focused or not, with a fault and a toast."""
    async with staged(theme=theme, at="k-02", size=(120, 40)) as stage:
        await stage.pilot.pause()
        assert _weak(stage, "#main") == []
        assert _weak(stage, "#status") == []
        assert _weak(stage, "#footer") == []
        await stage.press("tab")
        await stage.pilot.pause()
        assert _weak(stage, "#main") == []
        await stage.press("escape")
        for key in EVERYWHERE:
            stage.people.select("k-11" if key == "v" else "k-02")
            await stage.press(key)
            await stage.opened()
            for _ in range(3):
                assert _weak(stage, "#dialog") == [], key
                await stage.press("tab")
                await stage.pilot.pause()
            stage.dialog.show_fault("Something is wrong")
            await stage.pilot.pause()
            assert _weak(stage, "#dialog") == [], key
            await stage.press("escape")
            await stage.closed()
        await stage.press("o")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        await stage.pilot.pause()
        assert _weak(stage, "Toast") == []


async def test_the_theme_is_switched_by_a_key() -> None:
    """Dark, light, dark."""
    async with staged(theme=DARK.name) as stage:
        await stage.press("f8")
        assert stage.app.theme == LIGHT.name == other(DARK.name)
        await stage.pilot.pause()
        assert _weak(stage, "#main") == []
        await stage.press("f8")
        assert stage.app.theme == DARK.name


async def test_without_colour_everything_is_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR: greys only; signs and words carry the meaning."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged(at="k-02") as stage:
        assert stage.app.no_color
        assert "! Anna Eksempel" in stage.text()
        assert "3 days late" in stage.text()


def test_every_group_has_a_sign_and_a_place() -> None:
    """No group is told by its colour only."""
    assert set(GROUPS) == set(SIGNS)
    assert all(len(sign) == 1 and sign.isascii() for sign in SIGNS.values())
    assert len({*SIGNS.values(), DONE_SIGN}) == len(GROUPS) + 1
    assert PRESSING <= IN_NEED


@pytest.mark.parametrize("code", ["da", "en"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (120, 40), (160, 45), (300, 80)])
async def test_every_size_shows_who_and_when(code: str, size: tuple[int, int]) -> None:
    """Columns shrink and go in order; the name and the proposed time stay to the last."""
    speaks = language(code)
    async with staged(size=size, speaks=speaks, at="k-06") as stage:
        await stage.pilot.pause()
        lines = [line for line in stage.text().splitlines() if "> Dorte" in line]
        assert len(lines) == 1
        assert moment(slot(1), speaks) in lines[0]


@pytest.mark.parametrize("code", ["da", "en"])
async def test_days_are_words(code: str) -> None:
    """Over and left, singular and plural, in the user's language."""
    speaks = language(code)
    async with staged(speaks=speaks, size=(160, 45)) as stage:
        for words in (
            speaks.plural("{n} day late", "{n} days late", 3),
            speaks.plural("{n} day late", "{n} days late", 1),
            speaks.plural("in {n} day", "in {n} days", 16),
        ):
            assert words in stage.text()


async def test_the_terminal_cursor_follows_the_list() -> None:
    """A screen magnifier sees where the cursor is."""
    async with staged() as stage:
        first = stage.app.cursor_position
        await stage.press("down")
        assert stage.app.cursor_position.y > first.y
        line = stage.text().splitlines()[stage.app.cursor_position.y]
        assert "Anna Eksempel" in line


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_ascii_signs_are_drawn_everywhere(size: tuple[int, int]) -> None:
    """Borders, bars, cut texts, arrows and the card: nothing but ASCII and letters is painted, in the same cells."""
    async with staged(size=size, speaks=language("da", "ascii"), at="k-02") as stage:

        def strange() -> set[str]:
            return {char for char in stage.text() if not (char.isascii() or char.isalpha() or char == "§")}

        assert strange() == set()
        assert "~" in stage.text()
        for key in EVERYWHERE:
            stage.people.select("k-11" if key == "v" else "k-02")
            await stage.press(key)
            await stage.opened()
            assert strange() == set(), key
            assert "+---" in stage.text()
            await stage.press("escape")
            await stage.closed()
        await stage.press("o")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        await stage.pilot.pause()
        assert strange() == set()
