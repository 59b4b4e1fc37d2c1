"""The server of the screens: answers are sent at once, and nothing is compiled while a page is drawn."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fof.ui import server, table_rows
from valuation.warmup import warm

ROOT = Path(__file__).resolve().parents[1]

DRAWN = """
import datetime as dt, logging, sys
from numba.core import event
from valuation.warmup import warm
logging.disable(logging.WARNING)
warm()
compiled = event.RecordingListener()
event.register("numba:compile", compiled)
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(sys.argv[1], default_timeout=300).run()
titles = set()
for page in ("commitments", "fund", "lookthrough", "operations", "journal"):
    for day in (dt.date(2026, 6, 30), dt.date(2019, 12, 31)):
        app.switch_page(f"fof/ui/pages/{page}.py")
        app.date_input(key="as_of").set_value(day).run()
        assert not app.exception, (page, day, app.exception)
        assert str(day) in app.caption[0].value, (page, day)
    titles.add(app.title[0].value)
assert len(titles) == 5, titles
print("compiled", [e.data["dispatcher"].py_func.__name__ for _, e in compiled.buffer if e.is_start])
"""


def test_no_kernel_is_compiled_while_a_page_is_drawn(demo_file: Path, tmp_path: Path) -> None:
    """Kernels that `fof warmup` made ready are loaded from disk; pages compile none, neither theirs nor new ones."""
    warm()
    shutil.copyfile(demo_file, tmp_path / "demo.sqlite")
    address = {"FOF_DATABASE_URL": f"sqlite:///{tmp_path / 'demo.sqlite'}", "FOF_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", DRAWN, str(ROOT / "app.py")],
        cwd=ROOT,
        env={**os.environ, **address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] == "compiled []"


def test_connections_send_without_waiting_for_an_acknowledgement() -> None:
    """The event loop switches the delay off for sockets that say they are TCP, and those that are accepted inherit it."""
    with server.bound("127.0.0.1", 0) as found:
        assert found.proto == socket.IPPROTO_TCP
        found.listen(1)
        with socket.create_connection(found.getsockname()), found.accept()[0] as accepted:
            assert accepted.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_said_and_nothing_is_loaded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "0")
    monkeypatch.setattr(server, "prepare", lambda: pytest.fail("loaded for nothing"))
    with server.bound("127.0.0.1", 0) as taken:
        taken.listen(1)
        assert server.main(["--port", str(taken.getsockname()[1])]) == 2
    assert "已被占用" in capsys.readouterr().err


def test_rows_are_made_when_they_are_looked_at() -> None:
    made: list[int] = []

    def row(number: int) -> table_rows.Row:
        made.append(number)
        return {"number": number}

    shown = table_rows.RowsOnDemand(range(5000), row)
    assert len(shown) == 5000
    assert made == []
    assert shown[500:502] == [{"number": 500}, {"number": 501}]
    assert shown[-1] == {"number": 4999}
    assert made == [500, 501, 4999]
    assert sum(r["number"] for r in shown) == sum(range(5000))
