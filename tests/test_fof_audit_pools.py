"""The audit of pools: what the rules judge, gathered from a book; findings with names, owners and the days they rest on."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal

import pytest
from pool_office import booked, day, loan, office, pay, step, yuan
from typer.testing import CliRunner

import fof
from fof import audit, ledger
from fof.audit.casefile.case_file import case_file
from fof.audit.pools.register import register
from fof.book.index import book_of
from fof.cli import app
from fof.db import Database
from fof.errors import Unknown
from fof.ledger import View
from fof.rules.facts_pools import ClaimFacts, PoolsRegister
from fof.rules.registry import Verdict
from models import pools as w

END = day("2023-12-31")


@pytest.fixture(scope="module")
def judged_office(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The office of the tests with a recovery, a guarantor, a published rate, a statement and a late loan."""
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('pools') / 'book.sqlite'}")
    book.init()
    rows = office()
    rows["reference_rates"] = [{"party": "GOV", "since": day("2021-01-01"), "lpr_1y": Decimal("0.0385")}]
    rows["pool_statements"] = [{"party": "P", "since": END, "account_balance": yuan(4_500_000)}]
    rows["guarantors"] = [{"party": "G", "since": day("2021-12-31"), "net_assets": yuan(10_000_000)}]
    rows["loans"].append(loan("L4", "Q3", 100_000, "2022-08-01", guarantor="G"))
    rows["loan_events"].append(step("E6", "L4", "2022-08-01", w.LoanStep.DRAWN, 100_000))
    rows["claims"].insert(
        1,
        {"code": "S1", "loan": "L1", "since": day("2022-06-07"), "claim_step": w.ClaimStep.REVIEWED},
    )
    rows["pool_payments"] += [
        pay("Y1", "2023-01-01", w.PoolLeg.RECOVERY, "Q1", "B1", 1_000_000, loan="L1"),
        pay("Y2", "2023-01-31", w.PoolLeg.RECOVERY_SHARED, "B1", "P", 500_000, claim="S1"),
    ]
    rows["pool_statements"][0]["account_balance"] = yuan(5_000_000)
    booked(book, rows)
    return book


def gathered(book: Database, on: dt.date = END) -> tuple[View, PoolsRegister]:
    view = ledger.read(book).view(on)
    return view, register(book_of(view), on)


def test_facts_are_gathered(judged_office: Database) -> None:
    _, made = gathered(judged_office)
    (pool,) = made.pools
    assert (pool.cash, pool.contributed, pool.first_size) == (500_000_000, 600_000_000, 600_000_000)
    assert pool.outstanding == 110_000_000
    assert (pool.statement, pool.statement_cash) == (500_000_000, 500_000_000)
    assert sum(fen for _, fen in pool.balances) == pool.cash
    stop = next(limit for limit in pool.limits if limit.code == "STOP")
    assert (stop.stopped_on, stop.enrolled_since) == (day("2022-07-10"), 10_000_000)
    (claim,) = made.claims
    assert isinstance(claim, ClaimFacts)
    assert (claim.review_used, claim.reviewed, claim.decided) == (3, True, True)  # a public holiday between
    assert {r.party: (r.borne, r.returned, r.days) for r in claim.recoveries} == {
        "B1": (150_000_000, 50_000_000, 0),
        "P": (150_000_000, 50_000_000, 30),
    }
    own = {x.code: x for x in made.loans}
    assert own["L1"].lpr_1y == Decimal("0.0385")
    assert own["L1"].term_months == 12
    assert (own["L1"].has_claim, own["L1"].covered_loss) == (True, 300_000_000)
    assert (own["L1"].public_paid, own["L1"].handed_back, own["L1"].retained) == (
        150_000_000,
        50_000_000,
        50_000_000,
    )
    (guarantor,) = made.guarantors
    assert (guarantor.liability, guarantor.net_assets) == (5_000_000, 1_000_000_000)  # the bank keeps half


def test_findings_are_named_and_counted(judged_office: Database) -> None:
    view, _ = gathered(judged_office)
    findings = audit.pools(view).findings
    by_rule = {(f.rule, str(f.subject)): f for f in findings}
    breaker = by_rule["RC-08", "P"]
    assert (breaker.verdict, breaker.finding.money_at_stake) == (Verdict.BREACH, 10_000_000)
    assert breaker.owner == "示例P"
    verdicts = {
        rule: by_rule[rule, of].verdict for rule, of in (("RC-01", "XY"), ("RC-18", "P"), ("RC-22", "P"))
    }
    assert set(verdicts.values()) == {Verdict.PASS}
    assert by_rule["RC-24", "S1"].verdict is Verdict.PASS
    assert by_rule["RC-36", "L1"].verdict is Verdict.PASS
    assert by_rule["PI-10", "P"].verdict is Verdict.PASS
    before = audit.pools(ledger.read(judged_office).view(day("2022-07-09")))
    stopped = next(f for f in before.findings if f.rule == "RC-08")
    assert stopped.verdict is Verdict.PASS


def test_the_command_gives_the_document(judged_office: Database) -> None:
    run = CliRunner().invoke(
        app,
        ["audit", "pools", "--as-of", "2023-12-31", "--json"],
        env={"FOF_DATABASE_URL": str(judged_office.url)},
    )
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert document["breach"] >= 1
    assert Counter(row["verdict"] for row in document["rows"])["breach"] == document["breach"]
    with fof.open(str(judged_office.url)) as opened:
        rows = opened.at(END).pools_audit().rows
        assert [row.rule for row in rows] == [row["rule"] for row in document["rows"]]
    wrong = CliRunner().invoke(
        app, ["audit", "pools", "--pool", "B1"], env={"FOF_DATABASE_URL": str(judged_office.url)}
    )
    assert isinstance(wrong.exception, Unknown)


CASES = {
    ("RC-19", "XY"): {"share_pool"},
    ("RC-22", "P"): {"limit_amount", "limit_kind"},
    ("RC-20", "S1"): {"overdue_since"},
    ("PI-10", "P"): {"account_balance"},
}


def test_a_case_file_lists_the_rows_and_the_payments_behind_a_finding(judged_office: Database) -> None:
    view = ledger.read(judged_office).view(END)
    for (rule, subject), names in CASES.items():
        grounds = case_file(view, rule, subject, history=False).grounds
        assert {g.attribute for g in grounds if g.state == "stated"} >= names, rule
        assert all(g.entry is not None and g.source for g in grounds if g.state != "missing"), rule
    paid = case_file(view, "RC-36", "L1", history=False).grounds
    assert 150_000_000 in {g.fen for g in paid if g.state == "money"}
