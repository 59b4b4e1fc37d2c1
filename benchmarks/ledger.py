"""The journal on its real schema, all checks and leaf hashes on, beside bare tables and plain-text ledgers.

import    BENCH_SCALE x 1,000,000 postings in notices of ten (drafts made beforehand), one booking, one transaction,
          cash of every fund kept; against sqlite3.executemany and SQLAlchemy Core of the bare rows, nothing hashed
          or checked
as-of     balance of every (fund, investor) pair on a day: warm, right after a back-dated posting, right after a
          reversal, with a tenth of the rows; against the same sums by a SQLite scan
quarters  committed, paid-in and distributed of every fund at 60 quarter ends against one as-of query of the same
cold      a fresh process to its first balances, derived copy in place; against `ledger` on the same postings as text
verify    every record, leaf and balance recomputed, references, guards, the engine's own check
size      database, derived copy and peak memory of processes of their own

The workload is `workloads.transactions`: 200 funds, 50 investors, 15 years; a call, a fee inside commitment, a gain or
an income for each row. One unit is one posting, or one question.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks import harness, workloads
from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.ledger.verify import verify
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Fact, Party, Posting

FUNDS, INVESTORS, A_NOTICE = 200, 50, 10
INCEPTION = dt.date(2009, 1, 1)
KINDS = (K.CALL_INVESTMENT, K.DISTRIBUTION_GAIN, K.CALL_FEE_INSIDE, K.DISTRIBUTION_INCOME)
NAMES = ("entry", "line", "kind", "from_party", "to_party", "fund", "deal", "loan", "fen")
LAST = workloads.DAY0 + 5475


def office() -> list[ledger.Draft]:
    """Investors 1 … 50 and funds 51 … 250 whose cash is kept; every pair has promised and paid in a large sum."""
    investors, funds = range(1, INVESTORS + 1), range(INVESTORS + 1, INVESTORS + FUNDS + 1)
    rows: list[Any] = [Party(i, f"LP{i:02d}", "social_investor") for i in investors]
    rows += [Party(f, f"F{f:03d}", "sub_fund") for f in funds]
    rows += [Fact(f, None, "cash_kept", "yes") for f in funds]
    rows += [Fact(f, None, "established_on", INCEPTION.isoformat()) for f in funds]
    drafts = [ledger.Draft(EntryKind.PARTIES, INCEPTION, "office", b"", rows=rows)]
    for what, kind, fen in (
        (EntryKind.COMMITMENT, K.COMMITMENT, 10**14),
        (EntryKind.CALL_PAYMENT, K.CALL_INVESTMENT, 10**12),
    ):
        for f in funds:
            postings = [Posting(kind, i, f, f, None, None, fen) for i in investors]
            drafts.append(ledger.Draft(what, INCEPTION, f"{kind.name}{f}", b"", postings))
    return drafts


def notices(postings: int) -> list[ledger.Draft]:
    """The workload's rows, ten to an entry, each entry on the day of its first row."""
    x = workloads.transactions(postings, funds=FUNDS, lps=INVESTORS)
    kinds = np.array([int(k) for k in KINDS])[x["kind"]]
    fund, investor = x["fund"] + INVESTORS + 1, x["lp"] + 1
    out = np.isin(kinds, (int(K.DISTRIBUTION_GAIN), int(K.DISTRIBUTION_INCOME)))
    columns = (kinds, np.where(out, fund, investor), np.where(out, investor, fund), fund, np.abs(x["fen"]))
    rows = [
        Posting(k, a, b, f, None, None, fen)
        for k, a, b, f, fen in zip(*(c.tolist() for c in columns), strict=True)
    ]
    days = [ledger.to_date(d) for d in x["day"][::A_NOTICE].tolist()]
    return [
        ledger.Draft(EntryKind.CALL_PAYMENT, day, f"n{n}", b"", rows[n * A_NOTICE : (n + 1) * A_NOTICE])
        for n, day in enumerate(days)
    ]


def booked(database: Database, drafts: list[ledger.Draft]) -> None:
    ledger.book(database, LOCAL, lambda _view, _ids: ledger.Plan(list(drafts)))


def empty_book(path: Path) -> Path:
    """An initialised book that holds the office."""
    database = Database(f"sqlite:///{path}")
    database.init()
    booked(database, office())
    database.close()
    return path


# -- import ---------------------------------------------------------------------------------------------------------


def imports(folder: Path, drafts: list[ledger.Draft]) -> None:
    rows = [(n, line, *p) for n, d in enumerate(drafts, 1) for line, p in enumerate(d.postings, 1)]
    dicts = [dict(zip(NAMES, row, strict=True)) for row in rows[: len(rows) // 5]]
    start = empty_book(folder / "start.sqlite")
    table = sa.Table("posting", sa.MetaData(), *(sa.Column(n, sa.BigInteger) for n in NAMES))

    def fresh(name: str) -> Path:
        for old in folder.glob(f"{name}*"):
            old.unlink()
        return folder / name

    def executemany() -> None:
        connection = sqlite3.connect(fresh("bare.sqlite"))
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"CREATE TABLE posting ({', '.join(f'{n} INTEGER' for n in NAMES)})")
        with connection:
            connection.executemany("INSERT INTO posting VALUES (?,?,?,?,?,?,?,?,?)", rows)
        connection.close()

    def core() -> None:
        engine = sa.create_engine(f"sqlite:///{fresh('core.sqlite')}")
        table.create(engine)
        with engine.begin() as connection:
            connection.execute(sa.insert(table), dicts)
        engine.dispose()

    def ours() -> None:
        shutil.copy(start, fresh("book.sqlite"))
        database = Database(f"sqlite:///{folder / 'book.sqlite'}")
        booked(database, drafts)
        database.close()

    harness.run(
        "ledger import",
        {
            "sqlite3.executemany, bare rows": executemany,
            "SQLAlchemy Core, bare rows (a fifth)": (core, len(dicts)),
            "ours: checks, hashes, triggers": ours,
        },
        size={"postings": len(rows), "entries": len(drafts)},
        unit="posting",
        n=len(rows),
        vers=("sqlalchemy",),
    )


PEAK = """
def peak():  # of this program alone; getrusage would tell the peak of the process it was forked from
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
"""
ALONE = f"""{PEAK}
import sys
from pathlib import Path
from benchmarks.ledger import booked, empty_book, notices
from fof.db import Database
path, postings = Path(sys.argv[1]), int(sys.argv[2])
drafts = notices(postings)
before = peak()
booked(Database("sqlite:///" + str(empty_book(path))), drafts)
print(before, peak())
"""
READING = f"""{PEAK}
import sys
from fof import ledger
from fof.db import Database
balances = ledger.read(Database("sqlite:///" + sys.argv[1])).balances()
for _ in range(2):
    balances.at("paid_in", 20000)
print(peak())
"""


def alone(program: str, *arguments: object) -> list[int]:
    """Whole numbers printed by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return [int(word) for word in done.stdout.split()]


def sizes(folder: Path, postings: int) -> None:
    path = folder / "alone.sqlite"
    drafts, booking = alone(ALONE, path, postings)
    [from_rows], [from_copy] = alone(READING, path), alone(READING, path)
    copy = path.with_name(f"{path.name}.columns")
    million = 1e6 / postings / 2**20
    harness.emit(
        workload="ledger size",
        peer="ours",
        size={"postings": postings},
        unit="posting",
        n=postings,
        database_mib_per_million=round(path.stat().st_size * million, 1),
        copy_mib_per_million=round(copy.stat().st_size * million, 1) if copy.exists() else None,
        peak_mib_of_drafts=drafts // 1024,
        peak_mib_booking=booking // 1024,
        peak_mib_reading_rows=from_rows // 1024,
        peak_mib_reading_copy=from_copy // 1024,
    )


# -- questions ------------------------------------------------------------------------------------------------------

SCAN = (
    "SELECT fund, CASE WHEN p.kind < 30 THEN from_party ELSE to_party END AS investor, sum(fen) FROM posting p "
    "JOIN entry e ON e.id = p.entry WHERE e.effective_on <= ? AND p.kind IN (10, 12) "
    "AND e.id NOT IN (SELECT reverses FROM entry WHERE reverses IS NOT NULL) GROUP BY fund, investor"
)


def questions(path: Path, small: Path) -> None:
    database, tenth = Database(f"sqlite:///{path}"), Database(f"sqlite:///{small}")
    raw = sqlite3.connect(path)
    dice = random.Random(4002)
    days = [dice.randrange(workloads.DAY0 + 400, LAST) for _ in range(1000)]

    def asked(make: Callable[[int], Any]) -> Callable[[], Any]:
        """The same days in the same order for every case."""
        order = cycle(days)
        return lambda: make(next(order))

    def warm(book: Database) -> Callable[[int], Any]:
        journal = ledger.read(book)
        for _ in range(2):
            journal.balances().at("paid_in", days[0])
        return lambda day: journal.balances().at("paid_in", day)

    def scan(day: int) -> int:
        return sum(fen for *_, fen in raw.execute(SCAN, (ledger.to_date(day).isoformat(),)))

    def compare(title: str) -> None:
        cases: dict[str, Callable[[], Any]] = {
            "SQLite scan": asked(scan),
            "ours": asked(warm(database)),
            "ours, a tenth of the rows": asked(warm(tenth)),
        }
        harness.run(
            title,
            cases,
            size={"pairs": FUNDS * INVESTORS},
            unit="query",
            n=1,
            check=lambda _name, found: found if isinstance(found, int) else int(found[2].sum()),
        )

    compare("ledger as-of, warm")
    late = [Posting(K.CALL_INVESTMENT, 1, INVESTORS + 1, INVESTORS + 1, None, None, 12_345)]
    draft = ledger.Draft(EntryKind.CALL_PAYMENT, ledger.to_date(workloads.DAY0 + 30), "late", b"", late)
    for book in (database, tenth):
        booked(book, [draft])
    compare("ledger as-of, after a back-dated posting")
    for book in (database, tenth):
        ledger.reverse(book, LOCAL, 2 + 2 * FUNDS, "benchmark")  # a notice of ten in the past
    compare("ledger as-of, after a reversal")
    quarters(database)
    raw.close()
    database.close()
    tenth.close()


def quarters(database: Database) -> None:
    balances = ledger.read(database).balances()
    ends = [workloads.DAY0 + round(91.3125 * (q + 1)) for q in range(60)]
    measures = ("committed", "paid_in", "distributed")

    def one() -> list[Any]:
        return [balances.at(measure, ends[30]) for measure in measures]

    def sixty() -> list[Any]:
        return [balances.of_funds(measure, ends) for measure in measures]

    one()
    for measure, (fund, fen) in zip(
        measures, sixty(), strict=True
    ):  # equal to the fen before anything is timed
        for place in (0, 30, 59):
            funds, _, parts = balances.at(measure, ends[place])
            sums = np.zeros(int(fund.max()) + 1, np.int64)
            np.add.at(sums, funds, parts)
            assert (sums[fund] == fen[place]).all()
    harness.run(
        "ledger quarter ends",
        {"one as-of query, every pair": one, "60 quarter ends, every fund": sixty},
        size={"funds": FUNDS, "measures": len(measures)},
        unit="call",
        n=1,
    )


# -- cold -----------------------------------------------------------------------------------------------------------

COLD = """
import sys
from fof import ledger
from fof.db import Database
fund, investor, fen = ledger.read(Database("sqlite:///" + sys.argv[1])).balances().at("paid_in", int(sys.argv[2]))
print(int(fen.sum()), int((fen > 0).sum()))
"""


def cold(folder: Path, path: Path, drafts: list[ledger.Draft]) -> None:
    """Paid-in of every pair up to a day in the middle, from a process that knows nothing."""
    day = workloads.DAY0 + 2700
    until = (ledger.to_date(day) + dt.timedelta(1)).isoformat()
    database = Database(f"sqlite:///{path}")
    ledger.read(database)  # leaves the derived copy beside the book
    database.close()
    cases: dict[str, Any] = {}
    if shutil.which("ledger") is None:
        harness.emit(workload="ledger cold", peer="ledger", error="not installed")
    else:
        for name, both in (("ledger balance, both sides", True), ("ledger balance, shortest text", False)):
            text = folder / f"{both}.ledger"
            write_text(office() + drafts, text, both=both)
            cases[name] = text_case(
                ["ledger", "-f", str(text), "balance", "--flat", "--no-total", "-e", until, "paid"]
            )
    cases["ours, derived copy in place"] = lambda: alone(COLD, path, day)

    def check(_name: str, found: Any) -> dict[str, int]:
        if isinstance(found, list):
            return {"fen": found[0], "pairs": found[1]}
        amounts = [int(line.split()[0]) for line in found.splitlines()]
        return {"fen": sum(amounts), "pairs": len(amounts)}

    size = {"postings": sum(len(d.postings) for d in drafts)}
    harness.run("ledger cold", cases, size=size, unit="start", n=1, check=check)
    slower(folder, drafts[: len(drafts) // 20], until)


def slower(folder: Path, drafts: list[ledger.Draft], until: str) -> None:
    """hledger takes a minute for the million: once, on a twentieth of it."""
    if shutil.which("hledger") is None:
        harness.emit(workload="ledger cold", peer="hledger", error="not installed")
        return
    text = folder / "part.ledger"
    write_text(drafts, text, both=False)
    command = ["hledger", "-f", str(text), "balance", "--flat", "-e", until, "paid"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    taken = time.perf_counter() - begun
    postings = sum(len(d.postings) for d in drafts)
    harness.emit(
        workload="ledger cold",
        peer="hledger balance, once, a twentieth",
        size={"postings": postings},
        unit="posting",
        n=postings,
        seconds=round(taken, 3),
        us_per_posting=round(taken / postings * 1e6, 1),
    )


def text_case(command: list[str]) -> Callable[[], str]:
    return lambda: subprocess.run(command, check=True, capture_output=True, text=True).stdout


def write_text(drafts: list[ledger.Draft], path: Path, *, both: bool) -> None:
    """The same postings as text, a transaction a notice and an account a pair.

    both : with the account the money comes from or goes to beside each, as our postings name it; else the shortest
           text that gives the same answer, one line of cash a notice
    """
    words = {
        K.CALL_INVESTMENT: "paid",
        K.CALL_FEE_INSIDE: "paid",
        K.DISTRIBUTION_GAIN: "out",
        K.DISTRIBUTION_INCOME: "out",
    }
    with path.open("w", encoding="utf-8") as out:
        for draft in drafts:
            lines = []
            for p in draft.postings:
                word = words.get(K(p.kind))
                if word is not None:
                    investor = p.from_party if word == "paid" else p.to_party
                    lines.append(f"    {word}:{p.fund}:{investor}  {p.fen}\n")
                    if both:
                        lines.append(f"    cash:{p.fund}:{investor}  -{p.fen}\n")
            if lines:
                out.write(
                    f"{draft.effective_on} {draft.key}\n{''.join(lines)}{'' if both else '    cash'}\n\n"
                )


# -- verification ---------------------------------------------------------------------------------------------------


def verification(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    found = verify(database)
    size = {"entries": found.entries, "postings": found.postings}
    harness.run(
        "ledger verify",
        {"ours": lambda: verify(database)},
        size=size,
        unit="record",
        n=found.entries + found.postings,
        rounds=2,
        check=lambda _name, result: {"ok": result.ok},
    )
    database.close()


def main() -> None:
    postings = int(1_000_000 * harness.scale()) // A_NOTICE * A_NOTICE
    drafts = notices(postings)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imports(folder, drafts)
        path, small = folder / "book.sqlite", empty_book(folder / "small.sqlite")
        tenth = Database(f"sqlite:///{small}")
        booked(tenth, drafts[: len(drafts) // 10])
        tenth.close()
        cold(folder, path, drafts)
        verification(path)
        questions(path, small)
        sizes(folder, postings)


if __name__ == "__main__":
    main()
