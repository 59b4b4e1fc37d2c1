"""Losses of a portfolio held against the tolerance of its class. GF-56, PI-07."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from fof.rules import cited_documents as docs
from fof.rules.contract import ENDING
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import HoldingFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Verdict,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import agreed, all_of, any_of, surely_at_most
from fof.rules.wording import money_en, money_zh, pct, ratio
from models.kinds import PartyKind, Strategy
from models.text import Text

_LOSS_SOURCES = [docs.ZHENGZHOU.at(None), docs.GUANGZHOU.at(None)]


class PortfolioResult(NamedTuple):
    """What became of investments taken together, in fen; gains count against losses. The one reading of loss.

    cost       : everything ever paid for them          proceeds : exits and dividends
    value      : of what is held, None where a part of it has no value
    realised   : proceeds less the cost of what was sold or written off (negative: a loss), part sales and the income of what
                 is still held included; realised + unrealised = value + proceeds - cost
    unrealised : value less the cost of what is held    lost : max(0, cost - value - proceeds); both None without a value
    """

    cost: int
    proceeds: int
    value: int | None
    realised: int
    unrealised: int | None
    lost: int | None

    @property
    def realised_loss(self) -> int:
        """0 where more was realised than it had cost."""
        return max(-self.realised, 0)


def portfolio_result(holdings: Iterable[HoldingFacts]) -> PortfolioResult:
    """The result of some holdings; nothing at all for none."""
    held = list(holdings)
    cost, proceeds = sum(h.cost for h in held), sum(h.proceeds for h in held)
    exited = sum(h.exited_cost for h in held)
    known = all(h.value is not None or h.closed_on is not None for h in held)
    value = sum(h.value or 0 for h in held) if known else None
    return PortfolioResult(
        cost,
        proceeds,
        value,
        proceeds - exited,
        None if value is None else value - (cost - exited),
        None if value is None else max(cost - value - proceeds, 0),
    )


def tolerance_of(
    fund: FundFacts, seed: Decimal, angel: Decimal, other: Decimal
) -> tuple[Decimal, Text] | None:
    """(tolerance, class in Chinese, in English) by strategy; None where the strategy is missing."""
    match fund.strategy:
        case None:
            return None
        case Strategy.SEED:
            return seed, Text("种子类", "seed")
        case Strategy.ANGEL:
            return angel, Text("天使类", "angel")
        case _:
            return other, Text("其他类", "other")


def test_day(fund: FundFacts) -> dt.date | None:
    """When tolerance is judged: the recorded day, else the day the fund went into liquidation; None while neither."""
    if fund.tolerance_test_on is not None:
        return fund.tolerance_test_on
    return next((day for day, status in fund.status_history if status in ENDING), None)


class _Loss(NamedTuple):
    """A portfolio's loss held against the tolerance of its class.

    within : None where the class or the value of some positions is not known and decides
    lost   : fen, at most where some positions have no value
    none   : whether nothing was lost; None where that cannot be told
    exact  : every position has a value; else lost and share are the most it can be
    """

    within: bool | None
    lost: int
    share: Decimal
    tolerance: Decimal
    text: Text
    none: bool | None
    exact: bool

    @property
    def extent(self) -> Text:
        """What stands before the figure."""
        return Text("", "") if self.exact else Text("至多 ", "at most ")


def _loss_against(
    fund: FundFacts, held: Sequence[HoldingFacts], seed: Decimal, angel: Decimal, other: Decimal
) -> _Loss | None:
    """The class is that of the fund's strategy, any of the three where nobody recorded it. None without cost."""
    loss, known = portfolio_result(held), tolerance_of(fund, seed, angel, other)
    if not loss.cost:
        return None
    worst = max(
        loss.cost - loss.proceeds - sum(h.value or 0 for h in held), 0
    )  # where no value is known: nought
    share, least = ratio(worst, loss.cost), 0 if loss.lost is None else ratio(worst, loss.cost)
    unnamed = Text("类别未登记", "unrecorded")
    possible = [known] if known is not None else [(value, unnamed) for value in (seed, angel, other)]
    within = agreed(surely_at_most(least, share, tolerance) for tolerance, _ in possible)
    tolerance, text = (
        max(possible, key=lambda p: p[0]) if within is False else min(possible, key=lambda p: p[0])
    )
    return _Loss(
        within,
        worst,
        share,
        tolerance,
        text,
        True if worst == 0 else None if loss.lost is None else False,
        loss.lost is not None,
    )


def _tested(fund: FundFacts) -> bool:
    day = test_day(fund)
    return (day is not None and day <= fund.as_of) or fund.status in ENDING


@rule(
    "GF-56",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("容亏率", "Loss tolerance (容亏率)"),
    sources=_LOSS_SOURCES,
)
def loss_tolerance(
    fund: FundFacts,
    *,
    loss_tolerance_seed: Decimal,
    loss_tolerance_angel: Decimal,
    loss_tolerance_other: Decimal,
) -> Outcome:
    """The portfolio's loss against the tolerance of its class, as it stood on the recorded test day; in a liquidation
    without one, as it stands. It decides who is asked to answer and never moves money. A portfolio of one deal is not held to account for its loss alone (GF-57): there
    only the due-care review decides."""
    if fund.kind is not PartyKind.SUB_FUND or not fund.is_public or not fund.holdings:
        return not_applicable(Text("无政府出资或无投资", "no government money, or nothing invested"))
    tested, tested_on = _tested(fund), test_day(fund)
    then = fund if not tested or tested_on is None else fund.on(tested_on)
    held = fund.holdings if not tested or fund.tested_holdings is None else fund.tested_holdings
    loss = _loss_against(then, held, loss_tolerance_seed, loss_tolerance_angel, loss_tolerance_other)
    met = None if loss is None else _not_accountable(fund, loss, len(held)) if tested else loss.within
    if loss is None or met is None:
        if loss is not None and tested and fund.due_care is None and loss.none is False:
            return missing(Text("尽职核查结果", "the due-care review"), money=loss.lost)
        return missing(Text("策略或部分项目估值", "strategy, or the value of some positions"))
    verdict = breach_unless(met, Verdict.BREACH if tested else Verdict.WARN)
    state = _state_of_test(met, loss, len(held)) if tested else Text("尚未到考核时点", "not tested yet")
    result = portfolio_result(held)
    over = loss.lost - int(loss.tolerance * result.cost)
    return Outcome(
        verdict,
        Text(
            f"{loss.text.zh}整体亏损 {loss.extent.zh}{pct(loss.share)}（{money_zh(loss.lost)}），容亏率 {pct(loss.tolerance)}；{state.zh}",
            f"{loss.text.en.capitalize()} class: loss {loss.extent.en}{pct(loss.share)} ({money_en(loss.lost)}), tolerance "
            f"{pct(loss.tolerance)}; {state.en}",
        ),
        loss.share,
        loss.tolerance,
        "share",
        over if over > 0 else loss.lost if verdict is Verdict.BREACH else None,
        {
            "cost": result.cost,
            "proceeds": result.proceeds,
            "value": result.value,
            "realised": result.realised_loss,
            "tested_on": tested_on if tested else None,
        },
    )


def _not_accountable(fund: FundFacts, loss: _Loss, deals: int) -> bool | None:
    """No loss, or one within the tolerance (of a single deal: whatever it is) that due care stands behind."""
    return any_of(loss.none, all_of(loss.within if deals > 1 else True, fund.due_care))


def _state_of_test(met: bool, loss: _Loss, deals: int) -> Text:
    if loss.none:
        return Text("未亏损", "no loss")
    if met:
        return Text("尽职免责", "exempt")
    if loss.within is False and deals > 1:
        return Text("进入问责核查", "accountability review")
    return Text("未尽职，进入问责核查", "no due care: accountability review")


@rule(
    "PI-07",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("亏损统计与容亏余量", "Loss statistics against tolerance"),
    sources=_LOSS_SOURCES,
)
def loss_headroom(
    fund: FundFacts,
    *,
    loss_tolerance_seed: Decimal,
    loss_tolerance_angel: Decimal,
    loss_tolerance_other: Decimal,
) -> Outcome:
    """Realised and unrealised loss, and the headroom to the tolerance; a warning where none is left."""
    if fund.kind is not PartyKind.SUB_FUND or not fund.is_public or not fund.holdings:
        return not_applicable(Text("无政府出资或无投资", "no government money, or nothing invested"))
    held = fund.holdings
    loss = _loss_against(fund, held, loss_tolerance_seed, loss_tolerance_angel, loss_tolerance_other)
    if loss is None or loss.within is None:
        return missing(Text("策略或部分项目估值", "strategy, or the value of some positions"))
    headroom, realised = loss.tolerance - loss.share, portfolio_result(held).realised_loss
    return Outcome(
        breach_unless(loss.within, Verdict.WARN),
        Text(
            f"已实现亏损 {money_zh(realised)}，整体亏损 {loss.extent.zh}{money_zh(loss.lost)}，容亏余量 {pct(headroom)}",
            f"Realised loss {money_en(realised)}, loss in all {loss.extent.en}{money_en(loss.lost)}, headroom {pct(headroom)}",
        ),
        headroom,
        Decimal(0),
        "share",
        inputs={
            "cost": portfolio_result(held).cost,
            "lost" if loss.exact else "lost_at_most": loss.lost,
            "realised": realised,
        },
    )
