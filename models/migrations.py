"""Bring an older database up to date, one numbered step at a time.

`PRAGMA user_version` holds 1 + the number of the last step applied.  Never edit a step
that has shipped; add another.  Steps name tables and columns as strings and never
import a model, which will have moved on.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from peewee import SqliteDatabase

from models import upgrades
from models.mishaps import Newer

if TYPE_CHECKING:
    from playhouse.migrate import SqliteMigrator

Step = Callable[["SqliteMigrator"], None]


def _keep_time(migrator: "SqliteMigrator") -> None:
    """Calendar, plans, corrections and months of pay."""
    for statement in upgrades.TIME:
        migrator.database.execute_sql(statement)


def _keep_visits_and_seals(migrator: "SqliteMigrator") -> None:
    """Cases told by what was seen, custody in full, catalogue, slips, paper sheets."""
    for statement in upgrades.VISITS_AND_SEALS:
        migrator.database.execute_sql(statement)


def _keep_drafts(migrator: "SqliteMigrator") -> None:
    """Drafts, and who gave the points of a visit."""
    for statement in upgrades.DRAFTS:
        migrator.database.execute_sql(statement)


def _keep_sync(migrator: "SqliteMigrator") -> None:
    """Epochs, what went wrong and how it was settled, erasure, backups."""
    for statement in upgrades.SYNC:
        migrator.database.execute_sql(statement)


STEPS: Sequence[Step] = (
    _keep_time,
    _keep_visits_and_seals,
    _keep_drafts,
    _keep_sync,
)


def migrate(db: SqliteDatabase, path: Path, steps: Sequence[Step] = STEPS) -> None:
    """Apply the steps that *db* has not seen; the file is copied first.

    Each step runs inside `migration_context()`: it is the transaction and switches
    the foreign-key pragma off outside of it, without which a plain `add_column`
    rebuilds the table and deletes child rows.
    """
    newest = 1 + len(steps)
    if db.user_version > newest:
        raise Newer("数据文件来自更新的程序版本，请先升级本程序。")
    if db.user_version == newest:
        return
    from playhouse.migrate import SqliteMigrator  # 8 ms, seldom needed

    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(path, path.with_name(f"{path.stem}-before-v{newest}{path.suffix}"))
    migrator = SqliteMigrator(db)
    for version, step in enumerate(steps, start=2):
        if version <= db.user_version:
            continue
        with migrator.migration_context():
            step(migrator)
            db.user_version = version
