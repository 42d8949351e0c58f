"""Rows as JSON can hold them (for the journal) and as the tables hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Date, DateTime, Table, Time

from planner.store.tables import CHANGING

_READERS: dict[type, Callable[[str], object]] = {
    Date: date.fromisoformat,
    DateTime: datetime.fromisoformat,
    Time: time.fromisoformat,
}


@cache
def _dated(table: str) -> tuple[tuple[str, Callable[[str], object]], ...]:
    columns = CHANGING[table].columns
    return tuple((c.name, _READERS[type(c.type)]) for c in columns if type(c.type) in _READERS)


def image_of(table: Table, row: Mapping[str, Any]) -> dict[str, object]:
    """The row, or some columns of it, with dates and times as ISO text."""
    image = dict(row)
    for name, _ in _dated(table.name):
        if image.get(name) is not None:
            image[name] = image[name].isoformat()
    return image


def row_of(table: Table, image: Mapping[str, Any]) -> dict[str, object]:
    """The row from its image; a column that was added since is empty."""
    row: dict[str, Any] = {column.name: image.get(column.name) for column in table.columns}
    for name, read in _dated(table.name):
        if row[name] is not None:
            row[name] = read(row[name])
    return row


def same(one: Mapping[str, object] | None, other: Mapping[str, object] | None) -> bool:
    """Whether two images hold the same; the version says only who wrote last.

    An image from before a column was added lacks it, which is the same as an empty one.
    """
    if one is None or other is None:
        return one is other
    return _said(one) == _said(other)


def _said(image: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in image.items() if value is not None and name != "version"}
