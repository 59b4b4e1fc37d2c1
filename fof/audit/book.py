"""The rows of a prefix, indexed once for all days: attributes, money of every vehicle and stake, deals, marks.

Nothing here depends on the as-of day: an audit of another day asks the same book. Stakes of a party and of what it
succeeds are kept apart here and joined by fof.audit.stakes on the day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from fof.audit.costs import CostPath, cost_path
from fof.audit.money import VEHICLES, Money, Pair
from fof.audit.rows import Dates, DealRow, PostingRow, Rows, read_rows
from fof.audit.timelines import Line, Steps
from fof.ledger import Journal, View
from fof.ledger.columns import RowRecord
from fof.ledger.prefix import Subject
from models.facts import FACTS
from models.kinds import DealKind
from models.posting_kinds import PostingKind
from models.rows import Notice

__all__ = ["VEHICLES", "Attributes", "Book", "Pair", "book_of"]

_NOTHING: Mapping[str, Stated] = {}


class Stated:
    """One attribute of one subject over time; a text is parsed when first asked for."""

    __slots__ = ("_parse", "_rows", "_values", "days")

    def __init__(self, name: str, rows: Sequence[RowRecord], dates: Dates) -> None:
        self.days = [dates[row.day] for row in rows]
        self._parse, self._rows = FACTS[name].parse, rows
        self._values: list[Any] = [None] * len(rows)

    def _value(self, at: int) -> Any:
        found = self._values[at]
        if found is None:
            found = self._values[at] = self._parse(self._rows[at].row[3])
        return found

    def last(self, day: dt.date) -> Any:
        """The value in force on a day, None before the first."""
        at = bisect_right(self.days, day)
        return self._value(at - 1) if at else None

    def basis(self, day: dt.date) -> str | None:
        """The definition recorded with the value in force on a day."""
        at = bisect_right(self.days, day)
        return self._rows[at - 1].row[4] if at else None

    def count(self, day: dt.date) -> int:
        """How many values were stated up to a day."""
        return bisect_right(self.days, day)

    def dated(self, day: dt.date) -> list[tuple[dt.date, Any]]:
        """All values up to a day, with their days."""
        return [(self.days[at], self._value(at)) for at in range(bisect_right(self.days, day))]


class Attributes:
    """Dated attributes of parties and deals; a subject is indexed when first asked for."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._dates = rows.facts, rows.dates
        self._of_party: dict[int, Mapping[str, Stated]] = {}
        self._of_deal: dict[int, Mapping[str, Stated]] = {}

    def _index(self, subject: Subject) -> Mapping[str, Stated]:
        by_name = self._rows.get(subject)
        if by_name is None:
            return _NOTHING
        return {name: Stated(name, rows, self._dates) for name, rows in by_name.items()}

    def names(self, party: int) -> Mapping[str, Stated]:
        """Attributes ever stated of a party."""
        found = self._of_party.get(party)
        if found is None:
            found = self._of_party[party] = self._index(("party", party))
        return found

    def names_of_deal(self, deal: int) -> Mapping[str, Stated]:
        """Attributes ever stated of a deal."""
        found = self._of_deal.get(deal)
        if found is None:
            found = self._of_deal[deal] = self._index(("deal", deal))
        return found

    def of(self, party: int, name: str, day: dt.date) -> Any:
        """A party's attribute in force on a day, None where none is known."""
        stated = self.names(party).get(name)
        return None if stated is None else stated.last(day)

    def of_deal(self, deal: int, name: str, day: dt.date) -> Any:
        """A deal's attribute in force on a day, None where none is known."""
        stated = self.names_of_deal(deal).get(name)
        return None if stated is None else stated.last(day)

    def among(self, party: int, names: frozenset[str], day: dt.date) -> dict[str, Any]:
        """Those of a party's attributes with these names that are in force on a day."""
        return _among(self.names(party), names, day)

    def among_deal(self, deal: int, names: frozenset[str], day: dt.date) -> dict[str, Any]:
        """Those of a deal's attributes with these names that are in force on a day."""
        return _among(self.names_of_deal(deal), names, day)

    def basis(self, party: int, name: str, day: dt.date) -> str | None:
        """The definition recorded with an attribute."""
        stated = self.names(party).get(name)
        return None if stated is None else stated.basis(day)

    def dated(self, party: int, name: str, day: dt.date) -> list[tuple[dt.date, Any]]:
        """Every value stated up to a day, with its day."""
        stated = self.names(party).get(name)
        return [] if stated is None else stated.dated(day)

    def deal_dated(self, deal: int, name: str, day: dt.date) -> list[tuple[dt.date, Any]]:
        """Every value stated of a deal up to a day, with its day."""
        stated = self.names_of_deal(deal).get(name)
        return [] if stated is None else stated.dated(day)

    def holders(self, name: str) -> list[int]:
        """Parties of which an attribute was ever stated."""
        return self._holders.get(name, [])

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for what, number in sorted(self._rows):
            if what == "party":
                for name in self._rows[what, number]:
                    found[name].append(number)
        return found


def _among(stated: Mapping[str, Stated], names: frozenset[str], day: dt.date) -> dict[str, Any]:
    found = {}
    for name in stated.keys() & names:
        value = stated[name].last(day)
        if value is not None:
            found[name] = value
    return found


class Book(Money):
    """See the module. Party and deal ids throughout; codes only in the facts that leave this package."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self.facts = Attributes(rows)
        self.remembered: dict[Any, Any] = {}
        """Facts that hold for several days, kept under a key that says what they depend on."""

    def code(self, party: int) -> str:
        """A party's code."""
        return self.parties[party].code

    @cached_property
    def by_code(self) -> dict[str, int]:
        """Party ids by code."""
        return {p.code: p.id for p in self.parties.values()}

    @cached_property
    def investors(self) -> dict[int, list[int]]:
        """Fund -> everybody who ever promised, owed, paid or received anything, by code."""
        found: dict[int, set[int]] = defaultdict(set)
        for fund, investor in (*self.committed, *self.dues, *self.paid, *self.received):
            found[fund].add(investor)
        return {fund: sorted(own, key=self.code) for fund, own in found.items()}

    @cached_property
    def costs(self) -> dict[Pair, CostPath]:
        """(fund, company) -> money in, money back, cost left, over time."""
        deals: dict[Pair, list[DealRow]] = defaultdict(list)
        for deal in self.rows.deals:
            deals[deal.row.investor, deal.row.company].append(deal)
        pairs = self.with_company.keys() | deals.keys()
        return {pair: cost_path(self.with_company.get(pair, []), deals.get(pair, [])) for pair in pairs}

    @cached_property
    def companies(self) -> dict[int, list[int]]:
        """Fund -> companies it has or had, by code."""
        found: dict[int, list[int]] = defaultdict(list)
        for fund, company in self.costs:
            found[fund].append(company)
        return {fund: sorted(own, key=self.code) for fund, own in found.items()}

    @cached_property
    def deals_of(self) -> dict[int, Line[DealRow]]:
        """Fund -> its deals by day."""
        found: dict[int, Line[DealRow]] = defaultdict(Line)
        for deal in self.rows.deals:
            found[deal.row.investor].add(deal.day, deal)
        return found

    @cached_property
    def transfers_of(self) -> dict[int, list[PostingRow]]:
        """Fund -> transfers of stakes in it."""
        found: dict[int, list[PostingRow]] = defaultdict(list)
        for posting in self.transfers:
            if posting.fund is not None:
                found[posting.fund].append(posting)
        return found

    @cached_property
    def notices_of(self) -> dict[int, list[Notice]]:
        """Fund -> its notices."""
        found: dict[int, list[Notice]] = defaultdict(list)
        for notice in self.rows.notices.values():
            found[notice.fund].append(notice)
        return found

    def noted(self, fund: int, numbers: Collection[str]) -> str:
        """What the entries of some notices of a fund note."""
        wanted = [e for e, n in self.rows.notices.items() if n.fund == fund and n.number in numbers]
        return "；".join(self.rows.notes(wanted).values())

    def paid_in_on(self, fund: int, party: int, day: dt.date) -> int:
        """What a party had paid into a fund by a day, history that came or went with its stake included."""
        line = self.paid.get((fund, party))
        own = sum(flow.fen for flow in line.upto(day)) if line is not None else 0
        return own + sum(
            (p.fen if p.to == party else 0) - (p.fen if p.frm == party else 0)
            for p in self.transfers_of.get(fund, ())
            if p.kind == PostingKind.PAID_IN_TRANSFER and p.day <= day
        )

    @cached_property
    def priced(self) -> set[tuple[int, int]]:
        """(entry, seller) of transfers of stakes that have a price."""
        return {(sale.entry, sale.to) for sale in self.sales}

    @cached_property
    def marks(self) -> dict[Pair, Line[int]]:
        """(holder, holding) -> stated values."""
        found: dict[Pair, Line[int]] = defaultdict(Line)
        for mark in self.rows.marks:
            found[mark.holder, mark.holding].add(mark.day, mark.fen)
        return found

    @cached_property
    def edges(self) -> list[tuple[dt.date, dt.date | None, int, int, int, str]]:
        """(from, until, owner, owned, share in billionths, basis) of every declared share, by day."""
        return [
            (e.day, e.row.until, e.row.owner, e.row.owned, e.row.share_nano, e.row.basis)
            for e in self.rows.edges
        ]

    @cached_property
    def edges_of(self) -> dict[int, list[tuple[dt.date, dt.date | None, int, int, int, str]]]:
        """Party -> the declared shares it owns or is owned by, by day."""
        found = defaultdict(list)
        for edge in self.edges:
            for party in {edge[2], edge[3]}:
                found[party].append(edge)
        return dict(found)

    def invested(self, fund: int) -> Steps:
        """Cost of what a fund still holds, over time."""
        return self.invested_by_fund[fund]

    @cached_property
    def invested_by_fund(self) -> dict[int, Steps]:
        """Fund -> cost still held."""
        found: dict[int, Steps] = defaultdict(Steps)
        for (fund, _), path in self.costs.items():
            for day, change in path.changes:
                found[fund].add(day, change)
        return found

    def is_exit(self, deal: DealRow) -> bool:
        """Whether a deal brings money back."""
        return deal.row.kind in (DealKind.PARTIAL_EXIT, DealKind.EXIT)


_books: WeakKeyDictionary[Journal, OrderedDict[int, Book]] = WeakKeyDictionary()
_KEPT = 2


def book_of(view: View) -> Book:
    """The book of a view's prefix; the last few are kept."""
    kept = _books.setdefault(view.journal, OrderedDict())
    found = kept.get(view.known_at)
    if found is None:
        found = kept[view.known_at] = Book(read_rows(view))
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return found
