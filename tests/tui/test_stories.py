"""A morning at the screen, by keyboard."""

from __future__ import annotations

from datetime import date
from threading import Event

import pytest
from textual.events import Paste
from textual.widgets import Input

from planner.domain.citizens import Cadence, FactKind
from planner.domain.conversations import Channel
from planner.errors import Refused
from planner.locale import language
from planner.planning.plan import Bucket
from planner.tui.dialogs.help import HelpDialog
from planner.tui.messages import Planned
from planner.tui.screens import desk_screen
from planner.tui.screens.today import TodayScreen
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.citizen_list import CitizenList
from planner.tui.widgets.tick import Tick
from tests.tui.fakes import TODAY, FakeDesk, row, slot
from tests.tui.stage import PATIENCE, Stage, staged


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_accept_says_what_was_done_and_undo_takes_it_back(size: tuple[int, int]) -> None:
    """Accept: a toast, the next citizen in need; undo: the citizen again as before."""
    async with staged(size=size, at="k-02") as stage:
        await stage.press("a")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert stage.toasts == ["Booked with Anna Eksempel on 24 Nov 2026.\nu undoes."]
        assert stage.desk.calls == [("accept", "k-02", slot(1))]
        assert stage.selected == "k-03"
        await stage.settled()
        assert stage.selected == "k-03"
        await stage.press("u")
        await stage.until(lambda: len(stage.toasts) == 2, "the second toast")
        assert stage.toasts[1] == "Undone.\nU redoes."
        await stage.settled()
        assert stage.selected == "k-02"
        assert stage.desk._row("k-02").part.bucket is Bucket.OVERDUE
        await stage.press("U")
        await stage.until(lambda: stage.desk._row("k-02").part.bucket is Bucket.BOOKED, "the redo")


async def test_a_key_after_an_undo_is_meant_for_the_list_that_comes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_screen, "_FOR_A_LIST", PATIENCE)
    async with staged(at="k-09") as stage:
        await stage.press("a")
        await stage.until(lambda: stage.desk._row("k-09").part.bucket is Bucket.BOOKED, "the booking")
        await stage.settled()
        stage.people.select("k-09")
        stage.desk.gate = Event()
        await stage.press("u")
        await stage.until(lambda: len(stage.toasts) == 2, "the undo")
        await stage.press("j", "p")
        stage.desk.gate.set()
        await stage.opened()
        assert stage.selected == "k-10"  # in the list before, k-11 came next
        assert "Pia Prøvesen" in stage.text()


async def test_only_a_movement_waits_for_the_list_that_an_undo_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_screen, "_FOR_A_LIST", PATIENCE)
    async with staged(at="k-02") as stage:
        for number in (1, 2):
            await stage.press("a")
            await stage.until(lambda number=number: len(stage.toasts) == number, "the booking")  # type: ignore[misc]
        await stage.settled()
        stage.desk.gate = Event()
        for number in (3, 4):
            await stage.press("u")
            await stage.until(lambda number=number: len(stage.toasts) == number, "the undo")  # type: ignore[misc]
        assert stage.selected == "k-02"
        await stage.press("p")
        await stage.opened()
        assert "Anna Eksempel" in stage.text()
        stage.desk.gate.set()


async def test_a_second_enter_in_the_same_breath_does_nothing() -> None:
    """Keys that queue up on a slow line close a dialog once."""
    async with staged(at="k-02") as stage:
        await stage.press("h")
        await stage.until(lambda: len(stage.app.screen_stack) == 2, "the dialog")
        dialog = stage.dialog
        dialog.action_go_on()
        dialog.action_go_on()
        dialog.action_leave()
        await stage.until(lambda: len(stage.toasts) == 1, "the toast")
        await stage.noted()
        assert len(stage.desk.calls) == 1


async def test_the_card_follows_the_cursor() -> None:
    """Down and up go from citizen to citizen, over the headings."""
    async with staged() as stage:
        assert stage.selected == "k-01"
        await stage.press("j")
        assert stage.selected == "k-02"
        await stage.until(lambda: "Anna Eksempel" in stage.card(), "the card")
        for part in ("Proposal", "> 1  Tue 24 Nov 10:30–11:00 phone", "Requirements", "Why", "The fixed rhythm"):
            assert part in stage.card()
        await stage.press("G")
        assert stage.selected == "k-15"
        await stage.press("home")
        assert stage.selected == "k-01"
        await stage.press("end", "k")
        assert stage.selected == "k-14"


async def test_alternatives_are_looked_at_before_one_is_accepted() -> None:
    """n and the digits only look; a books what is shown."""
    async with staged(at="k-02") as stage:
        await stage.press("n")
        await stage.until(lambda: "> 2  Wed 25 Nov 09:00" in stage.card(), "the first alternative")
        await stage.press("right")
        await stage.until(lambda: "> 3  Wed 2 Dec" in stage.card(), "the second alternative")
        await stage.press("right", "left", "2")
        await stage.until(lambda: "> 2  Wed 25 Nov 09:00" in stage.card(), "the first alternative again")
        assert stage.desk.calls == []
        await stage.press("a")
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        assert stage.desk.calls == [("accept", "k-02", slot(2, "09:00", Channel.DIGITAL))]


async def test_postpone_demands_a_date_and_a_reason() -> None:
    """The dialog says what is missing and stays open."""
    async with staged(at="k-06") as stage:
        await stage.press("p")
        await stage.opened()
        await stage.type("soon")
        await stage.press("enter")
        await stage.until(lambda: "“soon” is not a date" in stage.text(), "the fault")
        stage.dialog.query_one("#until", Input).value = "+2w"
        await stage.press("enter")
        await stage.until(lambda: "Write a reason" in stage.text(), "the fault")
        await stage.type("apqu?")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert stage.desk.calls == [("postpone", "k-06", date(2026, 12, 7), "apqu?")]


async def test_what_was_typed_is_not_lost_when_the_desk_refuses() -> None:
    """The dialog comes back with the fault and the text."""
    desk = FakeDesk(refusals=[Refused("The limit is {limit}", limit=10)])
    async with staged(desk, at="k-09") as stage:
        await stage.press("x")
        await stage.opened()
        assert "9 of 40" in stage.text()
        await stage.type("soon in a job")
        await stage.press("enter")
        await stage.until(lambda: "The limit is 10" in stage.text(), "the refusal in the dialog")
        await stage.opened()
        assert stage.dialog.query_one("#reason", Input).value == "soon in a job"
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: len(stage.desk.calls) == 2, "the second try")
        assert stage.desk.calls[1] == ("exempt", "k-09", "soon in a job", None)


async def test_all_lines_of_a_pasted_text_are_taken() -> None:
    async with staged() as stage:
        await stage.press("p")
        await stage.opened()
        await stage.press("tab", *"så: ")
        await stage.app.on_event(Paste("ferie til\r\n\nog med uge 2\n"))
        field = stage.dialog.query_one("#reason", Input)
        await stage.until(lambda: field.value == "så: ferie til og med uge 2", "the text")


async def test_an_exemption_is_ended_after_a_question() -> None:
    """x on somebody exempt asks; no is the answer that enter gives."""
    async with staged(at="k-14") as stage:
        await stage.press("x")
        await stage.opened()
        await stage.press("enter")
        await stage.closed()
        assert stage.desk.calls == []
        await stage.press("x")
        await stage.opened()
        await stage.press("shift+tab", "enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the change")
        assert stage.desk.calls == [("end_exemption", "k-14")]


async def test_letters_never_fire_while_one_types() -> None:
    """In a note, in a search and in every field a letter is a letter."""
    async with staged(at="k-02") as stage:
        await stage.press("i")
        await stage.opened()
        await stage.type("aqpuxo?/")
        await stage.press("f8", "ctrl+p")
        await stage.opened()
        await stage.press("escape")
        await stage.until(lambda: "Press esc again" in stage.text(), "the warning")
        assert stage.desk.calls == []
        await stage.press("escape")
        await stage.closed()
        assert stage.selected == "k-02"
        assert stage.desk.calls == []


async def test_a_note_is_saved_and_shown_and_the_cursor_stays() -> None:
    """A note changes nothing in the plan, so nobody else is selected."""
    async with staged(at="k-02") as stage:
        await stage.press("i")
        await stage.opened()
        await stage.press("enter")
        await stage.until(lambda: "The note is empty" in stage.text(), "the fault")
        await stage.type("calls back")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the note")
        assert stage.desk.calls == [("note", "k-02", "calls back")]
        await stage.settled()
        assert stage.selected == "k-02"
        await stage.until(lambda: "calls back" in stage.card(), "the note on the card")


async def test_a_note_stands_on_the_card_before_a_plan_is_made_and_at_another_size() -> None:
    async with staged(at="k-02") as stage:
        stage.desk.gate = Event()
        await stage.press("i")
        await stage.opened()
        await stage.type("calls back")
        await stage.press("enter")
        await stage.until(lambda: "calls back" in stage.card(), "the note on the card")
        await stage.pilot.resize_terminal(121, 39)
        await stage.pilot.pause()
        assert "calls back" in stage.card()
        stage.desk.gate.set()


async def test_choose_a_time_from_the_list_or_write_one() -> None:
    """Enter books the marked time; a written one wins."""
    async with staged(at="k-02") as stage:
        await stage.press("t")
        await stage.opened()
        assert stage.dialog.query_one("#slots", ChoiceList).count == 15
        await stage.press("down", "enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        assert stage.desk.calls == [("accept", "k-02", slot(3, "14:00"))]
        await stage.settled()
        await stage.press("t")
        await stage.opened()
        await stage.press("tab")
        await stage.type("1-12 8.15")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: len(stage.desk.calls) == 2, "the second booking")
        chosen = slot(8, "08:15", Channel.IN_PERSON, 45)
        assert stage.desk.calls[1] == ("accept", "k-03", chosen)


async def test_another_channel_is_shown_and_then_accepted() -> None:
    """c looks; the list shows the new channel; a books it."""
    async with staged(at="k-02") as stage:
        await stage.press("c")
        await stage.opened()
        await stage.press("3")
        await stage.closed()
        await stage.until(lambda: "in person Wed 25 Nov 14:00" in stage.text(), "the new channel in the list")
        assert stage.desk.calls == []
        await stage.press("a")
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        assert stage.desk.calls == [("accept", "k-02", slot(2, "14:00", Channel.IN_PERSON))]


async def test_what_is_booked_stays_in_its_line_while_another_time_is_looked_at() -> None:
    def line(stage: Stage) -> str:
        lines = [line.partition("│")[0] for line in stage.text().splitlines()]  # without the card
        return next(line for line in lines if "Bente Booket" in line)

    async with staged(at="k-01") as stage:
        booked = line(stage)
        assert "13:00" in booked
        await stage.press("c")
        await stage.opened()
        await stage.press("3")
        await stage.closed()
        await stage.until(lambda: "a accepts" in stage.card(), "the time on the card")
        assert line(stage) == booked


async def test_screening_by_number() -> None:
    """s and a digit set the cadence."""
    async with staged(at="k-07") as stage:
        await stage.press("s")
        await stage.opened()
        await stage.press("3")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the cadence")
        assert stage.desk.calls == [("set_cadence", "k-07", Cadence.LIGHT)]


async def test_a_fact_with_its_dates() -> None:
    """Kind, date, until, documented."""
    async with staged(at="k-09") as stage:
        await stage.press("f")
        await stage.opened()
        await stage.press("down", "enter")
        await stage.until(lambda: "Write the date" in stage.text(), "the fault")
        await stage.type("1-12")
        await stage.press("tab")
        await stage.type("1-11")
        await stage.press("enter")
        await stage.until(lambda: "must not end before" in stage.text(), "the fault")
        stage.dialog.query_one("#until", Input).value = "24-12"
        await stage.press("tab", "space", "enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the fact")
        expected = ("add_fact", "k-09", FactKind.REHIRE, date(2026, 12, 1), date(2026, 12, 24), True)
        assert stage.desk.calls == [expected]


async def test_a_conversation_held_with_what_it_covered() -> None:
    """The booked channel and minutes stand there; the agenda is ticked with the space bar."""
    async with staged(at="k-01") as stage:
        await stage.press("h")
        await stage.opened()
        minutes = stage.dialog.query_one("#minutes", Input)
        assert minutes.value == "30"
        minutes.value = "0"
        await stage.press("enter")
        await stage.until(lambda: "whole number from 1 to 600" in stage.text(), "the fault")
        minutes.value = "20"
        stage.dialog.query_one(Tick).focus()
        await stage.press("space", "enter")
        await stage.noted()
        assert stage.desk.calls == [("held", "k-01", Channel.DIGITAL, TODAY, 20, ("job-rotation",))]


async def test_a_cancellation_by_us() -> None:
    """By whom, and why."""
    async with staged(at="k-11") as stage:
        await stage.press("v")
        await stage.opened()
        await stage.press("down", "tab")
        await stage.type("ill")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the record")
        assert stage.desk.calls == [("cancel", "k-11", False, "ill")]


async def test_a_refusal_without_a_dialog_is_a_toast_in_the_users_language() -> None:
    """Nobody can have stayed away from nothing; nothing moves."""
    async with staged(at="k-09") as stage:
        await stage.press("o")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert stage.toasts == ["Nothing is booked with Poul Prøvesen"]
        assert stage.selected == "k-09"
        await stage.press("u")
        await stage.until(lambda: len(stage.toasts) == 2, "the toast")
        assert stage.toasts[1] == "There is nothing to undo"


async def test_search_folds_danish_letters() -> None:
    """aase finds Åse; enter goes there."""
    async with staged() as stage:
        await stage.press("/")
        await stage.opened()
        await stage.type("aase")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: stage.selected == "k-03", "the citizen")
        await stage.press("ctrl+f")
        await stage.opened()
        await stage.type("zzz")
        await stage.press("enter")
        await stage.until(lambda: "Nothing fits" in stage.text(), "the fault")
        await stage.press("escape")
        await stage.closed()
        assert stage.selected == "k-03"


async def test_the_palette_runs_what_it_finds() -> None:
    """By words instead of keys, without Textual's own commands."""
    async with staged(at="k-02") as stage:
        await stage.press("ctrl+p")
        await stage.opened()
        for foreign in ("Screenshot", "Maximize", "Theme"):
            assert foreign not in stage.text()
        await stage.type("no-sh")
        await stage.press("enter")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert stage.toasts == ["Nothing is booked with Anna Eksempel"]


async def test_the_list_is_usable_while_a_plan_is_made_and_nothing_jumps() -> None:
    """The changed line says so at once; the cursor and its line on the screen stay when the plan arrives."""
    gate = Event()
    async with staged(FakeDesk(gate=gate), at="k-02") as stage:
        await stage.press("a")
        await stage.until(lambda: "planning again" in stage.text(), "the quiet mark")
        assert "* Anna Eksempel" in stage.text()
        line = next(text for text in stage.text().splitlines() if "Anna Eksempel" in text and "*" in text)
        assert "booked" in line
        await stage.press("j", "j", "a")
        await stage.until(lambda: len(stage.desk.calls) == 2, "the second booking, beside the plan")
        before = stage.selected
        gate.set()
        await stage.settled()
        assert stage.selected == before
        assert "planning again" not in stage.text()
        assert "* Anna" not in stage.text()


async def test_keys_faster_than_the_store_act_on_one_citizen_each() -> None:
    """Three quick accepts book three citizens, never one of them twice."""
    async with staged(at="k-02") as stage:
        await stage.press("a", "a", "a")
        await stage.until(lambda: len(stage.desk.calls) == 3, "three bookings")
        assert [call[1] for call in stage.desk.calls] == ["k-02", "k-03", "k-04"]


async def test_an_old_proposal_is_not_accepted_twice() -> None:
    """While the plan is being made, what was just booked cannot be booked again."""
    gate = Event()
    async with staged(FakeDesk(gate=gate), at="k-02") as stage:
        await stage.press("a")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        await stage.press("k", "a")
        await stage.until(lambda: len(stage.toasts) == 2, "the refusal")
        assert stage.toasts[1].startswith("Just changed")
        assert len(stage.desk.calls) == 1
        gate.set()
        await stage.settled()


async def test_after_the_last_one_in_need_it_begins_again_at_the_top() -> None:
    """Nobody in need is left out."""
    async with staged(at="k-10") as stage:
        await stage.press("a")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert stage.selected == "k-01"


async def test_tab_goes_to_the_card_and_escape_back() -> None:
    """The card scrolls with its own keys; the commands hold there too."""
    async with staged(size=(80, 24), at="k-02") as stage:
        await stage.press("tab")
        card = stage.today.query_one(CitizenCard)
        assert card.has_focus
        await stage.press("G")
        await stage.until(lambda: card.scroll_y > 0, "the card to scroll")
        assert stage.selected == "k-02"
        await stage.press("a")
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        await stage.press("escape")
        assert stage.people.has_focus


async def test_help_opens_and_closes() -> None:
    """? and F1; any of enter and escape closes."""
    async with staged() as stage:
        for key, leave in (("?", "escape"), ("f1", "enter")):
            await stage.press(key)
            await stage.opened()
            assert isinstance(stage.dialog, HelpDialog)
            await stage.press(leave)
            await stage.closed()


async def test_quit_by_either_key() -> None:
    """q leaves with exit code 0."""
    for key in ("q", "ctrl+q"):
        async with staged() as stage:
            await stage.press(key)
            await stage.until(lambda stage=stage: stage.app.return_code == 0, "the end")  # type: ignore[misc]


async def test_what_begins_while_the_screen_goes_down_ends_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list goes before the screen does: notes that are read just then, and a plan, find nothing to fall over."""
    met: list[TodayScreen] = []

    def begin(people: CitizenList) -> None:
        screen = people.screen
        assert isinstance(screen, TodayScreen)
        met.append(screen)
        screen._read_notes("k-02")
        screen.post_message(Planned(desk.today(), 0))
        screen.post_message(CitizenList.Moved("k-02"))

    desk = FakeDesk()
    monkeypatch.setattr(CitizenList, "on_unmount", begin, raising=False)
    async with staged(desk, at="k-02") as stage:
        assert not met
    assert met
    assert stage.app.return_code is None


async def test_ctrl_c_says_how_to_quit_in_the_users_language() -> None:
    """Textual's English toast does not come through."""
    async with staged(speaks=language("da")) as stage:
        await stage.press("ctrl+c")
        await stage.until(lambda: bool(stage.toasts), "the toast")
        assert stage.toasts == [language("da").text("Press {key} to quit.", key="q")]


async def test_an_empty_list_is_no_trouble() -> None:
    """Every key on nothing does nothing, and the card says how to begin."""
    async with staged(FakeDesk(rows=())) as stage:
        await stage.until(lambda: "Nobody is in the list yet." in stage.card(), "the card")
        assert "“planner import FILE”" in " ".join(stage.card().split())
        await stage.press(*"jkgGacpxsfhoviuU123n", "down", "up", "right", "left", "pagedown", "enter")
        assert stage.app.screen is stage.today
        assert stage.desk.calls == []


async def test_a_long_list_scrolls_with_its_cursor() -> None:
    """Home, end and pages by citizens; the cursor is always seen."""
    rows = tuple(row(f"k-{n:03}", f"Nummer {n:03}", Bucket.PROPOSED, days=n) for n in range(300))
    async with staged(FakeDesk(rows=rows), size=(80, 24)) as stage:
        page = stage.people.size.height - 1
        for key, at in (("end", 299), ("pageup", 299 - page), ("home", 0), ("pagedown", page)):
            there = f"k-{at:03}"
            await stage.press(key)
            assert stage.selected == there
            await stage.pilot.pause()
            assert f"Nummer {there[2:]}" in stage.text()
        await stage.press("home")
        await stage.pilot.pause()
        assert "Proposed (300)" in stage.text(), "the heading of the first group is seen with its first citizen"


async def test_todays_date_is_shown() -> None:
    """The day on which the list holds."""
    async with staged() as stage:
        assert stage.text().startswith(f" {language('en').long_day(TODAY)}")
