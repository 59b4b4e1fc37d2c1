"""The server of the screens: answers are sent at once, and nothing is compiled while a page is drawn."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from fof.ui import server, table_rows
from fof.ui.allowed_hosts import AllowedHosts
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


def test_of_two_servers_that_start_at_once_the_second_says_that_the_port_is_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are bound while they prepare; only the first may listen."""
    first = server.bound("127.0.0.1", 0)
    port = first.getsockname()[1]
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "0")
    monkeypatch.setattr(server, "prepare", lambda: first.listen(1))
    monkeypatch.setattr(server, "serve", lambda *_given, **_named: pytest.fail("served twice"))
    monkeypatch.chdir(Path.cwd())
    with first:
        assert server.main(["--port", str(port)]) == 2
    assert f"端口 {port} 已被占用" in capsys.readouterr().err


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


# -- whom it answers --------------------------------------------------------------------------------------------------


def answered(
    kind: str, path: str = "/", more: tuple[str, ...] = (), **headers: str | list[str]
) -> tuple[bool, list[dict[str, Any]]]:
    """Whether the application behind was reached, and what was sent to the client."""
    reached: list[str] = []
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, _receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    listed = [
        (name.encode(), value.encode())
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    scope = {"type": kind, "path": path, "headers": listed}
    with ThreadPoolExecutor(1) as beside:  # a browser of other tests keeps a loop in this thread
        beside.submit(asyncio.run, AllowedHosts(inner, more)(scope, receive, send)).result()
    return bool(reached), sent


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "LOCALHOST:9", "[::1]:8501", "127.0.0.1"])
def test_names_of_this_machine_are_answered(host: str) -> None:
    assert answered("http", host=host)[0]
    assert answered("websocket", host=host, origin=f"http://{host}")[0]
    assert answered("websocket", host=host)[0], "a program sends no Origin"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:127.0.0.1",
        "a@127.0.0.1",
        "",
        "localhost.",
        "[::1",
        "127.0.0.1\u00e9",
    ],
)
def test_other_names_are_not(host: str) -> None:
    reached, sent = answered("http", host=host)
    assert not reached
    assert sent[0]["status"] == 400
    reached, sent = answered("websocket", host="127.0.0.1:8501", origin=f"http://{host}")
    assert not reached
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert not answered("websocket", host=host, origin=f"http://{host}")[0], "the same foreign name twice"


def test_one_host_and_names_that_are_given() -> None:
    assert not answered("http")[0]
    assert not answered("http", host=["127.0.0.1", "127.0.0.1"])[0]
    assert not answered("http", host="fof.office.example")[0]
    assert answered("http", more=("Fof.Office.Example", " "), host="fof.office.example")[0]
    assert not answered("http", more=("", " "), host="")[0]
    assert not answered("websocket", host="127.0.0.1", origin=["http://127.0.0.1", "http://evil.example"])[0]
    assert not answered("websocket", host="127.0.0.1", origin="null")[0]


def test_figures_of_the_server_and_frames_are_closed() -> None:
    for path in ("/_stcore/metrics", "//_stcore//metrics/"):
        reached, sent = answered("http", path, host="127.0.0.1")
        assert not reached
        assert sent[0]["status"] == 404
    headers = dict(answered("http", host="127.0.0.1")[1][0]["headers"])
    assert headers[b"content-security-policy"] == b"frame-ancestors 'none'"
    assert headers[b"a"] == b"b"


# -- `streamlit run app.py`, the same door ------------------------------------------------------------------------------


def _first_page(port: int, host: str, origin: str | None) -> bytes:
    """What the server sends for the first page to a browser that asks for it under a name; empty where the socket is refused."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ClientState_pb2 import ClientState
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    sent = b""
    with socket.create_connection(("127.0.0.1", port)) as own:
        try:
            with connect(f"ws://{host}/_stcore/stream", sock=own, origin=origin, max_size=None) as page:  # type: ignore[arg-type]
                page.send(BackMsg(rerun_script=ClientState()).SerializeToString())
                while True:
                    message = page.recv(timeout=60)
                    assert isinstance(message, bytes)
                    sent += message
                    if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
                        return sent
        except InvalidStatus:
            return b""


def test_started_by_the_framework_the_same_door_stands_before_the_pages(
    demo_file: Path, tmp_path: Path
) -> None:
    """A name that leads to this machine stands in Host and Origin alike, so that the framework's own check lets it pass."""
    shutil.copyfile(demo_file, tmp_path / "demo.sqlite")
    with server.bound("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    own = {
        "FOF_DATABASE_URL": f"sqlite:///{tmp_path / 'demo.sqlite'}",
        "FOF_DATA_DIR": str(tmp_path),
        "FOF_LANG": "en",
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        try:
            deadline = time.monotonic() + 60
            while True:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                assert time.monotonic() < deadline
                time.sleep(0.2)
            stranger = _first_page(port, f"evil.example:{port}", f"http://evil.example:{port}")
            silent = _first_page(port, f"evil.example:{port}", None)
            ours = _first_page(port, f"127.0.0.1:{port}", f"http://127.0.0.1:{port}")
            start, metrics, foreign = (
                _asked(port, path, host)
                for path, host in (
                    ("/", "127.0.0.1"),
                    ("/_stcore/metrics", "127.0.0.1"),
                    ("/", "evil.example"),
                )
            )
        finally:
            started.terminate()
    assert (stranger, silent) == (b"", b"")
    assert b"Overview" in ours
    assert (start.status, metrics.status, foreign.status) == (200, 404, 400)
    assert start.headers["content-security-policy"] == "frame-ancestors 'none'"


def _asked(port: int, path: str, host: str) -> HTTPResponse:
    asked = HTTPConnection("127.0.0.1", port, timeout=60)
    asked.request("GET", path, headers={"Host": host})
    return asked.getresponse()
