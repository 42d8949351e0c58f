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
from planner.services.desk import Desk
from planner.tui.app import PlannerApp
from planner.tui.widgets.citizen_list import CitizenList

PICTURE: Final = Path(__file__).parent / "snapshots" / "today.svg"
DAY: Final = date(2026, 11, 23)
SIZE: Final = (130, 36)
MOST_TURNS: Final = 2000
#: The card follows the cursor once it rests.
REST: Final = 0.5
#: Fonts that would be fetched from elsewhere (the reader's own fixed-width one does), and comments.
FOREIGN: Final = re.compile(r"@font-face\s*\{.*?\}\s*|<!--.*?-->\s*", re.DOTALL)


async def drawn(desk: Desk) -> str:
    """The screen with today's list, as SVG."""
    app = PlannerApp(lambda: desk, language("da"))
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(MOST_TURNS):
            await pilot.pause(0.01)
            if app.screen.query_one(CitizenList).selected_id is not None:
                break
        else:
            raise TimeoutError("the list did not come")
        await pilot.press("down", "down", "down")  # the first who is overdue, with a proposal
        await pilot.pause(REST)
        return FOREIGN.sub("", app.export_screenshot(title="planner demo"))


def main() -> int:
    """Draw and write the picture."""
    with open_demo(DAY) as desk:
        PICTURE.write_text(asyncio.run(drawn(desk)), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
