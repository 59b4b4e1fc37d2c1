"""What a request list may ask for: an input of a rule by its stored name, said to people in its words."""

from __future__ import annotations

from functools import cache

from models.coinvest import EvidenceItem
from models.facts import FACTS, SUBJECT_FACTS
from models.text import Text

_RECORDS = {
    "employment": Text("任职与劳动合同", "Employment and labour contract"),
    "business_ties": Text(
        "企业与机构的业务往来或竞争关系", "Trade or competition of the company with the institution"
    ),
    "roster": Text("项目可跟投人员与项目组名单", "Roster and deal team of the project"),
    "institution_owners": Text("机构股东名册", "Owners of the institution"),
    "declaration": Text("投资申报与审查", "Declaration and review"),
    "ballots": Text("投决表决记录", "Record of the vote"),
    "partners": Text("平台合伙人名册", "Partners of the vehicle"),
    "company_year": Text("企业年度收入与利润", "The company's revenue and profit of the year"),
    "firm_holders": Text("本级员工持股名册与变动", "Staff holders of the firm itself, and their sales"),
    "investee_owners": Text("被投企业股东名册", "Owners of the investee"),
}
"""Inputs that are records of their own and no attribute."""
OF_THE_DEAL = frozenset(
    {
        "audited_net_assets_per_share",
        "business_ties",
        "company_year",
        "deal_fees",
        "deal_share_class",
        "deal_shares",
        "deal_side_terms",
        "founders",
        "investee_owners",
        "met_on",
        "net_profit",
        "revenue",
        "state_representatives",
        "total_shares_after",
    }
)
"""Inputs that all stakes of a deal share: whichever of them it was asked for, the answer is about all."""


@cache
def _texts() -> dict[str, Text]:
    items = {item.value: item.text for item in EvidenceItem}
    stated = {spec.name: spec.text for spec in (*FACTS.values(), *SUBJECT_FACTS.values())}
    return {**stated, **items, **_RECORDS} | {
        name: stated[name]
        for name in items.keys() & stated.keys()  # the attribute's words lead for one name
    }


@cache
def _by_words() -> dict[str, str]:
    items = {item.text: item.value for item in EvidenceItem}
    names = {text: name for name, text in _texts().items()}
    return {word.strip().casefold(): name for text, name in {**names, **items}.items() for word in text}


def request_item(text: str) -> str:
    """The stored name of an item that is named by it or by its words in either language; any other text as it is."""
    name = text.strip()
    return name if name in _texts() else _by_words().get(name.casefold(), name)


def item_text(name: str) -> Text:
    """An item in words; what is none of ours as it is."""
    return _texts().get(name, Text(name, name))
