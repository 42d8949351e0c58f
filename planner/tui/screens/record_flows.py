"""The end of a case, its erasure, everything that is held on a citizen, and who looked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from planner.errors import PlannerError
from planner.locale import N_, Language
from planner.services.closing import REACH, Closed, case_words, kept_words
from planner.services.looks import Look
from planner.services.messages import told
from planner.services.ports import AccessKind
from planner.tui.dialogs.base import Dialog
from planner.tui.screens.telling import Flow, Scene, Stage, agreed, at_once, fill_in, heading

#: No citizen's id, which has no blank at its end.
_DUE = "due "
_PLAIN, _NAMES = "plain", "names"
#: Names in a question, and looks in a list.
_SHOWN = 12
_MOST_LOOKS = 500


async def close_case(stage: Stage, scene: Scene) -> None:
    """Close the case with a day, or open it again."""
    from planner.tui.dialogs.close import CloseDialog

    citizen, today = scene.row.citizen, scene.today.today
    if citizen.closed_on is not None and citizen.has_ended(today):
        await at_once(stage, lambda desk: desk.cases.reopen(scene.id), N_("opened again"), stay=True)
        return
    titled = heading(stage, N_("Close the case: {name}"), scene)

    def dialog(given: date | None, fault: str) -> Dialog[date]:
        return CloseDialog(stage.language, titled, today, initial=given, fault=fault)

    await fill_in(stage, dialog, lambda on: lambda desk: desk.cases.close(scene.id, on), N_("closed"))


async def erase(stage: Stage, scene: Scene) -> None:
    """Show the closed cases, and erase one of them, or all that are proposed."""
    from planner.tui.dialogs.notice import NoticeDialog
    from planner.tui.dialogs.pick import Choice, PickDialog

    language, titled = stage.language, stage.language.text("Erase closed cases")
    cases = await stage.look_up(lambda desk: desk.cases.closed())
    months = await stage.look_up(lambda desk: desk.office().retention_months)
    if not cases:
        text = f"{language.text('No case is closed.')}\n{kept_words(months, language)}"
        await stage.ask(NoticeDialog(language, titled, text))
        return
    own = sorted(cases, key=lambda case: case.citizen.id != scene.id)
    choices = [
        Choice(case.citizen.id, case.citizen.shown_name, case_words(case, scene.today.today, language), case.citizen.id)
        for case in own
    ]
    due = [case for case in cases if case.is_due(scene.today.today)]
    if len(due) > 1:
        counted = language.plural("All {n} that is proposed", "All {n} that are proposed", len(due))
        choices.insert(0, Choice(_DUE, counted))
    picked = await stage.ask(PickDialog(language, titled, choices, go_on=N_("Choose")))
    wanted = due if picked == _DUE else [case for case in cases if case.citizen.id == picked]
    if wanted and await _meant(stage, scene, wanted):
        ids = [case.citizen.id for case in wanted]
        await at_once(stage, lambda desk: desk.cases.erase(ids), "", stay=True)


async def _meant(stage: Stage, scene: Scene, wanted: Sequence[Closed]) -> bool:
    """Ask with every name, and with what becomes of backups."""
    language, today = stage.language, scene.today.today
    named = [f"{case.citizen.shown_name} ({case.citizen.id}): {case_words(case, today, language)}" for case in wanted]
    shown = named if len(named) <= _SHOWN else named[: _SHOWN - 1]
    if len(named) > len(shown):
        shown.append(language.plural("and {n} more", "and {n} more", len(named) - len(shown)))
    titled = language.plural("Erase {n} case for good?", "Erase {n} cases for good?", len(wanted))
    return await agreed(stage, titled, "\n".join([*shown, "", language.text(REACH)]), go_on=N_("Erase for good"))


async def insight(stage: Stage, scene: Scene) -> None:
    """Write down everything that is held on the citizen, in a new file."""
    from planner.exchange.paper_files import save_text
    from planner.services.insight import insight_text
    from planner.tui.dialogs.paper import SaveDialog
    from planner.tui.dialogs.pick import Choice, PickDialog

    language, titled = stage.language, heading(stage, N_("Everything that is held: {name}"), scene)
    choices = [
        Choice(_PLAIN, language.text(N_("Without the names of those who looked"))),
        Choice(_NAMES, language.text(N_("With the names of those who looked"))),
    ]
    picked = await stage.ask(PickDialog(language, titled, choices))
    if picked is None:
        return
    name, fault = _file_name(scene.id, language), ""
    while (answer := await stage.ask(SaveDialog(language, titled, name, fault=fault))) is not None:
        name = answer
        found = await stage.look_up(lambda desk: desk.cases.insight(scene.id, AccessKind.EXPORT))
        try:
            save_text(name, insight_text(found, scene.today.plan, language, names=picked == _NAMES))
        except PlannerError as error:
            fault = told(language, error.message, error.values)
        else:
            stage.say(language.text("Written to {file}. It holds personal data.", file=name))
            return


async def looks(stage: Stage, scene: Scene) -> None:
    """Who looked at the citizen."""
    from planner.tui.dialogs.text import TextDialog

    language, titled = stage.language, heading(stage, N_("Who looked: {name}"), scene)
    found = await stage.look_up(lambda desk: desk.cases.looks(_MOST_LOOKS, scene.id))
    await stage.look_up(lambda desk: desk.looked("looks", scene.id))
    lines = [_look_line(look, language) for look in found]
    await stage.ask(TextDialog(language, titled, lines or [language.text("Nobody has looked yet.")]))


def _look_line(look: Look, language: Language) -> str:
    when = f"{language.date(look.at.date())} {language.time(look.at.hour * 60 + look.at.minute)}"
    return f"{when}  {look.account}  {look.what(language)}"


def _file_name(citizen_id: str, language: Language) -> str:
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", citizen_id).strip("-")[:40]
    return f"~/{language.text(N_('insight'))}-{plain}.txt"


RECORD_FLOWS: Mapping[str, Flow] = {"close_case": close_case, "erase": erase, "insight": insight, "looks": looks}
