"""Completion for fish, 3.0 and newer."""

from __future__ import annotations

from collections.abc import Iterator

from planner.cli.tree import Level
from tests.shells import offers
from tests.shells.offers import Offer, Words

#: Tells the verb and the number of the place at the cursor.
_HEAD = """\
# planner: completion for fish
function __planner_where
    set -l at
    set -l place 0
    set -l option
    for word in (commandline -opc)[2..-1]
        if test -n "$option"
            set option
        else if string match -q -- '-*' $word
            if __planner_takes_value "$at $word"
                set option $word
            end
        else if __planner_is_verb "$at $word"
            set at "$at $word"
            set place 0
        else
            set place (math $place + 1)
        end
    end
    echo "$at"
    echo $place
end
function __planner_at
    set -l where (__planner_where)
    test "$where[1]" = "$argv[1]"; or return 1
    test (count $argv) -eq 1; or test "$argv[2]" = '*'; or test "$argv[2]" = $where[2]
end
"""


def script(root: Level) -> Iterator[str]:
    """The script's lines."""
    yield from _HEAD.splitlines()
    yield from _known("__planner_is_verb", [_key(at, verb) for at, words in offers.verbs(root) for verb, _ in words])
    yield from _known("__planner_takes_value", [_key(at, flag) for at, flag, _ in offers.values(root)])
    yield "complete -c planner -e"
    yield "complete -c planner -f"
    for at, words in offers.verbs(root):
        yield f"complete -c planner -n {_condition(at, '0')} -a {_arguments(words)}"
    for at, number, many, offer in offers.places(root):
        yield f"complete -c planner -n {_condition(at, '*' if many else str(number))} {_offered(offer)}"
    valued = {(at, flag): offer for at, flag, offer in offers.values(root)}
    for at, words in offers.options(root):
        for flag, said in words:
            yield _option(at, flag, said, valued.get((at, flag)))


def _option(at: str, flag: str, said: str, offer: Offer | None) -> str:
    named = f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
    taking = "" if offer is None else " -r -F" if offer.path else " -x"
    chosen = f" -a {_arguments(offer.words)}" if offer is not None and offer.words else ""
    return f"complete -c planner -n {_condition(at)} {named}{taking}{chosen} -d {_quoted(said)}"


def _offered(offer: Offer) -> str:
    return "-F" if offer.path else f"-a {_arguments(offer.words)}"


def _known(name: str, keys: list[str]) -> Iterator[str]:
    yield f"function {name}"
    yield f'    contains -- "$argv[1]" {" ".join(keys)}'
    yield "end"


def _at(below: str) -> str:
    return f" {below}" if below else ""


def _key(below: str, word: str) -> str:
    return _quoted(f"{_at(below)} {word}")


def _condition(below: str, place: str = "") -> str:
    asked = f"__planner_at {_quoted(_at(below))}"
    return _quoted(f"{asked} {_quoted(place)}" if place else asked)


def _arguments(words: Words) -> str:
    pairs = " ".join(f"{word} {_quoted(said)}" for word, said in words)
    return _quoted(f"(printf '%s\\t%s\\n' {pairs})")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
