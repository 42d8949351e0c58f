"""Which column of a file holds what: stated once in a small TOML document, guessed from the header, remembered.

schema = "planner-mapping/1"
[columns]
id = "Sagsnr"
name = ["Fornavn", "Efternavn"]
target_group = "Målgruppe"
[values.target_group]
"Gruppe J" = "6.2"
[fixed]
cadence = "standard"
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import msgspec

from planner import strict
from planner.errors import Fault, InputError
from planner.exchange.cells import key
from planner.exchange.tables import MOST_COLUMNS
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import member, nearest, parse_toml, shown

SCHEMA = "planner-mapping/1"
FIELDS = (
    *("id", "name", "cpr", "target_group", "spell_start", "unemployment_start", "handover_on", "cadence"),
    *("preferred_channel", "channels", "interpreter", "last_conversation", "last_channel"),
)

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Column = _Text | Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1, max_length=5)] | None
_Words = Annotated[dict[str, str], msgspec.Meta(max_length=1000)]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WITHOUT_WORDS = frozenset({"id", "name", "cpr"})

_Columns: Any = msgspec.defstruct("_Columns", [(name, _Column, None) for name in FIELDS], forbid_unknown_fields=True)
_Values: Any = msgspec.defstruct(
    "_Values",
    [(name, _Words, msgspec.field(default_factory=dict)) for name in FIELDS if name not in _WITHOUT_WORDS],
    forbid_unknown_fields=True,
)
_Fixed: Any = msgspec.defstruct(
    "_Fixed",
    [(name, _Text | None, None) for name in FIELDS if name not in _WITHOUT_WORDS],
    forbid_unknown_fields=True,
)


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    schema: Literal["planner-mapping/1"]
    columns: _Columns
    values: _Values = msgspec.field(default_factory=_Values)
    fixed: _Fixed = msgspec.field(default_factory=_Fixed)
    sheet: _Text | None = None


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Our field to the file's columns (joined by a space), words to translate, and values for every row."""

    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None

    def document(self) -> dict[str, object]:
        """The map as plain data, as it is written and remembered."""
        columns = {name: found[0] if len(found) == 1 else list(found) for name, found in self.columns.items()}
        plain: dict[str, object] = {"schema": SCHEMA}
        if self.sheet is not None:
            plain["sheet"] = self.sheet
        plain["columns"] = columns
        if self.values:
            plain["values"] = {name: dict(words) for name, words in self.values.items()}
        if self.fixed:
            plain["fixed"] = dict(self.fixed)
        return plain


def column_map_of(document: object) -> ColumnMap:
    """The map in plain data; raises InputError with every fault."""
    found = strict.read(document, _Document, message=N_("The column mapping has faults"))
    columns = {
        name: (stated,) if isinstance(stated, str) else tuple(stated)
        for name in FIELDS
        if (stated := getattr(found.columns, name)) is not None
    }
    others = [name for name in FIELDS if name not in _WITHOUT_WORDS]
    return ColumnMap(
        columns,
        {name: words for name in others if (words := getattr(found.values, name))},
        {name: value for name in others if (value := getattr(found.fixed, name)) is not None},
        found.sheet,
    )


def read_column_map(data: bytes) -> ColumnMap:
    """The map in a TOML document; raises InputError with every fault."""
    return column_map_of(parse_toml(data, "$"))


def write_column_map(column_map: ColumnMap) -> bytes:
    """The map as a TOML document that `read_column_map` reads back as the same map."""
    document = column_map.document()
    lines = [f"{name} = {_quoted(value)}" for name, value in document.items() if isinstance(value, str)]
    for table in ("columns", "fixed"):
        lines += _table(table, document.get(table))
    values = document.get("values")
    for name, words in values.items() if isinstance(values, dict) else ():
        lines += _table(f"values.{name}", words)
    return ("\n".join(lines) + "\n").encode()


def _table(name: str, content: object) -> list[str]:
    if not isinstance(content, dict):
        return []
    return ["", f"[{name}]", *(f"{_key(word)} = {_value(value)}" for word, value in content.items())]


def _key(word: str) -> str:
    return word if _BARE.fullmatch(word) else _quoted(word)


def _value(value: object) -> str:
    return f"[{', '.join(_quoted(str(one)) for one in value)}]" if isinstance(value, list) else _quoted(str(value))


def _quoted(text: str) -> str:
    # A JSON string is a TOML string but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _column_words(near: str | None, header: Sequence[str]) -> Phrase:
    if near:
        return Phrase("{near} (the nearest column)", near=near)
    return Phrase("the columns {names}", names=", ".join(header))


def check_columns(column_map: ColumnMap, header: Sequence[str]) -> None:
    """Raise InputError with every column of the map that the header does not have."""
    faults = []
    for name, columns in column_map.columns.items():
        for column in columns:
            if column not in header:
                near = nearest(column, list(header)[:MOST_COLUMNS])
                allowed = _column_words(near, header)
                faults.append(Fault(member("$.columns", name), shown(column), allowed))
    if faults:
        raise InputError("The column mapping names columns that the file does not have", faults)
    if not column_map.columns.keys() & {"id", "cpr"}:
        raise InputError("The column mapping says neither where the id stands nor where the CPR number stands")


def signature(header: Sequence[str]) -> str:
    """What a header is remembered by: its columns in any order, hashed."""
    names = "\n".join(sorted(key(name) for name in header))
    return "columns:" + hashlib.sha256(names.encode()).hexdigest()[:40]


def guess(header: Sequence[str]) -> ColumnMap:
    """The map that the header suggests: exact names first, then columns that contain one; each column once."""
    keys = {name: key(name) for name in header}
    free = list(header)
    columns: dict[str, tuple[str, ...]] = {}
    for exact in (True, False):
        for ours in FIELDS:
            if ours in columns:
                continue
            found = next((name for word in _NAMES[ours] for name in free if _fits(word, keys[name], exact)), None)
            if found is not None:
                columns[ours] = (found,)
                free.remove(found)
    if "name" not in columns:
        parts = [next((name for name in free if keys[name] in words), None) for words in (_FIRST_NAMES, _LAST_NAMES)]
        if all(parts):
            columns["name"] = tuple(part for part in parts if part)
    return ColumnMap({name: columns[name] for name in FIELDS if name in columns})


def _fits(word: str, column: str, exact: bool) -> bool:
    if exact:
        return word == column
    return len(word) > 5 and word in column and not column.endswith(("slut", "slutdato", "end", "enddate"))


def _keys(words: str) -> tuple[str, ...]:
    return tuple(key(word) for word in words.split(", "))


_FIRST_NAMES = frozenset(_keys("fornavn, fornavne, first name, given name"))
_LAST_NAMES = frozenset(_keys("efternavn, efternavne, last name, surname"))
_NAMES: dict[str, tuple[str, ...]] = {
    "id": _keys(
        "id, sagsnr, sagsnummer, sags-id, sag nr, sag, borger-id, borgernr, borgernummer, case id, case number, "
        "case no, citizen id"
    ),
    "name": _keys("navn, borger, borgernavn, borgers navn, fulde navn, fuldt navn, name, full name, citizen"),
    "cpr": _keys("cpr, cpr-nr, cpr-nummer, personnummer, personnr, cpr number, cpr no"),
    "target_group": _keys("målgruppe, målgruppekode, målgruppenavn, target group, group"),
    "spell_start": _keys(
        "forløb start, forløbsstart, forløb startdato, forløbets start, start på forløb, startdato forløb, "
        "ydelsesstart, ydelse start, ydelse fra, målgruppe start, målgruppe startdato, spell start, benefit start, "
        "første dag, første sygedag, første fraværsdag, startdato, start, start date"
    ),
    "unemployment_start": _keys(
        "ledig siden, ledighed start, ledighedsstart, ledighedsdato, første ledighedsdag, ledig fra, "
        "unemployment start, unemployed since"
    ),
    "handover_on": _keys(
        "overdragelse, overdragelsesdato, overdraget, overtaget fra a-kasse, overgået fra a-kasse, handover, "
        "handover on, handover date"
    ),
    "cadence": _keys("kadence, frekvens, kontaktfrekvens, samtalefrekvens, rytme, cadence"),
    "preferred_channel": _keys(
        "kontaktform, foretrukken kanal, foretrukken kontaktform, ønsket kanal, ønsket kontaktform, samtaleform, "
        "kanal, preferred channel, channel"
    ),
    "channels": _keys("kanaler, mulige kanaler, kontaktformer, channels"),
    "interpreter": _keys("tolk, tolkesprog, tolk sprog, tolkebehov, behov for tolk, interpreter, interpreter language"),
    "last_conversation": _keys(
        "seneste samtale, sidste samtale, seneste afholdte samtale, senest afholdt samtale, sidste afholdte samtale, "
        "seneste samtaledato, dato for seneste samtale, seneste kontakt, sidste kontakt, "
        "last conversation, last contact"
    ),
    "last_channel": _keys(
        "form seneste samtale, seneste samtaleform, seneste kontaktform, kanal seneste samtale, last channel"
    ),
}
