"""What each command on the evidence does: measure otherwise, write figures, follow an experiment up, hand it on."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from planner.evaluation.evidence import Span
from planner.evaluation.measures import By
from planner.exchange.jobindsats_in import read_extract
from planner.exchange.result_files import FileKind, evidence_bytes, supervision_bytes, survey_bytes
from planner.locale import N_
from planner.reporting.periods import check_span, usual_span
from planner.services.entry import read_date
from planner.services.evidence_words import DIVISIONS
from planner.services.ports import AccessKind
from planner.tui.dialogs.fields import Field, Texts
from planner.tui.dialogs.pick import Choice
from planner.tui.dialogs.postpone import typed_date
from planner.tui.evidence_lines import is_of_supervision, is_of_survey
from planner.tui.screens.evidence_stage import Scene, Stage, experiment, file_name, filled, pick, save
from planner.tui.screens.follow_up_flows import supervise, survey
from planner.tui.screens.form_flows import form
from planner.tui.screens.network_flows import network
from planner.tui.screens.simulation_flows import simulation
from planner.tui.screens.telling import redo, undo

_NOT = "not"
_KINDS = {
    FileKind.CSV: N_("CSV, for a spreadsheet"),
    FileKind.XLSX: N_("Excel workbook"),
    FileKind.SVG: N_("Vector picture (SVG)"),
}


async def period(stage: Stage, scene: Scene) -> None:
    """Ask for the first and the last day."""
    span, today = scene.shown.wish.span, scene.today.today
    fields = [
        Field("first", N_("First day"), typed_date(span.first)),
        Field("last", N_("Last day"), typed_date(span.last)),
    ]

    async def act(texts: Texts) -> str:
        first, last = (read_date(texts[name], today, is_over=True) for name in ("first", "last"))
        wanted = Span(first, last)
        check_span(wanted, today)
        stage.look(replace(scene.shown.wish, span=wanted))
        return ""

    await filled(stage, stage.language.text("The period that is measured"), fields, act, N_("Measure"))


async def divide(stage: Stage, scene: Scene) -> None:
    """Ask what the figures are to be divided by."""
    language, by = stage.language, scene.shown.wish.by
    choices = [Choice(_NOT, language.text("not at all"))]
    choices += [Choice(name, language.text(text)) for name, text in DIVISIONS.items()]
    picked = await pick(stage, language.text("Divide the figures by"), choices, picked=by.value if by else _NOT)
    if picked is not None:
        stage.look(replace(scene.shown.wish, by=None if picked == _NOT else By(picked)))


async def measure_experiment(stage: Stage, scene: Scene) -> None:
    """Measure the days in which an experiment was in force, and compare the spells of those whom it reaches."""
    heading = stage.language.text("Measure the period of an experiment")
    chosen = await experiment(stage, scene, heading, without=N_("The last half year, without an experiment"))
    if chosen is not None:
        span = usual_span(scene.today.caseload, chosen, scene.today.today)
        stage.look(replace(scene.shown.wish, span=span, experiment=chosen or None))


async def beside(stage: Stage, scene: Scene) -> None:
    """Read an extract, and show it below the measures; an empty name takes it away."""
    fields = [Field("file", N_("An extract from jobindsats (.csv, .xlsx); an empty name takes it away"))]

    async def act(texts: Texts) -> str:
        name = texts["file"]
        extract = await to_thread(read_extract, Path(name).expanduser()) if name else None
        stage.look(replace(scene.shown.wish, beside=extract))
        return ""

    await filled(stage, stage.language.text("Extract from jobindsats"), fields, act, N_("Read"))


async def write_figures(stage: Stage, scene: Scene) -> None:
    """Write the survey or supervision where the cursor is on them, else measures and spells, to a new file."""
    language, shown, chosen = stage.language, scene.shown, scene.chosen
    if is_of_survey(chosen):
        text, stem, made = (
            N_("Write the survey to a file"),
            N_("survey"),
            partial(survey_bytes, shown.rounds, shown.survey),
        )
    elif is_of_supervision(chosen):
        text, stem = N_("Write the supervision to a file"), N_("supervision")
        made = partial(supervision_bytes, shown.samples, shown.checklist)
    else:
        text, stem, made = N_("Write the figures to a file"), N_("evidence"), partial(evidence_bytes, shown.measured)
    heading = language.text(text)
    picked = await pick(stage, heading, [Choice(kind.value, language.text(name)) for kind, name in _KINDS.items()])
    if picked is None:
        return

    async def make() -> bytes:
        count = len(scene.today.caseload.citizens)
        await stage.look_up(lambda desk: desk.looked("evidence", count=count, kind=AccessKind.EXPORT))
        return await to_thread(made, FileKind(picked), language)

    await save(stage, heading, file_name(stem, picked, language), make)


Flow = Callable[[Stage, Scene], Awaitable[None]]

EVIDENCE_FLOWS: Mapping[str, Flow] = {
    "period": period,
    "divide": divide,
    "measure_experiment": measure_experiment,
    "beside": beside,
    "write_figures": write_figures,
    "survey": survey,
    "supervise": supervise,
    "form": form,
    "network": network,
    "simulation": simulation,
    "undo": lambda stage, _scene: undo(stage),
    "redo": lambda stage, _scene: redo(stage),
}
