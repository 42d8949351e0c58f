"""The parts are put together where they are asked for, and the store is where the user says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from stat import S_IMODE

import pytest
from platformdirs import PlatformDirs

from planner import folders, locations
from planner.bootstrap import make_demo, open_desk
from planner.errors import StoreError
from planner.store import vault
from tests.cheap_keys import cheap_keys
from tests.services.office import MONDAY, job_ready, office
from tests.store.support import opened


def made(path: Path) -> bytes:
    """A new encrypted store; gives its key."""
    with cheap_keys():
        prepared = vault.prepare("blåbærgrød på fad", MONDAY)
        vault.init(path, prepared)
    return prepared.key


def test_the_store_is_found_again_where_the_user_says(tmp_path: Path) -> None:
    path = tmp_path / "sager.db"
    key = made(path)
    with open_desk(path, MONDAY, key=key) as desk:
        desk.load_caseload(office(job_ready()))
        assert desk.today().today == MONDAY
    with open_desk(path, MONDAY, key=key) as desk:
        assert [citizen.id for citizen in desk.caseload().citizens] == ["p-1"]


def test_the_default_folder_is_made_for_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locations, "data_dir", lambda: tmp_path / "share" / "planner")
    monkeypatch.delenv("PLANNER_STORE", raising=False)
    key = made(locations.store_path())
    open_desk(today=MONDAY, key=key).close()
    assert (tmp_path / "share" / "planner" / "planner.db").is_file()
    assert S_IMODE((tmp_path / "share" / "planner").stat().st_mode) == 0o700


@pytest.mark.parametrize("by_line", [True, False])
def test_a_named_store_in_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_line: bool
) -> None:
    path = tmp_path / "misspelt" / "p.db"
    monkeypatch.setenv("PLANNER_STORE", str(path))
    with pytest.raises(StoreError, match="misspelt does not exist"):
        open_desk(path if by_line else None, MONDAY)
    assert not list(tmp_path.iterdir())


def test_the_environment_names_the_store_unless_the_line_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_STORE", str(tmp_path / "named.db"))
    assert locations.store_path() == tmp_path / "named.db"
    assert locations.store_path(tmp_path / "line.db") == tmp_path / "line.db"
    monkeypatch.setenv("PLANNER_STORE", "  ")
    assert locations.store_path() == locations.data_dir() / "planner.db"


@pytest.mark.parametrize("variable", ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"])
@pytest.mark.parametrize("value", [None, "", "/home/anna", "/home/anna/", "/", "relative", "~/elsewhere", " /home/b "])
def test_the_folders_are_those_of_the_system(monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    if value is None:
        monkeypatch.delenv(variable, raising=False)
    else:
        monkeypatch.setenv(variable, value)
    known = PlatformDirs(folders.APP, appauthor=False)
    assert locations.data_dir() == Path(known.user_data_dir)
    assert locations.config_dir() == Path(known.user_config_dir)


def test_asking_for_places_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for place in (locations.data_dir(), locations.config_dir(), locations.store_path()):
        assert not place.exists()
    assert not list(tmp_path.iterdir())


def test_a_second_desk_is_told_that_the_program_is_open(tmp_path: Path) -> None:
    key = made(tmp_path / "s.db")
    with open_desk(tmp_path / "s.db", MONDAY, key=key), pytest.raises(StoreError, match="already open"):
        open_desk(tmp_path / "s.db", MONDAY, wait=0.0, key=key)


def test_a_store_is_opened_by_its_key_alone_and_made_by_nobody_else(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="planner init"):
        open_desk(tmp_path / "s.db", MONDAY)
    assert not list(tmp_path.iterdir())
    made(tmp_path / "s.db")
    with pytest.raises(StoreError, match="locked"):
        open_desk(tmp_path / "s.db", MONDAY)
    with opened(tmp_path / "plain.db"):
        pass
    with pytest.raises(StoreError, match="not encrypted"):
        open_desk(tmp_path / "plain.db", MONDAY)


def test_the_demo_may_be_kept_without_encryption(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo.db", MONDAY)
    with open_desk(tmp_path / "demo.db", MONDAY) as desk:
        assert len(desk.caseload().citizens) > 100


def test_rules_of_ones_own_are_taken(tmp_path: Path) -> None:
    shipped = Path(locations.__file__).parent / "rules" / "experiments" / "job-rotation.toml"
    (tmp_path / "rules").mkdir()
    text = shipped.read_text(encoding="utf-8").replace('id = "job-rotation"', 'id = "our-own"', 1)
    (tmp_path / "rules" / "own.toml").write_text(text, encoding="utf-8")
    with open_desk(tmp_path / "s.db", MONDAY, rules=tmp_path / "rules", key=made(tmp_path / "s.db")) as desk:
        assert {"our-own", "job-rotation"} <= set(desk.rules.experiments)


def test_the_composition_root_loads_nothing_heavy_by_itself() -> None:
    heavy = "{'sqlalchemy', 'alembic', 'textual', 'holidays', 'platformdirs'}"
    code = f"import sys, planner.bootstrap; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


def test_a_desk_needs_no_face() -> None:
    code = "import sys, planner.services.desk; print(sorted({'sqlalchemy', 'textual', 'rich'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"
