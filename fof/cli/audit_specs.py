"""The documents of the audit commands; docs/schemas/audit.json and rules.json are generated from here."""

from __future__ import annotations

from typing import Any

from fof.cli.fields import Field, Spec, schema

F = Field

AUDIT = Spec(
    "audit",
    "引导基金合规检查",
    "Guidance-fund audit",
    (
        F("rule", "text", "规则", "Rule"),
        F("verdict", "text", "结论", "Verdict", help="breach, unknown, warn, pass or not_applicable"),
        F(
            "subject",
            "text",
            "对象",
            "Subject",
            help="code of the fund, company, investor or deal; fund/investor for a stake",
        ),
        F("name", "text", "名称", "Name"),
        F("fund", "text", "基金", "Fund", False),
        F("measured", "text", "实测", "Measured", help="in measure_unit; amounts in yuan with two decimals"),
        F("threshold", "text", "标准", "Threshold", help="as measured"),
        F(
            "measure_unit",
            "text",
            "量纲",
            "Unit of measure",
            help="share, fen (shown in yuan), days, months, years, count, multiple, date, word",
        ),
        F("money_at_stake", "money", "涉及金额", "Money at stake"),
        F("source", "text", "依据", "Source", help="document and article"),
        F("confidence", "text", "核对程度", "Confidence", help="seen, seen in part, recalled or own design"),
        F("since", "day", "起始", "Since", help="first day of the unbroken run of the same verdict"),
        F("owner", "text", "责任人", "Owner", help="manager of the fund"),
        F("state", "text", "状态", "State", help="open, accepted, rectify, overdue, dismissed or clear"),
        F("until", "day", "截止", "Until", help="of an acceptance or a rectification"),
        F("reference", "text", "处置依据", "Reference", False),
        F(
            "later_state",
            "text",
            "其后处置",
            "Decided later",
            help="state that the last decision made after as_of gives, on its own day; null where none was made. `state` stays that of as_of",
        ),
        F("later_on", "day", "其后处置日", "Decided later on", False),
        F("later_until", "day", "其后处置截止", "Until", False, help="of the later decision"),
        F("later_reference", "text", "其后处置依据", "Reference of the later decision", False),
        F("later_entry", "int", "其后处置分录", "Entry of the later decision", False),
        F("says", "text", "说明", "What it says"),
        F("level", "text", "层级", "Level", False),
        F("event_on", "day", "事项日", "Event on", False),
        F("rules_on", "day", "适用规则日", "Judged by the rules of", False),
        F(
            "other_verdict",
            "text",
            "另一版规则结论",
            "Verdict under the other version",
            False,
            help="today's rules beside those of the event's day",
        ),
    ),
    (
        F("rules_as_of", "day", "适用规则日", "Judged by the rules of"),
        F("breach", "int", "违反", "Breaches"),
        F("warn", "int", "提示", "Warnings"),
        F("unknown", "int", "无法判断", "Unknown"),
        F("pass", "int", "通过", "Passed"),
        F("not_applicable", "int", "不适用", "Not applicable"),
    ),
    "Findings by money at stake; breaches and warnings unless other verdicts are asked for; counts of all verdicts at the top, and by family of rules.",
)
RULES = Spec(
    "rules",
    "规则库",
    "Rules",
    (
        F("rule", "text", "规则", "Rule"),
        F("family", "text", "系列", "Family", False),
        F("title", "text", "内容", "What it says"),
        F("level", "text", "层级", "Level"),
        F("scope", "text", "对象", "Judges"),
        F("confidence", "text", "核对程度", "Confidence"),
        F("source", "text", "依据", "Source", help="version in force on as_of"),
        F("in_force", "flag", "现行", "In force"),
        F("since", "day", "施行", "Since"),
        F("until", "day", "失效", "Until"),
        F("event", "flag", "按事项日", "By the event's day", False),
        F("in_principle", "flag", "可豁免", "Admits a waiver"),
        F("parameters", "text", "参数", "Parameters", help="name=value as of as_of, separated by semicolons"),
    ),
    (),
    "Coded rules with the version and numbers in force on as_of; with --stats the lists coded, not_checkable and later.",
)

_COUNT = {"type": "integer", "minimum": 0}
_FAMILY = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "family",
        "breach",
        "unknown",
        "warn",
        "pass",
        "not_applicable",
        "open",
        "currency",
        "money_at_stake",
        "by_currency",
    ],
    "properties": {
        "family": {"type": "string", "pattern": "^[A-Z]+$"},
        **dict.fromkeys(("breach", "unknown", "warn", "pass", "not_applicable"), _COUNT),
        "open": {
            **_COUNT,
            "description": "breaches, warnings and unknowns that nobody has dealt with in time",
        },
        "currency": {
            "type": ["string", "null"],
            "description": "of money_at_stake; null: the money is in several",
        },
        "money_at_stake": {
            "type": ["string", "null"],
            "pattern": r"^[0-9]+\.[0-9]{2}$",
            "description": "of open breaches; the same money counts once for every rule it breaks; null over several currencies",
        },
        "by_currency": {
            "type": "object",
            "description": "money_at_stake of each currency",
            "additionalProperties": {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"},
        },
    },
}
_IDS = {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]+-[0-9]{2}$"}, "uniqueItems": True}


def audit_schemas() -> dict[str, dict[str, Any]]:
    """File name -> JSON Schema of the documents of this module."""
    rules = schema(RULES)
    rules["properties"] |= {
        "coded": {**_IDS, "description": "rules that are code"},
        "not_checkable": {**_IDS, "description": "rules that data cannot decide; reasons says why"},
        "later": {**_IDS, "description": "rules of families that follow in later work"},
        "reasons": {
            "type": "object",
            "description": "rule -> why it is not checkable",
            "additionalProperties": {
                "type": "object",
                "required": ["zh", "en"],
                "additionalProperties": False,
                "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            },
        },
    }
    audit = schema(AUDIT)
    audit["properties"]["families"] = {
        "type": "array",
        "items": _FAMILY,
        "description": "counts by family of rules",
    }
    audit["required"].append("families")
    return {"audit": audit, "rules": rules}
