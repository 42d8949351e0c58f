"""What each verb does at the desk, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import msgspec
import pytest

from planner.bootstrap import plan_form, templates
from planner.domain.caseload import Adoption
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import Channel, Conversation, Counterpart, Status
from planner.errors import InputError, NotFound, PlannerError, Refused, RuleConflict
from planner.exchange.rule_files import load_rules
from planner.locale import language
from planner.planning.plan import Bucket, Slot
from planner.rules.ruleset import RuleSet
from planner.services.decided import decision_lines
from planner.services.desk import Desk
from planner.services.explanation import sentence
from planner.services.today import booked_too_late
from planner.store.engine import open_store
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office, talk


def only(desk: Desk) -> Citizen:
    """The only citizen."""
    (citizen,) = desk.caseload().citizens
    return citizen


def refused(error: type[PlannerError], verb: Callable[[], object]) -> str:
    """The sentence with which the verb is refused."""
    with pytest.raises(error) as caught:
        verb()
    return str(caught.value)


class TestAccept:
    def test_the_proposal_becomes_a_locked_booking_with_its_agenda(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            proposal = desk.today().rows[0].part.proposal
            assert proposal is not None
            done = desk.accept("p-1")
            (booked,) = only(desk).booked()
            slot = proposal.slot
            assert (booked.on, booked.start_minute, booked.minutes, booked.channel) == (
                slot.on,
                slot.start,
                slot.minutes,
                slot.channel,
            )
            assert booked.locked
            assert booked.agenda == proposal.agenda
            assert done.citizen_id == "p-1"
            assert done.values["name"] == "Åse Prøvesen"

    def test_an_alternative_can_be_chosen(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            proposal = desk.today().rows[0].part.proposal
            assert proposal is not None
            desk.accept("p-1", choice=2)
            assert only(desk).booked()[0].start_minute == proposal.alternatives[1].start
            assert only(desk).booked()[0].on == proposal.alternatives[1].on

    @pytest.mark.parametrize("choice", [-1, 99])
    def test_there_is_no_other_alternative(self, tmp_path: Path, choice: int) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert str(choice) in refused(Refused, lambda: desk.accept("p-1", choice=choice))

    def test_without_a_proposal_a_time_must_be_chosen(self, tmp_path: Path) -> None:
        citizen = Citizen("p-1", "Øjvind Testrup", TargetGroup.DISABILITY_PENSION, days(-400))
        with desk_on(tmp_path, office(citizen)) as desk:
            assert "choose a time" in refused(Refused, lambda: desk.accept("p-1"))
            desk.accept("p-1", slot=Slot(days(3), 9 * 60, 30, Channel.PHONE))
            assert only(desk).booked()[0].on == days(3)

    @pytest.mark.parametrize(
        ("slot", "reason"),
        [
            (Slot(days(5), 540, 30, Channel.PHONE), "closed"),
            (Slot(days(2), 7 * 60, 30, Channel.PHONE), "working hours"),
            (Slot(days(2), 541, 30, Channel.PHONE), "multiple of 15"),
            (Slot(days(0), 540, 30, Channel.PHONE), "notice"),
            (Slot(days(3), 540, 30, Channel.IN_PERSON), "notice"),
            (Slot(days(3), 540, 30, Channel.LETTER), "cannot use"),
            (Slot(days(4), 540, 30, Channel.PHONE), "not available"),
            (Slot(days(2), 540, 30, Channel.PHONE), "taken"),
        ],
    )
    def test_a_time_that_breaks_a_hard_rule_is_refused_with_the_rule(
        self, tmp_path: Path, slot: Slot, reason: str
    ) -> None:
        other = job_ready("Bjørn Påfund", 2, conversations=(talk(2),))
        citizen = job_ready(unavailable=(Unavailable(days(4), days(4)),))
        with desk_on(tmp_path, office(citizen, other)) as desk:
            assert reason in refused(Refused, lambda: desk.accept("p-1", slot=slot))
            assert not desk.find("p-1")[0].conversations

    def test_what_was_booked_since_the_list_was_shown_is_found_out(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(), job_ready("Bjørn Påfund", 2))) as desk:
            first, second = (row.part.proposal for row in desk.today().rows)
            assert first is not None
            assert second is not None
            desk.accept("p-2", slot=first.slot)
            assert "taken" in refused(Refused, lambda: desk.accept("p-1", slot=first.slot))

    def test_an_accepted_conversation_stays_and_is_covered(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.today()
            desk.accept("p-1")
            assert desk.today().rows[0].part.bucket in (Bucket.BOOKED, Bucket.BOOKED_TODAY)

    def test_nothing_is_booked_with_the_dead(self, tmp_path: Path) -> None:
        citizen = job_ready(facts=(Fact(FactKind.DEATH, days(-2)),))
        with desk_on(tmp_path, office(citizen)) as desk:
            slot = Slot(days(3), 540, 30, Channel.PHONE)
            assert "ended" in refused(Refused, lambda: desk.accept("p-1", slot=slot))


class TestHeld:
    def test_the_booking_of_today_is_meant_and_keeps_its_channel_and_length(self, tmp_path: Path) -> None:
        citizen = job_ready(conversations=(talk(-9), talk(0, start=time(13)), talk(0, start=time(10)), talk(4)))
        with desk_on(tmp_path, office(citizen)) as desk:
            desk.held("p-1", agenda=["cv", "cv", " plan "])
            held = [c for c in only(desk).conversations if c.status is Status.HELD]
            assert [(c.on, c.start, c.minutes, c.channel, c.agenda) for c in held] == [
                (MONDAY, time(10), 30, Channel.PHONE, ("cv", "plan"))
            ]
            assert len(only(desk).booked()) == 3

    def test_without_a_booking_it_is_a_new_one_now(self, tmp_path: Path) -> None:
        citizen = job_ready(preferred_channel=Channel.DIGITAL, interpreter="polsk")
        with desk_on(tmp_path, office(citizen)) as desk:
            desk.held("p-1")
            (held,) = only(desk).conversations
            assert (held.on, held.start, held.minutes) == (MONDAY, time(7, 30), 45)
            assert (held.channel, held.status) == (Channel.DIGITAL, Status.HELD)

    def test_day_channel_and_length_can_be_stated(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(-1),)))) as desk:
            desk.held("p-1", on=days(-4), channel=Channel.IN_PERSON, minutes=50)
            held = only(desk).held_in_spell()
            assert [(c.on, c.channel, c.minutes) for c in held] == [(days(-4), Channel.IN_PERSON, 50)]
            assert len(only(desk).booked()) == 1

    def test_what_is_recorded_right_after_midnight_has_its_time(self, tmp_path: Path) -> None:
        """A start at midnight would say that nobody knows when it was."""
        clock = FixedClock(FixedClock().moment.replace(hour=0, minute=5))
        with desk_on(tmp_path, office(job_ready()), clock=clock) as desk:
            desk.held("p-1", minutes=30)
            (held,) = only(desk).held_in_spell()
            assert held.has_time

    def test_the_same_conversation_is_not_recorded_twice(self, tmp_path: Path) -> None:
        """A second one would count as another of those that the law asks for."""
        with desk_on(tmp_path, office(job_ready(conversations=(talk(0),)))) as desk:
            desk.held("p-1")
            for channel in (None, Channel.PHONE):
                assert "recorded already" in refused(Refused, lambda channel=channel: desk.held("p-1", channel=channel))  # type: ignore[misc]
            assert len(only(desk).held_in_spell()) == 1
            desk.held("p-1", channel=Channel.IN_PERSON)
            desk.held("p-1", on=days(-1))
            assert len(only(desk).held_in_spell()) == 3

    def test_a_booking_ahead_still_stands_and_that_is_said(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(1),)))) as desk:
            made = desk.held("p-1", channel=Channel.PHONE, cadence=Cadence.LIGHT)
            assert "still stands" in made.text(language("en"))
            assert [one.on for one in only(desk).booked()] == [days(1)]
            desk.undo()
            assert "still stands" in desk.held("p-1", channel=Channel.PHONE).text(language("en"))

    def test_it_cannot_be_in_the_future(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "future" in refused(Refused, lambda: desk.held("p-1", on=days(1)))

    @pytest.mark.parametrize("minutes", [0, -5, 601])
    def test_its_length_has_bounds(self, tmp_path: Path, minutes: int) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "600" in refused(Refused, lambda: desk.held("p-1", minutes=minutes))

    def test_a_letter_is_not_held(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "letter" in refused(Refused, lambda: desk.held("p-1", channel=Channel.LETTER))


class TestNoShowAndCancel:
    def test_the_latest_booking_until_today_was_missed(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(-9), talk(-2), talk(5))))) as desk:
            desk.no_show("p-1")
            assert [c.on for c in only(desk).conversations if c.status is Status.NO_SHOW] == [days(-2)]

    def test_nobody_stays_away_from_what_is_still_to_come(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(5),)))) as desk:
            assert "Nothing was booked" in refused(Refused, lambda: desk.no_show("p-1"))

    @pytest.mark.parametrize(
        ("by_citizen", "status"), [(True, Status.CANCELLED_BY_CITIZEN), (False, Status.CANCELLED_BY_US)]
    )
    def test_the_next_booking_is_cancelled(self, tmp_path: Path, by_citizen: bool, status: Status) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(-2), talk(3), talk(8))))) as desk:
            desk.cancel("p-1", by_citizen, " syg ")
            assert [c.on for c in only(desk).conversations if c.status is status] == [days(3)]
            assert desk.log(1)[0].reason == "syg"

    def test_a_past_booking_is_cancelled_where_none_is_to_come(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(-8), talk(-2))))) as desk:
            desk.cancel("p-1", by_citizen=True)
            assert [c.on for c in only(desk).booked()] == [days(-8)]

    def test_nothing_booked_cannot_be_cancelled(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "Nothing is booked" in refused(Refused, lambda: desk.cancel("p-1", by_citizen=True))


class TestPostpone:
    def test_nothing_is_proposed_before_the_day(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.postpone("p-1", days(10), "  venter på svar ")
            proposal = desk.today().rows[0].part.proposal
            assert proposal is not None
            assert proposal.slot.on >= days(10)
            (kept,) = desk.postponements("p-1")
            assert (kept.first, kept.last, kept.reason) == (MONDAY, days(9), "venter på svar")

    def test_a_second_one_takes_the_place_of_the_first(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.postpone("p-1", days(20), "rejse")
            desk.postpone("p-1", days(5), "hjemme før")
            assert [(p.last, p.reason) for p in desk.postponements("p-1")] == [(days(4), "hjemme før")]

    @pytest.mark.parametrize("reason", ["", "  \n\t "])
    def test_a_reason_is_needed(self, tmp_path: Path, reason: str) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "reason" in refused(Refused, lambda: desk.postpone("p-1", days(5), reason))
            assert desk.log(1)[0].verb == "load"

    def test_the_day_and_the_reason_are_told_until_it_is_over(self, tmp_path: Path) -> None:
        clock = FixedClock()
        with desk_on(tmp_path, office(job_ready()), clock) as desk:
            desk.postpone("p-1", days(10), "venter på svar")
            line = "Udskudt til 03-12-2026: venter på svar"
            assert list(decision_lines(only(desk), MONDAY, language("da"))) == [line]
            assert list(decision_lines(only(desk), days(9), language("da"))) == [line]
            assert list(decision_lines(only(desk), days(10), language("da"))) == []
            desk.undo()
            assert list(decision_lines(only(desk), MONDAY, language("da"))) == []

    def test_beyond_the_latest_day_it_is_done_with_a_warning(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            latest = min(w.latest for w in desk.today().rows[0].part.windows if w.is_need)
            within = desk.postpone("p-1", latest, "x").text(language("da"))
            assert within == f"Åse Prøvesen: udskudt til {latest:%d-%m-%Y}"
            after = latest + timedelta(days=3)
            beyond = desk.postpone("p-1", after, "x").text(language("da"))
            assert beyond == f"{within[:-10]}{after:%d-%m-%Y}; det er efter seneste dag {latest:%d-%m-%Y}"
            proposal = desk.today().rows[0].part.proposal
            assert proposal is not None
            (late,) = [step for step in proposal.because if step.code == "past_latest"]
            assert "ledig" not in sentence(late, language("da"), {})

    def test_loading_the_same_stretch_again_adds_none(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.postpone("p-1", days(10), "venter")
            again = job_ready(unavailable=(Unavailable(MONDAY, days(9)),))
            assert desk.load_caseload(office(again)).unchanged == ("p-1",)

    @pytest.mark.parametrize("until", [-1, 0])
    def test_it_must_be_to_a_later_day(self, tmp_path: Path, until: int) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "after today" in refused(Refused, lambda: desk.postpone("p-1", days(until), "x"))

    def test_what_is_booked_is_not_postponed_silently(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(3),)))) as desk:
            assert "cancel it first" in refused(Refused, lambda: desk.postpone("p-1", days(4), "x"))
            desk.postpone("p-1", days(3), "x")


class TestExempt:
    def four(self) -> tuple[Citizen, ...]:
        """Four citizens in their first six months: the law allows one to be exempted."""
        held = Conversation(days(-40), time(9), 30, Channel.IN_PERSON, status=Status.HELD)
        return tuple(job_ready(f"Ida Opdigt {n}", n, spell=-60, conversations=(held,)) for n in range(1, 5))

    def test_one_of_four_and_no_more(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(*self.four())) as desk:
            desk.exempt("p-1", "finder selv arbejde")
            assert desk.find("p-1")[0].exemption == Exemption(MONDAY, date(2027, 3, 23), "finder selv arbejde")
            assert desk.today().plan.of("p-1").bucket is Bucket.EXEMPT
            sentence = refused(Refused, lambda: desk.exempt("p-2", "også"))
            assert "1 of 4" in sentence
            assert "25 %" in sentence
            desk.end_exemption("p-1")
            desk.exempt("p-2", "også")

    def test_a_reason_is_needed(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(*self.four())) as desk:
            assert "reason" in refused(Refused, lambda: desk.exempt("p-1", " "))

    def test_a_law_without_the_rule_knows_no_exemption(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(*self.four())) as desk:
            desk._clock.moment = desk._clock.moment.replace(year=2021)  # type: ignore[attr-defined]
            assert "law-2020" in refused(Refused, lambda: desk.exempt("p-1", "x"))

    def test_only_groups_that_the_law_names(self, tmp_path: Path) -> None:
        sick = Citizen("p-9", "Åge Attrapsen", TargetGroup.SICKNESS, days(-30))
        with desk_on(tmp_path, office(*self.four(), sick)) as desk:
            assert "6.1, 6.2, 6.9" in refused(Refused, lambda: desk.exempt("p-9", "x"))

    def test_only_in_the_first_months(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(*self.four(), job_ready("Åge Attrapsen", 9, spell=-200))) as desk:
            assert "P6M" in refused(Refused, lambda: desk.exempt("p-9", "x"))

    def test_not_twice_and_not_into_the_past(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(*self.four())) as desk:
            assert "over already" in refused(Refused, lambda: desk.exempt("p-1", "x", days(-1)))
            desk.exempt("p-1", "x", days(0))
            assert "already" in refused(Refused, lambda: desk.exempt("p-1", "x"))

    def test_what_began_earlier_ends_yesterday(self, tmp_path: Path) -> None:
        citizen = job_ready(exemption=Exemption(days(-10), None, "før"))
        with desk_on(tmp_path, office(citizen)) as desk:
            desk.end_exemption("p-1")
            assert only(desk).exemption == Exemption(days(-10), days(-1), "før")
            assert "not exempted" in refused(Refused, lambda: desk.end_exemption("p-1"))


class TestFactsCadenceAndNotes:
    def test_a_fact_is_noted_with_the_day(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.add_fact("p-1", FactKind.JOB_START, days(20), documented=True)
            (fact,) = only(desk).facts
            assert (fact.kind, fact.on, fact.until, fact.documented, fact.noted_on) == (
                FactKind.JOB_START,
                days(20),
                None,
                True,
                MONDAY,
            )
            assert desk.today().rows[0].part.bucket is Bucket.EXEMPT

    def test_a_fact_does_not_end_before_it_begins(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "before" in refused(Refused, lambda: desk.add_fact("p-1", FactKind.HOLIDAY, days(5), until=days(4)))

    def test_the_same_fact_is_not_noted_twice(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.add_fact("p-1", FactKind.HOLIDAY, days(5), until=days(9))
            again = refused(Refused, lambda: desk.add_fact("p-1", FactKind.HOLIDAY, days(5), until=days(9)))
            assert "so already" in again
            desk.add_fact("p-1", FactKind.HOLIDAY, days(5), until=days(9), documented=True)
            assert len(only(desk).facts) == 2

    def test_the_cadence_is_set_and_taken_back(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.set_cadence("p-1", Cadence.LIGHT)
            assert only(desk).cadence is Cadence.LIGHT
            assert "so already" in refused(Refused, lambda: desk.set_cadence("p-1", Cadence.LIGHT))
            desk.set_cadence("p-1", None)
            assert only(desk).cadence is None

    def test_notes_are_kept_in_order_and_as_they_were_written(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            for text in ("  Første linje\nanden [b]linje[/b]  ", "\udcff=1+1"):
                desk.note("p-1", text)
            assert [note.text for note in desk.notes("p-1")] == ["Første linje\nanden [b]linje[/b]", "?=1+1"]
            assert "say something" in refused(Refused, lambda: desk.note("p-1", " \n"))
            assert "too long" in refused(Refused, lambda: desk.note("p-1", "x" * 10_001))

    def test_the_text_of_a_note_stands_in_the_note_only(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.note("p-1", "hemmeligt")
            assert "hemmeligt" not in repr(desk.log())

    def test_nobody_unknown_is_written_to(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            for verb in (
                lambda: desk.note("p-2", "x"),
                lambda: desk.accept("p-2"),
                lambda: desk.notes("p-2"),
                lambda: desk.slots("p-2", Channel.PHONE),
            ):
                assert "p-2" in refused(NotFound, verb)


class TestFind:
    def test_danish_letters_and_parts_of_names(self, tmp_path: Path) -> None:
        names = ("Åse Prøvesen", "Ærta Møller", "Zeynep Aas", "Bo Ødegård")
        with desk_on(tmp_path, office(*(job_ready(name, n) for n, name in enumerate(names)))) as desk:
            assert [c.name for c in desk.find("")] == ["Bo Ødegård", "Zeynep Aas", "Ærta Møller", "Åse Prøvesen"]
            assert [c.name for c in desk.find("odegard")] == ["Bo Ødegård"]
            assert [c.name for c in desk.find("aas")] == ["Zeynep Aas", "Åse Prøvesen"]
            assert [c.name for c in desk.find("moel ærta")] == ["Ærta Møller"]
            assert [c.name for c in desk.find("p-3")] == ["Bo Ødegård"]
            assert not desk.find("x")


class TestAdoptions:
    def adoption(self, **fields: object) -> Adoption:
        """An adoption of one of the catalogue's experiments."""
        values = {"experiment": "flexible-contact-insured", "first": days(-30), "last": None, "authority": "opdigtet"}
        return Adoption(**{**values, **fields})  # type: ignore[arg-type]

    def test_it_is_in_force_until_it_is_ended(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.adopt(self.adoption(parameters={"light": "P10W"}))
            assert [used.adoption.experiment for used in desk.today().plan.adoptions] == ["flexible-contact-insured"]
            desk.end_adoption("flexible-contact-insured", days(-1))
            assert not desk.today().plan.adoptions
            assert desk.caseload().adoptions[0].last == days(-1)

    def test_one_that_nobody_knows_is_not_found(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office()) as desk:
            assert "moon" in refused(NotFound, lambda: desk.adopt(self.adoption(experiment="moon")))
            assert "job-rotation" in refused(NotFound, lambda: desk.end_adoption("job-rotation", MONDAY))

    def test_every_fault_is_told_at_once(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office()) as desk:
            wrong = self.adoption(authority=" ", last=days(-31), parameters={"light": "P99Y", "moon": 1})
            with pytest.raises(InputError) as caught:
                desk.adopt(wrong)
            assert {fault.path for fault in caught.value.faults} == {
                "$.authority",
                "$.to",
                "$.parameters.light",
                "$.parameters.moon",
            }

    def test_the_same_experiment_is_not_in_force_twice(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office()) as desk:
            desk.adopt(self.adoption(last=days(10)))
            assert "already" in refused(Refused, lambda: desk.adopt(self.adoption(first=days(10))))
            desk.adopt(self.adoption(first=days(11)))
            assert "beyond" in refused(Refused, lambda: desk.end_adoption("flexible-contact-insured", days(-40)))

    @pytest.mark.parametrize("first", [-30, 0, 40])
    def test_one_that_contradicts_another_is_not_taken(self, tmp_path: Path, first: int) -> None:
        shipped = load_rules()
        known = shipped.experiments["flexible-contact-insured"]
        other = msgspec.structs.replace(known, id="flexible-too")
        rules = RuleSet(shipped.packs, {**shipped.experiments, "flexible-too": other})
        clock, insured = FixedClock(), Citizen("p-1", "Pål Kulisseby", TargetGroup.INSURED, days(-150))
        with Desk(open_store(tmp_path / "s.db", clock, 0.0), rules, clock, plan_form(), templates()) as desk:
            desk.load_caseload(office(insured, adoptions=(self.adoption(),)))
            with pytest.raises(RuleConflict) as caught:
                desk.adopt(self.adoption(experiment="flexible-too", first=days(first), parameters={"light": "P10W"}))
            assert "flexible-too" in caught.value.lines[0]
            assert len(desk.today().plan.adoptions) == 1


class TestToday:
    def test_everybody_is_listed_once_in_triage_order(self, tmp_path: Path) -> None:
        people = (
            job_ready(conversations=(talk(0),)),
            Citizen("p-2", "Vagn Skinberg", TargetGroup.DISABILITY_PENSION, days(-900)),
            job_ready("Ditte Tænktsen", 3, spell=-10),
        )
        with desk_on(tmp_path, office(*people)) as desk:
            today = desk.today()
            assert [row.citizen.id for row in today.rows] == [rank.id for rank in today.plan.order]
            assert sorted(row.citizen.id for row in today.rows) == ["p-1", "p-2", "p-3"]
            assert all(row.part.id == row.citizen.id for row in today.rows)
            assert today.today == MONDAY

    def test_days_count_to_the_nearest_duty_and_beyond_it(self, tmp_path: Path) -> None:
        adopted = Adoption("flexible-contact-other-groups", days(-100), None, "opdigtet")
        held = Conversation(days(-95), time(9), 30, Channel.PHONE, Counterpart.CASEWORKER, Status.HELD)
        late = job_ready(spell=-300, cadence=Cadence.LIGHT, conversations=(held,))
        nobody = Citizen("p-2", "Vagn Skinberg", TargetGroup.DISABILITY_PENSION, days(-900))
        with desk_on(tmp_path, office(late, nobody, adoptions=(adopted,))) as desk:
            found = {row.citizen.id: row.days for row in desk.today().rows}
            assert found == {"p-1": -4, "p-2": None}

    def test_the_plan_is_made_once_until_something_changes(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            first = desk.today()
            assert desk.today() is first
            desk.note("p-1", "x")
            assert desk.today() is first
            desk.set_cadence("p-1", Cadence.CLOSE)
            assert desk.today() is not first

    def test_a_new_day_makes_a_new_plan(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            first = desk.today()
            desk._clock.moment = desk._clock.moment.replace(day=24)  # type: ignore[attr-defined]
            assert desk.today().today == days(1)
            assert first.today == MONDAY

    def test_the_other_proposals_stay_where_they_are_after_an_action(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(*(job_ready(f"Ida Opdigt {n}", n) for n in range(6)))) as desk:
            before = {row.citizen.id: row.part.proposal for row in desk.today().rows}
            desk.note("p-0", "x")
            after = {row.citizen.id: row.part.proposal for row in desk.today().rows}
            assert {k: p and p.slot for k, p in before.items()} == {k: p and p.slot for k, p in after.items()}

    def test_free_slots_are_offered_in_the_channel(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(interpreter="polsk"))) as desk:
            slots = desk.slots("p-1", Channel.DIGITAL, 5)
            assert len(slots) == 5
            assert slots[0] == Slot(days(2), 480, 45, Channel.DIGITAL)
            desk.accept("p-1", slot=slots[4])


def test_every_message_can_be_told_in_both_languages(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(conversations=(talk(0),)))) as desk:
        done = [
            desk.held("p-1"),
            desk.set_cadence("p-1", None) if only(desk).cadence else desk.set_cadence("p-1", Cadence.LIGHT),
            desk.set_cadence("p-1", None),
            desk.add_fact("p-1", FactKind.REHIRE, days(60)),
            desk.accept("p-1", slot=Slot(days(2), 600, 30, Channel.PHONE)),
            desk.move("p-1", days(3), 630),
            desk.undo(),
            desk.redo(),
        ]
        assert [one.text(language("en")) for one in done] == [
            "Åse Prøvesen: conversation held 23 Nov 2026, phone",
            "Åse Prøvesen: cadence set to light contact",
            "Åse Prøvesen: cadence set to not screened",
            "Åse Prøvesen: noted promised rehiring, 22 Jan 2027",
            "Åse Prøvesen: booked 25 Nov 2026 at 10:00, phone",
            "Åse Prøvesen: moved from 25 Nov 2026 at 10:00 to 26 Nov 2026 at 10:30, phone",
            "Undone: Åse Prøvesen: moved from 25 Nov 2026 at 10:00 to 26 Nov 2026 at 10:30, phone",
            "Done again: Åse Prøvesen: moved from 25 Nov 2026 at 10:00 to 26 Nov 2026 at 10:30, phone",
        ]
        assert [entry.text(language("en")) for entry in reversed(desk.log(8))] == [
            one.text(language("en")) for one in done
        ]
        assert all(one.text(language("da")) for one in done)


def test_a_booking_after_the_latest_day_warns_and_stays_in_sight(tmp_path: Path) -> None:
    """Whoever books too late is told so at once, by the list afterwards, and when a booking is moved there."""
    with desk_on(tmp_path, office(job_ready())) as desk:
        latest = min(w.latest for w in desk.today().rows[0].part.windows if w.is_need and w.binding)
        late = Slot(latest + timedelta(days=(7 - latest.weekday()) % 7 or 7), 9 * 60, 30, Channel.PHONE)
        assert "efter den seneste dag" in desk.accept("p-1", late).text(language("da"))
        row = desk.today().rows[0]
        assert booked_too_late(row.citizen, row.part, MONDAY) == latest
        desk.undo()
        assert "efter" not in desk.accept("p-1").text(language("da"))
        row = desk.today().rows[0]
        assert booked_too_late(row.citizen, row.part, MONDAY) is None
        assert "after the latest day" in desk.move("p-1", late.on, late.start).text(language("en"))


def test_a_channel_that_is_taken_away_though_booked_is_told_of(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(conversations=(talk(3),)))) as desk:
        told = desk.set_channels("p-1", [Channel.DIGITAL], None).text(language("en"))
        assert "booked in another channel" in told
        assert "booked" not in desk.set_channels("p-1", [Channel.DIGITAL, Channel.PHONE], None).text(language("en"))


def test_an_id_with_blanks_around_is_found_and_not_taken_for_another(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(replace(job_ready(), id="7"), replace(job_ready(), id="\t7 "))) as desk:
        assert [citizen.id for citizen in desk.find("\t7 ")] == ["\t7 "]
        assert [citizen.id for citizen in desk.find(" 7")] == ["7"]
