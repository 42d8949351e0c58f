"""The week on the real desk: seen, gone about in, and conversations moved in it, against each hard rule."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from textual.widgets import Static

from planner.domain.caseload import Absence, Busy, Caseload, Caseworker, Hours, SharedCalendar, SharedKind
from planner.domain.citizens import Citizen, TargetGroup, Unavailable
from planner.domain.conversations import Channel, Status
from planner.locale import language
from planner.services.desk import Desk
from planner.tui.app import PlannerApp
from planner.tui.screens.today import TodayScreen
from planner.tui.screens.week import WeekScreen
from tests.services.office import MONDAY, days, desk_on, job_ready, office, talk
from tests.tui.fakes import FakeDesk
from tests.tui.stage import Stage, staged

TUESDAY = days(1)


def calm(name: str, number: int, **fields: object) -> Citizen:
    """A citizen whom no rule demands a conversation with."""
    return Citizen(f"p-{number}", name, TargetGroup.DISABILITY_PENSION, days(-300), **fields)  # type: ignore[arg-type]


def crowd() -> Caseload:
    """An office in which every hard rule forbids some place of the next two weeks."""
    worker = Caseworker(
        tuple(Hours(day, time(8), time(16)) for day in range(5)),
        (Hours(1, time(12), time(12, 30)),),
        in_person_days=(1, 3),
        max_per_day=2,
        buffer_minutes=15,
        busy=(Busy(datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 10), "Teammøde"),),  # noqa: DTZ001
        absent=(Absence(days(4), days(4)),),
    )
    arabic = SharedCalendar(SharedKind.INTERPRETER, "Tolk", "arabisk", (Hours(1, time(8), time(11)),))
    room = SharedCalendar(SharedKind.ROOM, "1.07", None, (Hours(3, time(9), time(12)), Hours(1, time(9), time(12))))
    people = (
        calm("Åse Prøvesen", 1, conversations=(talk(1),), unavailable=(Unavailable(days(9), days(9)),)),
        calm("Ida Påfund", 2, conversations=(talk(3, start=time(10)),)),
        calm("Bo Testrup", 3, conversations=(talk(3, start=time(13)),)),
        calm("Ømer Skinberg", 4, conversations=(talk(8, start=time(10), channel=Channel.IN_PERSON),)),
        calm("Amira Opdigt", 5, interpreter="arabisk", conversations=(talk(1, start=time(10)),)),
        calm("Vagn Demosen", 6, conversations=(talk(-3), talk(-4, Status.HELD))),
    )
    return replace(office(*people), caseworker=worker, closing_days=(days(7),), shared_calendars=(arabic, room))


@asynccontextmanager
async def opened(
    folder: Path, caseload: Caseload, *, size: tuple[int, int] = (160, 45), code: str = "en"
) -> AsyncIterator[tuple[Stage, WeekScreen, Desk]]:
    """The week of that office on the screen."""
    with desk_on(folder, caseload) as desk:
        app = PlannerApp(lambda _: desk, language(code))
        async with app.run_test(size=size, notifications=True) as pilot:
            stage = Stage(app, pilot, FakeDesk())
            await stage.settled()
            await stage.press("f3")
            await stage.until(lambda: isinstance(app.screen, WeekScreen) and app.screen.today is not None, "the week")
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, WeekScreen)
            yield stage, screen, desk


def detail(screen: WeekScreen) -> str:
    """What is said of the place under the cursor."""
    return " ".join(str(screen.query_one("#week-detail", Static).content).split())


async def stand_on(stage: Stage, screen: WeekScreen, name: str) -> None:
    """Go to a conversation with the key for the next one."""
    await stage.press("t", "home")
    for _ in range(4):
        await stage.press("p")
    for _ in range(12):
        if screen.grid.talk is not None and screen.grid.talk.name == name:
            return
        await stage.press("n")
    raise AssertionError(f"{name} is not in the week")


async def hold(stage: Stage, screen: WeekScreen, on: date, at: str) -> None:
    """Carry what is in the hand to a day and time with the arrow keys."""
    minutes = time.fromisoformat(at).hour * 60 + time.fromisoformat(at).minute
    for _ in range(60):
        tried = screen.grid.tried
        assert tried is not None
        if tried.on == on:
            break
        await stage.press("right" if tried.on < on else "left")
    tried = screen.grid.tried
    assert tried is not None
    steps = (minutes - tried.start) // 15
    await stage.press(*["down" if steps > 0 else "up"] * abs(steps))
    await stage.pilot.pause()


FORBIDDEN = [
    ("Åse Prøvesen", MONDAY, "09:00", "Too short notice: the first day for phone is 24 Nov 2026."),
    ("Åse Prøvesen", TUESDAY, "15:45", "Outside the working hours on 24 Nov 2026."),
    ("Åse Prøvesen", TUESDAY, "12:00", "In a break on 24 Nov 2026."),
    ("Åse Prøvesen", TUESDAY, "10:15", "The time on 24 Nov 2026 is taken by another conversation or its buffer."),
    ("Åse Prøvesen", days(2), "09:15", "The caseworker is busy at that time on 25 Nov 2026."),
    ("Åse Prøvesen", days(3), "08:00", "26 Nov 2026 already has 2 conversations, the most that a day takes."),
    ("Åse Prøvesen", days(4), "09:00", "The caseworker is away on 27 Nov 2026."),
    ("Åse Prøvesen", days(7), "09:00", "The office is closed on 30 Nov 2026."),
    ("Åse Prøvesen", days(9), "09:00", "The citizen is not available at that time on 2 Dec 2026."),
    ("Amira Opdigt", TUESDAY, "11:00", "No interpreter (arabisk) is free for the whole conversation on 24 Nov 2026."),
]


async def test_each_hard_rule_says_at_once_why_a_place_is_refused(tmp_path: Path) -> None:
    """The sentence stands below the grid while it is tried; enter says it again and leaves it in the hand."""
    async with opened(tmp_path, crowd()) as (stage, screen, desk):
        before = desk.caseload().citizens
        for name, on, at, why in FORBIDDEN:
            await stand_on(stage, screen, name)
            await stage.press("m")
            await hold(stage, screen, on, at)
            assert why in detail(screen), (name, on, at)
            assert "It can be put here" not in detail(screen)
            said = len(stage.toasts)
            await stage.press("enter")
            await stage.until(lambda said=said: len(stage.toasts) > said, "the refusal")  # type: ignore[misc]
            assert why in stage.toasts[-1]
            assert screen.grid.carrying
            await stage.press("escape")
            await stage.pilot.pause()
            assert not screen.grid.carrying
        assert desk.caseload().citizens == before


async def test_a_conversation_in_person_wants_its_days_and_its_room(tmp_path: Path) -> None:
    """Wednesday is no such day, and in the afternoon there is no room."""
    async with opened(tmp_path, crowd()) as (stage, screen, _):
        await stage.press("full_stop")
        await stage.pilot.pause()
        while screen.grid.talk is None:
            await stage.press("n")
        await stage.press("m")
        await hold(stage, screen, days(9), "10:00")
        assert "2 Dec 2026 is not a day for conversations in person." in detail(screen)
        await hold(stage, screen, days(10), "13:00")
        assert "No room is free for the whole conversation on 3 Dec 2026." in detail(screen)
        await hold(stage, screen, days(10), "10:00")
        assert "It can be put here." in detail(screen)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize("code", ["da", "en"])
async def test_a_booking_is_moved_and_moved_back(tmp_path: Path, code: str, size: tuple[int, int]) -> None:
    """One change, said with old and new time; undo and redo hold in the week."""
    speaks = language(code)
    async with opened(tmp_path, crowd(), size=size, code=code) as (stage, screen, desk):
        await stand_on(stage, screen, "Åse Prøvesen")
        await stage.press("m")
        await hold(stage, screen, days(2), "10:30")
        assert speaks.text("It can be put here.") in detail(screen)
        await stage.press("enter")
        await stage.until(lambda: len(stage.toasts) > 0, "the toast")
        assert "\nu " in stage.toasts[-1], "it says how to undo"
        moved = desk.find("p-1")[0].booked()
        assert [(one.on, one.start) for one in moved] == [(days(2), time(10, 30))]
        await stage.until(lambda: screen.grid.talk is not None and screen.grid.day == days(2), "the new place")
        assert screen.grid.talk is not None
        assert screen.grid.talk.name == "Åse Prøvesen"
        await stage.press("u")
        await stage.until(lambda: len(stage.toasts) > 1, "the toast")
        assert [(one.on, one.start) for one in desk.find("p-1")[0].booked()] == [(TUESDAY, time(9))]
        await stage.press("U")
        await stage.until(lambda: len(stage.toasts) > 2, "the toast")
        assert desk.find("p-1")[0].booked() == moved


async def test_who_lies_there_is_named(tmp_path: Path) -> None:
    """The other conversation, with its time."""
    async with opened(tmp_path, crowd()) as (stage, screen, _):
        await stand_on(stage, screen, "Åse Prøvesen")
        await stage.press("m")
        await hold(stage, screen, TUESDAY, "10:15")
        assert "Here lies: Amira Opdigt 10:00–10:30." in detail(screen)


async def test_a_proposal_is_accepted_at_another_time(tmp_path: Path) -> None:
    """What is proposed can be carried too; what it costs is said, and where another proposal lies."""
    async with opened(tmp_path, office(job_ready(), job_ready("Ida Påfund", 2))) as (stage, screen, desk):
        proposed = desk.today().plan.of("p-1").proposal
        assert proposed is not None
        await stage.press("full_stop", "n")
        await stage.pilot.pause()
        chosen = screen.grid.talk
        assert chosen is not None
        await stage.press("m")
        await hold(stage, screen, chosen.slot.on + timedelta(days=1), "14:00")
        assert "It can be put here. After the target" in detail(screen)
        await stage.press("enter")
        await stage.until(lambda: len(stage.toasts) > 0, "the toast")
        booked = desk.find(chosen.citizen_id)[0].booked()
        assert [(one.on, one.start) for one in booked] == [(chosen.slot.on + timedelta(days=1), time(14))]


async def test_a_proposal_is_accepted_where_it_is(tmp_path: Path) -> None:
    """The same key as in the list; where nothing is proposed it says so."""
    async with opened(tmp_path, office(job_ready())) as (stage, _, desk):
        await stage.press("a")
        await stage.until(lambda: len(stage.toasts) > 0, "the refusal")
        assert stage.toasts[-1] == "There is no proposal here to accept"
        await stage.press("full_stop", "n", "a")
        await stage.until(lambda: len(stage.toasts) > 1, "the toast")
        assert len(desk.find("p-1")[0].booked()) == 1


async def test_quick_keys_put_it_where_it_was_when_enter_was_pressed(tmp_path: Path) -> None:
    """What is pressed while the store is written moves the cursor, not the conversation."""
    async with opened(tmp_path, crowd()) as (stage, screen, desk):
        await stand_on(stage, screen, "Åse Prøvesen")
        await stage.press("m", "right", *["down"] * 8, "enter", "down", "down", "left")
        await stage.until(lambda: len(stage.toasts) > 0, "the toast")
        assert [(one.on, one.start) for one in desk.find("p-1")[0].booked()] == [(days(2), time(11))]


async def test_what_the_desk_refuses_stays_where_it_was(tmp_path: Path) -> None:
    """Somebody has cancelled it on the line meanwhile."""
    async with opened(tmp_path, crowd()) as (stage, screen, desk):
        await stand_on(stage, screen, "Åse Prøvesen")
        await stage.press("m")
        await hold(stage, screen, days(2), "11:00")
        desk.cancel("p-1", by_citizen=True)
        await stage.press("enter")
        await stage.until(lambda: len(stage.toasts) > 0, "the refusal")
        assert stage.toasts[-1] == "Nothing is booked that could be moved"
        assert not screen.grid.carrying


async def test_what_is_over_is_not_moved(tmp_path: Path) -> None:
    """A held conversation, one whose day has passed, and an empty cell."""
    async with opened(tmp_path, crowd()) as (stage, screen, _):
        await stage.press("m", "comma", "n")
        await stage.pilot.pause()
        assert "There is no conversation here to move" in stage.toasts
        await stage.press("m", "n", "m")
        await stage.pilot.pause()
        assert "This conversation has been held" in stage.toasts
        assert stage.toasts[-1].startswith("Its day has passed")
        assert not screen.grid.carrying


async def test_nothing_else_is_done_while_something_is_in_the_hand(tmp_path: Path) -> None:
    """Undo waits until it is put down; a turn of the week carries it along."""
    async with opened(tmp_path, crowd()) as (stage, screen, _):
        await stand_on(stage, screen, "Åse Prøvesen")
        await stage.press("m", "u")
        await stage.pilot.pause()
        assert stage.toasts == ["Put the conversation down first (enter), or leave it (esc)"]
        await stage.press("pagedown")
        await stage.pilot.pause()
        assert screen.grid.tried is not None
        assert screen.grid.tried.on == days(8)
        assert "Week 49, 2026" in stage.text()
        await stage.press("escape")
        await stage.pilot.pause()
        assert "Week 48, 2026" in stage.text()
        assert screen.grid.talk is not None
        assert screen.grid.talk.name == "Åse Prøvesen"


async def test_from_the_week_to_the_citizen_in_the_list(tmp_path: Path) -> None:
    """The list stands on the citizen, and the week is as it was left."""
    async with opened(tmp_path, crowd()) as (stage, screen, _):
        await stand_on(stage, screen, "Bo Testrup")
        await stage.press("l")
        await stage.until(lambda: isinstance(stage.app.screen, TodayScreen), "the list")
        assert stage.selected == "p-3"
        await stage.press("f3")
        await stage.until(lambda: stage.app.screen is screen, "the week")
        assert screen.grid.talk is not None
        assert screen.grid.talk.name == "Bo Testrup"


async def test_weeks_are_turned_over_the_year(tmp_path: Path) -> None:
    """Week 53 comes after 52 and before 1; over the edge of a week one comes by the arrow, and t leads back."""
    async with opened(tmp_path, office(job_ready())) as (stage, screen, _):
        await stage.press(*["full_stop"] * 5)
        await stage.pilot.pause()
        assert "Week 53, 2026 (28 Dec – 3 Jan)" in stage.text()
        await stage.press("t", *["right"] * 5)
        await stage.pilot.pause()
        assert screen.grid.day == days(7)
        await stage.press("left", "left")
        await stage.pilot.pause()
        assert screen.grid.day == days(3)
        await stage.press("pagedown", "t")
        await stage.pilot.pause()
        assert screen.grid.day == MONDAY


async def test_a_week_of_long_ago_is_looked_up(tmp_path: Path) -> None:
    """Its conversations are in the list no more; who leaves it before it has come is not led back to it."""
    held = [talk(-20 * number, status=Status.HELD) for number in range(1, 30)]
    ago = held[-1].on
    async with opened(tmp_path, office(job_ready(conversations=tuple(held)))) as (stage, screen, desk):
        assert ago not in {one.on for one in desk.present().citizens[0].conversations}
        screen.look_at(ago)
        week = f"Week {ago.isocalendar().week}, {ago.year}"
        await stage.until(lambda: week in stage.text() and "Åse" in stage.text(), "the week with the conversation")
        screen.look_at(days(-300))
        await stage.press("t")
        await stage.pilot.pause()
        assert screen.grid.day == MONDAY
        await stage.settled()
        assert screen.grid.day == MONDAY


async def test_without_colour_the_week_is_still_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR: signs and words carry the meaning, in the hand as well."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(tmp_path, crowd(), size=(80, 24)) as (stage, screen, _):
        assert "= Åse Prøve" in stage.text()
        assert "# Teammøde" in stage.text()
        assert "away" in stage.text()
        assert "= booked" in stage.text()
        await stand_on(stage, screen, "Åse Prøvesen")
        await stage.press("m")
        await hold(stage, screen, TUESDAY, "10:00")
        assert "! Åse" in stage.text()
        await hold(stage, screen, TUESDAY, "14:00")
        assert "> Åse" in stage.text()


async def test_what_lies_outside_the_hours_and_on_each_other_is_reached(tmp_path: Path) -> None:
    """Two at the same time and one on Saturday evening: the keys come to each, and each is named."""
    people = (
        calm("Åse Prøvesen", 1, conversations=(talk(1),)),
        calm("Ida Påfund", 2, conversations=(talk(1),)),
        calm("Bo Testrup", 3, conversations=(talk(5, start=time(21)),)),
    )
    async with opened(tmp_path, office(*people), size=(80, 24)) as (stage, screen, _):
        seen = []
        for _ in range(3):
            await stage.press("n")
            await stage.pilot.pause()
            seen.append(detail(screen))
        names = [name for line in seen for name in ("Åse Prøvesen", "Ida Påfund", "Bo Testrup") if name in line]
        assert names == ["Ida Påfund", "Åse Prøvesen", "Bo Testrup"]
        assert "+1 " in stage.text() or screen.grid.scroll_offset.y > 0
        await stage.press("p", "up")
        await stage.pilot.pause()
        assert "Ida Påfund" in detail(screen)
        await stage.press("down")
        await stage.pilot.pause()
        assert "Åse Prøvesen" in detail(screen)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_footer_and_every_line_fit(size: tuple[int, int]) -> None:
    """Both languages, all signs in ASCII: the same cells, and no command is cut."""
    for code in ("da", "en"):
        async with staged(size=size, speaks=language(code, "ascii")) as stage:
            await stage.press("f3")
            await stage.until(lambda: isinstance(stage.app.screen, WeekScreen), "the week")
            await stage.pilot.pause()
            text = stage.text()
            assert {char for char in text if not (char.isascii() or char.isalpha())} == set()
            assert language(code).text("undo") in text.splitlines()[-1]


async def test_a_hostile_name_does_nothing(tmp_path: Path) -> None:
    """Control characters in a name are shown as marks, brackets as they are."""
    async with opened(tmp_path, office(calm("\x1b[2J[red]Bo", 1, conversations=(talk(1),)))) as (stage, screen, _):
        await stage.press("n", "m")
        await stage.pilot.pause()
        assert "·[2J[red]Bo" in stage.text()
        assert "·[2J[red]Bo" in detail(screen)


async def test_what_is_carried_goes_along_into_another_week(tmp_path: Path) -> None:
    """By the keys that turn weeks too: it lands where the grid shows it."""
    async with opened(tmp_path, crowd()) as (stage, screen, desk):
        await stand_on(stage, screen, "Åse Prøvesen")
        await stage.press("m")
        tried = screen.grid.tried
        assert tried is not None
        await stage.press("full_stop", "full_stop", "comma")
        await stage.until(lambda: screen.grid.tried is not None and screen.grid.tried.on > tried.on, "the next week")
        held = screen.grid.tried
        assert held is not None
        assert (held.on - tried.on).days == 7
        await stage.press("escape")
        await stage.pilot.pause()
        assert not screen.grid.carrying
        assert desk.log(1)[0].verb != "move"
