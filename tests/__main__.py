"""The tests: format, style, types, walls, texts, scripts, cases. `python -m tests` stops at the first that fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.full import FULL

ROOT = Path(__file__).parent.parent
STEPS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("tests.walls",),
    ("tests.catalogues", "--check"),
    ("tests.shells", "--check"),
    # All examples take longer than a test may that hangs.
    ("pytest", "-n", "auto", *(("-o", "faulthandler_timeout=0") if FULL else ())),
)


def main(arguments: list[str]) -> int:
    """Run each step in turn; what is written after `python -m tests` goes to pytest."""
    for step in STEPS:
        words = [*step, *arguments] if step[0] == "pytest" else list(step)
        sys.stdout.write(f"== {' '.join(words)}\n")
        sys.stdout.flush()
        code = subprocess.call([sys.executable, "-m", *words], cwd=ROOT)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
