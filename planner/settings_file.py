"""Change the settings: single lines of the user's file, the rest of which stays as it is, comments and all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from planner.causes import cause_of
from planner.errors import Fault, InputError, PlannerError
from planner.locale import N_
from planner.locations import config_dir, make_private
from planner.phrases import Phrase
from planner.settings import Settings, Value, in_toml, settings_bytes, settings_of, settings_path, value_faults

_TABLE = re.compile(r"\s*\[")
_LINE = re.compile(
    r"""(?P<before>\s*(?P<quote>["']?)(?P<name>[A-Za-z0-9_-]+)(?P=quote)\s*=\s*)"""
    r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s#"']+)(?P<after>\s*(?:\#.*)?)"""
)
_PRIVATE = 0o600


def change_settings(changes: Mapping[str, Value], path: Path | None = None) -> Settings:
    """Write the changed keys into the file, whole or not at all; gives the settings that hold then.

    Raises InputError where a key or value is not allowed or the file is wrong already, PlannerError where it cannot
    be written.
    """
    file = settings_path() if path is None else path
    faults = [fault for name, value in changes.items() for fault in value_faults(name, value, str(file))]
    if faults:
        raise InputError(N_("The settings are wrong"), faults)
    data = settings_bytes(file) or b""
    before = settings_of(data, file)
    wanted = replace(before, **changes)  # type: ignore[arg-type]
    if wanted != before:
        changed = _changed(data.decode("utf-8"), changes).encode("utf-8")
        _check(changed, wanted, file, changes)
        _write(file, changed)
    return wanted


def _changed(text: str, changes: Mapping[str, Value]) -> str:
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    for name, value in changes.items():
        end = next((number for number, line in enumerate(lines) if _TABLE.match(line)), len(lines))
        at, last = None, -1
        for number, line in enumerate(lines[:end]):
            if (found := _LINE.fullmatch(line.rstrip("\r\n").removeprefix("\ufeff"))) is not None:
                last = number
                at = (number, found) if found["name"] == name else at
        if at is None:
            if last >= 0 and not lines[last].endswith("\n"):
                lines[last] += ending
            lines.insert(last + 1, f"{name} = {in_toml(value)}{ending}")
        else:
            number, found = at
            start, tail = (
                lines[number].partition(found["before"])[0],
                lines[number][len(lines[number].rstrip("\r\n")) :],
            )
            lines[number] = f"{start}{found['before']}{in_toml(value)}{found['after']}{tail}"
    return "".join(lines)


def _check(data: bytes, wanted: Settings, file: Path, changes: Mapping[str, Value]) -> None:
    """Only what says exactly what was wanted is written; a file can be written in ways that lines do not show."""
    with suppress(InputError):
        if settings_of(data, file) == wanted:
            return
    lines = ", ".join(f"{name} = {in_toml(value)}" for name, value in changes.items())
    found = Phrase("a way of writing that would not survive the change")
    raise InputError(N_("The settings cannot be changed"), [Fault(str(file), found, lines)])


def _write(file: Path, data: bytes) -> None:
    if file.parent == config_dir():
        make_private(file.parent)
    target = Path(os.path.realpath(file))  # behind a link lies the file that is meant
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else _PRIVATE
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        try:
            os.chmod(part.name, mode)
            os.replace(part.name, target)
        except OSError:
            os.unlink(part.name)
            raise
    except (OSError, ValueError) as error:
        raise PlannerError(
            N_("The file {path} cannot be written: {cause}"), path=str(file), cause=cause_of(error)
        ) from error
