"""The dark and the light theme; every pair of text and ground has a contrast of at least 4.5."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="planner-dark",
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
    name="planner-light",
    dark=False,
    primary="#00507f",
    secondary="#40566b",
    accent="#7d4e00",
    warning="#7d4e00",
    error="#a03000",
    success="#005c43",
    foreground="#1a2027",
    background="#fcfcfa",
    surface="#f2f2ed",
    panel="#e4e6e2",
    variables={
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

THEMES = (DARK, LIGHT)


def other(name: str) -> str:
    """The theme that the dark/light switch goes to."""
    return LIGHT.name if name == DARK.name else DARK.name
