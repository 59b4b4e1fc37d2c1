"""The documents of the evaluation commands."""

from __future__ import annotations

from typing import Any

from fof.cli.fields import Field, Spec, schema

F = Field

SCORECARD = Spec(
    "scorecard",
    "绩效评价",
    "Performance evaluation",
    (
        F("fund", "text", "基金", "Fund"),
        F("block", "text", "板块", "Block", help="policy, compliance or results"),
        F("indicator", "text", "指标", "Indicator", False),
        F("title", "text", "指标名称", "Indicator"),
        F("state", "text", "状态", "State", help="computed, stated, missing, no_scale or not_applicable"),
        F("value", "number", "实测", "Value", help="share, multiple or days"),
        F("unit", "text", "量纲", "Unit", False),
        F("zero", "number", "零分值", "No points at"),
        F("full", "number", "满分值", "Full points at"),
        F("weight", "number", "满分", "Points possible"),
        F("points", "number", "得分", "Points"),
        F("note", "text", "说明", "Note"),
        F("source", "text", "依据文件", "Document", False),
        F("scale_source", "text", "评分标准依据", "Document of the scale", False),
    ),
    (
        F("fund", "text", "基金", "Fund"),
        F("final", "flag", "可定稿", "Final"),
        F("score", "number", "总分", "Score", help="null until final"),
        F("so_far", "number", "已确定得分", "Points so far"),
        F("weight_so_far", "number", "已评满分", "Of"),
        F("bonus", "number", "加分", "Bonus"),
        F("missing", "int", "待补指标", "Indicators open"),
        F("refused", "text", "权重问题", "Weights refused"),
    ),
    "Indicators of one fund with what each brings; the score stands only when every input is there.",
)
SCORES = Spec(
    "scores",
    "绩效评价一览",
    "Performance evaluations",
    (
        F("fund", "text", "基金", "Fund"),
        F("name", "text", "名称", "Name"),
        F("final", "flag", "可定稿", "Final"),
        F("score", "number", "总分", "Score"),
        F("policy", "number", "政策", "Policy"),
        F("compliance", "number", "合规", "Compliance"),
        F("results", "number", "效益", "Results"),
        F("so_far", "number", "已确定得分", "Points so far"),
        F("weight_so_far", "number", "已评满分", "Of"),
        F("missing", "int", "待补指标", "Open"),
        F("missing_names", "text", "缺", "Asked for", False),
    ),
    (),
    "One row a fund; block points are those that are certain.",
)
LOSSES = Spec(
    "losses",
    "容亏统计",
    "Loss tolerance",
    (
        F("by", "text", "层级", "By", help="class, fund or deal"),
        F("key", "text", "编号", "Code"),
        F("label", "text", "名称", "Name"),
        F("loss_class", "text", "类别", "Class", help="seed, angel, other or unstated"),
        F("invested", "money", "投资", "Invested"),
        F("returned", "money", "已收回", "Returned"),
        F("value", "money", "估值", "Value"),
        F("realised", "money", "已实现损益", "Realised"),
        F("unrealised", "money", "未实现损益", "Unrealised"),
        F("lost", "money", "整体亏损", "Loss", reason=True),
        F("share", "percent", "亏损率", "Loss %"),
        F("tolerance", "percent", "容亏率", "Tolerance"),
        F("headroom", "percent", "余量", "Headroom"),
        F("headroom_fen", "money", "余量金额", "Headroom, money", reason=True),
        F("state", "text", "考核", "State", help="of a fund: untested, within, exempt, review or unknown"),
        F("tested_on", "day", "考核日", "Tested on"),
        F("source", "text", "依据", "Source", False),
    ),
    (),
    "Losses by class, fund and (with --deals) deal against tolerance; no money follows from any of it.",
)
WHOLE_LIFE = Spec(
    "whole_life",
    "国有创投机构全生命周期",
    "State venture institutions, whole life",
    (
        F("institution", "text", "机构", "Institution"),
        F("name", "text", "名称", "Name"),
        F("funds", "text", "基金", "Funds"),
        F("invested", "money", "累计投资", "Invested"),
        F("proceeds", "money", "已收回", "Returned"),
        F("realised", "money", "已实现损益", "Realised"),
        F("unrealised", "money", "未实现损益", "Unrealised"),
        F("loss_ratio", "percent", "亏损率", "Loss %"),
        F(
            "net_multiple",
            "multiple",
            "净倍数",
            "Net multiple",
            help="distributed and net asset value over paid in, of all its funds",
        ),
        F("losses", "int", "应有尽职材料", "Losses to be explained"),
        F("lacking", "int", "缺尽职材料", "Without evidence"),
        F(
            "grades",
            "text",
            "年度绩效等级",
            "Grades of the year",
            help="fund and grade of its last yearly evaluation",
        ),
    ),
    (),
    "Each state venture institution since its first investment, over all its funds, beside the yearly grades; a loss is no finding.",
)
REINVESTMENT = Spec(
    "reinvestment",
    "返投",
    "Reinvestment",
    (
        F("fund", "text", "基金", "Fund"),
        F("investor", "text", "出资人", "Investor"),
        F("multiple", "multiple", "约定倍数", "Multiple agreed"),
        F("achieved", "multiple", "已完成倍数", "Achieved"),
        F("base", "money", "基数", "Base"),
        F("owed", "money", "应返投", "Owed"),
        F("recognised", "money", "已认定", "Recognised"),
        F("shortfall", "money", "尚差", "Short", reason=True),
        F("by", "day", "期限", "By"),
        F("state", "text", "履约", "State", help="met, running, breach or unknown"),
        F(
            "against_policy",
            "flag",
            "政策提示",
            "Against policy",
            help="a multiple in a fund set up since 国办发〔2025〕1号",
        ),
        F("claims", "int", "认定笔数", "Claims"),
        F("twice", "int", "重复企业", "Counted twice"),
    ),
    (),
    "What contracts owe, per fund and investor; a company counts once for one investor.",
)


def evaluation_schemas() -> dict[str, dict[str, Any]]:
    """File name -> JSON Schema of the documents of these commands."""
    return {spec.name: schema(spec) for spec in (SCORECARD, SCORES, LOSSES, WHOLE_LIFE, REINVESTMENT)}
