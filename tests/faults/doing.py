"""All deeds by name; run as a program, it does one and tells of it on the output."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cheap_keys import cheap_keys
from tests.faults.deeds import WRITING, also
from tests.faults.safekeeping import SAFEKEEPING

#: The setting of a process whose own files are written without a sync.
NO_SYNC = "no sync"

DEEDS = {**WRITING, **SAFEKEEPING}


def main(name: str, store: str, most: str, *settings: str) -> None:
    """Do a deed and tell of it on the output; the settings are pragmas, and one that lets nothing of our own last."""
    pragmas = [setting for setting in settings if setting != NO_SYNC]
    with also(pragmas), cheap_keys(), pytest.MonkeyPatch.context() as patch:
        if NO_SYNC in settings:
            patch.setattr(os, "fsync", lambda handle: None)
        DEEDS[name].run(Path(store), lambda text: print(text, flush=True), int(most))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
