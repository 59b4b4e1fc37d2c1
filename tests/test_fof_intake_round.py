"""Export, import, and everything is the same: rows, audit, evaluation, explanations; the second export is the first."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fof import intake, ledger
from fof.access import LOCAL
from fof.audit import dispose, guidance, set_parameter
from fof.book.known import closes
from fof.book.portfolios import portfolio
from fof.db import Database
from fof.errors import ImportRefused, NotAllowed
from fof.evaluation import set_input, set_scale, set_weights
from fof.importers.mapping import Mapping
from fof.intake.export import reversed_pairs
from fof.ledger import View
from fof.operations.closes import close_quarter
from fof.operations.reorganisations import book_reorganisation, plan_reorganisation
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date


def office(clerk: Any) -> None:
    """Two guidance funds of which one is merged into the other, a parent, sub-funds, settings, decisions, closes, a reversal."""
    clerk.party("GOV", "government", government_level="province", name="示例省财政厅", ownership="government")
    clerk.party("GP", "manager", name="示例管理公司")
    clerk.party("LP", name="示例投资人", ownership="private")
    for code in ("OLD", "NEW"):
        clerk.party(code, "guidance_fund", name=f"示例{code}", established_on="2011-01-01")
    clerk.party("PF", "parent_fund", name="示例母基金", portfolio="yes", established_on="2015-01-01")
    clerk.party(
        "F1",
        "sub_fund",
        name="示例F1",
        strategy="angel",
        vintage="2016",
        established_on="2016-01-01",
        manager="GP",
    )
    clerk.party(
        "F2",
        "sub_fund",
        name="示例F2",
        strategy="vc",
        vintage="2017",
        established_on="2017-01-01",
        target_size="100000",
    )
    clerk.party("C1", "company", name="示例企业")
    for who, fund, yuan in (
        ("GOV", "OLD", 900),
        ("OLD", "F1", 60),
        ("PF", "F1", 30),
        ("LP", "F1", 10),
        ("PF", "F2", 80),
    ):
        clerk.pay(K.COMMITMENT, who, fund, yuan, "2018-01-01", fund=fund, entry=EntryKind.COMMITMENT)
    clerk.pay_many(
        "2018-03-01",
        [(K.CALL_DUE, "OLD", "F1", 60), (K.CALL_DUE, "PF", "F1", 30)],
        fund="F1",
        entry=EntryKind.CAPITAL_CALL,
        notice=("capital_call", "N1", "2018-04-01"),
    )
    clerk.pay_many(
        "2018-03-20",
        [(K.CALL_INVESTMENT, "OLD", "F1", 60)],
        fund="F1",
        entry=EntryKind.CALL_PAYMENT,
        notice=("capital_call", "N1", None),
    )
    clerk.pay_many(
        "2018-03-25",
        [(K.CALL_INVESTMENT, "PF", "F1", 30)],
        fund="F1",
        entry=EntryKind.CALL_PAYMENT,
        notice=("capital_call", "N1", None),
    )
    clerk.deal("F1", "C1", "initial", 50, "2018-06-01", share=0.2, round="A")
    wrong = clerk.pay(K.FUND_EXPENSE, "F1", "GP", 3, "2018-07-01", fund="F1")
    clerk.pay_many(
        "2019-05-01",
        [(K.DISTRIBUTION_GAIN, "F1", "OLD", 6), (K.DISTRIBUTION_GAIN, "F1", "PF", 3)],
        fund="F1",
        entry=EntryKind.DISTRIBUTION,
        notice=("distribution", "D1", None),
    )
    clerk.mark("F1", "F1", 120, "2019-12-31")
    clerk.mark("PF", "F1", 36, "2019-12-31")
    clerk.mark("F1", "C1", 70, "2019-12-31")
    clerk.pay(K.FISCAL_APPROPRIATION, "GOV", "NEW", 5, "2019-12-31", fund="NEW")
    book = clerk.database
    ledger.reverse(book, LOCAL, wrong, "录错")
    set_parameter(
        book, LOCAL, "F1", "tranche_release_ratio", "0.6", DAY(2018, 1, 1), DAY(2025, 12, 31), "协议第3条"
    )
    set_parameter(book, LOCAL, None, "tranche_release_ratio", "0.7", DAY(2019, 1, 1), None, "办法第8条")
    set_weights(
        book, LOCAL, None, {"policy": "50", "compliance": "20", "results": "30"}, DAY(2026, 1, 1), "评价办法"
    )
    set_scale(book, LOCAL, None, "tvpi", "0.8", "1.5", DAY(2026, 1, 1), "评价办法")
    set_input(book, LOCAL, "F1", "internal_control", "0.9", DAY(2026, 3, 31), "评价底稿")
    view = ledger.read(book).view(DAY(2020, 12, 31))
    finding = next(f for f in guidance(view).findings if f.verdict.value in ("breach", "unknown", "warn"))
    dispose(
        book,
        LOCAL,
        finding.finding.rule,
        str(finding.finding.subject),
        "rectify",
        "整改通知 1",
        DAY(2027, 1, 1),
        None,
        DAY(2020, 6, 1),
    )
    long = {f"列{n}": f"说明 {n} 的一列" for n in range(120)}
    mapping = Mapping(
        name="外部表",
        layout="fund_cash",
        source="示例",
        columns={"fund": "基金"},
        ignore=list(long),
        words={"kind": dict.fromkeys(long, "fund_expense")},
    )
    intake.save_mapping(book, LOCAL, mapping, DAY(2020, 1, 1))
    view = ledger.read(book).view(DAY(2020, 6, 30))
    merger = plan_reorganisation(
        view, [view.party("OLD").id], view.party("NEW").id, DAY(2020, 6, 30), "重组方案"
    )
    assert merger.problems == ()
    book_reorganisation(book, LOCAL, merger)
    now = ledger.read(book)
    for quarter, why in ((DAY(2019, 12, 31), "管理人迟报"), (DAY(2020, 3, 31), "尚缺净值")):
        close_quarter(book, LOCAL, portfolio(now.view(quarter), "PF"), quarter, now.head, why)


def rows(view: View) -> list[Any]:
    """Every live row, by code: what neither the order of entries nor their ids decide."""
    code = {n: p.code for n, p in view.parties.items()}
    book, found = view.postings, []
    columns = (book.kind, book.from_party, book.to_party, book.fund, book.day, book.fen)
    for kind, a, b, fund, day, fen in zip(*(c.tolist() for c in columns), strict=True):
        found.append(("posting", K(kind).name, code[a], code[b], code.get(fund), day, fen))
    for s in view.settings:
        found.append(
            ("setting", code.get(s.row.party), s.row.name, s.day, s.row.value, s.row.until, s.row.document)
        )
    found += [("mapping", m.day, *m.row) for m in view.column_mappings]
    found += [
        ("close", code.get(c.row.party), c.row.portfolio, c.day, c.row.open_items, c.row.reason)
        for c in view.quarter_closes
    ]
    found += [
        ("subject fact", code.get(f.row.party), f.day, f.row[0], *f.row[6:]) for f in view.subject_facts
    ]
    found += [
        ("decision", d.row[:2], code.get(d.row.party), code.get(d.row.counterparty), d.day, d.row[7:])
        for d in view.decisions
    ]
    found += [("edge", code[e.row.owner], code[e.row.owned], e.day, e.row[2:]) for e in view.edges]
    found += [("mark", code[m.row.holder], code[m.row.holding], m.day, m.row[2:]) for m in view.marks]
    found += [("deal", d.row.code, d.day, d.row[4:]) for d in view.deals]
    found += [("notice", code[n.row.fund], n.day, n.row[1:]) for n in view.notices]
    for party in view.parties:
        for name in view.facts_of(party):
            found += [
                ("fact", code[party], f.name, f.since, str(f.value), f.basis, f.document)
                for f in view.history(party, name)
            ]
    return sorted(found, key=str)


@pytest.fixture
def second(tmp_path: Path) -> Database:
    book = Database(f"sqlite:///{tmp_path / 'second.sqlite'}")
    book.init()
    return book


def test_every_live_row_comes_back_and_the_second_export_is_the_first(clerk_on_both, second):
    office(clerk_on_both)
    view = ledger.read(clerk_on_both.database).view()
    first = intake.export_workbook(view)
    assert "未导出" not in openpyxl.load_workbook(io.BytesIO(first)).sheetnames
    assert reversed_pairs(view) == 1
    intake.book(second, LOCAL, first, "导出.xlsx")
    after = ledger.read(second).view()
    assert rows(after) == rows(view)
    assert reversed_pairs(after) == 0
    assert intake.export_workbook(after) == first
    again = intake.book(second, LOCAL, first, "导出.xlsx")
    assert again.entries == []


def test_audit_evaluation_explanations_and_figures_are_the_same_at_any_day(
    clerk, second, monkeypatch, tmp_path, capsys
):
    from fof.cli import main

    office(clerk)
    intake.book(second, LOCAL, intake.export_workbook(ledger.read(clerk.database).view()), "导出.xlsx")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))

    def asked(book: Database, *question: str) -> Any:
        monkeypatch.setenv("FOF_DATABASE_URL", book.url.render_as_string(hide_password=False))
        capsys.readouterr()
        assert main([*question, "--json"]) == 0, capsys.readouterr().err
        return same(json.loads(capsys.readouterr().out))

    for day in ("2018-04-30", "2019-12-31", "2020-06-30", "2024-12-31"):
        for question in (
            ("audit", "guidance", "--verdict", "all"),
            ("performance",),
            ("commitments", "--by", "stake"),
            ("evaluation", "score"),
            ("evaluation", "losses"),
            ("explain", "nav", "--fund", "F1"),
            ("explain", "irr", "--fund", "F1"),
            ("explain", "called"),
            ("statement", "F1", "--from", "2018-01-01"),
            ("lookthrough", "PF"),
            ("overview",),
        ):
            question = (*question, "--as-of", day)
            after, before = asked(second, *question), asked(clerk.database, *question)
            differing = [
                pair
                for pair in zip(before.pop("rows", []), after.pop("rows", []), strict=True)
                if pair[0] != pair[1]
            ]
            assert (differing, after) == ([], before), question


_OF_THE_BOOK = {
    "known_at",
    "entry",
    "later_entry",
    "disposition_entry",
    "entries",
    "leaf",
    "recorded_at",
    "recorded_by",
    "root",
}


def same(found: Any) -> Any:
    """Without what numbers the entries of one book; a source that came as text reads as it did."""
    if isinstance(found, dict):
        return {k: same(v) for k, v in found.items() if k not in _OF_THE_BOOK}
    if isinstance(found, list):
        return sorted(
            (same(v) for v in found), key=lambda v: json.dumps(v, sort_keys=True, ensure_ascii=False)
        )
    return found.replace("（导出）", "") if isinstance(found, str) else found


def test_what_was_known_then_is_what_is_exported_of_then(clerk, second):
    office(clerk)
    before = ledger.read(clerk.database).head
    clerk.mark("F1", "F1", 500, "2020-12-31")
    then = ledger.read(clerk.database).view(None, before)
    intake.book(second, LOCAL, intake.export_workbook(then), "导出.xlsx")
    assert rows(ledger.read(second).view()) == rows(then)


def test_closes_come_last_and_stand_on_all_that_is_before_them(clerk, second):
    office(clerk)
    done = intake.book(second, LOCAL, intake.export_workbook(ledger.read(clerk.database).view()), "导出.xlsx")
    view = ledger.read(second).view()
    found = closes(view)
    assert [c.entry for c in found] == done.entries[-2:]
    assert {c.known_at for c in found} == {done.entries[-3]}
    assert {c.leaf for c in found} == {view.entry(done.entries[-3]).leaf.hex()}
    assert [c.reason for c in found] == ["管理人迟报", "尚缺净值"]


def test_the_source_of_each_entry_is_told_as_text(clerk, second):
    from fof.book.entries import document_of

    office(clerk)
    view = ledger.read(clerk.database).view()
    intake.book(second, LOCAL, intake.export_workbook(view), "导出.xlsx")
    after = ledger.read(second).view()
    mark = next(m for m in view.marks if m.row.fen == 120_00)
    same = next(m for m in after.marks if m.row.fen == 120_00)
    assert document_of(after.entry(same.entry)) == f"{document_of(view.entry(mark.entry))}（导出）"


SETTINGS = "subject,name,day,value,until,document\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("F1,nonsense,2020-01-01,1,,d", "unknown_parameter"),
        ("F1,tranche_release_ratio,2020-01-01,x,,d", "bad_value"),
        ("F1,tranche_release_ratio,2020-01-01,0.5,,", "required"),
        ("Q,tranche_release_ratio,2020-01-01,0.5,,d", "unknown_party"),
        ("F1,evaluation.bonus,2020-01-01,much,,d", "bad_value"),
        (",mapping:x,2020-01-01,{},,d", "bad_mapping"),
    ],
)
def test_a_setting_that_a_form_would_refuse_is_refused(clerk, text, code):
    clerk.party("F1", "sub_fund", name="示例F1")
    found = intake.preview(clerk.database, (SETTINGS + text).encode(), "s.csv", layout="settings")
    assert [p.code for p in found.problems] == [code]


def test_a_setting_by_hand_is_booked_and_needs_the_right(clerk):
    from fof.access import Actor
    from models.kinds import Role

    clerk.party("F1", "sub_fund", name="示例F1")
    text = (SETTINGS + "F1,tranche_release_ratio,2020-01-01,0.5,,d").encode()
    with pytest.raises(NotAllowed):
        intake.book(clerk.database, Actor("甲", frozenset({Role.VIEWER})), text, "s.csv", layout="settings")
    intake.book(clerk.database, LOCAL, text, "s.csv", layout="settings")
    again = intake.book(clerk.database, LOCAL, text, "s.csv", layout="settings")
    assert again.entries == []
    assert [Decimal(s.row.value) for s in clerk.view("2021-01-01").settings] == [Decimal("0.5")]


@pytest.mark.parametrize(
    ("layout", "text", "code"),
    [
        (
            "dispositions",
            "group,day,rule,subject,action,reference,until,reason\ng,2020-01-01,XX-1,F1,accept,r,2021-01-01,\n",
            "unknown_rule",
        ),
        (
            "dispositions",
            "group,day,rule,subject,action,reference,until,reason\ng,2020-01-01,GF-11,F1,accept,r,,\n",
            "until_wrong",
        ),
        (
            "dispositions",
            "group,day,rule,subject,action,reference,until,reason\ng,2020-01-01,GF-11,F1,dismiss,r,,\n",
            "required",
        ),
        ("closes", "portfolio,day,open items\nQ,2020-03-31,0\n", "unknown_party"),
        ("closes", "portfolio,day,open items\nALL-CNY,2020-03-30,0\n", "not_a_quarter_end"),
        (
            "movements",
            "group,entry,day,kind,payer,payee,fund,amount (yuan)\ng,fund_cash,2020-01-01,nonsense,F1,GP,F1,5\n",
            "unknown_kind",
        ),
        (
            "movements",
            "group,entry,day,kind,payer,payee,fund,amount (yuan)\ng,fund_cash,2020-01-01,FUND_EXPENSE,F1,GP,F1,5\ng,fund_cash,2020-01-02,FUND_EXPENSE,F1,GP,F1,5\n",
            "differs_within_group",
        ),
    ],
)
def test_rows_of_the_office_that_are_wrong_are_refused(clerk, layout, text, code):
    clerk.party("F1", "sub_fund", name="示例F1")
    clerk.party("GP", "manager")
    with pytest.raises(ImportRefused) as caught:
        intake.book(clerk.database, LOCAL, text.encode(), "s.csv", layout=layout)
    assert code in [p.code for p in caught.value.problems]
