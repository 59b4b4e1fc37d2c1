"""Run by tests as a program: imports once, then forks workers that write to one book, kills them, or lets them race.

python nursery.py kill URL KILLS SEED     workers post until SIGKILL; prints what was started and what was acknowledged
python nursery.py bank URL WORKERS SECONDS    workers move money at random and audit every 5th time; prints what they saw
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import random
import signal
import sys
import time

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import BookingRefused
from models.journal import Fact, Party, Posting
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

ACCOUNTS = 8
OPENING = 1_000_00
DAY = dt.date(2024, 1, 1)


def found(book: Database) -> None:
    """A treasury and accounts whose cash is kept here and may not fall below zero, each with an opening sum."""

    def plan(_view: ledger.View, ids: ledger.Ids) -> ledger.Plan:
        treasury = ids.party()
        accounts = [ids.party() for _ in range(ACCOUNTS)]
        rows: list[Party | Fact] = [Party(treasury, "TREASURY", "government")]
        for n, account in enumerate(accounts):
            rows += [Party(account, f"A{n}", "pool"), Fact(account, None, "cash_kept", "yes")]
        opening = [
            Posting(PostingKind.POOL_FUNDING, treasury, a, None, None, None, OPENING) for a in accounts
        ]
        return ledger.Plan(
            [
                ledger.Draft(EntryKind.PARTIES, DAY, "parties", b"", rows=list(rows)),
                ledger.Draft(EntryKind.POOL, DAY, "opening", b"", opening),
            ]
        )

    ledger.book(book, LOCAL, plan)


def transfer(book: Database, key: str, dice: random.Random) -> bool:
    """Two postings in one entry, A → B → C; False where the book refused it (the account has not enough)."""
    a, b, c = dice.sample(range(ACCOUNTS), 3)
    fen = dice.randrange(1, OPENING // 2)

    def plan(view: ledger.View, _ids: ledger.Ids) -> ledger.Plan:
        ids = [view.party(f"A{n}").id for n in (a, b, c)]
        rows = [Posting(PostingKind.SUBSIDY, x, y, None, None, None, fen) for x, y in itertools.pairwise(ids)]
        return ledger.Plan(
            [ledger.Draft(EntryKind.POOL, DAY, key, ledger.request_digest(key, a, b, c, fen), rows)]
        )

    try:
        ledger.book(book, LOCAL, plan)
    except BookingRefused:
        return False
    return True


def kill(url: str, kills: int, seed: int) -> None:
    """Workers that write key before and ack after each posting, killed after 4 to 120 ms of work."""
    setup = Database(url)
    found(setup)
    setup.close()
    dice = random.Random(seed)
    started: list[str] = []
    acknowledged: list[str] = []
    refused: list[str] = []
    for number in range(kills):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            book, own = Database(url), random.Random(seed * 1000 + number)
            ledger.read(book)
            os.write(writer, b"ready\n")
            for step in range(10_000):
                key = f"k{number}-{step}"
                os.write(writer, f"key {key}\n".encode())
                done = transfer(book, key, own)
                os.write(writer, f"{'ack' if done else 'ref'} {key}\n".encode())
            os._exit(0)
        os.close(writer)
        pipe = os.fdopen(reader, "rb")
        assert pipe.readline() == b"ready\n"
        time.sleep(dice.uniform(0.004, 0.120))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for line in pipe.read().decode().splitlines():
            word, _, key = line.partition(" ")
            {"key": started, "ack": acknowledged, "ref": refused}[word].append(key)
        pipe.close()
    print(json.dumps({"started": started, "acknowledged": acknowledged, "refused": refused}))


def audit(book: Database) -> list[str]:
    """One read of the whole book: what is wrong with it, in words."""
    import sqlalchemy as sa

    wrong = []
    with book.read() as connection:
        entries, stated = connection.execute(sa.text("SELECT max(id), sum(posting_count) FROM entry")).one()
        (count,) = connection.execute(sa.text("SELECT count(*) FROM posting")).one()
        into = dict(
            connection.execute(
                sa.text("SELECT to_party, CAST(sum(fen) AS BIGINT) FROM posting GROUP BY to_party")
            ).all()
        )
        out = dict(
            connection.execute(
                sa.text("SELECT from_party, CAST(sum(fen) AS BIGINT) FROM posting GROUP BY from_party")
            ).all()
        )
    if int(stated) != count:
        wrong.append(f"{count} postings, {stated} stated by {entries} entries")
    balances = {p: int(into.get(p, 0)) - int(out.get(p, 0)) for p in {*into, *out}}
    if sum(balances.values()):
        wrong.append(f"money appeared: {balances}")
    if any(v < 0 for p, v in balances.items() if p != 1):
        wrong.append(f"below zero: {balances}")
    if sum(v for p, v in balances.items() if p != 1) != ACCOUNTS * OPENING:
        wrong.append(f"total moved: {balances}")
    return wrong


def bank(url: str, workers: int, seconds: float) -> None:
    """Workers race for the same accounts; every error that reaches a caller and every bad read is told."""
    setup = Database(url)
    found(setup)
    setup.close()
    children = []
    for number in range(workers):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            told = {"booked": 0, "refused": 0, "reads": 0, "wrong": [], "errors": [], "longest": 0.0}
            book, own = Database(url), random.Random(number)
            end, step = time.monotonic() + seconds, 0
            while time.monotonic() < end:
                step += 1
                begun = time.monotonic()
                try:
                    told["booked" if transfer(book, f"b{number}-{step}", own) else "refused"] += 1
                    if step % 5 == 0:
                        told["reads"] += 1
                        told["wrong"] += audit(book)
                except Exception as error:
                    told["errors"].append(f"{type(error).__name__}: {error}"[:300])
                told["longest"] = max(told["longest"], time.monotonic() - begun)
            os.write(writer, json.dumps(told).encode())
            os.close(writer)
            os._exit(0)
        os.close(writer)
        children.append((child, reader))
    results = []
    for child, reader in children:
        with os.fdopen(reader, "rb") as pipe:
            results.append(json.loads(pipe.read()))
        os.waitpid(child, 0)
    print(json.dumps(results))


if __name__ == "__main__":
    what, address, first, second = sys.argv[1:5]
    if what == "kill":
        kill(address, int(first), int(second))
    else:
        bank(address, int(first), float(second))
