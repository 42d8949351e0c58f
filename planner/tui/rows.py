"""A citizen's line in today's list, shaped for the screen: words, never markup, one line each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from planner.domain.citizens import Citizen, FactKind
from planner.domain.conversations import Channel, Conversation, Status
from planner.domain.text import visible
from planner.locale import N_, Language
from planner.planning.plan import Bucket, Slot, Title
from planner.rules.windows import WindowStatus
from planner.services import words
from planner.services.explanation import in_short, sentence, title_of
from planner.services.results import Row, Today
from planner.services.today import AGREED, GROUPS, booked_too_late, deciding_window, has_lapsed
from planner.services.today import IN_NEED as IN_NEED

#: Groups that are marked as pressing.
PRESSING = frozenset({Bucket.OVERDUE, Bucket.DECIDE_NOW, Bucket.AFTER_NO_SHOW})

SIGNS: Mapping[Bucket, str] = {
    Bucket.BOOKED_TODAY: "@",
    Bucket.OVERDUE: "!",
    Bucket.AFTER_NO_SHOW: "x",
    Bucket.EVENT_PASSED: "<",
    Bucket.DECIDE_NOW: ">",
    Bucket.SCREEN: "?",
    Bucket.UNPLACED: "#",
    Bucket.PROPOSED: "+",
    Bucket.BOOKED: "=",
    Bucket.WAITING: "~",
    Bucket.NO_DUTY: "-",
    Bucket.EXEMPT: "/",
    Bucket.ENDED: ".",
}
DONE_SIGN = "*"
PICKED_SIGN = "✓"


@dataclass(frozen=True, slots=True)
class View:
    """What the shaping needs besides the row.

    `chosen`: the slot shown instead of the proposal, by citizen. `marks`: msgids of what was just done, by citizen.
    `picked`: the citizens that are marked for a common action.
    """

    language: Language
    today: date
    titles: Mapping[str, Title]
    chosen: Mapping[str, Slot] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    picked: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cells:
    """The texts of one line; all of them safe to show."""

    sign: str
    name: str
    days: str
    channel: str
    when: str
    reason: str
    pressing: bool
    done: bool


def grouped(today: Today) -> list[tuple[Bucket, list[Row]]]:
    """The rows by group from top to bottom, what is agreed by time, others in triage order; no empty groups."""
    groups: dict[Bucket, list[Row]] = {bucket: [] for bucket in GROUPS}
    for row in today.rows:
        groups[row.part.bucket].append(row)
    for bucket in AGREED:
        groups[bucket].sort(key=lambda row: _booked_at(row, today.today))
    return [(bucket, rows) for bucket, rows in groups.items() if rows]


def _booked_at(row: Row, today: date) -> tuple[date, int]:
    booking = next_booking(row.citizen, today)
    return (booking.on, booking.start_minute) if booking is not None else (date.max, 0)


def cells(row: Row, view: View) -> Cells:
    """The line of one citizen."""
    mark = view.marks.get(row.citizen.id)
    channel, when = _when(row, view)
    sign = SIGNS[row.part.bucket] if mark is None else DONE_SIGN
    return Cells(
        sign=PICKED_SIGN if row.citizen.id in view.picked else sign,
        name=visible(row.citizen.shown_name),
        days=deadline_words(row, view.today, view.language),
        channel=channel,
        when=when,
        reason=visible(view.language.text(mark) if mark is not None else reason(row, view)),
        pressing=row.part.bucket in PRESSING or booked_too_late(row.citizen, row.part, view.today) is not None,
        done=mark is not None,
    )


def deadline_words(row: Row, today: date, language: Language) -> str:
    """How long until the deadline, or since; a wish that nobody kept has only passed."""
    window = deciding_window(row.part, today)
    if window is not None and has_lapsed(window, today) and row.part.bucket not in AGREED:
        return language.text(N_("passed"))
    return days_words(row.days, language)


def days_words(days: int | None, language: Language) -> str:
    """How long until the deadline, or since, in words."""
    if days is None:
        return ""
    if days == 0:
        return language.text(N_("today"))
    if days < 0:
        return language.plural("{n} day late", "{n} days late", -days)
    return language.plural("in {n} day", "in {n} days", days)


def moment(slot: Slot, language: Language) -> str:
    """A slot's day and time: "ti 24-11 10.30"."""
    return f"{language.short_day(slot.on)} {language.time(slot.start)}"


def slots_of(row: Row) -> tuple[Slot, ...]:
    """The proposal and its alternatives, in the order of their numbers."""
    proposal = row.part.proposal
    return () if proposal is None else (proposal.slot, *proposal.alternatives[:2])


def slot_shown(row: Row, view: View) -> Slot | None:
    """The slot that would be accepted: the one looked at, else the proposal."""
    if row.citizen.id in view.chosen:
        return view.chosen[row.citizen.id]
    return row.part.proposal.slot if row.part.proposal is not None else None


def next_booking(citizen: Citizen, today: date) -> Conversation | None:
    """The conversation that is booked next, or one from before today of which nothing is recorded."""
    booked = citizen.booked()
    return next((c for c in booked if c.on >= today), booked[-1] if booked else None)


def _when(row: Row, view: View) -> tuple[str, str]:
    language, offer = view.language, row.citizen.offer
    if offer is not None and offer.is_open(view.today) and row.citizen.id not in view.chosen:
        first = offer.times[0]
        return channel_word(first.channel, language), language.plural("{n} offered", "{n} offered", len(offer.times))
    slot = slot_shown(row, view)
    booking, looks = next_booking(row.citizen, view.today), row.citizen.id in view.chosen
    # What is agreed stays in sight, whatever else is looked at beside it.
    if booking is not None and (slot is None or not looks or row.part.bucket in AGREED):
        slot = Slot(booking.on, booking.start_minute, booking.minutes, booking.channel)
    if slot is None:
        return "", ""
    return channel_word(slot.channel, language), moment(slot, language)


def channel_word(channel: Channel, language: Language) -> str:
    """The name of a channel in the user's language."""
    return language.text(words.channel(channel))


def reason(row: Row, view: View) -> str:
    """Why the citizen stands in this group, or how an offer of times stands, in a few words."""
    if offered := _offered(row, view):
        return offered
    special = _SPECIAL.get(row.part.bucket)
    found = special(row, view) if special is not None else ""
    if found:
        return found
    window = deciding_window(row.part, view.today)
    if window is not None:
        return in_short(window, view.language, view.titles)
    steps = row.part.because or row.part.unplaced_because
    return sentence(steps[0], view.language, view.titles) if steps else ""


def _no_show(row: Row, view: View) -> str:
    attempts = [c.on for c in row.citizen.conversations if c.status is Status.NO_SHOW]
    return view.language.text(N_("no-show on {day}"), day=view.language.short_day(max(attempts))) if attempts else ""


def _offered(row: Row, view: View) -> str:
    """Until when the citizen may choose a time, or that the day has passed without an answer."""
    offer = row.citizen.offer
    if offer is None:
        return ""
    message = N_("may choose until {day}") if offer.is_open(view.today) else N_("no answer by {day}")
    return view.language.text(message, day=view.language.short_day(offer.until))


def _ended(row: Row, view: View) -> str:
    if row.citizen.has_died():
        return view.language.text(N_("a death is noted"))
    closed = row.citizen.ended_on()
    return "" if closed is None else view.language.text(N_("closed {on}"), on=closed)


def _event(row: Row, view: View) -> str:
    past = [fact for fact in row.citizen.facts if fact.ends < view.today]
    if not past:
        return ""
    fact = max(past, key=lambda fact: fact.ends)
    return _fact_until(fact.kind, fact.ends, view)


def _waiting(row: Row, view: View) -> str:
    ahead = [fact for fact in row.citizen.facts if fact.ends >= view.today]
    if not ahead:
        return ""
    fact = min(ahead, key=lambda fact: fact.ends)
    return _fact_until(fact.kind, fact.ends, view)


def _fact_until(kind: FactKind, last: date, view: View) -> str:
    return f"{view.language.text(words.fact_kind(kind))} {view.language.short_day(last)}"


def _screen(_row: Row, view: View) -> str:
    return view.language.text(N_("no cadence chosen"))


def _unplaced(row: Row, view: View) -> str:
    steps = row.part.unplaced_because[:2]  # what takes most of the days says more than that no time fits
    return sentence(steps[-1], view.language, view.titles) if steps else ""


def _booked(row: Row, view: View) -> str:
    missed = booked_too_late(row.citizen, row.part, view.today)
    if missed is not None:
        return view.language.text(N_("after the latest day {day}"), day=view.language.short_day(missed))
    covered = [window for window in row.part.windows if window.status is WindowStatus.COVERED]
    first = min(covered, key=lambda window: (window.latest, window.requirement), default=None)
    return title_of(first.requirement, view.language, view.titles) if first is not None else ""


def _exempt(row: Row, view: View) -> str:
    """The fact that exempts and its last day, so short that neither is cut; else the decision's reason."""
    step = next((step for step in row.part.because if step.code == "exempt_by_fact"), None)
    if step is not None:
        return _fact_until(FactKind(str(step.values["fact"])), date.fromisoformat(str(step.values["until"])), view)
    return row.citizen.exemption.reason if row.citizen.exemption is not None else ""


_SPECIAL = {
    Bucket.ENDED: _ended,
    Bucket.BOOKED_TODAY: _booked,
    Bucket.BOOKED: _booked,
    Bucket.AFTER_NO_SHOW: _no_show,
    Bucket.EVENT_PASSED: _event,
    Bucket.WAITING: _waiting,
    Bucket.SCREEN: _screen,
    Bucket.UNPLACED: _unplaced,
    Bucket.EXEMPT: _exempt,
}
