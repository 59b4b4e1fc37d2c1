"""Export of promises and payments: commitments, notices, payments, distributions, deals, fund cash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from fof.importers.layouts.capital_calls import CALL_COMPONENTS
from fof.importers.layouts.commitments import CommitmentChange
from fof.importers.layouts.distributions import DISTRIBUTION_COMPONENTS, RETURNED
from fof.importers.layouts.fund_cash import CASH_KINDS, Direction
from fof.intake.components import components_of
from fof.intake.export_rows import Heads, Row, Sheets
from fof.ledger import EntryRecord, View
from models.journal import Deal, Notice
from models.kinds import DealKind, EntryKind, ExitRoute, Instrument, Stage
from models.posting_kinds import PostingKind

_CALLED = {paid: name for name, (paid, _) in CALL_COMPONENTS.items()}
_BESIDE = {PostingKind.LATE_INTEREST: "late_interest", PostingKind.EQUALISATION_PAID: "equalisation"}
_DUE = {PostingKind.CALL_DUE: "investment", PostingKind.CALL_DUE_OUTSIDE: "fee_outside"}
_DISTRIBUTED = {kind: name for name, kind in DISTRIBUTION_COMPONENTS.items()} | {
    PostingKind.DISTRIBUTION_RETURNED: RETURNED
}
_CASH = {posted: kind for kind, (posted, _) in CASH_KINDS.items()}
_MOVED = {
    PostingKind.COMMITMENT_TRANSFER: "amount",
    PostingKind.PAID_IN_TRANSFER: "paid_in_moved",
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
    """Live postings, notices and deals by entry; each writer returns whether its sheet carries the whole entry."""

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
        self.notices: dict[int, Notice] = {n.entry: n.row for n in view.notices}
        self.deals: dict[int, Deal] = {d.entry: d.row for d in view.deals}
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

    def _base(self, head: EntryRecord, fund: int, day: str, reference: str | None = None) -> Row:
        document = self.heads.document(head.id, reference)
        source = self.heads.source(head.id)
        return {"fund": self.heads.code(fund), day: head.effective_on, "document": document, "source": source}

    def _commitment(self, head: EntryRecord) -> bool:
        postings = self.paid[head.id]
        if not postings or any(p.kind > PostingKind.COMMITMENT_REDUCTION for p in postings):
            return False
        number = self.heads.reference(head.id, "commitment", 2, 6)
        for p in postings:
            up = p.kind == PostingKind.COMMITMENT
            change = CommitmentChange.NEW if head.kind == EntryKind.COMMITMENT else CommitmentChange.INCREASE
            row = self._base(head, p.fund, "day", number)
            row["investor"] = self.heads.code(p.payer if up else p.payee)
            row["change"] = change if up else CommitmentChange.REDUCTION
            row["amount"], row["number"] = self.heads.amount(p.fen, p.fund), number
            self.sheets["commitments"].append(row)
        return True

    def _transfer(self, head: EntryRecord) -> bool:
        postings = self.paid[head.id]
        kinds = [p.kind for p in postings]
        if kinds.count(PostingKind.COMMITMENT_TRANSFER) != 1 or len(set(kinds)) != len(kinds):
            return False
        if not set(kinds) <= set(_MOVED):
            return False
        number = self.heads.reference(head.id, "commitment", 2, 6)
        moved = next(p for p in postings if p.kind == PostingKind.COMMITMENT_TRANSFER)
        row = self._base(head, moved.fund, "day", number)
        row |= {"change": CommitmentChange.TRANSFER, "number": number}
        row |= {"investor": self.heads.code(moved.payer), "buyer": self.heads.code(moved.payee)}
        row |= {_MOVED[p.kind]: self.heads.amount(p.fen, moved.fund) for p in postings}
        self.sheets["commitments"].append(row)
        return True

    def _by_investor(
        self, head: EntryRecord, names: dict[PostingKind, str], *, received: bool
    ) -> dict[int, Row] | None:
        """Amounts by investor and column; None where a posting has no column."""
        rows: dict[int, Row] = {}
        for p in self.paid[head.id]:
            if p.kind not in names:
                return None
            paying = not received or p.kind == PostingKind.DISTRIBUTION_RETURNED
            row = rows.setdefault(p.payer if paying else p.payee, {})
            before = row.get(names[p.kind])
            row[names[p.kind]] = self.heads.amount(p.fen + (before.fen if before else 0), p.fund)
        return rows

    def _noticed(
        self, head: EntryRecord, sheet: str, day: str, names: dict[PostingKind, str], *, received: bool
    ) -> bool:
        notice = self.notices.get(head.id)
        rows = self._by_investor(head, names, received=received)
        if notice is None or not rows:
            return False
        asked = components_of(self.view, notice.fund, notice.number) if sheet == "capital_calls" else {}
        for investor, amounts in rows.items():
            row = self._base(head, notice.fund, day) | {"number": notice.number}
            row["investor"] = self.heads.code(investor)
            if sheet == "capital_calls":
                row["due_on"] = notice.due_on or head.effective_on
                parts = asked.get(investor, {})
                amounts = {n: self.heads.amount(fen, notice.fund) for n, fen in parts.items()} or amounts
            row |= amounts
            self.sheets[sheet].append(row)
        return True

    def _call(self, head: EntryRecord) -> bool:
        return self._noticed(head, "capital_calls", "notice_on", _DUE, received=False)

    def _distribution(self, head: EntryRecord) -> bool:
        return self._noticed(head, "distributions", "paid_on", _DISTRIBUTED, received=True)

    def _payment(self, head: EntryRecord) -> bool:
        rows = self._by_investor(head, {**_CALLED, **_BESIDE}, received=False)
        if not rows:
            return False
        notice = self.notices.get(head.id)
        reference = self.heads.reference(head.id, "payment", 5, 6)
        for investor, amounts in rows.items():
            row = self._base(head, self.paid[head.id][0].fund, "paid_on", reference)
            row |= {"number": notice and notice.number, "reference": reference}
            self.sheets["payments"].append({**row, "investor": self.heads.code(investor), **amounts})
        return True

    def _deal(self, head: EntryRecord) -> bool:
        deal, postings = self.deals.get(head.id), self.paid.get(head.id, [])
        kind = None if deal is None else DealKind(deal.kind)
        if deal is None or len(postings) != (0 if kind is DealKind.WRITE_OFF else 1):
            return False
        row = self._base(head, deal.investor, "day")
        row |= {
            "code": deal.code,
            "company": self.heads.code(deal.company),
            "kind": kind,
            "round": deal.round,
        }
        row["instrument"] = deal.instrument and Instrument(deal.instrument)
        row["share"] = None if deal.share_nano is None else Decimal(deal.share_nano).scaleb(-9)
        row["post_money"] = self.heads.amount(deal.post_money, deal.investor)
        row["stage"], row["stage_definition"] = deal.stage and Stage(deal.stage), deal.stage_definition
        row["exit_route"] = deal.exit_route and ExitRoute(deal.exit_route)
        if postings:
            row["amount"] = self.heads.amount(postings[0].fen, deal.investor)
            if postings[0].kind == PostingKind.EXIT_PROCEEDS and postings[0].payer != deal.company:
                row["buyer"] = self.heads.code(postings[0].payer)
        self.sheets["deals"].append(row)
        return True

    def _cash(self, head: EntryRecord) -> bool:
        postings = self.paid[head.id]
        if not postings or any(p.kind not in _CASH or p.fund not in (p.payer, p.payee) for p in postings):
            return False
        reference = self.heads.reference(head.id, "fund_cash", 2, 5)
        for p in postings:
            kind = _CASH[p.kind]
            other = p.payer if CASH_KINDS[kind][1] is Direction.IN else p.payee
            row = self._base(head, p.fund, "day", reference)
            row |= {"kind": kind, "counterparty": self.heads.code(other), "reference": reference}
            self.sheets["fund_cash"].append({**row, "amount": self.heads.amount(p.fen, p.fund)})
        return True


def money_rows(money: MoneySheets) -> set[int]:
    """Fill the money sheets; returns the entries whose money they carry whole."""
    return {
        head.id
        for head in money.heads.live.values()
        if all(p.loan < 0 for p in money.paid.get(head.id, ()))  # no sheet of these says what it is about
        and (write := money.writers.get(head.kind))
        and write(head)
    }
