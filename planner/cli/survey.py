"""The verb for the survey among the staff: rounds, answers without a name, and rounds beside each other."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from planner.cli.context import Context, read_bytes
from planner.cli.exports import export_options, exports, write_new
from planner.cli.output import is_interactive
from planner.cli.parser import Verbs
from planner.errors import Fault, InputError, NotFound, PlannerError
from planner.locale import N_
from planner.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from planner.domain.follow_up import Scale, SurveyRound
    from planner.evaluation.questions import Question
    from planner.evaluation.shares import Share


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("survey", survey)
    verb.add_argument("round", nargs="?", metavar=text("ROUND"), help=text("the name of a round; all unless stated"))
    verb.add_argument("--on", metavar=text("DATE"), help=text("begin the round, with this date"))
    how = verb.add_mutually_exclusive_group()
    how.add_argument(
        "--answer",
        nargs="*",
        metavar=text("QUESTION=ANSWER"),
        help=text("count one filled-in form, answers from 0 (don't know) to 3; without any you are asked"),
    )
    how.add_argument(
        "--import", dest="file", metavar=text("FILE"), help=text("count the forms in a CSV file, a row each")
    )
    how.add_argument("--remove", action="store_true", help=text("take the round away with its answers"))
    export_options(verbs, verb)


def survey(context: Context, options: Namespace) -> int:
    """Begin a round, count answers, or show what was answered."""
    from planner.exchange.question_files import survey_questions
    from planner.services.entry import read_date
    from planner.settings import settings_path

    follow_up, wanted = context.desk().follow_up, options.round
    acts = options.on is not None or options.answer is not None or options.file is not None or options.remove
    if acts and (wanted is None or exports(options)):
        raise PlannerError(N_("Name the round, and write the results with a command of their own."))
    if options.remove:
        return context.done(follow_up.remove_round(wanted))
    questions = survey_questions(settings_path().parent)
    on = read_date(options.on, context.today()) if options.on is not None else None
    if options.file is not None:
        from planner.exchange.survey_csv import read_forms

        forms, others = read_forms(read_bytes(options.file), questions)
        if others:
            context.out.error(
                context.text("Columns that hold no question, and were left out: {names}", names=", ".join(others))
            )
        return _counted(context, wanted, forms, on)
    if options.answer is not None:
        form = _form(options.answer, questions) if options.answer else _asked(context, questions)
        return _counted(context, wanted, [form], on)
    if on is not None:
        return context.done(follow_up.begin_round(wanted, on))
    return _show(context, options, questions)


def _counted(context: Context, name: str, forms: Sequence[dict[str, Scale]], on: date | None) -> int:
    done = context.desk().follow_up.answer(name, forms, on)
    if not done.is_final:
        return context.done(done)
    text = done.text(context.language)
    if context.json:
        context.out.json({"done": done.seq, "citizen": None, "message": text})
    else:
        context.out.line(text)
        context.out.line(context.text("Who answered what is not kept, so it cannot be undone."))
    return 0


def _form(pairs: Sequence[str], questions: Sequence[Question]) -> dict[str, Scale]:
    """The answers on the line; raises InputError with all that cannot be meant."""
    from planner.exchange.survey_csv import answers_allowed, scale_of
    from planner.plain import shown

    faults, form = [], dict[str, "Scale"]()
    names = [one.id for one in questions]
    for pair in pairs:
        name, _, value = pair.partition("=")
        answer = scale_of(value)
        if name not in names or name in form:
            faults.append(Fault("--answer", shown(name), Phrase("one of {values}", values=", ".join(names))))
        elif answer is None:
            faults.append(Fault(f"--answer {name}", shown(value), answers_allowed()))
        else:
            form[name] = answer
    if faults:
        raise InputError(N_("The option is wrong"), faults)
    return form


def _asked(context: Context, questions: Sequence[Question]) -> dict[str, Scale]:
    """The answers of somebody at the terminal, question by question; an empty one leaves it out."""
    from planner.domain.follow_up import Scale
    from planner.evaluation.surveys import SCALE
    from planner.exchange.survey_csv import scale_of

    out, text = context.out, context.text
    if not is_interactive():
        raise InputError(N_("The option is wrong"), [Fault("--answer", Phrase("nothing"), Phrase("QUESTION=ANSWER"))])
    out.line("; ".join(f"{number} {text(SCALE[one])}" for number, one in enumerate(Scale)))
    form = dict[str, Scale]()
    for number, question in enumerate(questions, start=1):
        out.line(f"{number}. {context.language.title(question.text)}")
        while True:
            said = out.ask(text("0–3, or Enter to leave it out:"))
            if said is None:
                raise PlannerError(N_("Nothing was counted."))
            answer = scale_of(said)
            if answer is not None:
                form[question.id] = answer
            if answer is not None or not said:
                break
    if not form:
        raise PlannerError(N_("Nothing was counted."))
    return form


def _show(context: Context, options: Namespace, questions: Sequence[Question]) -> int:
    from planner.domain.text import folded
    from planner.evaluation.surveys import lines

    rounds = context.desk().follow_up.rounds()
    if options.round is not None:
        rounds = tuple(one for one in rounds if folded(one.name) == folded(options.round.strip()))
        if not rounds:
            raise NotFound("No round is called “{name}”; begin it with --on DATE", name=options.round)
    if exports(options):
        from planner.exchange.result_files import survey_bytes

        write_new(context, options, lambda kind: survey_bytes(rounds, questions, kind, context.language))
        if not context.json:
            return 0
    if context.json:
        context.out.json(results_data(rounds, questions))
        return 0
    for made in rounds:
        context.out.line(f"{made.name}, {context.language.date(made.on)}")
    if not rounds:
        context.out.line(context.text("No round yet. Begin one with: planner survey ROUND --on DATE"))
    for line in lines(rounds, questions, context.language):
        context.out.line(line)
    return 0


def results_data(rounds: Sequence[SurveyRound], questions: Sequence[Question]) -> dict[str, object]:
    """The results as data; a question that too few have answered in a round has none."""
    from planner.evaluation.surveys import asked, result

    return {
        "schema": "planner-survey-results/1",
        "rounds": [{"name": made.name, "date": made.on.isoformat()} for made in rounds],
        "questions": [
            {
                "id": name,
                "text": {one.id: {"da": one.text.da, "en": one.text.en} for one in questions}.get(name),
                "results": [shares_data(result(made, name)) for made in rounds],
            }
            for name in asked(questions, rounds)
        ],
    }


def shares_data(found: Sequence[Share] | None) -> dict[str, object] | None:
    """The shares of the answers with n and intervals."""
    from planner.domain.follow_up import Scale

    if found is None:
        return None
    answers = {
        one.value: {
            "share": round(share.value, 4),
            "low": round(share.interval[0], 4),
            "high": round(share.interval[1], 4),
        }
        for one, share in zip(Scale, found, strict=True)
    }
    return {"n": found[0].n, "answers": answers}
