"""What an import is about to do: rows that can be read, rows that cannot and why, and what would change.

Everything here is plain data; the files are read in `planner.exchange`, the store is changed in `importing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.citizens import Citizen
from planner.services.messages import Told

#: Why a row is rejected, or what was mended in it; a face gives it in the user's language by `text`.
Reason = Told


def because(message: str, **values: object) -> Reason:
    """A reason from a msgid and the values of its fields."""
    return Told(message, values)


@dataclass(frozen=True, slots=True)
class CitizenRow:
    """What one row of a file says of a citizen.

    `number` is the row's number in the file, `id` and `cpr` what it is matched by, `fields` only what the row states,
    `warnings` what was mended, `cells` the row as it stood, so that it can be given back.
    """

    number: int
    id: str | None
    cpr: str | None
    fields: Mapping[str, object]
    warnings: tuple[Reason, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is not taken: all reasons, and its cells as they stood."""

    number: int
    reasons: tuple[Reason, ...]
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRows:
    """The rows of a file, each in exactly one of the two lists; `notes` hold for all of them."""

    accepted: tuple[CitizenRow, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a citizen before and after, as both may be seen."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class NewCitizen:
    """A row that becomes a citizen; without an id in the file the store gives one, and `citizen.id` is empty."""

    row: CitizenRow
    citizen: Citizen


@dataclass(frozen=True, slots=True)
class ChangedCitizen:
    """A row that changes a citizen who is known; `key` is the store's key."""

    row: CitizenRow
    key: str
    citizen: Citizen
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do; `unchanged` are the ids of citizens of whom the file says nothing new."""

    new: tuple[NewCitizen, ...] = ()
    changed: tuple[ChangedCitizen, ...] = ()
    unchanged: tuple[str, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    notes: tuple[Reason, ...] = ()

    @property
    def warnings(self) -> tuple[tuple[int, Reason], ...]:
        """What was mended in the rows that are taken, with their row numbers."""
        taken = [one.row for one in self.new] + [one.row for one in self.changed]
        rows = sorted(taken, key=lambda row: row.number)
        return tuple((row.number, warning) for row in rows for warning in row.warnings)
