"""The composition root: the only place that knows every concrete part. It loads them when they are asked for."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from planner.catalogue import N_
from planner.progress import Reach, unwatched

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.domain.masking import Masking
    from planner.first_view import Depends, First
    from planner.services.desk import Desk
    from planner.services.papers import Templates
    from planner.services.ports import PlanForm
    from planner.store.vault import State

    T = TypeVar("T")
    #: What is kept under a name, where nothing has changed of what it depends on.
    Kept = Callable[[str, tuple[object, ...]], bytes | None]

#: Seconds that a line command waits for another one to finish.
WAIT = 2.0
DEMO_FOLDER = "planner-demo-"
DEMO_STORE = "demo.db"


def open_desk(
    store: Path | None = None,
    today: date | None = None,
    *,
    rules: Path | None = None,
    wait: float = WAIT,
    key: bytes | None = None,
    reach: Reach = unwatched,
) -> Desk:
    """The desk on the user's store; raises StoreError where it is missing, locked, not encrypted, or cannot be opened.

    `today` fixes the planning date, `rules` is a folder that adds or replaces rule packs, `key` opens the store;
    `reach` is told how far it is where the store has to be brought up to date first.
    """
    from planner.exchange.rule_files import load_rules
    from planner.places import check_place
    from planner.services.clock import SystemClock
    from planner.services.desk import Desk
    from planner.store import vault
    from planner.store.engine import open_store

    path = chosen_store(store)
    check_place(path)
    if key is None:
        _check_open(path, vault.state(path))
    else:
        vault.finish(path, key, wait)
    clock, loaded = SystemClock(today), load_rules(rules)
    store_open = open_store(path, clock, wait, key, reach)
    return Desk(store_open, loaded, clock, plan_form(), templates(), trial=clock.is_trial)


def load() -> None:
    """Load what it takes to open a store, which takes longer than opening it."""
    from planner.exchange.rule_files import load_rules  # noqa: F401
    from planner.services.desk import Desk  # noqa: F401
    from planner.store import vault  # noqa: F401
    from planner.store.engine import open_store  # noqa: F401


def first_view(store: Path | None, key: bytes | None, day: date | None, masking: Masking, depends: Depends) -> First:
    """Paint today's list as it was left and give its lines, where nothing has changed of what each depends on."""
    from planner.first_view import AHEAD, LINES, PICTURE, First, PaintedTerminal
    from planner.glances import text_and_count

    def find(kept: Kept) -> tuple[tuple[str, bytes | None], int] | None:
        lines = kept(LINES, depends.lines) or kept(AHEAD + LINES, depends.lines)
        picture = kept(PICTURE, depends.picture) or kept(AHEAD + PICTURE, depends.picture)
        if lines is None:
            return None
        text, count = text_and_count(lines)
        return (text, picture), count

    found = _seen_again(store, key, day, masking, find, opens=True)
    if found is None:
        return First()
    lines, picture = found
    if picture is not None and os.name == "posix":
        with suppress(OSError):  # the screen will do without
            return First(lines, PaintedTerminal(picture))
    return First(lines)


def told_before(store: Path | None, key: bytes | None, day: date | None, masking: Masking, code: str) -> str | None:
    """Today's list as JSON as it was told last, where nothing has changed since and the look at it is logged."""
    from planner.glances import TOLD, text_and_count

    def find(kept: Kept) -> tuple[str, int] | None:
        told = kept(TOLD, (code,))
        return None if told is None else text_and_count(told)

    return _seen_again(store, key, day, masking, find)


def _seen_again(
    store: Path | None,
    key: bytes | None,
    day: date | None,
    masking: Masking,
    find: Callable[[Kept], tuple[T, int] | None],
    *,
    opens: bool = False,
) -> T | None:
    """What `find` finds of what is kept of today's list, with how many citizens it shows, once the look is logged."""
    from planner.errors import StoreError
    from planner.glances import basis
    from planner.places import check_place
    from planner.services.clock import SystemClock
    from planner.store.glances import Glances, glance
    from planner.store.sqlite import StoreFile

    clock, path = SystemClock(day), chosen_store(store)
    try:
        check_place(path)
    except StoreError:  # opening it tells why
        return None

    def look(glances: Glances) -> tuple[T, int] | None:
        made_from = glances.state, clock.today(), clock.is_trial, masking.value
        return find(lambda name, depends: glances.of(name, basis(*made_from, *depends)))

    return glance(StoreFile(path, key), clock.now(), "today", look, opens=opens)


def chosen_store(store: Path | None) -> Path:
    """The file of the user's store; raises StoreError where its folder is likely misspelt."""
    from planner.locations import check_chosen, store_path

    path = store_path(store)
    check_chosen(path)
    # Keys, log and lock lie beside the file itself, so one store has one name.
    return path.resolve() if path.is_symlink() else path


def _check_open(path: Path, state: State) -> None:
    """Raise StoreError where a store cannot be opened without a key."""
    from planner.errors import StoreError
    from planner.store.keys.beside import key_paths
    from planner.store.vault import NO_KEY

    sentences = {
        "missing": N_("There is no store {path} yet. Make it with: planner init"),
        "locked": N_("The store {path} is locked."),
        "plain": N_("The store {path} is not encrypted. Encrypt it with planner init; everything in it is kept."),
        "strange": NO_KEY,
    }
    if state.value in sentences:
        raise StoreError(sentences[state.value], path=path, key=key_paths(path)[0])


def open_demo(today: date | None = None) -> Desk:
    """A desk on invented citizens in a private temporary folder, which is gone when the desk is closed or forgotten.

    What a demo that was killed has left behind goes too.
    """
    from tempfile import TemporaryDirectory, gettempdir

    from planner.exchange.rule_files import load_rules
    from planner.services.clock import SystemClock
    from planner.services.demo import demo_caseload, fill
    from planner.services.desk import Desk
    from planner.store.engine import open_store
    from planner.store.leftovers import remove_leftovers

    clock, rules = SystemClock(today), load_rules()
    remove_leftovers(Path(gettempdir()), DEMO_FOLDER, DEMO_STORE)
    folder = TemporaryDirectory(prefix=DEMO_FOLDER, ignore_cleanup_errors=True)

    class DemoDesk(Desk):
        """Takes its folder with it."""

        def close(self) -> None:
            """Let go of the store and remove it."""
            super().close()
            folder.cleanup()

    try:
        store = open_store(Path(folder.name) / DEMO_STORE, clock, 0.0)
        fill(store, rules, clock, demo_caseload(clock.today()))
        return DemoDesk(store, rules, clock, plan_form(), templates())
    except BaseException:
        folder.cleanup()
        raise


def make_demo(path: Path, today: date | None = None) -> None:
    """Fill a new file with the demo; it says of itself that it may stay without encryption. Raises StoreError."""
    from planner.exchange.rule_files import load_rules
    from planner.services.clock import SystemClock
    from planner.services.demo import demo_caseload, fill
    from planner.store import sqlite
    from planner.store.engine import open_store

    clock = SystemClock(today)
    store = open_store(path, clock, 0.0)
    try:
        fill(store, load_rules(), clock, demo_caseload(clock.today()))
    finally:
        store.close()
    sqlite.mark_demo(path)


def plan_form() -> PlanForm:
    """Plans are kept as plan files."""
    from planner.exchange.plan_file import own_plan_bytes, read_own_plan
    from planner.services.ports import PlanForm

    return PlanForm(own_plan_bytes, read_own_plan)


def templates() -> Templates:
    """The templates of the texts: the user's own in the folder beside the settings, else the shipped ones."""
    from planner.exchange.template_files import FOLDER, template_of
    from planner.settings import settings_path

    return lambda kind, code: template_of(kind, code, settings_path().parent / FOLDER)
