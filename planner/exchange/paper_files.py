"""Texts to citizens as files: new ones only, and for their owner alone, since they hold personal data."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from planner.causes import cause_of
from planner.errors import PlannerError
from planner.locale import N_


def save_text(name: str, text: str) -> Path:
    """Write the text to a file that must not exist yet; raises PlannerError with the cause, and leaves nothing half."""
    return save_bytes(name, text.encode("utf-8", "replace"))


def save_bytes(name: str, data: bytes) -> Path:
    """The same for bytes."""
    try:
        path = Path(name).expanduser()
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: no home folder
        raise _refused(name, error) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _refused(name, error) from None
    return path


def check_new(name: str) -> None:
    """Raise PlannerError where `save_text` would refuse the name, as far as that can be known before."""
    try:
        path = Path(name).expanduser()
        found = path.exists()
        folder = path.parent.is_dir()
        writable = os.access(path.parent, os.W_OK | os.X_OK)
    except (OSError, ValueError, RuntimeError) as error:
        raise _refused(name, error) from None
    if found:
        raise _refused(name, FileExistsError(errno.EEXIST, ""))
    if not folder:
        raise PlannerError(
            N_("The file {path} cannot be written: there is no folder {folder}"), path=name, folder=path.parent
        )
    if not writable:
        raise _refused(name, PermissionError(errno.EACCES, ""))


def _refused(name: str, error: Exception) -> PlannerError:
    cause = cause_of(error if isinstance(error, OSError) else ValueError())
    return PlannerError(N_("The file {path} cannot be written: {cause}"), path=name, cause=cause)
