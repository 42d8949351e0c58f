"""The catalogue of experiments as it stands here: adopted, not adopted, ended, or only applied for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.domain.caseload import Adoption
from planner.domain.text import sort_key
from planner.locale import Language
from planner.rules.format import Experiment
from planner.rules.law_facts import exempted_by_decision
from planner.rules.ruleset import RuleSet
from planner.services.results import Row, Today


class Standing(StrEnum):
    """How an experiment stands here today, in the order of the list."""

    IN_FORCE = "in_force"
    COMING = "coming"
    NOT_ADOPTED = "not_adopted"
    ENDED = "ended"
    APPLIED_FOR = "applied_for"


@dataclass(frozen=True, slots=True)
class Entry:
    """One experiment with its adoptions here, oldest first; `adoption` is the one that its standing comes from."""

    experiment: Experiment
    standing: Standing
    adoption: Adoption | None
    adoptions: tuple[Adoption, ...]


def catalogue(rules: RuleSet, adoptions: Iterable[Adoption], today: date, language: Language) -> tuple[Entry, ...]:
    """Every experiment, by standing and then by title."""
    own: dict[str, list[Adoption]] = {}
    for adoption in sorted(adoptions, key=lambda adoption: adoption.first):
        own.setdefault(adoption.experiment, []).append(adoption)
    entries = [_entry(one, tuple(own.get(one.id, ())), today) for one in rules.experiments.values()]
    order = list(Standing)
    return tuple(
        sorted(entries, key=lambda e: (order.index(e.standing), sort_key(language.title(e.experiment.title)))),
    )


def _entry(experiment: Experiment, adoptions: tuple[Adoption, ...], today: date) -> Entry:
    running = next((adoption for adoption in adoptions if adoption.in_force(today)), None)
    coming = next((adoption for adoption in adoptions if adoption.first > today), None)
    if running is not None:
        return Entry(experiment, Standing.IN_FORCE, running, adoptions)
    if coming is not None:
        return Entry(experiment, Standing.COMING, coming, adoptions)
    if adoptions:
        return Entry(experiment, Standing.ENDED, adoptions[-1], adoptions)
    standing = Standing.NOT_ADOPTED if experiment.status == "approved" else Standing.APPLIED_FOR
    return Entry(experiment, standing, None, adoptions)


def exempted(today: Today, rules: RuleSet) -> tuple[Row, ...]:
    """Whom the count of exemptions against the legal limit counts, in the order of their names."""
    pack = rules.law_on(today.today)
    rows = [row for row in today.rows if exempted_by_decision(row.citizen, pack, today.today)]
    return tuple(sorted(rows, key=lambda row: (sort_key(row.citizen.name), row.citizen.id)))
