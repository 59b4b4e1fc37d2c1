"""A pool's money by contributor: contributions − compensation + recoveries + interest − costs − returned, to the fen.

What a pool pays and earns is divided as its agreement says: by what each paid in, by agreed shares, or layer by layer. Of
equal remainders the contributor that comes first by id takes the fen. A recovery goes back to those who bore the claim.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from fof.book.identities import Registered
from fof.book.pools.claims import PoolPayment
from models.pools import ContributionBasis, EmptyPart, PoolLeg, RecoveryPart
from models.subjects import LinkRole as R
from valuation.split import share_ints


class DivisionTerms(NamedTuple):
    """How a pool's payments are divided on a day."""

    basis: ContributionBasis
    empty: EmptyPart


@dataclass(slots=True)
class PoolAccount:
    """What a contributor put into a pool and what became of it, in fen; every figure is zero or above."""

    contributed: int = 0
    compensated: int = 0
    recovered: int = 0
    recovered_beside: int = 0  # interest and penalties
    interest: int = 0
    costs: int = 0
    returned: int = 0

    @property
    def balance(self) -> int:
        """What is left of it in the pool."""
        return (
            self.contributed
            - self.compensated
            + self.recovered
            + self.recovered_beside
            + self.interest
            - self.costs
            - self.returned
        )


@dataclass(slots=True)
class PoolAccounts:
    """The contributors of a pool as its payments are gone through, by day and entry.

    shares : the agreements about contributions, with the contributor as link and amount, share, layer as attributes
    """

    shares: Sequence[Registered]
    terms: Callable[[dt.date], DivisionTerms]
    of: dict[int, PoolAccount] = field(default_factory=lambda: defaultdict(PoolAccount))
    _borne: dict[object, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, payment: PoolPayment, pool: int) -> None:
        """Go on by one payment into or out of the pool."""
        inward = payment.payee == pool
        if payment.leg is PoolLeg.FUNDING and inward:
            self.of[payment.payer].contributed += payment.fen
        elif payment.leg is PoolLeg.RETURNED or payment.leg is PoolLeg.FUNDING:
            self.of[payment.payee].returned += payment.fen
        elif inward:
            self._earn(payment)
        else:
            self._spend(payment)

    def _earn(self, payment: PoolPayment) -> None:
        """Interest by the contributions, recovered principal to those who bore the claim, what exceeds that as interest is."""
        if payment.leg is PoolLeg.RECOVERY_SHARED and payment.part is RecoveryPart.PRINCIPAL:
            borne = self._borne[payment.claim]
            back = min(payment.fen, sum(borne.values()))
            for party, fen in _split(back, borne).items():
                self.of[party].recovered += fen
                borne[party] -= fen
            rest = payment.fen - back
        else:
            rest = payment.fen
        beside = payment.leg is PoolLeg.RECOVERY_SHARED
        for party, fen in _split(rest, self._weights(payment.day)).items():
            if beside:
                self.of[party].recovered_beside += fen
            else:
                self.of[party].interest += fen

    def _spend(self, payment: PoolPayment) -> None:
        parts, rest = self._divided(payment.fen, payment.day, EmptyPart.OTHERS_BEAR)
        for party, fen in _split(rest, self._weights(payment.day)).items():
            parts[party] = (
                parts.get(party, 0) + fen
            )  # more than the parts hold was paid: it is borne all the same
        for party, fen in parts.items():
            if payment.leg is PoolLeg.COMPENSATION:
                self.of[party].compensated += fen
                borne = self._borne[payment.claim]
                borne[party] = borne.get(party, 0) + fen
            else:
                self.of[party].costs += fen

    def divided(self, fen: int, day: dt.date) -> tuple[dict[int, int], int]:
        """(contributor → its part of a payment, what no part is there for) on a day, as the agreement divides it."""
        return self._divided(fen, day, self.terms(day).empty)

    def _divided(self, fen: int, day: dt.date, empty: EmptyPart) -> tuple[dict[int, int], int]:
        """What was paid came from the parts that were there: it is divided among them, whatever the agreement leaves unpaid."""
        if self.terms(day).basis is ContributionBasis.LAYER:
            return self._by_layer(fen, day)
        parts: dict[int, int] = {}
        left, weights = fen, self._weights(day)
        while left and weights:
            asked = _split(left, weights)
            granted = {p: min(part, self.of[p].balance - parts.get(p, 0)) for p, part in asked.items()}
            for party, part in granted.items():
                parts[party] = parts.get(party, 0) + part
            left -= sum(granted.values())
            if empty is EmptyPart.UNCOMPENSATED:
                break
            weights = {p: w for p, w in weights.items() if self.of[p].balance > parts.get(p, 0)}
        return parts, left

    def _by_layer(self, fen: int, day: dt.date) -> tuple[dict[int, int], int]:
        """The lower layer bears first, within it by what each paid in; where one is empty the next begins."""
        layers: dict[int, dict[int, int]] = defaultdict(dict)
        stated = self._stated("layer", day)
        for party, weight in self._weights(day).items():
            layers[int(stated.get(party, 1))][party] = weight
        parts: dict[int, int] = {}
        for _, weights in sorted(layers.items()):
            while fen and weights:
                asked = _split(fen, weights)
                granted = {p: min(part, self.of[p].balance - parts.get(p, 0)) for p, part in asked.items()}
                for party, part in granted.items():
                    parts[party] = parts.get(party, 0) + part
                fen -= sum(granted.values())
                weights = {p: w for p, w in weights.items() if self.of[p].balance > parts.get(p, 0)}
        return parts, fen

    def _stated(self, name: str, day: dt.date) -> dict[int, Fraction]:
        stated = {own.linked(R.CONTRIBUTOR): own.on(name, day) for own in self.shares}
        return {p: Fraction(value) for p, value in stated.items() if p is not None and value is not None}

    def _weights(self, day: dt.date) -> dict[int, int]:
        """Contributor → its weight in whole numbers: agreed shares where the agreement says so, else what it paid in."""
        if self.terms(day).basis is ContributionBasis.AGREED_SHARE:
            shares = {p: s for p, s in self._stated("agreed_share", day).items() if s}
            common = lcm(*(s.denominator for s in shares.values())) if shares else 1
            if shares:
                return {p: int(s * common) for p, s in sorted(shares.items())}
        paid = {p: own.contributed - own.returned for p, own in sorted(self.of.items())}
        positive = {p: fen for p, fen in paid.items() if fen > 0}
        return positive or dict.fromkeys(paid, 1)


def _split(fen: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Parts of an amount by weights, adding to it; nobody's where nobody has a weight."""
    if not fen or not weights or not any(weights.values()):
        return {}
    return dict(zip(weights, share_ints(fen, list(weights.values())), strict=True))


def accounts(
    payments: Iterable[PoolPayment],
    pool: int,
    shares: Sequence[Registered],
    terms: Callable[[dt.date], DivisionTerms],
    day: dt.date,
) -> PoolAccounts:
    """The accounts of a pool's contributors at the close of a day."""
    made = PoolAccounts(shares, terms)
    for payment in payments:
        if payment.day <= day and pool in (payment.payer, payment.payee):
            made.take(payment, pool)
    return made


def account_steps(
    payments: Iterable[PoolPayment],
    pool: int,
    shares: Sequence[Registered],
    terms: Callable[[dt.date], DivisionTerms],
    day: dt.date,
) -> list[tuple[PoolPayment, dict[int, PoolAccount]]]:
    """Each payment up to the close of a day with what it added to the accounts of contributors: the same walk as `accounts`."""
    made = PoolAccounts(shares, terms)
    names = [own.name for own in fields(PoolAccount)]
    steps = []
    for payment in payments:
        if payment.day <= day and pool in (payment.payer, payment.payee):
            before = {party: replace(own) for party, own in made.of.items()}
            made.take(payment, pool)
            added = {
                party: PoolAccount(
                    **{n: getattr(own, n) - getattr(before.get(party, _NOTHING), n) for n in names}
                )
                for party, own in made.of.items()
                if own != before.get(party)
            }
            steps.append((payment, added))
    return steps


_NOTHING = PoolAccount()
