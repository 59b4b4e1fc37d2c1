"""Whether an investment may be deducted from taxable income, and how much was. TX-01; the side condition of staff: CI-32."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months
from fof.rules.facts_instruments import DeductionFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Verdict,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.start_ups import StartUpLimits, start_up_rd, start_up_tests
from fof.rules.truth import all_of, any_of, at_most
from fof.rules.wording import pct
from models.instruments import DeductionForm
from models.text import Text, counted


def deduction_allowed(invested: int, rate: Decimal) -> int:
    """What of an investment may be deducted in all, in whole fen rounded down."""
    return int(rate * invested)


@rule(
    "TX-01",
    Level.MIN,
    Scope.DEDUCTION,
    Confidence.SEEN,
    text=Text("投资额 70% 抵扣", "70% deduction"),
    sources=[docs.MOF_TAX_55.at("第一条")],
    on="day",
    facts_on=None,
)
def tax_deduction(
    deduction: DeductionFacts,
    *,
    deduction_rate: Decimal,
    deduction_months: int,
    deduction_liquidation_months: int,
    startup_staff_max: int,
    startup_degree_share_min: Decimal,
    startup_assets_max: int,
    startup_revenue_max: int,
    startup_months_max: int,
    startup_rd_share_min: Decimal,
    sme_staff_max: int,
    sme_revenue_max: int,
    sme_assets_max: int,
) -> Outcome:
    """New shares paid in money and held for two years in a start-up tech firm (SM-04; of a company VC an unlisted small or medium
    high-tech firm too; sold as stated or by the book's deals, whichever was first): its part of the investment, from the year of month 24 on, within taxable income, carried forward; of an
    angel whose company was liquidated within 36 months."""
    day = deduction.day
    if day is None:
        return missing(Text("投资日", "the day of the investment"), money=deduction.invested)
    limits = StartUpLimits(
        startup_staff_max,
        startup_degree_share_min,
        startup_assets_max,
        startup_revenue_max,
        startup_months_max,
        startup_rd_share_min,
    )
    ripe = add_months(day, deduction_months)
    taken = sum(year.deducted for year in deduction.years)
    small = _small_high_tech(deduction, day, (sme_staff_max, sme_revenue_max, sme_assets_max))
    fits = any_of(_start_up(deduction, day, limits), small)
    sold = min(
        (on for on in (deduction.deduction_sold_on, deduction.left_on) if on is not None), default=None
    )
    conditions: list[Test] = [
        (
            None if deduction.deduction_form is None else True,
            Text("抵扣主体类型", "as what it is deducted"),
        ),
        (deduction.paid_in_money, Text("以现金支付", "paid in money")),
        (deduction.new_shares, Text("取得新增股权", "new shares")),
        (deduction.side_conditions_met, Text("附带条件已核实", "side conditions checked")),
        (fits, Text("被投企业符合条件", "the company is a start-up tech firm")),
        Limb(
            _held_until(deduction, sold, ripe),
            Text(f"持有满 {deduction_months} 个月", f"held for {counted(deduction_months, 'month')}"),
            sold,
            ripe,
            "date",
            taken or None,
        ),
    ]
    if not taken:
        return _before_any(conditions, ripe, deduction, deduction_rate)
    allowed = None if deduction.invested is None else deduction_allowed(deduction.invested, deduction_rate)
    until = (
        None
        if deduction.deduction_liquidated_on is None
        else add_months(deduction.deduction_liquidated_on, deduction_liquidation_months)
    )
    tests = [
        *conditions,
        Limb(
            at_most(taken, allowed),
            Text(
                f"抵扣合计不超过投资额的 {pct(deduction_rate)}",
                f"at most {pct(deduction_rate)} deducted in all",
            ),
            taken,
            allowed,
            "fen",
            taken,
        ),
        *_years(deduction, ripe, until),
    ]
    return checklist(tests, money=taken)


def _held_until(deduction: DeductionFacts, sold: dt.date | None, ripe: dt.date) -> bool | None:
    """Whether the shares were held up to a day; None where a part was sold before it and nobody stated whether these were."""
    if sold is not None and sold < ripe:
        return False
    part = deduction.part_left_on
    return None if deduction.deduction_sold_on is None and part is not None and part < ripe else True


def _before_any(conditions: list[Test], ripe: dt.date, deduction: DeductionFacts, rate: Decimal) -> Outcome:
    """Nothing was deducted: eligible, not yet, not at all, or not to be told."""
    made = checklist(conditions)
    if made.verdict is Verdict.BREACH:
        return not_applicable(Text(f"不可抵扣（{made.text.zh}）", f"not deductible ({made.text.en})"))
    if made.verdict is Verdict.PASS and deduction.as_of < ripe:
        return not_applicable(Text(f"{ripe} 满两年，此前不得抵扣", f"not before {ripe}"))
    if made.verdict is Verdict.PASS and deduction.invested is not None:
        allowed = deduction_allowed(deduction.invested, rate)
        return made._replace(measured=0, threshold=allowed, unit="fen")
    return made


def _start_up(deduction: DeductionFacts, day: dt.date, limits: StartUpLimits) -> bool | None:
    """Whether the company met SM-04 when it was invested in."""
    company = deduction.company
    if company is None:
        return None
    tests = [test[0] for test in start_up_tests(company, day, limits)]
    return all_of(*tests, deduction.unlisted_two_years, start_up_rd(company.years, day.year, limits))


def _small_high_tech(deduction: DeductionFacts, day: dt.date, limits: tuple[int, int, int]) -> bool | None:
    """Whether it was an unlisted small or medium high-tech firm; only a company VC deducts for those."""
    company, form = deduction.company, deduction.deduction_form
    if form is not None and form is not DeductionForm.COMPANY_VC:
        return False
    if company is None or form is None:
        return None
    year = company.year(day.year - 1) or company.year(day.year)
    until = company.high_tech_until
    return all_of(
        None if until is None else until >= day,
        deduction.unlisted_two_years,
        *(
            at_most(None if year is None else getattr(year, name), most)
            for name, most in zip(("staff", "revenue", "total_assets"), limits, strict=True)
        ),
    )


def _years(deduction: DeductionFacts, ripe: dt.date, until: dt.date | None) -> list[Test]:
    tests: list[Test] = []
    for year in deduction.years:
        if not year.deducted:
            continue
        tests.append(
            Limb(
                year.year >= ripe.year,
                Text(f"{year.year} 年不早于满两年当年", f"{year.year} is not before the year of month 24"),
                year.year,
                ripe.year,
                "years",
                year.deducted,
            )
        )
        tests.append(
            Limb(
                at_most(year.deducted, year.taxable_income),
                Text(f"{year.year} 年不超过应纳税所得额", f"{year.year}: within taxable income"),
                year.deducted,
                year.taxable_income,
                "fen",
                year.deducted,
            )
        )
        if until is not None:
            tests.append(
                Limb(
                    year.year <= until.year,
                    Text(
                        f"{year.year} 年在清算后 36 个月内", f"{year.year}: within 36 months of liquidation"
                    ),
                    year.year,
                    until.year,
                    "years",
                    year.deducted,
                )
            )
    return tests
