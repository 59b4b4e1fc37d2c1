"""The command for capital accounts and NAV bridges."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from fof.book.parties import fund_party, named, near, party
from fof.cli.asked import Asked, TableUnit, asks, read_day
from fof.cli.printed import printed
from fof.cli.usage import both, helped
from models.text import Text

if TYPE_CHECKING:
    from fof.figures.statement_items import Statement
    from fof.ledger import View


def _investor(view: View, fund: int, code: str) -> int:
    """The id of an investor of the fund; Unknown for anybody else: an account of noughts would say something."""
    from fof.book.stakes import stakes
    from fof.errors import Unknown

    investor = party(view, code)
    own = stakes(view).of(None, {fund}).investor.tolist()
    if investor not in own:
        raise Unknown(
            Text(f"{view.name(fund)}的出资人", f"investor of {view.name(fund)}"),
            named(view, investor),
            near(view, code, own) or [named(view, i) for i in own[:10]],
        )
    return investor


@helped("资本账户或净值桥，分毫闭合。", "A capital account or NAV bridge that closes.")
@asks("as_of known_at unit lang json", TableUnit.YUAN)
def statement(
    asked: Asked,
    fund: Annotated[str, typer.Argument(help=both("基金编号", "code of the fund"))],
    investor: Annotated[
        str | None,
        typer.Option(
            "--investor",
            metavar="CODE",
            help=both("出资人；缺省为全基金净值桥", "capital account; the fund's bridge if left out"),
        ),
    ] = None,
    start: Annotated[
        dt.date | None,
        typer.Option(
            "--from",
            parser=read_day,
            metavar="DAY",
            help=both("期初，缺省为上年末", "start, last year end if left out"),
        ),
    ] = None,
    line: Annotated[
        str | None,
        typer.Option("--open", metavar="LINE", help=both("打开一行（项目代码）", "open a line by its id")),
    ] = None,
) -> None:
    view = asked.view()
    if line is None:
        from fof.figures.statement_document import statement_document

        printed(statement_document(view, account(view, asked, fund, investor, start)), asked)
    else:
        from fof.cli.explained import line_document

        printed(line_document(view, asked, account(view, asked, fund, investor, start), line), asked)


def account(
    view: View, asked: Asked, fund: str, investor: str | None = None, start: dt.date | None = None
) -> Statement:
    """An investor's capital account, or the fund's bridge; from the end of last year where no start is given."""
    from fof.figures.statements import bridge, capital_account

    begin = start or dt.date(asked.day.year - 1, 12, 31)
    number = fund_party(view, fund)
    if investor is None:
        return bridge(view, number, begin)
    return capital_account(view, number, _investor(view, number, investor), begin)
