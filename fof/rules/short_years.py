"""Since when, and in which years, the early-stage part of a fund's deals was short of a floor; what AF-01 measures by."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.rules.facts_deals import DealFacts
from fof.rules.mandate import EARLY, split_cost
from fof.rules.wording import ratio


def short_in(deals: list[DealFacts], floor: Decimal) -> dt.date | None:
    """The day from which a year's deals have stayed short."""
    return short_since(tuple(deals), floor)


def is_early(deal: DealFacts) -> bool | None:
    return None if deal.stage is None or not deal.stage_definition else deal.stage in EARLY


def short_since(deals: tuple[DealFacts, ...], floor: Decimal) -> dt.date | None:
    """The day from which the share so far has stayed short without a break; None where a deal has no day."""
    if any(deal.day is None for deal in deals):
        return None
    since: dt.date | None = None
    for day in sorted({deal.day for deal in deals if deal.day is not None}):
        so_far = [deal for deal in deals if deal.day is not None and deal.day <= day]
        split = split_cost(so_far, [is_early(d) for d in so_far])
        short = split is not None and split[0] + split[1] < floor * split[2]
        since = (since or day) if short else None
    return since


def years_short(deals: tuple[DealFacts, ...], floor: Decimal) -> tuple[list[tuple[int, Decimal]], list[int]]:
    """Years in which even the unlabelled deals could not lift the share to the floor, and years that these decide."""
    by_year: dict[int, list[DealFacts]] = {}
    for deal in deals:
        if deal.day is not None:
            by_year.setdefault(deal.day.year, []).append(deal)
    short, unclear = [], []
    for year, of_year in sorted(by_year.items()):
        split = split_cost(of_year, [is_early(d) for d in of_year])
        if not split or not split[2]:
            continue
        if (best := ratio(split[0] + split[1], split[2])) < floor:
            short.append((year, best))
        elif ratio(split[0], split[2]) < floor:
            unclear.append(year)
    return short, unclear
