"""Government money coming back: concession, buy-out, treasury, price, liquidation. GF-46…48, 54, 55."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months, add_years
from fof.rules.contract import PUBLIC_MONEY
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import TransferFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Outcome,
    Scope,
    Value,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import above, all_of, at_least, at_most
from fof.rules.wording import money_en, money_zh, pct
from models.kinds import ExitRoute, FundStatus, PartyKind
from models.rule_kinds import PriceBasis, ProceedsUse
from models.text import Text, counted

_ORDER = {
    FundStatus.APPROVED: 0,
    FundStatus.RAISING: 0,
    FundStatus.INVESTING: 0,
    FundStatus.HARVESTING: 0,
    FundStatus.EXTENDED: 1,
    FundStatus.LIQUIDATING: 2,
    FundStatus.CLOSED: 3,
    FundStatus.MERGED: 3,
}
_MARKET = (ExitRoute.IPO, ExitRoute.MERGER, ExitRoute.LIQUIDATION)
_ENDED = (FundStatus.LIQUIDATING, FundStatus.CLOSED, FundStatus.MERGED)


@rule(
    "GF-46",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("让利只能来自超额收益", "Give-up of upside (让利): only from excess return"),
    sources=[docs.MOF_210.at("第13条")],
)
def concession(fund: FundFacts, *, concession_rate_default: Decimal) -> Outcome:
    """Conceded at most the rate times what government has and gave up above its paid-in money; conditions met,
    approval on file. The excess is counted before the concession, else conceding would shrink its own limit."""
    if not fund.public_stakes and not fund.public_money_unrecorded:
        return not_applicable(Text("无政府出资", "no government money"))
    rate = concession_rate_default if fund.concession_rate is None else fund.concession_rate
    if fund.concession_paid is None:
        if rate == 0:
            return not_applicable(Text("未约定让利", "no concession agreed"))
        return missing(Text("累计让利金额", "upside conceded so far"))
    if fund.concession_paid == 0:
        return Outcome(Verdict.PASS, Text("尚未让利", "Nothing conceded yet"), 0, None, "fen")
    if fund.public_money_unrecorded:
        return _unmeasured_concession(fund)
    paid = sum(stake.paid_in for stake in fund.public_stakes)
    received = sum(flow.fen for stake in fund.public_stakes for flow in stake.received)
    excess = max(received + fund.concession_paid - paid, 0)
    limit = int(excess * rate)
    within = fund.concession_paid <= limit
    conceded = fund.concession_paid
    outcome = checklist(
        [
            (
                within,
                Text(
                    f"让利 {money_zh(conceded)} 不超过超额收益 {money_zh(excess)} 的 {pct(rate)}（{money_zh(limit)}）",
                    f"conceded {money_en(conceded)}, at most {pct(rate)} of the excess {money_en(excess)} ({money_en(limit)})",
                ),
            ),
            (fund.concession_conditions_met, Text("让利条件已满足", "conditions met")),
            (True if fund.concession_approval else None, Text("有批准文件", "approval on file")),
        ]
    )
    compared: tuple[Value, Value, str] = (conceded, limit, "fen")
    if (
        within and outcome.verdict is Verdict.BREACH
    ):  # the conditions were not met, the amount is not the fault
        compared = outcome.measured, outcome.threshold, outcome.unit
    return Outcome(
        outcome.verdict,
        outcome.text,
        *compared,
        None if outcome.verdict is not Verdict.BREACH else conceded - limit if not within else conceded,
        {"received": received, "paid_in": paid, "excess": excess, "rate": rate},
        notes=(Text("超额收益按让利前计算", "the excess is counted before the concession"),),
    )


def _unmeasured_concession(fund: FundFacts) -> Outcome:
    """GF-46 where nobody recorded what was paid in and out for government: the conditions can fail all the same."""
    return checklist(
        [(None, PUBLIC_MONEY), (fund.concession_conditions_met, Text("让利条件已满足", "conditions met"))],
        money=fund.concession_paid,
    )


@rule(
    "GF-47",
    Level.CONFIG,
    Scope.TRANSFER,
    Confidence.SEEN_IN_PART,
    text=Text("让渡份额的价格台阶", "Buy-out option at cost or cost plus interest"),
    sources=[docs.MOF_128.at("第15条")],
    on="day",
)
def buyout_price(
    transfer: TransferFacts,
    *,
    buyout_years_at_cost: int,
    buyout_years_with_interest: int,
    buyout_interest_rate: Decimal,
) -> Outcome:
    """Within 3 years at cost, to 5 years at cost plus interest over the whole holding at the rate of the day of sale,
    later at what the contract or an appraisal says. Exits on a market are no sale to the other holders."""
    if transfer.route in _MARKET:
        return not_applicable(
            Text("公开市场退出或清算，不适用让渡价格", "left on a market or by liquidation: no preset price")
        )
    lacking = missing(Text("转让日、价格、成本或出资日", "day, price, cost or day of entry"))
    if transfer.day is None or transfer.entered_on is None:
        return lacking
    at_cost = add_years(transfer.entered_on, buyout_years_at_cost)
    with_interest = add_years(transfer.entered_on, buyout_years_with_interest)
    if transfer.day > with_interest:
        return _late_sale(transfer, buyout_years_with_interest)
    if transfer.price is None or transfer.cost is None:
        return lacking
    if transfer.day <= at_cost:
        floor, text = transfer.cost, Text("原始出资额", "cost")
    else:
        days = (transfer.day - transfer.entered_on).days
        floor = transfer.cost + int(transfer.cost * buyout_interest_rate * days / 365)
        text = Text(
            f"原始出资额加 {pct(buyout_interest_rate)} 年息",
            f"cost plus {pct(buyout_interest_rate)} a year",
        )
    short = max(floor - transfer.price, 0)
    return Outcome(
        breach_unless(short == 0),
        Text(
            f"{transfer.seller} 转让 {transfer.fund} 份额，价格 {money_zh(transfer.price)}，应不低于 {money_zh(floor)}（{text.zh}）",
            f"{transfer.seller} sells its stake in {transfer.fund} for {money_en(transfer.price)}, at least "
            f"{money_en(floor)} ({text.en})",
        ),
        transfer.price,
        floor,
        "fen",
        short or None,
        {"cost": transfer.cost, "entered_on": transfer.entered_on},
    )


def _late_sale(transfer: TransferFacts, years: int) -> Outcome:
    """After the last step of the table: market or pro-rata, that is by appraisal or by the contract's formula."""
    if transfer.price is None or transfer.price_basis is None:
        return missing(
            Text(f"{years} 年以上转让的定价依据", f"price basis of a sale after {counted(years, 'year')}"),
            money=transfer.price,
        )
    met = transfer.price_basis is not PriceBasis.NEGOTIATED
    below = max((transfer.cost or 0) - transfer.price, 0)
    return Outcome(
        breach_unless(met),
        Text(
            f"{transfer.seller} 转让 {transfer.fund} 份额，价格 {money_zh(transfer.price)}，{years} 年以上，"
            f"{transfer.price_basis.zh}（应按评估或合同约定）",
            f"{transfer.seller} sells its stake in {transfer.fund} for {money_en(transfer.price)} after {counted(years, 'year')}, "
            f"price basis {transfer.price_basis.en} (appraisal or the contract's formula asked for)",
        ),
        transfer.price,
        None,
        "fen",
        None if met else transfer.price,
        {"cost": transfer.cost, "entered_on": transfer.entered_on, "price_basis": str(transfer.price_basis)},
        notes=(Text(f"低于原始出资额 {money_zh(below)}", f"{money_en(below)} below cost"),) if below else (),
    )


@rule(
    "GF-48",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("收回资金上缴国库或滚动投资", "Proceeds to the treasury or recycled"),
    sources=[docs.MOF_210.at("第13、18条"), docs.HLJ_10.at("第3条")],
)
def proceeds(fund: FundFacts, *, remit_days: int) -> Outcome:
    """What a guidance fund got back is remitted within the days allowed, or recycled on an agreed clause."""
    if fund.kind is not PartyKind.GUIDANCE_FUND:
        return not_applicable(Text("非引导基金", "not a guidance fund"))
    if not fund.other_in:
        return not_applicable(Text("尚无收回资金", "nothing came back yet"))
    use = fund.distribution_use
    if use is ProceedsUse.RECYCLE:
        return _recycled(fund)
    if use is ProceedsUse.TREASURY:
        return _to_treasury(fund, remit_days)
    return missing(
        Text("收回资金用途", "what proceeds are used for"), money=sum(f.fen for f in fund.other_in)
    )


def _recycled(fund: FundFacts) -> Outcome:
    met = bool(fund.recycle_clause)
    return Outcome(
        breach_unless(met),
        Text(
            f"滚动投资，依据：{fund.recycle_clause or '无'}",
            f"Recycled, clause: {fund.recycle_clause or 'none'}",
        ),
        money=None if met else sum(f.fen for f in fund.other_in),
        since=None if met else min(f.day for f in fund.other_in),
    )


def _to_treasury(fund: FundFacts, remit_days: int) -> Outcome:
    last_due = fund.as_of - dt.timedelta(days=remit_days + 1)  # on the last day allowed it is not late yet
    due = sum(flow.fen for flow in fund.other_in if flow.day <= last_due)
    sent = sum(flow.fen for flow in fund.remitted)
    lacking, late = max(due - sent, 0), _remitted_late(fund, remit_days)
    return Outcome(
        Verdict.BREACH if lacking else Verdict.WARN if late else Verdict.PASS,
        Text(
            f"截至 {last_due} 收回 {money_zh(due)}，已上缴 {money_zh(sent)}"
            + (f"，应缴未缴 {money_zh(lacking)}" if lacking else "")
            + (f"；迟缴 {len(late)} 笔" if late else ""),
            f"Received up to {last_due}: {money_en(due)}, remitted {money_en(sent)}"
            + (f", {money_en(lacking)} outstanding" if lacking else "")
            + (f"; {len(late)} remitted late" if late else ""),
        ),
        sent,
        due,
        "fen",
        lacking or None,
        items=late,
        since=_overdue_since(fund, sent, remit_days) if lacking else None,
    )


def _remitted_late(fund: FundFacts, remit_days: int) -> tuple[Item, ...]:
    """Receipts that were remitted in full, oldest first, but after the days allowed."""
    sent, covered, late = sorted(fund.remitted), 0, []
    came = 0
    for flow in sorted(fund.other_in):
        came += flow.fen
        while sent and covered < came:
            covered, last = covered + sent[0].fen, sent.pop(0).day
        if covered < came:
            break
        days = (last - flow.day).days
        if days > remit_days:
            late.append(
                Item(
                    str(flow.day),
                    Text(
                        f"{flow.day} 收回 {money_zh(flow.fen)}，{last} 缴清，历时 {days} 天",
                        f"{money_en(flow.fen)} of {flow.day}, remitted by {last}, {counted(days, 'day')} later",
                    ),
                    flow.day,
                    flow.fen,
                )
            )
    return tuple(late)


def _overdue_since(fund: FundFacts, sent: int, remit_days: int) -> dt.date | None:
    """The day the oldest proceeds that were not remitted became overdue."""
    for flow in fund.other_in:
        sent -= flow.fen
        if sent < 0:
            return flow.day + dt.timedelta(days=remit_days + 1)
    return None


@rule(
    "GF-54",
    Level.MIN,
    Scope.TRANSFER,
    Confidence.SEEN_IN_PART,
    text=Text("退出价格依据", "Exit price"),
    sources=[docs.MOF_210.at("第21条")],
    on="day",
)
def exit_price(transfer: TransferFacts, *, appraisal_months: int) -> Outcome:
    """By the contract's formula, or by an appraisal that is still valid; a stock exchange needs neither."""
    if transfer.route is ExitRoute.IPO and transfer.price_basis is None:
        return not_applicable(Text("证券市场成交价", "priced on a stock exchange"))
    if transfer.price_basis is None or transfer.day is None:
        return missing(Text("定价依据", "price basis"), money=transfer.price)
    if transfer.price_basis is PriceBasis.CONTRACT_FORMULA:
        return Outcome(Verdict.PASS, Text("按合同约定定价", "Priced by the contract"))
    if transfer.price_basis is PriceBasis.NEGOTIATED:
        return Outcome(
            Verdict.BREACH,
            Text("协商定价，无合同依据或评估", "Negotiated: neither contract nor appraisal"),
            money=transfer.price,
        )
    valid_until = (
        None if transfer.appraisal_on is None else add_months(transfer.appraisal_on, appraisal_months)
    )
    met = all_of(at_least(transfer.day, transfer.appraisal_on), at_most(transfer.day, valid_until))
    if met is None or (met and transfer.appraisal_ref is None):
        return missing(Text("评估报告编号或基准日", "appraisal report or its date"), money=transfer.price)
    return Outcome(
        breach_unless(met),
        Text(
            f"评估报告 {transfer.appraisal_ref or '未登记'}，基准日 {transfer.appraisal_on}，有效至 {valid_until}，转让日 {transfer.day}",
            f"Appraisal {transfer.appraisal_ref or 'without a number'} of {transfer.appraisal_on}, valid until {valid_until}; sold {transfer.day}",
        ),
        transfer.day,
        valid_until,
        "date",
        None if met else transfer.price,
    )


@rule(
    "GF-55",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("清算与政府资金收回", "Liquidation under the contributors' eye"),
    sources=[docs.MOF_210.at("第18条")],
)
def liquidation(fund: FundFacts) -> Outcome:
    """active -> extended -> liquidating -> closed, only forward; past its term a fund is extended or wound up; closed
    means nothing is owed to government, after a liquidation on record. Within "active" the order is free."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    if fund.status is None:
        return missing(Text("基金状态", "status"))
    ranks = [_ORDER[status] for _, status in fund.status_history]
    backwards = [
        Item(str(day), status.text, day)
        for (day, status), rank, before in zip(fund.status_history[1:], ranks[1:], ranks, strict=False)
        if rank < before
    ]
    if fund.status is FundStatus.MERGED and not backwards:
        return not_applicable(Text("已并入承继基金", "merged into its successor"))
    if backwards and (not fund.government_receivable or fund.status is not FundStatus.CLOSED):
        return Outcome(
            Verdict.BREACH,
            Text(
                f"状态倒退 {len(backwards)} 次",
                f"The status went backwards {counted(len(backwards), 'time')}",
            ),
            len(backwards),
            0,
            "count",
            sum(s.paid_in for s in fund.public_stakes) or None,
            items=tuple(backwards),
            since=backwards[0].day,
        )
    if fund.status is FundStatus.CLOSED:
        if fund.government_receivable is None:
            return missing(Text("应收政府资金余额", "government money still to be received"))
        owed = fund.government_receivable
        wound_up = any(status is FundStatus.LIQUIDATING for _, status in fund.status_history)
        return Outcome(
            Verdict.BREACH if owed else Verdict.PASS if wound_up else Verdict.WARN,
            Text(
                f"已清算，应收政府资金 {money_zh(owed)}"
                + ("" if wound_up else "；未登记清算阶段")
                + (f"；状态倒退 {len(backwards)} 次" if backwards else ""),
                f"Closed, government money still to be received {money_en(owed)}"
                + ("" if wound_up else "; no liquidation on record")
                + (f"; the status went backwards {counted(len(backwards), 'time')}" if backwards else ""),
            ),
            owed,
            0,
            "fen",
            owed or None,
            items=tuple(backwards),
            since=_since_closed(fund, backwards) if owed else None,
        )
    overrun = all_of(above(fund.as_of, fund.term_end), fund.status not in _ENDED)
    if overrun is None:
        return missing(Text("存续期届满日", "end of term"))
    return Outcome(
        breach_unless(not overrun),
        Text(
            f"状态“{fund.status.zh}”，存续期至 {fund.term_end or '未登记'}"
            + ("，已到期未清算" if overrun else ""),
            f"Status {fund.status.en}, term to {fund.term_end or 'an unrecorded day'}"
            + (", past its term and not wound up" if overrun else ""),
        ),
        fund.as_of,
        fund.term_end,
        "date",
        sum(s.paid_in for s in fund.public_stakes) if overrun else None,
        since=fund.term_end + dt.timedelta(days=1) if overrun and fund.term_end else None,
    )


def _since_closed(fund: FundFacts, backwards: list[Item]) -> dt.date | None:
    """The first step back, else the day the fund was closed with something still owed."""
    closed = next((day for day, status in fund.status_history if status is FundStatus.CLOSED), None)
    return backwards[0].day if backwards else closed
