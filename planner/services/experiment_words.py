"""An experiment in words: how it stands here, what it changes, its history and its results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from planner.errors import InputError, PlannerError, RuleConflict
from planner.locale import N_, Language, Titled
from planner.phrases import Phrase, spoken
from planner.planning.plan import ExemptedShare
from planner.rules.format import Effect, Experiment
from planner.rules.parameters import effective_parameters
from planner.rules.ruleset import RuleSet
from planner.services import words
from planner.services.catalogue import Entry, Standing
from planner.services.messages import told
from planner.services.parameter_words import bounds_words, value_words

STANDINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.IN_FORCE: N_("Adopted here"),
        Standing.COMING: N_("Adopted here, not begun yet"),
        Standing.NOT_ADOPTED: N_("Not adopted here"),
        Standing.ENDED: N_("Ended here"),
        Standing.APPLIED_FOR: N_("Applied for; approval has not been seen"),
    }
)
_EFFECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "lift": N_("Falls away: {names}"),
        "replace": N_("A cadence by need instead of: {names}"),
        "discretion": N_("May, not must: {names}"),
        "permit": N_("Counts too: {kinds}"),
        "reason_required": N_("Every deviation needs a written reason"),
    }
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines, each of which may be wrapped."""

    heading: str
    lines: tuple[str, ...]


def period_of(first: date | None, last: date | None, language: Language) -> str:
    """A period that may be open at either end, or not be known."""
    if first is None and last is None:
        return language.text("period not known")
    if last is None:
        return language.text("from {first}", first=first)
    if first is None:
        return language.text("until {last}", last=last)
    return language.text("from {first} to {last}", first=first, last=last)


def standing_line(entry: Entry, language: Language) -> str:
    """How the experiment stands here, with the period of the adoption that says so."""
    standing, adoption = language.text(STANDINGS[entry.standing]), entry.adoption
    return f"{standing}, {period_of(adoption.first, adoption.last, language)}" if adoption is not None else standing


def sections(entry: Entry, rules: RuleSet, today: date, language: Language) -> tuple[Section, ...]:
    """Everything that is known of an experiment, what holds here first; sections without lines are left out."""
    one, text = entry.experiment, language.text
    found = (
        Section(text("Adoption here"), tuple(_adoptions(entry, language))),
        Section(text("What it changes"), (language.title(one.changed),)),
        Section(text("In the plan"), tuple(effect_lines(one, rules, today, language))),
        Section(text("Parameters"), tuple(_parameters(entry, language))),
        Section(text("Whom it concerns"), tuple(_concerned(one, language))),
        Section(text("History"), tuple(_history(one, language))),
        Section(text("Results"), tuple(f"{language.title(r.text)} ({r.source})" for r in one.results)),
        Section(text("Source"), tuple(_sources(one, language))),
    )
    return tuple(section for section in found if section.lines)


def _adoptions(entry: Entry, language: Language) -> Iterator[str]:
    for adoption in entry.adoptions:
        period = period_of(adoption.first, adoption.last, language)
        yield language.text("In force {period}", period=period)
        yield language.text("Authority: {authority}", authority=adoption.authority)


def effect_lines(experiment: Experiment, rules: RuleSet, today: date, language: Language) -> Iterator[str]:
    """What an adoption changes in the plan, effect by effect."""
    titles = _requirement_titles(rules, today)
    points = {point.id: language.title(point.title) for point in experiment.agenda}
    for effect in experiment.effects:
        names = language.joined([_named(titles, name, language) for name in effect.requirements])
        if effect.agenda or effect.suppress:
            yield from _agenda(effect, points, language)
        elif effect.effect != "permit" or effect.channels or effect.counterparts:
            yield language.text(_EFFECTS[effect.effect], names=names, kinds=_kinds(effect, language))
        if effect.awaits:
            facts = language.joined([language.text(words.fact_kind(kind)) for kind in effect.awaits])
            yield language.text("A conversation may wait for: {facts}", facts=facts)
    if not experiment.effects:
        yield language.text("Nothing changes in the plan.")


def _agenda(effect: Effect, points: Mapping[str, str], language: Language) -> Iterator[str]:
    added = language.joined([f"“{points.get(name, name)}”" for name in effect.agenda])
    if added and effect.when_fact is not None:
        fact = language.text(words.fact_kind(effect.when_fact))
        yield language.text("On the agenda, where {fact} is noted: {points}", fact=fact, points=added)
    elif added:
        yield language.text("On the agenda of every conversation: {points}", points=added)


def _kinds(effect: Effect, language: Language) -> str:
    channels = [language.text(words.channel(channel)) for channel in effect.channels]
    return language.joined([*channels, *(language.text(words.counterpart(one)) for one in effect.counterparts)])


def _requirement_titles(rules: RuleSet, today: date) -> dict[str, Titled]:
    """The titles of requirements; those of the law of the day before those of other days."""
    titles: dict[str, Titled] = {r.id: r.title for pack in rules.packs for r in pack.requirements}
    return titles | {r.id: r.title for r in rules.law_on(today).requirements}


def _named(titles: Mapping[str, Titled], name: str, language: Language) -> str:
    return f"“{language.title(titles[name])}”" if name in titles else name


def _parameters(entry: Entry, language: Language) -> Iterator[str]:
    experiment = entry.experiment
    running = entry.adoption if entry.standing in (Standing.IN_FORCE, Standing.COMING) else None
    values = effective_parameters(experiment, running.parameters if running is not None else {})
    for name, parameter in experiment.parameters.items():
        title, may = language.title(parameter.title), bounds_words(parameter, language)
        usual, value = value_words(parameter.default, language), value_words(values[name], language)
        if value == usual:
            yield language.text("{title}: {value} (may be {bounds})", title=title, value=value, bounds=may)
        else:
            yield language.text(
                "{title}: {value} here, instead of {usual} (may be {bounds})",
                title=title,
                value=value,
                usual=usual,
                bounds=may,
            )


def _concerned(experiment: Experiment, language: Language) -> Iterator[str]:
    if experiment.groups:
        groups = language.joined([language.text(words.target_group(group)) for group in experiment.groups])
        yield language.text("Target groups: {groups}", groups=groups)
    if experiment.municipalities:
        yield language.text("Municipalities: {names}", names=language.joined(experiment.municipalities))
    if experiment.municipalities_note is not None:
        yield language.title(experiment.municipalities_note)


def _history(experiment: Experiment, language: Language) -> Iterator[str]:
    if experiment.period_from is not None or experiment.period_to is not None:
        period = period_of(experiment.period_from, experiment.period_to, language)
        yield language.text("Period: {period}", period=period)
    if experiment.period_note is not None:
        yield language.title(experiment.period_note)
    yield language.text("Legal basis: {basis}", basis=language.title(experiment.legal_basis))


def _sources(experiment: Experiment, language: Language) -> Iterator[str]:
    text = language.text
    yield text("Confidence: {confidence}", confidence=text(words.experiment_confidence(experiment.confidence)))
    yield text("Status: {status}", status=text(words.experiment_status(experiment.status)))
    yield text("Theme: {theme}", theme=text(words.theme(experiment.theme)))
    yield experiment.source


def share_line(share: ExemptedShare | None, names: Iterable[str], language: Language) -> str:
    """How many are exempted against the legal limit, whether one more may be, and who they are."""
    if share is None:
        return language.text("The law in force knows no exemption by decision.")
    text = language.text(
        "Exempted: {exempted} of {eligible} ({share} %); the limit is {limit} %, at most {allowed}.",
        exempted=share.exempted,
        eligible=share.eligible,
        share=language.number(share.share * 100, 0),
        limit=language.number(share.limit * 100, 0),
        allowed=share.allowed,
    )
    if share.exempted >= share.allowed:
        text = f"{text} {language.text('No more can be exempted.')}"
    people = language.joined(list(names))
    return f"{text} {people}" if people else text


def in_full(error: PlannerError, rules: RuleSet | None, language: Language) -> list[str]:
    """What an error says, with a sentence for each fault and each conflict."""
    lines = [told(language, error.message, error.values)]
    if isinstance(error, InputError):
        for fault in error.faults:
            found, allowed = spoken(fault.found, language.text), spoken(fault.allowed, language.text)
            lines.append(
                language.text(
                    "{path}: found {found}; allowed: {allowed}", path=fault.path, found=found, allowed=allowed
                )
            )
    if isinstance(error, RuleConflict):
        lines += [_conflict(line, rules, language) for line in error.lines]
    return lines


def _conflict(line: str, rules: RuleSet | None, language: Language) -> str:
    """Both experiments by their names, and how many citizens they disagree about."""
    if rules is None or not isinstance(line, Phrase):
        return spoken(line, language.text)
    first, second = (_experiment_name(str(line.values[key]), rules, language) for key in ("first", "second"))
    titles = {r.id: r.title for pack in rules.packs for r in pack.requirements}
    return language.plural(
        "{first} and {second} change {requirement} in different ways, for {n} citizen.",
        "{first} and {second} change {requirement} in different ways, for {n} citizens.",
        len(str(line.values["citizens"]).split(", ")),
        first=first,
        second=second,
        requirement=_named(titles, str(line.values["requirement"]), language),
    )


def _experiment_name(text: str, rules: RuleSet, language: Language) -> str:
    name, _, period = text.partition(" ")
    experiment = rules.experiments.get(name)
    return text if experiment is None else f"“{language.title(experiment.title)}” {period}"
