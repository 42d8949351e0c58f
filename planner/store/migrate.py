"""Bring a store to the present shape; alembic is loaded only here, and only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select, table
from sqlalchemy.engine import Connection, Engine

from planner.errors import StoreError
from planner.locale import N_
from planner.progress import Reach, unwatched
from planner.store import sqlite

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = sqlite.REVISION
SCRIPTS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"


def revision_of(connection: sqlite.DRIVER.Connection) -> str | None:
    """The revision of the store; None for a database that is not a store."""
    if _VERSION_TABLE not in sqlite.tables_of(connection):
        return None
    row = connection.execute(f"SELECT version_num FROM {_VERSION_TABLE}").fetchone()
    return str(None if row is None else row[0])


def touch(connection: sqlite.DRIVER.Connection) -> None:
    """Write the revision as it stands."""
    connection.execute(f"UPDATE {_VERSION_TABLE} SET version_num = version_num")


def is_older(revision: str, scripts: Path = SCRIPTS) -> bool:
    """Whether the program knows the way from `revision` to the present shape."""
    from alembic.script import ScriptDirectory

    return any(script.revision == revision for script in ScriptDirectory(str(scripts)).walk_revisions())


def upgrade(engine: Engine, scripts: Path = SCRIPTS, *, reach: Reach = unwatched) -> None:
    """Run what is missing in one transaction; an engine without foreign keys, else a rebuilt table takes its children.

    Raises StoreError, with nothing changed, where a step would lose rows or leave orphans; so it is when `reach`, which
    is told after each step, raises anything.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.execution_options(write=True).begin() as connection:
        before = _counts(connection)
        config.attributes["connection"] = connection
        config.attributes["applied"] = _Steps(reach, _steps(config, connection))
        command.upgrade(config, "head")
        after = _counts(connection)
        if any(after.get(name, count) != count for name, count in before.items()) or sqlite.orphans(connection):
            raise StoreError(N_("The store could not be brought up to date; it was left as it was."))


class _Steps:
    """Tells how many of the steps are done."""

    def __init__(self, reach: Reach, of: int) -> None:
        self._reach = reach
        self._done = -1
        self._of = of
        self()

    def __call__(self, **about: object) -> None:
        self._done += 1
        self._reach(N_("Bringing the store up to date…"), self._done, self._of)


def _steps(config: Config, connection: Connection) -> int:
    """How many steps are missing."""
    from alembic.script import ScriptDirectory

    present = revision_of(sqlite.own_connection(connection))
    return sum(1 for _ in ScriptDirectory.from_config(config).iterate_revisions("head", present))


def _counts(connection: Connection) -> dict[str, int]:
    names = sorted(sqlite.tables_of(sqlite.own_connection(connection)) - {_VERSION_TABLE})
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
