"""What must hold in a caseload file beyond its shape: order of dates and times, one id each, known experiments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.domain.caseload import SharedKind
from planner.domain.conversations import Status
from planner.domain.cpr import looks_like_cpr
from planner.domain.periods import Period
from planner.errors import Fault, InputError
from planner.exchange import caseload_wire as wire
from planner.exchange.wire import day_of, minutes_of
from planner.phrases import Phrase
from planner.plain import nearest, shown
from planner.rules.checks import in_order, repeated
from planner.rules.reading import parameter_faults
from planner.rules.ruleset import RuleSet
from planner.strict import Check, Checks, Good

MINUTES_A_DAY = 24 * 60
LONGEST_NOTICE = Period(months=12)


def checks(rules: RuleSet, today: date | None) -> Checks:
    """The checks of a caseload file against the rules, with the planning date from outside where there is one."""
    return {
        wire.CaseloadFile: _caseload(rules, today),
        wire.Adoption: _adoption(rules),
        wire.Hours: _hours,
        wire.Busy: _busy,
        wire.Absence: _ordered("from", "to"),
        wire.SharedCalendar: _shared_calendar,
        wire.Notice: _notice,
        wire.Citizen: _citizen,
        wire.Exemption: _ordered("on", "until"),
        wire.Unavailable: _unavailable,
        wire.Fact: _ordered("date", "until"),
        wire.Conversation: _conversation,
        wire.OfferedTime: _conversation,
        wire.Offer: _ordered("on", "until"),
    }


def _ordered(first: str, last: str) -> Check:
    def check(good: Good, path: str) -> Iterable[Fault]:
        return in_order(good, path, first, last)

    return check


def _caseload(rules: RuleSet, option: date | None) -> Check:
    def check(good: Good, path: str) -> Iterator[Fault]:
        yield from repeated(good.get("citizens", ()), f"{path}.citizens")
        if option is not None:
            yield from _law(rules, option, "--today")
        elif good.lacks("today"):
            yield Fault(f"{path}.today", Phrase("nothing"), Phrase("a date YYYY-MM-DD, here or by the option --today"))
        elif "today" in good:
            yield from _law(rules, good["today"], f"{path}.today")

    return check


def _law(rules: RuleSet, today: date, path: str) -> Iterator[Fault]:
    if not FIRST_DAY <= today <= LAST_DAY:
        allowed = Phrase("a date YYYY-MM-DD from {first} to {last}", first=FIRST_DAY.year, last=LAST_DAY.year)
        yield Fault(path, today.isoformat(), allowed)
        return
    try:
        rules.law_on(today)
    except InputError as error:
        yield from (replace(fault, path=path) for fault in error.faults)


def _adoption(rules: RuleSet) -> Check:
    def check(good: Good, path: str) -> Iterator[Fault]:
        yield from in_order(good, path, "from", "to")
        name = good.get("experiment")
        if name is None:
            return
        experiment = rules.experiments.get(name)
        if experiment is not None:
            yield from parameter_faults(experiment, good.get("parameters", {}), f"{path}.parameters")
            return
        near = nearest(name, list(rules.experiments))
        known = Phrase("one of {values}", values=", ".join(rules.experiments))
        if near:
            known = Phrase("{near} (the nearest experiment)", near=near)
        yield Fault(f"{path}.experiment", Phrase("unknown experiment {name}", name=shown(name)), known)

    return check


def _after(key: str, good: Good) -> Phrase:
    return Phrase("a time after {key} ({value})", key=key, value=good[key])


def _hours(good: Good, path: str) -> Iterator[Fault]:
    """A stretch must have a length; HH:MM sorts as time does."""
    if "from" in good and "to" in good and good["to"] <= good["from"]:
        yield Fault(f"{path}.to", shown(good["to"]), _after("from", good))


def _busy(good: Good, path: str) -> Iterator[Fault]:
    moments = [key for key in ("start", "end") if key in good]
    impossible = [key for key in moments if day_of(good[key][:10]) is None]
    for key in impossible:
        yield Fault(f"{path}.{key}", shown(good[key]), Phrase("a date and time YYYY-MM-DDTHH:MM"))
    if len(moments) == 2 and not impossible and good["end"] <= good["start"]:
        yield Fault(f"{path}.end", shown(good["end"]), _after("start", good))


def _shared_calendar(good: Good, path: str) -> Iterator[Fault]:
    if good.get("kind") is SharedKind.INTERPRETER and good.lacks("language"):
        yield Fault(f"{path}.language", Phrase("nothing"), Phrase("the language, as it is an interpreter"))
    elif good.get("kind") is SharedKind.ROOM and good.get("language") is not None:
        yield Fault(f"{path}.language", shown(good["language"]), Phrase("no language, as it is a room"))


def _notice(good: Good, path: str) -> Iterator[Fault]:
    reference = date(2001, 1, 1)
    for channel, text in good.items():
        if Period.parse(text).days_from(reference) > LONGEST_NOTICE.days_from(reference):
            allowed = Phrase("{what} of at most {most}", what=Phrase("an ISO 8601 period"), most=LONGEST_NOTICE)
            yield Fault(f"{path}.{channel}", shown(text), allowed)


def _citizen(good: Good, path: str) -> Iterator[Fault]:
    if looks_like_cpr(good.get("id", "")):
        yield Fault(f"{path}.id", shown(good["id"]), Phrase("an id that is no CPR number"))
    talks = [talk for talk in good.get("conversations", ()) if isinstance(talk, Good)]
    booked = any(talk.lacks("status") or talk.get("status") is Status.BOOKED for talk in talks)
    if booked and not good.lacks("offer"):
        found = Phrase("an offer beside a booked conversation")
        yield Fault(f"{path}.offer", found, Phrase("one of the two, never both at once"))


def _unavailable(good: Good, path: str) -> Iterator[Fault]:
    if not good.lacks("weekday"):
        wrong = [key for key in ("from", "to") if key in good and ":" not in good[key]]
        for key in wrong:
            yield Fault(f"{path}.{key}", shown(good[key]), Phrase("a time HH:MM, as there is a weekday"))
        if not wrong:
            yield from _hours(good, path)
        return
    days = {key: day_of(good[key]) for key in ("from", "to") if key in good}
    for key, day in days.items():
        if day is None:
            allowed = Phrase("a weekday with these times") if ":" in good[key] else Phrase("a date YYYY-MM-DD")
            yield Fault(f"{path}.{key}", shown(good[key]), allowed)
    first, last = days.get("from"), days.get("to")
    if first and last and last < first:
        allowed = Phrase("{key} ({value}) or later", key="from", value=first.isoformat())
        yield Fault(f"{path}.to", last.isoformat(), allowed)


def _conversation(good: Good, path: str) -> Iterator[Fault]:
    if "start" in good and "minutes" in good and minutes_of(good["start"]) + good["minutes"] > MINUTES_A_DAY:
        allowed = Phrase("an end before midnight, from {start}", start=good["start"])
        yield Fault(f"{path}.minutes", shown(good["minutes"]), allowed)
    known = good.lacks("status") or "status" in good
    if good.get("filed") is not None and known and good.get("status") is not Status.HELD:
        found = Phrase("a filed note of a conversation that was not held")
        yield Fault(f"{path}.filed", found, Phrase("nothing, unless its status is held"))
