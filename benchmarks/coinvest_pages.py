"""What the pages of co-investment cost over the book of a large institution, measured as benchmarks.pages measures those of an office.

Servers on loopback: the framework's empty page, the same on our own server, and our screens over the book; a client speaks the
framework's protocol. A page is first drawn until what it computes beside itself is there; each rerun then has another unit of
money in the header, a filter change after which everything on the page is formatted anew. Rounds are interleaved: one rerun of each.

milliseconds           of ours, until the server says that the script finished (budget: at most 3x the framework's empty page)
bytes                  of that rerun over the websocket (budget: 100 KB)
complete_seconds       until the page has everything for the first time
processor_milliseconds of our server for a rerun, whatever others do on the machine
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.pages import EMPTY, Session, framework, ours, server, spent

PAGES = ("coinvest", "people", "requests", "sampling")
UNITS = ("元", "万元", "亿元")
AT_MOST = 240.0
"""Seconds in which what a page computes beside itself must be there."""

Row = dict[str, Any]


async def one_page(page: str, floor: int, bare: int, port: int, process: int, rounds: int) -> Row:
    """A page beside the two empty ones."""
    names = ((floor, ""), (bare, ""), (port, page))
    theirs, same, own = [await Session(number, name).open() for number, name in names]
    begun = time.perf_counter()
    await own.rerun("")
    while own.working and time.perf_counter() - begun < AT_MOST:
        await asyncio.sleep(1.0)
        await own.rerun("")
    complete = time.perf_counter() - begun
    if own.working:
        return {"page": page, "error": f"not there after {AT_MOST:.0f} s"}
    for session in (theirs, same):
        await session.rerun("")
    await own.rerun(f"unit={UNITS[-1]}")
    times: list[tuple[float, float, float]] = []
    sizes, broken, processor = [0], 0, 0.0
    for n in range(rounds):
        base, near = (await theirs.rerun(""))[0], (await same.rerun(""))[0]
        before = spent(process)
        seconds, size, bad = await own.rerun(f"unit={UNITS[n % len(UNITS)]}")
        processor += spent(process) - before
        times.append((base, near, seconds))
        sizes.append(size)
        broken += bad
    for session in (theirs, same, own):
        await session.close()
    return {
        "page": page,
        "milliseconds": statistics.median(t for *_, t in times) * 1e3,
        "empty_milliseconds": statistics.median(b for b, *_ in times) * 1e3,
        "bare_milliseconds": statistics.median(b for _, b, _ in times) * 1e3,
        "ratio_to_empty_page": statistics.median(t / b for b, _, t in times),
        "ratio_to_bare_floor": statistics.median(t / b for _, b, t in times),
        "processor_milliseconds": processor / rounds * 1e3,
        "bytes": max(sizes),
        "complete_seconds": complete,
        "exceptions": broken,
    }


def measured(url: str, rounds: int) -> list[Row]:
    """Each page beside the empty ones."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        (folder / "empty.py").write_text(EMPTY)
        book = {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": name, "FOF_LANG": "zh"}
        floor, *_ = stack.enter_context(server(framework(folder / "empty.py"), folder))
        bare, *_ = stack.enter_context(server(ours(folder / "empty.py"), folder, **book))
        port, process, _ = stack.enter_context(server(ours(), folder, **book))
        return [asyncio.run(one_page(page, floor, bare, port, process, max(rounds, 3))) for page in PAGES]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
