"""The caseload file `planner-caseload/1`: read strictly into a Caseload, written so that it reads back equal."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from types import MappingProxyType

import msgspec

from planner.domain.caseload import (
    WEEKDAYS,
    Absence,
    Adoption,
    Busy,
    Caseload,
    Caseworker,
    Contact,
    Hours,
    PlanSettings,
    SharedCalendar,
)
from planner.domain.citizens import Citizen, Exemption, Fact, Unavailable
from planner.domain.conversations import Channel, Conversation, Offer, OfferedTime
from planner.domain.periods import Period
from planner.exchange import caseload_wire as wire
from planner.exchange.caseload_checks import checks
from planner.exchange.wire import TalkingChannel, Weekday, time_of
from planner.locale import N_
from planner.plain import parse_json
from planner.rules.ruleset import RuleSet
from planner.strict import read


def read_caseload(data: bytes, rules: RuleSet, today: date | None) -> Caseload:
    """The caseload in a file's bytes; `today`, where given, wins over the file's.

    Raises InputError with every fault, in the order of the file.
    """
    file = read(
        parse_json(data), wire.CaseloadFile, checks=checks(rules, today), message=N_("The caseload file has faults")
    )
    day = today or file.today
    assert day is not None  # the check of the whole file demands one
    return Caseload(
        today=day,
        municipality=file.municipality,
        citizens=tuple(_citizen(one) for one in file.citizens),
        adoptions=tuple(
            Adoption(one.experiment, one.first, one.last, one.authority, MappingProxyType(one.parameters))
            for one in file.adoptions
        ),
        caseworker=_caseworker(file.caseworker),
        closing_days=file.closing_days,
        settings=_settings(file.settings),
        shared_calendars=tuple(_shared_calendar(one) for one in file.shared_calendars),
        contact=Contact(**msgspec.structs.asdict(file.contact)),
    )


def write_caseload(caseload: Caseload) -> bytes:
    """The caseload as a file's bytes, every key written out; the store's own keys stay behind."""
    file = wire.CaseloadFile(
        schema="planner-caseload/1",
        today=caseload.today,
        municipality=caseload.municipality,
        adoptions=tuple(
            wire.Adoption(
                experiment=one.experiment,
                first=one.first,
                last=one.last,
                authority=one.authority,
                parameters=msgspec.convert(dict(sorted(one.parameters.items())), dict[str, str | int]),
            )
            for one in caseload.adoptions
        ),
        caseworker=_caseworker_out(caseload.caseworker),
        closing_days=caseload.closing_days,
        settings=_settings_out(caseload.settings),
        contact=wire.Contact(**asdict(caseload.contact)),
        shared_calendars=tuple(_shared_calendar_out(one) for one in caseload.shared_calendars),
        citizens=tuple(_citizen_out(one) for one in caseload.citizens),
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


def _caseworker(one: wire.Caseworker) -> Caseworker:
    days = one.in_person_days
    return Caseworker(
        working_hours=_hours(one.working_hours),
        breaks=_hours(one.breaks),
        in_person_days=None if days is None else tuple(WEEKDAYS.index(day) for day in dict.fromkeys(days)),
        max_per_day=one.max_per_day,
        buffer_minutes=one.buffer_minutes,
        busy=_busy(one.busy),
        absent=tuple(Absence(absence.first, absence.last) for absence in one.absent),
    )


def _hours(hours: tuple[wire.Hours, ...]) -> tuple[Hours, ...]:
    return tuple(Hours(WEEKDAYS.index(one.weekday), time_of(one.start), time_of(one.end)) for one in hours)


def _busy(times: tuple[wire.Busy, ...]) -> tuple[Busy, ...]:
    return tuple(Busy(datetime.fromisoformat(one.start), datetime.fromisoformat(one.end), one.title) for one in times)


def _shared_calendar(one: wire.SharedCalendar) -> SharedCalendar:
    return SharedCalendar(one.kind, one.name, one.language, _hours(one.available or ()), _busy(one.busy))


def _settings(one: wire.Settings) -> PlanSettings:
    minutes = {Channel(name): value for name, value in msgspec.structs.asdict(one.minutes).items()}
    notice = {Channel(name): Period.parse(value) for name, value in msgspec.structs.asdict(one.notice).items()}
    return PlanSettings(
        minutes=MappingProxyType(minutes),
        notice=MappingProxyType(notice),
        grid_minutes=one.grid_minutes,
        interpreter_extra_minutes=one.interpreter_extra_minutes,
        horizon_weeks=one.horizon_weeks,
        concrete_weeks=one.concrete_weeks,
    )


def _citizen(one: wire.Citizen) -> Citizen:
    decided = one.exemption
    return Citizen(
        id=one.id,
        name=one.name,
        target_group=one.target_group,
        spell_start=one.spell_start,
        unemployment_start=one.unemployment_start,
        cadence=one.cadence,
        channels=tuple(Channel(name) for name in dict.fromkeys(one.channels)),
        handover_on=one.handover_on,
        closed_on=one.closed_on,
        exemption=None if decided is None else Exemption(decided.on, decided.until, decided.reason),
        preferred_channel=None if one.preferred_channel is None else Channel(one.preferred_channel),
        interpreter=one.interpreter,
        unavailable=tuple(_unavailable(stretch) for stretch in one.unavailable),
        facts=tuple(Fact(fact.kind, fact.on, fact.until, fact.documented, fact.noted_on) for fact in one.facts),
        conversations=tuple(_conversation(talk) for talk in one.conversations),
        offer=None if one.offer is None else _offer(one.offer),
    )


def _offer(one: wire.Offer) -> Offer:
    times = (OfferedTime(t.on, time_of(t.start), t.minutes, Channel(t.channel)) for t in one.times)
    return Offer(one.on, one.until, tuple(times))


def _unavailable(one: wire.Unavailable) -> Unavailable:
    if one.weekday is None:
        return Unavailable(first=date.fromisoformat(one.start), last=date.fromisoformat(one.end))
    return Unavailable(weekday=WEEKDAYS.index(one.weekday), start=time_of(one.start), end=time_of(one.end))


def _conversation(one: wire.Conversation) -> Conversation:
    return Conversation(
        on=one.on,
        start=time_of(one.start),
        minutes=one.minutes,
        channel=one.channel,
        counterpart=one.counterpart,
        status=one.status,
        agenda=one.agenda,
        locked=one.locked,
        self_booked=one.self_booked,
        filed_on=one.filed,
    )


def _caseworker_out(one: Caseworker) -> wire.Caseworker:
    days = one.in_person_days
    return wire.Caseworker(
        working_hours=_hours_out(one.working_hours),
        breaks=_hours_out(one.breaks),
        in_person_days=None if days is None else tuple(Weekday(WEEKDAYS[day]) for day in days),
        max_per_day=one.max_per_day,
        buffer_minutes=one.buffer_minutes,
        busy=_busy_out(one.busy),
        absent=tuple(wire.Absence(first=absence.first, last=absence.last) for absence in one.absent),
    )


def _hours_out(hours: tuple[Hours, ...]) -> tuple[wire.Hours, ...]:
    return tuple(
        wire.Hours(weekday=Weekday(WEEKDAYS[one.weekday]), start=f"{one.start:%H:%M}", end=f"{one.end:%H:%M}")
        for one in hours
    )


def _busy_out(times: tuple[Busy, ...]) -> tuple[wire.Busy, ...]:
    return tuple(
        wire.Busy(start=f"{one.start:%Y-%m-%dT%H:%M}", end=f"{one.end:%Y-%m-%dT%H:%M}", title=one.title)
        for one in times
    )


def _shared_calendar_out(one: SharedCalendar) -> wire.SharedCalendar:
    return wire.SharedCalendar(
        kind=one.kind,
        name=one.name,
        language=one.language,
        available=_hours_out(one.available) or None,
        busy=_busy_out(one.busy),
    )


def _settings_out(one: PlanSettings) -> wire.Settings:
    return wire.Settings(
        minutes=wire.Minutes(**{channel.value: value for channel, value in one.minutes.items()}),
        notice=wire.Notice(**{channel.value: str(value) for channel, value in one.notice.items()}),
        grid_minutes=one.grid_minutes,
        interpreter_extra_minutes=one.interpreter_extra_minutes,
        horizon_weeks=one.horizon_weeks,
        concrete_weeks=one.concrete_weeks,
    )


def _citizen_out(one: Citizen) -> wire.Citizen:
    decided, preferred = one.exemption, one.preferred_channel
    return wire.Citizen(
        id=one.id,
        name=one.name,
        target_group=one.target_group,
        spell_start=one.spell_start,
        unemployment_start=one.unemployment_start,
        cadence=one.cadence,
        channels=tuple(TalkingChannel(channel.value) for channel in one.channels),
        handover_on=one.handover_on,
        closed_on=one.closed_on,
        exemption=None if decided is None else _exemption_out(decided),
        preferred_channel=None if preferred is None else TalkingChannel(preferred.value),
        interpreter=one.interpreter,
        unavailable=tuple(_unavailable_out(stretch) for stretch in one.unavailable),
        facts=tuple(
            wire.Fact(
                kind=fact.kind,
                on=fact.on,
                until=fact.until,
                documented=fact.documented,
                noted_on=fact.noted_on,
            )
            for fact in one.facts
        ),
        conversations=tuple(_conversation_out(talk) for talk in one.conversations),
        offer=None if one.offer is None else _offer_out(one.offer),
    )


def _offer_out(one: Offer) -> wire.Offer:
    times = (
        wire.OfferedTime(on=t.on, start=f"{t.start:%H:%M}", minutes=t.minutes, channel=TalkingChannel(t.channel.value))
        for t in one.times
    )
    return wire.Offer(on=one.on, until=one.until, times=tuple(times))


def _exemption_out(one: Exemption) -> wire.Exemption:
    return wire.Exemption(on=one.on, until=one.until, reason=one.reason)


def _unavailable_out(one: Unavailable) -> wire.Unavailable:
    if one.weekday is not None:
        start, end = one.start or time.min, one.end or time(23, 59)
        return wire.Unavailable(weekday=Weekday(WEEKDAYS[one.weekday]), start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    return wire.Unavailable(start=str(one.first or one.last), end=str(one.last or one.first))


def _conversation_out(one: Conversation) -> wire.Conversation:
    return wire.Conversation(
        on=one.on,
        start=f"{one.start:%H:%M}",
        minutes=one.minutes,
        channel=one.channel,
        counterpart=one.counterpart,
        status=one.status,
        agenda=one.agenda,
        locked=one.locked,
        self_booked=one.self_booked,
        filed=one.filed_on,
    )
