"""The experience package: made from what a form is made from, written as JSON, and read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from planner.domain.follow_up import Scale, Supervision, Tally
from planner.errors import Fault
from planner.evaluation.form import Material
from planner.evaluation.questions import Question
from planner.evaluation.shares import FEWEST
from planner.evaluation.supervision import kept
from planner.exchange import experience_wire as wire
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import parse_json
from planner.strict import Check, Good, read


def experience(of: Material) -> wire.ExperienceFile:
    """The package in which nothing rests on fewer than five persons, cases or answers."""
    return wire.ExperienceFile(
        schema="planner-experience/1",
        experiment=of.experiment.id,
        municipality=of.municipality or "–",
        first=of.span.first,
        last=of.span.last,
        adopted=tuple(
            wire.Adopted(
                first=one.first, last=one.last, authority=one.authority[:1000], parameters=_plain(one.parameters)
            )
            for one in of.adoptions
        ),
        figures=tuple(
            wire.Figure(
                id=one.id,
                name=one.name,
                definition=one.definition,
                unit=one.unit,
                value=one.value,
                n=one.n,
                withheld=one.is_withheld,
            )
            for one in of.figures
        ),
        survey=tuple(
            wire.Round(name=one.name, date=one.on, answers=tuple(_answers(one.tally, of.survey))) for one in of.rounds
        ),
        supervision=tuple(
            wire.Sample(
                date=one.on, size=one.size, population=one.population, found=tuple(_findings(one, of.checklist))
            )
            for one in of.supervisions
        ),
        form=tuple(wire.Written(point=point, text=text) for point, text in sorted(of.texts.items())),
    )


def experience_bytes(made: wire.ExperienceFile) -> bytes:
    """The package as JSON text."""
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def read_experience(data: bytes, name: str) -> wire.ExperienceFile:
    """The package in a file's bytes; raises InputError with every fault, each with the file's name."""
    return read(
        parse_json(data, f"{name}:$"), wire.ExperienceFile, f"{name}:$", _CHECKS, message=N_("The package has faults")
    )


def said_in(made: wire.ExperienceFile) -> dict[int, str]:
    """Everything in a package that somebody has written, by point of the form; what has none stands at its point."""
    texts = {one.point: one.text for one in made.form}
    asked = [one.text for told in made.survey for one in told.answers] + [
        one.text for told in made.supervision for one in told.found
    ]
    results = [*(one.name for one in made.survey), *(words for one in asked for words in (one.da, one.en))]
    for point, more in ((5, [one.authority for one in made.adopted]), (7, results)):
        texts[point] = "\n".join([*more, texts.get(point, "")])
    return texts


def _answers(tally: Tally, questions: Sequence[Question]) -> Iterator[wire.Answers]:
    for asked in questions:
        counts = tally.get(asked.id, (0,) * len(Scale))
        if sum(counts) >= FEWEST:
            yield wire.Answers(question=asked.id, text=_text(asked), n=sum(counts), counts=counts)


def _findings(sample: Supervision, questions: Sequence[Question]) -> Iterator[wire.Found]:
    for asked in questions:
        share = kept(sample, asked.id)
        if share is not None:
            yield wire.Found(question=asked.id, text=_text(asked), n=share[0].n, yes=share[0].count)


def _text(asked: Question) -> wire.Text:
    return wire.Text(da=asked.text.da[:1000], en=asked.text.en[:1000])


def _plain(parameters: Mapping[str, object]) -> dict[str, str | int]:
    return {name: value for name, value in parameters.items() if isinstance(value, str | int)}


def _figure(good: Good, path: str) -> Iterable[Fault]:
    if good.get("value") is not None and (good.get("withheld") or good.lacks("n")):
        yield Fault(f"{path}.value", Phrase("a value that rests on nobody"), Phrase("a value together with n"))


def _answered(good: Good, path: str) -> Iterable[Fault]:
    if (
        "n" in good
        and "counts" in good
        and all(isinstance(one, int) for one in good["counts"])
        and sum(good["counts"]) != good["n"]
    ):
        yield Fault(f"{path}.n", str(good["n"]), Phrase("the sum of counts, {sum}", sum=sum(good["counts"])))


def _found(good: Good, path: str) -> Iterable[Fault]:
    if "n" in good and "yes" in good and good["yes"] > good["n"]:
        yield Fault(f"{path}.yes", str(good["yes"]), Phrase("at most {most}", most=good["n"]))


def _period(good: Good, path: str) -> Iterable[Fault]:
    if "from" in good and "to" in good and good["to"] is not None and good["to"] < good["from"]:
        first = good["from"].isoformat()
        yield Fault(f"{path}.to", good["to"].isoformat(), Phrase("a date from {first} on", first=first))


_CHECKS: dict[type, Check] = {
    wire.Figure: _figure,
    wire.Answers: _answered,
    wire.Found: _found,
    wire.Adopted: _period,
    wire.ExperienceFile: _period,
}
