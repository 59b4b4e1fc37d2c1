"""What a venture fund must be to call itself one, and how small and short-lived a fund may be. GF-15…18."""

from __future__ import annotations

import datetime as dt

from fof.rules import cited_documents as docs
from fof.rules.admission import partners
from fof.rules.calendar_days import add_months, add_years
from fof.rules.facts import VENTURE_STRATEGIES, FundFacts
from fof.rules.facts_deals import DealFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import agreed, all_of, any_of, below
from fof.rules.wording import actual, money_en, money_zh
from models.kinds import FundClass, Instrument, PartyKind
from models.text import Text

_WORDS = "创业投资"


def is_venture(fund: FundFacts) -> bool | None:
    """Whether a fund is run as a VC fund, by class or strategy; None where what is recorded does not decide."""
    return any_of(
        None if fund.fund_class is None else fund.fund_class is FundClass.VENTURE,
        None if fund.strategy is None else fund.strategy in VENTURE_STRATEGIES,
    )


def paid_by(fund: FundFacts, day: dt.date) -> int:
    """Paid in on or before `day`."""
    return sum(flow.fen for stake in fund.stakes for flow in stake.paid if flow.day <= day)


def agreed_end(fund: FundFacts) -> dt.date | None:
    """The end of the term as first agreed: an extension does not make a short-lived fund a long-lived one."""
    if fund.first_term_end is not None or fund.term_end is None:
        return fund.first_term_end
    return add_years(fund.term_end, -(fund.extension_years or 0))


def _lives(fund: FundFacts, years: int) -> bool | None:
    end = agreed_end(fund)
    if fund.established_on is None or end is None:
        return None
    return end >= add_years(fund.established_on, years)


@rule(
    "GF-15",
    Level.LAW,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("创业投资基金的条件", "VC fund definition"),
    sources=[docs.ORDER_762.at("第35条")],
)
def vc_definition(fund: FundFacts, *, vc_min_term_years: int) -> Outcome:
    """Unlisted companies only, the words 创业投资 in name or scope, no borrowing, a minimum life. Binds funds that are
    run as VC funds or call themselves so; holdings that were listed later are kept."""
    if fund.kind is not PartyKind.SUB_FUND:
        return not_applicable(Text("非子基金", "not a sub-fund"))
    venture = any_of(is_venture(fund), None if fund.name is None else _WORDS in fund.name)
    if venture is False:
        return not_applicable(Text("非创业投资基金", "not a VC fund"))
    if venture is None:
        return missing(Text("基金名称、类别或策略", "name, class or strategy"))
    bought = [(deal, _unlisted(deal)) for deal in fund.purchases]
    listed_ones = [deal for deal, unlisted in bought if unlisted is False]
    texts = [fund.name, fund.business_scope]
    named = True if any(_WORDS in text for text in texts if text) else None if None in texts else False
    borrowed = max(fund.borrowing or 0, fund.facility) if fund.facility > 0 else fund.borrowing
    owed = actual(borrowed, fen=True)
    outcome = checklist(
        [
            Limb(
                all_of(*(unlisted for _, unlisted in bought)),
                Text("投资于未上市企业", "unlisted companies"),
                len(listed_ones),
                0,
                "count",
                sum(deal.fen or 0 for deal in listed_ones) or None,
                min((d.day for d in listed_ones if d.day), default=None),
            ),
            Limb(named, Text("名称或经营范围含“创业投资”", "创业投资 in name or scope")),
            Limb(
                None if borrowed is None else borrowed == 0,
                Text(f"无借款{owed[0]}", f"no borrowing{owed[1]}"),
                borrowed,
                0,
                "fen",
                borrowed,
            ),
            Limb(
                _lives(fund, vc_min_term_years),
                Text(f"存续期不少于 {vc_min_term_years} 年", f"life of at least {vc_min_term_years} years"),
                agreed_end(fund),
                None if fund.established_on is None else add_years(fund.established_on, vc_min_term_years),
                "date",
            ),
        ],
        together=True,
        inputs={"borrowing": borrowed, "agreed_end": agreed_end(fund)},
    )
    items = (
        Item(d.code, Text(f"{d.company} 投资时已上市", f"{d.company} listed at entry"), d.day, d.fen)
        for d in listed_ones
    )
    return outcome._replace(items=tuple(items))


def _unlisted(deal: DealFacts) -> bool | None:
    """Whether the company was unlisted when the fund bought; shares bought on the market never are."""
    if deal.instrument is Instrument.LISTED_SHARES:
        return False
    return None if deal.listed_at_entry is None else not deal.listed_at_entry


@rule(
    "GF-16",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("创业投资企业最低规模和单笔出资", "Minimum size and ticket under the VC-enterprise regime"),
    sources=[docs.ORDER_39.at("第9条")],
)
def vc_enterprise_size(
    fund: FundFacts,
    *,
    vce_paid_in_min: int,
    vce_first_paid_in_min: int,
    vce_completion_years: int,
    vce_ticket_min: int,
) -> Outcome:
    """Paid in at once, or a first part and the rest within five years; each investor's minimum; cash only."""
    if fund.vc_enterprise is False:
        return not_applicable(Text("未按39号令备案", "not filed under Order 39"))
    if fund.vc_enterprise is None:
        return missing(Text("是否按39号令备案", "whether it is filed under Order 39"))
    if fund.stakes and not partners(fund):
        return not_applicable(Text("出资人均已退出", "every investor has left"))
    first = min((flow.day for stake in fund.stakes for flow in stake.paid), default=None)
    full, full_by, paid = None, None, fund.paid_in
    if first is not None:
        full_by = add_years(first, vce_completion_years)
        begun = paid_by(fund, _first_instalment_by(fund, first)) >= vce_first_paid_in_min
        in_time = paid_by(fund, full_by)
        full = in_time >= vce_paid_in_min or (begun and fund.as_of <= full_by)
        paid = fund.paid_in if full else in_time
    held = [stake.committed for stake in partners(fund)]
    smallest = min((fen for fen in held if fen is not None), default=None)
    enough = False if below(smallest, vce_ticket_min) else None if None in held or not held else True
    size = actual(smallest, fen=True)
    return checklist(
        [
            Limb(
                full,
                Text(
                    f"实缴 {money_zh(paid)}：不低于 {money_zh(vce_paid_in_min)}，或首期不低于 "
                    f"{money_zh(vce_first_paid_in_min)} 且 {full_by or '五年'} 前缴足",
                    f"paid in {money_en(paid)}: at least {money_en(vce_paid_in_min)}, or "
                    f"{money_en(vce_first_paid_in_min)} first and the rest by {full_by or 'then'}",
                ),
                paid,
                vce_paid_in_min,
                "fen",
                max(vce_paid_in_min - paid, 0) or None,
            ),
            Limb(
                enough,
                Text(
                    f"单个出资人不低于 {money_zh(vce_ticket_min)}{size[0]}",
                    f"each investor at least {money_en(vce_ticket_min)}{size[1]}",
                ),
                smallest,
                vce_ticket_min,
                "fen",
                sum(fen for fen in held if fen is not None and fen < vce_ticket_min) or None,
            ),
            Limb(
                not any(stake.in_kind for stake in fund.stakes),
                Text("全部以货币出资", "cash only"),
                money=sum(s.committed or 0 for s in fund.stakes if s.in_kind) or None,
            ),
        ]
    )


def _first_instalment_by(fund: FundFacts, first: dt.date) -> dt.date:
    """The day by which the first instalment is in: parties pay the first notice on different days up to its due day."""
    dues = [due for stake in fund.stakes for due in stake.dues]
    number = min(dues).notice if dues else ""
    return max([first, *(due.due_on for due in dues if due.notice == number)])


@rule(
    "GF-17",
    Level.MIN,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("备案时最低实缴和存续期", "AMAC initial paid-in and minimum life"),
    sources=[docs.AMAC_5.at("第33、36条")],
    on="amac_filed_on",
    later=["amac_filed_on", "as_of", "stakes", "deals"],  # what six months bring, and more than one company
)
def amac_minimums(
    fund: FundFacts,
    *,
    amac_equity_paid_in_min: int,
    amac_vc_paid_in_min: int,
    amac_vc_months: int,
    amac_single_asset_min: int,
    amac_term_years: int,
) -> Outcome:
    """Paid in by the filing day; a VC fund may start lower and reach the amount within six months."""
    filed, venture, now = fund.now.amac_filed_on, is_venture(fund), fund.now
    if fund.kind is PartyKind.GUIDANCE_FUND and filed is None:
        return not_applicable(
            Text("引导基金未作为私募基金备案", "a guidance fund that is not filed as a private fund")
        )
    if filed is None:
        return missing(Text("备案日", "filing day"))
    paid = paid_by(now, filed)
    later = paid_by(now, add_months(filed, amac_vc_months))
    waiting = now.as_of <= add_months(filed, amac_vc_months)
    single = fund.single_asset
    if single is None and len({deal.company for deal in now.purchases}) > 1:
        single = False
    in_steps = paid >= amac_vc_paid_in_min and (later >= amac_equity_paid_in_min or waiting)
    at_once = paid >= amac_equity_paid_in_min
    as_single = paid >= amac_single_asset_min
    kinds = [v for v in (True, False) if venture in (v, None)]
    enough = agreed(
        as_single if one else in_steps if v else at_once
        for one in (True, False)
        if single in (one, None)
        for v in kinds
    )
    by_steps = bool(venture) and not single
    floor = amac_single_asset_min if single else amac_vc_paid_in_min if venture else amac_equity_paid_in_min
    asked = (Text("是否单一标的基金", "single-asset or not"), single), (Text("基金类别", "class"), venture)
    lacking = [text for text, known in asked if known is None]
    unsure = enough is None
    return checklist(
        [
            Limb(
                enough,
                Text(
                    f"备案时实缴 {money_zh(paid)}，不低于 {money_zh(floor)}"
                    + (
                        f"，{amac_vc_months} 个月内达到 {money_zh(amac_equity_paid_in_min)}"
                        if by_steps
                        else ""
                    )
                    + (f"（{'、'.join(text.zh for text in lacking)}未登记）" if unsure else ""),
                    f"paid in at filing {money_en(paid)}, at least {money_en(floor)}"
                    + (
                        f", {money_en(amac_equity_paid_in_min)} within {amac_vc_months} months"
                        if by_steps
                        else ""
                    )
                    + (f" ({', '.join(text.en for text in lacking)} is not recorded)" if unsure else ""),
                ),
                later if by_steps and paid >= floor else paid,
                amac_equity_paid_in_min if by_steps and paid >= floor else floor,
                "fen",
                max(
                    (amac_equity_paid_in_min if by_steps and paid >= floor else floor)
                    - (later if by_steps and paid >= floor else paid),
                    0,
                )
                or None,
            ),
            Limb(
                _lives(fund, amac_term_years),
                Text(f"存续期不少于 {amac_term_years} 年", f"life of at least {amac_term_years} years"),
                agreed_end(fund),
                None if fund.established_on is None else add_years(fund.established_on, amac_term_years),
                "date",
            ),
        ],
        inputs={"paid_at_filing": paid, "paid_after_months": later, "single_asset": single},
    )


@rule(
    "GF-18",
    Level.MIN,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("39号令存续期", "39号令 minimum life"),
    sources=[docs.ORDER_39.at("第17—20条")],
)
def vc_enterprise_life(fund: FundFacts, *, vce_min_term_years: int) -> Outcome:
    """A filed VC enterprise lives at least seven years, as first agreed."""
    if fund.vc_enterprise is False:
        return not_applicable(Text("未按39号令备案", "not filed under Order 39"))
    end = agreed_end(fund)
    if fund.vc_enterprise is None or fund.established_on is None or end is None:
        return missing(Text("是否备案、成立日或届满日", "filing, establishment or end of term"))
    least = add_years(fund.established_on, vce_min_term_years)
    return Outcome(
        breach_unless(end >= least),
        Text(
            f"存续期 {fund.established_on} 至 {end}（不含延长），不少于 {vce_min_term_years} 年",
            f"Life {fund.established_on} to {end} (without extensions), at least {vce_min_term_years} years",
        ),
        end,
        least,
        "date",
    )
