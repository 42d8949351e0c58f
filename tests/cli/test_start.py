"""The guided start: each step skipped, answered, mended and taken back; and nothing written before the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.cli import start as guide
from planner.cli.context import Context
from planner.cli.output import Output
from tests.cli.conftest import Answer, Line, desk_at, place

Guide = Callable[..., Answer]
#: How many answers lead to the end where each is Enter.
STEPS = 6
#: What every group of the recovery key is, and what is asked back at the end.
GROUP = "A2C4"
WRITTEN_DOWN = (GROUP, GROUP)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened at the end; somebody sits at a terminal."""
    opened: list[str] = []

    def screen(context: Context) -> int:
        opened.append(context.language.code if context.opener is None else "demo")
        return 0

    monkeypatch.setattr(guide, "is_interactive", lambda: True)
    for module in ("files", "keys", "secrets"):
        monkeypatch.setattr(f"planner.cli.{module}.is_interactive", lambda: True)
    monkeypatch.setattr("planner.store.keys.ring.new_recovery_key", lambda: "-".join([GROUP] * 8))
    monkeypatch.setattr("planner.program.open_screen", screen)
    return opened


@pytest.fixture
def answered(nowhere: Line, shown: list[str]) -> Guide:
    """`planner` with these lines typed in."""

    def run(*typed: str, verb: tuple[str, ...] = ()) -> Answer:
        return nowhere(*verb, stdin="".join(f"{line}\n" for line in typed).encode())

    return run


def test_enter_all_the_way_begins_with_an_empty_list(answered: Guide, shown: list[str], tmp_path: Path) -> None:
    answer = answered(*[""] * STEPS, *WRITTEN_DOWN)
    assert answer.code == 0
    assert shown == ["da"]
    assert "Velkommen" in answer.out
    assert not (tmp_path / "settings.toml").exists()
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.hours_are_assumed()
        assert desk.log() == ()


def test_every_answer_is_written_at_the_end_and_can_be_undone(
    answered: Guide, shown: list[str], tmp_path: Path
) -> None:
    answer = answered("2", "3", "mon-thu 8-15; fri 8-12", "12-12:30", "", "", *WRITTEN_DOWN)
    assert answer.code == 0
    assert shown == ["en"]
    assert "Municipality: Hjørring" in answer.out
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8") == 'language = "en"\n'
    with desk_at(tmp_path / "planner.db") as desk:
        office = desk.office()
        assert office.municipality == "Hjørring"
        assert [(h.weekday, h.start.hour, h.end.hour) for h in office.caseworker.working_hours] == [
            *((day, 8, 15) for day in range(4)),
            (4, 8, 12),
        ]
        assert len(office.caseworker.breaks) == 5
        desk.undo()
        assert desk.hours_are_assumed()


def test_the_eleven_municipalities_are_numbered_in_danish_order(answered: Guide) -> None:
    assert "  11. Aalborg" in answered("", "q").out
    assert guide.municipalities()[:2] == ["Brønderslev", "Frederikshavn"]
    assert len(guide.municipalities()) == 11


def test_another_municipality_is_its_name(answered: Guide, tmp_path: Path) -> None:
    answered("", "Eksempelkøbing", "", "", "", "", *WRITTEN_DOWN)
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office().municipality == "Eksempelkøbing"


@pytest.mark.parametrize("back", ["<", "tilbage", "\x1b"])
def test_a_step_can_be_taken_back(answered: Guide, tmp_path: Path, back: str) -> None:
    answered("", "Gammelby", back, "Nyby", "", "", "", "", *WRITTEN_DOWN)
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office().municipality == "Nyby"


def test_what_was_answered_before_a_step_back_is_kept_by_enter(answered: Guide, tmp_path: Path) -> None:
    answered("", "Gammelby", "8-14", "<", "<", "", "", "", "", "", *WRITTEN_DOWN)
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office().municipality == "Gammelby"
        assert desk.office().caseworker.working_hours[0].end.hour == 14


@pytest.mark.parametrize(
    ("hours", "typed", "told", "asked", "count"),
    [
        ("", "", "12.00-12.30 (antaget)", 2, 0),
        ("8-14", "", "ingen pause", 2, 0),
        ("8-14", "12-13", "ma 12.00-13.00, ti", 1, 5),
    ],
)
def test_the_break_is_told_as_it_is_written(
    answered: Guide, tmp_path: Path, hours: str, typed: str, told: str, asked: int, count: int
) -> None:
    """And so does the step say what enter leads to, also where it is gone back to."""
    answer = answered("", "", hours, typed, "<", "", "", "", *WRITTEN_DOWN)
    assert answer.code == 0
    assert answer.err.count(f"(Enter: {told}") == asked
    assert f"  Pauser: {told}" in answer.out
    with desk_at(tmp_path / "planner.db") as desk:
        assert len(desk.office().caseworker.breaks) == count


def test_in_a_store_that_is_there_enter_leaves_what_stands(answered: Guide, tmp_path: Path) -> None:
    answered("", "Gammelby", "7-14", "11-12", "", "", *WRITTEN_DOWN)
    with desk_at(tmp_path / "planner.db") as desk:
        before = desk.office()
    answer = answered(*[""] * STEPS, verb=("start",))
    assert answer.code == 0
    assert answer.err.count("(Enter: uændret)") == 3
    assert answer.out.count(": uændret\n") == 3
    assert "antaget" not in answer.out + answer.err
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office() == before


@pytest.mark.parametrize(
    ("hours", "breaks", "told", "count"),
    [
        ("8-15", "", "uændret", 5),  # the break stays with other hours
        ("8-15", "ingen", "ingen pause", 0),
        ("", "ingen", "ingen pause", 0),
        ("", "12-13", "ma 12.00-13.00, ti", 5),
    ],
)
def test_in_a_store_that_is_there_one_part_is_changed(
    answered: Guide, tmp_path: Path, hours: str, breaks: str, told: str, count: int
) -> None:
    answered("", "Gammelby", "7-14", "11-12", "", "", *WRITTEN_DOWN)
    answer = answered("", "", hours, breaks, "", "", verb=("start",))
    assert answer.code == 0
    assert f"  Pauser: {told}" in answer.out
    with desk_at(tmp_path / "planner.db") as desk:
        worker = desk.office().caseworker
    assert len(worker.breaks) == count
    assert {one.start.hour for one in worker.working_hours} == {8 if hours else 7}


@pytest.mark.parametrize(("hours", "breaks"), [("11-12", ""), ("", "7-14")])
def test_hours_that_are_all_break_are_asked_for_again_before_a_store_is_written(
    answered: Guide, tmp_path: Path, hours: str, breaks: str
) -> None:
    """What stands in it, behind its passphrase, is known only at the end."""
    answered("", "Gammelby", "7-14", "11-12", "", "", *WRITTEN_DOWN)
    answer = answered("2", "", hours, breaks, "", "", "8-15", "12-13", "", "", verb=("start",))
    assert answer.code == 0
    assert answer.err.count("The break takes all of the working hours") == 1
    with desk_at(tmp_path / "planner.db") as desk:
        worker = desk.office().caseworker
        assert len(desk.log()) == 2
    assert {(one.start.hour, one.end.hour) for one in worker.working_hours} == {(8, 15)}
    assert {(one.start.hour, one.end.hour) for one in worker.breaks} == {(12, 13)}


def test_hours_that_are_all_break_again_and_again_are_not_written(
    answered: Guide, tmp_path: Path, shown: list[str]
) -> None:
    answered("", "Gammelby", "7-14", "11-12", "", "", *WRITTEN_DOWN)
    shown.clear()
    answer = answered("2", "", "11-12", "", "", "", verb=("start",))
    assert "Nothing was written" in answer.out
    assert shown == []
    assert not (tmp_path / "settings.toml").exists()
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office().caseworker.working_hours[0].start.hour == 7


def test_the_demo_of_the_guide_leaves_nothing_and_touches_no_store(answered: Guide, tmp_path: Path) -> None:
    for typed in (("", "", "", "", "3", ""), ("", "Nyby", "8-15", "", "3", "")):
        assert answered(*typed, verb=("start",)).code == 0
        assert list(tmp_path.iterdir()) == []
    answered("", "Gammelby", "7-14", "11-12", "", "", *WRITTEN_DOWN)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".db"}
    assert answered("", "Nyby", "", "", "3", "", verb=("start",)).code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_the_demo_is_shown_also_where_the_answers_did_not_fit_the_store(
    answered: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered("", "Gammelby", "7-14", "11-12", "", "", *WRITTEN_DOWN)
    shown: list[str] = []

    def screen(context: Context) -> int:
        shown.append(context.screen_desk().office().municipality)
        return 0

    monkeypatch.setattr("planner.program.open_screen", screen)
    answered("", "", "11-12", "", "", "", "", "", "3", "", verb=("start",))
    assert shown == ["Demo Kommune"]


def test_nobodys_own_list_comes_into_a_demo(answered: Guide, nowhere: Line, tmp_path: Path) -> None:
    nowhere("demo", "--store", str(tmp_path / "planner.db"))
    answer = answered(*[""] * STEPS, verb=("start",))
    assert answer.code != 0
    assert "er en demo og ikke krypteret" in " ".join(answer.err.split())
    assert "Velkommen" not in answer.out


def test_a_list_that_is_there_is_gone_on_with(answered: Guide) -> None:
    assert "begynd med en tom liste" in answered(*[""] * STEPS, *WRITTEN_DOWN).out
    again = answered(*[""] * STEPS, verb=("start",)).out
    assert "Sådan begyndes: fortsæt med den liste, der er\n" in again
    assert "tom liste" not in again


def test_back_from_the_file_leads_to_how_to_begin(answered: Guide, tmp_path: Path) -> None:
    answer = answered("", "Gammelby", "", "", "2", "<", "", "", *WRITTEN_DOWN)
    assert answer.code == 0
    assert answer.out.count("5/6 ") == 2
    assert answer.out.count("4/6 ") == 1


def test_the_break_that_was_only_assumed_stays_with_hours_of_ones_own(answered: Guide, tmp_path: Path) -> None:
    answered(*[""] * STEPS, *WRITTEN_DOWN)
    assert "  Pauser: uændret" in answered("", "", "8-16", "", "", "", verb=("start",)).out
    with desk_at(tmp_path / "planner.db") as desk:
        worker = desk.office().caseworker
    assert {(one.start.hour, one.end.hour) for one in worker.working_hours} == {(8, 16)}
    assert {(one.start.hour, one.end.minute) for one in worker.breaks} == {(12, 30)}


def test_a_break_is_taken_back_and_never_takes_all_of_the_hours(answered: Guide, tmp_path: Path) -> None:
    answer = answered("", "", "8-15", "12-13", "<", "<", "12-13", "", "none", "", "", *WRITTEN_DOWN)
    assert answer.code == 0
    assert answer.err.count("Pausen fylder hele arbejdstiden") == 1  # for enter, which would have kept it
    assert "  Pauser: ingen pause" in answer.out
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office().caseworker.breaks == ()


def test_no_break_is_none_also_with_the_hours_that_are_assumed(answered: Guide, tmp_path: Path) -> None:
    answered("", "", "", "ingen", "", "", *WRITTEN_DOWN)
    with desk_at(tmp_path / "planner.db") as desk:
        caseload = desk.today().caseload
    assert len(caseload.caseworker.working_hours) == 5
    assert caseload.caseworker.breaks == ()


@pytest.mark.parametrize("typed", [("q",), ("2", "3", "8-15", "12-13", "", "q"), ("", "afslut")])
def test_whoever_leaves_has_changed_nothing(
    answered: Guide, shown: list[str], tmp_path: Path, typed: tuple[str, ...]
) -> None:
    assert answered(*typed).code == 0
    assert shown == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_understood_is_asked_again(answered: Guide, tmp_path: Path) -> None:
    answer = answered("7", "", "99", "3", "15-8", "ma-sø 8-12", "8-14", "", "9", "", "", *WRITTEN_DOWN)
    assert answer.code == 0
    assert "Skriv et tal fra 1 til 2" in answer.err
    assert "Der er ikke noget nummer 99" in answer.err
    assert "slutter, før det begynder" in answer.err
    assert "dage fra mandag til fredag" in answer.err
    with desk_at(tmp_path / "planner.db") as desk:
        assert len(desk.office().caseworker.working_hours) == 5


def test_a_name_that_cannot_be_shown_is_asked_for_again(answered: Guide, tmp_path: Path) -> None:
    answer = answered("", "Ny\a\x1b[31mby", "Nyby", "", "", "", "", *WRITTEN_DOWN)
    assert "\x1b[31m" not in answer.out + answer.err
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office().municipality == "Nyby"


@pytest.mark.parametrize("typed", ["nej", "no", "abc"])
def test_nothing_is_written_unless_enter_is_pressed_alone(
    answered: Guide, shown: list[str], tmp_path: Path, typed: str
) -> None:
    answer = answered(*[""] * (STEPS - 1), typed)
    assert answer.code == 0
    assert "Kun Enter" in answer.err
    assert shown == []
    assert list(tmp_path.iterdir()) == []


def test_a_list_is_imported_at_the_end(answered: Guide, filled: Path, tmp_path: Path) -> None:
    from planner.exchange.caseload_file import write_caseload

    with desk_at(filled) as desk:
        (tmp_path / "liste.json").write_bytes(write_caseload(desk.caseload()))
    answer = answered("", "", "", "", "2", "findes-ikke.csv", "~opdigtet/liste", "liste.json", "", *WRITTEN_DOWN, "ja")
    assert answer.code == 0
    assert "Der er ingen fil" in answer.err
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.caseload().citizens


def test_a_file_that_is_wrong_is_told_and_the_list_opens_empty(
    answered: Guide, shown: list[str], tmp_path: Path
) -> None:
    (tmp_path / "liste.json").write_text("{", encoding="utf-8")
    answer = answered("", "", "", "", "2", "liste.json", "", *WRITTEN_DOWN, "")
    assert "planner import" in answer.err
    assert shown == ["da"]


def test_the_demo_leaves_nothing_behind(answered: Guide, shown: list[str], tmp_path: Path) -> None:
    assert answered("", "3", "8-15", "", "3", "").code == 0
    assert shown == ["demo"]
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_a_store_the_screen_opens_at_once(
    answered: Guide, shown: list[str], empty: Path, tmp_path: Path
) -> None:
    place(empty, tmp_path)
    assert answered().out == ""
    assert shown == ["da"]


def test_the_verb_asks_again_and_keeps_what_is_skipped(answered: Guide, tmp_path: Path) -> None:
    answered("", "Gammelby", "8-14", "", "", "", *WRITTEN_DOWN)
    answered("", "", "9-15", "", "", "", verb=("start",))
    with desk_at(tmp_path / "planner.db") as desk:
        assert desk.office().municipality == "Gammelby"
        assert desk.office().caseworker.working_hours[0].start.hour == 9


def test_without_a_terminal_nobody_is_asked(nowhere: Line, tmp_path: Path) -> None:
    answer = nowhere("start")
    assert answer.code == 1
    assert "planner office --set" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("typed", [("9",), ("", "3", "8-15")])
def test_input_that_ends_within_the_guide_ends_it_with_nothing_written(
    answered: Guide, shown: list[str], tmp_path: Path, typed: tuple[str, ...]
) -> None:
    assert answered(*typed).code == 0
    assert shown == []
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_within_the_guide_says_that_nothing_was_written(
    answered: Guide, shown: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies, usual = iter(range(2)), Output.reply

    def reply(out: Output, question: str) -> str | None:
        if next(replies, None) is None:
            raise KeyboardInterrupt
        return usual(out, question)

    monkeypatch.setattr(Output, "reply", reply)
    answer = answered("", "")
    assert (answer.code, shown) == (130, [])
    assert answer.err.endswith("\nDer blev ikke skrevet noget.\n")
    assert list(tmp_path.iterdir()) == []
