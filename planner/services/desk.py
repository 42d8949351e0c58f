"""The desk: everything that a user can do, one method a verb. The faces use nothing else of the services."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from types import TracebackType

from msgspec import MsgspecError
from msgspec.json import decode, encode

from planner.domain.caseload import Adoption, Busy, Caseload
from planner.domain.citizens import Cadence, Citizen, Fact, FactKind, Unavailable
from planner.domain.conversations import Channel
from planner.domain.masking import Masking
from planner.domain.records import Record
from planner.domain.text import Sought, sort_key
from planner.glances import basis
from planner.locale import language as language_of
from planner.planning.plan import CitizenPlan, Slot
from planner.planning.shortage import Shortage
from planner.progress import Reach, unwatched
from planner.rules.ruleset import RuleSet
from planner.services import (
    booking,
    decisions,
    facts,
    importing,
    journal,
    loading,
    offices,
    papers,
    reach,
    records,
    self_booking,
    story,
    together,
    what_if,
    why,
)
from planner.services.cases import Cases
from planner.services.fixed_load import FixedLoad, WeekLoad
from planner.services.follow_up import FollowUp
from planner.services.imported import DryRun, ImportRows
from planner.services.importing import CalendarImported, Imported
from planner.services.looks import Looks
from planner.services.ports import AccessKind, Away, Clock, Draft, Glance, Note, Office, PlanForm, Postponement, Store
from planner.services.replanning import Ahead, Replanning
from planner.services.results import Difference, Done, Entry, Row, Today
from planner.services.room import Room
from planner.services.story import Story
from planner.services.survived import Survived, survived
from planner.services.week_view import SUNDAY, WeekView, is_at_hand, monday_of, week_view, with_past
from planner.services.what_if import Supposed, WhatIf

__all__ = ["Desk", "Difference", "Done", "Entry", "Note", "Office", "Postponement", "Row", "Today"]


class Desk:
    """What a caseworker does, in words; safe to use from several threads.

    Verbs raise NotFound for an unknown citizen, Refused where a rule or limit forbids them (with the figures),
    and StoreError where nothing could be saved.
    """

    def __init__(
        self,
        store: Store,
        rules: RuleSet,
        clock: Clock,
        form: PlanForm,
        templates: papers.Templates,
        *,
        trial: bool = False,
    ) -> None:
        self.rules = rules
        self._templates = templates
        self._room = Room(store, rules, clock)
        self._looks = Looks(self._room)
        self.cases = Cases(self._room, self._looks, self.today)
        self.follow_up = FollowUp(self._room)
        self._clock = clock
        self._trial = trial
        self._fixed_load = FixedLoad(rules)
        self._replanning = Replanning(self._room, rules, clock, form, trial=trial)

    def close(self) -> None:
        """Let go of the store."""
        self._room.store.close()

    def survived(self) -> Survived | None:
        """What was kept though the program was not closed in order before this; None where it was."""
        return survived(self._room)

    @property
    def masking(self) -> Masking:
        """What is masked in everything that the desk gives back; papers for the citizen carry the real name."""
        return self._room.masking

    @masking.setter
    def masking(self, masking: Masking) -> None:
        self._room.masking = masking

    def keep_glance(self, of: Today | Ahead, key: str, data: bytes, *shown: object) -> None:
        """Keep what is shown of a list for the next start; `shown` is whatever else it depends on. For a worker."""
        today = of.today if isinstance(of, Ahead) else of
        state = of.state if isinstance(of, Ahead) else self._replanning.state_of(of)
        if state is not None:
            made_from = basis(state.head, today.today, self._trial, state.masking.value, *shown)
            self._room.store.keep_glance(Glance(key, state.head, made_from, data))

    def ahead(self) -> Ahead | None:
        """The list of the next working day as if nothing changed until then, with its plan kept; for a worker.

        None where no plan of today stands, and where it would take long.
        """
        return self._replanning.ahead()

    def state_of(self, today: Today) -> object:
        """Which state of the store the list is of; None for one that is not shown any more."""
        return self._replanning.state_of(today)

    def keep_draft(self, draft: Draft) -> None:
        """Keep what was typed and not saved, until it is taken; raises StoreError."""
        self._room.store.keep_draft(encode(draft))

    def draft(self) -> Draft | None:
        """What was typed and not saved when the program was locked."""
        with self._room.store.read() as view:
            data = view.kept_draft()
        try:
            return None if data is None else decode(data, type=Draft)
        except MsgspecError:
            return None

    def drop_draft(self) -> None:
        """Keep it no longer; raises StoreError."""
        self._room.store.keep_draft(None)

    def check(self) -> None:
        """See once whether the whole store fits together; raises DamagedStore. For a worker, when the list is shown."""
        self._room.store.check()

    def back_up(self, reach: Reach = unwatched) -> int:
        """Make a backup now; gives the number of the last action in it. Raises StoreError. For a worker."""
        return self._room.store.back_up_now(reach)

    def back_up_if_due(self) -> bool:
        """Make a backup where something changed and the last one is old enough; raises StoreError. For a worker."""
        return self._room.store.back_up_if_due()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def today(self) -> Today:
        """The list of today; slow where something was changed since, so call it in a worker."""
        return self._replanning.settled()

    def today_kept(self) -> Today | None:
        """The list as it was when the program was left, where nothing has changed; `today` judges it. For a worker."""
        return self._replanning.kept()

    def today_at_once(self) -> Today:
        """The list after a change, mended in the time of a keystroke; `today` may find a better one. For a worker."""
        return self._replanning.at_once()

    def caseload(self) -> Caseload:
        """The caseload as it stands, on the planning date, with all that is known; slow where that is much."""
        with self._room.store.read() as view:
            snapshot = replace(self._room.refreshed(view), citizens=self._room.whole(view))
        return snapshot.caseload(self._clock.today())

    def present(self) -> Caseload:
        """The same without the conversations that lie so long behind that no plan and no list needs them."""
        return self._room.snapshot().caseload(self._clock.today())

    def week(self, today: Today, day: date) -> WeekView:
        """The ISO week in which `day` lies, as the list of today has it; slow where it lies long behind."""
        if is_at_hand(today, day):
            return week_view(today, day)
        monday = monday_of(day)
        with self._room.store.read() as view:
            keys, past = self._room.refreshed(view).keys, view.past(monday, monday + SUNDAY)
        return week_view(with_past(today, {name: past.get(key, ()) for name, key in keys.items()}), day)

    def find(self, text: str) -> tuple[Citizen, ...]:
        """Citizens with that id or with every word of `text` in their name, in Danish order."""
        snapshot, wanted = self._room.snapshot(), text.strip()
        for citizen_id in (text, wanted):  # a file may bring ids with blanks around them
            if citizen_id in snapshot.keys:
                return (snapshot.citizens[snapshot.keys[citizen_id]],)
        keys = list(snapshot.folded)
        hits = [snapshot.citizens[keys[index]] for index in Sought(snapshot.folded.values()).found(wanted)]
        return tuple(sorted(hits, key=lambda citizen: (sort_key(citizen.name), citizen.id)))

    def search(self, text: str) -> tuple[Citizen, ...]:
        """The same for somebody who searches, which is logged without the text."""
        found = self.find(text)
        self._looks.note(AccessKind.SEARCH, "search", count=len(found))
        return found

    def searched(self, count: int) -> None:
        """Log that somebody searched among so many citizens."""
        self._looks.note(AccessKind.SEARCH, "search", count=count)

    def looked(
        self, purpose: str, citizen_id: str | None = None, count: int | None = None, kind: AccessKind = AccessKind.VIEW
    ) -> None:
        """Log a look that was needed for a command or verb: at a citizen, or at `count` of them."""
        self._looks.note(kind, purpose, citizen_id, count)

    def accept(self, citizen_id: str, slot: Slot | None = None, choice: int = 0) -> Done:
        """Book the proposal (0), an alternative (1, 2, …) of the list last shown, or an explicit slot."""
        return booking.accept(self._room, citizen_id, slot, choice, self._part(citizen_id))

    def move(
        self, citizen_id: str, on: date, start: int, booked_on: date | None = None, booked_at: time | None = None
    ) -> Done:
        """Move what is booked next, or on that day (at that time), to `on` at `start` minutes from midnight."""
        return booking.move(self._room, citizen_id, on, start, booked_on, booked_at)

    def accept_all(self, wanted: Mapping[str, Slot]) -> Done:
        """Book several citizens' slots as one action; those that are not possible any more are left out."""
        return together.accept_all(self._room, wanted, {citizen_id: self._part(citizen_id) for citizen_id in wanted})

    def call_off(self, on: date, reason: str) -> Done:
        """Call off all that is booked on a day, and be away that day, for a reason."""
        return together.call_off(self._room, on, reason)

    def slots(self, citizen_id: str, channel: Channel, limit: int = 12) -> tuple[Slot, ...]:
        """Free times for the citizen in the channel, earliest first, within the horizon."""
        return booking.slots(self.present(), self._citizen(citizen_id), channel, limit)

    def why(self, today: Today, citizen_id: str) -> why.Why:
        """The next days of a citizen on the list that is shown, and what its plan cannot keep; call it in a worker."""
        self._looks.note(AccessKind.VIEW, "explain", citizen_id)
        return why.why(today, self.rules, citizen_id)

    def shortage(self, today: Today) -> Shortage:
        """What the plan of the list that is shown cannot keep, and what more time is worth; call it in a worker."""
        self._looks.note(AccessKind.VIEW, "explain", count=len(today.rows))
        return why.shortage_of(today, self.rules)

    def what_if(self, today: Today, supposed: Supposed, wanted: Callable[[], bool] = lambda: True) -> WhatIf | None:
        """How the plan of the list would differ; saves nothing, and is slow enough for a worker of its own."""
        self._looks.note(AccessKind.VIEW, "what-if", count=len(today.rows))
        return what_if.what_if(today.caseload, self.rules, supposed, today.plan, wanted)

    def week_loads(self, today: Today) -> tuple[WeekLoad, ...]:
        """Twelve weeks of the list that is shown beside the law's fixed rhythm; call it in a worker."""
        return self._fixed_load.all(today)

    def some_week_loads(self, today: Today) -> tuple[WeekLoad, ...] | None:
        """The same a few citizens at a time, so that nobody waits for the desk; None until all are reckoned."""
        return self._fixed_load.some(today)

    def postpone(self, citizen_id: str, until: date, reason: str) -> Done:
        """No conversation before `until`, for a reason."""
        return decisions.postpone(self._room, citizen_id, until, reason)

    def exempt(self, citizen_id: str, reason: str, until: date | None = None) -> Done:
        """Exempt from the remaining conversations, for a reason; until the end of the law's period unless said."""
        return decisions.exempt(self._room, citizen_id, reason, until)

    def end_exemption(self, citizen_id: str) -> Done:
        """End the exemption that is in force."""
        return decisions.end_exemption(self._room, citizen_id)

    def set_cadence(self, citizen_id: str, cadence: Cadence | None) -> Done:
        """Screen: how closely to keep in touch."""
        return decisions.set_cadence(self._room, citizen_id, cadence)

    def add_fact(
        self, citizen_id: str, kind: FactKind, on: date, until: date | None = None, documented: bool = False
    ) -> Done:
        """Note what becomes known."""
        return facts.add_fact(self._room, citizen_id, kind, on, until, documented)

    def held(
        self,
        citizen_id: str,
        *,
        channel: Channel | None = None,
        on: date | None = None,
        minutes: int | None = None,
        agenda: Sequence[str] = (),
        cadence: Cadence | None = None,
    ) -> Done:
        """A conversation was held: the booked one, or one that was not booked; `agenda` is what it covered.

        `cadence`: how closely to keep in touch from now on; None leaves it as it is.
        """
        return booking.held(self._room, citizen_id, channel, on, minutes, agenda, cadence)

    def offer(
        self,
        citizen_id: str,
        until: date | None = None,
        count: int = self_booking.TIMES,
        channel: Channel | None = None,
    ) -> Done:
        """Offer free times to choose among; until the first day that leaves the citizen long enough unless stated."""
        return self_booking.offer(self._room, citizen_id, until, count, channel, self._part(citizen_id))

    def usual_deadline(self) -> date:
        """The last day of an offer that is made today, where none is stated."""
        caseload = self.present()
        return self_booking.usual_deadline(caseload, self.rules.law_on(caseload.today))

    def withdraw(self, citizen_id: str) -> Done:
        """Take the offer of times back."""
        return self_booking.withdraw(self._room, citizen_id)

    def pick(self, citizen_id: str, number: int) -> Done:
        """Book the offered time that the citizen chose, by its number from 1."""
        return self_booking.pick(self._room, citizen_id, number, self._part(citizen_id))

    def summons(self, citizen_id: str, code: str, short_notice: bool = False) -> papers.Paper:
        """The summons to what is booked next, in a language; raises Refused where it would come too late."""
        made = papers.summons(self._desktop(citizen_id, code), short_notice=short_notice)
        self._looks.note(AccessKind.PRINT, "summons", citizen_id)
        return made

    def offer_text(self, citizen_id: str, code: str) -> papers.Paper:
        """The text of the offer that stands, in a language."""
        made = papers.offer(self._desktop(citizen_id, code), self.rules)
        self._looks.note(AccessKind.PRINT, "offer", citizen_id)
        return made

    def case_note(self, citizen_id: str, code: str, on: date | None = None) -> papers.Paper:
        """The note of the conversation held last, or on that day, for the case system."""
        made = papers.case_note(self._desktop(citizen_id, code), on, self._shown().plan.titles)
        self._looks.note(AccessKind.PRINT, "case-note", citizen_id)
        return made

    def filed(self, citizen_id: str, on: date | None = None, is_filed: bool = True) -> Done:
        """The note of a held conversation is in the case system, or it is not."""
        return booking.filed(self._room, citizen_id, on, is_filed)

    def no_show(self, citizen_id: str, on: date | None = None) -> Done:
        """The citizen did not come to what was booked."""
        return booking.no_show(self._room, citizen_id, on)

    def begins_later(self, citizen_id: str) -> time | None:
        """When today's booked conversation begins, where that hour is still to come."""
        return booking.begins_later(self._citizen(citizen_id), self._clock.today(), self._clock.now())

    def cancel(self, citizen_id: str, by_citizen: bool, reason: str = "", on: date | None = None) -> Done:
        """What is booked next was cancelled."""
        return booking.cancel(self._room, citizen_id, by_citizen, reason, on)

    def note(self, citizen_id: str, text: str) -> Done:
        """Write a note."""
        return facts.note(self._room, citizen_id, text)

    def amend_note(self, citizen_id: str, key: str, text: str) -> Done:
        """Amend a note by another one; both stay."""
        return facts.amend_note(self._room, citizen_id, key, text)

    def change_fact(self, citizen_id: str, fact: Fact) -> Done:
        """Correct the fact with that key."""
        return facts.change_fact(self._room, citizen_id, fact)

    def remove_fact(self, citizen_id: str, key: str, reason: str) -> Done:
        """Take a fact away that does not hold, for a reason."""
        return facts.remove_fact(self._room, citizen_id, key, reason)

    def set_channels(self, citizen_id: str, channels: Collection[Channel], preferred: Channel | None) -> Done:
        """In which channels the citizen can talk, and which one is preferred."""
        return reach.set_channels(self._room, citizen_id, channels, preferred)

    def set_interpreter(self, citizen_id: str, tongue: str | None) -> Done:
        """In which language an interpreter is needed; None: without one."""
        return reach.set_interpreter(self._room, citizen_id, tongue)

    def add_away(self, citizen_id: str, stretch: Unavailable) -> Done:
        """Note when the citizen cannot be met: whole dates, or hours of a weekday."""
        return reach.add_away(self._room, citizen_id, stretch)

    def remove_away(self, citizen_id: str, key: str) -> Done:
        """The citizen can be met again in the time with that key."""
        return reach.remove_away(self._room, citizen_id, key)

    def away(self, citizen_id: str) -> tuple[Away, ...]:
        """When the citizen cannot be met, dates before weekly hours; postponements are apart."""
        with self._room.store.read() as view:
            return view.away(self._room.key_of(view, citizen_id))

    def story(self, today: Today, citizen_id: str) -> Story:
        """Everything about a citizen on one timeline, with the windows of the list that is shown."""
        self._looks.note(AccessKind.VIEW, "citizen", citizen_id)
        return story.read_story(self._room, today, citizen_id)

    def notes(self, citizen_id: str, purpose: str = "note") -> tuple[Note, ...]:
        """The citizen's notes, oldest first; `purpose` is what they are looked at for."""
        self._looks.note(AccessKind.VIEW, purpose, citizen_id)
        with self._room.store.read() as view:
            return view.notes(self._room.key_of(view, citizen_id))

    def postponements(self, citizen_id: str) -> tuple[Postponement, ...]:
        """The citizen's postponements with their reasons, by first day."""
        with self._room.store.read() as view:
            return view.postponements(self._room.key_of(view, citizen_id))

    def undo(self, reach: Reach = unwatched) -> Done:
        """Take back the last change; raises NotFound where there is none."""
        return journal.undo(self._room, reach)

    def to_undo(self) -> Entry | None:
        """What undo would take back; None where there is nothing."""
        return journal.next_to_undo(self._room)

    def last_action(self) -> int:
        """The number of the last action, 0 where there is none."""
        with self._room.store.read() as view:
            return view.head()

    def redo(self, reach: Reach = unwatched) -> Done:
        """Do again what was taken back last; raises NotFound where there is nothing."""
        return journal.redo(self._room, reach)

    def log(self, limit: int = 50, citizen_id: str | None = None) -> tuple[Entry, ...]:
        """What was done, newest first."""
        return journal.log(self._room, limit, citizen_id)

    def records(self) -> tuple[Record, ...]:
        """Every action on a citizen that stands, oldest first; to measure from. For a worker or the line."""
        return records.records(self._room)

    def verify(self) -> None:
        """Check that nobody changed the journal from outside; raises StoreError naming the entry."""
        with self._room.store.read() as view:
            view.verify()

    def adopt(self, adoption: Adoption) -> Done:
        """Put an experiment in force here."""
        return offices.adopt(self._room, adoption)

    def end_adoption(self, experiment: str, last: date) -> Done:
        """Let an adoption end with the day `last`."""
        return offices.end_adoption(self._room, experiment, last)

    def load_caseload(self, caseload: Caseload, dry_run: bool = False, reach: Reach = unwatched) -> Difference:
        """Load a caseload, by the citizens' ids; a dry run only tells what would change."""
        if not dry_run:
            self._room.store.back_up_before("import", reach)
        return loading.load_caseload(self._room, caseload, dry_run, reach=reach)

    def office(self) -> Office:
        """Municipality, caseworker, closing days and settings as they were set."""
        return self._room.snapshot().office

    def hours_are_assumed(self) -> bool:
        """Whether nobody has set working hours, so that an ordinary week is planned with."""
        return not self.office().caseworker.working_hours

    def calendar_times(self) -> tuple[Busy, ...]:
        """The busy times that came from imported calendars."""
        return offices.calendar_times(self._room)

    def set_office(self, office: Office) -> Done:
        """Put another office in the place of the one that stands; busy times from calendars stay."""
        return offices.set_office(self._room, office)

    def mapping(self, signature: str) -> Mapping[str, object] | None:
        """The column map that was remembered for files with this header row."""
        return importing.remembered(self._room, signature)

    def preview(self, rows: ImportRows, reach: Reach = unwatched) -> DryRun:
        """What importing the rows would change; nothing is changed."""
        run = importing.preview(self._room, rows, reach)
        # What the store has of those who change stands beside what the file says.
        self._looks.note_each("import", (one.key for one in run.changed), len(run.changed) + len(run.unchanged))
        return run

    def import_rows(
        self, rows: ImportRows, signature: str, column_map: Mapping[str, object], reach: Reach = unwatched
    ) -> Imported:
        """Import the rows that can be taken as one action, and remember the column map of their header row."""
        self._room.store.back_up_before("import", reach)
        return importing.import_rows(self._room, rows, signature, column_map, reach)

    def import_calendar(self, busy: Sequence[Busy], calendar: str = "", reach: Reach = unwatched) -> CalendarImported:
        """Put a calendar's busy times in the place of those imported from it before."""
        self._room.store.back_up_before("import", reach)
        return importing.import_calendar(self._room, busy, calendar)

    def _citizen(self, citizen_id: str) -> Citizen:
        with self._room.store.read() as view:
            key = self._room.key_of(view, citizen_id)
            return self._room.whole(view, [key])[key]

    def _part(self, citizen_id: str) -> CitizenPlan:
        # The list that the user saw counts, even where a newer one is being made; what has changed is checked again.
        for part in self._shown().plan.citizens:
            if part.id == citizen_id:
                return part
        self._citizen(citizen_id)
        return self.today().plan.of(citizen_id)

    def _shown(self) -> Today:
        shown = self._replanning.shown
        return shown if shown is not None and shown.today == self._clock.today() else self.today()

    def _desktop(self, citizen_id: str, code: str) -> papers.Desktop:
        caseload = self.present()
        return papers.Desktop(caseload, self._citizen(citizen_id), language_of(code), self._templates)
