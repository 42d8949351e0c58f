"""Verbs that change one citizen: accept, move, postpone, exempt, cadence, fact, held, no-show, cancel, note, undo."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import date

from planner.cli.choices import folded, integer, numbered, within
from planner.cli.context import Context
from planner.cli.parser import Parser, Run, Verbs
from planner.cli.worded import (
    CITIZEN,
    NOT_SCREENED,
    cadences,
    cadences_listed,
    cancellers,
    channels,
    fact_kinds,
    next_cadences,
)
from planner.domain.citizens import Cadence, Citizen, Fact, FactKind
from planner.domain.conversations import Channel
from planner.errors import Fault, InputError, Refused
from planner.locale import N_
from planner.phrases import Phrase
from planner.planning.plan import Slot
from planner.services import words
from planner.services.entry import read_date, read_moment

DAY = N_("the day: 24-11, 24-11-2026, 2026-11-24 or +2w")


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    for add in (_bookings, _decisions, _facts, _outcomes, _notes, _many, _reversals):
        add(verbs)


def _verb(verbs: Verbs, name: str, run: Run) -> Parser:
    made = verbs.verb(name, run)
    made.add_argument(
        "citizen",
        metavar=verbs.text("CITIZEN"),
        help=verbs.text("an id, or any part of the name that only one has"),
    )
    return made


def _bookings(verbs: Verbs) -> None:
    """Book, and move what is booked."""
    text = verbs.text
    which = channels(verbs.language)
    made = _verb(verbs, "accept", accept)
    made.add_argument(
        "--choice",
        type=integer,
        default=0,
        metavar="N",
        help=text("0 the proposal, 1 the first alternative, and so on"),
    )
    made.add_argument("--at", metavar=text("TIME"), help=text("another time, for example “24-11 10.30”"))
    made.add_argument(
        "--channel",
        type=which,
        metavar=text("CHANNEL"),
        help=text("the channel of another time: {channels}").format(channels=which.listed()),
    )
    made = _verb(verbs, "move", move)
    made.add_argument("--to", required=True, metavar=text("TIME"), help=text("the new time, for example “24-11 10.30”"))
    made.add_argument(
        "--on", metavar=text("DATE"), help=text("the day of the booked conversation; the next one unless stated")
    )


def _decisions(verbs: Verbs) -> None:
    """Decide whether and how often to talk."""
    text = verbs.text
    made = _verb(verbs, "postpone", postpone)
    made.add_argument("until", metavar=text("DATE"), help=text("not before this day, for example 24-11 or +2w"))
    made.add_argument("--reason", required=True, metavar=text("TEXT"), help=text("why; is kept with the citizen"))
    made = _verb(verbs, "exempt", exempt)
    what = made.add_mutually_exclusive_group(required=True)
    what.add_argument("--reason", metavar=text("TEXT"), help=text("why; is kept with the citizen"))
    what.add_argument("--end", action="store_true", help=text("end the exemption"))
    made.add_argument(
        "--until",
        metavar=text("DATE"),
        help=text("the last day of the exemption; as long as the rule runs unless stated"),
    )
    made = _verb(verbs, "cadence", cadence)
    made.add_argument(
        "cadence", type=cadences(verbs.language), metavar=text("CADENCE"), help=cadences_listed(verbs.language)
    )


def _facts(verbs: Verbs) -> None:
    """Note what is known, correct it, take it away."""
    text = verbs.text
    made = _verb(verbs, "fact", fact)
    kinds = fact_kinds(verbs.language)
    made.add_argument(
        "kind",
        nargs="?",
        type=kinds,
        metavar=text("KIND"),
        help=text("without it the facts are printed") + "; " + kinds.listed(),
    )
    made.add_argument("date", nargs="?", metavar=text("DATE"), help=text(DAY))
    until = made.add_mutually_exclusive_group()
    until.add_argument("--until", metavar=text("DATE"), help=text("the last day"))
    until.add_argument("--no-until", action="store_true", help=text("with --change: no last day"))
    proof = made.add_mutually_exclusive_group()
    proof.add_argument("--documented", action="store_true", help=text("there are papers that show it"))
    proof.add_argument("--not-documented", action="store_true", help=text("with --change: no papers show it"))
    what = made.add_mutually_exclusive_group()
    what.add_argument("--change", type=integer, metavar="N", help=text("correct fact number N of the printed list"))
    what.add_argument("--remove", type=integer, metavar="N", help=text("take fact number N away, for a --reason"))
    made.add_argument("--on", metavar=text("DATE"), help=text("with --change: another day of the fact"))
    made.add_argument("--reason", metavar=text("TEXT"), help=text("why; is kept in the log"))


def _outcomes(verbs: Verbs) -> None:
    """Record what became of a conversation."""
    text = verbs.text
    which = channels(verbs.language)
    made = _verb(verbs, "held", held)
    made.add_argument("--channel", type=which, metavar=text("CHANNEL"), help=which.listed())
    made.add_argument("--on", metavar=text("DATE"), help=text("the day it was held; today unless stated"))
    made.add_argument("--minutes", type=integer, metavar="N", help=text("how many minutes it lasted"))
    made.add_argument(
        "--covered",
        "--agenda",
        dest="agenda",
        action="append",
        default=[],
        metavar=text("POINT"),
        help=text("a point that was covered; may be repeated"),
    )
    next_ones = next_cadences(verbs.language)
    made.add_argument(
        "--cadence",
        type=next_ones,
        metavar=text("CADENCE"),
        help=text("how closely to keep in touch from now on: {choices}").format(choices=next_ones.listed()),
    )
    made = _verb(verbs, "no-show", no_show)
    made.add_argument("--on", metavar=text("DATE"), help=text("the day of the booked conversation"))
    made = _verb(verbs, "cancel", cancel)
    made.add_argument("--on", metavar=text("DATE"), help=text("the day of the booked conversation"))
    who = cancellers(verbs.language)
    made.add_argument(
        "--by",
        type=who,
        required=True,
        metavar=text("WHO"),
        help=text("who cancelled: {choices}").format(choices=who.listed()),
    )
    made.add_argument("--reason", default="", metavar=text("TEXT"), help=text("why; is kept with the citizen"))


def _notes(verbs: Verbs) -> None:
    """Write and amend notes."""
    text = verbs.text
    made = _verb(verbs, "note", note)
    made.add_argument("text", nargs="?", metavar=text("TEXT"), help=text("the note; without it the notes are printed"))
    made.add_argument(
        "--amend",
        nargs=2,
        metavar=("N", text("TEXT")),
        help=text("amend note number N of the printed list; both stay"),
    )


def _many(verbs: Verbs) -> None:
    """Act on many citizens at once."""
    text = verbs.text
    made = verbs.verb("accept-all", accept_all)
    made.add_argument("citizens", nargs="+", metavar=text("CITIZEN"), help=text("an id, or any part of the name"))
    made = verbs.verb("call-off", call_off)
    made.add_argument("date", metavar=text("DATE"), help=text(DAY))
    made.add_argument("--reason", required=True, metavar=text("TEXT"), help=text("why; is kept with the day"))


def _reversals(verbs: Verbs) -> None:
    """Take back, and do again."""
    verbs.verb("undo", undo)
    verbs.verb("redo", redo)


def accept(context: Context, options: Namespace) -> int:
    """Book a conversation."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    if options.at is None and options.channel is None:
        return context.done(desk.accept(citizen.id, choice=within("--choice", options.choice, 0)))
    return context.done(desk.accept(citizen.id, slot=_slot(context, citizen, options)))


def _slot(context: Context, citizen: Citizen, options: Namespace) -> Slot:
    view = context.planned()
    proposal = view.plan.of(citizen.id).proposal
    proposed = proposal.slot.channel if proposal is not None else citizen.preferred_channel or citizen.channels[0]
    channel = Channel(options.channel) if options.channel else proposed
    if options.at is None:
        allowed = Phrase("together with --at; see planner slots for free times")
        raise InputError(
            "The option is wrong", [Fault("--channel", Phrase(words.channel(Channel(options.channel))), allowed)]
        )
    day, start = read_moment(options.at, view.today)
    return Slot(day, start, view.caseload.settings.minutes_for(citizen, channel), channel)


def move(context: Context, options: Namespace) -> int:
    """Move what is booked, by the same rules as every other time."""
    citizen = context.citizen(options.citizen)
    day, start = read_moment(options.to, context.today())
    return context.done(context.desk().move(citizen.id, day, start, _day(context, options.on)))


def postpone(context: Context, options: Namespace) -> int:
    """Not before a day, with a reason."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    until = read_date(options.until, context.today())
    return context.done(desk.postpone(citizen.id, until, options.reason))


def exempt(context: Context, options: Namespace) -> int:
    """Exempt, or end the exemption."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    if options.end:
        return context.done(desk.end_exemption(citizen.id))
    until = read_date(options.until, context.today()) if options.until else None
    return context.done(desk.exempt(citizen.id, options.reason, until))


def cadence(context: Context, options: Namespace) -> int:
    """Set the cadence, or take it away."""
    citizen = context.citizen(options.citizen)
    chosen = None if options.cadence == NOT_SCREENED else Cadence(options.cadence)
    return context.done(context.desk().set_cadence(citizen.id, chosen))


def fact(context: Context, options: Namespace) -> int:
    """Note a fact, correct one, take one away, or print them all."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    if options.change is not None:
        return context.done(desk.change_fact(citizen.id, _changed(context, citizen, options)))
    _only_with_change(options)
    if options.remove is not None:
        found = numbered("--remove", options.remove, citizen.facts)
        return context.done(desk.remove_fact(citizen.id, found.key, options.reason or ""))
    if options.kind is None:
        from planner.cli.story import print_facts

        print_facts(context, citizen)
        return 0
    if options.date is None:
        raise InputError("The fact is incomplete", [Fault(options.kind, Phrase("no date"), Phrase("a date"))])
    on, until = read_date(options.date, context.today()), _day(context, options.until)
    return context.done(desk.add_fact(citizen.id, FactKind(options.kind), on, until, options.documented))


def _only_with_change(options: Namespace) -> None:
    given = {"--on": options.on, "--no-until": options.no_until, "--not-documented": options.not_documented}
    wrong = [
        Fault(name, Phrase("without --change"), Phrase("together with --change")) for name, one in given.items() if one
    ]
    if wrong:
        raise InputError("The option is wrong", wrong)


def _changed(context: Context, citizen: Citizen, options: Namespace) -> Fact:
    known = numbered("--change", options.change, citizen.facts)
    on, until = _day(context, options.on or options.date), _day(context, options.until)
    documented = not options.not_documented if options.documented or options.not_documented else known.documented
    return replace(
        known,
        kind=FactKind(options.kind) if options.kind else known.kind,
        on=on or known.on,
        until=None if options.no_until else until or known.until,
        documented=documented,
    )


def held(context: Context, options: Namespace) -> int:
    """Record a conversation that was held."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    done = desk.held(
        citizen.id,
        channel=Channel(options.channel) if options.channel else None,
        on=_day(context, options.on),
        minutes=None if options.minutes is None else within("--minutes", options.minutes, 1),
        agenda=[_point(context, point) for point in options.agenda],
        cadence=Cadence(options.cadence) if options.cadence else None,
    )
    context.done(done)
    if not context.json:
        context.out.line(context.text("The note for the case system: planner case-note {citizen}", citizen=citizen.id))
    return 0


def _point(context: Context, typed: str) -> str:
    """The point's id where its title was written, in either language; else the text as it stands."""
    wanted = folded(typed)
    for name, title in context.planned().plan.titles.items():
        if wanted in {folded(name), folded(title.da), folded(title.en)}:
            return name
    return typed


def no_show(context: Context, options: Namespace) -> int:
    """Record a no-show."""
    citizen = context.citizen(options.citizen)
    return context.done(context.desk().no_show(citizen.id, _day(context, options.on)))


def cancel(context: Context, options: Namespace) -> int:
    """Record a cancellation."""
    citizen = context.citizen(options.citizen)
    return context.done(
        context.desk().cancel(citizen.id, options.by == CITIZEN, options.reason, _day(context, options.on))
    )


def note(context: Context, options: Namespace) -> int:
    """Write a note, or amend one; without a text print those that there are, newest first."""
    citizen = context.citizen(options.citizen)
    desk = context.desk()
    notes = desk.notes(citizen.id)
    if options.amend is not None:
        number, text = options.amend
        amended = numbered("--amend", int(number) if number.isdecimal() else 0, notes)
        return context.done(desk.amend_note(citizen.id, amended.key, text))
    if options.text is not None:
        return context.done(desk.note(citizen.id, options.text))
    from planner.cli.story import print_notes

    print_notes(context, notes)
    return 0


def accept_all(context: Context, options: Namespace) -> int:
    """Book the proposals of several citizens."""
    citizens = [context.citizen(name) for name in options.citizens]
    plan = context.planned().plan
    wanted: dict[str, Slot] = {}
    for citizen in citizens:
        proposal = plan.of(citizen.id).proposal
        if proposal is None:
            raise Refused(N_("Nothing is proposed for {name}"), name=citizen.shown_name)
        wanted[citizen.id] = proposal.slot
    return context.done(context.desk().accept_all(wanted))


def call_off(context: Context, options: Namespace) -> int:
    """Call off a whole day."""
    on = read_date(options.date, context.today())
    done = context.desk().call_off(on, options.reason)
    if context.json or not done.citizens:
        return context.done(done)
    names = {citizen.id: citizen.shown_name for citizen in context.desk().present().citizens}
    said = context.done(done)
    context.out.line(
        context.text("To be planned anew: {who}", who=context.language.joined([names[one] for one in done.citizens]))
    )
    return said


def undo(context: Context, options: Namespace) -> int:
    """Take back the last change."""
    desk = context.desk()
    with context.changing() as reach:
        done = desk.undo(reach)
    return context.done(done, undone=True)


def redo(context: Context, options: Namespace) -> int:
    """Do again what was taken back."""
    desk = context.desk()
    with context.changing() as reach:
        done = desk.redo(reach)
    return context.done(done)


def _day(context: Context, text: str | None) -> date | None:
    return None if text is None else read_date(text, context.today())
