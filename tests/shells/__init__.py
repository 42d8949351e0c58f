"""What makes the completion scripts that the program prints, one module a shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from planner.cli.tree import Level
from tests.shells import bash, fish, powershell, zsh

SCRIPTS: Mapping[str, Callable[[Level], Iterator[str]]] = {
    "bash": bash.script,
    "zsh": zsh.script,
    "fish": fish.script,
    "powershell": powershell.script,
}


def made(shell: str, root: Level) -> str:
    """The script for a shell."""
    return "".join(f"{line}\n" for line in SCRIPTS[shell](root))
