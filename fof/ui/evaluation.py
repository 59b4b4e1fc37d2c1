"""Parts of the evaluation page: a scorecard, loss tolerance, duties of reinvestment, what the register still lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from fof import evaluation as use_case
from fof import words
from fof.evaluation.indicators import BLOCKS
from fof.evaluation.losses import CLASSES, Loss, Losses
from fof.evaluation.losses import STATES as LOSS_STATES
from fof.evaluation.register import Register
from fof.evaluation.reinvestment import STATES as DUTY_STATES
from fof.evaluation.reinvestment import Duty
from fof.evaluation.scorecard import STATES, Line, Scorecard
from fof.ledger import View
from fof.ui import data, frame, widgets
from fof.ui.widgets import Column
from fof.words import _


def _said(pair: tuple[str, str]) -> str:
    return pair[0] if words.language() == "zh" else pair[1]


def _points(value: Decimal | None) -> str:
    return words.DASH if value is None else f"{value:.2f}"


def _measured(value: Decimal | None, unit: str) -> str:
    if value is None:
        return words.DASH
    if unit == "share":
        return words.percent(float(value))
    return words.multiple(float(value)) if unit == "multiple" else f"{value:f}"


# -- scorecard ----------------------------------------------------------------------------------------------------


def scorecard(view: View, code: str) -> None:
    """One fund's evaluation: the blocks, every indicator, and what the score waits for."""
    card = use_case.scorecard(view, code)
    for problem in card.weights.problems:
        st.error(problem.text(words.language()), icon=":material/block:")
    if not card.final and not card.weights.problems:
        st.warning(
            f"{_('尚不能定稿')}：{len(card.missing)} {_('项指标待提供或待设评分标准')}",
            icon=":material/pending:",
        )
    _headline(card)
    widgets.table(
        f"{card.name} · {_('绩效评价')}",
        [_line(line) for line in card.lines],
        [
            Column("block", _("板块"), pinned=True),
            Column("title", _("指标"), width="medium", pinned=True),
            Column("state", _("状态")),
            Column("value", _("实测")),
            Column("scale", _("零分 → 满分")),
            Column("weight", _("满分")),
            Column("points", _("得分")),
            Column("note", _("说明"), width="large"),
            Column("source", _("依据文件"), width="medium"),
        ],
        "scorecard_table",
    )
    weights = "；".join(
        f"{_said(BLOCKS[name])} {points}（{card.weights.sources[name]}）"
        for name, points in card.weights.points.items()
    )
    st.caption(f"{_('权重依据')}：{weights or words.DASH}")


def _headline(card: Scorecard) -> None:
    so_far = f"{_('已评')} {_points(card.weight_so_far)} {_('分中得')} {_points(card.so_far)}"
    widgets.headline(
        [
            (_("总分"), _points(card.score), None if card.final else so_far),
            *((_said((b.zh, b.en)), f"{_points(b.points)} / {b.weight}",
               None if b.complete else _("该板块还有待补指标")) for b in card.blocks),
            (_("加分"), _points(card.bonus), None if card.bonus_source is None else card.bonus_source.document),
        ]
    )  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    unit, scale = line.indicator.unit, line.scale
    ends = words.DASH if scale is None else f"{_measured(scale.zero, unit)} → {_measured(scale.full, unit)}"
    return {
        "block": _said(BLOCKS[line.indicator.block]), "title": _said((line.indicator.zh, line.indicator.en)),
        "state": _said(STATES[line.state]), "value": _measured(line.value, unit), "scale": ends,
        "weight": _points(line.weight), "points": _points(line.points), "note": _said((line.zh, line.en)),
        "source": line.source or line.scale_source or words.DASH,
    }  # fmt: skip


# -- losses -------------------------------------------------------------------------------------------------------

_LOSS_COLUMNS = ("invested", "returned", "value", "realised", "unrealised", "lost")


def _loss(loss: Loss) -> dict[str, Any]:
    return {
        "label": _said(CLASSES[loss.key]) if loss.key in CLASSES else loss.label,
        "class": _said(CLASSES[loss.loss_class]),
        **{name: getattr(loss, name) for name in _LOSS_COLUMNS},
        "share": loss.share, "tolerance": loss.tolerance, "headroom": loss.headroom, "headroom_fen": loss.headroom_fen,
        "state": words.DASH if loss.state is None else _said(LOSS_STATES[loss.state]),
        "note": data.said(loss.reason) or loss.source,
    }  # fmt: skip


def losses(found: Losses) -> None:
    """Losses by class, then by fund, then every deal."""
    st.caption(_("容亏率决定是否问责，不动用任何资金；单个项目允许全部损失，不因单个项目或单个年度问责。"))
    money = [
        Column("label", _("名称"), width="medium", pinned=True),
        Column("invested", _("已投资"), "money"),
        Column("returned", _("已收回"), "money"),
        Column("value", _("估值"), "money"),
        Column("realised", _("已实现损益"), "money"),
        Column("unrealised", _("未实现损益"), "money"),
        Column("lost", _("整体亏损"), "money"),
        Column("share", _("亏损率"), "percent"),
        Column("tolerance", _("容亏率"), "percent"),
        Column("headroom", _("余量"), "percent"),
        Column("headroom_fen", _("余量金额"), "money"),
    ]
    note = Column("note", _("说明"), width="medium")
    for title, rows, more, key in (
        (_("按类别"), found.classes, [note], "losses_classes"),
        (
            _("按基金"),
            found.funds,
            [Column("class", _("类别")), Column("state", _("考核")), note],
            "losses_funds",
        ),
        (_("按项目"), found.deals, [note], "losses_deals"),
    ):
        widgets.section(title)
        if rows:
            widgets.table(f"{_('容亏')} · {title}", [_loss(r) for r in rows], [*money, *more], key)
        else:
            st.caption(_("还没有投资。"))


# -- reinvestment -------------------------------------------------------------------------------------------------


def reinvestment(view: View, found: list[Duty]) -> None:
    """What contracts owe, and what policy says about it."""
    st.caption(_("返投按合同跟踪：到期未达为违约；新设基金约定返投不符合国办发〔2025〕1号导向。"))
    if not found:
        st.info(_("没有返投约定。"), icon=":material/inbox:")
        return
    widgets.table(
        _("返投"),
        [_duty(view, duty) for duty in found],
        [
            Column("fund", _("基金"), width="medium", pinned=True),
            Column("investor", _("出资人"), width="medium"),
            Column("multiple", _("约定倍数"), "multiple"),
            Column("achieved", _("已完成倍数"), "multiple"),
            Column("owed", _("应返投"), "money"),
            Column("recognised", _("已认定"), "money"),
            Column("shortfall", _("尚差"), "money"),
            Column("by", _("期限"), "day"),
            Column("state", _("履约")),
            Column("policy", _("政策提示")),
            Column("twice", _("重复企业"), "int"),
            Column("note", _("说明"), width="medium"),
        ],
        "reinvestment_table",
    )


def _duty(view: View, duty: Duty) -> dict[str, Any]:
    warned = {True: _("不符合导向"), False: words.DASH, None: _("成立日未知")}
    twice = "、".join(f"{c.company}（{c.deal}）" for c in duty.twice)
    return {
        "fund": view.name(view.party(duty.fund).id), "investor": view.name(view.party(duty.investor).id),
        "multiple": None if duty.multiple is None else float(duty.multiple), "achieved": duty.achieved,
        "owed": duty.owed, "recognised": duty.recognised, "shortfall": duty.shortfall, "by": duty.by,
        "state": _said(DUTY_STATES[duty.state]), "policy": warned[duty.against_policy], "twice": len(duty.twice),
        "note": "；".join(t for t in (data.said(duty.reason), f"{_('重复认定不计')} {twice}" if twice else None) if t),
    }  # fmt: skip


# -- register -----------------------------------------------------------------------------------------------------


def register(found: Register) -> None:
    """Can this be signed? Fund by fund, and every field that is missing."""
    ready = sum(fund.can_sign for fund in found.funds)
    widgets.headline(
        [
            (_("可签署"), f"{ready} / {len(found.funds)}", _("全部字段齐备的基金数")),
            (_("报送期限"), words.day(found.due_on), _("年末后六个月内")),
            (_("剩余天数"), words.DASH if found.days_left is None else str(found.days_left), None),
            (_("逾期未报"), str(sum(fund.late for fund in found.funds)), None),
        ]
    )
    rows = [
        {
            "fund": fund.fund, "name": fund.name, "ready": _("可签署") if fund.can_sign else _("尚不可签署"),
            "handed": words.day(fund.handed_in_on), "truth": words.day(fund.truth_on), "missing": len(fund.missing),
            "names": "、".join(_said((f.zh, f.en)) for f in fund.missing) or words.DASH,
        }
        for fund in found.funds
    ]  # fmt: skip
    widgets.table(
        f"{_('登记信息')} {found.year}",
        rows,
        [
            Column("fund", _("编号"), pinned=True),
            Column("name", _("名称"), width="medium"),
            Column("ready", _("能否签署")),
            Column("missing", _("缺失字段"), "int"),
            Column("names", _("缺什么"), width="large"),
            Column("handed", _("登记更新")),
            Column("truth", _("真实性承诺")),
        ],
        "register_table",
    )
    st.caption(f"{_('数据截至')} {found.period_end} · {frame.provenance(frame.choice())}")
