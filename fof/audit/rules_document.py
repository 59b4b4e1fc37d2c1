"""The rulebook as a document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fof.figures.answers import Answer
from fof.figures.audit_documents import RULES
from fof.rules import catalogue
from fof.rules.registry import RULES as CODED
from fof.rules.registry import Rule
from models.text import Text

Row = dict[str, Any]


def rules_document(day: dt.date, family: str | None = None) -> Answer:
    """The rulebook as coded on a day, of one family or all."""
    chosen = [CODED[i] for i in sorted(CODED) if family is None or CODED[i].family == family.upper()]
    return Answer(RULES, [rule_row(r, day) for r in chosen], day, 0, "CNY")


def rule_row(rule: Rule, day: dt.date) -> Row:
    """A rule as the document holds it: the version of the day, else its first."""
    source = rule.source_on(day)
    version = source or rule.sources[0]
    numbers = catalogue.default_settings().of_rule(rule, day).values
    return {
        "rule": rule.id,
        "family": rule.family,
        "title": rule.text,
        "level": rule.level.value,
        "scope": rule.scope.text,
        "confidence": rule.confidence.value,
        "source": version.cite,
        "in_force": source is not None,
        "since": version.since,
        "until": version.until,
        "event": rule.is_event,
        "in_principle": rule.in_principle,
        "texts": {
            "confidence": rule.confidence.text,
            "level": Text(rule.level.zh, rule.level.value),
        },
        "parameters": "; ".join(f"{name}={value}" for name, value in numbers.items()) or None,
        "record": rule,
    }


def statistics_fields() -> Row:
    """What is coded, what data cannot decide and why, and what follows later; beside the document in JSON."""
    statistics = catalogue.stats()
    return {
        "coded": statistics.coded,
        "not_checkable": list(statistics.not_checkable),
        "later": statistics.later,
        "reasons": {i: why._asdict() for i, why in statistics.not_checkable.items()},
    }
