"""Verbs for what holds for the whole caseload: adopted experiments and the office."""

from __future__ import annotations

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from planner.cli.context import Context, parameters, read_bytes
from planner.cli.parser import Parser, Verbs
from planner.domain.caseload import Adoption
from planner.errors import Fault, InputError
from planner.phrases import Phrase
from planner.services.entry import read_date

#: Stands in a file that must name a municipality for one that has none yet; it is never kept.
UNNAMED = "-"
OFFICE_KEYS = ("municipality", "caseworker", "closing_days", "settings", "contact", "shared_calendars")


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("adopt", adopt)
    verb.add_argument("experiment", metavar=text("EXPERIMENT"), help=text("its id; see planner rules"))
    adoption_options(verbs, verb)
    verb = verbs.verb("end-adoption", end_adoption)
    verb.add_argument("experiment", metavar=text("EXPERIMENT"))
    verb.add_argument("last", metavar=text("DATE"), help=text("the last day"))
    verb = verbs.verb("office", office)
    verb.add_argument(
        "--set", dest="file", metavar=text("FILE"), help=text("a JSON file with parts of a caseload file")
    )


def adoption_options(verbs: Verbs, verb: Parser) -> None:
    """From when to when, on what authority and with which parameters an experiment is adopted."""
    text = verbs.text
    verb.add_argument("--from", dest="first", required=True, metavar=text("DATE"), help=text("the first day"))
    last_day_option(verbs, verb)
    verb.add_argument("--authority", required=True, metavar=text("TEXT"), help=text("on what legal basis"))
    parameter_option(verbs, verb)


def last_day_option(verbs: Verbs, verb: Parser) -> None:
    """Until when it is in force."""
    until = verbs.text("the last day; until further notice unless stated")
    verb.add_argument("--to", dest="last", metavar=verbs.text("DATE"), help=until)


def parameter_option(verbs: Verbs, verb: Parser) -> None:
    """A parameter of an experiment."""
    about = verbs.text("a parameter; may be repeated")
    verb.add_argument(
        "--set", dest="parameters", action="append", default=[], metavar=verbs.text("NAME=VALUE"), help=about
    )


def stated(context: Context, options: Namespace, experiment: str, theirs: Mapping[str, str | int]) -> Adoption:
    """The adoption that the options state; what they leave out of the parameters is as with those whose they are."""
    today = context.today()
    return Adoption(
        experiment=experiment,
        first=read_date(options.first, today),
        last=read_date(options.last, today) if options.last else None,
        authority=options.authority,
        parameters={**theirs, **parameters(options.parameters)},
    )


def adopt(context: Context, options: Namespace) -> int:
    """Adopt an experiment."""
    return context.done(context.desk().adopt(stated(context, options, options.experiment, {})))


def end_adoption(context: Context, options: Namespace) -> int:
    """Give an adoption its last day."""
    return context.done(context.desk().end_adoption(options.experiment, read_date(options.last, context.today())))


def office(context: Context, options: Namespace) -> int:
    """Print or set what holds for the whole office, in the shape of the caseload file."""
    from planner.exchange.caseload_file import read_caseload, write_caseload

    desk = context.desk()
    caseload = desk.present()
    # Times from calendars are imported anew, so a file must not keep them alive.
    own = tuple((Counter(caseload.caseworker.busy) - Counter(desk.calendar_times())).elements())
    worker = replace(caseload.caseworker, busy=own)
    bare = replace(caseload, citizens=(), adoptions=(), caseworker=worker)
    document = json.loads(write_caseload(bare))
    if options.file is None and not context.json:
        from planner.cli.office_lines import office_lines

        for line in office_lines(bare, context.language):
            context.out.line(line)
        context.out.line(context.text("As a file for planner office --set it is printed by: planner office --json"))
        return 0
    if options.file is None:
        shown = {key: document[key] for key in OFFICE_KEYS if key in document}
        context.out.json(shown)
        return 0
    given = _office_table(read_bytes(options.file))
    if given.get("municipality") == "":  # as a new office prints it: not stated yet
        del given["municipality"]
    stated = {**document, "municipality": caseload.municipality or UNNAMED, **given}
    told = read_caseload(json.dumps(stated).encode(), desk.rules, caseload.today)
    changed = replace(
        desk.office(),
        municipality=told.municipality if "municipality" in given else caseload.municipality,
        caseworker=told.caseworker if "caseworker" in given else desk.office().caseworker,
        closing_days=told.closing_days,
        settings=told.settings,
        shared_calendars=told.shared_calendars,
        contact=told.contact,
    )
    return context.done(desk.set_office(changed))


def _office_table(data: bytes) -> dict[str, object]:
    from planner.plain import member, nearest, parse_json, shown

    given = parse_json(data)
    if not isinstance(given, dict):
        raise InputError("The file cannot be read", [Fault("$", shown(given), Phrase("an object"))])
    faults = []
    for key in given:
        if key not in OFFICE_KEYS:
            guess = nearest(key, OFFICE_KEYS)
            keys = Phrase("the keys {keys}", keys=", ".join(OFFICE_KEYS))
            allowed = Phrase("{near} (the nearest known key)", near=guess) if guess else keys
            faults.append(Fault(member("$", key), "an unknown key", allowed))
    if faults:
        raise InputError("The file cannot be read", faults)
    return given
