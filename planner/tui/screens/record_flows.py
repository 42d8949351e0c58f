"""The end of a case, its erasure, everything that is held on a citizen, and who looked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from planner.errors import PlannerError, Refused
from planner.locale import N_, Language
from planner.services.closing import Closed
from planner.services.looks import Look
from planner.services.messages import told
from planner.tui.screens.telling import Flow, Scene, Stage, agreed, at_once, heading

_ONE, _DUE = "one", "due"
_PLAIN, _NAMES = "plain", "names"
#: Names in a question, and looks in a list.
_SHOWN = 12
_MOST_LOOKS = 500


async def close_case(stage: Stage, scene: Scene) -> None:
    """Close the case, or open it again."""
    citizen = scene.row.citizen
    if citizen.closed_on is not None and citizen.has_ended(scene.today.today):
        question = stage.language.text(N_("The case was closed on {on}. Open it again?"), on=citizen.closed_on)
        if await agreed(stage, heading(stage, N_("Open the case: {name}"), scene), question, go_on=N_("Open")):
            await at_once(stage, lambda desk: desk.reopen_case(scene.id), N_("opened again"), stay=True)
        return
    question = stage.language.text(N_("Nothing is asked for any more. It is kept until it is erased."))
    if await agreed(stage, heading(stage, N_("Close the case: {name}"), scene), question, go_on=N_("Close the case")):
        await at_once(stage, lambda desk: desk.close_case(scene.id), N_("closed"))


async def erase(stage: Stage, scene: Scene) -> None:
    """Erase this closed case, or all that are proposed."""
    closed = await stage.look_up(lambda desk: desk.closed_cases())
    due = [case for case in closed if case.due is not None and case.due <= scene.today.today]
    own = [case for case in closed if case.citizen.id == scene.id]
    wanted = await _chosen(stage, scene, own, due)
    if not wanted:
        return
    names = [f"{case.citizen.shown_name} ({case.citizen.id})" for case in wanted]
    shown = names if len(names) <= _SHOWN else names[: _SHOWN - 1]
    if len(names) > len(shown):
        shown.append(stage.language.plural("and {n} more", "and {n} more", len(names) - len(shown)))
    question = "\n".join([*shown, stage.language.text(N_("They are erased everywhere. Nothing brings them back."))])
    titled = stage.language.plural("Erase {n} case for good?", "Erase {n} cases for good?", len(wanted))
    if await agreed(stage, titled, question, go_on=N_("Erase for good")):
        ids = [case.citizen.id for case in wanted]
        await at_once(stage, lambda desk: desk.erase(ids), "", stay=True)


async def _chosen(stage: Stage, scene: Scene, own: Sequence[Closed], due: Sequence[Closed]) -> Sequence[Closed]:
    """This one, or all that are proposed; raises Refused where neither can be erased."""
    from planner.tui.dialogs.pick import Choice, PickDialog

    language = stage.language
    others = [case for case in due if case not in own]
    if not others:
        if not own:
            raise Refused(N_("{name}: the case is not closed; close it first"), name=scene.row.citizen.shown_name)
        return own
    choices = [Choice(_DUE, language.plural("All {n} that is proposed", "All {n} that are proposed", len(due)))]
    if own:
        choices.insert(0, Choice(_ONE, scene.row.citizen.shown_name))
    picked = await stage.ask(PickDialog(language, language.text(N_("Erase closed cases")), choices))
    return {_ONE: own, _DUE: due}.get(picked or "", ())


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
        found = await stage.look_up(lambda desk: desk.insight(scene.id))
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
    found = await stage.look_up(lambda desk: desk.looks(_MOST_LOOKS, scene.id))
    lines = [_look_line(look, language) for look in found]
    await stage.ask(TextDialog(language, titled, lines or [language.text("Nobody has looked yet.")]))


def _look_line(look: Look, language: Language) -> str:
    when = f"{language.date(look.at.date())} {language.time(look.at.hour * 60 + look.at.minute)}"
    return f"{when}  {look.account}  {look.what(language)}"


def _file_name(citizen_id: str, language: Language) -> str:
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", citizen_id).strip("-")[:40]
    return f"~/{language.text(N_('insight'))}-{plain}.txt"


RECORD_FLOWS: Mapping[str, Flow] = {"close_case": close_case, "erase": erase, "insight": insight, "looks": looks}
