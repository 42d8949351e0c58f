"""Under which rules a caseload is planned: the law alone, adopted experiments, or some citizens under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Citizen, TargetGroup
from planner.planning.making import check_rules
from planner.rules.assessment import Assessment
from planner.rules.format import LawPack
from planner.rules.resolution import Adopted, effects_for
from planner.rules.ruleset import RuleSet

FIXED, FLEXIBLE = "fixed", "flexible"


@dataclass(frozen=True, slots=True)
class Policy:
    """A name, what is adopted, and the share (0 to 1) of the citizens for whom that holds; the law for the others."""

    name: str
    adoptions: tuple[Adoption, ...] = ()
    share: float = 1.0

    def takes_part(self, lot: float) -> bool:
        """Whether a citizen with that lot (0 to 1) is under the adoptions."""
        return bool(self.adoptions) and lot < self.share


def policies(adoptions: tuple[Adoption, ...], mixtures: Sequence[int] = ()) -> tuple[Policy, ...]:
    """The law's rhythm, the adoptions for everybody, and mixtures in percent between them."""
    between = sorted({percent for percent in mixtures if 0 < percent < 100})
    mixed = (Policy(f"mixed-{percent}", adoptions, percent / 100) for percent in between)
    return Policy(FIXED), *mixed, Policy(FLEXIBLE, adoptions)


def check(caseload: Caseload, groups: Sequence[TargetGroup], adoptions: tuple[Adoption, ...], rules: RuleSet) -> None:
    """Raise RuleConflict where the adoptions disagree about a group, InputError where no law is in force."""
    citizens = tuple(Citizen(group.value, "", group, caseload.today) for group in groups)
    check_rules(replace(caseload, citizens=citizens, adoptions=adoptions), rules)


def is_by_need(citizen: Citizen, adopted: tuple[Adopted, ...]) -> bool:
    """Whether a cadence by need stands in the place of the citizen's rhythm."""
    return any(applied.effect.effect == "replace" for applied in effects_for(citizen, adopted))


def is_on_need(assessment: Assessment, law: LawPack) -> bool:
    """Whether the law itself leaves the citizen's next conversation to need."""
    on_need = {requirement.id for requirement in law.requirements if requirement.kind == "need"}
    return any(window.requirement in on_need for window in assessment.windows)
