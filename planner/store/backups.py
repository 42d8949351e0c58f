"""Backups beside the store: encrypted as it is, each with its key file, verified before it counts, thinned by age.

The policy is Anki's: one every half hour in which something changed, and one before whatever changes much at once.
Everything of two days is kept, then one for each day, week and month.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from planner.domain.calendar import FIRST_DAY, LAST_DAY
from planner.errors import StoreError
from planner.locale import N_
from planner.locations import cause, make_private
from planner.progress import Reach, unwatched
from planner.store import sqlite
from planner.store.durable import sync_file, sync_folder
from planner.store.keys.beside import BACKUPS_SUFFIX, REPLACED, SUFFIXES, is_put_aside, key_paths
from planner.store.keys.files import read_rings, ring_bytes, ring_in, write_whole
from planner.store.keys.ring import KeyRing
from planner.store.sqlite import StoreFile

#: Beside a store that is as a backup has it, until there is a backup that says so.
_LED_BACK = ".led-back"
#: How long what still holds somebody who was erased may stay.
BACKUPS_KEEP = timedelta(days=30)
EVERY = timedelta(minutes=30)
DENSE = timedelta(days=2)
#: How long one of each day, week and month is kept; beyond the last nothing is.
_DAILY, _WEEKLY, _MONTHLY = timedelta(days=14), timedelta(weeks=8), timedelta(days=180)
#: The newest stay whatever their age, so that a clock that jumps ahead takes none away.
_ALWAYS = 3
#: No more go at once, for the same reason.
_AT_ONCE = 2
_PART = ".part"
CHECKING = N_("Checking the copy…")
_NAME = re.compile(r"(\d{8}-\d{6})-(\d{6,})-([a-z]+)\.db")
_AT = "%Y%m%d-%H%M%S"


class Reason(StrEnum):
    """Why a backup was made."""

    REGULAR = "regular"
    ASKED = "asked"
    MIGRATION = "migration"
    IMPORT = "import"
    ERASURE = "erasure"
    ERASED = "erased"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: when it was made (UTC), how many actions were in the journal, and why."""

    path: Path
    at: datetime
    seq: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Contents:
    """What a look into a backup found; `is_sound` is whether all of it can be read."""

    is_sound: bool
    citizens: int = 0
    conversations: int = 0
    notes: int = 0


def folder_of(store: Path) -> Path:
    """Where the backups of a store are."""
    return store.with_name(store.name + BACKUPS_SUFFIX)


def backups_of(store: Path) -> tuple[Backup, ...]:
    """All backups, newest first; files that are none are passed over."""
    try:
        found = [_read(path) for path in folder_of(store).iterdir()]
    except OSError:
        return ()
    return tuple(sorted(filter(None, found), key=_order, reverse=True))


def _order(backup: Backup) -> tuple[object, ...]:
    return backup.at, backup.reason is Reason.RESTORE, backup.seq, backup.path.name  # which leads the journal back


def lead_back(store: Path) -> None:
    """Mark that the newest backup may know of more than the store that comes now."""
    _led_back(store).touch(0o600)
    sync_folder(store.parent)


def lead_on(store: Path) -> None:
    """Mark that it knows of as much as the newest backup."""
    with suppress(OSError):
        _led_back(store).unlink(missing_ok=True)


def is_led_back(store: Path) -> bool:
    """Whether it is so still."""
    return _led_back(store).exists()


def _led_back(store: Path) -> Path:
    return store.with_name(store.name + _LED_BACK)


def replaced(store: Path) -> tuple[Path, ...]:
    """The stores that gave way to a backup and are kept, without what lies beside them."""
    found = store.parent.glob(f"{glob.escape(store.name)}{REPLACED}*")
    return tuple(sorted(filter(is_put_aside, found)))


def is_due(store: Path, seq: int, now: datetime) -> bool:
    """Whether something changed since the last one, and that was long enough ago (or the clock went back)."""
    newest = next(iter(backups_of(store)), None)
    if is_led_back(store):
        return True
    if newest is None:
        return seq > 0
    return seq != newest.seq and not timedelta(0) <= now - newest.at < EVERY


def back_up(file: StoreFile, seq: int, now: datetime, reason: Reason, reach: Reach = unwatched) -> Backup:
    """Copy the store by the backup interface, verify the copy, and let go of those that are too old.

    Raises StoreError, with all former backups in place, where there is no room or the copy is not sound.
    """
    folder = folder_of(file.path)
    is_new = not folder.is_dir()
    make_private(folder)
    target = folder / f"{now.strftime(_AT)}-{seq:06d}-{reason.value}.db"
    part = target.with_name(target.name + _PART)
    _check_room(file.path, folder)
    try:
        if is_new:
            sync_folder(folder.parent)
        for old in folder.glob(f"*{_PART}*"):
            old.unlink(missing_ok=True)
        sqlite.copy(file, part, reach)
        reach(CHECKING, 0, 0)
        if not contents(StoreFile(part, file.key)).is_sound:
            raise StoreError(N_("The backup is not sound and was not kept: the store may be damaged (planner doctor)."))
        _write_key(file, target)
        sync_file(part)
        part.replace(target)
        sync_folder(folder)
        lead_on(file.path)
        _thin(file.path, now)
        _let_go_of_erased(StoreFile(target, file.key), file.path, target, now)
    except OSError as error:
        raise StoreError(
            N_("No backup could be made in {folder}: {cause}. Nothing is lost; see to the folder and try again."),
            folder=folder,
            cause=cause(error),
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)  # on a full disk it would take the room of what is to be saved
    return Backup(target, now.replace(microsecond=0), seq, reason)


def contents(file: StoreFile) -> Contents:
    """Read all of a file: its pages, their seals, and how much is in it."""
    try:
        with (
            closing(sqlite.connect(file, read_only=sqlite.has_log(file))) as connection,  # a look folds no log
            sqlite.interruptible(connection),
        ):
            sealed = file.key is None or not connection.execute("PRAGMA cipher_integrity_check").fetchall()
            sound = [tuple(row) for row in connection.execute("PRAGMA integrity_check(1)")] == [("ok",)]
            counts = [
                int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
                for table in ("citizens", "conversations", "notes")
            ]
    except (sqlite.DRIVER.Error, UnicodeDecodeError, StoreError):
        return Contents(False)
    return Contents(sealed and sound, *counts)


def key_of(backup: Backup) -> Path:
    """The key file of a backup."""
    return backup.path.with_name(backup.path.name + SUFFIXES[0])


def rings_of(store: Path) -> Iterator[KeyRing]:
    """The key rings that are whole in the backups; that of the newest backup's store with the highest serial first."""
    found = [ring for backup in backups_of(store) if (ring := ring_in(key_of(backup))) is not None]
    yield from sorted(found, key=lambda ring: (ring.store == found[0].store, ring.serial), reverse=True)


def kept(backups: Iterable[Backup], now: datetime) -> set[Path]:
    """Which of the backups stay: all that are new, then the last of each day, week and month."""
    newest_first = sorted(backups, key=lambda one: one.at, reverse=True)
    stay = {one.path for one in newest_first[:_ALWAYS]}
    seen: set[tuple[str, ...]] = set()
    for one in newest_first:
        span = _span(one.at, now - one.at)
        if span is None or (span and span in seen):
            continue
        seen.add(span)
        stay.add(one.path)
    return stay


def _span(at: datetime, age: timedelta) -> tuple[str, ...] | None:
    """What of which one is kept; empty for one that stays in any case, None for one that goes."""
    if age <= DENSE:
        return ()
    if age <= _DAILY:
        return ("day", at.strftime("%Y%m%d"))
    if age <= _WEEKLY:
        return ("week", at.strftime("%G-%V"))
    return ("month", at.strftime("%Y%m")) if age <= _MONTHLY else None


def _thin(store: Path, now: datetime) -> None:
    backups = backups_of(store)
    stay = kept(backups, now)
    for one in [one for one in reversed(backups) if one.path not in stay][:_AT_ONCE]:
        one.path.unlink(missing_ok=True)
        key_of(one).unlink(missing_ok=True)


def _let_go_of_erased(newest: StoreFile, store: Path, kept: Path, now: datetime) -> None:
    """Take away what still holds somebody who was erased long enough ago: backups, and stores that were replaced."""
    with closing(sqlite.connect(newest)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'erasures'").fetchone():
            return
        limit = (now - BACKUPS_KEEP).date().isoformat()
        row = connection.execute("SELECT max(on_date) FROM erasures WHERE on_date <= ?", (limit,)).fetchone()
    if row[0] is None:
        return
    last = date.fromisoformat(row[0])
    old = [one for one in reversed(backups_of(store)) if one.path != kept and one.at.date() <= last]
    for one in old[:_AT_ONCE]:
        one.path.unlink(missing_ok=True)
        key_of(one).unlink(missing_ok=True)
    for path in store.parent.glob(f"{glob.escape(store.name)}{REPLACED}*"):
        stamp = path.name.removeprefix(store.name + REPLACED)[:8]
        if stamp.isdigit() and stamp <= f"{last:%Y%m%d}":
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)  # backups of one that was opened


def _read(path: Path) -> Backup | None:
    found = _NAME.fullmatch(path.name)
    if found is None or found[3] not in set(Reason):
        return None
    try:
        at = datetime.strptime(found[1], _AT).replace(tzinfo=UTC)
    except ValueError:
        return None
    if not FIRST_DAY <= at.date() <= LAST_DAY:
        return None
    return Backup(path, at, int(found[2]), Reason(found[3]))


def _check_room(store: Path, folder: Path) -> None:
    size = sum(_size(path) for path in _pages(store))
    if shutil.disk_usage(folder).free < 2 * size:
        raise StoreError(
            N_("There is no room for a backup in {folder}: {needed} MB are needed."),
            folder=folder,
            needed=2 * size // 1_000_000 + 1,
        )


def _pages(store: Path) -> Iterator[Path]:
    yield store
    yield from (store.with_name(store.name + suffix) for suffix in sqlite.SIDE_FILES)


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _write_key(file: StoreFile, target: Path) -> None:
    if file.key is not None and any(path.exists() for path in key_paths(file.path)):
        known = next(rings_of(file.path), None)
        rings = read_rings(file.path)  # a file beside the store may have become another store's
        own = next((ring for ring in rings if known is not None and ring.store == known.store), rings[0])
        write_whole([target.with_name(target.name + SUFFIXES[0])], ring_bytes(own))
