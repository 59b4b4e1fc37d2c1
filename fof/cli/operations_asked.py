"""What the operations commands share: their options, and how a plan, a pair or an amount is read and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli.asked import read_day
from fof.cli.fields import Document, Spec

if TYPE_CHECKING:
    from fof.errors import Problem
    from fof.ledger import Booked, View

Row = dict[str, Any]
Fund = Annotated[str, typer.Option("--fund", metavar="CODE", help="基金编号 / fund")]
Number = Annotated[str, typer.Option("--number", help="通知编号 / number of the notice")]
Book = Annotated[bool, typer.Option("--book", help="入账；不加则只预览 / book it; a preview otherwise")]
Reasons = Annotated[list[str] | None, typer.Option(metavar="CODE=REASON", help="可重复 / may be repeated")]


def day(flag: str, text: str) -> Any:
    """A required or optional day."""
    return typer.Option(flag, parser=read_day, metavar="DAY", help=text)


def document(view: View, spec: Spec, rows: list[Row], head: Row | None = None) -> Document:
    """Rows of a command as a document."""
    return Document(spec, rows, view.as_of, view.known_at, "CNY", head or {})


def refuse(problems: Sequence[Problem], what: str) -> str:
    """A preview is refused for what its booking would be refused for; no entries otherwise."""
    if problems:
        from fof.errors import Refused

        raise Refused(problems, what)
    return ""


def entries(booked: Booked) -> str:
    """Numbers of the entries a booking wrote, and of those it found."""
    return "、".join(
        [*map(str, booked.entries), *(f"{a.entry}（已登记 / booked before）" for a in booked.already)]
    )


def pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """name=value texts."""
    for text in texts:
        if "=" not in text:
            raise typer.BadParameter(f"{text!r}：写作 名称=值 / written as name=value")
    return [(name.strip(), value.strip()) for name, _, value in (text.partition("=") for text in texts)]


def by_party(view: View, texts: Sequence[str] | None) -> dict[int, str]:
    """CODE=reason texts by party; Unknown for a code that is not in the book."""
    return {view.party(code).id: reason for code, reason in pairs(texts or [])}


def yuan(text: str) -> int:
    """Fen of an amount in yuan."""
    from models.money import fen_of

    try:
        return fen_of(text.replace(",", ""))
    except ValueError:
        raise typer.BadParameter(
            f"{text!r}：金额（元），最多两位小数 / yuan with at most two decimals"
        ) from None
