"""The screen and the line hold together: what can be done on one can be done on the other, and the line has JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli.tree import Argument, Level, tree
from planner.locale import language
from planner.services.commands import COMMANDS
from tests.cli.conftest import Line

TREE = tree(language("en"))
VERBS = {level.below: level for level in TREE.all() if level is not TREE}
#: Verbs that may change one citizen without being a command of the screen, each with the reason.
ALONE: dict[str, str] = {}
#: Commands without a verb, each with the reason.
SCREEN_ONLY = {
    "fold": "lines have no groups to fold; the filter shortens them",
    "fold_all": "as above",
    "hide": "a verb leaves nothing on",
    "lock": "each verb opens the store and leaves it locked",
    "quit": "each verb ends by itself",
}
#: Verbs that do not answer with JSON, each with the reason.
#: They tell on standard error how far they are.
TELLING = {"simulate"}
WITHOUT_JSON = {"triage": "questions and answers; it says which verbs to use instead"}
#: Verbs that only look. One that is added later is tried as well, with whatever can be made up for it.
READING = {
    *("today", "search", "slots", "log", "keys", "note", "plan", "explain", "schema", "rules", "rules show"),
    *("office", "export", "completion", "man", "demo", "week", "capacity"),
}
SOMEBODY = "demo-038"
#: What is written for a place or an option that must be there, by its name or by what stands for it in the help.
MADE_UP = {
    "citizen": SOMEBODY,
    "name": "aase",
    "id": "law-2026",
    "experiment": "flexible-contact-insured",
    "CITIZEN": SOMEBODY,
    "plan": "plan.json",
    "DATE": "+1w",
    "TIME": "24-11 10.30",
    "N": "1",
}


def required(level: Level) -> list[str]:
    """A line for the verb with everything made up that it needs."""
    words: list[str] = []
    for one in level.places:
        if one.required and not one.path:
            words.append(made_up(one))
        elif one.required:
            words.append(MADE_UP.get(one.name, "nowhere.json"))
    for one in level.options:
        if one.required:
            words += [one.flags[0], made_up(one)]
    return words


def made_up(one: Argument) -> str:
    """Something that can be meant."""
    if one.choices:
        return one.choices[0][0]
    return MADE_UP.get(one.name) or MADE_UP.get(one.shown) or "x"


def test_every_command_names_a_verb_that_exists() -> None:
    assert {entry.id: entry.verb for entry in COMMANDS if entry.verb and entry.verb not in VERBS} == {}


def test_every_command_has_a_verb_unless_only_a_screen_needs_it() -> None:
    assert {entry.id for entry in COMMANDS if not entry.verb} == set(SCREEN_ONLY)
    assert [entry.id for entry in COMMANDS if entry.id in SCREEN_ONLY and entry.writes] == []


@pytest.mark.parametrize(
    "verb", [verb for verb, level in VERBS.items() if any(one.shown == "CITIZEN" for one in level.places)]
)
def test_every_verb_that_changes_one_citizen_is_a_command_of_the_screen(demo: Line, verb: str) -> None:
    commands = {entry.verb for entry in COMMANDS if entry.verb}
    if verb in commands or verb in ALONE:
        return
    before = demo("log", "--json").out
    answer = demo(*verb.split(), *required(VERBS[verb]))
    assert answer.code == 0, "make it a command of the screen, or give a reason in ALONE"
    assert demo("log", "--json").out == before, "make it a command of the screen, or give a reason in ALONE"


def test_what_stands_on_the_lists_is_there() -> None:
    assert set(ALONE) | set(WITHOUT_JSON) | set(READING) <= set(VERBS)


@pytest.mark.parametrize("verb", list(VERBS))
def test_every_verb_takes_the_options_for_all(verb: str) -> None:
    flags = {flag for one in VERBS[verb].options for flag in one.flags}
    assert {"--json", "--lang", "--store", "--today", "--help"} <= flags
    assert VERBS[verb].description


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in WITHOUT_JSON])
def test_every_verb_answers_with_json_or_refuses_in_a_sentence(demo: Line, verb: str) -> None:
    answer = demo(*verb.split(), *required(VERBS[verb]), "--json")
    if verb in READING:
        assert answer.code == 0, answer.err
    if answer.code == 0:
        assert json.loads(answer.out) is not None
        assert answer.err == "" or verb in TELLING
    else:
        assert answer.code in range(1, 8), answer.err
        assert answer.out == ""
        assert answer.err.strip()


def test_a_plan_is_checked_as_json(demo: Line, tmp_path: Path) -> None:
    caseload, plan = tmp_path / "demo.json", tmp_path / "plan.json"
    caseload.write_text(demo("demo", "--json").out, encoding="utf-8")
    plan.write_text(demo("plan", "--caseload", caseload, "--json").out, encoding="utf-8")
    assert json.loads(demo("check", plan, "--caseload", caseload, "--json").out)["sound"] is True


@pytest.mark.parametrize("verb", sorted(WITHOUT_JSON))
def test_what_has_no_json_says_what_to_use(demo: Line, verb: str) -> None:
    answer = demo(*verb.split(), *required(VERBS[verb]), "--json")
    assert (answer.code, answer.out) == (2, "")
    assert "--json" in answer.err
