"""The guidance-fund audit of the demo office, from a journal just read and of a book that is known.

Nothing is kept from call to call of the first two cases: every call reads the rows, indexes the book, gathers facts and
judges every rule; within the 40 dates the book, its facts that hold on several days and the answers about deals are
shared, as they are for anybody who asks for several dates. The yardstick is one date (budget one second); the budget of
40 quarter-ends is ten times as much, and where one date gets faster they must follow. "one more date" is what a page
pays after the as-of day moved; "since when" is one date with the quarter-end found at which every breach, warning and
unknown began, which is what the command of the queue pays besides starting.
The garbage collector waits inside an audit and is switched on again after it (fof.audit.collector); what it then has to
do is part of the time of a later case.
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
from fof.rules.calendar_days import quarter_ends
from fof.rules.registry import RULES

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

        def queue() -> int:
            view = Journal(book).refresh().view(LAST)
            return sum(f.since is not None for f in audit.with_since(view, audit.guidance(view)).findings)

        rows = harness.run(
            "rules_audit",
            {
                "one date": (lambda: audited([LAST]), 1),
                f"{len(days)} quarter-ends": (lambda: audited(days), len(days)),
                "one date, since when": (queue, 1),
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
