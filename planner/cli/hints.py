"""The language of a line that names a store: what it tells to go on with names that store as well."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from planner.cli.areas import SENTENCES
from planner.locale import Language

#: Verbs that are told of and open no store, or not the one that one has.
_STORELESS = frozenset({"completion", "demo", "keys", "man", "schema", "settings", "simulate", "start"})
_VERBS = "|".join(sorted(SENTENCES.keys() - _STORELESS, key=len, reverse=True))
_COMMAND = re.compile(rf"\bplanner (?:{_VERBS})(?![\w-])")


class AtStore(Language):
    """A language whose commands hold the store; what fills a message stays as it is."""

    def __init__(self, plain: Language, store: Path) -> None:
        vars(self).update(vars(plain))
        self._option = f"--store {shlex.quote(str(store))}"
        self._in_pattern = self._option.replace("{", "{{").replace("}", "}}")

    def drawn(self, text: str) -> str:
        """A text of the program's own, its fields not filled."""
        return _COMMAND.sub(lambda found: f"{found[0]} {self._in_pattern}", super().drawn(text))

    def text(self, msgid: str, **values: object) -> str:
        """The message in this language with its named fields filled."""
        told = super().text(msgid, **values)
        return told if values else told.replace(self._in_pattern, self._option)


def at_store(plain: Language, store: Path | None) -> Language:
    """The language of a line with that store; the plain one where none is named."""
    return plain if store is None else AtStore(plain, store)
