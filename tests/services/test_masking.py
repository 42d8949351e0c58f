"""Masking names changes what is seen and nothing else: not the plan, not the order, not what is kept."""

from __future__ import annotations

from pathlib import Path

from planner.domain.citizens import Cadence
from planner.domain.masking import Masking
from tests.services.office import desk_on, job_ready, office, state


def test_masking_makes_no_new_plan(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready(), job_ready("Bo Opdigt", 2))) as desk:
        before, kept = desk.today(), state(desk)
        desk.masking = Masking.NAMES
        for masked in (desk.today_at_once(), desk.today()):
            assert masked.plan is before.plan
            assert sorted(row.citizen.shown_name for row in masked.rows) == ["B. O.", "Å. P."]
        assert desk.today() is desk.today()
        assert state(desk) == kept
        desk.masking = Masking.CPR
        assert sorted(row.citizen.shown_name for row in desk.today().rows) == ["Bo Opdigt", "Åse Prøvesen"]


def test_search_order_and_papers_go_by_the_real_name(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready("Øjvind Ben"), job_ready("Åse Alm", 2), job_ready("Åge Alm", 3))) as desk:
        desk.masking = Masking.NAMES
        assert [one.shown_name for one in desk.find("a")] == ["Å. A. (p-3)", "Å. A. (p-2)"]
        desk.accept("p-2")
        assert "Åse Alm" in desk.summons("p-2", "da", short_notice=True).text


def test_what_is_done_and_the_log_say_the_mask_of_the_moment(tmp_path: Path) -> None:
    with desk_on(tmp_path, office(job_ready())) as desk:
        desk.masking = Masking.NAMES
        done = desk.set_cadence("p-1", Cadence.LIGHT)
        assert done.values["name"] == desk.log()[0].values["name"] == "Å. P."
        desk.masking = Masking.CPR
        assert desk.log()[0].values["name"] == "Åse Prøvesen"
        assert desk.find("p-1")[0].name == "Åse Prøvesen"
