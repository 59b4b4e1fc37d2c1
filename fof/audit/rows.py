"""What an audit reads of the journal: every live row of a prefix, whatever its day.

Postings stay in the journal's columns and attributes in its index; small tables are plain Python. A dry run adds rows of
things that have not happened to a copy of these; nothing is written anywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fof.ledger import View, day_number, to_date
from fof.ledger.columns import RowRecord
from fof.ledger.postings import POSTING_COLUMNS, Ints, Postings, joined, no_postings
from fof.ledger.prefix import PartyRecord, Subject
from models import rows as tables

Facts = Mapping[Subject, Mapping[str, Sequence[RowRecord]]]
"""Subject -> attribute -> its rows (models.rows.Fact) by day and entry."""


class Dates(dict[int, dt.date]):
    """Day number -> date; each date is made once."""

    def __missing__(self, number: int) -> dt.date:
        found = self[number] = to_date(number)
        return found


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
    """Live rows of one prefix, lists by (day, entry), postings in the order of the journal."""

    parties: dict[int, PartyRecord]
    postings: Postings = field(default_factory=no_postings)
    facts: Facts = field(default_factory=dict)
    deals: list[DealRow] = field(default_factory=list)
    marks: list[MarkRow] = field(default_factory=list)
    edges: list[EdgeRow] = field(default_factory=list)
    notices: dict[int, tables.Notice] = field(default_factory=dict)
    decisions: list[DecisionRow] = field(default_factory=list)
    settings: list[SettingRow] = field(default_factory=list)
    notes: Callable[[Iterable[int]], Mapping[int, str]] = lambda _: {}
    dates: Dates = field(default_factory=Dates)

    def posting_rows(self, places: Ints) -> list[PostingRow]:
        """The postings at some places, as rows."""
        p, date = self.postings, self.dates
        columns = (p.day, p.entry, p.kind, p.from_party, p.to_party, p.fund, p.deal, p.fen)
        return [
            PostingRow(date[d], e, k, f, t, None if fund < 0 else fund, None if deal < 0 else deal, fen)
            for d, e, k, f, t, fund, deal, fen in zip(*(c[places].tolist() for c in columns), strict=True)
        ]

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
            joined([self.postings, _columns(postings)]) if postings else self.postings,
            _with_facts(self.facts, facts) if facts else self.facts,
            [*self.deals, *(deals or [])],
            [*self.marks, *(marks or [])],
            self.edges,
            self.notices,
            self.decisions,
            self.settings,
            self.notes,
            self.dates,
        )


def _columns(rows: Iterable[PostingRow]) -> Postings:
    """Rows as columns; a fund or deal that is not named is -1."""
    made = [
        (
            r.entry,
            0,
            r.kind,
            r.frm,
            r.to,
            -1 if r.fund is None else r.fund,
            -1 if r.deal is None else r.deal,
            -1,
            r.fen,
            day_number(r.day),
        )
        for r in rows
    ]
    kinds = [kind for _, kind in (*POSTING_COLUMNS, ("day", np.int32))]
    return Postings.of(
        np.array(column, kind) for column, kind in zip(zip(*made, strict=True), kinds, strict=True)
    )


def _with_facts(facts: Facts, rows: Iterable[FactRow]) -> Facts:
    """The attributes with further rows, each after those of its day."""
    found = {subject: dict(by_name) for subject, by_name in facts.items()}
    for f in rows:
        subject = ("party", f.party) if f.party is not None else ("deal", f.deal or 0)
        record = RowRecord(
            f.entry, 0, day_number(f.day), tables.Fact(f.party, f.deal, f.name, f.value, f.basis)
        )
        by_name = found.setdefault(subject, {})
        by_name[f.name] = sorted([*by_name.get(f.name, ()), record], key=lambda r: r.day)
    return found


def read_rows(view: View) -> Rows:
    """Every live row known at the view's entry, days after its as-of day included."""
    everything = view.journal.view(None, view.known_at)
    booked = everything.heads(s.entry for s in everything.settings)

    def notes(entries: Iterable[int]) -> dict[int, str]:
        return {number: head.note for number, head in everything.heads(entries).items() if head.note}

    return Rows(
        everything.parties,
        everything.postings,
        everything.prefix.facts,
        [DealRow(d.day, d.entry, d.row) for d in everything.deals],
        [MarkRow(m.day, m.row.holder, m.row.holding, m.row.fen) for m in everything.marks],
        [EdgeRow(e.day, e.row) for e in everything.edges],
        {n.entry: n.row for n in everything.notices},
        [DecisionRow(d.day, d.entry, d.row) for d in everything.dispositions],
        [SettingRow(s.day, s.entry, booked[s.entry].recorded_by, s.row) for s in everything.settings],
        notes,
    )
