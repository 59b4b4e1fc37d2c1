"""Many processes on one book: killed while they book (T1), and twenty at once (T5). Quick forms of the soak runs.

Run as a program, this file is the processes: `kill URL KILLS SEED [ack-first]` and `bank URL SECONDS WRITERS SEED` print
one JSON document. It forks before any connection is open and forks nothing that holds one.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import BookingRefused
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.derived import copy_path
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2024, 1, 1)
ACCOUNTS, OPENING = 10, 100_000
BANK = ACCOUNTS + 1


def accounts(_view: View, ids: Ids) -> Plan:
    """Ten accounts whose cash is kept, each with its opening balance from the bank."""
    rows: list[t.Row] = [t.Party(ids.party(), f"A{n}", "other") for n in range(1, ACCOUNTS + 1)]
    rows += [t.Party(ids.party(), "BANK", "bank")]
    rows += [t.Fact(n, None, "cash_kept", "yes") for n in range(1, ACCOUNTS + 1)]
    opening = [
        t.Posting(K.TREASURY_REMITTANCE, BANK, n, None, None, None, OPENING) for n in range(1, ACCOUNTS + 1)
    ]
    return Plan(
        [
            Draft(EntryKind.PARTIES, DAY, "accounts", b""),
            Draft(EntryKind.FUND_CASH, DAY, "opening", b"", opening, rows),
        ]
    )


def warm(url: str) -> None:
    """Import what a first connection imports, so that twenty children need not; no connection is opened."""
    copy_path(Database(url))


def transfer(key: str, payer: int, payee: int, fen: int) -> ledger.Planner:
    rows = [t.Posting(K.TREASURY_REMITTANCE, payer, payee, None, None, None, fen)]
    return lambda _view, _ids: Plan([Draft(EntryKind.FUND_CASH, DAY, key, key.encode(), rows)])


# -- T1: killed -----------------------------------------------------------------------------------------------------


def pair(key: str) -> ledger.Planner:
    """Two entries, three postings, in one booking: whole or absent. The amount follows from the key."""
    fen = 1 + sum(key.encode()) % 97
    there = [t.Posting(K.TREASURY_REMITTANCE, BANK, 1, None, None, None, fen)] * 2
    further = [t.Posting(K.TREASURY_REMITTANCE, 1, 2, None, None, None, fen)]
    return lambda _view, _ids: Plan(
        [
            Draft(EntryKind.FUND_CASH, DAY, f"{key}/a", key.encode(), there),
            Draft(EntryKind.FUND_CASH, DAY, f"{key}/b", key.encode(), further),
        ]
    )


def work(url: str, number: int, pipe: int, ack_first: bool) -> None:
    """The worker: says what it is going to book, books it, says that it did; until it is killed."""
    database = Database(url)
    ledger.read(database)
    for n in range(10_000):
        key = f"w{number}-{n}"
        os.write(pipe, f"?{key}\n".encode())
        if ack_first:  # the fault that the test must find
            os.write(pipe, f"!{key}\n".encode())
        ledger.book(database, LOCAL, pair(key))
        os.write(pipe, f"!{key}\n".encode())


def one_kill(url: str, number: int, after: float, ack_first: bool) -> tuple[list[str], list[str]]:
    """Start a worker, kill it; what it said it would book, and what it said it had."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            work(url, number, writing, ack_first)
        finally:
            os._exit(3)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        first = said.readline()
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        lines = [line.decode() for line in (first, *said.readlines()) if line.endswith(b"\n")]
    return [x[1:-1] for x in lines if x[0] == "?"], list(dict.fromkeys(x[1:-1] for x in lines if x[0] == "!"))


def kill(url: str, kills: int, seed: int, ack_first: bool = False) -> dict[str, Any]:
    warm(url)
    chance = random.Random(seed)
    sent: list[str] = []
    acked: list[str] = []
    found: Counter[str] = Counter()
    for number in range(kills):
        said, done = one_kill(url, number, chance.uniform(0.004, 0.060), ack_first)
        sent += said
        acked += done
        unknown = [key for key in said if key not in set(done)]
        found["unknown_at_most_one"] += len(unknown) > 1
        database = Database(url)
        for key in unknown:  # the caller asks again with the same key
            booked = ledger.book(database, LOCAL, pair(key))
            found["unknown_kept" if booked.already else "unknown_absent"] += 1
            found["torn"] += len(booked.already) not in (0, 2) or len(booked.entries) not in (0, 2)
        database.close()
    database = Database(url)
    journal = ledger.read(database)
    found["lost"] = sum(journal.booked(f"{key}/{half}") is None for key in acked for half in "ab")
    expected = {key for key in sent if journal.booked(f"{key}/a") is not None}
    postings = journal.view().postings
    at_second = int(postings.fen[postings.to_party == 2].sum()) - OPENING
    checked = verify(database)
    database.close()
    return {
        **found,
        "kills": kills,
        "sent": len(sent),
        "acked": len(acked),
        "entries": checked.entries,
        "expected_entries": 2 + 2 * len(expected),
        "sum": at_second,
        "expected_sum": sum(1 + sum(key.encode()) % 97 for key in expected),
        "ok": checked.ok,
    }


# -- T5: twenty at once -----------------------------------------------------------------------------------------------


def all_balances(database: Database) -> list[int]:
    """Every account in one read transaction, by two questions: another's booking between them would show."""
    with database.read() as connection:
        held = [0] * (BANK + 1)
        for side, sign in (("to_party", 1), ("from_party", -1)):
            query = f"SELECT {side}, sum(fen) FROM posting GROUP BY {side}"
            for party, fen in connection.exec_driver_sql(query):
                held[party] += sign * int(fen)
    return held[1 : ACCOUNTS + 1]


def bank_worker(url: str, number: int, seconds: float, seed: int) -> dict[str, Any]:
    chance = random.Random(seed * 1000 + number)
    database = Database(url)
    found: Counter[str] = Counter()
    errors: list[str] = []
    longest = 0.0
    ledger.read(database)
    end = time.monotonic() + seconds
    operation = 0
    while time.monotonic() < end:
        operation += 1
        started = time.monotonic()
        try:
            if (operation + number) % 20 == 0:
                held = all_balances(database)
                found["reads"] += 1
                found["wrong_totals"] += sum(held) != ACCOUNTS * OPENING
                found["below_zero"] += min(held) < 0
            else:
                payer, payee = chance.sample(range(1, ACCOUNTS + 1), 2)
                fen = chance.randrange(1, OPENING)
                ledger.book(
                    database,
                    LOCAL,
                    transfer(f"t{number}-{operation}-{payer}-{payee}-{fen}", payer, payee, fen),
                )
                found["transfers"] += 1
        except BookingRefused as refused:
            found["refused"] += {p.code for p in refused.problems} == {"cash_below_zero"}
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}"[:200])
        longest = max(longest, time.monotonic() - started)
    database.close()
    return {**found, "errors": errors, "longest": longest}


def bank(url: str, seconds: float, writers: int, seed: int) -> dict[str, Any]:
    warm(url)
    children: list[tuple[int, int]] = []
    for number in range(writers):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.write(writing, json.dumps(bank_worker(url, number, seconds, seed)).encode())
            os._exit(0)
        os.close(writing)
        children.append((pid, reading))
    total: Counter[str] = Counter()
    errors: list[str] = []
    longest = 0.0
    for pid, reading in children:
        with os.fdopen(reading, "rb") as said:
            told = json.loads(said.read())
        os.waitpid(pid, 0)
        errors += told.pop("errors")
        longest = max(longest, told.pop("longest"))
        total.update(told)
    database = Database(url)
    held = [OPENING] * (ACCOUNTS + 1)
    journal = ledger.read(database)
    for entry in journal.entries(3, journal.head):  # replayed from the keys alone
        payer, payee, fen = (int(x) for x in entry.key.split("-")[2:])
        held[payer] -= fen
        held[payee] += fen
    checked = verify(database)
    answer = {
        **total,
        "errors": errors,
        "longest": longest,
        "entries": journal.head,
        "ok": checked.ok,
        "replay_equal": held[1:] == all_balances(database),
    }
    database.close()
    return answer


# -- the tests ----------------------------------------------------------------------------------------------------------


def run(*arguments: object) -> dict[str, Any]:
    """This file as a program of its own: a clean process to fork from."""
    root = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def url(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path / "data"))
    ledger.book(database, LOCAL, accounts)
    return database.url.render_as_string(hide_password=False)


def test_killed_while_booking_nothing_acknowledged_is_lost(url: str) -> None:
    found = run("kill", url, 60, 20240229)
    assert found["lost"] == 0
    assert found.get("torn", 0) == 0
    assert found["unknown_at_most_one"] == 0
    assert found["entries"] == found["expected_entries"]
    assert found["sum"] == found["expected_sum"]
    assert found["ok"], "leaves, balances and the engine's own check"
    assert found["acked"] > 0
    assert found.get("unknown_kept", 0) + found.get("unknown_absent", 0) > 0, "kills fell into bookings"


def test_the_kill_loop_finds_an_acknowledgement_before_the_commit(sqlite_book: Database) -> None:
    """Negative control: a worker that acknowledges first must be caught."""
    ledger.book(sqlite_book, LOCAL, accounts)
    assert run("kill", str(sqlite_book.url), 12, 7, "ack-first")["lost"] > 0


def test_twenty_writers_conserve_money_in_every_read(url: str) -> None:
    found = run("bank", url, 6, 20, 11)
    assert found["errors"] == [], "no lock error reaches a caller"
    assert found["reads"] > 0
    assert (found["wrong_totals"], found["below_zero"]) == (0, 0)
    assert found["replay_equal"]
    assert found["ok"]
    assert found["entries"] == 2 + found["transfers"]
    assert found["transfers"] >= 20
    assert found["longest"] < 30


if __name__ == "__main__":
    what, address, *rest = sys.argv[1:]
    if what == "kill":
        print(json.dumps(kill(address, int(rest[0]), int(rest[1]), "ack-first" in rest)))
    else:
        print(json.dumps(bank(address, float(rest[0]), int(rest[1]), int(rest[2]))))
