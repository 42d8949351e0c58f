"""The field's own choices on the line: channels, cadences, facts, and who cancels."""

from __future__ import annotations

from collections.abc import Mapping

from planner.cli.choices import Choices
from planner.domain.citizens import Cadence, FactKind, TargetGroup
from planner.domain.conversations import TALKING
from planner.locale import N_, Language
from planner.services import words

NOT_SCREENED = "none"
CITIZEN, US = "citizen", "us"
BY: Mapping[str, str] = {CITIZEN: N_("citizen"), US: N_("us")}


def channels(own: Language) -> Choices:
    """The channels in which a conversation can be held."""
    return Choices({one.value: words.channel(one) for one in TALKING}, own)


def cadences(own: Language) -> Choices:
    """The cadences, and none."""
    named = {one.value: words.cadence(one) for one in Cadence} | {NOT_SCREENED: words.cadence(None)}
    short = {one.value: words.CADENCES_IN_SHORT[one] for one in Cadence} | {NOT_SCREENED: N_("none")}
    return Choices(named, own, short)


def cadences_listed(own: Language) -> str:
    """The cadences with how often each lets a conversation come, where no experiment says otherwise."""
    weeks = {cadence.value: words.weeks_between(cadence) for cadence in Cadence}
    return cadences(own).listed(lambda key: own.text("every {n} weeks", n=weeks[key]) if weeks.get(key) else "")


def next_cadences(own: Language) -> Choices:
    """The cadences that can be agreed on in a conversation."""
    named = {one.value: words.cadence(one) for one in Cadence}
    return Choices(named, own, {one.value: words.CADENCES_IN_SHORT[one] for one in Cadence})


def fact_kinds(own: Language) -> Choices:
    """The kinds of facts."""
    return Choices({one.value: words.fact_kind(one) for one in FactKind}, own)


def standings(own: Language) -> Choices:
    """How it can stand with a citizen."""
    return Choices(words.STANDINGS, own)


def target_groups(own: Language) -> Choices:
    """The target groups."""
    return Choices({one.value: words.target_group(one) for one in TargetGroup}, own)


def cancellers(own: Language) -> Choices:
    """Who can cancel."""
    return Choices(BY, own)
