"""The municipality's templates: shipped ones, and a folder of the user's own that takes their place file by file."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

from planner.causes import cause_of
from planner.errors import Fault, InputError
from planner.locale import CODES, N_
from planner.phrases import Phrase
from planner.plain import nearest, shown
from planner.services.templates import PaperKind, Template, read_template

FOLDER = "templates"
MOST_BYTES = 64 * 1024
NAMES = tuple(f"{kind.value}.{code}.txt" for kind in PaperKind for code in CODES)


def template_of(kind: PaperKind, code: str, folder: Path) -> Template:
    """The template of a text in a language: the one in `folder` if there is one, else the shipped one.

    Raises InputError naming the file, the line and the nearest valid name.
    """
    _check_names(folder)
    name = f"{kind.value}.{code}.txt"
    own = folder / name
    if os.path.lexists(own):  # a link that leads nowhere is no leave to send another text
        return read_template(_text(own), kind, str(own))
    shipped = resources.files("planner").joinpath(FOLDER, name)
    return read_template(shipped.read_text(encoding="utf-8"), kind, name)


def _check_names(folder: Path) -> None:
    """A misspelt name would leave the shipped text in use without a word."""
    if not folder.is_dir():
        return
    faults = []
    for path in sorted(folder.glob("*.txt")):
        if path.name not in NAMES:
            near = nearest(path.name, NAMES)
            names = Phrase("one of {values}", values=", ".join(NAMES))
            allowed = Phrase("{near} (the nearest valid one)", near=near) if near else names
            faults.append(Fault(str(path), Phrase("unknown template {name}", name=shown(path.name)), allowed))
    if faults:
        raise InputError(N_("A template is wrong"), faults)


def _text(path: Path) -> str:
    if not path.is_file():
        raise _unreadable(path, Phrase("no ordinary file"), Phrase("a file that can be read"))
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(N_("{file} cannot be read: {why}"), file=str(path), why=cause_of(error)) from error
    if len(data) > MOST_BYTES:
        raise _unreadable(path, Phrase("a larger file"), Phrase("at most {most} bytes", most=MOST_BYTES))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(
            path, Phrase("byte {number} is not UTF-8", number=error.start), Phrase("text in UTF-8")
        ) from None


def _unreadable(path: Path, found: str, allowed: str) -> InputError:
    return InputError(N_("A template is wrong"), [Fault(str(path), found, allowed)])
