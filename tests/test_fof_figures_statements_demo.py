"""Capital accounts and NAV bridges of the demo office: every fund, every investor, eight quarters, to the fen."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from fof import ledger
from fof.book.portfolios import whole_book
from fof.book.stakes import stakes
from fof.explain import explain_item
from fof.figures.statements import bridge, capital_account

ENDS = [dt.date(y, m, d) for y in (2024, 2025, 2026) for m, d in ((3, 31), (6, 30), (9, 30), (12, 31))][2:11]
"""Nine quarter ends, 2024-09-30 to 2026-09-30: the eight quarters between them."""


@pytest.fixture(scope="module")
def journal(demo_file):
    from fof.db import Database

    book = Database(f"sqlite:///{demo_file}")
    yield ledger.read(book)
    book.close()


def closes(found) -> None:
    """The lines add up, the ends are the values they say, the parts are told apart."""
    assert found.note is None or found.note.code == "shared_by_paid_in", found.note
    *lines, closing = found.items
    assert sum(i.fen for i in lines) == closing.fen == found.closing.fen
    assert (lines[0].name, lines[0].fen) == ("opening", found.opening.fen)
    rest = [i for i in lines if i.kind == "residual"]
    assert sum(i.fen for i in rest) == found.residual
    assert len(rest) <= 1
    assert sum(i.fen for i in lines if i.kind in ("flow", "result", "residual")) == closing.fen - lines[0].fen


def flows_of(found) -> dict[str, int]:
    return {i.name: i.fen for i in found.items if i.kind == "flow" and i.name != "transfer"}


@pytest.mark.parametrize(("start", "end"), list(itertools.pairwise(ENDS)), ids=lambda d: d.isoformat())
def test_every_account_and_bridge_of_a_quarter_closes(journal, start, end):
    view = journal.view(end)
    accounts = 0
    for fund in whole_book(view, "CNY").funds:
        whole = bridge(view, fund, start)
        closes(whole)
        investors = stakes(view).of(None, {fund}).investor.tolist()
        own = [capital_account(view, fund, investor, start) for investor in investors]
        for account in own:
            closes(account)
        accounts += len(own)
        names = flows_of(whole).keys() | {n for a in own for n in flows_of(a)}
        for name in names:  # what the fund got and gave is what its investors gave and got
            assert sum(flows_of(a).get(name, 0) for a in own) == flows_of(whole).get(name, 0), (fund, name)
    assert accounts > 100


@pytest.mark.parametrize(
    ("start", "end"), [(ENDS[0], ENDS[4]), (ENDS[4], ENDS[8])], ids=lambda d: d.isoformat()
)
def test_periods_join(journal, start, end):
    """The opening of a year is the closing of the one before, and the quarters' lines add up to the year's."""
    view, then = journal.view(end), journal.view(start)
    inside = [d for d in ENDS if start <= d <= end]
    for fund in whole_book(view, "CNY").funds:
        year = bridge(view, fund, start)
        quarters = [bridge(journal.view(b), fund, a) for a, b in itertools.pairwise(inside)]
        assert [q.opening.fen for q in quarters] == [
            year.opening.fen,
            *(q.closing.fen for q in quarters[:-1]),
        ]
        for name in {i.name for i in year.items if i.kind == "flow"}:
            assert sum(flows_of(q).get(name, 0) for q in quarters) == flows_of(year)[name]
    assert then.as_of == start


def test_every_line_of_a_bridge_opens_to_rows_that_add_up_and_name_their_entries(journal):
    start, view = ENDS[7], journal.view(ENDS[8])
    opened = 0
    for fund in whole_book(view, "CNY").funds:
        found = bridge(view, fund, start)
        for item in found.items:
            if item.kind == "residual" or item.name == "result":
                continue
            rows = explain_item(view, found, item).rows
            assert sum(r.fen or 0 for r in rows) == item.fen, (view.parties[fund].code, item.name)
            assert all(r.entry is not None and r.source for r in rows), (view.parties[fund].code, item.name)
            opened += len(rows)
    assert opened > 100
