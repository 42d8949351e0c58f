"""The signs that the program draws, in ASCII: for terminals and fonts that lack them. Letters stay as they are."""

from __future__ import annotations

UNICODE, ASCII = "unicode", "ascii"

_TEXT = str.maketrans(
    {
        "…": "...",
        "–": "-",
        "—": "-",
        "−": "-",
        "·": "-",
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "\N{NO-BREAK SPACE}": " ",
        "→": "right",
        "←": "left",
        "↑": "up",
        "↓": "down",
        "✓": "v",
    }
)
#: A screen is laid out when it is drawn: there a sign gives way to one of its own width.
_CELL = str.maketrans(
    {
        **dict.fromkeys("…", "~"),
        **dict.fromkeys("–—−·─━═╌╍", "-"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’", "'"),
        "\N{NO-BREAK SPACE}": " ",
        **dict.fromkeys("→▶", ">"),
        **dict.fromkeys("←◀", "<"),
        **dict.fromkeys("↑▲", "^"),
        **dict.fromkeys("↓▼", "v"),
        **dict.fromkeys("│┃║▌▐▍▎▏▕", "|"),
        **dict.fromkeys("▔▁▂▃▄▅▆▇▀", " "),  # the ends of a scrollbar, which is a ground of its own
        **dict.fromkeys("█▉▊▋", "#"),
        **dict.fromkeys("●•◆■", "*"),
        "✓": "v",
    }
)
#: Box drawing, block elements and geometric shapes; what is not named above is a corner or a crossing.
_DRAWN = range(0x2500, 0x2600)


def in_ascii(text: str) -> str:
    """The text with its signs written out: … becomes three full stops, an arrow the name of its key."""
    return text if text.isascii() else text.translate(_TEXT)


def cells_in_ascii(text: str) -> str:
    """The text as it is painted, in as many cells: borders, bars, ellipses and quotation marks."""
    if text.isascii():
        return text
    return "".join("+" if ord(char) in _DRAWN else char for char in text.translate(_CELL))
