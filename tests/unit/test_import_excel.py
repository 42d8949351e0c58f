"""Excel workbooks: honest ones, broken ones and hostile ones. They are made by openpyxl or by hand, never by us."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from planner.errors import InputError
from planner.exchange.excel_in import check_workbook, read_excel
from planner.exchange.table_file import read_table
from planner.exchange.tables import BadCell, TableRow

HEADER = ["Sagsnr", "Navn", "Første dag"]


def workbook(*rows: Sequence[object], change: Callable[[Workbook], None] | None = None) -> bytes:
    """A workbook with these rows on its first sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def handmade(sheet: str, extra: dict[str, bytes] | None = None, properties: str = "") -> bytes:
    """A workbook put together from raw XML; `sheet` is what stands in its sheet data."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
        '<sheets><sheet name="Ark1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return file.getvalue()


def text_cell(place: str, text: str) -> str:
    """A cell with a text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{text_cell("A1", "Sagsnr")}{text_cell("B1", "Navn")}</row>'


def test_texts_numbers_and_dates_come_as_they_are() -> None:
    table = read_excel(workbook(HEADER, [1001, "Åse Ærlig", date(2026, 11, 21)], ["0042", None, "21-11-2026"]))
    assert table.header == tuple(HEADER)
    assert table.rows == (
        TableRow(2, (1001, "Åse Ærlig", datetime.fromisoformat("2026-11-21"))),
        TableRow(3, ("0042", None, "21-11-2026")),
    )


def test_a_hidden_sheet_is_passed_over_and_a_named_one_is_found() -> None:
    def hide(book: Workbook) -> None:
        book.worksheets[0].sheet_state = "hidden"
        book.create_sheet("Liste").append(["id", "navn"])
        book["Liste"].append([1, "synlig"])

    data = workbook(["id", "navn"], [1, "skjult"], change=hide)
    assert read_excel(data).rows[0].cells == (1, "synlig")
    assert read_excel(data, "sheet").rows[0].cells == (1, "skjult")
    with pytest.raises(InputError, match="no such sheet"):
        read_excel(data, "findes ikke")


def test_a_cover_sheet_is_passed_over() -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("Liste").append(["id", "navn"])
        book["Liste"].append([1, "på arket"])

    data = workbook(["Udtræk fra sagssystemet"], [], ["pr.", 2026], change=add)
    assert read_excel(data).rows[0].cells == (1, "på arket")
    assert read_excel(data, "sheet").header == ("Udtræk fra sagssystemet",)
    assert read_excel(workbook(["alene"])).header == ("alene",)


def test_a_stray_cell_in_the_last_corner_is_harmless() -> None:
    def stray(book: Workbook) -> None:
        book.worksheets[0]["XFD1048576"] = "x"

    table = read_excel(workbook(HEADER, [1, "Lis", None], change=stray))
    assert [row.cells for row in table.rows] == [(1, "Lis", None)]


def test_a_row_number_beyond_the_end_of_a_sheet_is_harmless() -> None:
    far = f'<row r="99999999999">{text_cell("A1", "x")}</row>'
    assert len(read_excel(handmade(HEAD + f'<row r="2">{text_cell("A2", "1")}</row>' + far)).rows) == 1


def test_ten_thousand_columns_are_refused() -> None:
    with pytest.raises(InputError, match="more than 200 columns"):
        read_excel(workbook([f"kolonne {n}" for n in range(10_000)], [1] * 10_000))


def test_a_formula_gives_its_stored_value_and_is_never_worked_out() -> None:
    stored = '<row r="2"><c r="A2"><f>1+1</f><v>5</v></c><c r="B2" t="str"><f>"a"</f><v>gemt</v></c></row>'
    empty = '<row r="3"><c r="A3"><f>1+1</f></c><c r="B3" t="str"><f>""</f><v></v></c></row>'
    table = read_excel(handmade(HEAD + stored + empty))
    assert table.rows[0].cells == (5, "gemt")
    missing, blank = table.rows[1].cells
    assert isinstance(missing, BadCell)
    assert "formula without a stored value" in str(missing.reason)
    assert blank is None


def test_an_error_value_is_marked() -> None:
    table = read_excel(handmade(HEAD + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'))
    cell = table.rows[0].cells[1]
    assert isinstance(cell, BadCell)
    assert str(cell.reason) == "the error value #N/A"


def test_an_old_macintosh_workbook_counts_its_dates_from_1904() -> None:
    data = handmade(HEAD + '<row r="2"><c r="A2"><v>1</v></c></row>', properties='<workbookPr date1904="1"/>')
    assert read_excel(data).epoch_1904


def test_a_numbers_beyond_reach_does_not_crash() -> None:
    table = read_excel(handmade(HEAD + '<row r="2"><c r="A2"><v>1e999</v></c><c r="B2"><v>7</v></c></row>'))
    assert isinstance(table.rows[0].cells[0], BadCell)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = handmade(HEAD + "<row/>" * 9_000_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(InputError, match="more than can be read"):
        check_workbook(bomb)


def test_too_many_parts_and_nested_archives_are_refused() -> None:
    with pytest.raises(InputError, match="more than can be read"):
        check_workbook(handmade(HEAD, {f"xl/del{n}.xml": b"x" for n in range(300)}))
    with pytest.raises(InputError, match="another archive inside"):
        check_workbook(handmade(HEAD, {"xl/embeddings/bog.xlsx": workbook(HEADER)}))


def test_an_entity_bomb_is_refused() -> None:
    entities = "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "ha"}{"&a0;" * 10}">' for n in range(1, 9))
    sheet = (
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><worksheet xmlns="{MAIN}"><sheetData>{HEAD}</sheetData></worksheet>'
    )
    data = handmade(HEAD)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    with pytest.raises(InputError, match="damaged"):
        read_excel(file.getvalue())


def test_old_and_protected_files_get_advice() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    with pytest.raises(InputError, match="old Excel file"):
        read_excel(old)
    with pytest.raises(InputError, match="password"):
        read_excel(old + "EncryptedPackage".encode("utf-16-le"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(InputError, match=r"not an \.xlsx"):
        read_excel(file.getvalue())


def test_two_hundred_cuts_and_never_half_a_list() -> None:
    data = workbook(HEADER, *[[n, f"Borger {n}", date(2026, 1, 1)] for n in range(50)])
    for n in range(200):
        with pytest.raises(InputError):
            read_excel(data[: len(data) * n // 200])


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_byte_gives_the_same_list_or_a_sentence(seed: int) -> None:
    data = bytearray(workbook(HEADER, *[[n, f"Borger {n}", None] for n in range(50)]))
    whole = read_excel(bytes(data))
    place = len(data) * (2 * seed + 1) // 24
    data[place] ^= 0xFF
    with suppress(InputError):
        assert read_excel(bytes(data)).rows == whole.rows


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))
def test_any_bytes_that_begin_like_a_workbook_give_a_sentence(data: bytes, start: bytes) -> None:
    with pytest.raises(InputError):
        read_excel(start + data)


def test_a_worker_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired("x", 30)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(InputError, match="longer than 30 seconds"):
        read_excel(workbook(HEADER, [1, "a", None]))


def test_a_worker_that_dies_halfway_gives_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -9, b'{"sheet": "a"}\n[1, ["id", "navn"]]\n[2, ["1"')

    monkeypatch.setattr(subprocess, "run", die)
    with pytest.raises(InputError, match="more than can be read"):
        read_excel(workbook(HEADER, [1, "a", None]))


def test_the_workers_arguments_say_nothing_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    run = subprocess.run

    def spy(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        seen.append(command)
        return run(command, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "run", spy)
    read_excel(workbook(HEADER, [1, "Lis Prøve", None]), "Sheet")
    assert seen == [[sys.executable, "-P", "-W", "ignore", "-m", "planner.exchange.excel_worker"]]


@pytest.mark.skipif(sys.platform != "linux", reason="the memory limit is enforced on Linux")
def test_the_worker_stops_at_its_memory_limit() -> None:
    code = (
        "from planner.exchange.excel_worker import _limit; _limit()\n"
        "try: x = bytearray(700 * 1024 * 1024)\n"
        "except MemoryError: print('stopped')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "stopped\n"


def test_the_content_decides_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(workbook(["id", "navn"], [1, "Lis"]))
    assert read_table(path).rows[0].cells == (1, "Lis")
    broken = tmp_path / "liste.xlsx"
    broken.write_bytes(b"\0\1\2")
    with pytest.raises(InputError, match="damaged"):
        read_table(broken)
