"""The plan file `planner-plan/1`: written byte for byte the same, read back for `--previous`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar, cast

import msgspec

from planner.domain.caseload import Adoption
from planner.errors import Fault
from planner.exchange import plan_wire as wire
from planner.exchange.wire import clock, minutes_of
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import parse_json, shown
from planner.planning.plan import (
    AdoptionUsed,
    Certificate,
    CitizenPlan,
    DayPrice,
    ExemptedShare,
    FixedRhythm,
    PackUsed,
    Plan,
    Proposal,
    Quality,
    Ranked,
    Slot,
    Title,
    WeekCapacity,
)
from planner.rules.checks import repeated
from planner.rules.windows import MOST_STEPS, Because, Window, step
from planner.strict import BAD, Checks, Good, read

T = TypeVar("T")
_NO_TIMING: Mapping[str, float] = MappingProxyType({})


def plan_document(plan: Plan, timing: Mapping[str, float] = _NO_TIMING) -> dict[str, object]:
    """The plan as plain data: dicts, lists, texts and numbers."""
    return cast("dict[str, object]", msgspec.to_builtins(_plan_out(plan, timing)))


def plan_bytes(plan: Plan, timing: Mapping[str, float] = _NO_TIMING) -> bytes:
    """The plan as a file's bytes; the same plan and timing give the same bytes."""
    return msgspec.json.format(msgspec.json.encode(_plan_out(plan, timing)), indent=2) + b"\n"


def own_plan_bytes(plan: Plan) -> bytes:
    """The same for this program to read again: without the line ends and spaces that are half of it."""
    return msgspec.json.encode(_plan_out(plan, _NO_TIMING))


def read_plan(data: bytes) -> Plan:
    """The plan in a file's bytes; raises InputError with every fault."""
    return _plan(read(parse_json(data), wire.PlanFile, checks=CHECKS, message=N_("The plan file has faults")))


def read_own_plan(data: bytes) -> Plan:
    """The plan in bytes that this program kept, read at once; raises InputError with every fault.

    Only where something is wrong are they walked through, which takes fifteen times as long.
    """
    try:
        file = msgspec.json.decode(data, type=wire.PlanFile)
    except (msgspec.MsgspecError, ValueError):
        return read_plan(data)
    citizens, order = [one.id for one in file.citizens], [one.id for one in file.order]
    days = [day.on for day in file.certificate.prices]
    once = all(len(set(names)) == len(names) for names in (citizens, order, days))
    return _plan(file) if once else read_plan(data)


def _plan(file: wire.PlanFile) -> Plan:
    return Plan(
        today=file.today,
        horizon_end=file.horizon_end,
        municipality=file.municipality,
        packs=tuple(_same(one, PackUsed) for one in file.packs),
        adoptions=tuple(_adoption(one) for one in file.adoptions),
        citizens=tuple(_citizen(one) for one in file.citizens),
        order=tuple(_same(one, Ranked) for one in file.order),
        capacity=tuple(_same(one, WeekCapacity) for one in file.capacity),
        exempted_share=None if file.exempted_share is None else _same(file.exempted_share, ExemptedShare),
        quality=_same(file.quality, Quality),
        titles={name: _same(title, Title) for name, title in file.titles.items()},
        certificate=_certificate(file.certificate),
    )


def _same(one: msgspec.Struct, kind: type[T]) -> T:
    """A domain object that has exactly the fields of its wire struct."""
    return kind(**msgspec.structs.asdict(one))


def _certificate(one: wire.Certificate) -> Certificate:
    days = (
        DayPrice(day.on, {minutes_of(start): points for start, points in day.cells.items()}, day.place)
        for day in one.prices
    )
    return Certificate(one.bound, tuple(days))


def _because(steps: tuple[wire.Because, ...]) -> tuple[Because, ...]:
    return tuple(step(one.code, one.values) for one in steps)


def _adoption(one: wire.Adoption) -> AdoptionUsed:
    adoption = Adoption(one.experiment, one.first, one.last, one.authority, MappingProxyType(one.overrides))
    return AdoptionUsed(adoption, one.version, MappingProxyType(one.parameters), one.known_municipality)


def _window(one: wire.Window) -> Window:
    return Window(**{**msgspec.structs.asdict(one), "because": _because(one.because)})


def _slot(one: wire.Slot) -> Slot:
    return Slot(one.on, minutes_of(one.start), one.minutes, one.channel)


def _proposal(one: wire.Proposal) -> Proposal:
    return Proposal(
        slot=_slot(one),
        covers=one.covers,
        agenda=one.agenda,
        alternatives=tuple(_slot(slot) for slot in one.alternatives),
        tentative=one.tentative,
        because=_because(one.because),
        cost=one.cost,
    )


def _citizen(one: wire.Citizen) -> CitizenPlan:
    return CitizenPlan(
        id=one.id,
        bucket=one.bucket,
        windows=tuple(_window(window) for window in one.windows),
        fixed_rhythm=_same(one.fixed_rhythm, FixedRhythm),
        proposal=None if one.proposal is None else _proposal(one.proposal),
        later=tuple(_proposal(later) for later in one.later),
        unplaced_because=_because(one.unplaced_because),
        because=_because(one.because),
        agenda=one.agenda,
        questions=one.questions,
        reason_required=one.reason_required,
        last_contact=one.last_contact,
    )


def _sorted(values: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted(values.items()))


def _plan_out(plan: Plan, timing: Mapping[str, float]) -> wire.PlanFile:
    return wire.PlanFile(
        schema="planner-plan/1",
        today=plan.today,
        horizon_end=plan.horizon_end,
        municipality=plan.municipality,
        packs=_wired(plan.packs, wire.Pack),
        adoptions=tuple(_adoption_out(one) for one in plan.adoptions),
        citizens=tuple(_citizen_out(one) for one in plan.citizens),
        order=tuple(
            wire.Ranked(id=one.id, bucket=one.bucket, score=one.score, parts=_sorted(one.parts)) for one in plan.order
        ),
        capacity=_wired(plan.capacity, wire.Week),
        exempted_share=None if plan.exempted_share is None else _wired((plan.exempted_share,), wire.ExemptedShare)[0],
        quality=_wired((plan.quality,), wire.Quality)[0],
        certificate=_certificate_out(plan.certificate),
        titles={name: wire.Title(da=title.da, en=title.en) for name, title in sorted(plan.titles.items())},
        timing={stage: float(milliseconds) for stage, milliseconds in sorted(timing.items())},
    )


def _certificate_out(one: Certificate) -> wire.Certificate:
    days = (
        wire.DayPrice(
            on=day.on, cells={clock(start): points for start, points in sorted(day.cells.items())}, place=day.place
        )
        for day in one.prices
    )
    return wire.Certificate(bound=one.bound, prices=tuple(days))


W = TypeVar("W", bound=msgspec.Struct)


def _wired(items: tuple[object, ...], kind: type[W]) -> tuple[W, ...]:
    """Wire structs of domain objects that have exactly their fields."""
    return tuple(msgspec.convert(item, kind, from_attributes=True) for item in items)


def _because_out(steps: tuple[Because, ...]) -> tuple[wire.Because, ...]:
    return tuple(_step_out(one.code, tuple(one.values), *one.values.values()) for one in steps)


@lru_cache(MOST_STEPS, typed=True)
def _step_out(code: str, names: tuple[str, ...], *values: str | int) -> wire.Because:
    return wire.Because(code=code, values=_sorted(dict(zip(names, values, strict=True))))


def _adoption_out(one: AdoptionUsed) -> wire.Adoption:
    return wire.Adoption(
        experiment=one.adoption.experiment,
        version=one.version,
        first=one.adoption.first,
        last=one.adoption.last,
        authority=one.adoption.authority,
        overrides=cast("dict[str, str | int]", _sorted(one.adoption.parameters)),
        parameters=_sorted(one.parameters),
        known_municipality=one.known_municipality,
    )


def _window_out(one: Window) -> wire.Window:
    return wire.Window(
        requirement=one.requirement,
        kind=one.kind,
        status=one.status,
        earliest=one.earliest,
        target=one.target,
        latest=one.latest,
        binding=one.binding,
        priority=one.priority,
        channels=one.channels,
        first_channels=one.first_channels,
        because=_because_out(one.because),
    )


def _slot_out(one: Slot) -> wire.Slot:
    return wire.Slot(on=one.on, start=clock(one.start), end=clock(one.end), channel=one.channel, minutes=one.minutes)


def _proposal_out(one: Proposal) -> wire.Proposal:
    return wire.Proposal(
        on=one.slot.on,
        start=clock(one.slot.start),
        end=clock(one.slot.end),
        channel=one.slot.channel,
        minutes=one.slot.minutes,
        covers=one.covers,
        agenda=one.agenda,
        alternatives=tuple(_slot_out(slot) for slot in one.alternatives),
        tentative=one.tentative,
        because=_because_out(one.because),
        cost=one.cost,
    )


def _citizen_out(one: CitizenPlan) -> wire.Citizen:
    rhythm = one.fixed_rhythm
    return wire.Citizen(
        id=one.id,
        bucket=one.bucket,
        windows=tuple(_window_out(window) for window in one.windows),
        fixed_rhythm=wire.FixedRhythm(latest=rhythm.latest, channel=rhythm.channel, requirement=rhythm.requirement),
        proposal=None if one.proposal is None else _proposal_out(one.proposal),
        unplaced_because=_because_out(one.unplaced_because),
        later=tuple(_proposal_out(later) for later in one.later),
        because=_because_out(one.because),
        agenda=one.agenda,
        questions=one.questions,
        reason_required=one.reason_required,
        last_contact=one.last_contact,
    )


def _slot_check(good: Good, path: str) -> Iterator[Fault]:
    if {"start", "end", "minutes"} <= good.keys():
        end = clock(minutes_of(good["start"]) + good["minutes"])
        if good["end"] != end:
            yield Fault(f"{path}.end", shown(good["end"]), Phrase("{end}, which is start and minutes", end=end))


def _plan_check(good: Good, path: str) -> Iterator[Fault]:
    yield from repeated(good.get("citizens", ()), f"{path}.citizens")
    yield from repeated(good.get("order", ()), f"{path}.order")


def _certificate_check(good: Good, path: str) -> Iterator[Fault]:
    seen = set[object]()
    for number, day in enumerate(good.get("prices", ())):
        on = BAD if day is BAD else day.get("date")
        if on in seen:
            yield Fault(f"{path}.prices[{number}].date", shown(on), Phrase("each day once"))
        elif on is not BAD:
            seen.add(on)


CHECKS: Checks = {
    wire.Slot: _slot_check,
    wire.Proposal: _slot_check,
    wire.Certificate: _certificate_check,
    wire.PlanFile: _plan_check,
}
