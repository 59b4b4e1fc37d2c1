"""What is dated into a quarter that was closed: told before it is booked, booked with a reason, listed after the close.

A close freezes nothing. An entry whose day lies on or before the end of a closed quarter, and that names a party of the
portfolio whose quarter it is, changes what was reported: whoever books it says why, and the reason stands in the entry's
note.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from fof.book.entries import detail
from fof.book.known import Close, closes, quarter_name
from fof.book.succession import line_of
from fof.errors import Problem
from fof.ledger import Draft, Ids, Plan, Planner, View, day_number
from fof.ledger.prefix import Prefix
from models.journal import ROW_TABLES, Party
from models.kinds import EntryKind
from models.posting_kinds import PostingKind
from models.rows import PARTY_FIELDS
from models.text import Text, counted, joined

REASON = "补记："
"""Stands before the reason in the note of an entry."""
CODE = "closed_quarter"
_MOVES_NOTHING = frozenset({EntryKind.PERIOD_CLOSE, EntryKind.MAPPING, EntryKind.SCENARIO})
_NAMED_AT_MOST = 4

Parties = frozenset[int] | None
"""Ids of the parties of a portfolio; None: everybody."""


# -- whose quarter ------------------------------------------------------------------------------------------------

_concerned: WeakKeyDictionary[Prefix, dict[int | None, Parties]] = WeakKeyDictionary()


def concerned(view: View, close: Close) -> Parties:
    """The parties whose rows a closed quarter was reported from: the portfolio's party and all it succeeds, the funds they have
    or had a commitment to, and the companies that any of them invested in."""
    by_portfolio = _concerned.setdefault(view.prefix, {})
    if close.party not in by_portfolio:
        by_portfolio[close.party] = (
            None if close.party is None else _parties_of(View(view.journal, None, view.prefix), close.party)
        )
    return by_portfolio[close.party]


def _parties_of(view: View, party: int) -> Parties:
    holders = line_of(view, party)
    p = view.postings
    promised = np.isin(p.kind, [PostingKind.COMMITMENT, PostingKind.COMMITMENT_TRANSFER])
    own = promised & (np.isin(p.from_party, list(holders)) | np.isin(p.to_party, list(holders)))
    funds = {int(f) for f in np.unique(p.fund[own]) if f >= 0} | {
        x.row.fund for x in view.positions if x.row.holder in holders
    }
    inside = holders | funds
    return frozenset(inside | {d.row.company for d in view.deals if d.row.investor in inside})


# -- before it is booked --------------------------------------------------------------------------------------------


def over(view: View, day: dt.date, parties: Iterable[int]) -> list[Close]:
    """The closed quarters whose figures something of that day about the parties changes: the last close of each, oldest first."""
    named = set(parties)
    return [
        c for c, own in _quarters(view) if day <= c.quarter_end and (own is None or not named.isdisjoint(own))
    ]


def _quarters(view: View) -> list[tuple[Close, Parties]]:
    """The last close of every quarter and portfolio, oldest quarter first, with the parties it concerns."""
    last = {(c.portfolio, c.quarter_end): c for c in closes(View(view.journal, None, view.prefix))}
    return [(c, concerned(view, c)) for c in last.values()]


def reasoned(planner: Planner, why: str | None) -> Planner:
    """The planner, with a reason in the note of every entry that is dated into a closed quarter; without a reason such entries
    are a problem of the plan. What is booked already needs none."""

    def make(view: View, ids: Ids) -> Plan:
        plan = planner(view, ids)
        affected = late(view, plan.drafts)
        if not affected:
            return plan
        reason = " ".join((why or "").split())
        if not reason:
            plan.problems.append(problem([c for _draft, over_ in affected for c in over_], len(affected)))
        for draft, _over in affected:
            if reason:
                draft.note = f"{draft.note}；{REASON}{reason}" if draft.note else f"{REASON}{reason}"
        return plan

    return make


def late(view: View, drafts: Sequence[Draft]) -> list[tuple[Draft, list[Close]]]:
    """The drafts that are not booked yet and are dated into closed quarters, each with those quarters."""
    quarters = _quarters(view)
    last = max((c.quarter_end for c, _own in quarters), default=dt.date.min)
    affected = []
    for draft in drafts:
        if draft.kind in _MOVES_NOTHING or draft.effective_on > last or view.booked(draft.key) is not None:
            continue
        named = _named(view, draft)
        hit = [
            c
            for c, own in quarters
            if draft.effective_on <= c.quarter_end
            and (own is None or named is None or not named.isdisjoint(own))
        ]
        if hit:
            affected.append((draft, hit))
    return affected


def over_entry(view: View, entry: int) -> list[Close]:
    """The closed quarters whose figures an entry is part of: what taking it back changes. Empty for no such entry."""
    if not 0 < entry <= view.known_at:
        return []
    [head] = view.journal.entries(entry, entry)
    if EntryKind(head.kind) in _MOVES_NOTHING:
        return []
    draft = Draft(EntryKind.REVERSAL, head.effective_on, f"reversal:{entry}", b"", reverses=entry)
    return next((closed for _draft, closed in late(view, [draft])), [])


def _named(view: View, draft: Draft) -> Parties:
    """The parties a draft names; of a reversal, those of what it takes back. None where it is about no party in particular."""
    postings: list[Any] = [*draft.postings]
    rows: list[Any] = [*draft.rows]
    if draft.reverses is not None:
        taken = detail(view, draft.reverses)
        postings += taken.postings
        rows += [row for _table, _line, row in taken.rows]
    named = {party for p in postings for party in (p.from_party, p.to_party, p.fund)}
    named |= {row.id for row in rows if isinstance(row, Party)}
    named |= {getattr(row, f) for row in rows for f in PARTY_FIELDS if hasattr(row, f)}
    for number in {row.deal for row in (*postings, *rows) if getattr(row, "deal", None) is not None}:
        deal = view.deal_by_id.get(number)
        if deal is not None:
            named |= {deal.row.investor, deal.row.company}
    named.discard(None)
    return frozenset(named) or None


def names(quarters: Iterable[Close]) -> Text:
    """The quarters by name, the newest first; of many the first few and how many there are."""
    listed = sorted({quarter_name(c.quarter_end) for c in quarters}, reverse=True)
    sentence = joined(Text(name, name) for name in listed[:_NAMED_AT_MOST])
    more = len(listed) > _NAMED_AT_MOST
    return Text(f"{sentence.zh} …（{len(listed)}）", f"{sentence.en} … ({len(listed)})") if more else sentence


def problem(quarters: Iterable[Close], entries: int) -> Problem:
    """That entries change closed quarters, and what is asked for."""
    listed = names(quarters)
    return Problem(
        CODE,
        Text(
            f"{entries} 条分录的生效日在已结账的季度之内（{listed.zh}），会改变已报的数字：须写明补记理由",
            f"dated into closed quarters ({listed.en}): {counted(entries, 'entry')}; what was reported changes: give a reason",
        ),
    )


# -- after the close ------------------------------------------------------------------------------------------------


def after(view: View, close: Close) -> list[int]:
    """Entries the view knows that are dated on or before a closed quarter's end, concern its portfolio, and are not among those
    the quarter's reports were made from; by number."""
    columns = view.columns
    ids = np.arange(close.known_at + 1, view.known_at + 1)
    dated = ids[columns.entry_day[ids] <= day_number(close.quarter_end)]
    if not len(dated):
        return []
    own = concerned(view, close)
    wanted = set(dated.tolist())
    if own is not None:
        wanted &= _naming(view, close.known_at, own) | _reversals(view, close.known_at, own)
    kinds = {h.id: h.kind for h in view.journal.entries(min(wanted), max(wanted))} if wanted else {}
    return sorted(e for e in wanted if EntryKind(kinds[e]) not in _MOVES_NOTHING)


def _naming(view: View, after_entry: int, own: frozenset[int]) -> set[int]:
    """Entries after a number whose postings or rows name any of the parties, or a deal of theirs."""
    p, parties = view.columns.postings, list(own)
    start = int(np.searchsorted(p.entry, after_entry, side="right"))
    part = slice(start, None)
    hit = (
        np.isin(p.from_party[part], parties)
        | np.isin(p.to_party[part], parties)
        | np.isin(p.fund[part], parties)
    )
    entries = {int(e) for e in np.unique(p.entry[part][hit])}
    deals = {
        r.row[0]
        for r in view.journal.rows("deal")
        if r.row.investor in own or r.row.company in own  # type: ignore[attr-defined]
    }
    for table in ROW_TABLES:
        if table.tag in (b"P", b"A"):
            continue
        for record in view.journal.rows(table.table.name):
            if record.entry > after_entry and record.entry not in entries:
                row: Any = record.row
                deal = getattr(row, "deal", None)
                named = {getattr(row, f) for f in PARTY_FIELDS if hasattr(row, f)} - {None}
                if named & own or deal in deals or (not named and deal is None):
                    entries.add(record.entry)
    return entries


def _reversals(view: View, after_entry: int, own: frozenset[int]) -> set[int]:
    """Reversals after a number of entries that concern the parties."""
    by = view.columns.reversed_by[: view.known_at + 1]
    taken = np.flatnonzero((by > after_entry) & (by <= view.known_at))
    if not len(taken):
        return set()
    touched = _naming(view, 0, own)
    return {int(by[entry]) for entry in taken.tolist() if entry in touched}
