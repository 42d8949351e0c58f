"""The evidence by keyboard: measures and their plots, what is written, survey, supervision, form and network."""

from __future__ import annotations

import gc
import json
from datetime import time
from itertools import cycle
from multiprocessing import active_children
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest
from rich.cells import cell_len
from textual.widgets import Button, Input, TextArea

from planner.domain.caseload import Adoption
from planner.domain.citizens import Citizen, TargetGroup
from planner.domain.conversations import Channel, Conversation, Status
from planner.domain.follow_up import Finding, Scale
from planner.evaluation.definitions import MEASURES
from planner.evaluation.evidence import Span
from planner.evaluation.observations import MEASURING
from planner.exchange.result_files import FileKind, evidence_bytes
from planner.locale import language
from planner.progress import CalledOff, Reach
from planner.reporting import shown
from planner.reporting.measuring import Wish, evidence_of, measured
from planner.reporting.shown import Shown
from planner.services.ports import AccessKind
from planner.tui.screens import evidence
from planner.tui.screens.evidence import EvidenceScreen
from planner.tui.widgets.choice_list import ChoiceList
from planner.tui.widgets.citizen_card import CitizenCard
from planner.tui.widgets.headed_list import HeadedList
from tests.services.office import days
from tests.tui.fakes import FakeDesk
from tests.tui.stage import ENGLISH, Stage, staged
from tests.tui.test_experiments import INSURED, fill, real

SIZES = [(80, 24), (160, 45)]
QUESTIONS = 6
OTHER = "flexible-contact-other-groups"


def people(count: int = 7) -> list[Citizen]:
    """Insured citizens, each with a conversation by phone ten days ago."""
    return [
        Citizen(
            f"p-{number}",
            f"Prøve Testrup {number}",
            TargetGroup.INSURED,
            days(-120),
            conversations=(Conversation(days(-10), time(9), 30, Channel.PHONE, status=Status.HELD),),
        )
        for number in range(count)
    ]


ADOPTED = (Adoption(INSURED, days(-90), None, "opdigtet"),)


def screen(stage: Stage) -> EvidenceScreen:
    """The evidence, under any dialog."""
    shown = stage.app.screen_stack[0]
    assert isinstance(shown, EvidenceScreen)
    return shown


def chosen(stage: Stage) -> str:
    """The id of the line under the cursor."""
    return screen(stage).query_one(HeadedList).selected_id or ""


def card(stage: Stage) -> str:
    """What the card says."""
    return screen(stage).query_one(CitizenCard).text


def title(stage: Stage) -> str:
    """The line that says what is measured."""
    return str(screen(stage).query_one("#evidence-title").render())


async def go(stage: Stage, line: str = "") -> None:
    """Go to the evidence, and there to a line by the arrow keys."""
    await stage.press("f7")
    await stage.until(lambda: isinstance(stage.app.screen, EvidenceScreen) and bool(chosen(stage)), "the measures")
    await to(stage, line)


async def to(stage: Stage, line: str) -> None:
    """Go to a line by the arrow keys."""
    await stage.press("g")
    for _ in range(60):
        if chosen(stage) == line or not line:
            break
        await stage.press("j")
    assert chosen(stage) == line or not line
    await stage.until(lambda: bool(card(stage)), "the card")
    await stage.pilot.pause()


async def back(stage: Stage) -> None:
    """Wait until no dialog is open, and what was changed is measured."""
    await stage.until(lambda: isinstance(stage.app.screen, EvidenceScreen), "the dialog to close")
    await stage.until(lambda: all(w.is_finished for w in stage.app.workers if w.group == "measure"), "the figures")
    await stage.pilot.pause()


async def asked(stage: Stage, *keys: str) -> None:
    """Press keys, each of which opens another dialog."""
    for key in keys:
        before = stage.app.screen
        await stage.press(key)
        await stage.until(lambda former=before: stage.app.screen is not former, f"what follows {key}")  # type: ignore[misc]
        await stage.opened()


async def chose(stage: Stage, words: str) -> None:
    """Choose the line of a list that has these words."""
    found = stage.dialog.query_one("#choices", ChoiceList)
    found.go(next(place for place, text in enumerate(found.lines) if words in text))
    await stage.press("enter")


def fault(stage: Stage) -> str:
    """What is wrong, in the dialog."""
    return " ".join(str(stage.dialog.query_one("#fault").render()).split())


# -- what is looked at


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", ["da", "en"])
async def test_each_measure_says_its_definition_its_figure_and_its_n(code: str, size: tuple[int, int]) -> None:
    speaks = language(code)
    async with staged(size=size, speaks=speaks) as stage:
        await go(stage, "m:held")
        assert speaks.text("Evidence from {first} to {last}", first=days(-175), last=days(0)) in title(stage)
        assert speaks.text("Conversations held") in card(stage)
        shown = " ".join(card(stage).split())
        assert speaks.text(MEASURES[1].definition) in shown
        assert "2, " + speaks.plural("{n} person", "{n} persons", 2) in shown
        assert speaks.text("withheld in files") in shown
        assert "█" in shown
        assert all(cell_len(line) == size[0] for line in stage.text().splitlines())


async def test_survey_and_supervision_stand_below_with_bars() -> None:
    async with staged(size=(100, 40)) as stage:
        await go(stage, "s:meaning")
        assert "nulpunkt, 27 May 2026: n = 30" in card(stage)
        bars = [line for line in card(stage).splitlines() if set(line) <= set("?-=#") and len(line) > 20]
        assert len(bars) == 2
        assert bars[0].count("#") < bars[1].count("#")
        await to(stage, "s:timing")
        assert card(stage).count("not shown") == 1
        await to(stage, "v:availability")
        assert "70 % (40–89), n = 10" in card(stage)


async def test_the_figures_are_divided(tmp_path: Path) -> None:
    async with real(tmp_path, *people(), adoptions=ADOPTED) as (stage, _):
        await go(stage, "m:held")
        await asked(stage, "b")
        await chose(stage, "month")
        await back(stage)
        assert "by month" in title(stage)
        await stage.until(lambda: "November 2026" in card(stage), "the months")
        assert any("█" in line and "7, 7 persons" in line for line in card(stage).splitlines())
        assert chosen(stage) == "m:held"


async def test_another_period_and_what_is_wrong_with_one(tmp_path: Path) -> None:
    async with real(tmp_path, *people()) as (stage, _):
        await go(stage, "m:held")
        for first, last, wrong in (
            ("1-11-2026", "1-12-2026", "today, or earlier"),
            ("20-11-2026", "1-11-2026", "not be after"),
            ("hvad", "1-11-2026", "hvad"),
        ):
            await asked(stage, "t")
            await fill(stage, "first", first)
            await fill(stage, "last", last)
            await stage.press("enter")
            await stage.until(lambda: bool(stage.app.screen.query("#fault")) and stage.dialog.acts, "the dialog again")
            await stage.until(lambda words=wrong: words in fault(stage), wrong)  # type: ignore[misc]
            assert stage.dialog.query_one("#first", Input).value == first
            await stage.press("escape", "escape")
            await back(stage)
        await asked(stage, "t")
        await fill(stage, "first", "1-10-2026")
        await fill(stage, "last", "31-10-2026")
        await stage.press("enter")
        await back(stage)
        assert "from 1 Oct 2026 to 31 Oct 2026" in title(stage)
        await stage.until(lambda: "0, 0 persons" in card(stage), "October")


async def test_an_experiments_period_with_those_whom_it_reaches_beside_the_others(tmp_path: Path) -> None:
    sick = Citizen("p-9", "Prøve Sygsen", TargetGroup.SICKNESS, days(-60))
    async with real(tmp_path, *people(), sick, adoptions=ADOPTED) as (stage, _):
        await go(stage, "lengths")
        assert "Reached by an adopted experiment" in card(stage)
        await asked(stage, "e")
        await stage.press("1")
        await back(stage)
        assert "from 25 Aug 2026 to 23 Nov 2026" in title(stage)
        assert "Flexible contact course for insured unemployed" in title(stage)
        await asked(stage, "e")
        await chose(stage, "without an experiment")
        await back(stage)
        assert "insured" not in title(stage)


async def test_an_extract_is_laid_beside_and_a_bad_one_says_why(tmp_path: Path) -> None:
    file = tmp_path / "udtræk.csv"
    file.write_text("Periode;Område;Antal ledige\n2026K1;Aalborg;4.512\n2026K2;Aalborg;2.256\n", encoding="utf-8")
    async with real(tmp_path, *people()) as (stage, _):
        await go(stage)
        await asked(stage, "i")
        await fill(stage, "file", str(tmp_path / "intet.csv"))
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#fault")) and "intet.csv" in fault(stage), "why not")
        await fill(stage, "file", str(file))
        await stage.press("enter")
        await back(stage)
        await to(stage, "x:0")
        first, second = (line for line in card(stage).splitlines() if "█" in line)
        assert abs(first.count("█") - 2 * second.count("█")) <= 1
        assert first.endswith("4,512")


# -- what is written


@pytest.mark.parametrize("kind", list(FileKind))
async def test_the_figures_are_written_as_the_line_writes_them(tmp_path: Path, kind: FileKind) -> None:
    file = tmp_path / f"tal.{kind.value}"
    async with real(tmp_path, *people(), adoptions=ADOPTED) as (stage, desk):
        await go(stage)
        await asked(stage, "w", str(list(FileKind).index(kind) + 1))
        await fill(stage, "file", str(file))
        await stage.press("enter")
        await back(stage)
        await stage.until(lambda: any(str(file) in toast for toast in stage.toasts), "that it was written")
        found = measured(evidence_of(desk), Wish(Span(days(-175), days(0))), ENGLISH)
        if kind is not FileKind.XLSX:  # a workbook has the time in it
            assert file.read_bytes() == evidence_bytes(found, kind, ENGLISH)
        assert file.read_bytes()[:2] == {FileKind.CSV: b"\xef\xbb", FileKind.XLSX: b"PK", FileKind.SVG: b"<s"}[kind]
        looks = desk.cases.looks(20)
        assert [look.purpose for look in looks if look.kind is AccessKind.EXPORT] == ["evidence"]


async def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    file.write_text("mit", encoding="utf-8")
    async with real(tmp_path, *people()) as (stage, _):
        await go(stage)
        await asked(stage, "w", "1")
        await fill(stage, "file", str(file))
        await stage.press("enter")
        await stage.until(
            lambda: bool(stage.app.screen.query("#fault")) and "of that name already" in fault(stage), "why not"
        )
        assert stage.dialog.query_one("#file", Input).value == str(file)
        assert file.read_text(encoding="utf-8") == "mit"


@pytest.mark.parametrize(("line", "word"), [("s:meaning", "Do the conversations"), ("v:availability", "Was avail")])
async def test_survey_and_supervision_are_written_where_the_cursor_is_on_them(
    line: str, word: str, tmp_path: Path
) -> None:
    file = tmp_path / "svar.csv"
    async with staged() as stage:
        await go(stage, line)
        await asked(stage, "w", "1")
        await fill(stage, "file", str(file))
        await stage.press("enter")
        await stage.until(lambda: any(str(file) in toast for toast in stage.toasts), "that it is written")
    assert word in file.read_text(encoding="utf-8-sig")


# -- what is followed up


async def test_a_round_is_begun_and_undone_and_a_form_is_counted(tmp_path: Path) -> None:
    async with real(tmp_path, *people()) as (stage, desk):
        await go(stage)
        await asked(stage, "s", "1")
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#fault")) and "needs a name" in fault(stage), "why not")
        await fill(stage, "round", "nulpunkt")
        await stage.press("enter")
        await back(stage)
        assert [one.name for one in desk.follow_up.rounds()] == ["nulpunkt"]
        await stage.press("u")
        await stage.until(lambda: not desk.follow_up.rounds(), "the round to go")
        await stage.press("U")
        await stage.until(lambda: bool(desk.follow_up.rounds()), "the round to come back")
        await back(stage)
        await asked(stage, "s", "1", "4", "escape", "3", *["1"] * 3, "5", "2")
        assert "cannot be undone" in " ".join(stage.text().split())
        await stage.press("tab", "enter")
        await back(stage)
        tally = desk.follow_up.rounds()[0].tally
        assert tally["meaning"] == tuple(int(one is Scale.SOME) for one in Scale)
        assert sum(sum(counts) for counts in tally.values()) == QUESTIONS - 1


async def test_a_form_that_is_left_is_not_counted(tmp_path: Path) -> None:
    async with real(tmp_path, *people()) as (stage, desk):
        desk.follow_up.begin_round("nulpunkt", days(0))
        await go(stage)
        await asked(stage, "s", "1", "4", "escape")
        await stage.press("escape")
        await back(stage)
        assert not desk.follow_up.rounds()[0].tally
        await asked(stage, "s", "1", *["5"] * QUESTIONS)
        await stage.noticed("Nothing was counted.")


async def test_forms_come_from_a_file_and_a_round_goes_again(tmp_path: Path) -> None:
    file = tmp_path / "svar.csv"
    file.write_text("meaning;timing;andet\n3;2;x\n2;;y\n", encoding="utf-8")
    async with real(tmp_path, *people()) as (stage, desk):
        await go(stage)
        await asked(stage, "s", "2")
        await fill(stage, "file", str(file))
        await fill(stage, "round", "nulpunkt")
        await stage.press("enter")
        await back(stage)
        assert desk.follow_up.rounds()[0].tally == {"meaning": (0, 0, 1, 1), "timing": (0, 0, 1, 0)}
        assert any("andet" in toast for toast in stage.toasts)
        await asked(stage, "s", "4")
        await stage.press("1")
        await back(stage)
        assert not desk.follow_up.rounds()


async def test_a_sample_is_drawn_and_findings_are_written_down(tmp_path: Path) -> None:
    async with real(tmp_path, *people()) as (stage, desk):
        await go(stage)
        await asked(stage, "v", "1")
        await fill(stage, "size", "mange")
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#fault")) and "whole number" in fault(stage), "why not")
        await fill(stage, "size", "99")
        await stage.press("enter")
        await stage.until(
            lambda: bool(stage.app.screen.query("#fault")) and "asked for: 99" in fault(stage), "the limit"
        )
        await fill(stage, "size", "3")
        await fill(stage, "seed", "7")
        await stage.press("enter")
        await back(stage)
        (sample,) = desk.follow_up.supervisions()
        assert (sample.size, sample.seed, sample.population) == (3, 7, 7)
        await asked(stage, "v", "1", "1", "2", "escape", "2", "3", "4")
        await stage.press("1")
        await back(stage)
        ((_, case), *others) = desk.follow_up.supervised(desk.follow_up.supervisions()[0])
        assert list(case.findings.values()) == [Finding.YES, Finding.NO, Finding.NOT_RELEVANT, Finding.YES]
        assert not any(other.findings for _, other in others)
        await stage.press("u")
        await stage.until(lambda: not desk.follow_up.supervisions()[0].findings(), "the findings to go")


async def test_the_form_is_read_written_and_saved_without_names(tmp_path: Path) -> None:
    file = tmp_path / "skema.md"
    async with real(tmp_path, *people(), adoptions=ADOPTED) as (stage, desk):
        await go(stage)
        await asked(stage, "f", "1")
        await chose(stage, "Conclusion")
        await stage.until(lambda: bool(stage.app.screen.query("#written")) and stage.dialog.acts, "the field")
        await stage.type("Prøve Testrup 1 er glad")
        await stage.press("tab", "enter")
        await stage.until(
            lambda: bool(stage.app.screen.query("#fault")) and "names somebody" in fault(stage), "why not"
        )
        field = stage.dialog.query_one("#written", TextArea)
        assert field.text == "Prøve Testrup 1 er glad"
        field.text = "Samtalerne"
        field.move_cursor(field.document.end)
        await stage.press("enter", *"virker", "tab", "enter")
        await stage.until(lambda: bool(desk.follow_up.form_texts(INSURED)), "the text")
        assert desk.follow_up.form_texts(INSURED) == {8: "Samtalerne\nvirker"}
        await stage.until(lambda: bool(stage.app.screen.query("#choices")) and stage.dialog.acts, "the points again")
        await chose(stage, "Read it all")
        await stage.until(lambda: bool(stage.app.screen.query("#paper-text")) and stage.dialog.acts, "the form")
        await stage.press("escape")
        await stage.until(lambda: bool(stage.app.screen.query("#choices")) and stage.dialog.acts, "the points again")
        await chose(stage, "Save as Markdown in Danish")
        await stage.until(lambda: bool(stage.app.screen.query("#file")) and stage.dialog.acts, "the name")
        await fill(stage, "file", str(file))
        await stage.press("enter")
        await stage.until(lambda: any(str(file) in toast for toast in stage.toasts), "that it is written")
        text = file.read_text(encoding="utf-8")
        assert "Evalueringsskema" in text
        assert "virker" in text
        assert "Testrup" not in text
        assert [look.purpose for look in desk.cases.looks(20) if look.kind is AccessKind.EXPORT] == ["form"]


async def test_experience_is_handed_on_compared_and_adopted(tmp_path: Path) -> None:
    file, other = tmp_path / "vores.json", tmp_path / "andres.json"
    async with real(tmp_path, *people(), adoptions=ADOPTED) as (stage, desk):
        await go(stage)
        await asked(stage, "n", "1", "1")
        await fill(stage, "file", str(file))
        await stage.press("enter")
        await stage.until(lambda: any(str(file) in toast for toast in stage.toasts), "that it is written")
        await back(stage)
        theirs = json.loads(file.read_text(encoding="utf-8"))
        assert "Testrup" not in json.dumps(theirs, ensure_ascii=False)
        theirs["municipality"] = "Nabokøbing"
        theirs["experiment"] = OTHER
        theirs["adopted"] = [{"from": "2026-01-01", "authority": "nabo", "parameters": {"light": "P8W"}}]
        other.write_text(json.dumps(theirs), encoding="utf-8")
        await asked(stage, "n", "2")
        await fill(stage, "files", f"{file}; {other}")
        await stage.press("enter")
        await stage.until(
            lambda: bool(stage.app.screen.query("#fault")) and "several experiments" in fault(stage), "why"
        )
        await fill(stage, "files", f"{file}; {file}")
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#paper-text")) and stage.dialog.acts, "the comparison")
        assert stage.text().count("Prøveby,") == 2
        await stage.press("escape")
        await back(stage)
        await asked(stage, "n", "3")
        await fill(stage, "file", str(other))
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#p-light")) and stage.dialog.acts, "the terms")
        assert "Nabokøbing" in stage.text()
        assert stage.dialog.query_one("#p-light", Input).value == "8 weeks"
        await fill(stage, "authority", "egen hjemmel")
        await stage.press("enter")
        await back(stage)
        adopted = {one.experiment: one for one in desk.caseload().adoptions}[OTHER]
        assert (adopted.authority, adopted.parameters) == ("egen hjemmel", {"light": "P8W"})


async def test_questions_with_faults_are_told_and_the_rest_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "survey.toml").write_text("schema = 'nonsense'\n", encoding="utf-8")
    monkeypatch.setenv("PLANNER_CONFIG", str(tmp_path / "settings.toml"))
    async with staged(FakeDesk()) as stage:
        await go(stage, "s:meaning")
        assert any("survey.toml" in toast for toast in stage.toasts)
        assert "n = 30" in card(stage)
        await asked(stage, "s")
        await stage.press("1")
        await stage.until(lambda: "have faults" in stage.text(), "why no form can be counted")


# -- how long it takes


async def test_measuring_lets_keys_come_first_and_keeps_the_collector_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collects, gave_way = list[bool](), list[bool]()

    def show(*given: Any) -> Shown:
        collects.append(gc.isenabled())
        return shown.show(*given)

    monkeypatch.setattr(evidence, "show", show)
    monkeypatch.setattr(evidence, "gives_way", lambda seconds: lambda: gave_way.append(seconds > 0))
    async with real(tmp_path, *people()) as (stage, _):
        await stage.press("f7")
        await stage.until(lambda: bool(card(stage).strip()), "the figures")
    assert collects == [False]
    assert gc.isenabled()
    assert gave_way
    assert all(gave_way)


async def test_measuring_says_how_far_it_is_and_whoever_quits_waits_for_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = Event()

    def endless(*given: object) -> Shown:
        reach = cast("Reach", given[-1])
        try:
            for number in cycle(range(100)):
                reach(MEASURING, number, 100)
                left.wait(0.002)  # the loop's turn
        except CalledOff:
            left.set()
            raise
        raise AssertionError

    monkeypatch.setattr(evidence, "show", endless)
    monkeypatch.setattr(evidence, "_PATIENCE", 0.0)
    async with real(tmp_path, *people()) as (stage, _):
        await stage.press("f7")
        await stage.until(lambda: " %" in title(stage), "how far it is")
        await stage.press("f2")  # no key waits for it either
        await stage.until(lambda: stage.app.place == "today", "the list")
        assert not left.is_set()
        await stage.press("q")
    assert left.wait(60)


# -- what is simulated


async def test_a_simulation_says_how_far_it_is_and_what_it_found(tmp_path: Path) -> None:
    async with real(tmp_path, *people(), adoptions=ADOPTED) as (stage, desk):
        before = desk.last_action()
        await go(stage)
        await asked(stage, "m")
        await fill(stage, "weeks", "0")
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#fault")) and "whole number" in fault(stage), "why not")
        for field, text in (("citizens", "3"), ("weeks", "1"), ("repetitions", "2")):
            await fill(stage, field, text)
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#what-came-of-it")) and stage.dialog.acts, "the work")
        answer = stage.dialog.query_one("#what-came-of-it")
        await stage.until(lambda: "flexible contact less fixed rhythm" in str(answer.render()), "the answer")
        text = " ".join(str(answer.render()).split())
        assert "1, with 3 citizens each; repetitions: 2; seed: 1" in text
        assert "Adopted under “flexible contact”: Flexible contact course for insured unemployed." in text
        assert "nothing here says that anybody finds a job sooner" in text
        shown = [str(button.label) for button in stage.dialog.query(Button) if button.display]
        assert shown == ["Close (enter)"]
        assert desk.last_action() == before


async def test_a_simulation_that_is_left_ends_with_its_processes(tmp_path: Path) -> None:
    async with real(tmp_path, *people(), adoptions=ADOPTED) as (stage, _):
        children = set(active_children())
        await go(stage)
        await asked(stage, "m")
        await fill(stage, "weeks", "260")
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query("#what-came-of-it")) and stage.dialog.acts, "the work")
        await stage.until(lambda: bool(set(active_children()) - children), "the processes")
        await stage.press("enter")
        assert stage.dialog.acts, "enter calls nothing off"
        shown = [str(button.label) for button in stage.dialog.query(Button) if button.display]
        assert shown == ["Cancel (esc)"]
        await stage.press("escape")
        await back(stage)
        await stage.until(lambda: "nothing of it is kept" in str(stage.toasts), "what came of it")
        await stage.until(lambda: not set(active_children()) - children, "their end")
