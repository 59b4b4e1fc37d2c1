"""The schema of a book: its revision, and the upgrade to the newest one. The revisions lie in fof/migrations."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fof.errors import NotReady
from fof.failures import no_book, no_revision
from models.text import Text

if TYPE_CHECKING:
    import sqlalchemy as sa

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0005",
    "0006",
    "0007",
    "0008",
    "0010",
    "0011",
    "0012",
    "0016",
    "0018",
    "0019",
    "0020",
)
"""Every schema revision in fof/migrations, the newest last; a test holds them equal to Alembic's."""
REVISION = REVISIONS[-1]
_upgrading = threading.Lock()


def alembic_config() -> Any:
    """Alembic's configuration: the migrations beside this module."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade(connection: sa.Connection) -> str | None:
    """Create the tables, or bring them to the newest revision; the revision before, None where there was no book.

    NotReady for a book that is not this program's to upgrade.
    """
    from alembic import command

    before = _upgradable(connection)
    config = alembic_config()
    config.attributes["connection"] = connection
    with _upgrading:  # Alembic keeps its state in a module
        command.upgrade(config, "head")
    return before


def _upgradable(connection: sa.Connection) -> str | None:
    import sqlalchemy as sa

    tables = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in tables:
        revisions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
        if revisions:
            if revisions[0] > REVISION:
                require(revisions[0])
            return str(revisions[0])
    if "entry" in tables:
        raise no_revision()
    return None


def require(revision: str | None) -> None:
    """NotReady unless the revision that was found is this program's; None: there is no book."""
    if revision is None:
        raise no_book()
    if revision > REVISION:
        raise NotReady(
            Text(
                f"账本版本为 {revision}，由较新的程序建立，本程序只认到 {REVISION}：请更新程序",
                f"the book is at {revision}, made by a newer program; this one knows {REVISION}: update the program",
            )
        )
    if revision != REVISION:
        raise NotReady(
            Text(
                f"账本版本为 {revision}，本程序需要 {REVISION}：请运行 fof init",
                f"the book is at {revision}, this program needs {REVISION}: run fof init",
            )
        )
