"""Staff co-investment by file: what is registered and paid, what comes back from an export, what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fof import intake, ledger
from fof.access import LOCAL
from fof.book.holdings import holdings
from fof.db import Database
from fof.errors import ImportRefused
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import View
from fof.ledger.verify import verify
from models import coinvest as words
from models.kinds import DealKind, EdgeBasis, PartyKind
from models.posting_kinds import PostingKind
from models.subjects import Subject, SubjectKind

Rows = dict[str, list[dict[str, Any]]]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def yuan(amount: int) -> Amount:
    return Amount(amount * 100, "CNY")


def institution() -> Rows:
    """A state venture firm, its fund, one project, two people in a vehicle and one who holds directly."""
    start = day("2020-01-01")
    people = [
        {"code": code, "kind": PartyKind.PERSON, "name": code, "since": start} for code in ("P1", "P2", "P3")
    ]
    return {
        "parties": [
            {"code": "CT", "kind": PartyKind.SOE_VC, "name": "示例创投", "since": start},
            {
                "code": "PT",
                "kind": PartyKind.HOLDING_VEHICLE,
                "name": "示例平台",
                "since": start,
                "vehicle_sponsor": "CT",
            },
            *people,
        ],
        "funds": [
            {
                "code": "F",
                "kind": PartyKind.SUB_FUND,
                "name": "示例基金",
                "since": start,
                "manager": "CT",
            }
        ],
        "companies": [{"code": "Q", "name": "示例企业", "since": start, "founders": ("P9",)}],
        "deals": [
            {
                "code": "D",
                "fund": "F",
                "company": "Q",
                "day": day("2021-03-01"),
                "kind": DealKind.INITIAL,
                "amount": yuan(20_000_000),
            }
        ],
        "coinvest_deals": [
            {
                "deal": "D",
                "since": day("2021-03-01"),
                "deal_shares": Decimal(2_000_000),
                "deal_share_class": "普通股",
                "coinvest_eligible": True,
            }
        ],
        "coinvest_plans": [
            {
                "code": "FA",
                "institution": "CT",
                "since": start,
                "plan_version": "1",
                "plan_mode": words.PlanMode.MANDATORY,
                "total_cap": Decimal("0.1"),
                "payment_lag": 30,
                "payment_lag_unit": words.LagUnit.DAYS,
            },
            {
                "code": "FA",
                "institution": "CT",
                "since": day("2022-01-01"),
                "plan_version": "2",
                "total_cap": Decimal("0.08"),
            },
        ],
        "employments": [
            {
                "code": f"RZ-{code}",
                "person": code,
                "employer": "CT",
                "since": start,
                "employed_from": start,
                "staff_contract": words.StaffContract.LABOUR,
                "role_class": words.RoleClass.EXECUTIVE,
                "annual_pay": yuan(400_000),
            }
            for code in ("P1", "P2", "P3")
        ],
        "committee_meetings": [
            {"code": "TJ", "deal": "D", "since": day("2021-02-10"), "met_on": day("2021-02-10")}
        ],
        "ballots": [
            {
                "code": "BJ",
                "meeting": "TJ",
                "person": "P1",
                "since": day("2021-02-10"),
                "recused": True,
                "voted": False,
            }
        ],
        "staff_stakes": [
            {
                "code": "S1",
                "person": "P1",
                "deal": "D",
                "plan": "FA",
                "vehicle": "PT",
                "since": day("2021-03-01"),
            },
            {
                "code": "S2",
                "person": "P2",
                "deal": "D",
                "plan": "FA",
                "vehicle": "PT",
                "since": day("2021-03-01"),
            },
            {"code": "S3", "person": "P3", "deal": "D", "plan": "FA", "since": day("2021-03-01")},
        ],
        "coinvest_payments": [
            {
                "code": "Z1",
                "staff_stake": "S1",
                "payment_leg": words.PaymentLeg.PERSON_TO_VEHICLE,
                "amount": yuan(300_000),
                "since": day("2021-03-05"),
                "money_source": words.MoneySource.SALARY,
                "account_holder": "P1",
            },
            {
                "code": "Z2",
                "staff_stake": "S2",
                "payment_leg": words.PaymentLeg.PERSON_TO_VEHICLE,
                "amount": yuan(100_000),
                "since": day("2021-03-06"),
            },
            {
                "code": "Z3",
                "vehicle": "PT",
                "deal": "D",
                "payment_leg": words.PaymentLeg.VEHICLE_TO_COMPANY,
                "amount": yuan(400_000),
                "payment_shares": Decimal(40_000),
                "since": day("2021-03-10"),
            },
            {
                "code": "Z4",
                "staff_stake": "S3",
                "payment_leg": words.PaymentLeg.PERSON_TO_COMPANY,
                "amount": yuan(50_000),
                "payment_shares": Decimal(5_000),
                "since": day("2021-03-10"),
            },
            {
                "code": "Z5",
                "staff_stake": "S1",
                "holder": "P2",
                "payment_leg": words.PaymentLeg.TRANSFER,
                "amount": yuan(20_000),
                "payment_shares": Decimal(1_000),
                "since": day("2022-03-10"),
            },
        ],
    }


def workbook(rows: Rows) -> bytes:
    return filled([(LAYOUTS[name], lines) for name, lines in rows.items()])


def booked(database: Database, rows: Rows) -> View:
    intake.book(database, LOCAL, workbook(rows), "机构.xlsx")
    return ledger.read(database).view()


def money(view: View) -> list[tuple[str, str, str, int, str]]:
    """Every staff payment: kind, payer, payee, fen, the subject it names."""
    p = view.postings
    return sorted(
        (PostingKind(k).name, view.parties[a].code, view.parties[b].code, fen, view.subjects[loan].code)
        for k, a, b, fen, loan in zip(
            *(getattr(p, n).tolist() for n in ("kind", "from_party", "to_party", "fen", "loan")), strict=True
        )
        if loan >= 0
    )


def stated(view: View) -> list[tuple[str, ...]]:
    facts = [
        (
            str(view.subject(("x", 0)[:0] or (s.row[0], *(v for v in s.row[1:6] if v is not None)))),
            s.day.isoformat(),
            s.row.name,
            s.row.value,
        )
        for s in view.subject_facts
    ]
    links = [
        (
            own.code,
            link.row.role,
            str(link.row.party and view.parties[link.row.party].code),
            str(link.row.other and view.subjects[link.row.other].code),
        )
        for number, own in view.subjects.items()
        for link in view.links_ever(number)
    ]
    return sorted([*facts, *links])


def test_what_a_file_says_is_registered_and_paid(database: Database) -> None:
    view = booked(database, institution())
    assert money(view) == [
        ("COINVEST_PAY_IN", "P1", "PT", 30_000_000, "Z1"),
        ("COINVEST_PAY_IN", "P2", "PT", 10_000_000, "Z2"),
        ("COINVEST_PAY_IN", "P3", "Q", 5_000_000, "Z4"),
        ("COINVEST_PAY_IN", "PT", "Q", 40_000_000, "Z3"),
        ("COINVEST_PAY_OUT", "P2", "P1", 2_000_000, "Z5"),
    ]
    plan = view.bearer(Subject(SubjectKind.PLAN, "FA"))
    assert view.attribute(plan, "total_cap") == Decimal("0.08")
    before = ledger.read(database).view(day("2021-06-30"))
    assert before.attribute(plan, "total_cap") == Decimal("0.1")
    assert view.attribute(plan, "payment_lag") == 30
    assert verify(database).ok


def test_a_file_sent_again_books_nothing(sqlite_book: Database) -> None:
    before = booked(sqlite_book, institution())
    again = intake.preview(sqlite_book, workbook(institution()), "再次.xlsx")
    assert again.ok
    assert not again.drafts
    assert ledger.read(sqlite_book).view().known_at == before.known_at


def test_it_survives_export_and_import(database: Database, tmp_path: Path) -> None:
    view = booked(database, institution())
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    out = intake.export_workbook(view)
    intake.book(other, LOCAL, out, "导出.xlsx")
    back = ledger.read(other).view()
    assert (money(back), stated(back)) == (money(view), stated(view))
    assert intake.export_workbook(back) == out


def changed(sheet: str, place: int, **cells: Any) -> Rows:
    rows = institution()
    rows[sheet][place] = {k: v for k, v in {**rows[sheet][place], **cells}.items() if v is not None}
    return rows


def added(sheet: str, **cells: Any) -> Rows:
    rows = institution()
    rows[sheet] = [*rows.get(sheet, []), cells]
    return rows


WRONG = {
    "a stake without a deal": (changed("staff_stakes", 0, deal=None), "required", "staff_stakes", 2),
    "a stake in a deal that is none": (
        changed("staff_stakes", 0, deal="D9"),
        "unknown_subject",
        "staff_stakes",
        2,
    ),
    "a person who is a company": (changed("staff_stakes", 0, person="Q"), "other_kind", "staff_stakes", 2),
    "spells that overlap": (
        added(
            "employments",
            code="RZ-X",
            person="P1",
            employer="CT",
            since=day("2021-01-01"),
            employed_from=day("2021-01-01"),
        ),
        "overlapping_spells",
        "employments",
        5,
    ),
    "another person for a stake": (
        added("staff_stakes", code="S1", person="P2", deal="D", plan="FA", since=day("2021-04-01")),
        "linked_otherwise",
        "staff_stakes",
        5,
    ),
    "a payment of nothing": (
        changed("coinvest_payments", 0, amount=yuan(0)),
        "not_positive",
        "coinvest_payments",
        2,
    ),
    "a payment of nobody": (
        changed("coinvest_payments", 0, staff_stake=None),
        "required",
        "coinvest_payments",
        2,
    ),
    "a payment without a company": (
        changed("coinvest_payments", 2, deal=None),
        "required",
        "coinvest_payments",
        4,
    ),
    "a row twice": (
        added(
            "coinvest_plans", code="FA", institution="CT", since=day("2022-01-01"), total_cap=Decimal("0.07")
        ),
        "duplicate_row",
        "coinvest_plans",
        4,
    ),
    "pay in another currency": (
        changed("employments", 0, annual_pay=Amount(100, "USD")),
        "currency",
        "employments",
        2,
    ),
    "an account of nobody": (
        changed("coinvest_payments", 0, account_holder="P8"),
        "unknown_party",
        "coinvest_payments",
        2,
    ),
    "a reply to a request that nobody made": (
        added(
            "requests",
            code="XQ-9",
            institution="CT",
            since=day("2026-07-01"),
            answer=words.RequestAnswer.PROVIDED,
        ),
        "request_not_open",
        "requests",
        None,
    ),
    "a second, other reply": (
        {
            **institution(),
            "requests": [
                {
                    "code": "XQ-8",
                    "institution": "CT",
                    "since": day("2026-06-01"),
                    "request_item": "money_proof",
                    "answer": words.RequestAnswer.PROVIDED,
                },
                {
                    "code": "XQ-8",
                    "institution": "CT",
                    "since": day("2026-07-01"),
                    "answer": words.RequestAnswer.DOES_NOT_EXIST,
                },
            ],
        },
        "request_not_open",
        "requests",
        3,
    ),
    "a digest that is none": (
        added(
            "evidence",
            code="ZJ-9",
            staff_stake="S1",
            since=day("2026-06-01"),
            evidence_item=words.EvidenceItem.MONEY_PROOF,
            evidence_digest="a5896e89",
        ),
        "wrong_digest",
        "evidence",
        None,
    ),
    "a vehicle that holds itself": (
        added(
            "edges",
            owner="PT",
            owned="PT",
            since=day("2020-01-01"),
            share=Decimal("0.1"),
            basis=EdgeBasis.EQUITY,
        ),
        "own_owner",
        "edges",
        None,
    ),
    "a person sold to himself": (
        changed("coinvest_payments", 4, holder="P1"),
        "same_party",
        "coinvest_payments",
        6,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_with_its_row(sqlite_book: Database, name: str) -> None:
    rows, code, sheet, number = WRONG[name]
    with pytest.raises(ImportRefused) as refused:
        booked(sqlite_book, rows)
    places = [(p.code, p.where.sheet, p.where.row) for p in refused.value.problems]
    wanted = [p for p in places if p[:2] == (code, LAYOUTS[sheet].text.zh) and p[2] == (number or p[2])]
    assert wanted, places
    assert wanted[0][2]
    assert ledger.read(sqlite_book).view().known_at == 0


def test_a_second_statement_for_a_day_is_refused(sqlite_book: Database) -> None:
    booked(sqlite_book, institution())
    with pytest.raises(ImportRefused) as refused:
        intake.book(
            sqlite_book,
            LOCAL,
            workbook(
                {
                    "coinvest_plans": [
                        {
                            "code": "FA",
                            "institution": "CT",
                            "since": day("2022-01-01"),
                            "total_cap": Decimal("0.07"),
                        }
                    ]
                }
            ),
            "改.xlsx",
        )
    assert [p.code for p in refused.value.problems] == ["booked_otherwise"]


def said(database: Database, rows: Rows) -> dict[tuple[str, str], str]:
    """(rule, subject) -> verdict of what an institution's file brings."""
    from fof.audit import coinvestment

    view = booked(database, rows)
    judged = coinvestment(ledger.read(database).view(max(day("2026-09-30"), view.as_of or day("2026-09-30"))))
    return {(f.rule, str(f.subject)): f.verdict.value for f in judged.findings}


def flagged(database: Database, rows: Rows) -> list[tuple[str, str, str, int | None, str | None]]:
    """What a preview warns of: code, file, sheet, row and column. The file can be booked all the same."""
    sheets = filled([(LAYOUTS[name], own) for name, own in rows.items() if own])
    looked = intake.preview(database, sheets, "机构.xlsx")
    assert looked.problems == []
    mine = {"approved_after_project", "paid_before_plan", "above_round"}
    return [
        (p.code, str(p.where.file), str(p.where.sheet), p.where.row, p.where.field)
        for p in looked.warnings
        if p.code in mine
    ]


def test_the_rows_of_a_good_file_are_not_flagged(sqlite_book: Database) -> None:
    from second.institutions import Institution

    assert flagged(sqlite_book, Institution(5).rows) == []


def test_what_is_late_or_too_much_is_flagged_with_its_row(sqlite_book: Database) -> None:
    """One row each: an approval after the first project, payments before the plan, shares above the round."""
    from second.institutions import START, Institution, plus

    own = Institution(5)
    plan = own.rows["coinvest_plans"][0]
    first = min(d["day"] for d in own.rows["deals"])
    plan["board_approved_on"] = first
    assert flagged(sqlite_book, own.rows) == []  # on the day itself
    plan["board_approved_on"] = plus(first, 1)
    [late] = flagged(sqlite_book, own.rows)
    assert late[:2] == ("approved_after_project", "机构.xlsx")
    assert late[2:] == (LAYOUTS["coinvest_plans"].text.zh, 2, "董事会批准日")
    plan["board_approved_on"] = START
    plan["since"] = plus(min(p["since"] for p in own.rows["coinvest_payments"]), 1)
    early = flagged(sqlite_book, own.rows)
    assert {p[0] for p in early} == {"paid_before_plan"}
    assert all(p[3] is not None and p[2] == LAYOUTS["coinvest_payments"].text.zh for p in early)
    plan["since"] = START
    terms = own.rows["coinvest_deals"][0]
    ours = own.find("coinvest_payments", deal=terms["deal"])
    terms["round_shares"] = terms["deal_shares"] + ours["payment_shares"]
    assert flagged(sqlite_book, own.rows) == []
    terms["round_shares"] -= 1
    [above] = flagged(sqlite_book, own.rows)
    assert above[0] == "above_round"
    assert above[3] == own.rows["coinvest_payments"].index(ours) + 2
    intake.book(sqlite_book, LOCAL, filled([(LAYOUTS[n], r) for n, r in own.rows.items() if r]), "机构.xlsx")
    more = {**ours, "code": "Z-MORE", "payment_shares": Decimal(1)}
    [again] = flagged(sqlite_book, {"coinvest_payments": [more]})
    assert (again[0], again[3]) == ("above_round", 2)


def test_shares_above_the_round_are_those_of_all_its_instalments(sqlite_book: Database) -> None:
    """The institution paid in two parts, staff with each: the round sold all of it to the share, and one share less."""
    from second.institutions import PLANTS, Institution, plus

    own = Institution(5)
    assert PLANTS["CI-12 near: tranches in proportion"](own)
    terms = own.rows["coinvest_deals"]
    later = next(row for row in terms if row["deal"].endswith("b"))
    first = next(row for row in terms if row["deal"] == later["deal"][:-1])
    ours = sum(p["payment_shares"] for p in own.all("coinvest_payments", deal=first["deal"]))
    first["round_shares"] = first["deal_shares"] + later["deal_shares"] + ours
    assert flagged(sqlite_book, own.rows) == []
    first["round_shares"] -= 1
    [above] = flagged(sqlite_book, own.rows)
    assert above[0] == "above_round"
    intake.book(sqlite_book, LOCAL, filled([(LAYOUTS[n], r) for n, r in own.rows.items() if r]), "机构.xlsx")
    more = {**later, "since": plus(later["since"], 1), "deal_shares": later["deal_shares"] + 1}
    [again] = flagged(sqlite_book, {"coinvest_deals": [more]})
    assert (again[0], again[3]) == ("above_round", 2)


def test_a_payment_before_the_plan_existed_is_a_breach(sqlite_book: Database) -> None:
    rows = institution()
    for plan in rows["coinvest_plans"]:
        plan["since"] = max(plan["since"], day("2024-01-01"))
    rows["coinvest_plans"] = rows["coinvest_plans"][:1]
    assert said(sqlite_book, rows)["CI-02", "D"] == "breach"


def test_a_plan_that_approves_itself_after_the_deal_is_a_breach(sqlite_book: Database) -> None:
    rows = institution()
    rows["coinvest_plans"][0].update(board_approved_on=day("2024-01-01"))
    assert said(sqlite_book, rows)["CI-02", "D"] == "breach"


def test_a_stake_above_what_the_round_sold_is_a_breach(sqlite_book: Database) -> None:
    rows = institution()
    terms = rows["coinvest_deals"][0]
    terms.update(deal_shares=Decimal(100), round_shares=Decimal(100))
    assert said(sqlite_book, rows)["CI-17", "D"] == "breach"


def test_an_institution_s_own_deals_come_in_by_the_sheet_and_go_out_by_it(
    sqlite_book: Database, tmp_path: Path
) -> None:
    """Co-investment beside an institution's direct investment is judged as that beside one of its funds; the export is the same again."""
    from second.institutions import AS_OF, Institution

    from fof import audit

    own = Institution(5)
    for row in own.rows["deals"]:
        row["fund"] = "CT"
    sheets = filled([(LAYOUTS[n], rows) for n, rows in own.rows.items() if rows])
    intake.book(sqlite_book, LOCAL, sheets, "机构.xlsx")
    view = ledger.read(sqlite_book).view(AS_OF)
    judged = audit.coinvestment(view).findings
    assert {f.finding.party for f in judged} == {"CT"}
    assert [f for f in judged if f.verdict.value not in ("pass", "not_applicable")] == []
    [holding, *_] = holdings(view, view.by_code["CT"].id)
    assert holding.invested == own.rows["deals"][0]["amount"].fen
    exported = intake.export_workbook(ledger.read(sqlite_book).view())
    second = Database(f"sqlite:///{tmp_path / 'second.sqlite'}")
    second.init()
    intake.book(second, LOCAL, exported, "导出.xlsx")
    assert intake.export_workbook(ledger.read(second).view()) == exported
    second.close()
    own.rows["deals"][0]["fund"] = own.rows["companies"][1]["code"]
    looked = intake.preview(sqlite_book, filled([(LAYOUTS["deals"], own.rows["deals"][:1])]), "交易.xlsx")
    assert [p.code for p in looked.problems] == ["not_a_fund"]
