"""Pools by file: what is registered and paid, what comes back from an export, what is refused with its row."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from pool_office import Rows, booked, claimed, day, decided, loan, office, pay, step, workbook, yuan

from fof import intake, ledger
from fof.access import LOCAL
from fof.book.index import book_of
from fof.book.pools import pools_of
from fof.book.working_days import calendar_of
from fof.calendar import Deadline, published
from fof.db import Database
from fof.errors import BookingRefused, ImportRefused
from fof.figures.pools import claims_document
from fof.importers.layouts import LAYOUTS
from fof.intake.reversals import pools_without, reverse
from fof.ledger import Draft, View
from fof.ledger.verify import verify
from models import pools as w
from models.kinds import EntryKind

END = day("2023-12-31")


def accounts(view: View, pool: str = "P") -> dict[str, int]:
    own = pools_of(view).accounts(view.by_code[pool].id, END)
    return {view.parties[party].code: account.balance for party, account in own.of.items()}


def test_a_pool_is_registered_and_its_money_adds_up(database: Database) -> None:
    view = booked(database, office())
    pools, pool = pools_of(view), view.by_code["P"].id
    assert verify(database).ok
    assert pools.cash(pool, END) == 450_000_000
    assert accounts(view) == {"GOV": 300_000_000, "CITY": 150_000_000}  # two thirds and one
    loans = {own.code: own for own in pools.loans.values()}
    assert loans["L1"].balance(END) == 300_000_000
    assert loans["L1"].outstanding(END) == 0  # its claim was paid
    assert loans["L1"].trouble_since(END) == day("2022-03-01")
    assert loans["L2"].balance(END) == 0
    assert loans["L3"].outstanding(END) == 100_000_000
    (claim,) = pools.claims.values()
    assert (claim.state(day("2022-06-30")), claim.state(END)) == ("submitted", "paid")
    stop = next(s for s in pools.limit_states(pool, END) if s.limit.code == "STOP")
    assert stop.rate is not None
    assert stop.rate.value == Fraction(1_500_000, 6_000_000)
    assert (stop.reached, stop.stopped_on) == (True, day("2022-07-10"))


def test_a_book_comes_back_from_its_export(sqlite_book: Database, tmp_path: Path) -> None:
    view = booked(sqlite_book, office())
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    intake.book(other, LOCAL, intake.export_workbook(view), "导出.xlsx")
    back = ledger.read(other).view()
    assert accounts(back) == accounts(view)
    assert {c.code: c.state(END) for c in pools_of(back).claims.values()} == {"S1": "paid"}
    again = intake.preview(sqlite_book, workbook(office()), "再次.xlsx")
    assert (again.problems, again.drafts) == ([], [])


def test_a_stop_lasts_until_an_entry_resumes_it(sqlite_book: Database) -> None:
    view = booked(sqlite_book, office())
    rows: Rows = {
        "pool_limits": [
            {
                "code": "STOP",
                "pool": "P",
                "since": day("2022-12-01"),
                "limit_kind": w.LimitKind.ENROLMENT_STOP,
                "limit_period": w.LimitPeriod.CUMULATIVE,
                "resumed_on": day("2022-12-01"),
                "document": "示例恢复文件",
            }
        ]
    }
    view = booked(sqlite_book, rows)
    pools, pool = pools_of(view), view.by_code["P"].id
    for on, stopped in (("2022-07-09", None), ("2022-11-30", day("2022-07-10")), ("2022-12-01", None)):
        state = next(s for s in pools.limit_states(pool, day(on)) if s.limit.code == "STOP")
        assert state.stopped_on == stopped, on


REFUSED: dict[str, tuple[Rows, str, str]] = {
    "shares": (
        {"agreements": [{**office()["agreements"][0], "code": "XZ", "share_lender": Decimal("0.4")}]},
        "shares_not_one",
        "合作协议",
    ),
    "unknown borrower": ({"loans": [loan("L9", "Q9", 1)]}, "unknown_party", "入池贷款"),
    "borrower is a bank": ({"loans": [loan("L9", "B2", 1)]}, "other_kind", "入池贷款"),
    "repaid too much": (
        {"loan_events": [step("E9", "L3", "2022-01-01", w.LoanStep.REPAID, 1_000_000.01)]},
        "repaid_above_outstanding",
        "贷款事项",
    ),
    "repaid before it was drawn": (
        {"loan_events": [step("E9", "L3", "2021-02-28", w.LoanStep.REPAID, 1)]},
        "repaid_above_outstanding",
        "贷款事项",
    ),
    "drawn above the contract": (
        {"loan_events": [step("E9", "L3", "2021-04-01", w.LoanStep.DRAWN, 1)]},
        "drawn_above_contract",
        "贷款事项",
    ),
    "claim on no loan": ({"claims": [claimed("S9", "L9", "2022-06-01", 1)]}, "unknown_subject", "补偿申请"),
    "claim on a loan enrolled after default": (
        {
            "loans": [loan("L9", "Q3", 100, "2022-04-01")],
            "loan_events": [step("E9", "L9", "2022-04-01", w.LoanStep.DRAWN, 100)],
            "claims": [claimed("S9", "L9", "2022-08-01", 100)],
        },
        "enrolled_after_default",
        "补偿申请",
    ),
    "claim without confirmation": (
        {
            "loans": [{**loan("L9", "Q3", 100, "2021-04-01"), "enrolment_confirmation_id": None}],
            "loan_events": [step("E9", "L9", "2021-04-01", w.LoanStep.DRAWN, 100)],
            "claims": [claimed("S9", "L9", "2022-08-01", 100)],
        },
        "not_enrolled",
        "补偿申请",
    ),
    "second claim": ({"claims": [claimed("S9", "L1", "2022-08-01", 1_000_000)]}, "second_claim", "补偿申请"),
    "claimed above outstanding": (
        {"claims": [claimed("S9", "L3", "2022-08-01", 1_000_000.01)]},
        "claimed_above_outstanding",
        "补偿申请",
    ),
    "paid twice": (
        {"pool_payments": [pay("Z9", "2022-08-01", w.PoolLeg.COMPENSATION, "P", "B1", 0.01, claim="S1")]},
        "paid_above_claim",
        "资金池收付",
    ),
    "paid before it was decided": (
        {
            "claims": [claimed("S9", "L3", "2022-08-01", 1_000_000)],
            "pool_payments": [pay("Z9", "2022-08-02", w.PoolLeg.COMPENSATION, "P", "B1", 1, claim="S9")],
        },
        "not_granted",
        "资金池收付",
    ),
    "paid above the cap of the year": (
        {
            "claims": [
                claimed("S9", "L3", "2022-08-01", 1_000_000),
                decided("S9", "L3", "2022-08-10", 500_000.01),
            ],
            "agreements": [
                {
                    "code": "XY",
                    "pool": "P",
                    "since": day("2023-01-01"),
                    "programme": w.Programme.TECH_LOAN_POOL,
                }
            ],
            "pool_limits": [
                {
                    "code": "CAP",
                    "pool": "P",
                    "since": day("2022-08-01"),
                    "limit_kind": w.LimitKind.PAYMENT_CAP,
                    "limit_period": w.LimitPeriod.YEAR,
                    "limit_amount": yuan(1_999_999.99),
                }
            ],
            "pool_payments": [
                pay("Z9", "2022-08-12", w.PoolLeg.COMPENSATION, "P", "B1", 500_000, claim="S9")
            ],
        },
        "above_limit",
        "资金池收付",
    ),
    "more than the pool holds": (
        {"pool_payments": [pay("Z9", "2023-01-01", w.PoolLeg.COST, "P", "B1", 4_500_000.01)]},
        "pool_below_zero",
        "资金池收付",
    ),
    "more back than was owed": (
        {"pool_payments": [pay("Z9", "2023-01-01", w.PoolLeg.RECOVERY, "Q1", "B1", 3_000_000.01, loan="L1")]},
        "recovered_above_claim",
        "资金池收付",
    ),
    "more back than was borne": (
        {
            "pool_payments": [
                pay("Z8", "2023-01-01", w.PoolLeg.RECOVERY, "Q1", "B1", 2_000_000, loan="L1"),
                pay("Z9", "2023-01-02", w.PoolLeg.RECOVERY_SHARED, "B1", "P", 1_500_000.01, claim="S1"),
            ]
        },
        "recovered_above_borne",
        "资金池收付",
    ),
    "agreement changed over paid claims": (
        {
            "agreements": [
                {
                    "code": "XY",
                    "pool": "P",
                    "since": day("2022-07-10"),
                    "programme": w.Programme.TECH_LOAN_POOL,
                    "coverage": Decimal("0.9"),
                }
            ]
        },
        "over_paid_claims",
        "合作协议",
    ),
    "repaid before the claim was made": (
        {"loan_events": [step("E9", "L1", "2022-05-31", w.LoanStep.REPAID, 1)]},
        "claimed_above_outstanding",
        "贷款事项",
    ),
    "repaid between claim and payment": (
        {"loan_events": [step("E9", "L1", "2022-07-01", w.LoanStep.REPAID, 1)]},
        "paid_above_claim",
        "贷款事项",
    ),
    "in trouble before it was enrolled": (
        {"loan_events": [step("E9", "L1", "2021-02-28", w.LoanStep.OVERDUE, step_amount=yuan(1))]},
        "enrolled_after_default",
        "贷款事项",
    ),
    "less claimed than was paid": (
        {
            "claims": [
                {
                    "code": "S1",
                    "loan": "L1",
                    "since": day("2022-06-02"),
                    "claim_step": w.ClaimStep.REVIEWED,
                    "claim_principal": yuan(2_000_000),
                }
            ]
        },
        "paid_above_claim",
        "补偿申请",
    ),
    "a step that cannot follow": (
        {
            "claims": [
                {**claimed("S9", "L3", "2022-08-01", 1), "claim_step": w.ClaimStep.REVIEWED},
            ]
        },
        "wrong_step",
        "补偿申请",
    ),
    "strange loan in the lender's file": (
        {"lender_file": [{"code": "L9", "since": END, "stated_balance": yuan(1)}]},
        "stranger_in_file",
        "银行月报",
    ),
    "a funding that reaches no pool": (
        {"pool_payments": [pay("Z9", "2023-01-01", w.PoolLeg.FUNDING, "GOV", "B1", 1)]},
        "other_kind",
        "资金池收付",
    ),
}


NO_RULE = {"unknown_party", "other_kind", "unknown_subject"}
"""Refused because there is no such thing, or a thing of another kind: of everything else the rule is named."""
RULES = re.compile("（(?:RC|IV|IN|TX)-[0-9]+")


@pytest.fixture(scope="module")
def one_office(tmp_path_factory: pytest.TempPathFactory) -> Database:
    book = Database(f"sqlite:///{tmp_path_factory.mktemp('pools') / 'book.sqlite'}")
    book.init()
    booked(book, office())
    return book


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_with_its_row(one_office: Database, what: str) -> None:
    rows, code, sheet = REFUSED[what]
    made = intake.preview(one_office, workbook(rows), "错.xlsx")
    assert [p.code for p in made.problems] == [code], made.problems
    (problem,) = made.problems
    assert problem.where.sheet == sheet
    assert problem.where.row is not None
    assert problem.where.field is not None
    titles = tuple(column.text.zh for own in LAYOUTS.values() for column in own.columns)
    assert str(problem.where.field).startswith(titles)
    if code not in NO_RULE:
        assert all("(" + named[1:] in problem.expected.en for named in RULES.findall(problem.expected.zh))
        assert RULES.search(problem.expected.zh), problem.expected
    with pytest.raises(ImportRefused):
        intake.book(one_office, LOCAL, workbook(rows), "错.xlsx")


def test_a_lenders_file_is_compared_before_it_is_booked(one_office: Database) -> None:
    on = day("2022-12-31")
    rows: Rows = {
        "lender_file": [
            {"code": "L3", "since": on, "stated_balance": yuan(900_000), "stated_overdue_days": 10}
        ]
    }
    made = intake.preview(one_office, workbook(rows), "月报.xlsx")
    assert made.problems == []
    assert sorted(p.code for p in made.warnings) == ["balance_apart", "missing_in_file", "overdue_apart"]
    assert len(made.drafts) == 1


def test_the_command_lists_what_a_bank_file_contradicts(
    one_office: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Missing, extra, balance and days overdue, each with sheet, row, field and rule, before anything is booked."""
    from fof.cli import main

    on, head = day("2022-12-31"), ledger.read(one_office).head
    stated = {"code": "L3", "since": on, "stated_balance": yuan(900_000), "stated_overdue_days": 10}
    monkeypatch.setenv("FOF_DATABASE_URL", one_office.address)
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    known, strange = tmp_path / "known.xlsx", tmp_path / "strange.xlsx"
    known.write_bytes(workbook({"lender_file": [stated]}))
    strange.write_bytes(workbook({"lender_file": [stated, {**stated, "code": "L9"}]}))
    assert main(["--lang", "en", "import", str(known), "--dry-run", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    listed = [row for row in rows if row["level"] == "warning"]
    assert sorted(w["code"] for w in listed) == ["balance_apart", "missing_in_file", "overdue_apart"]
    assert all(w["row"] == 2 and w["sheet"] and w["field"] and "RC-21" in w["expected"] for w in listed)
    assert main(["--lang", "en", "import", str(strange), "--json"]) == 2
    (extra,) = (row for row in json.loads(capsys.readouterr().out)["rows"] if row["level"] == "problem")
    assert (extra["code"], extra["row"], extra["found"]) == ("stranger_in_file", 3, "L9")
    assert ledger.read(one_office).head == head


def test_what_is_just_allowed_is_booked(sqlite_book: Database) -> None:
    booked(sqlite_book, office())
    rows: Rows = {
        "loan_events": [step("E9", "L3", "2022-01-01", w.LoanStep.REPAID, 400_000)],
        "claims": [claimed("S9", "L3", "2022-08-01", 600_000), decided("S9", "L3", "2022-08-10", 300_000)],
        "pool_payments": [
            pay("Y1", "2022-08-12", w.PoolLeg.COMPENSATION, "P", "B1", 300_000, claim="S9"),
            pay("Y2", "2023-01-01", w.PoolLeg.RECOVERY, "Q1", "B1", 3_000_000, loan="L1"),
            pay("Y3", "2023-01-02", w.PoolLeg.RECOVERY_SHARED, "B1", "P", 1_500_000, claim="S1"),
            pay("Y4", "2023-02-01", w.PoolLeg.INTEREST, "B1", "P", 1_000.01),
        ],
    }
    view = booked(sqlite_book, rows)
    assert accounts(view) == {"GOV": 380_066_667, "CITY": 190_033_334}
    assert sum(accounts(view).values()) == pools_of(view).cash(view.by_code["P"].id, END)


NEXT = max(published().notices) + 1
WEEK = [day(f"{NEXT}-01-{n:02d}") for n in range(4, 11)]
WORKDAY = next(d for d in WEEK if d.weekday() == 0)
SUNDAY = next(d for d in WEEK if d.weekday() == 6)
_NOTICES: dict[str, tuple[dict[str, object], list[str], list[str]]] = {
    "a notice": ({"public_holidays": (str(WORKDAY),), "makeup_workdays": (str(SUNDAY),)}, [], []),
    "a weekend that is off": ({"public_holidays": (str(WORKDAY), str(SUNDAY))}, ["not_such_days"], []),
    "a weekday that is worked": (
        {"public_holidays": (str(WORKDAY),), "makeup_workdays": (str(WORKDAY),)},
        ["not_such_days"],
        [],
    ),
    "no day": ({"public_holidays": ("元旦",)}, ["not_a_date"], []),
    "nothing off": ({"makeup_workdays": (str(SUNDAY),)}, ["required"], []),
    "no document": ({"public_holidays": (str(WORKDAY),), "document": None}, ["required"], []),
    "two years": ({"public_holidays": (str(WORKDAY), "2030-01-01")}, ["several_years"], []),
    "a published year": ({"public_holidays": ("2026-01-05",)}, [], ["year_published"]),
}


@pytest.mark.parametrize("what", _NOTICES)
def test_a_notice_names_days_of_one_year_that_fit_the_week(one_office: Database, what: str) -> None:
    cells, problems, warnings = _NOTICES[what]
    row = {"party": "GOV", "since": day("2023-11-01"), "document": "示例办发明电〔2026〕1号"} | cells
    made = intake.preview(one_office, workbook({"holiday_notices": [row]}), "通知.xlsx")
    assert ([p.code for p in made.problems], [p.code for p in made.warnings]) == (problems, warnings)
    assert all(p.where.row is not None and p.where.field for p in (*made.problems, *made.warnings))


def test_a_clock_waits_for_the_notice_and_runs_on_with_it(sqlite_book: Database) -> None:
    """Claimed on the last working days of the last published year: the desk says "not before", the notice settles it."""
    claim = claimed("S9", "L3", f"{NEXT - 1}-12-30", 1_000_000)
    rows = office()
    rows["claims"].append(claim)
    intake.book(sqlite_book, LOCAL, workbook(rows), "资金池.xlsx", today=day(f"{NEXT - 1}-12-31"))

    def last_day() -> str:
        seen = ledger.read(sqlite_book).view(day(f"{NEXT - 1}-12-31"))
        return str(next(r for r in claims_document(seen).rows if r["claim"] == "S9")["clock_last"])

    assert last_day() == str(Deadline(day(f"{NEXT}-01-04"), NEXT))
    day_off = next(d for d in (day(f"{NEXT}-01-01"), day(f"{NEXT}-01-04")) if d.weekday() < 5)
    notice = {
        "party": "GOV",
        "since": day(f"{NEXT - 1}-11-01"),
        "public_holidays": (str(day_off),),
        "document": "示例通知",
    }
    made = intake.book(
        sqlite_book,
        LOCAL,
        workbook({"holiday_notices": [notice]}),
        "通知.xlsx",
        today=day(f"{NEXT - 1}-12-31"),
    )
    assert len(made.entries) == 1
    calendar = calendar_of(book_of(ledger.read(sqlite_book).view(END)), day(f"{NEXT - 1}-12-31"))
    due = calendar.deadline(day(f"{NEXT - 1}-12-30"), 5)
    assert due.missing is None
    assert last_day() == due.day.isoformat()
    assert view_document(sqlite_book) == "示例通知"


def view_document(book: Database) -> str | None:
    view = ledger.read(book).view(day(f"{NEXT - 1}-12-31"))
    stated = view.in_force(view.by_code["GOV"].id, "public_holidays")
    return None if stated is None else stated.document


def test_a_repayment_between_claim_and_payment_reduces_the_claim(sqlite_book: Database) -> None:
    rows = office()
    rows["loan_events"].append(step("E9", "L1", "2022-07-05", w.LoanStep.REPAID, 1_000_000))
    made = intake.preview(sqlite_book, workbook(rows), "多付.xlsx")
    assert [p.code for p in made.problems] == ["paid_above_claim"]
    rows["pool_payments"][-1]["amount"] = yuan(1_000_000)
    view = booked(sqlite_book, rows)
    (claim,) = pools_of(view).claims.values()
    assert (claim.principal(END), claim.compensated(END)) == (200_000_000, 100_000_000)


RESTS = {
    "loan_event/E1": "claimed_above_outstanding",  # the draw of the loan that was claimed
    "loans/L1/": "not_enrolled",
    "agreements/XY/": "over_paid_claims",
    "pool_payment/Z1": None,  # the pool still held enough
    "claims/S1/2022-06-01": "wrong_step",
    "claims/S1/2022-07-01": "not_granted",
    "loan_event/E4": None,  # what no claim rests on
    "pool_payment/Z3": None,  # the payment itself may be taken back
}


@pytest.mark.parametrize("key", RESTS)
def test_an_entry_that_a_paid_claim_rests_on_is_not_taken_back(one_office: Database, key: str) -> None:
    view = ledger.read(one_office).view()
    entry = next(e.id for e in view.journal.entries(1, view.known_at) if e.key.startswith(key))
    draft = Draft(EntryKind.REVERSAL, day("2023-01-01"), "x", b"", reverses=entry)
    codes = {p.code for p in pools_without(view, draft)}
    assert (RESTS[key] in codes) if RESTS[key] else codes == set()
    if codes:
        with pytest.raises(BookingRefused):
            reverse(one_office, LOCAL, entry, "记错")
        assert ledger.read(one_office).head == view.known_at


def test_a_contribution_that_was_paid_out_is_not_taken_back(sqlite_book: Database) -> None:
    rows = office()
    rows["pool_payments"].append(pay("Z4", "2023-01-05", w.PoolLeg.COST, "P", "B2", 3_000_000))
    view = booked(sqlite_book, rows)
    entry = next(e.id for e in view.journal.entries(1, view.known_at) if e.key == "pool_payment/Z1")
    with pytest.raises(BookingRefused) as refused:
        reverse(sqlite_book, LOCAL, entry, "记错")
    assert [p.code for p in refused.value.problems] == ["pool_below_zero"]
