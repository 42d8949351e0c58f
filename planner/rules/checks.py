"""What must hold within one rule file beyond the shape of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from planner.domain.periods import Period
from planner.errors import Fault
from planner.plain import nearest, shown
from planner.rules.format import ChannelRule, Effect, Experiment, LawPack, Parameter, Requirement
from planner.rules.needs import DEFAULT_PARAMETERS
from planner.rules.parameters import declared_faults, sort_of
from planner.strict import BAD, Checks, Good

#: Keys of a requirement that belong to its kind: those it needs, and those it may have.
NEEDS = {
    "recurring": ("every", "anchor"),
    "quota": ("count", "within"),
    "milestone": ("at",),
    "item": ("at",),
    "need": ("cadence",),
}
MAY = {
    "recurring": ("grace", "during", "starts_after"),
    "quota": ("spacing", "renew", "starts_after"),
    "milestone": (),
    "item": ("again", "lead", "code"),
    "need": ("starts_after",),
}
KIND_KEYS = frozenset(key for keys in (*NEEDS.values(), *MAY.values()) for key in keys)
#: Periods that are counted off one after another, so they must have a length.
_STEPS = ("every", "within", "renew", "again")
_ON_SPELL_GRID = ("grace", "during")

_NAMES_REQUIREMENTS = frozenset({"lift", "replace", "discretion"})
_ONLY_WITH = {"agenda": "add", "when_fact": "add", "suppress": "add", "requirement": "replace"}


def in_order(good: Good, path: str, first: str, last: str) -> Iterator[Fault]:
    """A fault where the last day lies before the first."""
    start, end = good.get(first), good.get(last)
    if start is not None and end is not None and end < start:
        yield Fault(f"{path}.{last}", end.isoformat(), f"{first} ({start.isoformat()}) or later")


def repeated(items: Iterable[Any], path: str) -> Iterator[Fault]:
    """A fault for each item whose id an earlier one has."""
    seen: dict[str, int] = {}
    for n, item in enumerate(items):
        name = item.get("id") if item is not BAD else None
        if name in seen:
            yield Fault(f"{path}[{n}].id", f"{shown(name)}, as in {path}[{seen[name]}]", "an id of its own")
        elif name is not None:
            seen[name] = n


def _requirement(good: Good, path: str) -> Iterator[Fault]:
    yield from in_order(good, path, "valid_from", "valid_to")
    for key in _STEPS:
        if key in good and Period.parse(good[key]) == Period():
            yield Fault(f"{path}.{key}", shown(good[key]), "a period longer than no days")
    kind = good.get("kind")
    if kind is None:
        return
    for key in NEEDS[kind]:
        if good.lacks(key):
            yield Fault(f"{path}.{key}", "nothing", f"{key}, which a requirement of kind {kind} needs")
    fitting = (*NEEDS[kind], *MAY[kind])
    for key in KIND_KEYS & good.present:
        if key not in fitting:
            yield Fault(f"{path}.{key}", f"{key} in a requirement of kind {kind}", f"the keys {', '.join(fitting)}")
    yield from _combination(good, path, kind)


def _combination(good: Good, path: str, kind: str) -> Iterator[Fault]:
    if kind == "recurring" and good.get("anchor") == "last":
        for key in _ON_SPELL_GRID:
            if key in good:
                yield Fault(f"{path}.{key}", f'{key} with anchor "last"', f'{key} only with anchor "spell"')
    if good.get("at") == "every_conversation":
        if kind == "milestone":
            yield Fault(f"{path}.at", shown(good["at"]), "an ISO 8601 period such as P1W")
        elif "again" in good:
            yield Fault(f"{path}.again", shown(good["again"]), "no again with every_conversation")


def _law(good: Good, path: str) -> Iterator[Fault]:
    yield from in_order(good, path, "valid_from", "valid_to")
    yield from repeated(good.get("requirements", ()), f"{path}.requirements")


def _channel_rule(good: Good, path: str) -> Iterator[Fault]:
    yield from in_order(good, path, "valid_from", "valid_to")


def _parameter(good: Good, path: str) -> Iterable[Fault]:
    if "default" not in good:
        return ()
    bounds = {key: good[key] for key in ("minimum", "maximum") if key in good}
    untitled: Any = None
    return declared_faults(Parameter(title=untitled, default=good["default"], **bounds), path)


def _effect(good: Good, path: str) -> Iterator[Fault]:
    effect = good.get("effect")
    if effect is None:
        return
    for key, owner in _ONLY_WITH.items():
        if key in good and effect != owner:
            yield Fault(f"{path}.{key}", f"{key} in an effect {effect}", f"{key} only in an effect {owner}")
    if effect in _NAMES_REQUIREMENTS and good.lacks("requirements"):
        yield Fault(f"{path}.requirements", "nothing", f"the requirements that an effect {effect} changes")
    if effect == "permit" and all(good.lacks(key) for key in ("channels", "counterparts", "awaits")):
        yield Fault(path, "a permit of nothing", "channels, counterparts or awaits")
    if effect == "add" and good.lacks("agenda") and good.lacks("suppress"):
        yield Fault(f"{path}.agenda", "nothing", "the agenda points that are added")


def _experiment(good: Good, path: str) -> Iterator[Fault]:
    yield from in_order(good, path, "period_from", "period_to")
    yield from repeated(good.get("agenda", ()), f"{path}.agenda")
    declared = [point["id"] for point in good.get("agenda", ()) if point is not BAD and "id" in point]
    effects = [(n, one) for n, one in enumerate(good.get("effects", ())) if one is not BAD]
    for n, effect in effects:
        for k, name in enumerate(effect.get("agenda", ())):
            if name is not BAD and name not in declared:
                yield unknown(f"{path}.effects[{n}].agenda[{k}]", name, declared, "agenda point of the experiment")
        if effect.lacks("groups") and good.lacks("groups"):
            yield Fault(f"{path}.effects[{n}].groups", "nothing", "target groups, here or for the whole experiment")
    if any(effect.get("effect") == "replace" and effect.lacks("requirement") for _, effect in effects):
        yield from _need_parameters(good.get("parameters", Good()), f"{path}.parameters")


def _need_parameters(parameters: Good, path: str) -> Iterator[Fault]:
    for name, usual in DEFAULT_PARAMETERS.items():
        wanted = f"{sort_of(usual)}, which an effect replace needs (the usual one is {usual})"
        if parameters.lacks(name):
            yield Fault(f"{path}.{name}", "nothing", wanted)
        elif "default" in parameters.get(name, ()) and sort_of(parameters[name]["default"]) != sort_of(usual):
            yield Fault(f"{path}.{name}.default", shown(parameters[name]["default"]), wanted)


def unknown(path: str, name: str, known: Sequence[str], what: str) -> Fault:
    """A fault for a name that nothing declares, with the nearest one that is."""
    near = nearest(name, known)
    return Fault(
        path, f"unknown {shown(name)}", f"{near} (the nearest {what})" if near else f"the id of a known {what}"
    )


CHECKS: Checks = {
    LawPack: _law,
    ChannelRule: _channel_rule,
    Requirement: _requirement,
    Parameter: _parameter,
    Effect: _effect,
    Experiment: _experiment,
}
