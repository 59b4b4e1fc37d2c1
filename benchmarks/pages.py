"""What a page of ours costs after a filter change, beside an empty page of the same framework in the same run.

Two servers on loopback: one serves a page of three texts (the floor), one our screens over the demo office. A client
speaks the framework's own protocol over a websocket; a rerun is timed from the request until the server reports the script
finished, bytes are the websocket bytes of that rerun. Every rerun of ours moves the as-of day, so nothing is answered from
the last one. Twenty sessions at once are then asked in turn for the 95th percentile and the server's memory.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks import harness

ROOT = Path(__file__).resolve().parents[1]
EMPTY = 'import streamlit as st\nst.title("t")\nst.write("a")\nst.write("b")\n'
PAGES = ("", "commitments", "fund", "lookthrough", "positions", "journal")
DAYS = [f"20{year}-{month}" for year in range(18, 26) for month in ("03-31", "06-30", "09-30", "12-31")]
SESSIONS = 20


@contextmanager
def server(folder: Path, script: Path, **environment: str) -> Iterator[tuple[int, int]]:
    """The framework serving a script: (port, process id)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", "--server.address=127.0.0.1",
         "--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"],
        cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(600):
            with (
                suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1),
            ):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


class Session:
    """One browser tab's worth of conversation with a server."""

    def __init__(self, port: int, page: str) -> None:
        self.port, self.page, self.socket = port, page, None

    async def open(self) -> Session:
        import websockets

        self.socket = await websockets.connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream", max_size=None, subprotocols=["streamlit"],
            origin=f"http://127.0.0.1:{self.port}",
        )  # fmt: skip
        return self

    async def rerun(self, query: str) -> tuple[float, int, int]:
        """(seconds, bytes, exceptions shown) of one rerun."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = self.page
        start, size, broken = time.perf_counter(), 0, 0
        await self.socket.send(message.SerializeToString())
        while True:
            answer = await asyncio.wait_for(self.socket.recv(), 120)
            size += len(answer)
            forward = ForwardMsg()
            forward.ParseFromString(answer)
            kind = forward.WhichOneof("type")
            if kind == "delta" and forward.delta.WhichOneof("type") == "new_element":
                broken += forward.delta.new_element.WhichOneof("type") == "exception"
            if kind == "script_finished":
                return time.perf_counter() - start, size, broken

    async def close(self) -> None:
        await self.socket.close()


def resident(pid: int) -> int:
    """Bytes of memory a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def demo_book(folder: Path) -> str:
    """Address of a fresh demo office with the disclosed positions."""
    from fof import seeding
    from fof.access import LOCAL
    from fof.db import Database

    book = Database(f"sqlite:///{folder / 'demo.sqlite'}")
    book.init()
    seeding.seed_demo(book, LOCAL)
    seeding.seed_pensions(book, LOCAL)
    book.close()
    return f"sqlite:///{folder / 'demo.sqlite'}"


async def measure(floor_port: int, our_port: int, our_pid: int, label: str) -> None:
    rounds = max(harness.rounds_wanted(), 9)
    for page in PAGES:
        floor, ours = await Session(floor_port, "").open(), await Session(our_port, page).open()
        first = (await ours.rerun("as_of=2026-09-30"))[0]
        await floor.rerun("")
        pairs: list[tuple[float, float]] = []
        sizes: list[int] = []
        broken = 0
        for i in range(rounds):
            base = (await floor.rerun(""))[0]
            seconds, size, bad = await ours.rerun(f"as_of={DAYS[-1 - i % len(DAYS)]}")
            pairs.append((base, seconds))
            sizes.append(size)
            broken += bad
        await floor.close()
        await ours.close()
        harness.emit(
            workload="pages", peer=f"{label}: {page or 'overview'}", size={"rounds": rounds}, unit="rerun", n=1,
            seconds=round(statistics.median(b for _, b in pairs), 4), floor_seconds=round(statistics.median(a for a, _ in pairs), 4),
            ratio_to_empty_page=round(statistics.median(b / a for a, b in pairs), 2), bytes=max(sizes), first_seconds=round(first, 3),
            exceptions=broken,
        )  # fmt: skip
    await crowd(our_port, our_pid, label)


async def crowd(port: int, pid: int, label: str) -> None:
    """p95 of twenty sessions that ask one after another without waiting for the others, against one session alone."""
    alone = await Session(port, "").open()
    await alone.rerun("")
    one = [(await alone.rerun(f"as_of={day}"))[0] for day in DAYS[-9:]]
    await alone.close()
    sessions = [await Session(port, PAGES[i % len(PAGES)]).open() for i in range(SESSIONS)]
    await asyncio.gather(*(s.rerun("") for s in sessions))

    async def visit(session: Session, offset: int) -> list[float]:
        times = []
        for i in range(5):
            await asyncio.sleep(1.0 + 0.1 * (offset % 10))  # a person reads before the next click
            times.append((await session.rerun(f"as_of={DAYS[(offset + i) % len(DAYS)]}"))[0])
        return times

    every = sorted(
        t for times in await asyncio.gather(*(visit(s, i) for i, s in enumerate(sessions))) for t in times
    )
    for session in sessions:
        await session.close()
    p95 = every[int(0.95 * len(every)) - 1]
    harness.emit(
        workload="pages", peer=f"{label}: {SESSIONS} sessions", size={"sessions": SESSIONS}, unit="rerun", n=1, seconds=round(p95, 4),
        p95_to_one_session=round(p95 / statistics.median(one), 2), memory_mib=resident(pid) // 2**20,
    )  # fmt: skip


def main() -> None:
    """Demo office: every page against the empty page."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "empty.py").write_text(EMPTY)
        url = demo_book(folder)
        environment: dict[str, Any] = {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": str(folder)}
        floor_port, _ = stack.enter_context(server(folder, folder / "empty.py"))
        our_port, our_pid = stack.enter_context(server(ROOT, ROOT / "app.py", **environment))
        asyncio.run(measure(floor_port, our_port, our_pid, "demo office"))


if __name__ == "__main__":
    main()
