"""What stands behind investors on a day, in exact fractions: provincial government, state companies, the guidance fund.

Shares are commitments over all commitments of a vehicle; where shares of others are declared on the same basis, the
book's investors share what is left. Vehicles are looked through to their investors, other parties along declared
ownership; governments and state companies count as a whole (fof.rules.facts_parties.leaf_parts).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from fof.audit.book import Book
from fof.rules.facts_parties import InvestorFacts, leaf_parts, leaf_parts_anywhere
from models.kinds import FUND_KINDS, EdgeBasis, PartyKind

NANO = 10**9
NOTHING = (Fraction(0), Fraction(0))
_HELD = frozenset({PartyKind.PARENT_FUND, PartyKind.SUB_FUND})
"""Vehicles that always have somebody behind them; national funds are looked at as they are."""


class Behind:
    """Resolves each party once. `stakes`: fund -> {investor: commitment > 0}, investors as they stand that day."""

    def __init__(
        self,
        book: Book,
        day: dt.date,
        stakes: dict[int, dict[int, int]],
        investor: Callable[[int], InvestorFacts],
    ) -> None:
        self.book = book
        self._investor = investor
        self._owners: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
        self._parts: dict[tuple[int, bool], tuple[Fraction, Fraction] | None] = {}
        self._guidance: dict[int, Fraction | None] = {}
        self._layers: dict[int, int | None] = {}
        self._declare(day, stakes)
        for fund, amounts in stakes.items():
            total = sum(amounts.values())
            rest = max(Fraction(0), 1 - sum((s for _, s in self._owners.get(fund, ())), Fraction(0)))
            self._owners[fund] += [(who, Fraction(fen, total) * rest) for who, fen in amounts.items()]
        self.held: dict[int, list[int]] = defaultdict(list)
        for owned, owners in self._owners.items():
            if book.parties[owned].kind in FUND_KINDS:
                for owner, _ in owners:
                    self.held[owner].append(owned)

    def _declare(self, day: dt.date, stakes: dict[int, dict[int, int]]) -> None:
        latest: dict[tuple[int, int, str], int] = {}
        for since, until, owner, owned, nano, basis in self.book.edges:
            if since <= day and (until is None or until > day):
                latest[owner, owned, basis] = nano
        for (owner, owned, basis), nano in latest.items():
            fund = self.book.parties[owned].kind in FUND_KINDS
            if nano == 0 or (fund and (basis == EdgeBasis.PAID_IN or owner in stakes.get(owned, {}))):
                continue
            self._owners[owned].append((owner, Fraction(nano, NANO)))

    def owners(self, party: int) -> list[tuple[int, Fraction]]:
        """Owners of a party with their shares."""
        return self._owners.get(party, [])

    def parts(self, party: int, *, anywhere: bool = False) -> tuple[Fraction, Fraction] | None:
        """(government, state companies) behind a party, of the province or anywhere; None where it cannot be told."""
        key = party, anywhere
        if key not in self._parts:
            self._parts[key] = None  # a loop would be refused at booking; never recurse for ever
            self._parts[key] = self._resolve(party, anywhere)
        return self._parts[key]

    def _resolve(self, party: int, anywhere: bool) -> tuple[Fraction, Fraction] | None:
        facts = self._investor(party)
        owners = self._owners.get(party, [])
        leaf = leaf_parts_anywhere(facts) if anywhere else leaf_parts(facts)
        vehicle = facts.kind in FUND_KINDS
        if not owners or facts.kind is PartyKind.GOVERNMENT or (not vehicle and leaf != NOTHING):
            return leaf
        government = state = Fraction(0)
        for owner, share in owners:
            parts = self.parts(owner, anywhere=anywhere)
            if parts is None:
                return None
            government += share * parts[0]
            state += share * parts[1]
        return government, state

    def guidance(self, party: int) -> Fraction | None:
        """The guidance funds' share of a party, over all paths; 1 for a guidance fund itself. None where a parent or
        sub-fund stands above it of which nobody recorded who is behind it."""
        kind = self.book.parties[party].kind
        if kind is PartyKind.GUIDANCE_FUND:
            return Fraction(1)
        if party not in self._guidance:
            owners = self._owners.get(party, [])
            self._guidance[party] = None if not owners and kind in _HELD else Fraction(0)
            parts = [(share, self.guidance(owner)) for owner, share in owners]
            if any(part is None for _, part in parts):
                self._guidance[party] = None
            elif parts:
                self._guidance[party] = sum((share * (part or 0) for share, part in parts), Fraction(0))
        return self._guidance[party]

    def layers(self, fund: int) -> int | None:
        """Fund layers from the guidance fund down: 1 where no other vehicle stands between; None without owners."""
        if self.book.parties[fund].kind is PartyKind.GUIDANCE_FUND:
            return 0
        if fund not in self._layers:
            self._layers[fund] = None
            above = [o for o, _ in self._owners.get(fund, []) if self.book.parties[o].kind in FUND_KINDS]
            if not self._owners.get(fund):
                return None
            depths = [(self.book.parties[o].kind, self.layers(o)) for o in above]
            if any(kind in _HELD and depth is None for kind, depth in depths):
                return None
            self._layers[fund] = 1 + max((depth or 0 for _, depth in depths), default=0)
        return self._layers[fund]
