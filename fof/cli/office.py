"""Commands for what needs attention, one fund, and disclosed positions."""

from __future__ import annotations

from typing import Annotated

from fof.book.parties import fund_party, party
from fof.cli.asked import Asked, asks, read_day
from fof.cli.printed import printed
from fof.cli.usage import argument, helped, option
from models.text import Text


@helped("待缴、逾期、净值过期、条款到期。", "What is due, late, old, or about to end.")
@asks("as_of known_at portfolio unit lang json")
def overview(
    asked: Asked,
    days: Annotated[int, option("--days", "向前看多少天", "how many days ahead", min=1)] = 90,
) -> None:
    from fof.figures.overview import overview as use_case
    from fof.figures.overview_document import overview_document

    view = asked.view()
    printed(overview_document(view, use_case(view, asked.chosen(view), days)), asked)


@helped("一只基金的条款、现金、持有、通知与文件。", "Terms, cash, holdings, notices and documents of a fund.")
@asks("as_of known_at portfolio unit lang json")
def fund(
    asked: Asked,
    code: Annotated[str, argument("基金编号", "code of the fund")],
    every: Annotated[
        bool, option("--all", "已缴清的通知也列出", "also notices that are paid in full")
    ] = False,
) -> None:
    from fof.figures.fund_document import fund_document

    view = asked.view()
    number = fund_party(view, code)
    printed(fund_document(view, asked.chosen(view), number, every=every or asked.json), asked)


@helped("披露持仓：披露倍数与我们的并列；两个披露日之间滚动核对。", "Stated and our multiples; roll-forward.")
@asks("as_of known_at unit lang json")
def positions(
    asked: Asked,
    holder: Annotated[
        str | None, option("--holder", "机构编号", "code of the institution", metavar="CODE")
    ] = None,
    exceptions: Annotated[
        bool, option("--exceptions", "只列不一致的", "only those that do not agree")
    ] = False,
    every_day: Annotated[
        bool,
        option("--every-day", "全部披露日，不只最近一次", "every disclosure, not the latest only"),
    ] = False,
    roll_from: Annotated[
        str | None,
        option("--roll-from", "滚动核对的期初披露日", "roll forward from this disclosure", metavar="DAY"),
    ] = None,
    roll_to: Annotated[
        str | None,
        option(
            "--roll-to", "期末披露日，缺省为最近一次", "to this one, the latest if left out", metavar="DAY"
        ),
    ] = None,
) -> None:
    from fof.errors import Unknown
    from fof.figures.positions_document import positions_document, roll_document

    view = asked.view()
    number = None if holder is None else party(view, holder)
    if roll_from is None:
        printed(positions_document(view, number, every_day=every_day, exceptions=exceptions), asked)
        return
    if number is None:
        raise Unknown(Text("机构（--holder）", "institution (--holder)"), "—")
    last = None if roll_to is None else read_day(roll_to)
    printed(roll_document(view, number, read_day(roll_from), last), asked)
