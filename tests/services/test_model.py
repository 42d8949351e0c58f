"""Any sequence of work, undo, redo and closing equals a simple model: a list of states and a place in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from planner.domain.citizens import Cadence, FactKind
from planner.domain.conversations import Channel
from planner.errors import NotFound, Refused
from planner.planning.plan import Slot
from planner.services.desk import Desk
from tests.services.office import days, desk_on, job_ready, office, state

CITIZENS = ("p-1", "p-2", "p-3")
citizens = st.sampled_from(CITIZENS)


class Desks(RuleBasedStateMachine):
    """`past` holds the states before each action that stands, `future` those that can be reached again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.stack = ExitStack()
        self.past: list[object] = []
        self.future: list[object] = []

    @initialize()
    def begin(self) -> None:
        """Three citizens; loading them can be undone too."""
        self.desk: Desk = self.stack.enter_context(desk_on(Path(self.folder.name)))
        self.now: object = state(self.desk)
        people = office(*(job_ready(f"Ida Opdigt {n}", n) for n in (1, 2, 3)))
        self._do(lambda: self.desk.load_caseload(people))

    def teardown(self) -> None:
        """Close the store."""
        self.stack.close()
        self.folder.cleanup()

    def _do(self, verb: Callable[[], object]) -> None:
        try:
            verb()
        except (Refused, NotFound):
            return
        after = state(self.desk)
        assert after != self.now
        self.past.append(self.now)
        self.now, self.future = after, []

    @rule(citizen=citizens, day=st.integers(2, 20), hour=st.integers(8, 15))
    def accept(self, citizen: str, day: int, hour: int) -> None:
        """Book a time."""
        self._do(lambda: self.desk.accept(citizen, slot=Slot(days(day), hour * 60, 30, Channel.PHONE)))

    @rule(citizen=citizens, day=st.integers(-9, 0))
    def held(self, citizen: str, day: int) -> None:
        """Record a conversation."""
        self._do(lambda: self.desk.held(citizen, on=days(day), cadence=Cadence.LIGHT if day % 2 else None))

    @rule(citizen=citizens, deadline=st.integers(6, 20), count=st.integers(0, 4))
    def offer(self, citizen: str, deadline: int, count: int) -> None:
        """Offer times."""
        self._do(lambda: self.desk.offer(citizen, days(deadline), count))

    @rule(citizen=citizens, number=st.integers(0, 4))
    def pick(self, citizen: str, number: int) -> None:
        """Book what was chosen."""
        self._do(lambda: self.desk.pick(citizen, number))

    @rule(citizen=citizens)
    def withdraw(self, citizen: str) -> None:
        """Take the offer back."""
        self._do(lambda: self.desk.withdraw(citizen))

    @rule(citizen=citizens, is_filed=st.booleans())
    def filed(self, citizen: str, is_filed: bool) -> None:
        """Tick the note, or take the tick back."""
        self._do(lambda: self.desk.filed(citizen, is_filed=is_filed))

    @rule(citizen=citizens, by_citizen=st.booleans())
    def cancel(self, citizen: str, by_citizen: bool) -> None:
        """Cancel what is booked."""
        self._do(lambda: self.desk.cancel(citizen, by_citizen))

    @rule(citizen=citizens, cadence=st.sampled_from([None, *Cadence]))
    def cadence(self, citizen: str, cadence: Cadence | None) -> None:
        """Screen."""
        self._do(lambda: self.desk.set_cadence(citizen, cadence))

    @rule(citizen=citizens, kind=st.sampled_from(FactKind), day=st.integers(-9, 90))
    def fact(self, citizen: str, kind: FactKind, day: int) -> None:
        """Note a fact."""
        self._do(lambda: self.desk.add_fact(citizen, kind, days(day)))

    @rule(citizen=citizens, text=st.text(max_size=20))
    def note(self, citizen: str, text: str) -> None:
        """Write a note."""
        self._do(lambda: self.desk.note(citizen, text))

    @rule(citizen=citizens, until=st.integers(-1, 40), reason=st.sampled_from(["", "rejse", "venter"]))
    def postpone(self, citizen: str, until: int, reason: str) -> None:
        """Postpone."""
        self._do(lambda: self.desk.postpone(citizen, days(until), reason))

    @rule(citizen=citizens)
    def exempt(self, citizen: str) -> None:
        """Exempt, or end it."""
        has = any(c.id == citizen and c.exemption for c in self.desk.caseload().citizens)
        self._do(lambda: self.desk.end_exemption(citizen) if has else self.desk.exempt(citizen, "x"))

    @rule()
    def undo(self) -> None:
        """Take back the last action, if any."""
        try:
            self.desk.undo()
        except NotFound:
            assert not self.past
            return
        self.future.append(self.now)
        self.now = self.past.pop()

    @rule()
    def redo(self) -> None:
        """Do it again, if anything was taken back."""
        try:
            self.desk.redo()
        except NotFound:
            assert not self.future
            return
        self.past.append(self.now)
        self.now = self.future.pop()

    @rule()
    def reopen(self) -> None:
        """Quit and come back."""
        self.stack.close()
        self.desk = self.stack.enter_context(desk_on(Path(self.folder.name)))

    @invariant()
    def equals_the_model(self) -> None:
        """What the desk shows is what the model says, and the journal's chain holds."""
        if hasattr(self, "now"):
            assert state(self.desk) == self.now
            self.desk.verify()

    @invariant()
    def nobody_has_a_deadline_and_a_booking_at_once(self) -> None:
        """Whatever was done, undone and done again."""
        if hasattr(self, "now"):
            assert not any(c.offer is not None and c.booked() for c in self.desk.caseload().citizens)


TestDesks = Desks.TestCase
TestDesks.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
