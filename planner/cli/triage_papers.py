"""The choices of `planner triage` that write a text to copy: summons, offer of times, case note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from planner.cli.triage_scene import Scene, Step
from planner.domain.conversations import Status
from planner.errors import InputError, Refused
from planner.locale import N_
from planner.services import words
from planner.services.messages import told
from planner.services.offered import channels_offered
from planner.services.papers import TooLate, offered_words
from planner.services.self_booking import check_free, standing

if TYPE_CHECKING:
    from planner.services.papers import Paper
    from planner.services.results import Done


def summons(scene: Scene) -> Done | None:
    """Write the summons to what is booked; where nothing is, book the proposal first."""
    done = None
    if not any(talk.on >= scene.today.today for talk in scene.citizen.booked()):
        if not scene.slots:
            raise Refused(N_("Nothing is booked and nothing proposed; choose a time first"))
        done = scene.desk.accept(scene.citizen.id, scene.slots[0])
        scene.tell(done)  # whatever becomes of the text, this stands
    try:
        _write(scene, lambda code: scene.desk.summons(scene.citizen.id, code))
    except TooLate as late:
        question = told(scene.asking.language, late.message, late.values) + ". "
        scene.asking.out.line(question + scene.asking.language.text(N_("Show it nevertheless?")))
        show = [(scene.asking.language.text(N_("show it nevertheless")), True)]
        if scene.asking.pick(N_("The number, or only Enter to leave it so:"), show):
            _write(scene, lambda code: scene.desk.summons(scene.citizen.id, code, short_notice=True))
    return done


def offer(scene: Scene) -> Done | None:
    """Offer times and write the text; where an offer stands, write it again, or withdraw it."""
    asking, desk, made = scene.asking, scene.desk, scene.citizen.offer
    if made is None:
        return _new_offer(scene)
    text = asking.language.text
    choices = [(text(N_("Show the text again")), "text"), (text(N_("Withdraw the offer")), "withdraw")]
    if not made.is_open(scene.today.today):
        choices.append((text(N_("Make a new offer")), "new"))
    picked = asking.pick(N_("Times are offered already. The number, or only Enter to leave it so:"), choices)
    if picked == "new":
        return _new_offer(scene)
    if picked == "text":
        _write(scene, lambda code: desk.offer_text(scene.citizen.id, code))
    return desk.withdraw(scene.citizen.id) if picked == "withdraw" else None


def _new_offer(scene: Scene) -> Done | None:
    asking, desk = scene.asking, scene.desk
    check_free(scene.citizen, scene.today.today)
    offered = channels_offered(scene.citizen, scene.slots[0].channel if scene.slots else None)
    named = [(asking.language.text(words.channel(channel)), channel) for channel in offered]
    channel = asking.pick(N_("Which channel? The number:"), named)
    if channel is None:
        return None
    usual = desk.usual_deadline()
    until = asking.day_or(
        N_("Until when can the citizen choose? The number, or the last day, for example 24-11:"),
        [(asking.language.long_day(usual), usual)],
        scene.today.today,
    )
    if until is None:
        return None
    done = desk.offer(scene.citizen.id, until, channel=channel)
    scene.tell(done)
    _write(scene, lambda code: desk.offer_text(scene.citizen.id, code))
    return done


def pick(scene: Scene) -> Done | None:
    """Book the offered time that the citizen chose."""
    made, language = standing(scene.citizen), scene.asking.language
    named = [(offered_words(one, language), number) for number, one in enumerate(made.times, 1)]
    number = scene.asking.pick(N_("Which of the offered times was chosen? The number:"), named)
    return None if number is None else scene.desk.pick(scene.citizen.id, number)


def case_note(scene: Scene) -> Done | None:
    """Write the note of the conversation held last, and ask whether it is in the case system."""
    held = [talk for talk in scene.citizen.conversations if talk.status is Status.HELD]
    latest = max(held, key=lambda talk: (talk.on, talk.start), default=None)
    return note_of(scene, None, filed=latest is not None and latest.filed_on is not None)


def note_of(scene: Scene, on: date | None, *, filed: bool = False) -> Done | None:
    """Write the note of a conversation held on a day (None: the latest), and ask where it is unless that is said."""
    _write(scene, lambda code: scene.desk.case_note(scene.citizen.id, code, on))
    if filed:
        return None
    tick = [(scene.asking.language.text(N_("it is in the case system now")), True)]
    is_there = scene.asking.pick(N_("The number once it is copied there, or only Enter for later:"), tick)
    return scene.desk.filed(scene.citizen.id, on) if is_there else None


def _write(scene: Scene, written: Callable[[str], Paper]) -> None:
    """The text between empty lines, and after it what the caseworker should know of it, or what is wrong with it."""
    out = scene.asking.out
    try:
        paper = written(scene.asking.language.code)
    except InputError as error:  # the municipality's own template
        scene.asking.tell(error)
        return
    out.line()
    for line in paper.text.splitlines():
        out.raw(line)
    out.line()
    for notice in paper.notices:
        out.line(notice.text(scene.asking.language))


PAPER_STEPS: Mapping[str, Step] = {"summons": summons, "offer": offer, "pick": pick, "case_note": case_note}
