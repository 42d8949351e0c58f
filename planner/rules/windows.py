"""Windows: from when, by when and until when a conversation is wanted, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from planner.domain.conversations import TALKING, Channel

OWN_CADENCE = "own-cadence"
AFTER_EVENT = "follow-up-after-event"
AFTER_NO_SHOW = "follow-up-after-no-show"
#: Steps that are kept to be taken again; a caseload of ten thousand has some three thousand.
MOST_STEPS = 16_384


class WindowKind(StrEnum):
    """What sort of demand a window comes from."""

    RECURRING = "recurring"
    QUOTA = "quota"
    MILESTONE = "milestone"
    ITEM = "item"
    NEED = "need"


class WindowStatus(StrEnum):
    """How a window stands on the planning date."""

    DUE = "due"
    COVERED = "covered"
    MET = "met"
    MISSED = "missed"
    LIFTED = "lifted"
    DISCRETIONARY = "discretionary"


@dataclass(frozen=True, slots=True)
class Because:
    """One step of a derivation: a code and its values (texts, whole numbers, ISO dates)."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


def because(code: str, **values: str | int | date) -> Because:
    """A step of a derivation with dates written as ISO text."""
    return step(code, {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()})


def step(code: str, values: Mapping[str, str | int]) -> Because:
    """A step of a derivation, one object for all equal ones: a plan has a hundred times as many as different ones."""
    return _step(code, tuple(values), *values.values())


@lru_cache(MOST_STEPS, typed=True)  # typed, since 1 and True are equal
def _step(code: str, names: tuple[str, ...], *values: str | int) -> Because:
    return Because(code, MappingProxyType(dict(zip(names, values, strict=True))))


@dataclass(frozen=True, slots=True)
class Window:
    """When a conversation is wanted for one requirement.

    `binding`: the latest day is a duty (law, or what an experiment put in the law's place), so it can be overdue.
    `channels`: those that count; `first_channels`: those that count while no counted conversation is held in the spell.
    """

    requirement: str
    kind: WindowKind
    status: WindowStatus
    earliest: date
    target: date
    latest: date
    because: tuple[Because, ...] = ()
    binding: bool = True
    priority: int = 3
    channels: tuple[Channel, ...] = TALKING
    first_channels: tuple[Channel, ...] = TALKING

    @property
    def is_need(self) -> bool:
        """Whether a conversation must be found for it: due, and not an item that rides along."""
        return self.status is WindowStatus.DUE and self.kind is not WindowKind.ITEM


def lifted(window: Window, step: Because) -> Window:
    """The window lifted for a reason, where it was not answered already."""
    if window.status in (WindowStatus.MET, WindowStatus.LIFTED):
        return window
    steps = window.because if step in window.because else (*window.because, step)
    return replace(window, status=WindowStatus.LIFTED, because=steps)
