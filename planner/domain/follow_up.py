"""What an experiment is judged by beside the figures: survey rounds, supervised cases, texts of the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256


class Scale(StrEnum):
    """The answers of a survey, from the one that says least to the one that says most."""

    DONT_KNOW = "dont_know"
    LITTLE = "little"
    SOME = "some"
    HIGH = "high"


class Finding(StrEnum):
    """What supervision found in one case on one question."""

    YES = "yes"
    NO = "no"
    NOT_RELEVANT = "not_relevant"


#: The largest number that a sample is drawn by.
MOST_SEED = 10**9
#: How often each answer was given to each question, in the order of its scale: `Scale` or `Finding`.
Tally = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class SurveyRound:
    """A round of a survey: its name, its date, and how often each answer was given; who answered is not kept."""

    name: str
    on: date
    tally: Tally = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class SupervisedCase:
    """One case of a sample (the citizen by the store's key) with what was found so far, by question."""

    citizen: str
    findings: Mapping[str, Finding] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Supervision:
    """A sample of `size` cases drawn by `seed` out of `population` on a day.

    `erased` of them were erased since; of those only `tally` is left, how often each finding was made.
    """

    on: date
    seed: int
    size: int
    population: int
    cases: tuple[SupervisedCase, ...] = ()
    erased: int = 0
    tally: Tally = field(default_factory=dict)
    key: str = ""

    def findings(self) -> dict[str, tuple[int, ...]]:
        """How often each finding was made, of all cases."""
        made = [(question, finding) for case in self.cases for question, finding in case.findings.items()]
        return added(self.tally, counted(made, Finding))


@dataclass(frozen=True, slots=True)
class FormText:
    """What somebody has written under one point of an experiment's evaluation form."""

    experiment: str
    point: int
    text: str
    key: str = ""


def counted(answers: Iterable[tuple[str, str]], scale: type[StrEnum]) -> dict[str, tuple[int, ...]]:
    """How often each answer was given to each question, in the order of the scale."""
    places = {str(answer): place for place, answer in enumerate(scale)}
    found: dict[str, list[int]] = {}
    for question, answer in answers:
        found.setdefault(question, [0] * len(places))[places[answer]] += 1
    return {question: tuple(counts) for question, counts in found.items()}


def added(one: Tally, other: Tally) -> dict[str, tuple[int, ...]]:
    """Two tallies together; questions in the order of their ids, so that nothing tells which was answered first."""
    total = {}
    for question in sorted({*one, *other}):
        counts = [tally[question] for tally in (one, other) if question in tally]
        total[question] = tuple(map(sum, zip(*counts, strict=True)))
    return total


def drawn(ids: Iterable[str], size: int, seed: int) -> tuple[str, ...]:
    """A random sample: the same ids, size and seed give the same sample, in whatever order the ids come."""
    return tuple(sorted(ids, key=lambda one: sha256(f"{seed}\0{one}".encode("utf-8", "replace")).digest())[:size])
