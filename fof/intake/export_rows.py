"""What every part of an export needs: heads of live entries, codes, amounts in the right currency."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fof.book.entries import CARRIED, document_of
from fof.importers.cells import Amount
from fof.intake.keys import parts
from fof.ledger import EntryRecord, View
from models.money import DEFAULT_CURRENCY

BY_HAND = "账内登记"
"""The source of an entry that came from no file."""

Row = dict[str, Any]
"""Typed values by column name."""

Sheets = dict[str, list[Row]]
"""Layout name → rows."""


class Heads:
    """Heads of the live entries of a view that are not reversals, and what the keys and notes of ours say.

    carried : entry → how many of its postings and rows the sheets carry
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.live: dict[int, EntryRecord] = {
            head.id: head
            for head in view.journal.entries(1, view.known_at)
            if head.reverses is None
            and (head.reversed_by is None or head.reversed_by > view.known_at)
            and (view.as_of is None or head.effective_on <= view.as_of)
        }
        self.carried: Counter[int] = Counter()

    def left(self) -> Counter[str]:
        """Kind of entry → how many have a posting or a row that no sheet carries."""
        view, held = self.view, Counter(self.view.postings.entry.tolist())
        dated = (
            view.deals,
            view.marks,
            view.edges,
            view.notices,
            view.notice_lines,
            view.positions,
            view.settings,
            view.column_mappings,
            view.quarter_closes,
            view.decisions,
            view.subject_facts,
            *map(view.links_ever, view.subjects),
        )
        held.update(row.entry for rows in dated for row in rows)
        held.update(p.entry for p in view.parties.values())
        identities = (r.entry for table in ("fact", "subject") for r in view.prefix.records(table))
        held.update(entry for entry in identities if entry in self.live)
        short = (entry for entry, rows in held.items() if entry in self.live and self.carried[entry] < rows)
        return Counter(self.live[entry].kind for entry in short)

    def reference(self, entry: int, kind: str, place: int, length: int) -> str | None:
        """The part of an entry's key at a place, where the key is of that kind and has that many parts or more."""
        key_parts = parts(self.live[entry].key)
        return key_parts[place] or None if key_parts[0] == kind and len(key_parts) >= length else None

    def document(self, entry: int, reference: str | None = None) -> str | None:
        """The note of an entry without the reference it begins with."""
        note = self.live[entry].note
        if note is None or note == reference:
            return None
        return note.removeprefix(f"{reference} · ") if reference else note

    def source(self, entry: int) -> str:
        """Where an entry was read from, as text; the same text again where it came as text itself."""
        return (document_of(self.live[entry]) or BY_HAND).removesuffix(CARRIED)

    def code(self, party: int) -> str:
        """The code of a party."""
        return self.view.parties[party].code

    def held_in(self, fund: int, holder: int) -> int:
        """The party in whose currency a disclosure of a fund is: the fund where it states one, else the holder."""
        return holder if self.view.fact(fund, "currency") is None else fund

    def currency_of(self, payer: int, payee: int) -> int:
        """The party in whose currency money without a fund is: the payer where it states one, else the payee."""
        return payee if self.view.fact(payer, "currency") is None else payer

    def amount(self, fen: int | None, party: int) -> Amount | None:
        """Fen in the currency the party states."""
        if fen is None:
            return None
        return Amount(fen, self.view.fact(party, "currency") or DEFAULT_CURRENCY)
