"""The generator of the demo office: the same at every run, believable, and sound before any importer sees it."""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof.importers.identifiers import uscc_check
from models.kinds import City

ROOT = Path(__file__).resolve().parents[1]


def _generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate_demo", ROOT / "seeds" / "generate_demo.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()
office_parts = SimpleNamespace(
    **{
        name: sys.modules[f"office.{name}"]
        for name in ("stream", "days", "economy", "positions", "sheets", "statements", "names", "companies")
    }
)


@pytest.fixture(scope="module")
def office() -> Any:
    made = office_parts.economy.build()
    office_parts.statements.state_values(made)
    return made


@pytest.fixture(scope="module")
def books(office: Any) -> dict[str, dict[str, list[dict[str, Any]]]]:
    return office_parts.sheets.workbooks(office)


# -- the same at every run ----------------------------------------------------------------------------------------


def test_the_stream_is_the_published_splitmix64() -> None:
    """First outputs of state 0 (Steele, Lea, Flood 2014; as in the reference C by Vigna)."""
    stream = office_parts.stream.Stream("")
    stream._state = 0
    assert [stream.bits() for _ in range(3)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_a_split_adds_up(total: int, weights: list[int]) -> None:
    parts = office_parts.stream.split(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * w) < sum(weights) for part, w in zip(parts, weights, strict=True)
    )


def test_the_committed_workbooks_are_what_the_generator_makes() -> None:
    made = GENERATOR.generate()
    lying = {path.name: path.read_bytes() for path in (ROOT / "seeds" / "demo").iterdir()}
    assert sorted(made) == sorted(lying)
    for name, content in made.items():
        assert GENERATOR.parts(content) == GENERATOR.parts(lying[name]), name
    assert max(len(content) for content in lying.values()) < 2_000_000
    for name, said in GENERATOR.keys().items():
        assert (ROOT / "seeds" / name).read_bytes() == said, name


def test_two_offices_are_equal(books: dict[str, Any]) -> None:
    again = office_parts.economy.build()
    office_parts.statements.state_values(again)
    assert office_parts.sheets.workbooks(again) == books


# -- invented, and recognisably so --------------------------------------------------------------------------------


def test_every_name_says_that_it_is_invented(books: dict[str, Any]) -> None:
    names = [
        row["name"]
        for sheets in books.values()
        for layout in ("parties", "funds", "companies")
        for row in sheets.get(layout, [])
        if "name" in row
    ]
    assert len(names) > 400
    assert [name for name in names if "示例" not in name] == []


def test_every_credit_code_is_well_formed_and_invented(books: dict[str, Any]) -> None:
    codes = [
        row["uscc"]
        for sheets in books.values()
        for layout in ("parties", "funds", "companies")
        for row in sheets.get(layout, [])
        if row.get("uscc")
    ]
    assert len(codes) == len(set(codes)) > 350
    assert [c for c in codes if uscc_check(c[:17]) != c[17]] == []
    assert [c for c in codes if not re.fullmatch(r"91\d{6}DEM0\d{4}..", c)] == []


def test_a_real_credit_code_checks_with_our_digits() -> None:
    """A widely published one of a listed company: body 71526726, its check X, and the last character G."""
    names = office_parts.names
    value = sum(w * int(c) for w, c in zip(names._ORGANISATION_WEIGHTS, "71526726", strict=True))
    assert "0123456789X0"[11 - value % 11] == "X"
    assert uscc_check("9144030071526726X") == "G"


# -- believable ---------------------------------------------------------------------------------------------------


def test_counts_are_near_what_was_asked_for(office: Any) -> None:
    notices = sum(len(v.book.calls) + len(v.book.distributions) for v in office.vehicles)
    assert 2_700 <= notices <= 3_300
    assert 290 <= len(office.companies) <= 310
    assert 24 <= len(office.sub_funds) <= 30
    assert {company.city for company in office.companies} == {city.value for city in City}
    funds = office_parts.economy.FUNDS
    assert {fund.city for fund in funds} == {city.value for city in City}
    assert {fund.start.year for fund in funds} == set(range(2011, 2026))
    assert sum(len(company.holders) > 1 for company in office.companies) >= 20


def test_realised_multiples_have_the_published_shares(office: Any) -> None:
    """Proceeds over cost, from the deal rows: 64.8 / 25.3 / 5.9 / 2.5 / 1.1 / 0.4 per cent, to a position or two."""
    cost: Counter[tuple[str, str]] = Counter()
    back: Counter[tuple[str, str]] = Counter()
    done: set[tuple[str, str]] = set()
    for vehicle in office.sub_funds.values():
        for deal in vehicle.book.deals:
            key = (deal.fund, deal.code.rsplit("-", 1)[0])
            if deal.kind in ("首次投资", "后续投资"):
                cost[key] += deal.amount
            else:
                back[key] += deal.amount or 0
                done |= {key} if deal.kind in ("退出", "核销") else set()
    multiples = [back[key] / cost[key] for key in done]
    assert len(multiples) > 180
    for low, high, thousandths in office_parts.positions.OUTCOMES:
        share = sum(low <= m < (high or 1e9) for m in multiples) / len(multiples)
        assert share == pytest.approx(thousandths / 1000, abs=0.012), (low, high)
    assert sum(share for _, _, share in office_parts.positions.OUTCOMES) == 1000


def test_fund_results_are_plausible(office: Any) -> None:
    for vehicle in office.sub_funds.values():
        tvpi = (vehicle.total_distributed + vehicle.nav(office_parts.days.LAST)) / vehicle.paid
        assert 0.55 <= tvpi <= 2.5, vehicle.code
    mature = [v for v in office.sub_funds.values() if v.fund.start.year <= 2017]
    assert sum(v.total_distributed > v.paid for v in mature) >= len(mature) // 3


def test_value_lies_below_paid_in_at_first(office: Any) -> None:
    """The left side of the J: after two years the mature funds, taken together, are worth less than was paid in."""
    paid = worth = 0
    for vehicle in office.sub_funds.values():
        start = vehicle.fund.start
        day = dt.date(start.year + 2, 12, 31)
        if start.year <= 2017:
            paid += sum(
                p.total for c in vehicle.book.calls for x in c.lines for p in x.payments if p.day <= day
            )
            back = sum(
                sum(parts.values())
                for d in vehicle.book.distributions
                if d.day <= day
                for _, parts in d.lines
            )
            worth += sum(vehicle.accounts[day].values()) + back
    assert 0.85 < worth / paid < 1.0


# -- sound --------------------------------------------------------------------------------------------------------


def test_no_vehicle_ever_owes_cash(office: Any) -> None:
    """Cash by day from the rows alone: never below zero, and what the simulation ended with."""
    moves: defaultdict[str, Counter[dt.date]] = defaultdict(Counter)
    for vehicle in office.vehicles:
        book, own = vehicle.book, moves[vehicle.code]
        for call in book.calls:
            for line in call.lines:
                for p in line.payments:
                    own[p.day] += p.total + p.late_interest + p.equalisation
                    moves[line.investor][p.day] -= p.total + p.late_interest + p.equalisation
        for d in book.distributions:
            for investor, parts in d.lines:
                own[d.day] -= sum(parts.values())
                moves[investor][d.day] += sum(parts.values())
        for cash in book.cash:
            own[cash.day] += cash.amount if cash.kind in ("利息收入", "股息") else -cash.amount
        for deal in book.deals:
            sign = -1 if deal.kind in ("首次投资", "后续投资") else 1
            own[deal.day] += sign * (deal.amount or 0)
        for c in book.commitments:
            if c.price:
                moves[c.buyer or ""][c.day] -= c.price
                moves[c.investor][c.day] += c.price
    for vehicle in office.vehicles:
        balance = 0
        for day in sorted(moves[vehicle.code]):
            balance += moves[vehicle.code][day]
            assert balance >= 0, (vehicle.code, day)
        assert balance == vehicle.cash, vehicle.code


def test_statements_add_up_and_end_at_nothing(office: Any) -> None:
    closed = 0
    for vehicle in office.vehicles:
        by_day: defaultdict[tuple[dt.date, bool], list[Any]] = defaultdict(list)
        for v in vehicle.book.valuations:
            if v.company is None:
                by_day[v.day, v.restated].append(v)
        for key, rows in by_day.items():
            total = [v.amount for v in rows if v.investor is None]
            assert len(total) == 1, (vehicle.code, key)
            assert total[0] == sum(v.amount for v in rows if v.investor is not None), (vehicle.code, key)
            assert min(v.amount for v in rows) >= 0, (vehicle.code, key)
        if getattr(vehicle, "closed", False):
            closed += 1
            assert vehicle.cash == 0
            last = max(by_day)
            assert last[0] == max(d.day for d in vehicle.book.distributions)
            assert {v.amount for v in by_day[last]} == {0}
    assert closed >= 5


def test_nobody_pays_more_than_promised(office: Any) -> None:
    for vehicle in office.vehicles:
        for code, seat in vehicle.seats.items():
            assert seat.unfunded >= 0, (vehicle.code, code)
            assert seat.paid - seat.recallable <= seat.committed, (vehicle.code, code)


def test_the_reorganisation_moves_every_stake_and_no_money(office: Any) -> None:
    day = office_parts.days.REORGANISED
    moved = [
        c
        for v in office.sub_funds.values()
        for c in v.book.commitments
        if c.change == "转让" and c.day == day and c.buyer == "PF-2023"
    ]
    assert len(moved) >= 10
    price = sum(c.price for c in moved)
    old, parent = office.uppers["GF-2011"], office.uppers["PF-2023"]
    paid = [
        p.total
        for c in parent.book.calls
        for x in c.lines
        for p in x.payments
        if x.investor == "GOV-HLJ" and p.day == day
    ]
    assert paid == [price]
    assert price > 0
    out = sum(sum(parts.values()) for d in old.book.distributions if d.day == day for _, parts in d.lines)
    assert out >= price
    assert old.cash == 0
    assert old.nav(day) == 0
    assert all(
        v.seats["GF-2011"].committed == 0
        for v in office.sub_funds.values()
        if "GF-2011" in v.seats and not v.closed
    )
    reduction = [c.amount for c in old.book.commitments if c.change == "减少认缴"]
    promised = [c.amount for c in parent.book.commitments if c.investor == "GOV-HLJ"]
    assert promised == [price + sum(reduction)]


def test_stages_come_from_the_figures_and_the_oddities_are_there(office: Any) -> None:
    by_code = {company.code: company for company in office.companies}
    for vehicle in office.vehicles:
        for deal in vehicle.book.deals:
            if deal.kind != "核销":
                assert deal.stage == by_code[deal.company].stage_on(deal.day)
    early = {"SF-2013-01": True, "SF-2021-01": True, "SF-2017-02": False}
    for code, enough in early.items():
        deals = [d for d in office.sub_funds[code].book.deals if d.kind in ("首次投资", "后续投资")]
        share = sum(d.amount for d in deals if d.stage in ("seed", "startup")) / sum(d.amount for d in deals)
        assert (share >= 0.6) is enough, (code, share)
    for fund in office_parts.economy.FUNDS:
        partners = [code for code, _ in fund.investors if code.startswith("GP-")]
        assert partners in ([], [f"GP-{fund.manager:02d}"]), fund.code
        most = max(p.cost for p in office.positions if p.fund == fund.code) / (
            fund.size * office_parts.positions.WAN
        )
        assert (most > 0.2) is (fund.code == "SF-2018-01"), (fund.code, most)


def test_late_missing_and_corrected_statements_are_of_days_that_exist(office: Any) -> None:
    vehicles = {v.code: v for v in office.vehicles}
    listed = office_parts.statements
    for code, day in [*listed.LATE, *listed.MISSING, *listed.RESTATED]:
        assert day in vehicles[code].accounts, (code, day)
    for (code, day), (_, corrected) in listed.RESTATED.items():
        rows = [
            v
            for v in vehicles[code].book.valuations
            if v.day == day and v.investor is None and v.company is None
        ]
        assert [v.restated for v in rows] == [False, True]
        assert rows[0].amount != rows[1].amount
        assert rows[0].received.year < corrected.year == rows[1].received.year
