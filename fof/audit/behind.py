"""What stands behind investors on a day, in exact fractions: provincial government, state companies, the guidance fund.

Shares are commitments over all commitments of a vehicle; where shares of others are declared on the same basis, the
book's investors share what is left. Vehicles are looked through to their investors, other parties along declared
ownership; governments and state companies count as a whole (fof.rules.facts_parties.leaf_parts).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from fof.book.index import Book
from fof.rules.facts_parties import InvestorFacts, leaf_parts, leaf_parts_anywhere
from models.kinds import FUND_KINDS, EdgeBasis, PartyKind

NANO = 10**9
NOTHING = (Fraction(0), Fraction(0))
_HELD = frozenset({PartyKind.PARENT_FUND, PartyKind.SUB_FUND})
"""Vehicles that always have somebody behind them; national funds are looked at as they are."""


class Behind:
    """Resolves each party when it is first asked for, and once.

    funds : every vehicle somebody has promised money to; stakes : one of them -> {investor: commitment > 0}, investors as
    they stand that day
    """

    def __init__(
        self,
        book: Book,
        day: dt.date,
        funds: Iterable[int],
        stakes: Callable[[int], Mapping[int, int]],
        investor: Callable[[int], InvestorFacts],
    ) -> None:
        self.book, self.day = book, day
        self._funds, self._stakes, self._investor = funds, stakes, investor
        self._owners: dict[int, list[tuple[int, Fraction]]] = {}
        self._parts: dict[tuple[int, bool], tuple[Fraction, Fraction] | None] = {}
        self._guidance: dict[int, tuple[Fraction, Fraction]] = {}
        self._layers: dict[int, int | None] = {}

    def owners(self, party: int) -> list[tuple[int, Fraction]]:
        """Owners of a party with their shares."""
        found = self._owners.get(party)
        if found is None:
            own = self._stakes(party)
            found = self._owners[party] = self.declared(party)
            if own:
                total = sum(own.values())
                rest = max(Fraction(0), 1 - sum((share for _, share in found), Fraction(0)))
                found += [(who, Fraction(fen, total) * rest) for who, fen in own.items()]
        return found

    def declared(self, owned: int) -> list[tuple[int, Fraction]]:
        """Owners by declared share alone; of a vehicle, those that have promised it nothing."""
        stakes = self._stakes(owned)
        latest: dict[tuple[int, str], int] = {}
        for since, until, owner, other, nano, basis in self.book.edges_of.get(owned, ()):
            if other == owned and since <= self.day and (until is None or until > self.day):
                latest[owner, basis] = nano
        fund = self.book.parties[owned].kind in FUND_KINDS
        return [
            (owner, Fraction(nano, NANO))
            for (owner, basis), nano in latest.items()
            if nano and not (fund and (basis == EdgeBasis.PAID_IN or owner in stakes))
        ]

    @cached_property
    def held(self) -> dict[int, list[int]]:
        """Owner -> vehicles it has a share of."""
        found: dict[int, list[int]] = defaultdict(list)
        owned = {edge[3] for edge in self.book.edges}
        for party in {*self._funds, *(p for p in owned if self.book.parties[p].kind in FUND_KINDS)}:
            for owner, _ in self.owners(party):
                found[owner].append(party)
        return found

    def parts(self, party: int, *, anywhere: bool = False) -> tuple[Fraction, Fraction] | None:
        """(government, state companies) behind a party, of the province or anywhere; None where it cannot be told."""
        key = party, anywhere
        if key not in self._parts:
            self._parts[key] = None  # a loop would be refused at booking; never recurse for ever
            self._parts[key] = self._resolve(party, anywhere)
        return self._parts[key]

    def _resolve(self, party: int, anywhere: bool) -> tuple[Fraction, Fraction] | None:
        facts = self._investor(party)
        owners = self.owners(party)
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
        low, high = self.guidance_between(party)
        return low if low == high else None

    def guidance_between(self, party: int) -> tuple[Fraction, Fraction]:
        """The same at least and at most: whoever is behind a fund that nobody recorded may be anybody."""
        kind = self.book.parties[party].kind
        if kind is PartyKind.GUIDANCE_FUND:
            return Fraction(1), Fraction(1)
        found = self._guidance.get(party)
        if found is None:
            self._guidance[party] = NOTHING  # a loop would be refused at booking; never recurse for ever
            owners = self.owners(party)
            if not owners:
                found = (Fraction(0), Fraction(kind in _HELD))
            else:
                ends = [(share, *self.guidance_between(owner)) for owner, share in owners]
                low = sum((share * least for share, least, _ in ends), Fraction(0))
                found = low, sum((share * most for share, _, most in ends), Fraction(0))
            self._guidance[party] = found
        return found

    def layers(self, fund: int) -> int | None:
        """Fund layers from the guidance fund down: 1 where no other vehicle stands between; None without owners."""
        if self.book.parties[fund].kind is PartyKind.GUIDANCE_FUND:
            return 0
        if fund not in self._layers:
            self._layers[fund] = None
            above = [o for o, _ in self.owners(fund) if self.book.parties[o].kind in FUND_KINDS]
            if not self.owners(fund):
                return None
            depths = [(self.book.parties[o].kind, self.layers(o)) for o in above]
            if any(kind in _HELD and depth is None for kind, depth in depths):
                return None
            self._layers[fund] = 1 + max((depth or 0 for _, depth in depths), default=0)
        return self._layers[fund]
