"""Clocks: days by which something must have happened to a fund, whether they have struck, and what follows then.

The periods are the numbers of the rules (GF-51 to GF-53) in force on the as-of day: the fund's own setting, else the
office's, else the rulebook's. Exits for money off the policy aim or against the contract have no clock: the rules find them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from fof.book.currencies import currency_of
from fof.book.flows import flows_with
from fof.book.funds import CashDays, cash_days
from fof.book.portfolios import Portfolio, portfolios
from fof.book.reading import Reason
from fof.book.settings import rule_numbers
from fof.book.stakes import stakes
from fof.ledger import View, to_date
from fof.operations.terms import class_of
from fof.rules.calendar_days import add_months
from fof.rules.parameters import DatedNumber
from models.frozen import frozen
from models.kinds import FUND_KINDS, FundStatus
from models.text import Text, counted

_OVER = frozenset({FundStatus.CLOSED, FundStatus.MERGED})
NAMES = {
    "formation": Text("遴选后须设立", "Set up after selection"),
    "set_up": Text("批复后须设立", "Set up after approval"),
    "first_deal": Text("到账后须投出首个项目", "First deal after money came in"),
    "investment_period_end": Text("投资期届满", "Investment period ends"),
    "term_end": Text("存续期届满", "Term ends"),
    "extension_end": Text("延长期届满", "Extension ends"),
    "liquidation": Text("清算", "Liquidation"),
}
_EXIT = Reason(
    "exit_right",
    Text("政府出资可不经其他出资人同意提前退出", "government money may leave without the others' consent"),
)
_STOP = Reason("no_new_deals", Text("不得再投新项目", "no new deals"))
_FORM = Reason(
    "late_formation", Text("按遴选公告处理，取消资格或说明理由", "as the call says: withdrawn, or explained")
)
_PAY_BACK = Reason(
    "pay_back",
    Text(
        "在出资人监督下清算，政府资金及收益应及时足额收回",
        "wound up under the contributors' eye; government money and income come back in full",
    ),
)


@frozen
class Clock:
    """name: of NAMES; days_left < 0: passed; reached: the day is over and nothing has stopped the clock.

    due_on, days_left : None for what has no day (a liquidation), which is shown with how long it has run
    follows           : what may or must happen once the day is over
    basis             : the rule and the document its period is from; the fund's own terms where the day is theirs
    """

    fund: int
    name: str
    started_on: dt.date | None
    due_on: dt.date | None
    days_left: int | None
    reached: bool
    follows: Reason
    basis: str

    @property
    def text(self) -> Text:
        """Its name."""
        return NAMES[self.name]


def clocks(view: View, portfolio: Portfolio) -> list[Clock]:
    """The running clocks of the portfolio's funds, and of the portfolio's own vehicle, the soonest first.

    Funds that are closed or merged have none; one in liquidation has its liquidation. A day that is not stated gives no
    clock, and so does a period that no rule has in force.
    """
    assert view.as_of is not None, "clocks need an as-of day"
    rows = []
    own = () if portfolio.party is None else (portfolio.party,)
    for fund in dict.fromkeys((*portfolio.funds, *own, *_approved(view, portfolio))):
        if view.fact(fund, "status") not in _OVER:
            rows += list(_of(view, fund, view.as_of))
    return sorted(rows, key=lambda c: (c.due_on or dt.date.max, c.fund, c.name))


def _approved(view: View, portfolio: Portfolio) -> list[int]:
    """Funds in its currencies that are selected or approved and not set up, and no other portfolio has a stake in."""
    taken = {fund for p in portfolios(view) if p.code != portfolio.code for fund in p.funds}
    return [
        p.id
        for p in view.of_kind(*FUND_KINDS)
        if (view.fact(p.id, "approved_on") or view.fact(p.id, "selected_on")) is not None
        and view.fact(p.id, "established_on") is None
        and p.id not in taken
        and currency_of(view, p.id) in portfolio.currencies
    ]


def _of(view: View, fund: int, today: dt.date) -> Iterator[Clock]:
    """The clocks of one fund; every day in it is known on the view's day."""
    status, code = view.fact(fund, "status"), view.parties[fund].code
    selected, approved, established = (
        view.fact(fund, n) for n in ("selected_on", "approved_on", "established_on")
    )

    def period(name: str) -> DatedNumber | None:
        return rule_numbers(view).settings.on(name, today, code)

    def clock(name: str, start: dt.date | None, due: dt.date, follows: Reason, basis: str) -> Clock:
        left = (due - today).days
        return Clock(fund, name, start, due, left, left < 0, follows, basis)

    if established is None or established > today:
        if selected is not None and (months := period("formation_months")) is not None:
            due = add_months(selected, int(str(months.value)))
            yield clock("formation", selected, due, _FORM, f"GF-53 · {months.source}")
        if approved is not None and (days := period("no_setup_days")) is not None:
            due = approved + dt.timedelta(days=int(str(days.value)))
            yield clock("set_up", approved, due, _EXIT, f"GF-52 · {days.source}")
    money = cash_days(view, fund)
    idle = status != FundStatus.LIQUIDATING and not _invested(view, fund, money)
    since = _money_in(view, fund, money) if idle else None
    if since is not None and (days := period("no_deal_days")) is not None:
        due = since + dt.timedelta(days=int(str(days.value)))
        yield clock("first_deal", since, due, _EXIT, f"GF-52 · {days.source}")
    invests = view.fact(fund, "investment_period_end")
    if invests is not None and status in (FundStatus.RAISING, FundStatus.INVESTING, None):
        basis = _document(view, fund, "investment_period_end")
        yield clock("investment_period_end", established, invests, _STOP, basis)
    if status == FundStatus.LIQUIDATING:
        yield _liquidation(view, fund)
    elif ends := view.history(fund, "term_end"):
        first, last = ends[0].value, ends[-1].value
        assert isinstance(first, dt.date)
        assert isinstance(last, dt.date)
        extended = last > first or bool(view.fact(fund, "extensions"))
        name, start = ("extension_end", first) if extended else ("term_end", established)
        yield clock(
            name,
            start,
            last,
            _at_the_end(view, fund, period("max_extensions")),
            _document(view, fund, "term_end"),
        )


def _at_the_end(view: View, fund: int, most: DatedNumber | None) -> Reason:
    """What comes after the term: an extension if one is left, else the liquidation."""
    used = int(view.fact(fund, "extensions", 0))
    level = view.fact(fund, "sponsor_level")
    text = (
        Text("同级政府", "its own level")
        if level is None
        else Text(f"{level.zh}政府", f"{level.en.lower()} level")
    )
    if most is None or used < int(str(most.value)):
        left = f"{used}" if most is None else f"{used}/{most.value}"
        return Reason(
            "extend_or_wind_up",
            Text(
                f"可延长（已延 {left} 次，须{text.zh}批准），否则清算",
                f"may be extended ({left} used, approval at {text.en}), else wound up",
            ),
        )
    return Reason(
        "wind_up",
        Text(
            f"已延 {used} 次（至多 {most.value} 次），应当清算",
            f"extended {counted(used, 'time')} (at most {most.value}): to be wound up",
        ),
    )


def _liquidation(view: View, fund: int) -> Clock:
    """A liquidation has no day of its own in the rules; it is shown with its start until the fund is closed."""
    since = view.facts_of(fund)["status"].since
    return Clock(fund, "liquidation", since, None, None, False, _PAY_BACK, "GF-55 · 财预〔2015〕210号 第18条")


def _document(view: View, fund: int, name: str) -> str:
    """What the fund's own day rests on."""
    fact = view.in_force(fund, name)
    return (None if fact is None else fact.document) or "—"


def _money_in(view: View, fund: int, money: CashDays) -> dt.date | None:
    """Day of the first government money, as GF-52 counts it; of the first money at all where there is none of theirs."""
    own = flows_with(view, [fund])
    payers, which = np.unique(own.investor, return_inverse=True)
    public = np.array([class_of(view, who) == "government" for who in payers.tolist()], bool)
    days = own.day[public[which] & (own.paid_in > 0)] if len(own) else own.day
    return to_date(int(days.min())) if len(days) else money.first_paid_on


def _invested(view: View, fund: int, money: CashDays) -> bool:
    """A deal of its own, or money in another fund: a parent fund invests through sub-funds."""
    own = stakes(view)
    return money.first_deal_on is not None or bool((own.paid_in[own.investor == fund] > 0).any())
