"""Keep the plan in step with the store: mended at once after a change, then made anew, and kept till next time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from threading import Lock

from msgspec.json import encode

from planner import __version__
from planner.domain.caseload import Caseload
from planner.domain.masking import Masking
from planner.errors import InputError, StoreError
from planner.planning.making import Standing, adapt, recalled, stand
from planner.planning.plan import Plan
from planner.rules.ruleset import RuleSet
from planner.services.memory import give_back, uncollected
from planner.services.ports import Clock, KeptPlan, PlanForm
from planner.services.results import Today
from planner.services.room import Room
from planner.services.today import listed

#: Citizens of a caseload that is planned ahead for the day after; for more the processor would be long at work unasked.
_FEW = 1_000
#: Plans that are remembered for the states that undo and redo lead back to, and citizens in them altogether.
_STATES, _CITIZENS = 20, 20_000
#: By how many points another plan must be better than the one that is seen, for its sake something moves.
WORTH_A_CHANGE = 6


@dataclass(frozen=True, slots=True)
class State:
    """A state of the store as a list shows it: the hash of the last journal row, and what is masked."""

    head: str
    masking: Masking


@dataclass(frozen=True, slots=True)
class _Now:
    """The store as it stands, and the hash of all that a plan of the caseload is made from."""

    basis: str
    state: State
    caseload: Caseload


@dataclass(frozen=True, slots=True)
class _Shown:
    """The list that the user sees, of which state of the store, and whether the engine has had its time with it."""

    basis: str
    state: State
    standing: Standing
    today: Today
    settled: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """The list of a plan from last time that nobody has judged yet, of which state of the store."""

    basis: str
    state: State
    today: Today


@dataclass(frozen=True, slots=True)
class Ahead:
    """The list of a day that is still to come, and which state of the store it is of."""

    state: State
    today: Today


class Replanning:
    """Gives the list of today; slow where something has changed, so ask in a worker."""

    def __init__(self, room: Room, rules: RuleSet, clock: Clock, form: PlanForm, *, trial: bool = False) -> None:
        """`trial`: the day is not the real one, and no plan of the real one may follow from what is shown."""
        self._room = room
        self._rules = rules
        self._clock = clock
        self._form = form
        self._trial = trial
        self._identity = encode((__version__, rules), order="deterministic")
        self._turn = Lock()
        self._kept: _Kept | None = None
        self._shown: _Shown | None = None
        self._former: list[_Shown] = []
        self._before: Plan | None = None

    @property
    def shown(self) -> Today | None:
        """The list that was given last."""
        given = self._shown or self._kept
        return None if given is None else given.today

    def state_of(self, today: Today) -> State | None:
        """The state of the store that the list is of; None for one that is not shown any more."""
        given = self._shown or self._kept
        return given.state if given is not None and given.today is today else None

    def kept(self) -> Today | None:
        """The list with the plan that was kept last time; None where it was made from anything else.

        Nobody has judged it yet: `settled` does, and makes another one where it is unsound.
        """
        with self._turn, uncollected():
            now = self._now()
            if self._shown is None and self._kept is None:
                self._kept = self._recall(now)
            return None if self._kept is None or self._kept.basis != now.basis else self._kept.today

    def settled(self) -> Today:
        """The list with the best plan that the engine finds, and that moves nothing without being worth it."""
        with self._turn, uncollected():
            now = self._now()
            if self._shown is None:
                self._shown = self._judged(self._kept or self._recall(now))
                self._kept = None
            if self._shown is None or self._shown.basis != now.basis or not self._shown.settled:
                self._shown = self._led_back(now) or self._settle(now, self._shown)
                self._remember(self._shown)
                self._keep(self._shown)
            self._shown = _as_seen(self._shown, now)
            return self._shown.today

    def at_once(self) -> Today:
        """The list after a small change, mended in the time of a keystroke; `settled` comes after it.

        Where nothing was shown yet, or not today, it is the settled one.
        """
        with self._turn, uncollected():
            now = self._now()
            if self._shown is None and self._kept is not None:
                self._shown, self._kept = self._judged(self._kept), None
            shown = self._shown
            if shown is not None and shown.standing.caseload.today == now.caseload.today:
                if shown.basis != now.basis:
                    back = self._led_back(now)
                    mended = back or _as_shown(now, adapt(shown.standing, now.caseload), settled=False)
                    shown = replace(mended, settled=False)  # also one that is led back to is still to be kept
                self._shown = _as_seen(shown, now)
                return self._shown.today
        return self.settled()

    def ahead(self) -> Ahead | None:
        """The list of the next working day if nothing changes until then, with its plan kept for it.

        None where a plan of today is still to be made, and where it would take long. What is asked for meanwhile does
        not wait for it.
        """
        with self._turn:
            shown, now = self._shown, self._now()
        if shown is None or not shown.settled or shown.basis != now.basis or len(now.caseload.citizens) > _FEW:
            return None
        later = self._now(now.caseload.office.working_days_after(now.caseload.today, 1))
        if later.state != now.state:
            return None
        with uncollected():
            made = _as_shown(later, stand(later.caseload, self._rules, shown.standing.plan), settled=True)
        self._keep(made, ahead=True)
        return Ahead(made.state, made.today)

    def _settle(self, now: _Now, shown: _Shown | None) -> _Shown:
        if shown is None:
            made = stand(now.caseload, self._rules, self._before)
        elif shown.basis != now.basis:
            made = stand(now.caseload, self._rules, shown.standing.plan, known=shown.standing)
        else:
            mended = shown.standing
            made = stand(now.caseload, self._rules, mended.previous, known=mended)
            if mended.plan.quality.objective - made.plan.quality.objective < WORTH_A_CHANGE:
                made = replace(mended, plan=_better_known(mended.plan, made.plan))
        return _as_shown(now, made, settled=True)

    def _led_back(self, now: _Now) -> _Shown | None:
        """The plan that was seen when everything was as it is now: what is undone leaves nothing moved."""
        found = next((one for one in self._former if one.standing.caseload == now.caseload), None)
        return None if found is None else replace(found, basis=now.basis, state=now.state)

    def _remember(self, shown: _Shown) -> None:
        states = max(1, min(_STATES, _CITIZENS // max(1, len(shown.standing.caseload.citizens))))
        others = [one for one in self._former if one.standing.caseload != shown.standing.caseload]
        self._former = [shown, *others][:states]

    def _now(self, day: date | None = None) -> _Now:
        with self._room.store.read() as view:
            snapshot, head = self._room.refreshed(view), view.head_hash()
        caseload = snapshot.caseload(day or self._clock.today())
        parts = (head.encode(), caseload.today.isoformat().encode(), self._identity)
        return _Now(sha256(b"\0".join(parts)).hexdigest(), State(head, snapshot.masking), caseload)

    # -- from one session to the next

    def _keep(self, shown: _Shown, *, ahead: bool = False) -> None:
        plan, previous = shown.standing.plan, shown.standing.previous
        written = None if previous is None else self._form.write(_among(previous, shown.standing.caseload))
        kept = KeptPlan(shown.basis, self._form.write(plan), written)
        self._room.store.keep_plan(kept, shown.state.head, trial=self._trial, ahead=ahead)

    def _recall(self, now: _Now) -> _Kept | None:
        """The kept plan where it is of this state of the store; one of another state is stayed close to."""
        give_back()
        try:
            with self._room.store.read() as view:
                kept, ahead = (view.kept_plan(trial=self._trial, ahead=ahead) for ahead in (False, True))
            if kept is None:
                return None
            if ahead is not None and ahead.basis == now.basis:
                kept = ahead
                self._room.store.keep_plan(kept, now.state.head, trial=self._trial)  # before another day is made ahead
            plan = self._form.read(kept.data)
            if kept.basis != now.basis:
                self._before = plan
                return None
            previous = None if kept.previous is None else self._form.read(kept.previous)
        except (InputError, StoreError):
            return None
        if {part.id for part in plan.citizens} != {citizen.id for citizen in now.caseload.citizens}:
            return None  # whatever it is of, nobody may be missing from a list
        return _Kept(kept.basis, now.state, listed(now.caseload, plan, previous))

    def _judged(self, kept: _Kept | None) -> _Shown | None:
        """The kept plan where it is sound."""
        if kept is None:
            return None
        today = kept.today
        standing = recalled(today.caseload, self._rules, today.plan, today.previous)
        return None if standing is None else _Shown(kept.basis, kept.state, standing, today, settled=True)


def _as_shown(now: _Now, standing: Standing, *, settled: bool) -> _Shown:
    today = listed(standing.caseload, standing.plan, standing.previous)
    return _Shown(now.basis, now.state, standing, today, settled)


def _as_seen(shown: _Shown, now: _Now) -> _Shown:
    """The same list with the citizens' names as they may be seen now, which changes nothing of the plan."""
    seen, then = (sorted((c.id, c.mask) for c in one.citizens) for one in (now.caseload, shown.today.caseload))
    if seen == then:
        return shown
    return _as_shown(now, replace(shown.standing, caseload=now.caseload), settled=shown.settled)


def _among(previous: Plan, caseload: Caseload) -> Plan:
    """The plan before with those only who are still there: of somebody erased nothing may be kept."""
    there = {citizen.id for citizen in caseload.citizens}
    return replace(
        previous,
        citizens=tuple(part for part in previous.citizens if part.id in there),
        order=tuple(rank for rank in previous.order if rank.id in there),
    )


def _better_known(plan: Plan, other: Plan) -> Plan:
    """The plan with what the other one proves about how good it can be."""
    bound = min(max(plan.quality.lower_bound, other.quality.lower_bound), plan.quality.objective)
    quality = replace(
        plan.quality,
        lower_bound=bound,
        gap=round((plan.quality.objective - bound) / max(1, bound), 6),
        proven=plan.quality.objective == bound,
        engine=other.quality.engine,
    )
    return replace(plan, quality=quality, certificate=other.certificate)
