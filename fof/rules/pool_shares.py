"""Who bears a loss: shares, floors, ceilings, and the splits that programmes fix. RC-01…04, 09, 10, 17, 19, 34."""

from __future__ import annotations

from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts_pools import AgreementFacts, LoanFacts
from fof.rules.pool_terms import (
    EXACT,
    GUARANTEED,
    LOAN_POOLS,
    certified,
    for_loan,
    of_programmes,
    outside,
    share_at_least,
    share_at_most,
    share_is,
)
from fof.rules.registry import (
    Confidence,
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
from fof.rules.truth import all_of, among, at_least
from fof.rules.wording import listed, pct
from models.kinds import Stage
from models.pools import MoneySourceOfArm, Programme
from models.text import Text

_BANK = Text("银行分担", "the bank's share")
_GUARANTOR = Text("担保机构分担", "the guarantor's share")
_PROVINCE = Text("省级再担保分担", "the provincial reguarantor's share")
_NATIONAL = Text("国家融资担保基金分担", "the national fund's share")
_LOCAL = Text("地方财政分担", "the local government's share")
_POOL = Text("资金池分担", "the pool's share")
_INSURER = Text("保险人分担", "the insurer's share")


def _zero(share: Decimal | None) -> Decimal:
    """A party that no share is stated for bears nothing, where the stated ones add to one."""
    return share or Decimal(0)


def _whole(agreement: AgreementFacts) -> bool:
    """Whether the shares add to one."""
    return bool(abs(sum(agreement.shares, Decimal(0)) - 1) <= EXACT)


@rule(
    "RC-01",
    Level.PRAC,
    Scope.AGREEMENT,
    Confidence.OWN_DESIGN,
    text=Text("分担比例合计为一", "Shares add to one"),
    sources=[docs.practice("由各方案归纳")],
)
def shares_add_up(agreement: AgreementFacts) -> Outcome:
    """Every party's share of the covered loss is stated and they add to one; what is covered is stated too."""
    if agreement.programme is Programme.ANGEL_INVESTMENT:
        return not_applicable(Text("按补偿比例，不按分担比例", "a rate of compensation, no shares"))
    if not agreement.shares:
        return missing(Text("各方分担比例", "the parties' shares"))
    whole = sum(agreement.shares)
    stated = None if agreement.covers_principal is None or agreement.covers_interest is None else True
    return checklist(
        [
            Limb(
                _whole(agreement),
                Text("各方分担比例合计为 100%", "shares add to 100%"),
                whole,
                Decimal(1),
                "share",
            ),
            (stated, Text("写明是否补偿本金和利息", "says whether principal and interest are covered")),
        ]
    )


@rule(
    "RC-02",
    Level.MIN,
    Scope.AGREEMENT,
    Confidence.SEEN_IN_PART,
    text=Text("银行承担不低于两成", "Bank keeps at least a fifth"),
    sources=[docs.GUOBAN_6.at(None), docs.MOF_60.at(None), docs.MOF_11.at(None)],
)
def bank_keeps_a_fifth(
    agreement: AgreementFacts, *, bank_share_min: Decimal, guarantee_share_max: Decimal
) -> Outcome:
    """In the government-guarantee system the bank bears a floor, guarantors of all levels at most the rest."""
    if (not_this := outside(agreement, GUARANTEED)) is not None:
        return not_this
    if not agreement.shares or not _whole(agreement):
        return missing(Text("合计为一的分担比例", "shares that add to one"))
    system = sum(
        map(_zero, (agreement.share_guarantor, agreement.share_reguarantor, agreement.share_national_fund)),
        Decimal(0),
    )
    return checklist(
        [
            share_at_least(_zero(agreement.share_lender), bank_share_min, _BANK),
            share_at_most(
                system, guarantee_share_max, Text("担保体系分担", "the guarantee system's share"), None
            ),
        ]
    )


@rule(
    "RC-03",
    Level.MIN,
    Scope.LOAN,
    Confidence.SEEN,
    text=Text("国家融资担保基金按企业分档分担", "National fund's share by borrower tier"),
    sources=[docs.MOF_60.at(None)],
    on="day",
    concerns=of_programmes(Programme.TECH_PLAN_2024),
)
def national_share(
    loan: LoanFacts,
    *,
    national_share_little_giant: Decimal,
    national_share_high_tech: Decimal,
    national_share_st_sme: Decimal,
    national_share_base: Decimal,
) -> Outcome:
    """The tier is that of the certificates valid on the day of the loan; a certificate that nobody recorded may exist."""
    if (not_this := for_loan(loan, {Programme.TECH_PLAN_2024})) is not None:
        return not_this
    assert loan.agreement is not None
    if not loan.agreement.shares:
        return missing(Text("各方分担比例", "the parties' shares"))
    share, own, day = _zero(loan.agreement.share_national_fund), loan.borrower, loan.day
    tiers = (
        (national_share_little_giant, ("little_giant_until", "specialised_until", "state_project_until")),
        (national_share_high_tech, ("high_tech_until", "innovation_scored_until")),
        (national_share_st_sme, ("st_sme_until", "innovative_sme_until")),
    )
    sure = max((cap for cap, names in tiers if certified(own, day, *names)), default=national_share_base)
    may = max((cap for cap, names in tiers if certified(own, day, *names) is not False), default=sure)
    met = True if share <= sure else None if share <= may else False
    return checklist(
        [
            Limb(
                met,
                Text(f"国家基金分担不超过 {pct(sure)}", f"the national fund's share at most {pct(sure)}"),
                share,
                sure,
                "share",
            )
        ],
        money=loan.contract_amount,
    )


@rule(
    "RC-04",
    Level.MIN,
    Scope.AGREEMENT,
    Confidence.SEEN,
    text=Text("省级再担保分担下限", "Provincial re-guarantor floor"),
    sources=[docs.MOF_60.at(None)],
)
def provincial_floor(agreement: AgreementFacts, *, province_share_min: Decimal) -> Outcome:
    """Under the special plan the provincial reguarantor bears a floor."""
    if (not_this := outside(agreement, {Programme.TECH_PLAN_2024})) is not None:
        return not_this
    if not agreement.shares or not _whole(agreement):
        return missing(Text("合计为一的分担比例", "shares that add to one"))
    return checklist([share_at_least(_zero(agreement.share_reguarantor), province_share_min, _PROVINCE)])


@rule(
    "RC-09",
    Level.PROV,
    Scope.AGREEMENT,
    Confidence.SEEN,
    text=Text("政银担“4321”", "政银担 '4321'"),
    sources=[docs.ANHUI_4321.at(None)],
)
def split_4321(
    agreement: AgreementFacts,
    *,
    split_4321_guarantor: Decimal,
    split_4321_province: Decimal,
    split_4321_bank: Decimal,
    split_4321_local: Decimal,
) -> Outcome:
    """Guarantor, provincial reguarantor, bank and local government in the four fixed shares."""
    if (not_this := outside(agreement, {Programme.SPLIT_4321})) is not None:
        return not_this
    return checklist(
        [
            share_is(agreement.share_guarantor, split_4321_guarantor, _GUARANTOR),
            share_is(agreement.share_reguarantor, split_4321_province, _PROVINCE),
            share_is(agreement.share_lender, split_4321_bank, _BANK),
            share_is(agreement.share_local_government, split_4321_local, _LOCAL),
        ]
    )


@rule(
    "RC-10",
    Level.CONFIG,
    Scope.AGREEMENT,
    Confidence.RECALLED,
    text=Text("政银担“4222”等分担", "政银担 '4222' and other splits"),
    sources=[docs.practice("由 RC-02 至 RC-04 归纳；地方协议", docs.GUOBAN_6.since)],
)
def split_4222(
    agreement: AgreementFacts,
    *,
    bank_share_min: Decimal,
    guarantee_share_max: Decimal,
    national_share_little_giant: Decimal,
    split_province_min: Decimal,
) -> Outcome:
    """Any split with the national fund (40/20/20/20, of the special plan 20/20/40/20): all four named and adding to one (RC-01),
    within the bounds of RC-02, the highest tier of RC-03 and the floor of RC-04."""
    if (not_this := outside(agreement, {Programme.SPLIT_4222})) is not None:
        return not_this
    if not agreement.shares or not _whole(agreement):
        return missing(Text("合计为一的分担比例", "shares that add to one"))
    system = sum(
        map(_zero, (agreement.share_guarantor, agreement.share_reguarantor, agreement.share_national_fund)),
        Decimal(0),
    )
    named: list[Test] = [
        (at_least(_zero(share), EXACT), Text(f"{who.zh}有约定", f"{who.en} is agreed"))
        for share, who in (
            (agreement.share_guarantor, _GUARANTOR),
            (agreement.share_reguarantor, _PROVINCE),
            (agreement.share_national_fund, _NATIONAL),
        )
    ]
    return checklist(
        [
            *named,
            share_at_least(_zero(agreement.share_lender), bank_share_min, _BANK),
            share_at_most(
                system, guarantee_share_max, Text("担保体系分担", "the guarantee system's share"), None
            ),
            share_at_least(_zero(agreement.share_reguarantor), split_province_min, _PROVINCE),
            share_at_most(_zero(agreement.share_national_fund), national_share_little_giant, _NATIONAL, None),
        ]
    )


@rule(
    "RC-17",
    Level.CONFIG,
    Scope.AGREEMENT,
    Confidence.SEEN_IN_PART,
    text=Text("省市分担的科技贷款补偿", "Province–city split in direct loan compensation"),
    sources=[docs.practice("江苏省科技成果转化风险补偿专项资金（约2010—2013）")],
)
def province_and_city(agreement: AgreementFacts) -> Outcome:
    """Province and locality share the principal alone; the bank bears the interest."""
    if (not_this := outside(agreement, {Programme.PROVINCE_CITY_LOAN})) is not None:
        return not_this
    public = all_of(at_least(agreement.share_pool, EXACT), at_least(agreement.share_local_government, EXACT))
    interest = agreement.covers_interest
    return checklist(
        [
            (agreement.covers_principal, Text("补偿本金", "principal is covered")),
            (
                None if interest is None else not interest,
                Text("利息由银行承担", "the bank bears the interest"),
            ),
            (public, Text("写明省级与地方的分担", "province and locality have shares")),
        ]
    )


@rule(
    "RC-19",
    Level.CONFIG,
    Scope.AGREEMENT,
    Confidence.SEEN_IN_PART,
    text=Text("科技贷款资金池与银行的分担", "Loss share of pool vs bank in tech-loan pools"),
    sources=[docs.practice("高新区科技贷办法 第21条")],
)
def pool_against_bank(
    agreement: AgreementFacts, *, pool_loss_share_min: Decimal, pool_loss_share_max: Decimal
) -> Outcome:
    """The pool's share of overdue principal lies within the range of such schemes."""
    if (not_this := outside(agreement, LOAN_POOLS)) is not None:
        return not_this
    return checklist(
        [
            share_at_least(agreement.share_pool, pool_loss_share_min, _POOL),
            share_at_most(agreement.share_pool, pool_loss_share_max, _POOL, None),
        ],
        failed=Verdict.WARN,
    )


@rule(
    "RC-34",
    Level.MIN,
    Scope.AGREEMENT,
    Confidence.SEEN_IN_PART,
    text=Text("投贷联动", "Investment–loan linkage (投贷联动)"),
    sources=[docs.CBRC_14.at(None)],
)
def linkage(agreement: AgreementFacts) -> Outcome:
    """The arm uses its own money, loans stand on the balance sheet, the split of bad principal is fixed beforehand, borrowers
    are unlisted firms of the seed, start-up or growth stage."""
    if (not_this := outside(agreement, {Programme.INVESTMENT_LOAN})) is not None:
        return not_this
    others = [
        loan.code
        for loan in agreement.loans
        if loan.borrower_stage is Stage.MATURE
        or (
            loan.borrower is not None
            and loan.borrower.listed_on is not None
            and loan.day is not None
            and loan.borrower.listed_on <= loan.day
        )
    ]
    unknown = any(loan.borrower_stage is None for loan in agreement.loans)
    fit = False if others else None if unknown else True
    text = Text(
        "借款人为未上市的种子、初创、成长期企业" + (f"（{listed(others)} 不是）" if others else ""),
        "borrowers are unlisted firms of early stages" + (f" ({listed(others)}: not)" if others else ""),
    )
    return checklist(
        [
            (
                among(agreement.equity_money_source, (MoneySourceOfArm.OWN,)),
                Text("投资子公司使用自有资金", "the arm uses its own money"),
            ),
            (agreement.loan_on_balance_sheet, Text("贷款为表内资产", "loans stand on the balance sheet")),
            (
                _whole(agreement) if agreement.shares else None,
                Text("事先约定不良本金分担比例", "the split is fixed beforehand"),
            ),
            (fit, text),
        ]
    )
