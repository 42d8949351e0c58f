"""The settings as a screen finds them on the application."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from planner.settings import Settings


@runtime_checkable
class HasSettings(Protocol):
    """An application that has settings."""

    @property
    def settings(self) -> Settings:
        """As they stand now."""
