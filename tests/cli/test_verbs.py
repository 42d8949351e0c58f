"""Each verb on a small invented office: what it says, its JSON, its undoing, and what it answers to nonsense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from planner.services.commands import COMMANDS
from tests.cli import office
from tests.cli.conftest import Line
from tests.cli.test_import import CALENDAR

BAD_NAME = "\x1b[2Jnavn"

#: A verb that changes something, and what it says in Danish.
WRITING: list[tuple[list[str], str]] = [
    (["accept", "c-1"], "Åse Eksempel"),
    (["accept", "c-1", "--choice", "1"], "Åse Eksempel"),
    (["accept", "eksempel", "--at", "25-11 10.30", "--channel", "phone"], "25-11-2026"),
    (["move", "c-2", "--to", "25-11 13.15"], "flyttet fra 23-11-2026 kl. 10.00 til 25-11-2026 kl. 13.15"),
    (["move", "c-2", "--on", "23-11", "--to", "2026-11-24 9"], "til 24-11-2026 kl. 09.00"),
    (["postpone", "c-1", "+1u", "--reason", "venter på svar"], "30-11-2026"),
    (["exempt", "c-1", "--reason", "klarer sig selv"], "Åse Eksempel"),
    (["cadence", "c-3", "close"], "tæt kontakt"),
    (["cadence", "c-4", "none"], "ikke screenet"),
    (["fact", "c-1", "job_start", "14-12", "--documented"], "14-12-2026"),
    (["channels", "c-1", "phone,digitalt", "--preferred", "phone"], "telefon og digitalt; foretrukken: telefon"),
    (["channels", "c-1", "--preferred", "fremmøde"], "foretrukken: fremmøde"),
    (["interpreter", "c-1", "dari"], "tolk: dari"),
    (["availability", "c-1", "--away", "24-12", "--to", "31-12"], "kan ikke fra 24-12-2026 til 31-12-2026"),
    (["availability", "c-1", "--weekly", "mon", "08:00-10:00"], "kan ikke mandage 08.00–10.00"),
    (["availability", "c-1", "--weekly", "fredag", "8-9.30"], "kan ikke fredage 08.00–09.30"),
    (["held", "c-2", "--agenda", "praktik", "--minutes", "40"], "23-11-2026"),
    (["held", "c-1", "--on", "20-11", "--channel", "phone"], "20-11-2026"),
    (["no-show", "c-2"], "Bo Prøve"),
    (["cancel", "c-2", "--by", "citizen", "--reason", "syg"], "Bo Prøve"),
    (["cancel", "c-2", "--by", "us"], "Bo Prøve"),
    (["note", "c-1", "ringer i morgen"], "Åse Eksempel"),
    (
        ["adopt", "psychological-treatment", "--from", "01-01-2026", "--authority", "opdigtet"],
        "Psykologbehandling",
    ),
]

#: A verb that looks, and something that it shows.
READING: list[tuple[list[str], str]] = [
    (["today"], "Åse Eksempel (c-1)"),
    (["today", "--limit", "1"], "Bo Prøve"),
    (["week"], "Bo Prøve, booket, telefon (c-2)"),
    (["week", "--week", "53"], "Uge 53, 2026: mandag den 28. december til søndag den 3. januar"),
    (["week", "24-12"], "Fredag den 25. december 2026: Helligdag."),
    (["week", "--week", "1", "--year", "2026"], "Uge 1, 2026: mandag den 29. december"),
    (["capacity"], "I alt 12 uger"),
    (["capacity"], "Uge 53, 2026"),
    (["plan"], "6 borgere på listen"),
    (["explain", "c-1"], "Loven alene havde krævet"),
    (["search", "aase"], "Åse Tænkt"),
    (["slots", "c-1", "--channel", "phone", "--limit", "2"], "2. "),
    (["log"], "1. "),
    (["log", "c-1"], ""),
    (["note", "c-1"], "ingen notater"),
    (["fact", "c-1"], "ikke noteret oplysninger"),
    (["citizen", "c-1"], "samtale: afholdt, 09.00–09.45 fremmøde."),
    (["channels", "c-1"], "Telefon, digitalt og fremmøde."),
    (["interpreter", "c-1"], "Telefon, digitalt og fremmøde."),
    (["availability", "c-1"], "ikke noteret tidspunkter"),
    (["keys"], "planner accept"),
    (["rules"], "flexible-contact-insured"),
    (["rules", "show", "law-2026"], "Kilde:"),
    (["rules", "show", "flexible-contact-insured"], "Hjemmel:"),
    (["office"], "Eksempelkøbing"),
    (["export", "ics"], "BEGIN:VCALENDAR"),
]

#: What nobody can do, and the exit code that says so.
REFUSED: list[tuple[list[str], int]] = [
    (["accept", "Åse"], 4),
    (["accept", "nobody"], 4),
    (["accept", ""], 4),
    (["note", " ", "hej"], 4),
    (["accept", "c-1", "--choice", "-1"], 2),
    (["accept", "c-1", "--choice", "9"], 5),
    (["accept", "c-1", "--choice", "x"], 2),
    (["accept", "c-1", "--at", "28-11 10.30"], 5),
    (["accept", "c-1", "--at", "whenever"], 2),
    (["accept", "c-1", "--channel", "phone"], 2),
    (["accept", "c-1", "--channel", "letter"], 2),
    (["accept"], 2),
    (["move", "c-1", "--to", "25-11 13.15"], 5),
    (["move", "c-2", "--to", "28-11 10"], 5),
    (["move", "c-2", "--to", "23-11 10"], 5),
    (["move", "c-2", "--to", "soon"], 2),
    (["move", "c-2", "--on", "24-11", "--to", "25-11 10"], 5),
    (["move", "c-2"], 2),
    (["week", "31-02"], 2),
    (["week", "--week", "54"], 2),
    (["week", "--week", "53", "--year", "2027"], 2),
    (["week", "--year", "2026"], 2),
    (["week", "24-11", "--week", "3"], 2),
    (["week", "--week", "1", "--year", "99999"], 2),
    (["postpone", "c-1", "+1u"], 2),
    (["postpone", "c-1", "+1u", "--reason", "  "], 5),
    (["postpone", "c-1", "31-02", "--reason", "x"], 2),
    (["postpone", "c-1", "2020-01-01", "--reason", "x"], 5),
    (["exempt", "c-1"], 2),
    (["exempt", "c-1", "--reason", ""], 5),
    (["exempt", "c-1", "--reason", "x", "--end"], 2),
    (["exempt", "c-1", "--end"], 5),
    (["exempt", "c-4", "--reason", "x"], 5),
    (["cadence", "c-1", "often"], 2),
    (["fact", "c-1", "weather", "24-11"], 2),
    (["fact", "c-1", "holiday", "yesterday"], 2),
    (["fact", "c-1", "holiday", "24-11", "--until", "20-11"], 5),
    (["fact", "c-1", "job_start", "31-12-9999"], 2),
    (["held", "c-1", "--on", "2027-01-01"], 5),
    (["held", "c-1", "--minutes", "0"], 2),
    (["held", "c-1", "--minutes", "99999"], 5),
    (["no-show", "c-1"], 5),
    (["cancel", "c-1", "--by", "us"], 5),
    (["cancel", "c-2"], 2),
    (["note", "c-1", " "], 5),
    (["note", "c-1", "x" * 10_001], 5),
    (["note", "c-1", "--amend", "1", "x"], 2),
    (["note", "c-1", "--amend", "x", "y"], 2),
    (["note", "c-1", "--amend", "1"], 2),
    (["fact", "c-1", "rehire"], 2),
    (["fact", "c-1", "--change", "1"], 2),
    (["fact", "c-1", "--remove", "1", "--reason", "x"], 2),
    (["fact", "c-1", "rehire", "24-12", "--not-documented"], 2),
    (["fact", "c-1", "--change", "1", "--remove", "1"], 2),
    (["citizen"], 2),
    (["citizen", "nobody"], 4),
    (["channels", "c-1", "smoke"], 2),
    (["channels", "c-1", ","], 5),
    (["channels", "c-1", "phone", "--preferred", "digital"], 5),
    (["channels", "c-1", "phone,digital,in_person"], 5),
    (["interpreter", "c-1", "--none"], 5),
    (["availability", "c-1", "--to", "24-12"], 2),
    (["availability", "c-1", "--away", "24-12", "--to", "23-12"], 5),
    (["availability", "c-1", "--away", "soon"], 2),
    (["availability", "c-1", "--weekly", "sunday", "8-10"], 2),
    (["availability", "c-1", "--weekly", "mon", "10-8"], 2),
    (["availability", "c-1", "--weekly", "mon"], 2),
    (["availability", "c-1", "--remove", "1"], 2),
    (["undo", "now"], 2),
    (["redo"], 4),
    (["explain", "nobody"], 4),
    (["slots", "c-1", "--channel", "smoke"], 2),
    (["slots", "c-1", "--limit", "0"], 2),
    (["today", "--limit", "many"], 2),
    (["today", "--limit", "-1"], 2),
    (["log", "--limit", "-1"], 2),
    (["log", "--limit", "9" * 20], 2),
    (["log", "nobody"], 4),
    (["rules", "show", "law-1999"], 4),
    (["rules", "hide"], 2),
    (["schema", "letter"], 2),
    (["adopt", "nothing-known", "--from", "01-01-2026", "--authority", "x"], 4),
    (["adopt", "flexible-contact-insured", "--from", "01-01-2026"], 2),
    (["adopt", "flexible-contact-insured", "--from", "01-01-2026", "--authority", " "], 2),
    (["adopt", "flexible-contact-insured", "--from", "01-01-2026", "--authority", "x", "--set", "close"], 2),
    (["adopt", "flexible-contact-insured", "--from", "01-01-2026", "--authority", "x", "--set", "close=P9Y"], 2),
    (["adopt", "flexible-contact-insured", "--from", "01-01-2026", "--authority", "x", "--set", "cloes=P2W"], 2),
    (["end-adoption", "flexible-contact-insured", "01-01-2027"], 4),
    (["office", "--set", "nowhere.json"], 2),
    (["import"], 2),
    (["import", "nowhere.json"], 2),
    (["import", "nowhere.csv"], 2),
    (["import", "two", "files"], 2),
    (["import", "calendar", "nowhere.ics"], 2),
    (["export", "pdf"], 2),
    (["export", "ics", "--output", "no/such/folder/x.ics"], 1),
    (["fly"], 2),
    (["--nonsense"], 2),
    (["--lang", "de"], 2),
]


@pytest.mark.parametrize(("words", "told"), WRITING, ids=lambda part: " ".join(part) if isinstance(part, list) else "")
def test_what_is_done_is_said_and_can_be_undone(line: Line, words: list[str], told: str) -> None:
    before = line("explain", "c-1", "--json").json, line("explain", "c-2", "--json").json, line("office", "--json").json
    done = line(*words)
    assert (done.code, done.err) == (0, "")
    assert told in done.out
    assert "Fortryd med: planner undo" in done.out
    undone = line("undo")
    assert undone.code == 0
    assert "Gentag med: planner redo" in undone.out
    after = line("explain", "c-1", "--json").json, line("explain", "c-2", "--json").json, line("office", "--json").json
    assert after == before
    assert line("redo").code == 0


@pytest.mark.parametrize("words", [words for words, _ in WRITING], ids=" ".join)
def test_what_is_done_is_told_as_json(line: Line, words: list[str]) -> None:
    told = line(*words, "--json").json
    assert isinstance(told, dict)
    assert set(told) == {"done", "citizen", "message"}
    assert isinstance(told["done"], int)


@pytest.mark.parametrize(("words", "shown"), READING, ids=lambda part: " ".join(part) if isinstance(part, list) else "")
def test_what_is_looked_at_is_shown_and_changes_nothing(line: Line, words: list[str], shown: str) -> None:
    before = line("log", "--json").out
    answer = line(*words)
    assert (answer.code, answer.err) == (0, "")
    assert shown in answer.out
    assert line("log", "--json").out == before


@pytest.mark.parametrize("words", [words for words, _ in READING], ids=" ".join)
def test_what_is_looked_at_is_shown_as_json(line: Line, words: list[str]) -> None:
    answer = line(*words, "--json")
    assert answer.code == 0
    assert answer.json is not None


@pytest.mark.parametrize(
    ("words", "code"), REFUSED, ids=lambda part: " ".join(part)[:60] if isinstance(part, list) else ""
)
def test_what_cannot_be_done_is_refused_in_a_sentence(line: Line, words: list[str], code: int) -> None:
    before = line("log", "--json").out
    answer = line(*words)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.strip()
    assert line("log", "--json").out == before


@pytest.mark.parametrize("words", [("accept", "c-1", "--at"), ("move", "c-2", "--to")])
def test_no_conversation_is_put_on_a_day_that_has_passed(line: Line, words: tuple[str, ...]) -> None:
    answer = line(*words, "20-11-2026 10.30")
    assert (answer.code, answer.err) == (5, "Den dag er gået.\n")


def test_several_of_that_name_are_listed(line: Line) -> None:
    answer = line("explain", "åse")
    assert answer.code == 4
    assert answer.err.splitlines()[1:] == ["c-1: Åse Eksempel", "c-3: Åse Tænkt"]


def test_an_empty_name_is_nobody_even_where_there_is_only_one(bare: Line, tmp_path: Path) -> None:
    only = office.citizen("c-1", "Åse Eksempel", spell_start="2026-06-01")
    (tmp_path / "c.json").write_text(json.dumps(office.caseload(citizens=[only])), encoding="utf-8")
    assert bare("import", "c.json", "--yes", "--today", office.TODAY).code == 0
    for name in ("", " ", "\u0301"):
        answer = bare("accept", name, "--today", office.TODAY)
        assert (answer.code, answer.out) == (4, "")


@pytest.mark.parametrize("name", ["aase", "ÅSE", "A\u030ase", "åse t", "taenkt", "ænkt"])
def test_a_search_folds_danish_letters_whatever_their_form(line: Line, name: str) -> None:
    found = [one["name"] for one in json.loads(line("search", name, "--json").out)]
    assert "Åse Tænkt" in found
    assert found == [name for name in ("Åse Eksempel", "Åse Tænkt") if name in found]


def test_everybody_is_searched_in_danish_order(line: Line) -> None:
    found = [one["name"] for one in json.loads(line("search", "e", "--json").out)]
    assert found == ["Bo Prøve", "Demo Ærlig", "Else Fantasi", "Åse Eksempel", "Åse Tænkt"]


def test_nobody_is_a_friendly_answer_to_a_search(line: Line) -> None:
    answer = line("search", "nobody")
    assert (answer.code, answer.out) == (0, "Ingen hedder sådan.\n")


def test_a_note_cannot_reach_the_terminal(line: Line) -> None:
    line("note", "c-1", "før\x1b[2Jefter\x07")
    shown, told = line("note", "c-1"), line("note", "c-1", "--json")
    assert "før·[2Jefter·" in shown.out
    assert "\x1b" not in shown.out + told.out
    assert isinstance(told.json, list)
    assert told.json[0]["text"] == "før\x1b[2Jefter\x07"


@pytest.mark.parametrize("verb", ["explain", "accept", "search", "slots", "note", "rules show", "adopt"])
def test_what_was_typed_cannot_reach_the_terminal_either(line: Line, verb: str) -> None:
    answer = line(*verb.split(), BAD_NAME)
    assert "\x1b" not in answer.out + answer.err


def test_the_office_can_be_set_from_what_it_prints(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    file.write_text(line("office", "--json").out, encoding="utf-8")
    assert line("office", "--set", file).code == 0
    file.write_text('{"settings": {"minutes": {"phone": 20}}, "municipality": "Prøvekøbing"}', encoding="utf-8")
    assert line("office", "--set", file).code == 0
    office = line("office", "--json").json
    assert isinstance(office, dict)
    assert office["municipality"] == "Prøvekøbing"
    assert office["settings"]["minutes"]["phone"] == 20
    assert len(office["caseworker"]["working_hours"]) == 5


def test_a_new_office_takes_back_what_it_prints_and_then_hours_alone(bare: Line, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    file.write_text(bare("office", "--json").out, encoding="utf-8")
    assert bare("office", "--set", file).code == 0
    file.write_text('{"caseworker": {"working_hours": [{"weekday": "mon", "from": "08:00", "to": "15:00"}]}}')
    assert bare("office", "--set", file).code == 0
    office = bare("office", "--json").json
    assert isinstance(office, dict)
    assert office["municipality"] == ""
    assert len(office["caseworker"]["working_hours"]) == 1


def test_rooms_and_interpreters_are_set_kept_and_taken_out(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    room = {"kind": "room", "name": "1.07", "available": [{"weekday": "tue", "from": "09:00", "to": "10:00"}]}
    file.write_text(json.dumps({"shared_calendars": [room]}), encoding="utf-8")
    assert line("office", "--set", file).code == 0
    (printed,) = json.loads(line("office", "--json").out)["shared_calendars"]
    assert printed == {**room, "language": None, "busy": []}
    refused = line("accept", "c-5", "--at", "08-12 10.00", "--channel", "in_person")
    assert "Intet lokale er ledigt under hele samtalen" in refused.err
    file.write_text('{"settings": {"grid_minutes": 30}}', encoding="utf-8")
    assert line("office", "--set", file).code == 0
    assert json.loads(line("office", "--json").out)["shared_calendars"] == [printed]
    file.write_text('{"shared_calendars": []}', encoding="utf-8")
    assert line("office", "--set", file).code == 0
    assert json.loads(line("office", "--json").out)["shared_calendars"] == []


def test_an_office_file_saved_before_the_calendar_takes_no_time_out(line: Line, tmp_path: Path) -> None:
    file, calendar = tmp_path / "office.json", tmp_path / "k.ics"
    file.write_text(line("office", "--json").out, encoding="utf-8")
    calendar.write_text(CALENDAR, encoding="utf-8")
    assert line("import", "calendar", calendar, "--yes").code == 0
    assert json.loads(line("office", "--json").out)["caseworker"]["busy"] == []
    file.write_text(file.read_text(encoding="utf-8").replace("Eksempelkøbing", "Prøvekøbing"), encoding="utf-8")
    assert "optagne tider bevaret fra kalendere: 1" in line("office", "--set", file).out
    assert line("accept", "c-1", "--at", "24-11 10.30", "--channel", "phone").code == 5


def test_a_part_of_the_office_sets_no_hours(bare: Line, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    file.write_text('{"municipality": "Prøvekøbing"}', encoding="utf-8")
    assert len(json.loads(bare("office", "--json").out)["caseworker"]["working_hours"]) == 5
    assert bare("office", "--set", file).code == 0
    assert "Arbejdstiden er ikke sat" in bare("today").out
    file.write_text(bare("office", "--json").out, encoding="utf-8")
    assert bare("office", "--set", file).code == 0
    assert "Arbejdstiden er ikke sat" not in bare("today").out


def test_a_postponement_and_its_reason_are_seen(line: Line) -> None:
    told = "Udskudt til 30-12-2026: venter på svar"
    assert "; det er efter seneste dag " in line("postpone", "c-1", "30-12", "--reason", "venter på svar").out
    assert told in line("explain", "c-1").out
    assert told in line("today").out
    kept = {"until": "2026-12-30", "reason": "venter på svar"}
    assert json.loads(line("explain", "c-1", "--json").out)["postponed"] == kept
    (row,) = [one for one in json.loads(line("today", "--json").out)["citizens"] if one["id"] == "c-1"]
    assert (row["postponed"], row["exempt"]) == (kept, None)


def test_why_somebody_is_exempted_is_seen(line: Line) -> None:
    assert line("exempt", "c-5", "--reason", "starter i job").code == 0
    assert "Undtaget til og med" in line("explain", "c-5").out
    assert ": starter i job" in line("explain", "c-5").out
    assert json.loads(line("explain", "c-5", "--json").out)["exempt"]["reason"] == "starter i job"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"municipalty": "x"}', "municipality"),
        ('{"settings": {"grid_minutes": "often"}}', "$.settings.grid_minutes"),
        ('{"citizens": []}', "$.citizens"),
        ('{"shared_calendars": [{"kind": "interpreter", "name": "x"}]}', "$.shared_calendars[0].language"),
        ("[]", "$"),
        ("{", "$"),
    ],
)
def test_a_wrong_office_is_told_by_path(line: Line, tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "office.json"
    file.write_text(content, encoding="utf-8")
    answer = line("office", "--set", file)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err


def test_an_adoption_is_adopted_and_ended(line: Line) -> None:
    words = ("--from", "01-01-2026", "--authority", "opdigtet", "--set", "close=P3W")
    assert line("adopt", "flexible-contact-insured", *words).code == 0
    assert "Fleksibelt kontaktforløb" in line("explain", "c-1").out
    assert line("end-adoption", "flexible-contact-insured", "22-11-2026").code == 0
    assert "Fleksibelt kontaktforløb" not in line("explain", "c-1").out


def test_every_verb_of_the_command_table_exists(line: Line) -> None:
    verbs = {command.verb for command in COMMANDS if command.verb}
    assert verbs
    for verb in verbs:
        assert line(verb, "--help").code == 0


def test_a_shortened_list_counts_everybody_and_says_that_it_is_shortened(line: Line) -> None:
    whole, short = (line("today", *limit, "--lang", "en").out.splitlines() for limit in ((), ("--limit", "2")))
    assert short[:3] == [*whole[:2], "Only the first 2 are shown"]
    citizens = [text for text in short if text[:2] in {"1.", "2.", "3."}]
    assert len(citizens) == 2
    assert set(short) - {short[2]} <= set(whole)
    assert "Only" not in "".join(whole)
    assert "Only" not in line("today", "--limit", "6", "--lang", "en").out


def test_keys_are_those_in_force_and_can_be_printed_for_the_settings(bare: Line, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\nundo = ["f10", "ctrl+k"]\n', encoding="utf-8")
    assert "F10, ctrl+k: Fortryd den seneste ændring (planner undo)" in bare("keys").out
    told = {row["id"]: row["keys"] for row in cast("list[dict[str, Any]]", bare("keys", "--json").json)}
    assert told["undo"] == ["f10", "ctrl+k"]
    block = bare("keys", "--toml")
    assert 'undo = ["f10", "ctrl+k"]' in block.out
    assert str(file) in block.out
    file.write_text(block.out, encoding="utf-8")  # ready: as it is, it is a settings file
    assert bare("keys", "--toml").out == block.out


def test_the_screening_is_not_taken_for_the_terminals_screen(bare: Line) -> None:
    assert "\ns: Set the cadence (screening) (planner cadence)\n" in bare("keys", "--lang", "en").out
    assert "\ns: Sæt kadence (screening) (planner cadence)\n" in bare("keys").out


def test_wrong_keys_are_told_before_anything_is_opened(nowhere: Line, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\nundo = ["ctrl+s"]\n', encoding="utf-8")
    answer = nowhere()
    assert (answer.code, answer.out) == (2, "")
    assert "settings.toml: keys.undo" in answer.err
    assert not (tmp_path / "planner.db").exists()


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (["--target-group", "6.6"], ["c-3"]),
        (["--cadence", "almindelig"], ["c-4"]),
        (["--cadence", "none", "--target-group", "int"], []),
        (["--only", "venter"], None),
        (["--only", "overdue"], ["c-2", "c-4"]),
    ],
    ids=["group", "cadence", "nobody", "unknown", "overdue"],
)
def test_the_list_shows_only_those_that_are_asked_for(line: Line, asked: list[str], ids: list[str] | None) -> None:
    """The filter of the screen, on the line."""
    answer = line("today", *asked, "--json")
    if ids is None:
        assert (answer.code, "afventer" in answer.err) == (2, True)
        return
    assert [one["id"] for one in json.loads(answer.out)["citizens"]] == ids
    told = line("today", *asked).out
    assert told.startswith("Kun: ")
    assert f"{len(ids)} borger" in told
    assert "planner import" not in told
