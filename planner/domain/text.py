"""Names in Danish order, search that folds Danish letters, and text made safe for a terminal."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:  # every answer passes through here, also those that are given at once
    from collections.abc import Sequence

_ORDER = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})
_FOLD = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e")


def _without_accents(text: str) -> str:
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char in "æøåäö":
            kept.append(char)
            continue
        kept.extend(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(kept)


def sort_key(name: str) -> tuple[str, str]:
    """The key that puts names in Danish order: æ, ø and å (also written aa) after z."""
    lowered = _without_accents(name.casefold()).replace("aa", "å")
    return lowered.translate(_ORDER), name


def folded(text: str) -> str:
    """The text as it is searched: aase finds Åse, moede finds møde, case and accents do not matter."""
    # Taking compound signs apart may bring capitals back.
    return _without_accents(_without_accents(text.casefold()).casefold()).translate(_FOLD)


def matches(query: str, name: str) -> bool:
    """Whether every word of `query` is part of `name`, folded."""
    haystack = folded(name)
    return all(word in haystack for word in folded(query).split())


def found(query: str, names: Sequence[str]) -> tuple[int, ...]:
    """Which of the names the query matches; where none does, those that it matches with plain letters.

    So `soren` finds Søren and `prove` Prøve, but never beside a name that is really written so.
    """
    strict = tuple(index for index, name in enumerate(names) if matches(query, name))
    if strict:
        return strict
    words = _plain(query).split()
    return tuple(index for index, name in enumerate(names) if all(word in _plain(name) for word in words))


def _plain(text: str) -> str:
    return folded(text).replace("ae", "a").replace("oe", "o").replace("aa", "a")


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
