"""What each choice of `planner triage` asks for, and what it then lets the desk do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from planner.cli.asking import Asking
from planner.cli.listing import slot_text
from planner.cli.triage_papers import PAPER_STEPS
from planner.cli.triage_scene import Scene, Step
from planner.cli.worded import BY, CITIZEN
from planner.domain.citizens import Cadence, Citizen, FactKind
from planner.domain.conversations import Channel
from planner.errors import Refused
from planner.locale import N_
from planner.planning.plan import Slot
from planner.services import words
from planner.services.decided import exemption_in_force
from planner.services.entry import read_date, read_moment
from planner.services.explanation import title_of
from planner.services.offered import channels_offered, held_booking, points, times_offered

if TYPE_CHECKING:
    from planner.services.results import Done

#: Reasons that are offered; any other is written.
REASONS = (
    N_("waits for information"),
    N_("by agreement with the citizen"),
    N_("the citizen is on holiday"),
    N_("begins in a job or in education"),
)


def accept(scene: Scene) -> Done | None:
    """Book the proposal."""
    return _book(scene, 0)


def accept_alternative(scene: Scene) -> Done | None:
    """Book the first alternative."""
    return _book(scene, 1)


def _book(scene: Scene, choice: int) -> Done:
    if choice >= len(scene.slots):
        missing = N_("There is no alternative; choose a time")
        raise Refused(missing if scene.slots else N_("Nothing is proposed for this citizen; choose a time"))
    return scene.desk.accept(scene.citizen.id, scene.slots[choice])


def choose_time(scene: Scene) -> Done | None:
    """Book another time in the channel that is proposed."""
    channel = scene.slots[0].channel if scene.slots else _usual(scene.citizen)
    return _choose(scene, channel)


def change_channel(scene: Scene) -> Done | None:
    """Book a time in another channel."""
    text = scene.asking.language.text
    offered = channels_offered(scene.citizen, scene.slots[0].channel if scene.slots else None)
    named = [(text(words.channel(channel)), channel) for channel in offered]
    channel = scene.asking.pick(N_("Which channel? The number:"), named)
    return None if channel is None else _choose(scene, channel)


def _choose(scene: Scene, channel: Channel) -> Done | None:
    asking, citizen, settings = scene.asking, scene.citizen, scene.today.caseload.settings

    def typed(text: str) -> Slot:
        day, start = read_moment(text, scene.today.today)
        return Slot(day, start, settings.minutes_for(citizen, channel), channel)

    proposed = [slot for slot in scene.slots[1:] if slot.channel is channel]
    free = sorted({*proposed, *times_offered(scene.desk, citizen.id, channel)}, key=lambda slot: (slot.on, slot.start))
    if not free:
        asking.say(N_("No time is free."))
    named = [(slot_text(slot, asking.language), slot) for slot in free]
    slot = asking.pick(N_("Which time? The number, or a day and a time, for example 24-11 10.30:"), named, typed)
    return None if slot is None else scene.desk.accept(citizen.id, slot)


def postpone(scene: Scene) -> Done | None:
    """Nothing before a day, for a reason."""
    asking = scene.asking
    until = asking.day(N_("Not before which day? For example 24-11 or +2w:"), scene.today.today)
    if until is None:
        return None
    reason = _reason(asking)
    return None if reason is None else scene.desk.postpone(scene.citizen.id, until, reason)


def held(scene: Scene) -> Done | None:
    """A conversation was held: when, through which channel, and what it covered."""
    asking, citizen, today = scene.asking, scene.citizen, scene.today.today
    language, booking = asking.language, held_booking(citizen, today)
    days = dict.fromkeys(day for day in (booking.on if booking else None, today) if day is not None)
    question = N_("On which day was it held? The number, or a date, for example 24-11:")
    on = asking.pick(question, [(language.long_day(day), day) for day in days], lambda typed: read_date(typed, today))
    if on is None:
        return None
    first = booking.channel if booking and booking.on == on else _usual(citizen)
    named = [(language.text(words.channel(channel)), channel) for channel in channels_offered(citizen, first)]
    channel = asking.pick(N_("Through which channel? The number:"), named)
    if channel is None:
        return None
    covered: tuple[str, ...] | None = ()
    if about := points(scene.row.part, booking):
        titles = [(title_of(point, language, scene.today.plan.titles), point) for point in about]
        covered = asking.several(N_("What was talked about? The numbers, or 0 for none of it:"), titles)
    return None if covered is None else scene.desk.held(citizen.id, channel=channel, on=on, agenda=covered)


def no_show(scene: Scene) -> Done | None:
    """The citizen did not come."""
    return scene.desk.no_show(scene.citizen.id)


def close_case(scene: Scene) -> Done | None:
    """The case is at its end."""
    day = scene.today.today
    on = scene.asking.day_or(N_("What is the case's last day?"), [(scene.asking.language.long_day(day), day)], day)
    return None if on is None else scene.desk.cases.close(scene.citizen.id, on)


def cancelled(scene: Scene) -> Done | None:
    """A booked conversation was cancelled."""
    asking = scene.asking
    if not scene.citizen.booked():
        raise Refused(N_("Nothing is booked that could be cancelled"))
    who = [(asking.language.text(msgid), key) for key, msgid in BY.items()]
    by = asking.pick(N_("Who cancelled? The number:"), who)
    if by is None:
        return None
    without = asking.language.text(N_("no reason is kept"))
    reason = asking.pick(N_("The number, or the reason in your own words:"), [(without, "")], str)
    return None if reason is None else scene.desk.cancel(scene.citizen.id, by == CITIZEN, reason)


def set_cadence(scene: Scene) -> Done | None:
    """Screen the citizen."""
    named = [(_cadence_words(scene, cadence), (cadence,)) for cadence in (*Cadence, None)]
    chosen = scene.asking.pick(N_("Which cadence? The number:"), named)
    return None if chosen is None else scene.desk.set_cadence(scene.citizen.id, chosen[0])


def _cadence_words(scene: Scene, cadence: Cadence | None) -> str:
    text = scene.asking.language.text
    weeks = words.weeks_between(cadence) if cadence is not None else None
    parts = [text(words.cadence(cadence)), text("every {n} weeks", n=weeks) if weeks else ""]
    parts.append(text(N_("as it is now")) if cadence is scene.citizen.cadence else "")
    return ", ".join(filter(None, parts))


def exempt(scene: Scene) -> Done | None:
    """Exempt; where there is an exemption, end it."""
    asking, citizen, today = scene.asking, scene.citizen, scene.today.today
    if exemption_in_force(citizen, today) is not None:
        ending = asking.language.text(N_("end the exemption, so that conversations are planned again"))
        if (
            asking.pick(N_("The citizen is exempt. The number, or only Enter to leave it so:"), [(ending, True)])
            is None
        ):
            return None
        return scene.desk.end_exemption(citizen.id)
    reason = _reason(asking)
    if reason is None:
        return None
    longest: list[tuple[str, date | None]] = [(asking.language.text(N_("as long as the rule runs")), None)]
    last = asking.pick(
        N_("Until when? The number, or the last day, for example 24-11:"),
        [(shown, (day,)) for shown, day in longest],
        lambda typed: (read_date(typed, today),),
    )
    return None if last is None else scene.desk.exempt(citizen.id, reason, last[0])


def add_fact(scene: Scene) -> Done | None:
    """Note what became known."""
    asking, today = scene.asking, scene.today.today
    text = asking.language.text
    kind = asking.pick(N_("Which fact? The number:"), [(text(words.fact_kind(one)), one) for one in FactKind])
    if kind is None:
        return None
    on = asking.day(N_("Which day? For example 24-11 or +2w:"), today)
    if on is None:
        return None
    open_end: list[tuple[str, tuple[date | None]]] = [(text(N_("no last day")), (None,))]
    question = N_("Until when? The number, or the last day, for example 24-11:")
    last = asking.pick(question, open_end, lambda typed: (read_date(typed, today),))
    if last is None:
        return None
    papers = [(text(N_("nothing shows it on paper")), False), (text(N_("there are papers that show it")), True)]
    documented = asking.pick(N_("Is it documented? The number:"), papers)
    if documented is None:
        return None
    return scene.desk.add_fact(scene.citizen.id, kind, on, last[0], documented)


def note(scene: Scene) -> Done | None:
    """Write a note."""
    text = scene.asking.words(N_("The note:"))
    return None if text is None else scene.desk.note(scene.citizen.id, text)


def undo(scene: Scene) -> Done | None:
    """Take back the last change, whoever it was about; one from before only when that is meant."""
    last, language = scene.desk.to_undo(), scene.asking.language
    if last is not None and last.seq <= scene.begun:
        scene.asking.say(N_("The last change was made before: {what}."), what=last.text(language))
        meant = [(language.text(N_("undo it nevertheless")), True)]
        if not scene.asking.pick(N_("The number, or only Enter to leave it so:"), meant):
            return None
    return scene.desk.undo()


def redo(scene: Scene) -> Done | None:
    """Do again what was taken back."""
    return scene.desk.redo()


def _reason(asking: Asking) -> str | None:
    offered = [asking.language.text(reason) for reason in REASONS]
    return asking.pick(
        N_("Why? The number, or the reason in your own words (it is kept with the citizen):"),
        [(reason, reason) for reason in offered],
        str,
    )


def _usual(citizen: Citizen) -> Channel:
    return citizen.preferred_channel or next(iter(channels_offered(citizen)), citizen.channels[0])


STEPS: Mapping[str, Step] = {
    "accept": accept,
    "choice_2": accept_alternative,
    "choose_time": choose_time,
    "change_channel": change_channel,
    "postpone": postpone,
    "held": held,
    "no_show": no_show,
    "set_cadence": set_cadence,
    "note": note,
    "exempt": exempt,
    "add_fact": add_fact,
    "cancelled": cancelled,
    "close_case": close_case,
    "undo": undo,
    "redo": redo,
    **PAPER_STEPS,
}
