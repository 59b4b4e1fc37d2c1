"""Cost of a holding: one reading for holdings, columns and audit, against a second computation told day by day."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fof.audit.auditor import auditor_of
from fof.book.cost_paths import CostPath, DealMovement
from fof.book.holding_columns import holding_columns
from fof.book.holdings import holding
from fof.ledger import Dated, to_date
from models.kinds import DealKind
from models.posting_kinds import PostingKind
from models.rows import Deal


def test_what_goes_in_after_a_write_off_begins_anew(clerk: Any) -> None:
    """100 written off, 40 put in again: 40 is held at cost and 100 was lost. The holdings page used to say 140 and 0."""
    clerk.party("F", "sub_fund", day="2015-01-01", cash_kept="no")
    clerk.party("C", "company", day="2015-01-01")
    clerk.deal("F", "C", "initial", 100, "2016-01-10", share=0.2)
    clerk.deal("F", "C", "write_off", 0, "2018-06-30")
    clerk.deal("F", "C", "follow_on", 40, "2020-03-01", share=0.05)
    view = clerk.view("2020-12-31")
    held = holding(view, view.by_code["F"].id, view.by_code["C"].id)
    assert (held.invested, held.cost, held.realised, held.share) == (14_000, 4_000, -10_000, 0.05)
    columns = holding_columns(view)
    assert (columns.cost.tolist(), columns.share.tolist(), columns.gone.tolist()) == (
        [4_000],
        [0.05],
        [False],
    )
    [fund] = [f for f in auditor_of(view).office(view).funds if f.code == "F"]
    assert [(h.cost, h.exited_cost) for h in fund.holdings] == [(14_000, 10_000)]


Event = tuple[int, str, int, int | None]
"""Day, kind of deal or "dividend", fen, share in per cent."""

EVENTS = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from(["initial", "follow_on", "partial_exit", "exit", "write_off", "dividend"]),
        st.integers(1, 50),
        st.none() | st.integers(1, 30),
    ),
    min_size=1,
    max_size=9,
)


def path_of(events: list[Event]) -> CostPath:
    moves, deals = [], []
    for place, (day, kind, fen, share) in enumerate(events):
        number = -1 if kind == "dividend" else place
        if kind != "dividend":
            nano = None if share is None else share * 10**7
            deals.append(Dated(place, 1, to_date(day), Deal(place, f"D{place}", 1, 2, kind, share_nano=nano)))
        if kind != "write_off":
            into = kind in ("initial", "follow_on")
            what = (
                PostingKind.INVESTMENT
                if into
                else PostingKind.DIVIDEND
                if kind == "dividend"
                else PostingKind.EXIT_PROCEEDS
            )
            moves.append(DealMovement(day, fen if into else -fen, number, int(what), place))
    return CostPath(moves, sorted(deals, key=lambda d: (d.day, d.entry)))


def second(events: list[Event], until: int) -> int:
    """What is held at cost at the close of a day: lots are bought, sold in part, and all dropped at a full exit."""
    cost = 0
    bought: Fraction | None = Fraction(0)
    for day in range(1, until + 1):
        of_day = [e for e in events if e[0] == day]
        for _, kind, fen, share in of_day:
            if kind in ("initial", "follow_on"):
                cost += fen
                bought = None if bought is None or share is None else bought + Fraction(share, 100)
            elif kind in ("partial_exit", "exit"):
                if bought is not None and share is not None and bought > 0:
                    sold = min(Fraction(share, 100), bought)
                    cost -= int(cost * sold / bought)
                    bought -= sold
                else:
                    cost -= min(cost, fen)
        if any(kind in ("exit", "write_off") for _, kind, _, _ in of_day):
            cost, bought = 0, Fraction(0)
    return cost


@given(EVENTS)
def test_cost_is_that_of_the_lots(events: list[Event]) -> None:
    path = path_of(events)
    for day in range(13):
        assert path.cost(day) == second(events, day)
        assert path.invested(day) == sum(
            fen for on, kind, fen, _ in events if on <= day and kind in ("initial", "follow_on")
        )
        if path.closed_on(day) is not None:
            assert (path.cost(day), path.share(day)) == (0, 0.0)


def test_a_full_exit_is_undone_by_money_that_comes_later_only() -> None:
    path = path_of([(1, "initial", 10, None), (5, "exit", 8, None), (5, "follow_on", 3, None)])
    assert [path.closed_on(day) for day in (4, 5, 9)] == [None, 5, 5]
    assert (
        path_of([(1, "initial", 10, None), (5, "exit", 8, None), (6, "follow_on", 3, None)]).closed_on(9)
        is None
    )
    assert {d.row.kind for d in path.deals} == {DealKind.INITIAL, DealKind.EXIT, DealKind.FOLLOW_ON}
    assert to_date(5) == dt.date(1970, 1, 6)
