"""Any interleaving of bookings and reversals, on both engines, against a journal of plain Python lists.

The model keeps entries as they were asked for and adds up by hand. It also says which bookings must be refused: those
after which some balance would be below zero at the end of some day, or more would be called than is unfunded.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fof import ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import BookingRefused
from fof.ledger import Draft, Ids, Plan, View, day_number
from fof.ledger.balances import MEASURES
from fof.ledger.derived import copy_path, load_copy, save_copy
from fof.ledger.journal_columns import Columns
from fof.ledger.standing import file_state, standing
from fof.ledger.verify import verify
from models import journal as t
from models.kinds import EntryKind
from models.posting_kinds import TREATMENTS, PostingKind

START = dt.date(2020, 1, 1)
INVESTORS, FUNDS = (1, 2, 3), (4, 5)
NEVER_BELOW_ZERO = ("committed", "unfunded", "paid_in", "distributed")
PASSED = {
    "committed": {3: 1},
    "paid_in": {4: 1},
    "distributed": {5: 1},
    "unfunded": {3: 1, 4: -1, 8: 1},
    "due": {},
}
FROM_INVESTOR = [k for k, x in TREATMENTS.items() if x.from_investor]
FROM_FUND = [k for k, x in TREATMENTS.items() if x.from_investor is False]
TRANSFERS = [PostingKind(n) for n in (3, 4, 5, 8)]


@dataclass
class Entry:
    """What the model remembers."""

    day: int
    postings: list[t.Posting]
    marks: list[t.Mark]
    reverses: int | None = None


Balances = dict[tuple[int, int], int]


def gone(book: list[Entry]) -> set[int]:
    return {e.reverses for e in book if e.reverses is not None}


def balance(book: list[Entry], measure: str, day: int) -> Balances:
    """Plain addition over the live entries up to a day."""
    found: Balances = defaultdict(int)
    taken = gone(book)
    for number, entry in enumerate(book, 1):
        if number in taken or entry.day > day:
            continue
        for p in entry.postings:
            treatment = TREATMENTS[PostingKind(p.kind)]
            assert p.fund is not None
            if treatment.from_investor is not None:
                investor = p.from_party if treatment.from_investor else p.to_party
                found[p.fund, investor] += getattr(treatment, measure) * p.fen
            effect = PASSED[measure].get(p.kind, 0)
            found[p.fund, p.from_party] -= effect * p.fen
            found[p.fund, p.to_party] += effect * p.fen
    return {pair: fen for pair, fen in found.items() if fen}


def holds(book: list[Entry]) -> bool:
    """Whether no balance is below zero at the end of any day."""
    days = {entry.day for entry in book}
    return all(fen >= 0 for m in NEVER_BELOW_ZERO for day in days for fen in balance(book, m, day).values())


def calls_hold(book: list[Entry], added: list[Entry]) -> bool:
    """Whether what is called and open stays within unfunded, for every pair where the added entries lessen the room."""
    every = [*book, *added]
    taken = gone(every)
    live = [e for n, e in enumerate(every, 1) if n not in taken]
    first: dict[tuple[int | None, int], int] = {}
    for entry in live:
        for p in entry.postings:
            if p.kind == PostingKind.CALL_DUE:
                pair = (p.fund, p.from_party)
                first[pair] = min(entry.day, first.get(pair, entry.day))

    def room(entry: Entry, p: t.Posting) -> dict[tuple[int | None, int], int]:
        """What a posting does to the room for calls, by pair; transfers apart."""
        kind = TREATMENTS[PostingKind(p.kind)]
        pair = (p.fund, p.from_party if kind.from_investor else p.to_party)
        if p.kind == PostingKind.CALL_DUE:
            return {pair: -p.fen}
        if kind.from_investor and kind.paid_in and entry.day >= first.get(pair, entry.day + 1):
            return {}
        return {pair: kind.unfunded * p.fen} if kind.unfunded else {}

    lessened = {pair for e in added for p in e.postings for pair, fen in room(e, p).items() if fen < 0}
    for entry in added:
        if entry.reverses is not None:
            target = every[entry.reverses - 1]
            lessened |= {pair for p in target.postings for pair, fen in room(target, p).items() if fen > 0}
    for pair in lessened:
        for day in {e.day for e in live}:
            total = 0
            for entry in live:
                for p in entry.postings if entry.day <= day else []:
                    total += room(entry, p).get(pair, 0)
                    effect = PASSED["unfunded"].get(p.kind, 0)
                    if p.fund == pair[0] and effect:
                        total += effect * p.fen * ((p.to_party == pair[1]) - (p.from_party == pair[1]))
            if total < 0:
                return False
    return True


def figures(view: View) -> tuple[Any, ...]:
    """Everything a report could be made of."""
    p = view.postings
    rows = sorted(zip(*(c.tolist() for c in p), strict=True))
    marks = [(m.entry, m.day, m.row) for m in view.marks]
    return rows, marks, sorted(view.parties), [view.entry(n).leaf for n in range(1, view.known_at + 1)]


class Office(RuleBasedStateMachine):
    """Run against a book on one engine; `book_url` makes an empty one."""

    book_url: Callable[[], str]

    @initialize()
    def register(self) -> None:
        self.url = type(self).book_url()
        self.database = Database(self.url)
        self.other = Database(self.url)  # stands for another process
        self.model: list[Entry] = []
        self.captured: list[tuple[int, dt.date | None, tuple[Any, ...]]] = []
        self.keys: list[tuple[Draft, int]] = []

        def parties(_view: View, ids: Ids) -> Plan:
            rows: list[t.Row] = [t.Party(ids.party(), f"LP{n}", "social_investor") for n in INVESTORS]
            rows += [t.Party(ids.party(), f"F{n}", "sub_fund") for n in FUNDS]
            return Plan([Draft(EntryKind.PARTIES, START, "parties", b"", rows=rows)])

        ledger.book(self.database, LOCAL, parties)
        self.model.append(Entry(day_number(START), [], []))

    # -- what an office does ------------------------------------------------------------------------------------------

    def book(self, drafts: list[Draft], *, elsewhere: bool = False) -> None:
        """Book and compare the outcome with what the model expects of it."""
        added = [
            Entry(
                day_number(d.effective_on),
                d.postings,
                [r for r in d.rows if isinstance(r, t.Mark)],
                d.reverses,
            )
            for d in drafts
        ]
        nameless = any(
            p.kind == PostingKind.DISTRIBUTION_IN_KIND and p.deal is None for e in added for p in e.postings
        )
        allowed = not nameless and holds(self.model + added) and calls_hold(self.model, added)
        database = self.other if elsewhere else self.database
        try:
            booked = ledger.book(database, LOCAL, lambda _view, _ids: Plan(list(drafts)))
        except BookingRefused as refused:
            if allowed:
                raise AssertionError([str(p) for p in refused.problems]) from refused
            return
        assert allowed
        first = len(self.model) + 1
        assert booked.entries == list(range(first, first + len(drafts)))
        self.model += added
        self.keys += zip(drafts, booked.entries, strict=True)

    @rule(
        data=st.data(),
        fund=st.sampled_from(FUNDS),
        who=st.sampled_from(INVESTORS),
        elsewhere=st.booleans(),
        lines=st.integers(1, 3),
        late=st.integers(0, 60),
    )
    def move(self, data: st.DataObject, fund: int, who: int, elsewhere: bool, lines: int, late: int) -> None:
        postings = []
        for _ in range(lines):
            kind = data.draw(
                st.sampled_from([PostingKind.COMMITMENT, *FROM_INVESTOR, *FROM_FUND, *TRANSFERS])
            )
            # mostly within what is promised, so that many bookings are taken
            highest = 10_000 if kind == PostingKind.COMMITMENT else 1_000
            fen = data.draw(st.integers(1, highest))
            sides = (who, fund) if kind in FROM_INVESTOR else (fund, who)
            if kind in TRANSFERS:
                sides = (who, data.draw(st.sampled_from([i for i in INVESTORS if i != who])))
            postings.append(t.Posting(kind, *sides, fund, None, None, fen))
        day = START + dt.timedelta(late)
        key = f"move{len(self.model)}-{len(self.keys)}"
        self.book(
            [Draft(EntryKind.FUND_CASH, day, key, repr(postings).encode(), postings)], elsewhere=elsewhere
        )

    @rule(who=st.sampled_from(INVESTORS), fund=st.sampled_from(FUNDS), late=st.integers(0, 60))
    def promise_and_call(self, who: int, fund: int, late: int) -> None:
        """Two entries in one booking: all or nothing."""
        day = START + dt.timedelta(late)
        promise = [t.Posting(PostingKind.COMMITMENT, who, fund, fund, None, None, 900)]
        call = [t.Posting(PostingKind.CALL_INVESTMENT, who, fund, fund, None, None, 1000)]
        key = f"both{len(self.model)}"
        self.book(
            [
                Draft(EntryKind.COMMITMENT, day, f"{key}a", b"", promise),
                Draft(EntryKind.CALL_PAYMENT, day, f"{key}b", b"", call),
            ]
        )

    @rule(
        who=st.sampled_from(INVESTORS),
        fund=st.sampled_from(FUNDS),
        fen=st.integers(0, 99),
        late=st.integers(0, 60),
    )
    def value(self, who: int, fund: int, fen: int, late: int) -> None:
        row = t.Mark(who, fund, fen, "reported_nav")
        key = f"mark{len(self.model)}"
        self.book([Draft(EntryKind.VALUATION, START + dt.timedelta(late), key, b"", rows=[row])])

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        target = data.draw(st.integers(1, len(self.model)))
        entry = self.model[target - 1]
        allowed = entry.reverses is None and target not in gone(self.model)
        reversal = Entry(entry.day, [], [], target)
        allowed = allowed and holds([*self.model, reversal]) and calls_hold(self.model, [reversal])
        try:
            booked = ledger.reverse(self.database, LOCAL, target, "有误")
        except BookingRefused:
            assert not allowed
            return
        if booked.already:
            assert self.model[booked.already[0].entry - 1].reverses == target
            return
        assert allowed
        self.model.append(reversal)

    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """The same request once more: nothing happens, and it says what is there."""
        if self.keys:
            draft, entry = data.draw(st.sampled_from(self.keys))
            booked = ledger.book(self.other, LOCAL, lambda _view, _ids: Plan([draft]))
            assert (booked.entries, [a.entry for a in booked.already]) == ([], [entry])

    # -- what must hold -------------------------------------------------------------------------------------------------

    @invariant()
    def balances_are_the_sums_of_the_model(self) -> None:
        if not hasattr(self, "database"):
            return
        balances = ledger.read(self.database).balances()
        for measure in MEASURES:
            for day in (day_number(START) + late for late in (-1, 0, 17, 60)):
                fund, investor, fen = balances.at(measure, day)
                found = zip(fund.tolist(), investor.tolist(), fen.tolist(), strict=True)
                assert {(f, i): v for f, i, v in found if v} == balance(self.model, measure, day), (
                    measure,
                    day,
                )

    @invariant()
    def money_is_conserved(self) -> None:
        if not hasattr(self, "database"):
            return
        p = ledger.read(self.database).view().postings
        held = np.zeros(10, np.int64)
        np.add.at(held, p.to_party, p.fen)
        np.subtract.at(held, p.from_party, p.fen)
        assert held.sum() == 0
        live = [e for n, e in enumerate(self.model, 1) if n not in gone(self.model)]
        assert int(p.fen.sum()) == sum(q.fen for e in live for q in e.postings)

    @rule(late=st.integers(-1, 61))
    def capture(self, late: int) -> None:
        as_of = START + dt.timedelta(late) if late < 61 else None
        journal = ledger.read(self.database)
        self.captured.append((journal.head, as_of, figures(journal.view(as_of))))

    @rule(data=st.data())
    def the_past_is_as_it_was(self, data: st.DataObject) -> None:
        """Figures at a prefix are those that were captured when the prefix was all there was."""
        if self.captured:
            head, as_of, wanted = data.draw(st.sampled_from(self.captured))
            assert figures(ledger.read(self.other).view(as_of, known_at=head)) == wanted

    @rule(flip=st.integers(0, 10**9), damaged=st.booleans())
    def start_cold(self, flip: int, damaged: bool) -> None:
        """A new process with the derived copy, whole or damaged, has the same columns."""
        path = copy_path(self.database)
        assert path is not None
        columns = ledger.read(self.database).columns
        with self.database.cursor() as cursor:
            save_copy(columns, path, standing(cursor, file_state(self.database)))
        if damaged:
            data = bytearray(path.read_bytes())
            data[flip % len(data)] ^= 1 << flip % 8
            path.write_bytes(data)
        cold = Database(self.url)
        found = ledger.read(cold).columns
        assert equal(found, columns)
        with cold.cursor() as cursor:
            kept = load_copy(cursor, path, standing(cursor, file_state(cold)))
            assert kept is None or equal(kept.columns, columns)
        cold.close()
        path.unlink()

    def teardown(self) -> None:
        if hasattr(self, "database"):
            found = verify(self.database)
            assert found.ok, [c.text.en for c in found.problems]
            assert (found.entries, found.first_bad) == (len(self.model), None)
            self.database.close()
            self.other.close()


def equal(a: Columns, b: Columns) -> bool:
    arrays = [
        (a.entry_day, b.entry_day),
        (a.reversed_by, b.reversed_by),
        *zip(a.postings, b.postings, strict=True),
    ]
    return a.head == b.head and a.leaves == b.leaves and all(np.array_equal(x, y) for x, y in arrays)


def run(book_url: Callable[[], str], examples: int, steps: int) -> None:
    class Book(Office):
        pass

    Book.book_url = staticmethod(book_url)  # type: ignore[method-assign]
    run_state_machine_as_test(Book, settings=settings(max_examples=examples, stateful_step_count=steps))


def test_an_office_on_sqlite(tmp_path: Path, sqlite_book: Database) -> None:
    empty = sqlite_book.url.database
    assert empty is not None
    made: list[Path] = []

    def book_url() -> str:
        made.append(tmp_path / f"office{len(made)}.sqlite")
        shutil.copy(empty, made[-1])
        return f"sqlite:///{made[-1]}"

    run(book_url, examples=25, steps=25)


@pytest.mark.postgres
def test_an_office_on_postgresql(
    postgres_url: str,
    postgres_template: str,
    postgres_server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    base = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    server = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    made: list[str] = []

    def book_url() -> str:
        made.append(f"fof_office_{len(made)}_{tmp_path.name[-8:].replace('-', '_')}")
        with server.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{made[-1]}" TEMPLATE {postgres_template}')
        return sa.make_url(postgres_url).set(database=made[-1]).render_as_string(hide_password=False)

    try:
        run(book_url, examples=6, steps=15)
    finally:
        with server.connect() as connection:
            for name in made:
                connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
