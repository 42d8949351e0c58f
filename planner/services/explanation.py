"""Derivations in sentences: how a window came about, why a slot, why nothing else, in the user's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from types import MappingProxyType
from typing import Final

from planner.domain.citizens import Cadence, FactKind
from planner.domain.conversations import Channel
from planner.locale import N_, NN_, Language
from planner.planning.plan import CitizenPlan, Title
from planner.rules.windows import AFTER_EVENT, AFTER_NO_SHOW, OWN_CADENCE, Because, Window, WindowKind, WindowStatus
from planner.services import words

#: What the planner itself asks for, beside law and experiments.
OWN_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        OWN_CADENCE: N_("The cadence that the caseworker has set"),
        AFTER_EVENT: N_("Follow-up after an event"),
        AFTER_NO_SHOW: N_("Follow-up after a no-show"),
    }
)

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # how the rules resolve
        "law": N_("The law: {requirement} ({reference}; {confidence})."),
        "law_by_need": N_("The law sets no deadline; contact by need: {requirement} ({reference}; {confidence})."),
        "lift": N_("Lifted by the experiment {experiment}, adopted here from {first}."),
        "replace": N_("Replaced by a cadence by need under the experiment {experiment}, adopted here from {first}."),
        "need_by_experiment": N_("The experiment {experiment}, adopted here from {first}, sets a cadence by need."),
        "permit": N_("The experiment {experiment}, adopted here from {first}, lets more kinds of contact count."),
        "discretion": N_("Up to the caseworker's judgement under the experiment {experiment}, adopted from {first}."),
        "reason_required": N_("The experiment {experiment} asks for a written reason for each deviation."),
        "own_cadence": N_("No rule sets a date; the caseworker has set a cadence."),
        # how the dates came about
        "period": N_("Period {number} of {every} each: from {first} to {last}."),
        "grace": N_("It may be postponed until {until}; that does not move the next deadline."),
        "held_in_period": N_("Held on {on}."),
        "last_counted": N_("Counted from the last conversation that counts, {on}."),
        "since_start": N_("Counted from {on}, as no conversation that counts has been held."),
        "every": N_("At the latest {period} later."),
        "quota": N_("{held} of {count} conversations held between {first} and {last}."),
        "spacing": N_("The {left} that are left lie at least {period} apart, so the next is due by {latest}."),
        "booking_does_not_count": N_("The conversation booked on {on} ({channel}) does not count for {requirement}."),
        "milestone": N_("One conversation at the latest {at} after the start {start}: {deadline}."),
        "item_deadline": N_("To be covered in a conversation at the latest on {deadline}."),
        "covered_item": N_("Covered in the conversation on {on}."),
        "item_by_fact": N_("Known without a conversation: {fact}, {on}."),
        "cadence": N_("Cadence {cadence}: every {period}."),
        "last_held": N_("Counted from the last conversation, {on}."),
        "not_screened": N_("No cadence has been set, so {cadence} is assumed."),
        "wants_more_contact": N_("The citizen wants more contact, so the cadence is at least close."),
        "safety_net": N_(
            "The safety net: never longer than {period} without a conversation, so at the latest {until}."
        ),
        "safety_net_undocumented": N_(
            "What is awaited is not documented, so the safety net of {period} holds: at the latest {until}."
        ),
        "awaits": N_("Waits for {fact} on {on}; then a conversation within {days} working days."),
        "awaits_nothing": N_("Waiting, but no date is noted that is waited for."),
        "may_await": N_("May wait for {fact} on {on} under the experiment {experiment}."),
        "screening": N_("New since {start} and not screened: a first conversation in week 2–3."),
        "booked": N_("Booked on {on}, {channel}."),
        "booked_late": N_("Booked on {on}, {channel}: after the latest day."),
        # facts
        "exempt_by_fact": N_("Exempt until {until}: {fact} is documented ({reference})."),
        "exempted_by_decision": N_("Exempted by the caseworker's decision of {on} under the 25 % rule."),
        "exemption_over_limit": N_(
            "{exempted} of {eligible} are exempted, more than the {limit} % that the law allows ({allowed})."
        ),
        "item_late": N_("{requirement} is covered after its latest day {latest}."),
        "item_uncovered": N_("{requirement}: no conversation is planned by {latest} that could cover it."),
        "event_passed": N_("{fact} on {on} has passed and has not been talked about."),
        "no_show": N_("Did not show up on {on}."),
        "awaiting": N_("Awaits {fact} on {on}."),
        "offer_open": N_("Times are offered; the citizen may choose until {until}."),
        "offer_over": N_("The offer of times ran out on {until} without an answer: book and summon, or offer anew."),
        "unrecorded_booking": N_("The conversation booked on {on} has not been registered: held or not?"),
        "due": N_("{requirement}: at the latest {latest}."),
        "overdue": N_("{requirement}: overdue since {latest}."),
        "ended": N_("The case has ended: a death is noted."),
        "closed": N_("The case was closed on {on}."),
        "no_requirement": N_("No rule demands a conversation with this group."),
        # why this slot
        "on_target": N_("On the target date for {requirement}."),
        "before_target": N_("Before the target {target} for {requirement} ({points})."),
        "after_target": N_("After the target {target}, before the latest day {latest}, for {requirement} ({points})."),
        "past_latest": N_("After the latest day {latest} for {requirement} ({points})."),
        "other_channel": N_("Not the preferred channel: {channel} ({points})."),
        "moved": N_("Moved from what was proposed before ({points})."),
        # why nothing
        "beyond_horizon": N_("The next conversation lies beyond the weeks that are planned now."),
        "covered": N_("What is due is covered by a booked conversation."),
        "nothing_due": N_("Nothing is due."),
        "may_wait": N_("{requirement} may wait: the latest day is {latest}."),
        "no_channel": N_("The citizen has no channel in which to talk."),
        "no_channel_counts": N_("None of the citizen's channels counts for {requirement}."),
        "no_working_hours": N_("No working hours are set."),
        "no_open_day": N_("No working day is open in the weeks that are planned."),
        "notice_beyond_horizon": N_("The notice reaches beyond the weeks that are planned."),
        "no_slot_fits": N_("No free time fits the citizen, even if nobody else were planned."),
        "days_before_earliest": N_("Days before the conversation may be held: {days}."),
        "days_notice": N_("Days that the notice takes: {days}."),
        "days_closing_day": N_("Closing days of the office: {days}."),
        "days_caseworker_absent": N_("Days on which the caseworker is away: {days}."),
        "days_no_hours_that_day": N_("Weekdays without working hours: {days}."),
        "days_not_in_person_day": N_("Days without conversations in person: {days}."),
        "days_citizen_away": N_("Days on which the citizen is away: {days}."),
        "days_citizen_leaves_none": N_("Days on which the citizen has too little time in the working hours: {days}."),
        "days_hours_too_short": N_("Days with working hours shorter than the conversation: {days}."),
        "days_busy_leaves_none": N_("Days on which the caseworker is busy: {days}."),
        "days_breaks_leave_none": N_("Days on which breaks leave no time long enough: {days}."),
        "days_bookings_leave_none": N_("Days that booked conversations fill: {days}."),
        "days_grid_leaves_none": N_("Days with no free time from a start that is allowed: {days}."),
        "days_day_full": N_("Days that already have the most conversations that a day takes: {days}."),
        "no_room_fits": N_("No room is free at a time that fits, even if nobody else were planned."),
        "no_interpreter_fits": N_(
            "No interpreter of the citizen's language is free at a time that fits, even if nobody else were planned."
        ),
        "no_room_and_interpreter_fit": N_(
            "No room and interpreter are free together at a time that fits, even if nobody else were planned."
        ),
        "calendar_full": N_("The calendar is full."),
        # why not that slot
        "channel_not_usable": N_("The citizen cannot use the channel {channel}."),
        "notice": N_("Too short notice: the first day for {channel} is {first}."),
        "outside_hours": N_("Outside the working hours on {on}."),
        "office_closed": N_("The office is closed on {on}."),
        "caseworker_absent": N_("The caseworker is away on {on}."),
        "in_break": N_("In a break on {on}."),
        "caseworker_busy": N_("The caseworker is busy at that time on {on}."),
        "not_in_person_day": N_("{on} is not a day for conversations in person."),
        "off_grid": N_("Conversations begin on a multiple of {minutes} minutes."),
        "citizen_unavailable": N_("The citizen is not available at that time on {on}."),
        "no_room": N_("No room is free for the whole conversation on {on}."),
        "no_interpreter": N_("No interpreter ({spoken}) is free for the whole conversation on {on}."),
        "time_taken": N_("The time on {on} is taken by another conversation or its buffer."),
        # why not that day
        "day_past": N_("That day has passed."),
        "nothing_to_place": N_("Nothing is to be placed for this citizen now."),
        "beyond_planned": N_("Only the days until {last} are planned now."),
        "weekend": N_("Weekend."),
        "public_holiday": N_("Public holiday."),
        "closing_day": N_("A closing day of the office."),
        "no_hours_that_day": N_("The caseworker has no working hours on that weekday."),
        "before_earliest": N_("Before the first day for {requirement}, {first}."),
        "channel_does_not_count": N_("A conversation in the channel {channel} does not count for {requirement}."),
        "citizen_away": N_("The citizen is away."),
        "hours_too_short": N_("The working hours are shorter than {minutes} minutes."),
        "citizen_leaves_none": N_("The citizen has no {minutes} minutes within the working hours."),
        "busy_leaves_none": N_("The caseworker is busy: no {minutes} minutes are left."),
        "breaks_leave_none": N_("Breaks leave no {minutes} minutes."),
        "bookings_leave_none": N_("Booked conversations and their buffers leave no {minutes} minutes."),
        "no_room_and_interpreter": N_("No room and interpreter are free together on {on}."),
        "grid_leaves_none": N_("No free {minutes} minutes begin on a multiple of {grid} minutes."),
        "day_full": N_("{on} already has {most} conversations, the most that a day takes."),
    }
)


def title_of(name: str, language: Language, titles: Mapping[str, Title]) -> str:
    """What a requirement, experiment or agenda point is called; its id where nothing names it."""
    if name in titles:
        return language.title(titles[name])
    return language.text(OWN_TITLES[name]) if name in OWN_TITLES else name


def sentence(step: Because, language: Language, titles: Mapping[str, Title]) -> str:
    """One step of a derivation as a plain sentence; an unknown code is shown as it is."""
    message = SENTENCES.get(step.code)
    if message is None:
        return step.code
    shown = {name: _shown(name, value, language, titles) for name, value in step.values.items()}
    text = language.text(message, **shown)
    return text[:1].upper() + text[1:]


def sentences(steps: Sequence[Because], language: Language, titles: Mapping[str, Title]) -> list[str]:
    """Each step once, in order."""
    return list(dict.fromkeys(sentence(step, language, titles) for step in steps))


def window_sentences(window: Window, language: Language, titles: Mapping[str, Title]) -> list[str]:
    """How a window came about; where the law sets no deadline, its step says so."""
    without_deadline = window.kind is WindowKind.NEED and not window.binding
    steps = [
        Because("law_by_need", step.values) if step.code == "law" and without_deadline else step
        for step in window.because
    ]
    return sentences(steps, language, titles)


def points_line(steps: Sequence[Because], language: Language) -> str:
    """What points are, where a step speaks of them; else empty."""
    spoken_of = any("points" in step.values for step in steps)
    return language.text("(points: how far a time is from the best one; 0 is best)") if spoken_of else ""


_PERIODS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "D": NN_("{n} day", "{n} days"),
        "W": NN_("{n} week", "{n} weeks"),
        "M": NN_("{n} month", "{n} months"),
        "Y": NN_("{n} year", "{n} years"),
    }
)


def period_words(text: str, language: Language) -> str:
    """An ISO period in words: P4W is four weeks."""
    unit = text[-1:]
    if unit in _PERIODS and text[1:-1].isdigit():
        one, many = _PERIODS[unit]
        return language.plural(one, many, int(text[1:-1]))
    return text


def _shown(name: str, value: str | int, language: Language, titles: Mapping[str, Title]) -> object:
    if isinstance(value, int):
        return language.plural("{n} point", "{n} points", value) if name == "points" else value
    if name in ("requirement", "experiment"):
        return f"“{title_of(value, language, titles)}”"
    if name in ("every", "period", "at"):
        return period_words(value, language)
    msgid = _word(name, value)
    if msgid is not None:
        return language.text(msgid)
    with suppress(ValueError):
        return language.date(date.fromisoformat(value))
    return value


def _word(name: str, value: str) -> str | None:
    if name == "fact":
        return words.fact_kind(FactKind(value))
    if name == "channel":
        return words.channel(Channel(value))
    if name == "cadence":
        return words.cadence(Cadence(value))
    if name == "confidence":
        return words.confidence(value)
    return None


def window_line(window: Window, language: Language, titles: Mapping[str, Title], today: date | None = None) -> str:
    """A window in one line: what, from when, target, latest, and how it stands (on `today`, also whether too late)."""
    status = _standing(window, language, today)
    title = title_of(window.requirement, language, titles)
    if window.status is WindowStatus.LIFTED:
        return f"{title} ({status})"
    if window.earliest == window.target == window.latest:
        return language.text("{title}: on {latest} ({status})", title=title, latest=window.latest, status=status)
    return language.text(
        "{title}: from {earliest}, target {target}, at the latest {latest} ({status})",
        title=title,
        earliest=window.earliest,
        target=window.target,
        latest=window.latest,
        status=status,
    )


def _standing(window: Window, language: Language, today: date | None) -> str:
    status = language.text(words.window_status(window.status))
    if window.status is not WindowStatus.DUE or today is None or today <= window.latest:
        return status
    passed = N_("the deadline is overdue") if window.binding else N_("the latest day has passed")
    return f"{status}; {language.text(passed)}"


#: Why a window is there, in the few words of a list's line; by the step of its derivation that says most.
IN_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wants_more_contact": N_("wants more contact, by {latest}"),
        "awaits": N_("after {fact} {on}"),
        "may_await": N_("after {fact} {on}"),
        "awaits_nothing": N_("safety net, by {latest}"),
        "safety_net": N_("{cadence}, safety net {latest}"),
        "not_screened": N_("not screened, by {latest}"),
        "cadence": N_("{cadence}, by {latest}"),
        "quota": N_("{held} of {count} held, by {latest}"),
        "milestone": N_("first conversation by {latest}"),
        "period": N_("period {number}, by {latest}"),
        "last_counted": N_("last {on}, by {latest}"),
        "since_start": N_("no conversation yet, by {latest}"),
    }
)


def in_short(window: Window, language: Language, titles: Mapping[str, Title]) -> str:
    """Why the window is there, in a few words and with its latest day; its title where no step says more."""
    steps = {step.code: step for step in window.because}
    code = next((code for code in IN_SHORT if code in steps), None)
    if code is None:
        return title_of(window.requirement, language, titles)
    values = {name: value for step in window.because for name, value in step.values.items()}
    values |= steps[code].values
    shown: dict[str, object] = {name: _shown(name, value, language, titles) for name, value in values.items()}
    if "on" in steps[code].values:
        shown["on"] = language.short_day(date.fromisoformat(str(steps[code].values["on"])))
    shown["latest"] = language.short_day(window.latest)
    return language.text(IN_SHORT[code], **shown)


def fixed_rhythm_line(part: CitizenPlan, language: Language, titles: Mapping[str, Title]) -> str:
    """What the law alone would have demanded next, beside what the experiments ask for."""
    fixed = part.fixed_rhythm
    if fixed.latest is None:
        return language.text("The law alone would not have set a date.")
    channel = language.text(words.channel(fixed.channel)) if fixed.channel else ""
    return language.text(
        "The law alone would have demanded a conversation at the latest {latest} ({channel}): {requirement}.",
        latest=fixed.latest,
        channel=channel,
        requirement=title_of(fixed.requirement or "", language, titles),
    )
