"""Qualified investors. QI-01…06."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from fof.rules import cited_documents as docs
from fof.rules.admission import head_count
from fof.rules.calendar_days import add_months
from fof.rules.currencies import cannot_tell
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_deals import DealFacts
from fof.rules.facts_parties import PUBLIC_VEHICLES, InvestorFacts, StakeFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Verdict,
    breach_unless,
    checklist,
    missing,
    rule,
)
from fof.rules.truth import among, any_of, at_least
from fof.rules.wording import YUAN, actual, listed, money_en, money_zh
from models.kinds import DealKind, LegalForm, PartyKind
from models.rule_kinds import AssetKind, DeemedQualified
from models.subjects import Subject, SubjectKind
from models.text import Text, counted

_NOT_FINANCIAL = (AssetKind.PROPERTY, AssetKind.OTHER)


def _accepted(investor: InvestorFacts) -> bool:
    """Public money, filed funds and deemed investors are not tested."""
    filed = investor.amac_id is not None and investor.kind is not PartyKind.PERSON
    return investor.kind in PUBLIC_VEHICLES or investor.deemed is not None or filed


def _exempt(stake: StakeFacts) -> bool:
    """Those, and the manager's own stake."""
    return stake.is_gp or _accepted(stake.on_entry)


def wealth_tests(
    investor: InvestorFacts, day: dt.date, entity: int, assets: int, income: int, months: int
) -> list[Test]:
    """What one end investor must show: wealth or income, on evidence not older than so many months."""
    seen = investor.wealth_evidence_on
    recent = None if seen is None else add_months(day, -months) <= seen <= day
    evidence: Test = Limb(
        recent,
        Text(
            f"{investor.code} 证明日期在 {months} 个月内",
            f"{investor.code}: proof within {counted(months, 'month')}",
        ),
        seen,
        add_months(day, -months),
        "date",
    )
    if investor.kind is None:
        return [(None, Text(f"{investor.code} 类别", f"what {investor.code} is"))]
    if investor.kind is PartyKind.PERSON:
        owns, earns = actual(investor.financial_assets, fen=True), actual(investor.average_income, fen=True)
        rich = any_of(at_least(investor.financial_assets, assets), at_least(investor.average_income, income))
        return [
            Limb(
                rich,
                Text(
                    f"{investor.code} 金融资产不低于 {money_zh(assets)}{owns[0]} 或年均收入不低于 {money_zh(income)}{earns[0]}",
                    f"{investor.code}: financial assets at least {money_en(assets)}{owns[1]} or income at least "
                    f"{money_en(income)}{earns[1]}",
                ),
                investor.financial_assets,
                assets,
                "fen",
            ),
            evidence,
        ]
    return [
        Limb(
            at_least(investor.net_assets, entity),
            Text(
                f"{investor.code} 净资产不低于 {money_zh(entity)}{actual(investor.net_assets, fen=True)[0]}",
                f"{investor.code}: net assets at least {money_en(entity)}{actual(investor.net_assets, fen=True)[1]}",
            ),
            investor.net_assets,
            entity,
            "fen",
        ),
        evidence,
    ]


@rule(
    "QI-01",
    Level.MIN,
    Scope.STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("合格投资者", "Qualified investor (合格投资者)"),
    sources=[docs.CSRC_105.at("第12条")],
    on="first_committed_on",
)
def qualified(
    stake: StakeFacts,
    fund: FundFacts,
    *,
    qualified_ticket_min: int,
    entity_net_assets_min: int,
    person_financial_assets_min: int,
    person_income_min: int,
    wealth_evidence_months: int,
) -> Outcome | None:
    """What it joined with, and net assets (entity) or financial assets or income (person), on evidence of then."""
    if _exempt(stake) or stake.on_entry.is_conduit or stake.first_committed_on is None:
        return None
    ticket = Limb(
        at_least(stake.ticket, qualified_ticket_min),
        Text(
            f"出资不低于 {money_zh(qualified_ticket_min)}{actual(stake.ticket, fen=True)[0]}",
            f"ticket at least {money_en(qualified_ticket_min)}{actual(stake.ticket, fen=True)[1]}",
        ),
        stake.ticket,
        qualified_ticket_min,
        "fen",
        stake.ticket,
    )
    wealth = wealth_tests(
        stake.on_entry,
        stake.first_committed_on,
        entity_net_assets_min,
        person_financial_assets_min,
        person_income_min,
        wealth_evidence_months,
    )
    return checklist(
        [ticket, *wealth],
        money=stake.ticket,
        inputs={"ticket": stake.ticket, "wealth_evidence_on": stake.on_entry.wealth_evidence_on},
    )


@rule(
    "QI-02",
    Level.MIN,
    Scope.INVESTOR,
    Confidence.SEEN,
    text=Text("金融资产范围", "What counts as financial assets"),
    sources=[docs.CSRC_105.at("第12条")],
)
def financial_assets(investor: InvestorFacts) -> Outcome | None:
    """The claimed financial assets are covered by the allowed kinds in the proof; property does not count."""
    if investor.kind is not PartyKind.PERSON or investor.financial_assets is None:
        return None
    if investor.asset_proof is None:
        return missing(Text("资产证明明细", "the assets in the proof"))
    allowed = sum(fen for kind, fen in investor.asset_proof if kind not in _NOT_FINANCIAL)
    others = sorted({kind for kind, _ in investor.asset_proof if kind in _NOT_FINANCIAL})
    claimed = investor.financial_assets
    return Outcome(
        breach_unless(claimed <= allowed),
        Text(
            f"认定金融资产 {money_zh(claimed)}，证明中属于金融资产的 {money_zh(allowed)}"
            + (f"（不计 {'、'.join(k.zh for k in others)}）" if others else ""),
            f"Claimed {money_en(claimed)}, financial assets in the proof {money_en(allowed)}"
            + (f" ({', '.join(k.en for k in others)} not counted)" if others else ""),
        ),
        claimed,
        allowed,
        "fen",
        claimed - allowed if claimed > allowed else None,
    )


@rule(
    "QI-03",
    Level.MIN,
    Scope.STAKE,
    Confidence.SEEN,
    text=Text("视为合格投资者", "Deemed qualified investors"),
    sources=[docs.CSRC_105.at("第13条")],
)
def deemed(stake: StakeFacts, fund: FundFacts) -> Outcome | None:
    """A filed plan has its filing id; staff are employed by this fund's manager or general partner on the day they join, formally
    (CI-05); the two other kinds need nothing."""
    investor, kind = stake.investor, stake.investor.deemed
    if kind is None:
        return None
    basis = Text(f"{investor.code} 属于“{kind.zh}”的依据", f"evidence that {investor.code} is '{kind.en}'")
    tests: list[Test] = [(True, basis)]
    if kind is DeemedQualified.FILED_PLAN:
        tests = [(True if investor.amac_id else None, basis)]
    elif kind is DeemedQualified.MANAGER_STAFF:
        both = [fund.manager.code if fund.manager else None, fund.gp_code]
        own = [code for code in both if code]
        if investor.code not in own:
            staff, formal = _staff(stake, own, known=None not in both)
            name = Text("加入当日为正式员工（CI-05）", "a formal employee on the day it joined (CI-05)")
            tests = [(staff, basis), *([(formal, name)] if staff is not False else [])]
    return checklist(
        tests,
        money=stake.committed,
        inputs={
            "deemed": str(kind),
            "employer": investor.employer,
            "employment": stake.employment,
            "amac_id": investor.amac_id,
        },
    )


def _staff(stake: StakeFacts, own: list[str], *, known: bool) -> tuple[bool | None, bool | None]:
    """Whether an investor was on the staff of some firms when it joined, and formally so. Employments that are recorded tell both;
    an employer that is stated alone tells the first. known: whether the firms are all that count."""
    if stake.employment is not None:
        return True, stake.formally_employed
    if stake.formally_employed is False:
        return False, False
    stated = among(stake.investor.employer, own)
    return (None if stated is False and not known else stated), None


def _leaves(investor: InvestorFacts) -> list[InvestorFacts | None]:
    """End investors behind a conduit; None stands for members that nobody recorded."""
    if not investor.is_conduit:
        return [investor]
    if investor.members is None:
        return [None]
    return [leaf for member in investor.members for leaf in _leaves(member)]


@rule(
    "QI-04",
    Level.MIN,
    Scope.STAKE,
    Confidence.SEEN,
    text=Text("穿透核查", "Look-through of conduits"),
    sources=[docs.CSRC_105.at("第13条")],
    on="first_committed_on",
)
def conduits(
    stake: StakeFacts,
    fund: FundFacts,
    *,
    entity_net_assets_min: int,
    person_financial_assets_min: int,
    person_income_min: int,
    wealth_evidence_months: int,
) -> Outcome | None:
    """Behind an unfiled partnership or contract vehicle every end investor qualifies."""
    if not stake.on_entry.is_conduit or stake.is_gp or stake.first_committed_on is None:
        return None
    leaves = _leaves(stake.on_entry) or [None]
    tests: list[Test] = []
    for leaf in leaves:
        if leaf is None:
            tests.append((None, Text("穿透后的投资者名单", "the investors behind the conduit")))
        elif not _accepted(leaf):
            tests += wealth_tests(
                leaf,
                stake.first_committed_on,
                entity_net_assets_min,
                person_financial_assets_min,
                person_income_min,
                wealth_evidence_months,
            )
    return checklist(tests, money=stake.committed, inputs={"end_investors": len(leaves)})


@rule(
    "QI-05",
    Level.LAW,
    Scope.OFFICE,
    Confidence.SEEN_IN_PART,
    text=Text("不得拆分规避人数限制", "No splitting, no public solicitation, no promises"),
    sources=[docs.ORDER_762.at("第18—20条")],
)
def splitting(
    office: OfficeFacts,
    *,
    split_window_days: int,
    partners_max: int,
    investors_max: int,
    qualified_ticket_min: int,
) -> list[Outcome]:
    """Two patterns, each a warning to look: funds of one manager enter one company within the window and together
    have more investors than one fund may; a stake that was transferred in parts so that what is left, or what
    the other side got, is below the ticket. (Marketing and promises: GF-30 and the manager's own records.)"""
    funds = {fund.code: fund for fund in office.funds}
    entries: dict[str, list[DealFacts]] = {}
    for fund in office.funds:
        for deal in fund.deals:
            if deal.kind is DealKind.INITIAL and deal.day is not None:
                entries.setdefault(deal.company, []).append(deal)
    outcomes = []
    for company, deals in sorted(entries.items()):
        group = _close_together(deals, split_window_days)
        codes = sorted({deal.fund.code for deal in group})
        if len(codes) > 1:
            last = max(deal.day for deal in group if deal.day is not None)
            members = [funds[code].on(last) for code in codes if code in funds]
            outcome = _together(company, members, partners_max, investors_max)
            if outcome is not None:
                outcomes.append(outcome)
    outcomes += [
        outcome
        for fund in office.funds
        for stake in fund.every_stake
        if (outcome := _part_below(stake, fund, qualified_ticket_min)) is not None
    ]
    return outcomes or [
        Outcome(
            Verdict.PASS,
            Text(
                "未见多只基金拆分投资同一标的，未见低于门槛的份额转让",
                "No split of one financing over several funds, no transfer below the ticket",
            ),
        )
    ]


def _part_below(stake: StakeFacts, fund: FundFacts, ticket: int) -> Outcome | None:
    """A stake that was at the ticket once and is a part below it now (QI-01 judges the ticket of who joins)."""
    left, joined = stake.committed, stake.ticket
    if stake.declared is not None and not _exempt(stake) and not stake.investor.is_conduit:
        return _cut_unmeasured(stake, fund)
    if _exempt(stake) or stake.investor.is_conduit or left is None or joined is None:
        return None
    who = Subject(SubjectKind.STAKE, fund.code, stake.investor.code)
    if (fund.currency or YUAN) != YUAN:  # the ticket is in yuan
        cut = 0 < left < joined
        return cannot_tell((YUAN, fund.currency or YUAN))._replace(subject=who) if cut else None
    if not 0 < left < ticket <= joined:
        return None
    return Outcome(
        Verdict.WARN,
        Text(
            f"{who} 份额由 {money_zh(joined)} 减至 {money_zh(left)}，低于 {money_zh(ticket)}",
            f"{who}: stake of {money_en(joined)} cut to {money_en(left)}, below {money_en(ticket)}",
        ),
        left,
        ticket,
        "fen",
        left,
        {"joined_with": joined},
        since=stake.last_committed_on,
        subject=who,
    )


def _cut_unmeasured(stake: StakeFacts, fund: FundFacts) -> Outcome | None:
    """A declared share that was more once: how much of a ticket is left nobody recorded."""
    assert stake.declared is not None
    if stake.first_declared is None or stake.declared >= stake.first_declared:
        return None
    unknown = missing(Text("份额减少后的出资额", "what is left of a stake that was cut"))
    return unknown._replace(subject=Subject(SubjectKind.STAKE, fund.code, stake.investor.code))


def _close_together(deals: Sequence[DealFacts], window: int) -> list[DealFacts]:
    """First deals of different funds no further apart than the window from one to the next."""
    ordered = sorted(deals, key=lambda d: d.day or dt.date.min)
    group: set[str] = set()
    for first, second in pairwise(ordered):
        if first.day and second.day and (second.day - first.day).days <= window:
            group |= {first.code, second.code}
    return [deal for deal in ordered if deal.code in group]


def _together(company: str, funds: list[FundFacts], partners_max: int, investors_max: int) -> Outcome | None:
    managers = {fund.manager.code if fund.manager else None for fund in funds}
    if len(managers - {None}) > 1:
        return None
    if None in managers:
        unknown = missing(Text("基金管理人", "the manager of a fund"))
        return Outcome(unknown.verdict, unknown.text, subject=Subject(SubjectKind.PARTY, company))
    heads, known = sum(head_count(fund)[0] for fund in funds), all(head_count(fund)[1] for fund in funds)
    partnerships = all(fund.legal_form is LegalForm.LIMITED_PARTNERSHIP for fund in funds)
    most = partners_max if partnerships else investors_max
    codes = listed(fund.code for fund in funds)
    if heads <= most and not known:
        unknown = missing(Text("穿透后的投资者名单", "the investors behind conduits"))
        return Outcome(unknown.verdict, unknown.text, subject=Subject(SubjectKind.PARTY, company))
    return Outcome(
        breach_unless(heads <= most, Verdict.WARN),
        Text(
            f"{codes} 相近时间投资 {company}，投资者合计 {heads} 人（单只基金上限 {most} 人）",
            f"{codes} entered {company} close together with {counted(heads, 'investor')} in all (one fund: {most})",
        ),
        heads,
        most,
        "count",
        subject=Subject(SubjectKind.PARTY, company),
    )


@rule(
    "QI-06",
    Level.MIN,
    Scope.STAKE,
    Confidence.SEEN,
    text=Text("个人投资创业投资企业", "Individuals in VC enterprises (39号令)"),
    sources=[docs.ORDER_39.at("第9条")],
)
def individuals(
    stake: StakeFacts, fund: FundFacts, *, vce_ticket_min: int, investors_max: int
) -> Outcome | None:
    """In a filed VC enterprise a person puts in at least the ticket, in cash, among at most 200 investors.

    Payments in the book are cash; before the first it is not known how the stake will be paid.
    """
    if stake.investor.kind is not PartyKind.PERSON or fund.vc_enterprise is False or stake.committed == 0:
        return None
    if fund.vc_enterprise is None:
        return missing(Text("是否按39号令备案", "whether the fund is filed under Order 39"))
    count, known = head_count(fund)
    in_cash = (True if stake.paid else None) if stake.in_kind is None else not stake.in_kind
    return checklist(
        [
            Limb(
                at_least(stake.committed, vce_ticket_min),
                Text(
                    f"个人出资不低于 {money_zh(vce_ticket_min)}{actual(stake.committed, fen=True)[0]}",
                    f"ticket at least {money_en(vce_ticket_min)}{actual(stake.committed, fen=True)[1]}",
                ),
                stake.committed,
                vce_ticket_min,
                "fen",
                stake.committed,
                stake.last_committed_on,
            ),
            Limb(in_cash, Text("以货币出资", "in cash"), money=stake.committed),
            Limb(
                None if count <= investors_max and not known else count <= investors_max,
                Text(
                    f"投资者不超过 {investors_max} 人（{count}）",
                    f"at most {investors_max} investors ({count})",
                ),
                count,
                investors_max,
                "count",
                stake.committed,
            ),
        ],
        money=stake.committed,
    )
