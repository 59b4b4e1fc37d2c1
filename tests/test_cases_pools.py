"""Pools and small instruments on cases of our own, each worked out by hand before it was asked: amounts that no published row has."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pool_office import booked, claimed, day, decided, loan, office, pay, step, yuan
from test_fof_rules_pools import AID, ANGEL, GUARANTOR

from fof import ledger
from fof.access import LOCAL
from fof.book.pools import pools_of
from fof.book.pools.sharing import parts_of
from fof.calendar import published, working_days
from fof.db import Database
from fof.operations import claim_desk
from fof.rules.engine import ask
from fof.rules.grants import voucher_allowed
from fof.rules.registry import Verdict
from fof.rules.size_classes import NO_INDUSTRY, size_class, size_industry
from models import pools as w
from models.kinds import Stage
from models.subjects import LinkRole as R
from valuation.concentration import hhi
from valuation.survival import kaplan_meier

WAN = 1_000_000
"""Fen in ten thousand yuan."""


def verdict(rule: str, facts: Any) -> Verdict:
    made = ask(rule, facts, day=dt.date(2026, 9, 30))
    assert made is not None
    return made.verdict  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fen", "parts"),
    [
        # of 1,234,567.89: .6 .7 .8 .9 of a fen are left over, three fen go to the three largest
        (123_456_789, (49_382_715, 37_037_037, 24_691_358, 12_345_679)),
        (1, (1, 0, 0, 0)),
        (5, (2, 2, 1, 0)),  # 2.0 1.5 1.0 0.5: one fen, alike for two: the first named has it
        (99, (39, 30, 20, 10)),  # 39.6 29.7 19.8 9.9: three fen left; .6 is the least
        (0, (0, 0, 0, 0)),
    ],
)
def test_a_split_of_four_gives_every_fen_to_one_named_party(fen: int, parts: tuple[int, ...]) -> None:
    shares = {
        R.GUARANTOR: D("0.4"),
        R.REGUARANTOR: D("0.3"),
        R.LENDER: D("0.2"),
        R.LOCAL_GOVERNMENT: D("0.1"),
    }
    assert tuple(parts_of(fen, shares).values()) == parts
    assert sum(parts) == fen


def layered() -> dict[str, Any]:
    """A deductible, part of a loss covered, two layers of money, three limits and an order of recovery."""
    rows = office()
    rows["agreements"][0] |= {
        "share_pool": D("0.35"),
        "share_guarantor": D("0.4"),
        "share_lender": D("0.25"),
        "covers_interest": True,
        "coverage": D("0.9"),
        "contribution_basis": w.ContributionBasis.LAYER,
        "recovery_order": w.RecoveryOrder.GUARANTOR_FIRST,
    }
    for n, own in enumerate(rows["pool_shares"], 1):
        own["layer"] = n
    limit = {"pool": "P", "since": day("2020-01-01")}
    rows["pool_limits"] = [
        limit
        | {
            "code": "CAP",
            "limit_kind": w.LimitKind.PAYMENT_CAP,
            "limit_period": w.LimitPeriod.YEAR,
            "limit_amount": yuan(500_000),
        },
        limit
        | {
            "code": "OVER",
            "lender": "B1",
            "limit_kind": w.LimitKind.EXCESS,
            "limit_period": w.LimitPeriod.ROLLING,
            "limit_amount": yuan(450_000),
        },
        limit
        | {
            "code": "STOP",
            "limit_kind": w.LimitKind.ENROLMENT_STOP,
            "limit_period": w.LimitPeriod.CUMULATIVE,
            "limit_denominator": w.Denominator.ENROLLED,
            "limit_rate": D("0.2"),
        },
    ]
    rows["loans"] = [
        loan(code, firm, amount, guarantor="G")
        for code, firm, amount in (("L1", "Q1", 1_000_000), ("L2", "Q2", 700_000))
    ]
    rows["loan_events"] = [
        own
        for n, (code, amount) in enumerate((("L1", 1_000_000), ("L2", 700_000)))
        for own in (
            step(f"E{n}", code, "2021-03-01", w.LoanStep.DRAWN, amount),
            step(f"O{n}", code, "2022-03-01", w.LoanStep.OVERDUE, step_amount=yuan(amount)),
        )
    ]
    rows["claims"] = [
        claimed("S1", "L1", "2022-06-01", 1_000_000)
        | {"claim_interest": yuan(30_000.01), "claim_deducted": yuan(50_000)},
        decided("S1", "L1", "2022-07-01", 308_700),
        claimed("S2", "L2", "2022-06-01", 700_000),
        decided("S2", "L2", "2022-07-01", 220_500),
    ]
    rows["pool_payments"] = [
        pay("Z1", "2020-02-01", w.PoolLeg.FUNDING, "GOV", "P", 400_000),
        pay("Z2", "2020-02-01", w.PoolLeg.FUNDING, "CITY", "P", 600_000),
        pay("D1", "2022-06-10", w.PoolLeg.GUARANTOR_PAID, "G", "B1", 661_500, claim="S1"),
        pay("D2", "2022-06-10", w.PoolLeg.GUARANTOR_PAID, "G", "B1", 472_500, claim="S2"),
    ]
    return rows


def test_a_layered_pool_by_hand(database: Database) -> None:
    """S1: (1,000,000 + 30,000.01 − 50,000) × 0.9 = 882,000.00 (0.009 fen dropped): pool 308,700, guarantor 352,800, bank
    220,500. S2: 630,000: 220,500, 252,000, 157,500. The year's cap leaves 191,300, the bank's excess 141,300."""
    booked(database, layered())
    for code, on, fen in (("S1", "2022-07-10", 30_870_000), ("S2", "2022-07-12", 14_130_000)):
        plan = claim_desk.plan_claim_payment(ledger.read(database).view(day(on)), code, day(on))
        assert (plan.problems, plan.fen, plan.table.rows[0]["payee"]) == ((), fen, "G"), code
        claim_desk.book_claim(database, LOCAL, plan)
    view = ledger.read(database).view()
    pools, pool = pools_of(view), view.by_code["P"].id
    claims = {c.code: c for c in pools.claims.values()}
    names = {number: own.code for number, own in view.parties.items()}
    on = day("2022-12-31")
    assert [c.loss(on) for c in claims.values()] == [88_200_000, 63_000_000]
    assert {code: {names[p]: fen for p, fen in c.borne(on).items()} for code, c in claims.items()} == {
        "S1": {"G": 35_280_000, "P": 30_870_000, "B1": 22_050_000},
        "S2": {"G": 33_120_000, "P": 14_130_000, "B1": 15_750_000},
    }
    cut = pools.offer(claims["S2"], on)
    assert (cut.due, cut.uncompensated, cut.cut_by) == (0, 7_920_000, ("CAP", "OVER"))

    def balances(text: str) -> dict[str, int]:
        return {names[p]: a.balance for p, a in pools.accounts(pool, day(text)).of.items()}

    assert balances("2022-07-10") == {"GOV": 9_130_000, "CITY": 60_000_000}
    assert balances("2022-07-12") == {"GOV": 0, "CITY": 55_000_000}  # the first layer is empty
    # 308,700 / 1,700,000 = 18.2 % on the 10th: above four fifths of 20 %; 450,000 / 1,700,000 = 26.5 % on the 12th
    stops = {
        text: next(s for s in pools.limit_states(pool, day(text)) if s.limit.code == "STOP")
        for text in ("2022-07-09", "2022-07-10", "2022-07-11", "2022-07-12")
    }
    assert [s.stopped_on for s in stops.values()] == [None, None, None, day("2022-07-12")]
    assert [s.rate and s.rate.value for s in stops.values()] == [
        Fraction(0),
        Fraction(3087, 17_000),
        Fraction(3087, 17_000),
        Fraction(45, 170),
    ]
    assert [s.warned for s in stops.values()] == [False, True, True, True]
    # a rolling year later the excess has room again for new claims, not for what was cut of S2
    (over,) = (s for s in pools.limit_states(pool, day("2023-07-13")) if s.limit.code == "OVER")
    assert over.left == 45_000_000
    assert pools.offer(claims["S2"], day("2023-07-13")).due == 0

    # 500,000.01 come back: the guarantor first (352,800), of 147,200.01 the bank 6,133,333.75 fen and the pool 8,586,667.25
    booked(
        database,
        {"pool_payments": [pay("Z9", "2023-01-05", w.PoolLeg.RECOVERY, "Q1", "B1", 500_000.01, claim="S1")]},
    )
    then = day("2023-01-06")
    plan = claim_desk.plan_recovery_sharing(ledger.read(database).view(then), "S1", then)
    assert {(row["payer"], row["payee"]): row["amount"].fen for row in plan.table.rows} == {  # type: ignore[union-attr]
        ("B1", "G"): 35_280_000,
        ("B1", "P"): 8_586_667,
    }
    claim_desk.book_claim(database, LOCAL, plan)
    view = ledger.read(database).view()
    pools = pools_of(view)
    assert balances("2023-01-06") == {"GOV": 8_586_667, "CITY": 55_000_000}  # to the layer that had paid
    claim = next(c for c in pools.claims.values() if c.code == "S1")
    assert {names[p]: fen for p, fen in claim.returned(then).items()} == {
        "G": 35_280_000,
        "P": 8_586_667,
        "B1": 6_133_334,
    }


# -- sizes ------------------------------------------------------------------------------------------------------------

ORDER = (w.SizeClass.LARGE, w.SizeClass.MEDIUM, w.SizeClass.SMALL, w.SizeClass.MICRO)


def limits(golden: Path) -> Iterator[tuple[str, dict[str, tuple[int, int, int]]]]:
    """Industry -> indicator -> lower limits of large, medium, small, as published."""
    found: dict[str, dict[str, tuple[int, int, int]]] = {}
    with (golden / "pools_sme" / "sme_size_thresholds_2017.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            unit = 1 if row["indicator"] == "staff" else WAN
            low = tuple(unit * int(row[f"{name}_at_least"]) for name in ("large", "medium", "small"))
            found.setdefault(row["industry"], {})[row["indicator"]] = low  # type: ignore[assignment]
    yield from found.items()


@pytest.mark.golden
def test_every_industry_at_each_of_its_thresholds(golden: Path) -> None:
    """On the limits the class; one unit below with any one indicator the next; all far above but one missing: unknown."""
    seen = 0
    for industry, own in limits(golden):
        for n, size in enumerate(ORDER[:3]):
            on = {name: low[n] for name, low in own.items()}
            assert asked(industry, on) is size
            for name in own:
                below = on | {name: on[name] - 1}
                assert asked(industry, below) is ORDER[n + 1], (industry, size, name)
                far = {other: low[0] * 9 for other, low in own.items()} | {name: on[name] - 1}
                assert asked(industry, far) is ORDER[n + 1], (industry, size, name)
                seen += 2
        for name in own:
            assert asked(industry, {o: low[0] for o, low in own.items() if o != name}) is None
            least = {o: low[2] - 1 for o, low in own.items() if o != name}
            assert asked(industry, least) is (w.SizeClass.MICRO if least else None)
    assert seen == 2 * 3 * 30


def asked(industry: str, figures: dict[str, int]) -> w.SizeClass | None:
    return size_class(industry, figures.get("staff"), figures.get("revenue"), figures.get("assets"))


@pytest.mark.parametrize(
    ("code", "industry"),
    [
        ("G5910", "交通运输业"),
        ("G5920", "仓储业"),
        ("G5990", "仓储业"),
        ("G59", NO_INDUSTRY),
        ("G5810", "交通运输业"),
    ],
)
def test_loading_is_transport_and_the_rest_of_its_division_storage(code: str, industry: object) -> None:
    assert size_industry(code) == industry


# -- waits, concentration, vouchers, working days ----------------------------------------------------------------------


def test_a_curve_with_ties_and_censoring_by_hand() -> None:
    """Twelve: events at 3 3 5 8 8 8, open at 3 5 8 8 12 12. 10/12; then 9 at risk, 8/9; then 7, 4/7; nothing after."""
    times = [3, 3, 3, 5, 5, 8, 8, 8, 8, 8, 12, 12]
    events = [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0]
    curve = kaplan_meier(times, events)
    survival = [Fraction(10, 12), Fraction(10, 12) * Fraction(8, 9)]
    survival += [survival[1] * Fraction(4, 7)] * 2
    assert curve.times.tolist() == [3, 5, 8, 12]
    assert curve.survival == pytest.approx([float(s) for s in survival], rel=1e-14)
    greenwood = [Fraction(2, 12 * 10), Fraction(1, 9 * 8), Fraction(3, 7 * 4)]
    total = Fraction(0)
    for n, term in enumerate(greenwood):
        total += term
        spread = 1.959963984540054 * math.sqrt(total) / -math.log(survival[n])
        assert curve.lower[n] == pytest.approx(float(survival[n]) ** math.exp(spread), rel=1e-12)
        assert curve.upper[n] == pytest.approx(float(survival[n]) ** math.exp(-spread), rel=1e-12)
    assert curve.lower[3] == curve.lower[2]


@pytest.mark.parametrize(
    ("amounts", "index"),
    [
        ([7, 7, 7], 10_000 / 3),
        ([123_456_789_01], 10_000),
        ([60, 25, 10, 5], 3600 + 625 + 100 + 25),
        ([1, 2, 3, 4], 3000),  # 10² + 20² + 30² + 40²
    ],
)
def test_concentration_by_hand(amounts: list[int], index: float) -> None:
    assert hhi(amounts) == pytest.approx(index, rel=1e-14)


@pytest.mark.parametrize(
    ("cost", "beside", "allowed"),
    [
        (199_999_99, 0, 99_999_99),  # half of 199,999.99 is 99,999.995: down
        (200_000_00, 0, 100_000_00),
        (200_000_01, 0, 100_000_00),
        (60_000_00, 75_000_00, 25_000_00),
        (60_000_00, 70_000_00, 30_000_00),
        (60_000_00, 100_000_00, 0),
        (1, 0, 0),
    ],
)
def test_a_voucher_pays_half_within_what_the_year_leaves(cost: int, beside: int, allowed: int) -> None:
    assert voucher_allowed(cost, beside, D("0.5"), 100_000_00) == allowed


@pytest.mark.golden
def test_every_start_of_six_years_by_the_published_days(golden: Path) -> None:
    """Five and 25 working days (RC-20) after each day of 2017 to 2022, counted day by day from the notices alone."""
    with (golden / "pools_sme" / "cn_holidays_and_makeup_days.csv").open(encoding="utf-8") as lines:
        off = {dt.date.fromisoformat(row["date"]): row["day_off"] == "true" for row in csv.DictReader(lines)}
    days = [dt.date(2017, 1, 1) + dt.timedelta(n) for n in range(2191)]
    worked = [d for d in days if not off.get(d, d.weekday() > 4)]
    after = {d: n for n, d in enumerate(worked)}
    place = 0
    for start in days[:-60]:
        place += start in after
        for number in (5, 25):
            due = worked[place + number - 1]
            assert published().deadline(start, number).day == due, start
            assert working_days(start, due) == number


# -- guarantors and angel programmes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_all", "small_or_farm", "tickets", "expected"),
    [
        (10_000, 8_000, 4_000, Verdict.PASS),  # 80 %; half of the small and farm business
        (10_000, 8_000, 3_999, Verdict.BREACH),
        (10_000, 7_999, 5_000, Verdict.BREACH),
        (10_000, 10_000, 5_000, Verdict.PASS),
        (10_000, None, 5_000, Verdict.UNKNOWN),
    ],
)
def test_the_mix_of_a_guarantor_by_hand(
    of_all: int, small_or_farm: int | None, tickets: int, expected: Verdict
) -> None:
    own = replace(GUARANTOR, liability=of_all, small_or_farm=small_or_farm, small_tickets=tickets)
    assert verdict("RC-07", own) is expected


@pytest.mark.parametrize(
    ("stage", "invested", "recovered", "paid", "expected"),
    [
        (Stage.SEED, 1_000_000_01, 333_333_33, 400_000_00, Verdict.PASS),  # 60 % of 666,666.68 is 400,000.008
        (Stage.SEED, 1_000_000_01, 333_333_33, 400_000_01, Verdict.BREACH),
        (Stage.SEED, 5_000_000_00, 0, 3_000_000_00, Verdict.PASS),  # 60 % is the project's cap to the fen
        (Stage.SEED, 5_000_000_02, 0, 3_000_000_01, Verdict.BREACH),
        (Stage.STARTUP, 999_999_99, 0, 299_999_99, Verdict.PASS),
        (Stage.STARTUP, 999_999_99, 0, 300_000_00, Verdict.BREACH),
        (Stage.STARTUP, 500_000_00, 500_000_00, 1, Verdict.BREACH),  # nothing was lost
        (Stage.GROWTH, 500_000_00, 0, 1, Verdict.BREACH),  # no rate for the stage
        (None, 500_000_00, 0, 1, Verdict.UNKNOWN),
        (Stage.SEED, None, 0, 1, Verdict.UNKNOWN),
    ],
)
def test_a_lost_investment_by_hand(
    stage: Stage | None, invested: int | None, recovered: int, paid: int, expected: Verdict
) -> None:
    own = replace(
        ANGEL,
        stage_invested=stage,
        loss_invested=invested,
        loss_recovered=recovered,
        pool_paid=paid,
        paid_in_year=paid,
    )
    assert verdict("RC-37", own) is expected


def test_a_floor_is_not_rounded_down() -> None:
    """Of an odd number of fen half a fen is lacking, and lacks: collateral (RC-13), reserves (RC-30)."""
    odd = replace(AID, contract_amount=100_01)
    assert verdict("RC-13", replace(odd, collateral_value=50_01)) is Verdict.PASS
    assert verdict("RC-13", replace(odd, collateral_value=50_00)) is Verdict.BREACH
    own = replace(GUARANTOR, fee_income=100_01, unearned_fee_reserve=50_01)
    assert verdict("RC-30", own) is Verdict.PASS
    assert verdict("RC-30", replace(own, unearned_fee_reserve=50_00)) is Verdict.BREACH
    own = replace(GUARANTOR, year_end_liability=10_001, loss_reserve=500, loss_provision=101)
    assert verdict("RC-30", own) is Verdict.PASS
    assert verdict("RC-30", replace(own, loss_provision=100)) is Verdict.BREACH
    assert verdict("RC-30", replace(own, loss_reserve=1_001, loss_provision=0)) is Verdict.PASS
    assert verdict("RC-30", replace(own, loss_reserve=1_000, loss_provision=0)) is Verdict.BREACH
