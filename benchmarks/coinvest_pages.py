"""What the pages of co-investment cost over the book of a large institution, beside an empty page drawn likewise.

Drawn inside this process, without browser and server: what is timed is the processor time of a script and of the messages it
makes, in rounds of one rerun of each. A page is first drawn until what it computes beside itself is there; each rerun then has
another unit of money in the header, a filter change after which everything on the page is formatted anew.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
EMPTY = 'import streamlit as st\nst.title("t")\nst.write("a")\nst.write("b")\n'
PAGES = ("coinvest", "people", "requests", "sampling")
UNITS = ("元", "万元", "亿元")
AT_MOST = 240.0
"""Seconds in which what a page computes beside itself must be there."""

Row = dict[str, Any]


def drawn(page: str, **query: str) -> tuple[AppTest, float]:
    """A page when all of it stands there, or waits for too long, and the seconds that took."""
    begun = time.perf_counter()
    app = AppTest.from_file(ROOT / "app.py", default_timeout=AT_MOST)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(f"fof/ui/pages/{page}.py").run()
    while not app.exception and waits(app) and time.perf_counter() - begun < AT_MOST:
        time.sleep(1.0)
        app.run()
    assert not app.exception, app.exception
    return app, time.perf_counter() - begun


def waits(app: AppTest) -> bool:
    """Whether a page says that something is still computed."""
    return any(":material/hourglass_top:" in (one.icon or "") for one in app.info)


def rerun(app: AppTest, **query: str) -> float:
    """Processor seconds of a rerun."""
    for name, value in query.items():
        app.query_params[name] = value
    begun = time.process_time()
    app.run()
    return time.process_time() - begun


def measured(url: str, rounds: int) -> list[Row]:
    """Each page beside the empty one."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": folder, "FOF_LANG": "zh"}
        empty = AppTest.from_string(EMPTY)
        empty.run()
        rows = []
        for page in PAGES:
            app, complete = drawn(page)
            if waits(app):
                rows.append({"page": page, "error": f"not there after {AT_MOST:.0f} s"})
                continue
            rerun(empty), rerun(app, unit=UNITS[1])
            ours, floor = [], []
            for n in range(rounds):
                ours.append(rerun(app, unit=UNITS[n % len(UNITS)]))
                floor.append(rerun(empty))
            own, bare = statistics.median(ours), statistics.median(floor)
            rows.append(
                {
                    "page": page,
                    "milliseconds": own * 1e3,
                    "empty_milliseconds": bare * 1e3,
                    "ratio_to_empty_page": own / bare,
                    "complete_seconds": complete,
                }
            )
        return rows


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
