"""Compiled messages, each looked up in the file when it is asked for: reading them all takes longer than an answer."""

from __future__ import annotations

import os
from bisect import bisect_left
from struct import unpack_from

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` itself takes longer to load than the messages
    from collections.abc import Sequence

CODES = ("da", "en")
DEFAULT = "da"
DOMAIN = "planner"
#: Where the file says how many messages it has, and where the tables of originals and translations begin.
_TABLES = 8


def N_(msgid: str) -> str:
    """Mark `msgid` for translation where it is shown, not here."""
    return msgid


def NN_(one: str, many: str) -> tuple[str, str]:
    """Mark the two forms of a counted message for `Language.plural` elsewhere."""
    return one, many


class Catalogue:
    """The messages of a `.mo` file; a message that it does not have is its own translation."""

    def __init__(self, data: bytes) -> None:
        count, originals, translations = unpack_from("<3I", data, _TABLES)
        self._data = data
        self._numbers = range(count)
        # Of each text its length and where it begins, in turn.
        self._originals: Sequence[int] = unpack_from(f"<{2 * count}I", data, originals)
        self._translations: Sequence[int] = unpack_from(f"<{2 * count}I", data, translations)
        self._found: dict[str, list[str]] = {}

    def text(self, msgid: str) -> str:
        """The translation of a message."""
        if not msgid:  # where the file has its header
            return ""
        forms = self._forms(msgid)
        return forms[0] if forms else msgid

    def counted(self, one: str, many: str, n: int) -> str:
        """The form of a counted message for `n`; both languages have one form for one and another for the rest."""
        return (self._forms(one) or (one, many))[n != 1]

    def _forms(self, msgid: str) -> list[str]:
        found = self._found.get(msgid)
        if found is None:
            wanted = msgid.encode()
            number = bisect_left(self._numbers, wanted, key=self._original)  # the file has them in order
            is_there = number < len(self._numbers) and self._original(number) == wanted
            found = self._read(self._translations, number).decode().split("\0") if is_there else []
            self._found[msgid] = found
        return found

    def _original(self, number: int) -> bytes:
        return self._read(self._originals, number).partition(b"\0")[0]

    def _read(self, table: Sequence[int], number: int) -> bytes:
        length, start = table[2 * number], table[2 * number + 1]
        return self._data[start : start + length]


def catalogue(code: str) -> Catalogue:
    """The messages of one language."""
    folder = os.path.join(os.path.dirname(__file__), "locale", code, "LC_MESSAGES")
    with open(os.path.join(folder, f"{DOMAIN}.mo"), "rb") as file:
        return Catalogue(file.read())
