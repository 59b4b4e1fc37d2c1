"""The demo office and the disclosed positions, booked: complete, conserved, repeatable, and different by what was known."""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from fof import ledger, seeding
from fof.access import LOCAL, Actor
from fof.book.portfolios import portfolios
from fof.db import Database
from fof.errors import ImportRefused, NotAllowed, Refused
from fof.figures import positions
from fof.ledger import View
from fof.ledger.verify import verify
from models.kinds import EntryKind, PartyKind, Role
from models.posting_kinds import TREATMENTS

AS_OF = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def view(demo_file: Path) -> View:
    return ledger.read(Database(f"sqlite:///{demo_file}")).view(AS_OF)


def test_it_verifies_and_no_door_of_today_would_refuse_any_of_it(demo: Database) -> None:
    found = verify(demo)
    assert [c.name for c in found.problems if c.name != "durability"] == []
    assert found.refusals == ()


def test_what_is_in_it(view: View) -> None:
    assert (
        470 <= len(view.of_kind(PartyKind.COMPANY)) <= 520
    )  # 130 borrow and have no investor, 63 have no money at all
    chinese = [p for p in view.of_kind(PartyKind.SUB_FUND) if p.code.startswith("SF-")]
    assert len(chinese) == 30
    invented = [p for p in view.parties.values() if view.fact(p.id, "currency") != "USD"]
    assert [view.name(p.id) for p in invented if "示例" not in view.name(p.id)] == []
    notices = {(n.row.fund, n.row.kind, n.row.number) for n in view.notices}
    assert 2_700 <= len(notices) <= 3_300
    assert [p.code for p in portfolios(view) if p.currency == "CNY"] == ["PF-2023", "GF-2023"]


def test_money_is_conserved_and_no_vehicle_is_overdrawn(view: View) -> None:
    """What leaves one party enters another; and the cash of every vehicle kept in the book, day by day."""
    rows = view.postings
    assert int(rows.fen.min()) > 0
    assert not np.any(rows.from_party == rows.to_party)
    cash = np.array(
        [not TREATMENTS[k].memo if k in TREATMENTS else False for k in range(max(TREATMENTS) + 1)]
    )[rows.kind]
    size = max(view.parties) + 1
    balance = np.zeros(size, np.int64)
    np.add.at(balance, rows.to_party[cash], rows.fen[cash])
    np.subtract.at(balance, rows.from_party[cash], rows.fen[cash])
    assert int(balance.sum()) == 0
    kept = [p for p in view.parties if view.fact(p, "cash_kept", False)]
    assert len(kept) == 31
    for party in kept:
        own = cash & ((rows.to_party == party) | (rows.from_party == party))
        signed = np.where(rows.to_party[own] == party, rows.fen[own], -rows.fen[own])
        days, place = np.unique(rows.day[own], return_inverse=True)
        by_day = np.zeros(len(days), np.int64)
        np.add.at(by_day, place, signed)
        assert int(np.cumsum(by_day).min()) >= 0, view.parties[party].code


def test_capital_accounts_add_up_to_the_fund(view: View) -> None:
    """The latest statement of each sub-fund: investors' accounts and the whole, to the fen."""
    checked = 0
    for fund in view.of_kind(PartyKind.SUB_FUND):
        marks = [m for m in view.marks if m.row.holding == fund.id]
        if not marks:
            continue
        day = max(m.day for m in marks)
        latest = {m.row.holder: m.row.fen for m in marks if m.day == day}
        assert latest.pop(fund.id) == sum(latest.values()), fund.code
        checked += 1
    assert checked == 28


def test_seeding_again_books_nothing(demo_copy: Database) -> None:
    before = ledger.read(demo_copy).head
    demo = seeding.seed_demo(demo_copy, LOCAL)
    pensions = seeding.seed_pensions(demo_copy, LOCAL)
    assert [s.entries for s in [*demo, *pensions]] == [0] * 20
    assert sum(s.already for s in demo) > before
    assert [s.file for s in demo] == [
        *(f"{year}.xlsx" for year in range(2011, 2027)),
        "instruments.xlsx",
        "pools.xlsx",
        "settings.csv",
    ]
    assert ledger.read(demo_copy).head == before


def test_a_correction_changes_what_was_known_before_only_from_then_on(demo: Database) -> None:
    """SF-2016-01 at 2021-12-31: stated 18 % too high in 2022, corrected by the workbook of 2023."""
    journal = ledger.read(demo)
    now = journal.view(dt.date(2021, 12, 31))
    fund = now.by_code["SF-2016-01"].id

    def stated(known_at: int | None) -> list[int]:
        seen = journal.view(dt.date(2021, 12, 31), known_at)
        return [
            m.row.fen
            for m in seen.marks
            if m.row.holding == fund and m.row.holder == fund and m.day == now.as_of
        ]

    entries = [e.id for e in journal.entries(1, journal.head) if e.source_name == "2022.xlsx"]
    first, both = stated(max(entries)), stated(None)
    assert len(first) == 1
    assert len(both) == 2
    assert both[0] == first[0]
    assert first[0] * 1000 == pytest.approx(both[1] * 1180, rel=1e-8)


def test_late_statements_are_unknown_until_they_came(demo: Database) -> None:
    """SF-2014-01 at 2019-06-30 came in October 2020."""
    journal = ledger.read(demo)
    view = journal.view(dt.date(2019, 6, 30))
    fund = view.by_code["SF-2014-01"].id
    for year, known in (("2019", False), ("2020", True)):
        last = max(e.id for e in journal.entries(1, journal.head) if e.source_name == f"{year}.xlsx")
        seen = journal.view(dt.date(2019, 6, 30), last)
        assert any(m.row.holder == fund and m.day == seen.as_of for m in seen.marks) is known


def test_files_come_in_the_order_of_their_years(demo: Database) -> None:
    journal = ledger.read(demo)
    names = [e.source_name for e in journal.entries(1, journal.head)]
    years = [name for name in names if name and re.fullmatch(r"\d{4}\.xlsx", name)]
    assert years == sorted(years)


def test_known_oddities_reached_the_book(view: View) -> None:
    def fact(code: str, name: str) -> object:
        return view.fact(view.by_code[code].id, name)

    assert fact("SF-2019-02", "custodian") is None
    assert fact("SF-2021-02", "amac_id") is None
    assert fact("SF-2012-02", "extensions") == 3
    assert fact("SF-2025-03", "established_on") is None
    assert fact("PF-2023", "successor_of") == ("GF-2011",)
    assert str(fact("GF-2011", "status")) == "merged"
    assert str(fact("SF-2025-01", "fee_basis_investment")) == "commitment"
    assert fact("SF-2012-02", "fee_rate_exit") == Decimal("0.02")
    kinds = {view.entry(d.entry).kind for d in view.deals}
    assert {EntryKind.DEAL, EntryKind.EXIT} <= kinds


# -- disclosed positions ------------------------------------------------------------------------------------------


def test_shipped_positions_agree_but_for_the_two_exceptions(view: View) -> None:
    found = positions.positions(view)
    assert len(found) == 66
    by_holder = {view.parties[p.holder].code: p.holder for p in found}
    assert sorted(by_holder) == ["Oregon", "WSIB"]
    wrong = positions.exceptions(found)
    assert [view.name(p.fund) for p in wrong] == ["Francisco Partners Agility III", "USV 2019"]
    assert {view.fact(p.fund, "currency") for p in found} == {"USD"}
    silent = [p for p in found if p.remaining is None]
    assert len(silent) >= 10
    assert all(np.isnan(p.tvpi) for p in silent)
    assert {p.document for p in found if p.document} == {p.document for p in found}


def test_shipped_positions_state_their_disclosure() -> None:
    with (seeding.SEEDS / "pensions.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["multiple basis"] for row in rows} == {"disclosed"}
    assert all(row["as of"] in row["document"] for row in rows)
    vintages = {int(row["vintage"]) for row in rows if row["vintage"]}
    assert min(vintages) < 1985
    assert max(vintages) == 2025
    assert len(vintages) >= 30


@pytest.mark.golden
def test_shipped_positions_are_rows_of_the_collected_disclosures(golden: Path) -> None:
    """Every amount, multiple and IRR as in the collection of the same two disclosures."""
    with (golden / "fund_data" / "us_public_pension_pe.csv").open(encoding="utf-8", newline="") as stream:
        known = {(r["pension_fund_name"], r["fund_name"]): r for r in csv.DictReader(stream)}
    with (seeding.SEEDS / "pensions.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            other = known[row["institution"], row["fund"]]
            for ours, theirs in (
                ("commitment (USD million)", "commitment_mm"),
                ("called (USD million)", "capital_called_mm"),
                ("distributed (USD million)", "capital_distributed_mm"),
                ("remaining (USD million)", "remaining_value_mm"),
                ("stated multiple", "net_multiple"),
                ("vintage", "vintage_year"),
                ("as of", "as_of_date"),
            ):
                assert row[ours] == other[theirs], (row["fund"], ours)
            stated = Decimal(row["stated irr"].rstrip("%")) / 100 if row["stated irr"] else None
            assert stated == (Decimal(other["net_irr"]) if other["net_irr"] else None)


@pytest.mark.golden
def test_the_whole_collection_can_follow_the_shipped_positions(demo_copy: Database, golden: Path) -> None:
    """`--from FILE`: the mapping is found by the file's headers; what the seeds hold already is told."""
    [told] = seeding.seed_pensions(demo_copy, LOCAL, golden / "fund_data" / "us_public_pension_pe.csv")
    assert told.already == 66
    assert len(positions.positions(ledger.read(demo_copy).view(), every_day=True)) == 1227
    [again] = seeding.seed_pensions(demo_copy, LOCAL, golden / "fund_data" / "us_public_pension_pe.csv")
    assert again.entries == 0


def test_shipped_mappings_are_valid_and_told_apart_by_headers(tmp_path: Path) -> None:
    mappings = seeding.shipped_mappings()
    assert len({m.name for m in mappings}) == len(mappings) >= 3
    for mapping in mappings:
        file = tmp_path / "table.csv"
        headers = sorted(seeding._headers(mapping))
        file.write_text(",".join(headers) + "\n" + ",".join("1" for _ in headers) + "\n", encoding="utf-8")
        found = seeding.fitting_mapping(file, mappings)
        assert found is not None
        assert found.name == mapping.name
        file.write_text("other," + ",".join(headers) + "\n", encoding="utf-8")
        assert seeding.fitting_mapping(file, mappings) is None


# -- refusals -----------------------------------------------------------------------------------------------------


def test_a_file_that_no_mapping_fits_is_refused_as_any_import(sqlite_book: Database, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as refused:
        seeding.seed_pensions(sqlite_book, LOCAL, file)
    assert refused.value.problems[0].code == "unknown_layout"
    assert ledger.read(sqlite_book).head == 0


def test_who_may_not_book_may_not_seed(sqlite_book: Database) -> None:
    with pytest.raises(NotAllowed):
        seeding.seed_demo(sqlite_book, Actor("reader", frozenset({Role.VIEWER})))
    assert ledger.read(sqlite_book).head == 0


def test_without_the_checkout_it_says_where_the_seeds_are(
    sqlite_book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeding, "SEEDS", tmp_path)
    for seed in (seeding.seed_demo, seeding.seed_pensions):
        with pytest.raises(Refused) as refused:
            seed(sqlite_book, LOCAL)
        assert refused.value.problems[0].code == "seeds_missing"
