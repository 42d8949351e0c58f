"""What may not be meant is asked about: older changes, a booking beside an offer, a no-show ahead of its hour."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

from planner.domain.conversations import Channel, Conversation, Offer, OfferedTime
from tests.services.office import MONDAY, job_ready
from tests.tui.fakes import FakeDesk
from tests.tui.stage import staged
from tests.tui.test_experiments import real

LATER = Conversation(MONDAY, time(23, 45), 15, Channel.PHONE)
OFFERED = OfferedTime(MONDAY + timedelta(days=10), time(9), 30, Channel.PHONE)
OFFER = Offer(MONDAY, MONDAY + timedelta(days=9), (OFFERED,))


async def test_what_is_older_than_the_session_is_undone_only_when_that_is_meant(tmp_path: Path) -> None:
    async with real(tmp_path, job_ready("Prøve Testrup", 1)) as (stage, desk):
        await stage.press("i")
        await stage.opened()
        await stage.type("en note")
        await stage.press("enter")
        await stage.until(lambda: len(desk.notes("p-1")) == 1, "the note")
        await stage.closed()
        await stage.press("u")
        await stage.until(lambda: not desk.notes("p-1"), "what was done now is undone at once")
        await stage.press("u")
        await stage.opened()
        assert "before the program was opened" in " ".join(stage.text().split())
        await stage.press("enter")  # leaving has the focus
        await stage.closed()
        assert len(desk.caseload().citizens) == 1
        await stage.press("u")
        await stage.opened()
        stage.dialog.action_go_on()
        await stage.until(lambda: not desk.caseload().citizens, "the undo that was meant")


async def test_a_note_that_is_undone_or_redone_leaves_neither_a_mark_nor_the_citizen(tmp_path: Path) -> None:
    async with real(tmp_path, job_ready("Prøve Testrup", 1), job_ready("Anden Testrup", 2)) as (stage, desk):
        chosen = stage.selected
        assert chosen is not None
        await stage.press("i")
        await stage.opened()
        await stage.type("en note")
        await stage.press("enter")
        await stage.until(lambda: len(desk.notes(chosen)) == 1, "the note")
        await stage.closed()
        for key, count in (("u", 0), ("U", 1)):
            await stage.press(key)
            await stage.until(lambda count=count: len(desk.notes(chosen)) == count, "the note")  # type: ignore[misc]
            await stage.until(lambda: not stage.today._state.marks and stage.today.settled, "the end of the mark")
            assert stage.selected == chosen
        await stage.press("a")
        await stage.until(lambda: any(one.booked() for one in desk.caseload().citizens if one.id == chosen), "it")


async def test_booking_beside_an_offer_is_asked_about_and_the_list_shows_the_offer(tmp_path: Path) -> None:
    async with real(tmp_path, job_ready("Prøve Testrup", 1, offer=OFFER)) as (stage, desk):
        assert "1 offered" in stage.text()
        await stage.press("a")
        await stage.opened()
        assert "take the offer back?" in " ".join(stage.text().split())
        await stage.press("escape")
        await stage.closed()
        assert desk.caseload().citizens[0].offer is not None
        await stage.press("a")
        await stage.opened()
        stage.dialog.action_go_on()
        await stage.until(lambda: bool(desk.caseload().citizens[0].booked()), "the booking")
        assert desk.caseload().citizens[0].offer is None


async def test_a_no_show_before_its_hour_is_asked_about(tmp_path: Path) -> None:
    async with real(tmp_path, job_ready("Prøve Testrup", 1, conversations=(LATER,))) as (stage, desk):
        await stage.press("o")
        await stage.opened()
        assert "begins only at 23:45" in stage.text()
        await stage.press("escape")
        await stage.closed()
        assert desk.caseload().citizens[0].booked()


async def test_a_key_that_needs_a_citizen_says_so_where_there_is_none() -> None:
    async with staged(FakeDesk(rows=())) as stage:
        await stage.press("p")
        await stage.until(lambda: stage.toasts == ["No citizen is selected."], "the answer")
