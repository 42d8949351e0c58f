"""What is written comes back, wholly or not at all, and nobody overwrites what another changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from planner.domain.caseload import Adoption, Caseworker, PlanSettings
from planner.domain.citizens import Citizen, TargetGroup
from planner.domain.conversations import Channel
from planner.domain.periods import Period
from planner.errors import Stale, StoreError
from planner.services.ports import Change, Office, Postponement
from planner.store import sqlite
from planner.store.engine import SqlStore
from tests.builders import busy, hours, interpreter, room
from tests.store.support import aase, opened


def without_keys(citizen: Citizen) -> Citizen:
    """The citizen as it was before the store gave keys."""
    return replace(
        citizen,
        facts=tuple(replace(fact, key="") for fact in citizen.facts),
        conversations=tuple(replace(c, key="") for c in citizen.conversations),
        unavailable=tuple(sorted(citizen.unavailable, key=repr)),
    )


def put(store: SqlStore, *citizens: Citizen) -> list[str]:
    """Add citizens in one unit; gives their keys."""
    with store.write() as unit:
        keys = [unit.add_citizen(citizen) for citizen in citizens]
        unit.record("load_caseload", None, {})
    return keys


def test_every_field_of_a_citizen_comes_back(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
    with opened(tmp_path / "s.db") as store, store.read() as view:
        assert without_keys(view.citizens()[key]) == without_keys(aase())
        assert view.key_of("c-1") == key
        assert view.key_of(key) == key
        assert view.key_of("c-2") is None


def test_a_citizen_without_an_id_answers_to_the_stores_key(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        keys = put(store, replace(aase(), id=""), replace(aase(), id=""))
        with store.read() as view:
            assert {c.id for c in view.citizens().values()} == set(keys)


def test_the_office_adoptions_notes_and_mappings_come_back(tmp_path: Path) -> None:
    office = Office(
        "Læsø",
        Caseworker(in_person_days=(1, 3), max_per_day=6),
        (date(2026, 12, 23),),
        PlanSettings(notice={Channel.PHONE: Period(days=1), Channel.DIGITAL: Period(), Channel.IN_PERSON: Period(1)}),
        (
            room("1.07", busy=[busy("2026-12-01T09:00", "2026-12-01T10:00", "Team")]),
            interpreter("dari", [hours(1, "09:00", "12:00")]),
        ),
    )
    adoption = Adoption("job-rotation", date(2026, 1, 1), None, "opdigtet", {"light": "P13W", "n": 3})
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        with store.write() as unit:
            unit.save_office(office)
            adopted = unit.save_adoption(adoption)
            unit.add_note(key, "Første\nlinje")
            unit.save_postponement(key, Postponement("", date(2026, 11, 23), date(2026, 11, 29), "på rejse"))
            unit.save_mapping("a;b", {"a": "name"})
            unit.record("set_office", None, {})
        with store.read() as view:
            assert view.office() == office
            assert view.adoptions() == (replace(adoption, key=adopted),)
            (note,) = view.notes(key)
            assert (note.text, note.at) == ("Første\nlinje", datetime(2026, 11, 23, 8, 0))  # noqa: DTZ001
            assert [p.reason for p in view.postponements(key)] == ["på rejse"]
            assert view.mapping("a;b") == {"a": "name"}
            assert view.mapping("b;a") is None


def test_an_exception_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        put(store, aase())
        with pytest.raises(ZeroDivisionError), store.write() as unit:  # noqa: PT012
            unit.add_citizen(replace(aase(), id="c-2"))
            unit.record("load_caseload", None, {})
            raise ZeroDivisionError
        with store.read() as view:
            assert (view.head(), len(view.citizens())) == (1, 1)


def test_changes_without_a_journal_row_are_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        with pytest.raises(RuntimeError), store.write() as unit:
            unit.add_citizen(aase())
        with store.read() as view:
            assert not view.citizens()


def test_writing_a_row_back_as_it_was_is_no_change(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        with store.write() as unit:
            citizen = unit.citizens([key])[key]
            unit.save_citizen(key, replace(citizen, name="Anden"))
            unit.save_citizen(key, citizen)
            for conversation in citizen.conversations:
                unit.save_conversation(key, conversation)
            assert not unit.pending


def test_a_row_that_is_not_as_it_was_left_is_stale(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        with store.write() as unit:
            unit.save_citizen(key, replace(aase(), name="Anden"))
            unit.record("rename", key, {})
        with store.read() as view:
            (first,) = (change for change in view.changes(1) if change.table == "citizens")
            (second,) = view.changes(2)
        with store.write() as unit, pytest.raises(Stale):
            unit.apply([Change("citizens", key, first.after, None)])
        with store.write() as unit:
            unit.apply([second.inverse()])
            unit.record("undo", key, {}, target=2)
        with store.read() as view:
            assert view.citizens()[key].name == aase().name


def test_an_update_checks_the_version_it_was_read_with(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        with pytest.raises(Stale), store.write() as unit:  # noqa: PT012
            unit.save_citizen(key, replace(aase(), name="Anden"))
            unit.connection.exec_driver_sql("UPDATE citizens SET version = version + 1")
            unit.record("rename", key, {})
        with store.read() as view:
            assert view.citizens()[key].name == aase().name


def test_two_citizens_cannot_have_the_same_id(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        with pytest.raises(Stale):
            put(store, aase(), aase())
        with store.read() as view:
            assert not view.citizens()


def test_a_row_cannot_belong_to_nobody(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store, pytest.raises(Stale), store.write() as unit:  # noqa: PT012
        unit.add_note("nobody", "x")
        unit.record("note", None, {})


def test_times_are_kept_as_wall_time_and_in_utc(tmp_path: Path) -> None:
    summer = replace(aase(), conversations=tuple(replace(c, on=date(2026, 7, 1)) for c in aase().conversations[:1]))
    with opened(tmp_path / "s.db") as store:
        put(store, summer)
        with store.read() as view:
            row = view.connection.exec_driver_sql("SELECT start_time, start_utc FROM conversations").one()
    assert [str(value)[:19] for value in row] == ["09:00:00.000000", "2026-07-01 07:00:00"]


def test_the_journal_is_ordered_by_number_even_when_the_clock_goes_back(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        clock = store._clock
        for text in ("one", "two", "three"):
            clock.moment -= timedelta(days=1)  # type: ignore[attr-defined]
            with store.write() as unit:
                unit.add_note(key, text)
                unit.record("note", key, {})
        with store.read() as view:
            assert [row.seq for row in view.journal()] == [4, 3, 2, 1]
            assert [row.seq for row in view.journal(limit=2, citizen=key)] == [4, 3]
            assert [note.text for note in view.notes(key)] == ["one", "two", "three"]
            view.verify()


def test_the_journals_time_is_danish_whatever_the_clocks_zone(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        store._clock.moment = datetime(2026, 7, 1, 22, 30, tzinfo=ZoneInfo("UTC"))  # type: ignore[attr-defined]
        put(store, aase())
        with store.read() as view:
            assert view.journal()[0].at == datetime(2026, 7, 2, 0, 30)  # noqa: DTZ001


def test_a_big_caseload_is_read_with_a_handful_of_selects(tmp_path: Path) -> None:
    statements: list[str] = []
    with opened(tmp_path / "s.db") as store:
        keys = put(store, *(replace(aase(), id=f"c-{n}") for n in range(600)))
        with store.read() as view:
            sqlite.own_connection(view.connection).set_trace_callback(statements.append)
            assert len(view.citizens()) == 600
            assert list(view.citizens(keys[:501])) == keys[:501]
    assert len([s for s in statements if s.startswith("SELECT")]) == 10


def test_what_undo_and_a_story_ask_for_is_found_without_reading_the_whole_journal(tmp_path: Path) -> None:
    statements: list[str] = []
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        with store.read() as view:
            driver = sqlite.own_connection(view.connection)
            driver.set_trace_callback(statements.append)
            view.reversals(), view.journal(100, key), view.accesses(100, key), view.touched_since(1), view.notes(key)
            driver.set_trace_callback(None)
            asked = [one for one in statements if one.startswith("SELECT")]
            steps = [row[-1] for one in asked for row in driver.execute(f"EXPLAIN QUERY PLAN {one}")]
    assert len(asked) == 5
    assert not [step for step in steps if step.startswith("SCAN")]


def test_threads_take_turns(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        failures: list[BaseException] = []

        def work(number: int) -> None:
            try:
                for _ in range(5):
                    with store.write() as unit:
                        unit.add_note(key, str(number))
                        unit.record("note", key, {})
                    with store.read() as view:
                        view.citizens()
            except BaseException as error:
                failures.append(error)

        threads = [Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        with store.read() as view:
            view.verify()
            assert view.head() == 31


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET verb = 'held' WHERE seq = 2",
        "UPDATE journal SET detail = '{}' WHERE seq = 2",
        "UPDATE journal SET changes = (SELECT changes FROM journal WHERE seq = 1) WHERE seq = 2",
        "UPDATE journal SET at_local = '2020-01-01 00:00:00.000000' WHERE seq = 2",
        "UPDATE journal SET citizen = NULL WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 1",
    ],
)
def test_tampering_with_the_journal_is_noticed(tmp_path: Path, tampering: str) -> None:
    with opened(tmp_path / "s.db") as store:
        (key,) = put(store, aase())
        for text in ("one", "two"):
            with store.write() as unit:
                unit.add_note(key, text)
                unit.record("note", key, {"text": text})
        with store.read() as view:
            view.verify()
        with store._engine.begin() as connection:
            connection.exec_driver_sql(tampering)
        with store.read() as view, pytest.raises(StoreError, match=r"at entry [12]\."):
            view.verify()


def test_group_numbers_survive(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        put(store, *(replace(aase(), id=str(group), target_group=group) for group in TargetGroup))
        with store.read() as view:
            assert all(c.target_group.value == c.id for c in view.citizens().values())
