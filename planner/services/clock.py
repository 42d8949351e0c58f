"""The clock of the program: Danish local time, and a planning date that can be fixed."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")


class SystemClock:
    """The machine's time, as a Danish office reads it; `fixed` plans from another date."""

    def __init__(self, fixed: date | None = None) -> None:
        self._fixed = fixed

    def today(self) -> date:
        """The planning date."""
        return self._fixed or self.now().date()

    @property
    def is_trial(self) -> bool:
        """Whether the planning date is another than the real one."""
        return self.today() != self.now().date()

    def now(self) -> datetime:
        """The present moment in Danish time."""
        return datetime.now(DANISH_TIME)
