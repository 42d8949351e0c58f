"""The manual has every verb, and roff takes it without a warning in both languages."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from planner.cli.manual import EXIT_CODES, roff, usage
from planner.errors import PlannerError
from tests.cli.conftest import Line
from tests.cli.test_faces import TREE, VERBS

LANGUAGES = pytest.mark.parametrize("lang", ["da", "en"])


@LANGUAGES
@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed here")
def test_groff_takes_it_without_a_warning(bare: Line, lang: str) -> None:
    page = bare("man", "--lang", lang).out
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-c"], input=page.encode(), capture_output=True, check=True
    )
    assert done.stderr == b""
    shown = " ".join(re.sub(r".\x08", "", done.stdout.decode()).split())
    for verb in VERBS:
        assert f"planner {verb}" in shown
    assert "aase" in shown
    assert "Påfund" in shown
    assert ("forslaget" in shown) == (lang == "da")


@LANGUAGES
@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed here")
def test_man_shows_it(bare: Line, lang: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("man") / "planner.1"
    file.write_text(bare("man", "--lang", lang).out, encoding="utf-8")
    environment = {"LC_ALL": "C.UTF-8", "MANPAGER": "cat", "PATH": "/usr/bin:/bin", "MANWIDTH": "80"}
    done = subprocess.run(["man", "--warnings", "-l", str(file)], capture_output=True, check=True, env=environment)
    assert done.stderr == b""
    assert "postpone" in done.stdout.decode()


@LANGUAGES
def test_every_verb_and_option_stands_in_it(bare: Line, lang: str) -> None:
    page = bare("man", "--lang", lang).out
    assert page.isascii()
    assert re.findall(r"^\.SS (.*)$", page, re.MULTILINE) == [roff(verb) for verb in VERBS]
    for level in VERBS.values():
        for one in level.options:
            assert all(f"\\fB{roff(flag)}\\fR" in page for flag in one.flags)
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests <= {".TH", ".nh", ".ad", ".SH", ".SS", ".B", ".RI", ".PP", ".TP"}


def test_the_options_for_all_stand_once(bare: Line) -> None:
    page = bare("man", "--lang", "en").out
    assert page.count("\\fB\\-\\-lang\\fR") == 1
    assert usage(VERBS["postpone"], TREE) == "planner postpone --reason TEXT CITIZEN DATE"
    assert usage(VERBS["rules show"], TREE).startswith("planner rules show ")


def test_every_exit_code_is_told() -> None:
    kinds: list[type[PlannerError]] = [PlannerError, *PlannerError.__subclasses__()]
    assert {kind.exit_code for kind in kinds} <= {code for code, _ in EXIT_CODES}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (".TH x", "\\&.TH x"),
        ("'so x", "\\(aqso x"),
        ("a\\b", "a\\eb"),
        ("--json", "\\-\\-json"),
        ("Åse – “x”", "\\[u00C5]se \\[u2013] \\[u201C]x\\[u201D]"),
        ("two\n.lines", "two .lines"),
    ],
)
def test_no_text_is_a_request(text: str, shown: str) -> None:
    assert roff(text) == shown


def test_the_tree_as_json(bare: Line) -> None:
    told = bare("man", "--json", "--lang", "en").json
    assert isinstance(told, dict)
    assert told["schema"] == "planner-verbs/1"
    assert [verb["verb"] for verb in told["verbs"]] == [level.below for level in TREE.verbs]
    (postpone,) = [verb for verb in told["verbs"] if verb["verb"] == "postpone"]
    assert [one["name"] for one in postpone["arguments"] if one["required"]] == ["citizen", "until", "reason"]
