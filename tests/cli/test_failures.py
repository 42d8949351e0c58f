"""What goes wrong around the program: pipes, disks, other instances, keys pressed, faults of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from asyncio import get_running_loop
from pathlib import Path
from typing import Any

import pytest

from planner.cli.context import Context
from planner.services.desk import Desk
from planner.tui.app import PlannerApp
from planner.tui.loop import TurnKeepingLoop
from tests.cli.conftest import Line

SECRET = "Hemmelig Navnesen"
WITHOUT_ROOT = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="nothing is forbidden to root")


def planner(*words: str) -> list[str]:
    """The command line of a real process."""
    return [sys.executable, "-m", "planner", *words]


def test_a_fault_of_the_program_is_told_without_data(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Desk, text: str) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(Desk, "search", broken)
    answer = line("search", SECRET)
    assert (answer.code, answer.out) == (70, "")
    assert "KeyError" in answer.err
    assert "cli/day.py:" in answer.err
    assert SECRET not in answer.err
    assert len(answer.err.splitlines()) == 1


def test_interrupted(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Desk, text: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Desk, "find", interrupted)
    assert line("search", "x").code == 130


@pytest.mark.parametrize("words", [("schema", "caseload"), ("completion", "fish"), ("--help",)], ids=" ".join)
def test_a_reader_that_goes_away_is_no_fault(words: tuple[str, ...]) -> None:
    process = subprocess.Popen(planner(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    shown = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), shown) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_below_standard_output() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(planner("rules", "--lang", "en"), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"operating system" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="streams are closed in another way there")
@pytest.mark.parametrize(("closing", "code"), [("<&-", 2), (">&-", 2), ("<&- >&- 2>&-", 2)])
def test_streams_that_were_closed_before(closing: str, code: int, tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m planner plan --caseload - {closing} </dev/null'
    command = command if "<&-" not in closing else command.removesuffix("</dev/null")
    environment = {**os.environ, "PLANNER_STORE": str(tmp_path / "p.db")}
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, env=environment)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_utf_8_whatever_the_terminal_says(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = subprocess.run(planner("rules"), capture_output=True, check=True, env=environment)
    assert "forsøg" in done.stdout.decode("utf-8")


def test_a_store_that_is_none(line: Line, tmp_path: Path) -> None:
    (tmp_path / "planner.db").write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    answer = line("today")
    assert (answer.code, answer.out) == (6, "")
    assert "planner.db" in answer.err


def test_a_store_whose_name_no_file_can_have(line: Line) -> None:
    answer = line("today", "--store", "x\0y")
    assert (answer.code, "\0" in answer.err) == (6, False)


def test_a_store_that_is_a_folder(line: Line, tmp_path: Path) -> None:
    answer = line("today", "--store", tmp_path)
    assert (answer.code, answer.out) == (6, "")


@WITHOUT_ROOT
def test_a_folder_that_cannot_be_written(line: Line, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    answer = line("today", "--store", closed / "planner.db")
    assert (answer.code, answer.out) == (6, "")


def test_an_empty_store_is_an_empty_list(bare: Line) -> None:
    answer = bare("today")
    assert answer.code == 0
    assert "0 borgere på listen" in answer.out
    assert "planner import FIL" in answer.out
    assert bare("undo").code == 4


def test_help_and_version(bare: Line) -> None:
    from planner import __version__

    assert bare("--version").out == f"planner {__version__}\n"
    assert "planner" in bare("--help").out


def test_without_a_verb_the_screen_opens(bare: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.program.open_screen", lambda context: 0 if context.language.code == "en" else 9)
    assert bare("--lang", "en").code == 0


def test_the_demo_opens_the_screen_on_a_store_that_is_gone_afterwards(
    nowhere: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = []

    def look(context: Context) -> int:
        seen.append(len(context.desk().caseload().citizens))
        return 0

    monkeypatch.setattr("planner.program.open_screen", look)
    assert nowhere("demo", "--today", "2026-11-23").code == 0
    assert seen[0] > 100
    assert list(tmp_path.glob("*.db")) == []


@pytest.mark.parametrize(
    ("words", "keeps"), [(("demo", "--today", "2026-11-23"), False), ((), True)], ids=["demo", "own"]
)
def test_the_filter_of_the_demo_is_not_that_of_the_own_list(
    bare: Line, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], keeps: bool
) -> None:
    seen = []

    class Screen(PlannerApp):
        """Ends as soon as it would begin."""

        def __init__(self, *given: Any, kept_view: Path | None, **named: Any) -> None:
            seen.append(kept_view is not None)
            super().__init__(*given, kept_view=kept_view, **named)

        async def run_async(self, **named: Any) -> None:
            """Nothing."""
            assert os.name == "nt" or isinstance(get_running_loop(), TurnKeepingLoop)

    monkeypatch.setattr("planner.program.is_interactive", lambda: True)
    monkeypatch.setattr("planner.program.leave_with_terminal", lambda: None)
    monkeypatch.setattr("planner.tui.app.PlannerApp", Screen)
    assert bare(*words).code == 0
    assert seen == [keeps]


def test_the_demo_as_a_file_can_be_planned(bare: Line) -> None:
    demo = bare("demo", "--json", "--today", "2026-11-23")
    plan = bare("plan", "--caseload", "-", "--json", stdin=demo.out.encode())
    assert plan.code == 0


@pytest.mark.skipif(os.name == "nt", reason="a terminal is closed in another way there")
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM] if os.name != "nt" else [])
def test_the_demo_leaves_nothing_behind_when_its_window_is_closed(number: signal.Signals, tmp_path: Path) -> None:
    script = (
        "import sys, time\n"
        "from planner import program\n"
        "from planner.__main__ import main\n"
        "def screen(context):\n"
        "    context.desk()\n"
        "    print('open', flush=True)\n"
        "    time.sleep(60)\n"
        "program.open_screen = screen\n"
        "sys.exit(main(['demo']))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        assert list(tmp_path.glob("planner-demo-*"))
        process.send_signal(number)
        assert process.wait() == 128 + number
    assert list(tmp_path.glob("planner-demo-*")) == []


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 130), (RuntimeError, 70)])
@pytest.mark.parametrize("place", ["planner.cli.front_page.front_page", "planner.cli.output.Output.raw"])
def test_what_ends_an_answer_that_is_given_at_once_is_told_as_always(
    bare: Line, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], code: int, place: str
) -> None:
    def failing(*_: object) -> None:
        raise error(SECRET)

    monkeypatch.setattr(place, failing)
    answer = bare("--help")
    assert (answer.code, answer.out) == (code, "")
    assert SECRET not in answer.err
    assert (answer.err == "") == (error is KeyboardInterrupt)


def test_a_planning_date_that_nobody_can_mean_is_refused(bare: Line) -> None:
    for day in ("9999-12-31", "31-12-9999", "0001-01-01"):
        answer = bare("today", "--today", day)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("--today: ")


#: Ctrl+C while a text is executed, as for each dataclass; Python remembers that at its end, and forgets the code.
_INTERRUPTED = """
import sys
from planner.cli.signals import leave_at_once
try:
    exec("import os, signal; os.kill(os.getpid(), signal.SIGINT)\\nwhile True: pass")
except KeyboardInterrupt:
    leave_at_once(130)
    sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is no signal there")
def test_the_code_of_ctrl_c_is_the_same_wherever_it_came(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(_INTERRUPTED, encoding="utf-8")
    command = [sys.executable, "-m", "interrupted"]  # a module: there it is forgotten
    done = subprocess.run(command, check=False, capture_output=True, timeout=60, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (130, b"")
