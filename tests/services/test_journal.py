"""Every verb can be taken back and done again, also the next morning; the log tells it all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from planner.domain.caseload import Adoption, Busy, Caseworker
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, Unavailable
from planner.domain.conversations import Channel, Conversation, Status
from planner.errors import NotFound, Stale, StoreError
from planner.planning.plan import Slot
from planner.services.desk import Desk, Office
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office, state, talk

ADOPTION = Adoption("job-rotation", days(-10), None, "opdigtet")
HELD = Conversation(days(-40), time(9), 30, Channel.IN_PERSON, status=Status.HELD)
PEOPLE = office(
    job_ready(conversations=(HELD, talk(-3), talk(0), talk(8)), spell=-60),
    *(job_ready(f"Ida Opdigt {n}", n, conversations=(HELD,), spell=-60) for n in range(2, 4)),
    job_ready(
        "Ida Opdigt 4",
        4,
        conversations=(HELD,),
        spell=-60,
        facts=(Fact(FactKind.REHIRE, days(50)),),
        unavailable=(Unavailable(days(9), days(12)),),
    ),
    job_ready("Vagn Skinberg", 5, spell=-300, exemption=Exemption(days(-9), None, "før")),
    adoptions=(Adoption("company-ratio", days(-10), None, "opdigtet"),),
)


def _amended(desk: Desk) -> object:
    """Amend the first note, which is written first where there is none."""
    notes = desk.notes("p-2")
    return desk.amend_note("p-2", notes[0].key, "Det var i går") if notes else desk.note("p-2", "Ringede i dag")


def _fact(desk: Desk) -> Fact:
    return next(citizen for citizen in desk.caseload().citizens if citizen.id == "p-4").facts[0]


VERBS: dict[str, Callable[[Desk], object]] = {
    "accept": lambda desk: desk.accept("p-2", slot=Slot(days(2), 600, 30, Channel.PHONE)),
    "postpone": lambda desk: desk.postpone("p-3", days(9), "rejse"),
    "exempt": lambda desk: desk.exempt("p-2", "finder selv job"),
    "end_exemption": lambda desk: desk.end_exemption("p-5"),
    "cadence": lambda desk: desk.set_cadence("p-2", Cadence.CLOSE),
    "fact": lambda desk: desk.add_fact("p-2", FactKind.REHIRE, days(50), days(60), documented=True),
    "held": lambda desk: desk.held("p-1", agenda=["cv"]),
    "held, not booked": lambda desk: desk.held("p-2"),
    "move": lambda desk: desk.move("p-1", days(9), 13 * 60, days(8)),
    "no_show": lambda desk: desk.no_show("p-1"),
    "cancel": lambda desk: desk.cancel("p-1", by_citizen=False, reason="syg"),
    "note": lambda desk: desk.note("p-2", "Ringede selv"),
    "amend_note": _amended,
    "change_fact": lambda desk: desk.change_fact("p-4", replace(_fact(desk), until=days(70), documented=True)),
    "remove_fact": lambda desk: desk.remove_fact("p-4", _fact(desk).key, "fejlregistreret"),
    "set_channels": lambda desk: desk.set_channels("p-2", [Channel.PHONE], Channel.PHONE),
    "set_interpreter": lambda desk: desk.set_interpreter("p-2", "dari"),
    "add_away": lambda desk: desk.add_away("p-2", Unavailable(days(3), days(5))),
    "add_away, weekly": lambda desk: desk.add_away("p-2", Unavailable(weekday=0, start=time(8), end=time(10))),
    "remove_away": lambda desk: desk.remove_away("p-4", desk.away("p-4")[0].key),
    "adopt": lambda desk: desk.adopt(ADOPTION),
    "end_adoption": lambda desk: desk.end_adoption("company-ratio", MONDAY),
    "load": lambda desk: desk.load_caseload(office(job_ready("Ny Påfund", 9, conversations=(talk(4),)))),
    "set_office": lambda desk: desk.set_office(Office("Andenby", Caseworker(max_per_day=3), (days(30),))),
    "import_calendar": lambda desk: desk.import_calendar([Busy(_at(9), _at(10), "Møde")], "a"),
}


def _at(hour: int) -> datetime:
    return datetime.combine(days(1), time(hour))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_taken_back_and_done_again(tmp_path: Path, verb: str) -> None:
    with desk_on(tmp_path, PEOPLE) as desk:
        start = state(desk)
        VERBS[verb](desk)
        after = state(desk)
        assert after != start
        desk.undo()
        assert state(desk) == start
        desk.redo()
        assert state(desk) == after
        desk.undo()
        assert state(desk) == start
        desk.verify()


def test_a_days_work_is_taken_back_and_done_again_over_night(tmp_path: Path) -> None:
    states = []
    with desk_on(tmp_path, PEOPLE) as desk:
        for verb in VERBS.values():
            states.append(state(desk))
            verb(desk)
        final = state(desk)
    for expected in reversed(states):
        with desk_on(tmp_path) as desk:
            desk.undo()
            assert state(desk) == expected
    with desk_on(tmp_path) as desk:
        desk.undo()
        assert not desk.caseload().citizens
        with pytest.raises(NotFound):
            desk.undo()
        for expected in states:
            desk.redo()
            assert state(desk) == expected
        desk.redo()
        assert state(desk) == final
        with pytest.raises(NotFound):
            desk.redo()
        desk.verify()


def test_something_new_leaves_nothing_to_do_again(tmp_path: Path) -> None:
    with desk_on(tmp_path, PEOPLE) as desk:
        desk.note("p-2", "en")
        desk.note("p-2", "to")
        desk.undo()
        desk.note("p-2", "tre")
        with pytest.raises(NotFound):
            desk.redo()
        desk.undo()
        desk.undo()
        assert not desk.notes("p-2")
        desk.redo()
        desk.redo()
        assert [note.text for note in desk.notes("p-2")] == ["en", "tre"]
        with pytest.raises(NotFound):
            desk.redo()


def test_an_empty_store_has_nothing_to_take_back(tmp_path: Path) -> None:
    with desk_on(tmp_path) as desk:
        for verb in (desk.undo, desk.redo):
            with pytest.raises(NotFound):
                verb()


def test_undo_does_not_destroy_what_was_changed_in_another_way(tmp_path: Path) -> None:
    with desk_on(tmp_path, PEOPLE) as desk:
        desk.set_cadence("p-2", Cadence.CLOSE)
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection, connection:
        connection.execute("UPDATE citizens SET cadence = 'light', version = 99 WHERE external_id = 'p-2'")
    with desk_on(tmp_path) as desk:
        before = state(desk)
        with pytest.raises(Stale):
            desk.undo()
        assert state(desk) == before


def test_the_log_tells_who_what_and_what_was_taken_back(tmp_path: Path) -> None:
    clock = FixedClock()
    with desk_on(tmp_path, PEOPLE, clock) as desk:
        desk.postpone("p-2", days(9), "rejse")
        clock.moment -= timedelta(hours=1)
        desk.set_cadence("p-3", Cadence.CLOSE)
        desk.undo()
        entries = desk.log()
        assert [(e.seq, e.verb, e.citizen_id, e.undone) for e in entries] == [
            (4, "undo", "p-3", False),
            (3, "cadence", "p-3", True),
            (2, "postpone", "p-2", False),
            (1, "load", None, False),
        ]
        assert entries[2].reason == "rejse"
        assert entries[2].values["until"] == days(9)
        assert [e.seq for e in desk.log(limit=2)] == [4, 3]
        assert [e.seq for e in desk.log(citizen_id="p-2")] == [2]
        with pytest.raises(NotFound):
            desk.log(citizen_id="nobody")


def test_the_log_outlives_the_citizens_it_speaks_of(tmp_path: Path) -> None:
    with desk_on(tmp_path) as desk:
        desk.load_caseload(PEOPLE)
        desk.note("p-2", "x")
        desk.undo()
        desk.undo()
        entries = desk.log()
        assert [e.verb for e in entries] == ["undo", "undo", "note", "load"]
        assert {e.citizen_id for e in entries} == {None}


def test_an_imported_calendar_is_kept_apart_from_the_loaded_one(tmp_path: Path) -> None:
    with desk_on(tmp_path, PEOPLE) as desk:
        desk.import_calendar([Busy(_at(9), _at(10), "Møde")], "a")
        assert desk.office().caseworker.busy == (Busy(_at(9), _at(10), "Møde"),)
        assert desk.log(1)[0].verb == "calendar"


def test_a_failure_to_write_leaves_the_desk_as_it_was(tmp_path: Path) -> None:
    with desk_on(tmp_path, PEOPLE) as desk:
        before = state(desk)
        with desk._room.store.read() as view:  # a trigger stands in for a disk that is full
            view.connection.exec_driver_sql(  # type: ignore[attr-defined]
                "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        with pytest.raises(StoreError):
            desk.set_cadence("p-2", Cadence.CLOSE)
        assert state(desk) == before
        with desk._room.store.read() as view:
            view.connection.exec_driver_sql("DROP TRIGGER full")  # type: ignore[attr-defined]
        desk.set_cadence("p-2", Cadence.LIGHT)
        assert desk.find("p-2")[0] == replace(_citizen(before, "p-2"), cadence=Cadence.LIGHT)


def _citizen(kept: object, citizen_id: str) -> Citizen:
    assert isinstance(kept, tuple)
    found: Citizen = next(citizen for citizen in kept[2] if citizen.id == citizen_id)
    return found
