"""The experience package: what is written is read back, and reader and schema say the same of any file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker

from planner import strict
from planner.errors import InputError
from planner.exchange import schemas
from planner.exchange.experience_file import experience_bytes, read_experience
from planner.exchange.experience_wire import ExperienceFile
from planner.plain import parse_json
from tests.full import many
from tests.unit.test_schemas import spoilt

SCHEMA = Draft202012Validator(schemas.experience_schema(), format_checker=FormatChecker())
QUESTION = {"question": "meaning", "text": {"da": "Giver det mening?", "en": "Does it make sense?"}}
FULL: dict[str, Any] = {
    "schema": "planner-experience/1",
    "experiment": "flexible-contact-insured",
    "municipality": "Prøveby",
    "from": "2026-01-01",
    "to": "2026-11-23",
    "adopted": [
        {"from": "2026-01-01", "to": None, "authority": "Byrådet", "parameters": {"light": "P8W", "screening_weeks": 2}}
    ],
    "figures": [
        {
            "id": "held",
            "name": "Conversations held",
            "definition": "All.",
            "unit": "conversations",
            "value": 12.5,
            "n": 7,
        },
        {"id": "no-shows", "name": "No-shows", "definition": "All.", "unit": "conversations", "withheld": True},
    ],
    "survey": [{"name": "Nul", "date": "2026-01-01", "answers": [{**QUESTION, "n": 6, "counts": [1, 2, 3, 0]}]}],
    "supervision": [{"date": "2026-06-01", "size": 6, "population": 40, "found": [{**QUESTION, "n": 5, "yes": 4}]}],
    "form": [{"point": 9, "text": "Flere ringer selv."}],
}


def changed(*path: str | int, to: object) -> bytes:
    """The package with another value in one place."""
    document = json.loads(json.dumps(FULL))
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(document).encode()


def test_what_is_written_is_read_back() -> None:
    read = read_experience(json.dumps(FULL).encode(), "x.json")
    assert SCHEMA.is_valid(FULL)
    assert SCHEMA.is_valid(json.loads(experience_bytes(read)))
    assert read_experience(experience_bytes(read), "x.json") == read


@settings(max_examples=many(40, 2000), deadline=None)
@given(spoilt(FULL))
def test_reader_and_schema_agree(document: Any) -> None:
    parsed = parse_json(json.dumps(document).encode())
    assert SCHEMA.is_valid(document) == (strict.faults(parsed, ExperienceFile) == [])


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (changed("figures", 0, "n", to=4), "figures[0].n"),
        (changed("figures", 0, "n", to=None), "figures[0].value"),
        (changed("figures", 1, "value", to=3), "figures[1].value"),
        (changed("figures", 0, "value", to=1e300), "figures[0].value"),
        (changed("survey", 0, "answers", 0, "counts", to=[1, 2, 3, 1]), "survey[0].answers[0].n"),
        (changed("survey", 0, "answers", 0, "counts", to=[7, 2, -3, 0]), "survey[0].answers[0].counts[2]"),
        (changed("supervision", 0, "found", 0, "yes", to=6), "supervision[0].found[0].yes"),
        (changed("to", to="2025-01-01"), "to"),
        (changed("adopted", 0, "to", to="2025-01-01"), "adopted[0].to"),
        (changed("experiment", to="../x"), "experiment"),
        (changed("form", 0, "point", to=11), "form[0].point"),
        (changed("form", to=[{"point": 1, "text": "x"}] * 11), "form"),
        (changed("names", to=["Ib"]), "names"),
    ],
)
def test_each_fault_is_told_with_its_file_and_place(data: bytes, place: str) -> None:
    with pytest.raises(InputError) as found:
        read_experience(data, "x.json")
    assert [fault.path for fault in found.value.faults] == [f"x.json:$.{place}"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"null", b'{"schema": "planner-plan/1"}'])
def test_what_is_no_package_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(InputError):
        read_experience(data, "x.json")
