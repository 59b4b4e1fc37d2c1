"""Intake: a file previewed and booked whole or not at all; sent again it books nothing; problems at their cells."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fof import intake, ledger
from fof.access import LOCAL, Actor
from fof.db import Database
from fof.errors import ImportRefused, NotAllowed, Problem, Unknown
from fof.importers.cells import Amount
from fof.importers.identifiers import uscc_check
from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import mapping_from_toml
from fof.importers.reader import read_file
from fof.importers.template import filled
from fof.ledger import View
from models import kinds
from models.kinds import EntryKind, PartyKind, Role
from models.posting_kinds import PostingKind as K

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
DAY = dt.date
Rows = dict[str, list[dict[str, Any]]]


def yuan(amount: float, currency: str = "CNY") -> Amount:
    return Amount(round(amount * 100), currency)


def word(layout: str, column: str, value: str) -> kinds.Word:
    words = LAYOUTS[layout].column(column).words
    assert words is not None
    found = words.read(value)
    assert found is not None
    return found


def office() -> Rows:
    """A whole small office: every layout has a row or more. Amounts in yuan."""
    start = DAY(2020, 1, 1)
    parties = [
        ("GOV", "government", "示例省财政厅"),
        ("CITY", "government", "示例市财政局"),
        ("LP", "social_investor", "示例社会资本"),
        ("GP", "manager", "示例管理人"),
        ("BANK", "bank", "示例银行"),
        ("OREGON", "institution", "示例机构"),
    ]
    call = {"fund": "F1", "notice_on": DAY(2021, 1, 4), "due_on": DAY(2021, 1, 25)}
    return {
        "parties": [{"code": c, "kind": PartyKind(k), "name": n, "since": start} for c, k, n in parties],
        "funds": [
            {
                "code": "F1",
                "kind": PartyKind.SUB_FUND,
                "name": "示例一号基金",
                "since": DAY(2020, 6, 1),
                "manager": "GP",
                "strategy": kinds.Strategy.VC,
                "established_on": DAY(2020, 6, 1),
                "target_size": yuan(200_000),
                "vintage": 2020,
                "document": "合伙协议",
            },
            {
                "code": "F1",
                "kind": PartyKind.SUB_FUND,
                "since": DAY(2024, 1, 1),
                "status": kinds.FundStatus.HARVESTING,
            },
            {
                "code": "P1",
                "kind": PartyKind.PARENT_FUND,
                "name": "示例母基金",
                "since": start,
                "currency": "CNY",
            },
        ],
        "companies": [
            {
                "code": "C1",
                "name": "示例科技公司",
                "since": DAY(2020, 6, 1),
                "industry": "C3976",
                "uscc": "91230100MA18ABCD0" + uscc_check("91230100MA18ABCD0"),
                "city": kinds.City.HARBIN,
                "stage": kinds.Stage.STARTUP,
                "stage_definition": "ST-01",
            },
            {"code": "C2", "name": "示例材料公司", "since": DAY(2020, 6, 1)},
        ],
        "company_years": [
            {"company": "C1", "year": 2022, "revenue": yuan(1000), "net_profit": yuan(-20.5), "staff": 30},
            {"company": "C1", "year": 2023, "revenue": yuan(1000), "net_profit": yuan(5), "staff": 30},
        ],
        "edges": [
            {
                "owner": "GOV",
                "owned": "GP",
                "since": start,
                "share": _share("35"),
                "basis": kinds.EdgeBasis.EQUITY,
            }
        ],
        "commitments": [
            {
                "fund": "F1",
                "investor": "P1",
                "day": DAY(2020, 6, 1),
                "change": word("commitments", "change", "new"),
                "amount": yuan(100),
                "number": "HT-1",
            },
            {
                "fund": "F1",
                "investor": "LP",
                "day": DAY(2020, 6, 1),
                "change": word("commitments", "change", "new"),
                "amount": yuan(50),
                "number": "HT-1",
            },
            {
                "fund": "P1",
                "investor": "GOV",
                "day": DAY(2020, 6, 1),
                "change": word("commitments", "change", "new"),
                "amount": yuan(500),
            },
            {
                "fund": "F1",
                "investor": "LP",
                "day": DAY(2020, 9, 1),
                "change": word("commitments", "change", "increase"),
                "amount": yuan(10),
            },
            {
                "fund": "F1",
                "investor": "LP",
                "day": DAY(2020, 10, 1),
                "change": word("commitments", "change", "reduction"),
                "amount": yuan(5),
            },
        ],
        "capital_calls": [
            {
                **call,
                "number": "1",
                "investor": "P1",
                "investment": yuan(40),
                "fee_inside": yuan(2),
                "expenses": yuan(1),
                "paid_on": DAY(2021, 1, 20),
            },
            {
                **call,
                "number": "1",
                "investor": "LP",
                "investment": yuan(20),
                "fee_inside": yuan(1),
                "fee_outside": yuan(0.5),
            },
        ],
        "payments": [
            {"fund": "F1", "number": "1", "investor": "LP", "paid_on": DAY(2021, 2, 1), "amount": yuan(10)},
            {
                "fund": "F1",
                "number": "1",
                "investor": "LP",
                "paid_on": DAY(2021, 3, 1),
                "amount": yuan(11.5),
                "late_interest": yuan(0.1),
            },
        ],
        "distributions": [
            {
                "fund": "F1",
                "number": "D1",
                "paid_on": DAY(2023, 5, 1),
                "investor": "P1",
                "return_of_capital": yuan(4),
                "gain": yuan(3),
                "recallable_capital": yuan(2),
            },
            {
                "fund": "F1",
                "number": "D1",
                "paid_on": DAY(2023, 5, 1),
                "investor": "LP",
                "return_of_capital": yuan(2),
                "income": yuan(1),
            },
        ],
        "deals": [
            {
                "fund": "F1",
                "company": "C1",
                "day": DAY(2021, 2, 5),
                "kind": kinds.DealKind.INITIAL,
                "amount": yuan(30),
                "code": "XM-1",
                "share": _share("6.5"),
                "stage": kinds.Stage.STARTUP,
                "stage_definition": "ST-01",
                "post_money": yuan(461.54),
                "instrument": kinds.Instrument.EQUITY,
                "round": "A轮",
            },
            {
                "fund": "F1",
                "company": "C2",
                "day": DAY(2021, 3, 5),
                "kind": kinds.DealKind.INITIAL,
                "amount": yuan(20),
            },
            {
                "fund": "F1",
                "company": "C1",
                "day": DAY(2023, 4, 1),
                "kind": kinds.DealKind.PARTIAL_EXIT,
                "amount": yuan(12),
                "share": _share("2"),
                "exit_route": kinds.ExitRoute.TRANSFER,
                "buyer": "LP",
            },
            {"fund": "F1", "company": "C2", "day": DAY(2024, 4, 1), "kind": kinds.DealKind.WRITE_OFF},
        ],
        "attributes": [{"subject": "XM-1", "attribute": "关联交易", "since": DAY(2021, 2, 5), "value": "否"}],
        "fund_cash": [
            {
                "fund": "F1",
                "day": DAY(2021, 6, 30),
                "kind": word("fund_cash", "kind", "management_fee"),
                "counterparty": "GP",
                "amount": yuan(3),
            },
            {
                "fund": "F1",
                "day": DAY(2021, 6, 30),
                "kind": word("fund_cash", "kind", "interest"),
                "counterparty": "BANK",
                "amount": yuan(0.07),
                "reference": "LS-9",
            },
        ],
        "valuations": [
            {
                "fund": "F1",
                "day": DAY(2023, 12, 31),
                "amount": yuan(90),
                "method": kinds.MarkMethod.REPORTED_NAV,
                "stated_by": "GP",
            },
            {
                "fund": "F1",
                "day": DAY(2023, 12, 31),
                "investor": "P1",
                "amount": yuan(60),
                "method": kinds.MarkMethod.REPORTED_NAV,
            },
            {
                "fund": "F1",
                "day": DAY(2023, 12, 31),
                "company": "C1",
                "amount": yuan(55),
                "method": kinds.MarkMethod.RECENT_ROUND,
            },
        ],
        "positions": [
            {
                "holder": "OREGON",
                "fund": "F1",
                "day": DAY(2023, 12, 31),
                "called": yuan(40),
                "stated_multiple": _share("153"),
                "multiple_basis": kinds.MultipleBasis.DISCLOSED,
            }
        ],
    }


def _share(percent: str) -> Any:
    from decimal import Decimal

    return Decimal(percent) / 100


def packed(rows: Rows) -> bytes:
    return filled([(LAYOUTS[name], lines) for name, lines in rows.items()])


def book(database: Database, rows: Rows, **more: Any) -> ledger.Booked:
    return intake.book(database, LOCAL, packed(rows), "账.xlsx", **more)


def problems(database: Database, rows: Rows) -> list[Problem]:
    found = intake.preview(database, packed(rows), "账.xlsx").problems
    head = ledger.read(database).head
    if found:
        with pytest.raises(ImportRefused) as caught:
            book(database, rows)
        assert list(caught.value.problems) == found
        assert ledger.read(database).head == head, "a refused file writes nothing"
    return found


def told(found: Sequence[Problem]) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(p.code, p.where.sheet, p.where.row, p.where.named()) for p in found]


def view(database: Database) -> View:
    return ledger.read(database).view()


def postings(database: Database) -> list[tuple[str, str, str, int, str]]:
    found = view(database)
    p = found.postings
    code = {number: party.code for number, party in found.parties.items()}
    rows = zip(
        p.kind.tolist(),
        p.from_party.tolist(),
        p.to_party.tolist(),
        p.fen.tolist(),
        p.day.tolist(),
        strict=True,
    )
    return [(K(kind).name, code[a], code[b], fen, str(ledger.to_date(day))) for kind, a, b, fen, day in rows]


# -- a good file --------------------------------------------------------------------------------------------------


def test_a_whole_office_in_one_file(database):
    seen = intake.preview(database, packed(office()), "账.xlsx")
    assert seen.problems == []
    assert ledger.read(database).head == 0, "a preview writes nothing"
    booked = book(database, office())
    assert len(booked.entries) == len(seen.drafts) == sum(seen.entries.values())
    assert booked.already == []
    found = view(database)
    f1 = found.party("F1").id
    assert found.name(f1) == "示例一号基金"
    assert found.fact(f1, "target_size") == 20_000_000
    assert [str(f.since) for f in found.history(f1, "status")] == ["2024-01-01"]
    assert found.fact(found.party("C1").id, "uscc", "").startswith("91230100")
    assert [f.value for f in found.history(found.party("C1").id, "revenue")] == [100_000, 100_000]
    stage = found.facts_of(found.party("C1").id)["stage"]
    assert (stage.value, stage.basis) == (kinds.Stage.STARTUP, "ST-01")
    assert found.attribute(("deal", found.deals[0].row.id), "related_party") is False


def test_postings_of_the_office(database):
    book(database, office())
    assert sorted(postings(database)) == sorted(
        [
            ("COMMITMENT", "P1", "F1", 10_000, "2020-06-01"),
            ("COMMITMENT", "LP", "F1", 5_000, "2020-06-01"),
            ("COMMITMENT", "GOV", "P1", 50_000, "2020-06-01"),
            ("COMMITMENT", "LP", "F1", 1_000, "2020-09-01"),
            ("COMMITMENT_REDUCTION", "F1", "LP", 500, "2020-10-01"),
            ("CALL_DUE", "P1", "F1", 4_000, "2021-01-04"),
            ("CALL_DUE", "P1", "F1", 200, "2021-01-04"),
            ("CALL_DUE", "P1", "F1", 100, "2021-01-04"),
            ("CALL_DUE", "LP", "F1", 2_000, "2021-01-04"),
            ("CALL_DUE", "LP", "F1", 100, "2021-01-04"),
            ("CALL_DUE_OUTSIDE", "LP", "F1", 50, "2021-01-04"),
            ("CALL_INVESTMENT", "P1", "F1", 4_000, "2021-01-20"),
            ("CALL_FEE_INSIDE", "P1", "F1", 200, "2021-01-20"),
            ("CALL_EXPENSE", "P1", "F1", 100, "2021-01-20"),
            # 10.00 of 21.50 due, then the rest to the fen: 930.23, 46.51, 23.26 of 2000, 100, 50
            ("CALL_INVESTMENT", "LP", "F1", 930, "2021-02-01"),
            ("CALL_FEE_INSIDE", "LP", "F1", 47, "2021-02-01"),
            ("CALL_FEE_OUTSIDE", "LP", "F1", 23, "2021-02-01"),
            ("CALL_INVESTMENT", "LP", "F1", 1_070, "2021-03-01"),
            ("CALL_FEE_INSIDE", "LP", "F1", 53, "2021-03-01"),
            ("CALL_FEE_OUTSIDE", "LP", "F1", 27, "2021-03-01"),
            ("LATE_INTEREST", "LP", "F1", 10, "2021-03-01"),
            ("DISTRIBUTION_RETURN_OF_CAPITAL", "F1", "P1", 400, "2023-05-01"),
            ("DISTRIBUTION_GAIN", "F1", "P1", 300, "2023-05-01"),
            ("DISTRIBUTION_RECALLABLE_CAPITAL", "F1", "P1", 200, "2023-05-01"),
            ("DISTRIBUTION_RETURN_OF_CAPITAL", "F1", "LP", 200, "2023-05-01"),
            ("DISTRIBUTION_INCOME", "F1", "LP", 100, "2023-05-01"),
            ("INVESTMENT", "F1", "C1", 3_000, "2021-02-05"),
            ("INVESTMENT", "F1", "C2", 2_000, "2021-03-05"),
            ("EXIT_PROCEEDS", "LP", "F1", 1_200, "2023-04-01"),
            ("MANAGEMENT_FEE", "F1", "GP", 300, "2021-06-30"),
            ("INTEREST_INCOME", "BANK", "F1", 7, "2021-06-30"),
        ]
    )


def test_rows_of_the_office(database):
    book(database, office())
    found = view(database)
    code = {number: party.code for number, party in found.parties.items()}
    assert [(n.row.number, n.row.kind, str(n.day), str(n.row.due_on)) for n in found.notices] == [
        ("1", "capital_call", "2021-01-04", "2021-01-25"),
        ("1", "capital_call", "2021-01-20", "None"),
        ("1", "capital_call", "2021-02-01", "None"),
        ("1", "capital_call", "2021-03-01", "None"),
        ("D1", "distribution", "2023-05-01", "None"),
    ]
    assert [(d.row.code, d.row.share_nano, d.row.post_money) for d in found.deals] == [
        ("XM-1", 65_000_000, 46_154),
        ("F1-C2-20210305-initial", None, None),
        ("F1-C1-20230401-partial_exit", 20_000_000, None),
        ("F1-C2-20240401-write_off", None, None),
    ]
    marks = {
        (code[m.row.holder], code[m.row.holding], m.row.fen, m.row.method, str(m.day)) for m in found.marks
    }
    assert marks == {
        ("F1", "F1", 9_000, "reported_nav", "2023-12-31"),
        ("P1", "F1", 6_000, "reported_nav", "2023-12-31"),
        ("F1", "C1", 5_500, "recent_round", "2023-12-31"),
        ("F1", "C2", 0, "written_off", "2024-04-01"),
    }
    (position,) = found.positions
    assert (position.row.called, position.row.remaining, position.row.stated_multiple) == (
        4_000,
        None,
        "1.53",
    )
    (edge,) = found.edges
    assert (code[edge.row.owner], code[edge.row.owned], edge.row.share_nano) == ("GOV", "GP", 350_000_000)


def test_every_entry_names_its_document_and_row(sqlite_book):
    rows = office()
    book(sqlite_book, rows)
    journal = ledger.read(sqlite_book)
    for entry in journal.entries(1, journal.head):
        assert entry.source_name == "账.xlsx"
        assert entry.source_digest
        assert entry.source_sheet in {x.text.zh for x in LAYOUTS.values()}
        assert entry.source_row
        assert entry.source_row >= 2


def test_the_preview_says_what_will_happen(sqlite_book):
    seen = intake.preview(sqlite_book, packed(office()), "账.xlsx")
    sheets = {s.layout: s for s in seen.sheets}
    assert {name: s.rows for name, s in sheets.items()} == {
        name: len(rows) for name, rows in office().items()
    }
    assert [(t.header, t.currency, t.fen) for t in sheets["commitments"].totals] == [
        ("认缴金额", "CNY", 66_500)
    ]
    assert seen.entries[EntryKind.CALL_PAYMENT] == 3
    assert [w.code for w in seen.warnings] == ["split_in_proportion"] * 2
    assert seen.ok


# -- the same file again ------------------------------------------------------------------------------------------


def test_the_same_file_books_nothing_twice_and_says_so(database):
    first = book(database, office())
    seen = intake.preview(database, packed(office()), "账.xlsx")
    assert (seen.problems, seen.drafts) == ([], [])
    again = book(database, office())
    assert again.entries == []
    assert {a.entry for a in again.already} <= set(first.entries)
    assert len(again.already) >= len(first.entries) - len(office()["funds"]) - 2


@pytest.mark.parametrize("seed", range(3))
def test_saved_again_with_rows_and_columns_shuffled_it_books_nothing(sqlite_book, seed):
    book(sqlite_book, office())
    rows = office()
    for lines in rows.values():
        random.Random(seed).shuffle(lines)
        lines[:] = [dict(random.Random(seed).sample(list(r.items()), len(r))) for r in lines]
    again = intake.book(sqlite_book, LOCAL, packed(dict(reversed(rows.items()))), "另存为.xlsx")
    assert again.entries == []


def test_the_same_rows_as_csv_in_another_unit_book_nothing(sqlite_book):
    book(sqlite_book, office())
    text = "基金编号,出资人编号,签署日,变动类型,认缴金额（万元）,协议编号\nF1,P1,2020-06-01,认缴,0.01,HT-1\n"
    again = intake.book(sqlite_book, LOCAL, text.encode("gb18030"), "认缴.csv")
    assert (again.entries, len(again.already)) == ([], 1)


def test_two_equal_rows_are_two_rows_and_a_third_later_is_one_more(sqlite_book):
    rows = office()
    fee = rows["fund_cash"][0]
    rows["fund_cash"] = [fee, fee]
    book(sqlite_book, rows)
    assert [p[0] for p in postings(sqlite_book)].count("MANAGEMENT_FEE") == 2
    assert book(sqlite_book, rows).entries == []
    assert len(book(sqlite_book, {"fund_cash": [fee, fee, fee]}).entries) == 1


def test_a_paid_day_filled_in_later_books_the_payment_only(sqlite_book):
    rows = office()
    del rows["payments"]
    book(sqlite_book, rows)
    rows["capital_calls"][1]["paid_on"] = DAY(2021, 4, 1)
    seen = intake.preview(sqlite_book, packed({"capital_calls": rows["capital_calls"]}), "a.xlsx")
    assert seen.problems == []
    assert seen.entries == {EntryKind.CALL_PAYMENT: 1}


def test_other_content_under_the_same_reference_is_refused_naming_the_entry(sqlite_book):
    rows = office()
    book(sqlite_book, rows)
    rows["capital_calls"][0]["investment"] = yuan(41)
    rows["distributions"][1]["income"] = yuan(2)
    rows["deals"][0]["amount"] = yuan(31)
    rows["commitments"][0]["amount"] = yuan(101)
    rows["edges"][0]["share"] = _share("36")
    rows["funds"][0]["vintage"] = 2019
    rows["company_years"][0]["staff"] = 31
    rows["fund_cash"][1]["amount"] = yuan(0.08)
    rows["payments"][0]["amount"] = yuan(9)
    rows["payments"][1]["amount"] = yuan(12.5)
    found = problems(sqlite_book, rows)
    assert {p.code for p in found} == {"booked_otherwise"}
    assert {p.where.sheet for p in found} == {
        "基金",
        "企业年度数据",
        "权属关系",
        "认缴",
        "出资通知",
        "缴款到账",
        "分配通知",
        "投资与退出",
        "基金收支",
    }
    assert all("分录" in p.expected.zh and "冲销" in p.expected.zh for p in found)


def test_after_a_reversal_the_corrected_row_is_booked_under_a_new_revision(database):
    rows = office()
    book(database, rows)
    journal = ledger.read(database)
    entry = next(e for e in journal.entries(1, journal.head) if e.kind == "distribution")
    ledger.reverse(database, LOCAL, entry.id, "金额有误")
    rows["distributions"][1]["income"] = yuan(2)
    booked = book(database, rows)
    assert [view(database).entry(e).key for e in booked.entries] == ["distribution/F1/D1~2"]
    assert book(database, rows).entries == []
    rows["distributions"][1]["income"] = yuan(1)
    assert told(problems(database, rows)) == [("booked_otherwise", "分配通知", 2, "通知编号")]


def test_booking_what_was_reversed_is_pointed_out(sqlite_book):
    book(sqlite_book, office())
    journal = ledger.read(sqlite_book)
    entry = next(e for e in journal.entries(1, journal.head) if e.kind == "ownership")
    ledger.reverse(sqlite_book, LOCAL, entry.id, "录错")
    seen = intake.preview(sqlite_book, packed(office()), "账.xlsx")
    assert "was_reversed" in [w.code for w in seen.warnings]
    assert len(seen.drafts) == 1


def test_likely_duplicates_are_pointed_out(sqlite_book):
    rows = office()
    book(sqlite_book, rows)
    copy = [{**r, "number": "D1-副本"} for r in rows["distributions"]]
    seen = intake.preview(sqlite_book, packed({"distributions": copy}), "a.xlsx")
    assert seen.problems == []
    assert [d.code for d in seen.duplicates] == ["likely_duplicate"]
    assert "分录" in seen.duplicates[0].expected.zh
    twice = {"fund_cash": [{**rows["fund_cash"][1], "reference": x, "amount": yuan(9)} for x in ("A", "B")]}
    seen = intake.preview(sqlite_book, packed(twice), "a.xlsx")
    assert [d.where.row for d in seen.duplicates] == [3]
    assert "第 2 行" in seen.duplicates[0].expected.zh


# -- statements ---------------------------------------------------------------------------------------------------


def test_a_restated_value_is_a_later_statement_and_the_first_stays_known(database):
    rows = office()
    book(database, rows)
    before = ledger.read(database).head
    rows["valuations"][0]["amount"] = yuan(80)
    rows["positions"][0]["called"] = yuan(41)
    assert told(problems(database, rows)) == [
        ("stated_otherwise", "估值", 2, "更正"),
        ("stated_otherwise", "持仓披露", 2, "更正"),
    ]
    rows["valuations"][0]["restated"] = rows["positions"][0]["restated"] = True
    assert len(book(database, rows).entries) == 2
    assert book(database, rows).entries == []
    assert book(database, office()).entries == [], "the first statement sent again is known"
    found = view(database)
    f1 = found.party("F1").id
    assert [m.row.fen for m in found.marks if (m.row.holder, m.row.holding) == (f1, f1)] == [9_000, 8_000]
    then = ledger.read(database).view(known_at=before)
    assert [m.row.fen for m in then.marks if (m.row.holder, m.row.holding) == (f1, f1)] == [9_000]


def test_a_first_and_a_restated_value_may_come_in_one_file(sqlite_book):
    rows = office()
    rows["valuations"].insert(0, {**rows["valuations"][0], "amount": yuan(70), "restated": True})
    rows["valuations"].append({**rows["valuations"][0], "amount": yuan(75), "restated": True})
    book(sqlite_book, rows)
    found = view(sqlite_book)
    f1 = found.party("F1").id
    assert [m.row.fen for m in found.marks if (m.row.holder, m.row.holding) == (f1, f1)] == [
        9_000,
        7_000,
        7_500,
    ]
    assert book(sqlite_book, rows).entries == []


# -- wrong input --------------------------------------------------------------------------------------------------


def changed(sheet: str, row: int, **values: Any) -> Rows:
    rows = office()
    rows[sheet][row] = {**rows[sheet][row], **values}
    return rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (changed("commitments", 0, fund="F9"), ("unknown_party", "认缴", 2, "基金编号")),
        (changed("commitments", 0, investor="P9"), ("unknown_party", "认缴", 2, "出资人编号")),
        (changed("commitments", 0, fund="C1"), ("not_a_fund", "认缴", 2, "基金编号")),
        (changed("commitments", 0, investor="F1"), ("same_party", "认缴", 2, "出资人编号")),
        (changed("commitments", 0, amount=yuan(0)), ("not_positive", "认缴", 2, "认缴金额")),
        (changed("commitments", 0, amount=yuan(1, "USD")), ("currency", "认缴", 2, "认缴金额")),
        (changed("commitments", 0, buyer="LP"), ("transfer_only", "认缴", 2, "受让方编号")),
        (
            changed("commitments", 0, change=word("commitments", "change", "transfer")),
            ("required", "认缴", 2, "受让方编号"),
        ),
        (changed("commitments", 1, investor="P1"), ("repeated", "认缴", 3, "协议编号")),
        (changed("capital_calls", 1, investor="P1"), ("repeated", "出资通知", 3, "出资人编号")),
        (
            changed("capital_calls", 1, notice_on=DAY(2021, 1, 5)),
            ("differs_within_notice", "出资通知", 3, "通知日"),
        ),
        (
            changed("capital_calls", 1, due_on=DAY(2021, 1, 26)),
            ("differs_within_notice", "出资通知", 3, "缴款截止日"),
        ),
        (changed("capital_calls", 0, paid_amount=yuan(43.01)), ("over_due", "出资通知", 2, "实缴金额")),
        (changed("capital_calls", 1, paid_amount=yuan(1)), ("required", "出资通知", 3, "实缴日")),
        (changed("payments", 0, number="7"), ("unknown_notice", "缴款到账", 2, "通知编号")),
        (changed("payments", 0, investor="GOV"), ("components_unknown", "缴款到账", 2, "实缴金额")),
        (changed("payments", 0, investment=yuan(3)), ("sum_differs", "缴款到账", 2, "实缴金额")),
        (changed("distributions", 1, investor="P1"), ("repeated", "分配通知", 3, "出资人编号")),
        (
            changed("distributions", 1, paid_on=DAY(2023, 5, 2)),
            ("differs_within_notice", "分配通知", 3, "分配日"),
        ),
        (changed("deals", 0, amount=yuan(0)), ("required", "投资与退出", 2, "交易金额")),
        (changed("deals", 0, buyer="LP"), ("exit_only", "投资与退出", 2, "受让方编号")),
        (changed("deals", 0, company="LP"), ("not_a_company", "投资与退出", 2, "企业编号")),
        (changed("deals", 0, stage_definition=None), ("required", "投资与退出", 2, "阶段认定口径")),
        (changed("deals", 3, amount=yuan(1)), ("not_for_write_off", "投资与退出", 5, "交易金额")),
        (changed("deals", 1, code="XM-1"), ("repeated", "投资与退出", 3, "交易编号")),
        (changed("fund_cash", 0, counterparty="F1"), ("same_party", "基金收支", 2, "对方编号")),
        (changed("valuations", 1, company="C1"), ("one_holding", "估值", 3, "企业编号")),
        (changed("valuations", 1, investor="X"), ("unknown_party", "估值", 3, "出资人编号")),
        (changed("positions", 0, multiple_basis=None), ("required", "持仓披露", 2, "倍数口径")),
        (changed("edges", 0, owned="GOV"), ("own_owner", "权属关系", 2, "被持有编号")),
        (changed("edges", 0, until=DAY(2019, 1, 1)), ("ends_before_start", "权属关系", 2, "截止日")),
        (changed("company_years", 1, year=2022), ("duplicate_row", "企业年度数据", 3, "年度")),
        (changed("company_years", 1, company="F1"), ("not_a_company", "企业年度数据", 3, "企业编号")),
        (changed("companies", 0, stage_definition=None), ("required", "企业", 2, "阶段认定口径")),
        (changed("companies", 1, code="C1", since=DAY(2020, 6, 1)), ("duplicate_code", "企业", 3, "编号")),
        (changed("parties", 1, code="GOV"), ("duplicate_code", "主体", 3, "编号")),
        (changed("parties", 1, name=None), ("required", "主体", 3, "名称")),
        (changed("funds", 0, manager="GP9"), ("unknown_party", "基金", 2, "管理人")),
        (changed("funds", 0, target_size=yuan(5, "USD")), ("currency", "基金", 2, "目标规模")),
        (changed("funds", 1, kind=PartyKind.PARENT_FUND), ("other_kind", "基金", 3, "主体类别")),
        (changed("attributes", 0, attribute="天气"), ("unknown_fact", "属性", 2, "属性名称")),
        (changed("attributes", 0, subject="XM-9"), ("unknown_deal", "属性", 2, "主体或交易编号")),
        (changed("attributes", 0, value="大概"), ("not_yes_or_no", "属性", 2, "内容")),
    ],
)
def test_what_does_not_fit_is_refused_at_its_cell(sqlite_book, rows, expected):
    assert expected in told(problems(sqlite_book, rows))


@pytest.mark.parametrize(
    ("rows", "code", "sheet"),
    [
        (changed("capital_calls", 0, investment=yuan(98)), "unfunded_below_zero", "出资通知"),
        (changed("fund_cash", 0, day=DAY(2020, 5, 31)), "before_inception", "基金收支"),
        (changed("edges", 0, owner="F1", owned="GOV"), "ownership_cycle", "权属关系"),
    ],
)
def test_what_the_ledger_refuses_is_told_at_the_row_that_caused_it(database, rows, code, sheet):
    found = problems(database, rows)
    assert (code, sheet) in {(p.code, p.where.sheet) for p in found}
    assert all(p.where.file == "账.xlsx" and p.where.row for p in found)


def test_calls_above_unfunded_may_be_allowed_by_the_terms(sqlite_book):
    rows = changed("capital_calls", 0, investment=yuan(98))
    rows["funds"][0]["call_over_unfunded"] = True
    book(sqlite_book, rows)


def test_cash_of_a_vehicle_kept_in_the_book_never_falls_below_zero(sqlite_book):
    rows = changed("parties", 2, cash_kept=True)
    assert "cash_below_zero" in {p.code for p in problems(sqlite_book, rows)}


def test_every_problem_of_a_file_is_told_at_once(sqlite_book):
    rows = office()
    rows["commitments"][0]["fund"] = "F9"
    rows["fund_cash"][0]["counterparty"] = "X"
    text = packed(rows)
    found = intake.preview(sqlite_book, text, "账.xlsx").problems
    assert {(p.where.sheet, p.where.row) for p in found} == {("认缴", 2), ("基金收支", 2)}


def test_what_the_ledger_refuses_is_told_beside_what_cannot_be_read(sqlite_book):
    """A typing error on one sheet does not hide a call above unfunded on another; but it hides what may be its own doing."""
    rows = office()
    rows["capital_calls"][0]["investment"] = yuan(98)
    rows["fund_cash"][0]["day"] = DAY(2020, 5, 31)
    rows["fund_cash"][1]["counterparty"] = "X"
    rows["edges"].append({**rows["edges"][0], "owner": "GP", "owned": "GOV"})
    codes = [(p.code, p.where.sheet) for p in problems(sqlite_book, rows)]
    assert codes == [
        ("ownership_cycle", "权属关系"),
        ("ownership_cycle", "权属关系"),
        ("unfunded_below_zero", "出资通知"),
        ("before_inception", "基金收支"),
        ("unknown_party", "基金收支"),
    ]
    rows["commitments"][0]["fund"] = "F9"
    rows["attributes"][0]["value"] = "大概"
    rest = {p.code for p in problems(sqlite_book, rows)}
    assert rest == {"ownership_cycle", "unknown_party", "not_yes_or_no"}


def test_unknown_codes_of_a_row_that_cannot_be_read_are_told_with_it(sqlite_book):
    book(sqlite_book, office())
    text = "基金编号,对方编号,收付日,收支类型,金额（元）\nF9,GP,2024-02-31,管理费,1\n".encode()
    found = intake.preview(sqlite_book, text, "a.csv").problems
    assert told(found) == [("not_a_date", None, 2, "收付日"), ("unknown_party", None, 2, "基金编号")]
    rows = changed("funds", 0, manager="GP9", vintage=1800)
    assert {(p.code, p.where.named()) for p in problems(sqlite_book, {"funds": rows["funds"][:1]})} == {
        ("not_a_year", "成立年份"),
        ("unknown_party", "管理人"),
    }


def test_problems_come_in_the_order_of_the_file(sqlite_book):
    rows = office()
    rows["commitments"][3]["investor"] = "X"
    rows["commitments"][1]["amount"] = yuan(0)
    rows["parties"][2]["name"] = None
    rows["parties"][1]["code"] = "GOV"
    places = [(p.where.sheet, p.where.row) for p in problems(sqlite_book, rows)]
    order = {"主体": 0, "认缴": 1}
    assert places == sorted(places, key=lambda p: (order.get(p[0], 2), p[1]))
    assert [p[0] for p in places][:2] == ["主体", "主体"]


def test_thousands_of_problems_are_counted(sqlite_book, monkeypatch):
    monkeypatch.setattr("fof.intake.planning.MOST_PROBLEMS", 10)
    row = {**office()["fund_cash"][0], "fund": "F9"}
    found = intake.preview(sqlite_book, packed({"fund_cash": [row] * 40}), "a.xlsx").problems
    assert len(found) == 11
    assert found[-1].code == "too_many_problems"
    assert "70" in found[-1].expected.zh


def test_a_row_that_cannot_be_read_is_not_told_again_wherever_its_code_is_named(sqlite_book):
    text = "编号,主体类别,名称,生效日\nGOV,政府,示例,2020-13-01\nLP,社会资本,示例,2020-01-01\n"
    found = intake.preview(sqlite_book, text.encode(), "主体.csv", layout="parties").problems
    assert [p.code for p in found] == ["not_a_date"]


def test_unknown_codes_come_with_the_nearest_known_one(sqlite_book):
    found = problems(sqlite_book, changed("commitments", 0, investor="OREGO"))
    assert "OREGON" in found[0].expected.zh


def test_a_rename_is_pointed_out(sqlite_book):
    book(sqlite_book, office())
    rename = {"code": "LP", "kind": PartyKind.SOCIAL_INVESTOR, "since": DAY(2024, 1, 1), "name": "示例新名"}
    seen = intake.preview(sqlite_book, packed({"parties": [rename]}), "a.xlsx")
    assert [w.code for w in seen.warnings] == ["renamed"]


def test_a_transfer_moves_the_history_along(sqlite_book):
    rows = office()
    rows["parties"].append(
        {"code": "NEW", "kind": PartyKind.SOCIAL_INVESTOR, "name": "示例受让方", "since": DAY(2020, 1, 1)}
    )
    rows["commitments"].append(
        {
            "fund": "F1",
            "investor": "LP",
            "buyer": "NEW",
            "day": DAY(2022, 1, 1),
            "amount": yuan(20),
            "price": yuan(9),
            "change": word("commitments", "change", "transfer"),
            "paid_in_moved": yuan(8),
        }
    )
    book(sqlite_book, rows)
    moved = [p for p in postings(sqlite_book) if p[4] == "2022-01-01"]
    assert moved == [
        ("COMMITMENT_TRANSFER", "LP", "NEW", 2_000, "2022-01-01"),
        ("PAID_IN_TRANSFER", "LP", "NEW", 800, "2022-01-01"),
        ("SECONDARY_PURCHASE", "NEW", "LP", 900, "2022-01-01"),
    ]


# -- files and roles ----------------------------------------------------------------------------------------------


def test_only_who_may_book_books(sqlite_book):
    with pytest.raises(NotAllowed):
        intake.book(sqlite_book, Actor("看客", frozenset({Role.VIEWER})), packed(office()), "a.xlsx")


def test_what_was_previewed_is_what_is_booked(sqlite_book):
    seen = intake.preview(sqlite_book, packed(office()), "账.xlsx")
    other = changed("commitments", 0, amount=yuan(99))
    with pytest.raises(ImportRefused) as caught:
        book(sqlite_book, other, digest=seen.digest)
    assert caught.value.problems[0].code == "file_changed"
    assert book(sqlite_book, office(), digest=seen.digest).entries


def test_a_sheet_that_is_no_layout_is_refused_unless_it_was_not_asked_for(sqlite_book):
    data = filled([(LAYOUTS["parties"], office()["parties"])], {"随手记": [["甲", "乙"], ["1", "2"]]})
    found = intake.preview(sqlite_book, data, "a.xlsx")
    assert [(p.code, p.where.sheet) for p in found.problems] == [("unknown_layout", "随手记")]
    found = intake.preview(sqlite_book, data, "a.xlsx", sheets=["主体"])
    assert (found.problems, found.passed_by) == ([], ["随手记"])
    found = intake.preview(sqlite_book, data, "a.xlsx", sheets=["主体", "没有"])
    assert [p.code for p in found.problems] == ["no_such_sheet"]


def test_a_hidden_sheet_with_rows_is_refused(sqlite_book, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        workbook.add_worksheet("主体").write_row(0, 0, ["编号", "主体类别", "名称", "生效日"])
        hidden = workbook.add_worksheet("认缴")
        hidden.write(0, 0, "x")
        hidden.hide()
    found = intake.preview(sqlite_book, tmp_path / "a.xlsx")
    assert [p.code for p in found.problems] == ["hidden_sheet"]


def test_a_file_refused_as_a_whole_is_told_by_the_preview(sqlite_book):
    assert [p.code for p in intake.preview(sqlite_book, b"PK nonsense", "a.xlsx").problems] == [
        "damaged_file"
    ]
    assert [p.code for p in intake.preview(sqlite_book, b"", "a.csv").problems] == ["empty_file"]


def test_a_csv_whose_layout_is_unclear_asks(sqlite_book):
    text = "编号,主体类别,名称,生效日\nGOV,政府,示例,2020-01-01\n"
    assert [p.code for p in intake.preview(sqlite_book, text.encode(), "a.csv").problems] == [
        "layout_unclear"
    ]
    assert intake.preview(sqlite_book, text.encode(), "a.csv", layout="parties").ok
    with pytest.raises(Unknown):
        intake.preview(sqlite_book, text.encode(), "a.csv", layout="nonsense")


# -- mappings and real positions ----------------------------------------------------------------------------------


def test_a_mapping_is_kept_in_the_book_and_used_again(database):
    mapping = mapping_from_toml((SEEDS / "mappings" / "pensions.toml").read_text(encoding="utf-8"))
    day = DAY(2026, 1, 1)
    assert len(intake.save_mapping(database, LOCAL, mapping, day).entries) == 1
    assert intake.save_mapping(database, LOCAL, mapping, day).entries == []
    assert intake.mapping_named(view(database), mapping.name) == mapping
    other = mapping.model_copy(update={"source": "another reading"})
    assert len(intake.save_mapping(database, LOCAL, other, day).entries) == 1
    assert len(intake.save_mapping(database, LOCAL, mapping, day).entries) == 1
    assert intake.saved_mappings(view(database)) == {mapping.name: mapping}
    with pytest.raises(Unknown):
        intake.import_with_mapping(database, LOCAL, b"", "nobody's", day)
    with pytest.raises(NotAllowed):
        intake.save_mapping(database, Actor("看客", frozenset({Role.VIEWER})), other, day)


@pytest.mark.golden
def test_five_public_pension_systems(database, golden):
    """1,227 positions; column totals as published in us_public_pension_pe_checks.json, USD million."""
    path = golden / "fund_data" / "us_public_pension_pe.csv"
    mapping = mapping_from_toml((SEEDS / "mappings" / "pensions.toml").read_text(encoding="utf-8"))
    booked = intake.import_with_mapping(database, LOCAL, path, mapping, DAY(2026, 1, 1))
    found = view(database)
    assert len(found.positions) == 1_227
    assert len(booked.entries) == 1_227 + 2 * (928 + 5)
    sums: dict[str, int] = {}
    for position in found.positions:
        holder = found.parties[position.row.holder].code
        sums[holder] = sums.get(holder, 0) + (position.row.commitment or 0)
    millions = {holder: round(cents / 10**8, 4) for holder, cents in sums.items()}
    assert millions == {
        "CalPERS": 71389.5774,
        "CalSTRS": 40298.9373,
        "NY Common": 71963.9033,
        "Oregon": 27730.9,
        "WSIB": 52805.7904,
    }
    assert found.fact(found.party("Oregon").id, "currency") == "USD"
    assert found.fact(found.party("Oregon").id, "portfolio") is True
    again = intake.import_with_mapping(database, LOCAL, path, mapping.name, DAY(2026, 1, 1))
    assert (again.entries, len(again.already)) == ([], 1_227)


@pytest.mark.golden
def test_two_dates_in_one_row(sqlite_book, golden):
    """170 funds of NY Common at 2024-03-31 and 2025-03-31."""
    path = golden / "fund_data" / "ny_common_two_dates.csv"
    mapping = mapping_from_toml((SEEDS / "mappings" / "ny_common.toml").read_text(encoding="utf-8"))
    intake.import_with_mapping(sqlite_book, LOCAL, path, mapping, DAY(2026, 1, 1))
    found = view(sqlite_book)
    days = [str(p.day) for p in found.positions]
    assert (days.count("2024-03-31"), days.count("2025-03-31")) == (170, 170)
    first = next(p for p in found.positions if found.parties[p.row.fund].code.startswith("57 Stars"))
    assert (first.row.called, first.row.distributed, first.row.remaining) == (
        8_272_517_400,
        973_710_500,
        9_476_626_000,
    )


# -- corrections, copies and doubtful rows ------------------------------------------------------------------------


def valued(amount: float, **more: Any) -> Rows:
    return {
        "valuations": [
            {
                "fund": "F1",
                "day": DAY(2024, 12, 31),
                "amount": yuan(amount),
                "method": kinds.MarkMethod.REPORTED_NAV,
            }
            | more
        ]
    }


def test_a_value_restated_back_to_an_earlier_one_is_booked(database):
    book(database, office())
    files = [packed(valued(100)), packed(valued(110, restated=True)), packed(valued(100, restated=True))]
    for text in files:
        assert len(intake.book(database, LOCAL, text, "值.xlsx").entries) == 1
    stated = [m.row.fen for m in view(database).marks if m.day == DAY(2024, 12, 31)]
    assert stated == [10_000, 11_000, 10_000]
    for text in files:
        assert intake.book(database, LOCAL, text, "值.xlsx").entries == [], (
            "the same file books nothing twice"
        )
    seen = intake.preview(database, packed(valued(110, restated=True, stated_by="GP")), "值.xlsx")
    assert [w.code for w in seen.warnings] == ["superseded"]
    assert seen.drafts == []


def test_a_position_restated_back_to_an_earlier_one_is_booked(sqlite_book):
    book(sqlite_book, office())
    place = {"holder": "OREGON", "fund": "F1", "day": DAY(2024, 12, 31)}
    for called in (40, 50, 40):
        row = {**place, "called": yuan(called), "restated": called != 40 or None}
        book(sqlite_book, {"positions": [row | ({"restated": True} if called == 50 else {})]})
    book(sqlite_book, {"positions": [{**place, "called": yuan(40), "restated": True}]})
    stated = [p.row.called for p in view(sqlite_book).positions if p.day == DAY(2024, 12, 31)]
    assert stated == [4_000, 5_000, 4_000]


def test_an_attribute_that_goes_back_within_one_file_is_stated_again(sqlite_book):
    book(sqlite_book, office())
    raising, investing = kinds.FundStatus.RAISING, kinds.FundStatus.INVESTING

    def since(*pairs: tuple[dt.date, kinds.FundStatus]) -> Rows:
        kind = PartyKind.SUB_FUND
        return {
            "funds": [{"code": "F1", "kind": kind, "since": day, "status": status} for day, status in pairs]
        }

    book(sqlite_book, since((DAY(2025, 1, 1), raising)))
    later = since((DAY(2025, 3, 1), investing), (DAY(2025, 6, 1), raising), (DAY(2025, 7, 1), raising))
    assert len(book(sqlite_book, later).entries) == 2
    found = view(sqlite_book)
    told = {
        day: found.fact_on(found.party("F1").id, "status", day).value
        for day in (DAY(2025, 4, 1), DAY(2025, 8, 1))
    }
    assert told == {DAY(2025, 4, 1): investing, DAY(2025, 8, 1): raising}
    assert book(sqlite_book, later).entries == []


def test_a_payment_told_again_under_another_day_is_refused(database):
    rows = office()
    book(database, rows)
    rows["capital_calls"][0]["paid_on"] = DAY(2021, 1, 21)
    found = problems(database, {"capital_calls": rows["capital_calls"]})
    assert told(found) == [("paid_over_due", "出资通知", 2, "实缴日")]
    assert "分录" in found[0].expected.zh
    again = {**rows["payments"][1], "paid_on": DAY(2021, 3, 2), "investment": yuan(11), "amount": None}
    assert [p.code for p in problems(database, {"payments": [again]})] == ["paid_over_due"]


def test_a_corrected_row_without_a_reference_is_pointed_out(sqlite_book):
    rows = office()
    book(sqlite_book, rows)
    corrected = [{**rows["commitments"][2], "amount": yuan(510)}]
    seen = intake.preview(sqlite_book, packed({"commitments": corrected}), "a.xlsx")
    assert [d.code for d in seen.duplicates] == ["likely_correction"]
    assert "500.00" in seen.duplicates[0].expected.zh
    beside = {"commitments": [rows["commitments"][2], *corrected]}
    seen = intake.preview(sqlite_book, packed(beside), "a.xlsx")
    assert [d.code for d in seen.duplicates] == ["second_commitment"], (
        "a file that repeats the first row does not correct it"
    )


def test_a_second_first_commitment_is_pointed_out(sqlite_book):
    rows = office()
    book(sqlite_book, rows)
    more = {**rows["commitments"][0], "number": "HT-2", "day": DAY(2022, 6, 1), "amount": yuan(7)}
    seen = intake.preview(sqlite_book, packed({"commitments": [more]}), "a.xlsx")
    assert [(d.code, d.found) for d in seen.duplicates] == [("second_commitment", "7.00")]
    more["change"] = word("commitments", "change", "increase")
    assert intake.preview(sqlite_book, packed({"commitments": [more]}), "a.xlsx").duplicates == []


def test_a_copied_sheet_is_refused(sqlite_book):
    rows = office()
    first = rows["commitments"][2:4]
    out = filled([(LAYOUTS["commitments"], first)], {"认缴 (2)": []})
    copied = renamed_copy(out, "认缴", "认缴 (2)")
    book(sqlite_book, {k: v for k, v in rows.items() if k in ("parties", "funds")})
    found = intake.preview(sqlite_book, copied, "a.xlsx").problems
    assert told(found) == [("repeated", "认缴 (2)", 2, None), ("repeated", "认缴 (2)", 3, None)]


def renamed_copy(workbook: bytes, title: str, copy: str) -> bytes:
    """The workbook with the rows of one sheet on a second one, as Excel copies a sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        names = {"xl/worksheets/sheet2.xml": "xl/worksheets/sheet1.xml"}
        for info in old.infolist():
            new.writestr(info.filename, old.read(names.get(info.filename, info.filename)))
    assert {s.name for s in read_file(out.getvalue(), "a.xlsx").sheets} == {title, copy}
    return out.getvalue()


def test_two_deals_of_one_day_without_codes_may_change_places(sqlite_book):
    book(sqlite_book, office())
    deal = {"fund": "F1", "company": "C1", "day": DAY(2024, 5, 1), "kind": kinds.DealKind.FOLLOW_ON}
    two = [{**deal, "amount": yuan(5)}, {**deal, "amount": yuan(6)}]
    book(sqlite_book, {"deals": two})
    assert book(sqlite_book, {"deals": two[::-1]}).entries == []
    found = problems(sqlite_book, {"deals": [two[1], {**deal, "amount": yuan(7)}]})
    assert told(found) == [("booked_otherwise", "投资与退出", 3, "交易编号")]


@pytest.mark.parametrize(
    ("rows", "code", "where"),
    [
        (
            {
                "distributions": [
                    {
                        "fund": "F1",
                        "number": "D9",
                        "paid_on": DAY(2024, 1, 1),
                        "investor": "GOV",
                        "gain": yuan(1),
                    }
                ]
            },
            "no_commitment",
            ("分配通知", 2),
        ),
        (
            {
                "distributions": [
                    {
                        "fund": "F1",
                        "number": "D9",
                        "paid_on": DAY(2024, 1, 1),
                        "investor": "P1",
                        "recallable_capital": yuan(41.01),
                    }
                ]
            },
            "recallable_over_paid_in",
            ("分配通知", 2),
        ),
        (
            {
                "companies": [{"code": "C9", "name": "示例未投公司", "since": DAY(2020, 1, 1)}],
                "deals": [
                    {"fund": "F1", "company": "C9", "day": DAY(2024, 1, 1), "kind": kinds.DealKind.WRITE_OFF}
                ],
            },
            "never_held",
            ("投资与退出", 2),
        ),
        (
            {
                "deals": [
                    {
                        "fund": "F1",
                        "company": "C1",
                        "day": DAY(2024, 1, 1),
                        "kind": kinds.DealKind.EXIT,
                        "amount": yuan(1),
                        "share": _share("4.51"),
                    }
                ]
            },
            "sold_over_bought",
            ("投资与退出", 2),
        ),
        (
            {"companies": [{"code": "C9", "name": "示例科技公司", "since": DAY(2020, 1, 1)}]},
            "same_party_twice",
            ("企业", 2),
        ),
        (
            {"companies": [{"code": "c1", "name": "示例小写公司", "since": DAY(2020, 1, 1)}]},
            "same_party_twice",
            ("企业", 2),
        ),
        (
            {
                "companies": [
                    {"code": "C9", "name": "示例甲", "since": DAY(2020, 1, 1)},
                    {"code": "C9", "name": "示例乙", "since": DAY(2021, 1, 1)},
                ]
            },
            "renamed",
            ("企业", 3),
        ),
    ],
)
def test_doubtful_rows_are_pointed_out(sqlite_book, rows, code, where):
    book(sqlite_book, office())
    seen = intake.preview(sqlite_book, packed(rows), "a.xlsx")
    assert seen.problems == []
    assert [(w.code, w.where.sheet, w.where.row) for w in seen.warnings] == [(code, *where)]


def test_what_is_in_order_is_not_pointed_out(sqlite_book):
    """The other side of the warnings above: exactly all that was paid in is recallable, exactly all that was bought is sold."""
    book(sqlite_book, office())
    rows = {
        "distributions": [
            {
                "fund": "F1",
                "number": "D9",
                "paid_on": DAY(2024, 1, 1),
                "investor": "P1",
                "recallable_capital": yuan(41),
            }
        ],
        "deals": [
            {
                "fund": "F1",
                "company": "C1",
                "day": DAY(2024, 1, 1),
                "kind": kinds.DealKind.EXIT,
                "amount": yuan(1),
                "share": _share("4.5"),
            }
        ],
    }
    seen = intake.preview(sqlite_book, packed(rows), "a.xlsx")
    assert (seen.problems, seen.warnings, seen.duplicates) == ([], [], [])


def test_the_parts_of_a_notice_add_up_to_the_total_it_states(sqlite_book):
    rows = office()
    for row in rows["capital_calls"]:
        row["notice_total"] = yuan(64.5)
    rows["distributions"][0]["notice_total"] = yuan(12)
    book(sqlite_book, rows)
    rows["capital_calls"][1]["notice_total"] = yuan(64.49)
    rows["distributions"][0]["notice_total"] = yuan(9)
    found = problems(sqlite_book, rows)
    assert told(found) == [
        ("allocation_differs", "出资通知", 3, "通知总额"),
        ("allocation_differs", "分配通知", 2, "通知总额"),
    ]
    assert "64.50" in found[0].expected.zh


def test_codes_in_other_letters_find_the_nearest_known_one(sqlite_book):
    found = problems(sqlite_book, changed("commitments", 0, fund="f1"))
    assert "是否为 F1" in next(p for p in found if p.code == "unknown_party").expected.zh
