"""Table metadata, constraint names and column types shared by all tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the book."""


# STRICT tables of SQLite know INTEGER, TEXT, BLOB and REAL only.
def _sqlite_name(type_: type[sa.types.TypeEngine[Any]], name: str) -> None:
    @compiles(type_, "sqlite")
    def _compile(_type: object, _compiler: object, **_: object) -> str:
        return name


for _type, _name in (
    (sa.Date, "TEXT"),
    (sa.String, "TEXT"),
    (sa.BigInteger, "INTEGER"),
    (sa.SmallInteger, "INTEGER"),
):
    _sqlite_name(_type, _name)
