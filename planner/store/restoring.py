"""Go back to a backup: beside first, verified, and only then into the place; what was there is kept."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from planner.errors import DamagedStore, StoreError
from planner.locale import N_
from planner.locations import cause
from planner.progress import Reach, unwatched
from planner.store import sqlite
from planner.store.backups import CHECKING, Backup, Reason, back_up, contents, is_led_back, lead_back, lead_on
from planner.store.carrying import carry_over
from planner.store.durable import copy_file, sync_file, sync_folder
from planner.store.engine import new_file
from planner.store.keys.beside import REPLACED
from planner.store.lock import LOCK_SUFFIX, ProcessLock
from planner.store.sqlite import StoreFile

NOT_SOUND = N_("The backup {path} is not sound. Choose another one.")
_NOT_RESTORED = N_(
    "The backup could not be put in place in {folder}: {cause}. Nothing was changed; see to the folder and try again."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the store before is kept, None where there was none, and how many erased cases the backup still held."""

    kept: Path | None
    erased_again: int


def restore(
    store: Path, backup: Backup, key: bytes | None, now: datetime, wait: float = 2.0, reach: Reach = unwatched
) -> Restored:
    """Put the backup in the place of the store; who was erased since it was made is erased again.

    Raises StoreError, with everything as it was, where the backup is not sound or there is no room.
    """
    file = StoreFile(store, key)
    lock = ProcessLock(store.with_name(store.name + LOCK_SUFFIX), wait)
    try:
        with sqlite.explained(file):
            made, was_there, was_led_back = new_file(file), os.path.lexists(store), is_led_back(store)
            try:
                made.path.unlink()
                _copy(StoreFile(backup.path, key), made, reach)
                again = carry_over(made, store, now)
                sync_file(made.path)
                if key is not None:
                    lead_back(store)
                replaced = _put_aside(store, now)
            except BaseException as error:
                if was_there and not os.path.lexists(store):
                    raise
                made.remove()  # nothing was done, so nothing is to be finished later
                if not was_led_back:
                    lead_on(store)
                if not isinstance(error, OSError):
                    raise
                raise StoreError(_NOT_RESTORED, folder=store.parent, cause=cause(error)) from error
            made.path.replace(store)
            sync_folder(store.parent)
            if key is not None:  # what is done from now on must not be taken for what the backups hold already
                with suppress(StoreError):  # it is done, and the next backup says what is wrong
                    back_up(file, backup.seq, now, Reason.RESTORE)
            return Restored(replaced, again)
    finally:
        lock.release()


def _copy(backup: StoreFile, made: StoreFile, reach: Reach) -> None:
    try:
        sqlite.copy(backup, made.path, reach)
    except (sqlite.DRIVER.Error, DamagedStore) as error:
        if isinstance(error, sqlite.DRIVER.Error) and not sqlite.is_unreadable(error):
            raise
        raise StoreError(NOT_SOUND, path=backup.path) from error
    reach(CHECKING, 0, 0)
    if not contents(made).is_sound:
        raise StoreError(NOT_SOUND, path=backup.path)


def _put_aside(store: Path, now: datetime) -> Path | None:
    """Rename the store with its log; a power cut after this leaves the new one to be found and moved in.

    The log is copied before the store is renamed and removed after it: whenever the power goes, the store lies with its
    log beside it, and so does what was put aside.
    """
    kept = _free_name(store, now)
    logs = [suffix for suffix in sqlite.LOGS if os.path.lexists(store.with_name(store.name + suffix))]
    try:
        for suffix in logs:
            copy_file(store.with_name(store.name + suffix), kept.with_name(kept.name + suffix))
        sync_folder(store.parent)
        is_there = os.path.lexists(store)
        if is_there:
            store.replace(kept)
            sync_folder(store.parent)
    except BaseException:
        if not os.path.lexists(kept):
            for suffix in logs:
                kept.with_name(kept.name + suffix).unlink(missing_ok=True)
        raise
    StoreFile(store).remove_logs()
    return kept if is_there else None


def _free_name(store: Path, now: datetime) -> Path:
    stamp, number = now.strftime("%Y%m%d-%H%M%S"), 1
    kept = store.with_name(f"{store.name}{REPLACED}{stamp}")
    while any(os.path.lexists(kept.with_name(kept.name + suffix)) for suffix in ("", *sqlite.LOGS)):
        number += 1
        kept = store.with_name(f"{store.name}{REPLACED}{stamp}-{number}")
    return kept
