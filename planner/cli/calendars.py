"""The caseworker's own calendar in, the booked conversations out."""

from __future__ import annotations

from argparse import Namespace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.cli.context import Context, read_bytes, write_bytes
from planner.cli.files import agree
from planner.progress import READING

if TYPE_CHECKING:
    from planner.domain.caseload import Caseload

#: Busy times are taken over from a week back, so that today's plan sees them all, to a year ahead.
BEHIND = timedelta(weeks=1)
AHEAD = timedelta(weeks=53)


def import_calendar(context: Context, options: Namespace, name: str) -> int:
    """Put the busy times of the file in the place of those imported before."""
    from planner.exchange.calendar_in import read_calendar

    first, last = context.today() - BEHIND, context.today() + AHEAD
    data = read_bytes(name)
    with context.reading() as reach:
        reach(READING, 0, 0)
        times = read_calendar(data, first, last)
    if not context.json:
        _print_times(context, len(times.busy), times.unread, first, last)
    done = None
    if not options.dry_run:
        agree(context, options)
        desk = context.desk()
        with context.changing() as reach:
            done = desk.import_calendar(times.busy, options.name, reach).seq
    if context.json:
        context.out.json({"busy": len(times.busy), "unread": times.unread, "done": done})
    elif done is not None:
        context.out.line(context.text("Imported. Undo it with: planner undo"))
    elif not options.dry_run:
        context.out.line(context.text("Nothing to change."))
    return 0


def _print_times(context: Context, busy: int, unread: int, first: date, last: date) -> None:
    context.out.line(
        context.plural(
            "{n} busy time from {first} to {last}",
            "{n} busy times from {first} to {last}",
            busy,
            first=first,
            last=last,
        )
    )
    if unread:
        context.out.line(context.plural("{n} event could not be read", "{n} events could not be read", unread))


def export_calendar(context: Context, output: str | None) -> int:
    """The booked conversations as a calendar file with neutral titles; with --json as plain data."""
    from planner.services.ports import AccessKind

    caseload = context.desk().caseload()
    with_booking = sum(bool(citizen.booked()) for citizen in caseload.citizens)
    context.desk().looked("export", count=with_booking, kind=AccessKind.EXPORT)
    if context.json:
        context.out.json(_booked(caseload))
        return 0
    from planner.exchange.calendar_out import calendar_bytes
    from planner.services.clock import SystemClock

    conversations = [one for citizen in caseload.citizens for one in citizen.conversations]
    data = calendar_bytes(conversations, SystemClock().now(), context.text("Conversation"))
    if output is None:
        context.out.network_lines(data.decode("utf-8"))
    else:
        write_bytes(output, data)
        context.out.line(context.text("Written: {path}", path=output))
    return 0


def _booked(caseload: Caseload) -> list[dict[str, object]]:
    booked = [(one.on, one.start, one, citizen.id) for citizen in caseload.citizens for one in citizen.booked()]
    return [
        {
            "citizen": citizen_id,
            "date": on.isoformat(),
            "start": start.isoformat("minutes"),
            "minutes": one.minutes,
            "channel": one.channel.value,
        }
        for on, start, one, citizen_id in sorted(booked, key=lambda item: (item[0], item[1], item[3]))
    ]
