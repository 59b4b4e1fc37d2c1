"""What an audit reads of the journal: every live row of a prefix, whatever its day, as plain Python.

A dry run adds rows of things that have not happened to a copy of these; nothing is written anywhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from fof.ledger import View, to_date
from fof.ledger.prefix import PartyRecord
from models import journal as tables


class PostingRow(NamedTuple):
    """A posting with its day; fund and deal None where it names none."""

    day: dt.date
    entry: int
    kind: int
    frm: int
    to: int
    fund: int | None
    deal: int | None
    fen: int


class FactRow(NamedTuple):
    """An attribute as stored."""

    day: dt.date
    entry: int
    party: int | None
    deal: int | None
    name: str
    value: str
    basis: str | None


class DealRow(NamedTuple):
    """A deal with its day."""

    day: dt.date
    entry: int
    row: tables.Deal


class MarkRow(NamedTuple):
    """A stated value."""

    day: dt.date
    holder: int
    holding: int
    fen: int


class EdgeRow(NamedTuple):
    """A declared ownership share."""

    day: dt.date
    row: tables.Edge


class DecisionRow(NamedTuple):
    """A disposition; two rows of one entry speak about a stake (fund, then investor)."""

    day: dt.date
    entry: int
    row: tables.Disposition


class SettingRow(NamedTuple):
    """A setting and who recorded it."""

    day: dt.date
    entry: int
    who: str
    row: tables.Setting


@dataclass
class Rows:
    """Live rows of one prefix, each list by (day, entry)."""

    parties: dict[int, PartyRecord]
    postings: list[PostingRow] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)
    deals: list[DealRow] = field(default_factory=list)
    marks: list[MarkRow] = field(default_factory=list)
    edges: list[EdgeRow] = field(default_factory=list)
    notices: dict[int, tables.Notice] = field(default_factory=dict)
    decisions: list[DecisionRow] = field(default_factory=list)
    settings: list[SettingRow] = field(default_factory=list)

    def more(
        self,
        postings: list[PostingRow] | None = None,
        deals: list[DealRow] | None = None,
        marks: list[MarkRow] | None = None,
        parties: dict[int, PartyRecord] | None = None,
        facts: list[FactRow] | None = None,
    ) -> Rows:
        """A copy with further rows at the end."""
        return Rows(
            {**self.parties, **(parties or {})},
            [*self.postings, *(postings or [])],
            [*self.facts, *(facts or [])],
            [*self.deals, *(deals or [])],
            [*self.marks, *(marks or [])],
            self.edges, self.notices, self.decisions, self.settings,
        )  # fmt: skip


def read_rows(view: View) -> Rows:
    """Every live row known at the view's entry, days after its as-of day included."""
    journal, known = view.journal, view.known_at
    everything = journal.view(None, known)
    live = journal.live(known)
    day_of: dict[int, dt.date] = {}

    def day(number: int) -> dt.date:
        found = day_of.get(number)
        if found is None:
            found = day_of[number] = to_date(number)
        return found

    rows = Rows(everything.parties)
    p = everything.postings
    columns = (p.day, p.entry, p.kind, p.from_party, p.to_party, p.fund, p.deal, p.fen)
    rows.postings = [
        PostingRow(day(d), e, k, f, t, None if fund < 0 else fund, None if deal < 0 else deal, fen)
        for d, e, k, f, t, fund, deal, fen in zip(*(c.tolist() for c in columns), strict=True)
    ]
    for record in journal.rows("fact"):
        if record.entry > known:
            break
        if live[record.entry]:
            party, deal, name, value, basis, _ = record.row
            rows.facts.append(FactRow(day(int(record.day)), record.entry, party, deal, name, value, basis))
    rows.facts.sort(key=lambda f: (f.day, f.entry))
    rows.deals = [DealRow(d.day, d.entry, d.row) for d in everything.deals]
    rows.marks = [MarkRow(m.day, m.row.holder, m.row.holding, m.row.fen) for m in everything.marks]
    rows.edges = [EdgeRow(e.day, e.row) for e in everything.edges]
    rows.notices = {n.entry: n.row for n in everything.notices}
    rows.decisions = [DecisionRow(d.day, d.entry, d.row) for d in everything.dispositions]
    rows.settings = [
        SettingRow(s.day, s.entry, everything.entry(s.entry).recorded_by, s.row) for s in everything.settings
    ]
    return rows
