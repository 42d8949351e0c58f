"""CSV as case systems and Excel write it: encodings, delimiters, broken rows, limits."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.exchange.csv_in import read_csv
from planner.exchange.table_file import read_table
from planner.exchange.tables import MOST_COLUMNS, MOST_ROWS, TableRow, neutral, plain

DANISH = "Sagsnr;Navn;Målgruppe\r\n1001;Åse Ærlig-Ødegård;6.1\r\n1002;Søren Prøve;6.2\r\n"
ROWS = (TableRow(2, ("1001", "Åse Ærlig-Ødegård", "6.1")), TableRow(3, ("1002", "Søren Prøve", "6.2")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_danish_letters_come_through_every_encoding(encoding: str) -> None:
    table = read_csv(DANISH.encode(encoding))
    assert table.header == ("Sagsnr", "Navn", "Målgruppe")
    assert table.rows == ROWS
    assert not table.rejected


def test_utf_16_big_endian() -> None:
    assert read_csv(b"\xfe\xff" + DANISH.encode("utf-16-be")).rows == ROWS


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_the_delimiter_is_seen_in_the_header(mark: str) -> None:
    assert read_csv(DANISH.replace(";", mark).encode()).rows == ROWS


def test_a_quoted_header_with_other_delimiters_in_it_does_not_mislead() -> None:
    table = read_csv('"Navn, fornavn, mellemnavn";Sagsnr\n"Prøve; Lis";7\n'.encode())
    assert table.header == ("Navn, fornavn, mellemnavn", "Sagsnr")
    assert table.rows == (TableRow(2, ("Prøve; Lis", "7")),)


def test_the_line_that_excel_puts_first_states_the_delimiter() -> None:
    table = read_csv(b"sep=,\r\nid,navn\r\n1,a;b\r\n")
    assert table.header == ("id", "navn")
    assert table.rows == (TableRow(3, ("1", "a;b")),)


def test_a_title_above_the_header_is_passed_over() -> None:
    table = read_csv("Udtræk fra sagssystemet;;\n;;\nSagsnr;Navn;Målgruppe\n1;Lis Prøve;6.1\n".encode())
    assert table.header == ("Sagsnr", "Navn", "Målgruppe")
    assert [row.number for row in table.rows] == [4]


def test_line_breaks_in_quotes_belong_to_the_cell_and_rows_keep_their_line_numbers() -> None:
    table = read_csv(b'id;navn\n1;"Lis\nProeve"\n2;Bo\n')
    assert table.rows == (TableRow(2, ("1", "Lis\nProeve")), TableRow(4, ("2", "Bo")))


def test_ragged_rows_are_rejected_with_their_cells() -> None:
    table = read_csv(b"id;navn\n1;Lis;for meget\n2\n3;Bo;\n4;Ib\n")
    assert [row.number for row in table.rows] == [4, 5]
    assert [(row.number, row.cells) for row in table.rejected] == [(2, ("1", "Lis", "for meget")), (3, ("2",))]
    assert str(table.rejected[0].reasons[0]) == "The row has 3 cells, the header has 2"


@pytest.mark.parametrize("bad", ["\0", "\x1b[31m", "\x07", "\x81"])
def test_a_control_character_rejects_its_row_only(bad: str) -> None:
    table = read_csv(f"id;navn\n1;Li{bad}s\n2;Bo\n".encode("latin-1"))
    assert [row.number for row in table.rows] == [3]
    assert [row.number for row in table.rejected] == [2]
    assert "control character" in str(table.rejected[0].reasons[0])


def test_quotation_marks_that_do_not_match_reject_their_row_as_it_stood() -> None:
    table = read_csv(b'id;navn\n1;"Lis" Proeve\n2;Bo\n')
    assert [row.number for row in table.rows] == [3]
    assert table.rejected[0].cells == ('1;"Lis" Proeve',)


def test_a_quotation_mark_that_is_never_closed_stops_the_import() -> None:
    with pytest.raises(InputError, match="line 3 is never closed"):
        read_csv(b'id;navn\n1;Bo\n2;"Lis\n3;Ib\n')


def test_mixed_encodings_are_refused_with_the_line() -> None:
    with pytest.raises(InputError, match="Line 3 is written in another encoding"):
        read_csv("id;navn\n1;Søren\n".encode() + "2;Åse\n".encode("cp1252"))


def test_a_file_cut_in_the_middle_of_a_letter_is_refused() -> None:
    with pytest.raises(InputError, match="cut off"):
        read_csv("id;navn\n1;Søren\n2;Å".encode()[:-1])


def test_a_windows_file_may_end_with_a_danish_letter() -> None:
    assert read_csv("id;navn\n1;Bo Å".encode("cp1252")).rows[0].cells == ("1", "Bo Å")


def test_columns_get_distinct_names() -> None:
    table = read_csv(b"Dato;Dato;;Navn;\n1;2;3;4;\n")
    assert table.header == ("Dato", "Dato (2)", "(3)", "Navn")
    assert table.rows[0].cells == ("1", "2", "3", "4")


def test_too_many_columns_and_rows_are_refused() -> None:
    wide = ";".join(f"k{n}" for n in range(MOST_COLUMNS + 1))
    with pytest.raises(InputError, match="more than 200 columns"):
        read_csv(f"{wide}\n".encode())
    with pytest.raises(InputError, match="more than 20000 rows"):
        read_csv(b"id;navn\n" + b"1;a\n" * (MOST_ROWS + 1))


def test_a_million_columns_in_one_row_are_refused() -> None:
    with pytest.raises(InputError, match="more than 200 columns"):
        read_csv(b"id;navn\n" + b"x;" * 1_000_000 + b"\n")


def test_a_web_page_that_calls_itself_a_list_is_refused_with_advice() -> None:
    with pytest.raises(InputError, match="web page"):
        read_csv(b"<html><table><tr><td>id</td></tr></table></html>")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b";;;\n;;\n"])
def test_a_file_without_rows_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_csv(data)


def test_what_we_added_to_a_file_of_rejected_rows_is_left_out_again() -> None:
    table = read_csv(b"id;navn;planner: r\xc3\xa6kke;planner: \xc3\xa5rsag\n'=1;Bo;2;hvorfor\n")
    assert table.header == ("id", "navn")
    assert table.rows[0].cells == ("=1", "Bo")


@given(st.text())
def test_the_apostrophe_before_a_formula_comes_off_again(text: str) -> None:
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_sentence(data: bytes) -> None:
    with suppress(InputError):
        table = read_csv(data)
        assert all(len(row.cells) == len(table.header) for row in table.rows)


_CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_CELLS, _CELLS), max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_no_line_is_lost(pairs: list[tuple[str, str]], encoding: str) -> None:
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in pair) for pair in pairs]
    table = read_csv("\n".join(["id;navn", *quoted]).encode(encoding))
    filled = [pair for pair in pairs if any(cell.strip() for cell in pair)]
    assert [row.cells for row in table.rows] == [tuple(plain(cell) for cell in pair) for pair in filled]


def test_a_file_that_is_not_there_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_table(tmp_path / "ingen.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_table(tmp_path)


def test_a_file_beyond_the_size_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stor.csv"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(InputError, match="larger than 20 MB"):
        read_table(path)
