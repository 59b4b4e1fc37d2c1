"""What is stored: tables, closed lists, exact money. Imports every table so that the metadata is whole."""

from models.base import metadata
from models.journal import ROW_TABLES

__all__ = ["ROW_TABLES", "metadata"]
