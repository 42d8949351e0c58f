"""The walls between the parts, as stated in pyproject.toml: `python -m tests.walls`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Check every contract; 0 when all are kept."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    return int(lint_imports(no_logo=True))


if __name__ == "__main__":
    sys.exit(main())
