"""Another theme: what is kept and what is left out of a restyling changes nothing that is seen."""

from __future__ import annotations

from typing import Any

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget
from textual.widgets import Static

from planner.tui.stylesheet import ThemedStylesheet
from planner.tui.theme import THEMES, following
from tests.tui.stage import Stage, staged


def _nodes(stage: Stage) -> list[DOMNode]:
    """The application and all widgets of the screens that are open, with what makes up their scroll bars."""
    nodes: list[DOMNode] = [stage.app]
    for screen in stage.app.screen_stack:
        nodes += screen.walk_children(with_self=True)
    bars = [node.vertical_scrollbar for node in nodes if isinstance(node, Widget) and node.show_vertical_scrollbar]
    return [*nodes, *bars]


def _rules(node: DOMNode) -> dict[str, Any]:
    rules: dict[str, Any] = dict(node.styles.base.get_rules())
    return {name: rule.name if name == "layout" else rule for name, rule in rules.items()}


def _told(rule: RuleSet) -> tuple[str, dict[str, Any]]:
    rules: dict[str, Any] = dict(rule.styles.get_rules())
    return rule.selectors, {name: one.name if name == "layout" else one for name, one in rules.items()}


def _painted(stage: Stage) -> list[list[Segment]]:
    return [list(strip) for strip in stage.app.screen._compositor.render_strips()]


@pytest.mark.parametrize("keys", [(), ("f3",), ("f4",), ("f6",), ("ctrl+p",), ("p",)], ids=" ".join)
async def test_after_another_theme_all_is_as_textual_makes_it_from_nothing(keys: tuple[str, ...]) -> None:
    async with staged(at="k-02", size=(120, 20)) as stage:
        for key in keys:
            was = stage.app.screen
            await stage.press(key)
            await stage.until(lambda was=was: stage.app.screen is not was, "what the key opens")  # type: ignore[misc]
        await stage.pilot.pause()
        for _ in range(2 * len(THEMES)):
            stage.app.action_command("theme")
            await stage.pilot.pause()
            rules, painted = [_rules(node) for node in _nodes(stage)], _painted(stage)
            plain = stage.app.stylesheet.copy()
            assert type(plain) is Stylesheet
            plain.parse()
            plain.update(stage.app)
            for screen in stage.app.screen_stack:
                plain.update(screen)
            assert [_rules(node) for node in _nodes(stage)] == rules
            for node in _nodes(stage):
                if isinstance(node, Widget):
                    node.refresh()
            await stage.pilot.pause()
            assert _painted(stage) == painted


async def test_a_theme_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    parse = Stylesheet._parse_rules

    def counting(self: Stylesheet, css: str, *given: Any, **named: Any) -> Any:
        read.extend([css] * ((css, *given, *named.values()) not in self._parse_cache))
        return parse(self, css, *given, **named)

    monkeypatch.setattr(Stylesheet, "_parse_rules", counting)
    monkeypatch.setattr("planner.tui.app._SPARE", 1000.0)  # no view is made ready meanwhile, and no theme read ahead
    async with staged() as stage:
        counts = []
        for _ in range(2 * len(THEMES)):
            read.clear()
            stage.app.action_command("theme")
            await stage.pilot.pause()
            counts.append(len(read))
        assert all(counts[: len(THEMES) - 1])
        assert not any(counts[len(THEMES) :])


class Striped(App[None]):
    """Text on a ground that is not its own, beside a scroll bar."""

    def __init__(self, sheet: type[Stylesheet]) -> None:
        super().__init__()
        self.stylesheet = sheet(variables=self.get_css_variables())

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="below"):
            yield Static("text\n" * 40)


@pytest.mark.parametrize(
    "css",
    [
        "#below { background: blue; scrollbar-background: blue }"
        ".hot #below { background: red; scrollbar-background: red }",
        "Screen { background: blue } Screen.hot { background: red } #below { scrollbar-background: black 0% }",
    ],
    ids=["ground", "ground below"],
)
@pytest.mark.parametrize("sheet", [Stylesheet, ThemedStylesheet])
async def test_what_lies_on_another_ground_is_repainted(sheet: type[Stylesheet], css: str) -> None:
    app: Striped = type("Styled", (Striped,), {"CSS": css})(sheet)
    async with app.run_test(size=(20, 5)) as pilot:
        for is_hot in (False, True, False):
            app.screen.set_class(is_hot, "hot", update=False)
            app.stylesheet.update(app.screen)
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            grounds = {
                part.style.bgcolor.name for strip in strips for part in strip if part.style and part.style.bgcolor
            }
            this, other = ("#ff0000", "#0000ff") if is_hot else ("#0000ff", "#ff0000")
            assert this in grounds
            assert other not in grounds
            assert sum(part.style is not None and part.style.bgcolor is not None for part in strips[0]) == len(
                strips[0]
            )


async def test_the_theme_that_comes_next_was_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.tui.app._SPARE", 0.01)
    async with staged() as stage:
        sheet = stage.app.stylesheet
        for _ in range(len(THEMES)):
            theme = stage.app.get_theme(following(stage.app.theme))
            assert theme is not None
            await stage.until(lambda theme=theme: sheet.has_read(stage.app.colours(theme)), "what comes next")  # type: ignore[misc]
            ahead = sheet._of_themes[frozenset(stage.app.colours(theme).items())]
            stage.app.action_command("theme")
            await stage.pilot.pause()
            assert sheet._parse_cache is ahead
            assert stage.app.colours(theme) == stage.app.get_css_variables()
            plain = sheet.copy()
            plain.parse()
            assert [_told(rule) for rule in sheet.rules] == [_told(rule) for rule in plain.rules]
