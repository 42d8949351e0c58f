"""What may be seen of a citizen where others can look: initials for names, with the id where they are not enough."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the settings say what is masked, and must not bring the citizens along
    from planner.domain.citizens import Citizen


class Masking(StrEnum):
    """What is masked: CPR numbers, names as well, or nothing."""

    CPR = "cpr"
    NAMES = "names"
    NONE = "none"


def with_names(masking: Masking) -> Masking:
    """The same with names in full."""
    return Masking.CPR if masking is Masking.NAMES else masking


def initials(name: str) -> str:
    """The first letter of each word of a name: Å. E. for Åse Eksempel; empty where there is none."""
    words = unicodedata.normalize("NFC", name).split()
    firsts = (next((char for char in word if char.isalnum()), "") for word in words)
    return " ".join(f"{first.upper()}." for first in firsts if first)


def masked_cpr(number: str) -> str:
    """A CPR number as it may be shown: the date, and no more."""
    return f"{number[:6]}-****"


def masked(citizens: Iterable[Citizen]) -> tuple[Citizen, ...]:
    """The citizens with their names masked; initials that several have, or that a name lacks, get the id as well."""
    found = [(citizen, initials(citizen.name)) for citizen in citizens]
    shared = Counter(mask for _, mask in found)
    return tuple(
        replace(citizen, mask=mask if mask and shared[mask] == 1 else f"{mask} ({citizen.id})".strip())
        for citizen, mask in found
    )


def unmasked(citizen: Citizen) -> Citizen:
    """The citizen with the name in full."""
    return replace(citizen, mask="") if citizen.mask else citizen
