"""Any row of actions, crashes among them: nobody disappears, and undo and redo lead back to the same caseload."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from planner.bootstrap import plan_form, templates
from planner.domain.citizens import FactKind
from planner.domain.conversations import Channel
from planner.errors import NotFound, Refused
from planner.services.desk import Desk
from planner.services.room import Room
from planner.store.engine import open_store
from tests.faults.deeds import RULES, check_pages, init, reopened
from tests.full import PATIENCE, many
from tests.services.office import FixedClock, days, job_ready, office, state, talk

WHO = tuple(f"p-{number}" for number in (1, 2, 3))
someone = st.sampled_from(WHO)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


class Crash(Exception):
    """The process is gone in the midst of a unit."""


class Office(RuleBasedStateMachine):
    """A desk, and what it ought to be: the caseload after each action that stands, and those taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(prefix="planner-faults-", ignore_cleanup_errors=True)
        self.store = Path(self.folder.name) / "0" / "s.db"
        self.clock = FixedClock()
        self.desk: Desk | None = None
        self.crashes = 0
        self.head = 1

    @initialize()
    def begin(self) -> None:
        """Three citizens, one of them with a booking of today."""
        key = init(self.store)
        self.desk = self.opened(key)
        self.desk.load_caseload(
            office(
                job_ready("Åse Prøvesen", 1),
                job_ready("Øjvind Opdigtet", 2, -60, conversations=(talk(0),)),
                job_ready("Ærø Tænkesen", 3, -20),
            )
        )
        self.past = [state(self.desk)]
        self.future: list[object] = []

    def opened(self, key: bytes) -> Desk:
        """The desk on the store as it is now."""
        return Desk(open_store(self.store, self.clock, 0.0, key), RULES, self.clock, plan_form(), templates())

    @property
    def at(self) -> Desk:
        """The desk that is open."""
        assert self.desk is not None
        return self.desk

    def done(self) -> None:
        """Something new was done."""
        self.head += 1
        self.past.append(state(self.at))
        self.future = []
        assert self.past[-1] != self.past[-2]

    @rule(who=someone, choice=st.integers(0, 1))
    def accept(self, who: str, choice: int) -> None:
        """Book what is proposed, or an alternative."""
        try:
            self.at.accept(who, choice=choice)
        except Refused:
            return
        self.done()

    @rule(who=someone, text=words)
    def note(self, who: str, text: str) -> None:
        """Write a note."""
        try:
            self.at.note(who, text)
        except Refused:
            return
        self.done()

    @rule(who=someone, channel=st.sampled_from([None, Channel.PHONE, Channel.DIGITAL]))
    def held(self, who: str, channel: Channel | None) -> None:
        """A conversation was held."""
        try:
            self.at.held(who, channel=channel)
        except Refused:
            return
        self.done()

    @rule(who=someone, ahead=st.integers(-2, 40))
    def postpone(self, who: str, ahead: int) -> None:
        """No conversation for some days."""
        try:
            self.at.postpone(who, self.clock.today() + timedelta(days=ahead), "på rejse")
        except Refused:
            return
        self.done()

    @rule(who=someone, kind=st.sampled_from(list(FactKind)), on=st.integers(-10, 40), length=st.integers(-1, 20))
    def add_fact(self, who: str, kind: FactKind, on: int, length: int) -> None:
        """Something becomes known."""
        try:
            self.at.add_fact(who, kind, days(on), days(on + length))
        except Refused:
            return
        self.done()

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        """The last actions that stand are taken back; loading the caseload stays."""
        for _ in range(min(times, len(self.past) - 1)):
            self.at.undo()
            self.head += 1
            self.future.append(self.past.pop())
            assert state(self.at) == self.past[-1]

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        """What was taken back last is done again, unless something new was done."""
        for _ in range(min(times, len(self.future))):
            self.at.redo()
            self.head += 1
            self.past.append(self.future.pop())
            assert state(self.at) == self.past[-1]
        if not self.future:
            with pytest.raises(NotFound):
                self.at.redo()

    @rule(times=st.integers(1, 4))
    def there_and_back(self, times: int) -> None:
        """Taken back and done again it is as it was."""
        before = len(self.past)
        self.undo(times)
        self.redo(before - len(self.past))
        assert len(self.past) == before

    @rule()
    def plan(self) -> None:
        """The list is looked at, and kept."""
        assert {row.citizen.id for row in self.at.today().rows} <= set(WHO)

    @rule(minutes=st.integers(-90, 90))
    def time_passes(self, minutes: int) -> None:
        """The clock goes on within the day, or back."""
        moment = self.clock.moment + timedelta(minutes=minutes)
        if moment.date() == self.clock.today():
            self.clock.moment = moment

    @rule()
    def close_and_reopen(self) -> None:
        """The program ends and begins again."""
        self.at.close()
        key = reopened(self.store)
        check_pages(self.store, key)
        self.desk = self.opened(key)

    @rule(who=someone)
    def crash(self, who: str) -> None:
        """The process is gone in the midst of a unit; what its files hold by then is all that is left."""
        self.crashes += 1
        left = Path(self.folder.name) / str(self.crashes)
        kept = self.at._room.store
        with pytest.raises(Crash), kept.write() as unit:  # noqa: PT012
            key = unit.key_of(who) or ""
            unit.add_note(key, "som aldrig blev til noget")
            unit.record("note", key, {})
            copytree(self.store.parent, left)
            raise Crash
        self.at.close()
        self.store = left / "s.db"
        self.desk = self.opened(reopened(self.store))

    @precondition(lambda self: self.desk is not None)
    @invariant()
    def everybody_is_there(self) -> None:
        """The caseload is what it ought to be, and so is the journal."""
        assert tuple(citizen.id for citizen in self.at.caseload().citizens) == WHO
        assert state(self.at) == self.past[-1]
        assert len(self.at.log(10_000)) == self.head
        self.at.verify()

    @precondition(lambda self: self.desk is not None)
    @invariant()
    def what_is_kept_in_memory_is_what_the_store_says(self) -> None:
        """What was brought up to date change by change is as it is read anew."""
        room = self.at._room
        assert room.snapshot() == Room(room.store, RULES, self.clock).snapshot()

    def teardown(self) -> None:
        """Let go of the files."""
        if self.desk is not None:
            self.desk.close()
        self.folder.cleanup()


TestOffice = pytest.mark.timeout(PATIENCE)(Office.TestCase)
TestOffice.settings = settings(max_examples=many(8, 250), stateful_step_count=many(20, 40))
