"""Two languages: complete catalogues with the same fields, and days, times and numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from gettext import GNUTranslations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.catalogue import Catalogue
from planner.locale import CODES, language
from planner.planning.plan import Title
from planner.services import words
from tests import catalogues

DANISH, ENGLISH = language("da"), language("en")
TUESDAY = date(2026, 11, 24)
FIELDS = re.compile(r"\{[a-z_0-9]*\}|%\([a-z_]+\)[sr]|%[sr]")


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The forms of a message; none where it is not translated."""
    return [value] if isinstance(value, str) else list(value or ())


@pytest.mark.parametrize("code", CODES)
def test_the_catalogue_is_in_step_with_the_code(code: str) -> None:
    catalogue, _ = catalogues.updated(code)
    assert catalogues.path_of(code, "po").read_bytes() == catalogues.po_bytes(catalogue)
    assert catalogues.path_of(code, "mo").read_bytes() == catalogues.mo_bytes(catalogue)


def test_every_message_has_danish() -> None:
    assert catalogues.untranslated(catalogues.updated("da")[0]) == []


@pytest.mark.parametrize("code", CODES)
def test_every_message_is_found_where_it_lies(code: str) -> None:
    compiled = catalogues.path_of(code, "mo")
    with compiled.open("rb") as file:
        known = GNUTranslations(file)
    looked_up = Catalogue(compiled.read_bytes())
    for message in catalogues.updated(code)[0]:
        one, *many = texts(message.id)
        if one:
            assert looked_up.text(one) == known.gettext(one)
        for form in many:
            assert [looked_up.counted(one, form, n) for n in range(3)] == [
                known.ngettext(one, form, n) for n in range(3)
            ]
    assert looked_up.text("no message of the program") == "no message of the program"
    assert [looked_up.counted("one thing", "things", n) for n in (1, 2)] == ["one thing", "things"]


def test_translations_have_the_fields_of_their_message() -> None:
    wrong = []
    for message in catalogues.updated("da")[0]:
        if not message.id:
            continue
        for own, translated in zip(texts(message.id), texts(message.string), strict=False):
            if sorted(FIELDS.findall(own)) != sorted(FIELDS.findall(translated)):
                wrong.append((own, translated))
    assert wrong == []


def test_danish_uses_the_words_of_the_trade() -> None:
    forbidden = re.compile(r"\b(jobsamtale|klient|møde(t|r|rne)?)\b", re.IGNORECASE)
    found = [
        text
        for message in catalogues.updated("da")[0]
        if message.id
        for text in texts(message.string)
        if forbidden.search(text)
    ]
    assert found == []


def test_marked_messages_are_found_in_source() -> None:
    source = 'N_("one")\ntext.plural("a", "b", 3)\nraise NotFound("none", name=1)\nFault(p, "got", f"{x}")\nother("no")'
    assert list(catalogues.messages_in(source)) == ["one", ("a", "b"), "none", "got"]


def test_days_times_and_numbers() -> None:
    assert [DANISH.date(TUESDAY), DANISH.short_day(TUESDAY), DANISH.long_day(TUESDAY)] == [
        "24-11-2026",
        "ti 24-11",
        "tirsdag den 24. november 2026",
    ]
    assert [ENGLISH.date(TUESDAY), ENGLISH.short_day(TUESDAY), ENGLISH.long_day(TUESDAY)] == [
        "24 Nov 2026",
        "Tue 24 Nov",
        "Tuesday 24 November 2026",
    ]
    assert (DANISH.time(630), ENGLISH.time(630)) == ("10.30", "10:30")
    assert (DANISH.number(1234.5, 1), ENGLISH.number(1234.5, 1)) == ("1.234,5", "1,234.5")
    assert (DANISH.week(2026, 53), ENGLISH.week(2026, 53)) == ("uge 53, 2026", "week 53, 2026")
    assert (DANISH.joined(["a", "b", "c"]), ENGLISH.joined(["a"]), ENGLISH.joined([])) == ("a, b og c", "a", "")


def test_counted_messages_and_fields() -> None:
    one, many = "{n} day left", "{n} days left"
    assert [DANISH.plural(one, many, n) for n in (0, 1, 2)] == ["0 dage tilbage", "1 dag tilbage", "2 dage tilbage"]
    assert [ENGLISH.plural(one, many, n) for n in (0, 1, 2)] == ["0 days left", "1 day left", "2 days left"]
    assert DANISH.text("Last conversation: {day}", day=TUESDAY) == "Seneste samtale: 24-11-2026"
    assert DANISH.text("no such message {x}") == "no such message {x}"
    assert DANISH.text("") == ""
    assert DANISH.title(Title("dansk", "engelsk")) == "dansk"


@given(st.text())
def test_what_fills_a_field_is_never_read_as_a_field(value: str) -> None:
    assert ENGLISH.text("No citizen is called “{name}”", name=value) == f"No citizen is called “{value}”"


@given(st.dates())
def test_every_day_is_written_so_that_it_is_known_again(day: date) -> None:
    number, month, year = DANISH.date(day).split("-")
    assert date(int(year), int(month), int(number)) == day
    assert str(day.day) in ENGLISH.long_day(day).split()


def test_every_state_has_a_name_in_both_languages() -> None:
    tables = [table for name, table in vars(words).items() if name.isupper() and isinstance(table, Mapping)]
    assert len(tables) > 8
    for table in tables:
        names = [DANISH.text(msgid) for msgid in table.values()]
        assert len(set(names)) == len(names)


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="sv"):
        language("sv")
