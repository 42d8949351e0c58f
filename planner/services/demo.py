"""A caseload of invented citizens in every situation, on any day: for trying the program out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from planner.domain.calendar import ONE_DAY, OfficeCalendar
from planner.domain.caseload import Absence, Adoption, Busy, Caseload, Caseworker, Hours
from planner.domain.citizens import Citizen, Exemption, Fact, Unavailable
from planner.domain.conversations import Channel, Conversation, Counterpart, Status
from planner.rules.ruleset import RuleSet
from planner.services.demo_situations import SITUATIONS, Situation, Talk
from planner.services.loading import load_caseload
from planner.services.ports import Clock, Store
from planner.services.results import Difference
from planner.services.room import Room

MUNICIPALITY = "Demo Kommune"
AUTHORITY = "Opdigtet til demoen; ikke et retsgrundlag."
ADOPTED = (
    "flexible-contact-insured",
    "flexible-contact-other-groups",
    "flexible-sickness-follow-up",
    "flexible-integration-contact",
    "ledighedsydelse-no-reassessment",
    "rehabilitation-team-discretion",
    "psychological-treatment",
    "graduate-entrepreneurship",
)
_SEED = 20_170_901
_MORNING = (time(8), time(10))
_STARTS = (time(9), time(10), time(12, 30), time(13, 30))
_GIVEN = (
    *("Åse", "Bjørn", "Ærta", "Søren", "Øjvind", "Maja", "Knud-Åge", "Zeynep", "Pål", "Grethe", "Ömer", "Lærke"),
    *("Jørgen", "Ida", "Mælk", "Håkon", "Inger-Lise", "Tøger", "Amira", "Frøydis", "Vagn", "Ditte", "Åge", "Rønja"),
)
# Surnames that nobody bears, so that nobody is taken for a real person.
_FAMILY = (
    *("Prøvesen", "Testrup", "Eksempelgaard", "Påfund", "Øvelund", "Demosen", "Attrapsen", "Skinberg", "Opdigt"),
    *("Fantasøe", "Ærligtalt", "Kulisseby", "Mønsterdal", "Låneholm", "Fiktoft", "Skabelonsen", "Tænktsen"),
)


def demo_caseload(today: date) -> Caseload:
    """About 120 invented citizens, a caseworker's week and adoptions, all relative to `today`; always the same."""
    closed = tuple(date(year, 12, day) for year in (today.year, today.year + 1) for day in (24, 31))
    maker = _Maker(today, Random(_SEED), OfficeCalendar(frozenset(closed)))
    citizens = [maker.citizen(situation) for situation in SITUATIONS for _ in range(situation.count)]
    return Caseload(
        today=today,
        municipality=MUNICIPALITY,
        citizens=tuple(citizens),
        adoptions=tuple(Adoption(name, today - timedelta(days=730), None, AUTHORITY) for name in ADOPTED),
        caseworker=_caseworker(today),
        closing_days=closed,
    )


def fill(store: Store, rules: RuleSet, clock: Clock, caseload: Caseload) -> Difference:
    """Put the caseload into a store; undo passes over it."""
    return load_caseload(Room(store, rules, clock), caseload, dry_run=False, verb="demo")


@dataclass(slots=True)
class _Maker:
    """Makes one citizen after another; keeps the names and the booked hours apart."""

    today: date
    random: Random
    office: OfficeCalendar = field(default_factory=OfficeCalendar)
    taken: set[tuple[date, time]] = field(default_factory=set)
    made: int = 0

    def citizen(self, situation: Situation) -> Citizen:
        self.made += 1
        shift = -self.random.randint(0, situation.spread)
        spell = self.day(situation.spell + shift)
        away = situation.away
        stretch = [] if away is None else [Unavailable(self.day(away[0]), self.day(away[1]))]
        mornings = [Unavailable(weekday=day, start=_MORNING[0], end=_MORNING[1]) for day in situation.busy_mornings]
        return Citizen(
            id=f"demo-{self.made:03}",
            name=self.name(),
            target_group=situation.group,
            spell_start=spell,
            cadence=situation.cadence,
            channels=situation.channels,
            handover_on=None if situation.handover is None else self.day(situation.handover),
            exemption=Exemption(self.day(-7), None, situation.exempt) if situation.exempt else None,
            preferred_channel=situation.preferred,
            interpreter=situation.interpreter,
            unavailable=(*stretch, *mornings),
            facts=tuple(
                Fact(
                    kind,
                    self.day(on),
                    None if until is None else self.day(until),
                    documented,
                    self.day(min(on, 0) - 10),
                )
                for kind, on, until, documented in situation.facts
            ),
            conversations=tuple(self.conversations(situation, shift)),
        )

    def conversations(self, situation: Situation, shift: int) -> list[Conversation]:
        channel = situation.preferred or situation.channels[0]
        past: list[Talk] = [(day + shift, Status.HELD, Counterpart.CASEWORKER) for day in situation.held]
        found = [
            self.talk(self.office.last_working_day(self.day(on)), channel, status, who)
            for on, status, who in (*past, *situation.others)
        ]
        for ahead in situation.booked:
            day = self.day(ahead - shift)
            if ahead:
                day = self.office.working_days_after(day, 1)
            found.append(self.talk(day, channel, Status.BOOKED, Counterpart.CASEWORKER))
        return found

    def talk(self, day: date, channel: Channel, status: Status, who: Counterpart) -> Conversation:
        start = next((hour for hour in _STARTS if (day, hour) not in self.taken), None)
        while start is None:
            ahead = day > self.today
            day = self.office.working_days_after(day, 1) if ahead else self.office.last_working_day(day - ONE_DAY)
            start = next((hour for hour in _STARTS if (day, hour) not in self.taken), None)
        self.taken.add((day, start))
        return Conversation(day, start, 30, channel, who, status)

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def name(self) -> str:
        # Both lists are walked at their own pace: no name comes twice.
        place = self.made - 1
        return f"{_GIVEN[place % len(_GIVEN)]} {_FAMILY[place % len(_FAMILY)]}"


def _caseworker(today: date) -> Caseworker:
    monday = today - timedelta(days=today.weekday())
    hours = tuple(Hours(day, time(8), time(15, 30) if day < 4 else time(14)) for day in range(5))
    return Caseworker(
        working_hours=hours,
        breaks=tuple(Hours(day, time(11, 30), time(12)) for day in range(5)),
        in_person_days=(1, 3),
        max_per_day=8,
        buffer_minutes=5,
        busy=tuple(busy for week in range(12) for busy in _meetings(monday + timedelta(weeks=week))),
        absent=(Absence(monday + timedelta(days=24), monday + timedelta(days=25)),),
    )


def _meetings(monday: date) -> tuple[Busy, ...]:
    return (
        _busy(monday, time(14, 30), time(15, 30), "Teammøde"),
        _busy(monday + timedelta(days=2), time(8), time(9), "Sagskonference"),
        _busy(monday + timedelta(days=4), time(11), time(11, 30), "Vagttelefon"),
    )


def _busy(day: date, start: time, end: time, title: str) -> Busy:
    return Busy(datetime.combine(day, start), datetime.combine(day, end), title)
