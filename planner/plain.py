"""Plain data out of JSON and TOML: read without surprises, pointed at by path, shown without danger."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches
from types import MappingProxyType

from planner.domain.cpr import PATTERN
from planner.domain.text import visible
from planner.errors import Fault, InputError
from planner.phrases import Phrase

MOST_BYTES = 64 * 1024 * 1024
LONGEST_SHOWN = 60
#: Digits of a whole number that is still read as one; longer ones cannot be meant.
_MOST_DIGITS = 18
_EXACT = 2**53
_MOST_DOTS = 100

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STEP = re.compile(r'\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')
_TOML_PLACE = re.compile(r"\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")

#: What the readers of JSON and TOML say, by how it begins, in words that can be translated.
_JSON_FAULTS: Mapping[str, Phrase] = MappingProxyType(
    {
        "Expecting value": Phrase("a value is missing"),
        "Expecting property name": Phrase("a key in double quotes is missing"),
        "Expecting ':'": Phrase("“{sign}” is missing", sign=":"),
        "Expecting ','": Phrase("“{sign}” is missing", sign=","),
        "Illegal trailing comma": Phrase("a comma too many"),
        "Extra data": Phrase("something stands after the end"),
        "Unterminated string": Phrase("a text that is not closed"),
        "Invalid control character": Phrase("a control character in a text"),
        "Invalid \\": Phrase("an escape that JSON does not have"),
    }
)
_TOML_FAULTS: Mapping[str, Phrase] = MappingProxyType(
    {
        "Invalid value": Phrase("a value is missing or wrong"),
        "Expected '='": Phrase("“{sign}” is missing", sign="="),
        "Cannot overwrite a value": Phrase("a key that stands there already"),
        "Cannot declare": Phrase("a table that stands there already"),
        "Unterminated string": Phrase("a text that is not closed"),
        "Unclosed array": Phrase("a list that is not closed"),
        "Unclosed inline table": Phrase("a table that is not closed"),
        "Expected newline or end of document": Phrase("something stands after the value"),
        "Unescaped": Phrase("an escape that TOML does not have"),
        "Illegal character": Phrase("a control character in a text"),
        "Invalid statement": Phrase("a key is missing"),
        "Invalid initial character for a key": Phrase("a key is missing"),
    }
)


class Repeating(dict[str, object]):
    """A JSON object in which keys stand more than once: `repeated` names them."""

    repeated: tuple[str, ...] = ()


def masked(text: str) -> str:
    """The text with every number that could be a CPR number blotted out."""
    return PATTERN.sub("######-####", text)


def shown(value: object) -> str:
    """A short and harmless rendering of what was found; never a whole object or list."""
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else Phrase("a number too large")
    if isinstance(value, int | float):
        return masked(str(value)) if abs(value) < 1e18 else Phrase("a number too large")
    if isinstance(value, date | time):
        return value.isoformat()
    return Phrase("an object") if isinstance(value, dict) else Phrase("a list")


def quoted(text: str) -> str:
    """The text as a string in JSON and TOML."""
    return json.dumps(text, ensure_ascii=False)


def _quoted(text: str) -> str:
    # Masked before it is cut: half a number would pass.
    safe = visible(masked(text[: 4 * LONGEST_SHOWN]))
    quoted = json.dumps(safe, ensure_ascii=False)
    return quoted if len(quoted) <= LONGEST_SHOWN else quoted[: LONGEST_SHOWN - 2] + '…"'


def member(path: str, key: str) -> str:
    """The path of a key: `$.citizens`, or `$["6.1"]` where the key is no plain name."""
    plain = _NAME.fullmatch(key) and len(key) <= LONGEST_SHOWN and masked(key) == key
    return f"{path}.{key}" if plain else f"{path}[{_quoted(key)}]"


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that is most like `word`; None when none is."""
    found = get_close_matches(word[:LONGEST_SHOWN].casefold(), known, n=1, cutoff=0.6)
    return found[0] if found else None


def in_document_order(faults: Sequence[Fault], data: object, root: str = "$") -> list[Fault]:
    """The faults in the order in which their places stand in `data`; what is missing stands where it is missed."""
    return sorted(faults, key=lambda fault: _position(fault.path, data, root))


def _position(path: str, data: object, root: str) -> tuple[int, ...]:
    position: list[int] = []
    if not path.startswith(root):
        return ()
    for name, index, quoted in _STEP.findall(path[len(root) :]):
        key = name or quoted
        if isinstance(data, dict) and not index:
            position.append(next((n for n, known in enumerate(data) if known == key), -1))
            data = data.get(key)
        elif isinstance(data, list) and index:
            position.append(int(index))
            data = data[int(index)] if int(index) < len(data) else None
    return tuple(position)


def parse_json(data: bytes, path: str = "$") -> object:
    """The data in JSON text (UTF-8, with or without a byte order mark); raises InputError where it is not JSON.

    Keys that stand twice are kept as `Repeating`; numbers beyond reach become floats that no type accepts.
    """
    text = _decoded(data, path)
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole_number,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        why = _reason(error.msg, _JSON_FAULTS, Phrase("this is not JSON"))
        found = Phrase("line {line}, column {column}: {why}", line=error.lineno, column=error.colno, why=why)
        raise _unreadable(path, found, "JSON") from None
    except RecursionError:
        raise _unreadable(path, Phrase("lists or objects nested too deep"), Phrase("JSON of ordinary depth")) from None


def parse_toml(data: bytes, path: str) -> dict[str, object]:
    """The table in TOML text; raises InputError with line and column where it is not TOML."""
    text = _decoded(data, path)
    too_deep = _unreadable(path, Phrase("lists or tables nested too deep"), Phrase("TOML of ordinary depth"))
    # The reader's time grows with the square of a dotted key's length.
    if any(line.partition("=")[0].count(".") > _MOST_DOTS for line in text.splitlines()):
        raise too_deep
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise too_deep from None
    except ValueError as error:  # TOMLDecodeError, and a number with thousands of digits
        place = _TOML_PLACE.search(str(error))
        reason = _reason(str(error), _TOML_FAULTS, Phrase("this is not TOML"))
        raise _unreadable(path, _toml_fault(place, reason), "TOML") from None


def _reason(said: str, known: Mapping[str, Phrase], otherwise: Phrase) -> Phrase:
    return next((phrase for start, phrase in known.items() if said.startswith(start)), otherwise)


def _toml_fault(place: re.Match[str] | None, reason: str) -> str:
    if place is None:
        return reason
    if place["line"] is None:
        return Phrase("end of the file: {why}", why=reason)
    return Phrase("line {line}, column {column}: {why}", line=place["line"], column=place["column"], why=reason)


def _decoded(data: bytes, path: str) -> str:
    if len(data) > MOST_BYTES:
        raise _unreadable(
            path, Phrase("{count} bytes", count=len(data)), Phrase("at most {most} bytes", most=MOST_BYTES)
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(
            path, Phrase("byte {number} is not UTF-8", number=error.start), Phrase("text in UTF-8")
        ) from None


def _unreadable(path: str, found: str, allowed: str) -> InputError:
    return InputError("The file cannot be read", [Fault(path, found, allowed)])


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    twice = dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    repeating = Repeating(plain)
    repeating.repeated = tuple(twice)
    return repeating


def _whole_number(text: str) -> int | float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


def _number(text: str) -> int | float:
    # JSON knows one kind of number: 15.0 is the whole number 15.
    number = float(text)
    return int(number) if abs(number) < _EXACT and number.is_integer() else number
