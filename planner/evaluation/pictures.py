"""Figures as a vector picture (SVG): bars with their figures beside them, stacked bars, and curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

from planner.domain.text import visible

_WIDTH, _LEFT, _RIGHT, _ROW, _PLOT = 900, 300, 220, 20, 220
#: How many signs of an ordinary text fit: beside the bars, behind their names as a note, and over the whole width.
_NAME, _NOTE, _LINE = 40, 100, 110
#: Blue, orange, green and vermilion of Okabe and Ito, told apart by the colour-blind; each curve has a dash of its own.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00")
_DASHES = ("none", "8 4", "2 3", "10 3 2 3")
#: The parts of a stacked bar, with the colour of a text upon each.
_PARTS = (("#999999", "#000"), ("#d55e00", "#000"), ("#e69f00", "#000"), ("#0072b2", "#fff"))
_WHISKER = 'fill="none" stroke="#222"'
#: Less room than this holds no share in figures.
_NARROW = 38


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its length (None where there is none), what is written behind it, and its interval."""

    name: str
    value: float | None
    text: str
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under a title; `most` is what fills the room, the longest of them unless stated."""

    title: str
    bars: tuple[Bar, ...]
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """A stacked bar: its name, its shares, which add up to 1 (none at all: no bar), and texts behind and below it."""

    name: str
    shares: tuple[float, ...]
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stacks:
    """Stacked bars under a title; `parts` are what the shares are of."""

    title: str
    parts: tuple[str, ...]
    stacks: tuple[Stack, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the curve is at `share`, its interval from `low` to `high`; all three from 0 to 1."""

    at: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves under a title, each with its name; `unit` is that of the axis below."""

    title: str
    unit: str
    curves: tuple[tuple[str, tuple[Step, ...]], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """What each part of the stacked bars below is called."""

    parts: tuple[str, ...]


Section = Bars | Stacks | Curves | Key


def picture(title: str, sections: Sequence[Section], note: str) -> str:
    """The picture as SVG text."""
    drawn, y = _lines(20, 30, title, "title", _LINE * 3 // 4)
    y += 14
    for section in sections:
        if not isinstance(section, Key):
            heading, y = _lines(20, y + 26, section.title, "name", _LINE)
            drawn += heading
        more, y = _section(section, y)
        drawn += more
    below, y = _lines(20, y + 30, note, "note", _LINE * 5 // 4)
    style = "text{font:13px sans-serif;fill:#222}.title{font-size:18px;font-weight:bold}.name{font-weight:bold}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 20}" role="img">'
        f"<title>{_safe(title)}</title><style>{style}.note{{font-size:11px}}.end{{text-anchor:end}}"
        ".in{text-anchor:middle;font-size:11px}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join([*drawn, *below])}</svg>\n'
    )


def _section(section: Section, y: int) -> tuple[list[str], int]:
    """What is drawn below `y`, and where it ends."""
    match section:
        case Bars():
            return _bars(section, y)
        case Stacks():
            return _stacks(section, y)
        case Key():
            return _key(section, y)
        case Curves():
            return list(_curves(section, y + 10)), y + _PLOT + 40 + _ROW * len(section.curves)


def _bars(section: Bars, y: int) -> tuple[list[str], int]:
    most = section.most or max((bar.value or 0 for bar in section.bars), default=0) or 1
    drawn: list[str] = []

    def x(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(max(0.0, value / most), 1.0)

    for bar in section.bars:
        name, y = _lines(_LEFT - 10, y + _ROW, bar.name, "end", _NAME)
        drawn += name
        end = x(bar.value or 0)
        if bar.value is not None:
            drawn.append(f'<rect x="{_LEFT}" y="{y - 11}" width="{end - _LEFT:.1f}" height="13" fill="{_COLOURS[0]}"/>')
        if bar.interval is not None:
            low, high = (x(value) for value in bar.interval)
            drawn.append(f'<path d="M{low:.1f} {y - 8}v7M{low:.1f} {y - 4.5}H{high:.1f}m0 -3.5v7" {_WHISKER}/>')
            end = max(end, high)
        drawn.append(_text(end + 8, y, bar.text, "value"))
    return drawn, y + 4


def _stacks(section: Stacks, y: int) -> tuple[list[str], int]:
    room = _WIDTH - _LEFT - _RIGHT
    drawn: list[str] = []
    for stack in section.stacks:
        name, y = _lines(_LEFT - 10, y + _ROW, stack.name, "end", _NAME)
        drawn += name
        at = float(_LEFT)
        for number, (part, share) in enumerate(zip(section.parts, stack.shares, strict=bool(stack.shares))):
            length = room * share
            if length:
                drawn += _part(at, y, length, number, f"{100 * share:.0f} %", part)
            at += length
        drawn.append(_text(at + 8, y, stack.text, "value"))
        if stack.note:
            note, y = _lines(_LEFT, y + 15, stack.note, "note", _NOTE, 14)
            drawn += note
    return drawn, y + 4


def _part(x: float, y: int, length: float, number: int, told: str, part: str) -> Iterator[str]:
    """A part of a stacked bar, set off by a white edge for paper without colours."""
    colour, ink = _PARTS[number % len(_PARTS)]
    about = f"<title>{_safe(part)}: {told}</title>"
    look = f'fill="{colour}" stroke="#fff"'
    yield f'<rect x="{x:.1f}" y="{y - 12}" width="{length:.1f}" height="15" {look}>{about}</rect>'
    if length >= _NARROW:
        yield f'<text x="{x + length / 2:.1f}" y="{y - 1}" class="in" style="fill:{ink}">{told}</text>'


def _key(section: Key, y: int) -> tuple[list[str], int]:
    drawn: list[str] = []
    for number, part in enumerate(section.parts):
        y += _ROW
        drawn.append(f'<rect x="20" y="{y - 12}" width="24" height="13" fill="{_PARTS[number % len(_PARTS)][0]}"/>')
        drawn.append(_text(52, y, part, "value"))
    return drawn, y + 4


def _curves(section: Curves, top: int) -> Iterator[str]:
    last = max((step.at for _, steps in section.curves for step in steps), default=0) or 1
    room, left, bottom = _WIDTH - 120, 60, top + _PLOT

    def x(at: float) -> float:
        return left + room * at / last

    def y(share: float) -> float:
        return bottom - _PLOT * share

    yield f'<path d="M{left} {top}V{bottom}H{left + room}" fill="none" stroke="#222"/>'
    for share in (0, 0.5, 1):
        yield _text(left - 8, y(share) + 4, f"{100 * share:.0f} %", "end")
    yield _text(left + room, bottom + 18, f"{last:g} {section.unit}", "end")
    for number, (name, steps) in enumerate(section.curves):
        colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
        look = f'fill="none" stroke="{colour}" stroke-dasharray="{dash}"'
        yield f'<path d="{_steps([(x(s.at), y(s.share)) for s in steps])}" {look} stroke-width="2"/>'
        for step in steps:
            yield f'<path d="M{x(step.at):.1f} {y(step.low):.1f}V{y(step.high):.1f}" stroke="{colour}"/>'
        line = bottom + 20 + _ROW * (number + 1)
        yield f'<path d="M{left} {line - 4}h40" {look} stroke-width="2"/>'
        yield _text(left + 50, line, name, "value")


def _steps(points: Sequence[tuple[float, float]]) -> str:
    if not points:
        return "M0 0"
    first, *others = points
    return f"M{first[0]:.1f} {first[1]:.1f}" + "".join(f"H{px:.1f}V{py:.1f}" for px, py in others)


def _lines(x: float, y: int, text: str, kind: str, most: int, apart: int = _ROW) -> tuple[list[str], int]:
    """A text in lines of at most so many signs, and where the last of them stands."""
    lines = wrap(visible(text), most) or [""]
    drawn = [_text(x, y + apart * number, line, kind) for number, line in enumerate(lines)]
    return drawn, y + apart * (len(lines) - 1)


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{_safe(text)}</text>'


def _safe(text: str) -> str:
    return escape(visible(text))
