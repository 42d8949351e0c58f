"""Questions on the line, one at a time: plain lines that only ever follow each other, answered by a number or by words.

An empty answer leaves a question and changes nothing; an answer that cannot be meant is told in a sentence and asked
again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from planner.cli.context import Context
from planner.cli.failures import told_in_lines
from planner.cli.output import forgive_input
from planner.errors import PlannerError
from planner.locale import N_
from planner.services.entry import NotUnderstood, read_date

T = TypeVar("T")


class Ended(Exception):
    """There is no more input."""


class Asking:
    """Asks on the line in the user's language; every method raises Ended at the end of input."""

    def __init__(self, context: Context) -> None:
        self.language = context.language
        self.out = context.out
        forgive_input()

    def say(self, msgid: str, **values: object) -> None:
        """One line in the user's language."""
        self.out.line(self.language.text(msgid, **values))

    def tell(self, error: PlannerError) -> None:
        """Why something was not done."""
        for line in told_in_lines(error, self.language):
            self.out.line(line)

    def answer(self, question: str) -> str:
        """What is typed; empty for Enter alone."""
        answer = self.out.ask(question)
        if answer is None:
            raise Ended
        return answer

    def until(self, question: str, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the answer, asked again while it raises PlannerError; None for an empty answer."""
        while typed := self.answer(question):
            try:
                return read(typed)
            except PlannerError as error:
                self.tell(error)
        return None

    def pick(self, msgid: str, choices: Sequence[tuple[str, T]], other: Callable[[str], T] | None = None) -> T | None:
        """One of the numbered choices, or what `other` makes of an answer that is no number of theirs."""
        for number, (shown, _) in enumerate(choices, 1):
            self.out.line(f"{number}. {shown}")

        def read(typed: str) -> T:
            number = whole(typed)
            if number is not None and 1 <= number <= len(choices):
                return choices[number - 1][1]
            if other is not None:
                return other(typed)
            raise NotUnderstood(
                N_("“{text}” is not among them; write a number from 1 to {most}"), text=typed, most=len(choices)
            )

        return self.until(self.language.text(msgid), read)

    def several(self, msgid: str, choices: Sequence[tuple[str, T]]) -> tuple[T, ...] | None:
        """Some of the numbered choices, by their numbers; 0 for none of them."""
        for number, (shown, _) in enumerate(choices, 1):
            self.out.line(f"{number}. {shown}")

        def read(typed: str) -> tuple[T, ...]:
            numbers = [whole(word) for word in typed.replace(",", " ").split()]
            if numbers == [0]:
                return ()
            if not all(number is not None and 1 <= number <= len(choices) for number in numbers):
                raise NotUnderstood(
                    N_("“{text}” is not understood; write numbers from 1 to {most}, or 0 for none"),
                    text=typed,
                    most=len(choices),
                )
            return tuple(choices[number - 1][1] for number in dict.fromkeys(numbers) if number)

        return self.until(self.language.text(msgid), read)

    def day(self, msgid: str, today: date) -> date | None:
        """A date, as everywhere on the line."""
        return self.until(self.language.text(msgid), lambda typed: read_date(typed, today))

    def day_or(self, msgid: str, choices: Sequence[tuple[str, date]], today: date) -> date | None:
        """One of the numbered days, or a date, as everywhere on the line."""
        return self.pick(msgid, choices, lambda typed: read_date(typed, today))

    def words(self, msgid: str) -> str | None:
        """A text in the user's own words."""
        return self.answer(self.language.text(msgid)) or None


def whole(typed: str) -> int | None:
    """The number that is typed; None for anything else, also for a longer one than anybody means."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None
