"""Rows and calendars into a real store: a dry run, then all or nothing, and the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Busy, Caseload, Caseworker
from planner.domain.citizens import Cadence, Citizen, TargetGroup
from planner.domain.conversations import Channel, Conversation, Status
from planner.errors import PlannerError
from planner.exchange.column_map import guess, signature
from planner.exchange.csv_in import read_csv
from planner.exchange.import_rows import rows
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.services.desk import Desk
from planner.services.imported import CitizenRow, ImportRows
from planner.services.importing import merged
from planner.services.ports import Office
from planner.services.story import Kind
from planner.services.story_words import details, headline, teller
from planner.store.engine import SqlStore
from tests.store.support import FixedClock, opened

HEADER = "Sagsnr;CPR;Navn;Målgruppe;Forløb start;Kadence;Tolk;Seneste samtale"
LIS = "1001;0101701234;Lis Prøve;6.1;01-06-2026;;;12-10-2026"
BO = "1002;;Bo Eksempel;jobparat;01-07-2026;let;somali;"


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[SqlStore]:
    with opened(tmp_path / "planner.db") as store:
        yield store


@pytest.fixture(name="desk")
def _desk(store: SqlStore) -> Desk:
    return Desk(store, load_rules(), FixedClock(), plan_form(), templates())


def listed(*lines: str, header: str = HEADER) -> tuple[ImportRows, str, dict[str, object]]:
    """The rows of a CSV file with the guessed map, as `import_rows` wants them."""
    table = read_csv("\n".join([header, *lines, ""]).encode())
    column_map = guess(table.header)
    return rows(table, column_map, date(2026, 11, 23)), signature(table.header), column_map.document()


def citizens(desk: Desk) -> dict[str, Citizen]:
    """The citizens by id."""
    return {citizen.id: citizen for citizen in desk.caseload().citizens}


def test_a_dry_run_tells_all_and_changes_nothing(desk: Desk) -> None:
    found, _, _ = listed(LIS, BO, "1003;;Ib;ukendt;01-06-2026;;;", "1004;;;6.1;;;;")
    run = desk.preview(found)
    assert [one.citizen.name for one in run.new] == ["Lis Prøve", "Bo Eksempel"]
    assert [row.number for row in run.rejected] == [4, 5]
    assert [str(reason) for reason in run.rejected[1].reasons] == [
        "A new citizen needs a name",
        "A new citizen needs the day on which the present spell began",
    ]
    assert run.rejected[1].cells[0] == "1004"
    assert not desk.caseload().citizens
    assert not desk.log()


def test_new_citizens_come_with_everything_that_the_file_says(desk: Desk) -> None:
    done = desk.import_rows(*listed(LIS, BO))
    assert done.seq == 1
    known = citizens(desk)
    assert known["1001"].target_group is TargetGroup.INSURED
    assert known["1002"].cadence is Cadence.LIGHT
    assert known["1002"].interpreter == "somali"
    held = known["1001"].conversations[0]
    assert (held.on, held.status, held.channel) == (date(2026, 10, 12), Status.HELD, Channel.IN_PERSON)
    assert not held.has_time
    assert [entry.verb for entry in desk.log()] == ["mapping", "import"]
    assert (desk.log()[1].values["new"], desk.log()[1].values["changed"]) == (2, 0)


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.import_rows(*listed(LIS, BO))
    before = desk.caseload()
    again = desk.import_rows(*listed(LIS, BO))
    assert again.seq is None
    assert again.run.unchanged == ("1001", "1002")
    assert desk.caseload() == before
    assert len(desk.log()) == 2


def test_only_what_the_file_states_is_changed_and_nobody_is_removed(desk: Desk) -> None:
    desk.import_rows(*listed(LIS, BO))
    desk.set_cadence("1001", Cadence.CLOSE)
    done = desk.import_rows(*listed("1001;;Lis Prøve-Nielsen;;;;;"))
    (changed,) = done.run.changed
    assert [(one.field, one.old, one.new) for one in changed.changes] == [("name", "Lis Prøve", "Lis Prøve-Nielsen")]
    known = citizens(desk)
    assert set(known) == {"1001", "1002"}
    assert known["1001"].cadence is Cadence.CLOSE
    assert known["1001"].spell_start == date(2026, 6, 1)
    assert len(known["1001"].conversations) == 1


def test_an_import_is_undone_and_done_again_as_one(desk: Desk) -> None:
    desk.import_rows(*listed(LIS))
    before = desk.caseload()
    desk.import_rows(*listed(LIS.replace("12-10-2026", "02-11-2026").replace("Lis", "Lisbeth"), BO))
    after = desk.caseload()
    desk.undo()
    assert desk.caseload() == before
    desk.redo()
    assert desk.caseload() == after
    desk.undo()
    desk.undo()
    assert not desk.caseload().citizens


def test_the_column_map_is_remembered_for_the_next_file(desk: Desk) -> None:
    found, mark, document = listed(LIS)
    assert desk.mapping(mark) is None
    desk.import_rows(found, mark, document)
    assert desk.mapping(signature(["CPR", *reversed(HEADER.split(";")[2:]), "sagsnr"])) == document
    other = {**document, "sheet": "Ark 2"}
    assert desk.import_rows(found, mark, other).seq is None
    assert desk.mapping(mark) == other
    desk.undo()
    assert not desk.caseload().citizens


def test_rows_without_an_id_find_their_citizen_by_cpr(desk: Desk) -> None:
    header = "CPR;Navn;Målgruppe;Forløb start"
    desk.import_rows(*listed("010170-1234;Lis Prøve;6.1;01-06-2026", header=header))
    (lis,) = desk.caseload().citizens
    assert "0101701234" not in lis.id
    mangled = desk.import_rows(*listed("101701234;Lis Nyt-Navn;6.1;01-06-2026", header=header))
    assert [one.key for one in mangled.run.changed] == [lis.id]
    assert [number for number, _ in mangled.run.warnings] == [2]
    assert [citizen.name for citizen in desk.caseload().citizens] == ["Lis Nyt-Navn"]


def test_a_changed_cpr_number_is_shown_masked(desk: Desk) -> None:
    desk.import_rows(*listed(LIS))
    done = desk.import_rows(*listed(LIS.replace("0101701234", "0202701234")))
    (change,) = done.run.changed[0].changes
    assert (change.field, change.old, change.new) == ("cpr", "010170-****", "020270-****")
    assert desk.import_rows(*listed(LIS.replace("0101701234", "0202701234"))).seq is None


def test_a_cpr_number_that_belongs_to_another_citizen_rejects_the_row(desk: Desk) -> None:
    desk.import_rows(*listed(LIS, BO))
    done = desk.import_rows(*listed("1002;0101701234;Bo;;;;;", "1009;0101701234;Ny;6.1;01-06-2026;;;"))
    assert done.seq is None
    # Both rows claim one number, so the file alone is reason enough.
    assert [row.number for row in done.run.rejected] == [2, 3]
    alone = desk.preview(listed("1002;0101701234;Bo;;;;;")[0])
    assert str(alone.rejected[0].reasons[0]) == "The CPR number belongs to another citizen who is known already"


def test_two_rows_that_turn_out_to_be_one_citizen_are_both_rejected(desk: Desk) -> None:
    desk.import_rows(*listed(LIS))
    run = desk.preview(listed("1001;;Lis;;;;;", ";0101701234;Lis;;;;;")[0])
    assert [row.number for row in run.rejected] == [2, 3]
    assert not run.changed


def test_a_booked_conversation_that_the_file_calls_held_is_held_and_not_doubled(desk: Desk, store: SqlStore) -> None:
    desk.import_rows(*listed(BO))
    with store.write() as unit:
        key = unit.key_of("1002")
        assert key is not None
        unit.save_conversation(key, Conversation(date(2026, 11, 20), time(9, 0), 30, Channel.PHONE))
        unit.record("accept", key, {"on": "2026-11-20", "start": "09:00", "channel": "phone"})
    desk.import_rows(*listed(BO + "20-11-2026"))
    (held,) = citizens(desk)["1002"].conversations
    assert (held.status, held.channel, held.start) == (Status.HELD, Channel.PHONE, time(9, 0))


def test_a_failure_in_the_middle_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from planner.store.unit import SqlUnit

    def fail(*_: object) -> None:
        raise PlannerError("no")

    monkeypatch.setattr(SqlUnit, "save_cpr", fail)
    with pytest.raises(PlannerError):
        desk.import_rows(*listed(BO, LIS))
    assert not desk.caseload().citizens
    assert not desk.log()


def test_cpr_numbers_stand_in_no_log_and_no_message(desk: Desk, store: SqlStore) -> None:
    done = desk.import_rows(*listed(LIS))
    assert "0101701234" not in str(desk.log())
    assert "0101701234" not in str(done.run.changed)
    with store.read() as view:
        assert list(view.cprs().values()) == ["0101701234"]


def test_a_last_conversation_is_told_by_its_date_only(desk: Desk) -> None:
    """Nobody stated a time or a length: neither the story nor the note for the case system invents one."""
    desk.import_rows(*listed(LIS))
    today = desk.today()
    story, english = desk.story(today, "1001"), language("en")
    moment = next(one for one in story.past if one.kind is Kind.CONVERSATION)
    say = teller(story, english, today.plan.titles)
    assert headline(moment, say) == "held · counted as in person"
    assert details(moment, say)[0] == "Monday 12 October 2026, counted as in person: only the day is known."
    assert "Form of contact" not in desk.case_note("1001", "en").text


def test_merged_needs_no_store() -> None:
    row = CitizenRow(
        2, None, None, {"name": "Bo", "target_group": TargetGroup.SICKNESS, "spell_start": date(2026, 1, 1)}
    )
    assert merged(None, row, "ny").id == "ny"
    bo = merged(None, row, "ny")
    assert merged(bo, CitizenRow(3, "ny", None, {"interpreter": None})) == bo


MEETING = Busy(datetime.fromisoformat("2026-11-24T09:00"), datetime.fromisoformat("2026-11-24T10:00"), "Møde")
COURSE = Busy(datetime.fromisoformat("2026-11-25T09:00"), datetime.fromisoformat("2026-11-25T15:00"), "Kursus")
OWN = Busy(datetime.fromisoformat("2026-11-26T09:00"), datetime.fromisoformat("2026-11-26T10:00"), "Eget")


def busy(desk: Desk) -> set[str]:
    """The titles of the caseworker's busy times."""
    return {one.title for one in desk.office().caseworker.busy}


def test_a_calendar_replaces_what_came_from_it_before_and_nothing_else(desk: Desk) -> None:
    desk.set_office(Office("Nordby", Caseworker(busy=(OWN,))))
    assert desk.import_calendar([MEETING, COURSE]).new == 2
    assert busy(desk) == {"Eget", "Møde", "Kursus"}
    again = desk.import_calendar([MEETING])
    assert (again.new, again.gone) == (1, 2)
    assert busy(desk) == {"Eget", "Møde"}
    assert desk.import_calendar([MEETING]).seq is None


def test_two_calendars_are_kept_apart(desk: Desk) -> None:
    desk.import_calendar([MEETING], "arbejde")
    desk.import_calendar([COURSE], "fælles")
    desk.import_calendar([], "arbejde")
    assert busy(desk) == {"Kursus"}


def test_a_busy_time_that_was_there_already_survives_the_calendar(desk: Desk) -> None:
    desk.set_office(Office("Nordby", Caseworker(busy=(MEETING,))))
    desk.import_calendar([MEETING])
    desk.import_calendar([])
    assert desk.office().caseworker.busy == (MEETING,)


def test_a_calendar_is_undone_as_one_and_can_come_again(desk: Desk) -> None:
    desk.import_calendar([MEETING])
    desk.import_calendar([COURSE])
    desk.undo()
    assert busy(desk) == {"Møde"}
    desk.import_calendar([COURSE])
    assert busy(desk) == {"Kursus"}


def test_a_calendar_stays_whatever_the_office_is_set_to(desk: Desk) -> None:
    desk.set_office(Office("Nordby", Caseworker(busy=(OWN,))))
    desk.import_calendar([MEETING, COURSE])
    assert set(desk.calendar_times()) == {MEETING, COURSE}
    desk.set_office(Office("Nordby", Caseworker(max_per_day=4, busy=(OWN,))))
    assert busy(desk) == {"Eget", "Møde", "Kursus"}
    done = desk.set_office(Office("Nordby", Caseworker(max_per_day=4)))
    assert busy(desk) == {"Møde", "Kursus"}
    assert (done.message, done.values) == ("The office was changed; busy times taken out: {gone}", {"gone": 1})
    desk.import_calendar([MEETING])
    assert busy(desk) == {"Møde"}
    assert desk.calendar_times() == (MEETING,)


def test_a_map_by_which_no_row_could_be_taken_is_not_kept(desk: Desk) -> None:
    found, mark, document = listed("1001;;;9.9;01-06-2026;;;", "1002;;;;;;;")
    done = desk.import_rows(found, mark, document)
    assert (len(done.run.rejected), done.seq) == (2, None)
    assert desk.mapping(mark) is None
    desk.import_rows(*listed(LIS, "1002;;;;;;;"))
    assert desk.mapping(mark) == document


def test_a_calendar_stays_when_a_caseload_with_busy_times_is_loaded(desk: Desk) -> None:
    desk.import_calendar([MEETING])
    given = Caseload(date(2026, 11, 23), "Nordby", caseworker=Caseworker(busy=(OWN,)))
    assert desk.load_caseload(given).office
    assert busy(desk) == {"Eget", "Møde"}
    assert desk.load_caseload(given).nothing
