"""A simulation by keys: the fixed rhythm beside what is adopted here, on invented citizens."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stderr
from dataclasses import replace
from datetime import timedelta
from functools import partial
from multiprocessing import resource_tracker

from planner.domain.caseload import Adoption
from planner.errors import Refused
from planner.evaluation.simulation.parameters import read_parameters
from planner.evaluation.simulation.running import Outcome, cores, simulate
from planner.locale import N_
from planner.reporting.simulated import SIMULATING, Report, Size, setup, usual_experiments
from planner.tui.dialogs.fields import Field, Texts
from planner.tui.dialogs.working import Told, Work, WorkingDialog
from planner.tui.screens.evidence_stage import Scene, Stage, filled, whole

_MOST, _MOST_WEEKS, _MOST_SEED = 1000, 260, 999_999_999


async def simulation(stage: Stage, scene: Scene) -> None:
    """Ask how much is to be simulated, then do it in processes of its own; leaving calls it off."""
    heading = stage.language.text("Simulate the fixed rhythm beside what is adopted here")
    fields = [
        Field("citizens", N_("Invented citizens of a caseworker"), "60"),
        Field("caseworkers", N_("Caseworkers"), "1"),
        Field("weeks", N_("Weeks"), "26"),
        Field("repetitions", N_("Repetitions"), "5"),
        Field("seed", N_("Number that draws the same chance again"), "1"),
    ]

    async def act(texts: Texts) -> str:
        size = Size(
            weeks=whole(texts["weeks"], 1, _MOST_WEEKS),
            caseworkers=whole(texts["caseworkers"], 1, _MOST),
            citizens=whole(texts["citizens"], 1, _MOST),
            repetitions=whole(texts["repetitions"], 1, _MOST),
            seed=whole(texts["seed"], 0, _MOST_SEED),
        )
        await _simulate(stage, scene, heading, size)
        return ""

    await filled(stage, heading, fields, act, N_("Simulate"))


async def _simulate(stage: Stage, scene: Scene, heading: str, size: Size) -> None:
    language, today = stage.language, scene.today.today
    rules = await stage.look_up(lambda desk: desk.rules)
    start = today - timedelta(days=today.weekday())
    here = [one for one in scene.today.caseload.adoptions if one.in_force(today)]
    adopted = tuple(replace(one, first=start, last=None) for one in here)
    wanted = setup(
        rules,
        (read_parameters(),),
        adopted or tuple(Adoption(name, start, None, "") for name in usual_experiments()),
        start,
        size,
    )

    def do(work: Work) -> Outcome:
        _ready_for_processes()
        # Never in this process: its keys would wait.
        return simulate(wanted, max(2, cores()), partial(work.reach, SIMULATING), work.wanted)

    def tell(outcome: Outcome) -> Told:
        if not outcome.done:
            raise Refused(N_("Nothing was simulated."))
        return [(line, "" if line.startswith(" ") else "bold") for line in Report(outcome, (), language).lines()]

    waiting = language.text("Simulating… esc calls it off.")
    dialog = WorkingDialog(language, heading, waiting, do, tell, stage.sentence)
    await stage.ask(dialog)
    if not dialog.is_done:
        stage.say(language.text("The simulation was called off; nothing of it is kept."))


def _ready_for_processes() -> None:
    """Start what keeps account of processes: what Textual has in the place of standard error has no descriptor."""
    if os.name == "posix":
        with redirect_stderr(sys.__stderr__):
            resource_tracker.ensure_running()
