"""Templates of texts in plain text: named placeholders, and lines that stand only where a condition holds.

A line that begins with `[phone]`, `[in_person place]` or `[!interpreter]` is kept only where every word in the brackets
holds: a channel, or a placeholder that has a value; `!` turns it round. `{{`, `}}` and `[[` stand for the signs
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.conversations import TALKING
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import nearest, shown


class PaperKind(StrEnum):
    """The texts that the program writes; the value begins the template's file name."""

    SUMMONS = "summons"
    OFFER = "offer"
    CASE_NOTE = "case-note"


_EVERYWHERE = ("caseworker", "interpreter", "link", "municipality", "name", "place", "telephone", "today")
PLACEHOLDERS: Mapping[PaperKind, tuple[str, ...]] = {
    PaperKind.SUMMONS: (*_EVERYWHERE, "channel", "date", "end", "minutes", "time"),
    PaperKind.OFFER: (*_EVERYWHERE, "channel", "deadline", "minutes", "times"),
    PaperKind.CASE_NOTE: (*_EVERYWHERE, "cadence", "channel", "covered", "date", "id", "minutes", "next", "time"),
}
#: What a condition may name beside placeholders.
CHANNELS = tuple(channel.value for channel in TALKING)
SELF_BOOKED = "self_booked"

_CONDITION = re.compile(r"\[(?!\[)([^\]]*)\] ?(.*)")
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One line: the conditions under which it stands, and its text with placeholders."""

    conditions: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was found to be sound."""

    lines: tuple[TemplateLine, ...]


def read_template(text: str, kind: PaperKind, where: str) -> Template:
    """The template in a file's text; raises InputError with every fault: file and line, what was found, what fits."""
    lines: list[TemplateLine] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _CONDITION.fullmatch(line)
        conditions = tuple(found[1].split()) if found else ()
        body = found[2] if found else line.replace("[[", "[", 1) if line.startswith("[[") else line
        place = f"{where}:{number}"
        faults += _condition_faults(conditions, kind, place) if found else ()
        faults += _placeholder_faults(body, kind, place)
        lines.append(TemplateLine(conditions, body))
    if not any(line.text.strip() for line in lines):
        faults.append(Fault(where, Phrase("nothing"), Phrase("a text")))
    if faults:
        raise InputError(N_("A template is wrong"), faults)
    return Template(tuple(lines))


def filled(template: Template, values: Mapping[str, str], holding: Collection[str]) -> str:
    """The text with the values put in; conditions hold for what is in `holding` and for placeholders with a value.

    Values are data: nothing in them is read as a placeholder or a condition. No two empty lines follow each other.
    """
    known = {name for name, value in values.items() if value} | set(holding)
    text = "\n".join(
        _PART.sub(lambda part: _value(part, values), line.text).rstrip()
        for line in template.lines
        if all((name.lstrip("!") in known) != name.startswith("!") for name in line.conditions)
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _value(part: re.Match[str], values: Mapping[str, str]) -> str:
    name = part[1]
    return part[0][0] if name is None else values.get(name.strip(), "")


def _condition_faults(conditions: tuple[str, ...], kind: PaperKind, place: str) -> Iterator[Fault]:
    known = (*PLACEHOLDERS[kind], *CHANNELS, SELF_BOOKED)
    if not conditions:
        yield Fault(place, Phrase("a condition without a word"), Phrase("one of {values}", values=", ".join(known)))
    for name in (condition.removeprefix("!") for condition in conditions):
        if name not in known:
            yield Fault(place, Phrase("unknown condition {name}", name=shown(name)), _nearest(name, known))


def _placeholder_faults(text: str, kind: PaperKind, place: str) -> Iterator[Fault]:
    known = PLACEHOLDERS[kind]
    for part in _PART.finditer(text):
        if part[0] in ("{", "}"):
            yield Fault(
                place, Phrase("a brace that stands alone"), Phrase("a placeholder in braces, or the brace twice")
            )
        elif part[1] is not None and part[1].strip() not in known:
            name = part[1].strip()
            yield Fault(place, Phrase("unknown placeholder {name}", name=shown(name)), _nearest(name, known))


def _nearest(name: str, known: tuple[str, ...]) -> Phrase:
    near = nearest(name, known)
    if near is None:
        return Phrase("one of {values}", values=", ".join(known))
    return Phrase("{near} (the nearest valid one)", near=near)
