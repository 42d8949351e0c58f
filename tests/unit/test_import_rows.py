"""What the cells of a list mean, which column holds what, and which rows are taken."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.citizens import Cadence, TargetGroup
from planner.domain.conversations import TALKING, Channel
from planner.errors import InputError
from planner.exchange.cells import (
    SOME_INTERPRETER,
    Unread,
    read_cadence,
    read_channel,
    read_channels,
    read_date,
    read_interpreter,
    read_target_group,
)
from planner.exchange.column_map import (
    FIELDS,
    ColumnMap,
    guess,
    read_column_map,
    signature,
    write_column_map,
)
from planner.exchange.csv_in import read_csv
from planner.exchange.import_rows import rows
from planner.exchange.tables import BadCell, Cell, Table, TableRow
from planner.services.imported import ImportRows, because

SATURDAY = date(2026, 11, 21)
HALF_PAST_TEN = datetime.fromisoformat("2026-11-21T10:30")


@pytest.mark.parametrize(
    "cell",
    [
        *("21-11-2026", "21.11.2026", "21/11/2026", " 21-11-2026 ", "2026-11-21", "2026/11/21", "20261121"),
        *("21-11-2026 00:00:00", "2026-11-21T10:30:00Z", "21-11-2026 10.30", "21. november 2026", "21. nov. 2026"),
        *("21-nov-2026", "21 Nov 2026", 46347, 46347.0, "46347", "46347,5", HALF_PAST_TEN, SATURDAY),
    ],
)
def test_a_date_however_it_is_written(cell: Cell) -> None:
    assert read_date(cell).value == SATURDAY


def test_single_digits_and_short_years() -> None:
    assert read_date("1-2-2026").value == date(2026, 2, 1)
    assert read_date("2. maj 2026").value == read_date("2 May 2026").value == date(2026, 5, 2)
    short = read_date("21-11-26")
    assert short.value == SATURDAY
    assert str(short.warnings[0]) == "the year 26 is taken as 2026"
    assert read_date("21-11-85").value == date(1985, 11, 21)


def test_serial_numbers_of_an_old_macintosh_workbook() -> None:
    assert read_date(46347 - 1462, epoch_1904=True).value == SATURDAY


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "31-02-2026",
            "11/21/2026",
            "29-02-2025",
            "i morgen",
            "21-11",
            "0",
            12,
            1e300,
            float("inf"),
            True,
            "21-11-0026",
        ),
        *("٢١-١١-٢٠٢٦", "32-01-2026", "21-13-2026", "21. foo 2026", BadCell("#N/A", because("x"))),
    ],
)
def test_what_is_no_date_is_refused(cell: Cell) -> None:
    with pytest.raises(Unread):
        read_date(cell)


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    for text in (f"{day:%d-%m-%Y}", f"{day.day}.{day.month}.{day.year}", day.isoformat(), f"{day:%Y%m%d}"):
        assert read_date(text).value == day


@pytest.mark.parametrize(
    ("cell", "group"),
    [
        ("6.1", "6.1"),
        ("6,1", "6.1"),
        ("6.1 A-dagpenge", "6.1"),
        ("6.10", "6.10"),
        ("6.10 Revalidering", "6.10"),
        (6.2, "6.2"),
        ("A-dagpenge", "6.1"),
        ("dagpenge", "6.1"),
        ("jobparat kontanthjælp", "6.2"),
        ("JOBPARAT", "6.2"),
        ("Sygedagpenge", "6.6"),
        ("fleksjob/ledighedsydelse", "6.9"),
        ("Ledighedsydelse", "6.9"),
        ("INT-KP", "int"),
        ("int", "int"),
    ],
)
def test_target_groups_by_number_and_by_name(cell: Cell, group: str) -> None:
    assert read_target_group(cell).value == TargetGroup(group)


@pytest.mark.parametrize(
    "cell", [datetime.fromisoformat("2026-03-06"), date(2026, 3, 6), "06-mar", "6. mar", "06-03-2026"]
)
def test_a_target_group_that_excel_took_for_a_date(cell: Cell) -> None:
    read = read_target_group(cell)
    assert read.value is TargetGroup.ACTIVITY_READY
    assert "Excel" in str(read.warnings[0])


def test_the_number_6_1_could_be_6_10() -> None:
    assert read_target_group(6.1).value is TargetGroup.INSURED
    assert "6.10" in str(read_target_group(6.1).warnings[0])
    assert not read_target_group("6.1").warnings


@pytest.mark.parametrize("cell", ["6.14", "6.100", "7.1", "ikke jobparat", "", 6, date(2026, 3, 7)])
def test_what_is_no_target_group_is_refused(cell: Cell) -> None:
    with pytest.raises(Unread):
        read_target_group(cell)


def test_channels_cadences_and_interpreters() -> None:
    assert read_channel("Telefonisk").value is Channel.PHONE
    assert read_channel("Personligt digitalt fremmøde").value is Channel.DIGITAL
    assert read_channel("personligt fremmøde").value is Channel.IN_PERSON
    assert read_channel("ingen").value is None
    assert read_channels("telefon, video").value == (Channel.PHONE, Channel.DIGITAL)
    assert read_channels("Fremmøde og telefon").value == (Channel.PHONE, Channel.IN_PERSON)
    assert read_channels("alle").value == TALKING
    assert read_cadence("Tæt").value is Cadence.CLOSE
    assert read_cadence("hver 6. uge").value is Cadence.STANDARD
    assert read_cadence("afventer").value is Cadence.AWAIT
    assert read_interpreter("arabisk").value == "arabisk"
    assert read_interpreter("Ja").value == SOME_INTERPRETER
    assert read_interpreter("nej").value is None
    for reader, text in ((read_channel, "brev"), (read_channels, "telefon, brev"), (read_cadence, "ugentlig-ish")):
        with pytest.raises(Unread):
            reader(text)


def test_a_reason_never_repeats_a_cpr_number_or_an_escape() -> None:
    with pytest.raises(Unread) as caught:
        read_target_group("010170-1234 ‮ dagpenge")
    assert "1234" not in str(caught.value.reason)
    assert "‮" not in str(caught.value.reason)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["Sagsnr", "CPR-nr.", "Borger", "Målgruppe", "Forløb start", "Kontaktform", "Tolk", "Seneste samtale"],
            {
                "id": "Sagsnr",
                "cpr": "CPR-nr.",
                "name": "Borger",
                "target_group": "Målgruppe",
                "spell_start": "Forløb start",
                "preferred_channel": "Kontaktform",
                "interpreter": "Tolk",
                "last_conversation": "Seneste samtale",
            },
        ),
        (
            ["BORGER-ID", "NAVN", "MAALGRUPPE", "Første dag", "Ledig siden", "Kadence"],
            {
                "id": "BORGER-ID",
                "name": "NAVN",
                "target_group": "MAALGRUPPE",
                "spell_start": "Første dag",
                "unemployment_start": "Ledig siden",
                "cadence": "Kadence",
            },
        ),
        (
            ["Case number", "Full name", "Target group", "Start date", "Last contact"],
            {
                "id": "Case number",
                "name": "Full name",
                "target_group": "Target group",
                "spell_start": "Start date",
                "last_conversation": "Last contact",
            },
        ),
    ],
)
def test_a_header_suggests_its_map(header: list[str], expected: dict[str, str]) -> None:
    found = {ours: columns[0] for ours, columns in guess(header).columns.items()}
    assert found == expected


def test_two_columns_make_a_name_and_the_caseworkers_name_is_not_taken() -> None:
    found = guess(["Sagsnr", "Sagsbehandlers navn", "Fornavn", "Efternavn", "Målgruppe slutdato"]).columns
    assert found == {"id": ("Sagsnr",), "name": ("Fornavn", "Efternavn")}


def test_each_column_is_guessed_once() -> None:
    columns = [
        column for found in guess(["Borger", "Borger-id", "Kanal", "Kanaler"]).columns.values() for column in found
    ]
    assert len(columns) == len(set(columns)) == 4


def test_the_signature_does_not_mind_order_case_or_accents() -> None:
    assert signature(["Sagsnr", "Målgruppe"]) == signature(["MAALGRUPPE", "sagsnr"])
    assert signature(["Sagsnr", "Navn"]) != signature(["Sagsnr", "Målgruppe"])


FULL = ColumnMap(
    {"id": ("Sagsnr",), "name": ("Fornavn", "Efternavn"), "target_group": ("Gruppe \"x\" = 'y'",)},
    {"target_group": {"Gruppe J": "6.2", "æ\\\x7f\t": "6.1"}},
    {"cadence": "standard"},
    "Ark 1",
)


def test_a_map_is_written_as_it_is_read() -> None:
    assert read_column_map(write_column_map(FULL)) == FULL
    assert read_column_map(write_column_map(guess(["Sagsnr", "Navn"]))) == guess(["Sagsnr", "Navn"])


def test_a_map_with_faults_names_them_all() -> None:
    document = (
        b'schema = "planner-mapping/1"\nsheets = "x"\n[columns]\nidd = "Sagsnr"\nname = 3\n[values.id]\na = "b"\n'
    )
    with pytest.raises(InputError) as caught:
        read_column_map(document)
    paths = {fault.path for fault in caught.value.faults}
    assert paths == {"$.sheets", "$.columns.idd", "$.columns.name", "$.values.id"}


def table(*data: tuple[Cell, ...], header: tuple[str, ...] = ("Sagsnr", "Navn", "Målgruppe", "Start")) -> Table:
    """A table with these rows, numbered as in a file."""
    return Table(header, tuple(TableRow(number, cells) for number, cells in enumerate(data, start=2)))


def taken(*data: tuple[Cell, ...], header: tuple[str, ...] = ("Sagsnr", "Navn", "Målgruppe", "Start")) -> ImportRows:
    """What is taken of these rows by the guessed map."""
    return rows(table(*data, header=header), guess(header), today=date(2026, 11, 23))


def reasons(found: ImportRows) -> dict[int, str]:
    """Row number to reasons."""
    return {row.number: "; ".join(map(str, row.reasons)) for row in found.rejected}


def test_a_row_says_only_what_its_cells_say() -> None:
    found = taken((1001.0, " Lis   Prøve ", "6.2", "1. maj 2026"), ("1002", "", None, ""))
    first, second = found.accepted
    assert (first.id, first.number) == ("1001", 2)
    assert first.fields == {
        "name": "Lis Prøve",
        "target_group": TargetGroup.JOB_READY,
        "spell_start": date(2026, 5, 1),
    }
    assert second.fields == {}


def test_all_reasons_of_a_row_are_given_and_its_cells_kept() -> None:
    found = taken(("1001", "Lis", "6.99", "31-02-2026"))
    assert reasons(found) == {
        2: "Column “Målgruppe”: “6.99” is not a known target group; known are 6.1, 6.2, 6.3, 6.4, "
        "6.5, 6.6, 6.7, 6.8, 6.9, 6.10, 6.11, 6.12, 6.13, int; "
        "Column “Start”: “31-02-2026” is not a date; write it as 21-11-2026"
    }
    assert found.rejected[0].cells == ("1001", "Lis", "6.99", "31-02-2026")


def test_rows_without_id_and_ids_that_are_cpr_numbers_are_rejected() -> None:
    found = taken(("", "Lis", "6.1", ""), ("010170-1234", "Bo", "6.1", ""), ("0101701235", "Ib", "6.1", ""))
    assert set(reasons(found)) == {2, 3, 4}
    assert "neither an id nor a CPR number" in reasons(found)[2]
    assert "looks like a CPR number" in reasons(found)[3]
    assert "1234" not in reasons(found)[3]


def test_double_ids_are_all_listed_and_none_is_taken() -> None:
    found = taken(("1", "Lis", "", ""), ("2", "Bo", "", ""), ("1", "Lis", "", ""), ("1", "Eva", "", ""))
    assert [row.id for row in found.accepted] == ["2"]
    assert reasons(found) == dict.fromkeys((2, 4, 5), "The id stands in several rows: 2, 4, 5")


def test_double_cpr_numbers_are_all_listed_even_when_one_was_mangled() -> None:
    header = ("CPR", "Navn")
    found = taken(("010170-1234", "Lis"), (101701234, "Lis"), ("020270-1234", "Bo"), header=header)
    assert [row.cpr for row in found.accepted] == ["0202701234"]
    assert reasons(found) == dict.fromkeys((2, 3), "The CPR number stands in several rows: 2, 3")


def test_a_mangled_cpr_number_is_a_warning_on_its_row() -> None:
    found = taken((101701234.0, "Lis"), header=("CPR", "Navn"))
    assert found.accepted[0].cpr == "0101701234"
    assert found.accepted[0].id is None
    assert len(found.accepted[0].warnings) == 2


def test_a_conversation_in_the_future_is_rejected_and_an_unknown_channel_noted() -> None:
    header = ("Sagsnr", "Seneste samtale")
    found = taken(("1", "24-11-2026"), ("2", "20-11-2026"), header=header)
    assert [row.id for row in found.accepted] == ["2"]
    assert "is in the future" in reasons(found)[2]
    assert "taken as in person" in str(found.notes[0])


def test_words_are_translated_and_fixed_values_fill_what_is_blank() -> None:
    given = table(("1", "Lis", "Gruppe J", ""), ("2", "Bo", "6.3", "1-1-2026"))
    stated = ColumnMap(
        {"id": ("Sagsnr",), "target_group": ("Målgruppe",), "spell_start": ("Start",)},
        {"target_group": {"gruppe j": "6.2"}},
        {"cadence": "let", "spell_start": "01-06-2026"},
    )
    first, second = rows(given, stated).accepted
    assert first.fields["target_group"] is TargetGroup.JOB_READY
    assert second.fields["target_group"] is TargetGroup.ACTIVITY_READY
    assert first.fields["cadence"] is second.fields["cadence"] is Cadence.LIGHT
    assert (first.fields["spell_start"], second.fields["spell_start"]) == (date(2026, 6, 1), date(2026, 1, 1))


def test_a_map_that_does_not_fit_names_every_missing_column() -> None:
    with pytest.raises(InputError) as caught:
        rows(table(), ColumnMap({"id": ("Sagsnummer",), "name": ("Navne", "Navn")}))
    assert [(fault.path, fault.found) for fault in caught.value.faults] == [
        ("$.columns.id", '"Sagsnummer"'),
        ("$.columns.name", '"Navne"'),
    ]
    with pytest.raises(InputError, match="neither"):
        rows(table(), ColumnMap({"name": ("Navn",)}))


_ANY: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times()
)


@given(st.lists(st.tuples(*[_ANY] * len(FIELDS)), max_size=5))
def test_any_cells_are_taken_or_rejected_and_none_is_lost(data: list[tuple[Any, ...]]) -> None:
    given_table = table(*data, header=FIELDS)
    found = rows(given_table, ColumnMap({name: (name,) for name in FIELDS}))
    numbers = sorted([row.number for row in found.accepted] + [row.number for row in found.rejected])
    assert numbers == [row.number for row in given_table.rows]


def test_a_case_systems_list_from_end_to_end() -> None:
    text = (
        "Sagsnr;CPR-nr;Navn;Målgruppe;Forløb start;Tolk;Seneste samtale\r\n"
        "1001;0101701234;Åse Ærlig;6,1;01-09-2026;nej;12-10-2026\r\n"
        "1002;101701235;Søren Prøve;sygedagpenge;1.8.2026;somali;\r\n"
        "1003;;Bo Forkert;ukendt;01-09-2026;;\r\n"
    )
    listed = read_csv(text.encode("cp1252"))
    found = rows(listed, guess(listed.header), date(2026, 11, 23))
    assert [row.id for row in found.accepted] == ["1001", "1002"]
    assert found.accepted[0].fields["interpreter"] is None
    assert found.accepted[1].fields["interpreter"] == "somali"
    assert list(reasons(found)) == [4]
