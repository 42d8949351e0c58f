"""Folding, filtering, and one action for many: on the real desk of the demo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from rich.cells import cell_len
from textual import events
from textual.widgets import Input

from planner.bootstrap import open_demo
from planner.domain.conversations import Status
from planner.locale import language
from planner.planning.plan import Bucket
from planner.progress import Reach
from planner.services.desk import Desk
from planner.services.sieve import Sieve
from planner.tui.app import PlannerApp
from planner.tui.rows import PICKED_SIGN
from planner.tui.screens.week import WeekScreen
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage, staged

MONDAY = date(2026, 11, 23)


@asynccontextmanager
async def demo(size: tuple[int, int] = (100, 40), view: Path | None = None) -> AsyncIterator[tuple[Stage, Desk]]:
    """The demo on the screen, and its desk."""
    with open_demo(MONDAY) as desk:
        app = PlannerApp(lambda _: desk, language("en"), kept_view=view)
        async with app.run_test(size=size, notifications=True) as pilot:
            stage = Stage(app, pilot, FakeDesk())
            await stage.settled()
            yield stage, desk


async def test_a_group_folds_to_its_heading_and_back() -> None:
    async with staged(at="k-02") as stage:
        before = stage.text()
        await stage.press("z")
        assert stage.people.selected_id is None
        assert stage.people.selected_group is Bucket.OVERDUE
        assert "folded" in stage.text()
        await stage.until(lambda: stage.card() == "The group is folded; z unfolds it.", "the card of a group")
        assert "Anna Eksempel" not in stage.text()
        await stage.press("a")
        await stage.press("enter")
        await stage.until(lambda: stage.text() == before, "the group as it was")
        assert stage.selected == "k-02"
        assert stage.desk.calls == []


async def test_all_groups_fold_and_the_search_unfolds_the_one_that_is_wanted() -> None:
    async with staged(at="k-02") as stage:
        await stage.press("Z")
        assert not any(stage.people.shows(row.citizen.id) for row in stage.desk.rows)
        await stage.press("g", "j", "k")
        stage.today.select("k-08")
        await stage.pilot.pause()
        assert stage.selected == "k-08"
        await stage.press("Z", "Z")
        assert all(stage.people.shows(row.citizen.id) for row in stage.desk.rows)


async def test_a_filter_hides_and_says_so_until_everybody_is_wanted() -> None:
    async with staged(size=(120, 50)) as stage:
        await stage.press("F", "2")
        await stage.closed()
        assert stage.today.sieve == Sieve(standing="overdue")
        late = [row.citizen.id for row in stage.desk.rows if row.days is not None and row.days < 0]
        assert [row.citizen.id for row in stage.desk.rows if stage.people.shows(row.citizen.id)] == late
        assert f"{stage.desk.today().plan.municipality} · only overdue" in stage.text()
        hidden = sum(not stage.people.shows(row.citizen.id) for row in stage.desk.rows)
        assert f"{hidden} more are hidden by the filter (F)" in stage.text()
        await stage.press("F", "7")
        await stage.closed()
        assert all(stage.people.shows(row.citizen.id) for row in stage.desk.rows)
        assert "hidden" not in stage.text()


async def test_parts_of_the_filter_are_asked_together() -> None:
    async with staged() as stage:
        for keys in (("F", "1"), ("F", "5"), ("1",)):
            await stage.press(*keys)
            await stage.pilot.pause()
        await stage.closed()
        assert stage.today.sieve == Sieve(standing="mine", channel="phone")
        await stage.press("F", "5")
        await stage.opened()
        await stage.press("4")
        await stage.closed()
        assert stage.today.sieve == Sieve(standing="mine")


async def test_the_letters_that_move_about_move_in_a_dialog_too() -> None:
    async with staged() as stage:
        await stage.press("F", "G", "k", "g", "j")
        await stage.opened()
        await stage.press("enter")
        await stage.closed()
        assert stage.today.sieve == Sieve(standing="overdue")


async def test_only_what_a_digit_picks_has_a_number() -> None:
    async with staged() as stage:
        await stage.press("F", "4")
        await stage.opened()
        shown = stage.text()
        assert "9  6.9" in shown
        assert "6.10" in shown
        assert "10  6.10" not in shown


async def test_whoever_is_searched_is_found_though_the_filter_hides_her() -> None:
    async with staged() as stage:
        stage.today.strain(Sieve(standing="waiting"))
        await stage.pilot.pause()
        assert not stage.people.shows("k-02")
        stage.today.select("k-02")
        await stage.pilot.pause()
        assert stage.selected == "k-02"
        assert not stage.today.sieve


async def test_the_list_looks_as_it_was_left(tmp_path: Path) -> None:
    view = tmp_path / "view.json"
    for _ in range(2):
        async with demo(view=view) as (stage, _desk):
            if not view.exists():
                await stage.press("F", "1")
                await stage.closed()
                await stage.press("z")
                await stage.until(view.exists, "the file")
                await stage.until(lambda: all(one.is_finished for one in stage.app.workers), "the writing")
            else:
                assert stage.today.sieve == Sieve(standing="mine")
                assert stage.people.folded
    for torn in (b"", b"{", b"[1]", b"\xff", b'{"folded": 1, "filter": {"standing": "x", "cadence": 3}}'):
        view.write_bytes(torn)
        async with staged() as stage:
            assert not stage.today.sieve


async def test_marked_proposals_are_accepted_together_and_taken_back_together() -> None:
    async with demo() as (stage, desk):
        before = desk.caseload()
        proposed = [row for row in desk.today().rows if row.part.bucket is Bucket.PROPOSED][:3]
        for row in proposed:
            stage.people.select(row.citizen.id)
            await stage.press("space")
        assert stage.text().count(PICKED_SIGN) == 3
        assert stage.selected != proposed[-1].citizen.id
        await stage.press("A")
        await stage.until(lambda: bool(stage.toasts), "the answer")
        assert stage.toasts[-1].startswith("Conversations booked: 3")
        await stage.settled()
        for row in proposed:
            assert desk.today().plan.of(row.citizen.id).bucket is Bucket.BOOKED
        await stage.press("u")
        await stage.until(lambda: len(stage.toasts) > 1, "the undoing")
        await stage.settled()
        assert desk.caseload() == before


async def test_without_marks_those_that_were_looked_through_are_accepted() -> None:
    async with demo() as (stage, desk):
        await stage.press("A")
        await stage.pilot.pause()
        looked = next(row for row in desk.today().rows if row.part.bucket is Bucket.PROPOSED)
        stage.people.select(looked.citizen.id)
        await stage.until(lambda: looked.citizen.id in stage.today.picked(), "the card to be looked at")
        wanted = set(stage.today.picked())
        await stage.press("A")
        await stage.opened()
        assert "Nobody is marked. You have looked at these:" in stage.text()
        assert looked.citizen.name in stage.text()
        await stage.press("escape")
        await stage.closed()
        assert not any(text.startswith("Conversations booked") for text in stage.toasts)
        await stage.press("A")
        await stage.opened()
        stage.dialog.action_go_on()
        await stage.until(lambda: any(text.startswith("Conversations booked") for text in stage.toasts), "the booking")
        assert stage.selected not in wanted, "the cursor goes on to the next"
        booked = {c.id for c in desk.caseload().citizens for talk in c.booked() if talk.on >= MONDAY}
        assert wanted <= booked


async def test_a_sick_day_is_called_off_and_its_citizens_get_other_days() -> None:
    async with demo() as (stage, desk):
        before = desk.caseload()
        day = min(talk.on for c in before.citizens for talk in c.booked() if talk.on > MONDAY)
        affected = [c.id for c in before.citizens if any(talk.on == day for talk in c.booked())]
        await stage.press("D")
        await stage.opened()
        await stage.type(f"{day:%d-%m-%Y}")
        await stage.press("enter")
        await stage.until(lambda: "reason" in stage.text().lower(), "the refusal")
        await stage.type("syg")
        await stage.press("enter")
        await stage.closed()
        await stage.settled()
        await stage.until(lambda: f"{len(affected)} marked" in stage.text(), "the marks")
        called_off = {c.id: c for c in desk.caseload().citizens}
        for citizen_id in affected:
            talks = called_off[citizen_id].conversations
            assert any(talk.on == day and talk.status is Status.CANCELLED_BY_US for talk in talks)
            proposal = desk.today().plan.of(citizen_id).proposal
            assert proposal is None or proposal.slot.on != day
        assert not any(p.slot.on == day for part in desk.today().plan.citizens if (p := part.proposal))
        await stage.press("u")
        await stage.until(lambda: len(stage.toasts) > 1, "the undoing")
        await stage.settled()
        assert desk.caseload() == before


@pytest.mark.parametrize("code", ["da", "en"])
async def test_the_dialogs_fit_the_smallest_screen(code: str) -> None:
    for keys in (("D",), ("F",), ("F", "4"), ("F", "6")):
        async with staged(size=(80, 24), speaks=language(code)) as stage:
            await stage.press(*keys)
            await stage.opened()
            assert all(cell_len(line) == 80 for line in stage.text().splitlines())
            assert language(code).text("Go back") in stage.text()


async def test_the_palette_finds_citizens_too() -> None:
    async with staged(at="k-02") as stage:
        await stage.press("ctrl+p")
        await stage.opened()
        await stage.type("uplaceret")
        await stage.until(lambda: "Ulla Uplaceret" in stage.text(), "the citizen")
        await stage.press("enter")
        await stage.closed()
        await stage.until(lambda: stage.selected == "k-08", "the citizen to be selected")


async def test_on_a_folded_group_what_needs_no_citizen_still_works() -> None:
    async with staged(at="k-02") as stage:
        await stage.press("a")
        await stage.settled()
        await stage.press("Z", "u")
        await stage.until(lambda: any("Undone" in text for text in stage.toasts), "the undoing")
        for key in ("W", "/"):
            await stage.press(key)
            await stage.opened()
            await stage.press("escape")
            await stage.closed()


@asynccontextmanager
async def opening() -> AsyncIterator[tuple[Stage, FakeDesk, Event]]:
    """The application while its store is being opened, until the event is set."""
    gate, fake = Event(), FakeDesk()

    def opened(_reach: Reach) -> Desk:
        gate.wait(30)
        return fake.as_desk()

    app = PlannerApp(opened, language("en"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        try:
            yield Stage(app, pilot, fake), fake, gate
        finally:
            gate.set()


async def test_no_key_that_changes_something_acts_before_the_list_is_seen() -> None:
    async with opening() as (stage, fake, gate):
        await stage.press("A", "D", "z", "Z", "F", "u", "a", "f3", "m", "f4", "v", "f5", "a", "f2")
        gate.set()
        await stage.settled()
        assert fake.calls == []
        assert stage.app.screen is stage.today


async def test_keys_pressed_while_the_store_opens_act_when_the_list_is_there() -> None:
    async with opening() as (stage, fake, gate):
        await stage.press("j", "/", "a", "a", "s", "e")
        assert stage.app.screen is stage.today
        gate.set()
        await stage.opened()
        await stage.until(lambda: stage.dialog.query_one(Input).value == "aase", "what was typed ahead")
        await stage.press("escape")
        await stage.closed()
        assert stage.selected == stage.today._state.order[1]
        assert fake.calls == []


async def test_in_a_view_that_is_gone_to_ahead_its_own_keys_are_meant() -> None:
    async with opening() as (stage, fake, gate):
        await stage.press("f4", "f3", ".", "m", "enter")
        gate.set()
        await stage.until(lambda: isinstance(stage.app.screen, WeekScreen), "the week")
        assert fake.calls == []


@pytest.mark.parametrize(("key", "ends"), [("q", True), ("question_mark", False)])
async def test_to_leave_and_to_ask_for_help_nobody_waits_for_the_store(key: str, ends: bool) -> None:
    async with opening() as (stage, _, _):
        await stage.press("j", key)
        if ends:
            await stage.until(lambda: not stage.app.is_running, "the end")
        else:
            await stage.opened()


async def test_a_text_that_was_pasted_without_marks_is_waited_out() -> None:
    async with opening() as (stage, fake, gate):

        def paste(count: int) -> None:
            for _ in range(count):
                stage.app.post_message(events.Key("a", "a"))

        paste(200)
        gate.set()
        await stage.until(lambda: stage.app._is_flooded, "the flood to be seen")
        paste(3)
        await stage.until(lambda: stage.app._begun, "its end")
        assert fake.calls == []
        assert "has not been done" in stage.toasts[-1]
        await stage.press("j", "a")
        await stage.until(lambda: bool(fake.calls), "keys hold again")


@pytest.mark.parametrize("keys", ["a", "p", "slash", "f4", "ctrl+p"])
async def test_one_can_leave_before_anybody_is_seen_whatever_was_pressed_before(keys: str) -> None:
    async with opening() as (stage, fake, _):
        await stage.press(keys, "q")
        await stage.until(lambda: not stage.app.is_running, "the end")
        assert fake.calls == []


async def test_a_key_leads_from_one_marked_citizen_to_the_next() -> None:
    async with staged() as stage:
        order = stage.today._state.order
        await stage.press("m")
        assert "Nobody is marked" in stage.toasts[-1]
        stage.today.pick([order[1], order[4]])
        seen = []
        for _ in range(3):
            await stage.press("m")
            seen.append(stage.selected)
        assert seen == [order[1], order[4], order[1]]


async def test_the_next_marked_is_found_in_a_folded_group_and_behind_a_filter() -> None:
    async with staged() as stage:
        last = stage.today._state.order[-1]
        stage.today.pick([last])
        await stage.press("Z", "m")
        assert stage.selected == last
        stage.today.strain(Sieve(cadence="close"))
        assert last not in stage.today._state.order
        await stage.press("m")
        assert stage.selected == last


@pytest.mark.parametrize("speaks", ["da", "en"])
async def test_in_eighty_columns_the_whole_filter_is_told(speaks: str) -> None:
    async with staged(size=(80, 24), speaks=language(speaks)) as stage:
        sieve = Sieve("mine", "6.2", "in_person", "none")
        stage.today.pick(stage.today._state.order[:2])
        stage.today.strain(sieve)
        first = stage.text().splitlines()[0]
        assert sieve.words(language(speaks), brief=True) in first

        assert "…" not in first.replace(language(speaks).text("planning again…"), "")
