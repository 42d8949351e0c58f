"""Strict reading: every fault at once, with its place, what was found and what is allowed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct, field

from planner import plain, strict
from planner.errors import Fault, InputError
from planner.phrases import Phrase, spoken


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Leaf(Struct, forbid_unknown_fields=True, kw_only=True):
    kind: Colour
    day: date | None = None
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    code: Annotated[str, Meta(pattern="^P[0-9]$", description="a code such as P4")] = "P1"


class Root(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1)]
    first: Annotated[date, Meta(description="the first day")] = field(name="from", default=date(2026, 1, 1))
    leaves: Annotated[tuple[Leaf, ...], Meta(max_length=3)] = ()
    share: float = 0.0
    at: Annotated[str, Meta(pattern="^P[0-9]$|^always$", description="a code such as P4, or always")] | None = None
    sort: Literal["a", "b"] = "a"
    figures: dict[str, str | int] = {}
    open: bool = True
    when: time | None = None
    stamp: datetime | None = None


def found(text: str) -> list[tuple[str, str, str]]:
    data = plain.parse_json(text.encode())
    return [(fault.path, fault.found, fault.allowed) for fault in strict.faults(data, Root)]


BAD = [
    ("{}", "$.name", "nothing", "a text that is not empty"),
    ('{"name": ""}', "$.name", '""', "a text that is not empty"),
    ('{"name": 7}', "$.name", "7", "a text that is not empty"),
    ('{"name": "a", "leafs": []}', "$.leafs", 'unknown key "leafs"', "leaves (the nearest known key)"),
    ('{"name": "a", "open": 1}', "$.open", "1", "true or false"),
    ('{"name": "a", "from": "2026-02-30"}', "$.from", '"2026-02-30"', "the first day"),
    ('{"name": "a", "from": "20260203"}', "$.from", '"20260203"', "the first day"),
    ('{"name": "a", "leaves": {}}', "$.leaves", "an object", "a list of at most 3"),
    ('{"name": "a", "leaves": [1,2,3,4]}', "$.leaves", "a list of 4", "a list of at most 3"),
    ('{"name": "a", "leaves": [null]}', "$.leaves[0]", "null", "an object"),
    (
        '{"name": "a", "leaves": [{"kind": "gren"}]}',
        "$.leaves[0].kind",
        '"gren"',
        "one of red, green (nearest: green)",
    ),
    ('{"name": "a", "leaves": [{"kind": 1}]}', "$.leaves[0].kind", "1", "one of red, green"),
    (
        '{"name": "a", "leaves": [{"kind": "red", "count": true}]}',
        "$.leaves[0].count",
        "true",
        "a whole number from 1 to 9",
    ),
    (
        '{"name": "a", "leaves": [{"kind": "red", "count": 10}]}',
        "$.leaves[0].count",
        "10",
        "a whole number from 1 to 9",
    ),
    (
        '{"name": "a", "leaves": [{"kind": "red", "count": 1.5}]}',
        "$.leaves[0].count",
        "1.5",
        "a whole number from 1 to 9",
    ),
    (
        '{"name": "a", "leaves": [{"kind": "red", "day": 1}]}',
        "$.leaves[0].day",
        "1",
        "a date YYYY-MM-DD from 1900 to 2200 or null",
    ),
    (
        '{"name": "a", "leaves": [{"kind": "red", "day": "1066-01-01"}]}',
        "$.leaves[0].day",
        '"1066-01-01"',
        "a date YYYY-MM-DD from 1900 to 2200",
    ),
    (
        '{"name": "a", "leaves": [{"kind": "red", "code": "P4\\n"}]}',
        "$.leaves[0].code",
        '"P4 "',
        "a code such as P4",
    ),
    ('{"name": "a", "at": "never"}', "$.at", '"never"', "a code such as P4, or always"),
    ('{"name": "a", "sort": null}', "$.sort", "null", "one of a, b"),
    ('{"name": "a", "figures": {"x": []}}', "$.figures.x", "a list", "a text or a whole number"),
    ('{"name": "a", "figures": {"a-b": null}}', '$.figures["a-b"]', "null", "a text or a whole number"),
    ('{"name": "a", "share": NaN}', "$.share", "NaN", "a number"),
    ('{"name": "a", "share": 1e999}', "$.share", "a number too large", "a number"),
    ('{"name": "a", "share": -Infinity}', "$.share", "a number too large", "a number"),
    ('{"name": "\\ud800"}', "$.name", '"·"', "a text that is not empty"),
    ('{"name": "a", "name": "b"}', "$.name", "the key more than once", "each key once"),
    ('{"name": "a", "when": "25:00:00"}', "$.when", '"25:00:00"', "a time HH:MM:SS or null"),
    ("[]", "$", "a list", "an object"),
    ("null", "$", "null", "an object"),
]


@pytest.mark.parametrize(("text", "path", "what", "allowed"), BAD)
def test_each_fault_says_where_what_and_what_is_allowed(text: str, path: str, what: str, allowed: str) -> None:
    assert [one[:2] for one in found(text)] == [(path, what)]
    assert found(text)[0][2].removesuffix(" or null") == allowed.removesuffix(" or null")


def test_all_faults_come_at_once_in_the_order_of_the_document() -> None:
    text = '{"leaves": [{"kind": "blue"}, {"kind": "red", "cuont": 3}], "shar": 1, "open": null, "from": 5}'
    paths = [path for path, _, _ in found(text)]
    assert paths == ["$.name", "$.leaves[0].kind", "$.leaves[1].cuont", "$.shar", "$.open", "$.from"]


def test_an_unknown_key_without_a_like_one_lists_all() -> None:
    assert found('{"name": "a", "zzz": 1}')[0][2].startswith("the keys name, from, leaves, share")


def test_good_data_becomes_the_type() -> None:
    text = '{"name": "Ø", "from": "2024-02-29", "leaves": [{"kind": "red", "count": 2.0}], "at": "always"}'
    root = strict.read(plain.parse_json(b"\xef\xbb\xbf" + text.encode()), Root, message="wrong")
    assert root.first == date(2024, 2, 29)
    assert root.leaves[0].kind is Colour.RED
    assert (root.leaves[0].count, root.at) == (2, "always")


def test_toml_gives_dates_and_times_of_its_own() -> None:
    table = plain.parse_toml(b'name = "a"\nfrom = 2026-02-03\nwhen = 10:30:00\nstamp = 2026-02-03T10:30:00Z', "a.toml")
    root = strict.read(table, Root, message="wrong")
    assert (root.first, root.when, root.stamp) == (
        date(2026, 2, 3),
        time(10, 30),
        datetime(2026, 2, 3, 10, 30, tzinfo=UTC),
    )
    instead = plain.parse_toml(b'name = "a"\nfrom = 2026-02-03T10:30:00\nwhen = 2026-02-03', "a.toml")
    assert [fault.path for fault in strict.faults(instead, Root, "a.toml:$")] == ["a.toml:$.from", "a.toml:$.when"]


def test_a_check_sees_only_the_fields_that_are_in_order() -> None:
    seen: list[strict.Good] = []

    def check(good: strict.Good, path: str) -> list[Fault]:
        seen.append(good)
        return [Fault(f"{path}.day", "x", "y")] if "day" in good else []

    data = {"name": "a", "leaves": [{"kind": "red", "day": "2026-01-01", "count": 0}, {"kind": 5}]}
    found = strict.faults(data, Root, checks={Leaf: check})
    assert seen == [{"kind": Colour.RED, "day": date(2026, 1, 1)}, {}]
    assert [fault.path for fault in found] == ["$.leaves[0].day", "$.leaves[0].count", "$.leaves[1].kind"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "line 1, column 1"),
        (b'{"a": 1', "line 1, column 8"),
        (b'{"a": "\xe6"}', "byte 7 is not UTF-8"),
        (b"\xff\xfe{\x00}\x00", "byte 0 is not UTF-8"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"a":' * 200_000, "nested too deep"),
    ],
)
def test_what_is_not_json_is_said_in_a_sentence(data: bytes, what: str) -> None:
    with pytest.raises(InputError) as caught:
        plain.parse_json(data)
    assert what in caught.value.faults[0].found


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MOST_BYTES", 5)
    with pytest.raises(InputError) as caught:
        plain.parse_json(b"123456")
    assert caught.value.faults[0].allowed == "at most 5 bytes"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"a = 1\nb = = 2", "line 2, column 5: a value is missing or wrong"),
        (b"a = " + b"9" * 5000, ""),
        (b"a = " + b"[" * 100_000, "nested too deep"),
        (b"a = 1\na = 2", "a key that stands there already"),
    ],
)
def test_what_is_not_toml_is_said_with_its_place(data: bytes, what: str) -> None:
    with pytest.raises(InputError) as caught:
        plain.parse_toml(data, "law.toml")
    assert caught.value.faults[0].path == "law.toml"
    assert what in caught.value.faults[0].found


def test_what_was_found_is_short_harmless_and_without_cpr_numbers() -> None:
    assert plain.shown("010190-1234") == '"######-####"'
    assert plain.shown(101901234) == "101901234"
    assert plain.shown(1101901234) == "######-####"
    assert plain.member("$", "0101901234") == '$["######-####"]'
    assert plain.shown("\x1b[31mred\x1b[0m\u202e") == '"·[31mred·[0m·"'
    assert len(plain.shown("x" * 1000)) == plain.LONGEST_SHOWN
    assert plain.shown({"secret": 1}) == "an object"


def test_a_phrase_can_be_said_in_another_language() -> None:
    danish = {"nothing": "intet", "{one} or {other}": "{one} eller {other}", "a list": "en liste", "x": "FEJL"}

    def say(msgid: str, **values: object) -> str:
        return danish.get(msgid, msgid).format(**values)

    phrase = Phrase("{one} or {other}", one=Phrase("a list"), other="x")
    assert (phrase, spoken(phrase, say)) == ("a list or x", "en liste eller x")
    assert spoken(strict.faults({}, Root)[0].found, say) == "intet"
    assert Phrase("no fields {here}") == "no fields {here}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
NEAR_ROOT = st.fixed_dictionaries(
    {},
    optional={
        "name": JSON,
        "from": st.sampled_from(["2026-01-01", "x"]) | JSON,
        "leaves": st.lists(st.fixed_dictionaries({}, optional={"kind": st.just("red"), "count": JSON, "day": JSON})),
        "at": st.sampled_from(["P4", "always", "P"]) | JSON,
        "figures": JSON,
        "share": JSON,
    },
)


@given(JSON | NEAR_ROOT)
def test_any_data_is_read_or_refused_with_faults(data: Any) -> None:
    parsed = plain.parse_json(json.dumps(data).encode())
    found = strict.faults(parsed, Root)
    if not found:
        assert isinstance(msgspec.convert(parsed, Root), Root)
    else:
        with pytest.raises(InputError):
            strict.read(parsed, Root, message="wrong")
        assert all(len(fault.found) < 100 and fault.path.startswith("$") for fault in found)


def test_a_document_in_which_nearly_everything_is_wrong_is_given_up() -> None:
    """The first ten thousand faults are named, and that there are more."""
    found = strict.faults(["wrong"] * 50_000, list[int])
    assert len(found) == strict.MOST_FAULTS + 1
    assert found[0].path == "$[0]"
    assert found[-1].path == "$"
    assert str(found[-1].found) == "more than 10000 faults"
