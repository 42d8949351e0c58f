"""The rows that were not taken come back in a file: whole, harmless, private, and never over another file."""

from __future__ import annotations

import csv
import io
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.exchange.csv_in import read_csv
from planner.exchange.rejected_file import rejected_bytes, write_rejected
from planner.services.imported import RejectedRow, because

HEADER = ("Sagsnr", "Navn")
LIS = RejectedRow(2, (because("The id stands in several rows: {numbers}", numbers="2, 3"),), ("1", "Lis Prøve"))
EVIL = RejectedRow(7, (because("no"),), ('=cmd|" /C calc"!A0', "+45 12 34 56 78"))


def cells(data: bytes) -> list[list[str]]:
    """The file as a spreadsheet takes it apart."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_cells_stand_as_they_were_with_row_and_reasons() -> None:
    data = rejected_bytes(HEADER, [LIS])
    assert data.startswith(b"\xef\xbb\xbf")
    assert cells(data) == [
        ["Sagsnr", "Navn", "planner: række", "planner: årsag"],
        ["1", "Lis Prøve", "2", "The id stands in several rows: 2, 3"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_nothing_becomes_a_formula(start: str) -> None:
    data = rejected_bytes((start + "h", "b"), [RejectedRow(2, (because("r"),), (start + "1+1", "b"))])
    assert all(not cell.startswith(start) for row in cells(data) for cell in row)


def test_the_file_can_be_imported_again_after_it_was_mended() -> None:
    table = read_csv(rejected_bytes(HEADER, [LIS, EVIL]))
    assert table.header == HEADER
    assert [row.cells for row in table.rows] == [LIS.cells, EVIL.cells]


@given(st.lists(st.tuples(st.text(min_size=1, max_size=9), st.text(max_size=9)), min_size=1, max_size=5))
def test_every_cell_survives_the_round_trip(pairs: list[tuple[str, str]]) -> None:
    rows = [RejectedRow(n, (because("r"),), pair) for n, pair in enumerate(pairs, start=2)]
    table = read_csv(rejected_bytes(HEADER, rows))
    back = [row.cells[:2] for row in table.rows] + [row.cells[:2] for row in table.rejected]
    assert sorted(map(str, back)) == sorted(map(str, pairs))


def test_the_file_stands_beside_its_source_for_its_owner_only(tmp_path: Path) -> None:
    source = tmp_path / "liste.xlsx"
    path = write_rejected(source, HEADER, [LIS])
    assert path == tmp_path / "liste.rejected.csv"
    assert path.read_bytes() == rejected_bytes(HEADER, [LIS])
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["liste.rejected.csv"]


def test_nothing_rejected_writes_nothing(tmp_path: Path) -> None:
    assert write_rejected(tmp_path / "liste.csv", HEADER, []) is None
    assert not list(tmp_path.iterdir())


def test_an_older_file_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "liste.csv"
    first = write_rejected(source, HEADER, [LIS])
    assert write_rejected(source, HEADER, [LIS]) == first
    second = write_rejected(source, HEADER, [EVIL])
    assert second == tmp_path / "liste.rejected-2.csv"
    assert first is not None
    assert first.read_bytes() == rejected_bytes(HEADER, [LIS])


def test_a_link_that_somebody_laid_out_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "andet"
    (tmp_path / "liste.rejected.csv").symlink_to(target)
    assert write_rejected(tmp_path / "liste.csv", HEADER, [LIS]) == tmp_path / "liste.rejected-2.csv"
    assert not target.exists()


def test_a_folder_that_cannot_be_written_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_rejected(tmp_path / "findes ikke" / "liste.csv", HEADER, [LIS])
