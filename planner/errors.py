"""What can go wrong, each with an exit code and a sentence that helps.

PlannerError          1   anything that a user can be told in a sentence
├── InputError        2   a file or an argument is wrong; carries every fault that was found
├── RuleConflict      3   two adopted experiments change the same requirement in different ways
├── NotFound          4   no such citizen, conversation or entry
├── Refused           5   a rule or a limit forbids it; the sentence gives the figures
├── StoreError        6   the store cannot be opened, read or written
│   └── DamagedStore  6   what is kept does not fit together; a backup can take its place
└── Stale             7   somebody else changed it meanwhile
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.catalogue import N_


class PlannerError(Exception):
    """An error with a sentence for the user and an exit code for the shell.

    `message` is an English text that the faces translate; `values` fill its named fields.
    """

    exit_code = 1

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message.format(**self.values) if self.values else self.message


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file: where (JSON path), what was found, what is allowed."""

    path: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}; allowed: {self.allowed}"


class InputError(PlannerError):
    """A file is wrong; `faults` lists everything that was found at once."""

    exit_code = 2

    def __init__(self, message: str, faults: Sequence[Fault] = (), **values: object) -> None:
        super().__init__(message, **values)
        self.faults = tuple(faults)


class RuleConflict(PlannerError):
    """Adopted experiments disagree; `lines` names the experiments, the requirement and the citizens."""

    exit_code = 3

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(N_("The adopted experiments conflict"))
        self.lines = tuple(lines)


class NotFound(PlannerError):
    """Nothing in the store answers to the name or number given."""

    exit_code = 4


class Refused(PlannerError):
    """A hard rule or a legal limit forbids the action."""

    exit_code = 5


class StoreError(PlannerError):
    """The store cannot be opened, read or written."""

    exit_code = 6


class DamagedStore(StoreError):
    """What is kept does not fit together, or is gone; a backup can take its place."""


class Stale(PlannerError):
    """The row was changed by somebody else since it was read."""

    exit_code = 7
