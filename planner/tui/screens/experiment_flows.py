"""What each command on the experiments does: ask what is needed, do it, and say what was done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from planner.domain.caseload import Adoption
from planner.errors import PlannerError, Refused
from planner.locale import N_, Language
from planner.planning.plan import ExemptedShare
from planner.rules.ruleset import RuleSet
from planner.services.catalogue import Entry, Standing, exempted
from planner.services.experiment_words import standing_line
from planner.services.results import Row, Today
from planner.services.what_if import Supposed, WhatIf
from planner.services.what_if_words import Teller, Weight, heading_of
from planner.tui.dialogs.terms import Terms, TermsDialog
from planner.tui.screens.telling import Asking, redo, undo

if TYPE_CHECKING:  # the desk brings the engine along, which the first frame must not wait for
    pass

T = TypeVar("T")
_OFF, _OTHERWISE = "off", "otherwise"
_STYLES = {Weight.HEADING: "bold $primary", Weight.ANSWER: "bold", Weight.DETAIL: ""}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a flow looks at: the chosen experiment, the rules, and the list that is shown."""

    entry: Entry
    rules: RuleSet
    today: Today

    @property
    def id(self) -> str:
        """The experiment's id."""
        return self.entry.experiment.id


class Stage(Asking, Protocol):
    """What a flow can do; the screen of the experiments is one."""

    def sentence(self, error: PlannerError) -> str:
        """What an error says, in the user's language."""

    def go_to(self, citizen_id: str) -> None:
        """Show a citizen in today's list."""


async def adopt(stage: Stage, scene: Scene) -> None:
    """Put the experiment in force here, on stated terms; nothing typed is lost when the desk refuses."""
    now = scene.entry.adoption if scene.entry.standing is Standing.IN_FORCE else None
    if now is not None and now.last is None:
        raise Refused(N_("It is adopted here already from {first}; end that adoption first"), first=now.first)
    heading, experiment = _heading(stage, N_("Adopt: {title}"), scene), scene.entry.experiment
    answer, fault = Terms(scene.today.today, None, "", {}), ""
    while True:
        dialog = TermsDialog(stage.language, heading, experiment, scene.today.today, answer, fault=fault)
        given = await stage.ask(dialog)
        if given is None:
            return
        answer = given
        adoption = Adoption(scene.id, given.first, given.last, given.authority, given.parameters)
        fault = await stage.change(lambda desk, wanted=adoption: desk.adopt(wanted), N_("adopted"))  # type: ignore[misc]
        if not fault:
            return


async def end_adoption(stage: Stage, scene: Scene) -> None:
    """Give the adoption that is in force its last day."""
    from planner.tui.dialogs.last_day import LastDayDialog

    if scene.entry.standing not in (Standing.IN_FORCE, Standing.COMING):
        raise Refused(N_("It is not adopted here, so there is nothing to end"))
    heading = _heading(stage, N_("End the adoption: {title}"), scene)
    standing = standing_line(scene.entry, stage.language)
    last: date | None = None
    fault = ""
    while True:
        last = await stage.ask(
            LastDayDialog(stage.language, heading, standing, scene.today.today, initial=last, fault=fault)
        )
        if last is None:
            return
        fault = await stage.change(lambda desk, day=last: desk.end_adoption(scene.id, day), N_("ended"))  # type: ignore[misc]
        if not fault:
            return


async def what_if(stage: Stage, scene: Scene) -> None:
    """Show what would be different, from two plans; saves nothing."""
    from planner.tui.dialogs.working import WorkingDialog

    supposed = await _supposed(stage, scene)
    if supposed is None:
        return
    desk = await stage.look_up(lambda desk: desk)  # beside the desk's own lane, so that no change waits for it
    await stage.ask(
        WorkingDialog(
            stage.language,
            _heading(stage, N_("What if: {title}"), scene),
            stage.language.text("Two plans are being made… esc calls it off."),
            lambda work: desk.what_if(scene.today, supposed, work.wanted),
            lambda found: _told(found, scene.today.rows, stage.language),
            stage.sentence,
        )
    )


async def _supposed(stage: Stage, scene: Scene) -> Supposed | None:
    """What is to be supposed; None when the question is left."""
    from planner.tui.dialogs.pick import Choice, PickDialog

    language, experiment = stage.language, scene.entry.experiment
    now = scene.entry.adoption if scene.entry.standing is Standing.IN_FORCE else None
    heading = _heading(stage, N_("What if: {title}"), scene)
    if now is not None:
        choices = [Choice(_OFF, language.text("Switch it off"))]
        if experiment.parameters:
            choices.append(Choice(_OTHERWISE, language.text("Set its parameters otherwise…")))
        picked = await stage.ask(PickDialog(language, heading, choices))
        if picked != _OTHERWISE:
            return None if picked is None else Supposed(scene.id, None)
    today = scene.today.today
    terms = Terms(today, None, "", now.parameters if now is not None else {})
    if experiment.parameters:
        dialog = TermsDialog(
            language, heading, experiment, today, terms, supposed=True, go_on=N_("Show what would change")
        )
        given = await stage.ask(dialog)
        if given is None:
            return None
        terms = given
    return Supposed(scene.id, Adoption(scene.id, today, None, "", terms.parameters))


def _told(found: WhatIf, rows: Iterable[Row], language: Language) -> Iterable[tuple[str, str]]:
    names = {row.citizen.id: row.citizen.shown_name for row in rows}
    yield f"{heading_of(found, language)}:", ""
    for line, weight in Teller(found, names, language).lines():
        if weight is Weight.HEADING:
            yield "", ""
        yield (f" {line}" if weight is Weight.DETAIL else line), _STYLES[weight]
    yield "", ""
    yield language.text("Nothing was saved."), "$muted"


async def who_is_exempted(stage: Stage, scene: Scene) -> None:
    """List who is exempted under the share rule; picking one goes to the citizen in today's list."""
    from planner.tui.dialogs.exempt import limit_words
    from planner.tui.dialogs.pick import Choice, PickDialog

    language, share = stage.language, scene.today.plan.exempted_share
    people = exempted(scene.today, scene.rules)
    if not people:
        stage.refuse(_nobody(share, language))
        return
    choices = [Choice(row.citizen.id, row.citizen.shown_name, _reason(row, language)) for row in people]
    heading = language.text("Exempted citizens")
    dialog = PickDialog(language, heading, choices, fault=limit_words(share, language), go_on=N_("Go to"))
    picked = await stage.ask(dialog)
    if picked is not None:
        stage.go_to(picked)


def _nobody(share: ExemptedShare | None, language: Language) -> str:
    from planner.tui.dialogs.exempt import limit_words

    return limit_words(share, language) if share is None else language.text("Nobody is exempted by decision.")


def _reason(row: Row, language: Language) -> str:
    decision = row.citizen.exemption
    if decision is None:
        return ""
    until = language.text("until {last}", last=decision.until) if decision.until is not None else ""
    return " · ".join(part for part in (until, decision.reason) if part)


def _heading(stage: Stage, msgid: str, scene: Scene) -> str:
    return stage.language.text(msgid, title=stage.language.title(scene.entry.experiment.title))


Flow = Callable[[Stage, Scene], Awaitable[None]]

EXPERIMENT_FLOWS: Mapping[str, Flow] = {
    "adopt": adopt,
    "end_adoption": end_adoption,
    "what_if": what_if,
    "exempted": who_is_exempted,
    "undo": lambda stage, _scene: undo(stage),
    "redo": lambda stage, _scene: redo(stage),
}
