"""What an experiment is followed up with beside its figures: survey rounds, supervision, and the form's texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from planner.domain.citizens import Citizen
from planner.domain.cpr import looks_like_cpr
from planner.domain.follow_up import Finding, FormText, Scale, SupervisedCase, Supervision, SurveyRound, counted, drawn
from planner.domain.naming import names_somebody
from planner.domain.text import folded, sort_key
from planner.errors import NotFound, Refused
from planner.locale import N_
from planner.services import said
from planner.services.messages import VERBS
from planner.services.ports import Reading
from planner.services.results import Done
from planner.services.room import Room

MOST_SAMPLED = 1000
LONGEST_NAME = 60
#: One form that was filled in: what was answered to each question.
Answers = Mapping[str, Scale]


class FollowUp:
    """The verbs of following up; they raise Refused and NotFound as those of the desk do."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def rounds(self) -> tuple[SurveyRound, ...]:
        """The rounds of the survey, oldest first."""
        with self._room.store.read() as view:
            return view.survey_rounds()

    def begin_round(self, name: str, on: date) -> Done:
        """Begin a round, or give one that is there another date."""
        with self._room.store.write() as unit:
            made = replace(_round(unit, name) or SurveyRound(_named(name), on), on=on)
            unit.save_survey_round(made)
            seq = self._room.record(unit, "survey_round", None, {"round": made.name, "on": on})
        return Done(seq, VERBS["survey_round"], {"round": made.name, "on": on}, None)

    def remove_round(self, name: str) -> Done:
        """Take a round away with its answers, which come back when that is undone."""
        with self._room.store.write() as unit:
            made = _known_round(unit, name)
            unit.remove_survey_round(made.key)
            seq = self._room.record(unit, "survey_removed", None, {"round": made.name})
        return Done(seq, VERBS["survey_removed"], {"round": made.name}, None)

    def answer(self, name: str, forms: Sequence[Answers], begun_on: date | None = None) -> Done:
        """Count forms in with a round; `begun_on` begins a round that is not there yet.

        Undoing takes such a round away, but not once more answers are in it.

        The journal says that answers were counted, never which.
        """
        with self._room.store.write() as unit:
            made = _round(unit, name)
            if made is None and begun_on is not None:
                new = SurveyRound(_named(name), begun_on)
                made, verb = replace(new, key=unit.save_survey_round(new)), "survey_import"
            else:
                made, verb = made or _known_round(unit, name), "survey_answers"
            unit.add_answers(made.key, counted([pair for form in forms for pair in form.items()], Scale))
            detail = {"round": made.name, "count": len(forms)}
            seq = unit.record(verb, None, detail)
        return Done(seq, VERBS[verb], detail, None, is_final=verb == "survey_answers")

    def supervisions(self) -> tuple[Supervision, ...]:
        """The samples, oldest first."""
        with self._room.store.read() as view:
            return view.supervisions()

    def draw(self, size: int, seed: int) -> Done:
        """Draw a sample of the open cases."""
        with self._room.store.write() as unit:
            snapshot, today = self._room.refreshed(unit), self._room.clock.today()
            population = [one.id for one in snapshot.citizens.values() if not one.has_ended(today)]
            if not 0 < size <= min(MOST_SAMPLED, len(population)):
                raise Refused(
                    N_("{count} open cases can be drawn from, and a sample has 1 to {most}; asked for: {size}"),
                    count=len(population),
                    most=MOST_SAMPLED,
                    size=size,
                )
            cases = tuple(SupervisedCase(snapshot.keys[one]) for one in drawn(population, size, seed))
            unit.add_supervision(Supervision(today, seed, size, len(population), cases))
            seq = self._room.record(unit, "supervision", None, {"count": size})
        return Done(seq, VERBS["supervision"], {"count": size}, None)

    def supervise(self, citizen_id: str, findings: Mapping[str, Finding | None]) -> Done:
        """Write down what was found in a case of the newest sample; None takes a finding away."""
        with self._room.acting("supervised", citizen_id) as act:
            samples = act.unit.supervisions()
            case = next((one for one in samples[-1].cases if one.citizen == act.key), None) if samples else None
            if case is None:
                raise NotFound(N_("{name} is not in the newest sample"), name=act.citizen.shown_name)
            after = {name: finding for name, finding in {**case.findings, **findings}.items() if finding is not None}
            act.unit.save_supervised(replace(case, findings=after))
        return Done(act.seq, VERBS["supervised"], {"name": act.citizen.shown_name}, act.citizen.id)

    def supervised(self, sample: Supervision) -> tuple[tuple[Citizen, SupervisedCase], ...]:
        """The cases of a sample with whom they are about, in the order of the names."""
        citizens = self._room.snapshot().citizens
        found = [(citizens[case.citizen], case) for case in sample.cases if case.citizen in citizens]
        return tuple(sorted(found, key=lambda pair: (sort_key(pair[0].name), pair[0].id)))

    def form_texts(self, experiment: str) -> Mapping[int, str]:
        """What is written in an experiment's form, by point."""
        with self._room.store.read() as view:
            return {one.point: one.text for one in view.form_texts(experiment)}

    def write_form(self, experiment: str, point: int, text: str) -> Done:
        """Write the text of a point, in the place of the one that stands; nothing takes it away."""
        known = self._room.rules.experiments.get(experiment)
        if known is None:
            raise NotFound(N_("No experiment is called “{name}”"), name=experiment)
        verb, detail = "form_text", {"experiment": experiment, "point": point}
        with self._room.store.write() as unit:
            written = said.body(text) if said.clean(text) else ""
            self._check_nameless(unit, point, written)
            before = next((one for one in unit.form_texts(experiment) if one.point == point), None)
            unit.save_form_text(replace(before or FormText(experiment, point, ""), text=written))
            verb = verb if written else "form_text_removed"
            seq = self._room.record(unit, verb, None, detail)
        return Done(seq, VERBS[verb], {**detail, "experiment": known.title}, None)

    def check_nameless(self, texts: Mapping[int, str]) -> None:
        """Raise Refused where the text of a point names a citizen or the caseworker, or holds a CPR number."""
        with self._room.store.read() as view:
            for point, text in texts.items():
                self._check_nameless(view, point, text)

    def _check_nameless(self, view: Reading, point: int, text: str) -> None:
        snapshot = self._room.refreshed(view)
        names = [*(citizen.name for citizen in snapshot.citizens.values()), snapshot.office.contact.name]
        if names_somebody(names)(text):
            raise Refused(
                N_("The text of point {point} names somebody or holds a CPR number; the form must not"), point=point
            )


def _named(name: str) -> str:
    kept = said.clean(name)
    if not kept or len(kept) > LONGEST_NAME or looks_like_cpr(kept):
        raise Refused(N_("A round needs a name of at most {most} letters without a CPR number"), most=LONGEST_NAME)
    return kept


def _round(view: Reading, name: str) -> SurveyRound | None:
    wanted = folded(said.clean(name))
    return next((one for one in view.survey_rounds() if folded(one.name) == wanted), None)


def _known_round(view: Reading, name: str) -> SurveyRound:
    found = _round(view, name)
    if found is None:
        raise NotFound(N_("No round is called “{name}”; begin it with --on DATE"), name=name)
    return found
