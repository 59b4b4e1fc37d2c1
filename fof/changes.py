"""What changed between two known-at points: the entries that came, what they took back, and what it did to the figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fof.entries import heads
from fof.errors import Problem, Refused
from fof.ledger import EntryRecord, Journal
from fof.performance import Performance, portfolio_total
from fof.portfolios import portfolio

FIGURES = ("committed", "called", "paid_in", "distributed", "unfunded", "nav", "dpi", "rvpi", "tvpi", "irr")
"""Headline figures that are compared."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One headline figure then and now: fen (int) for amounts, float for multiples and rates, None where it does not exist."""

    figure: str
    before: int | float | None
    after: int | float | None

    @property
    def change(self) -> int | float | None:
        """after - before, None where either does not exist."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries after `earlier` up to `later`, oldest first, and the effect on a portfolio's figures on one as-of day.

    reversed : entries up to `earlier` that were taken back since
    in_force : entries of the period that are true on or before the as-of day, and so can move the figures
    """

    earlier: int
    later: int
    as_of: dt.date
    portfolio: str
    entries: tuple[EntryRecord, ...]
    reversed: tuple[EntryRecord, ...]
    in_force: int
    effects: tuple[Effect, ...]


def changes(
    journal: Journal,
    as_of: dt.date,
    earlier: int,
    later: int | None = None,
    portfolio_code: str | None = None,
) -> Changes:
    """What was learnt between two known-at points. Refused where `earlier` is not before `later`; Unknown outside."""
    now = journal.view(as_of, later)
    then = journal.view(as_of, earlier)
    if then.known_at >= now.known_at:
        problem = Problem(
            "no_interval",
            "较早时点必须小于较晚时点",
            "the earlier point must be below the later one",
            str(earlier),
        )
        raise Refused([problem], "变更对比")
    added = heads(now, range(then.known_at + 1, now.known_at + 1))
    taken_back = [
        h.reverses for h in added.values() if h.reverses is not None and h.reverses <= then.known_at
    ]
    chosen = portfolio(now, portfolio_code)
    after = portfolio_total(now, chosen)
    before = portfolio_total(then, portfolio(then, portfolio_code)) if then.parties else None
    effects = tuple(
        Effect(f, None if before is None else _figure(before, f), _figure(after, f)) for f in FIGURES
    )
    reversed_then = heads(now, taken_back)
    return Changes(
        then.known_at,
        now.known_at,
        as_of,
        chosen.code,
        tuple(added[i] for i in sorted(added)),
        tuple(reversed_then[i] for i in sorted(reversed_then)),
        sum(h.effective_on <= as_of for h in added.values()),
        effects,
    )


def _figure(found: Performance, name: str) -> int | float | None:
    value = found.nav.fen if name == "nav" else found.irr.value if name == "irr" else getattr(found, name)
    return None if value is None or value != value else value
