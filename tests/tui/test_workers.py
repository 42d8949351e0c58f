"""Workers: what they are called."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import planner.tui
from planner.services.results import Today
from planner.tui import idle
from planner.tui.dialogs.working import Work, WorkingDialog
from tests.tui.fakes import FakeDesk
from tests.tui.stage import ENGLISH, staged

_HOME = Path(planner.tui.__file__).parent


async def test_no_view_writes_the_list_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker without a name is called by all that it is given: here a whole caseload with its names."""
    written: list[Today] = []

    def write_down(today: Today) -> str:
        written.append(today)
        return ""

    monkeypatch.setattr(Today, "__repr__", write_down)
    async with staged(FakeDesk()) as stage:
        for key, place in (("f3", "week"), ("f4", "capacity"), ("f5", "experiments"), ("f2", "today")):
            await stage.press(key)
            await stage.until(lambda there=place: stage.app.place == there, place)  # type: ignore[misc]
        await stage.press("enter")
        await stage.until(lambda: stage.app.place == "citizen", "the story")
    assert not written


async def test_work_is_called_off_as_soon_as_its_dialog_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_STILL", 1000.0)
    monkeypatch.setattr(idle, "_AT_MOST", 1_000_000)
    works: list[Work] = []
    async with staged() as stage:
        dialog = WorkingDialog[str](ENGLISH, "Work", "It works", works.append, lambda _: (), str)
        stage.app.push_screen(dialog)
        await stage.until(lambda: bool(works), "the work")
        assert works[0].wanted()
        await stage.press("escape")
        await stage.closed()
        assert dialog.is_attached
        assert not works[0].wanted()


def test_every_worker_that_is_given_something_has_a_name_of_its_own() -> None:
    functions = (
        (path, node)
        for path in _HOME.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    workers = [
        (f"{path.name}:{node.name}", {word.arg: ast.literal_eval(word.value) for word in call.keywords})
        for path, node in functions
        for call in node.decorator_list
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "work"
        if len(node.args.args) > 1
    ]
    assert workers
    assert [name for name, given in workers if not given.get("description")] == []
