"""What the contract says about loss, promises, custody and budget money. GF-14, 21…23, 30, 31."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from fof.grouping import by_key
from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import PUBLIC_VEHICLES, Flow
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
from fof.rules.wording import decimal_of, listed, money_en, money_zh, pct, ratio
from models.kinds import FundStatus, LegalForm, PartyKind
from models.rule_kinds import SideLetter
from models.text import Text, counted

PROMISES = frozenset(
    {SideLetter.PRINCIPAL_PROMISE, SideLetter.MINIMUM_RETURN, SideLetter.GOVERNMENT_BUY_BACK}
)
ENDING = (FundStatus.LIQUIDATING, FundStatus.CLOSED)
_NOBODY = frozenset({"无", "none"})
PUBLIC_MONEY = Text(
    "以登记份额持有的政府出资的实缴和分配", "what was paid in and out for government's declared share"
)


@rule(
    "GF-14",
    Level.LAW,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("不得约定部分合伙人承担全部亏损", "All-profit / all-loss clauses void"),
    sources=[docs.PARTNERSHIP_LAW.at("第33、69条")],
)
def loss_shared(fund: FundFacts) -> Outcome:
    """No partner is free of loss by contract. A sheet says "nobody" by the word 无, as an empty cell says nothing."""
    if fund.legal_form is not None and fund.legal_form is not LegalForm.LIMITED_PARTNERSHIP:
        return not_applicable(Text("非合伙型", "not a partnership"))
    if fund.legal_form is None or fund.loss_free_partners is None:
        return missing(Text("组织形式或亏损分担条款", "legal form or the clause on losses"))
    free = tuple(code for code in fund.loss_free_partners if code not in _NOBODY)
    shielded = sum(s.committed or 0 for s in fund.stakes if s.investor.code in free)
    return Outcome(
        breach_unless(not free),
        Text(
            f"约定不承担亏损的合伙人：{listed(free)}" if free else "亏损由全体合伙人分担",
            f"Partners free of loss by contract: {listed(free)}" if free else "All partners share losses",
        ),
        len(free),
        0,
        "count",
        shielded or None,
    )


@rule(
    "GF-21",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("预算安排与分期拨付", "Budget and staged payment"),
    sources=[docs.MOF_210.at("第22—24条"), docs.MOF_7.at("一")],
)
def budgeted(fund: FundFacts) -> Outcome:
    """Every year in which fiscal money was paid in has a budget line; a failed fiscal pre-check blocks a new fund.

    Payments from before 财预〔2015〕210号 are not asked for a budget line."""
    fiscal = [s for s in fund.promises if s.investor.kind is PartyKind.GOVERNMENT]
    if not fiscal and not fund.appropriated:
        return not_applicable(Text("无财政直接出资", "no direct fiscal money"))
    by_year: dict[int, int] = {}
    flows = [*fund.appropriated, *(flow for stake in fiscal for flow in stake.paid)]
    flows = [flow for flow in flows if flow.day >= docs.MOF_210.since]
    for flow in flows:
        by_year[flow.day.year] = by_year.get(flow.day.year, 0) + flow.fen
    paid = {year: fen for year, fen in by_year.items() if fen > 0}
    if fund.fiscal_precheck is False:
        return Outcome(
            Verdict.BREACH,
            Text(
                "财政承受能力审核未通过，不得新设或增资",
                "The fiscal pre-check failed: no new vehicle, no new money",
            ),
            money=sum(stake.committed or 0 for stake in fiscal),
        )
    budgeted_in = fund.budget_years
    unrecorded = any(stake.declared is not None for stake in fiscal)
    without = (
        {} if budgeted_in is None else {y: fen for y, fen in sorted(paid.items()) if y not in budgeted_in}
    )
    if not without and (fund.fiscal_precheck is None or (paid and budgeted_in is None)):
        return missing(
            Text("财政承受能力审核或预算年度", "fiscal pre-check or budget years"),
            money=sum(paid.values()) or None,
        )
    if not without and unrecorded:
        return missing(PUBLIC_MONEY, money=sum(paid.values()) or None)
    first = min((f.day for f in flows if f.day.year in without and f.fen > 0), default=None)
    return Outcome(
        breach_unless(not without),
        Text(
            f"未列预算即出资的年度：{listed(map(str, without))}，{money_zh(sum(without.values()))}"
            if without
            else "财政出资年度均已列预算",
            f"Years paid without a budget line: {listed(map(str, without))}, {money_en(sum(without.values()))}"
            if without
            else "Every year with fiscal money has a budget line",
        ),
        len(without),
        0,
        "count",
        sum(without.values()) or None,
        items=tuple(
            Item(str(year), Text(f"{year} 年", f"year {year}"), None, fen) for year, fen in without.items()
        ),
        since=first,
    )


class Instalment(NamedTuple):
    """Money asked for at one go: notices of which none asks a party that another of them asks.

    day : first due day      fen : asked for in all      notices : their numbers
    """

    day: dt.date
    fen: int
    notices: frozenset[str] = frozenset()


def instalments(fund: FundFacts) -> list[Instalment]:
    """What the fund asked for to invest, by due day; calls that were paid as fees and expenses alone are left out.

    A notice to the fiscal investors a week after the others' is part of the same instalment; who is asked again is
    asked for the next one.
    """
    paid: dict[str, int] = {}
    for stake in fund.stakes:
        for flow in stake.paid:
            paid[flow.notice] = paid.get(flow.notice, 0) + flow.fen
    for flow in fund.cost_calls:
        paid[flow.notice] = paid.get(flow.notice, 0) - flow.fen
    costs = {flow.notice for flow in fund.cost_calls if flow.notice and paid[flow.notice] <= 0}
    asked = sorted(
        (due.due_on, due.notice, stake.investor.code, due.fen)
        for stake in fund.stakes
        for due in stake.dues
        if due.notice not in costs
    )
    calls: list[Instalment] = []
    notices: set[tuple[str, dt.date]] = set()
    parties: set[str] = set()
    total, first = 0, dt.date.min
    for day, notice, party, fen in asked:
        key = (notice, dt.date.min if notice else day)
        if party in parties and key not in notices:
            calls.append(Instalment(first, total, frozenset(n for n, _ in notices)))
            notices, parties, total = set(), set(), 0
        if not notices:
            first = day
        notices.add(key)
        parties.add(party)
        total += fen
    if notices:
        calls.append(Instalment(first, total, frozenset(n for n, _ in notices)))
    return calls


def _running(flows: Iterable[Flow], sign: int = 1) -> Callable[[dt.date], int]:
    """A function day -> sum of the flows up to and including that day, times `sign`."""
    ordered = sorted(flows, key=attrgetter("day"))
    days = [flow.day for flow in ordered]
    totals = list(itertools.accumulate([sign * flow.fen for flow in ordered]))

    def until(day: dt.date) -> int:
        at = bisect_right(days, day)
        return totals[at - 1] if at else 0

    return until


def _paid_to_invest(fund: FundFacts) -> Callable[[Instalment, int, dt.date], int]:
    """(instalment, paid on those before it, day) -> paid on it up to the day, without what was called for costs.

    By the notice that each payment names; where some name none, payments fill the instalments in order."""
    flows = [f for s in fund.stakes for f in s.paid]
    flows += [Flow(day, -fen, notice) for day, fen, notice in fund.cost_calls]
    if not all([f.notice for f in flows if f.fen > 0]):  # noqa: C419, a list: half the time of a generator
        until = _running(flows)
        return lambda instalment, before, day: max(min(until(day) - before, instalment.fen), 0)
    on_notice = by_key(flows, lambda flow: flow.notice)

    def paid(instalment: Instalment, _before: int, day: dt.date) -> int:
        own = sum([f.fen for n in instalment.notices for f in on_notice.get(n, ()) if f.day <= day])
        return max(min(own, instalment.fen), 0)

    return paid


def _used(fund: FundFacts) -> Callable[[dt.date], int]:
    """Day -> invested up to it, and costs beyond what was called for costs: without these every fund would fall behind
    by its fees. Money returned as excess is not used."""
    into_deals = _running(fund.deployed)
    everything = _running(fund.uses)
    returned = _running([f for s in fund.stakes for f in s.paid if f.fen < 0], -1)
    called = _running(fund.cost_calls)

    def until(day: dt.date) -> int:
        costs = everything(day) - into_deals(day) - returned(day)
        return into_deals(day) + max(costs - called(day), 0)

    return until


@rule(
    "GF-22",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("上期资金投出后方可再次出资", "Next instalment only after deployment"),
    sources=[docs.CUIHENG.at("第4条")],
)
def next_instalment(fund: FundFacts, *, tranche_release_ratio: Decimal) -> Outcome:
    """Before each instalment falls due, enough of the one before has been used: invested, or spent on costs beyond what
    was called for costs. Earlier instalments count first."""
    calls = [call for call in instalments(fund) if call.day <= fund.as_of]
    if len(calls) < 2:
        return not_applicable(Text("不足两期出资", "fewer than two instalments"))
    if any(deal.fen is None or deal.day is None for deal in fund.purchases):
        return missing(Text("投资日或金额", "day or amount of a deal"))
    held: list[tuple[Instalment, Decimal, int]] = []
    worst: Decimal | None = None
    before = 0
    paid_on, used_until = _paid_to_invest(fund), _used(fund)
    for last, call in itertools.pairwise(calls):
        eve = call.day - dt.timedelta(days=1)
        tranche = paid_on(last, before, eve)
        used = min(max(used_until(eve) - before, 0), tranche)
        before += tranche
        if tranche <= 0:
            continue
        share = ratio(used, tranche)
        worst = share if worst is None else min(worst, share)
        if share < tranche_release_ratio:
            held.append((call, share, tranche - used))
    if worst is None:
        return missing(Text("各期实缴", "what was paid on the calls"))
    return Outcome(
        breach_unless(not held),
        Text(
            f"再次出资时上期资金最低投出 {pct(worst)}，要求不低于 {pct(tranche_release_ratio)}"
            + (f"；不符合 {len(held)} 次" if held else ""),
            f"At the next call the tranche before was invested {pct(worst)} at worst, at least "
            f"{pct(tranche_release_ratio)} required"
            + (f"; short {counted(len(held), 'time')}" if held else ""),
        ),
        worst,
        tranche_release_ratio,
        "share",
        sum(rest for _, _, rest in held) or None,
        items=tuple(
            Item(
                str(c.day),
                Text(
                    f"上期仅投出 {pct(s)}，未投 {money_zh(r)}", f"only {pct(s)} invested, {money_en(r)} not"
                ),
                c.day,
                c.fen,
            )
            for c, s, r in held
        ),
        since=min((call.day for call, _, _ in held), default=None),
    )


@rule(
    "GF-23",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("资产托管", "Custody"),
    sources=[docs.MOF_210.at("第三章"), docs.NDRC_2800.at("第5条"), docs.ORDER_762.at("第15条")],
)
def custody(fund: FundFacts) -> Outcome:
    """A custodian; without one a waiver with safeguards, which is not open to funds with government money."""
    if fund.established_on is None and not fund.paid_in:
        return not_applicable(Text("尚未成立", "not set up yet"))
    if fund.custodian:
        return Outcome(
            Verdict.PASS,
            Text(f"托管人：{fund.custodian}", f"Custodian: {fund.custodian}"),
            inputs={"custodian": fund.custodian},
        )
    if fund.custody_waiver is None:
        return missing(Text("托管人或不托管约定", "custodian or custody waiver"), money=fund.paid_in)
    return checklist(
        [
            (
                not fund.is_public,
                Text("无政府出资（政府出资基金须托管）", "no government money (else custody is a must)"),
            ),
            (
                bool(fund.safeguard_clause),
                Text("合同约定了保障财产安全的措施", "the contract gives other safeguards"),
            ),
        ],
        money=fund.paid_in,
        inputs={"custody_waiver": fund.custody_waiver},
    )


@rule(
    "GF-30",
    Level.LAW,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("不得承诺保本或最低收益", "No principal or minimum-return promise"),
    sources=[docs.MOF_210.at("第13条"), docs.ORDER_762.at("第20、32条")],
)
def no_promise(fund: FundFacts) -> Outcome:
    """No side letter promises principal, a floor return or a government buy-back."""
    if fund.side_letters is None:
        return missing(Text("补充协议核查记录", "a record of the side letters"))
    made = [letter for letter in fund.side_letters if letter in PROMISES]
    others = sum(s.committed or 0 for s in fund.stakes if s.investor.kind not in PUBLIC_VEHICLES)
    return Outcome(
        breach_unless(not made),
        Text(
            f"补充协议含：{'、'.join(m.zh for m in made)}" if made else "补充协议无保本、保收益或回购承诺",
            f"Side letters hold: {', '.join(m.en for m in made)}"
            if made
            else "No promise of principal, return or buy-back",
        ),
        len(made),
        0,
        "count",
        others if made else None,
    )


@rule(
    "GF-31",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("亏损共担、政府以出资额为限", "Losses shared, government limited to its contribution"),
    sources=[docs.MOF_210.at("第13条")],
)
def losses_shared(fund: FundFacts, *, loss_share_tolerance: Decimal) -> Outcome:
    """In a fund that is being wound up: government loses at most what it paid, and its part of the loss is its
    part of the money unless an approved ranking says otherwise; where the fund as a whole loses nothing, neither does
    government. A stake that changed hands carries its history with it."""
    if not fund.public_stakes and not fund.public_money_unrecorded:
        return not_applicable(Text("无政府出资", "no government money"))
    if fund.status is None:
        return missing(Text("基金状态", "status"))
    if fund.status not in ENDING:
        return not_applicable(Text("未进入清算", "not being wound up"))
    if fund.public_money_unrecorded:
        return missing(PUBLIC_MONEY)
    paid, received = fund.paid_in, sum(f.fen for s in fund.stakes for f in s.received)
    ours = sum(s.paid_in + s.paid_in_moved for s in fund.public_stakes)
    back = sum(f.fen for s in fund.public_stakes for f in s.received)
    back += sum(s.distributed_moved for s in fund.public_stakes)
    rest = fund.nav  # a status makes no value: what is left of a closed fund is what is stated
    if rest is None or paid <= 0:
        return missing(Text("清算剩余净值或实缴", "what is left in liquidation, or paid-in"))
    if ours <= 0:
        return not_applicable(Text("政府份额已全部转让", "government has sold its stakes"))
    fair = Fraction(ours, paid)
    loss = paid - received - rest
    our_loss = ours - back - int(rest * fair)
    ranked = bool(fund.loss_ranking_doc)
    tolerance = Fraction(loss_share_tolerance)
    inputs: dict[str, Value] = {"loss": loss, "government_loss": our_loss, "government_paid_in": ours}
    if loss <= 0:
        met = ranked or our_loss <= tolerance * ours
        return Outcome(
            breach_unless(met),
            Text(
                "整体未亏损" + ("" if met else f"，政府出资却亏损 {money_zh(our_loss)}"),
                "No loss as a whole" + ("" if met else f", yet government loses {money_en(our_loss)}"),
            ),
            max(our_loss, 0),
            0,
            "fen",
            None if met else our_loss,
            inputs,
        )
    part = Fraction(our_loss, loss)
    met = our_loss <= ours and (abs(part - fair) <= tolerance or ranked)
    loss_share, share = decimal_of(part), decimal_of(fair)
    return Outcome(
        breach_unless(met),
        Text(
            f"政府承担亏损的 {pct(loss_share)}，出资占 {pct(share)}（容差 {pct(loss_share_tolerance)}）；"
            f"批准的亏损顺序：{fund.loss_ranking_doc or '无'}",
            f"Government bears {pct(loss_share)} of the loss with {pct(share)} of the money (tolerance "
            f"{pct(loss_share_tolerance)}); approved ranking: {fund.loss_ranking_doc or 'none'}",
        ),
        loss_share,
        share,
        "share",
        None if met else max(math.ceil((part - fair) * loss), 0),
        inputs,
    )
