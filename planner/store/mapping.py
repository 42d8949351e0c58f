"""Rows to frozen domain objects and back, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
from sqlalchemy import Row

from planner.domain.caseload import Adoption
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import Channel, Conversation, Counterpart, Offer, OfferedTime, Status
from planner.services.clock import DANISH_TIME
from planner.services.ports import Away, Note, Office, Postponement

# Calling an enum looks its member up the slow way; a caseload has a hundred thousand of them.
_CHANNELS = {str(c): c for c in Channel}
_STATUSES = {str(s): s for s in Status}
_COUNTERPARTS = {str(c): c for c in Counterpart}
_KINDS = {str(k): k for k in FactKind}


def citizen_row(citizen: Citizen) -> dict[str, object]:
    """A citizen's own columns, without key, version, external id and CPR."""
    exemption = citizen.exemption
    return {
        "name": citizen.name,
        "target_group": str(citizen.target_group),
        "spell_start": citizen.spell_start,
        "unemployment_start": citizen.unemployment_start,
        "cadence": _text(citizen.cadence),
        "channels": [str(channel) for channel in citizen.channels],
        "handover_on": citizen.handover_on,
        "exempt_on": exemption.on if exemption else None,
        "exempt_until": exemption.until if exemption else None,
        "exempt_reason": exemption.reason if exemption else None,
        "preferred_channel": _text(citizen.preferred_channel),
        "interpreter": citizen.interpreter,
        "closed_on": citizen.closed_on,
    }


def citizen_of(
    row: Row[Any],
    unavailable: tuple[Unavailable, ...],
    facts: tuple[Fact, ...],
    conversations: tuple[Conversation, ...],
    offer: Offer | None,
) -> Citizen:
    """A citizen from the row and what belongs to it."""
    exempt = Exemption(row.exempt_on, row.exempt_until, row.exempt_reason) if row.exempt_on else None
    return Citizen(
        id=row.external_id or row.key,
        name=row.name,
        target_group=TargetGroup(row.target_group),
        spell_start=row.spell_start,
        unemployment_start=row.unemployment_start,
        cadence=Cadence(row.cadence) if row.cadence else None,
        channels=tuple(_CHANNELS[channel] for channel in row.channels),
        handover_on=row.handover_on,
        exemption=exempt,
        preferred_channel=_CHANNELS[row.preferred_channel] if row.preferred_channel else None,
        interpreter=row.interpreter,
        closed_on=row.closed_on,
        unavailable=unavailable,
        facts=facts,
        conversations=conversations,
        offer=offer,
    )


def fact_row(fact: Fact) -> dict[str, object]:
    """A fact's columns."""
    return {
        "kind": str(fact.kind),
        "on_date": fact.on,
        "until_date": fact.until,
        "documented": fact.documented,
        "noted_on": fact.noted_on,
    }


def fact_of(row: Row[Any]) -> Fact:
    """A fact from its row."""
    return Fact(_KINDS[row.kind], row.on_date, row.until_date, row.documented, row.noted_on, row.key)


def conversation_row(conversation: Conversation) -> dict[str, object]:
    """A conversation's columns; the start is kept as wall time and in UTC."""
    return {
        "on_date": conversation.on,
        "start_time": conversation.start,
        "start_utc": in_utc(conversation.on, conversation.start),
        "minutes": conversation.minutes,
        "channel": str(conversation.channel),
        "counterpart": str(conversation.counterpart),
        "status": str(conversation.status),
        "agenda": list(conversation.agenda),
        "locked": conversation.locked,
        "self_booked": conversation.self_booked,
    }


def conversation_of(row: Row[Any], filed_on: date | None) -> Conversation:
    """A conversation from its row and the day on which its note was filed."""
    return Conversation(
        on=row.on_date,
        start=row.start_time,
        minutes=row.minutes,
        channel=_CHANNELS[row.channel],
        counterpart=_COUNTERPARTS[row.counterpart],
        status=_STATUSES[row.status],
        agenda=tuple(row.agenda),
        locked=row.locked,
        self_booked=row.self_booked,
        filed_on=filed_on,
        key=row.key,
    )


def offer_row(offer: Offer) -> dict[str, object]:
    """An offer's columns."""
    times = [
        {"date": str(one.on), "start": f"{one.start:%H:%M}", "minutes": one.minutes, "channel": str(one.channel)}
        for one in offer.times
    ]
    return {"on_date": offer.on, "until_date": offer.until, "times": times}


def offer_of(row: Row[Any]) -> Offer:
    """An offer from its row."""
    times = tuple(
        OfferedTime(
            date.fromisoformat(one["date"]),
            time.fromisoformat(one["start"]),
            int(one["minutes"]),
            _CHANNELS[one["channel"]],
        )
        for one in row.times
    )
    return Offer(row.on_date, row.until_date, times, row.key)


def unavailable_row(stretch: Unavailable, reason: str | None = None) -> dict[str, object]:
    """The columns of a stretch in which a citizen cannot be met."""
    return {
        "first_date": stretch.first,
        "last_date": stretch.last,
        "weekday": stretch.weekday,
        "start_time": stretch.start,
        "end_time": stretch.end,
        "reason": reason,
    }


def unavailable_of(row: Row[Any]) -> Unavailable:
    """A stretch from its row."""
    return Unavailable(row.first_date, row.last_date, row.weekday, row.start_time, row.end_time, row.reason or "")


def postponement_of(row: Row[Any]) -> Postponement:
    """A postponement from its row."""
    return Postponement(row.key, row.first_date, row.last_date, row.reason)


def away_of(row: Row[Any]) -> Away:
    """A stretch with its key from its row."""
    return Away(row.key, unavailable_of(row))


def note_of(row: Row[Any]) -> Note:
    """A note from its row."""
    return Note(row.key, row.at_local, row.text, row.amends or "")


def adoption_row(adoption: Adoption) -> dict[str, object]:
    """An adoption's columns."""
    return {
        "experiment": adoption.experiment,
        "first_date": adoption.first,
        "last_date": adoption.last,
        "authority": adoption.authority,
        "parameters": dict(adoption.parameters),
    }


def adoption_of(row: Row[Any]) -> Adoption:
    """An adoption from its row."""
    return Adoption(row.experiment, row.first_date, row.last_date, row.authority, row.parameters, row.key)


def office_data(office: Office) -> object:
    """The office as JSON can hold it."""
    return msgspec.to_builtins(office, enc_hook=_plain)


def office_of(data: object) -> Office:
    """The office from its JSON."""
    return msgspec.convert(data, Office)


def in_utc(on: date, start: time) -> datetime:
    """A Danish wall time in UTC, without a zone."""
    local = datetime.combine(on, start)
    try:
        return local.replace(tzinfo=DANISH_TIME).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the first hours of year 1
        return local


def _text(value: Cadence | Channel | None) -> str | None:
    return str(value) if value is not None else None


def _plain(value: object) -> object:
    # msgspec knows dict but not its read-only proxy, in which the default settings stand.
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError
