"""The command line as a function: what is written in, what comes out, on a store that is made once and copied."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from planner.__main__ import main
from tests.cli.office import TODAY, caseload


@dataclass(frozen=True)
class Answer:
    """What a command line answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        """Standard output as JSON."""
        return json.loads(self.out)


Line = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("PLANNER_STORE", str(tmp_path / "planner.db"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    """Run a command line where there is no store yet."""

    def run(*words: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = main([str(word) for word in words])
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        return Answer(code, shown.out, shown.err)

    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the invented office, made once."""
    folder = tmp_path_factory.mktemp("filled")
    file = folder / "caseload.json"
    file.write_text(json.dumps(caseload()), encoding="utf-8")
    code = main(["import", str(file), "--yes", "--json", "--store", str(folder / "planner.db"), "--today", TODAY])
    assert code == 0
    return folder / "planner.db"


@pytest.fixture
def line(bare: Line, filled: Path, tmp_path: Path) -> Line:
    """Run a command line on a copy of the filled store, on the day of the cases."""
    shutil.copy(filled, tmp_path / "planner.db")

    def run(*words: object, stdin: bytes = b"") -> Answer:
        return bare(*words, "--today", TODAY, stdin=stdin)

    return run


@pytest.fixture
def caseload_file(tmp_path: Path) -> Path:
    """The invented office as a caseload file."""
    path = tmp_path / "caseload.json"
    path.write_text(json.dumps(caseload()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented citizens of the demo in a store that has its plan."""
    from planner.bootstrap import open_desk
    from planner.services.clock import SystemClock
    from planner.services.demo import demo_caseload
    from planner.services.entry import read_date

    folder = tmp_path_factory.mktemp("demo")
    day = read_date(TODAY, SystemClock().today())
    with open_desk(folder / "planner.db", day) as desk:
        desk.load_caseload(demo_caseload(day))
        desk.today()
    return folder / "planner.db"


@pytest.fixture
def demo(bare: Line, demo_store: Path, tmp_path: Path) -> Line:
    """Run a command line on a copy of the demo's store."""
    (tmp_path / "planner.db").write_bytes(demo_store.read_bytes())

    def run(*words: object) -> Answer:
        return bare(*words, "--today", TODAY)

    return run
