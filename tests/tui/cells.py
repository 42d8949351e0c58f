"""What a terminal shows, cell by cell."""

from __future__ import annotations

import re

from tests.benchmarks import tty
from tests.tui.stage import Stage

Cells = list[list[tuple[str, str]]]
#: A colour of many, of which the first digit says whether it is the ink or the ground; or a code of its own.
_CODE = re.compile(r"\b((?:([34])8;(?:2;\d+;\d+;\d+|5;\d+))|\d+)\b")


def seen(stage: Stage) -> Cells:
    """What the terminal is shown now."""
    strips = stage.app.screen._compositor.render_strips()
    for one in stage.app.get_line_filters():
        strips = [strip.apply_filter(one, stage.app.screen.styles.background) for strip in strips]
    lines = [f"\x1b[{y}H{strip.render(stage.app.console)}" for y, strip in enumerate(strips, 1)]
    return on_terminal("".join(lines))


def on_terminal(written: str) -> Cells:
    """What a terminal shows that is sent this."""
    screen = tty.Screen()
    screen.feed(written)
    return screen.state


def visible(cell: tuple[str, str]) -> tuple[str, str]:
    """A cell as one sees it: of a blank only its ground, which is the colour of the ink where both are exchanged."""
    sign, style = cell
    if sign != " ":
        return cell
    found = {"3": "", "9": "", "4": "", "10": "", "7": ""}
    for code, kind in _CODE.findall(style):
        found[kind or code[:-1] or code] = code
    ink, ground = found["3"] or found["9"], found["4"] or found["10"]
    return " ", ink if found["7"] else ground


def as_seen(shown: Cells) -> Cells:
    """All of them so."""
    return [[visible(cell) for cell in row] for row in shown]


def inkless(style: str) -> str:
    """The style without the colour of its ink."""
    return re.sub(r"38;(2;\d+;\d+;\d+|5;\d+)", "", style)
