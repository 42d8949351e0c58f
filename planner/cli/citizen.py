"""Verbs about one citizen: the whole story, and how and when the citizen can be reached."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable

from planner.cli.choices import Choices, folded, integer, numbered
from planner.cli.context import Context
from planner.cli.parser import Parser, Run, Verbs
from planner.cli.worded import channels
from planner.domain.citizens import Citizen, Unavailable
from planner.domain.conversations import Channel
from planner.errors import Fault, InputError
from planner.phrases import Phrase
from planner.services import words
from planner.services.entry import read_date, read_hours


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text

    def verb(name: str, run: Run) -> Parser:
        made = verbs.verb(name, run)
        made.add_argument(
            "citizen", metavar=text("CITIZEN"), help=text("an id, or any part of the name that only one has")
        )
        return made

    verb("citizen", story)
    which = channels(verbs.language)
    made = verb("channels", set_channels)
    made.add_argument(
        "channels",
        nargs="?",
        type=_several(which),
        metavar=text("CHANNELS"),
        help=text("separated by commas: {channels}; without them they are printed").format(channels=which.listed()),
    )
    preferred = made.add_mutually_exclusive_group()
    preferred.add_argument("--preferred", type=which, metavar=text("CHANNEL"), help=text("the one that is preferred"))
    preferred.add_argument("--no-preferred", action="store_true", help=text("none is preferred"))
    made = verb("interpreter", interpreter)
    tongue = made.add_mutually_exclusive_group()
    tongue.add_argument("language", nargs="?", metavar=text("LANGUAGE"), help=text("the language, for example arabisk"))
    tongue.add_argument("--none", action="store_true", help=text("no interpreter is needed"))
    made = verb("availability", availability)
    what = made.add_mutually_exclusive_group()
    what.add_argument("--away", metavar=text("DATE"), help=text("the first day on which the citizen cannot be met"))
    what.add_argument(
        "--weekly",
        nargs=2,
        metavar=(text("WEEKDAY"), text("HOURS")),
        help=text("hours of a weekday, for example mon 08:00-10:00"),
    )
    what.add_argument("--remove", type=integer, metavar="N", help=text("take number N of the printed list away"))
    made.add_argument("--to", metavar=text("DATE"), help=text("the last day, with --away; the same day unless stated"))


def _several(one: Choices) -> Callable[[str], tuple[str, ...]]:
    def read(typed: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one(word) for word in typed.split(",") if word.strip()))

    return read


def story(context: Context, options: Namespace) -> int:
    """The whole story."""
    from planner.cli.story import print_story

    print_story(context, context.citizen(options.citizen))
    return 0


def _show_reach(context: Context, citizen: Citizen) -> int:
    from planner.cli.story import print_reach

    print_reach(context, citizen)
    return 0


def set_channels(context: Context, options: Namespace) -> int:
    """Set the channels, or print them."""
    citizen = context.citizen(options.citizen)
    if options.channels is None and options.preferred is None and not options.no_preferred:
        return _show_reach(context, citizen)
    usable = citizen.channels if options.channels is None else tuple(Channel(one) for one in options.channels)
    preferred = citizen.preferred_channel if citizen.preferred_channel in usable else None
    if options.preferred is not None:
        preferred = Channel(options.preferred)
    return context.done(context.desk().set_channels(citizen.id, usable, None if options.no_preferred else preferred))


def interpreter(context: Context, options: Namespace) -> int:
    """Set the interpreter's language, or print it."""
    citizen = context.citizen(options.citizen)
    if options.language is None and not options.none:
        return _show_reach(context, citizen)
    return context.done(context.desk().set_interpreter(citizen.id, options.language))


def availability(context: Context, options: Namespace) -> int:
    """Note when the citizen cannot be met, take such a time away, or print them all."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    if options.to is not None and options.away is None:
        raise InputError("The option is wrong", [Fault("--to", options.to, Phrase("together with --away"))])
    if options.away is not None:
        first = read_date(options.away, context.today())
        last = read_date(options.to, context.today()) if options.to else first
        return context.done(desk.add_away(citizen.id, Unavailable(first, last)))
    if options.weekly is not None:
        return context.done(desk.add_away(citizen.id, _weekly(context, *options.weekly)))
    known = desk.away(citizen.id)
    if options.remove is not None:
        return context.done(desk.remove_away(citizen.id, numbered("--remove", options.remove, known).key))
    from planner.cli.story import print_away

    print_away(context, known)
    return 0


def _weekly(context: Context, weekday: str, hours: str) -> Unavailable:
    plural = {key: words.WEEKDAYS[place] for place, key in enumerate(words.WEEKDAY_NAMES)}
    days = Choices(plural, context.language, words.WEEKDAY_NAMES)
    begun = next((key for key in words.WEEKDAY_NAMES if _begins(context, key, weekday)), None)
    try:
        key = begun or days(weekday)
    except ArgumentTypeError:
        raise InputError("The option is wrong", [Fault("--weekly", weekday, days.listed())]) from None
    begins, ends = read_hours(hours)
    return Unavailable(weekday=list(words.WEEKDAY_NAMES).index(key), start=begins, end=ends)


def _begins(context: Context, key: str, typed: str) -> bool:
    """Whether what was typed is the beginning of the weekday's name, as "man" is of "mandag"."""
    short = folded(typed)
    return len(short) >= 2 and folded(context.text(words.WEEKDAY_NAMES[key])).startswith(short)
