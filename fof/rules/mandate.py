"""Whether a deal lies inside a fund's mandate, and how much went to early companies. Rules GF-25, GF-26, GF-33."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from fof.rules import cited_documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.registry import (
    Confidence,
    Item,
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
from fof.rules.truth import above, all_of, among, any_of, at_most
from fof.rules.wording import money_en, money_zh, pct, ratio, times
from models.kinds import FundStatus, PartyKind, Stage
from models.rule_kinds import NationalScheme
from models.text import Text, counted

EARLY = frozenset({Stage.SEED, Stage.STARTUP})

_SECTIONS = (  # GB/T 4754-2017: last division of each section, A to T
    (5, "A"),
    (12, "B"),
    (43, "C"),
    (46, "D"),
    (50, "E"),
    (52, "F"),
    (60, "G"),
    (62, "H"),
    (65, "I"),
    (69, "J"),
    (70, "K"),
    (72, "L"),
    (75, "M"),
    (79, "N"),
    (82, "O"),
    (83, "P"),
    (85, "Q"),
    (90, "R"),
    (96, "S"),
    (97, "T"),
)


@lru_cache(maxsize=4096)
def _full_code(code: str) -> str:
    """An industry code with its section letter: '3921' is 'C3921'."""
    code = code.strip().upper()
    if len(code) >= 2 and code[:2].isdigit():
        division = int(code[:2])
        return next((letter for last, letter in _SECTIONS if division <= last), "") + code
    return code


def in_field(industry: str, fields: Iterable[str]) -> bool:
    """True if a GB/T 4754 code lies in one of the sections, divisions, groups or classes of `fields`."""
    return _full_code(industry).startswith(_full_codes(tuple(fields)))


@lru_cache(maxsize=4096)
def _full_codes(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_full_code(field) for field in fields if field.strip())


def inside_mandate(deal: DealFacts) -> bool | None:
    """Whether the deal fits the mandate in force on its day; None where it cannot be told.

    A mandate that names stages but no fields (or the other way) does not limit what it does not name.
    """
    stages, fields = deal.fund.mandate_stages, deal.fund.mandate_fields
    if stages is None and fields is None:
        return None
    stage_fits = True if not stages else None if deal.stage is None else deal.stage in stages
    field_fits = True if not fields else None if deal.industry is None else in_field(deal.industry, fields)
    if stage_fits is False or field_fits is False:
        return False
    return None if stage_fits is None or field_fits is None else True


def deal_item(deal: DealFacts) -> Item:
    """The line of a deal in a finding's list."""
    stage = Text(
        deal.stage.zh if deal.stage else "阶段不明", deal.stage.en if deal.stage else "stage unknown"
    )
    what = f"{deal.company} {deal.industry or ''}".strip()
    return Item(deal.code, Text(f"{what}，{stage.zh}", f"{what}, {stage.en}"), deal.day, deal.fen)


def split_cost(
    deals: Sequence[DealFacts], tests: Iterable[bool | None]
) -> tuple[int, int, int, list[DealFacts]] | None:
    """(cost that passes, cost that may pass, total cost, deals that fail) of a test per deal.

    None where a deal has no amount: then no share can be told.
    """
    sure = maybe = total = 0
    failing = []
    for deal, fits in zip(deals, tests, strict=True):
        if deal.fen is None:
            return None
        total += deal.fen
        if fits is None:
            maybe += deal.fen
        elif fits:
            sure += deal.fen
        else:
            failing.append(deal)
    return sure, maybe, total, failing


def share_at_least(
    deals: Sequence[DealFacts],
    tests: Iterable[bool | None],
    floor: Decimal,
    what: Text,
    short: Verdict | None,
) -> Outcome:
    """Judge Σ cost that passes / Σ cost >= floor. Unknown deals make it UNKNOWN only if they could decide it.

    what  : the share's name in Chinese and English
    short : the verdict where the share falls short; None where it cannot be told which
    """
    split = split_cost(deals, tests)
    if split is None:
        return missing(Text("投资金额", "amount of a deal"))
    sure, maybe, total, failing = split
    if total == 0:
        return not_applicable(Text("尚无投资", "nothing invested yet"))
    share, best = ratio(sure, total), ratio(sure + maybe, total)
    inputs = {"cost": total, "counted": sure, "unknown": maybe}
    if share < floor <= best:
        return missing(
            Text("部分项目的阶段或行业", "stage or industry of some deals"), inputs=inputs, money=maybe
        )
    met = share >= floor
    if not met and short is None:
        return _which_is_short(what, share, floor, inputs)
    lacking = 0 if met else int((floor * total).to_integral_value(rounding="ROUND_CEILING")) - sure
    return Outcome(
        breach_unless(met, short or Verdict.UNKNOWN),
        Text(
            f"{what[0]} {pct(share)}，要求不低于 {pct(floor)}" + ("" if met else f"，差 {money_zh(lacking)}"),
            f"{what[1]} {pct(share)}, at least {pct(floor)} required"
            + ("" if met else f", short by {money_en(lacking)}"),
        ),
        share,
        floor,
        "share",
        lacking,
        inputs,
        items=() if met else tuple(deal_item(deal) for deal in failing),
    )


def _which_is_short(what: Text, share: Decimal, floor: Decimal, inputs: Mapping[str, Value]) -> Outcome:
    """Short, but whether that is a warning or already a breach cannot be told."""
    lacking = missing(
        Text("投资期届满日或基金状态", "end of the investment period, or status"), inputs=inputs
    )
    return lacking._replace(
        text=Text(
            f"{what.zh} {pct(share)}，低于 {pct(floor)}；{lacking.text.zh}",
            f"{what.en} {pct(share)}, below {pct(floor)}; {lacking.text.en}",
        ),
    )


def early_definitions(deals: Iterable[DealFacts]) -> Text:
    """A note naming the definitions of the stage labels used (ST-01: a label counts only with its definition)."""
    used = sorted({deal.stage_definition or "?" for deal in deals if deal.stage is not None})
    text = ", ".join(used) or "–"
    return Text(f"阶段判定口径：{text}", f"stage definitions: {text}")


@rule(
    "GF-25",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("投向约定领域的最低比例", "Policy-purpose share"),
    sources=[
        docs.NDRC_1509.at(None, until=dt.date(2017, 3, 31)),
        docs.NDRC_2800.at("第25条"),
    ],
)
def purpose_share(
    fund: FundFacts,
    *,
    purpose_share_min: Decimal,
    conversion_purpose_share_min: Decimal,
    conversion_multiple_min: Decimal,
    vc_guidance_early_share_min: Decimal,
) -> Outcome:
    """The fund's own floor and those of its national investors, the worst of them told: the conversion fund asks for a
    share in, and a multiple of its money for, companies built on publicly funded results (where it joined under
    财教〔2021〕176号); the national VC guidance fund for early stages. Short before the investment period ends is a
    warning, after it a breach."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    if fund.kind is not PartyKind.SUB_FUND:
        return not_applicable(Text("由子基金分别核算", "counted at the sub-funds"))
    over = any_of(above(fund.as_of, fund.investment_period_end), among(fund.status, _ENDED))
    short = None if over is None else Verdict.BREACH if over else Verdict.WARN
    deals = fund.purchases
    own = share_at_least(
        deals,
        [inside_mandate(d) for d in deals],
        purpose_share_min,
        Text("投向约定领域和阶段", "Inside the mandate"),
        short,
    )

    def converted(stakes: Sequence[StakeFacts]) -> list[Outcome]:
        built = [None if d.company_then is None else d.company_then.publicly_funded_result for d in deals]
        what = Text("国家科技成果转化引导基金要求的财政资金成果转化投资", "Built on publicly funded results")
        share = share_at_least(deals, built, conversion_purpose_share_min, what, short)
        return [share, _conversion_multiple(fund, stakes, built, conversion_multiple_min, short)]

    def early() -> list[Outcome]:
        tests = [None if d.stage is None else d.stage in EARLY for d in deals]
        what = Text(
            "国家创投引导基金要求的种子期、初创期投资",
            "Early share asked by the national VC guidance fund",
        )
        return [share_at_least(deals, tests, vc_guidance_early_share_min, what, short)]

    held = [stake for stake in fund.stakes if stake.committed != 0]
    outcomes = [own]
    if converting := [stake for stake in held if _of_conversion_fund(stake)]:
        outcomes += converted(converting)
    if any(stake.investor.national_scheme is NationalScheme.VC_GUIDANCE for stake in held):
        outcomes += early()
    worst = min(outcomes, key=lambda o: _WORST.index(o.verdict))
    unsaid = [stake for stake in held if _of_no_scheme(stake)]
    if unsaid and worst.verdict not in (Verdict.BREACH, Verdict.UNKNOWN):
        further = min(_WORST.index(o.verdict) for o in (*converted(unsaid), *early()))
        if further < _WORST.index(worst.verdict):
            return missing(Text("国家级资金类别", "which national scheme an investor is of"))
    return worst


def _of_no_scheme(stake: StakeFacts) -> bool:
    """A national fund of which nobody recorded what terms it brings along."""
    return stake.investor.kind is PartyKind.NATIONAL_FUND and stake.investor.national_scheme is None


_WORST = (Verdict.BREACH, Verdict.WARN, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_APPLICABLE)
"""A floor that is certainly missed is told: another that cannot be judged is kept, or missed in the same way."""
_ENDED = (FundStatus.LIQUIDATING, FundStatus.CLOSED)


def _of_conversion_fund(stake: StakeFacts) -> bool:
    """A stake that the national conversion fund holds and did not take before 财教〔2021〕176号 gave it these terms."""
    if stake.investor.national_scheme is not NationalScheme.CONVERSION_FUND:
        return False
    return stake.first_committed_on is None or stake.first_committed_on >= docs.MOF_176.since


def _conversion_multiple(
    fund: FundFacts,
    stakes: Sequence[StakeFacts],
    built: Sequence[bool | None],
    multiple: Decimal,
    short: Verdict | None,
) -> Outcome:
    """Cost in companies built on publicly funded results over what the conversion fund paid in."""
    paid = sum(stake.paid_in for stake in stakes)
    split = split_cost(fund.purchases, built)
    if split is None:
        return missing(Text("投资金额", "amount of a deal"))
    if paid <= 0:
        return not_applicable(
            Text("国家科技成果转化引导基金尚未出资", "the conversion fund has not paid in yet")
        )
    sure, maybe, _, _ = split
    needed = math.ceil(multiple * paid)
    inputs = {"counted": sure, "unknown": maybe, "paid_in": paid}
    if sure < needed <= sure + maybe:
        return missing(
            Text("部分企业是否基于财政资金成果", "whether some companies build on public results"),
            inputs=inputs,
        )
    met = sure >= needed
    if not met and short is None:
        return missing(
            Text("投资期届满日或基金状态", "end of the investment period, or status"), inputs=inputs
        )
    return Outcome(
        breach_unless(met, short or Verdict.UNKNOWN),
        Text(
            f"成果转化投资为国家科技成果转化引导基金出资的 {times(ratio(sure, paid))} 倍，要求不低于 {times(multiple)} 倍",
            f"Built on publicly funded results: {times(ratio(sure, paid))}x the conversion fund's money, at least "
            f"{times(multiple)}x required",
        ),
        ratio(sure, paid),
        multiple,
        "multiple",
        None if met else needed - sure,
        inputs,
    )


@rule(
    "GF-26",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN_IN_PART,
    text=Text(
        "国家创投引导基金的“投小”标准", "Small-ticket / small-company test of the national VC guidance fund"
    ),
    sources=[docs.NDRC_BRIEFING.at(None)],
    on="day",
)
def small_ticket(deal: DealFacts, *, small_valuation_below: int, small_ticket_max: int) -> Outcome | None:
    """Valuation (after the money) under the ceiling and the ticket within the amount."""
    if NationalScheme.VC_GUIDANCE not in deal.fund.schemes or not deal.is_purchase:
        return None
    valuation = None if deal.post_money is None else deal.post_money < small_valuation_below
    small = all_of(valuation, at_most(deal.fen, small_ticket_max))
    if small is None:
        return missing(Text("投后估值或投资额", "post-money valuation or amount"), money=deal.fen)
    worth = (
        Text("不详", "unknown")
        if deal.post_money is None
        else (money_zh(deal.post_money), money_en(deal.post_money))
    )
    ticket = Text("不详", "unknown") if deal.fen is None else (money_zh(deal.fen), money_en(deal.fen))
    measured_by: tuple[Value, Value] = (deal.post_money, small_valuation_below)
    if valuation is not False and above(deal.fen, small_ticket_max):
        measured_by = deal.fen, small_ticket_max
    return Outcome(
        breach_unless(small, Verdict.WARN),
        Text(
            f"投后估值 {worth[0]}（低于 {money_zh(small_valuation_below)}），"
            f"单笔 {ticket[0]}（不超过 {money_zh(small_ticket_max)}）",
            f"Post-money {worth[1]} (below {money_en(small_valuation_below)}), "
            f"ticket {ticket[1]} (at most {money_en(small_ticket_max)})",
        ),
        *measured_by,
        "fen",
        None if small else deal.fen,
        {"post_money": deal.post_money, "ticket": deal.fen, "ticket_max": small_ticket_max},
    )


@rule(
    "GF-33",
    Level.MIN,
    Scope.DEAL,
    Confidence.SEEN,
    text=Text("省级重点领域清单", "Provincial priority-field list"),
    sources=[docs.NDRC_1752.at("第9条")],
    on="day",
)
def priority_field(deal: DealFacts, *, field_list_versions_max: int) -> Outcome | None:
    """The company's industry lies in the list version of the deal's day; the list changes at most once a year."""
    if not deal.is_purchase or deal.fund.government_money is False or deal.day is None:
        return None
    known = [version for version in deal.fund.field_lists if version.since <= deal.day]
    if not known:
        return missing(Text("投资当日有效的重点领域清单", "a priority-field list in force on the day"))
    fits = None if deal.industry is None else in_field(deal.industry, known[-1].codes)
    changes = sum(1 for version in known if version.since.year == deal.day.year)
    often = changes > field_list_versions_max
    met = all_of(fits, not often)
    if met is None:
        return missing(Text("企业国标行业代码", "the company's industry code"))
    where = (
        Text("未登记", "is not recorded")
        if fits is None
        else Text("在", "is in")
        if fits
        else Text("不在", "is not in")
    )
    measured: Value = changes
    threshold: Value = field_list_versions_max
    unit = "count"
    if fits is False:
        measured, threshold, unit = deal.industry, str(known[-1].since), "word"
    return Outcome(
        breach_unless(met, Verdict.WARN),
        Text(
            f"行业 {deal.industry or ''} {where[0]} {known[-1].since} 版清单内；当年 {changes} 个版本",
            f"Industry {deal.industry or ''} {where[1]} the list of {known[-1].since}; {counted(changes, 'version')} that year",
        ),
        measured,
        threshold,
        unit,
        None if fits else deal.fen,
        {"industry": deal.industry, "list": known[-1].since, "versions": changes},
    )
