"""How the screen was left: folded groups and the filter of a store's list, in a file beside the settings.

Nothing personal is in it. It is a convenience: a file that is missing, torn or from elsewhere is as good as none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from planner.settings import settings_path

_MOST_BYTES = 10_000


def view_path(store: Path) -> Path:
    """The file for the list of this store, whether or not it exists."""
    place = os.fsencode(os.path.normcase(store.resolve()))
    return settings_path().with_name(f"view-{crc32(place):08x}.json")


def read_view(path: Path) -> Mapping[str, object]:
    """What was remembered."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return {}
        import json  # only where there is a file to read

        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def keep_view(path: Path, view: Mapping[str, object]) -> None:
    """Remember it, as far as there is leave and room to write; a torn file never stands there."""
    import json

    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_text(json.dumps(view, sort_keys=True), "utf-8")
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
