"""The commands of the citizen's view beside those of the list: correct, amend, remove, and how to be reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Protocol

from planner.domain.citizens import Cadence, Exemption, Unavailable
from planner.errors import Refused
from planner.locale import N_
from planner.services.ports import Away, Postponement
from planner.services.story import Moment, Numbered, Story, Written
from planner.services.story_words import stretch_words
from planner.tui.dialogs.base import Dialog
from planner.tui.screens.flows import exempt, postpone, set_cadence
from planner.tui.screens.telling import Call, Scene, Stage, at_once, fill_in, heading

_DAYS, _HOURS = "days", "hours"


class CitizenStage(Stage, Protocol):
    """A stage that shows one citizen's story."""

    @property
    def story(self) -> Story | None:
        """The story that is shown; None while it is read."""

    @property
    def moment(self) -> Moment | None:
        """The moment under the cursor."""


async def edit_entry(stage: CitizenStage, scene: Scene) -> None:
    """Correct or amend what the cursor is on; a decision is taken anew."""
    moment = stage.moment
    match moment.what if moment is not None else None:
        case Numbered() as numbered:
            await _correct_fact(stage, scene, numbered)
        case Written() as written:
            await _amend_note(stage, scene, written)
        case Exemption():
            await exempt(stage, scene)
        case Cadence():
            await set_cadence(stage, scene)
        case Postponement():
            await postpone(stage, scene)
        case Away():
            await availability(stage, scene)
        case _:
            raise Refused(N_("A fact can be corrected here, and a note amended; put the cursor on one"))


async def remove_entry(stage: CitizenStage, scene: Scene) -> None:
    """Take away the fact or the absence that the cursor is on."""
    moment = stage.moment
    match moment.what if moment is not None else None:
        case Numbered() as numbered:
            await _remove_fact(stage, scene, numbered)
        case Away() as away:
            await at_once(stage, lambda desk: desk.remove_away(scene.id, away.key), N_("can be met again"))
        case Exemption():
            await exempt(stage, scene)
        case Written():
            raise Refused(N_("A note is never removed; amend it instead"))
        case _:
            raise Refused(N_("A fact or an absence can be removed here; put the cursor on one"))


async def _correct_fact(stage: CitizenStage, scene: Scene, numbered: Numbered) -> None:
    from planner.tui.dialogs.fact import FactDialog, NewFact

    fact, titled = numbered.fact, heading(stage, N_("Correct the fact: {name}"), scene)
    known = NewFact(fact.kind, fact.on, fact.until, fact.documented)

    def dialog(given: NewFact | None, fault: str) -> Dialog[NewFact]:
        return FactDialog(stage.language, titled, scene.today.today, initial=given or known, fault=fault)

    def call(given: NewFact) -> Call:
        changed = replace(fact, kind=given.kind, on=given.on, until=given.until, documented=given.documented)
        return lambda desk: desk.change_fact(scene.id, changed)

    await fill_in(stage, dialog, call, N_("fact corrected"))


async def _remove_fact(stage: CitizenStage, scene: Scene, numbered: Numbered) -> None:
    from planner.tui.dialogs.reason import ReasonDialog

    titled = heading(stage, N_("Remove the fact: {name}"), scene)

    def dialog(given: str | None, fault: str) -> Dialog[str]:
        return ReasonDialog(stage.language, titled, initial=given or "", fault=fault, go_on=N_("Remove"))

    def call(given: str) -> Call:
        return lambda desk: desk.remove_fact(scene.id, numbered.fact.key, given)

    await fill_in(stage, dialog, call, N_("fact removed"))


async def _amend_note(stage: CitizenStage, scene: Scene, written: Written) -> None:
    from planner.tui.dialogs.note import AmendDialog

    titled = heading(stage, N_("Amend the note: {name}"), scene)

    def dialog(given: str | None, fault: str) -> Dialog[str]:
        return AmendDialog(stage.language, titled, written.note.text, initial=given or "", fault=fault)

    def call(given: str) -> Call:
        return lambda desk: desk.amend_note(scene.id, written.note.key, given)

    await fill_in(stage, dialog, call, "")


async def channels(stage: CitizenStage, scene: Scene) -> None:
    """In which channels the citizen can talk, and which one is preferred."""
    from planner.tui.dialogs.channels import ChannelsDialog, Reach

    citizen, titled = scene.row.citizen, heading(stage, N_("Channels: {name}"), scene)
    known = Reach(citizen.channels, citizen.preferred_channel)

    def dialog(given: Reach | None, fault: str) -> Dialog[Reach]:
        return ChannelsDialog(stage.language, titled, given or known, fault=fault)

    def call(given: Reach) -> Call:
        return lambda desk: desk.set_channels(scene.id, given.channels, given.preferred)

    await fill_in(stage, dialog, call, N_("channels set"))


async def interpreter(stage: CitizenStage, scene: Scene) -> None:
    """In which language an interpreter is needed, if any."""
    from planner.tui.dialogs.interpreter import InterpreterDialog

    titled = heading(stage, N_("Interpreter: {name}"), scene)

    def dialog(given: str | None, fault: str) -> Dialog[str]:
        known = scene.row.citizen.interpreter or ""
        return InterpreterDialog(stage.language, titled, known if given is None else given, fault=fault)

    def call(given: str) -> Call:
        return lambda desk: desk.set_interpreter(scene.id, given or None)

    await fill_in(stage, dialog, call, N_("interpreter set"))


async def availability(stage: CitizenStage, scene: Scene) -> None:
    """Note when the citizen cannot be met, or take such a time away."""
    from planner.tui.dialogs.pick import Choice, PickDialog

    language, known = stage.language, stage.story.away if stage.story is not None else ()
    removes = language.text("remove")
    choices = [
        Choice(_DAYS, language.text("Whole days…")),
        Choice(_HOURS, language.text("Hours of a weekday…")),
        *(Choice(one.key, stretch_words(one.stretch, language), removes) for one in known),
    ]
    picked = await stage.ask(PickDialog(language, heading(stage, N_("Cannot be met: {name}"), scene), choices))
    if picked == _DAYS:
        await _add_days(stage, scene)
    elif picked == _HOURS:
        await _add_hours(stage, scene)
    elif picked is not None:
        await at_once(stage, lambda desk: desk.remove_away(scene.id, picked), N_("can be met again"))


async def _add_days(stage: CitizenStage, scene: Scene) -> None:
    from planner.tui.dialogs.availability import DaysDialog

    titled = heading(stage, N_("Cannot be met on these days: {name}"), scene)

    def dialog(given: Unavailable | None, fault: str) -> Dialog[Unavailable]:
        return DaysDialog(stage.language, titled, scene.today.today, initial=given, fault=fault)

    await fill_in(stage, dialog, lambda given: lambda desk: desk.add_away(scene.id, given), N_("absence noted"))


async def _add_hours(stage: CitizenStage, scene: Scene) -> None:
    from planner.tui.dialogs.availability import HoursDialog

    titled = heading(stage, N_("Cannot be met at these hours: {name}"), scene)

    def dialog(given: Unavailable | None, fault: str) -> Dialog[Unavailable]:
        return HoursDialog(stage.language, titled, initial=given, fault=fault)

    await fill_in(stage, dialog, lambda given: lambda desk: desk.add_away(scene.id, given), N_("absence noted"))


CitizenFlow = Callable[[CitizenStage, Scene], Awaitable[None]]

CITIZEN_FLOWS: Mapping[str, CitizenFlow] = {
    "edit_entry": edit_entry,
    "remove_entry": remove_entry,
    "channels": channels,
    "interpreter": interpreter,
    "availability": availability,
}
