"""Completion for bash, from 3.2 on (macOS has no newer one)."""

from __future__ import annotations

from collections.abc import Iterator

from planner.cli.tree import Level
from tests.shells import offers
from tests.shells.offers import Offer, Words

_HEAD = """\
# planner: completion for bash
_planner() {
    local cur=${COMP_WORDS[COMP_CWORD]} prefix= path= option= place=0 only= words= files= word i
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ -n $option ]]; then
            [[ $word == "=" ]] || option=
        elif [[ -z $only && $word == -- ]]; then
            only=1
        elif [[ -z $only && $word == -* ]]; then
            _planner_takes_value "$path $word" && option=$word
        elif _planner_is_verb "$path $word"; then
            path="$path $word" place=0
        else
            place=$((place + 1))
        fi
    done
    if [[ -n $option && $cur == "=" ]]; then
        cur=
    elif [[ -z $only && -z $option && $cur == --*=* ]]; then
        prefix=${cur%%=*}= option=${cur%%=*} cur=${cur#*=}
    fi
    if [[ -n $option ]]; then
        _planner_value "$path $option"
    elif [[ -z $only && $cur == -* ]]; then
        _planner_options "$path"
    else
        _planner_place "$path" "$place"
    fi
    local IFS=$'\\n'
    if [[ -n $files ]]; then
        type compopt &>/dev/null && compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -P "$prefix" -f -- "$cur"))
    else
        COMPREPLY=($(IFS=' ' compgen -P "$prefix" -W "$words" -- "$cur"))
    fi
}
"""


def script(root: Level) -> Iterator[str]:
    """The script's lines."""
    yield from _HEAD.splitlines()
    yield from _cases("_planner_is_verb", ["$1"], (_verb_lines(root)), "return 1")
    yield from _cases(
        "_planner_takes_value",
        ["$1"],
        [(_key(at, flag), "return 0") for at, flag, _ in offers.values(root)],
        "return 1",
    )
    yield from _cases(
        "_planner_value", ["$1"], [(_key(at, flag), act) for at, flag, o in offers.values(root) if (act := _act(o))]
    )
    yield from _cases("_planner_options", ["$1"], [(f'"{_at(at)}"', _set(words)) for at, words in offers.options(root)])
    yield from _cases("_planner_place", ["$1", "$2"], _place_lines(root))
    yield "complete -F _planner planner"


def _verb_lines(root: Level) -> list[tuple[str, str]]:
    return [(_key(at, verb), "return 0") for at, words in offers.verbs(root) for verb, _ in words]


def _place_lines(root: Level) -> list[tuple[str, str]]:
    lines = [(f'"{_at(at)} 0"', _set(words)) for at, words in offers.verbs(root)]
    for at, number, many, offer in offers.places(root):
        lines.append((f'"{_at(at)} "{"*" if many else number}', _act(offer)))
    return lines


def _cases(name: str, given: list[str], cases: list[tuple[str, str]], otherwise: str = "") -> Iterator[str]:
    yield f"{name}() {{"
    yield f'    case "{" ".join(given)}" in'
    for pattern, act in cases:
        yield f"        {pattern}) {act} ;;"
    if otherwise:
        yield f"        *) {otherwise} ;;"
    yield "    esac"
    yield "}"


def _at(below: str) -> str:
    return f" {below}" if below else ""


def _key(below: str, word: str) -> str:
    return f'"{_at(below)} {word}"'


def _act(offer: Offer) -> str:
    return "files=1" if offer.path else _set(offer.words) if offer.words else ""


def _set(words: Words) -> str:
    return f"words='{' '.join(word for word, _ in words)}'"
