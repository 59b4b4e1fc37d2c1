"""Clocks: days by which something must have happened to a fund, and whether they have struck."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fof.funds import Cash, cash
from fof.ledger import View
from fof.portfolios import Portfolio
from fof.stakes import stakes
from models.kinds import FUND_KINDS, FundStatus

SET_UP_DAYS = 365
"""Rules of provincial funds withdraw an approval that led to no fund within a year (rulebook GF-52, GF-53)."""
FIRST_DEAL_DAYS = 365
"""And their money from a fund that made no deal within a year of receiving it (GF-52)."""
_OVER = frozenset({FundStatus.CLOSED, FundStatus.MERGED})
NAMES = {
    "set_up": ("批复后须设立", "Set up after approval"),
    "first_deal": ("到账后须投出首个项目", "First deal after money came in"),
    "investment_period_end": ("投资期届满", "Investment period ends"),
    "term_end": ("存续期届满", "Term ends"),
    "extension_end": ("延长期届满", "Extension ends"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """name: of NAMES; days_left < 0: passed; reached: the day is over and nothing has stopped the clock."""

    fund: int
    name: str
    started_on: dt.date | None
    due_on: dt.date
    days_left: int
    reached: bool

    @property
    def zh(self) -> str:
        """Its name in Chinese."""
        return NAMES[self.name][0]

    @property
    def en(self) -> str:
        """Its name in English."""
        return NAMES[self.name][1]


def clocks(
    view: View, portfolio: Portfolio, set_up_days: int = SET_UP_DAYS, first_deal_days: int = FIRST_DEAL_DAYS
) -> list[Clock]:
    """The running clocks of the portfolio's funds, and of the portfolio's own vehicle, the soonest first.

    set_up_days, first_deal_days : as the office's own rules say
    Funds that are closed or merged have none; in liquidation only the end of the term runs on. A day that is not
    stated gives no clock.
    """
    assert view.as_of is not None, "clocks need an as-of day"
    found = []
    own = () if portfolio.party is None else (portfolio.party,)
    for fund in dict.fromkeys((*portfolio.funds, *own, *_approved(view))):
        status = view.fact(fund, "status")
        if status in _OVER:
            continue
        for name, started, due in _of(view, fund, status, set_up_days, first_deal_days):
            left = (due - view.as_of).days
            found.append(Clock(fund, name, started, due, left, left < 0))
    return sorted(found, key=lambda c: (c.due_on, c.fund, c.name))


def _approved(view: View) -> list[int]:
    """Funds that are approved and not set up: nobody has a stake in them yet."""
    return [
        p.id
        for p in view.of_kind(*FUND_KINDS)
        if view.fact(p.id, "approved_on") is not None and view.fact(p.id, "established_on") is None
    ]


def _of(
    view: View, fund: int, status: object, set_up_days: int, first_deal_days: int
) -> list[tuple[str, dt.date | None, dt.date]]:
    found: list[tuple[str, dt.date | None, dt.date]] = []
    approved, established = view.fact(fund, "approved_on"), view.fact(fund, "established_on")
    if approved is not None and (established is None or established > view.as_of):
        found.append(("set_up", approved, approved + dt.timedelta(days=set_up_days)))
    money = cash(view, fund)
    if (
        money.first_paid_on is not None
        and not _invested(view, fund, money)
        and status != FundStatus.LIQUIDATING
    ):
        found.append(
            ("first_deal", money.first_paid_on, money.first_paid_on + dt.timedelta(days=first_deal_days))
        )
    invests = view.fact(fund, "investment_period_end")
    if invests is not None and status in (FundStatus.RAISING, FundStatus.INVESTING, None):
        found.append(("investment_period_end", established, invests))
    ends = view.history(fund, "term_end")
    if ends:
        first, last = ends[0].value, ends[-1].value
        assert isinstance(first, dt.date)
        assert isinstance(last, dt.date)
        extended = last > first or bool(view.fact(fund, "extensions"))
        found.append(("extension_end", first, last) if extended else ("term_end", established, last))
    return found


def _invested(view: View, fund: int, money: Cash) -> bool:
    """A deal of its own, or money in another fund: a parent fund invests through sub-funds."""
    own = stakes(view).of({fund}, None)
    return money.first_deal_on is not None or bool((own.paid_in > 0).any())
