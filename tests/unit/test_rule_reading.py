"""Rule files: what is wrong in them is told with file and key, all of it at once."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.citizens import Cadence
from planner.errors import Fault, InputError
from planner.exchange.rule_files import load_rules
from planner.plain import parse_toml
from planner.rules.needs import DEFAULT_PARAMETERS
from planner.rules.parameters import allowed
from planner.rules.reading import effective_parameters, parameter_faults, rule_set

Table = dict[str, Any]

LAW = parse_toml(
    b"""
schema = "planner-law/1"
id = "law-a"
version = 1
title = { da = "Lov A", en = "Law A" }
valid_from = 2015-07-01
valid_to = 2019-12-31
source = "invented"

[[channels]]
channels = ["in_person", "phone"]
chosen_by = "caseworker"
reference = "section 1"
source = "invented"
confidence = "adopted"

[[requirements]]
id = "talks"
title = { da = "Samtaler", en = "Talks" }
reference = "section 2"
source = "invented"
confidence = "adopted"
groups = ["6.1"]
kind = "recurring"
every = "P4W"
anchor = "spell"
grace = "P2W"
during = "P6M"

[[requirements]]
id = "paper"
title = { da = "Papir", en = "Paper" }
reference = "section 3"
source = "invented"
confidence = "unverified"
groups = ["6.1"]
kind = "item"
at = "every_conversation"
""",
    "a.toml",
)

EXPERIMENT = parse_toml(
    b"""
schema = "planner-experiment/1"
id = "freedom"
version = 1
title = { da = "Frihed", en = "Freedom" }
theme = "conversations"
status = "approved"
legal_basis = { da = "ingen", en = "none" }
source = "invented"
confidence = "unverified"
changed = { da = "alt", en = "all" }
groups = ["6.1"]

[[agenda]]
id = "ask"
title = { da = "Sp\xc3\xb8rg", en = "Ask" }

[[effects]]
effect = "replace"
requirements = ["talks"]
awaits = ["rehire"]

[[effects]]
effect = "add"
agenda = ["ask"]

[parameters.close]
title = { da = "t\xc3\xa6t", en = "close" }
default = "P2W"
minimum = "P1W"
maximum = "P4W"
""",
    "x.toml",
)
for name, value in DEFAULT_PARAMETERS.items():
    EXPERIMENT["parameters"].setdefault(name, {"title": {"da": name, "en": name}, "default": value})  # type: ignore[attr-defined]


def tables(change: Callable[[Table, Table], object] = lambda law, experiment: None) -> dict[str, Table]:
    law, experiment = copy.deepcopy(LAW), copy.deepcopy(EXPERIMENT)
    change(law, experiment)
    return {"a.toml": law, "x.toml": experiment}


def faults(files: dict[str, Table]) -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as caught:
        rule_set(files)
    return [(fault.path, fault.found, fault.allowed) for fault in caught.value.faults]


def test_good_files_become_packs_in_order_and_experiments_by_id() -> None:
    later = copy.deepcopy(LAW) | {"id": "law-0", "valid_from": date(2012, 1, 1), "valid_to": date(2015, 6, 30)}
    rules = rule_set({**tables(), "b.toml": later})
    assert [pack.id for pack in rules.packs] == ["law-0", "law-a"]
    assert rules.law_on(date(2015, 7, 1)).id == "law-a"
    assert rules.experiments["freedom"].effects[0].requirements == ("talks",)


BAD: list[tuple[Callable[[Table, Table], object], str, str, str]] = [
    (lambda law, x: law.update(schema="planner-laws/1"), "a.toml:$.schema", '"planner-laws/1"', "planner-law/1"),
    (lambda law, x: law.pop("schema"), "a.toml:$.schema", "nothing", "planner-law/1"),
    (lambda law, x: law.update(vaild_to=1), "a.toml:$.vaild_to", 'unknown key "vaild_to"', "valid_to"),
    (lambda law, x: law.update(valid_to=date(2015, 6, 30)), "a.toml:$.valid_to", "2015-06-30", "2015-07-01"),
    (
        lambda law, x: law["requirements"][0].update(every="P4X"),
        "a.toml:$.requirements[0].every",
        '"P4X"',
        "an ISO 8601 period",
    ),
    (
        lambda law, x: law["requirements"][0].update(every="P0D"),
        "a.toml:$.requirements[0].every",
        '"P0D"',
        "longer than no days",
    ),
    (
        lambda law, x: law["requirements"][0].update(count=4),
        "a.toml:$.requirements[0].count",
        "count in a requirement of kind recurring",
        "every, anchor, grace, during",
    ),
    (
        lambda law, x: law["requirements"][0].pop("anchor"),
        "a.toml:$.requirements[0].anchor",
        "nothing",
        "kind recurring needs",
    ),
    (
        lambda law, x: (law["requirements"][0].update(anchor="last"), law["requirements"][0].pop("during")),
        "a.toml:$.requirements[0].grace",
        'grace with anchor "last"',
        'anchor "spell"',
    ),
    (
        lambda law, x: law["requirements"][1].update(again="P18M"),
        "a.toml:$.requirements[1].again",
        '"P18M"',
        "every_conversation",
    ),
    (
        lambda law, x: law["requirements"][1].update(kind="milestone"),
        "a.toml:$.requirements[1].at",
        '"every_conversation"',
        "P1W",
    ),
    (
        lambda law, x: law["requirements"][1].update(id="talks"),
        "a.toml:$.requirements[1].id",
        '"talks", as in a.toml:$.requirements[0]',
        "its own",
    ),
    (
        lambda law, x: law["requirements"][1].update(groups=["6.99"]),
        "a.toml:$.requirements[1].groups[0]",
        '"6.99"',
        "one of 6.1",
    ),
    (
        lambda law, x: law["channels"][0].update(valid_from=date(2020, 1, 1), valid_to=date(2019, 1, 1)),
        "a.toml:$.channels[0].valid_to",
        "2019-01-01",
        "2020-01-01",
    ),
    (
        lambda law, x: x["effects"][0].update(requirements=["talk"]),
        "x.toml:$.effects[0].requirements[0]",
        'unknown "talk"',
        "talks (the nearest requirement)",
    ),
    (
        lambda law, x: x["effects"][0].pop("requirements"),
        "x.toml:$.effects[0].requirements",
        "nothing",
        "an effect replace changes",
    ),
    (
        lambda law, x: x["effects"][1].update(agenda=["aks"]),
        "x.toml:$.effects[1].agenda[0]",
        'unknown "aks"',
        "ask (the nearest",
    ),
    (
        lambda law, x: x["effects"][1].update(suppress=["zzz"]),
        "x.toml:$.effects[1].suppress[0]",
        'unknown "zzz"',
        "a known agenda point",
    ),
    (
        lambda law, x: x["effects"][0].update(agenda=["ask"]),
        "x.toml:$.effects[0].agenda",
        "agenda in an effect replace",
        "only in an effect add",
    ),
    (lambda law, x: x.pop("groups"), "x.toml:$.effects[0].groups", "nothing", "target groups"),
    (
        lambda law, x: x["agenda"].append(x["agenda"][0]),
        "x.toml:$.agenda[1].id",
        '"ask", as in x.toml:$.agenda[0]',
        "its own",
    ),
    (
        lambda law, x: x["parameters"]["close"].update(default="P5W"),
        "x.toml:$.parameters.close.default",
        '"P5W"',
        "an ISO 8601 period from P1W to P4W",
    ),
    (
        lambda law, x: x["parameters"]["close"].update(minimum=7),
        "x.toml:$.parameters.close.minimum",
        "7",
        "an ISO 8601 period",
    ),
    (lambda law, x: x["parameters"].pop("safety_net"), "x.toml:$.parameters.safety_net", "nothing", "P13W"),
    (
        lambda law, x: x["parameters"]["default_cadence"].update(default=5),
        "x.toml:$.parameters.default_cadence.default",
        "5",
        "a cadence",
    ),
    (
        lambda law, x: x["parameters"]["default_cadence"].update(minimum=5),
        "x.toml:$.parameters.default_cadence.minimum",
        "5",
        "no bounds for a cadence",
    ),
]


@pytest.mark.parametrize(("change", "path", "found", "allowed"), BAD)
def test_each_fault_names_file_and_key(
    change: Callable[[Table, Table], object], path: str, found: str, allowed: str
) -> None:
    told = faults(tables(change))
    assert told[0][:2] == (path, found)
    assert allowed in told[0][2]


def test_without_groups_every_effect_is_told() -> None:
    told = faults(tables(lambda law, x: x.pop("groups")))
    assert [path for path, _, _ in told] == ["x.toml:$.effects[0].groups", "x.toml:$.effects[1].groups"]


def test_two_laws_on_the_same_day_are_both_named() -> None:
    later = copy.deepcopy(LAW) | {"id": "law-b", "valid_from": date(2019, 12, 31)}
    del later["valid_to"]
    path, found, _ = faults({**tables(), "b.toml": later})[0]
    assert path == "b.toml:$.valid_from"
    assert found == "law-a (a.toml) and law-b (b.toml) both in force on 2019-12-31"


def test_two_files_with_one_id_are_told() -> None:
    told = faults({**tables(), "y.toml": copy.deepcopy(EXPERIMENT)})
    assert told == [("y.toml:$.id", '"freedom", as in x.toml', "an id of its own")]


def test_faults_of_all_files_come_together_and_in_their_order() -> None:
    def change(law: Table, x: Table) -> None:
        law["requirements"][0] |= {"every": "4 weeks", "kind": "quota"}
        law["requirements"][1]["kind"] = "itme"
        x["effects"][0]["requirements"] = ["talks", "papper"]
        x["version"] = True

    assert [path for path, _, _ in faults(tables(change))] == [
        "a.toml:$.requirements[0].count",
        "a.toml:$.requirements[0].within",
        "a.toml:$.requirements[0].every",
        "a.toml:$.requirements[0].every",
        "a.toml:$.requirements[0].anchor",
        "a.toml:$.requirements[0].grace",
        "a.toml:$.requirements[0].during",
        "a.toml:$.requirements[1].kind",
        "x.toml:$.version",
        "x.toml:$.effects[0].requirements[1]",
    ]


def test_a_replacement_that_carries_its_requirement_needs_no_cadence() -> None:
    def change(law: Table, x: Table) -> None:
        x["effects"][0]["requirement"] = law["requirements"][0] | {"id": "other", "every": "P8W"}
        x["parameters"] = {}

    effect = rule_set(tables(change)).experiments["freedom"].effects[0]
    assert effect.requirement is not None
    assert effect.requirement.every == "P8W"


def test_what_an_adoption_sets_wins_over_the_default() -> None:
    experiment = rule_set(tables()).experiments["freedom"]
    assert effective_parameters(experiment, {}) == DEFAULT_PARAMETERS
    assert effective_parameters(experiment, {"close": "P3W"})["close"] == "P3W"
    assert parameter_faults(experiment, {"close": "P3W", "default_cadence": "light"}, "$.p") == []


@pytest.mark.parametrize(
    ("overrides", "path", "found", "allowed"),
    [
        ({"closed": "P2W"}, "$.p.closed", 'unknown parameter "closed"', "close (the nearest parameter)"),
        ({"zzz": "P2W"}, "$.p.zzz", 'unknown parameter "zzz"', "the parameters close, standard"),
        ({"close": "P5W"}, "$.p.close", '"P5W"', "an ISO 8601 period from P1W to P4W"),
        ({"close": "P29D"}, "$.p.close", '"P29D"', "an ISO 8601 period from P1W to P4W"),
        ({"close": "P1M"}, "$.p.close", '"P1M"', "an ISO 8601 period from P1W to P4W"),
        ({"close": "P6D"}, "$.p.close", '"P6D"', "an ISO 8601 period from P1W to P4W"),
        ({"close": 14}, "$.p.close", "14", "an ISO 8601 period from P1W to P4W"),
        ({"close": "light"}, "$.p.close", '"light"', "an ISO 8601 period from P1W to P4W"),
        ({"safety_net": "P999Y"}, "$.p.safety_net", '"P999Y"', "an ISO 8601 period from P0D to P10Y"),
        ({"await_working_days": "P10D"}, "$.p.await_working_days", '"P10D"', "a whole number from 0 to 366"),
        ({"await_working_days": True}, "$.p.await_working_days", "true", "a whole number from 0 to 366"),
        ({"await_working_days": -1}, "$.p.await_working_days", "-1", "a whole number from 0 to 366"),
        ({"default_cadence": "lihgt"}, "$.p.default_cadence", '"lihgt"', "one of close, standard, light, await"),
    ],
)
def test_an_adoption_is_held_to_names_kinds_and_bounds(
    overrides: dict[str, object], path: str, found: str, allowed: str
) -> None:
    experiment = rule_set(tables()).experiments["freedom"]
    (fault,) = parameter_faults(experiment, overrides, "$.p")
    assert (fault.path, fault.found) == (path, found)
    assert fault.allowed.startswith(allowed)


@given(st.integers(0, 60), st.sampled_from("DWM"))
def test_a_period_is_in_bounds_just_as_its_days_are(number: int, unit: str) -> None:
    experiment = rule_set(tables()).experiments["freedom"]
    days = {"D": number, "W": 7 * number, "M": 31 * number}[unit]
    told = parameter_faults(experiment, {"close": f"P{number}{unit}"}, "$.p")
    assert bool(told) == (not 7 <= days <= 28)


def test_each_shipped_parameter_accepts_its_own_bounds() -> None:
    for experiment in load_rules().experiments.values():
        for name, parameter in experiment.parameters.items():
            for value in (parameter.default, parameter.minimum, parameter.maximum):
                if value is not None:
                    assert parameter_faults(experiment, {name: value}, "$") == [], allowed(parameter)
            if parameter.default in list(Cadence):
                assert parameter_faults(experiment, {name: "never"}, "$")


RULE_TABLE = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 400) | st.dates() | st.sampled_from(["talks", "P4W", "item", "6.1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "kind", "every", "at", "title"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*LAW, *EXPERIMENT]), RULE_TABLE, st.booleans())
def test_a_spoilt_table_gives_rules_or_faults_and_nothing_else(key: str, value: object, law: bool) -> None:
    files = tables()
    files["a.toml" if law else "x.toml"][key] = value
    told: tuple[Fault, ...] | None = None
    try:
        rule_set(files)
    except InputError as error:
        told = error.faults
    assert told is None or all(fault.path.startswith(("a.toml:$", "x.toml:$")) for fault in told)
    assert told != ()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


SMALL = """
schema = "planner-experiment/1"
id = "job-rotation"
version = 7
title = { da = "Jobrotation", en = "Job rotation" }
theme = "employers"
status = "applied"
legal_basis = { da = "ingen", en = "none" }
source = "invented"
confidence = "unverified"
changed = { da = "intet", en = "nothing" }
"""


def test_a_directory_replaces_by_id_and_adds(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "mine.toml", SMALL)
    write(tmp_path / "new.toml", SMALL.replace("job-rotation", "our-own"))
    write(tmp_path / "notes.txt", "no rules")
    rules, shipped = load_rules(tmp_path), load_rules()
    assert rules.experiments["job-rotation"].version == 7
    assert rules.experiments.keys() - shipped.experiments.keys() == {"our-own"}
    assert rules.packs == shipped.packs
    assert load_rules() is shipped


def test_every_unreadable_file_of_a_directory_is_named(tmp_path: Path) -> None:
    first = write(tmp_path / "a.toml", "schema = ")
    second = write(tmp_path / "b.toml", "x = 1\n" * 200_000)
    (tmp_path / "c.toml").mkdir()
    with pytest.raises(InputError) as caught:
        load_rules(tmp_path)
    told = {fault.path: fault.found for fault in caught.value.faults}
    assert told[str(first)].startswith(("line 1, column", "end of the file"))
    assert told[str(second)] == "a larger file"
    assert len(told) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_rule_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "d.toml")
    with pytest.raises(InputError) as caught:
        load_rules(tmp_path)
    assert [fault.found for fault in caught.value.faults] == ["no ordinary file"]


@pytest.mark.parametrize("what", ["nothing", "a file", "no TOML file"])
def test_a_directory_without_rules_is_told(tmp_path: Path, what: str) -> None:
    places = {"nothing": tmp_path / "none", "a file": write(tmp_path / "f" / "a.txt", ""), "no TOML file": tmp_path}
    with pytest.raises(InputError) as caught:
        load_rules(places[what])
    assert caught.value.faults[0].found == what
    assert caught.value.faults[0].path == str(places[what])


def test_a_faulty_file_of_a_directory_is_named_with_its_key(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.toml", SMALL.replace("version = 7", "version = 0"))
    with pytest.raises(InputError) as caught:
        load_rules(tmp_path)
    assert [fault.path for fault in caught.value.faults] == [f"{path}:$.version"]
