"""What is stored: tables, closed lists, exact money.

`models.metadata` is whole: asking for it imports every table. Row classes, lists and money need no SQLAlchemy.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.base import metadata
    from models.journal import ROW_TABLES

__all__ = ["ROW_TABLES", "metadata"]


def __getattr__(name: str) -> Any:
    """Import the tables when they are first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from models import base, book, journal  # noqa: F401 - its tables belong to the metadata

    return base.metadata if name == "metadata" else journal.ROW_TABLES
