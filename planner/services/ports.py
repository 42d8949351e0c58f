"""What the services need of the world: a store with units of work, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from planner.domain.caseload import Adoption, Caseworker, Contact, PlanSettings, SharedCalendar
from planner.domain.citizens import Citizen, Fact, Unavailable
from planner.domain.conversations import Conversation, Offer
from planner.domain.follow_up import FormText, SupervisedCase, Supervision, SurveyRound, Tally
from planner.planning.plan import Plan
from planner.progress import Reach, unwatched

Row = Mapping[str, object]


#: How many of the latest conversations, and those of how long a time, whoever works with the list has at hand.
LATEST, RECENT = 5, timedelta(weeks=8)
#: Months; short, because this program is a helper beside the official case system.
USUAL_RETENTION = 6


@dataclass(frozen=True, slots=True)
class Office:
    """What holds for the whole caseload: municipality, caseworker's week, closing days, settings, shared calendars.

    `contact` is for the texts to citizens only; `retention_months`: how long a closed case is kept before it is
    proposed for erasure, None for no limit.
    """

    municipality: str = ""
    caseworker: Caseworker = field(default_factory=Caseworker)
    closing_days: tuple[date, ...] = ()
    settings: PlanSettings = field(default_factory=PlanSettings)
    shared_calendars: tuple[SharedCalendar, ...] = ()
    contact: Contact = field(default_factory=Contact)
    retention_months: int | None = USUAL_RETENTION


@dataclass(frozen=True, slots=True)
class Note:
    """A note about a citizen; `at` is local Danish time, `amends` the key of the note that it amends, if any."""

    key: str
    at: datetime
    text: str
    amends: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not saved: the command whose dialog it was typed into, the citizen, the texts by field."""

    command: str
    citizen_id: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Away:
    """A stretch in which a citizen cannot be met, with the store's key; no postponement."""

    key: str
    stretch: Unavailable


@dataclass(frozen=True, slots=True)
class Postponement:
    """The caseworker's decision not to talk before the day after `last`."""

    key: str
    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after an action; None where there was no row, or is none any more."""

    table: str
    key: str
    before: Row | None
    after: Row | None

    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.table, self.key, self.after, self.before)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row of the journal without its changes; `at` is local Danish time, `citizen` the store's key.

    `is_emptied`: it was about somebody whose case has been erased, and holds nothing any more.
    """

    seq: int
    at: datetime
    verb: str
    citizen: str | None
    detail: Mapping[str, object]
    target: int | None
    is_emptied: bool = False


class AccessKind(StrEnum):
    """What somebody did who looked."""

    VIEW = "view"
    SEARCH = "search"
    EXPORT = "export"
    PRINT = "print"
    UNLOCK = "unlock"
    FAILED_UNLOCK = "failed_unlock"


@dataclass(frozen=True, slots=True)
class Access:
    """A look: at one citizen (the store's key) or at `count` of them. No names, no CPR numbers, no texts.

    `purpose` is the command or verb that it was needed for.
    """

    kind: AccessKind
    purpose: str
    citizen: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class AccessRow:
    """A look as it was logged; `at` is local Danish time, `account` the user's account on the machine."""

    seq: int
    at: datetime
    account: str
    access: Access


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan as it was written, the hash of everything that it was made from, and the plan that it stays close to."""

    basis: str
    data: bytes
    previous: bytes | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What was shown, ready to be shown again: the journal's head hash that it was made from, and its whole basis."""

    key: str
    state: str
    basis: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PlanForm:
    """How a plan is written down and read again; reading raises InputError."""

    write: Callable[[Plan], bytes]
    read: Callable[[bytes], Plan]


class Clock(Protocol):
    """The planning date and the time of day."""

    def today(self) -> date:
        """The date that is planned from."""

    def now(self) -> datetime:
        """The present moment, with its time zone."""


class Reading(Protocol):
    """A consistent view of the store."""

    def head(self) -> int:
        """The number of the last journal row; 0 for an empty journal."""

    def head_hash(self) -> str:
        """The hash of the last journal row, which covers all before it; empty for an empty journal."""

    def kept_plan(self, *, trial: bool = False, ahead: bool = False) -> KeptPlan | None:
        """The plan that was kept last; for a `trial` the last trial's, where there was one.

        `ahead`: the one that was made ahead for the working day after, and nothing else.
        """

    def kept_draft(self) -> bytes | None:
        """What was typed and not saved when the program was locked."""

    def citizens(self, keys: Collection[str] | None = None) -> dict[str, Citizen]:
        """Citizens by the store's key, all or those named."""

    def present_citizens(self, day: date, keys: Collection[str] | None = None) -> dict[str, Citizen]:
        """The same without the conversations that nobody needs who plans or works with the list on that day.

        There are at least the booked ones, those since the present spell began, those of the last weeks (`RECENT`), the
        latest few (`LATEST`), and the one held last.
        """

    def past(self, first: date, last: date) -> dict[str, tuple[Conversation, ...]]:
        """All conversations from the first day to the last, by the store's key of the citizen."""

    def key_of(self, citizen_id: str) -> str | None:
        """The store's key of the citizen with that id."""

    def adoptions(self) -> tuple[Adoption, ...]:
        """The adoptions, by first day and experiment."""

    def office(self) -> Office:
        """The office as it was last set."""

    def notes(self, citizen: str) -> tuple[Note, ...]:
        """A citizen's notes, oldest first."""

    def postponements(self, citizen: str) -> tuple[Postponement, ...]:
        """A citizen's postponements, by first day."""

    def away(self, citizen: str) -> tuple[Away, ...]:
        """The stretches in which a citizen cannot be met, dates before weekly hours; no postponements."""

    def cprs(self) -> dict[str, str]:
        """The CPR numbers that were given with an import, by the store's key; for matching only, never shown."""

    def mapping(self, signature: str) -> dict[str, object] | None:
        """The column mapping that was remembered for a header row."""

    def mappings(self, beginning: str) -> tuple[Mapping[str, object], ...]:
        """Everything that was remembered under signatures with that beginning."""

    def journal(self, limit: int | None = None, citizen: str | None = None) -> list[JournalRow]:
        """The journal's rows, newest first."""

    def row(self, seq: int) -> JournalRow | None:
        """One row of the journal."""

    def reversals(self) -> list[JournalRow]:
        """The rows that take back or repeat another, oldest first."""

    def last_actions(self, limit: int, leaving_out: Collection[str]) -> list[JournalRow]:
        """The newest rows that are no reversals and whose verb is not left out, newest first."""

    def changes(self, seq: int) -> tuple[Change, ...]:
        """What one journal row changed."""

    def touched_since(self, seq: int) -> set[str]:
        """Keys of the citizens that rows after `seq` changed."""

    def accesses(self, limit: int | None = None, citizen: str | None = None) -> list[AccessRow]:
        """Who looked, newest first; at one citizen, or at all."""

    def last_erasure(self) -> int:
        """The number of the newest journal row that erased somebody; 0 where none did."""

    def erased(self, citizen_id: str, cpr: str | None = None) -> date | None:
        """When somebody with this id or CPR number was erased who was not readmitted since."""

    def survey_rounds(self) -> tuple[SurveyRound, ...]:
        """The rounds of the survey, by date and name."""

    def supervisions(self) -> tuple[Supervision, ...]:
        """The samples of supervision with their cases, by date and journal number."""

    def form_texts(self, experiment: str) -> tuple[FormText, ...]:
        """What is written in an experiment's evaluation form, by point."""

    def verify(self) -> None:
        """Check the chains of journal and looks; raises StoreError naming the first row that does not fit."""


class UnitOfWork(Reading, Protocol):
    """A transaction: everything in it happens, with its row in the journal, or nothing."""

    def add_citizen(self, citizen: Citizen) -> str:
        """Write a new citizen with everything belonging to it; gives the store's key."""

    def save_citizen(self, key: str, citizen: Citizen) -> None:
        """Write the citizen's own fields (not facts, conversations or unavailable times)."""

    def save_cpr(self, key: str, cpr: str) -> None:
        """Keep the CPR number that belongs to a citizen."""

    def save_conversation(self, citizen: str, conversation: Conversation) -> str:
        """Write a conversation, new when it has no key, and whether its note is filed; gives its key."""

    def save_offer(self, citizen: str, offer: Offer) -> str:
        """Write an offer, new when it has no key; gives its key."""

    def drop_offer(self, offer: Offer) -> None:
        """Take away an offer that no longer stands."""

    def save_fact(self, citizen: str, fact: Fact) -> str:
        """Write a fact, new when it has no key; gives its key."""

    def add_unavailable(self, citizen: str, stretch: Unavailable) -> str:
        """Write a stretch in which the citizen cannot be met."""

    def save_postponement(self, citizen: str, postponement: Postponement) -> str:
        """Write a postponement, new when it has no key; gives its key."""

    def remove_fact(self, key: str) -> None:
        """Take a fact away."""

    def remove_away(self, key: str) -> None:
        """Take away a stretch in which the citizen cannot be met."""

    def add_note(self, citizen: str, text: str, amends: str = "") -> str:
        """Write a note with the present time, which may amend another one."""

    def save_adoption(self, adoption: Adoption) -> str:
        """Write an adoption, new when it has no key; gives its key."""

    def save_office(self, office: Office) -> None:
        """Write the office."""

    def save_mapping(self, signature: str, mapping: Mapping[str, object]) -> None:
        """Remember the column mapping of a header row."""

    def save_survey_round(self, made: SurveyRound) -> str:
        """Write a round's name and date, new when it has no key; gives its key."""

    def remove_survey_round(self, key: str) -> None:
        """Take a round away; its answers come back with it when that is undone."""

    def add_answers(self, round_key: str, tally: Tally) -> None:
        """Count answers in with those of a round; neither they nor their order stand in the journal."""

    def add_supervision(self, made: Supervision) -> None:
        """Write a new sample with its cases."""

    def save_supervised(self, case: SupervisedCase) -> None:
        """Write what was found in a case of a sample."""

    def save_form_text(self, written: FormText) -> None:
        """Write what stands under a point of a form, new when it has no key; an empty text takes it away."""

    def erase(self, key: str) -> None:
        """Remove a citizen and all that belongs to the case, and empty what the journal holds of it."""

    def readmit(self, citizen_id: str, cpr: str | None = None) -> bool:
        """Let somebody who was erased be imported again; whether there was anybody."""

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes on rows that are still as their `before`; raises Stale otherwise."""

    @property
    def pending(self) -> Sequence[Change]:
        """What the unit has changed so far, nothing for rows written back as they were."""

    def record(self, verb: str, citizen: str | None, detail: Mapping[str, object], target: int | None = None) -> int:
        """Write the journal's row for everything changed; the last thing a unit does. Gives its number."""


class Store(Protocol):
    """Where everything is kept."""

    @property
    def was_cut_off(self) -> bool:
        """Whether the process that had it open before was gone without closing it; a demo is not asked."""

    @property
    def has_lost(self) -> bool:
        """Whether something of what that process wrote last cannot be read."""

    def read(self) -> AbstractContextManager[Reading]:
        """A transaction that reads."""

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that writes; it is rolled back when an exception leaves it or nothing was recorded."""

    def check(self) -> None:
        """See once whether the whole of it fits together, before anything is changed; raises DamagedStore."""

    def keep_plan(self, plan: KeptPlan, state: str, *, trial: bool = False, ahead: bool = False) -> None:
        """Keep a plan in the place of the one before, as far as there is room and leave to write.

        `state`: the journal's head hash that it was made from; nothing is kept where the store has another one. A
        `trial` is kept beside it, as what was only looked at moves nothing; so is what is made `ahead`.
        """

    def keep_glance(self, glance: Glance) -> None:
        """Keep a glance, as far as there is room and leave to write, where the store is as it was made from."""

    def keep_draft(self, data: bytes | None) -> None:
        """Keep what was typed and not saved, or nothing any more; raises StoreError."""

    def log_access(self, *looks: Access) -> None:
        """Log looks; where that is not possible now, it is done with the next ones."""

    def clean(self) -> None:
        """Let nothing of what was erased stay in the files; raises StoreError."""

    def back_up_before(self, reason: str, reach: Reach = unwatched) -> None:
        """Make a backup before much is changed at once (`import`, `erasure`) or after (`erased`); raises StoreError."""

    def back_up_now(self, reach: Reach = unwatched) -> int:
        """Make one because it is asked for; gives the number of the last action in it. Raises StoreError."""

    def back_up_if_due(self) -> bool:
        """Make one where something changed and the last one is old enough; raises StoreError."""

    def close(self) -> None:
        """Let go of the files."""
