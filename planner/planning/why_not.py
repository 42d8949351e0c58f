"""Why not that day: the hard rule that forbids it, or what it would cost and who needs the time.

The price is proved by the prices in the plan's certificate (`engine.forcing`): no plan in which the citizen
is talked with on that day costs less than a bound, so what the bound exceeds the plan's cost by is no more than such a
plan is dearer. A time that is free beside the whole plan shows what the day costs at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.conversations import TALKING
from planner.planning.day_blockers import Wish, blocker
from planner.planning.engine.candidates import Candidates
from planner.planning.engine.certificate import Prices, lower_bound
from planner.planning.engine.forcing import Forcing
from planner.planning.engine.model import Option
from planner.planning.engine.placing import prices_of
from planner.planning.masks import bits
from planner.planning.plan import Certificate, CitizenPlan, Plan, Slot
from planner.planning.problem import Placed, Placement, Problem, entries_of, own_cost, placement_of
from planner.planning.reasons import why_slot
from planner.rules.windows import Because

#: What a citizen's conversations are: the units that each covers, and its slot.
Chosen = tuple[tuple[int, Slot], ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody whose proposal takes the time: the first of the latest days that it keeps or misses."""

    citizen_id: str
    slot: Slot
    deadline: date


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What stands against a conversation with the citizen as wished.

    Exactly one of three: `blocked` names the hard rule; `proposed` is what the plan proposes there; or the wish has a
    price. Then `at_least` is how many points dearer every plan with it is proved to be (zero where nothing is proved).
    `alone` is what this citizen costs more than now, were nothing but her conversation moved there: to the cheapest
    time that is `free` beside the plan, or where none is (`free` is None, and `holders` have the time) to the cheapest
    of all. Below zero it is better for her; `terms` are the cost terms of the conversation there. `full`: the holders
    are all the conversations that the day takes, so that no time of it is left.
    """

    wish: Wish
    blocked: Because | None = None
    proposed: Slot | None = None
    at_least: int = 0
    alone: int = 0
    free: Slot | None = None
    terms: tuple[Because, ...] = ()
    holders: tuple[Holder, ...] = ()
    full: bool = False


@dataclass(frozen=True, slots=True)
class _Move:
    """A way of moving a citizen's conversation: its units, the option, what she costs more than now, and the terms."""

    units: int
    option: Option
    more: int
    placed: Placed


class WhyNots:
    """Answers for one plan; `problem` is what the plan was made for."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self._candidates = Candidates(problem)
        self._model = self._candidates.model()
        self._place = {demand.citizen.id: number for number, demand in enumerate(problem.demands)}
        self._chosen = chosen_in(problem, plan)
        self.placement: Placement = placement_of(problem, self._chosen)
        self._forcing = Forcing(self._model, self._prices(plan.certificate))

    @property
    def objective(self) -> int:
        """What the plan costs."""
        return self.placement.objective

    def answer(self, citizen_id: str, wish: Wish) -> WhyNot:
        """What stands against the wish for that citizen."""
        number = self._place.get(citizen_id)
        demand = None if number is None else self.problem.demands[number]
        proposed = [slot for _, slot in self._chosen.get(citizen_id, ()) if _fulfils(slot, wish)]
        if proposed:
            return WhyNot(wish, proposed=proposed[0])
        blocked = blocker(self.problem, demand, wish)
        if blocked is not None or number is None:
            return WhyNot(wish, blocked=blocked)
        options = self._options(number, wish)
        moves = list(self._moves(number, options))
        moves.sort(key=lambda move: (move.more, move.option.cost))
        free = next((found for move in moves if (found := self._free(number, move)) is not None), None)
        move = moves[0] if free is None else free[0]
        return WhyNot(
            wish,
            at_least=max(0, self._forcing.bound(number, options) - self.objective),
            alone=move.more,
            free=None if free is None else free[1],
            terms=why_slot(self.problem, move.placed, ()),
            holders=() if free is not None else tuple(self._holders(number, options)),
            full=free is None and self._is_full(number, (wish.on - self._candidates.today).days),
        )

    def _prices(self, certificate: Certificate) -> Prices:
        """The certificate's prices, none where they prove nothing for this problem."""
        try:
            found = prices_of(certificate, self._candidates.today, self._candidates.grid, self._model.cells)
            lower_bound(self._model, found)
        except ValueError:
            return Prices()
        return found

    # -- what the citizen could have there

    def _options(self, number: int, wish: Wish) -> dict[int, list[Option]]:
        """The options that fulfil the wish, by the units that the conversation covers."""
        demand, day = self.problem.demands[number], (wish.on - self._candidates.today).days
        channels = TALKING if wish.channel is None else (wish.channel,)
        found: dict[int, list[Option]] = {}
        for units in range(1, 1 << len(demand.units)) if self._model.persons[number].every_way else self._few(number):
            options = [
                option for channel in channels for option in self._candidates.on_day(demand, units, day, channel)
            ]
            if wish.start is not None:
                at = 1 << wish.start // self._candidates.grid
                options = [o._replace(starts=o.starts & at) for o in options if o.starts & at]
            if options:
                found[units] = sorted(options)
        return found

    def _few(self, number: int) -> Iterator[int]:
        units = len(self.problem.demands[number].units)
        yield from (1 << place for place in range(units))
        yield (1 << units) - 1

    def _moves(self, number: int, options: Mapping[int, Sequence[Option]]) -> Iterator[_Move]:
        """Each way of moving only this citizen's conversation for some units, all else staying as it is."""
        demand = self.problem.demands[number]
        now = self._chosen.get(demand.citizen.id, ())
        cost = own_cost(demand, entries_of(self.problem, demand, now))
        for units, some in options.items():
            kept = tuple((left, slot) for covered, slot in now if (left := covered & ~units))
            for option in some:
                slot = self._candidates.slot(demand.citizen, option, (option.starts & -option.starts).bit_length() - 1)
                entries = entries_of(self.problem, demand, (*kept, (units, slot)))
                placed = next(entry for entry in entries if entry.slot == slot)
                yield _Move(units, option, own_cost(demand, entries) - cost, placed)

    # -- who has the time

    def _free(self, number: int, move: _Move) -> tuple[_Move, Slot] | None:
        """The move with its first start that the rest of the plan leaves free."""
        taken, cells, day = self._taken(number, move.units), 0, move.option.day
        for _, first, length in taken:
            cells |= ((1 << length) - 1) << first
        room = self._model.room[day]
        if room is not None and sum(first // self._model.cells == day for _, first, _ in taken) >= room:
            return None
        wanted, base = (1 << move.option.length) - 1, day * self._model.cells
        start = next((s for s in bits(move.option.starts) if not cells >> (base + s) & wanted), None)
        if start is None:
            return None
        return move, self._candidates.slot(self.problem.demands[number].citizen, move.option, start)

    def _taken(self, number: int, units: int) -> list[tuple[str, int, int]]:
        """Whose proposals take how many cells from which on, but for the citizen's own that would go."""
        found = []
        me = self.problem.demands[number].citizen.id
        for citizen_id, chosen in self._chosen.items():
            for covered, slot in chosen:
                if citizen_id != me or covered & ~units:
                    found.append((citizen_id, self._first_cell(slot), self._candidates.length(slot.minutes)))
        return found

    def _holders(self, number: int, options: Mapping[int, Sequence[Option]]) -> Iterator[Holder]:
        """Those whose proposals lie where the citizen's could, by their deadlines."""
        me, cells = self.problem.demands[number].citizen.id, 0
        any_option = [option for some in options.values() for option in some]
        day = any_option[0].day
        for option in any_option:
            for start in bits(option.starts):
                cells |= ((1 << option.length) - 1) << (day * self._model.cells + start)
        full = self._is_full(number, day)
        found = []
        for citizen_id, chosen in self._chosen.items():
            demand = self.problem.demands[self._place[citizen_id]]
            for units, slot in chosen:
                mine = ((1 << self._candidates.length(slot.minutes)) - 1) << self._first_cell(slot)
                there = (slot.on - self._candidates.today).days == day
                if citizen_id != me and (mine & cells or (full and there)):
                    deadline = min(window.latest for window in demand.job(units).windows)
                    found.append(Holder(citizen_id, slot, deadline))
        yield from sorted(found, key=lambda holder: (holder.deadline, holder.slot.on, holder.slot.start))

    def _is_full(self, number: int, day: int) -> bool:
        """Whether the others' proposals are all the conversations that the day takes."""
        room = self._model.room[day]
        others = [first for _, first, _ in self._taken(number, self._model.persons[number].all_units)]
        return room is not None and sum(first // self._model.cells == day for first in others) >= room

    def _first_cell(self, slot: Slot) -> int:
        return (slot.on - self._candidates.today).days * self._model.cells + slot.start // self._candidates.grid


def chosen_in(problem: Problem, plan: Plan) -> dict[str, Chosen]:
    """Each citizen's proposed conversations in the units of the problem."""
    parts = {part.id: part for part in plan.citizens}
    return {
        demand.citizen.id: tuple(_covered(part, [unit[0].requirement for unit in demand.units]))
        for demand in problem.demands
        if (part := parts.get(demand.citizen.id)) is not None
    }


def _covered(part: CitizenPlan, units: Sequence[str]) -> Iterator[tuple[int, Slot]]:
    for proposal in (part.proposal, *part.later):
        if proposal is not None:
            mask = sum(1 << number for number, name in enumerate(units) if name in proposal.covers)
            if mask:
                yield mask, proposal.slot


def _fulfils(slot: Slot, wish: Wish) -> bool:
    return (
        slot.on == wish.on
        and wish.start in (None, slot.start)
        and (wish.channel is None or wish.channel is slot.channel)
    )
