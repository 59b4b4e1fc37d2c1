"""Looking at the journal: search, one entry with its rows, what changed between two known-at points."""

from __future__ import annotations

import datetime as dt

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.book.entries import Query, detail, document_of, search
from fof.book.funds import cash_balance, cash_moves, fund_detail
from fof.book.portfolios import portfolio
from fof.changes import changes
from fof.errors import Refused, Unknown
from fof.figures.overview import overview
from fof.figures.performance import portfolio_total
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K


@pytest.fixture
def office(clerk):
    """A parent fund with 100 in F1, two calls of 40 and 20, of which the second is paid late and short."""
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("F1", "sub_fund", name="示例一号", cash_kept="yes", hurdle_rate="0.08")
    clerk.party("C1", "company", name="示例企业")
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01", fund="F1")
    call(clerk, "1", 40, "2020-02-01", "2020-03-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 40, "2020-02-20", fund="F1")
    call(clerk, "2", 20, "2020-06-01", "2020-07-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 15, "2020-08-01", fund="F1")
    return clerk


def call(clerk, number: str, yuan: float, notice_on: str, due_on: str) -> int:
    rows = [(K.CALL_DUE, "PF", "F1", yuan)]
    return clerk.pay_many(
        notice_on, rows, fund="F1", entry=EntryKind.CAPITAL_CALL, notice=("capital_call", number, due_on)
    )


def found(clerk, **query) -> list[int]:
    return [e.id for e in search(clerk.view("2030-01-01"), Query(**query)).entries]


def test_search_by_kind_day_text_party_and_amount(office):
    view = office.view("2030-01-01")
    assert found(office) == list(range(8, 0, -1))
    assert found(office, kind=EntryKind.CAPITAL_CALL) == [7, 5]
    assert found(office, first_day=dt.date(2020, 6, 1), last_day=dt.date(2020, 7, 31)) == [7]
    assert found(office, text="DOC-4") == [4]
    assert found(office, text="100%") == []
    assert found(office, party=view.party("C1").id) == [3]
    assert found(office, party=view.party("PF").id) == [8, 7, 6, 5, 4, 1]
    assert found(office, fen=40_00) == [6, 5]
    assert found(office, fen=40_00, kind=EntryKind.CAPITAL_CALL) == [5]
    page = search(view, Query(), limit=2, offset=2)
    assert ([e.id for e in page.entries], page.count) == ([6, 5], 8)


def test_search_sees_only_what_was_known_and_can_leave_out_reversals(office):
    ledger.reverse(office.database, LOCAL, 8, "金额有误")
    assert found(office, live=True) == [7, 6, 5, 4, 3, 2, 1]
    assert found(office)[0] == 9
    assert search(office.view("2030-01-01", 4), Query()).count == 4
    assert office.view("2030-01-01").heads([8])[8].reversed_by == 9
    assert office.view("2030-01-01", 8).heads([8])[8].reversed_by is None


def test_an_entry_with_all_its_rows(office):
    shown = detail(office.view("2030-01-01"), 5)
    [posting] = shown.postings
    assert (posting.kind, posting.fen, posting.deal) == (K.CALL_DUE, 40_00, None)
    [(table, line, row)] = shown.rows
    assert (table, line, row.number, row.due_on) == ("notice", 1, "1", dt.date(2020, 3, 1))
    assert document_of(shown.head) == "doc-5 · sheet · #5"
    with pytest.raises(Unknown):
        detail(office.view("2030-01-01", 4), 5)


def test_what_changed_and_what_it_did_to_the_figures(office):
    head = ledger.read(office.database).head
    ledger.reverse(office.database, LOCAL, 8, "金额有误")
    office.pay(K.CALL_INVESTMENT, "PF", "F1", 20, "2020-08-01", fund="F1")
    office.mark("PF", "F1", 66, "2020-12-31")
    journal = ledger.read(office.database)
    told = changes(journal, dt.date(2020, 12, 31), head)
    assert [e.id for e in told.entries] == [9, 10, 11]
    assert [e.id for e in told.reversed] == [8]
    effects = {e.figure: (e.before, e.after, e.change) for e in told.effects}
    assert effects["paid_in"] == (55_00, 60_00, 5_00)
    assert effects["nav"] == (None, 66_00, None)
    assert effects["committed"] == (100_00, 100_00, 0)
    with pytest.raises(Refused):
        changes(journal, dt.date(2020, 12, 31), head, head)


def test_terms_cash_and_documents_of_a_fund(office):
    office.fact("F1", "2021-01-01", "hurdle_rate", "0.06", "补充协议第3条")
    office.deal("F1", "C1", "initial", 30, "2020-09-01", share=0.1)
    view = office.view("2021-06-30")
    shown = fund_detail(view, view.party("F1").id)
    terms = {t.name: t for t in shown.terms}
    assert (terms["hurdle_rate"].value_text(), terms["hurdle_rate"].document) == ("6%", "补充协议第3条")
    assert terms["hurdle_rate"].since == dt.date(2021, 1, 1)
    assert shown.cash.fen == 25_00 == cash_balance(view, view.party("F1").id)
    places, fen = cash_moves(view, view.party("F1").id)
    assert (fen.tolist(), [view.postings.entry[p] for p in places]) == ([40_00, 15_00, -30_00], [6, 8, 10])
    assert shown.cash.idle_ratio == pytest.approx(25 / 55)
    assert (shown.cash.last_deal_on, shown.cash.idle_days) == (dt.date(2020, 9, 1), 302)
    assert {d.name for d in shown.documents} >= {"doc-4", "doc-5", "doc-9"}


def test_cash_that_is_kept_elsewhere_is_not_nought(office):
    view = office.view("2021-06-30")
    shown = fund_detail(view, view.party("PF").id)
    assert shown.cash.fen is None
    assert shown.cash.note.code == "cash_elsewhere"


def test_overview_lists_what_is_due_late_and_old(office):
    call(office, "3", 25, "2020-11-01", "2021-01-15")
    office.mark("PF", "F1", 50, "2020-03-31")
    office.fact("F1", "2020-01-01", "term_end", "2021-02-28")
    view = office.view("2020-12-31")
    shown = overview(view, portfolio(view))
    assert [(c.number, c.open) for c in shown.due] == [("3", 25_00)]
    [late] = shown.overdue
    assert (late.number, late.overdue, late.days_late) == ("2", 5_00, 183)
    [stale] = shown.stale
    assert stale.age_days == 275
    [ending] = shown.ending
    assert (ending.name, ending.days_left) == ("term_end", 59)


def test_search_and_figures_are_the_same_on_both_engines(clerk_on_both):
    clerk = clerk_on_both
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("F1", "sub_fund", name="示例_一号")
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01", fund="F1")
    call(clerk, "1", 40, "2020-02-01", "2020-03-01")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 30, "2020-02-20", fund="F1")
    clerk.mark("PF", "F1", 33, "2020-12-31")
    assert found(clerk, text="DOC-3") == [3]
    assert found(clerk, text="doc_3") == []
    assert found(clerk, first_day=dt.date(2020, 2, 1), last_day=dt.date(2020, 2, 28)) == [5, 4]
    assert found(clerk, fen=40_00, kind=EntryKind.CAPITAL_CALL) == [4]
    view = clerk.view("2020-12-31")
    shown = overview(view, portfolio(view))
    total = portfolio_total(view, portfolio(view))
    assert (total.paid_in, total.nav.fen, shown.overdue[0].overdue) == (30_00, 33_00, 10_00)
    detail_of = fund_detail(view, view.party("F1").id)
    assert all(d.name.startswith("doc-") for d in detail_of.documents)
    told = changes(ledger.read(clerk.database), dt.date(2020, 12, 31), 5)
    assert [e.id for e in told.entries] == [6]
