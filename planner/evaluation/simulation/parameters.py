"""What the simulation assumes: read strictly from TOML, each value with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from planner.domain.citizens import TargetGroup
from planner.errors import Fault
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import parse_toml, shown
from planner.strict import Check, Checks, Good, read

SCHEMA = "planner-simulation/1"
_MESSAGE = N_("The parameters of the simulation have faults")


class _Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every table: frozen, and no key that is not declared."""


class Share(_Table, frozen=True, kw_only=True):
    """A share between 0 and 1."""

    value: Annotated[float, Meta(ge=0, le=1)]
    source: str = ""


class LeavingShare(_Table, frozen=True, kw_only=True):
    """A share of leavers, which cannot be everybody."""

    value: Annotated[float, Meta(ge=0, le=0.95)]
    source: str = ""


class Amount(_Table, frozen=True, kw_only=True):
    """A number of at least 0."""

    value: Annotated[float, Meta(ge=0, le=100)]
    source: str = ""


class Shape(_Table, frozen=True, kw_only=True):
    """The shape of a Weibull distribution: below 1 the hazard falls with time."""

    value: Annotated[float, Meta(ge=0.3, le=5)]
    source: str = ""


class Count(_Table, frozen=True, kw_only=True):
    """A whole number of days or weeks."""

    value: Annotated[int, Meta(ge=0, le=104)]
    source: str = ""


class Minutes(_Table, frozen=True, kw_only=True):
    """The length of a conversation."""

    value: Annotated[int, Meta(ge=5, le=180)]
    source: str = ""


class WorkHours(_Table, frozen=True, kw_only=True):
    """Hours of a week; enough for a conversation every day."""

    value: Annotated[float, Meta(ge=1, le=50)]
    source: str = ""


class Horizon(_Table, frozen=True, kw_only=True):
    """Weeks that a plan looks ahead: beyond the notice of a conversation in person."""

    value: Annotated[int, Meta(ge=3, le=12)]
    source: str = ""


class Group(_Table, frozen=True, kw_only=True):
    """One target group: its part of the caseload, and how its spells end."""

    share: Share
    leave_within_13_weeks: LeavingShare
    shape: Shape
    to_job: Share
    laid_off: Share
    examination: Share


class Inflow(_Table, frozen=True, kw_only=True):
    """How many come, as a multiple of those that leave on average."""

    balance: Amount


class Layoff(_Table, frozen=True, kw_only=True):
    """When those who are laid off return, in weeks of the spell."""

    least_weeks: Count
    most_weeks: Count


class JobStart(_Table, frozen=True, kw_only=True):
    """How far ahead the end of a spell is known."""

    most_notice_days: Count


class Examination(_Table, frozen=True, kw_only=True):
    """When an examination lies, and how far ahead it is known."""

    most_weeks: Count
    notice_weeks: Count


class Attendance(_Table, frozen=True, kw_only=True):
    """Who does not come, and who is ill."""

    no_show: Share
    ill_per_year: Amount
    ill_days: Count


class Need(_Table, frozen=True, kw_only=True):
    """How much contact citizens need, and how that shows."""

    high: Share
    low: Share
    screening_right: Share
    acute_per_year: Amount
    voiced: Share
    lasts_weeks: Count


class Channels(_Table, frozen=True, kw_only=True):
    """Which channel citizens prefer; the rest come in person."""

    phone: Share
    digital: Share


class OfficeHours(_Table, frozen=True, kw_only=True):
    """What a caseworker can do."""

    hours_per_week: WorkHours
    phone_minutes: Minutes
    digital_minutes: Minutes
    in_person_minutes: Minutes
    ill_days_per_year: Amount
    horizon_weeks: Horizon


class Run(_Table, frozen=True, kw_only=True):
    """How the simulation is run."""

    warm_up_weeks: Count


class Parameters(_Table, frozen=True, kw_only=True):
    """Everything that the simulation assumes."""

    schema: Literal["planner-simulation/1"]
    groups: dict[TargetGroup, Group]
    inflow: Inflow
    layoff: Layoff
    job_start: JobStart
    examination: Examination
    attendance: Attendance
    need: Need
    channels: Channels
    office: OfficeHours
    run: Run


def _within_one(first: str, second: str) -> Check:
    def check(good: Good, path: str) -> Iterable[Fault]:
        one, other = _value(good, first), _value(good, second)
        if one is not None and other is not None and one + other > 1:
            yield Fault(f"{path}.{second}.value", shown(other), Phrase("at most {most}", most=round(1 - one, 6)))

    return check


def _in_order(good: Good, path: str) -> Iterable[Fault]:
    least, most = _value(good, "least_weeks"), _value(good, "most_weeks")
    if least is not None and most is not None and least > most:
        yield Fault(f"{path}.most_weeks.value", shown(most), Phrase("at least {least}", least=least))


def _value(good: Good, name: str) -> float | None:
    """The value of one of the tables, where it is in order."""
    return good[name].get("value") if name in good else None


def _anybody(good: Good, path: str) -> Iterable[Fault]:
    groups = good.get("groups")
    if groups is not None and not any(group.get("share", {}).get("value", 1) for group in groups.values()):
        yield Fault(f"{path}.groups", Phrase("nobody"), Phrase("at least one group with a share above 0"))


_CHECKS: Checks = {
    Need: _within_one("high", "low"),
    Channels: _within_one("phone", "digital"),
    Layoff: _in_order,
    Parameters: _anybody,
}


def shipped_text() -> bytes:
    """The file that the program ships, as it stands."""
    return resources.files(__package__ or "").joinpath("parameters.toml").read_bytes()


@lru_cache(maxsize=1)
def _shipped_table() -> Mapping[str, object]:
    return parse_toml(shipped_text(), "parameters.toml")


def read_parameters(own: bytes | None = None, name: str = "parameters.toml") -> Parameters:
    """The shipped parameters, with what a file of the user's own says instead; raises InputError with every fault.

    A value that the file changes takes its source from there too.
    """
    table: object = _shipped_table()
    if own is not None:
        table = _merged(table, parse_toml(own, name))
    return read(table, Parameters, f"{name}:$", _CHECKS, message=_MESSAGE)


def _merged(shipped: object, own: object) -> object:
    """The tables of both, down to single values, which are one or the other whole."""
    if not isinstance(shipped, dict) or not isinstance(own, dict) or "value" in own or "source" in own:
        return own
    return {**shipped, **{key: _merged(shipped.get(key), value) for key, value in own.items()}}


def plain(parameters: Parameters) -> dict[str, Any]:
    """The parameters as plain data: tables of values with their sources."""
    return dict(msgspec.to_builtins(parameters, str_keys=True))
