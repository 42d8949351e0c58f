"""What the parts and columns of the evidence are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from planner.domain.citizens import Cadence, TargetGroup
from planner.domain.conversations import Channel
from planner.locale import N_, Language
from planner.services import words

if TYPE_CHECKING:  # it brings a library along that options must not wait for
    from planner.rules.ruleset import RuleSet

#: What the figures can be divided by.
DIVISIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "month": N_("month"),
        "quarter": N_("quarter"),
        "group": N_("target group"),
        "experiment": N_("experiment"),
        "cadence": N_("cadence"),
    }
)


def names_measured(rules: RuleSet, language: Language) -> dict[str, str]:
    """The names of groups, channels, cadences and experiments by their ids."""
    return {
        **{one.value: language.text(words.target_group(one)) for one in TargetGroup},
        **{one.value: language.text(words.channel(one)) for one in Channel},
        **{one.value: language.text(words.cadence(one)) for one in Cadence},
        **{one.id: language.title(one.title) for one in rules.experiments.values()},
    }
