"""CPR numbers: mended after Excel, judged by their date only, never shown whole. All numbers here are invented."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.cpr import looks_like_cpr
from planner.domain.masking import masked_cpr
from planner.exchange.cells import Unread
from planner.exchange.cpr import birth_year, read_cpr
from planner.exchange.tables import Cell


@pytest.mark.parametrize(
    ("cell", "number", "mended"),
    [
        ("010170-1234", "0101701234", 0),
        ("0101701234", "0101701234", 0),
        (" 010170 1234 ", "0101701234", 0),
        ("010170–1234", "0101701234", 0),
        ("'0101701234", "0101701234", 0),
        (3112991234, "3112991234", 0),
        (101701234, "0101701234", 1),
        ("101701234", "0101701234", 1),
        (101701234.0, "0101701234", 2),
        ("101701234.0", "0101701234", 2),
        ("101701234,0", "0101701234", 2),
        ("3112991234.00", "3112991234", 1),
    ],
)
def test_what_excel_did_to_a_number_is_mended_with_a_warning(cell: Cell, number: str, mended: int) -> None:
    cpr = read_cpr(cell)
    assert cpr.number == number
    assert len(cpr.warnings) == mended


@pytest.mark.parametrize(
    "cell",
    [
        *("", "12345678", "01017012345", "0101AB1234", "0000000000", 0, "3102701234", "0113701234", "0001701234"),
        *("1,01701E+08", "1.0170E9", "9201701234", True, date(1970, 1, 1), 101701234.5, "٠١٠١٧٠١٢٣٤", -101701234),
    ],
)
def test_what_cannot_be_a_number_is_refused_without_repeating_it(cell: Cell) -> None:
    with pytest.raises(Unread) as caught:
        read_cpr(cell)
    digits = "".join(char for char in str(cell) if char.isdigit())
    assert len(digits) < 6 or digits not in str(caught.value.reason)


def test_every_check_digit_is_taken() -> None:
    # Numbers without a valid check digit have been given since 2007.
    assert {read_cpr(f"010170123{digit}").number for digit in range(10)} == {f"010170123{d}" for d in range(10)}


def test_leap_day_is_taken_in_any_year_and_replacement_numbers_with_a_warning() -> None:
    assert read_cpr("2902711234").number == "2902711234"
    replacement = read_cpr("6101701234")
    assert replacement.number == "6101701234"
    assert "replacement" in str(replacement.warnings[0])


@pytest.mark.parametrize(
    ("digits", "year"),
    [
        ("0101000123", 1900),
        ("0101993123", 1999),
        ("0101364123", 2036),
        ("0101374123", 1937),
        ("0101009123", 2000),
        ("0101999123", 1999),
        ("0101005123", 2000),
        ("0101577123", 2057),
        ("0101585123", 1858),
        ("0101998123", 1899),
    ],
)
def test_the_seventh_digit_tells_the_century(digits: str, year: int) -> None:
    assert birth_year(digits) == year


@given(st.dates(date(1900, 1, 1), date(2057, 12, 31)), st.integers(0, 9999))
def test_every_real_date_is_taken_with_and_without_its_leading_zero(day: date, rest: int) -> None:
    number = f"{day:%d%m%y}{rest:04}"
    if int(number) == 0:
        return
    assert read_cpr(number).number == number
    assert read_cpr(int(number)).number == number


@given(st.text())
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    with suppress(Unread):
        assert len(read_cpr(text).number) == 10


def test_shown_masked() -> None:
    assert masked_cpr("0101701234") == "010170-****"


@pytest.mark.parametrize("text", ["010170-1234", "0101701234", "sag 010170 1234", "6101701234"])
def test_ids_that_hold_a_number_are_known(text: str) -> None:
    assert looks_like_cpr(text)


@pytest.mark.parametrize("text", ["4513701234", "1001", "A-0101701", "01017012345", ""])
def test_other_ids_are_not_taken_for_one(text: str) -> None:
    assert not looks_like_cpr(text)
