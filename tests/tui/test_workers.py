"""Workers: what they are called."""

from __future__ import annotations

import ast
from pathlib import Path

import planner.tui

_HOME = Path(planner.tui.__file__).parent


def test_no_worker_writes_down_what_it_is_given() -> None:
    """Without a description of its own, all its arguments are written down: a whole caseload with its names."""
    functions = (
        (path, node)
        for path in _HOME.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    workers = [
        (f"{path.name}:{node.name}", call)
        for path, node in functions
        for call in node.decorator_list
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "work"
        if len(node.args.args) > 1
    ]
    assert workers
    named = {name for name, call in workers if any(keyword.arg == "description" for keyword in call.keywords)}
    assert {name for name, _ in workers} == named
