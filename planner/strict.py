"""Strict reading: plain data against a msgspec type, with every fault at once.

msgspec itself stops at the first fault. This walk follows the same types (structs, enums, literals, dates, patterns,
bounds) and goes on after a fault, so that a file can be mended in one round. Checks that need more than one field
hang on a struct and see those of its fields that are in order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect as kinds

from planner.descriptions import described, values_of
from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.errors import Fault, InputError
from planner.phrases import Phrase
from planner.plain import Repeating, in_document_order, member, nearest, shown

T = TypeVar("T")


class Good(dict[str, Any]):
    """The fields of one object that are in order, dates and enums converted; `present` names the faulty ones too."""

    present: frozenset[str] = frozenset()

    def lacks(self, key: str) -> bool:
        """Whether the key does not stand in the document, or holds nothing (null, or an empty list or text)."""
        return key not in self.present or (key in self and self[key] in (None, "", [], {}))


Check = Callable[[Good, str], Iterable[Fault]]
Checks = Mapping[type, Check]

MOST_UNKNOWN_KEYS = 50
#: Faults after which a document is not looked at any further: nobody mends so many one by one.
MOST_FAULTS = 10_000
#: Stands in a list for an item that is not in order.
BAD: Any = type("Bad", (), {"__repr__": lambda _: "BAD"})()

#: A surrogate on its own cannot be written as UTF-8.
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def examined(data: object, kind: object, path: str = "$", checks: Checks | None = None) -> tuple[Any, list[Fault]]:
    """The parts of `data` that are in order (nested dicts and lists, BAD for the rest), and what is wrong."""
    reader = _Reader(checks or {})
    try:
        good = reader.read(data, _info(kind), path)
    except _TooManyFaultsError:
        more = Fault(path, Phrase("more than {count} faults", count=MOST_FAULTS), Phrase("what the schema says"))
        return {} if isinstance(data, dict) else BAD, [*reader.faults, more]
    return good, in_document_order(reader.faults, data, path)


def faults(data: object, kind: object, path: str = "$", checks: Checks | None = None) -> list[Fault]:
    """Everything that is wrong with `data` as a value of the type `kind`, in the order of the document."""
    return examined(data, kind, path, checks)[1]


def read(
    data: object,
    kind: type[T],
    path: str = "$",
    checks: Checks | None = None,
    *,
    message: str,
) -> T:
    """`data` as a value of the type `kind`; raises InputError with the message and every fault."""
    found = faults(data, kind, path, checks)
    if found:
        raise InputError(message, found)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError:  # the walk and msgspec disagree: still a sentence, never a traceback
        raise InputError(message, [Fault(path, "something else", "what the schema says")]) from None


@cache
def _info(kind: object) -> kinds.Type:
    return kinds.type_info(kind)


class _TooManyFaultsError(Exception):
    """So much is wrong that the walk ends."""


class _Reader:
    """One walk through one document; each `_…` gives the value as far as it is in order, or BAD."""

    def __init__(self, checks: Checks) -> None:
        self.faults: list[Fault] = []
        self.checks = checks

    def fault(self, path: str, found: str, allowed: str) -> Any:
        if len(self.faults) >= MOST_FAULTS:
            raise _TooManyFaultsError
        self.faults.append(Fault(path, found, allowed))
        return BAD

    def wrong(self, value: object, info: kinds.Type, path: str) -> Any:
        return self.fault(path, shown(value), described(info))

    def read(self, value: object, info: kinds.Type, path: str) -> Any:
        """The value as the type wants it; faults are noted on the way."""
        method = _METHODS.get(type(info))
        if method is not None:
            return method(self, value, info, path)
        plain = _leaf(value, info)
        return self.wrong(value, info, path) if plain is BAD else plain

    def _described(self, value: object, info: kinds.Metadata, path: str) -> Any:
        before = len(self.faults)
        plain = self.read(value, info.type, path)
        if plain is BAD and len(self.faults) == before + 1 and self.faults[-1].path == path:
            self.faults[-1] = Fault(path, self.faults[-1].found, described(info))
        return plain

    def _union(self, value: object, info: kinds.UnionType, path: str) -> Any:
        fitting = next((one for one in info.types if _same_sort(value, one)), None)
        if fitting is not None:
            return self.read(value, fitting, path)
        return self.wrong(value, info, path)

    def _choice(self, value: object, info: kinds.EnumType | kinds.LiteralType, path: str) -> Any:
        values = values_of(info)
        if type(value) in (str, int) and value in values:
            return info.cls(value) if isinstance(info, kinds.EnumType) else value
        near = nearest(value, [str(one) for one in values]) if isinstance(value, str) and len(values) > 1 else None
        allowed = described(info)
        if near:
            allowed = Phrase("{allowed} (nearest: {near})", allowed=allowed, near=near)
        return self.fault(path, shown(value), allowed)

    def _list(self, value: object, info: kinds.VarTupleType | kinds.ListType, path: str) -> Any:
        if not isinstance(value, list | tuple):
            return self.wrong(value, info, path)
        if info.max_length is not None and len(value) > info.max_length:
            return self.fault(path, Phrase("a list of {count}", count=len(value)), described(info))
        if info.min_length is not None and len(value) < info.min_length:
            least = Phrase("a list of at least {least}", least=info.min_length)
            return self.fault(path, Phrase("a list of {count}", count=len(value)), least)
        return [self.read(item, info.item_type, f"{path}[{n}]") for n, item in enumerate(value)]

    def _dict(self, value: object, info: kinds.DictType, path: str) -> Any:
        if not isinstance(value, dict):
            return self.wrong(value, info, path)
        if info.max_length is not None and len(value) > info.max_length:
            most = Phrase("at most {most} keys", most=info.max_length)
            return self.fault(path, Phrase("an object of {count} keys", count=len(value)), most)
        self._keys_once(value, path)
        plain = {}
        for key, item in value.items():
            at = member(path, key)
            if self.read(key, info.key_type, at) is not BAD:
                plain[key] = self.read(item, info.value_type, at)
        good = Good((key, item) for key, item in plain.items() if item is not BAD)
        good.present = frozenset(value)
        return good

    def _struct(self, value: object, info: kinds.StructType, path: str) -> Any:
        if not isinstance(value, dict):
            return self.wrong(value, info, path)
        self._keys_once(value, path)
        known = {field.encode_name: field for field in info.fields}
        self._unknown([key for key in value if key not in known], list(known), path)
        good = Good()
        good.present = frozenset(value)
        for name, field in known.items():
            if name in value:
                plain = self.read(value[name], field.type, f"{path}.{name}")
                if plain is not BAD:
                    good[name] = plain
            elif field.required:
                self.fault(f"{path}.{name}", Phrase("nothing"), described(field.type))
        check = self.checks.get(info.cls)
        if check is not None:
            self.faults.extend(check(good, path))
        return good

    def _keys_once(self, value: dict[str, object], path: str) -> None:
        for key in value.repeated if isinstance(value, Repeating) else ():
            self.fault(member(path, key), Phrase("the key more than once"), Phrase("each key once"))

    def _unknown(self, keys: list[str], known: list[str], path: str) -> None:
        for key in keys[:MOST_UNKNOWN_KEYS]:
            near = nearest(key, known)
            allowed = Phrase("{near} (the nearest known key)", near=near) if near else _keys(known)
            self.fault(member(path, key), Phrase("unknown key {key}", key=shown(key)), allowed)
        if len(keys) > MOST_UNKNOWN_KEYS:
            more = Phrase("{count} more unknown keys", count=len(keys) - MOST_UNKNOWN_KEYS)
            self.fault(path, more, _keys(known))


_METHODS: Mapping[type, Callable[[_Reader, Any, Any, str], Any]] = {
    kinds.Metadata: _Reader._described,
    kinds.UnionType: _Reader._union,
    kinds.StructType: _Reader._struct,
    kinds.VarTupleType: _Reader._list,
    kinds.ListType: _Reader._list,
    kinds.DictType: _Reader._dict,
    kinds.EnumType: _Reader._choice,
    kinds.LiteralType: _Reader._choice,
    kinds.AnyType: lambda _, value, *__: value,
}


def _keys(known: list[str]) -> str:
    return Phrase("the keys {keys}", keys=", ".join(known))


_SORTS: tuple[tuple[type | tuple[type, ...], tuple[type, ...]], ...] = (
    (type(None), (kinds.NoneType,)),
    (bool, (kinds.BoolType,)),
    (int, (kinds.IntType, kinds.FloatType, kinds.EnumType, kinds.LiteralType)),
    (float, (kinds.FloatType,)),
    (str, (kinds.StrType, kinds.EnumType, kinds.LiteralType, kinds.DateType, kinds.TimeType, kinds.DateTimeType)),
    (datetime, (kinds.DateTimeType,)),
    (date, (kinds.DateType,)),
    (time, (kinds.TimeType,)),
    (dict, (kinds.StructType, kinds.DictType)),
    ((list, tuple), (kinds.VarTupleType, kinds.ListType)),
)


def _same_sort(value: object, info: kinds.Type) -> bool:
    """Whether the value is of the sort that the type reads, whatever its content."""
    inner = info.type if isinstance(info, kinds.Metadata) else info
    for sort, readers in _SORTS:
        if isinstance(value, sort):
            return isinstance(inner, readers)
    return False


def _leaf(value: object, info: kinds.Type) -> Any:
    match info:
        case kinds.StrType():
            return value if isinstance(value, str) and _is_text(value, info) else BAD
        case kinds.IntType():
            return value if type(value) is int and _within(value, info) else BAD
        case kinds.FloatType():
            number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            return value if number and _within(value, info) else BAD  # type: ignore[arg-type]
        case kinds.BoolType():
            return value if isinstance(value, bool) else BAD
        case kinds.NoneType():
            return None if value is None else BAD
        case kinds.DateType():
            day = _parsed(value, date) if isinstance(value, str) and _DATE.fullmatch(value) else value
            return day if type(day) is date and FIRST_DAY <= day <= LAST_DAY else BAD
        case kinds.TimeType():
            return value if type(value) is time else _parsed(value, time)
        case kinds.DateTimeType():
            return value if type(value) is datetime else _parsed(value, datetime)
        case _:
            raise TypeError(f"strict reading knows no {type(info).__name__}")


def _parsed(value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind) if isinstance(value, str) else BAD
    except msgspec.ValidationError:
        return BAD  # type: ignore[no-any-return]


def _within(value: float, info: kinds.IntType | kinds.FloatType) -> bool:
    return (
        (info.ge is None or value >= info.ge)
        and (info.le is None or value <= info.le)
        and (info.gt is None or value > info.gt)
        and (info.lt is None or value < info.lt)
    )


def _is_text(value: str, info: kinds.StrType) -> bool:
    if _HALF_CHARACTER.search(value):
        return False
    if not (info.min_length or 0) <= len(value) <= (info.max_length if info.max_length is not None else len(value)):
        return False
    if info.pattern is None:
        return True
    # `$` also matches before a last line break, which no pattern here means.
    return re.search(info.pattern, value) is not None and not (info.pattern.endswith("$") and value.endswith("\n"))
