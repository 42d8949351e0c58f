"""The four themes: every pair of text and ground has a contrast of at least 4.5, in high contrast of at least 7.

The theme `terminal` has no colour of its own: text in the terminal's text colour on its ground, and reversed,
underlined or bold where the others have a colour, since nobody knows which of its colours can be read on which.
"""

from __future__ import annotations

from textual.theme import Theme

PREFIX = "planner-"
#: Text styles of the style sheet where the colours alone say enough.
_STYLES = {"cursor-style": "bold", "rest-style": "none", "heading-style": "bold", "pressing-style": "bold"}
#: The same in every theme where no colour is wanted: greys alone do not say which line keys act on.
COLOURLESS = {
    "cursor-style": "bold reverse",
    "rest-style": "underline",
    "block-cursor-text-style": "bold underline",
    "block-cursor-blurred-text-style": "underline",
}

DARK = Theme(
    name=f"{PREFIX}dark",
    dark=True,
    primary="#7cc4f0",
    secondary="#9fb7cc",
    accent="#f2b544",
    warning="#f2b544",
    error="#ff9b78",
    success="#63d3ab",
    foreground="#e8ebef",
    background="#10151c",
    surface="#18202a",
    panel="#232d3a",
    variables={
        **_STYLES,
        "muted": "#a4b0bd",
        "cursor-ground": "#1f5f8b",
        "cursor-text": "#ffffff",
        "rest-ground": "#2c3a4a",
        "border": "#5d7084",
        "block-cursor-background": "#1f5f8b",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#2c3a4a",
        "block-cursor-blurred-foreground": "#e8ebef",
        "input-selection-background": "#1f5f8b",
        "input-cursor-background": "#e8ebef",
        "input-cursor-foreground": "#10151c",
    },
)

LIGHT = Theme(
    name=f"{PREFIX}light",
    dark=False,
    primary="#00507f",
    secondary="#40566b",
    accent="#8a5000",
    warning="#8a5000",
    error="#7a1200",
    success="#005c43",
    foreground="#1a2027",
    background="#fcfcfa",
    surface="#f2f2ed",
    panel="#e4e6e2",
    variables={
        **_STYLES,
        "muted": "#4d5964",
        "cursor-ground": "#00507f",
        "cursor-text": "#ffffff",
        "rest-ground": "#d3dde5",
        "border": "#7c8994",
        "block-cursor-background": "#00507f",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#d3dde5",
        "block-cursor-blurred-foreground": "#1a2027",
        "input-selection-background": "#a9cbe4",
        "input-cursor-background": "#1a2027",
        "input-cursor-foreground": "#fcfcfa",
    },
)

CONTRAST = Theme(
    name=f"{PREFIX}contrast",
    dark=True,
    primary="#5ab8f0",
    secondary="#b4bcc4",
    accent="#fdd336",
    warning="#fdd336",
    error="#ff9f68",
    success="#63d3ab",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1e1e1e",
    variables={
        **_STYLES,
        "muted": "#b4bcc4",
        "cursor-ground": "#ffffff",
        "cursor-text": "#000000",
        "rest-ground": "#202020",
        "rest-style": "underline",
        "border": "#ffffff",
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#202020",
        "block-cursor-blurred-foreground": "#ffffff",
        "input-selection-background": "#0050a0",
        "input-cursor-background": "#ffffff",
        "input-cursor-foreground": "#000000",
    },
)

_OWN = "ansi_default"

TERMINAL = Theme(
    name=f"{PREFIX}terminal",
    ansi=True,
    primary=_OWN,
    secondary=_OWN,
    warning=_OWN,
    error=_OWN,
    success=_OWN,
    accent=_OWN,
    foreground=_OWN,
    background=_OWN,
    surface=_OWN,
    panel=_OWN,
    boost=_OWN,
    variables={
        **dict.fromkeys(("muted", "cursor-ground", "cursor-text", "rest-ground", "border"), _OWN),
        "ansi-background": _OWN,
        "ansi-foreground": _OWN,
        "cursor-style": "bold reverse",
        "rest-style": "underline",
        "heading-style": "bold underline",
        "pressing-style": "bold",
        # A list of choices cannot be reversed; black on white can be read in every palette.
        "block-cursor-background": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-text-style": "bold underline",
        "block-cursor-blurred-background": _OWN,
        "block-cursor-blurred-foreground": _OWN,
        "block-cursor-blurred-text-style": "underline",
        "block-hover-background": _OWN,
        "input-selection-background": _OWN,
        "input-selection-foreground": _OWN,
        "screen-selection-background": _OWN,
        "screen-selection-foreground": _OWN,
    },
)

THEMES = (DARK, LIGHT, CONTRAST, TERMINAL)


def following(name: str) -> str:
    """The theme that the switch goes to from another: round all of them."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else DARK.name


def setting(name: str) -> str:
    """How the settings call a theme."""
    return name.removeprefix(PREFIX)
