"""What stands on the screen before the store is read is what will stand there, and no key acts on anybody unseen."""

from __future__ import annotations

import re
from threading import Event

import pytest
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from planner.first_view import LINES, PICTURE, Depends, First, depends_on, looks
from planner.glances import text_and_count
from planner.planning.plan import Bucket
from planner.settings import Settings
from planner.tui.app import PlannerApp
from planner.tui.first_view import read, written
from tests.benchmarks import tty
from tests.tui.fakes import FakeDesk, office, proposal, row, slot
from tests.tui.stage import ENGLISH, Stage, staged

SIZES = [(80, 24), (119, 30), (120, 40), (160, 45)]
Cells = list[list[tuple[str, str]]]


async def kept(stage: Stage) -> tuple[bytes, str]:
    """The lines and the picture, once both are kept."""
    glances = stage.desk.glances
    await stage.until(lambda: {LINES, PICTURE} <= glances.keys(), "the first view to be kept")
    return text_and_count(glances[LINES][0])[0].encode(), glances[PICTURE][0].decode()


def seen(stage: Stage) -> Cells:
    """What the terminal is shown now."""
    strips = stage.app.screen._compositor.render_strips()
    for one in stage.app.get_line_filters():
        strips = [strip.apply_filter(one, stage.app.screen.styles.background) for strip in strips]
    lines = [f"\x1b[{y}H{strip.render(stage.app.console)}" for y, strip in enumerate(strips, 1)]
    return on_terminal("".join(lines))


def on_terminal(written: str) -> Cells:
    screen = tty.Screen()
    screen.feed(written)
    return screen.state


def visible(cell: tuple[str, str]) -> tuple[str, str]:
    """A cell as one sees it: a blank has a ground, but no ink."""
    sign, style = cell
    if sign != " ":
        return cell
    grounds = re.findall(r"48;2;\d+;\d+;\d+|48;5;\d+|\b4\d\b|\b10\d\b|\b7\b", inkless(style))
    return " ", ";".join(grounds)


def inkless(style: str) -> str:
    """The style without the colour of its ink."""
    return re.sub(r"38;(2;\d+;\d+;\d+|5;\d+)", "", style)


@pytest.fixture
def own_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A style keeps its colours as they came out for whoever asked first, which was perhaps another test."""

    def anew(style: Style, text: str, color_system: ColorSystem) -> str:
        return f"\x1b[{Strip.render_ansi(style, color_system)}m{text}\x1b[0m"

    monkeypatch.setattr(Strip, "render_style", staticmethod(anew))


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
        scrollbars = {
            widget.region.right - 1 - widget.styles.padding.right
            for widget in stage.today.query("#list, #card").results()
        }
        painted, shown = on_terminal(picture), seen(stage)
        places = [(x, y) for y in range(size[1]) for x in range(size[0]) if x not in scrollbars]
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


async def lines_of(desk: FakeDesk) -> bytes:
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


async def test_the_cursor_moves_before_the_store_is_open_and_what_is_pressed_then_holds_for_whom_it_is_on() -> None:
    lines, desk = await lines_of(FakeDesk()), late()
    app = PlannerApp(desk.factory(), ENGLISH, first=First(lines))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        stage = Stage(app, pilot, desk)
        await stage.until(lambda: stage.people.selected_id is not None, "the list as it was left")
        order = stage.people.order
        await stage.press("down", "down")
        assert stage.selected == order[2]
        assert "Opening" in stage.card()
        await stage.press("a", "down")  # held: who is meant must not change under the key
        assert stage.selected == order[2]
        desk.door.set()
        await stage.until(lambda: bool(desk.calls), "the acceptance")
        assert desk.calls[0][:2] == ("accept", order[2])


async def test_a_key_books_no_slot_that_was_not_the_one_shown() -> None:
    lines = await lines_of(FakeDesk())
    moved = tuple(
        row(one.citizen.id, one.citizen.name, one.part.bucket, days=one.days, offer=proposal(slot(4, "08:15")))
        if one.part.bucket is Bucket.OVERDUE
        else one
        for one in office()
    )
    desk = late(moved)
    app = PlannerApp(desk.factory(), ENGLISH, first=First(lines))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        stage = Stage(app, pilot, desk)
        await stage.until(lambda: stage.people.selected_id is not None, "the list as it was left")
        order = stage.people.order
        await stage.press("down", "a")
        desk.door.set()
        await stage.settled()
        assert stage.people.order == order
        assert desk.calls == []


async def test_keys_pressed_over_a_list_that_turns_out_another_change_nothing() -> None:
    lines, desk = await lines_of(FakeDesk()), late(tuple(office()[1:]))
    app = PlannerApp(desk.factory(), ENGLISH, first=First(lines))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        stage = Stage(app, pilot, desk)
        await stage.until(lambda: stage.people.selected_id is not None, "the list as it was left")
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
