"""What the commands do that are about the whole list: find, filter, all at once, a day called off, the whole plan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from planner.domain.text import sort_key
from planner.locale import N_, Language
from planner.planning.plan import Slot
from planner.services import words
from planner.services.results import Row, Today
from planner.services.sieve import PARTS, Sieve, choice_word
from planner.tui.rows import deadline_words, moment
from planner.tui.screens.telling import Call, Stage, agreed, redo, undo
from planner.tui.work import behind

if TYPE_CHECKING:
    from planner.services.desk import Desk
    from planner.services.results import Done
    from planner.tui.dialogs.pick import Choice

_EVERYBODY = "everybody"
#: Lines of a question.
_SHOWN = 12


class ListStage(Stage, Protocol):
    """A stage with a list of citizens, some of them marked."""

    @property
    def sieve(self) -> Sieve:
        """Which citizens are shown."""

    def strain(self, sieve: Sieve) -> None:
        """Show only those that the filter lets through."""

    def picked(self) -> dict[str, Slot]:
        """The slots of those that are marked, else of those that were looked through."""

    def pick(self, citizen_ids: Iterable[str]) -> None:
        """Mark these citizens and nobody else."""

    def mark_all(self, citizen_ids: Iterable[str], mark: str) -> None:
        """Show that something was just done with these citizens."""

    def marked(self) -> bool:
        """Whether anybody is marked."""

    def go_on(self) -> None:
        """Go from a citizen with whom something was just done to the next one to decide about."""

    def listed(self) -> Today:
        """The list that is shown."""


async def whole_plan(stage: Stage, today: Today) -> None:
    """Show how good the whole plan is, what it cannot keep, and what more time would be worth."""
    from planner.tui.dialogs.why import WhyDialog, whole_plan_lines

    found = await stage.look_up(lambda desk: desk.shortage(today))
    lines = whole_plan_lines(today, found, stage.language)
    await stage.ask(WhyDialog(stage.language, stage.language.text("The whole plan"), lines))


async def search(stage: Stage, today: Today) -> None:
    """Go to a citizen by a part of the name or the id."""
    from planner.tui.dialogs.pick import Choice, Choices, PickDialog

    language = stage.language
    rows = await behind(lambda: sorted(today.rows, key=lambda row: (sort_key(row.citizen.name), row.citizen.id)))

    def choice(row: Row) -> Choice:
        return Choice(row.citizen.id, row.citizen.shown_name, _note(row, today.today, language))

    choices = Choices(rows, choice, lambda row: f"{row.citizen.shown_name} {row.citizen.id} {row.citizen.name}")
    titled = language.text("Search by name")
    picked = await stage.ask(PickDialog(language, titled, choices, search=True, go_on=N_("Go to")))
    await stage.look_up(lambda desk: desk.searched(len(rows)))
    if picked is not None:
        stage.select(picked)


def _note(row: Row, today: date, language: Language) -> str:
    days = deadline_words(row, today, language)
    return " · ".join(part for part in (language.text(words.bucket(row.part.bucket)), days) if part)


async def accept_all(stage: ListStage) -> None:
    """Book what is marked, or what was looked through, as one action."""
    wanted = stage.picked()
    if not wanted:
        stage.refuse(stage.language.text("Nobody is marked or looked through who has a proposal."))
        return
    if not stage.marked() and not await _agreed(stage, wanted):
        return
    fault = await stage.change(lambda desk: desk.accept_all(wanted), "", stay=True)
    if fault:
        stage.refuse(fault)
    else:
        stage.mark_all(wanted, N_("just changed"))
        stage.go_on()


async def _agreed(stage: ListStage, wanted: Mapping[str, Slot]) -> bool:
    """Show whom nobody has marked, but somebody has looked through."""
    language, names = stage.language, {row.citizen.id: row.citizen.shown_name for row in stage.listed().rows}
    lines = [f"{names[citizen_id]}: {moment(slot, language)}" for citizen_id, slot in wanted.items()]
    some = lines if len(lines) <= _SHOWN else lines[: _SHOWN - 1]
    if len(lines) > len(some):
        some.append(language.plural("and {n} more", "and {n} more", len(lines) - len(some)))
    question = "\n".join([language.text("Nobody is marked. You have looked at these:"), *some])
    heading = language.plural("Book {n} conversation?", "Book {n} conversations?", len(wanted))
    return await agreed(stage, heading, question, go_on=N_("Book"))


async def call_off(stage: ListStage) -> None:
    """Call off a day; those who had a conversation are marked, so that their new proposals can be accepted together."""
    from planner.tui.dialogs.call_off import CalledOff, CallOffDialog

    today, heading = stage.listed().today, stage.language.text("Call off a whole day")
    answer, fault = CalledOff(today, ""), ""
    while True:
        given = await stage.ask(CallOffDialog(stage.language, heading, today, initial=answer, fault=fault))
        if given is None:
            return
        answer = given
        whom: list[str] = []
        fault = await stage.change(_called_off(answer.on, answer.reason, whom), "", stay=True)
        if not fault:
            stage.pick(whom)
            stage.go_on()
            return


def _called_off(on: date, reason: str, whom: list[str]) -> Call:
    """Call off the day; `whom` takes the citizens in who had a conversation that was called off."""

    def call(desk: Desk) -> Done:
        done = desk.call_off(on, reason)
        whom.extend(done.citizens)
        return done

    return call


async def choose_filter(stage: ListStage) -> None:
    """Choose what the list is filtered by, a part at a time; what is chosen again asks nothing any more."""
    from planner.tui.dialogs.pick import PickDialog

    language = stage.language
    picked = await stage.ask(PickDialog(language, language.text("Show only"), list(_parts(stage.sieve, language))))
    if picked is None:
        return
    part, _, value = picked.partition(":")
    if picked == _EVERYBODY:
        stage.strain(Sieve())
    elif value:
        stage.strain(replace(stage.sieve, **{part: value}))
    else:
        await _choose_value(stage, part)


async def _choose_value(stage: ListStage, part: str) -> None:
    from planner.tui.dialogs.pick import Choice, PickDialog

    language = stage.language
    title, values = PARTS[part]
    choices = [Choice(value, choice_word(part, value, language)) for value in values]
    choices.append(Choice("", language.text("any")))
    picked = await stage.ask(PickDialog(language, language.text(title), choices))
    if picked is not None:
        stage.strain(replace(stage.sieve, **{part: picked}))


def _parts(sieve: Sieve, language: Language) -> Iterable[Choice]:
    """First what is asked for most, each by one number; then the parts with what they ask now."""
    from planner.tui.dialogs.pick import Choice

    for value in PARTS["standing"][1]:
        yield Choice(f"standing:{value}", choice_word("standing", value, language))
    for part, (title, _) in PARTS.items():
        if part != "standing":
            now = getattr(sieve, part)
            yield Choice(part, language.text(title) + "…", choice_word(part, now, language) if now else "")
    yield Choice(_EVERYBODY, language.text("Everybody"))


LIST_FLOWS: Mapping[str, Callable[[ListStage], Awaitable[None]]] = {
    "search": lambda stage: search(stage, stage.listed()),
    "whole_plan": lambda stage: whole_plan(stage, stage.listed()),
    "accept_all": accept_all,
    "call_off": call_off,
    "filter": choose_filter,
    "undo": undo,
    "redo": redo,
}
