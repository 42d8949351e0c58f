"""Why and why not in sentences, for the screen and the line alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.locale import N_, NN_, Language
from planner.planning.plan import Engine, Plan, Proposal, Quality, Slot, Title
from planner.rules.windows import Because
from planner.services import words
from planner.services.explanation import sentence, title_of

if TYPE_CHECKING:  # these bring the engine along, which the first frame must not wait for
    from planner.planning.shortage import Miss, Shortage
    from planner.planning.why_not import Holder, WhyNot

#: Names in a short line, days in the list of marginal hours, tenths of a percent above which points say more.
_NAMED, _HOURS, _TELLING = 2, 5, 200
_UNAVOIDABLE = NN_("{n} deadline cannot be kept by any plan", "{n} deadlines cannot be kept by any plan")
_PROVED = NN_(
    "Proved by the plan's certificate: every plan with it is at least {n} point dearer.",
    "Proved by the plan's certificate: every plan with it is at least {n} points dearer.",
)
_PASSED = NN_("{n} deadline had passed before today", "{n} deadlines had passed before today")
_CAPACITY = NN_("{n} deadline is not kept for want of free time", "{n} deadlines are not kept for want of free time")


@dataclass(frozen=True, slots=True)
class Speaker:
    """What the sentences need: the language, what requirements are called, and the citizens' names by id."""

    language: Language
    titles: Mapping[str, Title]
    names: Mapping[str, str]

    def name(self, citizen_id: str) -> str:
        """The citizen's name, or the id of somebody unknown."""
        return self.names.get(citizen_id, citizen_id)


def term_points(step: Because) -> int | None:
    """The points of a cost term; None for a step that is none."""
    points = step.values.get("points")
    return points if isinstance(points, int) else None


def term_lines(proposal: Proposal, speaker: Speaker) -> Iterator[str]:
    """Each cost term of a proposal with its points, and their sum."""
    yield from terms_of(proposal.because, proposal.cost, speaker)


def terms_of(steps: Sequence[Because], total: int, speaker: Speaker) -> Iterator[str]:
    """Each cost term with its points, and their sum."""
    language = speaker.language
    for step in steps:
        points = term_points(step)
        if points is not None:
            shown = sentence(step, language, speaker.titles)
            yield shown if points else f"{shown[:-1]} ({language.plural('{n} point', '{n} points', 0)})."
    yield language.plural("In all {n} point.", "In all {n} points.", total)


def why_not_line(answer: WhyNot, speaker: Speaker, *, every: bool = False) -> str:
    """What stands against the wish, in one line; `every` names all who have the time."""
    language = speaker.language
    if answer.proposed is not None:
        return language.text("proposed at {time}", time=language.time(answer.proposed.start))
    if answer.blocked is not None:
        return sentence(answer.blocked, language, speaker.titles)
    price = price_text(answer, language)
    if answer.free is not None:
        return language.text("{price}; {time} is free", price=price, time=language.time(answer.free.start))
    if not answer.holders:
        return price
    who = holders_text(answer.holders, speaker, None if every else _NAMED)
    if answer.full:
        return language.text("{price}; the day is full: {who}", price=price, who=who)
    better = answer.at_least == 0 and answer.alone <= 0
    if better:
        return language.text("{price}, but taken by {who}", price=price, who=who)
    return language.text("{price}; taken by {who}", price=price, who=who)


def price_text(answer: WhyNot, language: Language) -> str:
    """How much dearer it would be: for the whole plan where that is proved or known, else for the citizen."""
    least, more = answer.at_least, answer.alone
    if answer.free is not None:
        return _known_price(least, more, language)
    if least:
        return language.plural("at least {n} point dearer", "at least {n} points dearer", least)
    if more > 0:
        return language.plural("{n} point dearer for the citizen", "{n} points dearer for the citizen", more)
    if more == 0:
        return language.text("as good for the citizen")
    return language.plural("{n} point better for the citizen", "{n} points better for the citizen", -more)


def _known_price(least: int, more: int, language: Language) -> str:
    """The price where a time is free: with it this plan costs `more`, a better one perhaps less, none below `least`."""
    if more == 0:
        return language.text("as good")
    if more < 0:
        return language.plural("{n} point better", "{n} points better", -more)
    if least == more:
        return language.plural("{n} point dearer", "{n} points dearer", more)
    if not least:
        return language.plural("at most {n} point dearer", "at most {n} points dearer", more)
    return language.text("{least} to {most} points dearer", least=least, most=more)


def holders_text(holders: Sequence[Holder], speaker: Speaker, most: int | None = None) -> str:
    """Who has the time, with their latest days; of more than `most` all but one less are only counted."""
    language = speaker.language
    few = holders if most is None or len(holders) <= most else holders[: most - 1]
    shown = [
        language.text("{name} (latest {day})", name=speaker.name(one.citizen_id), day=language.short_day(one.deadline))
        for one in few
    ]
    if len(holders) > len(shown):
        shown.append(language.plural("{n} more", "{n} more", len(holders) - len(shown)))
    return language.joined(shown)


def proof_line(answer: WhyNot, language: Language) -> str:
    """What is proved about the price; empty where there is none, and where a free time shows it."""
    if answer.blocked is not None or answer.proposed is not None:
        return ""
    if answer.at_least:
        return language.plural(*_PROVED, answer.at_least)
    if answer.free is not None:
        return ""
    return language.text("Nothing is proved about what it would cost the whole plan.")


def shortage_lines(shortage: Shortage, speaker: Speaker) -> Iterator[tuple[str, bool]]:
    """What the plan cannot keep, by name, and what more time would be worth; True for a line that heads others.

    What can still be acted on comes first, deadlines that have passed come last.
    """
    language = speaker.language
    for misses, heading in _missed(shortage):
        yield language.plural(*heading, len(misses)) + ":", True
        yield from ((_miss(miss, speaker), False) for miss in misses)
    yield from _worth(shortage, language)


def shortage_of_one(shortage: Shortage, citizen_id: str, speaker: Speaker) -> Iterator[tuple[str, bool]]:
    """The same for one citizen: the deadlines by name where they are hers, else only how many there are."""
    language = speaker.language
    for misses, heading in _missed(shortage):
        own = [miss for miss in misses if miss.citizen_id == citizen_id]
        yield language.plural(*heading, len(misses)) + (":" if own else "."), bool(own)
        yield from ((_miss(miss, speaker), False) for miss in own)
    if not any(_missed(shortage)):
        yield from _worth(replace(shortage, hours=()), language)


def _missed(shortage: Shortage) -> list[tuple[tuple[Miss, ...], tuple[str, str]]]:
    groups = [(shortage.unavoidable, _UNAVOIDABLE), (shortage.capacity, _CAPACITY), (shortage.passed, _PASSED)]
    return [(misses, heading) for misses, heading in groups if misses]


def _worth(shortage: Shortage, language: Language) -> Iterator[tuple[str, bool]]:
    if not any(_missed(shortage)):
        yield language.text("Every deadline in the weeks that are planned is kept."), False
    if shortage.hours:
        yield language.text("What one more hour would be worth:"), True
    for hour in shortage.hours[:_HOURS]:
        points = language.plural("up to {n} point", "up to {n} points", hour.points)
        yield f"{language.short_day(hour.on)}: {points}", False


def _miss(miss: Miss, speaker: Speaker) -> str:
    language = speaker.language
    return language.text(
        "{name}: {requirement}, latest {latest}; {when}",
        name=speaker.name(miss.citizen_id),
        requirement=title_of(miss.requirement, language, speaker.titles),
        latest=language.short_day(miss.latest),
        when=_when(miss.slot, language),
    )


def _when(slot: Slot | None, language: Language) -> str:
    if slot is None:
        return language.text("no time")
    return language.text(
        "proposed {day}, {channel}", day=language.short_day(slot.on), channel=language.text(words.channel(slot.channel))
    )


def quality_words(quality: Quality, language: Language) -> str:
    """How good the plan is, in a few words: proved the best, or at most so far from it."""
    missing = quality.objective - quality.lower_bound
    if quality.proven or missing <= 0:
        return language.text("proved the best possible")
    tenths = -(-missing * 1000 // quality.lower_bound) if quality.lower_bound > 0 else _TELLING + 1
    if tenths > _TELLING:
        return language.plural(
            "at most {n} point from the best possible", "at most {n} points from the best possible", missing
        )
    percent = language.number(tenths / 10, 1)
    return language.text("at most {percent} % from the best possible", percent=percent)


def quality_short(quality: Quality, language: Language) -> str:
    """`quality_words` for the status line; says where the quick engine stood in."""
    shown = quality_words(quality, language)
    quick = quality.engine is Engine.INSTANT
    return language.text(N_("quick plan: {quality}") if quick else N_("plan: {quality}"), quality=shown)


def quality_lines(plan: Plan, language: Language) -> Iterator[str]:
    """How good the plan is, in sentences."""
    yield language.text("The plan: {quality}.", quality=quality_words(plan.quality, language))
    if plan.quality.engine is Engine.INSTANT:
        yield language.text("It was made with the quick engine; the thorough one is missing or has not run yet.")
