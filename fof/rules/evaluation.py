"""Yearly evaluations and what is invested in which direction. GF-58, 59, PI-08."""

from __future__ import annotations

from decimal import Decimal

from fof.rules import cited_documents as docs
from fof.rules.facts import Evaluation, FundFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
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
from fof.rules.wording import listed
from models.kinds import FundStatus
from models.rule_kinds import DirectionTopic
from models.text import Text, counted


@rule(
    "GF-58",
    Level.CONFIG,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("绩效评价权重", "Performance-evaluation weights"),
    sources=[docs.FUJIAN_14.at(None)],
)
def evaluation_weights(
    fund: FundFacts,
    *,
    evaluation_weight_policy: Decimal,
    evaluation_weight_compliance: Decimal,
    evaluation_weight_results: Decimal,
    evaluation_policy_min: Decimal,
    evaluation_policy_max: Decimal,
    evaluation_compliance_min: Decimal,
    evaluation_compliance_max: Decimal,
    evaluation_results_min: Decimal,
    evaluation_results_max: Decimal,
    evaluation_bonus_max: Decimal,
) -> Outcome:
    """Weights add to 100, each inside its band; the scores of the last evaluation stay within the weights."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    last = fund.evaluations[-1] if fund.evaluations else Evaluation(fund.as_of)
    blocks = (
        (
            Text("政策", "policy"),
            last.policy,
            evaluation_weight_policy,
            evaluation_policy_min,
            evaluation_policy_max,
        ),
        (
            Text("合规", "compliance"),
            last.compliance,
            evaluation_weight_compliance,
            evaluation_compliance_min,
            evaluation_compliance_max,
        ),
        (
            Text("效益", "results"),
            last.results,
            evaluation_weight_results,
            evaluation_results_min,
            evaluation_results_max,
        ),
    )
    total = sum(weight for _, _, weight, *_ in blocks)
    tests: list[Test] = [(total == 100, Text(f"权重合计 {total}", f"weights add to {total}"))]
    for text, score, weight, low, high in blocks:
        tests.append(
            (
                low <= weight <= high,
                Text(
                    f"{text.zh}权重 {weight}（{low}—{high}）", f"{text.en} weight {weight} ({low} to {high})"
                ),
            )
        )
        within = None if score is None else 0 <= score <= weight
        points = "" if score is None else f" {score} "
        tests.append(
            Limb(
                within,
                Text(
                    f"{text.zh}得分{points}不超过权重 {weight}",
                    f"{text.en} score{points or ' '}within its weight {weight}",
                ),
                score,
                weight,
                "points",
                since=None if not fund.evaluations else last.day,
            )
        )
    bonus = None if not fund.evaluations else last.bonus or Decimal(0)
    within = None if bonus is None else 0 <= bonus <= evaluation_bonus_max
    tests.append(
        Limb(
            within,
            Text(f"加分不超过 {evaluation_bonus_max}", f"bonus at most {evaluation_bonus_max}"),
            bonus,
            evaluation_bonus_max,
            "points",
            since=None if not fund.evaluations else last.day,
        )
    )
    return checklist(tests, inputs={f"score_{text.en}": score for text, score, *_ in blocks})


@rule(
    "GF-59",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("投向评价", "NDRC direction evaluation"),
    sources=[docs.NDRC_1753.at(None)],
)
def direction_weights(fund: FundFacts, *, direction_groups: int) -> Outcome:
    """The year's indicator table is entered: one weight a group, adding to 100. Weights are never assumed."""
    if not fund.is_public or fund.status in (FundStatus.CLOSED, FundStatus.MERGED):
        return not_applicable(Text("不参加投向评价", "not evaluated"))
    if fund.direction_weights is None:
        return missing(Text("当年投向评价指标表的权重", "the weights of the year's indicator table"))
    weights, total = fund.direction_weights, sum(fund.direction_weights)
    return Outcome(
        breach_unless(len(weights) == direction_groups and total == 100),
        Text(
            f"{len(weights)} 组指标（应为 {direction_groups} 组），权重合计 {total}",
            f"{counted(len(weights), 'group')} ({direction_groups} expected), weights add to {total}",
        ),
        Decimal(total) if total != 100 or len(weights) == direction_groups else len(weights),
        Decimal(100) if total != 100 or len(weights) == direction_groups else direction_groups,
        "points" if total != 100 or len(weights) == direction_groups else "count",
    )


@rule(
    "PI-08",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("投向评价指标证据", "Direction-evaluation topics"),
    sources=[docs.NDRC_1753.at("评价指标条款")],
)
def direction_evidence(fund: FundFacts) -> Outcome:
    """One piece of evidence for each of the thirteen topics of the year."""
    if not fund.is_public or fund.status in (FundStatus.CLOSED, FundStatus.MERGED):
        return not_applicable(Text("不参加投向评价", "not evaluated"))
    if fund.direction_evidence is None:
        return missing(Text("投向评价证据", "evidence for the direction evaluation"))
    without = [topic for topic in DirectionTopic if topic not in fund.direction_evidence]
    have, all_topics = len(DirectionTopic) - len(without), len(DirectionTopic)
    return Outcome(
        breach_unless(not without, Verdict.WARN),
        Text(
            f"{all_topics} 项指标中 {have} 项有证据"
            + (f"，缺：{'、'.join(t.zh for t in without)}" if without else ""),
            f"Evidence for {have} of {all_topics} topics"
            + (f", none for: {listed(t.en for t in without)}" if without else ""),
        ),
        have,
        all_topics,
        "count",
        items=tuple(Item(topic.value, topic.text) for topic in without),
    )
