"""Nothing acknowledged is lost, nothing is half-written, money is conserved in every read: kill -9 and twenty writers at once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fof import ledger
from fof.db import Database
from fof.ledger.verify import verify

NURSERY = Path(__file__).with_name("nursery.py")
KILLS = 60
WRITERS = 20
SECONDS = 6

pytestmark = pytest.mark.xdist_group("crash")


def run(*arguments: object) -> Any:
    done = subprocess.run(
        [sys.executable, str(NURSERY), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def test_kill_9_loses_nothing_acknowledged(database: Database) -> None:
    told = run("kill", address(database), KILLS, 7)
    journal = ledger.read(database)
    started, acknowledged = set(told["started"]), set(told["acknowledged"])
    assert len(acknowledged) > KILLS / 4, "the workers did too little to prove anything"
    booked = {key for key in started if journal.booked(key)}
    assert acknowledged <= booked
    unknown = started - acknowledged - set(told["refused"])
    assert len(unknown) <= KILLS, "at most one unknown outcome a worker"
    assert booked - acknowledged <= unknown, "what was booked was acknowledged, or its worker died on it"
    found = verify(database)
    assert found.ok, [c.en for c in found.checks if not c.ok]


def test_an_unknown_key_sent_again_gives_one_posting(database: Database) -> None:
    told = run("kill", address(database), 12, 11)
    sys.path.insert(0, str(NURSERY.parent))
    try:
        import nursery
    finally:
        sys.path.pop(0)
    unknown = sorted(set(told["started"]) - set(told["acknowledged"]) - set(told["refused"]))
    journal = ledger.read(database)
    for key in unknown:
        if journal.booked(key) is None:
            nursery.transfer(database, key, random.Random(1))
    entries = [e.key for e in ledger.read(database).entries(1, 10**9)]
    assert len(entries) == len(set(entries))
    assert nursery.audit(database) == []


def test_twenty_writers_conserve_money_in_every_read(database: Database) -> None:
    results = run("bank", address(database), WRITERS, SECONDS)
    assert [e for r in results for e in r["errors"]] == [], "no lock error reaches a caller"
    assert [w for r in results for w in r["wrong"]] == []
    assert sum(r["booked"] for r in results) > 100
    assert sum(r["reads"] for r in results) > 0
    journal = ledger.read(database)
    assert journal.head == 2 + sum(r["booked"] for r in results)
    assert verify(database).ok
