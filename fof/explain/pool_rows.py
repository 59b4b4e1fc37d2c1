"""Rows behind figures of pools: payments and steps as postings, loans by the entry that enrolled them, attributes in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fof.book.identities import Registered
from fof.book.pools.claims import PoolPayment
from fof.book.pools.loans import Loan
from fof.explain.sources import FigureTerm, SourceRow, part, posting_rows
from fof.figures.pools import PoolDesk
from fof.ledger import View, to_date
from models.facts import SUBJECT_FACTS, FactType
from models.text import Text


@dataclass(slots=True)
class PoolMovement:
    """A payment or step that an entry brought, with what it adds in fen."""

    entry: int
    day: dt.date
    fen: int
    kind: str
    text: Text
    payer: int | None
    payee: int | None


class PoolRows:
    """The pools of a view, and rows of what they are made of."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, PoolDesk(view)
        self.own, self.day = self.desk.own, self.desk.day

    def payment(self, payment: PoolPayment, fen: int) -> PoolMovement:
        leg = payment.leg
        return PoolMovement(
            payment.entry, payment.day, fen, leg.value, Text(leg.zh, leg.en), payment.payer, payment.payee
        )

    def term(self, name: str, text: Text, moves: Iterable[PoolMovement]) -> FigureTerm:
        """A term of postings; of what moved no money, of the entry that says so."""
        listed = list(moves)
        p = self.view.postings
        wanted = {one.entry for one in listed}
        places = {e: at for at, e in enumerate(p.entry.tolist()) if e in wanted} if wanted else {}
        moved = [one for one in listed if one.entry in places]
        at = np.array([places[one.entry] for one in moved], np.int64)
        rows = posting_rows(self.view, at, np.array([one.fen for one in moved], np.int64))
        rows += [
            SourceRow(
                "subject_fact",
                one.entry,
                None,
                one.day,
                one.kind,
                one.text,
                one.payer,
                one.payee,
                None,
                one.fen,
            )
            for one in listed
            if one.entry not in places
        ]
        return part(name, text, sum(one.fen for one in listed), rows)

    def loan_row(self, loan: Loan, fen: int, day: dt.date) -> SourceRow:
        """A loan as a row: by the entry that enrolled it."""
        stated = loan.subject.rows("enrolled_on") or loan.subject.rows("contract_amount")
        entry = stated[0].entry if stated else None
        text = Text(f"贷款 {loan.code}", f"Loan {loan.code}")
        return SourceRow(
            "subject_fact", entry, None, day, "loan", text, loan.lender, loan.borrower, None, fen
        )

    def stated(self, subject: Registered, names: Iterable[str]) -> list[FigureTerm]:
        """Attributes in force on the day, each a term of its own."""
        terms = []
        for name in names:
            rows = [r for r in subject.rows(name) if to_date(r.day) <= self.day]
            if not rows:
                continue
            spec, last, value = SUBJECT_FACTS[name], rows[-1], subject.on(name, self.day)
            fen = int(value) if spec.kind is FactType.FEN else None
            share = float(value) if spec.kind in (FactType.SHARE, FactType.NUMBER) else None
            beside = "" if fen is not None or share is not None else f" {spec.write(value)}"
            text = Text(
                f"{spec.text.zh}{beside} · {subject.code}", f"{spec.text.en}{beside} · {subject.code}"
            )
            row = SourceRow(
                "subject_fact",
                last.entry,
                last.line,
                to_date(last.day),
                name,
                text,
                None,
                None,
                None,
                fen,
                share=share,
            )
            terms.append(part(f"{name}-{subject.code}", text, fen, [row], share))
        return terms
