"""Row, card, days and the accept key say the same thing, and nothing is booked that nobody chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from planner.domain.citizens import TargetGroup
from planner.domain.conversations import Channel, Conversation
from planner.errors import Refused
from planner.locale import language
from planner.planning.plan import Bucket, CitizenPlan
from planner.rules.windows import Window, WindowKind
from planner.services.results import Row
from planner.services.today import days_left
from planner.tui.dialogs.base import unbroken
from planner.tui.picture import placed
from planner.tui.rows import View, cells
from planner.tui.widgets.card_text import card_text
from planner.tui.widgets.choice_list import ChoiceList
from tests.tui.fakes import TITLES, TODAY, FakeDesk, proposal, row, slot, window
from tests.tui.stage import staged

WISH = replace(window(), binding=False)
ITEM = replace(window(), kind=WindowKind.ITEM)


def _until(kind: Window, days: int) -> Window:
    return replace(kind, latest=TODAY + timedelta(days=days))


def _part(bucket: Bucket, *windows: Window) -> CitizenPlan:
    return replace(row("k-1", "Prøve Prøvesen", bucket).part, windows=windows)


@pytest.mark.parametrize(
    ("bucket", "windows", "days"),
    [
        (Bucket.PROPOSED, (_until(window(), 9), _until(WISH, 4)), 4),
        (Bucket.OVERDUE, (_until(window(), -2), _until(WISH, 4)), -2),
        (Bucket.AFTER_NO_SHOW, (_until(WISH, 3), _until(window(), 25)), 3),
        (Bucket.EVENT_PASSED, (_until(WISH, -3), _until(window(), 25)), 25),
        (Bucket.EVENT_PASSED, (_until(WISH, -3),), None),
        (Bucket.PROPOSED, (_until(ITEM, 2), _until(window(), 8)), 8),
        (Bucket.BOOKED, (_until(window(), 348),), None),
        (Bucket.BOOKED_TODAY, (_until(window(), 12),), None),
        (Bucket.BOOKED, (_until(window(), -1),), -1),
        (Bucket.NO_DUTY, (), None),
    ],
)
def test_days_to_what_decides(bucket: Bucket, windows: tuple[Window, ...], days: int | None) -> None:
    """The nearest last day; overdue only where it is a duty; nothing where a conversation is agreed in time."""
    assert days_left(_part(bucket, *windows), TODAY) == days


def test_a_wish_that_nobody_kept_has_passed_in_the_list_and_on_the_card() -> None:
    """It is not overdue."""
    part = _part(Bucket.EVENT_PASSED, _until(WISH, -3))
    found = Row(row("k-1", "Prøve", Bucket.EVENT_PASSED).citizen, part, None, days_left(part, TODAY))
    view = View(language("en"), TODAY, TITLES)
    assert cells(found, view).days == "passed"
    assert "   Four conversations in six months: passed" in [text for text, _ in card_text(found, view, 120)]


def test_what_is_agreed_never_looks_like_a_double_booking() -> None:
    """First what is booked, then the further conversation under a name of its own."""
    talk = Conversation(TODAY + timedelta(days=2), time(9), 30, Channel.PHONE)
    found = row("k-1", "Prøve", Bucket.BOOKED, offer=proposal(slot(9)), conversations=(talk,))
    lines = [text for text, _ in card_text(found, View(language("en"), TODAY, TITLES), 120)]
    assert lines.index("Booked") < lines.index("Further conversation")
    assert "Proposal" not in lines


async def test_what_is_booked_stands_in_the_order_of_the_clock() -> None:
    """Not by need: the day is read from top to bottom."""
    hours = (13, 9, 11)
    rows = tuple(
        row(f"k-{hour:02}", f"Kl {hour}", Bucket.BOOKED_TODAY, conversations=(_talk(TODAY, hour),)) for hour in hours
    )
    async with staged(FakeDesk(rows=rows)) as stage:
        assert stage.today._state.order == ["k-09", "k-11", "k-13"]


def _talk(on: date, hour: int) -> Conversation:
    return Conversation(on, time(hour), 30, Channel.PHONE)


async def test_a_time_typed_at_once_is_the_time_that_is_booked() -> None:
    """The focus is in the list; the digits go to the field, all of them and in order."""
    async with staged(at="k-02") as stage:
        await stage.press("t")
        await stage.opened()
        assert stage.dialog.query_one("#slots").has_focus
        await stage.type("25-11 10.30")
        field = stage.dialog.query_one("#moment", Input)
        assert (field.value, field.has_focus) == ("25-11 10.30", True)
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        assert stage.desk.calls == [("accept", "k-02", slot(2, "10:30"))]


async def test_a_refused_time_stays_in_its_field() -> None:
    """As it was written, with the focus; by the dialog's own refusal and by the desk's."""
    desk = FakeDesk(refusals=[Refused("Taken")])
    async with staged(desk, at="k-02") as stage:
        await stage.press("t")
        await stage.opened()
        await stage.type("25-13 10.30")
        await stage.press("enter")
        await stage.until(lambda: "is not a date" in stage.text(), "the fault")
        field = stage.dialog.query_one("#moment", Input)
        assert (field.value, field.has_focus) == ("25-13 10.30", True)
        field.value = "25-11 9"
        await stage.press("enter")
        await stage.until(lambda: "Taken" in stage.text(), "the refusal")
        await stage.opened()
        field = stage.dialog.query_one("#moment", Input)
        assert (field.value, field.has_focus) == ("25-11 9", True)


async def test_enter_in_the_list_books_no_row_while_a_time_is_written() -> None:
    """Which of the two is meant is asked, not guessed."""
    async with staged(at="k-02") as stage:
        await stage.press("t")
        await stage.opened()
        await stage.type("25-11 10.30")
        await stage.press("shift+tab", "down", "enter")
        await stage.until(lambda: "A time is written too" in stage.text(), "the question")
        assert stage.desk.calls == []
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        assert stage.desk.calls == [("accept", "k-02", slot(2, "10:30"))]


async def test_the_channel_that_was_chosen_stands_on_the_card_with_what_comes_next() -> None:
    """And a change to the citizen takes it away: row, card and key agree."""
    async with staged(at="k-02", size=(160, 45)) as stage:
        await stage.press("c")
        await stage.opened()
        await stage.press("3")
        await stage.closed()
        chosen = "Wed 25 Nov 14:00–14:30 in person · a accepts"
        await stage.until(lambda: chosen in stage.card(), "the slot on the card")
        assert [line for line in stage.card().splitlines() if ">" in line] == [f" >    {chosen}"]
        await stage.press("s")
        await stage.opened()
        await stage.press("1")
        await stage.settled()
        stage.people.select("k-02")
        await stage.until(lambda: "> 1  Tue 24 Nov 10:30" in stage.card(), "the proposal again")
        assert "in person Wed 25 Nov 14:00" not in stage.text()
        await stage.press("a")
        await stage.until(lambda: len(stage.desk.calls) == 2, "the booking")
        assert stage.desk.calls[1] == ("accept", "k-02", slot(1))


async def test_a_chosen_slot_that_another_citizen_got_is_given_up() -> None:
    """The plan that comes then shows the proposal; a free one stays."""
    async with staged(at="k-02") as stage:
        taken, free = slot(2, "09:00", Channel.DIGITAL), slot(3, "11:00")
        stage.today.show_slot("k-02", taken)
        stage.today.show_slot("k-03", free)
        stage.people.select("k-04")
        await stage.press("a")
        await stage.until(lambda: bool(stage.desk.calls), "the booking of the same time")
        await stage.settled()
        assert stage.desk.calls == [("accept", "k-04", taken)]
        assert stage.today._state.chosen == {"k-03": free}


async def test_a_refused_slot_is_no_longer_looked_at() -> None:
    """The card falls back to the proposal."""
    async with staged(FakeDesk(refusals=[Refused("Taken")]), at="k-02") as stage:
        await stage.press("n", "a")
        await stage.until(lambda: stage.toasts == ["Taken"], "the refusal")
        await stage.until(lambda: "> 1  Tue 24 Nov 10:30" in stage.card(), "the proposal")


async def test_fridays_conversation_is_recorded_on_monday() -> None:
    """The booked day stands there; one that is to come is refused; tab into a field replaces what stands in it."""
    friday = _talk(TODAY - timedelta(days=3), 10)
    rows = (row("k-1", "Prøve", Bucket.EVENT_PASSED, conversations=(friday, _talk(TODAY + timedelta(days=9), 9))),)
    async with staged(FakeDesk(rows=rows)) as stage:
        await stage.press("h")
        await stage.opened()
        assert stage.dialog.query_one("#on", Input).value == "20-11-2026"
        await stage.press("tab")
        await stage.type("24-11")
        await stage.press("enter")
        await stage.until(lambda: "in the future" in stage.text(), "the refusal")
        await stage.press("shift+tab", "tab")
        await stage.type("19-11")
        await stage.press("tab")
        await stage.type("45")
        await stage.press("enter")
        await stage.noted()
        expected = ("held", "k-1", Channel.PHONE, TODAY - timedelta(days=4), 45, ())
        assert stage.desk.calls == [expected]


async def test_what_cannot_be_is_refused_before_a_form_is_opened() -> None:
    """No exemption outside the groups, no cancellation where nothing is booked."""
    rows = (row("k-1", "Prøve", Bucket.PROPOSED, days=9, offer=proposal(slot(2)), group=TargetGroup.SICKNESS),)
    async with staged(FakeDesk(rows=rows)) as stage:
        await stage.press("x")
        await stage.noticed("Only the groups 6.1, 6.2, 6.9 can be exempted")
        await stage.press("v")
        await stage.noticed("Nothing is booked that could be cancelled")
        assert stage.app.screen is stage.today


async def test_search_is_in_danish_order_and_forgives_plain_letters() -> None:
    """Å stands last; prove finds Prøvesen; what fits nothing says so at once, in the palette too."""
    async with staged() as stage:
        await stage.press("/")
        await stage.opened()
        names = stage.dialog.query_one("#choices", ChoiceList)
        assert names.lines[-1].startswith("Åse")
        await stage.type("poul prove")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: stage.selected == "k-09", "the citizen")
        await stage.press("ctrl+p")
        await stage.opened()
        await stage.type("qqq")
        await stage.until(lambda: "Nothing fits" in stage.text(), "the word")


@given(st.integers(40, 120))
def test_no_number_is_parted_from_its_sign(width: int) -> None:
    """However wide the screen is."""
    text = "9 of 40 in their first months are exempted (22 %). The limit is 25 %, at most 10."
    lines = unbroken(text, width).split("\n")
    assert not any(line.startswith("%") or line.endswith(("22", "25")) for line in lines)
    assert " ".join(lines).replace("\u00a0", " ") == text


def test_a_picture_keeps_the_blank_between_key_and_label() -> None:
    """Also where a viewer drops blanks before a text."""
    drawn = '<text class="r7" x="24.4" y="8" textLength="61" clip-path="url(#a)">&#160;tid&#160;</text>'
    assert placed(drawn) == '<text class="r7" x="36.6" y="8" textLength="48.8" clip-path="url(#a)">tid&#160;</text>'


async def test_another_channel_keeps_the_time_where_it_is_free() -> None:
    """Not the first free time in that channel: what was agreed about the hour still holds."""
    async with staged(at="k-02") as stage:
        stage.today.show_slot("k-02", slot(4, "14:00", Channel.PHONE))
        await stage.press("c")
        await stage.opened()
        await stage.press("2")
        await stage.closed()
        await stage.press("a")
        await stage.until(lambda: bool(stage.desk.calls), "the booking")
        booked = stage.desk.rows[[row.citizen.id for row in stage.desk.rows].index("k-02")].citizen.booked()[0]
        assert (booked.on, booked.start_minute, booked.channel) == (slot(4).on, 14 * 60, Channel.DIGITAL)


async def test_nothing_is_filled_in_for_what_is_refused_anyway() -> None:
    """An offer to somebody who is booked is refused before its form."""
    async with staged(at="k-11") as stage:
        await stage.press("e")
        await stage.noticed("either a booking or a deadline")
        assert stage.app.screen is stage.today


async def test_the_cursor_stays_where_nothing_was_to_be_decided() -> None:
    """Only whoever works through those in need goes on to the next one."""
    async with staged(at="k-11") as stage:
        await stage.press("v", "enter")
        await stage.until(lambda: bool(stage.toasts), "the cancellation")
        await stage.settled()
        assert stage.selected == "k-11"
