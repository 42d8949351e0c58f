"""What `planner check` finds wrong with a plan, in sentences; the validator's codes are for programs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from planner.locale import N_, Language
from planner.planning.plan import Title
from planner.services.explanation import title_of

_ALTERNATIVE = "alternative-"
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # the plan as a whole
        "another-today": N_("It was made for another day"),
        "another-horizon": N_("It ends on another day than its weeks say"),
        "capacity-of-other-weeks": N_("Its capacity is of other weeks"),
        "capacity-proposed": N_("The minutes proposed in the week are not those of its proposals"),
        "missing-in-citizens": N_("A citizen is missing"),
        "missing-in-order": N_("A citizen is missing in the order"),
        "stranger-in-citizens": N_("A citizen is not in the caseload"),
        "stranger-in-order": N_("A citizen in the order is not in the caseload"),
        "twice-in-citizens": N_("A citizen is there twice"),
        "twice-in-order": N_("A citizen is in the order twice"),
        "another-bucket-in-order": N_("A citizen stands under another group in the order"),
        "parts-do-not-sum-to-score": N_("The points in the order do not add up"),
        "out-of-order": N_("The order is wrong from here"),
        "objective": N_("It does not cost what it says"),
        "lower-bound-above-objective": N_("It costs less than it says that every plan costs"),
        "gap": N_("The distance to the best possible is computed wrongly"),
        "hard-violations": N_("It says itself that it breaks hard rules"),
        "another-municipality": N_("It is of another municipality"),
        "another-law": N_("It was made under another law"),
        "other-adoptions": N_("It was made under other experiments"),
        "exempted-share": N_("The exempted share is another"),
        "capacity": N_("The capacity of the week is another"),
        "late-unavoidable": N_("It states another number of deadlines that no plan can keep"),
        "late-capacity": N_("It states another number of deadlines that are not kept"),
        "moved-since": N_("It states another number of moved proposals"),
        "proven": N_("It states wrongly whether it is proved the best"),
        "costs-less-than-proved": N_("It costs less than its own prices prove that every plan costs"),
        "other-windows": N_("The windows of a citizen are others"),
        "another-fixed-rhythm": N_("What the law alone would have demanded is another"),
        "other-facts": N_("What is stated of a citizen is not so"),
        # the certificate
        "price-outside-the-horizon": N_("The certificate prices a day that is not planned"),
        "price-off-the-grid": N_("The certificate prices a time at which no conversation begins"),
        "price-without-a-limit": N_("The certificate prices a place in a day that takes any number"),
        # between proposals
        "proposals-meet": N_("Two proposals overlap"),
        "no-buffer-between-proposals": N_("There is no buffer between two proposals"),
        "more-than-max-per-day": N_("More conversations than the day takes"),
        # one citizen
        "dead-but-not-ended": N_("A death is noted, but the case has not ended"),
        "closed-but-not-ended": N_("The case is closed, but has not ended in the plan"),
        "proposal-for-ended": N_("A proposal although the case has ended"),
        "proposal-for-exempt": N_("A proposal although the citizen is exempt"),
        "later-without-proposal": N_("A later conversation without a next one"),
        "later-before-proposal": N_("A later conversation lies before the next one"),
        "neither-placed-nor-explained": N_("Neither a time nor a reason why there is none"),
        "bucket-without-reason": N_("The group has no reason"),
        "lifted-and-due": N_("Both lifted and due"),
        "due-twice": N_("Due twice"),
        "due-by-law-and-by-experiment": N_("Due by law and by an experiment at once"),
        # what a proposal covers
        "covers-nothing": N_("The proposal covers nothing"),
        "covers-repeated": N_("The proposal covers something twice"),
        "covers-unknown": N_("The proposal covers what the citizen has not"),
        "covers-not-due": N_("The proposal covers what is not due"),
        "covered-twice": N_("Covered by two proposals"),
        "before-earliest": N_("Before its first day"),
        "channel-does-not-count": N_("The channel does not count"),
        "tentative": N_("Wrongly marked as tentative or as firm"),
        "repeated": N_("The same time is named twice"),
        "too-few-alternatives": N_("There are more times that could be named"),
        # the slot
        "weekend": N_("In a weekend"),
        "public-holiday": N_("On a public holiday"),
        "closing-day": N_("On a closing day of the office"),
        "caseworker-absent": N_("The caseworker is away"),
        "not-an-in-person-day": N_("Not a day for conversations in person"),
        "outside-working-hours": N_("Outside the working hours"),
        "in-a-break": N_("In a break"),
        "busy": N_("The caseworker is busy"),
        "meets-a-booked-one": N_("Overlaps a booked conversation"),
        "no-buffer-to-a-booked-one": N_("No buffer to a booked conversation"),
        "in-the-past": N_("In the past"),
        "beyond-the-horizon": N_("Beyond the weeks that are planned"),
        "off-the-grid": N_("Begins at a time that is not on the grid"),
        "not-a-talking-channel": N_("Not a channel in which one talks"),
        "wrong-minutes": N_("Longer or shorter than the settings say"),
        "too-short-notice": N_("Too short notice"),
        "channel-the-citizen-cannot-use": N_("A channel that the citizen cannot use"),
        "citizen-on-holiday-or-absent": N_("The citizen is away"),
        "citizen-unavailable-day": N_("The citizen is not available that day"),
        "citizen-unavailable-hours": N_("The citizen is not available at that time"),
        "no-room-free": N_("No room is free"),
        "no-interpreter-free": N_("No interpreter is free"),
    }
)


def fault_text(violation: str, language: Language, titles: Mapping[str, Title]) -> str:
    """A violation `code requirement: where` in a sentence; an unknown code is shown as it is."""
    head, _, where = violation.partition(": ")
    code, _, requirement = head.partition(" ")
    alternative = code.startswith(_ALTERNATIVE)
    code = code.removeprefix(_ALTERNATIVE)
    if code not in FAULTS:
        return violation
    text = language.text(FAULTS[code])
    if alternative:
        text = language.text("An alternative: {fault}", fault=text[:1].lower() + text[1:])
    if requirement:
        text = f"{text} (“{title_of(requirement, language, titles)}”)"
    return f"{text}: {where}" if where else f"{text}."
