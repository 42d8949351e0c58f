"""What must hold within one rule file beyond the shape of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from planner.domain.periods import Period
from planner.errors import Fault
from planner.phrases import Phrase
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
    "recurring": ("grace", "during", "starts_after", "after_first"),
    "quota": ("spacing", "renew", "starts_after"),
    "milestone": (),
    "item": ("again", "lead", "code", "answered_by"),
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
        allowed = Phrase("{key} ({value}) or later", key=first, value=start.isoformat())
        yield Fault(f"{path}.{last}", end.isoformat(), allowed)


def repeated(items: Iterable[Any], path: str) -> Iterator[Fault]:
    """A fault for each item whose id an earlier one has."""
    seen: dict[str, int] = {}
    for n, item in enumerate(items):
        name = item.get("id") if item is not BAD else None
        if name in seen:
            found = Phrase("{value}, as in {place}", value=shown(name), place=f"{path}[{seen[name]}]")
            yield Fault(f"{path}[{n}].id", found, Phrase("an id of its own"))
        elif name is not None:
            seen[name] = n


def _requirement(good: Good, path: str) -> Iterator[Fault]:
    yield from in_order(good, path, "valid_from", "valid_to")
    for key in _STEPS:
        if good.get(key) is not None and Period.parse(good[key]) == Period():
            yield Fault(f"{path}.{key}", shown(good[key]), Phrase("a period longer than no days"))
    kind = good.get("kind")
    if kind is None:
        return
    for key in NEEDS[kind]:
        if good.lacks(key):
            wanted = Phrase("{key}, which a requirement of kind {kind} needs", key=key, kind=kind)
            yield Fault(f"{path}.{key}", Phrase("nothing"), wanted)
    fitting = (*NEEDS[kind], *MAY[kind])
    for key in KIND_KEYS & good.present:
        if key not in fitting:
            found = Phrase("{key} in a requirement of kind {kind}", key=key, kind=kind)
            yield Fault(f"{path}.{key}", found, Phrase("the keys {keys}", keys=", ".join(fitting)))
    yield from _combination(good, path, kind)


def _combination(good: Good, path: str, kind: str) -> Iterator[Fault]:
    if kind == "recurring" and good.get("anchor") == "last":
        for key in _ON_SPELL_GRID:
            if key in good:
                found = Phrase('{key} with anchor "last"', key=key)
                yield Fault(f"{path}.{key}", found, Phrase('{key} only with anchor "spell"', key=key))
    if good.get("at") == "every_conversation":
        if kind == "milestone":
            yield Fault(f"{path}.at", shown(good["at"]), Phrase("an ISO 8601 period such as P1W"))
        elif "again" in good:
            yield Fault(f"{path}.again", shown(good["again"]), Phrase("no again with every_conversation"))


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
            found = Phrase("{key} in an effect {effect}", key=key, effect=effect)
            yield Fault(f"{path}.{key}", found, Phrase("{key} only in an effect {effect}", key=key, effect=owner))
    if effect in _NAMES_REQUIREMENTS and good.lacks("requirements"):
        wanted = Phrase("the requirements that an effect {effect} changes", effect=effect)
        yield Fault(f"{path}.requirements", Phrase("nothing"), wanted)
    if effect == "permit" and all(good.lacks(key) for key in ("channels", "counterparts", "awaits")):
        yield Fault(path, Phrase("a permit of nothing"), Phrase("channels, counterparts or awaits"))
    if effect == "add" and good.lacks("agenda") and good.lacks("suppress"):
        yield Fault(f"{path}.agenda", Phrase("nothing"), Phrase("the agenda points that are added"))


def _experiment(good: Good, path: str) -> Iterator[Fault]:
    yield from in_order(good, path, "period_from", "period_to")
    yield from repeated(good.get("agenda", ()), f"{path}.agenda")
    declared = [point["id"] for point in good.get("agenda", ()) if point is not BAD and "id" in point]
    effects = [(n, one) for n, one in enumerate(good.get("effects", ())) if one is not BAD]
    for n, effect in effects:
        for k, name in enumerate(effect.get("agenda", ())):
            if name is not BAD and name not in declared:
                what = Phrase("agenda point of the experiment")
                yield unknown(f"{path}.effects[{n}].agenda[{k}]", name, declared, what)
        if effect.lacks("groups") and good.lacks("groups"):
            wanted = Phrase("target groups, here or for the whole experiment")
            yield Fault(f"{path}.effects[{n}].groups", Phrase("nothing"), wanted)
    if any(effect.get("effect") == "replace" and effect.lacks("requirement") for _, effect in effects):
        yield from _need_parameters(good.get("parameters", Good()), f"{path}.parameters")


def _need_parameters(parameters: Good, path: str) -> Iterator[Fault]:
    for name, usual in DEFAULT_PARAMETERS.items():
        wanted = Phrase(
            "{what}, which an effect replace needs (the usual one is {usual})", what=sort_of(usual), usual=usual
        )
        if parameters.lacks(name):
            yield Fault(f"{path}.{name}", Phrase("nothing"), wanted)
        elif "default" in parameters.get(name, ()) and sort_of(parameters[name]["default"]) != sort_of(usual):
            yield Fault(f"{path}.{name}.default", shown(parameters[name]["default"]), wanted)


def unknown(path: str, name: str, known: Sequence[str], what: str) -> Fault:
    """A fault for a name that nothing declares, with the nearest one that is."""
    near = nearest(name, known)
    found = Phrase("unknown {name}", name=shown(name))
    if near:
        return Fault(path, found, Phrase("{near} (the nearest {what})", near=near, what=what))
    return Fault(path, found, Phrase("the id of a known {what}", what=what))


CHECKS: Checks = {
    LawPack: _law,
    ChannelRule: _channel_rule,
    Requirement: _requirement,
    Parameter: _parameter,
    Effect: _effect,
    Experiment: _experiment,
}
