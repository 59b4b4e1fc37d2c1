"""The documents of the office: which figures each has, in which order. A command's table, its JSON document and schema,
a page's table, an export and a frame of the library are made from the same declaration.
"""

from __future__ import annotations

from fof.figures.answers import declared, names
from models.text import Text

OPENED = names(
    """
    committed called paid_in distributed registered_paid_in registered_distributed unfunded unfunded_callable
    unfunded_lapsed recallable overdue nav dpi rvpi tvpi paid_in_rate irr gov_direct gov_looked_through
    gov_with_soe leverage_a leverage_b leverage_c
    """
)
"""Figures of a portfolio or of a group of it that open to an explanation."""

PERFORMANCE = declared(
    "performance",
    Text("业绩", "Performance"),
    "Return figures by group, the investor's own: who sold a stake keeps its history and received the price, who bought one paid it; committed, called, unfunded and the registered amounts are the funds' registers. Then by=portfolio (all stakes in funds), by=direct and by=combined where there are direct investments. Where a part of a group has no value, nav, rvpi, tvpi and irr are null and the known_ figures are of the rest.",
    rows="""
        by key label source whose basis with_predecessors committed called paid_in distributed unfunded
        unfunded_callable unfunded_lapsed recallable registered_paid_in registered_distributed nav nav_on
        nav_age_days nav_rolled nav_note paid_in_rate dpi rvpi tvpi irr irr_status irr_roots irr_reading
        irr_period ks_pme direct_alpha known_nav known_paid_in known_dpi known_rvpi known_tvpi known_irr
        known_ks_pme missing missing_count missing_paid_in missing_share
    """,
    head="portfolio index",
    json_only="""
        by source whose basis with_predecessors unfunded recallable registered_paid_in
        registered_distributed nav_note irr_status irr_roots known_nav known_paid_in known_dpi known_rvpi
        known_tvpi known_irr known_ks_pme missing missing_count missing_paid_in missing_share
    """,
    reasons="""
        committed called paid_in distributed unfunded unfunded_callable unfunded_lapsed recallable nav
        paid_in_rate dpi rvpi tvpi irr ks_pme direct_alpha
    """,
    spare="nav_age_days nav_rolled called nav_on unfunded_lapsed",
    meaning="source=figures_from",
)
COMMITMENTS = declared(
    "commitments",
    Text("认缴与缴款", "Commitments"),
    "Commitments by fund or investor; government shares and leverage on fund rows and the total (by=portfolio).",
    rows="""
        by key label whose with_predecessors committed called paid_in distributed unfunded unfunded_callable
        unfunded_lapsed recallable overdue paid_in_rate gov_direct gov_looked_through gov_with_soe
        gov_national gov_province gov_prefecture gov_county soe_counts_as_government leverage_a leverage_b
        leverage_c
    """,
    head="portfolio side",
    json_only="""
        by whose with_predecessors unfunded recallable gov_national gov_province gov_prefecture gov_county
        soe_counts_as_government
    """,
    reasons="""
        committed called paid_in distributed unfunded unfunded_callable unfunded_lapsed recallable overdue
        paid_in_rate gov_direct gov_looked_through gov_with_soe leverage_a leverage_b leverage_c
    """,
    spare="called unfunded_lapsed",
)
LEVERAGE = declared(
    "leverage",
    Text("放大倍数与政府出资占比", "Leverage and government shares"),
    "Leverage by variant with the amounts it divides, and government shares by reading and level, fund by fund; then the portfolio (by=portfolio) and its subtotals by currency.",
    rows="""
        by key label own_committed all_committed non_government to_companies leverage_a leverage_b leverage_c
        gov_direct gov_looked_through gov_with_soe gov_national gov_province gov_prefecture gov_county
        gov_unstated soe_counts_as_government
    """,
    head="portfolio",
    json_only="by gov_national gov_province gov_prefecture gov_county gov_unstated soe_counts_as_government",
    reasons="""
        own_committed all_committed non_government to_companies leverage_a leverage_b leverage_c gov_direct
        gov_looked_through gov_with_soe
    """,
    spare="gov_with_soe non_government own_committed",
)
EXPOSURE = declared(
    "lookthrough",
    Text("穿透持有", "Look-through"),
    "What an owner holds of every fund and company below it, through all paths.",
    rows="kind key label share direct paths cost value",
    head="owner base whose basis",
    reasons="share cost value",
    meaning="""
        kind=held_kind share=looked_through_share direct=direct_share cost=looked_through_cost
        value=looked_through_value
    """,
    section="kind",
)
REACH = declared(
    "paths",
    Text("穿透路径", "Paths"),
    "Every owner behind a company or fund, one row for each path.",
    rows="owner owner_label share path path_share steps",
    head="target base",
    json_only="steps",
    meaning="owner_label=label",
)
EXPLANATION = declared(
    "explain",
    Text("数字来源", "Explanation"),
    "A figure opened: every row that went into each term of its formula.",
    rows="""
        part part_amount table entry line day kind kind_label from to fund amount share document source
    """,
    head="""
        figure by key label formula value amount currency reason whose basis left_out known_value
        known_amount missing
    """,
    json_only="part_amount table line kind fund",
    meaning="part=term part_amount=term_amount source=read_from value=figure_value",
    section="part",
)
STATEMENT = declared(
    "statement",
    Text("资本账户与净值桥", "Statement"),
    "A capital account, or a fund's NAV bridge, as the fund's register has it: opening + flows + results + residual = closing, to the cent. What a seller of a stake was paid, and realised above its carrying value, stands after it (kind sale).",
    rows="name label kind amount postings",
    head="fund investor whose basis start opening_on closing_on residual itemised reason",
    json_only="name kind",
    reasons="amount",
    meaning="name=item_code label=item kind=item_kind",
)
POSITIONS = declared(
    "positions",
    Text("披露持仓", "Positions"),
    "Disclosed positions: the stated multiple beside ours.",
    rows="""
        holder fund label day committed called distributed remaining dpi rvpi tvpi stated_multiple basis
        tolerance difference agrees stated_irr note document entry
    """,
    head="positions compared agreeing exceptions whose basis",
    json_only="fund dpi rvpi note document entry",
    reasons="dpi rvpi tvpi",
    spare="tolerance basis",
    meaning="""
        day=disclosed_on called=disclosed_called basis=multiple_by head.basis=basis
        tolerance=multiple_tolerance difference=multiple_difference
    """,
)
ROLL = declared(
    "roll",
    Text("滚动核对", "Roll-forward"),
    "Positions from one disclosure to a later one: opening + calls - distributions + gain = closing; last row the total.",
    rows="fund label opening calls distributions gain closing restated note",
    head="holder start end restatements whose basis",
    json_only="fund",
)
OVERVIEW = declared(
    "overview",
    Text("待办与提醒", "What needs attention"),
    "Open and overdue calls, old values, closed funds with a value left, terms about to end.",
    rows="what fund label whose investor number day days amount note",
    head="portfolio noticed unnoticed undated",
    meaning="what=duty whose=whose_call number=notice_or_term",
    section="what",
)
FUND = declared(
    "fund",
    Text("基金", "Fund"),
    "One fund: terms in force, cash, holdings, call notices, what its manager reports beside the book, documents.",
    rows="""
        part name label value day whose basis amount open idle_ratio cost multiple stated ours difference entry
        document
    """,
    head="fund label predecessors",
    json_only="name whose basis",
    meaning="name=item_code label=item head.label=label value=content",
    section="part",
)
