"""Why the operating system refused a file, in words that a face can say in the user's language."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from planner.catalogue import N_
from planner.phrases import Phrase

_CAUSES: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOENT: N_("there is nothing of that name"),
        errno.ENOTDIR: N_("a part of the path is not a folder"),
        errno.EISDIR: N_("it is a folder"),
        errno.EEXIST: N_("there is something of that name already"),
        errno.EACCES: N_("permission is denied"),
        errno.EPERM: N_("permission is denied"),
        errno.ENOSPC: N_("the disk is full"),
        errno.EDQUOT: N_("the disk is full"),
        errno.EROFS: N_("the disk can only be read"),
        errno.ENAMETOOLONG: N_("the name is too long"),
        errno.EIO: N_("the disk failed"),
    }
)


def cause_of(error: OSError | ValueError) -> Phrase:
    """What stood in the way, without the path; a ValueError is a name that no file can have."""
    if not isinstance(error, OSError):
        return Phrase("no file can have that name")
    return Phrase(_CAUSES.get(error.errno or 0, N_("the operating system refused")))
