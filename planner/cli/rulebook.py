"""Verbs that show the rules: law packs and experiments with period, source and confidence."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.context import Context
from planner.cli.parser import Verbs
from planner.domain.citizens import Cadence
from planner.errors import NotFound
from planner.locale import N_, Language
from planner.rules.windows import WindowKind
from planner.services import words

INDENT = "   "
EVERY_CONVERSATION = "every_conversation"
_PERIODS = {
    "every": N_("time between: {period}"),
    "within": N_("within {period}"),
    "spacing": N_("at least {period} apart"),
    "during": N_("in the first {period}"),
    "starts_after": N_("begins after {period}"),
    "grace": N_("grace: {period}"),
    "renew": N_("once more after {period}"),
    "again": N_("again after {period}"),
}
_ANCHORS = {
    "last": N_("counted from the last conversation"),
    "spell": N_("counted from the start of the spell"),
}

if TYPE_CHECKING:
    from planner.rules.format import Experiment, LawPack, Requirement, SelfBooking


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verb = verbs.verb("rules", rules)
    verb.add_argument(
        "--rules", type=Path, metavar=text("DIR"), help=text("rule files that add to or replace the shipped ones")
    )
    show_verb = verbs.under(verb, "rules_verb").add("show", text("print one law pack or experiment"), show)
    show_verb.add_argument("id", metavar=text("ID"))
    show_verb.add_argument(
        "--rules", type=Path, metavar=text("DIR"), help=text("rule files that add to or replace the shipped ones")
    )


def rules(context: Context, options: Namespace) -> int:
    """Every law pack and experiment, each in one line."""
    from planner.exchange.rule_files import load_rules

    found = load_rules(options.rules)
    language = context.language
    if context.json:
        context.out.json(
            {
                "packs": [_pack_data(pack, language) for pack in found.packs],
                "experiments": [
                    _experiment_data(found.experiments[name], language) for name in sorted(found.experiments)
                ],
            }
        )
        return 0
    context.out.line(context.text("Law packs"))
    for pack in found.packs:
        period = _period(pack.valid_from, pack.valid_to, language)
        sureness = language.joined([language.text(words.confidence(mark)) for mark in _marks(pack)])
        context.out.line(f"{pack.id}; {language.title(pack.title)}; {period}; {sureness}; {pack.source}")
    context.out.line()
    context.out.line(context.text("Experiments"))
    for name in sorted(found.experiments):
        context.out.line(_experiment_line(found.experiments[name], language))
    return 0


def show(context: Context, options: Namespace) -> int:
    """One law pack or experiment in full."""
    import msgspec

    from planner.exchange.rule_files import load_rules

    found = load_rules(options.rules)
    pack = next((pack for pack in found.packs if pack.id == options.id), None)
    experiment = found.experiments.get(options.id)
    rule = pack or experiment
    if rule is None:
        raise NotFound("No law pack or experiment is called “{name}”; see planner rules", name=options.id)
    if context.json:
        context.out.json(msgspec.to_builtins(rule))
        return 0
    lines = _pack_lines(pack, context.language) if pack is not None else _experiment_lines(experiment, context.language)
    for line in lines:
        context.out.line(line)
    return 0


def _period(first: date | None, last: date | None, language: Language) -> str:
    if first is None and last is None:
        return language.text("period not known")
    if last is None:
        return language.text("from {first}", first=first)
    if first is None:
        return language.text("until {last}", last=last)
    return language.text("from {first} to {last}", first=first, last=last)


def _marks(pack: LawPack) -> list[str]:
    return list(dict.fromkeys(requirement.confidence for requirement in pack.requirements))


def _experiment_line(experiment: Experiment, language: Language) -> str:
    text = language.text
    pieces = [
        experiment.id,
        language.title(experiment.title),
        text(words.experiment_status(experiment.status)),
        _experiment_period(experiment, language),
        text(words.experiment_confidence(experiment.confidence)),
        experiment.source,
    ]
    return "; ".join(pieces)


def _experiment_period(experiment: Experiment, language: Language) -> str:
    if experiment.period_from is None and experiment.period_to is None and experiment.period_note is not None:
        return language.title(experiment.period_note).rstrip(".")
    return _period(experiment.period_from, experiment.period_to, language)


def _pack_data(pack: LawPack, language: Language) -> dict[str, object]:
    return {
        "id": pack.id,
        "version": pack.version,
        "title": language.title(pack.title),
        "valid_from": pack.valid_from.isoformat(),
        "valid_to": pack.valid_to.isoformat() if pack.valid_to else None,
        "source": pack.source,
        "confidence": _marks(pack),
    }


def _experiment_data(experiment: Experiment, language: Language) -> dict[str, object]:
    return {
        "id": experiment.id,
        "version": experiment.version,
        "title": language.title(experiment.title),
        "theme": experiment.theme,
        "status": experiment.status,
        "period_from": experiment.period_from.isoformat() if experiment.period_from else None,
        "period_to": experiment.period_to.isoformat() if experiment.period_to else None,
        "source": experiment.source,
        "confidence": experiment.confidence,
    }


def _pack_lines(pack: LawPack, language: Language) -> list[str]:
    text = language.text
    lines = [
        f"{pack.id}: {language.title(pack.title)}",
        text("In force: {period}", period=_period(pack.valid_from, pack.valid_to, language)),
        text("Source: {source}", source=pack.source),
    ]
    if pack.note is not None:
        lines.append(text("Note: {note}", note=language.title(pack.note)))
    for requirement in pack.requirements:
        lines += ["", *_requirement_lines(requirement, language)]
    if pack.self_booking is not None:
        lines += ["", *_self_booking_lines(pack.self_booking, language)]
    return lines


def _self_booking_lines(rule: SelfBooking, language: Language) -> list[str]:
    from planner.services.explanation import period_words

    text = language.text
    lines = [
        text("Self-booking: at least {period} to choose a time", period=period_words(rule.deadline, language)),
        INDENT
        + text(
            "{reference}; source {source}; {confidence}",
            reference=rule.reference,
            source=rule.source,
            confidence=text(words.confidence(rule.confidence)),
        ),
    ]
    if rule.note is not None:
        lines.append(INDENT + text("Note: {note}", note=language.title(rule.note)))
    return lines


def _requirement_lines(requirement: Requirement, language: Language) -> list[str]:
    text = language.text
    groups = language.joined([text(words.target_group(group)) for group in requirement.groups])
    lines = [
        f"{requirement.id}: {language.title(requirement.title)}",
        f"{INDENT}{', '.join(_figures(requirement, language))}",
        INDENT + text("For: {groups}", groups=groups),
        INDENT
        + text(
            "{reference}; source {source}; {confidence}",
            reference=requirement.reference,
            source=requirement.source,
            confidence=text(words.confidence(requirement.confidence)),
        ),
    ]
    if requirement.note is not None:
        lines.append(INDENT + text("Note: {note}", note=language.title(requirement.note)))
    return lines


def _figures(requirement: Requirement, language: Language) -> Iterator[str]:
    """What kind of demand it is, and its figures in words."""
    yield language.text(words.window_kind(WindowKind(requirement.kind)))
    if requirement.count is not None:
        yield language.plural("{n} conversation", "{n} conversations", requirement.count)
    if requirement.at == EVERY_CONVERSATION:
        yield language.text("in every conversation")
    elif requirement.at is not None:
        yield language.text("after {period} at the latest", period=_period_words(requirement.at, language))
    for name, msgid in _PERIODS.items():
        if period := getattr(requirement, name):
            yield language.text(msgid, period=_period_words(period, language))
    if requirement.anchor is not None:
        yield language.text(_ANCHORS[requirement.anchor])


def _period_words(period: str, language: Language) -> str:
    from planner.services.explanation import period_words  # brings the rules along, which the help must not wait for

    return period_words(period, language)


def _default(value: str | int, language: Language) -> str:
    """The default of a parameter in words, and how it is written where that is not the same."""
    if isinstance(value, int):
        return str(value)
    said = language.text(words.cadence(Cadence(value))) if value in set(Cadence) else _period_words(value, language)
    return value if said == value else language.text("{said}, written {value}", said=said, value=value)


def _experiment_lines(experiment: Experiment | None, language: Language) -> list[str]:
    if experiment is None:
        return []
    text = language.text
    groups = language.joined([text(words.target_group(group)) for group in experiment.groups])
    lines = [
        f"{experiment.id}: {language.title(experiment.title)}",
        text("Theme: {theme}", theme=text(words.theme(experiment.theme))),
        text("Status: {status}", status=text(words.experiment_status(experiment.status))),
        text("Period: {period}", period=_experiment_period(experiment, language)),
        text("Legal basis: {basis}", basis=language.title(experiment.legal_basis)),
        text("Source: {source}", source=experiment.source),
        text("Confidence: {confidence}", confidence=text(words.experiment_confidence(experiment.confidence))),
        text("What changed: {changed}", changed=language.title(experiment.changed)),
    ]
    if groups:
        lines.append(text("Target groups: {groups}", groups=groups))
    if experiment.municipalities:
        lines.append(text("Municipalities: {names}", names=language.joined(experiment.municipalities)))
    lines += [
        text(
            "Parameter {name}: {title}; default {default}",
            name=name,
            title=language.title(p.title),
            default=_default(p.default, language),
        )
        for name, p in experiment.parameters.items()
    ]
    lines += [
        text("Result: {result} ({source})", result=language.title(result.text), source=result.source)
        for result in experiment.results
    ]
    return lines
