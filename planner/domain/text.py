"""Names in Danish order, search that folds Danish letters, and text made safe for a terminal."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:  # every answer passes through here, also those that are given at once
    from collections.abc import Iterable, Sequence

_ORDER = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})
_FOLD = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e")
#: Names that are kept as they were folded and put in order, to be searched and sorted again.
_MOST_NAMES = 65_536


def _without_accents(text: str) -> str:
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char in "æøåäö":
            kept.append(char)
            continue
        kept.extend(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(kept)


@lru_cache(_MOST_NAMES)
def sort_key(name: str) -> tuple[str, str]:
    """The key that puts names in Danish order: æ, ø and å (also written aa) after z."""
    lowered = unicodedata.normalize("NFC", name.casefold())
    if not lowered.translate(_FOLD).isascii():
        lowered = _without_accents(lowered)
    return lowered.replace("aa", "å").translate(_ORDER), name


def folded(text: str) -> str:
    """The text as it is searched: aase finds Åse, moede finds møde, case and accents do not matter."""
    plain = unicodedata.normalize("NFC", text.casefold()).translate(_FOLD)
    if plain.isascii():
        return plain
    # Taking compound signs apart may bring capitals back.
    return _without_accents(_without_accents(text.casefold()).casefold()).translate(_FOLD)


@lru_cache(_MOST_NAMES)
def folded_name(name: str) -> str:
    """The same for what is searched again and again."""
    return folded(name)


def forget_names() -> None:
    """Keep none of the names: somebody was erased."""
    folded_name.cache_clear()
    sort_key.cache_clear()


class Sought:
    """Names, folded, that are searched by one query after the other."""

    def __init__(self, names: Iterable[str]) -> None:
        self._folded = tuple(names)
        self._plain: list[str] = []

    def found(self, query: str) -> tuple[int, ...]:
        """Which of the names the query matches; where none does, those that it matches with plain letters.

        So `soren` finds Søren and `prove` Prøve, but never beside a name that is really written so.
        """
        strict = _with_words(folded(query), self._folded)
        if strict:
            return strict
        if not self._plain:
            self._plain = [_plainer(name) for name in self._folded]
        return _with_words(_plainer(folded(query)), self._plain)


def found(query: str, names: Iterable[str]) -> tuple[int, ...]:
    """The same for names that are searched once, and are not folded yet."""
    return Sought(map(folded, names)).found(query)


def _with_words(query: str, names: Sequence[str]) -> tuple[int, ...]:
    hits: Iterable[int] = range(len(names))
    for word in query.split():
        hits = [index for index in hits if word in names[index]]
    return tuple(hits)


def _plainer(folded_text: str) -> str:
    return folded_text.replace("ae", "a").replace("oe", "o").replace("aa", "a")


def visible(text: str, *, lines: bool = False) -> str:
    """The text with nothing in it that a terminal acts on or hides.

    Control characters (C0, C1, DEL), direction marks and unseen characters are shown as a mark `·`;
    line breaks and tabs become spaces unless `lines` keeps the breaks.
    """
    if text.isprintable():
        return text
    shown = []
    for char in text:
        if char == "\n" and lines:
            shown.append(char)
        elif char in "\t\r\n\u2028\u2029":
            shown.append(" ")
        elif char in _DIRECTION or char in _UNSEEN or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            shown.append("·")
        else:
            shown.append(char)
    return "".join(shown)
