"""Whose money stands behind a party: the one walk along owners, and what the party at its end counts as.

Governments and state companies count as a whole and are never looked through; funds are looked through to their investors,
other parties along declared ownership. What differs between figures is what they ask the walk to tell apart and which
owners they walk along, not the walk:

the government share (fof.book.government)   by level of government, over the edges of one base, in float64; a parent fund
                                             without recorded investors counts as money of its level
the rules' parts (`Owners`)                  by home province or elsewhere, over commitments and declared shares, exactly;
                                             behind a fund of which nobody recorded the investors may be anybody (unknown)
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from fof.book.declared import shares_declared_of
from fof.grouping import by_key
from models.kinds import FUND_KINDS, EdgeBasis, Ownership, PartyKind
from models.money import WHOLE

if TYPE_CHECKING:
    from fof.book.index import Book

K = TypeVar("K", bound=Hashable)
Money = Literal["government", "state", "unrecorded"]
"""Of a government or its fund; of a state company; of a fund of which nobody recorded who is behind it."""
STATE_OWNED = frozenset({Ownership.SOE_WHOLLY_OWNED, Ownership.SOE, Ownership.SOE_CONTROLLED_MIXED})
_STATE_KINDS = frozenset({PartyKind.STATE_INVESTOR, PartyKind.SOE_VC})


def counts_as(kind: PartyKind, ownership: Any, *, owned: bool) -> Money | None:
    """What a party's money counts as by itself; None: its owners decide, and where it has none it is private.

    owned : whether somebody is recorded behind it. A fund's own `ownership` counts only where nobody is.
    """
    if kind is PartyKind.GOVERNMENT:
        return "government"
    if kind in _STATE_KINDS or (kind not in FUND_KINDS and ownership in STATE_OWNED):
        return "state"
    if owned or kind not in FUND_KINDS:
        return None
    if kind in (PartyKind.GUIDANCE_FUND, PartyKind.NATIONAL_FUND):
        return "government"
    return "state" if ownership in STATE_OWNED else "unrecorded"


class EndOwners(Generic[K]):
    """The parts of parties by what the last party on each path counts as; each party is resolved once.

    owners : party -> (owner, its share); shares are floats or fractions
    ends   : (party, whether it has owners) -> what it counts as; None: its owners, or nothing
    loop   : what a party counts as that owns itself; booking refuses it, a dry run may lay it
    """

    def __init__(
        self,
        owners: Callable[[int], Iterable[tuple[int, Any]]],
        ends: Callable[[int, bool], K | None],
        loop: K | None = None,
    ) -> None:
        self._owners, self._ends = owners, ends
        self._loop: dict[K, Any] = {} if loop is None else {loop: 1}
        self._known: dict[int, dict[K, Any]] = {}

    def of(self, party: int) -> dict[K, Any]:
        """What the party's money is; what is in none of the parts is private."""
        parts = self._known.get(party)
        if parts is None:
            self._known[party] = self._loop
            owners = list(self._owners(party))
            end = self._ends(party, bool(owners))
            parts = {} if end is None else {end: 1}
            for owner, share in owners if end is None else ():
                for name, part in self.of(owner).items():
                    parts[name] = parts.get(name, 0) + share * part
            self._known[party] = parts
        return parts


class Owners:
    """Who owns whom on a day, exactly: over commitments; where shares of others are declared, the book's investors share
    what is left. A stake is its holder's of the day: whoever succeeded the party that promised."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self.book, self.day = book, day
        self._members: dict[int, dict[int, list[int]]] = {}
        self._owners: dict[int, list[tuple[int, Fraction]]] = {}
        self._layers: dict[int, int | None] = {}
        unknown: tuple[Money, bool | None] = ("unrecorded", None)
        self._public = EndOwners(self.of, self._counts_in, unknown)
        self._guided = EndOwners(self.of, self._guides)

    def members(self, fund: int) -> dict[int, list[int]]:
        """Investor of the day -> parties whose stakes in a fund it stands for."""
        members = self._members.get(fund)
        if members is None:
            parties = self.book.investors.get(fund, ())
            members = self._members[fund] = by_key(parties, lambda party: self.book.holder(party, self.day))
        return members

    def committed(self, fund: int, parties: Iterable[int], day: dt.date | None = None) -> int:
        """What some parties had promised a fund by the day, or another."""
        on, steps = day or self.day, self.book.committed
        return sum(steps[fund, p].at(on) for p in parties if (fund, p) in steps)

    def commitments(self, fund: int) -> dict[int, int]:
        """Investor of the day -> what it has promised a vehicle, where that is more than nothing."""
        own = self.members(fund).items()
        return {i: fen for i, parties in own if (fen := self.committed(fund, parties)) > 0}

    def of(self, party: int) -> list[tuple[int, Fraction]]:
        """Owners of a party with their shares."""
        owners = self._owners.get(party)
        if owners is None:
            own = self.commitments(party)
            owners = self._owners[party] = self.declared(party)
            if own:
                total = sum(own.values())
                rest = max(Fraction(0), 1 - sum((share for _, share in owners), Fraction(0)))
                owners += [(who, Fraction(fen, total) * rest) for who, fen in own.items()]
        return owners

    def declared(self, owned: int) -> list[tuple[int, Fraction]]:
        """Owners by declared share alone; of a vehicle, those that have promised it nothing."""
        stakes, fund = self.commitments(owned), self.book.parties[owned].kind in FUND_KINDS
        return [
            (owner, Fraction(edge.row.share_nano, WHOLE))
            for (owner, other, basis), edge in shares_declared_of(self.book.view, owned, self.day).items()
            if other == owned
            and edge.row.share_nano
            and not (fund and (basis == EdgeBasis.PAID_IN or owner in stakes))
        ]

    @cached_property
    def vehicles(self) -> dict[int, list[int]]:
        """Owner -> vehicles it has a share of."""
        vehicles: dict[int, list[int]] = defaultdict(list)
        owned = {edge.row.owned for edge in self.book.view.edges}
        funds = (p for p in owned if self.book.parties[p].kind in FUND_KINDS)
        for party in {*self.book.investors, *funds}:
            for owner, _ in self.of(party):
                vehicles[owner].append(party)
        return vehicles

    def _counts_in(self, party: int, owned: bool) -> tuple[Money, bool | None] | None:
        """(what it counts as, whether that is of the home province; None where nobody recorded the province)."""
        from fof.rules.facts_parties import in_home_province

        kind, facts = self.book.parties[party].kind, self.book.facts
        money = counts_as(kind, facts.of(party, "ownership", self.day), owned=owned)
        if money is None:
            return None
        if kind is PartyKind.NATIONAL_FUND:
            return money, False
        return money, in_home_province(facts.of(party, "province", self.day))

    def public(self, party: int, *, anywhere: bool = False) -> tuple[Fraction, Fraction] | None:
        """(government, state companies) behind a party, of the home province or anywhere; None where it cannot be told."""
        public: dict[Money, Fraction] = defaultdict(Fraction)
        for (money, home), share in self._public.of(party).items():
            if share and (money == "unrecorded" or (home is None and not anywhere)):
                return None
            if home or anywhere:
                public[money] += share
        return public["government"], public["state"]

    def _guides(self, party: int, owned: bool) -> bool | None:
        """True for a guidance fund; False for a fund that may be anybody's."""
        kind = self.book.parties[party].kind
        if kind is PartyKind.GUIDANCE_FUND:
            return True
        return False if not owned and kind in (PartyKind.PARENT_FUND, PartyKind.SUB_FUND) else None

    def guidance(self, party: int) -> tuple[Fraction, Fraction]:
        """The guidance funds' share of a party over all paths, at least and at most: whoever is behind a fund that nobody
        recorded may be anybody. 1 for a guidance fund itself."""
        ends = self._guided.of(party)
        least = Fraction(ends.get(True, 0))
        return least, least + ends.get(False, 0)

    def layers(self, fund: int) -> int | None:
        """Fund layers from the guidance fund down: 1 where no other vehicle stands between; None without owners."""
        kinds = self.book.parties
        if kinds[fund].kind is PartyKind.GUIDANCE_FUND:
            return 0
        if fund not in self._layers:
            self._layers[fund] = None
            above = [o for o, _ in self.of(fund) if kinds[o].kind in FUND_KINDS]
            if not self.of(fund):
                return None
            depths = [(kinds[o].kind, self.layers(o)) for o in above]
            if any(kind is not PartyKind.NATIONAL_FUND and depth is None for kind, depth in depths):
                return None
            self._layers[fund] = 1 + max((depth or 0 for _, depth in depths), default=0)
        return self._layers[fund]
