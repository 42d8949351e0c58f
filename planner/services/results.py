"""What the desk gives back: frozen, and ready for any face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from planner.domain.caseload import Caseload
from planner.domain.citizens import Citizen
from planner.locale import Language
from planner.planning.plan import CitizenPlan, Plan, Ranked
from planner.services.messages import Told, told


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did: its journal number and the message for the toast; `is_final`: undo cannot take it back.

    `citizens` are those whom an action for many changed, by id.
    """

    seq: int
    message: str
    values: Mapping[str, object]
    citizen_id: str | None
    is_final: bool = False
    citizens: tuple[str, ...] = ()

    def text(self, language: Language) -> str:
        """The message in the user's language."""
        return told(language, self.message, self.values)

    @property
    def told(self) -> Told:
        """The same as a part of another message."""
        return Told(self.message, self.values)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `at` is local Danish time, `undone` whether it was taken back."""

    seq: int
    at: datetime
    verb: str
    citizen_id: str | None
    message: str
    values: Mapping[str, object]
    undone: bool

    def text(self, language: Language) -> str:
        """What happened, in the user's language."""
        return told(language, self.message, self.values)

    @property
    def reason(self) -> str:
        """The reason that was given, if any."""
        reason = self.values.get("reason", "")
        return reason if isinstance(reason, str) else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One citizen in today's list; `days` left to the nearest duty's last day, negative when it has passed."""

    citizen: Citizen
    part: CitizenPlan
    rank: Ranked | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Today:
    """The list of today, in triage order, with the plan that it comes from and the one that it stayed close to."""

    today: date
    plan: Plan
    caseload: Caseload
    rows: tuple[Row, ...]
    previous: Plan | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What loading a caseload changes: ids of citizens, and whether office or adoptions change.

    `municipality`: as it is then, where the office changes. `experiments`: ids of those whose adoption changes.
    `erased`: those who were erased and are not taken in again. `seq` is the journal's number; None for a dry run and
    where nothing changed.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    office: bool = False
    adoptions: bool = False
    seq: int | None = None
    erased: tuple[str, ...] = ()
    municipality: str = ""
    experiments: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether everything is there already."""
        return not (self.new or self.changed or self.office or self.adoptions)
