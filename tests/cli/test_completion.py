"""Each shell completes what the tree of verbs has, and no name of a citizen; asked in the shell itself where it is."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.cli.scripts import SHELLS, script_path
from planner.cli.tree import Level, tree
from planner.locale import CODES, language
from tests.cli.conftest import Line
from tests.cli.test_faces import TREE, VERBS
from tests.shells import SCRIPTS, made

#: What each shell reads as quoted or escaped, and the quotes that must not be left where all that is taken away.
QUOTED = {
    "bash": (re.compile(r"'[^']*'|\\."), "'"),
    "zsh": (re.compile(r"'[^']*'|\\."), "'"),
    "fish": (re.compile(r"'(?:[^'\\]|\\.)*'|\\."), "'"),
    "powershell": (re.compile(r"['‘’](?:[^'‘’]|['‘’]{2})*['‘’]"), "'‘’"),
}
#: Prints what bash offers for each line of words (split by tabs), between lines of equals signs.
ASK_BASH = r"""
source "$1"
while IFS= read -r line; do
    IFS=$'\t' read -r -a COMP_WORDS <<< "${line//$'\t'$'\t'/$'\t'}"
    [[ $line == *$'\t' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _planner
    printf '%s\n' "${COMPREPLY[@]}" ====
done
"""
#: The same for zsh, with its completion system put aside: what would be offered is printed.
ASK_ZSH = r"""
compdef() { : }
compset() { : }
_describe() { print -rl -- ${(@)${(@P)2}%%:*} }
_files() { print -rl -- * }
source $1
while IFS= read -r line; do
    words=("${(@ps:\t:)line}")
    CURRENT=${#words}
    _planner
    print -r -- '===='
done
"""
ASK_FISH = r"""
source $argv[1]
while read -l line
    complete -C (string replace -a \t ' ' -- $line) | string replace -r '\t.*' ''
    echo ====
end
"""
ASKED = {"bash": ASK_BASH, "zsh": ASK_ZSH, "fish": ASK_FISH}
Ask = Callable[..., list[set[str]]]


@pytest.fixture(params=["bash", "zsh", "fish"])
def ask(request: pytest.FixtureRequest, bare: Line, tmp_path: Path) -> Ask:
    """What the shell offers at the end of each line of words."""
    shell: str = request.param
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed here")
    script, asking = tmp_path / f"planner.{shell}", tmp_path / "ask"
    script.write_text(bare("completion", shell).out, encoding="utf-8")
    asking.write_text(ASKED[shell], encoding="utf-8")
    plain = ["-f"] if shell == "zsh" else ["--no-config"] if shell == "fish" else []

    def offered(*lines: list[str]) -> list[set[str]]:
        done = subprocess.run(
            [found, *plain, str(asking), str(script)],
            input="".join("\t".join(["planner", *line]) + "\n" for line in lines),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=tmp_path,
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
        assert done.stderr == ""
        answers = [set(answer.split("\n")) - {""} for answer in done.stdout.split("====\n")[:-1]]
        # zsh leaves it to its completion system to take those that begin so.
        return [
            {word for word in answer if word.startswith(line[-1].rpartition("=")[2]) or "=" in word}
            for answer, line in zip(answers, lines, strict=True)
        ]

    return offered


def test_every_verb_is_offered_and_no_other(ask: Ask) -> None:
    first, below = ask([""], ["rules", ""])
    assert first == {verb.name for verb in TREE.verbs}
    assert below == {verb.name for verb in VERBS["rules"].verbs}


def test_every_option_of_every_verb_is_offered(ask: Ask) -> None:
    answers = ask(*([*verb.split(), "--"] for verb in VERBS))
    for level, answer in zip(VERBS.values(), answers, strict=True):
        assert answer == {flag for one in level.options for flag in one.flags if flag.startswith("--")}


def test_every_choice_of_every_option_is_offered(ask: Ask) -> None:
    wanted = [(level, one) for level in VERBS.values() for one in level.options if one.choices]
    answers = ask(*([*level.path[1:], one.flags[0], ""] for level, one in wanted))
    for (_, one), answer in zip(wanted, answers, strict=True):
        assert answer == {word for word, _ in one.choices}


def test_every_choice_of_every_place_is_offered_after_what_stands_before(ask: Ask) -> None:
    wanted = [(level, n) for level in VERBS.values() for n, one in enumerate(level.places) if one.choices]
    answers = ask(*([*level.path[1:], *["x"] * n, ""] for level, n in wanted))
    for (level, n), answer in zip(wanted, answers, strict=True):
        assert answer == {word for word, _ in level.places[n].choices}


def test_options_before_and_between_are_passed_over(ask: Ask) -> None:
    assert ask(
        ["--lang", "en", "cad"],
        ["--json", "rules", "sh"],
        ["fact", "--until", "24-11", "x", "wea"],
        ["slots", "--channel", "p"],
    ) == [{"cadence"}, {"show"}, {"weather_layoff"}, {"phone"}]


def test_a_value_behind_an_equals_sign(ask: Ask) -> None:
    (answer,) = ask(["slots", "--channel=in"])
    assert {word.rpartition("=")[2] for word in answer} == {"in_person"}


def test_files_are_offered_where_a_file_is_named(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text("x", encoding="utf-8")
    answers = ask(["import", "li"], ["plan", "--caseload", "li"], ["--store", "li"], ["check", "li"])
    assert answers == [{"liste.csv"}] * 4


def test_nobody_is_offered_where_a_citizen_is_named(ask: Ask) -> None:
    """Neither names nor files, nor an option that would be taken for an answer."""
    assert ask(["explain", ""], ["accept", "Å"], ["search", ""], ["note", "c-1", ""]) == [set()] * 4


def test_what_is_wrong_offers_nothing_that_is_wrong(ask: Ask) -> None:
    unknown, after = ask(["fly", "t"], ["note", "c-1", "--", "--"])
    assert unknown == set()
    assert after == set()


@pytest.mark.parametrize("code", CODES)
def test_the_scripts_are_in_step_with_the_tree(code: str) -> None:
    root = tree(language(code))
    assert tuple(SCRIPTS) == SHELLS
    for shell in SHELLS:
        assert Path(script_path(shell, code)).read_text(encoding="utf-8") == made(shell, root), "python -m tests.shells"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_script_is_plain_text_in_the_users_language(bare: Line, shell: str, lang: str) -> None:
    answer = bare("completion", shell, "--lang", lang)
    assert (answer.code, answer.err) == (0, "")
    assert all(char == "\n" or char.isprintable() for char in answer.out)
    if shell != "bash":  # which shows no descriptions
        assert ("tidspunkt" in answer.out) == (lang == "da")
    assert bare("completion", shell, "--lang", lang, "--json").json == {"shell": shell, "script": answer.out}


@pytest.mark.parametrize("shell", SHELLS)
def test_nobody_is_looked_up(nowhere: Line, shell: str, tmp_path: Path) -> None:
    assert nowhere("completion", shell).code == 0
    assert not (tmp_path / "planner.db").exists()


@pytest.mark.parametrize(
    ("shell", "program"), [("bash", "bash"), ("zsh", "zsh"), ("fish", "fish"), ("powershell", "pwsh")]
)
def test_descriptions_cannot_leave_their_quotes(shell: str, program: str, tmp_path: Path) -> None:
    said = 'it\'s “a” ‘trap’ \\ $(touch trap) `touch trap` "$HOME" : ;'
    lines = made(shell, hostile(TREE, said))
    found = shutil.which(program)
    if found is None:
        quoted, quotes = QUOTED[shell]
        assert [line for line in lines.splitlines() if set(quoted.sub("", line)) & set(quotes)] == []
        return
    file = tmp_path / "script"
    file.write_text(("compdef() { : }\n" if shell == "zsh" else "") + lines, encoding="utf-8")
    words = [found, "-NoProfile", "-File", str(file)] if shell == "powershell" else [found, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "trap").exists()


def hostile(level: Level, said: str) -> Level:
    """The tree with another text everywhere."""
    arguments = [tuple(replace(one, help=said) for one in kind) for kind in (level.options, level.places)]
    verbs = tuple(hostile(verb, said) for verb in level.verbs)
    return replace(level, description=said, options=arguments[0], places=arguments[1], verbs=verbs)


def test_powershell_has_every_verb_and_option(bare: Line) -> None:
    script = bare("completion", "powershell").out
    for level in VERBS.values():
        assert f"@('{level.name}', '" in script
        for one in level.options:
            assert all(f"@('{flag}', '" in script for flag in one.flags)
    assert script.count("{") == script.count("}")
