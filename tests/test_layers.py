"""The walls hold: the stated contracts, and what each module really brings along when it is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

CODE: Final = Path(__file__).parent.parent / "planner"
FACE: Final = "planner.tui"
#: The rooms that may bring SQLAlchemy along when they are imported.
WITH_STORE: Final = ("planner.store", "planner.bootstrap")
#: What `planner --help` must not pay for.
HEAVY: Final = ("textual", "sqlalchemy", "alembic", "msgspec", "rich", "holidays", "openpyxl", "icalendar", "scipy")

#: Imports one module after the other and forgets all of ours in between, so that each stands alone; the libraries that
#: it brought are told and forgotten too, as far as they are watched.
PROBE: Final = """
import importlib, json, os, sys
watched = json.loads(sys.argv[1])
for name in json.loads(sys.argv[2]):
    child = os.fork() if hasattr(os, "fork") else None
    if child in (0, None):
        importlib.import_module(name)
        print(json.dumps([name, [library for library in watched if library in sys.modules]]), flush=True)
        if child == 0:
            os._exit(0)
    elif os.waitpid(child, 0)[1]:
        sys.exit(f"{name} cannot be imported")
"""


def modules() -> list[str]:
    """Every module of the program that needs no screen."""
    files = (path.relative_to(CODE.parent).with_suffix("") for path in CODE.rglob("*.py"))
    names = sorted(".".join(path.parts).removesuffix(".__init__") for path in files)
    return [n for n in names if n != FACE and not n.startswith((f"{FACE}.", "planner.store.migrations."))]


def brought(names: list[str], watched: tuple[str, ...]) -> dict[str, list[str]]:
    """The watched libraries that are loaded once a module is imported in a process of its own."""
    command = [sys.executable, "-c", PROBE, json.dumps(watched), json.dumps(names)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_contracts_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.walls"],
        cwd=CODE.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each import needs a process of its own")
def test_no_headless_module_brings_the_screen_and_only_the_store_brings_sqlalchemy() -> None:
    names = modules()
    assert "planner.services.desk" in names
    loaded = brought(names, ("textual", "sqlalchemy", "alembic"))
    assert set(loaded) == set(names)
    assert {name: found for name, found in loaded.items() if "textual" in found} == {}
    with_sql = [name for name, found in loaded.items() if "sqlalchemy" in found or "alembic" in found]
    assert [name for name in with_sql if not name.startswith(WITH_STORE)] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each import needs a process of its own")
def test_the_probe_sees_a_library_that_is_brought() -> None:
    assert brought(["planner.tui.app", "planner.locale"], ("textual",)) == {
        "planner.tui.app": ["textual"],
        "planner.locale": [],
    }


@pytest.mark.parametrize(
    "arguments",
    [
        *(["plan", "--help"], ["triage", "--help"], ["keys"], ["nonsense"]),
        *(["completion", "bash", "--json"], ["man"]),
    ],
)
def test_the_line_answers_simple_questions_without_heavy_libraries(arguments: list[str]) -> None:
    code = (
        "import sys; from planner.__main__ import main; code = main(sys.argv[1:]); "
        "sys.stderr.write('\\nLOADED ' + ' '.join(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    loaded = done.stderr.rpartition("LOADED ")[2].split()
    assert "argparse" in loaded
    assert [library for library in HEAVY if library in loaded] == []
