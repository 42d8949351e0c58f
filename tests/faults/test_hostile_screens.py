"""Hostile texts in every field, and every screen and dialog looked at: they are shown, and nothing else happens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect as kinds
from rich.cells import cell_len
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from planner.errors import Refused
from planner.exchange import caseload_wire
from planner.exchange.wire import Wire
from planner.locale import language
from planner.services.commands import Where, commands_of
from planner.tui.app import PlannerApp
from planner.tui.dialogs.base import Dialog
from planner.tui.screens import today as today_screen
from planner.tui.screens.capacity import CapacityScreen
from planner.tui.screens.citizen import CitizenScreen
from planner.tui.screens.evidence import EvidenceScreen
from planner.tui.screens.experiments import ExperimentsScreen
from planner.tui.screens.settings import SettingsScreen
from planner.tui.screens.week import WeekScreen
from planner.tui.widgets.experiment_list import ExperimentList
from planner.tui.widgets.headed_list import HeadedList
from tests.faults.hostile import ACTION, HOSTILE, KINDS, acting, fitting
from tests.faults.hostile_office import FREE_TEXTS, TRIED, citizen_id, desk_on
from tests.full import PATIENCE, many
from tests.store.support import MONDAY
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage

pytestmark = pytest.mark.timeout(PATIENCE)

#: Every n-th text is looked at, so that each kind is.
STEP = many(5, 1)
SIZES = [(80, 24), (160, 45)]
#: What a scroll bar does under the mouse.
_SCROLL_BAR = frozenset({"grab", "release", "scroll_up", "scroll_down"})
#: Commands that change something without asking before, or leave the screen.
_AT_ONCE = frozenset({"accept", "accept_all", "no_show", "undo", "redo", "summons", "lock", "quit"})


@pytest.fixture(autouse=True)
def struck(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The action that markup in the texts calls, wherever it is looked for; it must never be found."""
    done: list[object] = []
    monkeypatch.setattr(DOMNode, f"action_{ACTION}", lambda self, *words: done.append(words), raising=False)
    monkeypatch.setattr(today_screen, "_REST", 0.001)  # notes are read as soon as the cursor is there
    for name in ("NO_COLOR", "TEXTUAL", "TEXTUAL_THEME", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    yield done
    assert done == []


@asynccontextmanager
async def on_screen(store: Path, size: tuple[int, int], *, changes: bool = False) -> AsyncIterator[Stage]:
    """The program on the store; whatever is only looked at changes nothing in it."""
    with desk_on(store) as desk:
        before = desk.last_action()
        app = PlannerApp(lambda _: desk, language("en"))
        async with app.run_test(size=size, notifications=True) as pilot:
            stage = Stage(app, pilot, FakeDesk())
            await stage.settled()
            yield stage
            assert app.return_code is None
        assert changes or desk.last_action() == before


def is_harmless(stage: Stage, size: tuple[int, int]) -> None:
    """Every line is as wide as the screen, and nothing in it acts: no control, no direction, no link, no action."""
    strips = stage.app.screen._compositor.render_strips()
    assert len(strips) == size[1]
    # Where the edge of a dialog cuts through a sign of several characters, Textual may lose a cell behind it.
    lost = 1 if isinstance(stage.app.screen, Dialog) else 0
    assert [strip.text for strip in strips if not 0 <= size[0] - cell_len(strip.text) <= lost] == []
    for strip in strips:
        assert acting(strip.text) == [], strip.text
        for segment in strip:
            style = segment.style
            if style is not None:
                acts = {action for key, action in style.meta.items() if key.startswith("@")}
                assert style.link is None, strip.text
                assert acts <= _SCROLL_BAR, strip.text


async def opened(stage: Stage, key: str) -> None:
    """Press a key, and wait for the dialog or the sentence that follows."""
    toasts = len(stage.toasts)
    await stage.press(key)
    await stage.until(
        lambda: len(stage.toasts) > toasts or (isinstance(stage.app.screen, Dialog) and stage.app.screen.acts),
        f"what {key} shows",
    )
    await stage.pilot.pause()


async def shut(stage: Stage, base: Screen[Any]) -> None:
    """Leave every dialog."""
    while (top := stage.app.screen) is not base:
        await stage.press("escape")
        await stage.until(lambda top=top: stage.app.screen is not top, "the dialog to close")  # type: ignore[misc]


async def shown(stage: Stage, key: str, kind: type[Screen[Any]]) -> Screen[Any]:
    """Go to another screen, and wait until it is there and still."""
    await stage.press(key)
    await stage.until(lambda: isinstance(stage.app.screen, kind), "the screen")
    return stage.app.screen


def asking(place: Where) -> list[str]:
    """The keys of a screen that open a dialog about one citizen, or about the list."""
    return [
        entry.keys[0]
        for entry in commands_of(place)
        if entry.text.endswith("…") and entry.id not in _AT_ONCE and place in entry.where
    ]


@pytest.mark.parametrize("size", SIZES[: many(1, 2)])
async def test_in_the_list_and_on_the_card(hostile_store: Path, size: tuple[int, int]) -> None:
    async with on_screen(hostile_store, size) as stage:
        for number in range(SIZES.index(size), len(TRIED), STEP):
            one = citizen_id(number)
            stage.people.select(one)
            await stage.until(lambda one=one: stage.today._notes[0] == one, "the notes")  # type: ignore[misc]
            is_harmless(stage, size)
            await stage.pilot.click("#list", offset=(4, stage.people.cursor - stage.people.scroll_offset.y))
            assert stage.selected == one


async def test_in_every_dialog_about_a_citizen(hostile_store: Path) -> None:
    size = SIZES[0]
    async with on_screen(hostile_store, size) as stage:
        for number, key in enumerate(asking("today") * many(1, 20)):
            stage.people.select(citizen_id(11 * number % len(TRIED)))
            await opened(stage, key)
            is_harmless(stage, size)
            await shut(stage, stage.today)


@pytest.mark.parametrize("size", SIZES[: many(1, 2)])
async def test_in_the_whole_story_of_a_citizen(hostile_store: Path, size: tuple[int, int]) -> None:
    async with on_screen(hostile_store, size) as stage:
        stage.people.select(citizen_id(0))
        screen = await shown(stage, "enter", CitizenScreen)
        assert isinstance(screen, CitizenScreen)
        keys = cycle(asking("citizen"))
        for number in range(0, len(TRIED), STEP):
            screen.select(citizen_id(number))
            await stage.until(lambda: screen.story is not None and screen.story.citizen.id == stage.selected, "it")
            await stage.press("enter", "j", "enter")
            is_harmless(stage, size)
            await stage.pilot.click("#person", offset=(2, 0))
            await stage.pilot.click("#timeline", offset=(12, 2))
            await opened(stage, next(keys))
            is_harmless(stage, size)
            await shut(stage, screen)


async def test_in_the_week_the_capacity_the_experiments_and_the_settings(hostile_store: Path) -> None:
    size = SIZES[1]
    async with on_screen(hostile_store, size) as stage:
        week = await shown(stage, "f3", WeekScreen)
        await stage.until(lambda: isinstance(week, WeekScreen) and week.today is not None, "the week")
        for key in [*["n"] * many(15, 60), ".", *["down"] * 5, "right", "down"]:
            await stage.press(key)
            is_harmless(stage, size)
        await shown(stage, "f4", CapacityScreen)
        await stage.press("down", "down")
        is_harmless(stage, size)
        screen = await shown(stage, "f5", ExperimentsScreen)
        await stage.until(lambda: bool(screen.query_one(ExperimentList).selected), "the experiments")
        for key in (*asking("experiments"), "down", *asking("experiments")):
            if key == "down":
                await stage.press(key)
            else:
                await opened(stage, key)
                is_harmless(stage, size)
                await shut(stage, screen)
        await stage.press("f6")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "the settings")
        await stage.pilot.pause()
        is_harmless(stage, size)
        await shut(stage, screen)


async def test_in_the_evidence(hostile_store: Path) -> None:
    """Names of rounds, and of citizens in a sample; reasons and the names of municipalities are in the figures."""
    size = SIZES[0]
    async with on_screen(hostile_store, size, changes=True) as stage:
        for number, text in enumerate(TRIED):
            with suppress(Refused):
                name = fitting(text, 50, f"nr. {number}")
                await stage.today.look_up(lambda desk, name=name: desk.follow_up.begin_round(name, MONDAY))  # type: ignore[misc]
        await stage.today.look_up(lambda desk: desk.follow_up.draw(min(50, len(TRIED)), 1))
        screen = await shown(stage, "f7", EvidenceScreen)
        measures = screen.query_one(HeadedList)
        await stage.until(lambda: bool(measures.selected_id), "the measures")
        while (former := measures.selected_id) is not None:
            await stage.press("tab", "G")
            is_harmless(stage, size)
            await stage.press("escape", "down")
            if measures.selected_id == former:
                break
        for key in asking("evidence"):
            await opened(stage, key)
            is_harmless(stage, size)
            if key in "sv":
                await stage.press("end", "pageup")
                is_harmless(stage, size)
            await shut(stage, screen)


async def test_in_what_is_searched_for_filtered_and_asked_for(hostile_store: Path) -> None:
    """The texts are found by a part of them, and what is typed into a field is shown like any other."""
    size = SIZES[0]
    async with on_screen(hostile_store, size) as stage:
        for key in ("/", "ctrl+p"):
            for text in HOSTILE[:: many(50, 1)]:
                await opened(stage, key)
                stage.dialog.query_one("#search", Input).value = text
                await stage.pilot.pause()
                is_harmless(stage, size)
                await shut(stage, stage.today)


async def test_in_the_notice_of_what_was_done_and_of_what_was_refused(hostile_store: Path) -> None:
    size = SIZES[0]
    async with on_screen(hostile_store, size, changes=True) as stage:
        for number in range(3, len(TRIED), many(10, 1)):
            stage.people.select(citizen_id(number))
            await opened(stage, "a")  # a question, where an offer stands
            is_harmless(stage, size)
            await shut(stage, stage.today)
            await stage.settled()
        await stage.press("u")
        await stage.settled()
        is_harmless(stage, size)


def test_there_are_two_hundred_texts_of_every_kind() -> None:
    assert len(HOSTILE) == 200
    assert all(set(texts) <= set(HOSTILE) for texts in KINDS.values())


def test_every_free_text_of_a_caseload_file_is_tried() -> None:
    """A field that is added later has to be made hostile too."""
    found = {
        f"{struct.__name__}.{field.encode_name}"
        for struct in vars(caseload_wire).values()
        if isinstance(struct, type) and issubclass(struct, Wire) and struct is not Wire
        for field in struct_info(struct).fields
        if free_text(field.type)
    }
    assert found == FREE_TEXTS


def free_text(info: kinds.Type) -> bool:
    """Whether somebody can write what she likes there."""
    match info:
        case kinds.StrType(pattern=pattern):
            return pattern in (None, r"\S")
        case kinds.Metadata(type=one) | kinds.VarTupleType(item_type=one) | kinds.DictType(value_type=one):
            return free_text(one)
        case kinds.UnionType(types=several):
            return any(free_text(one) for one in several)
    return False


def struct_info(struct: type[Wire]) -> kinds.StructType:
    """What msgspec knows of a struct."""
    info = kinds.type_info(struct)
    assert isinstance(info, kinds.StructType)
    return info
