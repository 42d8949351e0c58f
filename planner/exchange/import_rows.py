"""From a table and a column map to rows about citizens: each row is taken or rejected with all its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date

from planner.domain.cpr import looks_like_cpr
from planner.exchange.cells import (
    Read,
    Unread,
    key,
    read_cadence,
    read_channel,
    read_channels,
    read_date,
    read_interpreter,
    read_target_group,
    read_text,
)
from planner.exchange.column_map import FIELDS, ColumnMap, check_columns
from planner.exchange.cpr import Cpr, read_cpr
from planner.exchange.tables import BadCell, Cell, Table, TableRow, cell_text, cell_texts, is_blank
from planner.locale import N_
from planner.services.imported import CitizenRow, ImportRows, Reason, RejectedRow, because

Reader = Callable[[Cell, bool], Read]
LONGEST_ID = 100

_READERS: dict[str, Reader] = {
    "name": lambda cell, _: Read(read_text(cell)),
    "target_group": read_target_group,
    "spell_start": read_date,
    "unemployment_start": read_date,
    "handover_on": read_date,
    "cadence": read_cadence,
    "preferred_channel": read_channel,
    "channels": read_channels,
    "interpreter": read_interpreter,
    "last_conversation": read_date,
    "last_channel": read_channel,
}


def rows(table: Table, column_map: ColumnMap, today: date | None = None) -> ImportRows:
    """What each row of the table says; raises InputError where the map does not fit the table.

    With `today`, a last conversation after it is a reason to reject the row. Rows that share an id or a CPR number
    are all rejected, for nobody can know which one holds.
    """
    check_columns(column_map, table.header)
    reading = _Reading(table, column_map, today)
    accepted: list[CitizenRow] = []
    rejected = list(table.rejected)
    for row in table.rows:
        found, reasons = reading.row(row)
        if reasons:
            rejected.append(RejectedRow(row.number, tuple(reasons), cell_texts(row.cells)))
        else:
            accepted.append(found)
    single, twice = _without_doubles(accepted)
    return ImportRows(single, tuple(sorted([*rejected, *twice], key=lambda row: row.number)), _notes(column_map))


def _notes(column_map: ColumnMap) -> tuple[Reason, ...]:
    stated = column_map.columns.keys() | column_map.fixed.keys()
    if "last_conversation" in stated and "last_channel" not in stated:
        return (because(N_("The file does not say how the last conversations were held; they are taken as in person")),)
    return ()


class _Reading:
    """One table being read by one map."""

    def __init__(self, table: Table, column_map: ColumnMap, today: date | None) -> None:
        places = {name: n for n, name in enumerate(table.header)}
        self.places = {ours: [places[name] for name in found] for ours, found in column_map.columns.items()}
        self.columns = {ours: " + ".join(found) for ours, found in column_map.columns.items()}
        self.words = {
            ours: {key(word): value for word, value in words.items()} for ours, words in column_map.values.items()
        }
        self.fixed = column_map.fixed
        self.epoch_1904 = table.epoch_1904
        self.today = today

    def _cell(self, ours: str, row: TableRow) -> Cell:
        cells = [row.cells[n] for n in self.places.get(ours, ())]
        if len(cells) <= 1:
            return cells[0] if cells else None
        bad = next((cell for cell in cells if isinstance(cell, BadCell)), None)
        return bad or " ".join(text for cell in cells if (text := cell_text(cell).strip()))

    def row(self, row: TableRow) -> tuple[CitizenRow, list[Reason]]:
        """What the row says, and every reason to reject it."""
        reasons: list[Reason] = []
        warnings: list[Reason] = []
        cpr = self._cpr(row, reasons)
        warnings.extend(cpr.warnings if cpr else ())
        identity = self._id(row, reasons)
        if identity is None and cpr is None and not reasons:
            reasons.append(because(N_("The row has neither an id nor a CPR number")))
        fields: dict[str, object] = {}
        for ours in FIELDS:
            if ours in _READERS and (read := self._field(ours, row, reasons)) is not None:
                fields[ours] = read.value
                warnings.extend(read.warnings)
        self._last_conversation(fields, reasons)
        number = cpr.number if cpr else None
        return CitizenRow(row.number, identity, number, fields, tuple(warnings), cell_texts(row.cells)), reasons

    def _cpr(self, row: TableRow, reasons: list[Reason]) -> Cpr | None:
        cell = self._cell("cpr", row)
        if is_blank(cell):
            return None
        try:
            return read_cpr(cell)
        except Unread as error:
            reasons.append(self._in_column("cpr", error.reason))
            return None

    def _id(self, row: TableRow, reasons: list[Reason]) -> str | None:
        cell = self._cell("id", row)
        if is_blank(cell):
            return None
        try:
            text = read_text(cell)
        except Unread as error:
            reasons.append(self._in_column("id", error.reason))
            return None
        if looks_like_cpr(text):
            reasons.append(
                because(N_("The id looks like a CPR number; map the column “{column}” as cpr"), **self._name("id"))
            )
            return None
        if len(text) > LONGEST_ID:
            reasons.append(because(N_("The id is longer than {most} characters"), most=LONGEST_ID))
        return text

    def _field(self, ours: str, row: TableRow, reasons: list[Reason]) -> Read | None:
        cell = self._cell(ours, row)
        if is_blank(cell):
            cell = self.fixed.get(ours)
            if cell is None:
                return None
        elif ours in self.words and not isinstance(cell, BadCell):
            cell = self.words[ours].get(key(cell_text(cell)), cell)
        try:
            return _READERS[ours](cell, self.epoch_1904)
        except Unread as error:
            reasons.append(self._in_column(ours, error.reason))
            return None

    def _last_conversation(self, fields: dict[str, object], reasons: list[Reason]) -> None:
        held = fields.get("last_conversation")
        if self.today is not None and isinstance(held, date) and held > self.today:
            reasons.append(because(N_("The last conversation, {date}, is in the future"), date=held))
        if held is None:
            fields.pop("last_channel", None)

    def _name(self, ours: str) -> dict[str, object]:
        return {"column": self.columns.get(ours, ours)}

    def _in_column(self, ours: str, reason: Reason) -> Reason:
        return because(N_("Column “{column}”: {reason}"), **self._name(ours), reason=reason)


def _without_doubles(accepted: Sequence[CitizenRow]) -> tuple[tuple[CitizenRow, ...], list[RejectedRow]]:
    shared: dict[int, list[Reason]] = defaultdict(list)
    for what, message in (
        ("id", N_("The id stands in several rows: {numbers}")),
        ("cpr", N_("The CPR number stands in several rows: {numbers}")),
    ):
        by_value: dict[Hashable, list[int]] = defaultdict(list)
        for row in accepted:
            value = getattr(row, what)
            if value is not None:
                by_value[value].append(row.number)
        for numbers in by_value.values():
            if len(numbers) > 1:
                for number in numbers:
                    shared[number].append(because(message, numbers=", ".join(map(str, numbers[:20]))))
    single = tuple(row for row in accepted if row.number not in shared)
    twice = [RejectedRow(row.number, tuple(shared[row.number]), row.cells) for row in accepted if row.number in shared]
    return single, twice
