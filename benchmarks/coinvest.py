"""Staff co-investment of a large institution (benchmarks.institution): its workbooks imported, one audit by every rule of
co-investment, and the pages that show it.

import   BENCH_SCALE x 2,500, 12,500 and 50,000 stakes: workbooks of at most 12,500 through every check to committed rows; the yardstick
         beside it is a booking of postings of one notice each by the ledger, before and after (budget: at most 4x its time for each
         posting and fact that the import booked). What it takes to read the cells into checked rows is measured by itself and
         stated apart.
read     the journal read from its rows for the first time, which leaves the copy that every later process reads
audit    all rules of co-investment at one date, with the counts of findings by verdict (budget: 10 s and 1 GiB at 50,000, linear in
         stakes); beside it what it takes to make those that need somebody, the two hundred with most money, and all of them
pages    benchmarks.coinvest_pages

Times are of the processor: others work on the same machine. Each step of each size is done by a process of its own, whose peak memory
it states; their parent times nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.institution import A_PROJECT, START, Institution, Row
from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.reader import read_file
from fof.importers.template import filled
from fof.intake.files import read_tables
from fof.ledger import Draft, Journal
from fof.rules.registry import Verdict
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Party, Posting

SIZES = (2_500, 12_500, 50_000)
AS_OF = dt.date(2026, 9, 30)
SECONDS, MIB, TIMES_A_POSTING, TIMES_EMPTY = 10.0, 1_024, 4.0, 3.0
YARDSTICK = 20_000
"""Postings of the booking beside the import."""
SHOWN = 200
"""Findings of a page."""


def booked(url: str, postings: int) -> float:
    """Seconds of a booking of so many postings, one notice each, by the ledger itself."""
    book = Database(url)
    book.init()
    parties: list[Any] = [Party(1, "LP", "social_investor"), Party(2, "F", "sub_fund")]
    kind = int(K.COMMITMENT)
    drafts = [Draft(EntryKind.PARTIES, START, "office", b"", rows=parties)]
    drafts += [
        Draft(
            EntryKind.COMMITMENT,
            START + dt.timedelta(n % 3_000),
            f"notice {n}",
            b"",
            postings=[Posting(kind, 1, 2, 2, None, None, 10**6 + n)],
        )
        for n in range(postings)
    ]
    start = time.process_time()
    ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan(list(drafts)))
    seconds = time.process_time() - start
    book.close()
    return seconds


def spent(work: Callable[[], object]) -> float:
    """Seconds of the processor, those of the child that opens a workbook included."""
    before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    work()
    after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True))


def one_size(stakes: int, folder: Path, url: str) -> Row:
    """The workbooks of so many stakes, imported; run in a process of its own."""
    made = Institution(stakes)
    rows: Counter[str] = Counter()
    for file in made.files:
        rows.update({name: len(own) for name, own in file.items()})
    contents = [filled([(LAYOUTS[name], own) for name, own in file.items()]) for file in made.files]
    book = Database(url)
    book.init()
    yardstick = [booked(f"sqlite:///{folder / f'before-{stakes}.sqlite'}", YARDSTICK)]
    reading = sum(
        spent(lambda c=c: read_tables(read_file(c, "机构.xlsx"), None, None, None)) for c in contents
    )
    seconds = sum(spent(lambda c=c: intake.book(book, LOCAL, c, "机构.xlsx")) for c in contents)
    with book.cursor() as cursor:
        booked_rows = 0
        for table in ("posting", "fact", "subject_fact"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            booked_rows += int(cursor.fetchone()[0])
    book.close()
    yardstick.append(booked(f"sqlite:///{folder / f'after-{stakes}.sqlite'}", YARDSTICK))
    return {
        "rows": sum(rows.values()),
        "stakes": rows["staff_stakes"],
        "postings_and_facts": booked_rows,
        "files": len(contents),
        "workbook_mib": sum(map(len, contents)) / 2**20,
        "reading_seconds": reading,
        "seconds": seconds - reading,
        "posting_seconds": sum(yardstick) / len(yardstick) / YARDSTICK,
        "peak_mib": peak(),
    }


def peak() -> float:
    """Most memory that this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_reading(url: str) -> Row:
    """The journal read for the first time; run in a process of its own."""
    book = Database(url)
    return {"processor_seconds": spent(lambda: Journal(book).refresh()), "peak_mib": peak()}


def one_audit(url: str) -> Row:
    """One audit of the book from a journal just read; run in a process of its own, whose peak is the audit's."""
    book = Database(url)
    begun, start = time.process_time(), time.perf_counter()
    judged = audit.coinvestment(Journal(book).refresh().view(AS_OF))
    verdicts = judged.counts()
    seconds, processor, most = time.perf_counter() - start, time.process_time() - begun, peak()
    return {
        "seconds": seconds,
        "processor_seconds": processor,
        "peak_mib": most,
        "findings": len(judged.findings),
        "verdicts": {v.value: count for v, count in sorted(verdicts.items())},
        "page_seconds": spent(lambda: audit.by_money(judged.findings)[:SHOWN]),
        "open_seconds": spent(lambda: list(judged.of(Verdict.BREACH, Verdict.WARN, Verdict.UNKNOWN))),
        "all_seconds": spent(lambda: Counter(f.verdict for f in judged.findings)),
    }


def alone(*arguments: str, module: str = "coinvest") -> Any:
    """What a process of its own answers."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    audits: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as kept:
        for size in SIZES:
            stakes = max(A_PROJECT, int(size * harness.scale()))
            url = f"sqlite:///{Path(kept) / f'stakes-{stakes}.sqlite'}"
            imported = alone("import", str(stakes), kept, url)
            a_posting = imported["posting_seconds"]
            harness.emit(
                workload="coinvest_import",
                peer=f"{stakes} stakes",
                **imported,
                each_over_posting=imported["seconds"] / imported["postings_and_facts"] / a_posting,
                row_over_posting=imported["seconds"] / imported["rows"] / a_posting,
                budget=TIMES_A_POSTING,
            )
            harness.emit(workload="coinvest_read", peer=f"{stakes} stakes", **alone("read", url))
            judged = alone("audit", url)
            audits.append((stakes, judged["processor_seconds"]))
            harness.emit(
                workload="coinvest_audit",
                peer=f"{stakes} stakes",
                **judged,
                us_per_stake=judged["processor_seconds"] / stakes * 1e6,
                budget_seconds=SECONDS,
                budget_mib=MIB,
            )
            for page in alone(url, str(harness.rounds_wanted()), module="coinvest_pages"):
                peer = f"{page.pop('page')}, {stakes} stakes"
                harness.emit(workload="coinvest_pages", peer=peer, **page, budget=TIMES_EMPTY)
    (few, short), (many, long) = audits[-2:]  # of the smallest most is what any audit begins with
    harness.emit(
        workload="coinvest_audit",
        peer=f"{many} stakes over {few}, per stake",
        ratio=(long / many) / (short / few),
        budget=1.2,
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["import", stakes, folder, url]:
            print(json.dumps(one_size(int(stakes), Path(folder), url)))
        case ["read", url]:
            print(json.dumps(one_reading(url)))
        case ["audit", url]:
            print(json.dumps(one_audit(url)))
        case _:
            main()
