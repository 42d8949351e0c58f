"""The verb for supervision: a sample of cases drawn at random, a checklist for each, and what was found."""

from __future__ import annotations

import secrets
from argparse import Namespace
from typing import TYPE_CHECKING

from planner.cli.context import Context
from planner.cli.exports import export_options, exports, write_new
from planner.cli.parser import Verbs
from planner.domain.follow_up import MOST_SEED
from planner.errors import Fault, InputError, PlannerError
from planner.locale import CODES, N_, language
from planner.phrases import Phrase
from planner.plain import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.domain.follow_up import Finding, Supervision
    from planner.evaluation.questions import Question


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("supervision", supervision)
    verb.add_argument(
        "citizen",
        nargs="?",
        metavar=text("CITIZEN"),
        help=text("a case of the newest sample: an id, or any part of the name that only one has"),
    )
    verb.add_argument(
        "findings",
        nargs="*",
        default=[],
        metavar=text("QUESTION=FINDING"),
        help=text("yes, no or not_relevant; nothing takes the finding out"),
    )
    verb.add_argument("--draw", metavar=text("SIZE"), help=text("draw a new sample of so many open cases"))
    verb.add_argument("--seed", metavar="N", help=text("draw the same sample again as with this number"))
    export_options(verbs, verb)


def supervision(context: Context, options: Namespace) -> int:
    """Draw a sample, write down findings, or show what was found."""
    from planner.exchange.question_files import checklist
    from planner.settings import settings_path

    if options.draw is not None:
        return _draw(context, options)
    if options.seed is not None:
        raise InputError(
            N_("The option is wrong"), [Fault("--seed", shown(options.seed), Phrase("together with --draw"))]
        )
    questions = checklist(settings_path().parent)
    if options.citizen is not None:
        if exports(options) or not options.findings:
            allowed = Phrase("one of {values}", values=", ".join(one.id for one in questions))
            raise InputError(N_("The option is wrong"), [Fault("supervision", Phrase("nothing"), allowed)])
        found = _findings(options.findings, questions)
        citizen = context.citizen(options.citizen)
        return context.done(context.desk().follow_up.supervise(citizen.id, found))
    return _show(context, options, questions)


def _draw(context: Context, options: Namespace) -> int:
    from planner.services.follow_up import MOST_SAMPLED

    if options.citizen is not None or exports(options):
        raise PlannerError(N_("Draw the sample first, and write down what is found with the next command."))
    size = _number("--draw", options.draw, 1, MOST_SAMPLED)
    seed = secrets.randbelow(MOST_SEED) if options.seed is None else _number("--seed", options.seed, 0, MOST_SEED)
    return context.done(context.desk().follow_up.draw(size, seed))


def _number(option: str, text: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and least <= int(text[:12]) <= most and len(text) <= 10:
        return int(text)
    allowed = Phrase("a whole number from {least} to {most}", least=least, most=most)
    raise InputError(N_("The option is wrong"), [Fault(option, shown(text), allowed)])


def _findings(pairs: Sequence[str], questions: Sequence[Question]) -> Mapping[str, Finding | None]:
    """The findings on the line; raises InputError with all that cannot be meant."""
    from planner.domain.follow_up import Finding
    from planner.domain.text import folded
    from planner.services.words import FINDINGS

    known = {
        folded(word): one for one in Finding for word in (one.value, *(language(c).text(FINDINGS[one]) for c in CODES))
    }
    names, faults, found = [one.id for one in questions], [], dict[str, "Finding | None"]()
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if name not in names or name in found:
            near = nearest(name, names)
            allowed = (
                Phrase("{near} (the nearest valid one)", near=near)
                if near
                else Phrase("one of {values}", values=", ".join(names))
            )
            faults.append(Fault("supervision", shown(name), allowed))
        elif not sign or (value and folded(value) not in known):
            words = {one.value: Phrase(FINDINGS[one]) for one in Finding}
            faults.append(Fault(name, shown(value), Phrase("{yes}, {no} or {not_relevant}", **words)))
        else:
            found[name] = known[folded(value)] if value else None
    if faults:
        raise InputError(N_("The option is wrong"), faults)
    return found


def _show(context: Context, options: Namespace, questions: Sequence[Question]) -> int:
    from planner.evaluation.supervision import lines

    samples = context.desk().follow_up.supervisions()
    if exports(options):
        from planner.exchange.result_files import supervision_bytes
        from planner.services.ports import AccessKind

        context.desk().looked("supervision", count=_drawn(samples), kind=AccessKind.EXPORT)
        write_new(context, options, lambda kind: supervision_bytes(samples, questions, kind, context.language))
        if not context.json:
            return 0
    context.listed(_drawn(samples))
    if context.json:
        context.out.json(_data(context, samples, questions))
        return 0
    if not samples:
        context.out.line(context.text("No sample yet. Draw one with: planner supervision --draw SIZE"))
        return 0
    _cases(context, samples[-1], questions)
    context.out.line()
    for line in lines(samples, questions, context.language):
        context.out.line(line)
    return 0


def _drawn(samples: Sequence[Supervision]) -> int:
    return len(samples[-1].cases) if samples else 0


def _cases(context: Context, sample: Supervision, questions: Sequence[Question]) -> None:
    from planner.services.words import FINDINGS

    out, text = context.out, context.text
    out.line(
        text(
            "Sample of {on}: {size} of {population} open cases, drawn with the number {seed}",
            on=sample.on,
            size=sample.size,
            population=sample.population,
            seed=sample.seed,
        )
    )
    for citizen, case in context.desk().follow_up.supervised(sample):
        found = (f"{name}: {text(FINDINGS[finding])}" for name, finding in case.findings.items())
        out.line(f"   {citizen.shown_name} ({citizen.id}); {', '.join(found) or text('nothing found yet')}")
    if sample.erased:
        out.line(text("Erased since, with only the count of what was found left: {count}", count=sample.erased))


def _data(context: Context, samples: Sequence[Supervision], questions: Sequence[Question]) -> dict[str, object]:
    from planner.evaluation.supervision import kept, questions_of

    def result(sample: Supervision, name: str) -> dict[str, object] | None:
        found = kept(sample, name)
        if found is None:
            return None
        low, high = found[0].interval
        return {"n": found[0].n, "yes": round(found[0].value, 4), "low": round(low, 4), "high": round(high, 4)}

    follow_up = context.desk().follow_up
    return {
        "schema": "planner-supervision/1",
        "samples": [
            {
                "date": sample.on.isoformat(),
                "seed": sample.seed,
                "size": sample.size,
                "population": sample.population,
                "erased": sample.erased,
                "results": {name: result(sample, name) for name in questions_of(questions, samples)},
            }
            for sample in samples
        ],
        "cases": [
            {"citizen": citizen.id, "findings": {name: str(finding) for name, finding in case.findings.items()}}
            for sample in samples[-1:]
            for citizen, case in follow_up.supervised(sample)
        ],
    }
