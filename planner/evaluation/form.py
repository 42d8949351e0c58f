"""The evaluation form of an experiment: ten points, filled with what was measured and what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.domain.caseload import Adoption
from planner.domain.follow_up import Supervision, SurveyRound
from planner.evaluation.evidence import Span
from planner.evaluation.figures import Figure
from planner.evaluation.questions import Question
from planner.evaluation.shares import FEWEST
from planner.evaluation.supervision import supervision_rows
from planner.evaluation.surveys import answer_rows
from planner.locale import N_, Language
from planner.rules.format import Experiment
from planner.rules.parameters import effective_parameters

#: The headings of the ten points; those from the sixth on are filled when there is experience.
HEADINGS = (
    N_("Description of the experiment"),
    N_("Purpose of the experiment"),
    N_("Concrete goals and criteria of success"),
    N_("Design of the evaluation"),
    N_("Meeting the demands of the law"),
    N_("Adjustments of the design"),
    N_("Results of the experiment"),
    N_("Conclusion"),
    N_("Unexpected findings"),
    N_("Other remarks"),
)
TO_BE_WRITTEN = N_("(to be written)")
BY_HAND = N_("(filled in by hand; no names are kept here)")
LIMITS = N_(
    "The figures count what was recorded here. They do not show that the experiment caused it. What rests on fewer "
    "than {fewest} persons or answers is withheld, and so is what would give it away."
)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a form is made from; `texts` by point, `span` is what the figures cover."""

    experiment: Experiment
    adoptions: Sequence[Adoption]
    municipality: str
    span: Span
    figures: Sequence[Figure]
    rounds: Sequence[SurveyRound]
    survey: Sequence[Question]
    supervisions: Sequence[Supervision]
    checklist: Sequence[Question]
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; every row has as many cells as there are columns."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One of the ten points: what the program fills in, and what somebody has written (paragraphs by line)."""

    number: int
    heading: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    text: str

    def words(self) -> str:
        """Everything that is said under it."""
        cells = (cell for table in self.tables for row in table.rows for cell in row)
        return "\n".join((*self.lines, *cells, self.text))


@dataclass(frozen=True, slots=True)
class Form:
    """The form in one language, ready to be laid out."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]
    limits: str


def make_form(of: Material, language: Language) -> Form:
    """The form in a language."""
    text = language.text
    filled = {1: _described, 4: _design, 5: _lawful, 6: _adjusted}
    points = []
    for number, heading in enumerate(HEADINGS, start=1):
        lines = tuple(filled[number](of, language)) if number in filled else ()
        tables = tuple(_tables(of, language)) if number == 7 else ()
        written = of.texts.get(number, "")
        points.append(Point(number, text(heading), lines, tables, written or _missing(lines, tables, language)))
    return Form(
        language=language.code,
        title=text("Evaluation form"),
        subtitle=language.title(of.experiment.title),
        facts=tuple(_facts(of, language)),
        points=tuple(points),
        limits=text(LIMITS, fewest=FEWEST),
    )


def _missing(lines: Sequence[str], tables: Sequence[Table], language: Language) -> str:
    return "" if lines or tables else language.text(TO_BE_WRITTEN)


def _facts(of: Material, language: Language) -> Iterator[tuple[str, str]]:
    text, by_hand = language.text, language.text(BY_HAND)
    begun = min((one.first for one in of.adoptions), default=None)
    open_end = any(one.last is None for one in of.adoptions)
    ended = None if open_end else max((one.last for one in of.adoptions if one.last is not None), default=None)
    yield text("Title of the experiment"), language.title(of.experiment.title)
    yield text("Case or application number"), by_hand
    yield text("Municipality"), of.municipality
    yield text("Begun"), language.date(begun) if begun else text("not adopted here")
    yield text("Ended"), language.date(ended) if ended else text("still running") if begun else "–"
    yield text("Period of the figures"), text("from {first} to {last}", first=of.span.first, last=of.span.last)
    yield text("Contact person in the institution"), by_hand
    yield text("Contact person in the municipality"), by_hand


def _described(of: Material, language: Language) -> Iterator[str]:
    yield language.title(of.experiment.changed)
    if of.experiment.groups:
        groups = ", ".join(group.value for group in of.experiment.groups)
        yield language.text("Target groups: {groups}", groups=groups)


def _design(of: Material, language: Language) -> Iterator[str]:
    text = language.text
    groups = ", ".join(group.value for group in of.experiment.groups)
    about = text("What is measured, of citizens in target group {groups}:", groups=groups)
    yield about if groups else text("What is measured:")
    for figure in of.figures:
        yield f"{text(figure.name)}: {text(figure.definition)}"
    for made in of.rounds:
        yield text("Survey among the staff on a scale of four: “{round}”, {on}", round=made.name, on=made.on)
    for sample in of.supervisions:
        yield text(
            "Supervision: {size} of {population} cases drawn at random on {on} (seed {seed})",
            size=sample.size,
            population=sample.population,
            on=sample.on,
            seed=sample.seed,
        )


def _lawful(of: Material, language: Language) -> Iterator[str]:
    yield language.title(of.experiment.legal_basis)
    for adoption in of.adoptions:
        yield language.text(
            "In force here from {first}: {authority}", first=adoption.first, authority=adoption.authority
        )


def _adjusted(of: Material, language: Language) -> Iterator[str]:
    for adoption in of.adoptions:
        usual, here = effective_parameters(of.experiment, {}), effective_parameters(of.experiment, adoption.parameters)
        for name in (name for name in here if here[name] != usual[name]):
            yield language.text(
                "{parameter}: {here} from {first} instead of {usual}",
                parameter=language.title(of.experiment.parameters[name].title),
                here=here[name],
                first=adoption.first,
                usual=usual[name],
            )


def _tables(of: Material, language: Language) -> Iterator[Table]:
    text = language.text
    yield Table(
        text("Figures"),
        (text("Figure"), text("Value"), text("Unit"), text("Persons")),
        tuple((text(f.name), f.text(language), text(f.unit), "–" if f.n is None else str(f.n)) for f in of.figures),
    )
    if of.rounds:
        yield Table(text("Survey"), *answer_rows(of.rounds, of.survey, language))
    if of.supervisions:
        yield Table(text("Supervision"), *supervision_rows(of.supervisions, of.checklist, language))
