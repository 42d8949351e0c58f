"""The published JSON Schemas say the same as the strict reader; jsonschema is the independent judge."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from planner import strict
from planner.domain.caseload import Caseload
from planner.errors import InputError, RuleConflict
from planner.exchange import schemas
from planner.exchange.caseload_file import read_caseload, write_caseload
from planner.exchange.caseload_wire import CaseloadFile
from planner.exchange.plan_file import plan_bytes
from planner.exchange.plan_wire import PlanFile
from planner.exchange.rule_files import load_rules
from planner.plain import parse_json
from planner.planning.making import make_plan
from tests import strategies
from tests.unit.test_caseload_file import FULL, SMALL
from tests.unit.test_plan_file import PLAN

Steps = tuple[str | int, ...]

CASELOAD = Draft202012Validator(schemas.caseload_schema(), format_checker=FormatChecker())
PLAN_SCHEMA = Draft202012Validator(schemas.plan_schema(), format_checker=FormatChecker())


@pytest.mark.parametrize("name", ["caseload", "plan", "experience"])
def test_the_schemas_are_schemas_and_plain_json(name: Any) -> None:
    schema = schemas.schema(name)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == json.loads(json.dumps(schemas.schema(name)))
    assert schema["$schema"].endswith("2020-12/schema")


def test_the_examples_are_valid() -> None:
    assert CASELOAD.is_valid(SMALL)
    assert CASELOAD.is_valid(FULL)
    assert PLAN_SCHEMA.is_valid(json.loads(plan_bytes(PLAN, {"plan": 1.5})))
    assert not CASELOAD.is_valid(json.loads(plan_bytes(PLAN)))


@settings(max_examples=40, deadline=None)
@given(strategies.caseloads())
def test_what_the_program_writes_is_valid(caseload: Caseload) -> None:
    assert list(CASELOAD.iter_errors(json.loads(write_caseload(caseload)))) == []
    try:
        plan = make_plan(caseload, load_rules())
    except RuleConflict:
        return
    assert list(PLAN_SCHEMA.iter_errors(json.loads(plan_bytes(plan)))) == []


def places(value: object, path: Steps = ()) -> list[Steps]:
    """Every place in a document, containers before their content."""
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            found.extend(places(item, (*path, key)))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            found.extend(places(item, (*path, n)))
    return found


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2000)
    | st.floats(-1, 1e6, allow_nan=False)
    | st.text(max_size=4)
    | st.sampled_from(
        ["2018-02-30", "2018-02-28", "2300-01-01", "10:30", "24:00", "P4W", "P", "mon", "phone", "letter"]
    )
    | st.sampled_from(["held", "light", "6.1", "2018-02-05T10:30", "2018-02-05T10:30:00", [], {}, [None], {"a": 1}])
    | st.dates(date(1800, 1, 1), date(2300, 1, 1)).map(str)
)


@st.composite
def spoilt(draw: st.DrawFn, document: object, most: int = 2) -> Any:
    """The document with up to `most` places changed, removed or added to."""
    changed: Any = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, most))):
        *above, last = draw(st.sampled_from([steps for steps in places(changed) if steps]))
        parent = changed
        for step in above:
            parent = parent[step]
        kind = draw(st.sampled_from(["change", "remove", "add"]))
        if kind == "change":
            parent[last] = copy.deepcopy(draw(VALUES))
        elif kind == "remove":
            del parent[last]
        elif isinstance(parent, dict):
            parent[draw(st.sampled_from(["extra", "weekday", "until", "notes"]))] = copy.deepcopy(draw(VALUES))
        else:
            parent.append(copy.deepcopy(draw(VALUES)))
    return changed


@settings(max_examples=300, deadline=None)
@given(spoilt(FULL))
def test_reader_and_schema_agree_on_caseloads(document: Any) -> None:
    parsed = parse_json(json.dumps(document).encode())
    shape = strict.faults(parsed, CaseloadFile)
    if CASELOAD.is_valid(document):
        assert shape == []
    else:
        with pytest.raises(InputError):
            read_caseload(json.dumps(document).encode(), load_rules(), None)


@settings(max_examples=200, deadline=None)
@given(spoilt(json.loads(plan_bytes(PLAN))))
def test_reader_and_schema_agree_on_plans(document: Any) -> None:
    shape = strict.faults(parse_json(json.dumps(document).encode()), PlanFile)
    assert PLAN_SCHEMA.is_valid(document) == (shape == [])
