"""`planner plan`: a file in, a plan out, or every fault at once and nothing else."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from planner.__main__ import main
from tests.cli.conftest import Line
from tests.cli.office import TODAY, booked, caseload, citizen


def test_a_readable_list_in_danish_with_everybody_on_it(bare: Line, caseload_file: Path) -> None:
    answer = bare("plan", "--caseload", caseload_file)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("mandag den 23. november 2026\n6 borgere på listen\n")
    assert all(name in answer.out for name in ("Åse Eksempel (c-1)", "Bo Prøve", "Åse Tænkt", "Demo Ærlig"))
    assert "Samtale i dag: 1" in answer.out


def test_the_same_in_english(bare: Line, caseload_file: Path) -> None:
    answer = bare("plan", "--caseload", caseload_file, "--lang", "en")
    assert answer.out.startswith("Monday 23 November 2026\n6 citizens in the list\n")
    assert "Booked today: 1" in answer.out


def test_no_boxes_and_no_colour(bare: Line, caseload_file: Path) -> None:
    answer = bare("plan", "--caseload", caseload_file)
    assert not set(answer.out) & set("│─┌┐└┘├┤|\x1b\t")


def test_json_is_the_same_for_the_same_input_but_for_timing(bare: Line, caseload_file: Path) -> None:
    plans = [plan_of(bare, caseload_file) for _ in range(2)]
    assert all(plan.pop("timing") for plan in plans)
    assert plans[0] == plans[1]
    assert plans[0]["schema"] == "planner-plan/1"


def test_the_language_does_not_change_the_plan(bare: Line, caseload_file: Path) -> None:
    danish, english = plan_of(bare, caseload_file), plan_of(bare, caseload_file, "--lang", "en")
    assert danish.pop("timing") is not None
    assert english.pop("timing") is not None
    assert danish == english


def test_a_plan_touches_no_store(nowhere: Line, caseload_file: Path, tmp_path: Path) -> None:
    nowhere("plan", "--caseload", caseload_file)
    assert not (tmp_path / "planner.db").exists()


def test_standard_input(bare: Line, caseload_file: Path) -> None:
    read = bare("plan", "--caseload", "-", stdin=caseload_file.read_bytes())
    assert read.out == bare("plan", "--caseload", caseload_file).out


def test_the_option_today_wins(bare: Line, caseload_file: Path) -> None:
    assert plan_of(bare, caseload_file, "--today", "2026-12-07")["today"] == "2026-12-07"
    assert plan_of(bare, caseload_file)["today"] == TODAY


def test_weeks_say_how_far_ahead(bare: Line, caseload_file: Path) -> None:
    assert plan_of(bare, caseload_file, "--weeks", "2")["horizon_end"] == "2026-12-07"


def test_against_a_previous_plan(bare: Line, caseload_file: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    before.write_text(bare("plan", "--caseload", caseload_file, "--json").out, encoding="utf-8")
    assert plan_of(bare, caseload_file, "--previous", before)["quality"]["moved_since"] == 0


def test_every_fault_at_once_one_line_each_and_nothing_on_standard_output(bare: Line, tmp_path: Path) -> None:
    wrong = caseload(munipicality="x", closing_days=["2026-13-01"])
    wrong["citizens"].append(citizen("c-9", "Fejl", target_group="9.9", cadence="often"))
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(wrong), encoding="utf-8")
    answer = bare("plan", "--caseload", file, "--json")
    assert (answer.code, answer.out) == (2, "")
    lines = answer.err.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("$") and "fandt" in line and "tilladt" in line for line in lines)
    assert [line.split(":")[0] for line in lines] == [
        "$.citizens[6].target_group",
        "$.citizens[6].cadence",
        "$.munipicality",
        "$.closing_days[0]",
    ]
    assert "municipality" in lines[2]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"schema": "planner-caseload/2"}', b"\x00" * 50],
    ids=["empty", "cut off", "a list", "null", "not UTF-8", "deep", "another version", "zero bytes"],
)
def test_broken_files(bare: Line, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    answer = bare("plan", "--caseload", file)
    assert (answer.code, answer.out) == (2, "")
    assert "$" in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--caseload", "nowhere.json"], "nowhere.json"),
        (["--caseload", "."], "."),
        (["--caseload", "zero\0byte"], "zero·byte"),
        (["--caseload", "FILE", "--weeks", "0"], "--weeks"),
        (["--caseload", "FILE", "--weeks", "53"], "--weeks"),
        (["--caseload", "FILE", "--weeks", "two"], "two"),
        (["--caseload", "FILE", "--today", "whenever"], "--today"),
        (["--caseload", "FILE", "--today", "2026-02-30"], "--today"),
        (["--caseload", "FILE", "--rules", "nowhere"], "nowhere"),
        (["--caseload", "FILE", "--previous", "nowhere"], "nowhere"),
        (["--caseload", "FILE", "--previous", "FILE"], "$"),
        (["--caseload"], "--caseload"),
        (["surplus"], "surplus"),
        (["--case", "FILE"], "--case"),
    ],
)
def test_wrong_options(bare: Line, caseload_file: Path, words: list[str], told: str) -> None:
    answer = bare("plan", *(str(caseload_file) if word == "FILE" else word for word in words))
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err


def test_a_day_without_a_law(bare: Line, caseload_file: Path) -> None:
    answer = bare("plan", "--caseload", caseload_file, "--today", "2001-01-01")
    assert (answer.code, answer.out) == (2, "")
    assert "2001-01-01" in answer.err


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO())
    stream.close()
    monkeypatch.setattr(sys, "stdin", stream)
    assert main(["plan", "--caseload", "-"]) == 2
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["plan", "--caseload", "-"]) == 2


def test_experiments_that_disagree_are_exit_code_three(bare: Line, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "other.toml").write_text(LIFTING, encoding="utf-8")
    adoptions: list[dict[str, Any]] = [
        {"experiment": name, "from": "2026-01-01", "to": None, "authority": "opdigtet", "parameters": {}}
        for name in ("flexible-contact-insured", "invented-lifting")
    ]
    file = tmp_path / "conflict.json"
    file.write_text(json.dumps(caseload(adoptions=adoptions)), encoding="utf-8")
    answer = bare("plan", "--caseload", file, "--rules", rules, "--json")
    assert (answer.code, answer.out) == (3, "")
    assert all(word in answer.err for word in ("flexible-contact-insured", "invented-lifting", "c-1"))


LIFTING = """
schema = "planner-experiment/1"
id = "invented-lifting"
version = 1
title = { da = "Opdigtet", en = "Invented" }
theme = "conversations"
status = "approved"
legal_basis = { da = "Opdigtet", en = "Invented" }
source = "invented for a test"
confidence = "unverified"
changed = { da = "Opdigtet", en = "Invented" }
groups = ["6.1"]

[[effects]]
effect = "lift"
requirements = ["insured-rhythm"]
"""


@pytest.mark.parametrize("name", ["\x1b[31mrød\x1b]0;titel\x07", "a\nb\rc\td", "\u202eomvendt", "\x9b31m"])
def test_hostile_names_reach_no_terminal_and_stay_whole_in_json(bare: Line, tmp_path: Path, name: str) -> None:
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps(caseload(citizens=[citizen("c-1", name)])), encoding="utf-8")
    plain = bare("plan", "--caseload", file)
    told = bare("explain", "c-1", "--caseload", file, "--json")
    assert plain.code in (0, 2)
    for shown in (plain.out, plain.err, told.out, told.err):
        assert not any(char in shown for char in "\x1b\x07\r\t\u202e\x9b")
    if told.code == 0:
        found = told.json
        assert isinstance(found, dict)
        assert found["name"] == name


def test_schemas_are_published_and_hold(bare: Line, caseload_file: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = bare("schema", "caseload").json
    assert isinstance(schema, dict)
    Draft202012Validator(schema).validate(json.loads(caseload_file.read_text(encoding="utf-8")))
    schema = bare("schema", "plan").json
    assert isinstance(schema, dict)
    Draft202012Validator(schema).validate(plan_of(bare, caseload_file))


def plan_of(line: Line, file: Path, *words: object) -> dict[str, Any]:
    """The plan of a file as JSON."""
    answer = line("plan", "--caseload", file, "--json", *words)
    assert (answer.code, answer.err) == (0, "")
    return dict(json.loads(answer.out))


def test_what_is_agreed_stands_by_time(bare: Line, tmp_path: Path) -> None:
    """As on the screen: the day's conversations in the order in which they are held."""
    starts = {"c-1": "13:00", "c-2": "09:00", "c-3": "10:30", "c-4": "08:00"}
    people = [citizen(name, name, conversations=[booked(TODAY, start)]) for name, start in starts.items()]
    file = tmp_path / "booked.json"
    file.write_text(json.dumps(caseload(citizens=people)), encoding="utf-8")
    lines = bare("plan", "--caseload", file).out.splitlines()
    shown = [text.split("(")[1][:3] for text in lines if "booket: " in text]
    assert shown == sorted(starts, key=lambda name: starts[name])


def saved(tmp_path: Path, plan: dict[str, Any]) -> Path:
    """A plan in a file."""
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    return path


def test_anybody_can_check_a_plan(bare: Line, caseload_file: Path, tmp_path: Path) -> None:
    plan = plan_of(bare, caseload_file)
    answer = bare("check", saved(tmp_path, plan), "--caseload", caseload_file)
    assert (answer.code, answer.err) == (0, "")
    assert "Planen overholder alle faste regler" in answer.out
    found = json.loads(bare("check", saved(tmp_path, plan), "--caseload", caseload_file, "--json").out)
    assert found["sound"] is True
    assert found["certified"] == found["stated_bound"] <= found["objective"]


def test_a_plan_close_to_another_is_checked_beside_it(bare: Line, caseload_file: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.json"
    first.write_text(json.dumps(plan_of(bare, caseload_file)), encoding="utf-8")
    second = saved(tmp_path, plan_of(bare, caseload_file, "--previous", first))
    assert bare("check", second, "--caseload", caseload_file, "--previous", first).code == 0


def test_what_is_wrong_with_a_plan_is_found(bare: Line, caseload_file: Path, tmp_path: Path) -> None:
    plan = plan_of(bare, caseload_file)
    plan["certificate"]["bound"] += 1
    answer = bare("check", saved(tmp_path, plan), "--caseload", caseload_file, "--lang", "en")
    assert answer.code == 1
    assert "prove that every plan costs at least" in answer.out
    moved = plan_of(bare, caseload_file)
    part = next(part for part in moved["citizens"] if part["proposal"])
    part["proposal"]["date"] = "2026-12-25"
    answer = bare("check", saved(tmp_path, moved), "--caseload", caseload_file, "--lang", "en")
    assert answer.code == 1
    assert "On a public holiday: " in answer.out
    assert "public-holiday: " in bare("check", saved(tmp_path, moved), "--caseload", caseload_file, "--json").out


@pytest.mark.parametrize(
    ("prices", "code", "told"),
    [
        ([{"date": "2031-01-01", "cells": {}, "place": 0}], 1, "prices a day that is not planned: 2031-01-01"),
        ([{"date": "2026-11-24", "cells": {"10:07": 1}, "place": 0}], 1, "no conversation begins: 2026-11-24 10:07"),
        ([{"date": "2026-11-24", "cells": {}, "place": 0}] * 2, 2, "prices[1].date"),
    ],
)
def test_prices_of_no_time_are_named(
    bare: Line, caseload_file: Path, tmp_path: Path, prices: list[object], code: int, told: str
) -> None:
    plan = plan_of(bare, caseload_file)
    plan["certificate"]["prices"] = prices
    answer = bare("check", saved(tmp_path, plan), "--caseload", caseload_file, "--lang", "en")
    assert answer.code == code
    assert told in answer.out + answer.err


def test_a_proof_is_asked_for(bare: Line, caseload_file: Path) -> None:
    assert plan_of(bare, caseload_file, "--prove")["quality"]["proven"] is True


ADOPTION = {
    "experiment": "flexible-contact-insured",
    "version": 1,
    "from": "2026-01-01",
    "to": None,
    "authority": "a decision",
    "overrides": {},
    "parameters": {},
    "known_municipality": True,
}


def spoilt(plan: dict[str, Any], where: str, value: object) -> None:
    """Put another value at a path of keys and numbers."""
    *path, last = [int(key) if key.isdigit() else key for key in where.split(".")]
    place: Any = plan
    for key in path:
        place = place[key]
    place[last] = value


@pytest.mark.parametrize(
    ("where", "value", "told"),
    [
        ("municipality", "Andeby", "another municipality"),
        ("packs", [], "another law"),
        ("adoptions", [ADOPTION], "other experiments"),
        ("capacity.0.available", 99_999, "capacity of the week"),
        ("exempted_share.exempted", 77, "exempted share"),
        ("quality.late_unavoidable", 99, "no plan can keep"),
        ("quality.late_capacity", 99, "deadlines that are not kept"),
        ("quality.moved_since", 7, "moved proposals"),
        ("quality.proven", "turned", "proved the best"),
        ("citizens.0.fixed_rhythm.latest", "2031-01-01", "law alone"),
        ("citizens.0.last_contact", "2031-01-01", "not so"),
        ("citizens.0.windows.0.latest", "2030-01-01", "windows of a citizen"),
    ],
)
def test_nothing_that_a_plan_states_is_taken_on_trust(
    bare: Line, caseload_file: Path, tmp_path: Path, where: str, value: object, told: str
) -> None:
    plan = plan_of(bare, caseload_file)
    spoilt(plan, where, not plan["quality"]["proven"] if value == "turned" else value)
    answer = bare("check", saved(tmp_path, plan), "--caseload", caseload_file, "--lang", "en")
    assert answer.code == 1
    assert told in answer.out


def test_a_plan_of_other_people_is_noticed(bare: Line, caseload_file: Path, tmp_path: Path) -> None:
    plan = plan_of(bare, caseload_file)
    for part in (*plan["citizens"], *plan["order"]):
        part["id"] = f"x-{part['id']}"
    answer = bare("plan", "--caseload", caseload_file, "--previous", saved(tmp_path, plan), "--lang", "en")
    assert answer.code == 0
    assert "is it the right plan?" in answer.err
