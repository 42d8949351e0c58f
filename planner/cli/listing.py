"""Citizens and their proposals in plain lines that read well aloud, and the same as plain data for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import groupby

from planner.cli.context import Context
from planner.domain.citizens import Citizen
from planner.locale import Language
from planner.planning.plan import Bucket, CitizenPlan, Plan, Proposal, Slot, Title
from planner.services import words
from planner.services.decided import decision_lines, decisions_data
from planner.services.explanation import sentence, title_of
from planner.services.today import AGREED, GROUPS, booked_too_late
from planner.services.why_words import quality_lines

INDENT = "   "
#: One citizen of a list: the person, the part of the plan, and the days to (or over) the nearest latest day.
Entry = tuple[Citizen, CitizenPlan, int | None]

BOOKED = frozenset({Bucket.BOOKED_TODAY, Bucket.BOOKED})
QUIET = frozenset({Bucket.ENDED, Bucket.EXEMPT, Bucket.WAITING, Bucket.NO_DUTY}) | BOOKED


def in_order(entries: list[Entry], today: date) -> list[Entry]:
    """The entries by group, as the screen has them: what is agreed by time, every other group in triage order."""

    def place(entry: Entry) -> tuple[int, date, int]:
        citizen, part, _ = entry
        booked = booked_slot(citizen, today) if part.bucket in AGREED else None
        return GROUPS.index(part.bucket), booked.on if booked else date.max, booked.start if booked else 0

    return sorted(entries, key=place)


def slot_text(slot: Slot, language: Language) -> str:
    """Day, time and channel: "ti 24-11 kl. 10.30, telefon"."""
    return language.text(
        "{day} at {time}, {channel}",
        day=language.short_day(slot.on),
        time=language.time(slot.start),
        channel=language.text(words.channel(slot.channel)),
    )


def days_text(days: int | None, language: Language) -> str:
    """The days to the latest day, in words."""
    if days is None:
        return ""
    if days == 0:
        return language.text("latest day is today")
    if days < 0:
        return language.plural("{n} day over", "{n} days over", -days)
    return language.plural("{n} day left", "{n} days left", days)


def reason_text(part: CitizenPlan, language: Language, titles: Mapping[str, Title]) -> str:
    """Why the citizen stands where she stands, in a few words."""
    steps = part.because or part.unplaced_because
    if part.bucket is Bucket.UNPLACED:
        steps = part.unplaced_because or part.because
    if part.proposal is not None and not part.because:
        return language.joined([title_of(name, language, titles) for name in part.proposal.covers])
    return sentence(steps[0], language, titles) if steps else ""


def booked_slot(citizen: Citizen, today: date) -> Slot | None:
    """The conversation that is booked next, from today on."""
    ahead = (one for one in citizen.booked() if one.on >= today)
    return next((Slot(one.on, one.start_minute, one.minutes, one.channel) for one in ahead), None)


def citizen_line(number: int, entry: Entry, language: Language, plan: Plan) -> str:
    """One citizen in one line: number, name, id, days, booking, proposal, reason."""
    citizen, part, days = entry
    booked = booked_slot(citizen, plan.today)
    pieces = [f"{number}. {words.person(citizen)}"]
    if part.bucket not in QUIET:
        pieces.append(days_text(days, language))
    if booked is not None:
        pieces.append(language.text("booked: {slot}", slot=slot_text(booked, language)))
        missed = booked_too_late(citizen, part, plan.today)
        if missed is not None:
            pieces.append(language.text("after the latest day {day}", day=missed))
    if part.proposal is not None:
        pieces.append(language.text("proposal: {slot}", slot=slot_text(part.proposal.slot, language)))
    pieces += list(decision_lines(citizen, plan.today, language))
    if part.bucket not in BOOKED or booked is None:  # there the booking says it all
        pieces.append(reason_text(part, language, plan.titles))
    line = "; ".join(piece.rstrip(".") for piece in pieces if piece)
    return line if line.endswith(("?", "!")) else f"{line}."


def print_list(context: Context, plan: Plan, entries: list[Entry], limit: int | None = None) -> None:
    """The first `limit` entries in their order, a heading for each group; what is counted are all of them."""
    language = context.language
    context.out.line(language.long_day(plan.today))
    context.out.line(context.plural("{n} citizen in the list", "{n} citizens in the list", len(entries)))
    if limit is not None and limit < len(entries):
        context.out.line(context.plural("Only the first is shown", "Only the first {n} are shown", limit))
    sizes = Counter(part.bucket for _, part, _ in entries)
    number = 0
    for bucket, group in groupby(entries[:limit], key=lambda entry: entry[1].bucket):
        context.out.line()
        context.out.line(f"{context.text(words.bucket(bucket))}: {sizes[bucket]}")
        for entry in group:
            number += 1
            context.out.line(citizen_line(number, entry, language, plan))


def print_figures(context: Context, plan: Plan) -> None:
    """Capacity, the exempted share and how good the plan is."""
    context.out.line()
    share = plan.exempted_share
    if share is not None:
        context.out.line(
            context.text(
                "Exempted under the 25 % rule: {exempted} of {eligible}; at most {allowed}",
                exempted=share.exempted,
                eligible=share.eligible,
                allowed=share.allowed,
            )
        )
    for week in plan.capacity[:4]:
        context.out.line(
            context.text(
                "{week}: {available} minutes available, {booked} booked, {proposed} proposed",
                week=context.language.week(week.year, week.week),
                available=week.available,
                booked=week.booked,
                proposed=week.proposed,
            )
        )
    quality = plan.quality
    context.out.line(
        context.text(
            "Cost {objective}; proven lower bound {lower_bound}",
            objective=quality.objective,
            lower_bound=quality.lower_bound,
        )
    )


def print_quality(context: Context, plan: Plan) -> None:
    """How good the plan is, in sentences."""
    for line in quality_lines(plan, context.language):
        context.out.line(line)


def quality_data(plan: Plan) -> dict[str, object]:
    """How good the plan is, as plain data."""
    quality = plan.quality
    return {
        "objective": quality.objective,
        "lower_bound": quality.lower_bound,
        "gap": quality.gap,
        "proven": quality.proven,
        "engine": quality.engine.value,
    }


def print_adoptions(context: Context, plan: Plan) -> None:
    """The experiments that are in force here although this municipality is not known to take part in them."""
    strange = [used.adoption.experiment for used in plan.adoptions if not used.known_municipality]
    if strange:
        context.out.line()
    for name in strange:
        context.out.line(
            context.text(
                "The experiment {experiment} is not known from the municipality {municipality}; "
                "it is in force here on the stated authority.",
                experiment=f"“{title_of(name, context.language, plan.titles)}”",
                municipality=plan.municipality or "-",
            )
        )


def slot_data(slot: Slot) -> dict[str, object]:
    """A slot as the plan file writes it."""
    return {
        "date": slot.on.isoformat(),
        "start": _clock(slot.start),
        "end": _clock(slot.end),
        "channel": slot.channel.value,
        "minutes": slot.minutes,
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def proposal_data(proposal: Proposal | None) -> dict[str, object] | None:
    """A proposal with its alternatives."""
    if proposal is None:
        return None
    return {
        **slot_data(proposal.slot),
        "covers": list(proposal.covers),
        "agenda": list(proposal.agenda),
        "alternatives": [slot_data(slot) for slot in proposal.alternatives],
        "tentative": proposal.tentative,
    }


def offer_data(citizen: Citizen, today: date) -> dict[str, object] | None:
    """The offer of times that stands."""
    offer = citizen.offer
    if offer is None:
        return None
    times = [slot_data(Slot(one.on, one.start_minute, one.minutes, one.channel)) for one in offer.times]
    return {"until": offer.until.isoformat(), "open": offer.is_open(today), "times": times}


def entry_data(entry: Entry, language: Language, plan: Plan) -> dict[str, object]:
    """One citizen of the list as plain data."""
    citizen, part, days = entry
    booked = booked_slot(citizen, plan.today)
    return {
        "id": citizen.id,
        "name": citizen.shown_name,
        "target_group": citizen.target_group.value,
        "bucket": part.bucket.value,
        "days": days,
        "reason": reason_text(part, language, plan.titles),
        "booked": slot_data(booked) if booked is not None else None,
        "proposal": proposal_data(part.proposal),
        "offer": offer_data(citizen, plan.today),
        **decisions_data(citizen, plan.today),
    }
