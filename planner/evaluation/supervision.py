"""What supervision found: shares of the cases in which each question was answered with yes, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.domain.follow_up import Supervision
from planner.evaluation.questions import Question
from planner.evaluation.shares import FEWEST, Share
from planner.evaluation.surveys import in_per_cent, percent, wording
from planner.evaluation.telling import Cell
from planner.locale import N_, Language

#: What the shares are of, wherever they are shown.
SHARES = N_("The share of yes among yes and no; in brackets the 95 % interval (Wilson) in per cent.")


def questions_of(checklist: Sequence[Question], samples: Sequence[Supervision]) -> tuple[str, ...]:
    """The ids of all questions that are asked or were answered, those of the file first and in its order."""
    known = [question.id for question in checklist]
    return (*known, *sorted({name for one in samples for name in one.findings()} - set(known)))


def kept(sample: Supervision, question: str) -> tuple[Share, int] | None:
    """The share of yes among yes and no, and how many were not relevant; None where there are too few to be shown."""
    yes, no, other = sample.findings().get(question, (0, 0, 0))
    return (Share(yes, yes + no), other) if yes + no >= FEWEST else None


def supervision_rows(
    samples: Sequence[Supervision], checklist: Sequence[Question], language: Language
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Columns and rows: question, sample, cases, the share of yes."""
    text = language.text
    columns = (text("Question"), text("Sample"), text("Cases"), text("Yes"))
    rows = []
    for name in questions_of(checklist, samples):
        for sample in samples:
            found = kept(sample, name)
            few = (text("fewer than {fewest}", fewest=FEWEST), "–")
            cells = few if found is None else (str(found[0].n), percent(found[0], language))
            rows.append((wording(name, checklist, language), language.date(sample.on), *cells))
    return columns, tuple(rows)


def share_rows(samples: Sequence[Supervision], checklist: Sequence[Question], language: Language) -> list[list[Cell]]:
    """The samples as rows for a file, a header first; how many cases were not relevant stands there from five on."""
    text = language.text
    header = (
        *(text("Question"), text("Sample"), text("Cases"), text("Yes in per cent")),
        *(text("Lower bound"), text("Upper bound"), text("Not relevant, from five on"), text("Withheld")),
    )
    rows: list[list[Cell]] = [list(header)]
    for name in questions_of(checklist, samples):
        for sample in samples:
            about = (wording(name, checklist, language), language.date(sample.on))
            found = kept(sample, name)
            if found is None:
                rows.append([*about, *[None] * 5, text("fewer than {fewest}", fewest=FEWEST)])
            else:
                share, other = found
                rows.append([*about, share.n, *in_per_cent(share), other if other >= FEWEST else None, ""])
    return rows


def share_told(share: Share, language: Language) -> str:
    """The share of yes with its interval and the number of cases."""
    return language.text("yes {share}; n = {n}", share=percent(share, language), n=share.n)


def lines(samples: Sequence[Supervision], checklist: Sequence[Question], language: Language) -> Iterator[str]:
    """The samples question by question."""
    text = language.text
    yield text(SHARES)
    for name in questions_of(checklist, samples):
        yield ""
        yield f"{wording(name, checklist, language)} ({name})"
        for sample in samples:
            found = kept(sample, name)
            if found is None:
                told = text("fewer than {fewest} answers: not shown", fewest=FEWEST)
            else:
                share, other = found
                told = share_told(share, language)
                told += text("; not relevant: {count}", count=other) if other >= FEWEST else ""
            yield f"  {language.date(sample.on)}  {told}"
