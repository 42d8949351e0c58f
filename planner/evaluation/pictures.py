"""The measures as a vector picture (SVG): bars with their figures beside them, and the curves of the spells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from planner.domain.text import visible

_WIDTH, _LEFT, _RIGHT, _ROW, _PLOT = 900, 300, 190, 20, 220
#: Blue, orange, green and vermilion of Okabe and Ito, told apart by the colour-blind; each curve has a dash of its own.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00")
_DASHES = ("none", "8 4", "2 3", "10 3 2 3")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its length (None where there is none), and what is written behind it."""

    name: str
    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under a title, drawn to one scale of their own."""

    title: str
    bars: tuple[Bar, ...]


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


def picture(title: str, sections: Sequence[Bars | Curves], note: str) -> str:
    """The picture as SVG text."""
    drawn: list[str] = [_text(20, 30, title, "title")]
    y = 44
    for section in sections:
        y += 26
        drawn.append(_text(20, y, section.title, "name"))
        if isinstance(section, Bars):
            drawn += _bars(section, y)
            y += _ROW * len(section.bars) + 4
        else:
            drawn += _curves(section, y + 10)
            y += _PLOT + 40 + _ROW * len(section.curves)
    y += 30
    drawn.append(_text(20, y, note, "note"))
    style = "text{font:13px sans-serif;fill:#222}.title{font-size:18px;font-weight:bold}.name{font-weight:bold}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 20}" role="img">'
        f"<title>{_safe(title)}</title><style>{style}.note{{font-size:11px}}.end{{text-anchor:end}}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(drawn)}</svg>\n'
    )


def _bars(section: Bars, top: int) -> Iterator[str]:
    longest = max((bar.value or 0 for bar in section.bars), default=0) or 1
    room = _WIDTH - _LEFT - _RIGHT
    for number, bar in enumerate(section.bars):
        y = top + _ROW * (number + 1)
        length = max(0.0, room * (bar.value or 0) / longest)
        yield _text(_LEFT - 10, y, bar.name, "end")
        if bar.value is not None:
            yield f'<rect x="{_LEFT}" y="{y - 11}" width="{length:.1f}" height="13" fill="{_COLOURS[0]}"/>'
        yield _text(_LEFT + length + 8, y, bar.text, "value")


def _curves(section: Curves, top: int) -> Iterator[str]:
    last = max((step.at for _, steps in section.curves for step in steps), default=0) or 1
    room, left, bottom = _WIDTH - 120, 60, top + _PLOT

    def x(at: float) -> float:
        return left + room * at / last

    def y(share: float) -> float:
        return bottom - _PLOT * share

    yield f'<path d="M{left} {top}V{bottom}H{left + room}" fill="none" stroke="#222"/>'
    for share in (0, 0.5, 1):
        yield _text(left - 8, y(share) + 4, f"{share:.0%}", "end")
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


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{_safe(text)}</text>'


def _safe(text: str) -> str:
    return escape(visible(text))
