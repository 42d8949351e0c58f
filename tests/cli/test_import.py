"""`planner import`: look first, then all or nothing; a list from a case system, a caseload file, a calendar."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli import files, tables
from planner.cli.output import Output
from planner.errors import PlannerError
from planner.exchange import rejected_file
from tests.cli.conftest import Line
from tests.cli.office import TODAY, caseload, citizen

LIST = """Sagsnr;Navn;Målgruppe;Forløb start;Foretrukken kontaktform;Seneste samtale
A-1001;Prøve Testesen;6.2;01-09-2026;Telefon;01-10-2026
A-1002;Mælk Fantasøe;6.6;14-10-2026;Fremmøde;
A-1003;Forkert Målgruppe;9.9;14-10-2026;;
"""
MAPPING = """schema = "planner-mapping/1"
[columns]
id = "Sagsnr"
name = "Navn"
target_group = "Målgruppe"
spell_start = "Forløb start"
preferred_channel = "Foretrukken kontaktform"
last_conversation = "Seneste samtale"
"""
CALENDAR = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Opdigtet//DA",
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTAMP:20261101T080000Z",
        "DTSTART;TZID=Europe/Copenhagen:20261124T080000",
        "DTEND;TZID=Europe/Copenhagen:20261124T150000",
        "SUMMARY:Kursus",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)


@pytest.fixture
def liste(tmp_path: Path) -> Path:
    """A list from an invented case system."""
    path = tmp_path / "liste.csv"
    path.write_bytes(LIST.encode("cp1252"))
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    return path


def test_without_a_mapping_the_answer_is_one_to_begin_with(line: Line, liste: Path, tmp_path: Path) -> None:
    answer = line("import", liste)
    assert (answer.code, answer.out) == (2, "")
    suggested = tmp_path / "suggested.toml"
    suggested.write_text("\n".join(answer.err.splitlines()[1:]), encoding="utf-8")
    assert line("import", liste, "--map", suggested, "--dry-run").code == 0


def test_a_dry_run_shows_everything_and_changes_nothing(line: Line, liste: Path, tmp_path: Path) -> None:
    answer = line("import", liste, "--map", "map.toml", "--dry-run")
    assert answer.code == 0
    assert "Nye: 2\n  Prøve Testesen (A-1001)\n  Mælk Fantasøe (A-1002)\n" in answer.out
    assert "Afviste: 1\n  Række 4: " in answer.out
    assert line("search", "testesen").out == "Ingen hedder sådan.\n"
    assert not (tmp_path / "liste.rejected.csv").exists()


def test_nobody_to_ask_means_nothing_is_imported(line: Line, liste: Path) -> None:
    answer = line("import", liste, "--map", "map.toml")
    assert answer.code == 1
    assert "--yes" in answer.err
    assert line("search", "testesen").out == "Ingen hedder sådan.\n"


def test_the_rows_are_taken_and_the_rejected_are_kept(line: Line, liste: Path, tmp_path: Path) -> None:
    answer = line("import", liste, "--map", "map.toml", "--yes")
    assert answer.code == 0
    assert "Indlæst. Fortryd med: planner undo" in answer.out
    assert "Prøve Testesen (A-1001)" in line("search", "testesen").out
    kept = (tmp_path / "liste.rejected.csv").read_text(encoding="utf-8-sig")
    assert "Forkert Målgruppe" in kept
    assert "Prøve Testesen" not in kept


def test_a_week_gives_programs_no_time_of_a_conversation_known_by_its_day(line: Line, liste: Path) -> None:
    line("import", liste, "--map", "map.toml", "--yes")
    data = line("week", "2026-10-01", "--json").json
    assert isinstance(data, dict)
    (talk,) = [talk for day in data["days"] for talk in day["conversations"] if talk["citizen"] == "A-1001"]
    assert (talk["kind"], talk["start"], talk["minutes"]) == ("held", None, None)


def test_nothing_is_taken_when_the_rejected_rows_cannot_be_kept(
    line: Line, liste: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise PlannerError("The disk is full")

    monkeypatch.setattr(rejected_file, "write_rejected", full)
    assert line("import", liste, "--map", "map.toml", "--yes").code != 0
    assert line("search", "testesen").out == "Ingen hedder sådan.\n"


def test_a_second_import_needs_no_mapping_and_changes_nothing(line: Line, liste: Path) -> None:
    line("import", liste, "--map", "map.toml", "--yes")
    again = line("import", liste, "--yes", "--json").json
    assert isinstance(again, dict)
    assert (again["new"], again["changed"], again["unchanged"]) == ([], [], ["A-1001", "A-1002"])
    assert again["done"] is None


def test_what_changed_is_shown_before_and_after(line: Line, liste: Path) -> None:
    line("import", liste, "--map", "map.toml", "--yes")
    liste.write_bytes(LIST.replace("A-1001;Prøve Testesen;6.2", "A-1001;Prøve Testesen;6.3").encode("cp1252"))
    shown = line("import", liste, "--dry-run").out
    assert "målgruppen: 6.2 jobparat, kontanthjælp, nu 6.3 aktivitetsparat, kontanthjælp" in shown
    line("import", liste, "--yes")
    assert "6.3" in line("search", "testesen").out
    line("undo")
    assert "6.2" in line("search", "testesen").out


def test_each_column_is_asked_for_once(line: Line, liste: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _interactive(monkeypatch)
    wrong_then_right = b"99\nSagsnr\n"
    rest = b"\n" * (len(tables.FIELD_NAMES) - 1)
    answer = line("import", liste, stdin=wrong_then_right + rest + b"ja\n")
    assert answer.code == 0
    assert "Hvilken kolonne indeholder navnet? Enter alene: “Navn”." in answer.err
    assert "[" not in answer.err
    assert "Den kolonne findes ikke." in answer.err
    assert answer.err.count("Hvilken kolonne") == len(tables.FIELD_NAMES) + 1
    assert "Prøve Testesen" in line("search", "testesen").out


def _interactive(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (files, tables):
        monkeypatch.setattr(module, "is_interactive", lambda: True)


def test_a_new_office_insists_on_the_columns_without_which_nobody_can_be_taken(
    bare: Line, liste: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interactive(monkeypatch)
    answers = ["-", "-", "Navn", "-", "Sagsnr", "-", "Målgruppe", "-", "4", *[""] * 8]
    answer = bare("import", liste, "--today", TODAY, stdin="\n".join([*answers, ""]).encode())
    assert answer.err.count("Kolonnen skal bruges") == 4
    assert "Afviste: 3" in answer.out  # a case number is no CPR number


def test_a_wrong_answer_by_which_nothing_came_in_is_asked_for_again(
    bare: Line, liste: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interactive(monkeypatch)
    day = ("--today", TODAY)
    wrong = ["Sagsnr", "Navn", "", "Forløb start", "Målgruppe", *[""] * 8]
    assert "Afviste: 3" in bare("import", liste, *day, stdin="\n".join([*wrong, ""]).encode()).out
    again = bare("import", liste, *day, stdin=b"\n" * len(tables.FIELD_NAMES) + b"ja\n")
    assert again.err.count("Hvilken kolonne") == len(tables.FIELD_NAMES)
    assert "Prøve Testesen" in bare("search", "testesen", *day).out


def test_an_answer_that_is_remembered_can_be_asked_for_again(
    line: Line, liste: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line("import", liste, "--map", "map.toml", "--yes")
    asked = line("import", liste, "--ask", "--yes")
    assert asked.code == 2
    assert 'id = "Sagsnr"' in asked.err
    _interactive(monkeypatch)
    asked = line("import", liste, "--ask", "--dry-run", stdin=b"\n" * len(tables.FIELD_NAMES))
    assert asked.err.count("Hvilken kolonne") == len(tables.FIELD_NAMES)
    assert "Uændrede: 2" in asked.out
    assert "Hvilken kolonne" not in line("import", liste, "--dry-run").err


def test_a_first_import_gives_proposals_and_says_which_week_is_assumed(bare: Line, liste: Path) -> None:
    answer = bare("import", liste, "--map", "map.toml", "--yes", "--today", TODAY)
    assert answer.out.count("Arbejdstiden er ikke sat: mandag–fredag 08.00–15.00 er forudsat") == 1
    shown = bare("today", "--today", TODAY).out
    assert "forslag: " in shown
    assert shown.count("Arbejdstiden er ikke sat") == 1


def test_what_a_rejected_word_could_have_been_is_told(line: Line, liste: Path) -> None:
    liste.write_bytes(LIST.replace("Fremmøde", "SMS").encode())
    shown = line("import", liste, "--map", "map.toml", "--dry-run").out
    assert "“SMS” er ikke en kendt kanal; kendte er telefon, digitalt og fremmøde" in shown
    assert "“9.9” er ikke en kendt målgruppe; kendte er 6.1, 6.2, " in shown


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"%PDF-1.7\n1 0 obj", bytes(range(32)) * 9])
def test_a_picture_called_csv_is_no_table(line: Line, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "liste.csv").write_bytes(content)
    answer = line("import", "liste.csv", "--dry-run")
    assert (answer.code, answer.out) == (2, "")
    assert "Filen er ikke en tabel" in answer.err


def test_the_path_is_told_as_it_was_given(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "mangler" / "liste.xlsx"
    assert str(path) in line("import", path).err


def test_no_is_an_answer(line: Line, caseload_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "is_interactive", lambda: True)
    caseload_file.write_text(json.dumps(caseload(citizens=[citizen("c-99", "Ny Borger")])), encoding="utf-8")
    assert line("import", caseload_file, stdin=b"nej\n").code == 1
    assert line("search", "ny borger").out == "Ingen hedder sådan.\n"
    assert line("import", caseload_file, stdin=b"j\n").code == 0
    assert "Ny Borger" in line("search", "ny borger").out


def test_a_caseload_file_from_elsewhere_says_which_office_and_experiments_come_with_it(
    line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "elsewhere.json"
    adopted = {"experiment": "micro-loans", "from": "2026-11-01", "authority": "opdigtet"}
    file.write_text(json.dumps(caseload(municipality="Demo [b]Kommune[/b]", adoptions=[adopted])), encoding="utf-8")
    told = line("import", file, "--dry-run").out
    assert "Kommunen ændres fra Eksempelkøbing til Demo [b]Kommune[/b]." in told
    assert "Forsøgene, der er i brug, ændres: " in told
    assert "lån" in told.partition("ændres: ")[2]


def test_of_many_citizens_the_first_are_named_and_all_are_counted_before_the_question(
    line: Line, tmp_path: Path, liste: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"B-{n};Ny Opdigt{n};6.2;01-09-2026;Telefon;" for n in range(24)]
    many += [f"F-{n};Forkert Opdigt{n};9.9;01-09-2026;;" for n in range(21)]
    liste.write_bytes("\n".join([LIST.splitlines()[0], *many, ""]).encode("cp1252"))
    _interactive(monkeypatch)
    totals = "Nye: 24, ændrede: 0, uændrede: 0, afviste: 21\n"
    shown = line("import", liste, "--map", "map.toml", stdin=b"nej\n")
    assert shown.out.startswith("Nye: 24\n  Ny Opdigt0 (B-0)\n")
    assert "  Ny Opdigt19 (B-19)\n  … og 4 flere\nÆndrede: 0\n" in shown.out
    assert (shown.out.count("Række "), shown.out.count("  … og 1 flere\n")) == (20, 1)
    assert shown.out.endswith(totals)
    assert line("import", liste, "--map", "map.toml", "--yes").out.partition(totals)[2].startswith("Indlæst.")
    data = line("import", liste, "--map", "map.toml", "--dry-run", "--json").json
    assert isinstance(data, dict)
    assert (len(data["unchanged"]), len(data["rejected"])) == (24, 21)


def test_a_stray_word_at_the_question_is_no_answer(
    line: Line, caseload_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "is_interactive", lambda: True)
    caseload_file.write_text(json.dumps(caseload(citizens=[citizen("c-99", "Ny Borger")])), encoding="utf-8")
    ended = line("import", caseload_file, stdin="måske\n".encode())
    assert (ended.code, ended.err.count("(ja/nej)")) == (1, 2)
    assert ended.err.endswith("\nIntet blev indlæst.\n")
    again = line("import", caseload_file, stdin="måske\n\nja\n".encode())
    assert (again.code, again.err.count("Svar ja eller nej.")) == (0, 2)


def test_ctrl_c_at_the_question_is_told_as_a_no(
    line: Line, caseload_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(out: Output, question: str) -> str | None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "is_interactive", lambda: True)
    monkeypatch.setattr(Output, "reply", interrupted)
    caseload_file.write_text(json.dumps(caseload(citizens=[citizen("c-99", "Ny Borger")])), encoding="utf-8")
    answer = line("import", caseload_file)
    assert (answer.code, answer.err) == (130, "\nIntet blev indlæst.\n")


def test_a_caseload_file_that_is_known_changes_nothing(line: Line, caseload_file: Path) -> None:
    answer = line("import", caseload_file, "--yes")
    assert answer.code == 0
    assert "Nye: 0\nÆndrede: 0\nUændrede: 6\nDer er intet at ændre.\n" in answer.out


def test_a_hostile_list_reaches_no_terminal(line: Line, liste: Path) -> None:
    liste.write_bytes(LIST.replace("Prøve Testesen", "Ond\x1b[2J\x9bmand").encode())
    answer = line("import", liste, "--map", "map.toml", "--dry-run")
    assert "\x1b" not in answer.out + answer.err
    assert "\x9b" not in answer.out + answer.err


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("", "$"),
        ("schema = 1", "$.schema"),
        (MAPPING.replace("Sagsnr", "Sagsnummer"), "Sagsnr"),
        (MAPPING.replace("name =", "nmae ="), "name"),
        ("not toml at all", "$"),
    ],
)
def test_a_wrong_mapping(line: Line, liste: Path, tmp_path: Path, mapping: str, told: str) -> None:
    (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
    answer = line("import", liste, "--map", "map.toml", "--yes")
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err


def test_a_calendar_takes_its_times(line: Line, tmp_path: Path) -> None:
    (tmp_path / "kalender.ics").write_bytes(CALENDAR.encode())
    shown = line("import", "calendar", "kalender.ics", "--dry-run")
    assert (shown.code, shown.out.split(" fra ")[0]) == (0, "1 optaget tid")
    busy = ("accept", "c-1", "--at", "24-11 10.30", "--channel", "phone")
    assert line("import", "calendar", "kalender.ics", "--yes").code == 0
    assert line(*busy).code == 5
    assert "Der er intet at ændre." in line("import", "calendar", "kalender.ics", "--yes").out
    assert line("undo").code == 0
    assert line(*busy).code == 0


def test_a_calendar_is_known_by_its_name(line: Line, tmp_path: Path) -> None:
    (tmp_path / "kalender.ics").write_bytes(CALENDAR.encode())
    assert line("import", "kalender.ics", "--yes").code == 0
    assert line("accept", "c-1", "--at", "24-11 10.30", "--channel", "phone").code == 5


@pytest.mark.parametrize("content", ["", "BEGIN:VCALENDAR", LIST, "\0" * 100])
def test_what_is_no_calendar(line: Line, tmp_path: Path, content: str) -> None:
    (tmp_path / "kalender.ics").write_text(content, encoding="utf-8")
    answer = line("import", "calendar", "kalender.ics", "--yes")
    assert (answer.code, answer.out) == (2, "")


def test_bookings_go_out_as_a_calendar_without_names(line: Line, tmp_path: Path) -> None:
    assert line("export", "ics", "--output", "ud.ics").code == 0
    written = (tmp_path / "ud.ics").read_bytes().decode()
    assert "SUMMARY:Samtale\r\n" in written
    assert "DTSTART;TZID=Europe/Copenhagen:20261123T100000" in written
    assert "Prøve" not in written
    told = line("export", "ics", "--json").json
    assert told == [{"citizen": "c-2", "date": TODAY, "start": "10:00", "minutes": 30, "channel": "phone"}]
