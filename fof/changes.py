"""What changed between two states of knowledge: the entries that came, what they took back, and what each did to the figures.

An entry's amount is what its rows add to the figure as it is known later, less what they added as it was known earlier
(fof.explain gives the rows behind a figure): the amounts of all entries add up to the difference, and what they would not
is told as a line of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from fof import words
from fof.access import Actor
from fof.audit.hidden_entries import unseen_records
from fof.book.currencies import in_order
from fof.book.known import Close
from fof.book.late import after
from fof.book.portfolios import Portfolio, of_party, portfolio, whole_book
from fof.book.succession import current, lineage
from fof.errors import Problem, Refused
from fof.explain import explain
from fof.figures.answers import Answer
from fof.figures.journal_document import entry_row
from fof.figures.journal_documents import CHANGES
from fof.figures.performance import Performance, portfolio_total
from fof.figures.register import figure
from fof.ledger import EntryRecord, Journal, View
from models.frozen import frozen
from models.text import Text

AMOUNTS = ("committed", "called", "paid_in", "distributed", "unfunded", "nav")
"""Headline figures that are sums: each entry has a part in them."""
FIGURES = (*AMOUNTS, "dpi", "rvpi", "tvpi", "irr")
"""Headline figures that are compared."""

Row = dict[str, Any]
Parts = Mapping[str, int]
"""Figure -> fen; a figure that is left out has no part."""


@frozen
class Effect:
    """One headline figure then and now: fen (int) for amounts, float for multiples and rates, None where it does not exist.

    currency : of the money that the figure is of; None: of several together, which have no figure
    """

    figure: str
    before: int | float | None
    after: int | float | None
    currency: str | None = None

    @property
    def change(self) -> int | float | None:
        """after - before, None where either does not exist."""
        return None if self.before is None or self.after is None else self.after - self.before


@frozen
class Moved:
    """What each entry did to the amounts of one currency.

    parts : entry -> its part in the change of each amount, entries without a part left out
    other : figure -> what the entries do not account for; empty where the parts add up to every change that exists
    """

    currency: str
    parts: Mapping[int, Parts]
    other: Parts

    def total(self, figure: str) -> int:
        """What the entries and `other` add up to."""
        return sum(p.get(figure, 0) for p in self.parts.values()) + self.other.get(figure, 0)


@frozen
class Changes:
    """Entries after `earlier` up to `later`, oldest first, and the effect on a portfolio's figures on one as-of day.

    reversed  : entries up to `earlier` that were taken back since
    superseded: other entries up to `earlier` whose part in a figure changed: a statement of value that a newer one replaced
    in_force  : entries of the period that are true on or before the as-of day, and so can move the figures
    moved     : what each entry did, currency by currency
    """

    earlier: int
    later: int
    as_of: dt.date
    portfolio: str
    entries: tuple[EntryRecord, ...]
    reversed: tuple[EntryRecord, ...]
    superseded: tuple[EntryRecord, ...]
    in_force: int
    effects: tuple[Effect, ...]
    moved: tuple[Moved, ...]

    def of_entry(self, entry: int) -> list[dict[str, Any]]:
        """An entry's parts by figure, with their `currency`; one of each that it moved, an empty one where it moved none."""
        return [{"currency": m.currency, **m.parts[entry]} for m in self.moved if entry in m.parts] or [{}]

    def sums(self) -> list[dict[str, Any]]:
        """The change of each amount that exists, with its `currency`: what the parts of all entries add up to."""
        return [
            {"currency": m.currency}
            | {
                e.figure: e.change
                for e in self.effects
                if e.currency == m.currency and e.figure in AMOUNTS and e.change is not None
            }
            for m in self.moved
        ]


def changes(
    journal: Journal,
    as_of: dt.date,
    earlier: int,
    later: int | None = None,
    portfolio_code: str | None = None,
    *,
    same_too: bool = False,
    actor: Actor | None = None,
) -> Changes:
    """What was learnt between two states of knowledge, each the last entry known (fof.book.known turns days and names into it).

    same_too : the same state twice is no mistake, nothing was learnt in between
    actor    : who asks; None: the owner of this process. Entries of co-investment that the person may not see are left out
    A portfolio that was not known earlier had nothing: its amounts are compared with 0, its multiples with none.
    Refused where `earlier` is not before `later`; Unknown outside the journal.
    """
    now = journal.view(as_of, later)
    then = journal.view(as_of, earlier)
    if then.known_at > now.known_at or (then.known_at == now.known_at and not same_too):
        text = Text("较早时点必须小于较晚时点", "the earlier point must be below the later one")
        raise Refused([Problem("no_interval", text, str(earlier))], Text("变更对比", "comparison"))
    hidden = unseen_records(now, actor).entries
    added = now.heads(e for e in range(then.known_at + 1, now.known_at + 1) if e not in hidden)
    taken_back = {
        h.reverses for h in added.values() if h.reverses is not None and h.reverses <= then.known_at
    }
    chosen = portfolio(now, portfolio_code)
    before = _then(now, then, chosen)
    effects = _effects(then, before, now, chosen)
    moved = _moved(then, before, now, chosen, effects)
    touched = {e for m in moved for e in m.parts if e <= then.known_at} - taken_back - hidden
    return Changes(
        then.known_at,
        now.known_at,
        as_of,
        chosen.code,
        tuple(added[i] for i in sorted(added)),
        _heads(now, taken_back),
        _heads(now, touched),
        sum(h.effective_on <= as_of for h in added.values()),
        effects,
        moved,
    )


def _heads(view: View, entries: set[int]) -> tuple[EntryRecord, ...]:
    heads = view.heads(entries)
    return tuple(heads[i] for i in sorted(heads))


def _then(now: View, then: View, chosen: Portfolio) -> Portfolio | None:
    """The portfolio as it was known earlier, or what it was made from; None where neither was known."""
    if chosen.party is None:
        return whole_book(then, chosen.currencies[0]) if then.parties else None
    known = lineage(now, chosen.party) & set(then.parties)
    if not known:
        return None
    return of_party(then, current(then, chosen.party if chosen.party in known else max(known)))


def _effects(then: View, before: Portfolio | None, now: View, after: Portfolio) -> tuple[Effect, ...]:
    later = portfolio_total(now, after)
    earlier = None if before is None else portfolio_total(then, before)
    return tuple(
        Effect(f, _change(earlier, code, f), _change(later, code, f), code)
        for code in _currencies(earlier, later)
        for f in FIGURES
    )


def _currencies(earlier: Performance | None, later: Performance) -> tuple[str | None, ...]:
    """The one currency of both; of several None, for all together, and then each."""
    codes = in_order(p.currency for f in (earlier, later) if f for p in f.each if p.currency is not None)
    return codes if len(codes) == 1 else (None, *codes)


def _change(performance: Performance | None, currency: str | None, figure: str) -> int | float | None:
    """The figure of one currency; over several together there is none."""
    if currency is None:
        return None
    own = None if performance is None else next((p for p in performance.each if p.currency == currency), None)
    return _figure(own, figure)


def _figure(performance: Performance | None, name: str) -> int | float | None:
    """A figure; of a currency in which nothing was held earlier its amounts are 0 and its multiples none."""
    if performance is None:
        return 0 if name in AMOUNTS else None
    return performance.value_of(name)


def _moved(
    then: View, before: Portfolio | None, now: View, after: Portfolio, effects: tuple[Effect, ...]
) -> tuple[Moved, ...]:
    """Entry -> figure -> fen of the change, and what of a change no entry accounts for; each currency by itself."""
    moves = []
    for code in dict.fromkeys(e.currency for e in effects if e.currency is not None):
        parts: dict[int, dict[str, int]] = {}
        other: dict[str, int] = {}
        for effect in effects:
            if effect.currency != code or effect.figure not in AMOUNTS or effect.change is None:
                continue
            moved = _by_entry(now, after, effect.figure, code)
            for entry, fen in (
                {} if before is None else _by_entry(then, before, effect.figure, code)
            ).items():
                moved[entry] = moved.get(entry, 0) - fen
            left = int(effect.change) - sum(fen for entry, fen in moved.items() if entry is not None)
            if left:
                other[effect.figure] = left
            for entry, fen in moved.items():
                if entry is not None and fen:
                    parts.setdefault(entry, {})[effect.figure] = fen
        moves.append(Moved(code, parts, other))
    return tuple(moves)


def _by_entry(view: View, chosen: Portfolio, figure: str, currency: str) -> dict[int | None, int]:
    """What each entry's rows add to an amount."""
    added: dict[int | None, int] = {}
    if currency not in {p.currency for p in portfolio_total(view, chosen).each}:
        return added
    for part in explain(view, chosen, figure, currency=currency).parts:
        for entry, fen in part.by_entry.items():
            added[entry] = added.get(entry, 0) + fen
    return added


@frozen
class AfterClose:
    """What was booked into a quarter after it was closed, and what that did to the figures of the quarter end.

    entries : dated on or before the quarter end and recorded after the prefix the quarter's reports were made from, oldest first
    changes : of the portfolio's figures on the quarter end, from that prefix to what is known now
    """

    close: Close
    entries: tuple[EntryRecord, ...]
    changes: Changes


def after_close(view: View, close: Close, actor: Actor | None = None) -> AfterClose:
    """What stands after a close, as far as the view knows and the person who asks may see."""
    differences = changes(
        view.journal,
        close.quarter_end,
        close.known_at,
        view.known_at,
        close.portfolio,
        same_too=True,
        actor=actor,
    )
    moved = {entry for m in differences.moved for entry in m.parts if entry > close.known_at}
    entries = (moved | set(after(view, close))) - unseen_records(view, actor).entries
    return AfterClose(close, _heads(view, entries), differences)


# -- as documents -------------------------------------------------------------------------------------------------


def changes_document(differences: Changes, currency: str | None, unit: str = "元") -> Answer:
    """Effect on the headline figures, then every entry with its part in each amount, then what they add up to.

    currency : of the portfolio's money; unit : of amounts in texts
    """
    rows = [effect_row(e, unit) for e in differences.effects]
    listed = {
        "reversed": differences.reversed,
        "superseded": differences.superseded,
        "added": differences.entries,
    }
    rows += [
        row | {"note": row.get("note") or row.get("document")} for row in parts_rows(differences, listed)
    ]
    head = {"earlier": differences.earlier, "portfolio": differences.portfolio}
    return Answer(CHANGES, rows, differences.as_of, differences.later, currency, head)


def effect_row(effect: Effect, unit: str) -> Row:
    """A headline figure before and after."""
    money = effect.figure in AMOUNTS
    suffix = "_amount" if money else ""
    return {
        "what": "figure",
        "name": figure(effect.figure).text,
        f"before{suffix}": effect.before,
        f"after{suffix}": effect.after,
        "change_amount": effect.change if money else None,
        "currency": effect.currency,
        "texts": {
            "before": effect_text(effect.figure, effect.before, unit),
            "after": effect_text(effect.figure, effect.after, unit),
        },
        "record": effect,
    }


def effect_text(name: str, value: float | None, unit: str) -> str:
    """A headline figure in its own form."""
    if name in AMOUNTS:
        return words.amount(value, unit)
    return words.percent(value) if name == "irr" else words.multiple(value)


def parts_rows(differences: Changes, listed: Mapping[str, Sequence[EntryRecord]]) -> list[Row]:
    """Entries by what they are, each with what it moved, a row for each currency; then what no entry accounts for, and
    the sums."""
    rows: list[Row] = []
    for what, entries in listed.items():
        for head in entries:
            own_row = entry_row(head)
            kind = own_row["kind_label"]
            common = own_row | {"what": what, "name": kind, "kind": kind, "day": head.effective_on}
            rows += [{**common, **own} for own in differences.of_entry(head.id)]
    rows += [
        {"what": "other", "currency": m.currency, **m.other, "record": m}
        for m in differences.moved
        if m.other
    ]
    return rows + [{"what": "total", **own, "record": differences} for own in differences.sums()]
