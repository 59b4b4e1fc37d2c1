"""Random state firms under QI-03, GF-70 and PI-11: what was planted is found and nothing else. `make test` books three, `make soak` two hundred."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from second.firms import AS_OF, Firm

from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled

RULES = ("GF-70", "PI-11", "QI-03")
SEEDS = range(200) if os.environ.get("FOF_SOAK") == "1" else range(3)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_is_found_and_nothing_else(sqlite_book: Database, seed: int) -> None:
    own = Firm(seed)
    files = filled([(LAYOUTS[layout], rows) for layout, rows in own.rows.items()])
    intake.book(sqlite_book, LOCAL, files, "机构.xlsx")
    view = ledger.read(sqlite_book).view(AS_OF)
    judged = (*audit.guidance(view).findings, *audit.coinvestment(view).findings)
    verdicts = {(f.rule, str(f.subject)): f.verdict.value for f in judged if f.rule in RULES}
    assert {rule for rule, _ in verdicts} == set(RULES)
    assert {k: v for k, v in verdicts.items() if v != "pass"} == own.labels, own.done


def test_every_rule_is_tried_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    """Over two hundred firms: how often each rule was broken or blurred, and nearly so."""
    tried = Counter((rule, "near" in case) for seed in range(200) for rule, case in Firm(seed).done)
    with capsys.disabled():
        print("".join(f"\n{r}: {tried[r, False]} planted, {tried[r, True]} near" for r in RULES), end="")
    assert min(tried[rule, near] for rule in RULES for near in (True, False)) >= 20
