"""The command for capital accounts and NAV bridges."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fof.cli.asked import Asked, TableUnit, asks, day_option
from fof.cli.printed import printed
from fof.cli.usage import argument, helped, option


@helped("资本账户或净值桥，分毫闭合。", "A capital account or NAV bridge that closes.")
@asks("as_of known_at unit lang json", TableUnit.YUAN)
def statement(
    asked: Asked,
    fund: Annotated[str, argument("基金编号", "code of the fund")],
    investor: Annotated[
        str | None,
        option(
            "--investor",
            "出资人；缺省为全基金净值桥",
            "capital account; the fund's bridge if left out",
            metavar="CODE",
        ),
    ] = None,
    start: Annotated[
        dt.date | None,
        day_option("--from", "期初，缺省为上年末", "start, last year end if left out"),
    ] = None,
    line: Annotated[
        str | None,
        option("--open", "打开一行（项目代码）", "open a line by its id", metavar="LINE"),
    ] = None,
) -> None:
    from fof.figures.statement_document import account, statement_document

    view = asked.view()
    of = account(view, fund, investor, start)
    if line is None:
        printed(statement_document(view, of), asked)
    else:
        from fof.explain.explanation_document import line_document

        printed(line_document(view, of, line, str(asked.unit)), asked)
