"""What staff stakes gained by terms unlike the institution's, on screen."""

from __future__ import annotations

import streamlit as st

from fof.audit.counterfactual_document import counterfactual_document
from fof.ledger import View
from fof.ui import background, cited, frame, say, table_rows, widgets
from fof.words import _
from models.coinvest import GainGroup
from models.text import Text

_GAINS = """
    rule staff_stake person advantage day realised=gain_realised unrealised=gain_unrealised shares=shares_more
    price=compared_price compared=compared_with compared_on deal verdict
"""
_SUMS = "key realised=gain_realised unrealised=gain_unrealised count=gains_count unknown=gains_unknown"


def gains_panel(view: View, institution: str | None, chosen: frame.Choice, seen: object) -> None:
    """The gains beside the findings, one by one or added up; nothing where there is none.

    seen : the institutions that the person may see, as the page asked for them
    """
    widgets.section(_("不同条件的差额", "What unlike terms were worth"))
    groups = [group.value for group in GainGroup]
    group = st.segmented_control(
        _("合计方式", "Added up by"),
        groups,
        key=cited.choice("gains_by", groups, groups[0], what=Text("合计方式", "how gains are added up")),
        format_func=lambda value: str(GainGroup(value).text),
        label_visibility="collapsed",
    )
    by = GainGroup(group or groups[0])
    document = background.answer(
        "counterfactual",
        (view.prefix.digest, chosen.as_of, institution, seen, by),
        lambda: counterfactual_document(view, institution, by),
    )
    if not document.rows:
        say.caption(
            _(
                "没有关于缴款时间、价格或退出的结论需要计算差额。",
                "No finding about the time of payment, the price or an exit needs a number.",
            )
        )
        return
    columns = _GAINS if by is GainGroup.FINDING else _SUMS
    widgets.table(_("差额", "Gains"), table_rows.listed(document), columns, f"gains_{by.value}")
    say.caption(
        _(
            "同样的钱按机构价格与日期、迟缴按缴款日已知的最近轮次价格或估值应得的股份，与实得之差；退出按机构的价格与日期。"
            "已实现按已卖出部分的卖价，未实现按截至日已知的每股价值；无法判断的不计入合计。",
            "Shares received less those the same money bought at the institution's price and day, of late payments at the "
            "latest round price or stated value known on the day paid; exits at the institution's price and day. Realised at "
            "the prices of what was sold, unrealised at the value of a share known on the as-of day; what is unknown is not "
            "in the sums.",
        )
    )
