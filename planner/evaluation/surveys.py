"""Rounds of a survey beside each other: shares with intervals, as rows and as stacked bars in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from planner.domain.follow_up import Scale, SurveyRound
from planner.evaluation.questions import Question
from planner.evaluation.shares import FEWEST, Share, shares
from planner.evaluation.telling import Cell
from planner.locale import N_, Language

SCALE: Final[Mapping[Scale, str]] = MappingProxyType(
    {
        Scale.DONT_KNOW: N_("don't know"),
        Scale.LITTLE: N_("not, or little"),
        Scale.SOME: N_("to some extent"),
        Scale.HIGH: N_("to a high or very high extent"),
    }
)
#: What a bar is drawn with, answer by answer; letters' neighbours that every terminal and every ear can tell apart.
SIGNS: Final[Mapping[Scale, str]] = MappingProxyType(
    {Scale.DONT_KNOW: "?", Scale.LITTLE: "-", Scale.SOME: "=", Scale.HIGH: "#"}
)
WIDTH = 40
#: What is said of the intervals, wherever they are shown.
INTERVALS = N_("In brackets the 95 % interval (Wilson) in per cent.")


def percent(share: Share, language: Language) -> str:
    """A share with its interval: "62 % (44–77)"."""
    low, high = (round(100 * end) for end in share.interval)
    return language.text("{share} % ({low}–{high})", share=round(100 * share.value), low=low, high=high)


def asked(questions: Sequence[Question], rounds: Sequence[SurveyRound]) -> tuple[str, ...]:
    """The ids of all questions that are asked or were answered, those of the file first and in its order."""
    known = [question.id for question in questions]
    answered = sorted({name for one in rounds for name in one.tally} - set(known))
    return (*known, *answered)


def wording(name: str, questions: Sequence[Question], language: Language) -> str:
    """The question in a language; its id where it is not asked any more."""
    return next((language.title(one.text) for one in questions if one.id == name), name)


def result(made: SurveyRound, question: str) -> tuple[Share, ...] | None:
    """The share of each answer to a question; None where there are too few to be shown."""
    return shares(made.tally.get(question, (0,) * len(Scale)))


def answer_rows(
    rounds: Sequence[SurveyRound], questions: Sequence[Question], language: Language
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Columns and rows: question, round, answers, and a share for each answer of the scale."""
    text = language.text
    columns = (text("Question"), text("Round"), text("Answers"), *(text(word) for word in SCALE.values()))
    rows = []
    for name in asked(questions, rounds):
        for made in rounds:
            found = result(made, name)
            about = (wording(name, questions, language), f"{made.name}, {language.date(made.on)}")
            few = text("fewer than {fewest}", fewest=FEWEST)
            cells = (
                (few, *("–" for _ in Scale))
                if found is None
                else (
                    str(found[0].n),
                    *(percent(share, language) for share in found),
                )
            )
            rows.append((*about, *cells))
    return columns, tuple(rows)


def share_rows(rounds: Sequence[SurveyRound], questions: Sequence[Question], language: Language) -> list[list[Cell]]:
    """The rounds as rows for a file, a header first: a row for each answer, its share and interval in per cent."""
    text = language.text
    header = (
        *(text("Question"), text("Round"), text("Date"), text("Number of answers"), text("Answer")),
        *(text("Share in per cent"), text("Lower bound"), text("Upper bound"), text("Withheld")),
    )
    rows: list[list[Cell]] = [list(header)]
    for name in asked(questions, rounds):
        for made in rounds:
            about = (wording(name, questions, language), made.name, language.date(made.on))
            found = result(made, name)
            if found is None:
                rows.append([*about, *[None] * 5, text("fewer than {fewest}", fewest=FEWEST)])
                continue
            for word, share in zip(SCALE.values(), found, strict=True):
                rows.append([*about, share.n, text(word), *in_per_cent(share), ""])
    return rows


def in_per_cent(share: Share) -> tuple[float, float, float]:
    """A share and its interval in per cent, rounded as a file holds them."""
    low, high = share.interval
    return round(100 * share.value, 2), round(100 * low, 2), round(100 * high, 2)


def answers_told(found: Sequence[Share], language: Language) -> str:
    """The shares of all answers with their intervals, in a line."""
    told = (
        f"{language.text(word)} {percent(share, language)}" for word, share in zip(SCALE.values(), found, strict=True)
    )
    return "; ".join(told)


def bar(found: Sequence[Share], width: int = WIDTH) -> str:
    """A stacked bar of exactly `width` signs: the largest remainders get what rounding leaves over."""
    n = sum(share.count for share in found)
    exact = [share.count * width / n for share in found]
    cells = [int(value) for value in exact]
    left = sorted(range(len(exact)), key=lambda at: (cells[at] - exact[at], at))
    for at in left[: width - sum(cells)]:
        cells[at] += 1
    return "".join(sign * count for sign, count in zip(SIGNS.values(), cells, strict=True))


def lines(rounds: Sequence[SurveyRound], questions: Sequence[Question], language: Language) -> Iterator[str]:
    """The rounds question by question: a bar for each with n, and the shares below it."""
    text = language.text
    yield text("The signs: {signs}", signs="; ".join(f"{SIGNS[one]} {text(word)}" for one, word in SCALE.items()))
    yield text(INTERVALS)
    width = max((len(made.name) for made in rounds), default=0)
    for name in asked(questions, rounds):
        yield ""
        yield f"{wording(name, questions, language)} ({name})"
        for made in rounds:
            found = result(made, name)
            if found is None:
                yield f"  {made.name:{width}}  " + text("fewer than {fewest} answers: not shown", fewest=FEWEST)
                continue
            yield f"  {made.name:{width}}  {bar(found)}  n = {found[0].n}"
            yield f"  {'':{width}}  " + answers_told(found, language)
