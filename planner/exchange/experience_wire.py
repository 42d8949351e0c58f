"""The experience package `planner-experience/1`: what a municipality tells others of an experiment."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from planner.evaluation.shares import FEWEST
from planner.exchange.wire import Day, Wire

Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$", description="lower-case letters, digits and hyphens")]
Words = Annotated[str, Meta(min_length=1, max_length=1000)]
Number = Annotated[float, Meta(ge=-1_000_000_000, le=1_000_000_000)]
Enough = Annotated[int, Meta(ge=FEWEST, le=1_000_000_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Parameters = Annotated[dict[str, str | int], Meta(max_length=100)]


class Adopted(Wire, frozen=True, kw_only=True):
    """When, on what authority and with which parameters the experiment was in force."""

    first: Day = field(name="from")
    last: Day | None = field(name="to", default=None)
    authority: Words
    parameters: Parameters = field(default_factory=dict)


class Figure(Wire, frozen=True, kw_only=True):
    """A figure with its definition; without a value it was not measured, or is withheld."""

    id: Key
    name: Words
    definition: Words
    unit: Words
    value: Number | None = None
    n: Enough | None = None
    withheld: bool = False


class Text(Wire, frozen=True, kw_only=True):
    """A question in both languages."""

    da: Words
    en: Words


class Answers(Wire, frozen=True, kw_only=True):
    """How often each answer was given to a question: don't know, little, some, high."""

    question: Key
    text: Text
    n: Enough
    counts: Annotated[tuple[Count, ...], Meta(min_length=4, max_length=4)]


class Round(Wire, frozen=True, kw_only=True):
    """A round of the survey, with the questions that enough have answered."""

    name: Words
    date: Day
    answers: Annotated[tuple[Answers, ...], Meta(max_length=100)] = ()


class Found(Wire, frozen=True, kw_only=True):
    """In how many of `n` cases supervision answered a question with yes."""

    question: Key
    text: Text
    n: Enough
    yes: Count


class Sample(Wire, frozen=True, kw_only=True):
    """A sample of supervision."""

    date: Day
    size: Count
    population: Count
    found: Annotated[tuple[Found, ...], Meta(max_length=100)] = ()


class Written(Wire, frozen=True, kw_only=True):
    """The text of a point of the evaluation form."""

    point: Annotated[int, Meta(ge=1, le=10)]
    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class ExperienceFile(Wire, frozen=True, kw_only=True):
    """The whole package."""

    schema: Literal["planner-experience/1"]
    experiment: Key
    municipality: Words
    first: Day = field(name="from")
    last: Day = field(name="to")
    adopted: Annotated[tuple[Adopted, ...], Meta(max_length=100)] = ()
    figures: Annotated[tuple[Figure, ...], Meta(max_length=1000)] = ()
    survey: Annotated[tuple[Round, ...], Meta(max_length=100)] = ()
    supervision: Annotated[tuple[Sample, ...], Meta(max_length=100)] = ()
    form: Annotated[tuple[Written, ...], Meta(max_length=10)] = ()
