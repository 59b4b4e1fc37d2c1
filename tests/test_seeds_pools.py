"""The demo office's pools: everything planted is found and nothing else; every rule is driven to every verdict; the bad year meets
each of the three limits."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from planted import FOUND, Pair, Said, key_of, said_by, verdicts_are_planned

from fof import ledger
from fof.audit import pools
from fof.book.pools import Pools, pools_of
from fof.db import Database
from fof.rules import catalogue
from models.kinds import PartyKind
from models.pools import LimitKind

DAY = dt.date(2026, 9, 30)
BAD_YEAR, FIRST_LOANS = dt.date(2022, 12, 31), dt.date(2019, 9, 30)
NEVER = {
    ("RC-01", "breach"): "shares that do not add to one are refused at the door",
    ("RC-06", "unknown"): "what is outstanding of a firm and its ceiling are always known",
    ("RC-19", "breach"): "a share out of the usual range is a warning",
    ("RC-28", "breach"): "bonds are counted in the liability by construction",
    ("RC-29", "breach"): "no weight is above one",
    ("PI-10", "breach"): "a statement apart from the book is a warning",
}
"""Verdicts that a rule cannot come to in the demo, each with why."""


def _said(demo: Database, day: dt.date) -> dict[Pair, Said]:
    return said_by(pools(ledger.read(demo).view(day)))


@pytest.fixture(scope="module")
def said(demo: Database) -> dict[Pair, Said]:
    """(rule, subject) -> what the audit of pools says on the last day."""
    return _said(demo, DAY)


@pytest.fixture(scope="module")
def key() -> list[dict[str, str]]:
    return key_of("pools")


def test_what_is_found_is_what_was_planned(said: dict[Pair, Said], key: list[dict[str, str]]) -> None:
    verdicts_are_planned(said, key)
    other = [
        (r["rule"], r["subject"], r["limb"], said[r["rule"], r["subject"]].text)
        for r in key
        if r["limb"] not in said[r["rule"], r["subject"]].text
        and (r["verdict"] in FOUND or r["rule"] != "RC-14")  # a loan that passes is not named
    ]
    assert other == []


def test_the_key_says_why_once(key: list[dict[str, str]]) -> None:
    assert max(Counter((r["rule"], r["subject"]) for r in key).values()) == 1
    assert all(r["why"] and r["limb"] for r in key)


def test_every_rule_of_pools_is_driven_to_pass_breach_and_unknown(
    demo: Database, said: dict[Pair, Said]
) -> None:
    verdicts = {(rule, own.verdict) for (rule, _), own in said.items()}
    for day in (BAD_YEAR, FIRST_LOANS):
        verdicts |= {(rule, own.verdict) for (rule, _), own in _said(demo, day).items()}
    rules = {rule for rule in catalogue.RULES if rule.startswith("RC-")} | {"PI-10"}
    wanted = {(rule, verdict) for rule in rules for verdict in ("pass", "breach", "unknown")}
    assert wanted - verdicts == NEVER.keys()


@pytest.fixture(scope="module")
def own(demo: Database) -> Pools:
    return pools_of(ledger.read(demo).view(DAY))


def test_the_bad_year_meets_each_of_the_three_limits(own: Pools) -> None:
    def states(day: dt.date) -> dict[str, tuple[LimitKind, bool | None, dt.date | None]]:
        return {
            s.limit.code: (s.kind, s.reached, s.stopped_on)
            for pool in own.pools
            for s in own.limit_states(pool, day)
        }

    before, after, last = states(dt.date(2021, 12, 31)), states(BAD_YEAR), states(DAY)
    assert [code for code, (_, reached, stopped) in before.items() if reached or stopped] == []
    assert after["XE-01-1"][:2] == (LimitKind.PAYMENT_CAP, True)
    assert after["XE-02-2"] == (LimitKind.ENROLMENT_STOP, True, dt.date(2022, 10, 5))
    assert after["XE-03-1"][0] is LimitKind.EXCESS
    assert last["XE-02-2"][2] is None  # resumed with its document
    assert last["XE-02-3"][2] == after["XE-02-3"][2] is not None  # never resumed
    cut = {code for c in own.claims.values() for code in own.offer(c, BAD_YEAR).cut_by}
    assert {"XE-01-1", "XE-03-1"} <= cut


def test_what_was_refused_is_not_offered(own: Pools) -> None:
    refused = [c for c in own.claims.values() if c.state(DAY) == "refused"]
    assert sum(own.part(c, DAY) or 0 for c in refused) > 0
    assert {own.offer(c, DAY)[1:] for c in refused} == {(0, 0, 0, ())}


def test_it_is_as_large_as_it_says_and_every_balance_holds(own: Pools) -> None:
    assert len(own.loans) == 1500
    enrolled = [x.enrolled_on(DAY) for x in own.loans.values()]
    days = [on for on in enrolled if on is not None]
    assert (max(days) - min(days)).days > 7.5 * 365
    assert len(own.pools) == 3
    assert 40 <= len(own.claims) <= 60
    kinds = {own.prefix.parties[x.borrower or -1].kind for x in own.loans.values()}
    assert kinds == {PartyKind.COMPANY}
    for pool in own.pools:
        balances = [account.balance for account in own.accounts(pool, DAY).of.values()]
        assert sum(balances) == own.cash(pool, DAY)
        assert min(balances) >= 0
