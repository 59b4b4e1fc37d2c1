"""The command as an officer's shell runs it: a program of its own, in a pipe, on a terminal, as a server that is stopped."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

FOF = Path(sys.executable).with_name("fof")
ROOT = Path(__file__).resolve().parents[1]


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith("FOF_") and k not in ("NO_COLOR", "COLUMNS")
    }
    return {**kept, "FOF_DATABASE_URL": url, "FOF_DATA_DIR": str(folder), "PYTHONIOENCODING": "utf-8", **more}


def run(
    *arguments: str, url: str, folder: Path, stdout: int = subprocess.PIPE, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(FOF), *arguments],
        env=environment(url, folder, **more),
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture
def book(demo_file, tmp_path):
    """Address of the demo office, which these tests only read."""
    return f"sqlite:///{demo_file}"


@pytest.mark.parametrize(
    "arguments", [("journal", "list", "--limit", "5000"), ("journal", "list", "--limit", "5000", "--json")]
)
def test_a_reader_that_goes_away_is_no_failure(book, tmp_path, arguments):
    """`fof … | head -1` under pipefail: exit code 0 and nothing on stderr, whatever is left to say."""
    words = " ".join(arguments)
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{FOF}' {words} | head -1"],
        env=environment(book, tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_a_reader_that_goes_away_does_not_hide_a_breach(book, tmp_path):
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{FOF}' audit guidance --strict --as-of 2026-09-30 | head -1"],
        env=environment(book, tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 1


def test_in_a_pipe_every_row_is_one_line(book, tmp_path):
    done = run(
        "commitments", "--by", "stake", "--as-of", "2026-09-30", url=book, folder=tmp_path, COLUMNS="60"
    )
    found = json.loads(
        run(
            "commitments", "--by", "stake", "--as-of", "2026-09-30", "--json", url=book, folder=tmp_path
        ).stdout
    )
    lines = done.stdout.splitlines()
    for row in found["rows"][:-1]:
        [line] = [x for x in lines if x.startswith(row["key"] + " ")]
        assert row["label"] in line
    assert "\x1b" not in done.stdout


def on_a_terminal(*arguments: str, url: str, folder: Path, width: int, **more: str) -> str:
    """What a terminal of that width is sent."""
    leader, follower = pty.openpty()
    env = environment(url, folder, COLUMNS=str(width), LINES="40", **more)
    program = subprocess.Popen(
        [str(FOF), *arguments], env=env, cwd=folder, stdout=follower, stderr=subprocess.DEVNULL
    )
    os.close(follower)
    sent = b""
    with suppress(OSError):
        while part := os.read(leader, 65536):
            sent += part
    os.close(leader)
    assert program.wait(60) == 0
    return sent.decode("utf-8")


def test_a_narrow_terminal_gets_fewer_columns_and_is_told_which(book, tmp_path):
    question = ("performance", "--by", "strategy", "--as-of", "2026-09-30", "--unit", "亿元")
    wide = on_a_terminal(*question, url=book, folder=tmp_path, width=240, TERM="xterm")
    narrow = on_a_terminal(*question, url=book, folder=tmp_path, width=110, TERM="xterm")
    assert "滚动" in wide
    assert "未列出" not in wide
    assert "未列出：报告日距今（天）、滚动" in narrow
    assert "滚动" not in next(line for line in narrow.splitlines() if "编号" in line)
    assert "\x1b[1m" in wide


@pytest.mark.parametrize("more", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}])
def test_no_colour_means_no_escapes(book, tmp_path, more):
    assert "\x1b" not in on_a_terminal(
        "performance", "--by", "strategy", url=book, folder=tmp_path, width=240, **more
    )


def test_the_kernels_are_prepared_ahead(book, tmp_path):
    done = run("warmup", url=book, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "内核就绪" in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answered(address: str) -> str | None:
    with suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
        return str(answer.read().decode("utf-8"))
    return None


SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
}


def first_line(port, path, headers):
    """The first line of what the server answers to a request written by hand."""
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return connection.recv(4096).decode("latin-1").splitlines()[0]


def test_the_screens_start_serve_and_stop(book, tmp_path):
    port = free_port()
    with (tmp_path / "ui.log").open("w+") as log:
        server = subprocess.Popen(
            [str(FOF), "ui", "--port", str(port)],
            env=environment(book, tmp_path),
            cwd=tmp_path,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + 120
            while answered(f"http://127.0.0.1:{port}/_stcore/health") != "ok":
                assert server.poll() is None, (tmp_path / "ui.log").read_text()
                assert time.monotonic() < until, "the page did not come up"
                time.sleep(0.2)
            assert "<title>" in (answered(f"http://127.0.0.1:{port}/") or "")
            foreign = {"Host": "evil.example", "Origin": "http://evil.example"}
            own = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}"}
            assert first_line(port, "/", own) == "HTTP/1.1 200 OK"
            assert first_line(port, "/", foreign).startswith("HTTP/1.1 400")
            assert first_line(port, "/_stcore/metrics", own).startswith("HTTP/1.1 404")
            assert first_line(port, "/_stcore/stream", {**own, **SOCKET}).startswith("HTTP/1.1 101")
            for wrong in (foreign, {**own, "Origin": "http://evil.example"}):
                assert first_line(port, "/_stcore/stream", {**wrong, **SOCKET}).startswith("HTTP/1.1 403")
            server.send_signal(signal.SIGTERM)
            assert server.wait(60) in (0, -signal.SIGTERM)
        finally:
            server.kill()
            server.wait()
    assert answered(f"http://127.0.0.1:{port}/_stcore/health") is None
    assert "Traceback" not in (tmp_path / "ui.log").read_text()


def test_the_screens_of_a_book_that_is_not_there_say_what_to_do(tmp_path):
    done = run("ui", "--port", str(free_port()), url=f"sqlite:///{tmp_path / 'none.sqlite'}", folder=tmp_path)
    assert done.returncode == 4
    assert "fof init" in done.stderr


def test_every_exit_code_of_a_book_by_itself(tmp_path):
    """init twice, a question the empty book cannot answer, a damaged book, our own fault."""
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    assert run("init", url=url, folder=tmp_path).returncode == 0
    again = run("init", url=url, folder=tmp_path)
    assert (again.returncode, again.stdout) == (0, "")
    assert "就绪" in again.stderr
    assert run("verify", url=url, folder=tmp_path).returncode == 0
    assert run("performance", url=url, folder=tmp_path).returncode == 2
    assert run("performance", "--as-of", "2026-02-30", url=url, folder=tmp_path).returncode == 2
    (tmp_path / "own.sqlite").write_bytes(b"no book at all" * 400)
    damaged = run("verify", url=url, folder=tmp_path)
    assert (damaged.returncode, "Traceback" in damaged.stderr) == (3, False)
    for command in ("performance", "init"):
        broken = run(command, url=url, folder=tmp_path)
        assert (broken.returncode, broken.stdout) == (4, "")
        assert "不是账本，或已损坏" in broken.stderr
        assert "Traceback" not in broken.stderr


HEAVY = (
    "alembic",
    "importlib.resources",
    "numba",
    "numpy.ma",
    "pandas",
    "pydantic",
    "sqlalchemy",
    "streamlit",
)


def test_commitments_are_printed_without_what_they_do_not_need(book, tmp_path):
    """Each of them would cost more than the figure: a process that prints one reads numpy and typer only."""
    script = (
        "import sys\nfrom fof.cli import main\n"
        "code = main(['commitments', '--as-of', '2026-09-30', '--unit', '亿元', '--lang', 'en'])\n"
        f"print(code, sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(book, tmp_path),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr.strip() == "0 []"
    assert "100m yuan" in done.stdout
