"""Who looked, everything that is held, the end of a case, and its erasure: on the line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Line, desk_at
from tests.cli.office import TODAY, caseload, citizen, held

SECRET = "hun er bange for hunde"


def looks(line: Line) -> list[dict[str, Any]]:
    """What the log of looks has, newest first, without the look at the log itself."""
    found = line("looks", "--json", "--limit", "1000").json
    assert isinstance(found, list)
    return found


def told(line: Line) -> list[tuple[str, str, str | None, int | None]]:
    return [(one["kind"], one["purpose"], one["citizen"], one["count"]) for one in looks(line)]


def test_each_look_is_logged_with_whom_and_why(line: Line) -> None:
    line("citizen", "c-1")
    line("explain", "Bo")
    line("search", "a")
    line("today")
    line("export", "ics")
    line("case-note", "c-5")
    found = [one for one in told(line) if one[0] != "unlock"]
    assert found == [
        ("print", "case-note", "c-5", None),
        ("view", "case-note", "c-5", None),
        ("export", "export", None, 1),
        ("view", "today", None, 6),
        ("search", "search", None, 4),
        ("view", "explain", "c-2", None),
        ("view", "citizen", "c-1", None),
    ]


def test_no_name_and_no_text_is_in_the_log(line: Line) -> None:
    line("search", "Åse Eksempel")
    line("note", "c-1", SECRET)
    raw = json.dumps(looks(line), ensure_ascii=False)
    assert "Åse" not in raw
    assert SECRET not in raw


def test_opening_and_failing_to_open_is_logged(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("en helt anden sætning\n", encoding="utf-8")
    wrong.chmod(0o600)
    before = len(looks(line))
    monkeypatch.setenv("PLANNER_PASSPHRASE_FILE", str(wrong))
    assert line("today").code != 0
    monkeypatch.setenv("PLANNER_PASSPHRASE_FILE", str(secret))
    new = told(line)[:-before]
    assert [one[0] for one in new if one[0] != "view"] == ["unlock", "failed_unlock"]


def test_the_log_reads_as_a_caseworker_would_say_it(line: Line) -> None:
    line("citizen", "c-1")
    out = line("looks", "c-1", "--lang", "da").out
    account = looks(line)[0]["account"]
    assert f", {account}: så på: hele forløbet; Åse Eksempel" in out
    assert "looked: the whole story; Åse Eksempel" in line("looks", "c-1", "--lang", "en").out


def test_the_verbs_about_one_citizen_are_all_logged(line: Line) -> None:
    """Whatever verb names a citizen, the look is there, though the verb itself may refuse."""
    verbs = ["note", "fact", "channels", "interpreter", "availability", "slots", "cadence", "held", "postpone"]
    for verb in verbs:
        line(verb, "c-3")
    assert {one[1] for one in told(line) if one[2] == "c-3"} >= {"note", "fact", "channels", "availability", "slots"}


def test_insight_holds_everything_and_leaves_the_names_of_employees_out(line: Line, tmp_path: Path) -> None:
    line("note", "c-5", SECRET)
    line("held", "c-5", "--on", "20-11")
    line("citizen", "c-5")
    out = line("insight", "c-5", "--lang", "da").out
    account = looks(line)[0]["account"]
    for part in (
        "Ib Opdigt",
        "CPR-nummer: er ikke registreret",
        SECRET,
        "20-11-2026",
        "12-10-2026",
        "så på: hele forløbet",
    ):
        assert part in out, part
    assert f"– {account}" not in out
    assert f"– {account}" in line("insight", "c-5", "--names", "--lang", "da").out
    file = tmp_path / "indsigt.txt"
    assert line("insight", "c-5", "--output", file).code == 0
    assert SECRET in file.read_text("utf-8")
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0
    assert line("insight", "c-5", "--output", file).code == 1
    data = line("insight", "c-5", "--json").json
    assert isinstance(data, dict)
    assert (data["schema"], data["id"], data["cpr"]) == ("planner-insight/1", "c-5", None)
    assert all("account" not in one for one in data["looks"])


def test_a_closed_case_asks_for_nothing_and_is_proposed_for_erasure_in_its_time(line: Line) -> None:
    assert "sagen er lukket" in line("close", "c-6", "--lang", "da").out
    rows = line("today", "--json").json
    assert isinstance(rows, dict)
    (row,) = [one for one in rows["citizens"] if one["id"] == "c-6"]
    assert row["bucket"] == "ended"
    assert (
        "Else Fantasi (c-6): lukket 23-11-2026; foreslås først slettet fra 23-05-2027"
        in line("erase", "--lang", "da").out
    )
    line("close", "c-5", "--on", "23-10-2026")
    assert line("erase", "--after", "1").code == 0
    assert "Ib Opdigt (c-5): lukket 23-10-2026; foreslås slettet\n" in line("erase", "--lang", "da").out
    assert line("erase", "--due", "--yes").code == 0
    assert [case["citizen"] for case in line("erase", "--json").json["cases"]] == ["c-6"]  # type: ignore[index]
    assert "c-5" not in {one["id"] for one in line("today", "--json").json["citizens"]}  # type: ignore[index]


def test_a_case_is_not_closed_over_what_is_open(line: Line) -> None:
    assert "booket" in line("close", "c-2", "--lang", "da").err
    assert "begyndte først" in line("close", "c-5", "--on", "01-01-2026", "--lang", "da").err
    assert "tidligere dag" in line("close", "c-5", "--on", "01-01-2027", "--lang", "da").err
    assert "ikke lukket" in line("close", "c-5", "--reopen", "--lang", "da").err
    line("close", "c-5")
    assert "åbn den igen" in line("accept", "c-5", "--lang", "da").err
    assert line("close", "c-5", "--reopen").code == 0
    assert "proposal" in json.dumps(line("today", "--json").json)


def test_only_a_closed_case_is_erased_and_only_when_it_is_meant(line: Line) -> None:
    answer = line("erase", "c-5", "--yes", "--lang", "da")
    assert (answer.code, "ikke lukket" in answer.err) == (5, True)
    line("close", "c-5")
    assert line("erase", "c-5").code == 1  # nobody can be asked
    assert line("citizen", "c-5").code == 0


def test_an_erasure_cannot_be_undone_and_nothing_before_it(line: Line) -> None:
    line("note", "c-1", "før")
    line("close", "c-5")
    assert line("erase", "c-5", "--yes").code == 0
    assert line("undo").code == 4
    assert line("citizen", "c-5").code == 4
    log = line("log", "--lang", "da").out
    assert "Noget om en borger, hvis sag er slettet" in log
    assert "Ib Opdigt" not in log
    line("note", "c-1", "efter")
    assert line("undo").code == 0
    assert line("undo").code == 4


def test_the_erased_do_not_come_back_by_import_until_they_are_let_in(line: Line, tmp_path: Path) -> None:
    line("close", "c-5")
    line("erase", "c-5", "--yes")
    file = tmp_path / "again.json"
    again = citizen("c-5", "Ib Opdigt", spell_start="2026-07-06", conversations=[held("2026-10-12")])
    file.write_text(json.dumps(caseload(citizens=[again])), encoding="utf-8")
    answer = line("import", file, "--yes", "--lang", "da")
    assert "Slettet tidligere og ikke taget med igen: 1" in answer.out
    assert line("citizen", "c-5").code == 4
    table = tmp_path / "again.csv"
    table.write_text("Sagsnr;Navn;Målgruppe;Forløb start\nc-5;Ib Opdigt;6.1;06-07-2026\n", encoding="utf-8")
    column_map = tmp_path / "map.toml"
    column_map.write_text(line("import", table, "--yes").err.split(":\n", 1)[1], encoding="utf-8")
    answer = line("import", table, "--yes", "--map", column_map, "--lang", "da")
    assert "Sagen blev slettet den" in answer.out + answer.err
    assert line("citizen", "c-5").code == 4
    assert line("erase", "--readmit", "c-5").code == 0
    assert line("import", file, "--yes").code == 0
    assert line("citizen", "c-5").code == 0


def test_the_plan_of_the_others_stays_when_somebody_is_erased(line: Line) -> None:
    def proposals() -> dict[str, Any]:
        found = line("plan", "--json").json
        assert isinstance(found, dict)
        return {one["id"]: one["proposal"] for one in found["citizens"] if one["id"] != "c-6"}

    line("close", "c-6")
    before = proposals()
    line("erase", "c-6", "--yes")
    assert proposals() == before


def test_doctor_tells_when_a_log_was_written_anew(line: Line, tmp_path: Path) -> None:
    line("citizen", "c-1")
    line("backup")
    found = line("doctor", "--json").json
    assert found["logs"] is True  # type: ignore[index]
    with desk_at(tmp_path / "planner.db") as desk, desk._room.store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM accesses")  # type: ignore[attr-defined]
        unit.record("note", None, {})
    found = line("doctor", "--json").json
    assert found["logs"] is False  # type: ignore[index]


def test_a_period_is_a_number_of_months_or_never(line: Line) -> None:
    for wrong in ("0", "x", "121", "-1", "1.5", "9" * 400):
        assert line("erase", f"--after={wrong}").code == 2, wrong
    assert line("erase", "--after", "aldrig").code == 0
    assert "Angiv en med: planner erase --after 6" in line("erase", "--lang", "da").out
    assert TODAY


def test_nothing_of_the_erased_stays_in_the_plans_that_are_kept(line: Line, tmp_path: Path) -> None:
    line("close", "c-5")
    assert line("today").code == 0
    line("erase", "c-5", "--yes")
    line("note", "c-1", "efter")
    line("today")
    with desk_at(tmp_path / "planner.db") as desk, desk._room.store.read() as view:
        kept = view.kept_plan(trial=True)  # the day is told by the line
    assert kept is not None
    assert b"c-1" in kept.data
    assert b"c-5" not in kept.data + (kept.previous or b"")


def test_names_are_told_by_no_verb_without_an_entry(line: Line, tmp_path: Path) -> None:
    table, column_map = tmp_path / "dry.csv", tmp_path / "map.toml"
    table.write_text("Sagsnr;Navn;Målgruppe;Forløb start\nc-5;Ib Andet;6.1;06-07-2026\n", encoding="utf-8")
    column_map.write_text(line("import", table).err.split(":\n", 1)[1], encoding="utf-8")
    for words, expected in (
        (("import", table, "--dry-run", "--map", column_map), ("view", "import", "c-5", None)),
        (("citizen", "e"), ("search", "search", None, 5)),
        (("erase",), ("view", "erase", None, 0)),
        (("explain",), ("view", "explain", None, 6)),
        (("looks", "c-5"), ("view", "looks", "c-5", None)),
    ):
        line(*words)
        assert expected in told(line)[:6], words


def test_a_file_closes_no_case_in_which_something_is_open_and_none_that_was_opened_again(
    line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "closed.json"
    people = caseload()["citizens"]
    for one in people:
        one["closed_on"] = "2026-11-20"
    file.write_text(json.dumps(caseload(citizens=people)), encoding="utf-8")
    line("close", "c-6")
    line("close", "c-6", "--reopen")
    line("import", file, "--yes")
    with desk_at(tmp_path / "planner.db") as desk:
        closed = {case.citizen.id for case in desk.cases.closed()}
    assert closed == {"c-1", "c-3", "c-4", "c-5", "c-6"}  # not c-2, who has a conversation booked
    line("close", "c-6", "--reopen")
    again = [dict(one, spell_start="2026-11-20") if one["id"] == "c-5" else one for one in caseload()["citizens"]]
    file.write_text(json.dumps(caseload(citizens=again)), encoding="utf-8")
    line("import", file, "--yes")
    with desk_at(tmp_path / "planner.db") as desk:
        closed = {case.citizen.id for case in desk.cases.closed()}
    assert closed == {"c-1", "c-3", "c-4"}  # c-5 came again on the day on which the case was closed
