"""The verbs for the network of municipalities: hand experience on, compare it, take an experiment over."""

from __future__ import annotations

from argparse import Namespace
from itertools import groupby
from typing import TYPE_CHECKING

from planner.cli.context import Context, read_bytes
from planner.cli.form import material
from planner.cli.office import adoption_options, stated
from planner.cli.parser import Verbs
from planner.cli.periods import period_options
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.exchange.experience_wire import ExperienceFile, Figure
    from planner.locale import Language

MOST_FILES = 100
_WIDTH = 30


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    parser = verbs.verb("network", text("hand experience on to other municipalities, and take theirs over"), network)
    below = verbs.under(parser, "network_verb")
    verb = below.verb("export", text("write the experience with an experiment to a file, with no person in it"), export)
    verb.add_argument("experiment", metavar=text("EXPERIMENT"), help=text("its id; see planner rules"))
    period_options(verbs, verb)
    verb.add_argument("--output", required=True, metavar=text("FILE"), help=text("a new file"))
    verb = below.verb("compare", text("lay the experience of several municipalities side by side"), compare)
    verb.add_argument("files", nargs="+", metavar=text("FILE"), help=text("files from planner network export"))
    verb = below.verb(
        "adopt", text("adopt an experiment as another municipality has it, with adjustments of your own"), adopt
    )
    verb.add_argument("file", metavar=text("FILE"), help=text("a file from planner network export"))
    adoption_options(verbs, verb)


def network(context: Context, options: Namespace) -> int:
    """Nothing by itself."""
    raise InputError(
        N_("The option is wrong"),
        [Fault("network", Phrase("nothing"), Phrase("one of {values}", values="export, compare, adopt"))],
    )


def export(context: Context, options: Namespace) -> int:
    """Write the package of an experiment."""
    from planner.exchange.experience_file import experience, experience_bytes, said_in
    from planner.exchange.paper_files import check_new, save_bytes
    from planner.services.ports import AccessKind

    check_new(options.output)
    made = experience(material(context, options))
    desk = context.desk()
    desk.follow_up.check_nameless(said_in(made))
    desk.looked("network", count=len(desk.caseload().citizens), kind=AccessKind.EXPORT)
    path = save_bytes(options.output, experience_bytes(made))
    if context.json:
        context.out.json({"file": str(path), "experiment": made.experiment, "figures": len(made.figures)})
    else:
        context.out.line(context.text("Written: {path}", path=path))
    return 0


def compare(context: Context, options: Namespace) -> int:
    """Print what several packages of the same experiment say, figure by figure."""
    if len(options.files) > MOST_FILES:
        raise InputError(
            N_("The option is wrong"),
            [Fault("compare", str(len(options.files)), Phrase("at most {most} files", most=MOST_FILES))],
        )
    made = [_read(name) for name in options.files]
    faults = [
        Fault(f"{name}:$.experiment", shown(one.experiment), shown(made[0].experiment))
        for name, one in zip(options.files, made, strict=True)
        if one.experiment != made[0].experiment
    ]
    if faults:
        raise InputError(N_("The packages are about several experiments"), faults)
    if context.json:
        context.out.json(_comparison(made))
        return 0
    for line in _lines(made, context.language):
        context.out.line(line)
    return 0


def adopt(context: Context, options: Namespace) -> int:
    """Adopt the experiment of a package with the parameters that it had last, and those stated."""
    made = _read(options.file)
    theirs = max(made.adopted, key=lambda one: one.first).parameters if made.adopted else {}
    return context.done(context.desk().adopt(stated(context, options, made.experiment, theirs)))


def _read(name: str) -> ExperienceFile:
    from planner.exchange.experience_file import read_experience

    return read_experience(read_bytes(name), name)


def _by_figure(made: Sequence[ExperienceFile]) -> list[tuple[str, list[tuple[ExperienceFile, Figure]]]]:
    """Every figure with who has it, in the order in which they stand first."""
    pairs = [(package, figure) for package in made for figure in package.figures]
    order = {figure.id: place for place, (_, figure) in reversed(list(enumerate(pairs)))}
    pairs.sort(key=lambda pair: order[pair[1].id])
    return [(name, list(group)) for name, group in groupby(pairs, key=lambda pair: pair[1].id)]


def _lines(made: Sequence[ExperienceFile], language: Language) -> Iterator[str]:
    text = language.text
    yield text("Experience with {experiment}", experiment=made[0].experiment)
    for package in made:
        adopted = max(package.adopted, key=lambda one: one.first, default=None)
        own = ", ".join(f"{name}={value}" for name, value in adopted.parameters.items()) if adopted else ""
        period = text("from {first} to {last}", first=package.first, last=package.last)
        yield f"   {package.municipality}, {period}; " + text("parameters of its own: {own}", own=own or text("none"))
    width = max(len(package.municipality) for package in made)
    for _, group in _by_figure(made):
        figure = group[0][1]
        yield ""
        yield f"{text(figure.name)} ({text(figure.unit)}): {text(figure.definition)}"
        most = max((abs(one.value) for _, one in group if one.value is not None), default=0.0)
        for package, one in group:
            yield f"   {package.municipality:{width}}  {_cell(one, most, language)}".rstrip()
    yield from _survey_lines(made, width, language)
    yield ""
    yield text(
        "What rests on fewer than five persons or answers is withheld. The municipalities differ in more than this."
    )


def _cell(figure: Figure, most: float, language: Language) -> str:
    if figure.value is None:
        return language.text("withheld") if figure.withheld else language.text("not measured")
    told = language.number(figure.value, 0 if figure.value == int(figure.value) else 1)
    bar = "#" * round(_WIDTH * abs(figure.value) / most) if most else ""
    return f"{told:>10}  n = {figure.n}  {bar}"


def _survey_lines(made: Sequence[ExperienceFile], width: int, language: Language) -> Iterator[str]:
    """The newest round of each, question by question."""
    from planner.evaluation.shares import Share
    from planner.evaluation.surveys import bar

    newest = [(one, max(one.survey, key=lambda made: made.date)) for one in made if one.survey]
    asked = {answer.question: answer.text for _, one in newest for answer in one.answers}
    for name, words in asked.items():
        yield ""
        yield f"{words.da if language.code == 'da' else words.en} (? - = #)"
        for package, one in newest:
            for answer in one.answers:
                if answer.question == name:
                    shares = [Share(count, answer.n) for count in answer.counts]
                    yield f"   {package.municipality:{width}}  {bar(shares)}  n = {answer.n}  {one.name}"


def _comparison(made: Sequence[ExperienceFile]) -> dict[str, object]:
    return {
        "schema": "planner-comparison/1",
        "experiment": made[0].experiment,
        "municipalities": [
            {"name": one.municipality, "from": one.first.isoformat(), "to": one.last.isoformat()} for one in made
        ],
        "figures": [
            {
                "id": name,
                "unit": group[0][1].unit,
                "values": [
                    {"municipality": package.municipality, "value": one.value, "n": one.n, "withheld": one.withheld}
                    for package, one in group
                ],
            }
            for name, group in _by_figure(made)
        ],
    }
