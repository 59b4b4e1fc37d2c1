"""Look-through: what the portfolio reaches through every path, and the paths to one company."""

import streamlit as st

from fof import words
from fof.book.currencies import by_currency
from fof.book.ownership import Base
from fof.figures.lookthrough import exposures, paths, reach
from fof.figures.lookthrough_document import exposure_row
from fof.ui import charts, cited, data, frame, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _

MENU = (40, ("组合", "Portfolio"), ("穿透", "Look-through"))

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
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
exposed = exposures(view, portfolio.party, base)
if not exposed:
    widgets.empty(_("截至日前没有可以穿透的持有关系。", "Nothing is held up to the as-of day."))
    cited.finish()
kinds = {e.party: view.parties[e.party].kind for e in exposed}
companies = sorted(
    (e for e in exposed if e.amounts),
    key=lambda e: (-max(cost for _code, cost, _value in e.amounts), e.party),
)
vehicles = [e for e in exposed if not e.amounts]
held = by_currency(
    [part for e in companies for part in e.amounts], lambda part: part[0]
)  # of a company that funds of two currencies hold, a part each
widgets.headline(
    [
        (_("穿透企业数", "Companies reached"), f"{len(companies)}", None),
        *(
            (
                named("looked_through_cost")
                if portfolio.currency
                else words.beside(named("looked_through_cost"), words.unit_name(chosen.unit, code)),
                words.amount(sum(cost for _code, cost, _value in parts), chosen.unit),
                _(
                    "各路径持股比例乘以所经基金的剩余成本",
                    "Share through every path times the remaining cost of the funds on the way",
                ),
            )
            for code, parts in held.items()
        ),
        (
            _("多路径企业", "Reached by several paths"),
            f"{sum(e.paths > 1 for e in companies)}",
            _("经一只以上基金持有的企业，只计一家", "Held through more than one fund; counted once"),
        ),
        (
            _("持股未知", "Share unknown"),
            f"{sum(e.share is None for e in companies)}",
            _("投资记录没有写明持股比例", "The deal does not state a share"),
        ),
    ]
)
for code in held:
    tree = data.exposure_tree(view, companies, chosen.unit, code)
    unit = words.unit_name(chosen.unit, code)
    if tree:
        charts.draw(
            charts.tree_map(tree, unit, charts.WIDE * 340),
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
        data.by_each_currency(companies), lambda part: exposure_row(view, part.company, part[1:])
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
    own = paths(view, portfolio.party, target, base)
    widgets.table(
        f"{view.name(target)} · {named('path')}",
        [
            {
                "way": " → ".join(view.name(p) for p in path.parties),
                "steps": " × ".join(words.percent(s) for s in path.shares),
                "share": path.share,
            }
            for path in own
        ],
        "way=path steps share=path_share",
        "paths_table",
    )
    owners = [
        {"name": view.name(r.owner), "share": r.share, "direct": r.direct, "paths": len(r.paths)}
        for r in reach(view, target, base)
    ]
    say.caption(_("最终持有人", "Ultimate owners"))
    widgets.table(
        f"{view.name(target)} · {_('最终持有人', 'Ultimate owners')}",
        owners,
        "name=owner share=looked_through_share direct=direct_share paths",
        "reach_table",
    )

widgets.section(_("所经基金", "Funds on the way"))
widgets.table(
    _("所经基金", "Funds on the way"),
    [exposure_row(view, e) | {"kind": words.word(kinds[e.party])} for e in vehicles],
    "key label=fund kind=held_kind share=looked_through_share direct=direct_share paths",
    "vehicles_table",
)
