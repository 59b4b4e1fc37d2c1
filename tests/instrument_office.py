"""A small office with each of the small instruments; rows by layout, for tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from pool_office import Rows, day, party, yuan

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import View
from models import instruments as w
from models.kinds import PartyKind
from models.rule_kinds import SeiGroup

START = dt.date(2020, 1, 1)


def company(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"示例{code}", "since": START, "city": "230100", **more}


def voucher(code: str, on: str, what: w.GrantStep, claimant: str = "Q1", **more: Any) -> dict[str, Any]:
    return {"code": code, "claimant": claimant, "issuer": "GOV", "since": day(on), "grant_step": what, **more}


def subsidy(code: str, on: str, what: w.GrantStep, claimant: str = "F", **more: Any) -> dict[str, Any]:
    return {"subsidy_kind": w.SubsidyKind.INCUBATION, **voucher(code, on, what, claimant, **more)}


def granted(amount: float, decision: w.GrantDecision = w.GrantDecision.WHOLLY) -> dict[str, Any]:
    return {"grant_decision": decision, "granted_amount": yuan(amount)}


def cost(amount: float, **more: Any) -> dict[str, Any]:
    whole = yuan(amount)
    return {
        "eligible_cost": whole,
        "cost_invoiced": whole,
        "cost_paid": whole,
        "cost_evidence": "发票 FP-1；回单 HD-1",
        "other_grants": yuan(0),
        **more,
    }


def applied(amount: float, **more: Any) -> dict[str, Any]:
    """What an application for a voucher states: a contract of March 2024, accepted in September."""
    return cost(
        amount,
        provider="SP",
        service_content="检验检测",
        service_contract_on=day("2024-03-01"),
        service_accepted_on=day("2024-09-01"),
        provider_independent=True,
        **more,
    )


def office() -> Rows:
    """A firm with a voucher of 50,000 on a cost of 100,000, paid; an incubator with a subsidy; a result; an angel's deduction."""
    step = w.GrantStep
    return {
        "parties": [
            party("GOV", PartyKind.GOVERNMENT),
            party("SP", PartyKind.OTHER),
            party("F", PartyKind.OTHER),
            party("T1", PartyKind.PERSON),
        ],
        "companies": [company("Q1", founded_on=day("2020-06-01"), st_sme=True), company("Q2"), company("Q3")],
        "incubators": [
            {
                "party": "F",
                "since": START,
                "incubator_kind": w.IncubatorKind.INCUBATOR,
                "incubator_level": w.IncubatorLevel.PROVINCE,
                "incubated_firms": 20,
            }
        ],
        "subsidy_terms": [
            {
                "party": "GOV",
                "since": START,
                "incubation_cap": yuan(500_000),
                "incubation_own_share": Decimal("0.3"),
                "document": "示例办法第5条",
            }
        ],
        "company_statistics": [
            {"party": "Q1", "since": day("2024-12-31"), "new_economy_class": "0501", "patents_granted": 2}
        ],
        "voucher_claims": [
            voucher("V1", "2024-10-01", step.APPLIED, **applied(100_000)),
            voucher("V1", "2024-10-20", step.DECIDED, **granted(50_000)),
            voucher("V1", "2024-11-01", step.PAID, amount=yuan(50_000)),
            voucher("V2", "2024-10-02", step.APPLIED, "Q2", **applied(40_000)),
            voucher(
                "V2",
                "2024-10-21",
                step.DECIDED,
                "Q2",
                grant_decision=w.GrantDecision.REFUSED,
                refusal_reasons=(w.RefusalReason.NOT_ELIGIBLE, w.RefusalReason.NO_EVIDENCE),
            ),
        ],
        "subsidy_claims": [
            subsidy(
                "B1",
                "2024-03-01",
                step.APPLIED,
                **cost(400_000),
                service_score=Decimal(80),
                score_evidence="绩效评价 2023",
                own_funds=yuan(120_000),
            ),
            subsidy("B1", "2024-04-01", step.DECIDED, **granted(320_000)),
            subsidy("B1", "2024-05-01", step.PAID, amount=yuan(320_000)),
        ],
        "funded_results": [
            {
                "code": "C1",
                "funder": "GOV",
                "company": "Q1",
                "since": day("2021-01-01"),
                "result_field": SeiGroup.NEW_IT,
                "fiscal_money": yuan(800_000),
                "result_due": day("2023-06-30"),
                "result_exception": w.ResultException.NONE,
            }
        ],
        "tax_deductions": [
            {
                "code": "D1",
                "holder": "T1",
                "company": "Q1",
                "since": day("2021-03-01"),
                "deduction_form": w.DeductionForm.ANGEL,
                "deduction_invested": yuan(1_000_000),
                "deduction_invested_on": day("2021-03-01"),
                "paid_in_money": True,
                "new_shares": True,
                "side_conditions_met": True,
            },
            {
                "code": "D1",
                "holder": "T1",
                "company": "Q1",
                "since": day("2023-12-31"),
                "taxable_income": yuan(600_000),
                "deducted": yuan(600_000),
            },
        ],
        "investor_services": [
            {
                "code": "S1",
                "holder": "GOV",
                "company": "Q1",
                "since": day("2024-02-01"),
                "service_kind": w.ServiceKind.MARKET,
                "service_result": "引入两家整机厂",
            }
        ],
        "residencies": [
            {"code": "R1", "incubator": "F", "tenant": "Q1", "since": day("2021-01-01")},
            {"code": "R2", "incubator": "F", "tenant": "T1", "since": day("2021-01-01")},
        ],
    }


def workbook(rows: Rows) -> bytes:
    return filled([(LAYOUTS[name], lines) for name, lines in rows.items() if lines])


def booked(database: Database, rows: Rows) -> View:
    intake.book(database, LOCAL, workbook(rows), "专项工具.xlsx")
    return ledger.read(database).view()
