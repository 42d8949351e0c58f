"""Verbs of the citizen's rights: who looked, everything that is held, the end of a case, and its erasure."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.cli.agreeing import agree
from planner.cli.choices import integer, within
from planner.cli.context import Context
from planner.cli.output import is_interactive
from planner.cli.parser import Verbs
from planner.domain.citizens import Citizen
from planner.errors import Fault, InputError, NotFound, PlannerError
from planner.locale import N_
from planner.services.entry import read_date

if TYPE_CHECKING:
    from planner.services.closing import Closed
    from planner.services.looks import Look

MOST_LINES = 1_000_000


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    about = text("an id, or any part of the name that only one has")
    verb = verbs.verb("looks", looks)
    verb.add_argument("citizen", nargs="?", metavar=text("CITIZEN"), help=about)
    verb.add_argument("--limit", type=integer, default=50, metavar="N", help=text("at most N entries"))
    verb = verbs.verb("insight", insight)
    verb.add_argument("citizen", metavar=text("CITIZEN"), help=about)
    verb.add_argument("--names", action="store_true", help=text("with the accounts of those who looked"))
    verb.add_argument(
        "--output", metavar=text("FILE"), help=text("a new file for the text; standard output unless stated")
    )
    verb = verbs.verb("close", close)
    verb.add_argument("citizen", metavar=text("CITIZEN"), help=about)
    how = verb.add_mutually_exclusive_group()
    how.add_argument("--on", metavar=text("DATE"), help=text("the last day of the case; today unless stated"))
    how.add_argument("--reopen", action="store_true", help=text("open a closed case again"))
    verb = verbs.verb("erase", erase)
    who = verb.add_mutually_exclusive_group()
    who.add_argument("citizen", nargs="?", metavar=text("CITIZEN"), help=about)
    who.add_argument("--due", action="store_true", help=text("all that are proposed for erasure"))
    who.add_argument("--readmit", metavar=text("ID"), help=text("let somebody who was erased be imported again"))
    who.add_argument(
        "--after", metavar=text("MONTHS"), help=text("how many months a closed case is kept; “never” proposes none")
    )
    verb.add_argument("--yes", action="store_true", help=text("do not ask"))


def looks(context: Context, options: Namespace) -> int:
    """The log of looks."""
    limit = within("--limit", options.limit, 1, MOST_LINES)
    citizen_id = context.citizen(options.citizen).id if options.citizen else None
    found = context.desk().cases.looks(limit, citizen_id)
    if context.json:
        context.out.json([_look_data(look) for look in found])
        return 0
    for look in found:
        context.out.line(_look_line(context, look))
    if not found:
        context.out.line(context.text("Nobody has looked yet."))
    return 0


def _look_line(context: Context, look: Look) -> str:
    speaks = context.language
    when = f"{speaks.date(look.at.date())} {speaks.time(look.at.hour * 60 + look.at.minute)}"
    whom = look.name or (context.text("somebody whose case has been erased") if look.is_about_one else "")
    return f"{look.seq}. {when}, {look.account}: {look.what(speaks)}" + (f"; {whom}" if whom else "")


def _look_data(look: Look) -> dict[str, object]:
    return {
        "seq": look.seq,
        "at": look.at.isoformat(timespec="seconds"),
        "account": look.account,
        "kind": look.kind.value,
        "purpose": look.purpose,
        "citizen": look.citizen_id,
        "count": look.count,
    }


def insight(context: Context, options: Namespace) -> int:
    """Everything that is held on one citizen."""
    from planner.cli.story import story_data
    from planner.exchange.paper_files import check_new, save_text
    from planner.services.insight import insight_text
    from planner.services.ports import AccessKind

    citizen, desk = context.citizen(options.citizen), context.desk()
    if options.output:
        check_new(options.output)
    kind = AccessKind.EXPORT if options.output else AccessKind.PRINT
    found, plan = desk.cases.insight(citizen.id, kind), context.planned().plan
    if context.json:
        shown = [_look_data(look) for look in found.looks]
        if not options.names:
            shown = [{name: value for name, value in look.items() if name != "account"} for look in shown]
        story = story_data(found.story, context.language, plan.titles)
        supervised = [{"date": on.isoformat(), "findings": dict(findings)} for on, findings in found.supervised]
        about = {"cpr": found.cpr or None, "supervision": supervised, "looks": shown}
        context.out.json({**story, "schema": "planner-insight/1", **about})
        return 0
    text = insight_text(found, plan, context.language, names=options.names)
    if options.output:
        path = save_text(options.output, text)
        context.out.line(context.text("Written: {path}. The file holds personal data.", path=path))
    else:
        for line in text.splitlines():
            context.out.line(line)
    return 0


def close(context: Context, options: Namespace) -> int:
    """Close a case, or open it again."""
    citizen, desk = context.citizen(options.citizen), context.desk()
    if options.reopen:
        return context.done(desk.cases.reopen(citizen.id))
    on = read_date(options.on, context.today()) if options.on else None
    return context.done(desk.cases.close(citizen.id, on))


def erase(context: Context, options: Namespace) -> int:
    """The closed cases, or the erasure of some."""
    desk = context.desk()
    if options.after:
        return context.done(desk.cases.set_retention(_months(options.after)))
    if options.readmit:
        _readmit(context, options.readmit)
        return _told(context, context.text("{id} can be imported again.", id=options.readmit))
    if options.citizen:
        return _erase(context, [context.citizen(options.citizen)], agreed=options.yes)
    if options.due:
        return _erase(
            context, [case.citizen for case in desk.cases.closed() if case.is_due(context.today())], agreed=options.yes
        )
    return _list(context, desk.cases.closed())


def _readmit(context: Context, citizen_id: str) -> None:
    """By the id; where nobody was erased with it, by the CPR number, which is asked for and never written."""
    desk = context.desk()
    try:
        desk.cases.readmit(citizen_id)
    except NotFound:
        if not is_interactive():
            raise
        from planner.cli.secrets import ask_secret

        typed = ask_secret(context, context.text("Nobody was erased with that id. The CPR number (it is not shown):"))
        desk.cases.readmit(citizen_id, "".join(sign for sign in typed if sign.isdigit()))


def _list(context: Context, cases: Sequence[Closed]) -> int:
    from planner.services.closing import case_words, kept_words

    today, months = context.today(), context.desk().office().retention_months
    if context.json:
        rows = [
            {
                "citizen": case.citizen.id,
                "closed": case.on.isoformat(),
                "due": case.due.isoformat() if case.due else None,
            }
            for case in cases
        ]
        context.out.json({"months": months, "cases": rows})
        return 0
    for case in cases:
        context.out.line(f"{case.citizen.shown_name} ({case.citizen.id}): {case_words(case, today, context.language)}")
    if not cases:
        context.out.line(context.text("No case is closed."))
    context.out.line(kept_words(months, context.language))
    if months is None:
        context.out.line(context.text("Set one with: planner erase --after 6"))
    if any(case.is_due(today) for case in cases):
        context.out.line(context.text("Erase those that are proposed with: planner erase --due"))
    return 0


def _erase(context: Context, people: Sequence[Citizen], *, agreed: bool) -> int:
    desk = context.desk()
    if not people:
        return _told(context, context.text("No case is proposed for erasure."))
    closed = {case.citizen.id: case for case in desk.cases.closed()}
    if not agreed and all(citizen.id in closed for citizen in people):  # else the desk says why not
        _agree(context, [closed[citizen.id] for citizen in people])
    done = desk.cases.erase([citizen.id for citizen in people])
    return _told(context, done.text(context.language))


def _agree(context: Context, cases: Sequence[Closed]) -> None:
    from planner.services.closing import REACH, case_words

    if not is_interactive():
        raise PlannerError(N_("Nothing was erased. Add --yes to erase without being asked."))
    for case in cases:
        words = case_words(case, context.today(), context.language)
        context.out.line(f"{case.citizen.shown_name} ({case.citizen.id}): {words}")
    context.out.line(context.text(REACH))
    agree(context, context.text("Erase for good? (yes/no)"), N_("Nothing was erased."))


def _told(context: Context, text: str) -> int:
    if context.json:
        context.out.json({"message": text})
    else:
        context.out.line(text)
    return 0


def _months(typed: str) -> int | None:
    from planner.services.office_form import LONGEST_RETENTION

    if typed.casefold() in {"never", "aldrig"}:
        return None
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed[:9]) <= LONGEST_RETENTION:
        raise InputError(
            N_("The option is wrong"), [Fault("--after", f"“{typed}”", N_("a number of months, or “never”"))]
        )
    return int(typed)
