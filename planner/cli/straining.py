"""The options by which a verb is about some citizens of today's list only, as the filter of the screen."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from planner.cli.parser import Parser, Verbs
from planner.cli.worded import cadences, channels, standings, target_groups

if TYPE_CHECKING:
    from planner.services.sieve import Sieve


def add_filter(verb: Parser, verbs: Verbs) -> None:
    """Add the options; each asks something, and whoever is shown answers to all of them."""
    text, own = verbs.text, verbs.language
    which, groups, by, how_close = standings(own), target_groups(own), channels(own), cadences(own)
    verb.add_argument("--only", type=which, metavar=text("STANDING"), help=which.listed())
    verb.add_argument("--target-group", type=groups, metavar=text("GROUP"), help=groups.listed())
    verb.add_argument("--channel", type=by, metavar=text("CHANNEL"), help=by.listed())
    verb.add_argument("--cadence", type=how_close, metavar=text("CADENCE"), help=how_close.listed())


def is_filtered(options: Namespace) -> bool:
    """Whether anything is asked of the citizens."""
    return any(_asked(options))


def sieve_asked(options: Namespace) -> Sieve:
    """What is asked of the citizens; without an option nothing."""
    from planner.services.sieve import Sieve  # brings the plan along, which the help must not wait for

    return Sieve(*(one or "" for one in _asked(options)))


def _asked(options: Namespace) -> tuple[str | None, ...]:
    return options.only, options.target_group, options.channel, options.cadence
