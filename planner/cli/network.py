"""The verbs for the network of municipalities: hand experience on, compare it, take an experiment over."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from planner.cli.context import Context, read_bytes
from planner.cli.form import material
from planner.cli.office import adoption_options, stated
from planner.cli.parser import Verbs
from planner.cli.periods import period_options
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.exchange.experience_wire import ExperienceFile

MOST_FILES = 100


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    parser = verbs.verb("network", network)
    below = verbs.under(parser, "network_verb")
    verb = below.add("export", text("write the experience with an experiment to a file, with no person in it"), export)
    verb.add_argument("experiment", metavar=text("EXPERIMENT"), help=text("its id; see planner rules"))
    period_options(verbs, verb)
    verb.add_argument("--output", required=True, metavar=text("FILE"), help=text("a new file"))
    verb = below.add("compare", text("lay the experience of several municipalities side by side"), compare)
    verb.add_argument("files", nargs="+", metavar=text("FILE"), help=text("files from planner network export"))
    verb = below.add(
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
    from planner.evaluation.figures import BESIDE_OTHERS
    from planner.exchange.experience_file import experience, experience_bytes, said_in
    from planner.exchange.paper_files import check_new, save_bytes
    from planner.services.ports import AccessKind

    check_new(options.output)
    made = experience(material(context, options))
    desk = context.desk()
    desk.follow_up.check_nameless(said_in(made))
    desk.looked("network", count=len(desk.present().citizens), kind=AccessKind.EXPORT)
    path = save_bytes(options.output, experience_bytes(made))
    if context.json:
        context.out.json({"file": str(path), "experiment": made.experiment, "figures": len(made.figures)})
    else:
        context.out.line(context.text("Written: {path}", path=path))
        context.out.line(context.text(BESIDE_OTHERS))
    return 0


def compare(context: Context, options: Namespace) -> int:
    """Print what several packages of the same experiment say, figure by figure."""
    from planner.reporting.comparing import check_comparable, comparison_lines

    if len(options.files) > MOST_FILES:
        raise InputError(
            N_("The option is wrong"),
            [Fault("compare", str(len(options.files)), Phrase("at most {most} files", most=MOST_FILES))],
        )
    made = [_read(name) for name in options.files]
    check_comparable(options.files, made)
    if context.json:
        context.out.json(_comparison(made))
        return 0
    for line in comparison_lines(made, context.language):
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


def _comparison(made: Sequence[ExperienceFile]) -> dict[str, object]:
    from planner.reporting.comparing import by_figure

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
            for name, group in by_figure(made)
        ],
    }
