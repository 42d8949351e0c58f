"""Hostile texts in every field and every word of the line: each verb answers in quiet lines, plain and as JSON."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from planner.__main__ import main
from planner.cli.tree import Argument, Level
from tests.cli.test_faces import VERBS, WITHOUT_JSON, made_up
from tests.faults.conftest import copied
from tests.faults.hostile import HOSTILE, acting
from tests.faults.hostile_office import TRIED, citizen_id
from tests.full import PATIENCE, many
from tests.store.support import MONDAY

pytestmark = pytest.mark.timeout(PATIENCE)

#: What stands for a free text in the help.
TEXTS = frozenset({"TEXT", "POINT", "LANGUAGE", "AMEND"})
EXPECTED = range(8)
#: In plain and as JSON.
FACES: list[list[str]] = [[], ["--json"]]
#: Texts that stay in the folder when they name a file.
FILES = [text for text in HOSTILE if "/" not in text and len(text.encode()) <= 100 and text.strip()]
Run = Callable[..., int]


@pytest.fixture
def run(hostile_filled: Path, ground: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a line on a copy of the store; gives its exit code, an expected one; nothing acts in what it answers."""
    monkeypatch.setenv("PLANNER_STORE", str(ground / "planner.db"))
    monkeypatch.setenv("PLANNER_CONFIG", str(ground / "settings.toml"))
    monkeypatch.delenv("PLANNER_PASSPHRASE_FILE", raising=False)
    monkeypatch.chdir(ground)

    def line(*words: str, typed: str = "") -> int:
        copied(hostile_filled, ground)  # as it was, so that the plan in it holds
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        capsys.readouterr()
        code = main(["--today", MONDAY.isoformat(), *words])
        shown = capsys.readouterr()
        said = shown.out.replace("\r\n", "\n") + shown.err
        assert code in EXPECTED, said
        assert "Traceback" not in said
        assert acting(said.replace("\n", "")) == [], words
        if "--json" in words and code == 0:
            assert json.loads(shown.out) is not None
        assert not (ground / "struck").exists()
        return code

    return line


def texts(seed: str, number: int, among: list[str] | tuple[str, ...] = HOSTILE) -> Iterator[str]:
    """So many of the texts, others for each seed."""
    start = sum(seed.encode()) % len(among)
    return islice((among[(start + 37 * n) % len(among)] for n in range(len(among))), number)


def value(one: Argument, number: int) -> str:
    """Something that can be meant: a citizen of the office, a hostile text where any text will do."""
    if one.shown == "CITIZEN":
        return citizen_id(number)
    if one.shown in TEXTS and not one.choices:
        return TRIED[number] if TRIED[number].strip() else "x"
    if one.path:
        return "nowhere.json"
    return "x" if one.name == "name" else made_up(one)


def written(level: Level, number: int, *, instead: Argument | None = None, text: str = "") -> list[str]:
    """The verb with what it needs; with `instead` the text in the place of that argument."""
    options, places = list[str](), list[str]()
    for one in level.options:
        if one is instead:
            options.append(f"{one.flags[0]}={text}")
        elif one.required:
            options.append(f"{one.flags[0]}={value(one, number)}")
    for one in level.places:
        if one is instead:
            places.append(text)
        elif one.required or one.shown == "CITIZEN" or one.shown in TEXTS or instead in level.places:
            places.append(value(one, number))
    return [*level.below.split(), *options, *(["--", *places] if places else [])]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_on_hostile_citizens(run: Run, verb: str) -> None:
    for text in texts(verb, many(1, 8), TRIED):
        words = written(VERBS[verb], TRIED.index(text))
        for face in FACES[: 1 if verb in WITHOUT_JSON else 2]:
            run(*face, *words)


@pytest.mark.parametrize("verb", VERBS)
def test_hostile_words_in_every_place_of_every_verb(run: Run, verb: str) -> None:
    level = VERBS[verb]
    for one in (*level.places, *level.options)[:: many(4, 1)]:
        if one.value:
            for text in texts(verb + one.name, many(1, 8), FILES if one.path or one.name == "words" else HOSTILE):
                run(*written(level, 1, instead=one, text=text))


def test_hostile_texts_in_a_template_of_the_municipality(run: Run, ground: Path) -> None:
    booked = citizen_id(0)
    own = ground / "templates" / "summons.da.txt"
    own.parent.mkdir()
    for text in texts("template", many(10, 200)):
        own.write_text(f"Kære {{name}}\n{text}\n", encoding="utf-8")
        run("summons", "--short-notice", "--lang=da", "--", booked)


@pytest.mark.parametrize("name", ["NUL\0midt i", "~opdigtet/planner.db", "~opdigtet", "\x1b[2J"])
def test_names_that_no_file_can_have_are_refused(run: Run, name: str) -> None:
    for words in (
        ["today", f"--store={name}"],
        ["init", f"--passphrase-file={name}"],
        ["init", f"--recovery-to={name}"],
        ["import", f"--map={name}", "liste.csv"],
        ["import", "--", name],
        ["plan", f"--caseload={name}"],
        ["rules", f"--rules={name}"],
        ["check", f"--caseload={name}", "--", name],
        ["office", f"--set={name}"],
        ["export", f"--output={name}/x", "ics"],
    ):
        assert run(*words) != 0
