"""The server of the screens: answers are sent at once, and nothing is compiled while a page is drawn."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fof.ui import rows, server
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
        [sys.executable, "-c", DRAWN, str(ROOT / "app.py")], cwd=ROOT, env={**os.environ, **address}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
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

    def row(number: int) -> rows.Row:
        made.append(number)
        return {"number": number}

    shown = rows.Shown(range(5000), row)
    assert len(shown) == 5000
    assert made == []
    assert shown[500:502] == [{"number": 500}, {"number": 501}]
    assert shown[-1] == {"number": 4999}
    assert made == [500, 501, 4999]
    assert sum(r["number"] for r in shown) == sum(range(5000))


# -- doors ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served_port(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """`fof ui` itself, as an office starts it."""
    folder = tmp_path_factory.mktemp("doors")
    shutil.copyfile(demo_file, folder / "demo.sqlite")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = {"FOF_DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite'}", "FOF_DATA_DIR": str(folder)}
    running = subprocess.Popen(
        [sys.executable, "-m", "fof.ui.server", "--port", str(port)], cwd=ROOT, env={**os.environ, **address},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 180
    while True:
        assert running.poll() is None
        assert time.monotonic() < deadline, "the screens did not come up"
        with suppress(OSError):
            if asked(port, "/_stcore/health")[0] == 200:
                break
        time.sleep(0.3)
    yield port
    running.terminate()
    running.wait(20)


def asked(port: int, path: str, host: str | None = None, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{port}")
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    found = (answer.status, {k.lower(): v for k, v in answer.getheaders()})
    connection.close()
    return found


SOCKET = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Protocol": "streamlit",
}  # fmt: skip


def test_only_a_host_of_ours_is_answered(served_port: int) -> None:
    for host in (None, f"localhost:{served_port}", "127.0.0.1"):
        assert asked(served_port, "/", host)[0] == 200, host
        assert asked(served_port, "/_stcore/health", host)[0] == 200, host
    for host in (
        "rebound.example",
        f"rebound.example:{served_port}",
        "127.0.0.1.rebound.example",
        "127.0.0.1@rebound.example",
    ):
        for path in ("/", "/_stcore/health", "/journal", "/_stcore/host-config"):
            assert asked(served_port, path, host)[0] == 400, (host, path)


def test_no_socket_for_a_foreign_origin_even_where_the_host_matches_it(served_port: int) -> None:
    own = f"http://127.0.0.1:{served_port}"
    assert asked(served_port, "/_stcore/stream", None, Origin=own, **SOCKET)[0] == 101
    for host, origin in (
        (f"rebound.example:{served_port}", f"http://rebound.example:{served_port}"),
        ("rebound.example", "http://rebound.example"),
        (None, "http://rebound.example"),
    ):
        assert asked(served_port, "/_stcore/stream", host, Origin=origin, **SOCKET)[0] == 403, (host, origin)


def test_metrics_are_closed_and_no_page_stands_in_a_frame(served_port: int) -> None:
    assert asked(served_port, "/_stcore/metrics")[0] == 404
    _status, headers = asked(served_port, "/")
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
