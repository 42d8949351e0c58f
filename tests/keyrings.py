"""The `keyring` library as tests need it: a keyring that keeps, and one for each way in which it can let one down."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

import pytest


class FakeKeyring:
    """A keyring in memory; `fails` raises what a system would, whatever is asked."""

    def __init__(self, priority: float = 5) -> None:
        self.priority = priority
        self.secrets: dict[tuple[str, str], str] = {}
        self.fails: Exception | None = None
        self.asked = 0

    def _answer(self) -> None:
        self.asked += 1
        if self.fails is not None:
            raise self.fails

    def get_password(self, service: str, name: str) -> str | None:
        """What is kept."""
        self._answer()
        return self.secrets.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        """Keep it."""
        self._answer()
        self.secrets[service, name] = secret

    def delete_password(self, service: str, name: str) -> None:
        """Keep it no longer."""
        self._answer()
        del self.secrets[service, name]


class Chain:
    """Several keyrings that the library asks one after the other, worthier than each of them."""

    priority = 10

    def __init__(self, *backends: FakeKeyring) -> None:
        self.backends = backends


def install(patch: pytest.MonkeyPatch, chosen: Callable[[], object]) -> None:
    """Let the library be there, and choose this keyring."""
    library = ModuleType("keyring")
    vars(library)["get_keyring"] = chosen
    patch.setitem(sys.modules, "keyring", library)
