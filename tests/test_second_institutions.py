"""Random institutions with planted violations, near misses and missing inputs: none missed, none false."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from fof import intake, ledger
from fof.access import LOCAL
from fof.audit.coinvestment.matters import matters
from fof.audit.coinvestment.register import register
from fof.book.index import book_of
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.rules.engine import judge
from fof.rules.facts import OfficeFacts

sys.path.insert(0, str(Path(__file__).parent / "second"))
from institutions import AS_OF, PLANTS, Institution

SEEDS = range(10)


def planted(seed: int) -> Institution:
    """An institution with several things planted."""
    own = Institution(seed)
    names = sorted(PLANTS)
    own.rng.shuffle(names)
    for name in names[: own.rng.randint(0, 25)]:
        if PLANTS[name](own):
            own.done.append((name[:5], name))
    return own


def findings(database: Database, own: Institution) -> dict[tuple[str, str], str]:
    """(rule, subject) → what the audit says, passes and silence left out."""
    intake.book(database, LOCAL, filled([(LAYOUTS[n], rows) for n, rows in own.rows.items()]), "机构.xlsx")
    facts = register(book_of(ledger.read(database).view()), AS_OF)
    judged = judge(OfficeFacts(AS_OF, further=tuple(matters(facts))), AS_OF)
    return {
        (f.rule, str(f.subject)): f.verdict.value
        for f in judged
        if f.rule.startswith("CI-") and f.verdict.value not in ("pass", "not_applicable")
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_is_found_and_nothing_else(sqlite_book: Database, seed: int) -> None:
    own = planted(seed)
    assert findings(sqlite_book, own) == own.expected, own.done
    assert Counter(rule for rule, _ in own.done) is not None
