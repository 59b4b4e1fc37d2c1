"""Lifecycle coverage a second time from raw rows (tests/second/lifecycle.py): the demo office, and random offices with partial
sales, mergers, two currencies, companies that come and go, and figures that nobody stated."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections import defaultdict
from typing import Any

import pytest
from second.lifecycle import Surface, surface
from second.rows import Rows

from fof import ledger
from fof.db import Database
from fof.figures.coverage.surface import coverage
from fof.ledger import View
from models.journal import Fact
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

DAY = dt.date(2026, 9, 30)


def agrees(view: View, second: Surface) -> int:
    """Every cell of stage × city × instrument and every margin of counts; how many were compared."""
    first = coverage(view)
    counts: dict[tuple[str, str], list[set[str]]] = defaultdict(lambda: [set(), set(), set()])
    amounts: dict[tuple[str, str, str, str], list[Any]] = defaultdict(lambda: [0, 0, 0, 0])
    for code, stage in second.stage.items():
        counts[stage, second.city[code]][0].add(code)
    for own in second.money:
        if own.company not in second.stage:
            continue
        place = second.stage[own.company], second.city[own.company]
        if own.deployed:
            counts[place][1].add(own.company)
        if own.at_risk:
            counts[place][2].add(own.company)
        cell = amounts[(*place, own.instrument, own.currency)]
        for n, fen in enumerate((own.deployed, own.at_risk)):
            cell[n] += fen
            if fen and own.government is None:
                cell[n + 2] = None
            elif cell[n + 2] is not None:
                cell[n + 2] += (own.government or 0) * fen
    cells = {(c.stage, c.city): [c.companies, c.supported, c.held] for c in first.cells(("stage", "city"))}
    assert cells == {place: [len(s) for s in own] for place, own in counts.items()}
    seen = 0
    for cell in first.cells(("stage", "city", "instrument")):
        for own in cell.amounts:
            wanted = amounts.pop((cell.stage or "", cell.city or "", cell.instrument or "", own.currency))
            assert [own.deployed, own.at_risk] == wanted[:2], cell
            for got, part in zip((own.government_deployed, own.government_at_risk), wanted[2:], strict=True):
                assert (got is None) == (part is None), cell
                assert got is None or abs(got - part) <= 1 + len(second.money) / 2
            seen += 1
    assert [key for key, own in amounts.items() if own[0] or own[1]] == []
    return seen + len(cells)


def test_the_demo_office_agrees(demo: Database) -> None:
    rows = Rows(demo.address)
    journal = ledger.read(demo)
    for day in (DAY, dt.date(2022, 3, 31)):
        assert agrees(journal.view(day), surface(rows.book(day))) > 100


def random_office(clerk: Any, seed: int) -> None:
    """Two funds of two currencies and a government, a dozen companies: bought, sold in part and whole, merged, struck off."""
    draw = random.Random(seed)
    clerk.party("GOV", "government", government_level="province")
    clerk.party("LP", "social_investor")
    for fund, strategy, currency in (("F", "angel", "CNY"), ("U", "vc", "USD")):
        clerk.party(fund, "sub_fund", strategy=strategy, currency=currency, cash_kept="no")
        for who in ("GOV", "LP"):
            clerk.pay(
                PostingKind.COMMITMENT,
                who,
                fund,
                draw.randint(1, 9) * 1000,
                "2016-01-01",
                entry=EntryKind.COMMITMENT,
            )
    clerk.party("N", "sub_fund", cash_kept="no")  # of which nobody recorded an investor
    codes = [f"C{n}" for n in range(12)]
    for code in codes:
        own: dict[str, Any] = {"resident": draw.choice(["yes", "no"]), "audited_accounts": "yes"}
        if draw.random() < 0.9:
            own["founded_on"] = f"{draw.choice([2008, 2020, 2022, 2025])}-0{draw.randint(1, 9)}-15"
        if draw.random() < 0.8:
            own["city"] = draw.choice(["230100", "231000"])
        clerk.party(code, "company", **own)
    for year in (2023, 2024, 2025):
        clerk.rows(EntryKind.TERMS, f"{year}-12-31", lambda view: _figures(view, draw, codes))
    for n, code in enumerate(codes[:9]):
        fund = draw.choice("FUN")
        clerk.deal(fund, code, "initial", draw.randint(100, 999), f"2022-0{1 + n % 9}-10", share=0.2)
        if n % 3 == 0:
            clerk.deal(fund, code, "partial_exit", draw.randint(10, 999), "2024-05-06", share=0.05)
        if n % 4 == 1:
            clerk.deal(fund, code, "exit", draw.randint(10, 999), "2025-05-06")
        if n % 3 == 1:
            kind = draw.choice([PostingKind.SUBSIDY, PostingKind.VOUCHER])
            clerk.pay(kind, "GOV", code, draw.randint(1, 99), "2025-02-03", entry=EntryKind.FUND_CASH)
    clerk.party(
        "NEW", "company", day="2025-07-01", successor_of="C0,C5", founded_on="2025-07-01", city="230100"
    )
    for code, name, day in (("C2", "closed_on", "2025-08-01"), ("C3", "listed_on", "2024-08-01")):
        clerk.rows(EntryKind.TERMS, day, lambda v, c=code, n=name, d=day: [Fact(v.party(c).id, None, n, d)])


def _figures(view: View, draw: random.Random, codes: list[str]) -> list[Fact]:
    made = []
    for code in codes:
        if draw.random() < 0.25:
            continue
        staff, revenue = draw.choice([10, 60, 300, 301]), draw.choice([0, 900, 3000, 5000, 20_000, 20_001])
        stated = {
            "staff": staff,
            "rd_staff": staff // draw.choice([5, 20]),
            "degree_staff": staff // 2,
            "technical_graduates": staff // 2,
            "revenue": revenue * 1_000_000,
            "costs": 1000_000_000,
            "rd_expense": draw.choice([199_999_999, 200_000_000]),
            "net_profit": draw.choice([-1, 1]),
            "total_assets": draw.choice([5000, 5001]) * 1_000_000,
            "net_assets": draw.choice([2000, 2001]) * 1_000_000,
        }
        number = view.party(code).id
        made += [Fact(number, None, k, str(v)) for k, v in stated.items() if draw.random() < 0.9]
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_offices_agree(sqlite_template: Any, tmp_path: Any, seed: int) -> None:
    from conftest import Clerk

    shutil.copy(sqlite_template, tmp_path / "book.sqlite")
    clerk = Clerk(Database(f"sqlite:///{tmp_path / 'book.sqlite'}"))
    random_office(clerk, seed)
    rows = Rows(clerk.database.address)
    for day in ("2023-06-30", "2025-06-30", "2026-06-30"):
        assert agrees(clerk.view(day), surface(rows.book(dt.date.fromisoformat(day)))) > 3
    clerk.database.close()
