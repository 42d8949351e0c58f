"""Completion for PowerShell. Where nothing is offered, PowerShell itself offers the names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planner.cli.tree import Level
from tests.shells import offers
from tests.shells.offers import Words

#: PowerShell takes the curved ones for single quotes too.
_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")
_HEAD = """\
# planner: completion for PowerShell
Register-ArgumentCompleter -Native -CommandName planner -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
"""
_FOOT = """\
    $at = ''
    $place = 0
    $option = ''
    $cur = "$wordToComplete"
    $given = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    foreach ($word in $given) {
        if ($option) { $option = '' }
        elseif ($word.StartsWith('-')) { if ($values.ContainsKey("$at $word")) { $option = $word } }
        elseif ($verbs.ContainsKey($at) -and ($verbs[$at] | Where-Object { $_[0] -eq $word })) {
            $at = "$at $word".Trim()
            $place = 0
        }
        else { $place++ }
    }
    if ($option) { $offered = $values["$at $option"] }
    elseif ($cur.StartsWith('-')) { $offered = $options[$at] }
    elseif ($verbs.ContainsKey($at) -and $place -eq 0) { $offered = $verbs[$at] }
    elseif ($places.ContainsKey("$at $place")) { $offered = $places["$at $place"] }
    else { $offered = @() }
    foreach ($pair in $offered) {
        if ($pair[0].StartsWith($cur, [StringComparison]::OrdinalIgnoreCase)) {
            [System.Management.Automation.CompletionResult]::new($pair[0], $pair[0], 'ParameterValue', $pair[1])
        }
    }
}
"""


def script(root: Level) -> Iterator[str]:
    """The script's lines."""
    yield from _HEAD.splitlines()
    yield from _table("verbs", [(at, words) for at, words in offers.verbs(root)])
    yield from _table("options", [(at, words) for at, words in offers.options(root)])
    yield from _table("values", [(f"{at} {flag}", offer.words) for at, flag, offer in offers.values(root)])
    yield from _table("places", [(f"{at} {number}", offer.words) for at, number, _, offer in offers.places(root)])
    yield from _FOOT.splitlines()


def _table(name: str, rows: list[tuple[str, Words]]) -> Iterator[str]:
    yield f"    ${name} = @{{"
    for key, words in rows:
        # The comma before each pair keeps a list of one pair from becoming the pair itself.
        pairs = "; ".join(f",@({_quoted(word)}, {_quoted(said or word)})" for word, said in words)
        yield f"        {_quoted(key)} = @({pairs})"
    yield "    }"


def _quoted(text: str) -> str:
    return "'" + _QUOTES.sub(lambda found: found[0] * 2, text) + "'"
