"""Look-through: what the portfolio reaches through every path, and the paths to one company."""

import numpy as np
import streamlit as st

from fof import words
from fof.audit.hidden_entries import unseen_records
from fof.book.ownership import Base
from fof.figures.lookthrough import exposure_columns, paths, reach
from fof.figures.lookthrough_document import exposure_row, owner_row, path_row
from fof.ui import charts, cited, data, frame, panels, say, stock_charts, table_rows, widgets
from fof.ui.labels import named
from fof.words import _

MENU = (40, ("组合", "Portfolio"), ("穿透", "Look-through"))

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
if portfolio is None:
    panels.no_funds()
if portfolio is None or portfolio.party is None or not portfolio.funds:
    widgets.empty(
        _(
            "选择一个持有基金份额的组合。披露持仓没有底层企业，无法穿透。",
            "Choose a portfolio that holds fund stakes. Disclosed positions name no companies, so there is nothing to look through.",
        )
    )
    cited.finish()

wanted = st.segmented_control(
    named("base"),
    ["commitment", "paid_in"],
    key=cited.choice("base", ["commitment", "paid_in"], "commitment"),
    required=True,
    format_func={
        "commitment": _("按认缴", "Of commitments"),
        "paid_in": _("按实缴", "Of paid-in"),
    }.__getitem__,
)
base: Base = "paid_in" if wanted == "paid_in" else "commitment"
below = exposure_columns(view, portfolio.party, base)
if not len(below):
    widgets.empty(_("截至日前没有可以穿透的持有关系。", "Nothing is held up to the as-of day."))
    cited.finish()
listed = data.HeldCompanies(below)
vehicles = below.rows(np.setdiff1d(np.arange(len(below)), listed.companies).tolist())
held = [own for own in below.amounts if own.held.any()]  # of a company in two currencies, a part each
widgets.headline(
    [
        (named("companies_reached"), f"{len(listed.companies)}", None),
        *(
            (
                named("looked_through_cost")
                if portfolio.currency
                else words.beside(named("looked_through_cost"), words.unit_name(chosen.unit, own.currency)),
                words.amount(own.total_cost, chosen.unit),
                _(
                    "各路径持股比例乘以所经基金的剩余成本",
                    "Share through every path times the remaining cost of the funds on the way",
                ),
            )
            for own in held
        ),
        (
            named("reached_twice"),
            f"{sum(below.ways[n] > 1 for n in listed.companies.tolist())}",
            _("经一只以上基金持有的企业，只计一家", "Held through more than one fund; counted once"),
        ),
        (
            named("share_unknown"),
            f"{int(np.isnan(below.share[listed.companies]).sum())}",
            _("投资记录没有写明持股比例", "The deal does not state a share"),
        ),
    ]
)
for own in held:
    tree = data.exposure_tree(view, below, listed.companies, own, chosen.unit)
    unit = words.unit_name(chosen.unit, own.currency)
    if tree:
        charts.draw(
            stock_charts.tree_map(tree, unit, charts.WIDE, 340),
            340,
            named("looked_through_cost"),
            unit,
        )

widgets.section(
    named("company"),
    _("点选一行，查看到这家企业的全部路径", "Pick a row to see every path to the company"),
)
picked = widgets.table(
    _("穿透企业", "Companies looked through"),
    table_rows.RowsOnDemand(
        listed, lambda part: exposure_row(view, part.company, part[1:]), listed.currencies
    ),
    """
    key label=company share=looked_through_share direct=direct_share paths cost=looked_through_cost
    value=looked_through_value
    """,
    "exposure_table",
    pick=True,
    cite=widgets.Cited("company", lambda r: str(r["key"])),
    height=380,
)


company = None if picked is None else str(picked["key"])
if company is not None:
    target = view.party(company).id
    widgets.section(words.beside(view.name(target), company))
    ways = paths(view, portfolio.party, target, base)
    widgets.table(
        f"{view.name(target)} · {named('path')}",
        [path_row(view, path) | {"texts": table_rows.path_words(view, path)} for path in ways],
        "path steps path_share",
        "paths_table",
    )
    say.caption(_("最终持有人", "Ultimate owners"))
    widgets.table(
        f"{view.name(target)} · {_('最终持有人', 'Ultimate owners')}",
        [
            owner_row(view, reached)
            for reached in reach(view, target, base)
            if not unseen_records(view, frame.actor()).hides(view.parties[reached.owner].code)
        ],
        "owner_label=owner share=looked_through_share direct=direct_share paths",
        "reach_table",
    )

widgets.section(_("所经基金", "Funds on the way"))
widgets.table(
    _("所经基金", "Funds on the way"),
    [exposure_row(view, e) | {"kind": words.word(view.parties[e.party].kind)} for e in vehicles],
    "key label=fund kind=held_kind share=looked_through_share direct=direct_share paths",
    "vehicles_table",
)
