"""The command line as a function: what is written in, what comes out, on a store that is made once and copied."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from planner.__main__ import main
from planner.bootstrap import open_desk
from planner.services.desk import Desk
from planner.store.keys import unlocking
from planner.store.keys.slots import Kind
from tests.cheap_keys import cheap_keys
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


PASSPHRASE = "blåbærgrød på fad"


@pytest.fixture(scope="session")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the passphrase of every store here."""
    file = tmp_path_factory.mktemp("secret") / "passphrase"
    file.write_text(PASSPHRASE + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> Path:
    """An encrypted store in which nobody is yet, made once."""
    path = tmp_path_factory.mktemp("empty") / "planner.db"
    with cheap_keys():
        words = ("--passphrase-file", secret, "--recovery-to", path.with_name("recovery"))
        assert main(["init", *map(str, words), "--json", "--store", str(path)]) == 0
    return path


def place(store: Path, folder: Path) -> None:
    """Copy a store with its keys, without its backups."""
    for file in store.parent.glob("planner.db*"):
        if file.is_file():
            shutil.copy(file, folder / file.name)


def desk_at(store: Path) -> Desk:
    """The desk on a store whose passphrase is that of all."""
    return open_desk(store, key=unlocking.unlock(store, Kind.PASSPHRASE, PASSPHRASE))


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: Path) -> Iterator[None]:
    monkeypatch.setenv("PLANNER_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("PLANNER_STORE", str(tmp_path / "planner.db"))
    monkeypatch.setenv("PLANNER_PASSPHRASE_FILE", str(secret))
    monkeypatch.chdir(tmp_path)
    with cheap_keys():
        yield


@pytest.fixture
def nowhere(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    """Run a command line where there is no store yet."""

    def run(*words: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = main([str(word) for word in words])
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        return Answer(code, shown.out, shown.err)

    return run


@pytest.fixture
def bare(nowhere: Line, empty: Path, tmp_path: Path) -> Line:
    """Run a command line on a store in which nobody is yet, unless another one is there."""
    if not (tmp_path / "planner.db").exists():
        place(empty, tmp_path)
    return nowhere


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, empty: Path, secret: Path) -> Path:
    """A store with the invented office, made once."""
    folder = tmp_path_factory.mktemp("filled")
    place(empty, folder)
    file = folder / "caseload.json"
    file.write_text(json.dumps(caseload()), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANNER_PASSPHRASE_FILE", str(secret))
        code = main(["import", str(file), "--yes", "--json", "--store", str(folder / "planner.db"), "--today", TODAY])
    assert code == 0
    return folder / "planner.db"


@pytest.fixture
def line(nowhere: Line, filled: Path, tmp_path: Path) -> Line:
    """Run a command line on a copy of the filled store, on the day of the cases."""
    place(filled, tmp_path)

    def run(*words: object, stdin: bytes = b"") -> Answer:
        return nowhere(*words, "--today", TODAY, stdin=stdin)

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
    from planner.bootstrap import make_demo
    from planner.services.clock import SystemClock
    from planner.services.entry import read_date

    path = tmp_path_factory.mktemp("demo") / "planner.db"
    day = read_date(TODAY, SystemClock().today())
    make_demo(path, day)
    with open_desk(path, day) as desk:
        desk.today()
    return path


@pytest.fixture
def demo(nowhere: Line, demo_store: Path, tmp_path: Path) -> Line:
    """Run a command line on a copy of the demo's store."""
    place(demo_store, tmp_path)

    def run(*words: object) -> Answer:
        return nowhere(*words, "--today", TODAY)

    return run
