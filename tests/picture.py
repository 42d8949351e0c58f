"""Make the README's picture: `python -m tests.picture` writes tests/snapshots/today.svg from demo data.

The day is fixed and the citizens are invented, so that the picture shows nobody and changes only with the screen.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import date
from pathlib import Path
from typing import Final

from planner.bootstrap import open_demo
from planner.locale import language
from planner.tui.app import PlannerApp
from planner.tui.picture import picture

PICTURE: Final = Path(__file__).parent / "snapshots" / "today.svg"
DAY: Final = date(2026, 11, 23)
SIZE: Final = (130, 36)
#: To the first who is overdue, with a proposal.
KEYS: Final = ("down", "down", "down")
#: Fonts that would be fetched from elsewhere (the reader's own fixed-width one does), and comments.
FOREIGN: Final = re.compile(r"@font-face\s*\{.*?\}\s*|<!--.*?-->\s*", re.DOTALL)


def main() -> int:
    """Draw and write the picture."""
    with open_demo(DAY) as desk:
        drawn = asyncio.run(picture(PlannerApp(lambda _: desk, language("da")), size=SIZE, keys=KEYS))
    PICTURE.write_text(FOREIGN.sub("", drawn), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
