"""Every cell and figure of lifecycle coverage opens, and the terms come to what the documents say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fof import ledger
from fof.db import Database
from fof.errors import FofError
from fof.explain.coverage_figures import (
    CHANGES,
    COUNTS,
    INDICES,
    MANDATES,
    MONEY,
    MOVES,
    OF_COVERAGE,
    coverage_key,
    explain_coverage,
)
from fof.figures import coverage_document as document
from fof.figures.coverage.surface import DIMENSIONS, coverage
from fof.ledger import View
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

DAY, SINCE = dt.date(2026, 9, 30), dt.date(2025, 9, 30)


@pytest.fixture(scope="module")
def view(demo: Database) -> View:
    return ledger.read(demo).view(DAY)


def value_of(view: View, figure: str, key: str = "", currency: str | None = None) -> Any:
    return explain_coverage(view, figure, key, currency).value


def test_every_cell_opens_and_its_terms_add_up(view: View) -> None:
    surface = coverage(view)
    cells = [c for by in ((), ("stage",), ("instrument",), ("stage", "city")) for c in surface.cells(by)]
    for cell in cells[::2]:
        key = coverage_key(**{d: getattr(cell, d) for d in DIMENSIONS})
        counts = (cell.companies, cell.supported, cell.held)
        for figure, wanted in zip(COUNTS[:3], counts, strict=True):
            opened = explain_coverage(view, figure, key)
            assert (opened.value, len(opened.parts[0].rows)) == (wanted, wanted)
            assert all(r.entry is not None for r in opened.parts[0].rows)
        [money] = cell.amounts or [None]
        for figure in MONEY:
            opened = explain_coverage(view, figure, key)
            wanted = getattr(money, figure.removeprefix("support_")) if money else 0
            assert opened.value == wanted
            if money is None:
                continue
            by_payer, payments = opened.parts
            if wanted is None:
                assert opened.reason is not None
            else:
                assert sum(r.fen or 0 for r in by_payer.rows) + (by_payer.left_out_fen or 0) == wanted
            if figure == "support_deployed":
                assert payments.fen == wanted
                assert all(r.document for r in payments.rows)


def test_reach_mandates_targets_moves_and_indices_are_those_of_the_documents(view: View) -> None:
    for cell in coverage(view).cells(("stage",)):
        opened = explain_coverage(view, "reach", f"stage={cell.stage}")
        assert (opened.value is None) == (cell.stage == "")
        assert opened.value in (None, pytest.approx(cell.reach))
    head = document.coverage_head(coverage(view))
    assert value_of(view, "reach") == pytest.approx(head["reach"])
    assert value_of(view, "companies_unknown") == head["unknown"]
    assert value_of(view, "public_per_company") == head["public_per_company"]
    for row in document.mandates_document(view).rows:
        key = coverage_key(stage=row["stage"])
        names = ("funds", "able", "unfunded", "government_unfunded")
        assert [value_of(view, f, key) for f in MANDATES] == [row[n] for n in names]
    for row in document.gaps_document(view).rows:
        key = coverage_key(stage=row["stage"], city=row["city"])
        assert value_of(view, "coverage_target", key) == row["target"]
        assert value_of(view, "coverage_missing", key) == row["missing"]
        assert value_of(view, "target_share", key) == row["target_share"]
        target, by_payer, _ = explain_coverage(view, "coverage_missing", key).parts
        assert target.rows[0].document
        assert max(0, (target.fen or 0) - (by_payer.fen or 0)) == row["missing"]
    fields = ("moves", "whole", "supported", "earlier", "without", "continuity", *MOVES[6:12], "median")
    for row in document.continuity_document(view).rows[-2:]:
        key = coverage_key(stage=row["stage"])
        for figure, name in zip(MOVES, fields, strict=True):
            opened = explain_coverage(view, figure, key)
            assert opened.value == row[name] or (
                opened.value is None and row[name] in (None, pytest.approx(float("nan"), nan_ok=True))
            )
            if figure in MOVES[:5]:
                assert len(opened.parts[0].rows) == opened.value
    for row in document.concentration_document(view).rows:
        for figure, name in zip(INDICES, ("hhi", "largest_part"), strict=True):
            opened = explain_coverage(view, figure, f"by={row['by']}")
            assert opened.value == pytest.approx(row[name])
            squares = sum((100 * (r.share or 0)) ** 2 for r in opened.parts[0].rows)
            assert squares == pytest.approx(row["hhi"])


def test_the_public_money_of_one_company_opens_by_payer(view: View) -> None:
    for row in document.companies_document(view, instrument="ip_loan").rows[:3]:
        for figure in MONEY:
            opened = explain_coverage(view, figure, f"company={row['company']}")
            assert opened.value == row[figure.removeprefix("support_")]


def test_a_change_opens_to_the_companies_that_made_it(view: View) -> None:
    for row in document.stages_document(view, view.on(SINCE)).rows:
        key = coverage_key(stage=row["stage"], since=SINCE.isoformat())
        names = ("before", "entered", "moved", "left", "after")
        for figure, name in zip(CHANGES, names, strict=True):
            opened = explain_coverage(view, figure, key)
            assert opened.value == row[name]
            lengths = [len(p.rows) for p in opened.parts]
            assert opened.value == (lengths[0] - lengths[1] if name == "moved" else lengths[0])


def test_two_currencies_open_one_by_one(clerk: Any) -> None:
    for fund, currency in (("F", "CNY"), ("U", "USD")):
        clerk.party(fund, "sub_fund", strategy="vc", currency=currency, cash_kept="no")
    clerk.party("C", "company", founded_on="2026-01-01")
    clerk.deal("F", "C", "initial", 40, "2026-02-01", share=0.1)
    clerk.deal("U", "C", "initial", 7, "2026-02-01", share=0.1)
    own = clerk.view("2026-06-30")
    both = explain_coverage(own, "support_at_risk")
    assert both.value is None
    assert both.reason is not None
    assert [p.fen for p in both.parts] == [4000, 4000, 700, 700]
    assert value_of(own, "support_at_risk", "", "USD") == 700
    with pytest.raises(FofError, match="EUR"):
        value_of(own, "support_at_risk", "", "EUR")
    assert value_of(own, "hhi", "by=company", "USD") == 10_000


def test_a_payer_with_two_instruments_is_opened_by_the_one_asked_for(clerk: Any) -> None:
    clerk.party("G", "government", government_level="province")
    clerk.party("C", "company", founded_on="2026-01-01")
    clerk.deal("G", "C", "initial", 30, "2026-02-01", share=0.1)
    clerk.pay(PostingKind.SUBSIDY, "G", "C", 5, "2026-02-01", entry=EntryKind.FUND_CASH)
    own = clerk.view("2026-06-30")
    for kind, fen in (("direct", 3000), ("subsidy", 500)):
        opened = explain_coverage(own, "support_deployed", f"instrument={kind}")
        assert (opened.value, [p.fen for p in opened.parts]) == (fen, [fen, fen])


@pytest.mark.parametrize(
    ("figure", "key", "sentence"),
    [
        ("nav", "", "nav"),
        ("reach", "moon=1", "moon"),
        ("support_at_risk", "company=QY-9999", "QY-9999"),
        ("reach", "stage=old", "old"),
        ("reach", "stage=seed,stage=growth", "stage"),
        ("companies_known", "definition=fof-1999", "fof-1999"),
        ("coverage_target", "stage=mature,city=230100", "mature"),
        ("companies_moved", "stage=seed", "早于截至日"),
        ("hhi", "by=moon", "moon"),
    ],
)
def test_what_cannot_be_opened_is_refused(view: View, figure: str, key: str, sentence: str) -> None:
    with pytest.raises(FofError, match=sentence):
        explain_coverage(view, figure, key)
    assert "reach" in OF_COVERAGE
