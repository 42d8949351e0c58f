"""One citizen's whole story on the screen: reading it, going on, and every command on the citizen shown."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from planner.domain.citizens import Citizen, Fact, FactKind, Unavailable
from planner.domain.conversations import Channel, Conversation, Status
from planner.errors import Refused
from planner.locale import Language, language
from planner.planning.plan import Bucket
from planner.services.ports import Note
from planner.services.results import Row
from planner.services.story import Kind
from planner.tui.dialogs.paper import CaseNoteDialog
from planner.tui.screens.citizen import CitizenScreen
from planner.tui.story_lines import SIGNS, TALK_SIGNS
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.timeline import Timeline
from tests.tui.fakes import TODAY, FakeDesk, office, proposal, row, slot
from tests.tui.stage import ENGLISH, Stage, staged
from tests.tui.test_hostile import HOSTILE
from tests.tui.test_look import _weak

AT = datetime(2026, 11, 20, 9)  # noqa: DTZ001
#: Anna has something of every kind that can be corrected, amended or removed.
ANNA = "k-02"


def _about(found: Row) -> Row:
    if found.citizen.id != ANNA:
        return found
    facts = (
        Fact(FactKind.REHIRE, TODAY + timedelta(days=30), documented=True, noted_on=TODAY, key="f-1"),
        Fact(FactKind.HOLIDAY, TODAY - timedelta(days=60), TODAY - timedelta(days=50), key="f-2"),
    )
    away = Unavailable(TODAY + timedelta(days=3), TODAY + timedelta(days=5))
    return replace(found, citizen=replace(found.citizen, facts=facts, unavailable=(away,)))


def desk_of_anna(*refusals: Refused) -> FakeDesk:
    """The small caseload with a note on Anna."""
    note = Note("n-1", AT, "Ringer i morgen\nHusk tolk")
    rows = tuple(_about(found) for found in office())
    return FakeDesk(rows=rows, refusals=list(refusals), _noted={ANNA: [note]})


class View:
    """The citizen's view on a stage, and short words for what the tests look at."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @property
    def screen(self) -> CitizenScreen:
        """The view under any dialog."""
        screen = self.stage.app.screen_stack[0]
        assert isinstance(screen, CitizenScreen)
        return screen

    @property
    def timeline(self) -> Timeline:
        """Its timeline."""
        return self.screen.query_one(Timeline)

    @property
    def citizen(self) -> Citizen:
        """The citizen as the desk has it."""
        assert self.stage.selected is not None
        return self.stage.desk._row(self.stage.selected).citizen

    async def read(self, who: str) -> None:
        """Wait until somebody's story is shown."""

        def shown() -> bool:
            story = self.screen.story
            return story is not None and story.citizen.id == who and self.timeline.moment is not None

        await self.stage.until(shown, f"the story of {who}")
        await self.stage.pilot.pause()

    async def to(self, kind: Kind, nth: int = 0) -> None:
        """Put the cursor on a moment of that kind."""
        story = self.screen.story
        assert story is not None
        key = [moment.key for moment in story.moments if moment.kind is kind][nth]
        await self.stage.press("home")
        while self.timeline.moment is None or self.timeline.moment.key != key:
            await self.stage.press("down")

    async def idle(self) -> None:
        """Wait until no dialog is open."""
        await self.stage.until(lambda: self.stage.app.screen is self.screen, "the dialog to close")


@asynccontextmanager
async def viewed(
    desk: FakeDesk | None = None, *, size: tuple[int, int] = (120, 40), speaks: Language = ENGLISH, at: str = ANNA
) -> AsyncIterator[View]:
    """The view of one citizen, gone to by Enter."""
    async with staged(desk or desk_of_anna(), size=size, speaks=speaks, at=at) as stage:
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, CitizenScreen), "the view")
        view = View(stage)
        await view.read(at)
        yield view


@pytest.mark.parametrize("back", ["escape", "f2"])
async def test_enter_opens_the_citizen_and_the_list_is_as_it_was(back: str) -> None:
    async with viewed() as view:
        assert "Anna Eksempel" in view.stage.text()
        await view.stage.press(back)
        await view.stage.until(lambda: view.stage.app.screen is view.stage.today, "the list")
        assert view.stage.selected == ANNA


async def test_tab_alone_goes_to_the_card() -> None:
    async with staged(at=ANNA) as stage:
        await stage.press("tab")
        assert stage.today.focused is not None
        assert stage.today.focused.id == "card"
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, CitizenScreen), "the view")


async def test_the_next_and_the_one_before_are_gone_to_without_leaving() -> None:
    """What was unfolded, and where one stood, is so again when one comes back."""
    async with viewed() as view:
        await view.to(Kind.NOTE)
        await view.stage.press("right")
        assert "Husk tolk" in view.timeline.text
        await view.stage.press("n")
        await view.read("k-03")
        assert "Husk tolk" not in view.timeline.text
        await view.stage.press("N")
        await view.read(ANNA)
        assert "Husk tolk" in view.timeline.text
        assert view.timeline.moment is not None
        assert view.timeline.moment.kind is Kind.NOTE
        await view.stage.press("n", "n", "escape")
        await view.stage.until(lambda: view.stage.app.screen is view.stage.today, "the list")
        assert view.stage.selected == "k-04"
        await view.stage.press("enter")
        await view.read("k-04")


@pytest.mark.parametrize("code", ["da", "en"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 45)])
async def test_every_size_and_language_shows_what_is_to_come_and_what_was(code: str, size: tuple[int, int]) -> None:
    speaks = language(code)
    async with viewed(size=size, speaks=speaks) as view:
        await view.stage.press("home")
        lines = view.stage.text().splitlines()
        assert {cell_len(line) for line in lines} == {size[0]}
        assert any(speaks.text("Today, {day}", day=speaks.long_day(TODAY)) in line for line in lines)
        assert any(
            line.startswith("! ") and speaks.text("overdue since {latest}", latest=TODAY - timedelta(3)) in line
            for line in lines
        )
        for key in ("end", "home", "pagedown", "pageup", "down", "up", "right", "left"):
            await view.stage.press(key)
        assert view.stage.app.return_code is None


async def test_the_cursor_begins_at_what_comes_next_and_passes_over_today() -> None:
    async with viewed() as view:
        assert view.timeline.moment is not None
        assert view.screen.story is not None
        assert view.timeline.moment == view.screen.story.ahead[-1]
        await view.stage.press("down")
        assert view.timeline.moment == view.screen.story.past[0]
        await view.stage.press("up")
        assert view.timeline.moment == view.screen.story.ahead[-1]
        await view.stage.press("end")
        assert view.timeline.moment == view.screen.story.past[-1]


async def test_a_window_unfolds_to_its_derivation_and_folds_again() -> None:
    async with viewed() as view:
        await view.to(Kind.WINDOW)
        before = view.timeline.text
        await view.stage.press("enter")
        assert "The law: “Four conversations in six months” (LAB § 32; adopted law)." in view.timeline.text
        assert "From " in view.timeline.text
        await view.stage.press("down", "down", "left")
        assert view.timeline.text == before
        assert view.timeline.moment is not None
        assert view.timeline.moment.kind is Kind.WINDOW


async def test_the_log_is_shown_or_not() -> None:
    async with viewed() as view:
        await view.stage.press("s", "2")
        await view.stage.until(lambda: "Did: set_cadence" in view.timeline.text, "the log")
        await view.stage.press("l")
        assert "Did: set_cadence" not in view.timeline.text
        await view.stage.press("l")
        assert "Did: set_cadence" in view.timeline.text


Undone = tuple[tuple[str, ...], str]
#: Keys that change something of Anna, and the call that the desk gets.
ACTIONS: dict[str, Undone] = {
    "accept": (("a",), "accept"),
    "postpone": (("p", *"+2w", "tab", *"rejse", "enter"), "postpone"),
    "exempt": (("x", *"job", "enter"), "exempt"),
    "cadence": (("s", "1"), "set_cadence"),
    "fact": (("f", "tab", *"24-12", "enter"), "add_fact"),
    "held": (("h", "enter"), "held"),
    "note": (("i", *"hej", "enter"), "note"),
    "channels": (("C", "space", "enter"), "set_channels"),
    "interpreter": (("T", *"dari", "enter"), "set_interpreter"),
    "days": (("m", "1", *"+1w", "enter"), "add_away"),
    "hours": (("m", "2", "down", "tab", *"8-10", "enter"), "add_away"),
    "days away": (("m", "3"), "remove_away"),
}


@pytest.mark.parametrize("action", ACTIONS)
async def test_every_command_acts_on_the_citizen_shown_and_is_taken_back(action: str) -> None:
    """The same citizen stays on the screen, and after undo everything is as it was."""
    keys, verb = ACTIONS[action]
    desk = desk_of_anna()
    start = desk.rows
    async with viewed(desk, size=(80, 24)) as view:
        for key in keys:
            await view.stage.press(key)
        await view.stage.until(lambda: bool(desk.calls), "the change")
        assert [call[:2] for call in desk.calls] == [(verb, ANNA)]
        if action == "held":
            await view.stage.until(lambda: isinstance(view.stage.app.screen, CaseNoteDialog), "the case note")
            await view.stage.press("escape")
        await view.idle()
        await view.stage.until(lambda: len(view.stage.toasts) == 1, "the toast")
        await view.stage.settled()
        await view.read(ANNA)
        await view.stage.press("u")
        await view.stage.until(lambda: len(view.stage.toasts) == 2, "the second toast")
        assert desk.rows == start
        await view.stage.settled()
        await view.read(ANNA)


async def test_a_fact_is_corrected_and_a_refusal_keeps_what_was_typed() -> None:
    desk = desk_of_anna(Refused("Not so"))
    async with viewed(desk) as view:
        await view.to(Kind.FACT)
        await view.stage.press("r")
        await view.stage.opened()
        kinds = view.stage.dialog.query_one("#kind", ChoiceList)
        assert kinds.marked == list(FactKind).index(FactKind.REHIRE)
        view.stage.dialog.query_one("#until", Input).value = "31-12-2026"
        await view.stage.press("enter")
        await view.stage.until(lambda: "Not so" in view.stage.text(), "the refusal")
        await view.stage.opened()
        assert view.stage.dialog.query_one("#until", Input).value == "31-12-2026"
        await view.stage.press("enter")
        await view.idle()
        await view.stage.until(lambda: len(desk.calls) == 2, "the second try")
        (verb, who, fact) = desk.calls[1]
        assert (verb, who) == ("change_fact", ANNA)
        assert isinstance(fact, Fact)
        assert (fact.key, fact.documented, str(fact.until)) == ("f-1", True, "2026-12-31")
        await view.stage.until(lambda: "until 31 Dec 2026" in view.timeline.text, "the corrected fact")


async def test_a_fact_is_removed_only_with_a_reason() -> None:
    desk = desk_of_anna()
    async with viewed(desk) as view:
        await view.to(Kind.FACT, 1)
        await view.stage.press("R")
        await view.stage.opened()
        await view.stage.press("enter")
        await view.stage.until(lambda: "Write a reason" in view.stage.text(), "the fault")
        await view.stage.type("wrong person")
        await view.stage.press("enter")
        await view.idle()
        await view.stage.until(lambda: bool(desk.calls), "the change")
        assert desk.calls == [("remove_fact", ANNA, "f-2", "wrong person")]
        await view.stage.until(lambda: "holiday" not in view.timeline.text, "the story without it")


async def test_a_note_is_amended_beside_the_old_one_and_never_removed() -> None:
    desk = desk_of_anna()
    async with viewed(desk) as view:
        await view.to(Kind.NOTE)
        await view.stage.press("R")
        await view.stage.noticed("never removed")
        await view.stage.press("r")
        await view.stage.opened()
        assert "Husk tolk" in view.stage.text()
        await view.stage.type("Nej, i dag")
        await view.stage.press("enter")
        await view.idle()
        await view.stage.until(lambda: "amends the note of 20 Nov 2026: Nej, i dag" in view.timeline.text, "the note")
        assert "Ringer i morgen · amended" in view.timeline.text
        assert desk.calls == [("amend_note", ANNA, "n-1", "Nej, i dag")]


async def test_an_absence_is_removed_by_its_key_and_others_refuse() -> None:
    desk = desk_of_anna()
    async with viewed(desk) as view:
        await view.to(Kind.SPELL)
        for key, told in (("r", "can be corrected here"), ("R", "can be removed here")):
            await view.stage.press(key)
            await view.stage.noticed(told)
        await view.to(Kind.AWAY)
        await view.stage.press("delete")
        await view.stage.until(lambda: bool(desk.calls), "the change")
        assert desk.calls == [("remove_away", ANNA, "away-0")]
        await view.stage.until(lambda: not view.citizen.unavailable, "the absence gone")


async def test_a_change_taken_back_of_another_citizen_is_gone_to() -> None:
    desk = desk_of_anna()
    async with viewed(desk) as view:
        await view.stage.press("s", "1")
        await view.stage.until(lambda: bool(desk.calls), "the change")
        await view.stage.press("n")
        await view.stage.until(lambda: view.stage.selected != ANNA, "another citizen")
        await view.stage.press("u")
        await view.read(ANNA)


async def test_a_search_goes_to_the_one_found() -> None:
    async with viewed() as view:
        await view.stage.press("/")
        await view.stage.opened()
        await view.stage.type("fremtid")
        await view.stage.press("enter")
        await view.read("k-11")


async def test_a_dialog_left_changes_nothing() -> None:
    desk = desk_of_anna()
    async with viewed(desk) as view:
        for key in ("C", "m", "T", "p", "x", "s", "f", "h", "i", "t", "c", "w", "/", "?", "ctrl+p"):
            await view.stage.press(key)
            await view.stage.opened()
            await view.stage.press("escape")
            await view.idle()
        assert desk.calls == []
        assert view.stage.selected == ANNA


@pytest.mark.parametrize("theme", ["planner-dark", "planner-light"])
async def test_every_text_of_the_view_stands_out(theme: str) -> None:
    async with staged(desk_of_anna(), theme=theme, at=ANNA) as stage:
        await stage.press("enter")
        view = View(stage)
        await stage.until(lambda: isinstance(stage.app.screen, CitizenScreen), "the view")
        await view.read(ANNA)
        assert _weak(stage, "#person") == []
        assert _weak(stage, "#timeline") == []
        await view.to(Kind.NOTE)
        for key in ("C", "m", "T", "r"):
            await stage.press(key)
            await stage.opened()
            assert _weak(stage, "#dialog") == [], key
            await stage.press("escape")
            await view.idle()


async def test_without_colour_everything_is_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with viewed() as view:
        assert view.stage.app.no_color
        assert "! 23 Nov 2026" in view.stage.text()
        assert "overdue since 20 Nov 2026" in view.stage.text()
        assert set(SIGNS) == set(Kind)
        assert set(TALK_SIGNS) == set(Status)
        assert all(len(sign) == 1 and sign.isascii() for sign in (*SIGNS.values(), *TALK_SIGNS.values()))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_signs_of_the_view_are_ascii_where_the_terminal_wants_it(size: tuple[int, int]) -> None:
    async with viewed(size=size, speaks=language("da", "ascii")) as view:
        await view.to(Kind.WINDOW)
        await view.stage.press("right")
        strange = {char for char in view.stage.text() if not (char.isascii() or char.isalpha() or char == "§")}
        assert strange == set()


def _hostile(name: str) -> FakeDesk:
    found = row(ANNA, name, Bucket.OVERDUE, days=-1, offer=proposal(slot(1), slot(2), agenda=(name,)))
    citizen = replace(
        found.citizen,
        interpreter=name,
        facts=(Fact(FactKind.OTHER, TODAY, key="f-1"),),
        unavailable=(Unavailable(TODAY, TODAY, reason=name), Unavailable(weekday=2, start=time(8), end=time(9))),
        conversations=(
            Conversation(TODAY - timedelta(days=4), time(9), 30, Channel.PHONE, status=Status.HELD, agenda=(name,)),
        ),
    )
    return FakeDesk(
        rows=(replace(found, citizen=citizen),),
        _noted={ANNA: [Note("n-1", AT, name), Note("n-2", AT, f"{name}\n{name}", "n-1")]},
        refusals=[Refused("No: {name}", name=name)],
    )


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_texts_are_shown_and_do_nothing(name: str) -> None:
    """In the head, on each line, unfolded, in the dialogs, and in the toasts."""
    size = (80, 24)
    async with viewed(_hostile(name), size=size) as view:
        stage = view.stage

        def harmless() -> None:
            lines = stage.text().split("\n")
            assert len(lines) == size[1]
            assert {cell_len(line) for line in lines} == {size[0]}
            assert not [c for c in "".join(lines) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"}]

        harmless()
        assert view.screen.story is not None
        for moment in view.screen.story.moments:
            view.timeline.go(view.timeline._first[moment.key])
            await stage.press("right")
            harmless()
        for kind, key in ((Kind.NOTE, "r"), (Kind.FACT, "r"), (Kind.FACT, "R"), (Kind.NOTE, "m"), (Kind.NOTE, "T")):
            await view.to(kind)
            await stage.press(key)
            await stage.opened()
            harmless()
            await stage.press("escape")
            await view.idle()
        await stage.press("a")
        await stage.until(lambda: bool(stage.toasts), "the refusal")
        harmless()
        assert stage.app.return_code is None


async def test_ten_years_are_read_without_slowing() -> None:
    """A thousand moments: a move paints one screen, and nothing is told that is not seen."""
    talks = tuple(
        Conversation(TODAY - timedelta(days=3 * n + 1), time(9), 30, Channel.PHONE, status=Status.HELD)
        for n in range(1000)
    )
    rows = (row(ANNA, "Anna Eksempel", Bucket.OVERDUE, days=-3, offer=proposal(slot(1)), conversations=talks),)
    async with viewed(FakeDesk(rows=rows), size=(160, 45)) as view:
        told: list[str] = []
        tell: Callable[..., object] = view.timeline._tell

        def counting(moment: object) -> object:
            told.append("")
            return tell(moment)

        vars(view.timeline)["_tell"] = counting
        for key in ("end", "home", "pagedown", "down", "up"):
            await view.stage.press(key)
            await view.stage.pilot.pause()
        assert len(told) < 500
        assert view.timeline.virtual_size.height > 1000
