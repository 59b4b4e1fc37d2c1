"""The guidance-fund audit of the demo office: one date, and 40 quarter-ends, both from a journal just read.

Nothing is kept from call to call: every call reads the rows, indexes the book, gathers facts and judges every rule.
The yardstick is one date; the budget of 40 quarter-ends is ten times as much. "asked again" is one further date of a
book that is known, which is what a page pays.
"""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from pathlib import Path

from benchmarks import harness
from fof import audit, ledger, seeding
from fof.access import LOCAL
from fof.db import Database
from fof.ledger import Journal
from fof.rules.registry import RULES
from fof.stakes import quarter_ends

LAST = dt.date(2026, 9, 30)


def main() -> None:
    days = quarter_ends(dt.date(2016, 10, 1), LAST)[-max(2, int(40 * harness.scale())) :]
    with tempfile.TemporaryDirectory() as folder:
        book = Database(f"sqlite:///{Path(folder) / 'demo.sqlite'}")
        book.init()
        seeding.seed_demo(book, LOCAL)
        known = ledger.read(book)
        audit.guidance(known.view(LAST))
        others = itertools.cycle(LAST - dt.timedelta(days=n) for n in range(1, 400))

        def audited(wanted: list[dt.date]) -> int:
            journal = Journal(book).refresh()
            return sum(len(found.findings) for found in audit.over_time(journal, wanted))

        rows = harness.run(
            "rules_audit",
            {
                "one date": (lambda: audited([LAST]), 1),
                f"{len(days)} quarter-ends": (lambda: audited(days), len(days)),
                "one more date of a known book": (
                    lambda: len(audit.guidance(known.view(next(others))).findings),
                    1,
                ),
            },
            size={"entries": known.head, "rules": len(RULES), "dates": len(days)},
            unit="date",
            n=1,
            vers=("numpy", "sqlalchemy"),
            check=lambda _, found: {"findings": found},
        )
        one, many = rows["one date"], rows[f"{len(days)} quarter-ends"]
        if "seconds" in one and "seconds" in many:
            harness.emit(
                workload="rules_audit",
                peer=f"{len(days)} dates over one",
                ratio=many["seconds"] / one["seconds"],
                budget=10.0,
            )
        book.close()


if __name__ == "__main__":
    main()
