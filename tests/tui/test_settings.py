"""The settings on the screen: what is typed is kept or told, never lost, and leaving asks only where it must."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Event

import pytest
from textual.widgets import Input

from planner.errors import PlannerError, Refused
from planner.locale import language
from planner.settings import Settings, Value
from planner.tui.screens.settings import NAMES, SettingsScreen
from planner.tui.widgets.one_of import OneOf
from planner.tui.widgets.tick import Tick
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage, staged


def screen_of(stage: Stage) -> SettingsScreen:
    """The settings."""
    assert isinstance(stage.app.screen, SettingsScreen)
    return stage.app.screen


async def opened(stage: Stage) -> SettingsScreen:
    """The settings, opened by their key and filled."""
    await stage.press("f6")
    await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "the settings")
    await stage.until(lambda: screen_of(stage).is_mounted, "the form")
    await stage.pilot.pause()
    return screen_of(stage)


async def written(stage: Stage, name: str, text: str) -> None:
    """Write into a field what it shall hold."""
    field = screen_of(stage).query_one(f"#{name}", Input)
    field.focus()
    field.value = text
    await stage.pilot.pause()


@pytest.mark.parametrize("code", ["da", "en"])
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_form_shows_the_office_in_both_languages_and_sizes(code: str, size: tuple[int, int]) -> None:
    speaks = language(code)
    async with staged(size=size, speaks=speaks) as stage:
        screen = await opened(stage)
        clock = f"{speaks.time(480)}-{speaks.time(960)}"
        assert screen.query_one("#hours-0", Input).value == clock
        text = stage.text()
        for msgid in ("My week", "Working hours", "Breaks", "In person", "Notice in days", "The program", "Colours"):
            assert speaks.text(msgid) in text
        for _, choices in NAMES.values():
            for label in choices.values():
                assert speaks.text(label) in text
        assert text.count(clock) == 5


async def test_enter_saves_the_week_and_the_list_is_planned_again() -> None:
    async with staged() as stage:
        await opened(stage)
        plans = stage.desk.plans
        await written(stage, "hours-4", "8-12")
        await written(stage, "per_day", "6")
        await stage.press("enter")
        await stage.closed()
        worker = stage.desk.house.caseworker
        assert [(h.weekday, h.start.hour, h.end.hour) for h in worker.working_hours][-1] == (4, 8, 12)
        assert worker.max_per_day == 6
        assert "The office was changed" in stage.toasts
        stage.desk.rows = stage.desk.rows[:-1]
        await stage.until(lambda: stage.desk.plans > plans, "a new plan")


async def test_days_in_person_are_ticked_by_the_space_bar() -> None:
    async with staged() as stage:
        screen = await opened(stage)
        screen.query_one("#in-person-2", Tick).focus()
        await stage.press("space", "enter")
        await stage.closed()
        assert stage.desk.house.caseworker.in_person_days == (0, 1, 3, 4)


async def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost() -> None:
    async with staged(size=(80, 24)) as stage:
        screen = await opened(stage)
        await written(stage, "buffer", "ti")
        await written(stage, "hours-1", "15-8")
        await stage.press("enter")
        await stage.until(lambda: "ends before it begins" in stage.text(), "the fault")
        assert stage.desk.calls == []
        assert screen.focused is screen.query_one("#hours-1")
        assert screen.query_one("#buffer", Input).value == "ti"
        assert "! “ti” is not a whole number" in stage.text()
        await written(stage, "hours-1", "8-15")
        await written(stage, "buffer", "10")
        await stage.press("enter")
        await stage.closed()
        assert stage.desk.house.caseworker.buffer_minutes == 10


async def test_a_refusal_stays_on_the_form() -> None:
    async with staged(FakeDesk(refusals=[Refused("Not today")])) as stage:
        screen = await opened(stage)
        await written(stage, "buffer", "10")
        await stage.press("enter")
        await stage.until(lambda: "! Not today" in stage.text(), "the refusal")
        assert screen.query_one("#buffer", Input).value == "10"
        await stage.press("enter")
        await stage.closed()
        assert stage.desk.house.caseworker.buffer_minutes == 10


async def test_escape_asks_nothing_where_nothing_was_changed() -> None:
    async with staged() as stage:
        await opened(stage)
        await stage.press("escape")
        await stage.closed()
        assert stage.desk.calls == []
        assert stage.toasts == []


async def test_escape_offers_to_go_on_editing_first() -> None:
    async with staged() as stage:
        screen = await opened(stage)
        await written(stage, "buffer", "10")
        await stage.press("escape")
        await stage.opened()
        assert "not saved" in stage.text()
        await stage.press("enter")  # the safe answer is the first
        await stage.until(lambda: stage.app.screen is screen, "the form again")
        assert screen.query_one("#buffer", Input).value == "10"
        await stage.press("escape")
        await stage.opened()
        await stage.press("2")
        await stage.closed()
        assert stage.desk.calls == []


async def test_quitting_over_a_change_asks_too() -> None:
    async with staged() as stage:
        await opened(stage)
        await written(stage, "buffer", "10")
        await stage.press("ctrl+q")
        await stage.opened()
        assert stage.app.is_running


async def test_what_was_changed_elsewhere_meanwhile_stays() -> None:
    async with staged() as stage:
        await opened(stage)
        await written(stage, "buffer", "10")
        stage.desk.house = type(stage.desk.house)("Nybøl", stage.desk.house.caseworker)
        await stage.press("enter")
        await stage.closed()
        assert stage.desk.house.municipality == "Nybøl"


async def test_the_programs_own_settings_go_into_the_file_and_the_colours_hold_at_once() -> None:
    kept: list[Mapping[str, Value]] = []

    def save(changes: Mapping[str, Value]) -> Settings:
        kept.append(dict(changes))
        return Settings()

    async with staged(save=save) as stage:
        screen = await opened(stage)
        screen.query_one("#theme", OneOf).focus()
        await stage.press("right", "right")
        screen.query_one("#mouse", OneOf).focus()
        await stage.press("space", "enter")
        await stage.closed()
        assert kept == [{"theme": "contrast", "mouse": False}]
        assert stage.app.theme == "planner-contrast"
        assert any("next start" in toast for toast in stage.toasts)
        assert stage.desk.calls == []


async def test_colours_that_are_kept_by_their_key_are_no_change_of_the_form() -> None:
    def save(changes: Mapping[str, Value]) -> Settings:
        return Settings(theme=str(changes["theme"]))

    async with staged(save=save) as stage:
        screen = await opened(stage)
        await stage.press("f8")
        await stage.until(lambda: stage.app.settings.theme == "light", "the theme being kept")
        assert screen.query_one("#theme", OneOf).value == "light"
        await stage.press("escape")
        await stage.closed()


async def test_a_file_that_cannot_be_written_is_told_on_the_form() -> None:
    def full(_changes: Mapping[str, Value]) -> Settings:
        raise PlannerError("The file {path} cannot be written: {cause}", path="x", cause="the disk is full")

    async with staged(save=full) as stage:
        screen = await opened(stage)
        screen.query_one("#symbols", OneOf).focus()
        await stage.press("left", "enter")
        await stage.until(lambda: "the disk is full" in stage.text(), "the fault")
        assert screen.query_one("#symbols", OneOf).value == "ascii"


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_form_is_drawn_in_ascii_where_it_is_asked_for(size: tuple[int, int]) -> None:
    async with staged(size=size, speaks=language("da", "ascii")) as stage:
        await opened(stage)
        await written(stage, "buffer", "x")
        await stage.press("enter")
        await stage.until(lambda: "! " in stage.text(), "the fault")
        assert {char for char in stage.text() if not (char.isascii() or char.isalpha())} == set()


async def test_letters_in_a_field_are_letters_and_the_key_opens_one_form_only() -> None:
    async with staged() as stage:
        screen = await opened(stage)
        screen.query_one("#municipality", Input).focus()
        await stage.press("end", "q", "?", "a")
        await stage.press("f6")
        await stage.pilot.pause()
        assert stage.app.screen is screen
        assert screen.query_one("#municipality", Input).value == "Prøvekøbingq?a"
        assert stage.desk.calls == []


@pytest.mark.parametrize(("key", "place"), [("f2", "today"), ("f3", "week"), ("f5", "experiments")])
async def test_a_view_is_gone_to_at_once_from_a_form_without_changes(key: str, place: str) -> None:
    """And the form does not lie in wait where it was opened; what is typed behind is meant for the view."""
    async with staged() as stage:
        screen = await opened(stage)
        for one in (key, "j"):
            stage.app.simulate_key(one)
        await stage.until(lambda: stage.app.screen is not screen and stage.app.place == place, "the view")
        await stage.press("f2")
        await stage.closed()
        await opened(stage)


async def test_a_form_with_changes_asks_before_a_view_is_gone_to() -> None:
    async with staged() as stage:
        screen = await opened(stage)
        await written(stage, "municipality", "Nyby")
        await stage.press("f3")
        await stage.opened()
        await stage.press("1")
        await stage.until(lambda: stage.app.screen is screen, "the form")
        assert screen.query_one("#municipality", Input).value == "Nyby"
        await stage.press("f3")
        await stage.opened()
        await stage.press("2")
        await stage.until(lambda: stage.app.place == "week" and stage.app.screen is not screen, "the view")
        assert stage.desk.calls == []


async def test_the_colours_that_hold_are_shown_before_they_are_kept() -> None:
    """Else a form that nobody has touched would put former ones back."""
    may, kept = Event(), list[Value]()

    def save(changes: Mapping[str, Value]) -> Settings:
        may.wait(30)
        kept.append(changes["theme"])
        return Settings(theme=str(changes["theme"]))

    async with staged(theme="planner-dark", save=save) as stage:
        await stage.press("f8", "f8", "f8")
        screen = await opened(stage)
        assert screen.query_one("#theme", OneOf).value == "terminal"
        assert screen.changed_settings() == {}
        may.set()
        await stage.press("escape")
        await stage.closed()
        await stage.until(lambda: stage.app.settings.theme == "terminal", "the colours being kept")
        assert len(kept) <= 2  # the first, and the last for all that came meanwhile
