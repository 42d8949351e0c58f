"""The plan file: what stands in it, that it is the same each time, and that it reads back."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Adoption, Caseload
from planner.domain.conversations import Channel
from planner.errors import Fault, InputError, RuleConflict
from planner.exchange.plan_file import own_plan_bytes, plan_bytes, plan_document, read_own_plan, read_plan
from planner.exchange.rule_files import load_rules
from planner.planning.making import make_plan
from planner.planning.plan import (
    AdoptionUsed,
    Bucket,
    CitizenPlan,
    ExemptedShare,
    FixedRhythm,
    PackUsed,
    Plan,
    Proposal,
    Quality,
    Ranked,
    Slot,
    Title,
    WeekCapacity,
)
from planner.rules.windows import Window, WindowKind, WindowStatus, because
from tests import strategies

Document = dict[str, Any]

TODAY = date(2026, 11, 23)
WINDOW = Window(
    requirement="rhythm",
    kind=WindowKind.QUOTA,
    status=WindowStatus.DUE,
    earliest=date(2026, 11, 1),
    target=date(2026, 11, 30),
    latest=date(2026, 12, 14),
    because=(because("law", requirement="rhythm", held=1, last=date(2026, 12, 14)),),
    binding=False,
    priority=2,
    channels=(Channel.PHONE,),
    first_channels=(Channel.IN_PERSON,),
)
PROPOSAL = Proposal(
    slot=Slot(date(2026, 11, 30), 9 * 60 + 15, 30, Channel.PHONE),
    covers=("rhythm",),
    agenda=("ask",),
    alternatives=(Slot(date(2026, 12, 1), 600, 45, Channel.IN_PERSON),),
    tentative=False,
    because=(because("target", on=date(2026, 11, 30)),),
    cost=4,
)
PLAN = Plan(
    today=TODAY,
    horizon_end=date(2027, 1, 4),
    municipality="Prøveby",
    packs=(PackUsed("law-2026", 1, date(2026, 7, 1), None),),
    adoptions=(
        AdoptionUsed(
            Adoption("freedom", date(2026, 1, 1), None, "invented", {"light": "P9W"}),
            version=2,
            parameters={"light": "P9W", "close": "P2W"},
            known_municipality=False,
        ),
    ),
    citizens=(
        CitizenPlan(
            "c1",
            Bucket.PROPOSED,
            (WINDOW,),
            FixedRhythm(date(2026, 12, 1), Channel.IN_PERSON, "rhythm"),
            PROPOSAL,
            later=(replace(PROPOSAL, tentative=True),),
            because=(because("due"),),
            agenda=("ask",),
            questions=("team",),
            reason_required=True,
            last_contact=date(2026, 10, 1),
        ),
        CitizenPlan("c2", Bucket.UNPLACED, (), FixedRhythm(), None, unplaced_because=(because("calendar_full"),)),
    ),
    order=(
        Ranked("c2", Bucket.UNPLACED, 7, {"priority": 5, "age": 2}),
        Ranked("c1", Bucket.PROPOSED, 0, {}),
    ),
    capacity=(WeekCapacity(2026, 48, 900, 60, 30, 0),),
    exempted_share=ExemptedShare(3, 1, 1 / 3, 0.25, 0),
    quality=Quality(10, 8, 0.25, (), 1, 0, 1),
    titles={"ask": Title("Spørg", "Ask"), "rhythm": Title("Rytme", "Rhythm")},
)


def test_the_document_has_the_agreed_shape() -> None:
    document = plan_document(PLAN, {"plan": 2.5})
    assert list(document) == [
        "schema",
        "today",
        "horizon_end",
        "municipality",
        "packs",
        "adoptions",
        "citizens",
        "order",
        "capacity",
        "exempted_share",
        "quality",
        "certificate",
        "titles",
        "timing",
    ]
    first, second = json.loads(json.dumps(document))["citizens"]
    assert first["windows"][0]["because"] == [
        {"code": "law", "values": {"held": 1, "last": "2026-12-14", "requirement": "rhythm"}}
    ]
    shown = {key: first["proposal"][key] for key in ("date", "start", "end", "channel", "minutes", "alternatives")}
    assert shown == {
        "date": "2026-11-30",
        "start": "09:15",
        "end": "09:45",
        "channel": "phone",
        "minutes": 30,
        "alternatives": [
            {"date": "2026-12-01", "start": "10:00", "end": "10:45", "channel": "in_person", "minutes": 45}
        ],
    }
    assert first["later"][0]["tentative"] is True
    assert second["proposal"] is None
    assert second["unplaced_because"] == [{"code": "calendar_full", "values": {}}]
    assert second["fixed_rhythm"] == {"latest": None, "channel": None, "requirement": None}
    assert document["timing"] == {"plan": 2.5}


def test_a_plan_reads_back_equal_apart_from_its_timing() -> None:
    assert read_plan(plan_bytes(PLAN, {"plan": 2.5})) == PLAN
    assert read_plan(plan_bytes(replace(PLAN, exempted_share=None))) == replace(PLAN, exempted_share=None)


def test_a_plan_of_ones_own_is_read_faster_and_no_less_strictly() -> None:
    assert read_own_plan(plan_bytes(PLAN)) == PLAN == read_own_plan(own_plan_bytes(PLAN))
    assert json.loads(own_plan_bytes(PLAN)) == json.loads(plan_bytes(PLAN))
    assert b"\n" not in own_plan_bytes(PLAN)
    twice = replace(PLAN, citizens=(*PLAN.citizens, PLAN.citizens[0]))
    for data in (b"{}", b"\xff", plan_bytes(twice)):
        with pytest.raises(InputError):
            read_own_plan(data)


def test_equal_steps_are_one_object_and_truth_is_no_number() -> None:
    """A plan of ten thousand has four hundred thousand steps, and three thousand different ones."""
    one, again = (read_own_plan(plan_bytes(PLAN)).citizens[0].windows[0].because[0] for _ in range(2))
    assert one is again
    assert because("due", on=date(2026, 12, 1)) is because("due", on="2026-12-01")
    assert [type(because("made", n=n).values["n"]) for n in (1, True, 1)] == [int, bool, int]
    assert because("made", a=1, b=2) == because("made", b=2, a=1)
    assert because("made", a=1) != because("made", a=2)


def test_the_bytes_do_not_depend_on_the_order_of_mappings() -> None:
    turned = replace(
        PLAN,
        titles=dict(sorted(PLAN.titles.items(), reverse=True)),
        order=(replace(PLAN.order[0], parts={"age": 2, "priority": 5}), *PLAN.order[1:]),
    )
    assert plan_bytes(turned, {"b": 1, "a": 2}) == plan_bytes(PLAN, {"a": 2, "b": 1})
    text = plan_bytes(PLAN).decode()
    assert text.endswith("}\n")
    assert "Prøveby" in text


def at(document: Any, *steps: str | int) -> Any:
    for step in steps:
        document = document[step]
    return document


BAD: list[tuple[tuple[str | int, ...], str, object, str, str, str]] = [
    ((), "schema", "planner-plan/9", "$.schema", '"planner-plan/9"', "planner-plan/1"),
    ((), "horizon_end", None, "$.horizon_end", "null", "a date YYYY-MM-DD"),
    ((), "horison", 1, "$.horison", 'unknown key "horison"', "horizon_end"),
    (("citizens", 1), "id", "c1", "$.citizens[1].id", '"c1", as in $.citizens[0]', "its own"),
    (("citizens", 0), "bucket", "overdo", "$.citizens[0].bucket", '"overdo"', "(nearest: overdue)"),
    (("citizens", 0, "proposal"), "end", "09:50", "$.citizens[0].proposal.end", '"09:50"', "09:45"),
    (("citizens", 0, "proposal"), "start", "9.15", "$.citizens[0].proposal.start", '"9.15"', "a time HH:MM"),
    (("citizens", 0, "windows", 0), "kind", 3, "$.citizens[0].windows[0].kind", "3", "one of recurring, quota"),
    (("order", 0, "parts"), "age", 2.5, "$.order[0].parts.age", "2.5", "a whole number"),
    (("quality",), "gap", None, "$.quality.gap", "null", "a number"),
    (("capacity", 0), "week", 54, "$.capacity[0].week", "54", "from 1 to 53"),
]


@pytest.mark.parametrize(("place", "key", "value", "path", "found", "allowed"), BAD)
def test_each_fault_of_a_plan_is_told_with_its_place(
    place: tuple[str | int, ...], key: str, value: object, path: str, found: str, allowed: str
) -> None:
    document = json.loads(plan_bytes(PLAN))
    at(document, *place)[key] = value
    with pytest.raises(InputError) as caught:
        read_plan(json.dumps(document).encode())
    (fault,) = caught.value.faults
    assert (fault.path, fault.found) == (path, found)
    assert allowed in fault.allowed


@settings(max_examples=40, deadline=None)
@given(strategies.caseloads())
def test_every_plan_reads_back_equal(caseload: Caseload) -> None:
    try:
        plan = make_plan(caseload, load_rules())
    except RuleConflict:
        return
    written = plan_bytes(plan)
    assert read_plan(written) == without_keys(plan)
    assert plan_bytes(read_plan(written)) == written


def without_keys(plan: Plan) -> Plan:
    used = tuple(replace(one, adoption=replace(one.adoption, key="")) for one in plan.adoptions)
    return replace(plan, adoptions=used)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
PLACES: list[tuple[str | int, ...]] = [
    (),
    ("quality",),
    ("citizens", 0),
    ("citizens", 0, "proposal"),
    ("citizens", 0, "windows", 0),
    ("adoptions", 0),
    ("order", 0),
]


@given(st.sampled_from(PLACES), st.data(), JSON)
def test_a_spoilt_plan_gives_a_plan_or_faults(place: tuple[str | int, ...], data: st.DataObject, value: Any) -> None:
    document = json.loads(plan_bytes(PLAN))
    target = at(document, *place)
    target[data.draw(st.sampled_from([*target, "more"]))] = copy.deepcopy(value)
    told: tuple[Fault, ...] | None = None
    try:
        plan = read_plan(json.dumps(document).encode())
    except InputError as error:
        told = error.faults
    assert told != ()
    if told is None:
        assert read_plan(plan_bytes(plan)) == plan


@pytest.mark.parametrize("spoil", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"[]"])
def test_a_torn_plan_is_told(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InputError):
        read_plan(spoil(plan_bytes(PLAN)))
