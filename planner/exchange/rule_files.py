"""Rule files from the program itself and from a directory that the user names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

from planner.causes import cause_of
from planner.domain.text import visible
from planner.errors import Fault, InputError
from planner.locale import N_
from planner.phrases import Phrase
from planner.plain import parse_toml
from planner.rules.reading import rule_set
from planner.rules.ruleset import RuleSet

MOST_BYTES = 1024 * 1024
MOST_FILES = 500
_MESSAGE = N_("The rule files cannot be read")
_SHIPPED = ("packs", "experiments")

Tables = Mapping[str, Mapping[str, object]]


def load_rules(extra: Path | None = None) -> RuleSet:
    """The shipped law packs and experiments, and those under `extra`.

    A file under `extra` takes the place of a shipped one with the same id; raises InputError with every fault.
    """
    if extra is None:
        return _shipped_rules()
    added = _tables_under(extra)
    replaced = {table["id"] for table in added.values() if isinstance(table.get("id"), str)}
    kept = {name: table for name, table in _shipped_tables().items() if table.get("id") not in replaced}
    # A shipped experiment may name what only a replaced pack had: where that is gone it has nothing to change.
    shipped = [requirement.id for pack in _shipped_rules().packs for requirement in pack.requirements]
    return rule_set({**kept, **added}, also_known=shipped)


@lru_cache(maxsize=1)
def _shipped_rules() -> RuleSet:
    return rule_set(_shipped_tables())


@lru_cache(maxsize=1)
def _shipped_tables() -> Tables:
    root = resources.files("planner.rules")
    files = (file for part in _SHIPPED for file in root.joinpath(part).iterdir() if file.name.endswith(".toml"))
    return {file.name: parse_toml(file.read_bytes(), file.name) for file in sorted(files, key=lambda file: file.name)}


def _tables_under(directory: Path) -> Tables:
    """Every table below the directory by its path; all files that cannot be read are told at once."""
    tables: dict[str, Mapping[str, object]] = {}
    faults: list[Fault] = []
    for path in sorted(_toml_files(directory)):
        try:
            tables[_name(path)] = parse_toml(_content(path), _name(path))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(_MESSAGE, faults)
    return tables


def _name(path: Path) -> str:
    return visible(os.fspath(path))


def _toml_files(directory: Path) -> Iterator[Path]:
    if not directory.is_dir():
        found = Phrase("a file") if directory.exists() else Phrase("nothing")
        raise _wrong(_name(directory), found, Phrase("a directory of TOML files"))

    def unreadable(error: OSError) -> None:
        raise _refused(_name(Path(error.filename or directory)), error) from None

    count = 0
    for folder, _, names in os.walk(directory, onerror=unreadable):
        for name in names:
            if name.endswith(".toml"):
                count += 1
                yield Path(folder, name)
        if count > MOST_FILES:
            raise _wrong(
                _name(directory),
                Phrase("more than {most} TOML files", most=MOST_FILES),
                Phrase("at most {most} files", most=MOST_FILES),
            )
    if not count:
        raise _wrong(_name(directory), Phrase("no TOML file"), Phrase("a directory of TOML files"))


def _content(path: Path) -> bytes:
    try:
        # A pipe or a device has no end.
        if not path.is_file():
            raise _wrong(_name(path), Phrase("no ordinary file"), Phrase("a TOML file"))
        if path.stat().st_size > MOST_BYTES:
            raise _wrong(_name(path), Phrase("a larger file"), Phrase("at most {most} bytes", most=MOST_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise _refused(_name(path), error) from None


def _wrong(path: str, found: str, allowed: str) -> InputError:
    return InputError(_MESSAGE, [Fault(path, found, allowed)])


def _refused(path: str, error: OSError) -> InputError:
    return _wrong(path, cause_of(error), Phrase("a file or directory that can be read"))
