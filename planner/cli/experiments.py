"""Verbs for the experiments as they stand here, and for what would be different with or without one."""

from __future__ import annotations

from argparse import Namespace
from itertools import groupby
from typing import TYPE_CHECKING

from planner.cli.context import Context, parameters
from planner.cli.office import last_day_option, parameter_option
from planner.cli.parser import Verbs
from planner.errors import Fault, InputError, NotFound
from planner.phrases import Phrase

INDENT = "   "

if TYPE_CHECKING:
    from planner.services.catalogue import Entry
    from planner.services.results import Today
    from planner.services.what_if import Load, Supposed, WhatIf


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("experiments", experiments)
    verb.add_argument("experiment", nargs="?", metavar=text("EXPERIMENT"), help=text("its id; see planner rules"))
    verb = verbs.verb("what-if", what_if)
    verb.add_argument("experiment", metavar=text("EXPERIMENT"), help=text("its id; see planner rules"))
    verb.add_argument("--off", action="store_true", help=text("as if it were not in force"))
    verb.add_argument("--from", dest="first", metavar=text("DATE"), help=text("the first day; today unless stated"))
    last_day_option(verbs, verb)
    parameter_option(verbs, verb)


def experiments(context: Context, options: Namespace) -> int:
    """The catalogue by how each experiment stands here, or one experiment in full."""
    from planner.services.catalogue import catalogue, exempted
    from planner.services.experiment_words import STANDINGS, share_line

    desk = context.desk()
    today = context.planned()
    entries = catalogue(desk.rules, today.caseload.adoptions, today.today, context.language)
    if options.experiment is not None:
        return _one(context, today, entries, options.experiment)
    people = exempted(today, desk.rules)
    context.listed(len(people))
    if context.json:
        share = today.plan.exempted_share
        context.out.json(
            {
                "schema": "planner-experiments/1",
                "today": today.today.isoformat(),
                "experiments": [_entry_data(entry, context) for entry in entries],
                "exempted": [row.citizen.id for row in people],
                "exempted_share": None
                if share is None
                else {
                    "eligible": share.eligible,
                    "exempted": share.exempted,
                    "share": share.share,
                    "limit": share.limit,
                    "allowed": share.allowed,
                },
            }
        )
        return 0
    for standing, group in groupby(entries, key=lambda entry: entry.standing):
        found = list(group)
        context.out.line(f"{context.text(STANDINGS[standing])}: {len(found)}")
        for entry in found:
            context.out.line(INDENT + _line(entry, context))
        context.out.line()
    context.out.line(
        share_line(today.plan.exempted_share, [row.citizen.shown_name for row in people], context.language)
    )
    return 0


def _line(entry: Entry, context: Context) -> str:
    from planner.services.experiment_words import period_of

    one, language = entry.experiment, context.language
    line = f"{one.id}; {language.title(one.title)}"
    if entry.adoption is None:
        return line
    return f"{line}; {period_of(entry.adoption.first, entry.adoption.last, language)}"


def _one(context: Context, today: Today, entries: tuple[Entry, ...], name: str) -> int:
    from planner.services.experiment_words import sections, standing_line

    entry = next((entry for entry in entries if entry.experiment.id == name), None)
    if entry is None:
        raise NotFound("No experiment is called “{name}”; see planner experiments", name=name)
    if context.json:
        context.out.json({"schema": "planner-experiment-here/1", **_entry_data(entry, context)})
        return 0
    context.out.line(f"{entry.experiment.id}: {context.language.title(entry.experiment.title)}")
    context.out.line(standing_line(entry, context.language))
    for section in sections(entry, context.desk().rules, today.today, context.language):
        context.out.line()
        context.out.line(section.heading)
        for line in section.lines:
            context.out.line(INDENT + line)
    return 0


def _entry_data(entry: Entry, context: Context) -> dict[str, object]:
    return {
        "id": entry.experiment.id,
        "title": context.language.title(entry.experiment.title),
        "standing": entry.standing.value,
        "adoptions": [
            {
                "from": adoption.first.isoformat(),
                "to": adoption.last.isoformat() if adoption.last else None,
                "authority": adoption.authority,
                "parameters": dict(adoption.parameters),
            }
            for adoption in entry.adoptions
        ],
    }


def what_if(context: Context, options: Namespace) -> int:
    """What the plan would be with an experiment, without it, or with it set otherwise."""
    from planner.services.what_if_words import Teller, Weight, heading_of

    desk = context.desk()
    today = context.planned()
    found = desk.what_if(today, _supposed(context, options, today))
    assert found is not None  # nobody calls it off
    context.listed(len(today.rows))
    if context.json:
        context.out.json(_what_if_data(found))
        return 0
    names = {row.citizen.id: row.citizen.shown_name for row in today.rows}
    context.out.line(f"{heading_of(found, context.language)}:")
    for line, weight in Teller(found, names, context.language, few=None).lines():
        if weight is Weight.HEADING:
            context.out.line()
        context.out.line(INDENT + line if weight is Weight.DETAIL else line)
    context.out.line()
    context.out.line(context.text("Nothing was saved."))
    return 0


def _supposed(context: Context, options: Namespace, today: Today) -> Supposed:
    from planner.domain.caseload import Adoption
    from planner.services.entry import read_date
    from planner.services.what_if import Supposed, adopted_now

    name = options.experiment
    if options.off:
        terms = (("--from", options.first), ("--to", options.last), ("--set", options.parameters))
        faults = [Fault(key, Phrase("terms beside --off"), Phrase("no terms")) for key, value in terms if value]
        if faults:
            raise InputError("The option is wrong", faults)
        return Supposed(name, None)
    now = adopted_now(today.caseload, name)
    first, last = (today.today, None) if now is None else (now.first, now.last)
    adoption = Adoption(
        name,
        first if options.first is None else read_date(options.first, today.today),
        last if options.last is None else read_date(options.last, today.today),
        "" if now is None else now.authority,
        {**({} if now is None else now.parameters), **parameters(options.parameters)},
    )
    return Supposed(name, adoption)


def _what_if_data(found: WhatIf) -> dict[str, object]:
    from planner.cli.listing import slot_data

    adoption = found.supposed.adoption
    return {
        "schema": "planner-what-if/1",
        "today": found.today.isoformat(),
        "horizon_end": found.horizon_end.isoformat(),
        "experiment": found.supposed.experiment,
        "off": adoption is None,
        "parameters": {} if adoption is None else dict(adoption.parameters),
        "planned_weeks": _loads_data(found.planned),
        "twelve_weeks": _loads_data(found.twelve_weeks),
        "proposals": [
            {
                "citizen": move.citizen,
                "before": slot_data(move.before) if move.before else None,
                "after": slot_data(move.after) if move.after else None,
            }
            for move in found.moves
        ],
        "deadlines": [
            {
                "requirement": one.requirement,
                "citizen": one.citizen,
                "before": one.before.isoformat() if one.before else None,
                "after": one.after.isoformat() if one.after else None,
            }
            for one in found.deadlines
        ],
        "buckets": [
            {"citizen": one.citizen, "before": one.before.value, "after": one.after.value} for one in found.changes
        ],
        "agenda": [{"citizen": one.citizen, "point": one.point, "added": one.added} for one in found.points],
    }


def _loads_data(loads: tuple[Load, Load]) -> dict[str, object]:
    before, after = loads
    return {
        "before": {"conversations": before.conversations, "minutes": before.minutes},
        "after": {"conversations": after.conversations, "minutes": after.minutes},
        "minutes_freed": before.minutes - after.minutes,
    }
