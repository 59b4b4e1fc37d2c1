"""Disclosed positions: the institution's stated multiple beside ours, exceptions, and the roll-forward between two days."""

from typing import Any

from fof import words
from fof.figures.positions import (
    DisclosedPosition,
    agreement,
    basis_text,
    disclosure_days,
    exceptions,
    positions,
    roll_forward,
)
from fof.figures.positions_document import position_row, roll_row
from fof.ui import cited, data, disclosed, frame, say, widgets
from fof.ui.labels import named
from fof.words import _

MENU = (50, ("组合", "Portfolio"), ("披露持仓", "Disclosed positions"))

chosen = frame.choice()
view = frame.view(chosen)
portfolio = frame.portfolio()

widgets.heading()
holder = None if portfolio is None else portfolio.party
rows = [] if holder is None else positions(view, holder)
if holder is None or not rows:
    if not disclosed.links():
        widgets.to_import(
            _(
                "账中没有披露持仓。导入持仓披露文件，或运行 fof seed pensions 载入真实持仓。",
                "The book holds no disclosed positions. Import a disclosure, or load real positions with fof seed pensions.",
            )
        )
    cited.finish()

for group in agreement(view, rows):
    tolerance = words.DASH if group.tolerance is None else str(group.tolerance)
    widgets.headline(
        [
            (named("positions_count"), str(group.positions), None),
            (
                named("comparable"),
                str(group.compared),
                _("披露了倍数，且金额齐全", "A multiple is stated and the amounts are complete"),
            ),
            (
                named("agreeing"),
                f"{group.agreeing} / {group.compared}",
                f"{named('multiple_tolerance')} {tolerance}",
            ),
            (named("multiple_source"), basis_text(group.basis, words.language()), None),
        ]
    )
columns = """
    label=fund vintage committed called=disclosed_called distributed remaining dpi tvpi stated_multiple
    difference=multiple_difference stated_irr note
"""


def row(p: DisclosedPosition) -> dict[str, Any]:
    """One position as the document has it, with the fund's vintage."""
    return position_row(view, p) | {"vintage": view.fact(p.fund, "vintage")}


wrong = exceptions(rows)
widgets.section(_("例外：披露与计算不一致", "Exceptions: stated and computed disagree"))
if wrong:
    widgets.table(named("exceptions"), [row(p) for p in wrong], columns, "exceptions_table")
else:
    say.caption(_("没有例外。", "No exceptions."))
widgets.section(
    _("全部持仓", "All positions"),
    _(
        "披露的内部收益率照录：没有逐笔现金流可供复算",
        "Disclosed IRRs are shown as reported: there are no dated flows to recompute them from",
    ),
)
widgets.table(
    _("披露持仓", "Disclosed positions"),
    sorted((row(p) for p in rows), key=lambda r: -(r["committed"] or 0)),
    columns,
    "positions_table",
)

days = disclosure_days(view, holder)
if len(days) > 1:
    widgets.section(
        _("两期之间", "Between two disclosures"),
        _(
            "期初加缴款减分配加变动等于期末；累计数下降是重述，照实列出",
            "Opening plus calls less distributions plus gain is closing; a cumulative figure that falls is a restatement and shown as one",
        ),
    )
    rolled = roll_forward(view, holder, days[-2], days[-1])
    for total in widgets.each_currency(rolled.total):
        widgets.subtotal(total)
        widgets.headline(
            [
                (f"{named('opening')} {rolled.start}", words.amount(total.opening, chosen.unit), None),
                *data.headline_of(total, "calls distributions", chosen.unit),
                (
                    named("value_change"),
                    words.amount(total.gain, chosen.unit),
                    _("不由收付解释的价值变动", "Change of value that no money explains"),
                ),
                (f"{named('closing')} {rolled.end}", words.amount(total.closing, chosen.unit), None),
            ]
        )
    widgets.table(
        f"{_('两期之间', 'Between two disclosures')} {rolled.start} – {rolled.end}",
        [roll_row(view, r) for r in rolled.rows],
        "label=fund opening calls distributions gain closing restated note",
        "roll_table",
    )
