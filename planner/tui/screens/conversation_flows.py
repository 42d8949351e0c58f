"""From proposal to filed: summons, offer of times, the citizen's choice, held, and the note for the case system."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from planner.domain.conversations import TALKING, Channel, Conversation, Status
from planner.errors import InputError, PlannerError, Refused
from planner.locale import N_, Language
from planner.phrases import spoken
from planner.services import words
from planner.services.explanation import title_of
from planner.services.messages import told
from planner.services.offered import held_booking, points
from planner.tui.dialogs.base import Dialog
from planner.tui.rows import next_booking, slot_shown
from planner.tui.screens.telling import Call, Flow, Scene, Stage, agreed, at_once, fill_in, heading

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    from planner.services.desk import Desk
    from planner.services.papers import Paper
    from planner.tui.dialogs.held import HeldAs
    from planner.tui.dialogs.offer import Offered

#: What gives the text in a language.
Written = Callable[["Desk", str], "Paper"]
_SUMMONS, _OFFER = N_("Summons: {name}"), N_("Offer of times: {name}")
_FILE_NAMES = {"summons": N_("summons"), "offer": N_("offer"), "case-note": N_("case-note")}
_TIMES = 3


async def summons(stage: Stage, scene: Scene) -> None:
    """Show the summons to what is booked; where nothing is, book the slot that is shown first."""
    from planner.services.papers import TooLate

    booked = any(talk.on >= scene.today.today for talk in scene.row.citizen.booked())
    # A mark: the citizen on the screen is older than what was just done, and the desk knows better.
    if not booked and scene.id not in scene.view.marks and not await _book(stage, scene):
        return
    try:
        await _show(stage, scene, _SUMMONS, lambda desk, code: desk.summons(scene.id, code))
    except TooLate as late:
        language = stage.language
        question = told(language, late.message, late.values) + ". " + language.text("Show it nevertheless?")
        if await agreed(stage, heading(stage, _SUMMONS, scene), question):
            await _show(stage, scene, _SUMMONS, lambda desk, code: desk.summons(scene.id, code, short_notice=True))


async def _book(stage: Stage, scene: Scene) -> bool:
    slot = slot_shown(scene.row, scene.view)
    if slot is None:
        raise Refused(N_("Nothing is booked and nothing proposed; choose a time first"))
    fault = await stage.change(lambda desk: desk.accept(scene.id, slot), N_("booked"))
    if fault:
        stage.show_slot(scene.id, None)  # what was looked at is not to be had
        stage.refuse(fault)
    return not fault


async def offer(stage: Stage, scene: Scene) -> None:
    """Offer times and show the text; where an offer stands, show it again, withdraw it, or make a new one."""
    from planner.tui.dialogs.pick import Choice, PickDialog

    made, language = scene.row.citizen.offer, stage.language
    if made is None:
        await _new_offer(stage, scene)
        return
    choices = [
        Choice("text", language.text("Show the text again")),
        Choice("withdraw", language.text("Withdraw the offer")),
    ]
    if not made.is_open(scene.today.today):
        choices.insert(0, Choice("new", language.text("Make a new offer")))
    picked = await stage.ask(PickDialog(language, heading(stage, _OFFER, scene), choices))
    if picked == "new":
        await _new_offer(stage, scene)
    elif picked == "text":
        await _show(stage, scene, _OFFER, lambda desk, code: desk.offer_text(scene.id, code))
    elif picked == "withdraw":
        await at_once(stage, lambda desk: desk.withdraw(scene.id), N_("withdrawn"), stay=True)


def _check_free(scene: Scene) -> None:
    """Refuse before the form is opened."""
    from planner.services.self_booking import check_free

    check_free(scene.row.citizen, scene.today.today)


async def _new_offer(stage: Stage, scene: Scene) -> None:
    from planner.tui.dialogs.offer import OfferDialog, Offered

    await stage.look_up(lambda desk: _check_free(scene))
    titled, slot = heading(stage, _OFFER, scene), slot_shown(scene.row, scene.view)
    channels = [channel for channel in TALKING if channel in scene.row.citizen.channels] or list(TALKING)
    usual = slot.channel if slot is not None else scene.row.citizen.preferred_channel or channels[0]
    until = await stage.look_up(lambda desk: desk.usual_deadline())

    def dialog(given: Offered | None, fault: str) -> Dialog[Offered]:
        first = given or Offered(usual, _TIMES, until)
        return OfferDialog(stage.language, titled, scene.today.today, channels, first, fault=fault)

    def call(given: Offered) -> Call:
        return lambda desk: desk.offer(scene.id, given.until, given.count, given.channel)

    if await fill_in(stage, dialog, call, N_("offered")) is not None:
        await _show(stage, scene, _OFFER, lambda desk, code: desk.offer_text(scene.id, code))


async def pick(stage: Stage, scene: Scene) -> None:
    """Book the offered time that the citizen chose."""
    from planner.tui.dialogs.pick import Choice, PickDialog

    made, language = scene.row.citizen.offer, stage.language
    if made is None:
        raise Refused(N_("No times are offered to the citizen"))
    choices = [
        Choice(
            str(number),
            f"{language.short_day(one.on)} {language.time(one.start_minute)}",
            language.text(words.channel(one.channel)),
        )
        for number, one in enumerate(made.times, 1)
    ]
    titled = heading(stage, N_("The time that was chosen: {name}"), scene)
    picked = await stage.ask(PickDialog(language, titled, choices, go_on=N_("Book")))
    if picked is not None:
        await at_once(stage, lambda desk: desk.pick(scene.id, int(picked)), N_("self-booked"))


async def held(stage: Stage, scene: Scene) -> None:
    """Record a conversation that took place; its note for the case system comes up by itself."""
    from planner.tui.dialogs.held import HeldAs, HeldDialog

    titled, agreed = heading(stage, N_("Conversation held: {name}"), scene), HeldAs(*_agreed(scene))
    covered = [(key, title_of(key, stage.language, scene.view.titles)) for key in _agenda(scene)]

    def dialog(given: HeldAs | None, fault: str) -> Dialog[HeldAs]:
        return HeldDialog(stage.language, titled, scene.today.today, covered, given or agreed, fault=fault)

    def call(given: HeldAs) -> Call:
        return lambda desk: desk.held(
            scene.id,
            channel=given.channel,
            on=given.on,
            minutes=given.minutes,
            agenda=given.agenda,
            cadence=given.cadence,
        )

    done = await fill_in(stage, dialog, call, N_("held"))
    if done is not None:
        await _show_note(stage, scene, done.on, filed=False)


async def case_note(stage: Stage, scene: Scene) -> None:
    """Show the note of the conversation held last, and tick it as filed or not."""
    held_ones = [talk for talk in scene.row.citizen.conversations if talk.status is Status.HELD]
    latest = max(held_ones, key=lambda talk: (talk.on, talk.start), default=None)
    await _show_note(stage, scene, None, filed=latest is not None and latest.filed_on is not None)


async def _show_note(stage: Stage, scene: Scene, on: date | None, *, filed: bool) -> None:
    from planner.tui.dialogs.paper import CaseNoteDialog, PaperStep

    titled, code = heading(stage, N_("Case note: {name}"), scene), stage.language.code
    while True:
        paper = await _look_up(stage, lambda desk, code: desk.case_note(scene.id, code, on), code)
        if paper is None:
            return
        step = await stage.ask(CaseNoteDialog(stage.language, titled, paper, filed=filed))
        if step is PaperStep.SAVE:
            await _save(stage, titled, paper)
        elif step is PaperStep.LANGUAGE:
            code = _other(code)
        elif step is PaperStep.FILED:
            await _file(stage, scene, on, filed=not filed)
            return
        else:
            return


async def _file(stage: Stage, scene: Scene, on: date | None, *, filed: bool) -> None:
    here = stage.scene()
    mark = N_("filed") if filed else N_("not filed")
    await at_once(stage, lambda desk: desk.filed(scene.id, on, filed), mark, stay=True)
    if here is not None:  # after a conversation was held the cursor stands on the next citizen already
        stage.select(here.id)


async def _show(stage: Stage, scene: Scene, msgid: str, written: Written) -> None:
    """Show a text until it is copied, saved or left."""
    from planner.tui.dialogs.paper import COPIED, PaperDialog, PaperStep

    titled, code = heading(stage, msgid, scene), stage.language.code
    while True:
        paper = await _look_up(stage, written, code)
        if paper is None:
            return
        step = await stage.ask(PaperDialog(stage.language, titled, paper))
        if step is PaperStep.LANGUAGE:
            code = _other(code)
            continue
        if step is PaperStep.COPY:
            stage.copy(paper.text)
            stage.say(stage.language.text(COPIED))
        elif step is PaperStep.SAVE:
            await _save(stage, titled, paper)
        return


async def _look_up(stage: Stage, written: Written, code: str) -> Paper | None:
    """The text; None where the municipality's own template is wrong, which is told with every fault."""
    try:
        return await stage.look_up(lambda desk: written(desk, code))
    except InputError as error:
        say = stage.language.text
        faults = [
            say(
                N_("{path}: found {found}; allowed: {allowed}"),
                path=fault.path,
                found=spoken(fault.found, say),
                allowed=spoken(fault.allowed, say),
            )
            for fault in error.faults
        ]
        stage.refuse(" ".join((told(stage.language, error.message, error.values) + ".", *faults)))
        return None


async def _save(stage: Stage, titled: str, paper: Paper) -> None:
    """Ask for the name of a file until the text is in it; a name that is refused is not lost."""
    from planner.exchange.paper_files import save_text
    from planner.tui.dialogs.paper import SaveDialog

    name, fault = _file_name(paper, stage.language), ""
    while True:
        answer = await stage.ask(SaveDialog(stage.language, titled, name, fault=fault))
        if answer is None:
            return
        name = answer
        try:
            save_text(name, paper.text)
        except PlannerError as error:
            fault = told(stage.language, error.message, error.values)
        else:
            stage.say(stage.language.text("Written to {file}. It holds personal data.", file=name))
            return


def _file_name(paper: Paper, language: Language) -> str:
    """A name for the file: what it is and the citizen's id, never the name."""
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", paper.citizen_id).strip("-")[:40]
    return f"~/{language.text(_FILE_NAMES[paper.kind.value])}-{plain}.txt"


def _other(code: str) -> str:
    return "en" if code == "da" else "da"


def _agenda(scene: Scene) -> tuple[str, ...]:
    return points(scene.row.part, _meant(scene))


def _meant(scene: Scene) -> Conversation | None:
    """The booked conversation that was held: the latest one not after today, else the next one."""
    citizen, today = scene.row.citizen, scene.today.today
    return held_booking(citizen, today) or next_booking(citizen, today)


def _agreed(scene: Scene) -> tuple[date, Channel, int]:
    """Day, channel and minutes of what is booked, else of what is proposed, else of a short talk on the phone."""
    citizen, settings, today = scene.row.citizen, scene.today.caseload.settings, scene.today.today
    booking, slot = _meant(scene), slot_shown(scene.row, scene.view)
    if booking is not None:
        return min(booking.on, today), booking.channel, booking.minutes
    if slot is not None:
        return today, slot.channel, slot.minutes
    return today, Channel.PHONE, settings.minutes_for(citizen, Channel.PHONE)


CONVERSATION_FLOWS: Mapping[str, Flow] = {
    "summons": summons,
    "offer": offer,
    "pick": pick,
    "held": held,
    "case_note": case_note,
}
