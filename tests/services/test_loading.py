"""A caseload that is loaded adds and corrects; what it leaves out stays; the same again changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.caseload import Absence, Adoption, Caseload, Caseworker, PlanSettings
from planner.domain.citizens import Cadence, Citizen, Exemption, Fact, FactKind, TargetGroup, Unavailable
from planner.domain.conversations import Channel, Conversation, Counterpart, Status
from planner.errors import InputError
from planner.services.desk import Desk
from tests.builders import interpreter, room
from tests.services.office import days, desk_on, job_ready, office, state, talk


def only(desk: Desk) -> Citizen:
    """The only citizen."""
    (citizen,) = desk.caseload().citizens
    return citizen


def test_a_dry_run_tells_and_changes_nothing(tmp_path: Path) -> None:
    same, other, new = job_ready(number=1), job_ready(number=2), job_ready(number=3)
    with desk_on(tmp_path, office(same, other)) as desk:
        before = state(desk)
        difference = desk.load_caseload(office(same, replace(other, name="Ida Påfund"), new), dry_run=True)
        assert (difference.new, difference.changed, difference.unchanged) == (("p-3",), ("p-2",), ("p-1",))
        assert difference.seq is None
        assert state(desk) == before
        done = desk.load_caseload(office(same, replace(other, name="Ida Påfund"), new))
        assert (done.new, done.changed, done.unchanged, done.seq) == (("p-3",), ("p-2",), ("p-1",), 2)
        assert desk.find("p-2")[0].name == "Ida Påfund"


def test_the_same_again_is_no_change_and_no_entry(tmp_path: Path) -> None:
    caseload = office(
        job_ready(
            facts=(Fact(FactKind.REHIRE, days(40)), Fact(FactKind.REHIRE, days(40), documented=True)),
            conversations=(talk(-3), talk(-3), talk(5)),
            unavailable=(Unavailable(weekday=1, start=time(8), end=time(9)),) * 2,
        ),
        adoptions=(Adoption("job-rotation", days(-9), None, "opdigtet", {}),),
    )
    with desk_on(tmp_path, caseload) as desk:
        before = state(desk)
        difference = desk.load_caseload(caseload)
        assert difference.nothing
        assert difference.seq is None
        assert state(desk) == before
        assert len(desk.log()) == 1


def test_who_is_not_mentioned_stays(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(number=1), job_ready(number=2))) as desk:
        desk.load_caseload(office(job_ready(number=2)))
        assert [citizen.id for citizen in desk.caseload().citizens] == ["p-1", "p-2"]


def test_what_was_decided_here_stays_where_the_file_says_nothing(tmp_path: Path) -> None:
    exported = job_ready()
    with desk_on(tmp_path, office(exported)) as desk:
        desk.set_cadence("p-1", Cadence.LIGHT)
        desk.add_fact("p-1", FactKind.REHIRE, days(60))
        desk.postpone("p-1", days(9), "rejse")
        before = state(desk)
        assert desk.load_caseload(office(exported)).nothing
        assert state(desk) == before


def test_what_the_file_says_is_taken(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(cadence=Cadence.LIGHT))) as desk:
        told = job_ready(
            name="Åse Nyt-Prøvesen",
            spell=-10,
            cadence=Cadence.CLOSE,
            channels=(Channel.PHONE,),
            preferred_channel=Channel.PHONE,
            interpreter="polsk",
            handover_on=days(3),
            unemployment_start=days(-300),
            exemption=Exemption(days(-1), None, "x"),
        )
        told = replace(told, target_group=TargetGroup.INSURED)
        desk.load_caseload(office(told))
        assert only(desk) == told


def test_what_became_of_a_conversation_is_not_forgotten_by_an_old_export(tmp_path: Path) -> None:
    exported = job_ready(conversations=(talk(0),))
    with desk_on(tmp_path, office(exported)) as desk:
        desk.held("p-1", agenda=["cv"])
        assert desk.load_caseload(office(exported)).nothing
        assert only(desk).conversations[0].status is Status.HELD


def test_a_booking_that_the_file_knows_to_be_held_becomes_held(tmp_path: Path) -> None:
    booked = talk(-1)
    with desk_on(tmp_path, office(job_ready(conversations=(replace(booked, agenda=("cv",)),)))) as desk:
        key = only(desk).conversations[0].key
        desk.load_caseload(office(job_ready(conversations=(replace(booked, status=Status.HELD, minutes=40),))))
        (held,) = only(desk).conversations
        assert (held.status, held.minutes, held.agenda, held.key) == (Status.HELD, 40, ("cv",), key)


def test_the_office_is_taken_part_by_part(tmp_path: Path) -> None:
    first = replace(office(), closing_days=(days(30),), settings=PlanSettings(grid_minutes=30))
    second = Caseload(
        today=days(0),
        municipality="",
        caseworker=Caseworker(max_per_day=4, absent=(Absence(days(3), days(4)),)),
        closing_days=(days(31),),
    )
    with desk_on(tmp_path, first) as desk:
        assert desk.load_caseload(second).office
        kept = desk.office()
        assert kept.municipality == "Prøveby"
        assert kept.caseworker == replace(first.caseworker, max_per_day=4, absent=(Absence(days(3), days(4)),))
        assert kept.closing_days == (days(30), days(31))
        assert kept.settings == PlanSettings(grid_minutes=30)
        assert desk.load_caseload(second).nothing


def test_rooms_and_interpreters_stay_until_others_are_stated(tmp_path: Path) -> None:
    first = replace(office(), shared_calendars=(room("1.07"), interpreter("dari")))
    with desk_on(tmp_path, first) as desk:
        assert desk.load_caseload(office()).nothing
        assert desk.caseload().shared_calendars == first.shared_calendars
        assert desk.load_caseload(replace(first, shared_calendars=(room("1.08"),))).office
        assert desk.office().shared_calendars == (room("1.08"),)


def test_an_adoption_is_known_by_experiment_and_first_day(tmp_path: Path) -> None:
    adoption = Adoption("job-rotation", days(-9), None, "opdigtet")
    with desk_on(tmp_path, office(adoptions=(adoption,))) as desk:
        assert desk.load_caseload(office(adoptions=(replace(adoption, last=days(9)),))).adoptions
        assert [(a.experiment, a.last) for a in desk.caseload().adoptions] == [("job-rotation", days(9))]


@pytest.mark.parametrize("ids", [(1, 1), (1, "")])
def test_ids_must_be_there_and_differ(tmp_path: Path, ids: tuple[object, object]) -> None:
    people = [replace(job_ready(), id=str(one)) for one in ids]
    with desk_on(tmp_path) as desk:
        with pytest.raises(InputError) as caught:
            desk.load_caseload(office(*people))
        assert [fault.path for fault in caught.value.faults] == ["$.citizens[1].id"]
        assert not desk.caseload().citizens


dates = st.dates(date(2026, 11, 1), date(2026, 11, 4))
facts = st.builds(
    Fact,
    st.sampled_from([FactKind.REHIRE, FactKind.HOLIDAY]),
    dates,
    st.none() | dates,
    st.booleans(),
    st.none() | dates,
)
conversations = st.builds(
    Conversation,
    on=dates,
    start=st.sampled_from([time(9), time(10)]),
    minutes=st.sampled_from([30, 45]),
    channel=st.sampled_from([Channel.PHONE, Channel.IN_PERSON]),
    counterpart=st.sampled_from([Counterpart.CASEWORKER, Counterpart.MENTOR]),
    status=st.sampled_from(Status),
    agenda=st.sampled_from([(), ("cv",)]),
)
people = st.builds(
    Citizen,
    id=st.sampled_from(["p-1", "p-2", "p-3"]),
    name=st.sampled_from(["Åse", "Ida"]),
    target_group=st.sampled_from([TargetGroup.INSURED, TargetGroup.INTEGRATION]),
    spell_start=dates,
    cadence=st.none() | st.sampled_from(Cadence),
    handover_on=st.none() | dates,
    facts=st.lists(facts, max_size=3).map(tuple),
    conversations=st.lists(conversations, max_size=3).map(tuple),
)
caseloads = st.lists(people, max_size=3, unique_by=lambda citizen: citizen.id).map(lambda found: office(*found))


@settings(max_examples=40, deadline=None)
@given(first=caseloads, second=caseloads)
def test_loading_is_settled_after_once_and_undo_takes_it_back(first: Caseload, second: Caseload) -> None:
    with TemporaryDirectory() as folder, desk_on(Path(folder), first) as desk:
        before = state(desk)
        told = desk.load_caseload(second, dry_run=True)
        done = desk.load_caseload(second)
        assert replace(done, seq=None) == told
        assert desk.load_caseload(second).nothing
        known = {citizen.id for citizen in (*first.citizens, *second.citizens)}
        assert {citizen.id for citizen in desk.caseload().citizens} == known
        if done.seq is not None:
            desk.undo()
        assert state(desk) == before
