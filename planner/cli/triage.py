"""`planner triage`: those who need a decision, one after the other, with numbered choices; lines that only follow
each other, so that a screen reader, a braille display or a pipe can take part.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from planner.cli.choices import Choices
from planner.cli.context import Context, say_assumed
from planner.cli.failures import INTERRUPTED
from planner.cli.parser import Verbs
from planner.cli.straining import add_filter, sieve_asked
from planner.domain.conversations import Status
from planner.errors import InputError, PlannerError
from planner.locale import N_, Language
from planner.planning.plan import Bucket
from planner.services import words
from planner.services.commands import command

if TYPE_CHECKING:
    from planner.cli.triage_scene import Scene, Step
    from planner.services.desk import Desk
    from planner.services.results import Done, Row, Today
    from planner.services.sieve import Sieve

WHY, SKIP, QUIT, ALL = "0", "s", "q", "?"
#: The answer for each command of the screen, in the order in which they are told.
ANSWERS = {
    "1": "accept",
    "2": "choice_2",
    "3": "choose_time",
    "4": "change_channel",
    "5": "postpone",
    "6": "held",
    "7": "no_show",
    "8": "set_cadence",
    "9": "note",
    "10": "close_case",
    WHY: "why",
    "x": "exempt",
    "f": "add_fact",
    "b": "summons",
    "e": "offer",
    "y": "pick",
    "d": "case_note",
    "v": "cancelled",
    "u": "undo",
    "r": "redo",
    QUIT: "quit",
}
#: More changes than anybody makes in one sitting.
_MOST_CHANGES = 10_000


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("triage", triage)
    which = buckets(verbs.language)
    verb.add_argument(
        "--bucket",
        type=which,
        action="append",
        default=[],
        metavar=text("GROUP"),
        help=text("only this group of the list; may be repeated: {groups}").format(groups=which.listed()),
    )
    add_filter(verb, verbs)


def buckets(own: Language) -> Choices:
    """The groups of today's list."""
    return Choices({bucket.value: words.bucket(bucket) for bucket in Bucket}, own)


def triage(context: Context, options: Namespace) -> int:
    """Go through those who need a decision."""
    if context.json:
        raise InputError(
            N_(
                "Questions and answers are not given as JSON; use planner today --json, and for each decision "
                "a verb of its own, for example planner accept CITIZEN --json"
            )
        )
    from planner.services.today import IN_NEED  # brings the rules along, which the help must not wait for

    wanted = frozenset(Bucket(name) for name in options.bucket) or (frozenset(Bucket) if options.only else IN_NEED)
    return Sitting(context, wanted, sieve_asked(options)).run()


@dataclass(frozen=True, slots=True)
class _Passed:
    """The citizen was left as she is."""


class Sitting:
    """One run through the list; every change is saved at once, so it can end anywhere."""

    def __init__(self, context: Context, wanted: frozenset[Bucket], sieve: Sieve) -> None:
        from planner.cli.asking import Asking

        self._context = context
        self._wanted = wanted
        self._sieve = sieve
        self._asking = Asking(context)
        self._passed: dict[str, None] = {}
        self._told_all = False
        self._begun = 0
        self._undone_before = 0

    def run(self) -> int:
        """Ask until nobody is left, until it is enough, or until there is no more input; gives the exit code."""
        from planner.cli.asking import Ended

        desk, code = self._context.desk(), 0
        begun = self._begun = _head(desk)
        self._undone_before = sum(entry.undone for entry in desk.log(_MOST_CHANGES))
        try:
            self._go_through(desk)
        except Ended:
            pass
        except KeyboardInterrupt:
            self._asking.out.line()
            code = INTERRUPTED
        self._take_leave(desk, begun)
        return code

    def _go_through(self, desk: Desk) -> None:
        today, current = self._context.planned(), ""
        self._begin(today)
        while True:
            waiting = [row for row in self._waiting(today) if row.citizen.id == current] or [
                row for row in self._waiting(today) if row.citizen.id not in self._passed
            ]
            if not waiting:
                self._finish(today)
                return
            row = waiting[0]
            desk.looked("triage", row.citizen.id)
            after = sum(one.citizen.id not in self._passed for one in self._waiting(today) if one is not row)
            for line in self._introduced(row, today, after):
                self._asking.out.line(line)
            answer = self._decided(desk, today, row)
            if answer is None:
                return
            if isinstance(answer, _Passed):
                self._passed[row.citizen.id] = None
                current = ""
                continue
            current = answer.citizen_id or ""
            self._passed.pop(current, None)
            today = desk.today_at_once()

    def _waiting(self, today: Today) -> list[Row]:
        from planner.cli.listing import in_order

        asked = (row for row in today.rows if row.part.bucket in self._wanted and self._sieve.lets_through(row))
        rows = {row.citizen.id: row for row in asked}
        entries = in_order([(row.citizen, row.part, row.days) for row in rows.values()], today.today)
        return [rows[citizen.id] for citizen, _, _ in entries]

    def _begin(self, today: Today) -> None:
        context = self._context
        context.out.line(context.language.long_day(today.today))
        waiting = self._waiting(today)
        context.out.line(
            context.plural("{n} citizen needs a decision", "{n} citizens need a decision", len(waiting)) + "."
        )
        if not today.rows:
            context.out.line(context.text(words.HOW_TO_BEGIN))
        say_assumed(context)

    def _introduced(self, row: Row, today: Today, after: int) -> Iterator[str]:
        from planner.cli.listing import BOOKED, booked_slot, days_text, reason_text, slot_text
        from planner.services.decided import decision_lines

        language, part, titles = self._context.language, row.part, today.plan.titles
        text = language.text
        yield ""
        left = language.plural("{n} more after this one", "{n} more after this one", after)
        yield f"{words.person(row.citizen)}; {left if after else text('the last one')}."
        days = days_text(row.days, language)
        yield f"{text(words.bucket(part.bucket))}{f': {days}' if days else ''}."
        booked = booked_slot(row.citizen, today.today)
        if booked is not None:
            yield text("Booked: {slot}", slot=slot_text(booked, language)) + "."
        yield from decision_lines(row.citizen, today.today, language)
        if (part.bucket not in BOOKED or booked is None) and (reason := reason_text(part, language, titles)):
            yield text("Why: {reason}", reason=reason)
        if part.proposal is None:
            yield text("No proposal.")
            return
        yield text("Proposal: {slot}", slot=slot_text(part.proposal.slot, language)) + "."
        if part.proposal.alternatives:
            yield text("First alternative: {slot}", slot=slot_text(part.proposal.alternatives[0], language)) + "."

    def _choices(self, scene: Scene) -> Iterator[str]:
        text, idle = self._context.text, set(_idle(scene))
        for key, command_id in ANSWERS.items():
            if command_id in idle:
                continue
            if key == QUIT:
                yield f"{SKIP}. {text('Skip; Enter alone does the same')}"
            shown = N_("Book the first alternative") if key == "2" else command(command_id).text
            yield f"{key}. {text(shown).rstrip('….')}"

    def _decided(self, desk: Desk, today: Today, row: Row) -> Done | _Passed | None:
        """Ask until something is done or the citizen is passed over; None when it is enough."""
        from planner.cli.triage_scene import Scene
        from planner.cli.triage_steps import STEPS

        asking, scene = self._asking, Scene(self._asking, desk, today, row, self._begun)
        while True:
            if not self._told_all:
                self._tell_all(scene)
            key = asking.answer(self._context.text("Your choice (Enter skips, ? tells all choices):")).casefold()
            if key in {"", SKIP}:
                asking.say(N_("{name} is left as is."), name=row.citizen.shown_name)
                return _Passed()
            if key == QUIT:
                return None
            if key == ALL:
                self._tell_all(scene)
            elif key == WHY:
                self._explain(scene)
            elif key in ANSWERS:
                done = self._do(STEPS[ANSWERS[key]], scene)
                if done is not None:
                    scene.tell(done, undone=ANSWERS[key] == "undo")
                    if ANSWERS[key] == "held":
                        self._file(scene, _day_of(done))
                    return done
            else:
                known = ", ".join([*ANSWERS, SKIP])
                asking.say(N_("“{text}” is no choice; write one of {known}, or ? to hear them."), text=key, known=known)

    def _file(self, scene: Scene, on: date | None) -> None:
        """The note of what was just held."""
        from planner.cli.triage_papers import note_of

        try:
            filed = note_of(scene, on)
        except PlannerError as error:
            self._asking.tell(error)
            return
        if filed is not None:
            self._asking.out.line(filed.text(self._context.language) + ".")
        else:
            self._asking.say(N_("Later: planner case-note {citizen} --filed"), citizen=scene.citizen.id)

    def _tell_all(self, scene: Scene) -> None:
        self._told_all = True
        for line in self._choices(scene):
            self._asking.out.line(line)

    def _do(self, step: Step, scene: Scene) -> Done | None:
        try:
            done = step(scene)
        except PlannerError as error:
            self._asking.tell(error)
            return None
        if done is None:
            self._asking.say(N_("Nothing was changed."))
        return done

    def _explain(self, scene: Scene) -> None:
        from planner.cli.explaining import explanation_lines

        for line in explanation_lines(scene.citizen, scene.row.part, scene.today.plan, self._context.language):
            self._asking.out.line(line)

    def _finish(self, today: Today) -> None:
        context = self._context
        left = len([row for row in self._waiting(today) if row.citizen.id in self._passed])
        self._asking.out.line()
        if left:
            context.out.line(
                context.plural(
                    "That was the list; {n} is left as is.", "That was the list; {n} are left as they are.", left
                )
            )
        else:
            context.out.line(context.text("Nobody is waiting for a decision."))

    def _take_leave(self, desk: Desk, begun: int) -> None:
        from planner.services.messages import REDO, SILENT, UNDO

        entries = [entry for entry in desk.log(_MOST_CHANGES) if entry.seq > begun]
        changes = [e for e in entries if not e.undone and e.verb not in SILENT | {UNDO, REDO}]
        context = self._context
        if not entries:
            context.out.line(context.text("Nothing was changed."))
            return
        earlier = sum(entry.seq <= begun and entry.undone for entry in desk.log(_MOST_CHANGES)) - self._undone_before
        if earlier > 0:
            context.out.line(
                context.plural("{n} earlier change was taken back.", "{n} earlier changes were taken back.", earlier)
            )
        if not changes:
            if earlier <= 0:
                context.out.line(context.text("Everything that was changed is taken back again."))
            return
        context.out.line(
            context.plural(
                "{n} change was made and is saved; planner log tells them.",
                "{n} changes were made and are saved; planner log tells them.",
                len(changes),
            )
        )


def _idle(scene: Scene) -> Iterator[str]:
    """The commands that have nothing to act on for this citizen."""
    if not scene.slots:
        yield from ("accept", "choice_2")
    elif len(scene.slots) == 1:
        yield "choice_2"
    if scene.citizen.offer is None:
        yield "pick"
    if not scene.citizen.booked():
        yield from ("no_show", "cancelled")
    if not any(talk.status is Status.HELD for talk in scene.citizen.conversations):
        yield "case_note"


def _day_of(done: Done) -> date | None:
    on = done.values.get("on")
    return on if isinstance(on, date) else None


def _head(desk: Desk) -> int:
    return max((entry.seq for entry in desk.log(1)), default=0)
