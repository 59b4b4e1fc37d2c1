"""Commands of co-investment's cards: a person, a deal, participation, ties."""

from __future__ import annotations

from typing import Annotated

from fof.cli import audit_work  # noqa: F401 - its commands stand in the same group
from fof.cli.asked import Asked, asks
from fof.cli.audit import Institution, audits
from fof.cli.printed import printed
from fof.cli.usage import argument, helped, option


@audits.command("person")
@helped(
    "人员卡：各份额的出资、价格、日期与收益，与机构在同一项目上的对照。",
    "A person's stakes: money, price, day and gain beside the institution's on the same deal.",
)
@asks("as_of known_at unit lang json")
def person(
    asked: Asked,
    code: Annotated[str, argument("人员编号", "the person's code", metavar="PERSON")],
) -> None:
    from fof.audit.casefile.cards_document import person_document
    from fof.cli.personal import say_without_key

    printed(person_document(asked.view(), code), asked)
    if not asked.json:
        say_without_key()


@audits.command("deal")
@helped(
    "项目卡：谁可跟、谁跟了、谁没有，金额与天数。",
    "A deal: who could join, who did, who did not; money and days.",
)
@asks("as_of known_at unit lang json")
def deal(
    asked: Asked,
    code: Annotated[str, argument("交易编号", "the deal's code", metavar="DEAL")],
) -> None:
    from fof.audit.casefile.cards_document import deal_document

    printed(deal_document(asked.view(), code), asked)


@audits.command("participation")
@helped(
    "应跟人员的参与率，以及已跟与未跟企业的倍数差距（同一投资年度内置换检验）。",
    "Participation of those who must join, and the gap between joined and skipped companies, permuted within the year.",
)
@asks("as_of known_at lang json")
def participation(
    asked: Asked,
    institution: Institution = None,
    person: Annotated[
        str | None,
        option("--person", "只看一人，含 p 值", "one person alone, with p", metavar="CODE"),
    ] = None,
) -> None:
    from fof.audit.casefile.cards_document import participation_document

    printed(participation_document(asked.view(), institution, person), asked)


@audits.command("relations")
@helped(
    "人员、平台或企业周围的关系：亲属、代持、任职、业务往来，以及据此得出的结论。",
    "Ties around a person, a vehicle or a company, each with the findings that rest on it.",
)
@asks("as_of known_at lang json")
def relations(
    asked: Asked,
    code: Annotated[str, argument("人员、平台或企业编号", "person, vehicle or company", metavar="CODE")],
) -> None:
    from fof.audit.casefile.cards_document import relations_document

    printed(relations_document(asked.view(), code), asked)
