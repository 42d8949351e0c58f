"""Where a store cannot be kept safely: on another machine, or in a folder that a program copies elsewhere by itself.

SQLite's log needs memory that all processes share, and locks that hold; neither is sure over a network. A folder that
is synchronised swaps files behind the database's back, and carries them away.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from planner.catalogue import N_
from planner.errors import StoreError

_MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "afpfs", "davfs"})
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud drive", "mobile documents", "nextcloud")


def check_place(store: Path) -> None:
    """Raise StoreError where the store would lie on a network or in a folder that is synchronised."""
    folder = store.parent.resolve()
    if str(folder).startswith("\\\\") or _kind(folder) in _NETWORK:
        raise StoreError(
            N_("The folder {folder} is on a network, where a store is not safe. Choose one on this machine."),
            folder=folder,
        )
    for part in folder.parts:
        if part.casefold().startswith(_SYNCED):
            raise StoreError(
                N_("The folder {folder} is copied elsewhere by {program}. Choose one that stays on this machine."),
                folder=folder,
                program=part,
            )


def _kind(folder: Path) -> str:
    """The kind of file system that the folder is on, as far as the system tells; empty where it does not."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found, kind = PurePosixPath(), ""
    for line in lines:
        words = line.split(" ")
        if len(words) < 3:
            continue
        place = PurePosixPath(words[1].replace("\\040", " "))
        if (folder == Path(place) or Path(place) in folder.parents) and len(place.parts) >= len(found.parts):
            found, kind = place, words[2]
    return kind
