"""The rows of a prefix, indexed once for all days: attributes, money of every vehicle and stake, deals, marks.

Nothing here depends on the as-of day: an audit of another day asks the same book. Stakes of a party and of what it
succeeds are kept apart here and joined by fof.audit.stakes on the day.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, defaultdict
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from fof.audit.costs import CostPath, cost_path
from fof.audit.rows import DealRow, PostingRow, Rows, read_rows
from fof.audit.timelines import Line, Steps
from fof.ledger import Journal, View
from fof.rules.facts_parties import Due, Flow
from models.facts import FACTS
from models.kinds import DealKind, NoticeKind, PartyKind
from models.posting_kinds import TREATMENTS, PostingKind

_K = PostingKind
VEHICLES = frozenset({PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND, PartyKind.SUB_FUND})
"""Parties that the rules call a fund; national funds appear as investors only."""
_USES = frozenset({_K.INVESTMENT, _K.MANAGEMENT_FEE, _K.FUND_EXPENSE, _K.TAX, _K.EXCESS_CALL_RETURNED, _K.EXCESS_CALL_RETURNED_FEES})  # fmt: skip
_DUES = frozenset({_K.CALL_DUE, _K.CALL_DUE_OUTSIDE})
_RESHAPING = frozenset({_K.COMMITMENT, _K.COMMITMENT_TRANSFER})
Pair = tuple[int, int]


class Attributes:
    """Dated attributes of parties and deals, parsed when first asked for."""

    def __init__(self, rows: Rows) -> None:
        self._lines: dict[tuple[str, int], dict[str, Line[tuple[str, str | None]]]] = {}
        self._parsed: dict[tuple[str, str], Any] = {}
        for f in rows.facts:
            subject = ("party", f.party) if f.party is not None else ("deal", f.deal or 0)
            by_name = self._lines.setdefault(subject, {})
            line = by_name.get(f.name)
            if line is None:
                line = by_name[f.name] = Line()
            line.add(f.day, (f.value, f.basis))

    def _parse(self, name: str, text: str) -> Any:
        found = self._parsed.get((name, text))
        if found is None:
            found = self._parsed[name, text] = FACTS[name].parse(text)
        return found

    def of(self, party: int, name: str, day: dt.date) -> Any:
        """A party's attribute in force on a day, None where none is known."""
        return self._at(("party", party), name, day)

    def of_deal(self, deal: int, name: str, day: dt.date) -> Any:
        """A deal's attribute in force on a day, None where none is known."""
        return self._at(("deal", deal), name, day)

    def _at(self, subject: tuple[str, int], name: str, day: dt.date) -> Any:
        by_name = self._lines.get(subject)
        line = None if by_name is None else by_name.get(name)
        found = None if line is None else line.last(day)
        return None if found is None else self._parse(name, found[0])

    def basis(self, party: int, name: str, day: dt.date) -> str | None:
        """The definition recorded with an attribute."""
        line = self._lines.get(("party", party), {}).get(name)
        found = None if line is None else line.last(day)
        return None if found is None else found[1]

    def dated(self, party: int, name: str, day: dt.date) -> list[tuple[dt.date, Any]]:
        """Every value stated up to a day, with its day."""
        line = self._lines.get(("party", party), {}).get(name)
        return [] if line is None else [(on, self._parse(name, text)) for on, (text, _) in line.dated(day)]

    def deal_dated(self, deal: int, name: str, day: dt.date) -> list[tuple[dt.date, Any]]:
        """Every value stated of a deal up to a day, with its day."""
        line = self._lines.get(("deal", deal), {}).get(name)
        return [] if line is None else [(on, self._parse(name, text)) for on, (text, _) in line.dated(day)]

    def names(self, party: int) -> dict[str, Line[tuple[str, str | None]]]:
        """Attributes ever stated of a party."""
        return self._lines.get(("party", party), {})

    def holders(self, name: str) -> list[int]:
        """Parties of which an attribute was ever stated."""
        return sorted(
            number for (what, number), names in self._lines.items() if what == "party" and name in names
        )


class Book:
    """See the module. Party and deal ids throughout; codes only in the facts that leave this package."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.parties = rows.parties
        self.facts = Attributes(rows)
        self.committed: dict[Pair, Steps] = defaultdict(Steps)  # (fund, investor)
        self.reshaped: dict[Pair, Line[int]] = defaultdict(Line)  # value: the other party of a transfer, or 0
        self.dues: dict[Pair, Line[Due]] = defaultdict(Line)
        self.paid: dict[Pair, Line[Flow]] = defaultdict(Line)
        self.received: dict[Pair, Line[Flow]] = defaultdict(Line)
        self.capital_in: dict[int, Line[Flow]] = defaultdict(Line)
        self.other_in: dict[int, Line[Flow]] = defaultdict(Line)
        self.uses: dict[int, Line[Flow]] = defaultdict(Line)
        self.deployed: dict[int, Line[Flow]] = defaultdict(Line)
        self.other_out: dict[int, Line[Flow]] = defaultdict(Line)
        self.remitted: dict[int, Line[Flow]] = defaultdict(Line)
        self.carry: dict[int, Line[Flow]] = defaultdict(Line)
        self.fees: dict[int, Line[Flow]] = defaultdict(Line)
        self.paid_total: dict[int, Steps] = defaultdict(Steps)
        self.sales: list[PostingRow] = []
        self.transfers: list[PostingRow] = []
        self.moved: dict[tuple[int, int, int], int] = defaultdict(int)  # (entry, seller, kind) -> fen
        self.of_deal: dict[int, Line[PostingRow]] = defaultdict(Line)
        self._company_money: dict[Pair, list[PostingRow]] = defaultdict(list)
        self.deals: dict[int, DealRow] = {d.row.id: d for d in rows.deals}
        self.remembered: dict[Any, Any] = {}
        """Facts that hold for several days, kept under a key that says what they depend on."""
        for posting in rows.postings:
            self._take(posting)

    def _take(self, p: PostingRow) -> None:
        kind = _K(p.kind)
        how = TREATMENTS[kind]
        if how.memo:
            self._memo(p, kind)
            return
        flow = Flow(p.day, p.fen)
        if how.paid_in and p.fund is not None:
            self._paid(p, how.paid_in)
        if how.distributed and p.fund is not None:
            self.received[p.fund, p.to].add(p.day, flow)
        frm, to = self.parties[p.frm].kind in VEHICLES, self.parties[p.to].kind in VEHICLES
        if to:
            own = how.paid_in == 1 or kind is _K.FISCAL_APPROPRIATION
            (self.capital_in if own else self.other_in)[p.to].add(p.day, flow)
        if frm:
            used = kind in _USES or how.paid_in == 1
            (self.uses if used else self.other_out)[p.frm].add(p.day, flow)
            if kind is _K.INVESTMENT or how.paid_in == 1:
                self.deployed[p.frm].add(p.day, flow)
        self._special(p, kind, flow)

    def _paid(self, p: PostingRow, sign: int) -> None:
        assert p.fund is not None
        investor = p.frm if sign > 0 else p.to
        named = self.rows.notices.get(p.entry) if sign > 0 else None
        number = named.number if named is not None and named.kind == NoticeKind.CAPITAL_CALL else ""
        self.paid[p.fund, investor].add(p.day, Flow(p.day, sign * p.fen, number))
        self.paid_total[p.fund].add(p.day, sign * p.fen)

    def _special(self, p: PostingRow, kind: PostingKind, flow: Flow) -> None:
        if kind is _K.TREASURY_REMITTANCE:
            self.remitted[p.frm].add(p.day, flow)
        elif kind in (_K.CARRY, _K.CLAWBACK) and p.fund is not None:
            self.carry[p.fund].add(p.day, flow if kind is _K.CARRY else Flow(p.day, -p.fen))
        elif kind in (_K.MANAGEMENT_FEE, _K.FEE_REBATE) and p.fund is not None:
            self.fees[p.fund].add(p.day, flow if kind is _K.MANAGEMENT_FEE else Flow(p.day, -p.fen))
        elif kind is _K.SECONDARY_PURCHASE and p.fund is not None:
            self.sales.append(p)
        elif kind in (_K.INVESTMENT, _K.EXIT_PROCEEDS, _K.DIVIDEND) and p.fund is not None:
            into = kind is _K.INVESTMENT
            deal = None if p.deal is None else self.deals.get(p.deal)
            company = deal.row.company if deal is not None else p.to if into else p.frm
            if into or deal is not None or (p.fund, company) in self._company_money:
                self._company_money[p.fund, company].append(p)
            if p.deal is not None:
                self.of_deal[p.deal].add(p.day, p)

    def _memo(self, p: PostingRow, kind: PostingKind) -> None:
        if p.fund is None:
            return
        if kind in _DUES:
            notice = self.rows.notices.get(p.entry)
            if notice is not None and notice.due_on is not None:
                self.dues[p.fund, p.frm].add(p.day, Due(notice.due_on, p.fen, notice.number, p.day))
        elif kind is _K.COMMITMENT:
            self.committed[p.fund, p.frm].add(p.day, p.fen)
            self.reshaped[p.fund, p.frm].add(p.day, 0)
        elif kind is _K.COMMITMENT_REDUCTION:
            self.committed[p.fund, p.to].add(p.day, -p.fen)
        elif kind is _K.COMMITMENT_TRANSFER:
            self.committed[p.fund, p.frm].add(p.day, -p.fen)
            self.committed[p.fund, p.to].add(p.day, p.fen)
            self.reshaped[p.fund, p.frm].add(p.day, p.to)
            self.reshaped[p.fund, p.to].add(p.day, p.frm)
            self.moved[p.entry, p.frm, kind] += p.fen
            self.transfers.append(p)
        else:
            self.moved[p.entry, p.frm, kind] += p.fen
            self.transfers.append(p)

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
        pairs = self._company_money.keys() | deals.keys()
        return {pair: cost_path(self._company_money.get(pair, []), deals.get(pair, [])) for pair in pairs}

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
