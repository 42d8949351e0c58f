"""Verbs that keep the store safe: make a backup, list and restore backups, say how everything stands."""

from __future__ import annotations

import platform
import shutil
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from planner import __version__
from planner.cli.agreeing import agree
from planner.cli.choices import integer
from planner.cli.context import Context
from planner.cli.output import is_interactive
from planner.cli.parser import Verbs
from planner.errors import DamagedStore, NotFound, PlannerError, Refused, StoreError
from planner.locale import N_, NN_

if TYPE_CHECKING:
    from planner.store.backups import Backup, Contents, Reason
    from planner.store.restoring import Restored
    from planner.store.sqlite import StoreFile

_NOT_RESTORED = N_("Nothing was restored.")
#: How long after the first key nobody wonders that there is no backup.
_NEW = timedelta(days=2)


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    verbs.verb("backup", back_up)
    made = verbs.verb("restore", restore)
    made.add_argument("number", nargs="?", type=integer, metavar="N", help=text("its number in the list"))
    made.add_argument("--yes", action="store_true", help=text("do not ask"))
    verbs.verb("doctor", doctor)


def back_up(context: Context, options: Namespace) -> int:
    """A backup, whether one is due or not."""
    from planner.bootstrap import chosen_store
    from planner.store import backups
    from planner.store.backups import Reason

    path, desk = chosen_store(context.store), context.desk()
    if context.key is None:
        raise Refused(N_("The demo needs no backup"))
    with context.stoppable(lambda: [_identity(one.path) for one in backups.backups_of(path)]) as reach:
        made = desk.back_up(reach)
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

    path = chosen_store(context.store)
    found = backups.backups_of(path)
    if not found and options.number is None:
        context.out.json([]) if context.json else context.out.line(context.text("There is no backup yet."))
        return 0
    if options.number is not None and not 1 <= options.number <= len(found):
        missing = N_("There is no backup number {number}; there are {count}")
        raise NotFound(missing, number=options.number, count=len(found))
    chosen = found[options.number - 1] if options.number is not None else None
    context.unlock()
    if chosen is None:
        _list(context, _checked(context, found))
        return 0
    if not options.yes:
        _agree(context, options.number, chosen)
    with context.stoppable(lambda: _identity(path)) as reach:
        done = restoring.restore(path, chosen, context.key, datetime.now(UTC), reach=reach)
    if context.json:
        kept = None if done.kept is None else str(done.kept)
        context.out.json({"restored": str(chosen.path), "kept": kept, "erased_again": done.erased_again})
    else:
        context.out.line(context.text("The store is as it was {when}.", when=_when(context, chosen)))
        _tell(context, done)
    return 0


def _identity(path: Path) -> int | None:
    """What tells the file from the one that takes its place; None while there is none."""
    return path.stat().st_ino if path.exists() else None


def _tell(context: Context, done: Restored) -> None:
    if done.erased_again:
        one, many = NN_(
            "{n} case that was erased since is erased again.", "{n} cases that were erased since are erased again."
        )
        context.out.line(context.plural(one, many, done.erased_again))
    if done.kept is not None:
        context.out.line(context.text("What was there before is kept: {file}", file=done.kept))
        context.out.line(context.text("It opens as the store does, with --store before its name."))


def recover(context: Context, error: DamagedStore) -> bool:
    """Say what is wrong with the store, and offer the backups; gives whether one was restored."""
    from planner.bootstrap import chosen_store
    from planner.cli.failures import tell
    from planner.store import backups, restoring

    context.close()
    tell(error, context.language, context.out)
    path = chosen_store(context.store)
    checked = _checked(context, backups.backups_of(path))
    if not any(found.is_sound for _, found in checked):
        context.out.error(context.text("There is no sound backup to go back to."))
        return False
    _list(context, checked)
    question = context.text("Go back to which one? The number, or Enter to leave everything as it is:")
    typed = context.out.question(question)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    if not 1 <= number <= len(checked):
        return False
    with context.progress() as reach:
        done = restoring.restore(path, checked[number - 1][0], context.key, datetime.now(UTC), reach=reach)
    _tell(context, done)
    context.begin_again()
    return True


def _checked(context: Context, found: Sequence[Backup]) -> list[tuple[Backup, Contents]]:
    """The backups, each read from its first page to its last."""
    from planner.store import backups
    from planner.store.sqlite import StoreFile

    checked = []
    with context.progress() as reach:
        for number, one in enumerate(found):
            reach(N_("Checking the backups…"), number, len(found))
            checked.append((one, backups.contents(StoreFile(one.path, context.key))))
    return checked


def _agree(context: Context, number: int, backup: Backup) -> None:
    """Show which one it is, and ask; what is damaged is refused without a question."""
    if not is_interactive():
        raise PlannerError(N_("Nothing was restored. Add --yes to restore without being asked."))
    from planner.store.restoring import NOT_SOUND

    with context.telling(_NOT_RESTORED):
        ((_, found),) = _checked(context, [backup])
    if not found.is_sound:
        raise StoreError(NOT_SOUND, path=backup.path)
    if not context.json:
        context.out.line(_told(context, number, backup, found))
    question = context.text(
        "Go back to {when}? What was done since is put aside, not removed. (yes/no)", when=_when(context, backup)
    )
    agree(context, question, _NOT_RESTORED)


def _list(context: Context, checked: list[tuple[Backup, Contents]]) -> None:
    if context.json:
        context.out.json([_data(number, one, found) for number, (one, found) in enumerate(checked, 1)])
        return
    for number, (one, found) in enumerate(checked, 1):
        context.out.line(_told(context, number, one, found))


def _told(context: Context, number: int, backup: Backup, found: Contents) -> str:
    state = _counted(context, found) if found.is_sound else context.text("damaged")
    return f"{number}. {_when(context, backup)}, {context.text(_reason(backup.reason))}: {state}"


def _counted(context: Context, found: Contents) -> str:
    plural = context.plural
    return ", ".join(
        (
            plural("{n} citizen", "{n} citizens", found.citizens),
            plural("{n} conversation", "{n} conversations", found.conversations),
            plural("{n} note", "{n} notes", found.notes),
        )
    )


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
        "erased": N_("after an erasure"),
        "restore": N_("after a restore"),
    }[reason.value]


def doctor(context: Context, options: Namespace) -> int:
    """How everything stands; exit code 6 where something is wrong."""
    from planner.bootstrap import chosen_store

    found = [*_program(), *_store(context, chosen_store(context.store))]
    sound = all(one.is_well for one in found)
    if context.json:
        context.out.json({"sound": sound, **{one.name: one.value for one in found}})
        return 0 if sound else 6
    for one in found:
        context.out.line(f"{context.text(one.label)}: {one.told(context)}")
    context.out.line(context.text(N_("All is well.") if sound else N_("Something is wrong; see above.")))
    return 0 if sound else 6


@dataclass(frozen=True, slots=True)
class _Finding:
    """One thing that was looked at: its name and value in JSON, its label, and the sentence that tells the value."""

    name: str
    label: str
    value: object
    said: str = ""
    is_well: bool = True

    def told(self, context: Context) -> str:
        """The value in the user's language."""
        return context.text(self.said) if self.said else str(self.value)


def _program() -> Iterator[_Finding]:
    from importlib.metadata import version

    from planner.store.sqlite import VERSION

    yield _Finding("version", N_("planner"), __version__)
    yield _Finding("python", N_("Python"), platform.python_version())
    yield _Finding("system", N_("system"), f"{platform.system()} {platform.machine()}")
    yield _Finding("sqlite", N_("SQLite"), VERSION)
    yield _Finding("sqlalchemy", N_("SQLAlchemy"), version("sqlalchemy"))


def _store(context: Context, path: Path) -> Iterator[_Finding]:
    from planner.cli.keys import slot_words
    from planner.services.clock import SystemClock
    from planner.store import vault
    from planner.store.keys import unlocking
    from planner.store.keys.beside import key_paths
    from planner.store.keys.files import ring_in
    from planner.store.keys.slots import Kind

    found = vault.state(path)
    yield _Finding("store", N_("store"), str(path))
    names = {
        "missing": N_("there is none yet"),
        "locked": N_("encrypted"),
        "demo": N_("a demo, not encrypted"),
        "plain": N_("not encrypted"),
        "strange": N_("its key file is missing, or it is not a store of this program"),
    }
    is_well = found not in (vault.State.PLAIN, vault.State.STRANGE)
    yield _Finding("encryption", N_("encryption"), found.value, names[found.value], is_well)
    if found is vault.State.MISSING:
        return
    free = shutil.disk_usage(path.parent).free // 1_000_000
    yield _Finding("free_megabytes", N_("free megabytes"), free, is_well=free > 100)
    if found is not vault.State.LOCKED:
        return
    torn = [file.name for file in key_paths(path) if ring_in(file) is None]
    if torn:  # before they are mended by what follows
        yield _Finding("key_files_lost", N_("key files missing or damaged"), torn, ", ".join(torn), is_well=False)
    context.unlock()
    slots = unlocking.slots(path)
    listed = "; ".join(slot_words(context, slot) for slot in slots)
    yield _Finding("keys", N_("keys"), [slot.kind.value for slot in slots], listed)
    if any(slot.kind is Kind.KEYRING for slot in slots):
        answers = unlocking.unlock_by_keyring(path) is not None
        said = N_("it opens the store") if answers else N_("it does not open the store; the passphrase does")
        yield _Finding("keyring", N_("the operating system's keyring"), answers, said)
    age = SystemClock().today() - min(slot.made_on for slot in slots)
    yield from _kept(context, path, is_new=timedelta(0) <= age < _NEW)


def _kept(context: Context, path: Path, *, is_new: bool) -> Iterator[_Finding]:
    from planner.store import backups
    from planner.store.heads import logs_are_whole
    from planner.store.sqlite import StoreFile

    now = _read(context, StoreFile(path, context.key))
    yield _soundness("integrity", N_("integrity"), now)
    made = backups.backups_of(path)
    whole = logs_are_whole(StoreFile(path, context.key), [StoreFile(one.path, context.key) for one in made])
    said = N_("whole") if whole else N_("changed from outside")
    yield _Finding("logs", N_("logs of changes and looks"), whole, said, whole)
    none_yet = N_("none yet; the first one is made while you work") if is_new and not made else ""
    yield _Finding("backups", N_("backups"), len(made), none_yet, is_new or bool(made))
    aside = backups.replaced(path)
    if aside:
        names = [one.name for one in aside]
        yield _Finding("replaced", N_("stores that gave way to a backup"), names, ", ".join(names))
    if made:
        yield _Finding("newest_backup", N_("newest backup"), made[0].at.isoformat(), _when(context, made[0]))
        read = _read(context, StoreFile(made[0].path, context.key))
        yield _soundness("newest_backup_reads", N_("newest backup reads"), read)


def _read(context: Context, file: StoreFile) -> Contents:
    from planner.store import backups

    with context.progress() as reach:
        reach(N_("Reading all of it…"), 0, 0)
        return backups.contents(file)


def _soundness(name: str, label: str, found: Contents) -> _Finding:
    said = N_("sound") if found.is_sound else N_("damaged")
    return _Finding(name, label, found.is_sound, said, found.is_sound)
