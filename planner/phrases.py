"""Texts about data that a face can say in another language: a message with named fields, and what fills them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType


class Phrase(str):
    """An English text that remembers its message and values; values may be phrases themselves."""

    msgid: str
    values: Mapping[str, object]

    def __new__(cls, msgid: str, **values: object) -> Phrase:
        phrase = super().__new__(cls, msgid.format(**values) if values else msgid)
        phrase.msgid, phrase.values = msgid, MappingProxyType(values)
        return phrase


def spoken(text: str, say: Callable[..., str]) -> str:
    """The text as `say` (a language's `text`) says it; what fills a phrase stays, unless it is a phrase."""
    if not isinstance(text, Phrase):
        return say(text)
    values = {name: spoken(value, say) if isinstance(value, Phrase) else value for name, value in text.values.items()}
    return say(text.msgid, **values)
