"""Lifecycle stages and strategic industries. ST-01, ST-02, SEI-01."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts, OfficeFacts
from fof.rules.facts_parties import CompanyFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Outcome,
    Scope,
    Value,
    Verdict,
    breach_unless,
    missing,
    not_applicable,
    rule,
)
from fof.rules.stage_definitions import HOUSE_DEFINITION
from fof.rules.stage_table import StageLimits, possible_stages
from fof.rules.start_ups import (
    Early2007Limits,
    StartUpLimits,
)
from fof.rules.wording import YUAN, in_currency, listed, money_en, money_zh
from models.kinds import FundStatus, PartyKind, Stage
from models.rule_kinds import SeiGroup
from models.subjects import Subject, SubjectKind
from models.text import Text

_ACTIVE = (FundStatus.RAISING, FundStatus.INVESTING, FundStatus.HARVESTING, FundStatus.EXTENDED)


@rule(
    "ST-01",
    Level.PRAC,
    Scope.COMPANY,
    Confidence.OWN_DESIGN,
    text=Text("生命周期阶段判定", "Lifecycle stages"),
    sources=[
        docs.practice(
            "本系统阶段判定表（依据 2017 年政策三（二）（三）及 SM-01…06）", since=docs.POLICY_2017.since
        )
    ],
)
def lifecycle_stage(
    company: CompanyFacts,
    *,
    seed_months_max: int,
    mature_revenue_above: int,
    growth_rate_min: Decimal,
    startup_staff_max: int,
    startup_degree_share_min: Decimal,
    startup_assets_max: int,
    startup_revenue_max: int,
    startup_months_max: int,
    startup_rd_share_min: Decimal,
    early2007_months_max: int,
    early2007_staff_max: int,
    early2007_graduate_share_min: Decimal,
    early2007_rd_staff_share_min: Decimal,
    early2007_revenue_max: int,
    early2007_net_assets_max: int,
    early2007_rd_share_min: Decimal,
) -> Outcome:
    """The stage the house table gives, beside the stored label and its definition; a difference is a warning."""
    if company.closed_on is not None and company.closed_on <= company.as_of:
        return not_applicable(Text("企业已注销", "the company is closed"))
    limits = StageLimits(
        seed_months_max,
        mature_revenue_above,
        growth_rate_min,
        StartUpLimits(
            startup_staff_max,
            startup_degree_share_min,
            startup_assets_max,
            startup_revenue_max,
            startup_months_max,
            startup_rd_share_min,
        ),
        Early2007Limits(
            early2007_months_max,
            early2007_staff_max,
            early2007_graduate_share_min,
            early2007_rd_staff_share_min,
            early2007_revenue_max,
            early2007_net_assets_max,
            early2007_rd_share_min,
        ),
    )
    stages, lacking = possible_stages(company, limits)
    label, definition = company.stage, company.stage_definition or "?"
    if len(stages) > 1 and label in stages:
        return missing(
            *lacking, inputs={"label": company.stage, "label_definition": company.stage_definition}
        )
    stage = Text(" / ".join(s.zh for s in stages), " / ".join(s.en for s in stages))
    same = stages == [label]
    sentence = Text(
        "未标注" if label is None else f"标注“{label.zh}”（口径 {definition}）",
        "no label stored" if label is None else f"label {label.en} (definition {definition})",
    )
    return Outcome(
        breach_unless(same, Verdict.WARN),
        Text(
            f"按 {HOUSE_DEFINITION} 判定为“{stage.zh}”，{sentence.zh}",
            f"{stage.en} by {HOUSE_DEFINITION}; {sentence.en}",
        ),
        " / ".join(map(str, stages)),
        None if label is None else str(label),
        "word",
        inputs={"definition": HOUSE_DEFINITION, "label_definition": company.stage_definition},
    )


def _covers(fund: FundFacts, stage: Stage) -> bool:
    return bool(fund.mandate_stages) and stage in (fund.mandate_stages or ())


def _invests(fund: FundFacts) -> bool:
    """Raising or investing, and its investment period not over."""
    end = fund.investment_period_end
    return fund.status in (FundStatus.RAISING, FundStatus.INVESTING) and (end is None or fund.as_of <= end)


@rule(
    "ST-02",
    Level.PROV,
    Scope.OFFICE,
    Confidence.SEEN,
    text=Text("全生命周期覆盖", "Coverage duty"),
    sources=[docs.POLICY_2017.at("三（三）")],
)
def coverage(office: OfficeFacts, *, stage_funds_min: int) -> list[Outcome]:
    """For each of the four stages at least one active sub-fund whose mandate includes it; commitments and cost.

    A warning where none of them can still invest: their investment periods are over. Nothing is asked of an office that
    has no fund yet.
    """
    if not office.funds:
        return []
    active = [f for f in office.funds if f.kind is PartyKind.SUB_FUND and f.is_public and f.status in _ACTIVE]
    unclear = [
        f
        for f in office.funds
        if f.kind is PartyKind.SUB_FUND
        and f.is_public
        and (f.status is None or (f.status in _ACTIVE and f.mandate_stages is None))
    ]
    outcomes = []
    for stage in Stage:
        funds = [fund for fund in active if _covers(fund, stage)]
        committed = _by_currency((f.currency, f.committed or 0) for f in funds)
        deployed = _by_currency(
            (f.currency, d.fen or 0) for f in funds for d in f.purchases if d.stage is stage
        )
        investing = [fund for fund in funds if _invests(fund)]
        met = len(funds) >= stage_funds_min
        may = [f for f in unclear if f.mandate_stages is None or _covers(f, stage)]
        may_invest = [f for f in may if _invests(replace(f, status=f.status or FundStatus.INVESTING))]
        reached, further = (investing, may_invest) if met else (funds, may)
        if len(reached) < stage_funds_min <= len(reached) + len(further):
            codes = listed(fund.code for fund in may)
            unknown = missing(Text(f"{codes} 的状态或投资阶段", f"status or mandate stages of {codes}"))
            outcomes.append(
                Outcome(unknown.verdict, unknown.text, subject=Subject(SubjectKind.OFFICE, stage.value))
            )
            continue
        outcomes.append(
            Outcome(
                Verdict.BREACH
                if not met
                else Verdict.PASS
                if len(investing) >= stage_funds_min
                else Verdict.WARN,
                Text(
                    f"{stage.zh}：{len(funds)} 只在运作子基金覆盖（{len(investing)} 只在投资期内），认缴 {_amounts(committed, money_zh)}，已投 {_amounts(deployed, money_zh)}",
                    f"{stage.en}: {len(funds)} active sub-funds ({len(investing)} still investing), committed {_amounts(committed, money_en)}, invested {_amounts(deployed, money_en)}",
                ),
                len(funds),
                stage_funds_min,
                "count",
                inputs={
                    **_inputs("committed", committed),
                    **_inputs("deployed", deployed),
                    "funds": listed(f.code for f in funds),
                    "still_investing": len(investing),
                },
                subject=Subject(SubjectKind.OFFICE, stage.value),
            )
        )
    return outcomes


def _by_currency(amounts: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    """Amounts summed currency by currency, the yuan first; 0 yuan for none."""
    totals: dict[str, int] = {}
    for code, fen in amounts:
        totals[code or YUAN] = totals.get(code or YUAN, 0) + fen
    return dict(sorted(totals.items(), key=lambda own: (own[0] != YUAN, own[0]))) or {YUAN: 0}


def _amounts(amounts: Mapping[str, int], money: Callable[[int], str]) -> str:
    """Each currency's sum, side by side."""
    parts = []
    for code, fen in amounts.items():
        with in_currency(code):
            parts.append(money(fen))
    return " + ".join(parts)


def _inputs(name: str, amounts: Mapping[str, int]) -> dict[str, Value]:
    return {name if code == YUAN else f"{name}_{code}": fen for code, fen in amounts.items()}


@rule(
    "SEI-01",
    Level.MIN,
    Scope.COMPANY,
    Confidence.SEEN_IN_PART,
    text=Text("战略性新兴产业", "Strategic emerging industries"),
    sources=[docs.POLICY_2017.at("二（三）"), docs.SEI_2018.at("分类表")],
)
def strategic_industry(company: CompanyFacts, *, sei_groups: int) -> Outcome:
    """A classification by the groups of that day: eight of the policy, nine since the statistics of 2018."""
    if not company.sei_known:
        return missing(Text("战略性新兴产业归类", "the strategic-industry group"))
    group = company.sei_group
    if group is None:
        return Outcome(
            Verdict.NOT_APPLICABLE, Text("不属于战略性新兴产业", "In no strategic emerging industry")
        )
    groups = list(SeiGroup)[:sei_groups]
    return Outcome(
        breach_unless(group in groups, Verdict.WARN),
        Text(
            f"“{group.zh}”{'属于' if group in groups else '不在'}当时的 {sei_groups} 类产业",
            f"{group.en} {'is' if group in groups else 'is not'} one of the {sei_groups} groups of that day",
        ),
        str(group),
        sei_groups,
        "count",
    )
