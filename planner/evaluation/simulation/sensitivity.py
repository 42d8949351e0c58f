"""One parameter at a time a quarter smaller and a quarter larger: which of them the result hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import inspect as kinds

from planner.evaluation.simulation.parameters import Parameters, plain

#: The parameters that are varied, as keys on the way to the value.
MAIN: Final[tuple[tuple[str, ...], ...]] = (
    ("groups", "6.1", "leave_within_13_weeks"),
    ("groups", "6.1", "laid_off"),
    ("groups", "6.6", "leave_within_13_weeks"),
    ("groups", "6.6", "examination"),
    ("inflow", "balance"),
    ("attendance", "no_show"),
    ("attendance", "ill_per_year"),
    ("need", "high"),
    ("need", "screening_right"),
    ("need", "acute_per_year"),
    ("need", "voiced"),
    ("job_start", "most_notice_days"),
    ("office", "in_person_minutes"),
    ("office", "hours_per_week"),
)
LESS, MORE = 0.75, 1.25


def name_of(keys: tuple[str, ...]) -> str:
    """The parameter as it is named in the file: `need.high`, `groups."6.1".laid_off`."""
    return ".".join(f'"{key}"' if "." in key else key for key in keys)


def value_of(parameters: Parameters, keys: tuple[str, ...]) -> float | None:
    """The parameter's value; None where there is no such group."""
    found: Any = plain(parameters)
    for key in keys:
        found = found.get(key)
        if found is None:
            return None
    return float(found["value"])


def varied(parameters: Parameters, keys: tuple[str, ...], factor: float) -> Parameters:
    """The parameters with one value times `factor`, within its bounds and whole where it must be."""
    data = plain(parameters)
    table = data
    for key in keys:
        table = table[key]
    table["value"] = _fitted(parameters, keys, table["value"] * factor)
    return msgspec.convert(data, Parameters)


def _fitted(parameters: Parameters, keys: tuple[str, ...], value: float) -> float:
    owner: Any = parameters
    for key in keys:
        owner = owner[key] if isinstance(owner, Mapping) else getattr(owner, key)
    info = kinds.type_info(type(owner))
    assert isinstance(info, kinds.StructType)
    field = next(one for one in info.fields if one.name == "value").type
    assert isinstance(field, kinds.IntType | kinds.FloatType)
    bounded = min(max(value, field.ge or 0), field.le if field.le is not None else value)
    return round(bounded) if isinstance(field, kinds.IntType) else bounded


def cases(parameters: Parameters) -> list[tuple[tuple[str, ...], float, Parameters]]:
    """Each main parameter that is there and not 0, less and more: its keys, its new value, and all parameters."""
    found = []
    for keys in MAIN:
        if value_of(parameters, keys):
            for factor in (LESS, MORE):
                new = varied(parameters, keys, factor)
                found.append((keys, value_of(new, keys) or 0.0, new))
    return found
