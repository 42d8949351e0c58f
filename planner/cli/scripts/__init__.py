"""The completion scripts, made from the tree of verbs by `python -m tests.shells` and kept ready in this folder."""

from __future__ import annotations

import os

SHELLS = ("bash", "zsh", "fish", "powershell")


def script_path(shell: str, code: str) -> str:
    """The file of the script for a shell in a language."""
    return os.path.join(os.path.dirname(__file__), f"{shell}.{code}")


def script(shell: str, code: str) -> str:
    """The script for a shell in a language."""
    with open(script_path(shell, code), encoding="utf-8") as file:
        return file.read()
