"""What an institution's projects come to, by the year of their first payment. Rulebook PI-11."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from fof.audit.coinvestment.readings import exact_sum
from fof.rules.coinvest_exits import evidence_asked
from fof.rules.facts_coinvest import EntryTranche, ProjectFacts, StaffStakeFacts, StaffYear
from models.coinvest import RoleClass

_Alike = tuple[StaffStakeFacts, int]


def years_of(
    projects: Iterable[ProjectFacts],
    stakes: Iterable[StaffStakeFacts],
    entries: Mapping[str, Sequence[EntryTranche]],
) -> tuple[StaffYear, ...]:
    """One record a year, oldest first; of a figure that a missing input leaves open None.

    entries : code of a deal → what staff paid into the company
    """
    by_year: dict[int, list[ProjectFacts]] = defaultdict(list)
    of_project: dict[str, list[_Alike]] = defaultdict(list)
    for project in projects:
        by_year[project.day.year].append(project)
    for stake, count in _alike(stakes):
        if stake.project is not None:
            of_project[stake.project.deal].append((stake, count))
    return tuple(
        _year(year, own, [s for p in own for s in of_project[p.deal]], entries)
        for year, own in sorted(by_year.items())
    )


def _alike(stakes: Iterable[StaffStakeFacts]) -> list[_Alike]:
    """Of stakes that are alike but for the amount who paid most, and how many they are: of the others nothing is asked."""
    largest: dict[tuple[int, int], StaffStakeFacts] = {}
    counts: Counter[tuple[int, int]] = Counter()
    for number, stake in enumerate(stakes):
        own = stake.likeness
        key = (-1, number) if own is None else (own.holding, own.papers)
        if key not in largest or stake.paid_in > largest[key].paid_in:
            largest[key] = stake
        counts[key] += 1
    return [(first, counts[key]) for key, first in largest.items()]


def _year(
    year: int,
    projects: Sequence[ProjectFacts],
    alike: Sequence[_Alike],
    entries: Mapping[str, Sequence[EntryTranche]],
) -> StaffYear:
    """Stakes of a project that bought the same share one object of shares and tranches: each of these is looked at once."""
    joined, stakes = [p for p in projects if p.has_stakes], [stake for stake, _ in alike]
    parts = [_part(s) for s in {(id(s.project), id(s.shares)): s for s in stakes}.values()]
    asked = there = 0
    untold = False
    for stake, count in alike:
        items = evidence_asked(stake)
        asked += len(items) * count
        there += len(stake.evidence.intersection(items)) * count if stake.evidence else 0
        untold = untold or not stake.evidence_untold.isdisjoint(items)
    prices = [_apart(p.tranches, entries.get(p.deal, ())) for p in joined]
    lags = [_lag(s) for s in {(id(s.project), id(s.tranches)): s for s in stakes}.values()]
    return StaffYear(
        year,
        sum(1 for p in projects if p.coinvest_eligible or p.has_stakes),
        len(joined),
        tuple(_offered(projects)),
        sum(p.staff for p in joined),
        sum(p.ticket for p in joined),
        _largest(parts),
        _largest(prices),
        None if None in lags else max((n for n in lags if n is not None), default=None),
        Fraction(there, asked) if asked and not untold else None,
    )


def _largest(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [v for v in values if v is not None]
    return max(known) if known and len(known) == len(values) else None


def _lag(stake: StaffStakeFacts) -> int | None:
    """Most days from a payment of the institution to the next that follows it of the stake; below zero before its first."""
    theirs = [] if stake.project is None else [t.day for t in stake.project.tranches]
    if not theirs or not stake.tranches:
        return None
    days = [t.day for t in stake.tranches]
    if len(theirs) == len(days) == 1:  # as of nearly all
        return (days[0] - theirs[0]).days
    return max((day - max((d for d in theirs if d <= day), default=min(theirs))).days for day in days)


def _part(stake: StaffStakeFacts) -> Fraction | None:
    """A stake's shares over all shares of the company."""
    whole = None if stake.project is None else stake.project.total_shares_after
    return None if stake.shares is None or not whole else stake.shares / Fraction(whole)


def _price(tranches: Sequence[EntryTranche]) -> Fraction | None:
    """Fen a share after fees."""
    if tranches and (price := tranches[0].price) is not None and all(t.price is price for t in tranches):
        return price  # parts of one payment
    fees, shares = [t.fees for t in tranches], [t.shares for t in tranches]
    if None in fees or None in shares or not (whole := exact_sum(s for s in shares if s is not None)):
        return None
    paid = exact_sum(t.fen for t in tranches)
    return (paid - exact_sum(f for f in fees if f is not None)) / whole


def _apart(theirs: Sequence[EntryTranche], ours: Sequence[EntryTranche]) -> Fraction | None:
    price, other = _price(ours), _price(theirs)
    return None if price is None or not other else abs(price / other - 1)


def _offered(projects: Iterable[ProjectFacts]) -> Iterable[tuple[RoleClass, int, int]]:
    places: dict[RoleClass, list[bool]] = defaultdict(list)
    for project in projects:
        for who in project.roster:
            if who.role_class is not None:
                places[who.role_class].append(bool(who.joined))
    return ((role, len(places[role]), sum(places[role])) for role in RoleClass if role in places)
