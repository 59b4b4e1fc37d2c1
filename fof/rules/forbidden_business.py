"""Business that a fund must not do: the lists of the fiscal and the planning rule, lending, what a venture-capital enterprise may not. GF-27, 28, 29, 32."""

from __future__ import annotations

import datetime as dt

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts
from fof.rules.limits import SAFE_CASH
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Outcome,
    Scope,
    Test,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.truth import all_of
from models.kinds import Instrument
from models.text import NO_TEXT, Text


def _banned(deal: DealFacts, *, bond_floor: str | None) -> tuple[bool | None, Text]:
    """(banned or not, None where the carve-out cannot be told; why, in Chinese and English)."""
    match deal.instrument:
        case Instrument.GUARANTEE:
            banned = None if deal.financing_guarantee is None else not deal.financing_guarantee
            return banned, Text("融资担保以外的担保", "a guarantee other than a financing guarantee")
        case Instrument.BOND if bond_floor is not None:
            rating = deal.bond_rating
            return (
                None if rating is None else rating.strip().upper() != bond_floor,
                Text("AAA 以下债券", "a bond below AAA"),
            )
        case Instrument.DONATION if bond_floor is not None:
            banned = None if deal.approved_charity is None else not deal.approved_charity
            return banned, Text("未经批准的赞助捐赠", "a donation without approval")
        case Instrument.LOAN:
            return True, Text("借款", "a loan")
        case Instrument.ENTRUSTED_LOAN:
            return True, Text("委托贷款", "an entrusted loan")
        case Instrument.LISTED_SHARES:
            return True, Text("二级市场股票", "listed shares")
        case Instrument.DERIVATIVE:
            return True, Text("衍生品", "a derivative")
        case Instrument.PROPERTY if bond_floor is not None:
            return True, Text("房地产", "property")
        case Instrument.EQUITY if deal.listed_then:  # bought on the market, or newly issued to it
            return None, Text("二级市场股票（企业已上市）", "listed shares bought on the market")
        case _:
            return False, NO_TEXT


def _not_on_list(deal: DealFacts, bond_floor: str | None) -> Outcome | None:
    if not deal.is_purchase or deal.fund.government_money is False:
        return None
    if deal.instrument is None:
        return missing(Text("投资工具", "instrument"))
    banned, text = _banned(deal, bond_floor=bond_floor)
    if banned is None:
        return missing(
            Text(f"例外依据（是否属于{text.zh}）", f"evidence whether it is {text.en}"), money=deal.fen
        )
    tool = deal.instrument
    return Outcome(
        breach_unless(not banned),
        Text(
            f"{tool.zh}：属于禁止业务（{text.zh}）" if banned else f"{tool.zh}：不在禁止之列",
            f"{tool.en}: forbidden ({text.en})" if banned else f"{tool.en}: not on the list of bans",
        ),
        money=deal.fen if banned else None,
        inputs={
            "instrument": str(tool),
            "financing_guarantee": deal.financing_guarantee,
            "bond_rating": deal.bond_rating,
            "approved_charity": deal.approved_charity,
        },
    )


@rule(
    "GF-27",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text("禁止业务清单（财政）", "Forbidden business list (fiscal rule)"),
    sources=[docs.MOF_210.at("第12条")],
    on="day",
)
def fiscal_bans(deal: DealFacts, *, bond_rating_floor: str) -> Outcome | None:
    """No deal of the forbidden kinds, with three carve-outs: financing guarantee, AAA bonds, approved charity."""
    return _not_on_list(deal, bond_rating_floor)


@rule(
    "GF-28",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text("禁止业务清单（发改）", "Forbidden business list (NDRC rule, 2026)"),
    sources=[docs.NDRC_2800.at("第26条", until=dt.date(2026, 1, 11)), docs.NDRC_1752.at("第6条")],
    on="day",
)
def ndrc_bans(deal: DealFacts) -> Outcome | None:
    """The shorter list: disguised debt, secondary-market trading, derivatives, guarantees."""
    return _not_on_list(deal, None)


@rule(
    "GF-29",
    Level.LAW,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text(
        "私募基金财产不得用于借贷", "Fund money not for lending; no repurchase promise by local government"
    ),
    sources=[docs.ORDER_762.at("第24、51条")],
    on="day",
)
def no_lending(deal: DealFacts) -> Outcome | None:
    """No loan or entrusted loan; a bridge loan to an investee is a warning. (Repurchase promises: GF-30.)"""
    if not deal.is_purchase:
        return None
    tool, bridge = deal.instrument, deal.bridge_loan
    if tool is None and bridge:  # a warning whatever the paper is called
        return Outcome(
            Verdict.WARN,
            Text("过桥借款：可能构成借贷", "A bridge loan: may be lending"),
            money=deal.fen,
            inputs={"instrument": None, "bridge_loan": bridge},
        )
    if tool is None:
        return missing(Text("投资工具", "instrument"))
    if tool is Instrument.CONVERTIBLE and bridge is None:
        return missing(Text("是否为过桥借款", "whether it is a bridge loan"), money=deal.fen)
    lending = tool in (Instrument.LOAN, Instrument.ENTRUSTED_LOAN)
    verdict = Verdict.WARN if bridge else Verdict.BREACH if lending else Verdict.PASS
    met = verdict is Verdict.PASS
    return Outcome(
        verdict,
        Text(
            f"{tool.zh}{'（过桥）' if bridge else ''}：{'非借贷' if met else '属于借贷或可能构成借贷'}",
            f"{tool.en}{' (bridge)' if bridge else ''}: {'no lending' if met else 'lending, or may be'}",
        ),
        money=None if met else deal.fen,
        inputs={"instrument": str(tool), "bridge_loan": bridge},
    )


@rule(
    "GF-32",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("创业投资企业不得担保和从事房地产", "Guarantee and property ban for VC enterprises"),
    sources=[docs.ORDER_39.at("第13—14条")],
)
def vc_enterprise_bans(fund: FundFacts) -> Outcome:
    """No guarantee, no property but its own premises; idle cash only in banks, treasury bonds, fixed income."""
    if fund.vc_enterprise is False:
        return not_applicable(Text("未按39号令备案", "not filed under Order 39"))
    if fund.vc_enterprise is None:
        return missing(Text("是否按39号令备案", "filing under Order 39"))
    allowed = [_of_a_vc_enterprise(deal) for deal in fund.purchases]
    bad = [deal for deal, may in zip(fund.purchases, allowed, strict=True) if may is False]
    products = fund.cash_products
    unsafe = [product for product in products or () if product not in SAFE_CASH]
    tests: list[Test] = [
        (all_of(*allowed), Text("未提供担保、未从事房地产", "no guarantee, no property")),
        (
            None if products is None else not unsafe,
            Text(
                "闲置资金存放合规" + (f"（{'、'.join(p.zh for p in unsafe)}）" if unsafe else ""),
                "idle cash in allowed products" + (f" ({', '.join(p.en for p in unsafe)})" if unsafe else ""),
            ),
        ),
    ]
    outcome = checklist(tests, money=sum(deal.fen or 0 for deal in bad) or None)
    items = tuple(
        Item(
            d.code,
            Text(d.instrument.zh if d.instrument else "", d.instrument.en if d.instrument else ""),
            d.day,
            d.fen,
        )
        for d in bad
    )
    return outcome._replace(items=items)


def _of_a_vc_enterprise(deal: DealFacts) -> bool | None:
    """Whether a VC enterprise may do a deal: no guarantee, no property but its own premises."""
    if deal.instrument is None:
        return None
    if deal.instrument is Instrument.PROPERTY:
        return deal.own_premises
    return deal.instrument is not Instrument.GUARANTEE
