"""Guarantors: leverage, concentration, related parties, bonds, weights, reserves, mix. RC-07, RC-25…30."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.facts_pools import GuarantorFacts, RelatedLoan
from fof.rules.pool_terms import amount_at_least, share_at_least, share_at_most
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Verdict,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import all_of, at_most
from fof.rules.wording import decimal_of, money_en, money_zh, pct, times
from models.text import Text

_NONE = Text("无担保责任余额", "no liability")
_ASSETS = Text("净资产", "net assets")


@rule(
    "RC-07",
    Level.MIN,
    Scope.GUARANTOR,
    Confidence.SEEN,
    text=Text("政府性担保机构的业务结构", "Portfolio mix of a government guarantor"),
    sources=[docs.GUOBAN_6.at(None), docs.MOF_11.at(None)],
)
def portfolio_mix(
    guarantor: GuarantorFacts,
    *,
    small_share_min: Decimal,
    small_ticket_share_min: Decimal,
    small_ticket_base: str,
) -> Outcome:
    """Of the liability a floor for small and micro firms and farms, and a floor in small tickets: of what is lent to those, or of
    all business, as the setting says."""
    if guarantor.government_guarantor is None:
        return missing(Text("是否政府性融资担保机构", "whether it is a government guarantor"))
    if not guarantor.government_guarantor:
        return not_applicable(Text("不是政府性融资担保机构", "no government guarantor"))
    if not guarantor.liability:
        return not_applicable(_NONE)
    small = (
        None if guarantor.small_or_farm is None else Fraction(guarantor.small_or_farm, guarantor.liability)
    )
    base = guarantor.small_or_farm if small_ticket_base == "small_and_farm" else guarantor.liability
    tickets = None if base is None else Fraction(guarantor.small_tickets, base) if base else Fraction(0)
    return checklist(
        [
            share_at_least(small, small_share_min, Text("小微与三农占比", "small firms and farms")),
            share_at_least(
                tickets, small_ticket_share_min, Text("单户500万元以下占比", "tickets of at most 5 million")
            ),
        ],
        money=guarantor.liability,
    )


@rule(
    "RC-25",
    Level.LAW,
    Scope.GUARANTOR,
    Confidence.SEEN,
    text=Text("担保放大倍数", "Guarantor leverage"),
    sources=[docs.ORDER_683.at("第15条")],
)
def guarantor_leverage(
    guarantor: GuarantorFacts, *, guarantor_leverage_max: Decimal, guarantor_leverage_max_small: Decimal
) -> Outcome:
    """Weighted liability over net assets, against the higher multiple where it mainly serves small firms or farms."""
    if not guarantor.liability:
        return not_applicable(_NONE)
    if guarantor.net_assets is None or guarantor.net_assets <= 0 or guarantor.weighted is None:
        return missing(_ASSETS, Text("加权责任余额", "weighted liability"), money=guarantor.liability)
    own = Fraction(guarantor.weighted, guarantor.net_assets)
    small = guarantor.mainly_small_or_farm
    met = True if own <= guarantor_leverage_max else False if own > guarantor_leverage_max_small else small
    most = guarantor_leverage_max_small if small else guarantor_leverage_max
    text = Text(f"责任余额不超过净资产 {times(most)} 倍", f"liability at most {times(most)} times net assets")
    over = guarantor.weighted - int(most * guarantor.net_assets)
    return checklist(
        [Limb(met, text, decimal_of(own), most, "multiple", max(over, 0))], money=max(over, 0) or None
    )


@rule(
    "RC-26",
    Level.LAW,
    Scope.GUARANTOR,
    Confidence.SEEN,
    text=Text("担保集中度", "Guarantor concentration"),
    sources=[docs.ORDER_683.at("第16条")],
)
def concentration(
    guarantor: GuarantorFacts, *, guarantor_single_max: Decimal, guarantor_group_max: Decimal
) -> Outcome:
    """The largest borrower and the largest group, each liability by its weight (RC-29), against net assets. Where a weight is not
    known, what it is at most and at least decide as far as they agree."""
    if not guarantor.liability:
        return not_applicable(_NONE)
    if guarantor.net_assets is None or guarantor.net_assets <= 0:
        return missing(_ASSETS, money=guarantor.liability)
    whole = guarantor.net_assets
    single = guarantor.largest_borrower, guarantor.largest_borrower_least
    group = guarantor.largest_group, guarantor.largest_group_least
    one, many = (
        Text("单户占净资产", "one borrower, of net assets"),
        Text("集团占净资产", "one group, of net assets"),
    )
    made = checklist(
        [
            _within(single, whole, guarantor_single_max, one),
            _within(group, whole, guarantor_group_max, many),
        ]
    )
    over = [(c, fen) for c, fen in guarantor.loans_to if Fraction(fen, whole) > guarantor_single_max]
    return made._replace(
        items=tuple(Item(c, Text(money_zh(fen), money_en(fen)), None, fen) for c, fen in over)
    )


def _within(bounds: tuple[int, int | None], whole: int, most: Decimal, what: Text) -> Limb:
    """A share of net assets of which the highest and the lowest that it can be are known (one where they are the same)."""
    high, low = bounds[0], bounds[0] if bounds[1] is None else bounds[1]
    limb = share_at_most(Fraction(high, whole), most, what, max(high - int(most * whole), 0))
    return limb if low == high or limb.met or Fraction(low, whole) > most else limb._replace(met=None)


@rule(
    "RC-27",
    Level.LAW,
    Scope.GUARANTOR,
    Confidence.SEEN,
    text=Text("关联担保", "Guarantor related parties"),
    sources=[docs.ORDER_683.at("第7、17条")],
)
def related_parties(
    guarantor: GuarantorFacts, *, related_report_days: int, guarantor_capital_min: int
) -> Outcome:
    """None for holder and controller; others on no better terms and reported in time; capital paid in money."""
    stated = (guarantor.related_parties, guarantor.controlling_holder, guarantor.actual_controller)
    known = None if None in stated else True
    controls = [loan.loan for loan in guarantor.related if loan.controls]
    capital = (
        None
        if guarantor.registered_capital is None or guarantor.cash_capital is None
        else min(guarantor.registered_capital, guarantor.cash_capital)
    )
    tests: list[Test] = [
        Limb(
            False if controls else known,
            Text("未为控股股东、实际控制人担保", "none for the holder or controller"),
            money=sum(loan.outstanding for loan in guarantor.related if loan.controls) or None,
        ),
        amount_at_least(capital, guarantor_capital_min, Text("实缴货币资本", "capital paid in money")),
    ]
    for loan in guarantor.related:
        if not loan.controls:
            text = Text(
                f"{loan.loan} 条件不优于他人并按时报告", f"{loan.loan}: no better terms, reported in time"
            )
            tests.append(Limb(_proper(loan, related_report_days), text, money=loan.outstanding))
    return checklist(tests)


def _proper(loan: RelatedLoan, days: int) -> bool | None:
    late = (
        None
        if loan.day is None or loan.related_reported_on is None
        else (loan.related_reported_on - loan.day).days
    )
    return all_of(loan.no_better_terms, at_most(late, days))


@rule(
    "RC-28",
    Level.LAW,
    Scope.GUARANTOR,
    Confidence.SEEN,
    text=Text("债券担保属融资担保", "Bond guarantee is financing guarantee"),
    sources=[docs.ORDER_683.at("第2、12条")],
)
def bonds_count(guarantor: GuarantorFacts) -> Outcome:
    """Guaranteed bonds are in the liability that RC-25 to RC-27 judge."""
    if not guarantor.bonds:
        return not_applicable(Text("无债券担保", "no guaranteed bonds"))
    if guarantor.weighted is None:
        return missing(Text("加权责任余额", "weighted liability"), money=guarantor.bonds)
    return checklist(
        [
            Limb(
                guarantor.bonds <= guarantor.liability and guarantor.bonds_weighted <= guarantor.weighted,
                Text("债券担保计入责任余额", "bonds are in the liability"),
                guarantor.bonds,
                guarantor.liability,
                "fen",
                guarantor.bonds,
            )
        ]
    )


@rule(
    "RC-29",
    Level.MIN,
    Scope.GUARANTOR,
    Confidence.RECALLED,
    text=Text("担保责任余额的权重", "Risk weights of guarantee liability"),
    sources=[docs.CBIRC_1.at(None)],
)
def weights(guarantor: GuarantorFacts) -> Outcome:
    """The weighted liability can be told: size and amount of each borrower, rating of each bond."""
    if not guarantor.liability:
        return not_applicable(_NONE)
    if guarantor.weighted is None:
        return missing(
            Text("借款人规模或债券评级", "sizes of borrowers or ratings of bonds"), money=guarantor.liability
        )
    text = Text(
        f"责任余额 {money_zh(guarantor.liability)}，加权 {money_zh(guarantor.weighted)}",
        f"liability {money_en(guarantor.liability)}, weighted {money_en(guarantor.weighted)}",
    )
    met = guarantor.weighted <= guarantor.liability
    return Outcome(
        Verdict.PASS if met else Verdict.BREACH, text, guarantor.weighted, guarantor.liability, "fen"
    )


@rule(
    "RC-30",
    Level.MIN,
    Scope.GUARANTOR,
    Confidence.RECALLED,
    text=Text("准备金", "Reserves"),
    sources=[docs.GUARANTOR_INTERIM.at("第31条"), docs.ORDER_683.at("第18条")],
)
def reserves(
    guarantor: GuarantorFacts,
    *,
    unearned_reserve_share: Decimal,
    loss_reserve_share: Decimal,
    loss_reserve_full: Decimal,
) -> Outcome:
    """Half of the year's fees, and each year a share of the liability at its end until the loss reserve is its full share; a reserve
    that is full needs no more. Where nobody recorded what was set aside, a reserve below one year's share lacks it all the same."""
    income, unearned = guarantor.fee_income, guarantor.unearned_fee_reserve
    least = None if income is None else math.ceil(unearned_reserve_share * income)
    floor = math.ceil(loss_reserve_share * guarantor.year_end_liability)
    full = math.ceil(loss_reserve_full * guarantor.year_end_liability)
    reserve, provision = guarantor.loss_reserve, guarantor.loss_provision
    enough: bool | None
    if reserve is None:
        enough = None
    elif reserve >= full:
        enough = True
    elif provision is None:
        enough = False if reserve < floor else None
    else:
        enough = provision >= floor
    held = reserve if provision is None else provision
    return checklist(
        [
            Limb(
                None if unearned is None or least is None else unearned >= least,
                Text(
                    "未到期责任准备金不低于担保费收入的一半", "unearned-fee reserve of at least half the fees"
                ),
                unearned,
                least,
                "fen",
                None if unearned is None or least is None else max(least - unearned, 0),
            ),
            Limb(
                enough,
                Text(
                    f"当年提取不低于年末责任余额的 {pct(loss_reserve_share)}，或准备金已达 {pct(loss_reserve_full)}",
                    f"at least {pct(loss_reserve_share)} of the year-end liability set aside, or a reserve of {pct(loss_reserve_full)}",
                ),
                held,
                floor,
                "fen",
                None if held is None else max(floor - held, 0),
            ),
        ]
    )
