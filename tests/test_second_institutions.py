"""Random institutions with planted violations, near misses and missing inputs: none missed, none false.

What was planted and what must be said of it are worked out in tests/second/institutions.py, which knows nothing of the
rules. `make test` runs ten institutions, `make soak` two hundred and prints how often each rule was tried.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from second.denied_plants import PLANTS, SELDOM, consequences
from second.institutions import AS_OF, FEWER, Institution
from second.limbs import labels_of
from second.recorded import WAYS, book_somehow, recorded

from fof import ledger
from fof.audit.coinvestment.matters import matters
from fof.audit.coinvestment.register import register
from fof.book.index import book_of
from fof.db import Database
from fof.ledger import Journal, View
from fof.rules import alike
from fof.rules.engine import judge
from fof.rules.facts import OfficeFacts
from fof.rules.registry import RULES, Finding

SEEDS = range(200) if os.environ.get("FOF_SOAK") == "1" else range(8)
ON_POSTGRES = (8, 9)
NEVER_ANSWERED = {"CI-04", "CI-31"}
"""Of the first round nothing can be asked for that every deal has not got; the items of evidence have a plant of their own."""
CODED = sorted(rule for rule in RULES if rule.startswith("CI-"))


def planted(seed: int) -> Institution:
    """An institution with up to two dozen things planted, in random order."""
    return _with(seed, sorted(FEWER), 40)


def mixed(seed: int, *, watched: bool = True) -> Institution:
    """One with up to some hundred things planted, of every kind."""
    return _with(seed, sorted(PLANTS) + SELDOM, 240, watched=watched)


def _with(seed: int, names: list[str], most: int, *, watched: bool = False) -> Institution:
    own = Institution(seed, watched=watched)
    own.rng.shuffle(names)
    for name in names[: own.rng.randint(0, most)]:
        if PLANTS[name](own):
            own.done.append((name[:5], name))
    consequences(own)
    return own


def audited(view: View) -> list[Finding]:
    """What every rule says of the institution."""
    facts = register(book_of(view), AS_OF)
    return judge(OfficeFacts(AS_OF, further=tuple(matters(facts))), AS_OF)


def findings(database: Database, own: Institution) -> dict[tuple[str, str, str], str]:
    """(rule, limb, subject) → what the audit says, passes and silence left out."""
    book_somehow(database, own)
    return labels_of(f for f in audited(ledger.read(database).view()) if f.rule.startswith("CI-"))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_is_found_and_nothing_else(
    sqlite_book: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is by an audit that asks of each stake, and to the letter the same by one that decides once for those that are alike in
    the rows: there everybody is asked about whom the rows say nothing of their own."""
    own = mixed(seed)
    assert findings(sqlite_book, own) == own.labels, own.done
    each = audited(ledger.read(sqlite_book).view())
    monkeypatch.setattr(alike, "FROM", 1)
    assert audited(Journal(sqlite_book).refresh().view()) == each


@pytest.mark.postgres
@pytest.mark.parametrize("seed", ON_POSTGRES)
def test_the_same_on_postgres(postgres_url: str, seed: int) -> None:
    own = mixed(seed)
    assert findings(Database(postgres_url), own) == own.labels, own.done


def test_every_rule_is_tried_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    """Of two hundred institutions: how often each rule was broken or blurred, and nearly broken, by which limbs; in how many of its cases an
    institution answered; and, where all two hundred are run, in which ways they were recorded."""
    whole = os.environ.get("FOF_SOAK") == "1"
    tried: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    labels: dict[str, Counter[str]] = {rule: Counter() for rule in CODED}
    answered: Counter[str] = Counter()
    ways: dict[str, Counter[str]] = {rule: Counter() for rule in CODED}
    mixtures = 0
    for seed in range(200):
        own = mixed(seed, watched=whole)
        for rule, name in own.done:
            tried[" near" not in name][rule] += 1
            answered[rule] += " denied" in name
        for rule, limb, _subject in own.labels:
            labels[rule][limb] += 1
        mixtures += len({rule for rule, name in own.done if " near" not in name}) > 2
        for rule, way in recorded(own).by_rule:
            ways[rule][way] += 1
    with capsys.disabled():
        for rule in CODED:
            limbs, how = (", ".join(f"{x} {n}" for x, n in sorted(c[rule].items())) for c in (labels, ways))
            print(
                f"\n{rule}: {tried[True][rule]} planted, {tried[False][rule]} near; labels: {limbs}", end=""
            )
            print(f"; answered {answered[rule]}" + (f"; recorded: {how}" if whole else ""), end="")
    few = {(rule, side) for side, counts in tried.items() for rule in CODED if counts[rule] < 20}
    assert few == set()
    assert {rule for rule in CODED if not answered[rule]} == NEVER_ANSWERED
    if whole:
        few = {(rule, way) for rule in CODED for way in WAYS if ways[rule][way] < 1}
        assert few == set()
    assert mixtures >= 100
