"""What a computed indicator is made of: its formula, every posting, statement and finding behind it, with documents.

Money opens to the rows of the journal, as figures do everywhere (fof.explain); the rest to a list of reports or
findings. Both come from the same view as the scorecard, so the parts give the indicator's value again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from fof.book.currencies import currency_of
from fof.book.flows import places_in
from fof.book.funds import cash_moves
from fof.book.index import book_of
from fof.book.portfolios import whole_book
from fof.book.stakes import contributions
from fof.evaluation.indicators import BY_NAME, REPORTS, Indicator, conduct
from fof.evaluation.judged import facts_of, judged
from fof.explain import Explanation, FigureTerm, SourceRow, explain
from fof.explain.sources import posting_rows, summed, with_documents
from fof.figures.register import figure
from fof.ledger import View
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.indicators import guidance_stakes, money_by_round, non_government
from fof.rules.mandate import EARLY
from fof.rules.registry import Item, Verdict
from models.frozen import frozen
from models.money import known_sum
from models.rule_kinds import DirectionTopic
from models.text import Text


@frozen
class Listing:
    """Reports, findings or topics behind an indicator, in the order in which they matter."""

    text: Text
    items: tuple[Item, ...]


@frozen
class Opened:
    """One indicator of one fund opened: its formula, then rows of money (`figures`) or things counted (`listings`)."""

    indicator: Indicator
    formula: Text
    figures: tuple[Explanation, ...] = ()
    listings: tuple[Listing, ...] = ()


def opened(view: View, fund: str, name: str) -> Opened | None:
    """What is behind an indicator of a fund; None for one that is asked for, whose document is all there is.

    Unknown where there is no such fund on the view's day; KeyError for no such indicator.
    """
    indicator = BY_NAME[name]
    if indicator.measure is None:
        return None
    facts = facts_of(view, fund)
    if name in _FIGURES:
        figures = tuple(_figure(view, fund, figure) for figure in _FIGURES[name])
        return Opened(indicator, figures[0].formula, figures)
    if name in _LISTED:
        text, listings = _LISTED[name]
        return Opened(indicator, text, listings=tuple(listings(view, facts)))
    text, parts = _RATIOS[name]
    portions = with_documents(view, parts(view, facts))
    *above, below = (p.fen for p in portions)
    over = known_sum(above)
    value = None if over is None or not below else over / below
    label = view.name(view.party(fund).id)
    figure = Explanation(
        name,
        "fund",
        fund,
        label,
        indicator.text,
        text,
        "percent" if indicator.unit == "share" else "multiple",
        value,
        None,
        portions,
        view.as_of,
        view.known_at,
    )
    return Opened(indicator, text, (figure,))


_FIGURES = {
    "paid_in_rate": ("paid_in_rate",),
    "tvpi": ("tvpi",),
    "dpi": ("dpi",),
    "irr": ("irr",),
    "overdue_calls": ("overdue", "called"),
    "nav_age": ("nav",),
}
"""Indicators that are figures of the book, or are told from them."""


def _figure(view: View, fund: str, figure: str) -> Explanation:
    currency = currency_of(view, view.party(fund).id)
    return explain(view, whole_book(view, currency), figure, "fund", fund)


# -- ratios of money ----------------------------------------------------------------------------------------------


def _stakes(
    view: View, facts: FundFacts, measure: str, text: Text, chosen: Iterable[StakeFacts]
) -> FigureTerm:
    """A measure of some of the fund's stakes."""
    fund = view.party(facts.code).id
    pairs = [(fund, view.by_code[s.investor.code].id) for s in chosen]
    rows = posting_rows(view, *contributions(view, measure, pairs)) if pairs else []
    return summed(measure, text, rows)


def _cost(view: View, facts: FundFacts, text: Text, counts: Callable[[DealFacts], bool]) -> FigureTerm:
    """What was paid for the deals that count, payment by payment."""
    wanted = {d.code for d in facts.purchases if counts(d)}
    deals = [d for d in view.deals if d.row.code in wanted]
    moves = [m for d in deals for m in book_of(view).of_deal(d, judged(view).day) if m.fen > 0]
    places = np.sort(places_in(view, np.array([m.place for m in moves], np.int64)))
    rows = posting_rows(view, places, view.postings.fen[places])
    return summed("cost", text, rows)


def _invested(view: View, facts: FundFacts) -> FigureTerm:
    return _cost(view, facts, Text("投资额", "Invested"), lambda _deal: True)


def _paid_in(view: View, facts: FundFacts) -> FigureTerm:
    return _stakes(view, facts, "paid_in", figure("paid_in").text, facts.stakes)


def _guidance(view: View, facts: FundFacts) -> FigureTerm:
    return _stakes(
        view, facts, "committed", Text("引导资金认缴", "Guidance money committed"), guidance_stakes(facts)
    )


def _cash(view: View, facts: FundFacts) -> FigureTerm:
    """Everything that came into the fund's account less everything that left it."""
    rows = posting_rows(view, *cash_moves(view, view.party(facts.code).id))
    return summed("cash", Text("账上现金", "Cash"), rows)


def _non_government(view: View, facts: FundFacts) -> FigureTerm:
    """Commitments less the government's part of each, looked through."""
    finding = judged(view).finding("PI-01", facts.code)
    wide = finding is not None and bool(finding.inputs.get("soe_counts_as_government"))
    stakes = {stake.investor.code: stake for stake in facts.stakes}
    rows = []
    for code, fen in (non_government(facts, with_state_companies=wide) or {}).items():
        stake = stakes[code]
        if stake.committed:
            investor, fund = view.by_code[code].id, view.party(facts.code).id
            rows.append(
                SourceRow(
                    "owner",
                    None,
                    None,
                    stake.last_committed_on,
                    "private",
                    Text("非政府部分", "Non-government part"),
                    investor,
                    fund,
                    fund,
                    fen,
                    fen / stake.committed,
                )
            )
    return summed("private", Text("非政府认缴", "Non-government commitments"), rows)


def _rounds(view: View, facts: FundFacts) -> FigureTerm:
    """Each round the fund paid into, once: its total, or what the fund paid where that is more."""
    fund, numbers = view.party(facts.code).id, {d.row.code: d for d in view.deals}
    rows = [
        SourceRow(
            "deal",
            numbers[d.code].entry,
            None,
            d.day,
            "round",
            Text("本轮融资", "Whole round"),
            None,
            view.by_code[d.company].id,
            fund,
            fen,
        )
        for d, fen in money_by_round(facts)
    ]
    return summed("rounds", Text("到达企业的资金", "Money reaching companies"), rows)


_RATIOS: dict[str, tuple[Text, Callable[[View, FundFacts], Sequence[FigureTerm]]]] = {
    "deployment": (
        Text("投资率 = 投资额 ÷ 已实缴", "invested ÷ paid in"),
        lambda view, f: (_invested(view, f), _paid_in(view, f)),
    ),
    "early_share": (
        Text(
            "投早占比 = 种子期、初创期投资额 ÷ 投资额（按投资时阶段）",
            "paid for seed and start-up deals ÷ invested, by stage on the day",
        ),
        lambda view, f: (
            _cost(view, f, Text("种子期、初创期投资额", "Seed and start-up"), lambda d: d.stage in EARLY),
            _invested(view, f),
        ),
    ),
    "strategic_share": (
        Text("战略性新兴产业占比 = 归入九类的投资额 ÷ 投资额", "paid for companies of the groups ÷ invested"),
        lambda view, f: (
            _cost(view, f, Text("战略性新兴产业投资额", "In the groups"), lambda d: d.sei_group is not None),
            _invested(view, f),
        ),
    ),
    "leverage_a": (
        Text("放大倍数 A = 认缴总额 ÷ 引导资金认缴", "commitments ÷ guidance money committed"),
        lambda view, f: (
            _stakes(view, f, "committed", figure("committed").text, f.stakes),
            _guidance(view, f),
        ),
    ),
    "leverage_b": (
        Text(
            "放大倍数 B = 非政府认缴（逐层穿透）÷ 引导资金认缴",
            "non-government commitments, looked through ÷ guidance money committed",
        ),
        lambda view, f: (_non_government(view, f), _guidance(view, f)),
    ),
    "leverage_c": (
        Text(
            "放大倍数 C（登记整轮）= 本轮融资总额（含共同投资人）÷ 引导资金认缴",
            "whole rounds ÷ guidance money committed",
        ),
        lambda view, f: (_rounds(view, f), _guidance(view, f)),
    ),
    "idle_ratio": (
        Text("资金闲置率 = 账上现金 ÷ 已实缴", "cash ÷ paid in"),
        lambda view, f: (_cash(view, f), _paid_in(view, f)),
    ),
    "principal_recovery": (
        Text(
            "政府本金收回率 = 引导资金收到的分配 ÷ 引导资金实缴",
            "distributed to guidance money ÷ paid in by it",
        ),
        lambda view, f: (
            _stakes(
                view,
                f,
                "distributed",
                Text("引导资金收到的分配", "Distributed to guidance money"),
                f.public_stakes,
            ),
            _stakes(view, f, "paid_in", Text("引导资金实缴", "Paid in by guidance money"), f.public_stakes),
        ),
    ),
}
"""Name -> (formula in Chinese and English, its terms: the last divides the sum of the others)."""


# -- things counted -----------------------------------------------------------------------------------------------


def _topics(_view: View, facts: FundFacts) -> Iterable[Listing]:
    have = facts.direction_evidence or ()
    for text, wanted in (
        (Text("缺少证据的指标", "Topics without evidence"), False),
        (Text("有证据的指标", "Topics with evidence"), True),
    ):
        items = tuple(Item(t.value, t.text) for t in DirectionTopic if (t in have) is wanted)
        yield Listing(text, items)


def _reports(view: View, facts: FundFacts) -> Iterable[Listing]:
    findings = [f for r in REPORTS if (f := judged(view).finding(r, facts.code)) is not None]
    items = tuple(
        Item(
            f.rule,
            Text(f"{f.verdict.zh}：{f.text.zh}", f"{f.verdict.en}: {f.text.en}"),
            f.since,
            f.money_at_stake,
        )
        for f in findings
    )
    yield Listing(Text("报送义务", "Reports due"), items)


_TITLES = {
    Verdict.BREACH: Text("未处置的违反", "Breaches that stand"),
    Verdict.UNKNOWN: Text("缺少依据、无法判断", "Cannot be judged"),
    Verdict.PASS: Text("已判断、未违反", "Judged, not broken"),
}


def _findings(view: View, facts: FundFacts) -> Iterable[Listing]:
    """Every judgement that counts as conduct: what is broken first, then what cannot be told."""
    groups = conduct(view, facts.code)
    for verdict, title in _TITLES.items():
        items = tuple(
            Item(f"{f.rule} {f.subject}", f.finding.text, f.since, f.money_at_stake)
            for f in groups.get(verdict, ())
        )
        yield Listing(title, items)


_LISTED: dict[str, tuple[Text, Callable[[View, FundFacts], Iterable[Listing]]]] = {
    "direction_evidence": (Text("有证据的指标数 ÷ 全部指标数", "topics with evidence ÷ topics"), _topics),
    "filings": (
        Text("按期的报送种类 ÷ 应报送的种类（GF-60…63）", "kinds of reports in time ÷ kinds due (GF-60…63)"),
        _reports,
    ),
    "rules_kept": (
        Text(
            "1 − 未处置的违反 ÷ 可判断的结论",
            "1 − breaches that stand ÷ judgements (accepted or dismissed ones do not stand)",
        ),
        _findings,
    ),
    "rules_judged": (Text("可判断的结论 ÷ 适用的结论", "judgements ÷ judgements that apply"), _findings),
}

assert {*_FIGURES, *_RATIOS, *_LISTED} == {i.name for i in BY_NAME.values() if i.measure is not None}
