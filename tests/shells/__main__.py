"""Keep the completion scripts in step with the tree of verbs: `python -m tests.shells [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from planner.cli.scripts import script_path
from planner.cli.tree import tree
from planner.locale import CODES, language
from tests.shells import SCRIPTS, made


def main(arguments: Sequence[str]) -> int:
    """Write every script, or say with `--check` which are out of step; 1 when any was."""
    stale = []
    for code in CODES:
        root = tree(language(code))
        for shell in SCRIPTS:
            path, data = Path(script_path(shell, code)), made(shell, root).encode()
            if not path.exists() or path.read_bytes() != data:
                stale.append(path.name)
                if "--check" not in arguments:
                    path.write_bytes(data)
    sys.stdout.write("".join(f"out of step: {name}\n" for name in stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
