"""Mandate coverage: for each stage the sub-funds that may invest in it, and what they can still call. Rulebook ST-02.

Unfunded commitments belong to no company yet: they stand here and never in a company's cell. A fund with several stages
stands in each of them and once in the sum.
"""

from __future__ import annotations

import datetime as dt

from fof.book.currencies import by_currency, currency_of, in_order
from fof.book.government import government_part
from fof.book.stakes import stakes
from fof.book.unfunded import lapsed
from fof.figures.coverage.surface import day_of_coverage
from fof.ledger import View
from models.frozen import frozen
from models.kinds import FundStatus, PartyKind, Stage
from models.money import known_sum

_ACTIVE = (FundStatus.RAISING, FundStatus.INVESTING, FundStatus.HARVESTING, FundStatus.EXTENDED)
_INVESTING = (FundStatus.RAISING, FundStatus.INVESTING)


@frozen
class MandateFund:
    """A sub-fund that is at work: what of its commitments can still be called, and how much of that is the government's.

    stages     : None where its mandate is not recorded
    open       : raising or investing, its investment period not over, with something left to call; None where its status is
                 not recorded
    government : None where the government's part is not known
    """

    fund: int
    stages: tuple[Stage, ...] | None
    open: bool | None
    unfunded: int
    government: int | None
    currency: str


@frozen
class StageMandate:
    """The funds of one stage, of funds without a recorded mandate ("") or of all (None); money in each currency.

    funds, able : sub-funds at work, and those of them that can still invest          unclear : whose status is not recorded
    unfunded    : (currency, fen, the government's part or None) of the funds that can still invest
    """

    stage: str | None
    funds: tuple[int, ...]
    able: tuple[int, ...]
    unclear: int
    unfunded: tuple[tuple[str, int, int | None], ...]


def mandate_funds(view: View) -> list[MandateFund]:
    """Every sub-fund at work, by code; also those of which no status is recorded."""
    every, day = stakes(view), day_of_coverage(view)
    funds = []
    for party in view.of_kind(PartyKind.SUB_FUND):
        status = view.fact(party.id, "status")
        own = every.of(None, {party.id})
        if (status is not None and status not in _ACTIVE) or not len(own):
            continue
        whole = own.total("unfunded")
        unfunded = max(0, whole - lapsed(view, party.id, -1, whole))
        share = government_part(view, party.id)
        government = None if share != share else round(share * unfunded)
        can = None if status is None else status in _INVESTING and _in_period(view, party.id, day)
        stages = view.fact(party.id, "mandate_stages")
        funds.append(
            MandateFund(
                party.id,
                stages,
                can if not can else unfunded > 0,
                unfunded,
                government,
                currency_of(view, party.id),
            )
        )
    return funds


def _in_period(view: View, fund: int, day: dt.date) -> bool:
    end = view.fact(fund, "investment_period_end")
    return end is None or day <= end


def mandates(view: View) -> list[StageMandate]:
    """A row for each stage, one for funds without a mandate where there are any, and the sum, in which a fund counts once."""
    funds = mandate_funds(view)
    rows = [_row(s.value, [f for f in funds if f.stages is not None and s in f.stages]) for s in Stage]
    if without := [f for f in funds if f.stages is None]:
        rows.append(_row("", without))
    return [*rows, _row(None, funds)]


def _row(stage: str | None, funds: list[MandateFund]) -> StageMandate:
    able = [f for f in funds if f.open]
    money = []
    for code, own in by_currency(able, lambda f: f.currency).items():
        known = known_sum([f.government for f in own])
        money.append((code, sum(f.unfunded for f in own), known))
    return StageMandate(
        stage,
        tuple(f.fund for f in funds),
        tuple(f.fund for f in able),
        sum(f.open is None for f in funds),
        tuple(sorted(money, key=lambda m: in_order([m[0]]))),
    )
