"""Any interleaving of bookings and reversals gives the balances of a plain replay; a prefix replays history exactly."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import BookingRefused
from fof.ledger.balances import MEASURES
from fof.ledger.verify import verify
from models.journal import Party, Posting
from models.kinds import EntryKind
from models.posting_kinds import TREATMENTS, PostingKind

FIRST = dt.date(2020, 1, 1)
INVESTORS, FUNDS = (3, 4, 5), (1, 2)
PROMISE = 1_000
KINDS = (
    PostingKind.COMMITMENT,
    PostingKind.CALL_INVESTMENT,
    PostingKind.CALL_FEE_OUTSIDE,
    PostingKind.DISTRIBUTION_INCOME,
    PostingKind.DISTRIBUTION_RECALLABLE_CAPITAL,
    PostingKind.EXCESS_CALL_RETURNED,
    PostingKind.CALL_DUE,
)

move = st.tuples(
    st.just("book"),
    st.sampled_from(KINDS),
    st.sampled_from(FUNDS),
    st.sampled_from(INVESTORS),
    st.integers(1, 400),
    st.integers(0, 40),
)
undo = st.tuples(st.just("reverse"), st.integers(2, 30))
steps = st.lists(st.one_of(move, move, move, undo), min_size=1, max_size=22)


class Replay:
    """The same journal as a list of dictionaries, and every balance by adding up."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def book(self, day: int, kind: PostingKind, fund: int, investor: int, fen: int) -> None:
        self.entries.append(
            {"day": day, "kind": kind, "fund": fund, "investor": investor, "fen": fen, "gone": None}
        )

    def balance(self, measure: str, fund: int, investor: int, day: int, known: int) -> int:
        total = 0
        for number, e in enumerate(self.entries[:known], 1):
            live = e["gone"] is None or e["gone"] > known
            if (
                number > 1
                and live
                and e["kind"] is not None
                and e["day"] <= day
                and (e["fund"], e["investor"]) == (fund, investor)
            ):
                total += getattr(TREATMENTS[e["kind"]], measure) * e["fen"]
        return total


def posting(kind: PostingKind, fund: int, investor: int, fen: int) -> Posting:
    pair = (investor, fund) if TREATMENTS[kind].from_investor else (fund, investor)
    return Posting(kind, *pair, fund, None, None, fen)


def apply(book: Database, replay: Replay, number: int, step: tuple[Any, ...]) -> None:
    """One step in both worlds; what the ledger refuses does not happen in the replay either."""
    if step[0] == "reverse":
        target = step[1]
        if (
            target > len(replay.entries)
            or replay.entries[target - 1]["gone"]
            or replay.entries[target - 1]["kind"] is None
        ):
            return
        try:
            done = ledger.reverse(book, LOCAL, target, "重放")
        except BookingRefused:
            return
        if done.entries:
            replay.entries[target - 1]["gone"] = len(replay.entries) + 1
            replay.entries.append({"day": 0, "kind": None, "fund": 0, "investor": 0, "fen": 0, "gone": None})
        return
    _, kind, fund, investor, fen, offset = step
    draft = ledger.Draft(
        EntryKind.CALL_PAYMENT,
        FIRST + dt.timedelta(offset),
        f"s{number}",
        b"",
        [posting(kind, fund, investor, fen)],
    )
    try:
        ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan([draft]))
    except BookingRefused:
        return
    replay.book(offset, kind, fund, investor, fen)


def seen(view: ledger.View) -> dict[tuple[str, int, int], int]:
    """Balances of a view by the slow and obvious way: a loop over its postings."""
    found: dict[tuple[str, int, int], int] = defaultdict(int)
    p = view.postings
    for kind, a, b, fund, fen in zip(
        p.kind.tolist(),
        p.from_party.tolist(),
        p.to_party.tolist(),
        p.fund.tolist(),
        p.fen.tolist(),
        strict=True,
    ):
        treatment = TREATMENTS[PostingKind(kind)]
        for measure in MEASURES:
            found[measure, fund, a if treatment.from_investor else b] += getattr(treatment, measure) * fen
    return found


@settings(max_examples=40)
@given(steps)
def test_any_interleaving_equals_its_replay(history: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Database(f"sqlite:///{Path(folder) / 'book.sqlite'}")
        book.init()
        replay = Replay()
        parties = [
            Party(n, f"P{n}", "sub_fund" if n in FUNDS else "government") for n in (*FUNDS, *INVESTORS)
        ]
        start = ledger.Draft(EntryKind.PARTIES, FIRST, "parties", b"", rows=list(parties))
        ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan([start]))
        replay.entries.append({"day": 0, "kind": None, "fund": 0, "investor": 0, "fen": 0, "gone": None})
        warm = ledger.read(
            book
        ).balances()  # made early, so that everything after it goes through the overlay
        warm.at("paid_in", ledger.day_number(FIRST))
        told: dict[int, dict[tuple[str, int, int], int]] = {}
        for number, step in enumerate(
            [("book", PostingKind.COMMITMENT, f, i, PROMISE, 0) for f in FUNDS for i in INVESTORS]
            + list(history)
        ):
            apply(book, replay, number, step)
            head = ledger.read(book).head
            told[head] = seen(ledger.read(book).view(FIRST + dt.timedelta(20)))
        journal = ledger.read(book)
        assert journal.head == len(replay.entries)
        for day in (0, 7, 20, 40):
            for measure in MEASURES:
                funds, investors, fen = journal.balances().at(
                    measure, ledger.day_number(FIRST + dt.timedelta(day))
                )
                ours = {(int(f), int(i)): int(v) for f, i, v in zip(funds, investors, fen, strict=True)}
                for pair in itertools.product(FUNDS, INVESTORS):
                    assert ours.get(pair, 0) == replay.balance(measure, *pair, day, journal.head)
        for known, then in told.items():
            again = seen(journal.view(FIRST + dt.timedelta(20), known))
            assert again == then, f"the prefix {known} does not replay"
            for measure, fund, investor in again:
                assert again[measure, fund, investor] == replay.balance(measure, fund, investor, 20, known)
        assert verify(book).ok
        book.close()


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(INVESTORS), st.sampled_from(FUNDS), st.integers(1, 10**9)),
        min_size=1,
        max_size=12,
    )
)
def test_money_neither_appears_nor_vanishes(moves: list[tuple[int, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Database(f"sqlite:///{Path(folder) / 'book.sqlite'}")
        book.init()
        parties = [
            Party(n, f"P{n}", "sub_fund" if n in FUNDS else "government") for n in (*FUNDS, *INVESTORS)
        ]
        rows = [Posting(PostingKind.SUBSIDY, a, b, None, None, None, fen) for a, b, fen in moves]
        drafts = [
            ledger.Draft(EntryKind.PARTIES, FIRST, "parties", b"", rows=list(parties)),
            ledger.Draft(EntryKind.POOL, FIRST, "moves", b"", rows),
        ]
        ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan(drafts))
        p = ledger.read(book).view().postings
        balance: dict[int, int] = defaultdict(int)
        for a, b, fen in zip(p.from_party.tolist(), p.to_party.tolist(), p.fen.tolist(), strict=True):
            balance[a] -= fen
            balance[b] += fen
        assert sum(balance.values()) == 0
        assert int(p.fen.sum()) == sum(fen for _, _, fen in moves)
        book.close()
