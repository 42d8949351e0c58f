"""A store lies on this machine, and in no folder that is carried away."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import places
from planner.errors import StoreError
from planner.places import check_place

MOUNTS = """overlay / overlay rw 0 0
/dev/sda1 /home ext4 rw 0 0
server:/h /home/net nfs4 rw 0 0
//server/drev /media/mit\\040drev cifs rw 0 0
torn
"""


@pytest.fixture
def _mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mounts").write_text(MOUNTS, encoding="utf-8")
    monkeypatch.setattr(places, "_MOUNTS", tmp_path / "mounts")


@pytest.mark.usefixtures("_mounted")
@pytest.mark.parametrize("folder", ["/home/net", "/home/net/sager", "/media/mit drev/a"])
def test_a_network_is_refused(folder: str) -> None:
    with pytest.raises(StoreError, match="on a network"):
        check_place(Path(folder) / "planner.db")


@pytest.mark.usefixtures("_mounted")
@pytest.mark.parametrize("folder", ["/home/anna", "/home/networked", "/opt"])
def test_what_is_on_this_machine_is_taken(folder: str) -> None:
    check_place(Path(folder) / "planner.db")


@pytest.mark.parametrize("name", ["OneDrive - Prøvekøbing Kommune", "Dropbox", "Google Drive", "Nextcloud"])
def test_a_folder_that_is_synchronised_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "sager"
    folder.mkdir(parents=True)
    with pytest.raises(StoreError, match="copied elsewhere"):
        check_place(folder / "planner.db")


def test_where_the_system_does_not_tell_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_MOUNTS", tmp_path / "none")
    check_place(tmp_path / "planner.db")
