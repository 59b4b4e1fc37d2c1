"""Commands for what is held through every path, and who stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fof.book.parties import party
from fof.cli.asked import Asked, asks, one_of
from fof.cli.printed import printed
from fof.cli.usage import both, helped
from models.text import Text

if TYPE_CHECKING:
    from fof.book.ownership import Base
    from fof.ledger import View


@helped(
    "穿透：一个持有人下面的全部基金与企业，或一家企业后面的全部路径。", "Holdings below, or owners behind."
)
@asks("as_of known_at unit lang json")
def lookthrough(
    asked: Asked,
    code: Annotated[
        str, typer.Argument(help=both("主体编号", "code of a holder, or with --owners of a company or fund"))
    ],
    owners: Annotated[
        bool,
        typer.Option("--owners", help=both("反向：谁在其后，逐条路径", "who stands behind it, path by path")),
    ] = False,
    base: Annotated[
        str, typer.Option("--base", help=both("口径：commitment 或 paid_in", "by commitments or paid-in"))
    ] = "commitment",
    every: Annotated[
        bool,
        typer.Option("--all", help=both("已无份额与价值的也列出", "also what is worth nothing any more")),
    ] = False,
) -> None:
    from fof.figures.lookthrough_document import lookthrough_document, owners_document

    view = asked.view()
    target = holder(view, asked, code)
    if owners:
        printed(owners_document(view, target, base_of(base)), asked)
    else:
        printed(lookthrough_document(view, target, base_of(base), every=every or asked.json), asked)


def holder(view: View, asked: Asked, code: str | None) -> int:
    """Who is looked through from: a party by its code, the portfolio where none is named."""
    from fof.errors import Unknown

    if code is not None:
        return party(view, code)
    chosen = asked.chosen(view)
    if chosen.party is None:
        raise Unknown(Text("穿透起点", "holder to look through from"), chosen.code)
    return chosen.party


def base_of(text: str) -> Base:
    from fof.book.ownership import BASES

    one_of(text, BASES, "--base")
    return "paid_in" if text == "paid_in" else "commitment"
