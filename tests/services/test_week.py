"""A new office plans with an ordinary week until it says its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

from planner.domain.caseload import Busy, Caseworker, Hours
from planner.locale import language
from planner.services.ports import Office
from planner.services.week import ASSUMED_BREAKS, ASSUMED_HOURS, assumption
from tests.services.office import FixedClock, desk_on, job_ready, office

UNSET = replace(office(job_ready()), caseworker=Caseworker())


def test_a_first_list_has_proposals_within_the_assumed_week(tmp_path: Path) -> None:
    with desk_on(tmp_path, UNSET) as desk:
        assert desk.hours_are_assumed()
        assert desk.caseload().caseworker.working_hours == ASSUMED_HOURS
        proposal = desk.today().rows[0].part.proposal
        assert proposal is not None
        slot = proposal.slot
        assert slot.on.weekday() < 5
        assert 8 * 60 <= slot.start < slot.end <= 15 * 60
        assert slot.end <= 12 * 60 or slot.start >= 12 * 60 + 30


def test_a_calendar_alone_leaves_the_assumption(tmp_path: Path) -> None:
    with desk_on(tmp_path, UNSET) as desk:
        now = FixedClock().now().replace(tzinfo=None)
        desk.import_calendar([Busy(now, now.replace(hour=12), "Kursus")])
        assert desk.hours_are_assumed()
        assert desk.caseload().caseworker.breaks == ASSUMED_BREAKS


def test_hours_that_are_set_or_loaded_take_its_place(tmp_path: Path) -> None:
    own = (Hours(0, time(9), time(11)),)
    with desk_on(tmp_path, UNSET) as desk:
        desk.set_office(Office("Prøveby", Caseworker(working_hours=own)))
        assert not desk.hours_are_assumed()
        worker = desk.caseload().caseworker
        assert (worker.working_hours, worker.breaks) == (own, ())
        desk.undo()
        assert desk.hours_are_assumed()
        desk.load_caseload(office(job_ready()))
        assert not desk.hours_are_assumed()
        assert {hours.end for hours in desk.caseload().caseworker.working_hours} == {time(16)}


def test_the_assumption_is_said_in_the_words_of_the_clock() -> None:
    assert assumption(language("da"), "F6") == (
        "Arbejdstiden er ikke sat: mandag–fredag 08.00–15.00 er forudsat (ændres med F6)."
    )
