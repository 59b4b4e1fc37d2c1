"""Running balances equal the plain sum over all postings, on any day, whatever came late or was taken back."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fof.ledger import balances as module
from fof.ledger.balances import MEASURES, Balances
from fof.ledger.journal_columns import NEVER, Columns, Postings
from models.posting_kinds import TREATMENTS, PostingKind

KINDS = [int(k) for k in PostingKind]
PARTIES = 6

rows = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(1, PARTIES),
        st.integers(1, PARTIES),
        st.integers(1, 3),
        st.integers(1, 10**9),
        st.integers(-5, 40),
    ),
    max_size=60,
)
Row = tuple[int, int, int, int, int, int]


def columns_of(entries: list[list[Row]], reversals: dict[int, int], head: int) -> Columns:
    """Columns of entries 1 … head; reversals: reversing entry -> reversed entry."""
    listed = [(n, line, *row) for n, own in enumerate(entries[:head], 1) for line, row in enumerate(own, 1)]
    table = np.array(listed, np.int64).reshape(-1, 8)
    entry, line, kind, frm, to, fund, fen, day = table.T
    minus = np.full(len(table), -1, np.int32)
    narrow = [c.astype(np.int32) for c in (entry, line, frm, to, fund, day)]
    postings = Postings(
        narrow[0],
        narrow[1],
        kind.astype(np.int16),
        narrow[2],
        narrow[3],
        narrow[4],
        minus,
        minus,
        fen,
        narrow[5],
    )
    reversed_by = np.full(head + 1, NEVER, np.int32)
    for by, target in reversals.items():
        if by <= head:
            reversed_by[target] = by
    return Columns(head, b"", np.zeros(head + 1, np.int32), reversed_by, postings)


def plain(
    entries: list[list[Row]], reversals: dict[int, int], head: int, measure: str, day: int
) -> dict[tuple[int, int], int]:
    """The same in plain Python, from the words of the treatments."""
    gone = {target for by, target in reversals.items() if by <= head}
    found: dict[tuple[int, int], int] = defaultdict(int)
    passed = {
        "committed": {3: 1},
        "paid_in": {4: 1, 9: 1},
        "distributed": {5: 1},
        "unfunded": {3: 1, 4: -1, 8: 1},
        "due": {},
    }[measure]
    for number, own in enumerate(entries[:head], 1):
        for kind, frm, to, fund, fen, when in own if number not in gone else ():
            if when > day:
                continue
            treatment = TREATMENTS[PostingKind(kind)]
            if treatment.from_investor is not None:
                found[fund, frm if treatment.from_investor else to] += getattr(treatment, measure) * fen
            found[fund, frm] -= passed.get(kind, 0) * fen
            found[fund, to] += passed.get(kind, 0) * fen
    return {pair: fen for pair, fen in found.items() if fen}


def as_dict(found: tuple[np.ndarray, np.ndarray, np.ndarray]) -> dict[tuple[int, int], int]:
    fund, investor, fen = (column.tolist() for column in found)
    assert len({*zip(fund, investor, strict=True)}) == len(fund), "one place a pair"
    return {(f, i): v for f, i, v in zip(fund, investor, fen, strict=True) if v}


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 8)
    monkeypatch.setattr(module, "OVERLAY_AT_MOST", 12)


@given(st.lists(rows, min_size=1, max_size=6), st.data())
def test_any_day_after_any_growth(entries: list[list[Row]], data: st.DataObject) -> None:
    """Entries arrive one by one, back-dated ones too, some of them reversals; asked at every head, on several days."""
    reversals: dict[int, int] = {}
    for number in range(2, len(entries) + 1):
        free = [n for n in range(1, number) if n not in reversals.values() and n not in reversals]
        if free and data.draw(st.booleans()):
            reversals[number] = data.draw(st.sampled_from(free))
            entries[number - 1] = []
    balances = Balances(columns_of(entries, reversals, 1))
    days = data.draw(st.lists(st.integers(-6, 41), min_size=1, max_size=4))
    for head in range(1, len(entries) + 1):
        if head > 1:
            new = [(head, reversals[head])] if head in reversals else []
            balances = balances.extended(columns_of(entries, reversals, head), new)
        for measure in MEASURES:
            for day in days:
                assert as_dict(balances.at(measure, day)) == plain(entries, reversals, head, measure, day)
            funds, fen = balances.of_funds(measure, sorted(days))
            for place, day in enumerate(sorted(days)):
                whole: dict[int, int] = defaultdict(int)
                for (fund, _), value in plain(entries, reversals, head, measure, day).items():
                    whole[fund] += value
                listed = dict(zip(funds.tolist(), fen[place].tolist(), strict=True))
                assert {f: v for f, v in listed.items() if v} == {f: v for f, v in whole.items() if v}


def test_an_older_balance_is_a_snapshot() -> None:
    entries: list[list[Row]] = [[(10, 1, 2, 2, 100, 0)], [(10, 1, 2, 2, 50, 0)], []]
    first = Balances(columns_of(entries, {}, 1))
    for _ in range(2):
        assert as_dict(first.at("paid_in", 5)) == {(2, 1): 100}
    second = first.extended(columns_of(entries, {}, 2), [])
    third = second.extended(columns_of(entries, {3: 1}, 3), [(3, 1)])
    found = [as_dict(b.at("paid_in", 5)) for b in (first, second, third)]
    assert found == [{(2, 1): 100}, {(2, 1): 150}, {(2, 1): 50}]
    assert [b.head for b in (first, second, third)] == [1, 2, 3]


def test_pairs_too_many_for_a_table_are_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    entries: list[list[Row]] = [[(10, i, 7, 7, i, 0) for i in range(1, 6)]]
    wanted = as_dict(Balances(columns_of(entries, {}, 1)).at("paid_in", 1))
    monkeypatch.setattr(module, "_TABLE_AT_MOST", 0)
    assert as_dict(Balances(columns_of(entries, {}, 1)).at("paid_in", 1)) == wanted


def test_an_empty_book() -> None:
    empty = Balances(Columns())
    for _ in range(2):
        assert as_dict(empty.at("paid_in", 0)) == {}
    assert empty.of_funds("paid_in", [0, 1])[1].shape == (2, 0)
