"""Where the program keeps what it writes; asking for a place creates nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from planner.catalogue import N_
from planner.causes import cause_of
from planner.errors import StoreError
from planner.folders import config_folder, data_folder

STORE_VARIABLE = "PLANNER_STORE"
STORE_NAME = "planner.db"


def data_dir() -> Path:
    """The folder of the store."""
    return Path(data_folder())


def config_dir() -> Path:
    """The folder of the user's settings."""
    return Path(config_folder())


def store_path(chosen: Path | None = None, environment: Mapping[str, str] | None = None) -> Path:
    """The file of the store: what was chosen on the line, else `PLANNER_STORE`, else the data folder.

    Raises StoreError for a name that no file can have.
    """
    named = (os.environ if environment is None else environment).get(STORE_VARIABLE, "").strip()
    path = chosen if chosen is not None else Path(named) if named else data_dir() / STORE_NAME
    if "\0" in str(path):
        raise _impossible(path)
    try:
        return path.expanduser()
    except RuntimeError:  # nobody of that name has a home folder
        raise _impossible(path) from None


def check_chosen(path: Path) -> None:
    """Raise StoreError where the folder of a store that the user named does not exist: it is likely misspelt."""
    if "\0" in str(path):
        raise StoreError(N_("The path {path} is not a file. Choose another one with --store."), path=path)
    if path != data_dir() / STORE_NAME and not path.parent.is_dir():
        raise StoreError(
            N_("The folder {folder} does not exist. Make it first, or choose another store with --store."),
            folder=path.parent,
        )


def _impossible(path: Path) -> StoreError:
    return StoreError(N_("The store {path} cannot be used ({cause})."), path=path, cause=cause_of(ValueError()))


def make_private(folder: Path) -> None:
    """Create `folder` for this user alone (mode 0700) when it is missing; raises StoreError where it cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            N_("The folder {folder} cannot be made: {cause}"), folder=folder, cause=cause(error)
        ) from error


def cause(error: OSError) -> str:
    """What the operating system says of a failure, without the path."""
    return cause_of(error)
