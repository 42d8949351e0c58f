"""One citizen on the line: the story, facts and notes by number, and how to be reached."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.conftest import Line


def _data(line: Line, *words: object) -> Any:
    answer = line(*words, "--json")
    assert (answer.code, answer.err) == (0, "")
    return json.loads(answer.out)


def test_the_story_is_told_in_sentences_newest_first(line: Line) -> None:
    line("note", "c-1", "Ringer i morgen")
    line("availability", "c-1", "--weekly", "tirsdag", "8-10")
    line("fact", "c-1", "rehire", "24-12", "--documented")
    told = line("citizen", "c-1").out
    head, ahead, past = told.split("\n\n")
    assert head.splitlines() == [
        "Åse Eksempel (c-1); 6.1 dagpenge",
        "Telefon, digitalt og fremmøde.",
        "Kan ikke: tirsdage 08.00–10.00.",
    ]
    assert ahead.splitlines()[0] == "Forude, det fjerneste først"
    assert "24-12-2026, oplysning: " in ahead
    assert past.splitlines()[0] == "Til og med i dag, mandag den 23. november 2026, det nyeste først"
    assert ", notat: Ringer i morgen." in past
    assert "log: notat skrevet." in past
    assert "01-06-2026, forløb: forløbet begynder." in past
    assert " · " not in told


def test_the_story_as_json_has_everything_once(line: Line) -> None:
    line("note", "c-1", "Ringer i morgen")
    data = _data(line, "citizen", "c-1")
    assert data["schema"] == "planner-citizen/1"
    moments = [*data["to_come"], *data["past"]]
    assert [one["text"] for one in moments if one["kind"] == "note"] == ["Ringer i morgen"]
    for part in ("to_come", "past"):
        dates = [one["date"] for one in data[part]]
        assert dates == sorted(dates, reverse=True)
    windows = [one for one in moments if one["kind"] == "window"]
    explained = _data(line, "explain", "c-1")["windows"]
    assert len(windows) == len(explained)


def test_a_fact_is_corrected_and_removed_by_its_number(line: Line) -> None:
    line("fact", "c-1", "rehire", "24-12")
    noted = line("fact", "c-1", "holiday", "01-12", "--until", "05-12")
    assert noted.out.startswith("Åse Eksempel: noteret ferie, 01-12-2026 til 05-12-2026\n")
    assert line("fact", "c-1").out.splitlines()[1].startswith("2. 24-12-2026: ")
    changed = line("fact", "c-1", "--change", "2", "--on", "28-12", "--until", "31-12", "--documented")
    assert changed.out.startswith("Åse Eksempel: oplysning rettet: lovet genansættelse, 28-12-2026 til 31-12-2026\n")
    (holiday, rehire) = _data(line, "fact", "c-1")
    assert (rehire["number"], rehire["kind"], rehire["date"], rehire["until"]) == (
        2,
        "rehire",
        "2026-12-28",
        "2026-12-31",
    )
    assert (rehire["documented"], rehire["noted_on"]) == (True, "2026-11-23")
    assert line("fact", "c-1", "--change", "1", "--no-until").code == 0
    assert _data(line, "fact", "c-1")[0]["until"] is None
    assert line("fact", "c-1", "--remove", "1").code == 5
    removed = line("fact", "c-1", "--remove", "1", "--reason", "fejlregistreret")
    assert "oplysning fjernet" in removed.out
    assert [one["kind"] for one in _data(line, "fact", "c-1")] == ["rehire"]
    assert line("undo").code == 0
    assert holiday["kind"] == "holiday"
    assert [one["kind"] for one in _data(line, "fact", "c-1")] == ["holiday", "rehire"]


def test_a_note_is_amended_by_its_number_and_both_are_read(line: Line) -> None:
    line("note", "c-1", "Starter 1. december")
    line("note", "c-1", "Har børn")
    assert line("note", "c-1", "--amend", "1", "Nej, 1. januar").code == 0
    third, second, first = line("note", "c-1").out.splitlines()
    assert third.startswith("3. ")
    assert third.endswith(", tilføjelse til nummer 1: Nej, 1. januar")
    assert second.endswith(": Har børn")
    assert first.endswith(": Starter 1. december")
    data = _data(line, "note", "c-1")
    assert [(one["number"], one["amends"], one["text"]) for one in data] == [
        (1, None, "Starter 1. december"),
        (2, None, "Har børn"),
        (3, 1, "Nej, 1. januar"),
    ]
    told = line("citizen", "c-1").out
    assert "Starter 1. december, der er en tilføjelse." in told
    assert "tilføjelse til notatet fra" in told
    line("undo")
    assert len(_data(line, "note", "c-1")) == 2


def test_when_a_citizen_cannot_be_met_is_numbered_and_taken_away(line: Line) -> None:
    line("availability", "c-1", "--weekly", "mon", "08:00-10:00")
    line("availability", "c-1", "--away", "24-12")
    assert line("availability", "c-1").out.splitlines() == ["1. den 24-12-2026", "2. mandage 08.00–10.00"]
    assert _data(line, "availability", "c-1")[1] == {
        "number": 2,
        "from": None,
        "to": None,
        "weekday": "mon",
        "start": "08:00",
        "end": "10:00",
    }
    assert "kan igen mandage 08.00–10.00" in line("availability", "c-1", "--remove", "2").out
    assert line("availability", "c-1").out.splitlines() == ["1. den 24-12-2026"]
    line("postpone", "c-1", "+1u", "--reason", "rejse")
    assert line("availability", "c-1").out.splitlines() == ["1. den 24-12-2026"]


def test_what_the_citizen_says_reaches_no_terminal(line: Line) -> None:
    line("note", "c-1", "før\x1b[2Jefter\x07")
    line("interpreter", "c-1", "da\x1b[2Jri")
    for words in (("citizen", "c-1"), ("citizen", "c-1", "--json"), ("channels", "c-1"), ("log", "c-1")):
        answer = line(*words)
        assert answer.code == 0
        assert "\x1b" not in answer.out + answer.err
