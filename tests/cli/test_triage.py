"""`planner triage`: the list is gone through by numbered choices, from a pipe as from a terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from planner.cli.triage import ANSWERS
from planner.cli.triage_steps import STEPS
from planner.services.commands import COMMANDS, command
from planner.services.desk import Desk
from tests.cli.conftest import Answer, Line, place
from tests.cli.office import TODAY, booked, caseload, citizen
from tests.cli.terminal import on_terminal

#: In the order in which they are asked about: Bo has a conversation today, Demo is overdue, Åse is proposed for.
BO, DEMO, AASE = "Bo Prøve (c-2)", "Demo Ærlig (c-4)", "Åse Eksempel (c-1)"
TO_AASE = ["", ""]


def decided(line: Line, *typed: str, lang: str = "da", words: tuple[str, ...] = ()) -> Answer:
    """What is said when somebody types these lines and then closes the input."""
    answer = line("triage", *words, "--lang", lang, stdin="".join(f"{one}\n" for one in typed).encode())
    assert (answer.code, answer.err) == (0, "")
    return answer


def entries(line: Line) -> list[dict[str, Any]]:
    """What the log tells, newest first."""
    found: list[dict[str, Any]] = json.loads(line("log", "--json").out)
    return found


def test_those_in_need_are_asked_about_in_the_order_of_the_list(line: Line) -> None:
    told = decided(line, "", "", "").out
    assert [told.index(name) for name in (BO, DEMO, AASE)] == sorted(told.index(name) for name in (BO, DEMO, AASE))
    assert "3 borgere kræver en afgørelse." in told
    assert "Over fristen: 53 dage over fristen." in told
    assert "Forslag: tirsdag den 1. december kl. 08.00, fremmøde." in told
    assert told.endswith("Det var listen; 3 er sprunget over.\nIntet er ændret.\n")
    assert len(entries(line)) == 1


def test_the_proposal_is_accepted_and_saved_at_once_and_undone_elsewhere(line: Line) -> None:
    told = decided(line, *TO_AASE, "1").out
    assert "Åse Eksempel: booket 01-12-2026 kl. 09.30, telefon." in told
    assert "Fortryd med u, senere med: planner undo" in told
    assert "1 ændring er foretaget og gemt" in told
    assert entries(line)[0]["citizen"] == "c-1"
    assert "Åse Eksempel" in line("undo").out


def test_the_first_alternative_is_booked_as_it_was_told(line: Line) -> None:
    told = decided(line, *TO_AASE, "2").out
    assert "Første alternativ: mandag den 30. november kl. 08.00, telefon." in told
    assert "Åse Eksempel: booket 30-11-2026 kl. 08.00, telefon." in told


def test_another_time_is_chosen_by_its_number_or_written(line: Line) -> None:
    told = decided(line, *TO_AASE, "3", "tomorrow", "99", "25-11 25.00", "25-11 10.30", lang="en").out
    assert told.count("Which time? The number, or a day and a time, for example 24-11 10.30:") == 4
    assert "Write a date and a time, for example 24-11 10.30" in told
    assert "“25.00” is not a time; write for example 10.30" in told
    assert "Åse Eksempel: booked 25 Nov 2026 at 10:30, phone." in told
    line("undo")
    told = decided(line, *TO_AASE, "3", "1", lang="en").out
    first = next(text for text in told.splitlines() if text.startswith("1. ") and "November" in text)
    assert first.endswith(", phone")
    assert "Åse Eksempel: booked " in told


def test_another_channel_offers_times_in_it(line: Line) -> None:
    told = decided(line, *TO_AASE, "4", "2", "1", lang="en").out
    assert "2. digital" in told
    assert ", digital." in told.partition("Åse Eksempel: booked")[2]


def test_it_is_postponed_for_an_offered_or_an_own_reason(line: Line) -> None:
    assert "udskudt til 30-11-2026" in decided(line, *TO_AASE, "5", "i morgen", "+1u", "1").out
    assert "afventer oplysninger" in line("explain", "c-1").out
    line("undo")
    decided(line, *TO_AASE, "5", "+1u", "venter på \x1b[2J svar")
    assert "venter på ·[2J svar" in line("explain", "c-1").out


def test_a_conversation_held_is_recorded_with_day_channel_and_points(line: Line) -> None:
    told = decided(line, "6", "1", "1", lang="en").out
    assert "1. Monday 23 November 2026" in told
    assert "Bo Prøve: conversation held 23 Nov 2026, phone." in told
    assert entries(line)[0]["citizen"] == "c-2"


def test_points_of_a_conversation_are_told_by_their_numbers(bare: Line, tmp_path: Path) -> None:
    talk = {**booked("2026-11-23", "10:00"), "agenda": ["praktik", "cv"]}
    someone = citizen("c-9", "Ida Påfund", spell_start="2026-06-01", conversations=[talk])
    (tmp_path / "c.json").write_text(json.dumps(caseload(citizens=[someone])), encoding="utf-8")
    assert bare("import", "c.json", "--yes", "--today", TODAY).code == 0
    typed = "6 1 1 praktik 0,1 3 2,1 q".replace(" ", "\n") + "\n"
    told = bare("triage", "--lang", "en", "--today", TODAY, stdin=typed.encode()).out
    assert told.count("What was talked about? The numbers, or 0 for none of it:") == 4
    assert "“0,1” is not understood; write numbers from 1 to 2, or 0 for none" in told
    assert "Ida Påfund: conversation held 23 Nov 2026, phone." in told


def test_the_note_follows_what_was_held_and_is_ticked_as_filed(line: Line) -> None:
    told = decided(line, "6", "1", "1", "1", lang="en").out
    assert told.index("conversation held 23 Nov 2026") < told.index("1. it is in the case system now")
    assert line("case-note", "c-2", "--lang", "en").out.splitlines()[0] in told
    assert "2 changes were made" in told


def test_the_note_can_wait_and_says_how_it_is_ticked_later(line: Line) -> None:
    told = decided(line, "6", "1", "1", "", lang="en").out
    assert "Later: planner case-note c-2 --filed" in told
    assert "Nothing was changed." not in told
    assert "1 change was made" in told


def test_the_summons_books_the_proposal_and_is_written(line: Line) -> None:
    told = decided(line, *TO_AASE, "b", lang="en").out
    assert "Åse Eksempel: booked 1 Dec 2026" in told
    assert line("summons", "c-1", "--in", "en").out.splitlines()[0] in told


def test_a_summons_that_comes_too_late_is_written_only_when_that_is_chosen(line: Line) -> None:
    left, written = "Eksempelkøbing\n", decided(line, "b", "1", "q", lang="en").out
    told = decided(line, "b", "", "q", lang="en").out
    assert "Show it nevertheless?" in told
    assert left not in told
    assert left in written


def test_times_are_offered_told_again_and_chosen(line: Line) -> None:
    told = decided(line, *TO_AASE, "e", "1", "1", lang="en").out
    assert line("offer", "c-1", "--text", "--in", "en").out.splitlines()[0] in told
    everyone = ("--bucket", "waiting")
    told = decided(line, "e", "1", "y", "2", lang="en", words=everyone).out
    assert "Which of the offered times was chosen? The number:" in told
    assert "self-booked" in told


def test_an_offer_is_withdrawn(line: Line) -> None:
    assert line("offer", "c-1").code == 0
    told = decided(line, "e", "2", lang="en", words=("--bucket", "waiting")).out
    assert "1 change was made" in told
    assert line("offer", "c-1", "--text").code != 0


def test_a_no_show_stays_in_the_list_with_what_is_proposed_next(line: Line) -> None:
    told = decided(line, "7", lang="en").out
    assert "Bo Prøve: did not show up 23 Nov 2026." in told
    again = told.partition("did not show up")[2]
    assert BO in again
    assert "Overdue: 6 days over." in again
    assert "Proposal: " in again


def test_cadence_note_fact_exemption_and_cancellation(line: Line) -> None:
    told = decided(
        line,
        *("8", "1"),
        *("9", "ringer i morgen"),
        *("v", "1", "syg"),
        *("f", "1", "+3u", "1", "2"),
        lang="en",
    ).out
    assert "Bo Prøve: cadence set to close contact." in told
    assert "Bo Prøve: note written." in told
    assert "Bo Prøve: noted starts in a job, 14 Dec 2026." in told
    assert "Bo Prøve: cancelled the conversation 23 Nov 2026." in told
    assert "4 changes were made and are saved" in told
    assert [entry["citizen"] for entry in entries(line)[:4]] == ["c-2"] * 4


def test_somebody_is_exempted_and_the_exemption_ended(line: Line) -> None:
    words = ("--bucket", "proposed", "--bucket", "exempt")
    told = decided(line, "x", "2", "1", "x", "1", lang="en", words=words).out
    assert "Åse Eksempel: exempted until" in told
    assert "1. end the exemption, so that conversations are planned again" in told
    assert "Åse Eksempel: the exemption has ended." in told
    assert "2 changes were made" in told


def test_undo_and_redo_come_back_to_the_citizen(line: Line) -> None:
    told = decided(line, *TO_AASE, "1", lang="en").out
    assert "1 change was made and is saved" in told
    told = decided(line, "u", "1", "r", "u", "1", "q", lang="en").out
    assert "Undone: Åse Eksempel: booked" in told
    assert "Do it again with r, later with: planner redo" in told
    assert AASE in told.partition("Undone")[2].partition("Done again")[0]
    assert "Done again: Åse Eksempel: booked" in told
    assert told.endswith("1 earlier change was taken back.\n")


def test_a_change_from_before_is_only_undone_when_that_is_meant(line: Line) -> None:
    before = len(entries(line))
    told = decided(line, "u", "", "q", lang="en").out
    assert "The last change was made before: Citizens" in told
    assert told.endswith("Nothing was changed.\n")
    assert len(entries(line)) == before


def test_only_what_can_be_done_is_told(line: Line) -> None:
    told = decided(line, "q", lang="en").out
    assert "\n7. Record a no-show" in told
    assert "\ny. Book the offered time" not in told
    told = decided(line, *TO_AASE, "?", "q", lang="en").out.rpartition(AASE)[2]
    assert "\n1. Accept the proposal" in told
    assert "\n7. Record a no-show" not in told


@pytest.mark.parametrize(("kind", "typed"), [("summons", ("b",)), ("offer", ("e", "1", "1"))])
def test_what_was_done_is_told_and_stands_though_its_text_cannot_be_written(
    line: Line, tmp_path: Path, kind: str, typed: tuple[str, ...]
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / f"{kind}.en.txt").write_text("Dear {nam}", encoding="utf-8")
    told = decided(line, *TO_AASE, *typed, "q", lang="en").out
    assert f"{kind}.en.txt" in told
    assert "Undo it with u" in told
    assert "1 change was made" in told
    assert told.count(AASE) == 1


def test_why_is_told_and_nothing_is_changed(line: Line) -> None:
    told = decided(line, *TO_AASE, "0", "q").out
    assert "Loven alene havde krævet" in told
    assert told.endswith("Intet er ændret.\n")


@pytest.mark.parametrize("key", ["3", "4", "5", "6", "8", "9", "x", "f", "v"])
def test_an_empty_line_leaves_every_question_without_a_change(line: Line, key: str) -> None:
    told = decided(line, key, "", "q").out
    assert "Intet er ændret." in told
    assert BO in told
    assert DEMO not in told
    assert len(entries(line)) == 1


@pytest.mark.parametrize(
    "typed", [["5", "+1u", ""], ["6", "1", ""], ["f", "1", "+1u", ""], ["4", "1", ""], ["v", "1", ""]]
)
def test_a_later_question_is_left_as_well(line: Line, typed: list[str]) -> None:
    assert "Intet er ændret." in decided(line, *typed, "q").out
    assert len(entries(line)) == 1


@pytest.mark.parametrize("key", ["3", "5", "6", "9", "f"])
def test_the_end_of_input_in_the_midst_of_a_question_changes_nothing(line: Line, key: str) -> None:
    assert decided(line, key).out.endswith("Intet er ændret.\n")
    assert len(entries(line)) == 1


def test_wrong_answers_are_told_in_a_sentence_and_asked_again(line: Line) -> None:
    told = decided(line, "11", "ja", "\x1b[A", "9" * 50, "?", "q", lang="en").out
    assert "“11” is no choice; write one of 1, 2, 3," in told
    assert "“·[a” is no choice" in told
    assert told.count("Your choice (Enter skips, ? tells all choices):") == 6
    assert told.count("1. Accept the proposal") == 2
    assert "\x1b" not in told


def test_what_the_rules_refuse_is_told_and_asked_again(line: Line) -> None:
    told = decided(line, "", "7", "5", "20-11", "1", "q", lang="en").out
    assert "Nothing was booked until today, so nobody can have stayed away" in told
    assert "It can only be postponed to a day after today" in told
    assert told.endswith("Nothing was changed.\n")


def test_one_group_only(line: Line) -> None:
    told = decided(line, "", words=("--bucket", "overdue")).out
    assert DEMO in told
    assert BO not in told
    assert "1 borger kræver en afgørelse." in told
    assert "Over fristen" in decided(line, "", words=("--bucket", "over fristen")).out
    assert line("triage", "--bucket", "soon").code == 2


def test_nobody_in_need_is_a_friendly_answer(bare: Line) -> None:
    answer = bare("triage")
    assert (answer.code, answer.err) == (0, "")
    assert "Ingen mangler en afgørelse." in answer.out
    assert "planner import FIL" in answer.out


def test_json_is_refused_with_what_to_use_instead(line: Line) -> None:
    answer = line("triage", "--json", stdin=b"1\n")
    assert (answer.code, answer.out) == (2, "")
    assert "planner today --json" in answer.err
    assert len(entries(line)) == 1


def test_hostile_names_and_bytes_that_are_no_text(bare: Line, tmp_path: Path) -> None:
    hostile = citizen("c-9", "Ond\x1b[2J\u202eNavn [/red]", spell_start="2026-06-01")
    (tmp_path / "c.json").write_text(json.dumps(caseload(citizens=[hostile])), encoding="utf-8")
    assert bare("import", "c.json", "--yes", "--today", TODAY).code == 0
    answer = bare("triage", "--today", TODAY, stdin=b"\xff\xfe\n9\nnote \xff\nq\n")
    assert answer.code == 0
    assert "Ond·[2J·Navn [/red] (c-9)" in answer.out
    assert "\x1b" not in answer.out
    assert "note �" in bare("note", "c-9", "--today", TODAY).out


def test_an_interrupt_leaves_with_what_was_done(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Desk, *words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Desk, "note", interrupted)
    answer = line("triage", stdin=b"7\n9\nx\n")
    assert (answer.code, answer.err) == (130, "")
    assert answer.out.endswith("1 ændring er foretaget og gemt; se den med: planner log\n")


def test_every_answer_is_a_command_of_the_table_and_no_letter_means_another_key() -> None:
    assert set(STEPS) | {"why", "quit"} == set(ANSWERS.values())
    for key, command_id in ANSWERS.items():
        entry = command(command_id)
        if key.isalpha() and command_id != "redo":
            assert key in entry.keys


def test_whatever_changes_the_selected_citizen_on_the_screen_is_an_answer_here() -> None:
    everybody = {"accept_all", "call_off", "erase"}
    changing = {entry.id for entry in COMMANDS if entry.writes and "today" in entry.where}
    assert changing - everybody <= set(STEPS)


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals there")
@pytest.mark.parametrize(("typed", "code"), [(b"\x04", 0), (b"\x03", 130)], ids=["ctrl-d", "ctrl-c"])
def test_on_a_terminal_nothing_but_lines_is_written(filled: Path, tmp_path: Path, typed: bytes, code: int) -> None:
    place(filled, tmp_path)
    with on_terminal("triage", "--today", TODAY) as terminal:
        shown = terminal.until(lambda said: b"):" in said)
        terminal.type(b"7\r")
        shown += terminal.until(lambda said: b"):" in said)
        shown += terminal.press_to_the_end(typed)
        assert terminal.process.wait() == code
    assert b"udeblev" in shown
    assert b"\x1b" not in shown
    assert "1 ændring er foretaget og gemt".encode() in shown


def test_only_those_whom_the_filter_lets_through_are_asked_about(line: Line) -> None:
    told = decided(line, "", words=("--target-group", "int")).out
    assert (DEMO in told, BO in told) == (True, False)
    assert (
        "1 borger kræver en afgørelse." in decided(line, "q", words=("--only", "overdue", "--cadence", "standard")).out
    )
    assert "Afventer: " in decided(line, "q", words=("--only", "waiting")).out
