"""Nothing of the machine reaches the screen under test."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL", "TEXTUAL_THEME", "TEXTUAL_FPS", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
