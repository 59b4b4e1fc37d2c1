"""State venture institutions over the whole life of all their funds. GF-70; GF-56 holds the tolerances, GF-57 the principle."""

from __future__ import annotations

from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.currencies import cannot_tell
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_deals import HoldingFacts
from fof.rules.losses import PortfolioResult, portfolio_result
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Outcome,
    Scope,
    Verdict,
    missing,
    rule,
)
from fof.rules.wording import YUAN, in_currency, listed, money_en, money_zh, pct, ratio, times
from models.frozen import frozen
from models.rule_kinds import Grade
from models.subjects import Subject, SubjectKind
from models.text import Text, counted


@frozen
class WholeLife:
    """An institution since its first investment, in fen, over every fund it manages on the day.

    result      : of all their investments (fof.rules.losses)
    loss_ratio  : what was lost ÷ what was invested; None where it cannot be told
    net         : (distributed to the investors + net asset value) ÷ paid in of its funds; None where it cannot be told
    losses      : closed positions with a realised loss: fund, position, fen lost
    grades      : fund -> grade of its last yearly evaluation (GF-58)
    currency    : of the funds, None for the yuan; funds in several currencies are told apart
    """

    institution: str
    funds: tuple[str, ...]
    result: PortfolioResult
    loss_ratio: Decimal | None
    net: Decimal | None
    losses: tuple[tuple[str, HoldingFacts, int], ...]
    grades: dict[str, Grade]
    currency: str | None = None

    @property
    def subject(self) -> Subject:
        """The institution; with the currency beside it where its funds are not in yuan."""
        return Subject(SubjectKind.PARTY, self.institution, self.currency or "")


def whole_lives(office: OfficeFacts) -> list[WholeLife]:
    """Every state institution that manages a fund of the office, by code."""
    managed: dict[tuple[str, str], list[FundFacts]] = {}
    for fund in office.funds:
        if fund.manager is not None and fund.manager.state_owned:
            currency = "" if fund.currency in (None, YUAN) else str(fund.currency)
            managed.setdefault((fund.manager.code, currency), []).append(fund)
    return [_life(code, currency or None, funds) for (code, currency), funds in sorted(managed.items())]


def unclear_institutions(office: OfficeFacts) -> set[str]:
    """Managers of which it is not known whether they are the state's."""
    return {f.manager.code for f in office.funds if f.manager is not None and f.manager.state_owned is None}


def _life(code: str, currency: str | None, funds: list[FundFacts]) -> WholeLife:
    positions = [(fund.code, held) for fund in funds for held in fund.holdings]
    losses = tuple(
        (fund, h, h.exited_cost - h.proceeds)
        for fund, h in positions
        if h.closed_on is not None and h.exited_cost > h.proceeds
    )
    result = portfolio_result(h for _, h in positions)
    with_money = [f for f in funds if f.paid_in > 0]
    paid = sum(f.nav_paid_in if f.nav_paid_in is not None else f.paid_in for f in with_money)
    back = [f.nav_distributed for f in with_money]
    navs = [f.nav for f in with_money]
    net = None
    if paid > 0 and None not in back and None not in navs:
        net = ratio(sum(fen or 0 for fen in (*back, *navs)), paid)
    return WholeLife(
        code,
        tuple(f.code for f in funds),
        result,
        None if result.lost is None or not result.cost else ratio(result.lost, result.cost),
        net,
        losses,
        {f.code: e.grade for f in funds for e in f.evaluations[-1:] if e.grade is not None},
        currency,
    )


@rule(
    "GF-70",
    Level.MIN,
    Scope.OFFICE,
    Confidence.SEEN_IN_PART,
    text=Text(
        "国有创投机构全生命周期考核与尽职免责",
        "Whole-life assessment and tolerance for state venture capital",
    ),
    sources=[docs.GUOBAN_31.at(None)],
)
def whole_life(office: OfficeFacts, *, diligence_loss_above: int) -> list[Outcome]:
    """Of each state institution the whole life of its funds, and the evidence of diligence behind every realised loss above
    the threshold: without it UNKNOWN. The loss itself is never a finding. The threshold is in yuan: whether a loss in another
    currency lies above it is not told."""
    outcomes = [
        missing(Text("管理人是否国有", "whether the manager is a state institution"))._replace(
            subject=Subject(SubjectKind.PARTY, code),
        )
        for code in sorted(unclear_institutions(office))
    ]
    for life in whole_lives(office):
        with in_currency(life.currency or YUAN):
            outcomes.append(_outcome(life, diligence_loss_above)._replace(currency=life.currency or YUAN))
    return outcomes


def asking(life: WholeLife, threshold: int) -> list[tuple[str, HoldingFacts, int]] | None:
    """The realised losses that ask for evidence of diligence; None where it depends on the worth of another currency.

    threshold : fen of the yuan
    """
    if life.currency in (None, YUAN):
        return [(fund, h, lost) for fund, h, lost in life.losses if lost > threshold]
    return list(life.losses) if all(h.due_diligence for _, h, _ in life.losses) else None


def _outcome(life: WholeLife, threshold: int) -> Outcome:
    large = asking(life, threshold)
    if large is None:
        return cannot_tell({YUAN, str(life.currency)})._replace(subject=life.subject)
    without = [(fund, h, lost) for fund, h, lost in large if not h.due_diligence]
    inputs = {
        "invested": life.result.cost,
        "realised": life.result.realised,
        "unrealised": life.result.unrealised,
        "loss_ratio": life.loss_ratio,
        "net_multiple": life.net,
        "funds": listed(life.funds),
        "losses_with_diligence": len(large) - len(without),
    }
    items = tuple(
        Item(
            f"{fund}/{h.company}",
            Text(
                f"已实现亏损 {money_zh(lost)}，未登记尽职材料",
                f"realised loss {money_en(lost)}, no evidence of diligence",
            ),
            h.closed_on,
            lost,
        )
        for fund, h, lost in without
    )
    if without:
        codes = listed(item.code for item in items)
        outcome = missing(
            Text(
                f"{codes} 已实现亏损的尽职材料", f"evidence of diligence for the realised losses of {codes}"
            ),
            inputs=inputs,
            money=sum(lost for _, _, lost in without),
        )
        return Outcome(
            outcome.verdict,
            outcome.text,
            len(large) - len(without),
            len(large),
            "count",
            outcome.money,
            inputs,
            items=items,
            subject=life.subject,
        )
    loss, net = life.loss_ratio, life.net
    unrealised = (
        ("–", "–")
        if life.result.unrealised is None
        else (money_zh(life.result.unrealised), money_en(life.result.unrealised))
    )
    return Outcome(
        Verdict.PASS,
        Text(
            f"{len(life.funds)} 只基金累计投资 {money_zh(life.result.cost)}，已实现损益 {money_zh(life.result.realised)}，未实现损益 "
            f"{unrealised[0]}，亏损率 {'–' if loss is None else pct(loss)}，净倍数 {'–' if net is None else times(net)}；"
            f"应有尽职材料的亏损 {len(large)} 笔，均已登记",
            f"{counted(len(life.funds), 'fund')} since inception: invested {money_en(life.result.cost)}, realised {money_en(life.result.realised)}, "
            f"unrealised {unrealised[1]}, loss ratio {'–' if loss is None else pct(loss)}, net multiple "
            f"{'–' if net is None else times(net)}; {counted(len(large), 'loss')} that must come with evidence of diligence, none without",
        ),
        len(large),
        len(large),
        "count",
        inputs=inputs,
        subject=life.subject,
    )
