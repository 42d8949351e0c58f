"""The law packs and experiments that a plan is made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from planner.errors import Fault, InputError
from planner.phrases import Phrase
from planner.rules.format import Experiment, LawPack


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Law packs in order of their period, and experiments by id."""

    packs: tuple[LawPack, ...]
    experiments: Mapping[str, Experiment]

    def law_on(self, day: date) -> LawPack:
        """The law in force on `day`; raises InputError where no pack covers it."""
        for pack in self.packs:
            if pack.valid_from <= day and (pack.valid_to is None or day <= pack.valid_to):
                return pack
        periods = ", ".join(f"{p.id} {p.valid_from}–{p.valid_to or ''}" for p in self.packs)
        allowed = Phrase("a date on which a law pack is in force ({periods})", periods=periods)
        fault = Fault("$.today", day.isoformat(), allowed)
        raise InputError("No law pack is in force on the planning date", [fault])
