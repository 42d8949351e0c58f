"""Verbs that keep the store safe: make a backup, list and restore backups, say how everything stands."""

from __future__ import annotations

import platform
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planner import __version__
from planner.cli.choices import integer, numbered
from planner.cli.context import Context
from planner.cli.output import is_interactive
from planner.cli.parser import Verbs
from planner.errors import DamagedStore, PlannerError, Refused
from planner.locale import N_

if TYPE_CHECKING:
    from planner.store.backups import Backup, Contents, Reason


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verbs.verb("backup", text("make a backup of the store now"), back_up)
    made = verbs.verb("restore", text("list the backups, or go back to one of them"), restore)
    made.add_argument("number", nargs="?", type=integer, metavar="N", help=text("its number in the list"))
    made.add_argument("--yes", action="store_true", help=text("do not ask"))
    verbs.verb("doctor", text("say how store, keys and backups stand; nothing personal is printed"), doctor)


def back_up(context: Context, options: Namespace) -> int:
    """A backup, whether one is due or not."""
    from planner.bootstrap import chosen_store
    from planner.store import backups
    from planner.store.backups import Reason

    path, desk = chosen_store(context.store), context.desk()
    if context.key is None:
        raise Refused(N_("The demo needs no backup"))
    made = desk.back_up()
    found = next(one for one in backups.backups_of(path) if one.seq == made and one.reason is Reason.ASKED)
    if context.json:
        context.out.json(_data(1, found, None))
    else:
        context.out.line(context.text("Backup made and verified: {file}", file=found.path))
    return 0


def restore(context: Context, options: Namespace) -> int:
    """The backups, checked; or one of them in the place of the store."""
    from planner.bootstrap import chosen_store
    from planner.store import backups, restoring
    from planner.store.sqlite import StoreFile

    path = chosen_store(context.store)
    found = backups.backups_of(path)
    if not found and options.number is None:
        context.out.json([]) if context.json else context.out.line(context.text("There is no backup yet."))
        return 0
    chosen = numbered("N", options.number, found) if options.number is not None else None
    context.unlock()
    if chosen is None:
        _list(context, [(one, backups.contents(StoreFile(one.path, context.key))) for one in found])
        return 0
    if not options.yes:
        _agree(context, chosen)
    kept = restoring.restore(path, chosen, context.key, datetime.now(UTC))
    said = [context.text("The store is as it was {when}.", when=_when(context, chosen))]
    if kept is not None:
        said.append(context.text("What was there before is kept: {file}", file=kept))
    if context.json:
        context.out.json({"restored": str(chosen.path), "kept": None if kept is None else str(kept)})
    else:
        for line in said:
            context.out.line(line)
    return 0


def recover(context: Context, error: DamagedStore) -> bool:
    """Say what is wrong with the store, and offer the backups; gives whether one was restored."""
    from planner.bootstrap import chosen_store
    from planner.cli.failures import tell
    from planner.store import backups, restoring
    from planner.store.sqlite import StoreFile

    context.close()
    tell(error, context.language, context.out)
    path = chosen_store(context.store)
    checked = [(one, backups.contents(StoreFile(one.path, context.key))) for one in backups.backups_of(path)]
    if not any(found.is_sound for _, found in checked):
        context.out.error(context.text("There is no sound backup to go back to."))
        return False
    _list(context, checked)
    question = context.text("Go back to which one? The number, or Enter to leave everything as it is:")
    typed = context.out.question(question)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    if not 1 <= number <= len(checked):
        return False
    kept = restoring.restore(path, checked[number - 1][0], context.key, datetime.now(UTC))
    if kept is not None:
        context.out.line(context.text("What was there before is kept: {file}", file=kept))
    return True


def _agree(context: Context, backup: Backup) -> None:
    if not is_interactive():
        raise PlannerError(N_("Nothing was restored. Add --yes to restore without being asked."))
    question = context.text(
        "Go back to {when}? What was done since is put aside, not removed. (yes/no)", when=_when(context, backup)
    )
    if context.out.question(question).casefold() not in {"yes", "y", "ja", "j"}:
        raise PlannerError(N_("Nothing was restored."))


def _list(context: Context, checked: list[tuple[Backup, Contents]]) -> None:
    if context.json:
        context.out.json([_data(number, one, found) for number, (one, found) in enumerate(checked, 1)])
        return
    for number, (one, found) in enumerate(checked, 1):
        state = (
            context.text(
                "{citizens} citizens, {conversations} conversations, {notes} notes",
                citizens=found.citizens,
                conversations=found.conversations,
                notes=found.notes,
            )
            if found.is_sound
            else context.text("damaged")
        )
        context.out.line(f"{number}. {_when(context, one)}, {context.text(_reason(one.reason))}: {state}")


def _data(number: int, one: Backup, found: Contents | None) -> dict[str, object]:
    about: dict[str, object] = {"number": number, "at": one.at.isoformat(), "reason": one.reason.value}
    if found is not None:
        about |= {
            "sound": found.is_sound,
            "citizens": found.citizens,
            "conversations": found.conversations,
            "notes": found.notes,
        }
    return {**about, "actions": one.seq, "file": str(one.path)}


def _when(context: Context, backup: Backup) -> str:
    from planner.services.clock import DANISH_TIME

    at = backup.at.astimezone(DANISH_TIME)
    return f"{context.language.date(at.date())} {context.language.time(at.hour * 60 + at.minute)}"


def _reason(reason: Reason) -> str:
    return {
        "regular": N_("by itself"),
        "asked": N_("asked for"),
        "migration": N_("before an update"),
        "import": N_("before an import"),
        "erasure": N_("before an erasure"),
        "restore": N_("after a restore"),
    }[reason.value]


def doctor(context: Context, options: Namespace) -> int:
    """How everything stands; exit code 6 where something is wrong."""
    from planner.bootstrap import chosen_store

    path = chosen_store(context.store)
    lines, sound = list(_program()), True
    for name, value, is_well in _store(context, path):
        lines.append((name, value))
        sound = sound and is_well
    if context.json:
        context.out.json({"sound": sound, **dict(lines)})
    else:
        for name, value in lines:
            context.out.line(f"{context.text(name)}: {context.text(value)}")
        context.out.line(context.text(N_("All is well.") if sound else N_("Something is wrong; see above.")))
    return 0 if sound else 6


def _program() -> Iterator[tuple[str, str]]:
    from importlib.metadata import version

    from planner.store.sqlite import VERSION

    yield N_("planner"), __version__
    yield N_("Python"), platform.python_version()
    yield N_("system"), f"{platform.system()} {platform.machine()}"
    yield N_("SQLite"), VERSION
    yield N_("SQLAlchemy"), version("sqlalchemy")
    yield N_("terminal"), str(sys.stdout.isatty() if sys.stdout else False)


def _store(context: Context, path: Path) -> Iterator[tuple[str, str, bool]]:
    from planner.store import backups, vault
    from planner.store.keys import unlocking
    from planner.store.sqlite import StoreFile

    found = vault.state(path)
    yield N_("store"), str(path), True
    names = {
        "missing": N_("there is none yet"),
        "locked": N_("encrypted"),
        "demo": N_("a demo, not encrypted"),
        "plain": N_("not encrypted"),
    }
    yield N_("encryption"), names[found.value], found in (vault.State.LOCKED, vault.State.DEMO)
    if found is vault.State.MISSING:
        return
    free = shutil.disk_usage(path.parent).free
    yield N_("free space"), f"{free // 1_000_000} MB", free > 100_000_000
    if found is not vault.State.LOCKED:
        return
    context.unlock()
    for slot in unlocking.slots(path):
        yield N_("key"), f"{slot.id} {slot.kind.value} {slot.made_on.isoformat()}", True
    now = backups.contents(StoreFile(path, context.key))
    yield N_("integrity"), N_("sound") if now.is_sound else N_("damaged"), now.is_sound
    made = backups.backups_of(path)
    yield N_("backups"), str(len(made)), bool(made)
    if made:
        newest = backups.contents(StoreFile(made[0].path, context.key))
        state = N_("sound") if newest.is_sound else N_("damaged")
        yield N_("newest backup"), f"{made[0].at:%Y-%m-%d %H:%M} UTC", True
        yield N_("newest backup reads"), state, newest.is_sound
