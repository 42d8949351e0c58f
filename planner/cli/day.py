"""Verbs that look: today's list, free times, search, the log and the keys of the screen."""

from __future__ import annotations

from argparse import Namespace

from planner.cli.choices import integer, within
from planner.cli.context import Context, say_assumed
from planner.cli.output import in_json
from planner.cli.parser import Verbs
from planner.cli.straining import add_filter, is_filtered, sieve_asked
from planner.cli.worded import channels
from planner.domain.conversations import Channel
from planner.glances import TOLD, with_count
from planner.services import words

MOST_LINES = 100_000


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("today", today)
    verb.add_argument("--limit", type=integer, metavar="N", help=text("print the first N citizens only"))
    add_filter(verb, verbs)
    verb = verbs.verb("search", search)
    verb.add_argument("name", metavar=text("NAME"))
    which = channels(verbs.language)
    verb = verbs.verb("slots", slots)
    verb.add_argument("citizen", metavar=text("CITIZEN"))
    verb.add_argument("--channel", type=which, metavar=text("CHANNEL"), help=which.listed())
    verb.add_argument("--limit", type=integer, default=12, metavar="N", help=text("at most N times"))
    verb = verbs.verb("log", log)
    verb.add_argument("citizen", nargs="?", metavar=text("CITIZEN"))
    verb.add_argument("--limit", type=integer, default=50, metavar="N", help=text("at most N entries"))
    verb = verbs.verb("keys", keys)
    verb.add_argument("--toml", action="store_true", help=text("print them as they are written in the settings"))


def today(context: Context, options: Namespace) -> int:
    """Today's list."""
    limit = _limit(options) if options.limit is not None else None
    is_whole = context.json and limit is None and not is_filtered(options)
    if is_whole and (told := context.told_before()) is not None:
        context.out.ready(told)
        return 0
    from planner.cli.listing import entry_data, in_order, print_list, print_quality, quality_data

    view, sieve = context.planned(), sieve_asked(options)
    rows = [row for row in view.rows if sieve.lets_through(row)]
    context.listed(len(rows[:limit]))
    entries = in_order([(row.citizen, row.part, row.days) for row in rows], view.today)
    if context.json:
        citizens = [entry_data(entry, context.language, view.plan) for entry in entries[:limit]]
        about = {"today": view.today.isoformat(), "quality": quality_data(view.plan)}
        text = in_json({"schema": "planner-today/1", **about, "citizens": citizens})
        context.out.ready(text)
        if is_whole:
            context.desk().keep_glance(view, TOLD, with_count(text, len(rows)), context.language.code)
    else:
        if sieve:
            context.out.line(context.text("Only: {what}", what=sieve.words(context.language)))
        print_list(context, view.plan, entries, limit)
        if view.rows:
            context.out.line()
            print_quality(context, view.plan)
        else:
            context.out.line(context.text(words.HOW_TO_BEGIN))
        say_assumed(context)
    return 0


def search(context: Context, options: Namespace) -> int:
    """Citizens by part of the name."""
    found = context.desk().search(options.name)
    if context.json:
        context.out.json([{"id": c.id, "name": c.shown_name, "target_group": c.target_group.value} for c in found])
        return 0
    for citizen in found:
        group = context.text(words.target_group(citizen.target_group))
        context.out.line(f"{words.person(citizen)}; {group}")
    if not found:
        context.out.line(context.text("Nobody is called that."))
    return 0


def slots(context: Context, options: Namespace) -> int:
    """Free times for one citizen."""
    from planner.cli.listing import slot_data, slot_text

    limit = _limit(options)
    citizen = context.citizen(options.citizen)
    wanted = Channel(options.channel) if options.channel else citizen.preferred_channel or citizen.channels[0]
    found = context.desk().slots(citizen.id, wanted, limit)
    if context.json:
        context.out.json([slot_data(slot) for slot in found])
        return 0
    for number, slot in enumerate(found, 1):
        context.out.line(f"{number}. {slot_text(slot, context.language)}")
    if not found:
        context.out.line(context.text("No time is free."))
    return 0


def log(context: Context, options: Namespace) -> int:
    """What was done, newest first."""
    limit = _limit(options)
    citizen_id = context.citizen(options.citizen).id if options.citizen else None
    entries = context.desk().log(limit, citizen_id)
    if citizen_id is None:
        context.listed(len({entry.citizen_id for entry in entries if entry.citizen_id}))
    if context.json:
        context.out.json(
            [
                {
                    "seq": e.seq,
                    "at": e.at.isoformat(timespec="seconds"),
                    "citizen": e.citizen_id,
                    "text": e.text(context.language),
                }
                for e in entries
            ]
        )
        return 0
    for entry in entries:
        day, clock = context.language.date(entry.at.date()), context.language.time(entry.at.hour * 60 + entry.at.minute)
        context.out.line(f"{entry.seq}. {day} {clock}: {entry.text(context.language)}")
    if not entries:
        context.out.line(context.text("Nothing has been done yet."))
    return 0


def keys(context: Context, options: Namespace) -> int:
    """The command table: keys, text and verb."""
    from planner.cli.spoken_keys import spoken_keys
    from planner.services.commands import COMMANDS

    chosen = context.settings.keys
    if context.json:
        context.out.json(
            [
                {"id": c.id, "keys": list(chosen.of(c)), "text": context.text(c.text), "verb": c.verb or None}
                for c in COMMANDS
            ]
        )
        return 0
    if options.toml:
        _print_keys_as_toml(context)
        return 0
    for command in COMMANDS:
        line = f"{spoken_keys(chosen.of(command), context.language)}: {context.text(command.text).rstrip('….')}"
        context.out.line(f"{line} (planner {command.verb})" if command.verb else line)
    return 0


def _print_keys_as_toml(context: Context) -> None:
    from planner.settings import settings_path

    file = settings_path()
    context.out.line(f"# {context.text('To have other keys, write what you want changed into {file}.', file=file)}")
    for line in context.settings.keys.toml(context.language):
        context.out.raw(line)


def _limit(options: Namespace) -> int:
    return within("--limit", options.limit, 1, MOST_LINES)
