"""Lifecycle coverage a second time from raw rows (tests/second/lifecycle.py, coverage_parts.py): the demo office, and random
offices with partial sales, mergers in a chain, two currencies, write-offs, companies that come, go, move and are relabelled, and
figures that are old or that nobody stated. `make test` runs three of these; `make soak` 120."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from collections import defaultdict
from typing import Any

import pytest
from second.coverage_parts import (
    by_outcome,
    changes,
    concentration,
    gaps,
    mandates,
    margin,
    moves,
    product_limit,
)
from second.lifecycle import ORDER, Surface, surface
from second.rows import Book, Rows

from fof import ledger
from fof.db import Database
from fof.figures.coverage import concentration as first_concentration
from fof.figures.coverage import mandates as first_mandates
from fof.figures.coverage.change import coverage_change
from fof.figures.coverage.continuity import continuity_of, stage_moves
from fof.figures.coverage.gaps import coverage_gaps
from fof.figures.coverage.surface import coverage
from fof.ledger import View
from models.journal import Fact
from models.kinds import EntryKind
from models.posting_kinds import PostingKind
from models.rows import SubjectFact
from models.subjects import address_of

DAY = dt.date(2026, 9, 30)
SEEDS = range(1, 121) if os.environ.get("FOF_SOAK") == "1" else (1, 2, 90)
"""90: of a company that states no staff the research staff is none, so its share of them is none."""


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


MARGINS = (
    (),
    ("stage",),
    ("city",),
    ("industry",),
    ("instrument",),
    ("stage", "industry"),
    ("city", "instrument"),
    ("stage", "city", "industry", "instrument"),
)


def margins_agree(view: View, book: Book, second: Surface) -> None:
    """Every cell of every margin: companies, reach, whole money and the government's part."""
    first = coverage(view)
    for dimensions in MARGINS:
        wanted = margin(book, second, dimensions)
        got = {tuple(getattr(c, d) for d in dimensions): c for c in first.cells(dimensions)}
        if not dimensions and not wanted:
            assert got[()].companies == 0
            continue
        assert got.keys() == wanted.keys(), dimensions
        for place, cell in got.items():
            own = wanted[place]
            assert (cell.companies, cell.supported, cell.held) == own[:3], (dimensions, place)
            if cell.stage != "":
                assert cell.reach == own.supported / own.companies
            assert {a.currency for a in cell.amounts} == own.money.keys()
            for a in cell.amounts:
                deployed, at_risk, *parts = own.money[a.currency]
                assert (a.deployed, a.at_risk) == (deployed, at_risk)
                for mine, theirs in zip((a.government_deployed, a.government_at_risk), parts, strict=True):
                    assert (mine is None) == (theirs is None), (dimensions, place)
                    assert mine is None or abs(mine - theirs) <= 1 + len(second.money) / 2


def beside_the_surface_agrees(view: View, book: Book, second: Surface) -> int:
    """Mandates, concentration and targets; how many rows were compared."""
    wanted = mandates(book)
    rows = {r.stage: r for r in first_mandates.mandates(view)}
    assert rows.keys() == wanted.keys()
    for stage, row in rows.items():
        own = wanted[stage]
        assert {book.code[f] for f in row.funds} == own.funds
        assert {book.code[f] for f in row.able} == own.able
        assert (row.unclear, {c: (fen, part) for c, fen, part in row.unfunded}) == (own.unclear, own.unfunded)
    indices = {(c.by, c.currency): c for c in first_concentration.concentration(coverage(view))}
    by_hand = concentration(book, second)
    assert indices.keys() == by_hand.keys()
    for key, (index, largest, parts) in by_hand.items():
        got = indices[key]
        assert (got.index, got.share) == (pytest.approx(index, rel=1e-12), pytest.approx(largest))
        assert got.parts == parts
    missing = [
        (g.missing, g.stage or "", g.city or "", g.target, g.at_risk)
        for g in coverage_gaps(view, coverage(view))
    ]
    assert missing == gaps(book, second)
    return len(rows) + len(indices) + len(missing)


def continuity_agrees(view: View, book: Book, later: Book) -> int:
    """Every move with its wait, what became of them, and the curve with its band; how many moves."""
    own, first = moves(book, later), stage_moves(view)
    codes = coverage(view).companies.codes
    columns = (first.place, first.before, first.after, first.on, first.wait, first.paid, first.earlier)
    got = sorted(
        (codes[p], ORDER[b], ORDER[a], dt.date(1970, 1, 1) + dt.timedelta(on), w, paid, earlier)
        for p, b, a, on, w, paid, earlier in zip(*(c.tolist() for c in columns), strict=True)
    )
    assert got == sorted(map(tuple, own))
    assert view.as_of is not None
    for row in continuity_of(first, view.as_of):
        mine = [move for move in own if row.stage in (None, move.after)]
        assert {
            n: getattr(row, n) for n in ("moves", "whole", "supported", "earlier", "without")
        } == by_outcome(mine, view.as_of)
        curve = list(product_limit(mine))
        assert row.curve.times.tolist() == [c[0] for c in curve]
        for n, column in enumerate((row.curve.survival, row.curve.lower, row.curve.upper), 1):
            assert column.tolist() == pytest.approx([c[n] for c in curve], nan_ok=True, rel=1e-9)
    return len(own)


def changes_agree(before: View, after: View, old: tuple[Book, Surface], new: tuple[Book, Surface]) -> int:
    """Who moved and why; how many."""
    change = coverage_change(coverage(before), coverage(after))
    codes = change.after.companies.codes
    got = {codes[m.place]: set(m.reasons) for m in change.moves}
    assert got == changes(old, new)
    return len(got)


def test_the_demo_office_agrees(demo: Database) -> None:
    rows = Rows(demo.address)
    journal = ledger.read(demo)
    own = {}
    for day in (DAY, dt.date(2022, 3, 31)):
        view, book = journal.view(day), rows.book(day)
        own[day] = view, book, surface(book)
        assert agrees(view, own[day][2]) > 100
        margins_agree(view, book, own[day][2])
        assert beside_the_surface_agrees(view, book, own[day][2]) >= 5
        assert continuity_agrees(view, book, rows.book(dt.date.max)) > 10
    (after, *new), (before, *old) = own.values()
    assert changes_agree(before, after, tuple(old), tuple(new)) > 10


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
    for fund, status in (("F", draw.choice(["raising", "investing"])), ("U", "investing"), ("N", "extended")):
        clerk.fact(fund, "2022-01-01", "status", status)
    clerk.fact("F", "2022-01-01", "mandate_stages", draw.choice(["seed,startup", "seed,growth,mature"]))
    clerk.fact(draw.choice("FU"), "2022-01-01", "investment_period_end", "2026-03-31")
    clerk.party("P", "person")
    codes = [f"C{n}" for n in range(12)]
    for code in codes:
        own: dict[str, Any] = {"resident": draw.choice(["yes", "no"]), "audited_accounts": "yes"}
        if draw.random() < 0.9:
            own["founded_on"] = f"{draw.choice([2008, 2018, 2020, 2022, 2025])}-0{draw.randint(1, 9)}-15"
        if draw.random() < 0.8:
            own["city"] = draw.choice(["230100", "231000"])
        clerk.party(code, "company", **own)
    for year in range(2019, 2026):
        clerk.rows(EntryKind.TERMS, f"{year}-12-31", lambda view, y=year: _figures(view, draw, codes, y))
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
    clerk.party("END", "company", day="2026-02-01", successor_of="NEW,C8", founded_on="2015-07-01")
    for code, name, day, value in (
        ("C2", "closed_on", "2025-08-01", "2025-08-01"),
        ("C3", "listed_on", "2024-08-01", "2024-08-01"),
        ("C4", "city", "2025-03-01", "230300"),
        ("C6", "industry", "2023-01-01", draw.choice(["C3976", "I6510"])),
        ("C7", "industry", "2025-01-01", "C2710"),
        ("C9", "resident", "2025-02-01", "no"),
    ):
        clerk.fact(code, day, name, value)
    for code, day, stage, basis in (
        ("C10", "2024-12-31", "growth", "fof-2017"),
        ("C10", "2025-12-31", "mature", "fof-2017"),
        ("C11", "2025-12-31", "startup", draw.choice(["fof-2017", "other"])),
    ):
        clerk.rows(
            EntryKind.TERMS,
            day,
            lambda v, c=code, s=stage, b=basis: [Fact(v.party(c).id, None, "stage", s, b)],
        )
    for _ in range(8):  # after moves up, and to companies that have gone into others since
        day = dt.date(draw.randint(2023, 2026), draw.randint(1, 4), draw.randint(1, 28))
        kind = draw.choice([PostingKind.SUBSIDY, PostingKind.VOUCHER])
        clerk.pay(kind, "GOV", draw.choice(codes), draw.randint(1, 99), str(day), entry=EntryKind.FUND_CASH)
    clerk.pay(PostingKind.COINVEST_PAY_IN, "P", "C7", 50, "2024-02-01", entry=EntryKind.FUND_CASH)
    clerk.pay(
        PostingKind.COINVEST_PAY_OUT,
        "C7",
        "P",
        draw.choice([20, 50]),
        "2025-02-01",
        entry=EntryKind.FUND_CASH,
    )
    clerk.deal("F", "C11", "initial", 77, "2023-05-01", share=0.1)
    clerk.deal("F", "C11", "write_off", 0, "2025-11-30")
    targets = {"seed": draw.randint(1, 999), "all.230100": 200, "growth.231000": 1, "mature": 0}
    for name, yuan in targets.items():
        clerk.rows(
            EntryKind.SETTING,
            "2025-01-01",
            lambda view, n=name, f=yuan: [
                SubjectFact(*address_of(("office",)), f"coverage_target.{n}", str(f * 100))
            ],
        )


def _figures(view: View, draw: random.Random, codes: list[str], year: int) -> list[Fact]:
    made = []
    for code in codes:
        if draw.random() < 0.25:
            continue
        revenues = [0, 900, 3000, 5000, 20_000, 20_001][max(0, year - 2022) : year - 2016]
        staff, revenue = draw.choice([10, 60, 300, 301]), draw.choice(revenues)
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


@pytest.mark.parametrize("seed", SEEDS)
def test_random_offices_agree(sqlite_template: Any, tmp_path: Any, seed: int) -> None:
    from conftest import Clerk

    shutil.copy(sqlite_template, tmp_path / "book.sqlite")
    clerk = Clerk(Database(f"sqlite:///{tmp_path / 'book.sqlite'}"))
    random_office(clerk, seed)
    rows = Rows(clerk.database.address)
    last, seen = None, 0
    for day in ("2023-06-30", "2024-12-31", "2025-06-30", "2026-06-30"):
        view, book = clerk.view(day), rows.book(dt.date.fromisoformat(day))
        own = surface(book)
        assert agrees(view, own) > 3
        margins_agree(view, book, own)
        assert beside_the_surface_agrees(view, book, own) >= 5
        seen += continuity_agrees(view, book, rows.book(dt.date.max))
        if last is not None:
            assert changes_agree(last[0], view, last[1], (book, own)) > 0
        last = view, (book, own)
    assert seen > 5
    clerk.database.close()
