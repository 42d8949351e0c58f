"""Which citizens of today's list are shown: by what is to be decided, target group, channel and cadence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields

from planner.domain.citizens import Cadence, TargetGroup
from planner.domain.conversations import TALKING, Channel
from planner.locale import N_, Language
from planner.planning.plan import Bucket
from planner.services import words
from planner.services.results import Row
from planner.services.today import IN_NEED

#: When it stands so with a citizen.
_STANDS: Mapping[str, Callable[[Row], bool]] = {
    "mine": lambda row: row.part.bucket in IN_NEED,
    "overdue": lambda row: row.days is not None and row.days < 0,
    "waiting": lambda row: row.part.bucket is Bucket.WAITING,
}
#: What a citizen has who was never screened.
NO_CADENCE = "none"


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a citizen must be to be shown; an empty text asks nothing."""

    standing: str = ""
    target_group: str = ""
    channel: str = ""
    cadence: str = ""

    def __bool__(self) -> bool:
        return self != Sieve()

    def lets_through(self, row: Row) -> bool:
        """Whether the citizen is shown."""
        citizen = row.citizen
        cadence = citizen.cadence.value if citizen.cadence else NO_CADENCE
        return (
            (not self.standing or _STANDS[self.standing](row))
            and self.target_group in ("", citizen.target_group.value)
            and self.channel in ("", channel_of(row))
            and self.cadence in ("", cadence)
        )

    def words(self, language: Language, *, brief: bool = False) -> str:
        """What is asked, for a line of its own; where it is `brief`, a target group only by its number."""
        asked = ((name, value) for name, value in asdict(self).items() if value)
        return ", ".join(
            value if brief and name == "target_group" else choice_word(name, value, language) for name, value in asked
        )


def channel_of(row: Row) -> str:
    """The channel of the conversation that is booked next, else proposed, else the citizen's preferred one."""
    booked = row.citizen.booked()
    if booked:
        return booked[0].channel.value
    if row.part.proposal is not None:
        return row.part.proposal.slot.channel.value
    return row.citizen.preferred_channel.value if row.citizen.preferred_channel else ""


#: What each part of the filter is called, and the values that it can have.
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "standing": (N_("Standing"), tuple(words.STANDINGS)),
    "target_group": (N_("Target group"), tuple(group.value for group in TargetGroup)),
    "channel": (N_("Channel"), tuple(channel.value for channel in TALKING)),
    "cadence": (N_("Cadence"), (*(cadence.value for cadence in Cadence), NO_CADENCE)),
}


def choice_word(part: str, value: str, language: Language) -> str:
    """What a value of a part of the filter is called."""
    match part:
        case "standing":
            return language.text(words.STANDINGS[value])
        case "target_group":
            return language.text(words.target_group(TargetGroup(value)))
        case "channel":
            return language.text(words.channel(Channel(value)))
        case _:
            return language.text(words.cadence(None if value == NO_CADENCE else Cadence(value)))


def sieve_of(kept: Mapping[str, object]) -> Sieve:
    """The filter that was remembered; what is not known any more asks nothing."""
    known = {field.name: str(kept.get(field.name, "")) for field in fields(Sieve)}
    return Sieve(**{name: value if value in PARTS[name][1] else "" for name, value in known.items()})
