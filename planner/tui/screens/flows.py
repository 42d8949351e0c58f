"""What each command of the list does: ask what is needed, do it, and say what was done.

Each flow is a short story told to the end; the table at the foot says which command tells which.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from planner.domain.citizens import Cadence
from planner.domain.conversations import Channel
from planner.errors import Refused
from planner.locale import N_
from planner.planning.plan import Slot
from planner.services import words
from planner.services.offered import channels_offered, times_offered
from planner.tui.dialogs.base import Dialog
from planner.tui.rows import moment, slot_shown
from planner.tui.screens.conversation_flows import CONVERSATION_FLOWS
from planner.tui.screens.list_flows import search
from planner.tui.screens.record_flows import RECORD_FLOWS
from planner.tui.screens.telling import Call, Flow, Scene, Stage, agreed, at_once, fill_in, heading, redo, undo

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk

#: Free times that are looked through for the one that is shown.
_LOOKED_THROUGH = 2000


async def accept(stage: Stage, scene: Scene) -> None:
    """Book the slot that is shown."""
    if scene.id in scene.view.marks:  # the proposal on the screen is older than what was just done
        stage.refuse(stage.language.text("Just changed; the plan is being made again"))
        return
    slot, offer = slot_shown(scene.row, scene.view), scene.row.citizen.offer
    if slot is not None and offer is not None and offer.is_open(scene.today.today):
        said = N_("The citizen may choose among times until {until}. Book {slot} instead, and take the offer back?")
        until = stage.language.short_day(offer.until)
        question = stage.language.text(said, until=until, slot=moment(slot, stage.language))
        if not await agreed(stage, heading(stage, N_("Book: {name}"), scene), question):
            return
    fault = await stage.change(lambda desk: desk.accept(scene.id, slot), N_("booked"))
    if fault:
        stage.show_slot(scene.id, None)  # what was looked at is not to be had
        stage.refuse(fault)


async def why(stage: Stage, scene: Scene) -> None:
    """Show why the proposal is where it is, what stands against the next days, and what the plan cannot keep."""
    from planner.tui.dialogs.why import WhyDialog, why_lines

    found = await stage.look_up(lambda desk: desk.why(scene.today, scene.id))
    lines = why_lines(scene.row, scene.today, found, stage.language)
    await stage.ask(WhyDialog(stage.language, heading(stage, N_("Why: {name}"), scene), lines))


async def choose_time(stage: Stage, scene: Scene) -> None:
    """Book one of the free times, or a time that is written."""
    from planner.tui.dialogs.time import Timed, TimeDialog

    citizen, settings = scene.row.citizen, scene.today.caseload.settings
    channels = _channels_first(scene)
    free = await stage.look_up(lambda desk: {channel: times_offered(desk, citizen.id, channel) for channel in channels})

    def dialog(given: Timed | None, fault: str) -> Dialog[Timed]:
        return TimeDialog(
            stage.language,
            heading(stage, N_("Choose another time: {name}"), scene),
            scene.today.today,
            free,
            partial(settings.minutes_for, citizen),
            marked=slot_shown(scene.row, scene.view),
            given=given,
            fault=fault,
        )

    await fill_in(stage, dialog, lambda given: lambda desk: desk.accept(citizen.id, given.slot), N_("booked"))


async def change_channel(stage: Stage, scene: Scene) -> None:
    """Look at the same time in another channel, or at its first free one; accepting it is a key of its own."""
    from planner.tui.dialogs.pick import Choice, PickDialog

    channels = _channels_first(scene)
    shown = slot_shown(scene.row, scene.view)
    found = await stage.look_up(
        lambda desk: {channel: _nearest(desk, scene.id, channel, shown) for channel in channels}
    )
    choices = []
    for channel in channels:
        slot = found[channel]
        first = moment(slot, stage.language) if slot is not None else stage.language.text("no free time")
        choices.append(Choice(channel.value, stage.language.text(words.channel(channel)), first))
    titled = heading(stage, N_("Change the channel: {name}"), scene)
    picked = await stage.ask(PickDialog(stage.language, titled, choices))
    if picked is not None and found[Channel(picked)] is not None:
        stage.show_slot(scene.id, found[Channel(picked)])


def _nearest(desk: Desk, citizen_id: str, channel: Channel, shown: Slot | None) -> Slot | None:
    """The free time in the channel at which something is shown, else the first one."""
    free = desk.slots(citizen_id, channel, _LOOKED_THROUGH)
    same = (slot for slot in free if shown is not None and (slot.on, slot.start) == (shown.on, shown.start))
    return next(same, free[0] if free else None)


async def postpone(stage: Stage, scene: Scene) -> None:
    """Nothing before a date, for a reason."""
    from planner.tui.dialogs.postpone import Postponed, PostponeDialog

    titled = heading(stage, N_("Postpone: {name}"), scene)

    def dialog(given: Postponed | None, fault: str) -> Dialog[Postponed]:
        return PostponeDialog(stage.language, titled, scene.today.today, initial=given, fault=fault)

    def call(given: Postponed) -> Call:
        return lambda desk: desk.postpone(scene.id, given.until, given.reason)

    await fill_in(stage, dialog, call, N_("postponed"))


async def exempt(stage: Stage, scene: Scene) -> None:
    """Exempt within the legal limit; where there is an exemption, end it."""
    from planner.tui.dialogs.exempt import ExemptDialog, Exempted

    language = stage.language
    if scene.row.citizen.exemption is not None:
        titled = heading(stage, N_("End the exemption: {name}"), scene)
        question = language.text("The citizen is exempt. Shall conversations be planned again?")
        if await agreed(stage, titled, question):
            await at_once(stage, lambda desk: desk.end_exemption(scene.id), N_("exemption ended"))
        return
    titled, share = heading(stage, N_("Exempt: {name}"), scene), scene.today.plan.exempted_share
    await stage.look_up(lambda desk: _check_exemptible(desk, scene))

    def dialog(given: Exempted | None, fault: str) -> Dialog[Exempted]:
        return ExemptDialog(language, titled, scene.today.today, share, initial=given, fault=fault)

    def call(given: Exempted) -> Call:
        return lambda desk: desk.exempt(scene.id, given.reason, given.until)

    await fill_in(stage, dialog, call, N_("exempted"))


def _check_exemptible(desk: Desk, scene: Scene) -> None:
    """Refuse before the form is opened, so that nobody fills one in for nothing."""
    from planner.services.decisions import check_exemptible

    today = scene.today.today
    check_exemptible(scene.row.citizen, scene.today.plan.exempted_share, desk.rules.law_on(today), today)


def _weeks(stage: Stage, cadence: Cadence | None) -> str:
    weeks = words.weeks_between(cadence) if cadence is not None else None
    return stage.language.text(N_("every {n} weeks"), n=weeks) if weeks else ""


async def set_cadence(stage: Stage, scene: Scene) -> None:
    """Choose how closely to keep in touch."""
    from planner.tui.dialogs.pick import Choice, PickDialog

    cadences: tuple[Cadence | None, ...] = (*Cadence, None)
    choices = [
        Choice(c.value if c else "none", stage.language.text(words.cadence(c)), _weeks(stage, c)) for c in cadences
    ]
    now = scene.row.citizen.cadence
    titled = heading(stage, N_("Cadence: {name}"), scene)
    dialog = PickDialog(stage.language, titled, choices, picked=now.value if now else "none")
    picked = await stage.ask(dialog)
    if picked is not None:
        cadence = None if picked == "none" else Cadence(picked)
        await at_once(stage, lambda desk: desk.set_cadence(scene.id, cadence), N_("cadence set"))


async def add_fact(stage: Stage, scene: Scene) -> None:
    """Note something that moves or lifts a conversation."""
    from planner.tui.dialogs.fact import FactDialog, NewFact

    titled = heading(stage, N_("Add a fact: {name}"), scene)

    def dialog(given: NewFact | None, fault: str) -> Dialog[NewFact]:
        return FactDialog(stage.language, titled, scene.today.today, initial=given, fault=fault)

    def call(given: NewFact) -> Call:
        return lambda desk: desk.add_fact(scene.id, given.kind, given.on, given.until, given.documented)

    await fill_in(stage, dialog, call, N_("fact added"))


async def no_show(stage: Stage, scene: Scene) -> None:
    """Record that the citizen did not come; before the hour has come only when that is meant."""
    start = await stage.look_up(lambda desk: desk.begins_later(scene.id))
    if start is not None:
        said = N_("The conversation begins only at {start}. Record a no-show nevertheless?")
        question = stage.language.text(said, start=stage.language.time(start.hour * 60 + start.minute))
        if not await agreed(stage, heading(stage, N_("No-show: {name}"), scene), question):
            return
    await at_once(stage, lambda desk: desk.no_show(scene.id), N_("no-show"))


async def cancelled(stage: Stage, scene: Scene) -> None:
    """Record that a booked conversation was called off."""
    from planner.tui.dialogs.cancel import CancelDialog, Cancelled

    if not scene.row.citizen.booked():
        raise Refused(N_("Nothing is booked that could be cancelled"))
    titled = heading(stage, N_("Cancelled: {name}"), scene)

    def dialog(given: Cancelled | None, fault: str) -> Dialog[Cancelled]:
        return CancelDialog(stage.language, titled, initial=given, fault=fault)

    def call(given: Cancelled) -> Call:
        return lambda desk: desk.cancel(scene.id, given.by_citizen, given.reason)

    await fill_in(stage, dialog, call, N_("cancelled"))


async def note(stage: Stage, scene: Scene) -> None:
    """Write something down."""
    from planner.tui.dialogs.note import NoteDialog

    titled = heading(stage, N_("Note: {name}"), scene)

    def dialog(text: str | None, fault: str) -> Dialog[str]:
        return NoteDialog(stage.language, titled, initial=text or "", fault=fault)

    await fill_in(stage, dialog, lambda text: lambda desk: desk.note(scene.id, text), "", stay=True)


def _channels_first(scene: Scene) -> list[Channel]:
    """The citizen's channels, the one that is proposed before the others."""
    slot = slot_shown(scene.row, scene.view)
    return channels_offered(scene.row.citizen, slot.channel if slot is not None else None)


FLOWS: Mapping[str, Flow] = {
    "accept": accept,
    "why": why,
    "choose_time": choose_time,
    "change_channel": change_channel,
    "postpone": postpone,
    "exempt": exempt,
    "set_cadence": set_cadence,
    "add_fact": add_fact,
    "no_show": no_show,
    "cancelled": cancelled,
    "note": note,
    "search": lambda stage, scene: search(stage, scene.today),
    "undo": lambda stage, _scene: undo(stage),
    "redo": lambda stage, _scene: redo(stage),
    **CONVERSATION_FLOWS,
    **RECORD_FLOWS,
}
