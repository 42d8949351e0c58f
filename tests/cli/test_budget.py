"""What each command may load: whoever asks for help must not wait for the store, and nobody waits for the solver."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import planner
from planner.bootstrap import make_demo, plan_form, templates
from planner.cli.scripts import SHELLS
from planner.exchange.rule_files import load_rules
from planner.services.demo import demo_caseload
from planner.services.desk import Desk
from planner.store.engine import open_store
from planner.store.keys import unlocking
from planner.store.keys.slots import Kind
from tests.cli.conftest import PASSPHRASE
from tests.services.office import MONDAY, FixedClock

#: Libraries that take long to load; which of ours is slow stands with them.
WATCHED = [
    *("textual", "rich", "sqlalchemy", "alembic", "msgspec", "holidays", "openpyxl", "icalendar", "docx", "babel"),
    *("scipy", "numpy", "highspy", "asyncio", "keyring", "multiprocessing", "planner.services.desk"),
]
#: Takes longer to load than an answer that is given at once.
SLOW_BESIDE_A_LOOK = ["argparse", "dataclasses", "inspect", "json", "logging", "pathlib", "shutil", "tomllib", "typing"]
ROOT = Path(planner.__file__).parent.parent
STORE = {"sqlalchemy", "msgspec", "asyncio", "planner.services.desk"}
PROBE = """
import json, sys
from planner.__main__ import main
code = main(json.loads(sys.argv[1]))
print(json.dumps([code, [name for name in json.loads(sys.argv[2]) if name in sys.modules]]), file=sys.stderr)
"""
Loaded = Callable[..., set[str]]
ALONE = [("--help",), ("keys",), ("completion", "bash"), ("man",), ("settings",)]
AT_ONCE = [("--help",), ("-h", "--lang", "en"), ("--version",), *(("completion", shell) for shell in SHELLS)]
LOOKED_UP = [("today", "--json"), ("today",), ("search", "a"), ("log",), ("week",), ("explain", "demo-001")]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, empty: Path) -> Path:
    """A store with the demo's citizens, and the plan of the day kept."""
    path = shutil.copytree(empty.parent, tmp_path_factory.mktemp("budget") / "store") / empty.name
    clock, key = FixedClock(), unlocking.unlock(path, Kind.PASSPHRASE, PASSPHRASE)
    with Desk(open_store(path, clock, 0.0, key), load_rules(), clock, plan_form(), templates()) as desk:
        desk.load_caseload(demo_caseload(MONDAY))
        desk.today()
    return path


@pytest.fixture
def loaded(store: Path, secret: Path) -> Loaded:
    """What of the watched is loaded when a command has ended."""
    surroundings = {
        **os.environ,
        "PLANNER_STORE": str(store),
        "PLANNER_CONFIG": str(store.parent / "none.toml"),
        "PLANNER_PASSPHRASE_FILE": str(secret),
    }

    def run(*words: str) -> set[str]:
        command = [sys.executable, "-c", PROBE, json.dumps(words), json.dumps(WATCHED)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=surroundings, check=True)
        code, found = json.loads(done.stderr.splitlines()[-1])
        assert code == 0, done.stderr
        return set(found)

    return run


@pytest.mark.parametrize("words", ALONE, ids="-".join)
def test_what_tells_of_the_program_alone_loads_nothing(loaded: Loaded, words: tuple[str, ...]) -> None:
    assert loaded(*words) == set()


@pytest.mark.parametrize("words", AT_ONCE, ids="-".join)
@pytest.mark.parametrize("settings", ["", 'language = "en"\n# mine\nsymbols = "ascii"\n'], ids=["usual", "chosen"])
def test_what_is_answered_at_once_loads_next_to_nothing(words: tuple[str, ...], settings: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(settings, encoding="utf-8")
    code = f"import sys; kept = set(sys.modules); from planner.__main__ import main; main({[*words]!r}); "
    code += "sys.stderr.write(' '.join(set(sys.modules) - kept))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"sys = __import__('sys'); sys.path[:0] = [{str(ROOT)!r}]; {code}"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PLANNER_CONFIG": str(file)},
        check=True,
    )
    loaded = done.stderr.split()
    assert "planner.cli.at_once" in loaded
    assert [name for name in [*WATCHED, *SLOW_BESIDE_A_LOOK] if name in loaded] == []


def test_the_rules_load_their_reader_only(loaded: Loaded) -> None:
    assert loaded("rules") == {"msgspec"}


@pytest.mark.parametrize("words", LOOKED_UP, ids="-".join)
def test_what_is_looked_up_loads_the_store_and_neither_solver_nor_screen(
    loaded: Loaded, words: tuple[str, ...]
) -> None:
    assert loaded(*words, "--today", MONDAY.isoformat()) <= STORE


def test_what_is_told_again_loads_neither_the_database_nor_the_rules(loaded: Loaded, store: Path) -> None:
    words = ("today", "--json", "--today", MONDAY.isoformat())
    assert loaded(*words) <= STORE
    assert loaded(*words) == {"msgspec"}  # which reads the key file


def test_of_a_store_without_a_passphrase_the_list_is_told_at_once(loaded: Loaded, tmp_path: Path) -> None:
    words = ("today", "--json", "--today", MONDAY.isoformat(), "--store", str(tmp_path / "demo.db"))
    make_demo(tmp_path / "demo.db", MONDAY)
    assert "sqlalchemy" in loaded(*words)
    assert loaded(*words) == set()
