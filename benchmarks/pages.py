"""What a page of ours costs after a filter change, beside an empty page in the same run.

Servers on loopback: an empty page (a title and two texts) as the framework serves it (`streamlit run`), the same empty page
on our own server (`fof ui`: small messages sent at once, no collection of garbage after each run), and our screens over a
book. A client speaks the framework's own protocol over a websocket; a rerun is timed from the request until the server
reports the script finished, bytes are the websocket bytes of that rerun. Rounds are interleaved: one rerun of each server.
Every rerun of ours moves the as-of day to one that no page has shown before, so nothing is answered from memory.

ratio_to_empty_page    ours to the framework's empty page: the budget. That floor holds 40 ms of delayed acknowledgement and
                       a full garbage collection, which our server does without
ratio_to_bare_floor    ours to the empty page on our own server, where neither is on either side: the harder comparison

complete_seconds       until the findings of a page that checks in the background stand there too (compliance, evaluation)

Books: the demo office, and an office of 200 sub-funds x 5,000 companies x 1,000,000 postings (BENCH_SCALE shrinks it).
Twenty sessions then visit all pages, each with its own days, and wait 1 to 1.9 s between two; their 95th percentile is
compared with the 95th percentile of one session that visits the same pages alone before.

memory_mib             of all processes of the server: the proportional share that the system states of each, so that what
                       they share counts once; resident_mib: what each holds, added up, shared or not
server_seconds         processor time of all processes of the server while the twenty sessions are there, and client_seconds
                       of the client, which sits on the same machine

`python -m benchmarks.pages --crowd URL` lets the twenty sessions alone visit a book that is there already, `--rounds` times.
"""

from __future__ import annotations

import argparse
import asyncio
import calendar
import itertools
import os
import random
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

from benchmarks import harness, large_office

ROOT = Path(__file__).resolve().parents[1]
EMPTY = 'import streamlit as st\nst.title("t")\nst.write("a")\nst.write("b")\n'
PAGES = (
    "",
    "commitments",
    "fund",
    "lookthrough",
    "positions",
    "operations",
    "compliance",
    "evaluation",
    "intake",
    "journal",
)
SESSIONS, VISITS = 20, 5


def fresh_days() -> Iterator[str]:
    """Days of twelve years in an order of their own, none of them twice."""
    days = [
        f"{year}-{month:02d}-{day:02d}"
        for year in range(2014, 2026)
        for month in range(1, 13)
        for day in range(1, calendar.monthrange(year, month)[1] + 1)
    ]
    random.Random(9001).shuffle(days)
    return iter(days)


@contextmanager
def server(program: list[str], folder: Path, **environment: str) -> Iterator[tuple[int, int, float]]:
    """A server of pages: (port, process id, seconds until it answered). `{port}` in the program is its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *(word.format(port=port) for word in program)],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(6000):
            assert process.poll() is None, "the server ended"
            with (
                suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1),
            ):
                break
            time.sleep(0.05)
        yield port, process.pid, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(20)


def framework(script: Path) -> list[str]:
    """The framework's own command."""
    return [
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port={port}",
        "--server.address=127.0.0.1",
        "--server.headless=true",
        "--browser.gatherUsageStats=false",
        "--server.fileWatcherType=none",
    ]


def ours(script: Path = ROOT / "app.py") -> list[str]:
    """What `fof ui` runs."""
    return ["-m", "fof.ui.server", "--port={port}", f"--script={script}"]


class Session:
    """One browser tab's worth of conversation with a server."""

    def __init__(self, port: int, page: str) -> None:
        self.port, self.page, self.socket, self.working = port, page, None, False

    async def open(self) -> Session:
        import websockets

        self.socket = await websockets.connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            max_size=None,
            subprotocols=["streamlit"],
            origin=f"http://127.0.0.1:{self.port}",
        )
        return self

    async def rerun(self, query: str) -> tuple[float, int, int]:
        """(seconds, bytes, exceptions shown) of one rerun. `working`: the page said that its findings are still to come.

        A run that ends so that the next begins is a part of it: who went on there would count the rest with the next rerun."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = self.page
        start, size, broken = time.perf_counter(), 0, 0
        self.working = False
        await self.socket.send(message.SerializeToString())
        while True:
            answer = await asyncio.wait_for(self.socket.recv(), 120)
            size += len(answer)
            forward = ForwardMsg()
            forward.ParseFromString(answer)
            kind = forward.WhichOneof("type")
            if kind == "delta" and forward.delta.WhichOneof("type") == "new_element":
                element = forward.delta.new_element
                broken += _is_fault(element)
                self.working |= element.WhichOneof("type") == "alert" and "hourglass" in element.alert.icon
            if kind == "script_finished" and forward.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return time.perf_counter() - start, size, broken

    async def answered(self, query: str) -> tuple[float, int]:
        """(seconds until the page has everything, bytes of that answer); asked again as its own refresh does."""
        start, size = time.perf_counter(), 0
        while self.working:
            await asyncio.sleep(0.25)
            _, size, _ = await self.rerun(query)
        return time.perf_counter() - start, size

    async def close(self) -> None:
        await self.socket.close()


def _is_fault(element: Any) -> bool:
    """Whether an element says that the page failed: the framework's box, or ours (fof.ui.frame)."""
    kind = element.WhichOneof("type")
    return bool(kind == "exception" or (kind == "alert" and "bug_report" in element.alert.icon))


_TICK = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all that it started, and these."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = {int(child) for task in tasks for child in (task / "children").read_text().split()}
    return [pid, *(one for child in sorted(children) for one in family(child))]


def memory(pid: int) -> int:
    """Bytes that a server's processes hold; pages that several of them share count once."""
    return sum(_stated(one, "Pss") for one in family(pid))


def resident(pid: int) -> int:
    """Bytes that a server's processes hold, each with what it shares."""
    return sum(_stated(one, "Rss") for one in family(pid))


def _stated(pid: int, what: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(f"{what}:")).split()[1])


def spent(pid: int) -> float:
    """Processor seconds of a process so far."""
    stated = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stated[11]) + int(stated[12])) / _TICK


def spent_by(pid: int) -> float:
    """Processor seconds of a server's processes so far."""
    return sum(spent(one) for one in family(pid))


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


async def measure(floor: int, bare: int, port: int, pid: int, label: str) -> None:
    """Every page of one book, then the crowd."""
    rounds = max(harness.rounds_wanted(), 3)
    days = fresh_days()
    for page in PAGES:
        names = ((floor, ""), (bare, ""), (port, page))
        sessions = [await Session(number, name).open() for number, name in names]
        first = (await sessions[2].rerun(f"as_of={next(days)}"))[0]
        for session in sessions[:2]:
            await session.rerun("")
        times: list[tuple[float, float, float]] = []
        whole: list[float] = []
        sizes, broken = [0], 0
        for _ in range(rounds):
            base, same = (await sessions[0].rerun(""))[0], (await sessions[1].rerun(""))[0]
            query = f"as_of={next(days)}"
            seconds, size, bad = await sessions[2].rerun(query)
            times.append((base, same, seconds))
            later, more = await sessions[2].answered(query)
            whole.append(seconds + later)
            sizes += [size, more]
            broken += bad
        for session in sessions:
            await session.close()
        harness.emit(
            workload="pages",
            peer=f"{label}: {page or 'overview'}",
            size={"rounds": rounds},
            unit="rerun",
            n=1,
            seconds=round(statistics.median(t for _, _, t in times), 4),
            floor_seconds=round(statistics.median(b for b, _, _ in times), 4),
            bare_floor_seconds=round(statistics.median(b for _, b, _ in times), 4),
            ratio_to_empty_page=round(statistics.median(t / b for b, _, t in times), 2),
            ratio_to_bare_floor=round(statistics.median(t / b for _, b, t in times), 2),
            complete_seconds=round(statistics.median(whole), 3),
            bytes=max(sizes),
            first_seconds=round(first, 3),
            exceptions=broken,
        )
    await crowd(port, pid, label, days)


def p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times)) - 1]


async def crowd(port: int, pid: int, label: str, days: Iterator[str]) -> None:
    """95th percentile of twenty sessions over all pages, against that of one session over the same pages alone."""
    alone = []
    for page in PAGES * 2:
        session = await Session(port, page).open()
        await session.rerun(f"as_of={next(days)}")
        alone.append((await session.rerun(f"as_of={next(days)}"))[0])
        await session.close()
    sessions = [
        await Session(port, page).open() for page in itertools.islice(itertools.cycle(PAGES), SESSIONS)
    ]
    await asyncio.gather(*(s.rerun("") for s in sessions))
    server_before, client_before = spent_by(pid), time.process_time()

    async def visit(session: Session, offset: int) -> list[float]:
        times = []
        for _ in range(VISITS):
            await asyncio.sleep(1.0 + 0.1 * (offset % 10))  # a person reads before the next click
            times.append((await session.rerun(f"as_of={next(days)}"))[0])
        return times

    every = [
        t for times in await asyncio.gather(*(visit(s, i) for i, s in enumerate(sessions))) for t in times
    ]
    server_seconds, client_seconds = spent_by(pid) - server_before, time.process_time() - client_before
    for session in sessions:
        await session.close()
    harness.emit(
        workload="pages",
        peer=f"{label}: {SESSIONS} sessions",
        size={"sessions": SESSIONS},
        unit="rerun",
        n=1,
        seconds=round(p95(every), 4),
        alone_seconds=round(p95(alone), 4),
        p95_to_one_session=round(p95(every) / p95(alone), 2),
        median_to_one_session=round(statistics.median(every) / statistics.median(alone), 2),
        server_seconds=round(server_seconds, 2),
        client_seconds=round(client_seconds, 2),
        memory_mib=memory(pid) // 2**20,
        resident_mib=resident(pid) // 2**20,
    )


def office(folder: Path, label: str, url: str) -> None:
    """One book behind our screens, beside the two empty pages."""
    (folder / "empty.py").write_text(EMPTY)
    book: dict[str, Any] = {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": str(folder)}
    with ExitStack() as stack:
        floor, *_ = stack.enter_context(server(framework(folder / "empty.py"), folder))
        bare, *_ = stack.enter_context(server(ours(folder / "empty.py"), folder, **book))
        port, pid, begun = stack.enter_context(server(ours(), folder, **book))

        async def first() -> float:
            session = await Session(port, "").open()
            seconds = (await session.rerun(""))[0]
            await session.close()
            return seconds

        harness.emit(
            workload="pages",
            peer=f"{label}: start",
            size={},
            unit="start",
            n=1,
            seconds=round(begun, 2),
            first_page_seconds=round(asyncio.run(first()), 3),
        )
        asyncio.run(measure(floor, bare, port, pid, label))


def main() -> None:
    """Every page over the demo office and over the large one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office(folder, "demo office", demo_book(folder))
        size = large_office.build(folder / "large.sqlite", harness.scale())
        label = f"{size['funds']} funds, {size['companies']} companies, {size['postings']:,} postings"
        office(folder, label, f"sqlite:///{folder / 'large.sqlite'}")


def crowd_alone(url: str, rounds: int) -> None:
    """The twenty sessions over a book that is there already, as often as asked; every page is shown once before."""

    async def visits(port: int, pid: int) -> None:
        days = fresh_days()
        for page in PAGES:
            session = await Session(port, page).open()
            query = f"as_of={next(days)}"
            await session.rerun(query)
            await session.answered(query)
            await session.close()
        for turn in range(rounds):
            await crowd(port, pid, f"round {turn + 1}", days)

    with tempfile.TemporaryDirectory() as name:
        book = {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": name}
        with server(ours(), Path(name), **book) as (port, pid, _begun):
            asyncio.run(visits(port, pid))


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=main.__doc__)
    parser.add_argument(
        "--crowd", metavar="URL", help="only the twenty sessions, over the book of this address"
    )
    parser.add_argument("--rounds", type=int, default=2, help="how often they come")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = _chosen()
    if chosen.crowd:
        crowd_alone(chosen.crowd, chosen.rounds)
    else:
        main()
