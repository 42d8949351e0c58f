"""What stands on the screen before the store is read is what will stand there, and no key acts on anybody unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import pytest
from textual import events
from textual.widgets import Input

from planner.first_view import AHEAD, LINES, PICTURE, Depends, First, depends_on, looks
from planner.glances import text_and_count
from planner.planning.plan import Bucket
from planner.services.sieve import Sieve
from planner.settings import Settings
from planner.tui.app import PlannerApp
from planner.tui.first_view import read, written
from planner.tui.screens import today
from tests.benchmarks import tty
from tests.tui.cells import on_terminal, seen, visible
from tests.tui.fakes import FakeDesk, office, proposal, row, slot
from tests.tui.stage import ENGLISH, Stage, staged

SIZES = [(80, 24), (119, 30), (120, 40), (160, 45)]


async def kept(stage: Stage) -> tuple[str, str]:
    """The lines and the picture, once both are kept."""
    glances = stage.desk.glances
    await stage.until(lambda: {LINES, PICTURE} <= glances.keys(), "the first view to be kept")
    return text_and_count(glances[LINES][0])[0], glances[PICTURE][0].decode()


@pytest.mark.usefixtures("own_colours")
@pytest.mark.parametrize("theme", ["dark", "light", "terminal"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_picture_is_what_the_screen_paints(
    size: tuple[int, int], theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tty, "COLUMNS", size[0])
    monkeypatch.setattr(tty, "ROWS", size[1])
    desk = FakeDesk(rows=office())
    async with staged(desk, size=size, theme=f"planner-{theme}", first=First()) as stage:
        _, picture = await kept(stage)
        painted, shown = on_terminal(picture), seen(stage)
        places = [(x, y) for y in range(size[1]) for x in range(size[0])]
        assert [
            (x, y, painted[y][x], shown[y][x]) for x, y in places if visible(painted[y][x]) != visible(shown[y][x])
        ] == []
        assert any(sign != " " for row in painted for sign, _ in row)


async def test_the_lines_are_read_as_they_were_written() -> None:
    async with staged(first=First()) as stage:
        lines, _ = await kept(stage)
        view = read(lines)
        assert written(view) == lines
        assert [row.id for _, rows in view.groups for row in rows] == stage.people.order
        assert sum(len(rows) for _, rows in view.groups) == len(stage.desk.rows)


@pytest.mark.parametrize("keys", [(), ("z",), ("Z",)], ids=["open", "one folded", "all folded"])
@pytest.mark.parametrize("standing", ["", "overdue", "nobody"])
async def test_what_is_made_ahead_is_shaped_as_what_is_shown(
    keys: tuple[str, ...], standing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "_IDLE", 0.5)
    async with staged(FakeDesk(rows=office()), first=First()) as stage:
        if standing:
            stage.today.strain(Sieve(standing="overdue", target_group="6.13" if standing == "nobody" else ""))
        await stage.press(*keys)
        glances = stage.desk.glances
        both = {key: AHEAD + key for key in (LINES, PICTURE)}

        def are_kept() -> bool:
            return all(
                {key, ahead} <= glances.keys() and glances[key][1] == glances[ahead][1] for key, ahead in both.items()
            )

        await stage.until(are_kept, "both to be kept")
        for key, ahead in both.items():
            assert glances[ahead] == glances[key]


async def lines_of(desk: FakeDesk) -> str:
    async with staged(desk, first=First()) as stage:
        return (await kept(stage))[0]


class LateDesk(FakeDesk):
    """A store that is opened when the test says so."""

    door: Event

    def as_desk(self) -> object:  # type: ignore[override]
        """Wait."""
        assert self.door.wait(30)
        return super().as_desk()


def late(rows: tuple[object, ...] | None = None) -> LateDesk:
    desk = LateDesk() if rows is None else LateDesk(rows=rows)  # type: ignore[arg-type]
    desk.door = Event()
    return desk


@asynccontextmanager
async def as_left(desk: LateDesk, *early: events.Key) -> AsyncIterator[Stage]:
    """The list as it was left, before the store is open; keys that come `early` are read before there is a screen."""
    app = PlannerApp(desk.factory(), ENGLISH, first=First(await lines_of(FakeDesk())))
    for key in early:
        app.post_message(key)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        stage = Stage(app, pilot, desk)
        await stage.until(lambda: stage.people.selected_id is not None, "the list as it was left")
        yield stage


async def test_the_cursor_moves_before_the_store_is_open_and_what_is_pressed_then_holds_for_whom_it_is_on() -> None:
    desk = late()
    async with as_left(desk) as stage:
        order = stage.people.order
        await stage.press("down", "down")
        assert stage.selected == order[2]
        assert "Opening" in stage.card()
        await stage.press("a", "down")  # held: who is meant must not change under the key
        assert stage.selected == order[2]
        desk.door.set()
        await stage.until(lambda: bool(desk.calls), "the acceptance")
        assert desk.calls[0][:2] == ("accept", order[2])


async def test_over_the_list_as_it_was_left_a_letter_may_be_meant_for_a_dialog_ahead() -> None:
    desk = late()
    async with as_left(desk) as stage:
        await stage.press("slash", "q")
        desk.door.set()
        await stage.opened()
        await stage.until(lambda: stage.dialog.query_one(Input).value == "q", "the letter")


@pytest.mark.parametrize("leaving", ["q", "ctrl+q"])
async def test_over_the_list_as_it_was_left_one_leaves_when_what_was_pressed_before_is_done(leaving: str) -> None:
    desk = late()
    async with as_left(desk) as stage:
        await stage.press("down", "down")
        wanted = stage.selected
        await stage.press("a", leaving)
        assert not stage.app._exit
        desk.door.set()
        await stage.until(lambda: stage.app._exit, "the end")
        assert [call[:2] for call in desk.calls] == [("accept", wanted)]


@pytest.mark.parametrize("leaving", ["q", "ctrl+q"])
async def test_over_the_list_as_it_was_left_one_leaves_at_once_where_nothing_was_pressed(leaving: str) -> None:
    desk = late()
    async with as_left(desk) as stage:
        await stage.press(leaving)
        await stage.until(lambda: stage.app._exit, "the end")
        desk.door.set()


async def test_a_key_that_came_before_the_list_had_the_focus_moves_in_it() -> None:
    desk = late()
    async with as_left(desk, events.Key("j", "j")) as stage:
        await stage.until(lambda: stage.selected == stage.people.order[1], "the second citizen")
        assert stage.today.shows_first
        desk.door.set()


async def test_a_key_books_no_slot_that_was_not_the_one_shown() -> None:
    moved = tuple(
        row(one.citizen.id, one.citizen.name, one.part.bucket, days=one.days, offer=proposal(slot(4, "08:15")))
        if one.part.bucket is Bucket.OVERDUE
        else one
        for one in office()
    )
    desk = late(moved)
    async with as_left(desk) as stage:
        order = stage.people.order
        await stage.press("down", "a")
        desk.door.set()
        await stage.settled()
        assert stage.people.order == order
        assert desk.calls == []


async def test_keys_pressed_over_a_list_that_turns_out_another_change_nothing() -> None:
    desk = late(tuple(office()[1:]))
    async with as_left(desk) as stage:
        await stage.press("a")
        desk.door.set()
        await stage.settled()
        assert desk.calls == []
        assert set(stage.people.order) == {row.citizen.id for row in office()[1:]}


async def test_what_is_kept_follows_the_folds() -> None:
    async with staged(first=First()) as stage:
        _, picture = await kept(stage)
        stage.desk.glances.clear()
        await stage.press("z")
        _, folded = await kept(stage)
        assert folded != picture


def depending(language: str = "da", rows: int = 24, theme: str = "dark", **view: object) -> Depends:
    return depends_on(language, view, (80, rows), looks(Settings(theme=theme)))


def test_what_a_view_depends_on_tells_folds_filters_and_looks_apart() -> None:
    plain = depending()
    assert plain == depending(folded=[], filter={"standing": ""})
    for other in (depending("en"), depending(folded=["waiting"]), depending(filter={"standing": "mine"})):
        assert plain.lines != other.lines
        assert plain.picture != other.picture
    for other in (depending(rows=25), depending(theme="light")):
        assert plain.lines == other.lines
        assert plain.picture != other.picture
