"""The catalogue judged by its own rule: every rule cites a document and an article, or says that it cannot. GF-40."""

from __future__ import annotations

from fof.rules import cited_documents as docs
from fof.rules.facts import OfficeFacts
from fof.rules.registry import (
    RULES,
    Confidence,
    Item,
    Level,
    Outcome,
    Rule,
    Scope,
    breach_unless,
    rule,
)
from models.text import Text

_ADMITTED = (Confidence.RECALLED, Confidence.OWN_DESIGN)


def without_source(coded: Rule) -> bool:
    """True if a rule neither cites number and article, nor says why not, nor is flagged recalled or own design."""
    if coded.confidence in _ADMITTED:
        return False
    return any(source.unsourced and not source.note for source in coded.sources)


@rule(
    "GF-40",
    Level.NOTE,
    Scope.OFFICE,
    Confidence.SEEN,
    text=Text("规则须有文号和条款", "Beware of misquoted national minimums"),
    sources=[docs.MOF_210.at("第10—24条")],
)
def cited(office: OfficeFacts) -> Outcome:
    """A summary in the press is not a source: 财预〔2015〕210号 holds neither a 20 % cap nor a 1.2x reinvestment floor."""
    lacking = [coded for coded in RULES.values() if without_source(coded)]
    flagged = sum(1 for coded in RULES.values() if any(source.unsourced for source in coded.sources))
    return Outcome(
        breach_unless(not lacking),
        Text(
            f"{len(RULES)} 条规则中 {len(lacking)} 条缺少文号或条款（另有 {flagged} 条已注明原因）",
            f"Of {len(RULES)} rules without number or article: {len(lacking)} ({flagged} say why)",
        ),
        len(lacking),
        0,
        "count",
        items=tuple(Item(coded.id, coded.text) for coded in lacking),
    )
