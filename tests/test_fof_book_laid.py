"""Entries laid on a prefix give the book that booking them gives, and write nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fof import audit
from fof.book.currencies import currency_of
from fof.book.holdings import all_holdings
from fof.book.laid import laid
from fof.book.portfolios import portfolios
from fof.book.stakes import stakes
from fof.book.succession import current
from fof.ledger import Draft
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Deal, Fact, Mark, Posting

DAY = "2020-12-31"


def office(clerk: Any) -> None:
    clerk.party("GF", "guidance_fund", day="2015-01-01", province="黑龙江省")
    clerk.party("SOC", day="2015-01-01")
    clerk.party("SF", "sub_fund", day="2015-01-01", established_on="2015-01-01", cash_kept="no")
    clerk.party("C", "company", day="2015-01-01")
    for code in ("GF", "SOC"):
        clerk.pay(K.COMMITMENT, code, "SF", 1e6, "2016-01-10", entry=EntryKind.COMMITMENT)
        clerk.pay(K.CALL_INVESTMENT, code, "SF", 4e5, "2016-02-10", entry=EntryKind.CALL_PAYMENT)
    clerk.deal("SF", "C", "initial", 2e5, "2016-03-01", share=0.1)


def drafts(view: Any) -> list[Draft]:
    """More commitment, a further deal with its mark, an attribute: on three days."""
    fund, company, soc = (view.by_code[code].id for code in ("SF", "C", "SOC"))
    number = max(view.deal_by_id) + 1
    deal = Deal(number, f"deal-{number}", fund, company, "follow_on", share_nano=50_000_000)
    return [
        Draft(
            EntryKind.COMMITMENT, day(1), "a", b"", [Posting(K.COMMITMENT, soc, fund, fund, None, None, 7)]
        ),
        Draft(
            EntryKind.DEAL,
            day(2),
            "b",
            b"",
            [Posting(K.INVESTMENT, fund, company, fund, number, None, 5_000_000)],
            [deal, Mark(fund, company, 30_000_000, "cost")],
        ),
        Draft(EntryKind.TERMS, day(3), "c", b"", [], [Fact(fund, None, "strategy", "angel")]),
    ]


def day(month: int) -> dt.date:
    return dt.date(2019, month, 15)


def answers(view: Any) -> tuple[object, ...]:
    """Everything that stakes, holdings and the audit say."""
    columns = stakes(view)
    found = audit.with_since(view, audit.guidance(view)).findings
    return (
        [getattr(columns, name).tolist() for name in columns.__slots__],
        [repr(h) for h in all_holdings(view)],
        [(f.rule, f.subject, f.verdict, f.finding.measured, f.money_at_stake, f.since) for f in found],
    )


def test_what_is_laid_reads_as_what_is_booked(clerk_on_both: Any) -> None:
    clerk = clerk_on_both
    office(clerk)
    view = clerk.view(DAY)
    before, head = answers(view), view.journal.head
    proposed = drafts(view)
    dry = answers(laid(view, proposed))
    assert view.journal.refresh().head == head  # nothing was written
    assert answers(clerk.view(DAY)) == before != dry
    for draft in proposed:
        clerk.book(draft.kind, str(draft.effective_on), lambda _v, _i, d=draft: (d.postings, d.rows))
    assert answers(clerk.view(DAY)) == dry
    assert answers(laid(clerk.view(DAY), [])) == dry
    assert answers(laid(clerk.view(DAY, head), proposed)) == dry  # on an earlier prefix, whatever came later


def test_an_attribute_that_is_laid_is_in_force(clerk_on_both: Any) -> None:
    """Asked one at a time and all together, for whoever asks: every fact that the drafts state, over those of the prefix."""
    clerk = clerk_on_both
    office(clerk)
    view = clerk.view(DAY)
    fund, soc = (view.by_code[code].id for code in ("SF", "SOC"))
    facts = [Fact(fund, None, "cash_kept", "yes"), Fact(fund, None, "currency", "USD")]
    merged = [Fact(soc, None, "successor_of", "GF"), Fact(soc, None, "portfolio", "yes")]
    dry = laid(view, [Draft(EntryKind.TERMS, day(3), "c", b"", [], [*facts, *merged])])
    assert [dry.fact(fund, name) for name in ("cash_kept", "currency", "established_on")] == [
        True,
        "USD",
        dt.date(2015, 1, 1),
    ]
    assert dry.facts_of(fund).keys() == {*view.facts_of(fund), "currency"}
    assert (currency_of(dry, fund), currency_of(view, fund)) == ("USD", "CNY")
    assert current(dry, view.by_code["GF"].id) == soc
    assert [p.code for p in portfolios(dry)] == ["SOC"]
    assert view.fact(fund, "cash_kept") is False
