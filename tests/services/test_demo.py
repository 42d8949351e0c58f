"""The demo shows every situation on any day, is invented through and through, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from stat import S_IMODE

import pytest

from planner.bootstrap import open_demo
from planner.domain.citizens import Cadence, FactKind, TargetGroup
from planner.domain.conversations import Status
from planner.errors import NotFound
from planner.exchange.caseload_file import read_caseload, write_caseload
from planner.exchange.rule_files import load_rules
from planner.planning.making import make_plan
from planner.planning.plan import Bucket
from planner.services.demo import ADOPTED, AUTHORITY, demo_caseload
from tests.services.office import MONDAY

# A week with a weekend, a leap day, Easter, Christmas, New Year, week 53, the change of law and of clocks.
DAYS = (
    *(MONDAY + timedelta(days=n) for n in range(7)),
    date(2026, 12, 24),
    date(2027, 1, 1),
    date(2027, 3, 25),
    date(2027, 7, 15),
    date(2028, 2, 29),
    date(2020, 12, 31),
    date(2018, 3, 5),
    date(2024, 1, 1),
    date(2026, 10, 25),
)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_bucket_is_there_on_any_day(today: date) -> None:
    plan = make_plan(demo_caseload(today), load_rules())
    assert {part.bucket for part in plan.citizens} >= set(Bucket) - {Bucket.EXEMPT}
    if today >= date(2020, 1, 1):
        assert Bucket.EXEMPT in {part.bucket for part in plan.citizens}
    assert plan.quality.hard_violations == ()


def test_it_shows_every_group_fact_cadence_and_outcome() -> None:
    citizens = demo_caseload(MONDAY).citizens
    assert 110 <= len(citizens) <= 135
    assert {citizen.target_group for citizen in citizens} == set(TargetGroup)
    assert {fact.kind for citizen in citizens for fact in citizen.facts} == set(FactKind)
    assert {talk.status for citizen in citizens for talk in citizen.conversations} == set(Status)
    assert {citizen.cadence for citizen in citizens} == {None, *Cadence}


def test_it_is_the_same_every_time() -> None:
    assert demo_caseload(MONDAY) == demo_caseload(MONDAY)


def test_nobody_is_real() -> None:
    caseload = demo_caseload(MONDAY)
    names = [citizen.name for citizen in caseload.citizens]
    assert len(set(names)) == len(names)
    assert all(re.search("[æøå]", "".join(names)) for _ in names)
    assert caseload.municipality == "Demo Kommune"
    assert {adoption.authority for adoption in caseload.adoptions} == {AUTHORITY}
    assert {adoption.experiment for adoption in caseload.adoptions} == set(ADOPTED)
    assert not re.search(r"\d{6}-?\d{4}", repr(caseload))


def test_nothing_booked_overlaps() -> None:
    booked = [talk for citizen in demo_caseload(MONDAY).citizens for talk in citizen.booked()]
    assert len({(talk.on, talk.start) for talk in booked}) == len(booked)


def test_it_can_be_written_as_a_caseload_file_and_read_again() -> None:
    caseload = demo_caseload(MONDAY)
    assert read_caseload(write_caseload(caseload), load_rules(), None) == caseload


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_its_store_is_private_and_gone_afterwards(folder: Path) -> None:
    with open_demo(MONDAY) as desk:
        (place,) = folder.iterdir()
        assert S_IMODE(place.stat().st_mode) == 0o700
        assert len(desk.today().rows) == len(demo_caseload(MONDAY).citizens)
        desk.note("demo-001", "x")
    assert not list(folder.iterdir())


def test_undo_does_not_take_the_demo_away(folder: Path) -> None:
    with open_demo(MONDAY) as desk:
        desk.note("demo-001", "x")
        desk.undo()
        with pytest.raises(NotFound):
            desk.undo()
        assert desk.caseload().citizens
    assert not list(folder.iterdir())


@pytest.mark.parametrize("end", ["raise RuntimeError", "sys.exit(3)", "pass"])
def test_it_is_gone_however_the_program_ends(folder: Path, end: str) -> None:
    code = f"import sys\nfrom planner.bootstrap import open_demo\ndesk = open_demo()\n{end}"
    environment = {**os.environ, "TMPDIR": str(folder)}
    subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert not list(folder.iterdir())
