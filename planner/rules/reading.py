"""Rule files into a rule set: strict, with every fault of every file at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from planner.errors import Fault, InputError
from planner.phrases import Phrase
from planner.plain import in_document_order, nearest, shown
from planner.rules.checks import CHECKS, unknown
from planner.rules.format import Experiment, LawPack
from planner.rules.parameters import effective_parameters, parameter_faults
from planner.rules.ruleset import RuleSet
from planner.strict import BAD, Good, examined

__all__ = ["effective_parameters", "parameter_faults", "rule_set"]

SCHEMAS: Mapping[str, type[LawPack] | type[Experiment]] = {
    "planner-law/1": LawPack,
    "planner-experiment/1": Experiment,
}


@dataclass(frozen=True, slots=True)
class _File:
    """One rule file: its table, its type, and as much of it as is in order."""

    name: str
    table: Mapping[str, object]
    kind: type[LawPack] | type[Experiment]
    good: Good
    faults: list[Fault]

    @property
    def root(self) -> str:
        """Where the paths of its faults begin."""
        return f"{self.name}:$"


def rule_set(files: Mapping[str, Mapping[str, object]], also_known: Collection[str] = ()) -> RuleSet:
    """The law packs and experiments in the tables of TOML files, by file name.

    `also_known`: requirements that an experiment may name although no pack among the files has them.
    Raises InputError with every fault of every file; the paths begin with the file's name.
    """
    faults: list[Fault] = []
    known: list[_File] = []
    for name, table in files.items():
        file = _examined(name, table)
        if isinstance(file, Fault):
            faults.append(file)
        else:
            known.append(file)
    packs = [file for file in known if file.kind is LawPack]
    experiments = [file for file in known if file.kind is Experiment]
    for file in known:
        file.faults.extend(_same_id(file, packs if file.kind is LawPack else experiments))
    for file in packs:
        file.faults.extend(_same_day(file, packs))
    for file in experiments:
        file.faults.extend(_names(file, packs, experiments, also_known))
    for file in known:
        faults.extend(in_document_order(file.faults, file.table, file.root))
    if faults:
        raise InputError("The rule files have faults", faults)
    laws = sorted((msgspec.convert(file.table, LawPack) for file in packs), key=lambda pack: pack.valid_from)
    read = [msgspec.convert(file.table, Experiment) for file in experiments]
    return RuleSet(tuple(laws), {one.id: one for one in sorted(read, key=lambda one: one.id)})


def _examined(name: str, table: Mapping[str, object]) -> _File | Fault:
    schema = table.get("schema")
    kind = SCHEMAS.get(schema) if isinstance(schema, str) else None
    if kind is None:
        near = nearest(str(schema), list(SCHEMAS))
        allowed = Phrase("one of {values}", values=", ".join(SCHEMAS))
        if near:
            allowed = Phrase("{allowed} (nearest: {near})", allowed=allowed, near=near)
        return Fault(f"{name}:$.schema", shown(schema) if "schema" in table else Phrase("nothing"), allowed)
    good, faults = examined(dict(table), kind, f"{name}:$", CHECKS)
    return _File(name, table, kind, good, faults)


def _same_id(file: _File, files: list[_File]) -> Iterator[Fault]:
    for earlier in files[: files.index(file)]:
        if "id" in file.good and earlier.good.get("id") == file.good["id"]:
            found = Phrase("{value}, as in {place}", value=shown(file.good["id"]), place=earlier.name)
            yield Fault(f"{file.root}.id", found, Phrase("an id of its own"))


def _period(good: Good) -> tuple[date, date] | None:
    """First and last day of a pack; None where they cannot be read, or are the wrong way round."""
    first, last = good.get("valid_from"), good.get("valid_to", None if "valid_to" in good.present else date.max)
    return (first, last) if first is not None and last is not None and first <= last else None


def _same_day(file: _File, packs: list[_File]) -> Iterator[Fault]:
    mine = _period(file.good)
    for earlier in packs[: packs.index(file)]:
        other = _period(earlier.good)
        if mine and other and mine[0] <= other[1] and other[0] <= mine[1]:
            day = max(mine[0], other[0]).isoformat()
            first, second = (f"{one.good.get('id', '?')} ({one.name})" for one in (earlier, file))
            found = Phrase("{first} and {second} both in force on {day}", first=first, second=second, day=day)
            yield Fault(f"{file.root}.valid_from", found, Phrase("one law in force on each day"))


def _ids(files: list[_File], key: str) -> list[str]:
    items = (item for file in files for item in file.good.get(key, ()) if item is not BAD)
    return list(dict.fromkeys(item["id"] for item in items if "id" in item))


def _names(file: _File, packs: list[_File], experiments: list[_File], also_known: Collection[str]) -> Iterator[Fault]:
    """Faults for what an experiment names and nobody declares: requirements, and agenda points to take away."""
    requirements = [*_ids(packs, "requirements"), *also_known]
    points = [*_ids(experiments, "agenda"), *requirements]
    named = (
        ("requirements", requirements, Phrase("requirement")),
        ("suppress", points, Phrase("agenda point")),
    )
    for n, effect in enumerate(file.good.get("effects", ())):
        for key, known, what in named:
            for k, name in enumerate(effect.get(key, ()) if effect is not BAD else ()):
                if name is not BAD and name not in known:
                    yield unknown(f"{file.root}.effects[{n}].{key}[{k}]", name, known, what)
