"""Export of promises and payments: commitments, notices, payments, distributions, deals, fund cash."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from fof.book.cost_paths import cost_paths
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, IN_KIND, PAID_WITH
from fof.importers.layouts.commitments import CommitmentChange
from fof.importers.layouts.distributions import DISTRIBUTION_COMPONENTS, RETURNED
from fof.importers.layouts.fund_cash import CASH_KINDS, Direction
from fof.intake.export_rows import Heads, Row, Sheets
from fof.ledger import Dated, EntryRecord, View, day_number
from models.journal import Deal, Mark, Notice
from models.kinds import (
    DEAL_INVESTORS,
    FUND_KINDS,
    DealKind,
    EntryKind,
    ExitRoute,
    Instrument,
    MarkMethod,
    NoticeKind,
    PartyKind,
    Stage,
)
from models.posting_kinds import PostingKind
from models.rows import NoticeLine

_CALLED = {kind: name for name, kind in PAID_WITH.items()}
_BESIDE = {PostingKind.LATE_INTEREST: "late_interest", PostingKind.EQUALISATION_PAID: "equalisation"}
_DISTRIBUTED = {kind: name for name, kind in DISTRIBUTION_COMPONENTS.items()} | {
    PostingKind.DISTRIBUTION_RETURNED: RETURNED
}
_WITH_NOTICE = (EntryKind.CAPITAL_CALL, EntryKind.CALL_PAYMENT, EntryKind.DISTRIBUTION)
_THINGS = (PostingKind.DISTRIBUTION_IN_KIND, PostingKind.CONTRIBUTION_IN_KIND)
_ENTRIES_IN = frozenset({DealKind.INITIAL, DealKind.FOLLOW_ON})
_EXITS = frozenset({DealKind.PARTIAL_EXIT, DealKind.EXIT})
_CASH = {posted: kind for kind, (posted, _) in CASH_KINDS.items()}
_MOVED = {
    PostingKind.COMMITMENT_TRANSFER: "amount",
    PostingKind.PAID_IN_TRANSFER: "paid_in_moved",
    PostingKind.PAID_IN_TRANSFER_OUTSIDE: "outside_moved",
    PostingKind.DISTRIBUTED_TRANSFER: "distributed_moved",
    PostingKind.RECALLABLE_TRANSFER: "recallable_moved",
    PostingKind.SECONDARY_PURCHASE: "price",
}


class _Paid(NamedTuple):
    """A posting of one entry."""

    kind: PostingKind
    payer: int
    payee: int
    fund: int
    deal: int
    loan: int
    fen: int


class MoneySheets:
    """Live postings, notices, what these ask, and deals by entry; each writer fills its sheet where a row of it brings the
    entry back as it is, and returns whether it did."""

    def __init__(self, view: View, heads: Heads, sheets: Sheets) -> None:
        self.view, self.heads, self.sheets = view, heads, sheets
        self.paid: dict[int, list[_Paid]] = defaultdict(list)
        book = view.postings
        order = np.argsort(book.entry, kind="stable")
        columns = (book.kind, book.from_party, book.to_party, book.fund, book.deal, book.loan, book.fen)
        for entry, kind, *rest in zip(
            book.entry[order].tolist(), *(c[order].tolist() for c in columns), strict=True
        ):
            self.paid[entry].append(_Paid(PostingKind(kind), *rest))
        self.notices: dict[int, list[Notice]] = _by_entry(view.notices)
        self.asked: dict[int, list[NoticeLine]] = _by_entry(view.notice_lines)
        self.deals: dict[int, list[Deal]] = _by_entry(view.deals)
        self.marks: dict[int, list[Mark]] = _by_entry(view.marks)
        self._uses = Counter((self.heads.live[n.entry].kind, *n.row[:3]) for n in view.notices)
        chosen = book.kind == PostingKind.CONTRIBUTION_IN_KIND
        self._contributed = set(book.deal[chosen].tolist())
        """Ids of the deals that investors' contributions in kind name."""
        self.writers: dict[str, Callable[[EntryRecord], bool]] = {
            EntryKind.COMMITMENT: self._commitment,
            EntryKind.COMMITMENT_AMENDMENT: self._commitment,
            EntryKind.COMMITMENT_TRANSFER: self._transfer,
            EntryKind.CAPITAL_CALL: self._call,
            EntryKind.CALL_PAYMENT: self._payment,
            EntryKind.DISTRIBUTION: self._distribution,
            EntryKind.DEAL: self._deal,
            EntryKind.EXIT: self._deal,
            EntryKind.FUND_CASH: self._cash,
        }

    def write(self, head: EntryRecord) -> bool:
        """Whether a sheet of its kind carries all the money of an entry, its notices and its deals."""
        postings, number = self.paid.get(head.id, []), head.id
        funds = {p.fund for p in postings}
        if any(p.loan >= 0 for p in postings) or not all(
            f in self.view.parties and self._carries(head, f) for f in funds
        ):
            return False
        deal = head.kind in (EntryKind.DEAL, EntryKind.EXIT)
        if len(funds) > 1 or len(self.deals.get(number, ())) != deal:
            return False
        if not deal and (not postings or any(p.deal >= 0 and p.kind not in _THINGS for p in postings)):
            return False
        if self.asked.get(number) and head.kind != EntryKind.CAPITAL_CALL:
            return False
        if self.notices.get(number) and head.kind not in _WITH_NOTICE:
            return False
        return (writer := self.writers.get(head.kind)) is not None and writer(head)

    def _carries(self, head: EntryRecord, party: int) -> bool:
        """Whether the sheet of an entry's kind takes the party as the one whose money it is."""
        of_deal = head.kind in (EntryKind.DEAL, EntryKind.EXIT)
        return self.view.parties[party].kind in (DEAL_INVESTORS if of_deal else FUND_KINDS)

    def _base(self, head: EntryRecord, fund: int, day: str, reference: str | None = None) -> Row:
        document = self.heads.document(head.id, reference)
        source = self.heads.source(head.id)
        return {"fund": self.heads.code(fund), day: head.effective_on, "document": document, "source": source}

    def _commitment(self, head: EntryRecord) -> bool:
        [p, *more] = self.paid[head.id]
        up = p.kind == PostingKind.COMMITMENT
        first = head.kind == EntryKind.COMMITMENT
        if more or p.kind > PostingKind.COMMITMENT_REDUCTION or (first and not up):
            return False
        number = self.heads.reference(head.id, "commitment", 2, 6)
        row = self._base(head, p.fund, "day", number)
        row["investor"] = self.heads.code(p.payer if up else p.payee)
        change = CommitmentChange.NEW if first else CommitmentChange.INCREASE
        row["change"] = change if up else CommitmentChange.REDUCTION
        row["amount"], row["number"] = self.heads.amount(p.fen, p.fund), number
        self.sheets["commitments"].append(row)
        return True

    def _transfer(self, head: EntryRecord) -> bool:
        postings = self.paid[head.id]
        kinds = [p.kind for p in postings]
        if kinds.count(PostingKind.COMMITMENT_TRANSFER) != 1 or len(set(kinds)) != len(kinds):
            return False
        moved = next(p for p in postings if p.kind == PostingKind.COMMITMENT_TRANSFER)
        sides = {
            (p.payee, p.payer) if p.kind == PostingKind.SECONDARY_PURCHASE else (p.payer, p.payee)
            for p in postings
        }
        if not set(kinds) <= set(_MOVED) or sides != {(moved.payer, moved.payee)}:
            return False
        number = self.heads.reference(head.id, "commitment", 2, 6)
        row = self._base(head, moved.fund, "day", number)
        row |= {"change": CommitmentChange.TRANSFER, "number": number}
        row |= {"investor": self.heads.code(moved.payer), "buyer": self.heads.code(moved.payee)}
        row |= {_MOVED[p.kind]: self.heads.amount(p.fen, moved.fund) for p in postings}
        self.sheets["commitments"].append(row)
        return True

    def _by_investor(
        self, head: EntryRecord, names: dict[PostingKind, str], *, received: bool
    ) -> dict[int, Row] | None:
        """Amounts by investor and column; None where a posting has no column or shares one with another."""
        rows: dict[int, Row] = {}
        for p in self.paid[head.id]:
            if p.kind not in names:
                return None
            paying = not received or p.kind == PostingKind.DISTRIBUTION_RETURNED
            row = rows.setdefault(p.payer if paying else p.payee, {})
            if row.get(names[p.kind]) is not None or (p.payee if paying else p.payer) != p.fund:
                return None
            if p.kind == PostingKind.DISTRIBUTION_IN_KIND or (p.kind in _THINGS and p.deal >= 0):
                if p.deal not in self.view.deal_by_id:
                    return None
                row["in_kind_deal"] = self.view.deal_by_id[p.deal].row.code
            row[names[p.kind]] = self.heads.amount(p.fen, p.fund)
        return rows

    def _notice(self, head: EntryRecord, kind: NoticeKind) -> Notice | None:
        """The one notice of an entry, if its money is of the notice's fund."""
        notices = self.notices.get(head.id, [])
        fits = len(notices) == 1 and notices[0].kind == kind and notices[0].fund == self.paid[head.id][0].fund
        return notices[0] if fits else None

    def _noticed(self, head: EntryRecord, sheet: str, day: str, notice: Notice, rows: dict[int, Row]) -> bool:
        if self._uses[head.kind, *notice[:3]] > 1:
            return False  # a sheet takes the rows of one number for one notice
        for investor, amounts in rows.items():
            row = self._base(head, notice.fund, day) | {"number": notice.number, "due_on": notice.due_on}
            row["investor"] = self.heads.code(investor)
            self.sheets[sheet].append(row | amounts)
        return True

    def _call(self, head: EntryRecord) -> bool:
        notice = self._notice(head, NoticeKind.CAPITAL_CALL)
        if notice is None or notice.due_on is None or notice.due_on < head.effective_on:
            return False
        rows: dict[int, Row] = defaultdict(dict)
        dues = []
        for line in self.asked.get(head.id, ()):
            if line.component not in CALL_COMPONENTS or line.component in rows[line.investor]:
                return False
            rows[line.investor][line.component] = self.heads.amount(line.fen, notice.fund)
            dues.append((CALL_COMPONENTS[line.component][1], line.investor, notice.fund, line.fen))
        postings = self.paid[head.id]
        if sorted(dues) != sorted((p.kind, p.payer, p.payee, p.fen) for p in postings):
            return False
        return self._noticed(head, "capital_calls", "notice_on", notice, rows)

    def _distribution(self, head: EntryRecord) -> bool:
        notice = self._notice(head, NoticeKind.DISTRIBUTION)
        rows = self._by_investor(head, _DISTRIBUTED, received=True)
        if notice is None or notice.due_on is not None or not rows:
            return False
        if sorted(self.marks.get(head.id, [])) != sorted(self._first_values(head)):
            return False
        return self._noticed(head, "distributions", "paid_on", notice, rows)

    def _first_values(self, head: EntryRecord) -> list[Mark]:
        """What a distribution brings back as values: of shares in kind, with who had none of the company."""
        worth: dict[tuple[int, int], int] = defaultdict(int)
        for p in self.paid[head.id]:
            if p.kind == PostingKind.DISTRIBUTION_IN_KIND:
                worth[p.payee, self.view.deal_by_id[p.deal].row.company] += p.fen
        on, entries, document = (
            day_number(head.effective_on),
            self.view.postings.entry,
            self.heads.document(head.id),
        )
        paths = {pair: cost_paths(self.view)[pair] for pair in worth}
        return [
            Mark(*pair, worth[pair], MarkMethod.COST.value, None, document)
            for pair, path in paths.items()
            if not path.deals_upto(on)
            and not any(m.day < on or (m.day == on and entries[m.place] < head.id) for m in path.moves)
        ]

    def _payment(self, head: EntryRecord) -> bool:
        rows = self._by_investor(head, {**_CALLED, **_BESIDE}, received=False)
        notice = self._notice(head, NoticeKind.CAPITAL_CALL)
        stated = self.notices.get(head.id)
        if rows is None or len(rows) != 1 or (stated and (notice is None or notice.due_on is not None)):
            return False
        reference = self.heads.reference(head.id, "payment", 5, 6)
        [(investor, amounts)] = rows.items()
        if IN_KIND in amounts and not self._whole_in_kind(head, amounts, reference):
            return False
        row = self._base(head, self.paid[head.id][0].fund, "paid_on", reference)
        row |= {"number": notice and notice.number, "reference": reference}
        self.sheets["payments"].append({**row, "investor": self.heads.code(investor), **amounts})
        return True

    def _whole_in_kind(self, head: EntryRecord, amounts: Row, reference: str | None) -> bool:
        """Whether a row of the payments sheet may say it: alone, with its document, its deal of the same day and unpaid."""
        deals = {p.deal for p in self.paid[head.id] if p.deal >= 0}
        return (
            not amounts.keys() - {IN_KIND, "in_kind_deal"}
            and self.heads.document(head.id, reference) is not None
            and all(
                (deal := self.view.deal_by_id[number]).day == head.effective_on
                and not any(p.kind == PostingKind.INVESTMENT for p in self.paid.get(deal.entry, ()))
                for number in deals
            )
        )

    def _deal(self, head: EntryRecord) -> bool:
        [deal], postings = self.deals[head.id], self.paid.get(head.id, [])
        kind = DealKind(deal.kind)
        buyer = postings[0].payer if postings and kind in _EXITS else deal.company
        if not self._carries(head, deal.investor) or not self._plain(head, deal, kind, buyer):
            return False
        row = self._base(head, deal.investor, "day") | self.terms(deal)
        if postings:
            row["amount"] = self.heads.amount(postings[0].fen, deal.investor)
            row["buyer"] = None if buyer == deal.company else self.heads.code(buyer)
        elif kind in _ENTRIES_IN:
            row["paid_in_kind"] = True
        self.sheets["deals"].append(row)
        return True

    def _plain(self, head: EntryRecord, deal: Deal, kind: DealKind, buyer: int) -> bool:
        """Whether a row of the sheet of deals brings a deal back with its money and nothing else."""
        moved = [p[:5] for p in self.paid.get(head.id, [])]
        marks = self.marks.get(head.id, [])
        fund, company = deal.investor, deal.company
        if self.view.parties[company].kind not in FUND_KINDS | {PartyKind.COMPANY}:
            return False
        if (deal.stage and not deal.stage_definition) or (deal.exit_route and kind in _ENTRIES_IN):
            return False
        if kind is DealKind.WRITE_OFF:
            nothing = Mark(fund, company, 0, MarkMethod.WRITTEN_OFF.value, None, self.heads.document(head.id))
            return head.kind == EntryKind.EXIT and moved == [] and marks == [nothing]
        if kind is DealKind.CONVERSION:
            return head.kind == EntryKind.DEAL and moved == [] and not (deal.round or deal.exit_route)
        if kind in _EXITS and deal.exit_route in (ExitRoute.IN_KIND, ExitRoute.CONTRIBUTED):
            return head.kind == EntryKind.EXIT and moved == []
        if kind in _EXITS:
            paid = (PostingKind.EXIT_PROCEEDS, buyer, fund, fund, deal.id)
            return head.kind == EntryKind.EXIT and moved == [paid] and buyer != fund
        if head.kind == EntryKind.DEAL and moved == [] and deal.id in self._contributed:
            return deal.share_nano is not None
        return head.kind == EntryKind.DEAL and moved == [
            (PostingKind.INVESTMENT, fund, company, fund, deal.id)
        ]

    def terms(self, deal: Deal) -> Row:
        """What a deal says beside its money."""
        return {
            "code": deal.code,
            "company": self.heads.code(deal.company),
            "kind": DealKind(deal.kind),
            "round": deal.round,
            "instrument": deal.instrument and Instrument(deal.instrument),
            "share": None if deal.share_nano is None else Decimal(deal.share_nano).scaleb(-9),
            "post_money": self.heads.amount(deal.post_money, deal.investor),
            "stage": deal.stage and Stage(deal.stage),
            "stage_definition": deal.stage_definition,
            "exit_route": deal.exit_route and ExitRoute(deal.exit_route),
        }

    def _cash(self, head: EntryRecord) -> bool:
        [p, *more] = self.paid[head.id]
        if more or p.kind not in _CASH:
            return False
        kind = _CASH[p.kind]
        own, other = (p.payee, p.payer) if CASH_KINDS[kind][1] is Direction.IN else (p.payer, p.payee)
        if own != p.fund:
            return False
        reference = self.heads.reference(head.id, "fund_cash", 2, 5)
        row = self._base(head, p.fund, "day", reference)
        row |= {"kind": kind, "counterparty": self.heads.code(other), "reference": reference}
        self.sheets["fund_cash"].append({**row, "amount": self.heads.amount(p.fen, p.fund)})
        return True


def _by_entry(rows: Iterable[Dated]) -> dict[int, list[Any]]:
    by_entry: dict[int, list[Any]] = defaultdict(list)
    for dated in rows:
        by_entry[dated.entry].append(dated.row)
    return by_entry


def money_rows(money: MoneySheets) -> set[int]:
    """Fill the money sheets; returns the entries whose money, notices and deals they carry."""
    written = {head.id for head in money.heads.live.values() if money.write(head)}
    for entry in written:
        rows = (money.paid, money.notices, money.asked, money.deals, money.marks)
        money.heads.carried[entry] += sum(len(own.get(entry, ())) for own in rows)
    return written
