"""Why a deal lies outside its fund's mandate, and what of a mandate was not tested; what AF-05 prints."""

from __future__ import annotations

from fof.rules.facts_deals import DealFacts
from fof.rules.mandate import in_field
from fof.rules.wording import listed
from models.text import Text


def not_named(deals: tuple[DealFacts, ...]) -> tuple[Text, ...]:
    """Notes about what the mandates do not name, and what was therefore not tested."""
    notes: tuple[Text, ...] = ()
    if any(deal.fund.mandate_fields is None for deal in deals):
        notes += (
            Text(
                "部分投资当时未登记约定领域，仅按阶段判断",
                "no mandate fields entered for some deals: judged by stage",
            ),
        )
    if any(deal.fund.mandate_stages is None for deal in deals):
        notes += (
            Text(
                "部分投资当时未登记约定阶段，仅按领域判断",
                "no mandate stages entered for some deals: judged by field",
            ),
        )
    return notes


def why_outside(deal: DealFacts) -> Text:
    """Which part of the mandate in force that day the deal lies outside of."""
    why: list[Text] = []
    stages, fields = deal.fund.mandate_stages, deal.fund.mandate_fields
    if stages and deal.stage is not None and deal.stage not in stages:
        agreed = Text("、".join(s.zh for s in stages), ", ".join(s.en for s in stages))
        why.append(Text(f"{deal.stage.zh}（约定{agreed.zh}）", f"{deal.stage.en} (mandate: {agreed.en})"))
    if fields and deal.industry is not None and not in_field(deal.industry, fields):
        named = listed(fields)
        why.append(
            Text(f"行业 {deal.industry}（约定 {named}）", f"industry {deal.industry} (mandate: {named})")
        )
    return Text("，".join(w.zh for w in why), ", ".join(w.en for w in why))
