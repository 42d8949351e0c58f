"""What is measured: each measure with its name, its definition in a sentence, its unit and how it is summed up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.locale import N_


class Kind(StrEnum):
    """How observations become a figure."""

    SUM = "sum"
    MEMBERS = "members"
    MEDIAN = "median"
    LONGEST = "longest"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure; texts are msgids. `recorded`: nothing observed means none, else it means that nothing is known."""

    id: str
    name: str
    definition: str
    unit: str
    kind: Kind = Kind.SUM
    decimals: int = 0
    recorded: bool = True


_TALKS, _HOURS, _DAYS, _BOOKINGS = N_("conversations"), N_("hours"), N_("days"), N_("bookings")

MEASURES: tuple[Measure, ...] = (
    Measure(
        "citizens",
        N_("Citizens with a running case"),
        N_("Everybody whose present spell ran on a day of the period; cases that have been erased are not in it."),
        N_("persons"),
        Kind.MEMBERS,
    ),
    Measure(
        "held",
        N_("Conversations held"),
        N_("Conversations of the caseworker that are recorded as held, letters left out, by channel."),
        _TALKS,
    ),
    Measure(
        "minutes",
        N_("Time in conversations"),
        N_(
            "The recorded length of the conversations held, without preparation and writing; one of which only the day "
            "is known adds nothing."
        ),
        N_("minutes"),
    ),
    Measure("no_shows", N_("No-shows"), N_("Booked conversations to which the citizen did not come."), _TALKS),
    Measure(
        "deadlines_met",
        N_("Deadlines met"),
        N_(
            "Latest days of the law, or of what an experiment put in its place, that a conversation answered in time; "
            "reckoned again with the rules of each day."
        ),
        N_("deadlines"),
    ),
    Measure(
        "deadlines_missed",
        N_("Deadlines missed"),
        N_("Such latest days that passed without the conversation, also where it was held later."),
        N_("deadlines"),
    ),
    Measure(
        "days_from_need",
        N_("Days from need to conversation"),
        N_("The median of the days from when the first need that a conversation answered could be met to that day."),
        _DAYS,
        Kind.MEDIAN,
        1,
    ),
    Measure(
        "accepted",
        N_("Proposals accepted"),
        N_("Bookings at the time and in the channel that were proposed."),
        _BOOKINGS,
    ),
    Measure(
        "changed",
        N_("Proposals changed"),
        N_("Bookings at another time or in another channel than was proposed."),
        _BOOKINGS,
    ),
    Measure(
        "unrecorded",
        N_("Bookings without a recorded proposal"),
        N_(
            "Bookings from before the program kept what it had proposed: they count neither as accepted nor as changed."
        ),
        _BOOKINGS,
    ),
    Measure(
        "postponed",
        N_("Proposals postponed"),
        N_("Decisions to postpone, by the reason that was given."),
        N_("decisions"),
    ),
    Measure(
        "merged",
        N_("Conversations merged"),
        N_("Bookings from a proposal that answered two or more needs in one conversation."),
        _BOOKINGS,
    ),
    Measure(
        "fixed_demanded",
        N_("What the fixed rhythm would have demanded"),
        N_(
            "What the law alone, without experiments, would have taken from the first day of the period on, each "
            "conversation held on its latest day."
        ),
        _TALKS,
    ),
    Measure(
        "not_held",
        N_("Demanded by the fixed rhythm and not held"),
        N_("Citizen by citizen, those of the demanded conversations for which, first to first, none held stands."),
        _TALKS,
    ),
    Measure(
        "freed_hours",
        N_("Hours freed by these"),
        N_("The usual length of those conversations, without preparation and writing."),
        _HOURS,
        decimals=1,
    ),
    Measure(
        "beyond",
        N_("Held beyond the fixed rhythm"),
        N_("Citizen by citizen, the conversations held that are more than the fixed rhythm would have demanded."),
        _TALKS,
    ),
    Measure(
        "beyond_hours",
        N_("Hours that these took"),
        N_("The recorded length of those conversations; one of which only the day is known adds nothing."),
        _HOURS,
        decimals=1,
    ),
    Measure(
        "certificates",
        N_("Certificates not obtained"),
        N_(
            "Medical certificates that the law demands and an adopted experiment leaves to judgement, whose day passed "
            "without a conversation that records them as covered, and without a fact that one was obtained by then."
        ),
        N_("certificates"),
        recorded=False,
    ),
    Measure(
        "certificates_saved",
        N_("What these would have cost"),
        N_("Their number times the unit cost that was stated."),
        N_("DKK"),
        recorded=False,
    ),
    Measure(
        "longest_gap",
        N_("Longest time without contact"),
        N_("The most days between two conversations held, or since the last one, or since the spell began."),
        _DAYS,
        Kind.LONGEST,
        recorded=False,
    ),
    Measure(
        "exempted_share",
        N_("Exempted share"),
        N_("Of those who can be exempted on the last day, the share who are; only under a law with such a limit."),
        N_("per cent"),
        Kind.SHARE,
        1,
        recorded=False,
    ),
)
#: Measures that follow from each other, so that what is withheld of one is withheld of all.
BOUND: tuple[frozenset[str], ...] = (
    frozenset({"not_held", "freed_hours", "beyond", "beyond_hours"}),
    frozenset({"certificates", "certificates_saved"}),
)
#: Measures from which, with what else is shown, others could be reckoned back: where one of these is withheld, the
#: measure is. Minutes are mostly the usual length of each conversation; and what was held beyond the fixed rhythm is
#: what was held, less what was demanded, and what of that was not held. Each stands after those that it follows.
FOLLOWS: dict[str, tuple[str, ...]] = {
    "minutes": ("held",),
    **dict.fromkeys(sorted(BOUND[0]), ("held", "fixed_demanded")),
}
