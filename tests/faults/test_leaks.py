"""Whatever fails, in whichever layer: the number, the name and the note of a citizen get nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from threading import Thread

import pytest

from planner.__main__ import main
from tests.cli.terminal import Terminal
from tests.faults.deeds import PASSPHRASE, init
from tests.faults.failing import ALL, BESIDE, CPR, KINDS, NAME, NOTE
from tests.full import FULL, PATIENCE
from tests.store.support import MONDAY

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only there can be seen what a process shows of itself"),
    pytest.mark.timeout(PATIENCE),
]

ROOT = Path(__file__).parent.parent.parent
PERSON = f"Sagsnr;Navn;CPR;Målgruppe;Forløb start\nA-1;{NAME};{CPR};6.2;01-09-2026\n"
MAPPING = """schema = "planner-mapping/1"
[columns]
id = "Sagsnr"
name = "Navn"
cpr = "CPR"
target_group = "Målgruppe"
spell_start = "Forløb start"
"""
#: The line that comes by each layer.
ON_LINE = {
    "domain": ["today"],
    "rules": ["today"],
    "planning": ["slots", "A-1", "--channel", "phone"],
    "services": ["search", "x"],
    "store": ["search", "x"],
    "exchange": ["import", "liste.csv", "--yes"],
    "cli": ["today"],
}
ON_SCREEN = ["services", "paint", "dialog", *(["store", "list", "notes", "key"] if FULL else [])]
#: What Python itself tells of: each in a process of its own where there is time.
UNCAUGHT = list(BESIDE) if FULL else [ALL]


def cases(places: list[str]) -> list[tuple[str, str]]:
    """Every place with every kind of error; with one kind each where time is short."""
    kinds = list(KINDS)
    if FULL:
        return [(place, kind) for place in places for kind in kinds]
    return [(place, kinds[number % len(kinds)]) for number, place in enumerate(places)]


@dataclass(frozen=True, slots=True)
class House:
    """A user's folders with an encrypted store, and the environment that points at them."""

    folder: Path
    environment: dict[str, str]

    def command(self, place: str, kind: str, *words: str) -> list[str]:
        """The line that runs the program with a fault in it."""
        return [sys.executable, "-m", "tests.faults.failing", place, kind, "--today", MONDAY.isoformat(), *words]

    def betrayed(self) -> list[str]:
        """The files below the folders, and their names, in which a mark stands."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name != "liste.csv"]
        return [str(path) for path in files if marked(path.read_bytes() + path.name.encode())]


def marked(data: bytes) -> list[str]:
    """The marks that stand in the data, however they are written."""
    found = []
    for mark in (CPR, CPR.replace("-", ""), NAME, NAME.split()[1], NOTE):
        forms = [mark.encode(code) for code in ("utf-8", "latin-1", "utf-16-le")]
        found += [mark for form in (*forms, ascii(mark)[1:-1].encode()) if form in data]
    return found


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an encrypted store in which the citizen is, number, note and all; made once."""
    folder = tmp_path_factory.mktemp("furnished")
    (folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    (folder / "passphrase").chmod(0o600)
    (folder / "liste.csv").write_text(PERSON, encoding="utf-8")
    (folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    init(folder / "planner.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANNER_STORE", str(folder / "planner.db"))
        patch.setenv("PLANNER_CONFIG", str(folder / "settings.toml"))
        patch.setenv("PLANNER_PASSPHRASE_FILE", str(folder / "passphrase"))
        patch.chdir(folder)
        for words in (["import", "liste.csv", "--map", "map.toml", "--yes"], ["note", "A-1", NOTE]):
            assert main([*words, "--today", MONDAY.isoformat()]) == 0
    return folder


@pytest.fixture
def house(ground: Path, furnished: Path) -> House:
    for name in ("home", "tmp"):
        (ground / name).mkdir()
    work = copytree(furnished, ground / "work")
    own = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PLANNER_"))}
    places = {
        "HOME": str(ground / "home"),
        "TMPDIR": str(ground / "tmp"),
        "PLANNER_STORE": str(work / "planner.db"),
        "PLANNER_PASSPHRASE_FILE": str(work / "passphrase"),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        "COLUMNS": "100",
        "LINES": "30",
    }
    return House(ground, own | places)


class Watch(Thread):
    """Looks, as long as a process lives, at what it and those that it started show to everybody."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__()
        self.process = process
        self.seen = set[bytes]()

    def run(self) -> None:
        """Look again and again."""
        while self.process.poll() is None:
            for each in self._family():
                for name in ("cmdline", "environ"):
                    with suppress(OSError):
                        self.seen.add(Path(f"/proc/{each}/{name}").read_bytes())
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)

    def _family(self) -> Iterator[str]:
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError, IndexError):
                if folder.name.isdigit() and os.getsid(int(folder.name)) == self.process.pid:
                    yield folder.name


@pytest.mark.parametrize(("place", "kind"), cases([*ON_LINE, *UNCAUGHT]))
def test_a_fault_on_the_line_tells_its_kind_and_nothing_of_anybody(house: House, place: str, kind: str) -> None:
    words = ON_LINE.get(place, ["capacity"])
    process = subprocess.Popen(
        house.command(place, kind, *words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=house.folder / "work",
        env=house.environment,
        start_new_session=True,
    )
    watch = Watch(process)
    watch.start()
    said, _ = process.communicate()
    watch.join()
    assert marked(said) == [], said.decode()
    assert b"Traceback" not in said
    assert place in UNCAUGHT or process.returncode in (1, 6, 70), said.decode()
    assert [each for each in watch.seen if marked(each)] == []
    assert watch.seen
    assert house.betrayed() == []


@pytest.mark.parametrize(("place", "kind"), cases([*ON_SCREEN, *UNCAUGHT]))
def test_a_fault_behind_the_screen_tells_its_kind_and_nothing_of_anybody(house: House, place: str, kind: str) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        house.command(place, kind),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=house.folder / "work",
        env=house.environment,
        start_new_session=True,
    )
    os.close(theirs)
    watch = Watch(process)
    watch.start()
    terminal = Terminal(ours, process)
    try:
        said = terminal.until(lambda said: b"A-1" in said or NAME.encode() in said)
        with suppress(OSError):  # it may have ended already
            terminal.type(b"q" if place in UNCAUGHT else b"i")
        said += terminal.until(lambda said: False)
        process.wait()
        watch.join()
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    # The name is on the screen, as it should be; what the error holds beside it is not.
    assert [mark for mark in marked(said) if mark not in (NAME, NAME.split()[1])] == [], said.decode()
    assert b"Traceback" not in said
    assert process.returncode == 0 if place in UNCAUGHT else process.returncode in (1, 6, 70), said.decode()
    assert [each for each in watch.seen if marked(each)] == []
    assert house.betrayed() == []
