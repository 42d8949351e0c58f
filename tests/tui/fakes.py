"""A desk without a store or an engine: a few invented citizens in every group, and plans written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from threading import Event
from typing import TYPE_CHECKING, cast

from planner.domain.calendar import iso_weeks
from planner.domain.caseload import Adoption, Caseload, Caseworker, Hours
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import Channel, Conversation, Offer, OfferedTime, Status
from planner.domain.follow_up import Finding, SupervisedCase, Supervision, SurveyRound
from planner.domain.masking import Masking, masked, unmasked
from planner.domain.records import Record
from planner.domain.text import visible
from planner.errors import Fault, InputError, NotFound, PlannerError, Refused
from planner.exchange.rule_files import load_rules
from planner.planning.day_blockers import Wish
from planner.planning.plan import (
    Bucket,
    CitizenPlan,
    Engine,
    ExemptedShare,
    FixedRhythm,
    Plan,
    Proposal,
    Quality,
    Ranked,
    Slot,
    Title,
    WeekCapacity,
)
from planner.planning.shortage import Hour, Miss, Shortage
from planner.planning.why_not import Holder, WhyNot
from planner.progress import Reach
from planner.rules.fixed_rhythm import FixedTalk
from planner.rules.ruleset import RuleSet
from planner.rules.windows import Window, WindowKind, WindowStatus, because
from planner.services.fixed_load import WeekLoad, week_loads
from planner.services.messages import Told
from planner.services.papers import Paper, TooLate
from planner.services.ports import Away, Draft, Note, Office, Postponement
from planner.services.replanning import Ahead, State
from planner.services.results import Done, Entry, Row, Today
from planner.services.story import Records, Story, tell
from planner.services.survived import Survived
from planner.services.templates import PaperKind
from planner.services.today import days_left
from planner.services.week_view import WeekView, week_view
from planner.services.what_if import Change, Deadline, Load, Move, Supposed, WhatIf
from planner.services.why import Why

if TYPE_CHECKING:
    from planner.services.desk import Desk

TODAY = date(2026, 11, 23)
WORKER = Caseworker(tuple(Hours(weekday, time(8), time(16)) for weekday in range(5)))
#: What is adopted in the office, on an invented authority.
ADOPTED = (
    Adoption("flexible-contact-insured", TODAY - timedelta(days=90), None, "opdigtet", {"light": "P8W"}),
    Adoption("job-rotation", TODAY - timedelta(days=200), TODAY - timedelta(days=20), "opdigtet"),
)
TITLES = {
    "four-in-six": Title("Fire samtaler på seks måneder", "Four conversations in six months"),
    "sickness-first": Title("Første opfølgning", "First follow-up"),
    "reassessment": Title("Revurdering af ledighedsydelse", "Reassessment of the allowance"),
    "cadence": Title("Kontakt efter behov", "Contact by need"),
    "job-rotation": Title("Jobrotation er mulig", "Job rotation is possible"),
}


def slot(days: int, start: str = "10:30", channel: Channel = Channel.PHONE, minutes: int = 30) -> Slot:
    """A slot so many days from today."""
    clock = time.fromisoformat(start)
    return Slot(TODAY + timedelta(days=days), clock.hour * 60 + clock.minute, minutes, channel)


def window(requirement: str = "four-in-six", latest: int = 14, status: WindowStatus = WindowStatus.DUE) -> Window:
    """A window whose latest day is so many days from today."""
    end = TODAY + timedelta(days=latest)
    steps = (
        because("law", requirement=requirement, reference="LAB § 32", confidence="adopted"),
        because("quota", held=1, count=4, first=end - timedelta(days=150), last=end),
    )
    first = end - timedelta(days=40)
    return Window(requirement, WindowKind.QUOTA, status, first, end - timedelta(days=7), end, steps)


def proposal(first: Slot, *others: Slot, agenda: Sequence[str] = ()) -> Proposal:
    """A proposal with its alternatives."""
    why = (because("on_target", requirement="four-in-six", points=0),)
    return Proposal(first, ("four-in-six",), tuple(agenda), others, tentative=False, because=why)


def row(
    citizen_id: str,
    name: str,
    bucket: Bucket,
    *,
    days: int | None = None,
    offer: Proposal | None = None,
    group: TargetGroup = TargetGroup.INSURED,
    **about: object,
) -> Row:
    """One citizen of the list; `about` are further fields of the citizen."""
    citizen = Citizen(citizen_id, name, group, TODAY - timedelta(days=120))
    citizen = replace(citizen, **about)  # type: ignore[arg-type]
    windows = (window(latest=days),) if days is not None else ()
    part = CitizenPlan(
        id=citizen_id,
        bucket=bucket,
        windows=windows,
        fixed_rhythm=FixedRhythm(TODAY + timedelta(days=9), Channel.IN_PERSON, "four-in-six"),
        proposal=offer,
        unplaced_because=(because("calendar_full"),) if bucket is Bucket.UNPLACED else (),
        agenda=("job-rotation",),
        last_contact=TODAY - timedelta(days=40),
    )
    return Row(citizen, part, Ranked(citizen_id, bucket, 10, {"days": 10}), days_left(part, TODAY))


def office() -> tuple[Row, ...]:
    """A small caseload with somebody in every group, in triage order."""
    talks = (
        Conversation(TODAY - timedelta(days=40), time(9), 30, Channel.PHONE, status=Status.HELD),
        Conversation(TODAY - timedelta(days=3), time(9), 30, Channel.PHONE, status=Status.NO_SHOW),
    )
    today_talk = Conversation(TODAY, time(13), 30, Channel.DIGITAL, agenda=("job-rotation",))
    ahead = Conversation(TODAY + timedelta(days=5), time(9), 45, Channel.IN_PERSON)
    hire = Fact(FactKind.REHIRE, TODAY + timedelta(days=30), documented=True)
    job = Fact(FactKind.JOB_START, TODAY - timedelta(days=7))
    phone, screen = slot(1), slot(2, "09:00", Channel.DIGITAL)
    place = slot(9, "12:45", Channel.IN_PERSON, 45)
    offer = proposal(phone, screen, place)
    later = proposal(slot(14), slot(15))
    return (
        row("k-01", "Bente Booket", Bucket.BOOKED_TODAY, days=12, conversations=(today_talk,)),
        row(
            "k-02", "Anna Eksempel", Bucket.OVERDUE, days=-3, offer=proposal(phone, screen, place), conversations=talks
        ),
        row("k-03", "Åse Ørnholt-Prøvestrup Æblegaard", Bucket.OVERDUE, days=-1, offer=proposal(place, phone)),
        row("k-04", "Niels Nægter", Bucket.AFTER_NO_SHOW, days=6, offer=proposal(screen), conversations=talks),
        row("k-05", "Jens Jobstart", Bucket.EVENT_PASSED, days=20, offer=proposal(screen, phone), facts=(job,)),
        row("k-06", "Dorte Deadline", Bucket.DECIDE_NOW, days=2, offer=offer),
        row("k-07", "Nye Nikolaj", Bucket.SCREEN, days=9, offer=proposal(screen, place)),
        row("k-08", "Ulla Uplaceret", Bucket.UNPLACED, days=5),
        row("k-09", "Poul Prøvesen", Bucket.PROPOSED, days=16, offer=proposal(place), cadence=Cadence.LIGHT),
        row("k-10", "Pia Prøvesen", Bucket.PROPOSED, days=31, offer=later, interpreter="arabisk"),
        row("k-11", "Frida Fremtid", Bucket.BOOKED, days=11, conversations=(ahead,)),
        row("k-12", "Viggo Venter", Bucket.WAITING, days=40, facts=(hire,), cadence=Cadence.AWAIT),
        row("k-13", "Ingen Pligt", Bucket.NO_DUTY, group=TargetGroup.DISABILITY_PENSION),
        row("k-14", "Fie Fritaget", Bucket.EXEMPT, exemption=Exemption(TODAY, None, "i arbejde om lidt")),
        row("k-15", "Afsluttet Asmussen", Bucket.ENDED),
    )


@dataclass
class FakeFollowUp:
    """Two rounds of a survey and a sample of two cases, which nobody changes."""

    people: Callable[[], tuple[Row, ...]]

    def rounds(self) -> tuple[SurveyRound, ...]:
        """A zero measurement, and one half a year later."""
        first = {"meaning": (3, 9, 12, 6), "timing": (2, 14, 9, 5)}
        again = {"meaning": (1, 4, 13, 12), "timing": (1, 1, 1, 1)}
        return (
            SurveyRound("nulpunkt", TODAY - timedelta(days=180), first),
            SurveyRound("efter et halvt år", TODAY - timedelta(days=4), again),
        )

    def supervisions(self) -> tuple[Supervision, ...]:
        """A sample, of which most was erased since."""
        cases = (SupervisedCase("k-02", {"availability": Finding.YES}), SupervisedCase("k-04"))
        return (Supervision(TODAY - timedelta(days=2), 7, 12, 15, cases, 10, {"availability": (6, 3, 0)}),)

    def supervised(self, sample: Supervision) -> tuple[tuple[Citizen, SupervisedCase], ...]:
        """The cases with their citizens."""
        known = {row.citizen.id: row.citizen for row in self.people()}
        return tuple((known[case.citizen], case) for case in sample.cases)

    def form_texts(self, _experiment: str) -> Mapping[int, str]:
        """The conclusion is written."""
        return {8: "Samtalerne ligger bedre."}


_Saved = tuple[str | None, tuple[Row, ...], tuple[Adoption, ...]]


@dataclass
class FakeDesk:
    """A desk whose every change can be undone; `refusals` refuse the next changes, `gate` holds plans back."""

    rows: tuple[Row, ...] = field(default_factory=office)
    refusals: list[PlannerError] = field(default_factory=list)
    calls: list[tuple[object, ...]] = field(default_factory=list)
    gate: Event | None = None
    late: bool = False
    templates: tuple[Fault, ...] = ()
    house: Office = field(default_factory=lambda: Office("Prøvekøbing", WORKER))
    adoptions: tuple[Adoption, ...] = ADOPTED
    what_ifs: Event | None = None
    _made: tuple[tuple[Row, ...], tuple[Adoption, ...], Today] | None = None
    plans: int = 0
    seen: Masking = Masking.CPR
    drafted: Draft | None = None
    left: Survived | None = None
    glances: dict[str, tuple[bytes, tuple[object, ...]]] = field(default_factory=dict)
    _past: list[_Saved] = field(default_factory=list)
    _future: list[_Saved] = field(default_factory=list)
    _reckoned: int = 0
    _noted: dict[str, list[Note]] = field(default_factory=dict)

    @property
    def masking(self) -> Masking:
        """What is masked."""
        return self.seen

    @masking.setter
    def masking(self, masking: Masking) -> None:
        self.seen, people = masking, [row.citizen for row in self.rows]
        seen = masked(people) if masking is Masking.NAMES else map(unmasked, people)
        self.rows = tuple(replace(row, citizen=citizen) for row, citizen in zip(self.rows, seen, strict=True))

    @property
    def follow_up(self) -> FakeFollowUp:
        """What an experiment is followed up with."""
        return FakeFollowUp(lambda: self.rows)

    def records(self) -> tuple[Record, ...]:
        """Nothing was proposed."""
        return ()

    def check(self) -> None:
        """Nothing is wrong with it."""

    def week(self, today: Today, day: date) -> WeekView:
        """All that ever was is in the list."""
        return week_view(today, day)

    def caseload(self) -> Caseload:
        """The caseload of the list."""
        return self.today().caseload

    def office(self) -> Office:
        """The office as it was last set."""
        return self.house

    def set_office(self, office: Office) -> Done:
        """Another office."""
        self.calls.append(("set_office", office))
        if self.refusals:
            raise self.refusals.pop(0)
        self.house = office
        return Done(1, "The office was changed", {}, None)

    def hours_are_assumed(self) -> bool:
        """This office has hours of its own."""
        return False

    def as_desk(self) -> Desk:
        """The fake where a desk is wanted."""
        return cast("Desk", self)

    def factory(self) -> Callable[[Reach], Desk]:
        """What the application opens."""
        return lambda _reach: self.as_desk()

    @property
    def rules(self) -> RuleSet:
        """The rules that the program ships."""
        return load_rules()

    def today(self) -> Today:
        """The list; waits for the gate on every plan but the first."""
        if self._made is not None and self._made[0] is self.rows and self._made[1] is self.adoptions:
            return self._made[2]
        return self.today_at_once()

    def today_kept(self) -> Today | None:
        """Nothing is kept from last time."""
        return None

    def state_of(self, _today: Today) -> object:
        """It is always of this one."""
        return None

    def keep_glance(self, _of: Today | Ahead, key: str, data: bytes, *depends: object) -> None:
        """Kept for the next time."""
        self.glances[key] = (data, depends)

    def ahead(self) -> Ahead:
        """The list does not change from one day to the next."""
        return Ahead(State("", Masking.CPR), self.today())

    def today_at_once(self) -> Today:
        """The same, mended at once."""
        if self.plans and self.gate is not None:
            self.gate.wait(30)
        self.plans += 1
        rows = tuple(sorted(self.rows, key=lambda r: (list(Bucket).index(r.part.bucket), r.citizen.id)))
        plan = Plan(
            today=TODAY,
            horizon_end=TODAY + timedelta(days=42),
            municipality="Prøvekøbing",
            packs=(),
            adoptions=(),
            citizens=tuple(r.part for r in rows),
            order=tuple(r.rank for r in rows if r.rank is not None),
            capacity=tuple(WeekCapacity(y, w, 2400, 60 * n, 90, 0) for n, (y, w, _) in enumerate(iso_weeks(TODAY, 12))),
            exempted_share=ExemptedShare(40, 9, 0.225, 0.25, 10),
            quality=Quality(1002, 1000, 0.002, engine=Engine.EXACT),
            titles=TITLES,
        )
        caseload = Caseload(TODAY, "Prøvekøbing", tuple(r.citizen for r in rows), self.adoptions, WORKER)
        self._made = self.rows, self.adoptions, Today(TODAY, plan, caseload, rows)
        return self._made[2]

    def why(self, today: Today, citizen_id: str) -> Why:
        """A day of each sort, and something missing."""
        days = [TODAY + timedelta(days=n) for n in range(5)]
        anna, ulla = Holder("k-02", slot(3), days[4]), Holder("k-08", slot(3, "09:00"), TODAY + timedelta(days=9))
        others = tuple(Holder(f"k-{number:02}", slot(3), TODAY + timedelta(days=20)) for number in (9, 10))
        answers = (
            WhyNot(Wish(days[0]), blocked=because("notice", channel="phone", first=days[1])),
            WhyNot(Wish(days[1]), proposed=slot(1)),
            WhyNot(Wish(days[2]), at_least=2, alone=2, free=slot(2, "09:00")),
            WhyNot(Wish(days[3]), at_least=26, alone=-4, holders=(anna, ulla, *others)),
            WhyNot(Wish(days[4]), alone=6, holders=(anna,)),
        )
        return Why(answers, self.shortage(today))

    def shortage(self, _today: Today) -> Shortage:
        """A deadline of each sort."""
        late = Miss("k-02", "four-in-six", TODAY - timedelta(days=3), slot(1), unavoidable=True)
        lacking = Miss("k-08", "four-in-six", TODAY + timedelta(days=5), None, unavoidable=False)
        hours = (Hour(TODAY + timedelta(days=3), 40), Hour(TODAY + timedelta(days=4), 1))
        return Shortage(passed=(late,), unavoidable=(), capacity=(lacking,), hours=hours)

    def slots(self, citizen_id: str, channel: Channel, limit: int = 12) -> tuple[Slot, ...]:
        """A free time on each of the next days."""
        return tuple(slot(2 + day, "14:00", channel) for day in range(min(limit, 4)))

    def searched(self, count: int) -> None:
        """Nothing is logged."""

    def looked(self, *_words: object, **_more: object) -> None:
        """Nothing is logged."""

    def notes(self, citizen_id: str, _purpose: str = "note") -> tuple[Note, ...]:
        """The notes written in this session."""
        return tuple(self._noted.get(citizen_id, ()))

    def accept(self, citizen_id: str, at: Slot | None = None, choice: int = 0) -> Done:
        """Book."""
        found = at or (self._row(citizen_id).part.proposal or _nothing()).slot
        booking = Conversation(found.on, time(found.start // 60, found.start % 60), found.minutes, found.channel)
        citizen = self._row(citizen_id).citizen
        changed = replace(citizen, conversations=(*citizen.conversations, booking))
        values = {"name": citizen.shown_name, "day": found.on}
        return self._do("accept", citizen_id, changed, Bucket.BOOKED, "Booked with {name} on {day}.", values, at)

    def postpone(self, citizen_id: str, until: date, reason: str) -> Done:
        """Wait until a day."""
        citizen = self._row(citizen_id).citizen
        away = Unavailable(TODAY, until)
        changed = replace(citizen, unavailable=(*citizen.unavailable, away))
        return self._plain("postpone", changed, Bucket.WAITING, until, reason)

    def exempt(self, citizen_id: str, reason: str, until: date | None = None) -> Done:
        """Exempt."""
        changed = replace(self._row(citizen_id).citizen, exemption=Exemption(TODAY, until, reason))
        return self._plain("exempt", changed, Bucket.EXEMPT, reason, until)

    def end_exemption(self, citizen_id: str) -> Done:
        """Plan again."""
        return self._plain("end_exemption", replace(self._row(citizen_id).citizen, exemption=None), Bucket.PROPOSED)

    def set_cadence(self, citizen_id: str, cadence: Cadence | None) -> Done:
        """Screen."""
        changed = replace(self._row(citizen_id).citizen, cadence=cadence)
        return self._plain("set_cadence", changed, Bucket.PROPOSED, cadence)

    def add_fact(
        self, citizen_id: str, kind: FactKind, on: date, until: date | None = None, documented: bool = False
    ) -> Done:
        """Note a fact."""
        citizen = self._row(citizen_id).citizen
        changed = replace(citizen, facts=(*citizen.facts, Fact(kind, on, until, documented)))
        return self._plain("add_fact", changed, Bucket.WAITING, kind, on, until, documented)

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
        """Record a conversation held."""
        citizen = self._row(citizen_id).citizen
        day, how = on or TODAY, channel or Channel.PHONE
        talk = Conversation(day, time(9), minutes or 30, how, status=Status.HELD, agenda=tuple(agenda))
        others = tuple(one for one in citizen.conversations if one.status is not Status.BOOKED or one.on > day)
        changed = replace(citizen, conversations=(*others, talk), cadence=cadence or citizen.cadence, offer=None)
        given = (channel, on, minutes, tuple(agenda), *((cadence,) if cadence is not None else ()))
        return self._plain("held", changed, Bucket.WAITING, *given)

    def no_show(self, citizen_id: str) -> Done:
        """Record a no-show; only where something is booked."""
        citizen = self._row(citizen_id).citizen
        if not citizen.booked():
            raise Refused("Nothing is booked with {name}", name=citizen.shown_name)
        return self._plain("no_show", citizen, Bucket.AFTER_NO_SHOW)

    def cancel(self, citizen_id: str, by_citizen: bool, reason: str = "") -> Done:
        """Record a cancellation."""
        return self._plain("cancel", self._row(citizen_id).citizen, Bucket.DECIDE_NOW, by_citizen, reason)

    def note(self, citizen_id: str, text: str) -> Done:
        """Write something down."""
        found = self._row(citizen_id)
        done = self._plain("note", found.citizen, found.part.bucket, text)
        self._noted.setdefault(citizen_id, []).append(Note("n", datetime(2026, 11, 23, 9), text))  # noqa: DTZ001
        return done

    def story(self, today: Today, citizen_id: str) -> Story:
        """The story of what is in memory; notes are written at nine and numbered."""
        found, citizen = self._row(citizen_id), self._row(citizen_id).citizen
        stretches = (one for one in citizen.unavailable if not one.reason)
        away = tuple(Away(f"away-{number}", one) for number, one in enumerate(stretches))
        postponed = tuple(
            Postponement(f"postponed-{number}", one.first or TODAY, one.last or TODAY, one.reason)
            for number, one in enumerate(citizen.unavailable)
            if one.reason
        )
        log = tuple(
            Entry(number, datetime(2026, 11, 23, 8, 30), str(verb), citizen_id, "Did: {verb}", {"verb": verb}, False)  # noqa: DTZ001
            for number, (verb, who, *_) in enumerate(self.calls, 1)
            if who == citizen_id
        )
        return tell(citizen, found.part, TODAY, Records(self.notes(citizen_id), postponed, away, log))

    def amend_note(self, citizen_id: str, key: str, text: str) -> Done:
        """Amend a note."""
        found = self._row(citizen_id)
        done = self._plain("amend_note", found.citizen, found.part.bucket, key, text)
        made = Note(f"amending-{len(self.calls)}", datetime(2026, 11, 23, 9, 30), text, key)  # noqa: DTZ001
        self._noted.setdefault(citizen_id, []).append(made)
        return done

    def change_fact(self, citizen_id: str, fact: Fact) -> Done:
        """Correct a fact."""
        found = self._row(citizen_id)
        facts = tuple(fact if one.key == fact.key else one for one in found.citizen.facts)
        return self._plain("change_fact", replace(found.citizen, facts=facts), found.part.bucket, fact)

    def remove_fact(self, citizen_id: str, key: str, reason: str) -> Done:
        """Take a fact away."""
        found = self._row(citizen_id)
        facts = tuple(one for one in found.citizen.facts if one.key != key)
        return self._plain("remove_fact", replace(found.citizen, facts=facts), found.part.bucket, key, reason)

    def set_channels(self, citizen_id: str, channels: Sequence[Channel], preferred: Channel | None) -> Done:
        """Set the channels."""
        found = self._row(citizen_id)
        changed = replace(found.citizen, channels=tuple(channels), preferred_channel=preferred)
        return self._plain("set_channels", changed, found.part.bucket, tuple(channels), preferred)

    def set_interpreter(self, citizen_id: str, tongue: str | None) -> Done:
        """Set the interpreter."""
        found = self._row(citizen_id)
        return self._plain("set_interpreter", replace(found.citizen, interpreter=tongue), found.part.bucket, tongue)

    def add_away(self, citizen_id: str, stretch: Unavailable) -> Done:
        """Note an absence."""
        found = self._row(citizen_id)
        changed = replace(found.citizen, unavailable=(*found.citizen.unavailable, stretch))
        return self._plain("add_away", changed, found.part.bucket, stretch)

    def remove_away(self, citizen_id: str, key: str) -> Done:
        """Take an absence away."""
        found = self._row(citizen_id)
        kept = [one for one in found.citizen.unavailable if not one.reason]
        gone = kept[int(key.removeprefix("away-"))]
        left = tuple(one for one in found.citizen.unavailable if one is not gone)
        return self._plain("remove_away", replace(found.citizen, unavailable=left), found.part.bucket, key)

    def adopt(self, adoption: Adoption) -> Done:
        """Put an experiment in force."""
        return self._terms("adopt", (*self.adoptions, adoption), adoption)

    def end_adoption(self, experiment: str, last: date) -> Done:
        """Let an adoption end."""
        ended = tuple(replace(a, last=last) if a.experiment == experiment else a for a in self.adoptions)
        return self._terms("end_adoption", ended, experiment, last)

    def what_if(self, today: Today, supposed: Supposed, wanted: Callable[[], bool] = lambda: True) -> WhatIf | None:
        """Something of each sort; waits for `what_ifs`, as plans take their time."""
        self.calls.append(("what_if", supposed))
        if self.what_ifs is not None:
            self.what_ifs.wait(30)
        if self.refusals:
            raise self.refusals.pop(0)
        titles: Mapping[str, Title] = {**TITLES, supposed.experiment: Title("Forsøget", "The experiment")}
        return WhatIf(
            supposed,
            TODAY,
            TODAY + timedelta(days=42),
            moves=(Move("k-02", slot(1), slot(3)), Move("k-06", slot(1), None), Move("k-08", None, slot(2))),
            deadlines=(
                Deadline("four-in-six", "k-02", TODAY + timedelta(days=4), None),
                Deadline("four-in-six", "k-03", TODAY + timedelta(days=4), None),
                Deadline("cadence", "k-02", None, TODAY + timedelta(days=30)),
            ),
            points=(),
            changes=(Change("k-02", Bucket.OVERDUE, Bucket.PROPOSED),),
            planned=(Load(9, 300), Load(8, 255)),
            twelve_weeks=(Load(12, 400), Load(12, 400)),
            titles=titles,
        )

    def move(
        self, citizen_id: str, on: date, start: int, booked_on: date | None = None, booked_at: time | None = None
    ) -> Done:
        """Move what is booked next."""
        citizen = self._row(citizen_id).citizen
        talk = citizen.booked()[0]
        others = tuple(one for one in citizen.conversations if one is not talk)
        moved = replace(talk, on=on, start=time(*divmod(start, 60)))
        changed = replace(citizen, conversations=(*others, moved))
        return self._plain("move", changed, Bucket.BOOKED, on, start, booked_on, booked_at)

    def some_week_loads(self, today: Today) -> tuple[WeekLoad, ...] | None:
        """Two conversations of the fixed rhythm in the second week; the first question is not answered at once."""
        self._reckoned += 1
        talks = {"k-02": (FixedTalk(TODAY + timedelta(days=8), 45), FixedTalk(TODAY + timedelta(days=9), 45))}
        return None if self._reckoned == 1 else week_loads(today, talks)

    def begins_later(self, citizen_id: str) -> None:
        """Whatever is booked here has begun."""

    def keep_draft(self, draft: Draft) -> None:
        """Keep what was typed."""
        self.drafted = draft

    def draft(self) -> Draft | None:
        """What was typed before."""
        return self.drafted

    def drop_draft(self) -> None:
        """It was answered or left."""
        self.drafted = None

    def back_up_if_due(self) -> bool:
        """Nothing here is worth a backup."""
        return False

    def survived(self) -> Survived | None:
        """What a crash has left."""
        return self.left

    def last_action(self) -> int:
        """Everything here was done in this session."""
        return 0

    def to_undo(self) -> None:
        """Nothing here is older than this session."""

    def undo(self) -> Done:
        """Take the last change back."""
        return self._swap(self._past, self._future, "Undone.")

    def redo(self) -> Done:
        """Make it again."""
        return self._swap(self._future, self._past, "Redone.")

    def usual_deadline(self) -> date:
        """Eight days from today."""
        return TODAY + timedelta(days=8)

    def offer(self, citizen_id: str, until: date | None = None, count: int = 3, channel: Channel | None = None) -> Done:
        """Offer a time on each of the days after the deadline."""
        last, how = until or self.usual_deadline(), channel or Channel.PHONE
        times = tuple(OfferedTime(last + timedelta(days=n), time(9), 30, how) for n in range(1, count + 1))
        changed = replace(self._row(citizen_id).citizen, offer=Offer(TODAY, last, times))
        return self._plain("offer", changed, Bucket.WAITING, until, count, channel)

    def withdraw(self, citizen_id: str) -> Done:
        """Take the offer back."""
        return self._plain("withdraw", replace(self._row(citizen_id).citizen, offer=None), Bucket.PROPOSED)

    def pick(self, citizen_id: str, number: int) -> Done:
        """Book what was chosen."""
        citizen = self._row(citizen_id).citizen
        assert citizen.offer is not None
        one = citizen.offer.times[number - 1]
        talk = Conversation(one.on, one.start, one.minutes, one.channel, self_booked=True)
        changed = replace(citizen, conversations=(*citizen.conversations, talk), offer=None)
        return self._plain("pick", changed, Bucket.BOOKED, number)

    def filed(self, citizen_id: str, on: date | None = None, is_filed: bool = True) -> Done:
        """Tick the note."""
        found = self._row(citizen_id)
        talks = tuple(
            replace(one, filed_on=TODAY if is_filed else None) if one.status is Status.HELD else one
            for one in found.citizen.conversations
        )
        return self._plain("filed", replace(found.citizen, conversations=talks), found.part.bucket, on, is_filed)

    def summons(self, citizen_id: str, code: str, short_notice: bool = False) -> Paper:
        """A text that names citizen and language; refused once where `late` says so."""
        if self.late and not short_notice:
            raise TooLate("Too late for {on}", on=TODAY)
        return self._paper(PaperKind.SUMMONS, citizen_id, code)

    def offer_text(self, citizen_id: str, code: str) -> Paper:
        """The same for an offer."""
        return self._paper(PaperKind.OFFER, citizen_id, code)

    def case_note(self, citizen_id: str, code: str, on: date | None = None) -> Paper:
        """The same for a note."""
        return self._paper(PaperKind.CASE_NOTE, citizen_id, code)

    def _paper(self, kind: PaperKind, citizen_id: str, code: str) -> Paper:
        if self.templates:
            raise InputError("A template is wrong", self.templates)
        name = self._row(citizen_id).citizen.name
        return Paper(
            kind, citizen_id, code, f"{kind.value} {code} {visible(name)}\n", (Told("Mind {name}", {"name": name}),)
        )

    def _row(self, citizen_id: str) -> Row:
        return next(r for r in self.rows if r.citizen.id == citizen_id)

    def _plain(self, verb: str, citizen: Citizen, bucket: Bucket, *given: object) -> Done:
        return self._do(verb, citizen.id, citizen, bucket, "Saved for {name}.", {"name": citizen.shown_name}, *given)

    def _do(
        self,
        verb: str,
        citizen_id: str,
        citizen: Citizen,
        bucket: Bucket,
        message: str,
        values: dict[str, object],
        *given: object,
    ) -> Done:
        self.calls.append((verb, citizen_id, *given))
        if self.refusals:
            raise self.refusals.pop(0)
        self._past.append((citizen_id, self.rows, self.adoptions))
        self._future.clear()
        self.rows = tuple(_moved(r, citizen, bucket) if r.citizen.id == citizen_id else r for r in self.rows)
        return Done(len(self._past), message, values, citizen_id)

    def _terms(self, verb: str, adoptions: tuple[Adoption, ...], *given: object) -> Done:
        self.calls.append((verb, *given))
        if self.refusals:
            raise self.refusals.pop(0)
        self._past.append((None, self.rows, self.adoptions))
        self._future.clear()
        self.adoptions = adoptions
        return Done(len(self._past), "Saved.", {}, None)

    def _swap(self, source: list[_Saved], target: list[_Saved], message: str) -> Done:
        if not source:
            raise NotFound("There is nothing to undo")
        citizen_id, rows, adoptions = source.pop()
        target.append((citizen_id, self.rows, self.adoptions))
        self.rows, self.adoptions = rows, adoptions
        return Done(len(self._past), message, {}, citizen_id)


def _moved(found: Row, citizen: Citizen, bucket: Bucket) -> Row:
    part = replace(found.part, bucket=bucket)
    return Row(citizen, part, found.rank, days_left(part, TODAY))


def _nothing() -> Proposal:
    raise Refused("There is no proposal to accept")
