"""What is seen: contrast, both languages, both sizes, and never colour alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import dist

import pytest
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from planner.errors import PlannerError
from planner.locale import language
from planner.services.today import GROUPS
from planner.settings import ALLOWED, Settings, Value
from planner.tui.rows import DONE_SIGN, IN_NEED, PRESSING, SIGNS, moment
from planner.tui.screens.settings import SettingsScreen
from planner.tui.theme import CONTRAST, DARK, LIGHT, TERMINAL, THEMES, following, setting
from tests.tui.fakes import slot
from tests.tui.stage import Stage, staged

LEAST = 4.5
BEST = 7.0
#: Of the terminal's colours the one pair that can be read in every palette.
BLACK_ON_WHITE = (0, 7)
#: The least distance (CIE 1976) of two colours that mean something different, for every eye.
APART = 12.0
EVERYWHERE = ("p", "x", "s", "f", "h", "v", "i", "t", "c", "/", "?", "ctrl+p")


def _linear(color: Color) -> list[float]:
    parts = [value / 255 for value in (color.r, color.g, color.b)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = _linear(color)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: Color, second: Color) -> float:
    """The contrast ratio of WCAG 2."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rgb(color: RichColor | None) -> Color | None:
    return None if color is None or color.is_default else Color(*color.get_truecolor())


def _segments(stage: Stage, within: str = "*") -> Iterator[Segment]:
    """What is painted inside a widget, as it goes to the terminal."""
    region = stage.app.screen.region if within == "*" else stage.app.screen.query_one(within).region
    for strip in stage.app.screen._compositor.render_strips()[region.y : region.bottom]:
        yield from strip.crop(region.x, region.right)


def _weak(stage: Stage, within: str) -> list[tuple[str, float]]:
    """Texts painted with too little contrast inside a widget; with a colour, where the terminal's own are wanted."""
    least = BEST if stage.app.theme == CONTRAST.name else LEAST
    found = []
    for segment in _segments(stage, within):
        style = segment.style or Style()
        ink, ground = _rgb(style.color), _rgb(style.bgcolor)
        if style.reverse:
            ink, ground = ground, ink
        if not any(char.isalnum() for char in segment.text):
            continue
        if stage.app.theme == TERMINAL.name:
            numbers = style.color and style.color.number, style.bgcolor and style.bgcolor.number
            ratio = BEST if numbers == BLACK_ON_WHITE or (ink, ground) == (None, None) else 0.0
        else:
            assert ink, segment
            assert ground, segment
            ratio = contrast(ink, ground)
        if ratio < least:
            found.append((segment.text, round(ratio, 1)))
    return found


#: Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
#: severity 1.0, on linear RGB.
SIMULATED: Mapping[str, tuple[tuple[float, float, float], ...]] = {
    "every colour": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _seen(color: Color, eye: str) -> tuple[float, ...]:
    """The colour in linear RGB as that eye sees it."""
    linear = _linear(color)
    mixed = (sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in SIMULATED[eye])
    return tuple(min(1.0, max(0.0, part)) for part in mixed)


def _lab(linear: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* of linear sRGB under D65."""
    red, green, blue = linear
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    """Black on white is 21, and the mid grey that just passes is known."""
    passing, failing = (contrast(Color.parse(grey), Color.parse("#fff")) for grey in ("#767676", "#777777"))
    assert round(contrast(Color.parse("#000"), Color.parse("#fff")), 2) == 21
    assert passing > LEAST > failing


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
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
    """Round all four; each is remembered, and paints the whole screen."""
    kept: list[Value] = []

    def save(changes: Mapping[str, Value]) -> Settings:
        kept.append(changes["theme"])
        return Settings(theme=str(changes["theme"]))

    async with staged(theme=DARK.name, save=save) as stage:
        for theme in (LIGHT, CONTRAST, TERMINAL, DARK):
            assert following(stage.app.theme) == theme.name
            await stage.press("f8")
            assert stage.app.theme == theme.name
            await stage.until(lambda: bool(kept), "the theme being kept")
            await stage.pilot.pause()
            assert _weak(stage, "#main") == []
            assert kept.pop() == setting(theme.name)


@pytest.mark.parametrize("key", ["p", "/", "ctrl+p", "?", "h"])
async def test_the_theme_is_switched_over_a_dialog(key: str) -> None:
    """Whoever cannot read it need not leave it; what is typed stays."""
    async with staged(theme=DARK.name, at="k-02") as stage:
        await stage.press(key)
        await stage.opened()
        dialog = stage.dialog
        await stage.press("f8")
        assert (stage.app.theme, stage.app.screen) == (LIGHT.name, dialog)
        await stage.pilot.pause()
        assert _weak(stage, "#dialog") == []


def test_the_themes_are_those_of_the_settings() -> None:
    """What can be switched to can be written."""
    assert {setting(theme.name) for theme in THEMES} == set(ALLOWED["theme"])


async def test_a_theme_that_cannot_be_kept_is_told() -> None:
    """A full disk changes nothing but the next start."""

    def full(_changes: Mapping[str, Value]) -> Settings:
        raise PlannerError("The file {path} cannot be written: {cause}", path="x", cause="the disk is full")

    async with staged(theme=DARK.name, save=full) as stage:
        await stage.press("f8")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert "the disk is full" in stage.toasts[-1]
        assert stage.app.theme == LIGHT.name


@pytest.mark.parametrize("theme", [theme for theme in THEMES if not theme.ansi], ids=lambda theme: theme.name)
@pytest.mark.parametrize("eye", SIMULATED)
def test_colours_that_mean_something_are_told_apart_by_every_eye(theme: Theme, eye: str) -> None:
    """Pressing, notice, heading, quiet and plain text differ for those who see fewer colours, too."""
    colours = {"pressing": theme.error, "notice": theme.accent, "heading": theme.primary, "plain": theme.foreground}
    colours["muted"] = theme.variables["muted"]
    seen = {name: _lab(_seen(Color.parse(colour or ""), eye)) for name, colour in colours.items()}
    near = [(one, other) for one, other in combinations(seen, 2) if dist(seen[one], seen[other]) < APART]
    assert near == []


async def test_in_the_terminals_own_colours_cursor_and_headings_are_styles() -> None:
    """Nothing is told by a colour that the terminal may not have: the cursor is reversed, and underlined at rest."""
    async with staged(theme=TERMINAL.name, at="k-02") as stage:

        def style(text: str) -> Style:
            return next(part.style or Style() for part in _segments(stage, "#list") if text in part.text)

        assert style("Anna").reverse
        assert style("Overdue").underline
        await stage.press("tab")
        await stage.pilot.pause()
        assert style("Anna").underline
        assert not style("Anna").reverse


async def test_no_colour_on_the_terminals_own_theme_is_no_colour_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR with these colours leaves no grey behind."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged(theme=TERMINAL.name, at="k-02") as stage:
        filters = stage.app.get_line_filters()
        for part in _segments(stage):
            for each in filters:
                (part,) = each.apply([part], Color.parse("#000"))
            style = part.style or Style()
            assert (_rgb(style.color), _rgb(style.bgcolor)) == (None, None)


async def test_without_colour_everything_is_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR: greys only; signs and words carry the meaning."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged(at="k-02") as stage:
        assert stage.app.no_color
        assert "! Anna Eksempel" in stage.text()
        assert "3 days late" in stage.text()


async def test_without_colour_the_line_that_keys_act_on_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR: reversed where the keys go and underlined where they went before; a list of options is underlined."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged(at="k-02") as stage:

        def marked(text: str, how: str = "reverse") -> bool:
            return any(getattr(part.style, how, False) for part in _segments(stage) if text in part.text)

        assert marked("Anna")
        await stage.press("tab")
        await stage.until(lambda: not marked("Anna"), "the card")
        assert marked("Anna", "underline")
        await stage.press("f5")
        await stage.until(lambda: marked("  Flexible", "underline"), "the experiments")
        await stage.press("f2")
        await stage.press("c")
        await stage.opened()
        await stage.until(lambda: marked("1  "), "the choices")


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


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_the_settings_stand_out_from_their_ground(theme: str) -> None:
    """Every field of the form, with a fault, focused and not."""
    async with staged(theme=theme, size=(80, 24)) as stage:
        await stage.press("f6")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "the settings")
        await stage.until(lambda: stage.app.screen.is_mounted, "the form")
        await stage.press("x", "enter")
        await stage.until(lambda: "! " in stage.text(), "the fault")
        for selector in ("#hours-0", "#in-person-0", "#theme", "#save"):
            stage.app.screen.query_one(selector).focus()
            await stage.pilot.pause()
            assert _weak(stage, "*") == [], selector
