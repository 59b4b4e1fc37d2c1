"""The screens over any book, each in a process of its own that begins as a copy of one in which the program is loaded.

Loading takes four seconds of processor time, a copy a tenth of one. What a start by itself does is held by
tests/test_fof_ui_server.py. Run as a program this file is the loaded process: a line of JSON for each copy.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import time
import traceback
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Loaded:
    """The process from which servers are copied."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._ports: list[int] = []
        """Of servers that have ended: a browser knows the scripts of an address that it has seen."""

    @contextlib.contextmanager
    def serving(self, url: str, folder: Path) -> Iterator[str]:
        """The screens on a free port over the given book; gives the address."""
        port = self._ports.pop() if self._ports else free_port()
        log = folder / f"server-{port}.log"
        own = {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": str(folder), "FOF_LANG": "zh"}
        number = int(self._asked({"port": port, "log": str(log), "environment": {**os.environ, **own}}))
        try:
            deadline = time.monotonic() + 90
            while True:
                with (
                    contextlib.suppress(OSError),
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1),
                ):
                    break
                assert time.monotonic() < deadline, f"the page did not come up: {log.read_text()}"
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port}"
        finally:
            self._asked({"end": number})
            self._ports.append(port)

    def _asked(self, question: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the loaded process has ended"
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# -- the loaded process -----------------------------------------------------------------------------------------------


def load() -> None:
    """What every page needs, and nothing that belongs to a book; no thread is left, so that the process may be copied."""
    import uvicorn  # noqa: F401

    import fof.ui
    from valuation.warmup import warm

    for module in pkgutil.walk_packages(fof.ui.__path__, "fof.ui."):
        if not module.name.startswith("fof.ui.pages"):
            importlib.import_module(module.name)
    warm()
    gc.collect()
    gc.freeze()


def copied(question: dict[str, Any]) -> int:
    """Start a server as a copy of this process; its number."""
    number = os.fork()
    if number:
        return number
    try:
        with open(question["log"], "w") as log, open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        os.environ.clear()
        os.environ.update(question["environment"])
        from streamlit import config

        from fof.ui import server

        config.set_option("server.port", question["port"])
        listening = server.bound(server.ADDRESS, question["port"])
        server.serve(listening, browser=False, script=ROOT / "app.py")
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def answer() -> None:
    running = set()
    for line in sys.stdin:
        question = json.loads(line)
        if "end" in question:
            os.kill(question["end"], signal.SIGKILL)
            os.waitpid(question["end"], 0)
            running.discard(question["end"])
            print("ended", flush=True)
        else:
            number = copied(question)
            running.add(number)
            print(number, flush=True)
    for number in running:
        os.kill(number, signal.SIGKILL)


if __name__ == "__main__":
    load()
    answer()
