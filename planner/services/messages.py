"""What each verb says when it is done; the log says the same. Values keep their types until a face shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Final

from planner.domain.citizens import Cadence, FactKind
from planner.domain.conversations import Channel
from planner.locale import N_, Language, Titled
from planner.phrases import Phrase, spoken
from planner.services import words
from planner.services.explanation import period_words

UNDO, REDO = "undo", "redo"
EMPTIED = N_("Something about somebody whose case has been erased")
#: Verbs that undo passes over: they are no work of the user's that could be taken back.
SILENT = frozenset({"demo", "mapping", "erase", "readmit", "survey_answers"})

#: Verbs that begin a round of the survey, and how many counts of answers are looked through for its name.
ROUND_BEGUN, MOST_ANSWERS = frozenset({"survey_round", "survey_import"}), 10_000

VERBS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accept": N_("{name}: booked {on} at {start}, {channel}"),
        "accept_all": N_("Conversations booked: {booked}"),
        "accept_some": N_("Conversations booked: {booked}; not possible any more: {left}"),
        "call_off": N_("{on} called off; conversations to plan anew: {count}"),
        "move": N_("{name}: moved from {was} at {was_at} to {on} at {start}, {channel}"),
        "accept_instead": N_("{name}: booked {on} at {start}, {channel}; the offer of times is withdrawn"),
        "offer": N_("{name}: times offered: {count}, {channel}; the citizen may choose until {until}"),
        "withdraw": N_("{name}: the offer of times is withdrawn"),
        "pick": N_("{name}: self-booked {on} at {start}, {channel}"),
        "filed": N_("{name}: the note of {on} is in the case system"),
        "unfiled": N_("{name}: the note of {on} is not in the case system"),
        "postpone": N_("{name}: postponed until {until}"),
        "exempt": N_("{name}: exempted until {until}"),
        "end_exemption": N_("{name}: the exemption has ended"),
        "close": N_("{name}: the case is closed, {on}"),
        "reopen": N_("{name}: the case is open again"),
        "retention": N_("Closed cases are kept for {months} months"),
        "retention_none": N_("No closed case is proposed for erasure any more"),
        "erase": N_("Closed cases erased: {count}"),
        "readmit": N_("Somebody whose case was erased may be imported again"),
        "cadence": N_("{name}: cadence set to {cadence}"),
        "fact": N_("{name}: noted {kind}, {on}"),
        "held": N_("{name}: conversation held {on}, {channel}"),
        "held_cadence": N_("{name}: conversation held {on}, {channel}; cadence set to {cadence}"),
        "no_show": N_("{name}: did not show up {on}"),
        "cancelled_by_citizen": N_("{name}: cancelled the conversation {on}"),
        "cancelled_by_us": N_("{name}: we cancelled the conversation {on}"),
        "note": N_("{name}: note written"),
        "note_amended": N_("{name}: the note of {on} amended"),
        "fact_changed": N_("{name}: fact corrected: {kind}, {on}"),
        "fact_removed": N_("{name}: fact removed: {kind}, {on}"),
        "channels": N_("{name}: can talk by {channels}; preferred: {preferred}"),
        "interpreter": N_("{name}: interpreter: {tongue}"),
        "away": N_("{name}: cannot be met from {first} to {last}"),
        "away_weekly": N_("{name}: cannot be met on {weekday} {start}–{end}"),
        "away_removed": N_("{name}: can be met again from {first} to {last}"),
        "away_weekly_removed": N_("{name}: can be met again on {weekday} {start}–{end}"),
        "adopt": N_("The experiment {experiment} is adopted from {first}"),
        "end_adoption": N_("The experiment {experiment} ends {last}"),
        "survey_round": N_("The survey's round “{round}” was begun, {on}"),
        "survey_import": N_("The survey's round “{round}” was begun; forms counted: {count}"),
        "survey_answers": N_("Forms counted in the survey's round “{round}”: {count}"),
        "survey_removed": N_("The survey's round “{round}” was removed"),
        "supervision": N_("Cases drawn for supervision: {count}"),
        "supervised": N_("{name}: findings of supervision written down"),
        "form_text": N_("The evaluation form of {experiment}: point {point} was written"),
        "form_text_removed": N_("The evaluation form of {experiment}: the text of point {point} was taken out"),
        "import": N_("Citizens imported: {new} new, {changed} changed"),
        "calendar": N_("Calendar imported: {new} busy times"),
        "load": N_("Citizens loaded: {new} new, {changed} changed"),
        "office": N_("The office was changed"),
        "demo": N_("The demo was set up with {new} invented citizens"),
        "mapping": N_("The columns of a file were remembered"),
        UNDO: N_("Undone: {what}"),
        REDO: N_("Done again: {what}"),
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """A message and its values, to be put into words when a face knows the language."""

    message: str
    values: Mapping[str, object]

    def text(self, language: Language) -> str:
        """The message in the user's language."""
        return told(language, self.message, self.values)

    def __str__(self) -> str:
        return self.message.format(**self.values)


def told(language: Language, message: str, values: Mapping[str, object]) -> str:
    """The message with its values as the user's language writes them: days, times, channels, kinds."""
    return language.text(message, **{name: shown(name, value, language) for name, value in values.items()})


def shown(name: str, value: object, language: Language) -> object:
    """One value in the user's language; what is text or number already stays."""
    match value:
        case Titled():
            return language.title(value)
        case Phrase():
            return spoken(value, language.text)
        case Told():
            return value.text(language)
        case time():
            return language.time(value.hour * 60 + value.minute)
        case Channel():
            return language.text(words.channel(value))
        case FactKind():
            return language.text(words.fact_kind(value))
        case Cadence():
            return language.text(words.cadence(value))
        case tuple():
            return language.joined([str(shown(name, item, language)) for item in value])
        case int() if name == "weekday":
            return language.text(words.WEEKDAYS[value])
        case None if name in ("preferred", "tongue"):
            return language.text(N_("none"))
        case str() if name == "period":
            return period_words(value, language)
        case None if name == "cadence":
            return language.text(words.cadence(None))
    return value


_TYPES: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {
        "on": date.fromisoformat,
        "until": date.fromisoformat,
        "first": date.fromisoformat,
        "last": date.fromisoformat,
        "start": time.fromisoformat,
        "end": time.fromisoformat,
        "was": date.fromisoformat,
        "was_at": time.fromisoformat,
        "channel": Channel,
        "preferred": Channel,
        "cadence": Cadence,
        "kind": FactKind,
    }
)


def kept(values: Mapping[str, object]) -> dict[str, object]:
    """The values as the journal keeps them, in JSON."""
    return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in values.items()}


def restored(detail: Mapping[str, object]) -> dict[str, object]:
    """The values from what the journal kept."""
    return {name: _restored(name, value) for name, value in detail.items()}


def _restored(name: str, value: object) -> object:
    if name == "channels" and isinstance(value, list):
        return tuple(Channel(one) for one in value)
    return _TYPES[name](value) if name in _TYPES and isinstance(value, str) else value
