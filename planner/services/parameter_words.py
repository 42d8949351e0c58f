"""Parameters of experiments as people write and read them: "2 uger" for P2W, "tæt" for a cadence."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.domain.citizens import Cadence
from planner.domain.text import folded
from planner.errors import Refused
from planner.locale import N_, Language
from planner.rules.format import Experiment, Parameter
from planner.rules.parameters import CADENCE, NUMBER, PERIOD, bounds, fits, sort_of
from planner.services import words
from planner.services.entry import NotUnderstood
from planner.services.explanation import period_words

_PERIOD = re.compile(r"^\+?(\d{1,3})\s*([^\W\d_]+)$")
_UNITS = {
    "D": ("d", "dag", "dage", "day", "days"),
    "W": ("u", "w", "uge", "uger", "week", "weeks"),
    "M": ("m", "md", "mdr", "måned", "måneder", "month", "months"),
    "Y": ("å", "år", "y", "year", "years"),
}


def value_words(value: str | int, language: Language) -> str:
    """A parameter's value as it is read, and as it may be written."""
    sort = sort_of(value)
    if sort == CADENCE:
        return language.text(words.CADENCES_IN_SHORT[Cadence(str(value))])
    return period_words(str(value), language) if sort == PERIOD else str(value)


def bounds_words(parameter: Parameter, language: Language) -> str:
    """What a parameter may be: "1 week to 6 weeks", or the cadences."""
    if sort_of(parameter.default) == CADENCE:
        return ", ".join(language.text(words.CADENCES_IN_SHORT[cadence]) for cadence in Cadence)
    least, most = (value_words(bound, language) for bound in bounds(parameter))
    return language.text("{least} to {most}", least=least, most=most)


def read_value(parameter: Parameter, text: str, language: Language) -> str | int:
    """The value that was written; raises NotUnderstood, and Refused with the bounds for one that is out of them."""
    value = _read(parameter, text.strip(), language)
    may = bounds_words(parameter, language)
    if value is None:
        raise NotUnderstood(N_("“{text}” is not understood; write {allowed}"), text=text.strip(), allowed=may)
    if not fits(parameter, value):
        raise Refused(N_("“{text}” is out of bounds: {allowed}"), text=text.strip(), allowed=may)
    return value


def _read(parameter: Parameter, text: str, language: Language) -> str | int | None:
    sort = sort_of(parameter.default)
    if sort == CADENCE:
        said = {folded(language.text(word)): cadence.value for cadence, word in words.CADENCES_IN_SHORT.items()}
        said |= {cadence.value: cadence.value for cadence in Cadence}
        return said.get(folded(text))
    if sort == NUMBER:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if sort_of(text.upper()) == PERIOD:
        return text.upper()
    match = _PERIOD.match(text.casefold())
    unit = next((unit for unit, names in _UNITS.items() if match is not None and match[2] in names), None)
    return None if match is None or unit is None else f"P{match[1]}{unit}"


def overrides(experiment: Experiment, values: Mapping[str, str | int]) -> dict[str, object]:
    """Those values that are not the experiment's own."""
    return {name: value for name, value in values.items() if value != experiment.parameters[name].default}
