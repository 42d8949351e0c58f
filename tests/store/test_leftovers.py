"""What a killed demo leaves behind goes at the next one; whatever is not surely that stays."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner import bootstrap
from planner.store.leftovers import remove_leftovers
from tests.store.support import opened

KILLED = """
import os, pathlib, signal, sys
from tests.store.support import opened
with opened(pathlib.Path(sys.argv[1])):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def left(within: Path, name: str = "planner-demo-abc_1234") -> Path:
    """A folder as a demo leaves it that could not tidy up."""
    folder = within / name
    folder.mkdir(mode=0o700)
    with opened(folder / "demo.db"):
        pass
    return folder


def tidy(within: Path) -> None:
    """What a demo does at its start."""
    remove_leftovers(within, "planner-demo-", "demo.db")


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed like this on Windows")
def test_the_folder_of_a_killed_process_goes(tmp_path: Path) -> None:
    folder = tmp_path / "planner-demo-abcdefgh"
    folder.mkdir(mode=0o700)
    subprocess.run([sys.executable, "-c", KILLED, str(folder / "demo.db")], check=False)
    assert (folder / "demo.db").is_file()
    tidy(tmp_path)
    assert not folder.exists()


def test_a_store_that_is_open_stays(tmp_path: Path) -> None:
    folder = left(tmp_path)
    with opened(folder / "demo.db"):
        tidy(tmp_path)
        assert folder.exists()
    tidy(tmp_path)
    assert not folder.exists()


@pytest.mark.parametrize(
    "strange",
    [
        lambda folder: (folder / "mine.txt").write_text("kept", encoding="utf-8"),
        lambda folder: (folder / "demo.db").unlink(),
        lambda folder: (folder / "demo.db.lock").unlink(),
        lambda folder: folder.rename(folder.with_name("planner-demo-of-mine")),
        lambda folder: folder.rename(folder.with_name("demo-abc_1234")),
        pytest.param(
            lambda folder: folder.chmod(0o755),
            marks=pytest.mark.skipif(sys.platform == "win32", reason="there are no modes"),
        ),
    ],
)
def test_a_folder_with_anything_strange_about_it_stays(tmp_path: Path, strange: Callable[[Path], object]) -> None:
    strange(left(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    tidy(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = left(elsewhere)
    (tmp_path / "planner-demo-link1234").symlink_to(folder)
    tidy(tmp_path)
    assert (folder / "demo.db").is_file()


def test_a_folder_that_cannot_be_listed_is_no_fault(tmp_path: Path) -> None:
    tidy(tmp_path / "none")


def test_the_demo_tidies_up_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = left(tmp_path)
    with bootstrap.open_demo():
        assert not folder.exists()
        assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.iterdir())
