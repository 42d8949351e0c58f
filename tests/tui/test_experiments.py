"""The experiments by keyboard: adopt, end, what if, the exempted, and undo of each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from threading import Event

import msgspec
import pytest
from rich.cells import cell_len
from textual.widgets import Input, OptionList

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Adoption
from planner.domain.citizens import Citizen, Exemption, TargetGroup
from planner.errors import Refused, RuleConflict
from planner.exchange.rule_files import load_rules
from planner.locale import Language, language
from planner.rules.ruleset import RuleSet
from planner.services.desk import Desk
from planner.store.engine import open_store
from planner.tui.app import PlannerApp
from planner.tui.dialogs.terms import TermsDialog
from planner.tui.dialogs.working import WorkingDialog
from planner.tui.screens.experiments import ExperimentsScreen
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.experiment_list import ExperimentList
from tests.services.office import MONDAY, FixedClock, days, job_ready, office
from tests.tui.fakes import TODAY, FakeDesk
from tests.tui.stage import ENGLISH, Stage, staged

INSURED, RATIO, ROTATION = "flexible-contact-insured", "company-ratio", "job-rotation"
SIZES = [(80, 24), (160, 45)]
BOTH = ["da", "en"]


def screen(stage: Stage) -> ExperimentsScreen:
    """The experiments, under any dialog."""
    shown = stage.app.screen_stack[0]
    assert isinstance(shown, ExperimentsScreen)
    return shown


def chosen(stage: Stage) -> str:
    """The id of the experiment under the cursor."""
    entry = screen(stage).query_one(ExperimentList).selected
    return entry.experiment.id if entry is not None else ""


def card(stage: Stage) -> str:
    """What the card says."""
    return screen(stage).query_one(CitizenCard).text


def focused(stage: Stage) -> str | None:
    """The id of the widget that keys go to."""
    return stage.app.focused.id if stage.app.focused is not None else None


def last_call(stage: Stage) -> tuple[object, ...]:
    """What was asked of the desk last."""
    return stage.desk.calls[-1]


async def go(stage: Stage, experiment: str = "") -> None:
    """Go to the experiments, and there to one of them by the arrow keys."""
    await stage.press("f5")
    await stage.until(lambda: isinstance(stage.app.screen, ExperimentsScreen) and bool(chosen(stage)), "the list")
    if experiment:
        await stage.press("g")
        for _ in range(20):
            if chosen(stage) == experiment:
                break
            await stage.press("j")
    await stage.until(lambda: bool(card(stage)), "the card")


async def back(stage: Stage) -> None:
    """Wait until no dialog is open."""
    await stage.until(lambda: isinstance(stage.app.screen, ExperimentsScreen), "the dialog to close")


async def fill(stage: Stage, field: str, text: str) -> None:
    """Write into a field in the place of what stands there."""
    found = stage.dialog.query_one(f"#{field}", Input)
    found.focus()
    found.clear()
    await stage.type(text)


def faults(stage: Stage) -> list[str]:
    """What stands beside the fields that are wrong."""
    return [str(fault.render()) for fault in stage.dialog.query(".term-fault") if fault.display]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", BOTH)
async def test_what_is_adopted_stands_first_with_its_period(code: str, size: tuple[int, int]) -> None:
    speaks = language(code)
    async with staged(size=size, speaks=speaks) as stage:
        await go(stage)
        assert chosen(stage) == INSURED
        lines = stage.text().splitlines()
        assert speaks.text("Adopted here") in lines[2]
        assert speaks.text("from {first}", first=days(-90)) in lines[3]
        assert "Fie Fritaget" in lines[1]
        assert "25 %" in lines[1]
        assert "opdigtet" in card(stage)
        for heading in ("In the plan", "Parameters", "Whom it concerns", "History", "Results", "Source"):
            assert speaks.text(heading) in card(stage)
        await stage.press("G")
        assert speaks.text("Applied for; approval has not been seen") in card(stage)
        assert all(cell_len(line) == size[0] for line in stage.text().splitlines())


async def test_the_keys_of_movement_hold_here_too() -> None:
    async with staged() as stage:
        await go(stage)
        found = [entry.experiment.id for entry in screen(stage).query_one(ExperimentList)._entries]
        await stage.press("k")
        assert chosen(stage) == found[0]
        for key, place in (("j", 1), ("down", 2), ("up", 1), ("k", 0), ("end", -1), ("home", 0), ("G", -1), ("g", 0)):
            await stage.press(key)
            assert chosen(stage) == found[place], key
        await stage.press("pagedown")
        assert chosen(stage) != found[0]
        await stage.press("pageup")
        assert chosen(stage) == found[0]
        await stage.press("tab")
        assert focused(stage) == "experiment"
        await stage.press("G", "escape")
        assert focused(stage) == "experiments"
        await stage.press("enter")
        assert focused(stage) == "experiment"


async def test_the_view_keeps_its_place_while_another_is_looked_at() -> None:
    async with staged() as stage:
        await go(stage, RATIO)
        await stage.press("f2")
        await stage.until(lambda: stage.app.screen is stage.today, "today's list")
        await stage.press("f5")
        await stage.until(lambda: isinstance(stage.app.screen, ExperimentsScreen), "the experiments")
        assert chosen(stage) == RATIO


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", BOTH)
async def test_an_experiment_is_adopted_and_ended_and_both_are_undone(code: str, size: tuple[int, int]) -> None:
    async with staged(size=size, speaks=language(code)) as stage:
        await go(stage, RATIO)
        before = stage.desk.adoptions
        await stage.press("a")
        await stage.opened()
        await fill(stage, "from", "+1u")
        await fill(stage, "to", "31-12-2027")
        await fill(stage, "authority", "byrådets beslutning")
        await stage.press("enter")
        await back(stage)
        wanted = Adoption(RATIO, days(7), date(2027, 12, 31), "byrådets beslutning", {})
        assert last_call(stage) == ("adopt", wanted)
        assert stage.desk.adoptions == (*before, wanted)
        await stage.until(lambda: "byrådets beslutning" in card(stage), "the new standing")
        assert chosen(stage) == RATIO
        assert stage.toasts[-1].endswith(language(code).text("{key} undoes.", key="u"))
        await stage.press("u")
        await stage.until(lambda: stage.desk.adoptions == before, "the undo")
        await stage.until(lambda: "byrådets beslutning" not in card(stage), "the old standing")
        await stage.press("U")
        await stage.until(lambda: stage.desk.adoptions == (*before, wanted), "the redo")
        await stage.press("ctrl+z")
        await stage.until(lambda: stage.desk.adoptions == before, "the undo again")
        await go(stage, INSURED)
        await stage.press("e")
        await stage.opened()
        await fill(stage, "last", "+2u")
        await stage.press("enter")
        await back(stage)
        assert last_call(stage) == ("end_adoption", INSURED, days(14))
        await stage.press("u")
        await stage.until(lambda: stage.desk.adoptions == before, "the undo of the end")


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_wrong_is_said_beside_each_field_and_nothing_typed_is_lost(size: tuple[int, int]) -> None:
    async with staged(FakeDesk(adoptions=()), size=size) as stage:
        await go(stage, INSURED)
        await stage.press("a")
        await stage.opened()
        await fill(stage, "p-light", "99 weeks")
        await fill(stage, "p-await_working_days", "soon")
        await stage.press("enter")
        await stage.pilot.pause()
        assert faults(stage) == [
            "Write on what legal basis it is in force here: it is mandatory",
            "“99 weeks” is out of bounds: 4 weeks to 26 weeks",
            "“soon” is not understood; write 1 to 20",
        ]
        assert stage.app.focused is stage.dialog.query_one("#authority")
        assert stage.dialog.query_one("#p-light", Input).value == "99 weeks"
        assert not stage.desk.calls
        assert "Adopt (enter)" in stage.text(), "the buttons stay on the screen"
        await stage.type("the council")
        await fill(stage, "p-light", "8 weeks")
        await fill(stage, "p-await_working_days", "")
        await fill(stage, "to", "1-1-2020")
        await stage.press("enter")
        await stage.pilot.pause()
        assert faults(stage) == ["The last day must not be before the first day 23 Nov 2026"]
        await fill(stage, "to", "")
        await stage.press("enter")
        await back(stage)
        assert stage.desk.calls == [("adopt", Adoption(INSURED, TODAY, None, "the council", {"light": "P8W"}))]


async def test_leaving_with_something_typed_warns_once() -> None:
    async with staged() as stage:
        await go(stage, RATIO)
        await stage.press("a")
        await stage.opened()
        await fill(stage, "authority", "x")
        await stage.press("escape")
        assert isinstance(stage.app.screen, TermsDialog)
        await stage.press("escape")
        await back(stage)
        assert not stage.desk.calls


async def test_what_makes_no_sense_is_refused_before_anything_is_asked() -> None:
    async with staged() as stage:
        await go(stage, INSURED)
        await stage.press("a")
        await stage.noticed("end that adoption first")
        await go(stage, RATIO)
        await stage.press("e")
        await stage.noticed("nothing to end")
        await stage.press("u")
        await stage.until(lambda: len(stage.toasts) == 1, "the refusal")
        assert "nothing to undo" in stage.toasts[0]


async def test_the_desk_refuses_the_last_day_and_it_stays_written() -> None:
    desk = FakeDesk(refusals=[Refused("No")])
    async with staged(desk) as stage:
        await go(stage, INSURED)
        await stage.press("e")
        await stage.opened()
        await fill(stage, "last", "01-02-2027")
        await stage.press("enter")
        await stage.until(lambda: len(stage.desk.calls) == 1 and "No" in stage.text(), "the refusal")
        assert stage.dialog.query_one("#last", Input).value == "01-02-2027"


# -- what if


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", BOTH)
async def test_what_if_it_were_off(code: str, size: tuple[int, int]) -> None:
    speaks = language(code)
    async with staged(size=size, speaks=speaks) as stage:
        await go(stage, INSURED)
        await stage.press("w")
        await stage.opened()
        await stage.press("1")
        await stage.until(lambda: speaks.text("Nothing was saved.") in answer(stage), "the answer")
        assert stage.desk.calls[-1][0] == "what_if"
        assert speaks.number(0.8, 1) in answer(stage)
        assert "Anna Eksempel" in answer(stage)
        assert speaks.text("Deadlines, requirement by requirement") in answer(stage)
        assert [call for call in stage.desk.calls if call[0] != "what_if"] == []
        await stage.press("G", "k", "enter")
        await back(stage)


def answer(stage: Stage) -> str:
    """What the open what-if says."""
    shown = stage.app.screen
    return str(shown.query_one("#what-came-of-it").render()) if isinstance(shown, WorkingDialog) else ""


async def test_what_if_its_parameters_were_others() -> None:
    async with staged() as stage:
        await go(stage, INSURED)
        await stage.press("w")
        await stage.opened()
        await stage.press("2")
        await stage.until(lambda: isinstance(stage.app.screen, TermsDialog), "the terms")
        assert stage.dialog.query_one("#p-light", Input).value == "8 weeks", "as adopted here"
        assert not stage.dialog.query("#authority")
        await fill(stage, "p-light", "5 weeks")
        await stage.press("enter")
        await stage.until(lambda: "Nothing was saved." in answer(stage), "the answer")
        verb, supposed = stage.desk.calls[-1]
        assert verb == "what_if"
        assert supposed.adoption.parameters == {"light": "P5W"}  # type: ignore[attr-defined]


async def test_what_if_one_without_parameters_were_on_asks_nothing() -> None:
    async with staged() as stage:
        await go(stage, RATIO)
        await stage.press("w")
        await stage.until(lambda: "Nothing was saved." in answer(stage), "the answer")
        assert stage.desk.calls[-1][1].adoption.first == TODAY  # type: ignore[attr-defined]


async def test_escape_calls_the_plans_off_and_the_keys_stay_free() -> None:
    gate = Event()
    async with staged(FakeDesk(what_ifs=gate)) as stage:
        await go(stage, RATIO)
        await stage.press("w")
        await stage.until(lambda: "Two plans are being made" in answer(stage), "the sign of work")
        await stage.press("escape")
        await back(stage)
        await stage.press("a")
        await stage.opened()
        await stage.press("escape")
        await back(stage)
        gate.set()
        await stage.pilot.pause()
        assert isinstance(stage.app.screen, ExperimentsScreen)
        assert not stage.toasts


async def test_why_no_plan_could_be_made_is_said() -> None:
    async with staged(FakeDesk(refusals=[RuleConflict(["the one and the other"])])) as stage:
        await go(stage, RATIO)
        await stage.press("w")
        await stage.until(lambda: "the one and the other" in answer(stage), "the conflict")


# -- the exempted


async def test_one_key_lists_the_exempted_and_leads_to_them() -> None:
    async with staged(size=(80, 24)) as stage:
        await go(stage)
        await stage.press("x")
        await stage.opened()
        assert "9 of 40" in stage.text()
        assert "Fie Fritaget" in stage.text()
        assert "i arbejde om lidt" in stage.text()
        assert stage.dialog.query_one(ChoiceList).count == 1
        await stage.press("enter")
        await stage.until(lambda: stage.app.screen is stage.app.screen_stack[0], "today's list")
        await stage.until(lambda: stage.selected == "k-14", "the citizen")


async def test_without_colour_everything_is_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged(size=(80, 24)) as stage:
        await go(stage, RATIO)
        assert "Adopted here (1)" in stage.text()
        assert "Ended here (1)" in "".join(str(option.prompt) for option in screen(stage).query_one(OptionList).options)
        assert "Not adopted here" in card(stage)


async def test_what_others_wrote_acts_on_no_terminal() -> None:
    hostile = Adoption(INSURED, days(-5), None, "\x1b[31m[bold]x[/bold]\u202e")
    async with staged(FakeDesk(adoptions=(hostile,))) as stage:
        await go(stage, INSURED)
        assert "\x1b" not in stage.text()
        assert "\u202e" not in stage.text()
        assert "[bold]x[/bold]" in card(stage)


# -- on the real desk


def rivals() -> RuleSet:
    """The shipped rules and an experiment that changes what another one changes."""
    shipped = load_rules()
    known = shipped.experiments[INSURED]
    other = msgspec.structs.replace(known, id="flexible-too", title=msgspec.structs.replace(known.title, en="A rival"))
    return RuleSet(shipped.packs, {**shipped.experiments, "flexible-too": other})


@asynccontextmanager
async def real(
    folder: Path, *citizens: Citizen, adoptions: tuple[Adoption, ...] = (), speaks: Language = ENGLISH
) -> AsyncIterator[tuple[Stage, Desk]]:
    """The application on a desk with a store."""
    clock = FixedClock()
    with Desk(open_store(folder / "s.db", clock, 0.0), rivals(), clock, plan_form(), templates()) as desk:
        desk.load_caseload(office(*citizens, adoptions=adoptions))
        app = PlannerApp(lambda _: desk, speaks)
        async with app.run_test(size=(100, 34), notifications=True) as pilot:
            stage = Stage(app, pilot, FakeDesk())
            await stage.settled()
            yield stage, desk


def insured(number: int = 1, **fields: object) -> Citizen:
    """An insured citizen in her fourth month, whose a-kasse has handed the case over."""
    return Citizen(f"p-{number}", f"Prøve Testrup {number}", TargetGroup.INSURED, days(-120), **fields)  # type: ignore[arg-type]


async def test_two_that_disagree_are_both_named_before_anything_is_saved(tmp_path: Path) -> None:
    standing = Adoption(INSURED, days(-90), None, "opdigtet")
    async with real(tmp_path, insured(), adoptions=(standing,)) as (stage, desk):
        head = desk.log(1)
        await go(stage, "flexible-too")
        await stage.press("a")
        await stage.opened()
        await fill(stage, "authority", "opdigtet")
        await fill(stage, "p-light", "5 weeks")
        await stage.press("enter")
        await stage.until(lambda: "conflict" in " ".join(stage.text().split()), "the conflict")
        text = " ".join(str(stage.dialog.query_one("#fault").render()).split())
        assert "“A rival”" in text
        assert "“Flexible contact course for insured unemployed”" in text
        assert stage.dialog.query_one("#p-light", Input).value == "5 weeks"
        assert stage.dialog.query_one("#authority", Input).value == "opdigtet"
        assert desk.log(1) == head
        assert [a.experiment for a in desk.caseload().adoptions] == [INSURED]


async def test_a_morning_with_an_experiment_and_back_to_the_start(tmp_path: Path) -> None:
    async with real(tmp_path, insured(1), insured(2)) as (stage, desk):
        start = desk.caseload()
        await go(stage, INSURED)
        await stage.press("w")
        await stage.until(lambda: isinstance(stage.app.screen, TermsDialog), "the terms")
        await stage.press("enter")
        await stage.until(lambda: "Nothing was saved." in answer(stage), "the answer")
        assert "Flexible contact course for insured unemployed" in answer(stage)
        await stage.press("enter")
        await back(stage)
        assert desk.caseload() == start
        await stage.press("a")
        await stage.opened()
        await fill(stage, "authority", "opdigtet")
        await stage.press("enter")
        await back(stage)
        await stage.until(lambda: len(desk.caseload().adoptions) == 1, "the adoption")
        await stage.until(lambda: "Adopted here (1)" in stage.text(), "the new standing")
        assert chosen(stage) == INSURED
        await stage.press("e")
        await stage.opened()
        await stage.press("enter")
        await back(stage)
        await stage.until(lambda: desk.caseload().adoptions[0].last == MONDAY, "the end")
        await stage.press("u", "u")
        await stage.until(lambda: desk.caseload() == start, "the start")
        await stage.until(lambda: "Adopted here" not in stage.text().splitlines()[2], "the old standing")


async def test_an_exemption_is_refused_at_the_limit_and_the_line_says_so(tmp_path: Path) -> None:
    out = Exemption(days(-5), None, "i arbejde om lidt")
    people = [job_ready(f"Prøve Testrup {n}", n, exemption=out if n == 1 else None) for n in range(1, 6)]
    async with real(tmp_path, *people) as (stage, desk):
        start = desk.caseload()
        stage.people.select("p-2")
        await stage.press("x")
        await stage.noticed("The limit is reached")
        assert stage.app.screen is stage.today
        assert desk.caseload() == start
        await go(stage)
        line = stage.text().splitlines()[1]
        assert "1 of 5 (20 %)" in line
        assert "No more can be exempted." in line
        await stage.press("x")
        await stage.opened()
        await stage.press("enter")
        await stage.closed()
        assert stage.selected == "p-1"
        await stage.press("x")
        await stage.opened()
        stage.dialog.action_go_on()
        await stage.until(lambda: desk.caseload() != start, "the end of the exemption")
        await go(stage)
        await stage.until(lambda: "0 of 5" in stage.text(), "the new count")
        await stage.press("u")
        await stage.until(lambda: desk.caseload() == start, "the undo")
        await stage.until(lambda: "1 of 5" in stage.text(), "the old count")
