"""Parameters of experiments: a period, a whole number or a cadence, each within its bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from planner.domain.citizens import Cadence
from planner.domain.periods import PERIOD_PATTERN, Period
from planner.errors import Fault
from planner.phrases import Phrase
from planner.plain import member, nearest, shown
from planner.rules.format import Experiment, Parameter

PERIOD, NUMBER, CADENCE = Phrase("an ISO 8601 period"), Phrase("a whole number"), Phrase("a cadence")
#: What holds where an experiment states no bounds, so that no date runs out of the calendar.
WIDEST: Mapping[str, tuple[str | int, str | int]] = {PERIOD: ("P0D", "P10Y"), NUMBER: (0, 366)}
#: Periods are compared by their length from this day on.
_REFERENCE = date(2001, 1, 1)


def sort_of(value: object) -> Phrase | None:
    """Whether a value is a period, a whole number or a cadence; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return NUMBER
    if not isinstance(value, str):
        return None
    if value in list(Cadence):
        return CADENCE
    return PERIOD if re.match(PERIOD_PATTERN, value) and not value.endswith("\n") else None


def size(value: str | int) -> int:
    """What a period (in days) or a whole number is compared by."""
    return value if isinstance(value, int) else Period.parse(value).days_from(_REFERENCE)


def effective_parameters(experiment: Experiment, overrides: Mapping[str, object]) -> dict[str, str | int]:
    """The experiment's parameters with what an adoption sets instead; unknown names are left out."""
    values: dict[str, str | int] = {name: one.default for name, one in experiment.parameters.items()}
    for name, value in overrides.items():
        if name in values and isinstance(value, str | int):
            values[name] = value
    return values


def parameter_faults(experiment: Experiment, overrides: Mapping[str, object], path: str) -> list[Fault]:
    """What is wrong with an adoption's parameters: unknown names, values of another kind or out of bounds."""
    faults: list[Fault] = []
    for name, value in overrides.items():
        at = member(path, name)
        parameter = experiment.parameters.get(name)
        if parameter is None:
            faults.append(Fault(at, Phrase("unknown parameter {name}", name=shown(name)), _known(experiment, name)))
        elif not fits(parameter, value):
            faults.append(Fault(at, shown(value), allowed(parameter)))
    return faults


def _known(experiment: Experiment, name: str) -> str:
    if not experiment.parameters:
        return Phrase("no parameters, since {experiment} has none", experiment=experiment.id)
    near = nearest(name, list(experiment.parameters))
    if near:
        return Phrase("{near} (the nearest parameter)", near=near)
    return Phrase("the parameters {names}", names=", ".join(experiment.parameters))


def bounds(parameter: Parameter) -> tuple[str | int, str | int]:
    """The bounds that hold; one that is not stated, or is of another kind, is the widest."""
    sort = sort_of(parameter.default)
    least, most = WIDEST[sort or PERIOD]
    if parameter.minimum is not None and sort_of(parameter.minimum) == sort:
        least = parameter.minimum
    if parameter.maximum is not None and sort_of(parameter.maximum) == sort:
        most = parameter.maximum
    return least, most


def fits(parameter: Parameter, value: object) -> bool:
    """Whether a parameter may have that value: of the same kind, and within the bounds."""
    sort = sort_of(parameter.default)
    if sort_of(value) != sort or not isinstance(value, str | int):
        return False
    if sort == CADENCE:
        return True
    least, most = bounds(parameter)
    return size(least) <= size(value) <= size(most)


def allowed(parameter: Parameter) -> str:
    """What a parameter may be, in words."""
    if sort_of(parameter.default) == CADENCE:
        return Phrase("one of {values}", values=", ".join(Cadence))
    least, most = bounds(parameter)
    return Phrase("{what} from {least} to {most}", what=sort_of(parameter.default), least=least, most=most)


def declared_faults(parameter: Parameter, path: str) -> list[Fault]:
    """What is wrong with a parameter as an experiment declares it: bounds of another kind, a default outside them."""
    sort = sort_of(parameter.default)
    faults: list[Fault] = []
    for name, bound in (("minimum", parameter.minimum), ("maximum", parameter.maximum)):
        if bound is not None and sort_of(bound) != sort:
            instead = (
                Phrase("no bounds for a cadence") if sort == CADENCE else Phrase("{what}, as the default", what=sort)
            )
            faults.append(Fault(f"{path}.{name}", shown(bound), instead))
    if not faults and not fits(parameter, parameter.default):
        faults.append(Fault(f"{path}.default", shown(parameter.default), allowed(parameter)))
    return faults
