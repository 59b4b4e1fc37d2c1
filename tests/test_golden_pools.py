"""Published programmes reproduced: the shares and caps of five guarantee and pool programmes, and losses of angel investments.

Figures from shared/golden/pools_sme/pool_rules.json and shared/golden/credit_pool/angel_compensation_rules.json, each with its source.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pool_office import START, booked, claimed, day, decided, loan, office, pay, step, workbook, yuan
from test_fof_rules_pools import ANGEL, FIRM, GUARANTOR, STABLE, TECH, TECH_LOAN, with_agreement, with_firm

from fof import intake, ledger
from fof.access import LOCAL
from fof.audit.pools.claim_facts import ClaimReadings
from fof.book.index import book_of
from fof.book.pools import pools_of
from fof.book.pools.sharing import parts_of
from fof.calendar import published
from fof.db import Database
from fof.errors import ImportRefused
from fof.operations import claim_desk
from fof.rules.catalogue import default_settings
from fof.rules.engine import ask
from fof.rules.registry import Verdict
from models import pools as w
from models.kinds import City, DealKind, FundClass, PartyKind, Stage, Strategy
from models.subjects import LinkRole as R
from valuation.survival import kaplan_meier

pytestmark = pytest.mark.golden
DAY = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def programmes(golden: Path) -> dict[str, Any]:
    rules = json.loads((golden / "pools_sme" / "pool_rules.json").read_text(encoding="utf-8"))
    return {rule["id"]: rule for rule in rules}


def fen(amount: float) -> int:
    return round(amount * 100)


def verdict(rule: str, facts: Any) -> Verdict:
    made = ask(rule, facts, day=DAY)
    assert made is not None
    return made.verdict  # type: ignore[union-attr]


def test_the_special_plan_shares_each_tier(programmes: dict[str, Any]) -> None:
    plan = programmes["tech_guarantee_plan_2024"]
    for case in plan["derived"]:
        loss = case["loss"]
        shares = {
            role: D(str(case[name] / loss))
            for role, name in (
                (R.LENDER, "bank"),
                (R.GUARANTOR, "city"),
                (R.REGUARANTOR, "province"),
                (R.NATIONAL_FUND, "national"),
            )
        }
        parts = parts_of(fen(loss), shares)
        assert parts == {
            R.LENDER: fen(case["bank"]),
            R.GUARANTOR: fen(case["city"]),
            R.REGUARANTOR: fen(case["province"]),
            R.NATIONAL_FUND: fen(case["national"]),
        }
        own = replace(
            TECH,
            share_lender=shares[R.LENDER],
            share_guarantor=shares[R.GUARANTOR],
            share_reguarantor=shares[R.REGUARANTOR],
            share_national_fund=shares[R.NATIONAL_FUND],
        )
        assert verdict("RC-02", own) is verdict("RC-04", own) is Verdict.PASS
        until = {
            "little_giant": "little_giant_until",
            "high_tech": "high_tech_until",
            "tech_sme": "st_sme_until",
        }
        gone = {name: dt.date(2020, 1, 1) for name in until.values()} | {until[case["class_"]]: DAY}
        assert verdict("RC-03", replace(with_firm(TECH_LOAN, **gone), agreement=own)) is Verdict.PASS
        above = replace(own, share_national_fund=shares[R.NATIONAL_FUND] + D("0.0001"))
        assert verdict("RC-03", replace(with_firm(TECH_LOAN, **gone), agreement=above)) is Verdict.BREACH
    cap = fen(plan["single_client_cap"])
    assert verdict("RC-06", replace(TECH_LOAN, group_outstanding=cap)) is Verdict.PASS
    assert verdict("RC-06", replace(TECH_LOAN, group_outstanding=cap + 1)) is Verdict.BREACH
    small, large = (D(str(plan[name])) for name in ("refee_max_up_to_5m", "refee_max_over_5m"))
    five = fen(5_000_000)
    for amount, rate, expected in (
        (five, small, Verdict.PASS),
        (five, small + D("0.0001"), Verdict.BREACH),
        (five + 1, large, Verdict.PASS),
        (five + 1, large + D("0.0001"), Verdict.BREACH),
    ):
        own = replace(with_agreement(TECH_LOAN, reguarantee_fee_rate=rate), contract_amount=amount)
        assert verdict("RC-05", own) is expected


def test_the_anhui_split_is_exact_to_the_fen(programmes: dict[str, Any]) -> None:
    rule = programmes["anhui_4321_2014"]
    names = {
        "guarantee_company": R.GUARANTOR,
        "provincial_reguarantee": R.REGUARANTOR,
        "bank": R.LENDER,
        "local_government": R.LOCAL_GOVERNMENT,
    }
    shares = {names[name]: D(str(share)) for name, share in rule["shares"].items()}
    for case in rule["derived"]:
        parts = parts_of(fen(case["loss"]), shares)
        assert parts == {role: fen(case[name]) for name, role in names.items()}
        assert sum(parts.values()) == fen(case["loss"])
    cap = fen(rule["single_client_balance_max"])
    four = with_agreement(TECH_LOAN, programme=w.Programme.SPLIT_4321)
    assert verdict("RC-06", replace(four, group_outstanding=cap)) is Verdict.PASS
    assert verdict("RC-06", replace(four, group_outstanding=cap + 1)) is Verdict.BREACH


def test_the_anhui_pool_pays_through_the_book(sqlite_book: Database, programmes: dict[str, Any]) -> None:
    """Direct loans by their share, a first loan by its own agreement, and what the cap on public money leaves."""
    rule = programmes["anhui_tech_loan_pool"]
    direct, bonus = rule["direct_loan"], rule["first_loan_or_credit_or_ip_bonus"]
    cases = {case["kind"]: case for case in rule["derived"]}
    rows = office()
    base = rows["agreements"][0] | {"public_money_cap": D(str(rule["cap_of_all_public_money_on_borne_loss"]))}
    rows["agreements"] = [
        base | {"code": code, "share_pool": D(str(share)), "share_lender": 1 - D(str(share))}
        for code, share in (("XY", direct), ("FIRST", round(direct + bonus, 2)), ("CAPPED", direct))
    ]
    through = D(str(rule["guaranteed_loan_to_guarantor"]))
    rows["agreements"] += [
        base
        | {
            "code": code,
            "share_pool": through,
            "share_lender": D("0.2"),
            "share_guarantor": D("0.8") - through,
        }
        for code in ("BORNE", "BORNE2")
    ]
    rows["pool_limits"] = []
    rows["pool_payments"] = rows["pool_payments"][:2]
    agreed = {"L1": "XY", "L2": "FIRST", "L3": "CAPPED", "L4": "BORNE", "L5": "BORNE2"}
    rows["loans"] = [
        loan(
            code, "Q1", 2_000_000, agreement=agreement, **({"guarantor": "G"} if code in ("L4", "L5") else {})
        )
        for code, agreement in agreed.items()
    ]
    rows["loan_events"] = [
        step(f"E{n}", code, "2021-03-01", w.LoanStep.DRAWN, 2_000_000) for n, code in enumerate(agreed)
    ]
    rows["claims"] = []
    for code, of in (("S1", "L1"), ("S2", "L2"), ("S3", "L3"), ("S4", "L4"), ("S5", "L5")):
        rows["claims"] += [
            claimed(code, of, "2022-06-01", 2_000_000),
            decided(code, of, "2022-07-01", 2_000_000),
        ]
    rows["claims"][4]["other_compensation"] = yuan(1_200_000)
    rows["claims"][8]["other_compensation"] = yuan(1_000_000)  # of 80 % of 1.6 million, 280,000 are left
    for code in ("S4", "S5"):
        advanced = pay(f"D-{code}", "2022-06-10", w.PoolLeg.GUARANTOR_PAID, "G", "B1", 1_600_000, claim=code)
        rows["pool_payments"].append(advanced)
    pools = pools_of(booked(sqlite_book, rows))
    offered = {claim.code: pools.offer(claim, day("2022-07-10")).pay for claim in pools.claims.values()}
    assert offered == {
        "S1": fen(cases["direct"]["compensation"]),
        "S2": fen(cases["direct, first loan of the firm"]["compensation"]),
        "S3": fen(
            cases["direct, bank bore 2,000,000, other public compensation already 1,200,000"]["compensation"]
        ),
        "S4": fen(cases["guaranteed, guarantor bore 1,600,000"]["compensation"]),
        "S5": fen(280_000),
    }


def test_harbin_tickets_and_rates(programmes: dict[str, Any]) -> None:
    for case in programmes["harbin_stable_enterprise_loans"]["derived"]:
        if "loan" in case:
            own = replace(STABLE, borrower_size=w.SizeClass(case["size"]), contract_amount=fen(case["loan"]))
        else:
            own = replace(STABLE, lpr_1y=D(str(case["lpr"])), loan_rate=D(str(case["rate"])))
        assert verdict("RC-12", own) is (Verdict.PASS if case["ok"] else Verdict.BREACH)
        if "fee_one_year" in case:
            assert fen(case["loan"]) * D("0.005") == fen(case["fee_one_year"])
            assert verdict("RC-12", replace(own, guarantee_fee_rate=D("0.0051"))) is Verdict.BREACH
    assert FIRM.small_size is w.SizeClass.SMALL


def test_the_mix_of_a_government_guarantor(programmes: dict[str, Any]) -> None:
    for case in programmes["government_guarantee_measures_2025"]["derived"]:
        own = replace(
            GUARANTOR,
            liability=fen(case["total"]),
            small_or_farm=fen(case["small_farm"]),
            small_tickets=fen(case["up_to_5m"]),
        )
        assert verdict("RC-07", own) is (Verdict.PASS if case["ok"] else Verdict.BREACH)


def test_losses_of_angel_investments(golden: Path) -> None:
    text = (golden / "credit_pool" / "angel_compensation_rules.json").read_text(encoding="utf-8")
    stages = {"seed": Stage.SEED, "start_up": Stage.STARTUP}
    paid = []
    for case in json.loads(text)["worked"]:
        if case["stage"] not in stages:
            assert min(sum(paid), fen(6_000_000)) == fen(case["compensation_in_year"])
            over = replace(ANGEL, pool_paid=paid[0], paid_in_year=sum(paid))
            assert verdict("RC-37", over) is Verdict.BREACH
            continue
        own = replace(
            ANGEL,
            stage_invested=stages[case["stage"]],
            loss_invested=fen(case["invested"]),
            loss_recovered=fen(case["recovered"]),
            pool_paid=fen(case["compensation"]),
        )
        paid.append(own.pool_paid)
        assert verdict("RC-37", own) is Verdict.PASS
        assert verdict("RC-37", replace(own, pool_paid=own.pool_paid + 1)) is Verdict.BREACH


def test_both_angel_programmes_pay_through_the_book(sqlite_book: Database, golden: Path) -> None:
    """Agreements of one pool: the worked rows of the first are offered as printed, the year's cap cuts the last of the year, and the
    next year is its own; the second compensates no project and tolerates a loss over all of them (GF-56 has the same numbers)."""
    text = (golden / "credit_pool" / "angel_compensation_rules.json").read_text(encoding="utf-8")
    first, second = json.loads(text)["rules"]
    cases = [case for case in json.loads(text)["worked"] if "rule" in case and "invested" in case]
    rows = office()
    rows["funds"] = [
        {"code": "SF", "kind": PartyKind.SUB_FUND, "name": "示例天使基金", "since": START}
        | {"fund_class": FundClass.VENTURE, "strategy": Strategy.ANGEL}
    ]
    plain = {"pool": "P", "since": START, "programme": w.Programme.ANGEL_INVESTMENT}
    rates = first["rates"]
    rows["agreements"] = [
        plain
        | {
            "code": "A1",
            "compensation_rate": D(str(rates["seed_stage"])),
            "startup_compensation_rate": D(str(rates["start_up_stage"])),
            "project_cap": yuan(first["cap_per_project"]),
            "yearly_cap": yuan(first["cap_per_institution_per_year"]),
        },
        plain
        | {
            "code": "A2",
            "compensation_rate": D(0),
            "startup_compensation_rate": D(0),
            "portfolio_loss_max": D(str(second["loss_tolerance_share_of_principal"])),
        },
    ]
    rows["pool_payments"] = [pay("Z1", "2020-02-01", w.PoolLeg.FUNDING, "GOV", "P", 50_000_000)]
    stages = {"seed": Stage.SEED, "start_up": Stage.STARTUP}
    lost = [("A1", stages[c["stage"]], c["invested"], c["recovered"]) for c in cases]
    lost += [("A1", Stage.SEED, 4_000_000, 500_000), ("A1", Stage.GROWTH, 4_000_000, 0)]
    lost += [("A2", Stage.SEED, 3_000_000, 1_000_000), ("A2", Stage.SEED, 2_000_000, 2_000_000)]
    rows["deals"] = [
        {"code": f"D{n}", "fund": "SF", "company": "Q1", "day": START, "kind": DealKind.INITIAL}
        | {"amount": yuan(invested)}
        for n, (_, _, invested, _) in enumerate(lost)
    ]
    for name in ("pool_limits", "loans", "loan_events", "claims"):
        rows[name] = []
    dues = [c["compensation"] for c in cases] + [2_100_000, 0, 0, 0]
    for n, ((agreement, stage, invested, recovered), due) in enumerate(zip(lost, dues, strict=True)):
        made = {"code": f"S{n}", "agreement": agreement, "claimant": "SF", "deal": f"D{n}"}
        sums = {"loss_invested": yuan(invested), "loss_recovered": yuan(recovered), "stage_invested": stage}
        granted: dict[str, Any] = {"claim_decision": w.ClaimDecision.WHOLLY, "decided_amount": yuan(due)}
        if not due:
            granted = {"claim_decision": w.ClaimDecision.REFUSED, "refusal_reason": "协议不予补偿"}
        rows["claims"] += [
            made | {"since": day("2023-03-01"), "claim_step": w.ClaimStep.SUBMITTED} | sums,
            {"code": f"S{n}", "since": day("2023-04-01"), "claim_step": w.ClaimStep.DECIDED} | granted,
        ]
    view = booked(sqlite_book, rows)
    pools, claims = pools_of(view), {c.code: c for c in pools_of(view).claims.values()}
    assert [pools.part(claims[f"S{n}"], DAY) for n in range(len(lost))] == [fen(due) for due in dues]
    (mixed,) = [case for case in json.loads(text)["worked"] if "compensation_in_year" in case]
    for code, on, paid in (("S0", 1, 2_100_000), ("S1", 2, 3_000_000), ("S2", 3, 900_000)):
        plan = claim_desk.plan_claim_payment(view, code, dt.date(2023, 6, on))
        assert (plan.problems, plan.fen) == ((), fen(paid)), code
        claim_desk.book_claim(sqlite_book, LOCAL, plan)
        view = ledger.read(sqlite_book).view()
    assert mixed["compensation_in_year"] == 2_100_000 + 3_000_000 + 900_000
    assert (plan.offer.uncompensated, plan.offer.cut_by) == (fen(900_000), ("yearly_cap",))  # type: ignore[union-attr]
    over = pay("X", "2023-06-30", w.PoolLeg.COMPENSATION, "P", "SF", 0.01, claim="S2")
    file = workbook({"pool_payments": [over]})
    with pytest.raises(ImportRefused) as refused:
        intake.book(sqlite_book, LOCAL, file, "超过当年上限.xlsx")
    assert {p.code for p in refused.value.problems} == {"above_limit"}
    assert claim_desk.plan_claim_payment(view, "S3", dt.date(2023, 7, 1)).problems[0].code == "nothing_left"
    assert claim_desk.plan_claim_payment(view, "S3", dt.date(2024, 1, 2)).fen == fen(2_100_000)
    facts = ClaimReadings(book_of(view), dt.date(2023, 12, 31))
    whole = {code: facts.claim(pools_of(view).claims[claims[code].subject.number]) for code in ("S0", "S5")}
    assert (whole["S5"].all_invested, whole["S5"].all_recovered) == (fen(5_000_000), fen(3_000_000))
    for code, own in whole.items():
        assert verdict("RC-37", own) is Verdict.PASS, code
    assert verdict("RC-37", replace(whole["S5"], all_recovered=fen(3_000_000) - 1)) is Verdict.BREACH
    assert verdict("RC-37", replace(whole["S5"], all_recovered=None)) is Verdict.UNKNOWN
    settings = default_settings()
    for name, key in (
        ("loss_tolerance_angel", "loss_tolerance_share_of_principal"),
        ("single_company_cap", "max_single_project_share_of_subfund"),
    ):
        number = settings.on(name, DAY)
        assert number is not None
        assert D(str(number.value)) == D(str(second[key])), name


def test_the_published_days_off_and_worked_are_those_of_the_calendar(golden: Path) -> None:
    """Every line of the State Council's notices of 2017 to 2022."""
    with (golden / "pools_sme" / "cn_holidays_and_makeup_days.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 202
    listed = {dt.date.fromisoformat(row["date"]): row["day_off"] == "true" for row in rows}
    assert {d: not published().is_working_day(d) for d in listed} == listed
    days = (dt.date(2017, 1, 1) + dt.timedelta(days=n) for n in range(6 * 365 + 1))
    moved = {d for d in days if published().is_working_day(d) != (d.weekday() < 5)}
    assert moved == {d for d, off in listed.items() if off == (d.weekday() < 5)}


def test_the_statistics_of_guarantors_stand_as_printed(golden: Path) -> None:
    """Shares of all business recomputed from amounts rounded as printed hold the printed share; rates and multiples are in order."""
    folder = golden / "pools_sme"
    (own,) = json.loads((folder / "guarantee_statistics.json").read_text("utf-8"))["items"]
    for part, whole, printed in (
        ("small_and_farm_trillion", "new_business_trillion", "small_and_farm_share_printed"),
        ("up_to_5m_trillion", "new_business_trillion", "up_to_5m_share_printed"),
    ):
        facts = [
            replace(
                GUARANTOR,
                liability=fen((own[whole] - off) * 1e8),
                small_or_farm=fen((own[part] + off) * 1e8),
                small_tickets=fen((own[part] + off) * 1e8),
            )
            for off in (-0.005, 0.005)
        ]
        low, high = (Fraction(f.small_or_farm or 0, f.liability) for f in facts)
        assert low <= Fraction(str(own[printed])) <= high, part
    for part, printed, implied in (
        ("county_100m", "county_share_printed", "new_business_100m_implied_by_county"),
        ("tech_100m", "tech_share_printed", "implied_by_tech"),
    ):
        assert abs(own[part] / own[printed] - own["checks"][implied]) < 1
    mix = replace(
        GUARANTOR,
        liability=10_000,
        small_or_farm=round(10_000 * own["small_and_farm_share_printed"]),
        small_tickets=round(10_000 * own["up_to_5m_share_printed"]),
    )
    assert verdict("RC-07", mix) is Verdict.PASS
    others = {
        i["id"]: i
        for i in json.loads((folder / "guarantee_statistics_other.json").read_text("utf-8"))["items"]
    }
    beijing = others["beijing_2023"]
    geared = replace(
        GUARANTOR, net_assets=100_000, weighted=round(100_000 * beijing["leverage"]), liability=1
    )
    assert verdict("RC-25", geared) is Verdict.PASS
    assert (
        abs(
            beijing["new_increase_100m"] / (beijing["new_total_100m"] - beijing["new_increase_100m"])
            - beijing["new_growth_printed"]
        )
        < 0.001
    )
    farm = others["agricultural_guarantee_2023q1"]
    assert abs(farm["policy_balance_100m"] / farm["balance_100m"] - farm["policy_share_printed"]) < 0.0005
    assert (
        abs(
            own["new_business_trillion"] * 1e8 / own["clients_new"]
            - own["checks"]["average_per_new_client_10k_yuan"]
        )
        < 0.05
    )
    anhui = others["anhui_2018"]
    assert (
        anhui["direct_2018_100m"]
        < anhui["government_bank_guarantee_2018_100m"]
        < anhui["direct_and_re_2018_100m"]
    )
    assert (
        anhui["balance_100m"] / anhui["served_in_force"]
        < anhui["government_bank_guarantee_2018_100m"] / anhui["served_2018"]
    )


def test_the_plans_numbers_are_those_in_force(programmes: dict[str, Any]) -> None:
    """Every number of a programme that is a number of a rule and of no case."""
    plan, harbin = programmes["tech_guarantee_plan_2024"], programmes["harbin_stable_enterprise_loans"]
    measures = programmes["government_guarantee_measures_2025"]

    def number(name: str) -> D:
        return D(str(default_settings().on(name, DAY).value))  # type: ignore[union-attr]

    assert number("national_share_base") == D(str(plan["national_fund_before"]))
    assert number("guarantee_fee_average") == D(str(plan["average_fee_target_max"]))
    assert number("borrower_cap_tech") == fen(plan["single_client_cap"])
    assert number("borrower_cap_general") == fen(plan["single_client_cap_before"])
    assert number("borrower_cap_general") == fen(measures["single_client_focus_max"])
    assert number("small_share_min") == D(str(measures["small_and_farm_share_min"]))
    assert number("small_ticket_share_min") == D(str(measures["up_to_5m_share_min"]))
    assert number("stability_fee") == D(str(harbin["guarantee_fee"]))
    months = harbin["term_months_max"]
    assert verdict("RC-12", replace(STABLE, term_months=months)) is Verdict.PASS
    assert verdict("RC-12", replace(STABLE, term_months=months + 1)) is Verdict.BREACH


def test_the_provinces_cities_are_thirteen(golden: Path) -> None:
    with (golden / "pools_sme" / "heilongjiang_cities.csv").open(encoding="utf-8") as lines:
        listed = {row["gb2260_code"]: row["name"] for row in csv.DictReader(lines)}
    assert {city.value for city in City} == listed.keys()
    assert all(listed[city.value].startswith(city.zh) for city in City)


def test_survival_of_a_cohort_of_firms_is_as_printed(golden: Path) -> None:
    """Establishments born in the year to March 1994 (US Bureau of Labor Statistics): one cohort, nobody censored before the last year."""
    with (golden / "pools_sme" / "business_survival_us_1994.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    alive = np.array([int(row["establishments"]) for row in rows])
    lost = -np.diff(alive)
    years = np.arange(1, len(alive), dtype=float)
    durations = np.repeat([*years, years[-1]], [*lost, alive[-1]])
    observed = np.repeat([*np.ones(len(years), bool), False], [*lost, alive[-1]])
    times, survival, lower, upper = kaplan_meier(durations, observed)
    assert times.tolist() == years.tolist()
    printed = np.array([float(row["survival_pct_printed"]) for row in rows[1:]]) / 100
    assert np.abs(survival - printed).max() <= 0.0005 + 1e-12
    assert (lower < survival).all()
    assert (survival < upper).all()
    hazard = [float(row["hazard_recomputed"]) for row in rows[1:]]
    assert np.allclose(lost / alive[:-1], hazard, atol=1e-8)
