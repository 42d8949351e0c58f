"""Completion for zsh, as a file of its `fpath` or read by `source`."""

from __future__ import annotations

from collections.abc import Iterator

from planner.cli.tree import Level
from tests.shells import offers
from tests.shells.offers import Offer, Words

_HEAD = """\
#compdef planner
# planner: completion for zsh
_planner() {
    local word option= at= only=
    local -i place=0 i
    for ((i = 2; i < CURRENT; i++)); do
        word=${words[i]}
        if [[ -n $option ]]; then
            option=
        elif [[ -z $only && $word == -- ]]; then
            only=1
        elif [[ -z $only && $word == -* ]]; then
            _planner_takes_value "$at $word" && option=$word
        elif _planner_is_verb "$at $word"; then
            at="$at $word" place=0
        else
            place+=1
        fi
    done
    if [[ -z $only && -z $option && ${words[CURRENT]} == --*=* ]]; then
        option=${words[CURRENT]%%=*}
        compset -P '*='
    fi
    if [[ -n $option ]]; then
        _planner_value "$at $option"
    elif [[ -z $only && ${words[CURRENT]} == -* ]]; then
        _planner_options "$at"
    else
        _planner_place "$at $place"
    fi
}
"""
_FOOT = """\
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _planner "$@"
else
    compdef _planner planner
fi
"""


def script(root: Level) -> Iterator[str]:
    """The script's lines."""
    yield from _HEAD.splitlines()
    known = [(_key(at, verb), "return 0") for at, words in offers.verbs(root) for verb, _ in words]
    yield from _cases("_planner_is_verb", known)
    taking = [(_key(at, flag), "return 0") for at, flag, _ in offers.values(root)]
    yield from _cases("_planner_takes_value", taking)
    valued = [(_key(at, flag), act) for at, flag, offer in offers.values(root) if (act := _act(offer))]
    yield from _cases("_planner_value", valued)
    yield from _cases("_planner_options", [(f'"{_at(at)}"', _tell(words)) for at, words in offers.options(root)])
    standing = [(f'"{_at(at)} 0"', _tell(words)) for at, words in offers.verbs(root)]
    standing += [(f'"{_at(at)} "{"*" if many else n}', _act(o)) for at, n, many, o in offers.places(root)]
    yield from _cases("_planner_place", standing)
    yield from _FOOT.splitlines()


def _cases(name: str, cases: list[tuple[str, str]]) -> Iterator[str]:
    yield f"{name}() {{"
    yield "    local -a offered"
    yield '    case "$1" in'
    for pattern, act in cases:
        yield f"        ({pattern}) {act} ;;"
    yield "        (*) return 1 ;;"
    yield "    esac"
    yield "}"


def _at(below: str) -> str:
    return f" {below}" if below else ""


def _key(below: str, word: str) -> str:
    return f'"{_at(below)} {word}"'


def _act(offer: Offer) -> str:
    return "_files" if offer.path else _tell(offer.words) if offer.words else ""


def _tell(words: Words) -> str:
    shown = " ".join(_quoted(f"{word}:{said}" if said else word) for word, said in words)
    return f"offered=({shown}); _describe planner offered"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
