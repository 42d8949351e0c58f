"""The evaluation form by keys: read it, write under its points, and save it."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator

from planner.evaluation.form import TO_BE_WRITTEN, Form, Point, make_form
from planner.exchange.form_files import check_word, form_docx, form_markdown
from planner.locale import CODES, N_, language
from planner.reporting.measuring import material
from planner.services.ports import AccessKind
from planner.tui.dialogs.pick import Choice
from planner.tui.dialogs.text import TextDialog
from planner.tui.dialogs.written import WrittenDialog
from planner.tui.screens.evidence_stage import (
    Scene,
    Stage,
    experiment,
    file_name,
    pick,
    questions_folder,
    save,
    wish_for,
)

_READ, _WORD, _MARKDOWN = "read", "docx", "md"
_LANGUAGES = {"da": N_("in Danish"), "en": N_("in English")}


async def form(stage: Stage, scene: Scene) -> None:
    """Choose an experiment, then read its form, write under a point, or save it, until it is left."""
    spoken = stage.language
    chosen = await experiment(stage, scene, spoken.text("Evaluation form"))
    picked: str | None = _READ
    while chosen is not None:
        made = await _made(stage, scene, chosen, spoken.code)
        missing = spoken.text(TO_BE_WRITTEN)
        choices = [
            Choice(str(point.number), point.heading, missing if point.text == missing else "") for point in made.points
        ]
        choices.append(Choice(_READ, spoken.text("Read it all")))
        for kind, text in ((_WORD, N_("Save for Word")), (_MARKDOWN, N_("Save as Markdown"))):
            choices += [
                Choice(f"{kind} {code}", f"{spoken.text(text)} {spoken.text(_LANGUAGES[code])}") for code in CODES
            ]
        heading = f"{made.title}: {made.subtitle}, {made.facts[5][1]}"
        picked = await pick(stage, heading, choices, picked=picked or "")
        if picked is None:
            return
        if picked == _READ:
            await stage.ask(TextDialog(spoken, heading, list(_lines(made))))
        elif picked.isdigit():
            await _write(stage, chosen, made.points[int(picked) - 1])
        else:
            kind, code = picked.split()
            await _save(stage, scene, chosen, kind, code)


def _lines(made: Form) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in made.facts)
    for point in made.points:
        yield ""
        yield f"{point.number}. {point.heading}"
        yield from (f"   {line}" for line in (*point.lines, *point.text.splitlines()))
        for table in point.tables:
            yield f"   {table.heading} ({', '.join(table.columns)})"
            yield from (f"      {'; '.join(row)}" for row in table.rows)
    yield ""
    yield made.limits


async def _made(stage: Stage, scene: Scene, chosen: str, code: str) -> Form:
    found = await stage.look_up(lambda desk: material(desk, wish_for(scene, chosen), questions_folder()))
    return await to_thread(make_form, found, language(code))


async def _write(stage: Stage, chosen: str, point: Point) -> None:
    number = point.number
    texts = await stage.look_up(lambda desk: desk.follow_up.form_texts(chosen))
    text, fault = texts.get(number, ""), ""
    while True:
        heading = f"{number}. {point.heading}"
        written = await stage.ask(WrittenDialog(stage.language, heading, text, fault=fault))
        if written is None or written == texts.get(number, ""):
            return
        text = written
        fault = await stage.change(
            lambda desk, kept=written: desk.follow_up.write_form(chosen, number, kept),  # type: ignore[misc]
            "",
        )
        if not fault:
            return


async def _save(stage: Stage, scene: Scene, chosen: str, kind: str, code: str) -> None:
    if kind == _WORD:
        check_word()

    async def make() -> bytes:
        made = await _made(stage, scene, chosen, code)
        count = len(scene.today.caseload.citizens)
        await stage.look_up(
            lambda desk: desk.follow_up.check_nameless({point.number: point.words() for point in made.points})
        )
        await stage.look_up(lambda desk: desk.looked("form", count=count, kind=AccessKind.EXPORT))
        return await to_thread(form_docx, made) if kind == _WORD else form_markdown(made).encode("utf-8")

    await save(
        stage, stage.language.text("Save the evaluation form"), file_name(N_("form"), kind, stage.language), make
    )
