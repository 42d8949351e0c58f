"""What was done and still stands, for whoever measures afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Record:
    """One action on one citizen as the journal has it; `at` is local Danish time, `detail` has its typed values.

    A change of cadence has the `former` one too; what was booked together stands here one by one.
    """

    seq: int
    at: datetime
    verb: str
    citizen_id: str
    detail: Mapping[str, object]
