"""From proposal to filed at the desk: offers of times, summons, held with what was agreed, and the case note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Absence, Contact
from planner.domain.citizens import Cadence, Citizen, Fact, FactKind
from planner.domain.conversations import Channel, Offer, OfferedTime, Status
from planner.errors import PlannerError, Refused
from planner.locale import CODES, language
from planner.planning.plan import Bucket, Slot
from planner.planning.slots import blockers
from planner.services.desk import Desk
from planner.services.papers import TooLate
from planner.services.self_booking import slot_of
from tests.services.office import MONDAY, FixedClock, days, desk_on, job_ready, office, state, talk

CONTACT = Contact("Mette Prøvesen", "12 34 56 78", "Prøvegade 1, 2. sal", "https://eksempel.invalid/rum")
ENGLISH = language("en")


def only(desk: Desk) -> Citizen:
    """The only citizen."""
    (citizen,) = desk.caseload().citizens
    return citizen


def refused(verb: Callable[[], object], error: type[PlannerError] = Refused) -> str:
    """The sentence with which the verb is refused."""
    with pytest.raises(error) as caught:
        verb()
    return str(caught.value)


def offer(until: int, *starts: int, channel: Channel = Channel.PHONE) -> Offer:
    """An offer of times on those days, all in days from today."""
    clock = talk(0).start
    return Offer(days(until - 8), days(until), tuple(OfferedTime(days(n), clock, 30, channel) for n in starts))


class TestOffer:
    def test_times_lie_after_a_deadline_of_eight_days(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            done = desk.offer("p-1")
            made = only(desk).offer
            assert made is not None
            assert (made.on, made.until) == (MONDAY, days(8))
            assert len(made.times) == 3
            assert all(one.on > made.until for one in made.times)
            assert done.text(ENGLISH).startswith("Åse Prøvesen: times offered: 3, ")
            assert done.text(ENGLISH).endswith("; the citizen may choose until 1 Dec 2026")

    def test_a_deadline_on_a_day_off_moves_to_the_next_working_day(self, tmp_path: Path) -> None:
        closed = replace(office(job_ready()), closing_days=(days(8), days(9)))
        with desk_on(tmp_path, closed) as desk:
            assert desk.usual_deadline() == days(10)

    @pytest.mark.parametrize("ahead", [-1, 0, 7])
    def test_a_shorter_deadline_is_refused_with_the_figures(self, tmp_path: Path, ahead: int) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            told = refused(lambda: desk.offer("p-1", days(ahead)))
            assert "at least P8D" in told
            assert "2026-12-01" in told
            assert only(desk).offer is None

    @pytest.mark.parametrize("count", [0, -1, 11])
    def test_the_number_of_times_has_bounds(self, tmp_path: Path, count: int) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "From 1 to 10" in refused(lambda: desk.offer("p-1", count=count))

    def test_beside_a_booking_nothing_is_offered(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(4),)))) as desk:
            assert "either a booking or a deadline" in refused(lambda: desk.offer("p-1"))

    def test_beside_a_booking_that_nobody_registered_that_is_asked_for(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(-2),)))) as desk:
            assert "say first whether it was held" in refused(lambda: desk.offer("p-1"))

    def test_a_second_offer_is_refused_while_the_first_is_open(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.offer("p-1")
            assert "offered already" in refused(lambda: desk.offer("p-1"))
            desk.withdraw("p-1")
            desk.offer("p-1", count=1)
            assert "withdrawn" in desk.log(2)[1].text(ENGLISH)

    def test_one_that_ran_out_is_replaced(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(offer=offer(-1, 1)))) as desk:
            desk.offer("p-1")
            made = only(desk).offer
            assert made is not None
            assert made.until == days(8)
            desk.undo()
            before = only(desk).offer
            assert before is not None
            assert before.until == days(-1)

    def test_the_same_time_is_not_offered_to_two(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(), job_ready("Bo Prøve", 2))) as desk:
            for name in ("p-1", "p-2"):
                desk.offer(name, channel=Channel.PHONE)
            one, other = (citizen.offer for citizen in desk.caseload().citizens)
            assert one is not None
            assert other is not None
            assert not {(t.on, t.start) for t in one.times} & {(t.on, t.start) for t in other.times}

    def test_where_no_time_is_free_the_days_are_named(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            closed = Absence(days(9), days(60))
            desk.set_office(replace(desk.office(), caseworker=replace(desk.office().caseworker, absent=(closed,))))
            assert "No time is free for the citizen from 2026-12-02 to 2027-01-04" in refused(lambda: desk.offer("p-1"))

    @pytest.mark.parametrize("ahead", [42, 400])
    def test_a_deadline_beyond_what_is_planned_is_refused(self, tmp_path: Path, ahead: int) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "only planned until 2027-01-04" in refused(lambda: desk.offer("p-1", days(ahead)))

    def test_nothing_is_offered_to_the_dead(self, tmp_path: Path) -> None:
        citizen = job_ready(facts=(Fact(FactKind.DEATH, days(-2)),))
        with desk_on(tmp_path, office(citizen)) as desk:
            assert "ended" in refused(lambda: desk.offer("p-1"))

    def test_there_is_nothing_to_withdraw(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "No times are offered" in refused(lambda: desk.withdraw("p-1"))


class TestWhatAnOfferMeansInTheList:
    def test_an_open_one_waits_for_the_citizen(self, tmp_path: Path) -> None:
        citizen = job_ready(spell=-100, offer=offer(3, 5))
        with desk_on(tmp_path, office(citizen)) as desk:
            (row,) = desk.today().rows
            assert "offer_open" in [step.code for step in row.part.because]
            assert row.part.bucket is Bucket.WAITING

    def test_one_that_ran_out_asks_for_a_decision(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(spell=-100, offer=offer(-1, 5)))) as desk:
            (row,) = desk.today().rows
            assert row.part.because[0].code == "offer_over"
            assert row.part.bucket is Bucket.EVENT_PASSED

    def test_it_runs_out_with_the_day_after_its_last(self, tmp_path: Path) -> None:
        clock = FixedClock()
        with desk_on(tmp_path, office(job_ready(spell=-100, offer=offer(3, 5))), clock) as desk:
            clock.moment += timedelta(days=3)
            assert desk.today().rows[0].part.bucket is Bucket.WAITING
            clock.moment += timedelta(days=1)
            assert desk.today().rows[0].part.bucket is Bucket.EVENT_PASSED


class TestPick:
    def test_the_chosen_time_is_self_booked_and_the_offer_gone(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            desk.offer("p-1", channel=Channel.PHONE)
            made = only(desk).offer
            assert made is not None
            done = desk.pick("p-1", 2)
            (booked,) = only(desk).booked()
            assert (booked.on, booked.start, booked.self_booked) == (made.times[1].on, made.times[1].start, True)
            assert only(desk).offer is None
            assert "self-booked" in done.text(ENGLISH)

    def test_the_notice_is_not_for_one_who_chose(self, tmp_path: Path) -> None:
        citizen = job_ready(offer=offer(2, 3, channel=Channel.IN_PERSON))
        with desk_on(tmp_path, office(citizen)) as desk:
            desk.pick("p-1", 1)
            assert only(desk).booked()[0].on == days(3)

    @pytest.mark.parametrize("number", [0, -1, 3])
    def test_only_what_was_offered_can_be_chosen(self, tmp_path: Path, number: int) -> None:
        with desk_on(tmp_path, office(job_ready(offer=offer(2, 3, 4)))) as desk:
            assert "there are 2" in refused(lambda: desk.pick("p-1", number))

    def test_a_time_that_was_taken_since_is_refused_with_the_rule(self, tmp_path: Path) -> None:
        other = job_ready("Bo Prøve", 2, conversations=(talk(3),))
        with desk_on(tmp_path, office(job_ready(offer=offer(2, 3, 4)), other)) as desk:
            assert "taken" in refused(lambda: desk.pick("p-1", 1))
            desk.pick("p-1", 2)

    def test_a_late_choice_is_booked_and_said_to_be_late(self, tmp_path: Path) -> None:
        with desk_on(
            tmp_path, office(job_ready(offer=offer(-2, 3)), job_ready("Bo Prøve", 2, offer=offer(2, 4)))
        ) as desk:
            assert "after the deadline" in desk.pick("p-1", 1).text(ENGLISH)
            assert "after the deadline" not in desk.pick("p-2", 1).text(ENGLISH)

    def test_nobody_is_booked_after_a_death(self, tmp_path: Path) -> None:
        dead = job_ready(offer=offer(2, 3, 4), facts=(Fact(FactKind.DEATH, days(-1)),))
        with desk_on(tmp_path, office(dead)) as desk:
            assert "death is noted" in refused(lambda: desk.pick("p-1", 1))

    def test_a_time_that_has_passed_is_refused(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(offer=offer(-5, -3, 3)))) as desk:
            assert "has passed" in refused(lambda: desk.pick("p-1", 1))

    def test_without_an_offer_there_is_nothing_to_choose(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready())) as desk:
            assert "No times are offered" in refused(lambda: desk.pick("p-1", 1))


class TestNeverADeadlineAndABookingAtOnce:
    def test_booking_withdraws_the_offer_and_says_so(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(offer=offer(2, 3)))) as desk:
            before = state(desk)
            done = desk.accept("p-1", slot=Slot(days(2), 600, 30, Channel.PHONE))
            assert "the offer of times is withdrawn" in done.text(ENGLISH)
            assert only(desk).offer is None
            desk.undo()
            assert state(desk) == before
            desk.redo()
            assert only(desk).offer is None
            assert len(only(desk).booked()) == 1

    def test_booking_many_at_once_takes_no_standing_offer_back(self, tmp_path: Path) -> None:
        """One that ran out is answered by the booking; an open one is left to the citizen."""
        people = (job_ready(offer=offer(2, 3)), job_ready("Bo Prøve", 2, offer=offer(-1, 3)))
        with desk_on(tmp_path, office(*people)) as desk:
            before = state(desk)
            slot = Slot(days(2), 600, 30, Channel.PHONE)
            done = desk.accept_all({"p-1": slot, "p-2": replace(slot, start=700 - 700 % 15)})
            assert (done.values["booked"], done.values["left"]) == (1, 1)
            assert [(c.offer is None, len(c.booked())) for c in desk.caseload().citizens] == [(False, 0), (True, 1)]
            desk.undo()
            assert state(desk) == before

    def test_a_conversation_held_answers_the_offer(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(offer=offer(2, 3)))) as desk:
            desk.held("p-1", on=days(-20))
            assert only(desk).offer is not None
            desk.held("p-1")
            assert only(desk).offer is None

    def test_a_file_that_brings_a_booking_takes_the_offer_away(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(offer=offer(2, 3)))) as desk:
            before = state(desk)
            desk.load_caseload(office(job_ready(conversations=(talk(5),))))
            assert only(desk).offer is None
            desk.undo()
            assert state(desk) == before

    def test_a_file_from_before_brings_no_answered_offer_back(self, tmp_path: Path) -> None:
        file = office(job_ready(offer=offer(2, 3)))
        with desk_on(tmp_path, file) as desk:
            assert desk.load_caseload(file).nothing
            desk.held("p-1")
            assert desk.load_caseload(file).nothing
            assert only(desk).offer is None

    def test_a_newer_offer_of_the_file_stands(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(offer=offer(2, 3)))) as desk:
            desk.load_caseload(office(job_ready(offer=offer(5, 6))))
            made = only(desk).offer
            assert made is not None
            assert made.until == days(5)


class TestSummons:
    @pytest.mark.parametrize(
        ("channel", "words"),
        [
            (Channel.PHONE, "Vi ringer til dig"),
            (Channel.DIGITAL, "https://eksempel.invalid/rum"),
            (Channel.IN_PERSON, "Du skal møde her: Prøvegade 1, 2. sal"),
        ],
    )
    def test_each_channel_says_how_to_meet(self, tmp_path: Path, channel: Channel, words: str) -> None:
        citizen = job_ready(conversations=(talk(20, channel=channel),), interpreter="polsk")
        with desk_on(tmp_path, replace(office(citizen), contact=CONTACT)) as desk:
            paper = desk.summons("p-1", "da")
            assert words in paper.text
            assert "søndag den 13. december 2026 kl. 09.00" in paper.text
            assert "Kære Åse Prøvesen" in paper.text
            assert "tolk med til samtalen (polsk)" in paper.text
            assert "telefon 12 34 56 78" in paper.text
            assert paper.notices == ()

    @pytest.mark.parametrize("code", CODES)
    @pytest.mark.parametrize("channel", [Channel.PHONE, Channel.DIGITAL, Channel.IN_PERSON])
    def test_no_text_misleads_or_has_a_gap(self, tmp_path: Path, code: str, channel: Channel) -> None:
        """The word jobsamtale has kept citizens away; a text without an office's contact still reads as one."""
        with desk_on(tmp_path, office(job_ready(conversations=(talk(20, channel=channel),)))) as desk:
            paper = desk.summons("p-1", code)
            assert "jobsamtale" not in paper.text.casefold()
            assert not set("{}[]") & set(paper.text)
            assert "\n\n\n" not in paper.text
            assert ": \n" not in paper.text

    def test_what_the_office_has_not_said_is_told(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(20, channel=Channel.IN_PERSON),)))) as desk:
            (notice,) = desk.summons("p-1", "da").notices
            assert "No place is set" in notice.text(ENGLISH)

    def test_too_short_a_notice_is_refused_with_the_figures_unless_it_is_meant(self, tmp_path: Path) -> None:
        citizen = job_ready(conversations=(talk(3, channel=Channel.IN_PERSON),))
        with desk_on(tmp_path, replace(office(citizen), contact=CONTACT)) as desk:
            told = refused(lambda: desk.summons("p-1", "da"), TooLate)
            assert "P8D" in told
            assert "2026-12-01" in told
            paper = desk.summons("p-1", "da", short_notice=True)
            assert "too late" in paper.notices[0].text(ENGLISH)

    def test_a_day_at_the_edge_of_the_notice_is_in_time(self, tmp_path: Path) -> None:
        citizen = job_ready(conversations=(talk(8, channel=Channel.IN_PERSON),))
        with desk_on(tmp_path, office(citizen)) as desk:
            assert desk.summons("p-1", "en").text

    def test_nothing_is_summoned_to_that_is_not_booked(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(-3),)))) as desk:
            assert "book a time first" in refused(lambda: desk.summons("p-1", "da"))

    def test_a_text_changes_nothing(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(20),)))) as desk:
            entries = desk.log()
            desk.summons("p-1", "da")
            assert desk.log() == entries

    @pytest.mark.parametrize("name", ["{place}", "[phone] x", "\x1b[2J", "a\nKære Bo", "{{", "[[x]]"])
    def test_a_name_is_data(self, tmp_path: Path, name: str) -> None:
        citizen = job_ready(name, conversations=(talk(20),))
        with desk_on(tmp_path, replace(office(citizen), contact=CONTACT)) as desk:
            text = desk.summons("p-1", "da").text
            shown = name.replace("\x1b", "·").replace("\n", " ")
            assert f"Kære {shown}\n" in text


class TestOfferText:
    def test_the_times_are_numbered_and_the_deadline_is_said(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, replace(office(job_ready(offer=offer(8, 9, 10))), contact=CONTACT)) as desk:
            text = desk.offer_text("p-1", "da").text
            assert "1. onsdag den 2. december 2026 kl. 09.00\n2. torsdag den 3. december 2026 kl. 09.00" in text
            assert "senest tirsdag den 1. december 2026" in text
            assert "on Wednesday" not in desk.offer_text("p-1", "en").text

    def test_an_interpreter_and_late_times_are_told(self, tmp_path: Path) -> None:
        citizen = job_ready(offer=offer(8, 38), interpreter="arabisk")
        with desk_on(tmp_path, office(citizen)) as desk:
            told = [notice.text(ENGLISH) for notice in desk.offer_text("p-1", "da").notices]
            assert told[0].startswith("The citizen needs an interpreter")
            assert told[1].startswith("Some of the times lie after the latest day")


class TestHeldAndFiled:
    def test_what_was_covered_and_the_next_cadence_are_one_action(self, tmp_path: Path) -> None:
        citizen = job_ready(conversations=(talk(0),), cadence=Cadence.CLOSE)
        with desk_on(tmp_path, office(citizen)) as desk:
            before = state(desk)
            done = desk.held("p-1", agenda=["plan"], cadence=Cadence.LIGHT)
            assert only(desk).cadence is Cadence.LIGHT
            assert "cadence set to light contact" in done.text(ENGLISH)
            assert desk.log(1)[0].text(ENGLISH) == done.text(ENGLISH)
            desk.undo()
            assert state(desk) == before

    @pytest.mark.parametrize("cadence", [None, Cadence.CLOSE])
    def test_a_cadence_that_stays_is_not_spoken_of(self, tmp_path: Path, cadence: Cadence | None) -> None:
        citizen = job_ready(conversations=(talk(0),), cadence=Cadence.CLOSE)
        with desk_on(tmp_path, office(citizen)) as desk:
            assert "cadence" not in desk.held("p-1", cadence=cadence).text(ENGLISH)
            assert only(desk).cadence is Cadence.CLOSE

    def test_the_note_says_what_the_case_system_asks_for(self, tmp_path: Path) -> None:
        citizen = job_ready(conversations=(talk(0), talk(9)), interpreter="polsk")
        with desk_on(tmp_path, replace(office(citizen), contact=CONTACT)) as desk:
            desk.held("p-1", agenda=["plan", "[x]"], minutes=40, channel=Channel.DIGITAL, cadence=Cadence.STANDARD)
            text = desk.case_note("p-1", "da").text
            assert "Samtale afholdt mandag den 23. november 2026" in text
            assert "Borger: Åse Prøvesen (p-1)" in text
            assert "Kontaktform: digitalt, 40 minutter" in text
            assert "- plan\n- [x]\n" in text
            assert "Aftale om kontakt: almindelig kontakt, hver 6. uge" in text
            assert "Næste samtale: onsdag den 2. december 2026 kl. 09.00" in text
            assert "Mette Prøvesen, 23-11-2026" in text

    def test_a_tick_is_kept_and_can_be_taken_back(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(0),)))) as desk:
            desk.held("p-1")
            before = state(desk)
            desk.filed("p-1")
            assert only(desk).conversations[0].filed_on == MONDAY
            assert "Said on" in desk.case_note("p-1", "en").notices[0].text(ENGLISH)
            assert "so already" in refused(lambda: desk.filed("p-1"))
            desk.filed("p-1", is_filed=False)
            assert state(desk) == before
            desk.undo()
            desk.undo()
            assert state(desk) == before
            desk.undo()
            assert only(desk).booked()

    def test_it_survives_the_end_of_the_program(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(0),)))) as desk:
            desk.held("p-1")
            desk.filed("p-1")
        with desk_on(tmp_path) as desk:
            assert only(desk).conversations[0].filed_on == MONDAY
            desk.verify()
            desk.undo()
            desk.undo()
            assert only(desk).booked()

    def test_the_day_can_be_stated(self, tmp_path: Path) -> None:
        citizen = job_ready(conversations=(talk(-9, Status.HELD), talk(-2, Status.HELD)))
        with desk_on(tmp_path, office(citizen)) as desk:
            desk.filed("p-1", days(-9))
            assert [c.filed_on for c in only(desk).conversations] == [MONDAY, None]
            assert "on 2026-11-20" in refused(lambda: desk.filed("p-1", days(-3)))

    def test_there_is_no_note_of_what_was_not_held(self, tmp_path: Path) -> None:
        with desk_on(tmp_path, office(job_ready(conversations=(talk(0),)))) as desk:
            assert "No conversation is recorded" in refused(lambda: desk.case_note("p-1", "da"))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    ahead=st.integers(0, 60),
    count=st.integers(1, 10),
    channel=st.sampled_from([None, Channel.PHONE, Channel.DIGITAL, Channel.IN_PERSON]),
    booked=st.lists(st.integers(1, 40), max_size=6),
    closed=st.lists(st.integers(0, 40), max_size=4),
)
def test_whatever_is_offered_can_be_chosen_on_the_last_day(
    ahead: int, count: int, channel: Channel | None, booked: list[int], closed: list[int]
) -> None:
    """A deadline of at least eight days, times after it, each of them free of every hard rule."""
    others = [job_ready(f"Bo Prøve {n}", n + 2, conversations=(talk(day),)) for n, day in enumerate(booked)]
    caseload = replace(office(job_ready(), *others), closing_days=tuple(days(n) for n in closed))
    clock = FixedClock()
    with TemporaryDirectory() as folder, desk_on(Path(folder), caseload, clock) as desk:
        try:
            desk.offer("p-1", days(ahead), count, channel)
        except Refused:
            assert ahead < 8 or not _free(desk, ahead, channel)
            return
        made = next(c for c in desk.caseload().citizens if c.id == "p-1").offer
        assert made is not None
        assert made.until == days(ahead) >= MONDAY + timedelta(days=8)
        assert 1 <= len(made.times) <= count
        assert len({(one.on, one.start) for one in made.times}) == len(made.times)
        clock.moment += timedelta(days=ahead)
        caseload = desk.caseload()
        for one in made.times:
            assert one.on > made.until
            broken = blockers(caseload, caseload.citizens[0], slot_of(one))
            assert [step.code for step in broken if step.code != "notice"] == []
        desk.pick("p-1", len(made.times))


def _free(desk: Desk, ahead: int, channel: Channel | None) -> bool:
    horizon: date = days(7 * desk.caseload().settings.horizon_weeks)
    chosen = [channel] if channel else [Channel.PHONE, Channel.DIGITAL, Channel.IN_PERSON]
    return all(any(days(ahead) < slot.on <= horizon for slot in desk.slots("p-1", one, 2000)) for one in chosen)
