"""What a choice of `planner triage` is about: the citizen, the list around, and where to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.cli.asking import Asking
from planner.domain.citizens import Citizen
from planner.planning.plan import Slot

if TYPE_CHECKING:
    from planner.services.desk import Desk
    from planner.services.results import Done, Row, Today


@dataclass(frozen=True, slots=True)
class Scene:
    """The citizen that is decided about, in the list as it was shown."""

    asking: Asking
    desk: Desk
    today: Today
    row: Row

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
