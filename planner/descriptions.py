"""What a type allows, in words for whoever has to mend a file."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Any

from msgspec import inspect as kinds

from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.phrases import Phrase


def described(info: kinds.Type) -> str:
    """What a type allows, in a few words."""
    match info:
        case kinds.Metadata(type=inner, extra_json_schema=extra):
            return Phrase(extra["description"]) if extra and "description" in extra else described(inner)
        case kinds.UnionType(types=types):
            return _either([described(one) for one in sorted(types, key=lambda t: isinstance(t, kinds.NoneType))])
        case kinds.EnumType() | kinds.LiteralType():
            words = [str(value) for value in values_of(info)]
            return Phrase("one of {values}", values=", ".join(words)) if len(words) > 1 else words[0]
        case kinds.IntType(ge=least, le=most):
            return _bounded(Phrase("a whole number"), least, most)
        case kinds.FloatType(ge=least, le=most):
            return _bounded(Phrase("a number"), least, most)
        case kinds.StrType(min_length=least, max_length=most):
            return _text(least, most)
        case kinds.VarTupleType(max_length=most) | kinds.ListType(max_length=most):
            return Phrase("a list") if most is None else Phrase("a list of at most {most}", most=most)
        case kinds.DateType():
            return Phrase("a date YYYY-MM-DD from {first} to {last}", first=FIRST_DAY.year, last=LAST_DAY.year)
        case kinds.TimeType():
            return Phrase("a time HH:MM:SS")
        case kinds.DateTimeType():
            return Phrase("a date and time YYYY-MM-DDTHH:MM:SS")
        case kinds.BoolType():
            return Phrase("true or false")
        case kinds.NoneType():
            return "null"
        case _:
            return Phrase("an object")


def _either(words: list[str]) -> str:
    first, *more = words
    return Phrase("{one} or {other}", one=first, other=_either(more)) if more else first


def _bounded(what: str, least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return Phrase("{what} from {least} to {most}", what=what, least=least, most=most)
    if least is not None:
        return Phrase("{what} of at least {least}", what=what, least=least)
    return what if most is None else Phrase("{what} of at most {most}", what=what, most=most)


def _text(least: int | None, most: int | None) -> str:
    if most is not None:
        return Phrase("a text of at most {most} characters", most=most)
    return Phrase("a text that is not empty") if least else Phrase("a text")


def values_of(info: kinds.EnumType | kinds.LiteralType) -> Sequence[Any]:
    """The values that an enum or a literal allows."""
    return _members(info.cls) if isinstance(info, kinds.EnumType) else info.values


@cache
def _members(kind: type[Enum]) -> tuple[Any, ...]:
    return tuple(one.value for one in kind)
