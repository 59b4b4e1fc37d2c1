"""Statistics of the new economy and of entrepreneurship by city and year. PI-12."""

from __future__ import annotations

from fof.rules import cited_documents as docs
from fof.rules.facts_instruments import StatisticsFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    checklist,
    not_applicable,
    rule,
)
from models.text import Text, counted

CLASSES = frozenset(f"{number:02d}" for number in range(1, 10))
"""The nine divisions of the classification of new industries, forms and business models (2018), recalled."""


def known_class(code: str) -> bool:
    """Whether a code begins with a division of the classification."""
    return code.strip()[:2] in CLASSES


@rule(
    "PI-12",
    Level.PRAC,
    Scope.STATISTICS,
    Confidence.SEEN_IN_PART,
    text=Text("三新、双创统计", "Statistics of the new economy and of entrepreneurship (三新、双创)"),
    sources=[docs.POLICY_2017.at("四（六）")],
)
def statistics_complete(year: StatisticsFacts) -> Outcome:
    """Every company that got public money in a closed year has its city, class, staff and patents; classes are those of the
    classification."""
    if not year.supported:
        return not_applicable(Text("当年没有获得支持的企业", "no company was supported in the year"))
    wanting = {
        Text("所在市（地）", "the city"): year.without_city,
        Text("三新统计分类", "the class of the new economy"): year.without_class,
        Text("职工人数", "staff"): year.without_staff,
        Text("授权专利", "patents"): year.without_patents,
    }
    tests: list[Test] = [
        Limb(
            not year.foreign_class,
            Text("分类代码属于三新统计分类", "classes are those of the classification"),
            len(year.foreign_class),
            0,
            "count",
        ),
        *(
            (
                None if codes else True,
                Text(
                    f"{what.zh}（缺 {len(codes)} 家）",
                    f"{what.en} ({counted(len(codes), 'company')} without)",
                )
                if codes
                else what,
            )
            for what, codes in wanting.items()
        ),
    ]
    lacking = sorted({code for codes in wanting.values() for code in codes} | set(year.foreign_class))
    items = tuple(Item(code, Text("资料不全", "incomplete")) for code in lacking)
    return checklist(tests)._replace(items=items)
