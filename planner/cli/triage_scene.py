"""What a choice of `planner triage` is about: the citizen, the list around, and where to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.cli.asking import Asking
from planner.domain.citizens import Citizen
from planner.locale import N_
from planner.planning.plan import Slot

if TYPE_CHECKING:
    from planner.services.desk import Desk
    from planner.services.results import Done, Row, Today


@dataclass(frozen=True, slots=True)
class Scene:
    """The citizen that is decided about, in the list as it was shown; `begun` is the last action before all this."""

    asking: Asking
    desk: Desk
    today: Today
    row: Row
    begun: int = 0
    _told: set[int] = field(default_factory=set)

    def tell(self, done: Done, *, undone: bool = False) -> None:
        """Say what was done and how it is undone, or the other way round; once."""
        if done.seq in self._told:
            return
        self._told.add(done.seq)
        self.asking.out.line(done.text(self.asking.language) + ".")
        again, back = N_("Do it again with r, later with: planner redo"), N_("Undo it with u, later with: planner undo")
        self.asking.say(again if undone else back)

    @property
    def citizen(self) -> Citizen:
        """The citizen."""
        return self.row.citizen

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The proposal and its alternatives."""
        proposal = self.row.part.proposal
        return () if proposal is None else (proposal.slot, *proposal.alternatives)


#: Asks what is needed and does it; None where a question was left and nothing was done. Raises PlannerError.
Step = Callable[[Scene], "Done | None"]
