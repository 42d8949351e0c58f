"""Figures in files: texts from data are never formulas, figures are read back as they were."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from planner.exchange.csv_in import read_csv
from planner.exchange.figures_out import Value, csv_bytes, xlsx_bytes
from planner.exchange.jobindsats_in import extract_of

EVIL = ["=1+1", "+45 12", "-x", "@SUM(A1)", "\t=1", "＝1", "a\x1b[2Jb"]


@pytest.mark.parametrize("text", EVIL)
def test_a_text_is_neutral_in_both(text: str) -> None:
    rows = [["reason"], [text]]
    (_, (written,)) = csv.reader(csv_bytes(rows).decode("utf-8-sig").splitlines(), delimiter=";")
    assert written[0] not in "=+-@\t＝"
    cell = load_workbook(io.BytesIO(xlsx_bytes({"a": rows})))["a"]["A2"]
    assert cell.data_type == "s"
    for shown in (written, str(cell.value)):
        assert "\x1b" not in shown


def test_figures_are_read_back_as_they_were() -> None:
    figures = [1234.5, 0.25, 1000000, -3.0, 7]
    rows: list[list[Value]] = [["what", "value"]]
    rows += [[f"row {figure}", figure] for figure in figures]
    found = extract_of(read_csv(csv_bytes(rows)))
    assert [row.values[0] for row in found.rows] == figures
    sheet = load_workbook(io.BytesIO(xlsx_bytes({"a": rows})))["a"]
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == figures
