"""Rows to frozen domain objects and back, by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

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
_GROUPS = {str(g): g for g in TargetGroup}
_CADENCES: dict[str | None, Cadence | None] = {None: None, **{str(c): c for c in Cadence}}
_PREFERRED: dict[str | None, Channel | None] = {None: None, **{str(c): c for c in Channel}}
#: A row as SQLite keeps it, its columns in the order of the list that it was read with.
BareRow: TypeAlias = tuple[Any, ...]
T = TypeVar("T")

CITIZEN_COLUMNS = (
    *("key", "external_id", "name", "target_group", "spell_start", "unemployment_start", "cadence", "channels"),
    *("handover_on", "exempt_on", "exempt_until", "exempt_reason", "preferred_channel", "interpreter", "closed_on"),
)
FACT_COLUMNS = ("citizen", "kind", "on_date", "until_date", "documented", "noted_on", "key")
CONVERSATION_COLUMNS = (
    *("citizen", "on_date", "start_time", "minutes", "channel", "counterpart", "status", "agenda"),
    *("locked", "self_booked", "filed_on", "key"),
)
UNAVAILABLE_COLUMNS = ("citizen", "first_date", "last_date", "weekday", "start_time", "end_time", "reason")


class _Made(dict[Any, T]):
    """What a text stands for, made once however often it is met; a column that may be empty begins with None."""

    def __init__(self, make: Callable[[str], T], known: Mapping[Any, T] = MappingProxyType({})) -> None:
        super().__init__(known)
        self._make = make

    def __missing__(self, text: str) -> T:
        made = self[text] = self._make(text)
        return made


class Mapper:
    """Maps many rows, whose dates, times and agendas are the same few ones again and again."""

    def __init__(self) -> None:
        self._date = _Made(date.fromisoformat)
        self._time = _Made(time.fromisoformat)
        self._any_date = _Made[date | None](date.fromisoformat, {None: None})
        self._any_time = _Made[time | None](time.fromisoformat, {None: None})
        self._agenda = _Made(_agenda_of)
        self._channels = _Made(_channels_of)

    def conversation(self, row: BareRow) -> Conversation:
        """A conversation from its row and the day on which its note was filed."""
        _, on, start, minutes, channel, counterpart, status, agenda, locked, self_booked, filed_on, key = row
        return Conversation(
            self._date[on],
            self._time[start],
            minutes,
            _CHANNELS[channel],
            _COUNTERPARTS[counterpart],
            _STATUSES[status],
            self._agenda[agenda],
            bool(locked),
            bool(self_booked),
            self._any_date[filed_on],
            key,
        )

    def fact(self, row: BareRow) -> Fact:
        """A fact from its row."""
        _, kind, on, until, documented, noted_on, key = row
        any_date = self._any_date
        return Fact(_KINDS[kind], self._date[on], any_date[until], bool(documented), any_date[noted_on], key)

    def unavailable(self, row: BareRow) -> Unavailable:
        """A stretch from its row."""
        _, first, last, weekday, start, end, reason = row
        any_date, any_time = self._any_date, self._any_time
        return Unavailable(any_date[first], any_date[last], weekday, any_time[start], any_time[end], reason or "")

    def citizen(
        self,
        row: BareRow,
        unavailable: tuple[Unavailable, ...],
        facts: tuple[Fact, ...],
        conversations: tuple[Conversation, ...],
        offer: Offer | None,
    ) -> Citizen:
        """A citizen from the row and what belongs to it."""
        key, external_id, name, group, spell_start, unemployment_start, cadence, channels, handover_on, *others = row
        exempt_on, exempt_until, exempt_reason, preferred_channel, interpreter, closed_on = others
        any_date = self._any_date
        exempt = None if exempt_on is None else Exemption(self._date[exempt_on], any_date[exempt_until], exempt_reason)
        return Citizen(
            id=external_id or key,
            name=name,
            target_group=_GROUPS[group],
            spell_start=self._date[spell_start],
            unemployment_start=any_date[unemployment_start],
            cadence=_CADENCES[cadence],
            channels=self._channels[channels],
            handover_on=any_date[handover_on],
            exemption=exempt,
            preferred_channel=_PREFERRED[preferred_channel],
            interpreter=interpreter,
            closed_on=any_date[closed_on],
            unavailable=unavailable,
            facts=facts,
            conversations=conversations,
            offer=offer,
        )


def _agenda_of(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _channels_of(text: str) -> tuple[Channel, ...]:
    return tuple(_CHANNELS[channel] for channel in json.loads(text))


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


def fact_row(fact: Fact) -> dict[str, object]:
    """A fact's columns."""
    return {
        "kind": str(fact.kind),
        "on_date": fact.on,
        "until_date": fact.until,
        "documented": fact.documented,
        "noted_on": fact.noted_on,
    }


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


def postponement_of(row: Row[Any]) -> Postponement:
    """A postponement from its row."""
    return Postponement(row.key, row.first_date, row.last_date, row.reason)


def away_of(row: Row[Any]) -> Away:
    """A stretch with its key from its row."""
    first, last, weekday = row.first_date, row.last_date, row.weekday
    return Away(row.key, Unavailable(first, last, weekday, row.start_time, row.end_time, row.reason or ""))


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
