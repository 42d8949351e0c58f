"""Verbs that look at weeks: one week as it stands, and the capacity of the next twelve."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.cli.choices import integer, within
from planner.cli.context import Context, say_assumed
from planner.cli.parser import Verbs
from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.errors import Fault, InputError
from planner.locale import Language
from planner.phrases import Phrase
from planner.services.entry import read_date

if TYPE_CHECKING:
    from planner.planning.plan import Plan
    from planner.services.week_view import Stretch, Talk, WeekDay, WeekView

_MOST_WEEKS = 53


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("week", week)
    verb.add_argument("date", nargs="?", metavar=text("DATE"), help=text("a day of the week; today unless stated"))
    verb.add_argument("--week", type=integer, metavar="N", help=text("the number of the week instead"))
    verb.add_argument("--year", type=integer, metavar=text("YEAR"), help=text("its year; the nearest unless stated"))
    verbs.verb("capacity", capacity)


def week(context: Context, options: Namespace) -> int:
    """One week."""
    from planner.services.week_words import week_title

    day = _asked_for(context, options)
    today = context.planned()
    view = context.desk().week(today, day)
    context.listed(len(today.rows))
    if context.json:
        context.out.json(_week_data(view))
        return 0
    context.out.line(week_title(view, context.language))
    for one in view.shown():
        context.out.line()
        for line in _day_lines(one, view, context.language, today.plan):
            context.out.line(line)
    say_assumed(context)
    return 0


def capacity(context: Context, options: Namespace) -> int:
    """Twelve weeks."""
    from planner.services.fixed_load import DEFINITION
    from planner.services.load_words import load_line, sum_line

    desk = context.desk()
    loads = desk.week_loads(context.planned())
    if context.json:
        names = ("year", "week", "available", "booked", "proposed", "expected", "fixed")
        rows = [{"monday": load.monday.isoformat(), **{name: getattr(load, name) for name in names}} for load in loads]
        context.out.json({"schema": "planner-capacity/1", "unit": "minutes", "weeks": rows})
        return 0
    for load in loads:
        context.out.line(load_line(load, context.language))
    context.out.line()
    context.out.line(sum_line(loads, context.language))
    context.out.line(context.text(DEFINITION))
    say_assumed(context)
    return 0


def _asked_for(context: Context, options: Namespace) -> date:
    """The day, or a day of the week, that was named; today where nothing was."""
    today = context.today()
    if options.week is None:
        if options.year is not None:
            raise InputError(
                "The option is wrong", [Fault("--year", str(options.year), Phrase("together with --week"))]
            )
        return today if options.date is None else read_date(options.date, today)
    if options.date is not None:
        raise InputError("The option is wrong", [Fault("--week", str(options.week), Phrase("a date, or a week"))])
    number = within("--week", options.week, 1, _MOST_WEEKS)
    if options.year is not None:
        year = within("--year", options.year, FIRST_DAY.year + 1, LAST_DAY.year - 1)
        found = [monday for monday in [_monday(year, number)] if monday is not None]
    else:
        years = range(today.year - 8, today.year + 9)
        found = [monday for year in years if (monday := _monday(year, number)) is not None]
    if not found:
        raise InputError("The option is wrong", [Fault("--week", str(number), Phrase("a week of that year"))])
    return min(found, key=lambda monday: (abs((monday - today).days), monday < today))


def _monday(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:  # a year without week 53
        return None


def _day_lines(day: WeekDay, view: WeekView, language: Language, plan: Plan) -> Iterator[str]:
    """The day by time; free time is named from today on only."""
    from planner.services.week_view import Kind
    from planner.services.week_words import closed_line, stretch_line, talk_line

    name = language.long_day(day.on)
    closed = closed_line(day, language)
    yield f"{name[:1].upper()}{name[1:]}: {closed}" if closed else f"{name[:1].upper()}{name[1:]}:"
    talks = (*day.untimed, *day.talks)
    lines = [(t.slot.start, f"{talk_line(t, language, plan.titles, day=False)} ({t.citizen_id})") for t in talks]
    for one in day.stretches:
        if one.kind in (Kind.BUSY, Kind.BREAK) or (one.kind is Kind.FREE and day.on >= view.today):
            lines.append((one.start, stretch_line(one, language)))
    yield from (f"   {line}" for _, line in sorted(lines, key=lambda line: line[0]))


def _week_data(view: WeekView) -> dict[str, object]:
    return {
        "schema": "planner-week/1",
        "year": view.year,
        "week": view.week,
        "first": view.monday.isoformat(),
        "last": (view.monday + timedelta(days=6)).isoformat(),
        "days": [
            {
                "date": day.on.isoformat(),
                "closed": day.closed.code if day.closed is not None else None,
                "time": [_stretch_data(one) for one in day.stretches],
                "conversations": [_talk_data(talk) for talk in (*day.untimed, *day.talks)],
            }
            for day in view.days
        ],
    }


def _stretch_data(one: Stretch) -> dict[str, object]:
    return {"kind": one.kind.value, "start": _clock(one.start), "end": _clock(one.end), "title": one.title}


def _talk_data(talk: Talk) -> dict[str, object]:
    return {
        "citizen": talk.citizen_id,
        "name": talk.name,
        "kind": talk.kind.value,
        "start": _clock(talk.slot.start) if talk.has_time else None,
        "minutes": talk.slot.minutes if talk.has_time else None,
        "channel": talk.slot.channel.value,
        "covers": list(talk.covers),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
