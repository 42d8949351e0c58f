"""What all verbs share: the store, the rules, the clock, and the caseload kept in memory between two changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import TypeVar

from planner.domain.caseload import Adoption, Caseload
from planner.domain.citizens import Citizen
from planner.domain.masking import Masking, masked, unmasked
from planner.domain.text import folded, forget_names
from planner.errors import NotFound, Refused
from planner.locale import N_
from planner.rules.assessment import assess
from planner.rules.ruleset import RuleSet
from planner.rules.windows import WindowStatus
from planner.services.messages import VERBS, kept
from planner.services.ports import Clock, Office, Reading, Store, UnitOfWork
from planner.services.results import Done
from planner.services.week import with_hours

T = TypeVar("T")
_ID = attrgetter("id")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The store as of one journal number, names as they may be seen; `keys` gives the store's key of a citizen's id.

    The citizens are those who are needed for the list on `day` or later: of what lies long behind they have nothing.
    `booked`: those of them with something booked, whom a new booking could collide with.
    """

    head: int
    day: date
    citizens: Mapping[str, Citizen]
    booked: Mapping[str, Citizen]
    office: Office
    adoptions: tuple[Adoption, ...]
    keys: Mapping[str, str]
    folded: Mapping[str, str]
    masking: Masking

    def caseload(self, today: date, *, booked: bool = False) -> Caseload:
        """The caseload to plan from, or of those with something booked; without own working hours the assumed hold."""
        citizens = self.booked if booked else self.citizens
        return Caseload(
            today=today,
            municipality=self.office.municipality,
            citizens=tuple(sorted(citizens.values(), key=_ID)),
            adoptions=self.adoptions,
            caseworker=with_hours(self.office.caseworker),
            closing_days=self.office.closing_days,
            settings=self.office.settings,
            shared_calendars=self.office.shared_calendars,
            contact=self.office.contact,
        )


@dataclass(slots=True)
class Act:
    """One verb being done on a citizen: the unit of work, the citizen as it stands, and what will be said of it."""

    unit: UnitOfWork
    snapshot: Snapshot
    caseload: Caseload
    key: str
    citizen: Citizen
    verb: str
    detail: dict[str, object] = field(default_factory=dict)
    seq: int = 0

    @property
    def today(self) -> date:
        """The planning date."""
        return self.caseload.today

    @property
    def booked(self) -> Caseload:
        """The caseload of those with something booked."""
        return self.snapshot.caseload(self.today, booked=True)


class Room:
    """Keeps the caseload in step with the store and wraps each verb in a unit of work with its journal row."""

    def __init__(self, store: Store, rules: RuleSet, clock: Clock) -> None:
        self.store = store
        self.rules = rules
        self.clock = clock
        self.masking = Masking.CPR
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The store as it stands."""
        with self.store.read() as view:
            return self.refreshed(view)

    def refreshed(self, view: Reading) -> Snapshot:
        """The snapshot brought up to the view; only citizens that were changed since are read again."""
        known, head, masking, day = self._snapshot, view.head(), self.masking, self.clock.today()
        if known is not None and (day < known.day or view.last_erasure() > known.head):
            known = None  # what is erased has left nothing that would tell, and on an earlier day more is needed
            forget_names()
        if known is not None and known.head == head and known.masking is masking:
            return known
        office, adoptions = view.office(), view.adoptions()
        former = known or Snapshot(head, day, {}, {}, office, adoptions, {}, {}, masking)
        touched = None if known is None else view.touched_since(known.head)
        gone = {key: former.citizens[key] for key in touched or () if key in former.citizens}
        new = view.present_citizens(former.day, touched)
        if former.masking is masking and masking is not Masking.NAMES:
            new = _as_seen(new, masking)
            citizens = _renewed(former.citizens, gone, new)
            booked = _renewed(former.booked, gone, _with_bookings(new))
        else:  # each one's mask depends on all
            citizens = _as_seen(_renewed(former.citizens, gone, new), masking)
            booked = _with_bookings(citizens)
        self._snapshot = Snapshot(
            head=head,
            day=former.day,
            citizens=citizens,
            booked=booked,
            office=office,
            adoptions=adoptions,
            keys=_renewed(former.keys, [one.id for one in gone.values()], {one.id: key for key, one in new.items()}),
            folded=_renewed(former.folded, gone, {key: folded(one.name) for key, one in new.items()}),
            masking=masking,
        )
        return self._snapshot

    def whole(self, view: Reading, keys: Collection[str] | None = None) -> dict[str, Citizen]:
        """Citizens by the store's key with all that is known of them, all or those named; names as they may be seen."""
        seen = self.refreshed(view).citizens
        return {key: replace(citizen, mask=seen[key].mask) for key, citizen in view.citizens(keys).items()}

    def key_of(self, view: Reading, citizen_id: str) -> str:
        """The store's key of a citizen; raises NotFound."""
        snapshot = self.refreshed(view)
        key = snapshot.keys.get(citizen_id)
        if key is None:
            raise NotFound(N_("No citizen is called “{name}”"), name=citizen_id)
        return key

    @contextmanager
    def acting(self, verb: str, citizen_id: str, *, whole: bool = False) -> Iterator[Act]:
        """A verb on one citizen: what the block changes is written with its journal row, or nothing is.

        The block may find that another verb tells better what it did. `whole`: the citizen has also the conversations
        that lie long behind.
        """
        with self.store.write() as unit:
            key = self.key_of(unit, citizen_id)
            snapshot = self.refreshed(unit)
            citizen = self.whole(unit, [key])[key] if whole else snapshot.citizens[key]
            act = Act(unit, snapshot, snapshot.caseload(self.clock.today()), key, citizen, verb)
            yield act
            act.seq = self.record(unit, act.verb, key, act.detail)

    @staticmethod
    def record(unit: UnitOfWork, verb: str, key: str | None, detail: Mapping[str, object]) -> int:
        """Write the journal's row; raises Refused where nothing was changed."""
        if not unit.pending:
            raise Refused(N_("Nothing was changed: it is so already"))
        return unit.record(verb, key, kept(detail))


def nearest_duty(act: Act, room: Room) -> date | None:
    """The first latest day of a conversation that the citizen must have."""
    windows = assess(act.caseload, act.citizen, room.rules).windows
    duties = (w for w in windows if w.is_need and w.binding and w.status is WindowStatus.DUE)
    return min((window.latest for window in duties), default=None)


def done(verb: str, act: Act) -> Done:
    """What is told of a verb on a citizen."""
    return Done(act.seq, VERBS[verb], {**act.detail, "name": act.citizen.shown_name}, act.citizen.id)


def _as_seen(citizens: Mapping[str, Citizen], masking: Masking) -> dict[str, Citizen]:
    seen = masked(citizens.values()) if masking is Masking.NAMES else map(unmasked, citizens.values())
    return dict(zip(citizens, seen, strict=True))


def _with_bookings(citizens: Mapping[str, Citizen]) -> dict[str, Citizen]:
    return {key: one for key, one in citizens.items() if one.has_booked}


def _renewed(former: Mapping[str, T], gone: Iterable[str], new: Mapping[str, T]) -> dict[str, T]:
    renewed = dict(former)
    for key in gone:
        renewed.pop(key, None)
    renewed.update(new)
    return renewed
