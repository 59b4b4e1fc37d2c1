"""The command for a later closing: who joins, who pays and who gets back what, and the booking."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from fof.cli.asked import Asked, TableUnit, Why, acting, asks, database, day_option
from fof.cli.operations_asked import (
    Book,
    Fund,
    Number,
    Within,
    amounts,
    entries,
    numbered,
    of_portfolio,
    refuse,
    say_late,
    say_taken,
    unknown,
)
from fof.cli.printed import printed
from fof.cli.usage import helped, option
from models.money import decimal_of
from models.text import Text

if TYPE_CHECKING:
    from fof.errors import Problem


@helped(
    "后续交割：新出资人补缴与补偿利息，先前出资人退回。",
    "A later closing with equalisation; --book books it.",
)
@asks("unit lang json", TableUnit.YUAN)
def closing(
    asked: Asked,
    fund: Fund,
    closing_on: Annotated[dt.date, day_option("--on", "交割日", "day of the closing")],
    rate: Annotated[
        str,
        option("--rate", "补偿利率（单利，年）", "simple interest a year, e.g. 0.08", metavar="SHARE"),
    ],
    joining: Annotated[
        list[str] | None,
        option(
            "--join",
            "新增认缴的出资人与金额（元），可重复；账中已登记的不必再写",
            "who takes on how much, may be repeated",
            metavar="CODE=YUAN",
        ),
    ] = None,
    paid_on: Annotated[
        dt.date | None,
        day_option("--paid-on", "收付日，缺省为交割日", "day of payment, the closing if left out"),
    ] = None,
    number: Number = "",
    rests_on: Annotated[str, option("--document", "新增认缴的文件", "document of the new commitments")] = "",
    book: Book = False,
    why: Why = None,
    portfolio: Within = None,
) -> None:
    from fof.operations.closings import book_closing, plan_closing
    from fof.operations.plans_document import closing_document
    from models.kinds import NoticeKind

    asked = replace(asked, as_of=closing_on)
    view = asked.view()
    own = view.party(fund).id
    amounts_of, problems = amounts(joining, "--join")
    problems += unknown(view, amounts_of, "--join")
    yearly, wrong_rate = _rate(rate)
    known = {view.party(code).id: fen for code, fen in amounts_of.items() if code in view.by_code}
    plan = plan_closing(view, own, closing_on, yearly, known)
    problems += [*wrong_rate, *of_portfolio(view, own, portfolio), *plan.problems]
    refuse([*problems, *numbered(number, book)], Text("后续交割", "later closing"))
    say_late(view, closing_on, [own], why)
    done = (
        book_closing(database(), acting(), plan, number, paid_on or closing_on, rests_on, why)
        if book
        else None
    )
    if done is None:
        say_taken(view, own, NoticeKind.CAPITAL_CALL, number)
    booked = "" if done is None else entries(done)
    printed(closing_document(view, plan, booked), asked)


def _rate(text: str) -> tuple[Decimal, list[Problem]]:
    """A yearly rate as a share, 0.08 or 8%."""
    from fof.errors import Problem, Where

    try:
        percent = text.strip().endswith("%")
        rate = decimal_of(text.strip().removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        rate = Decimal(1)
    if rate < 1:
        return rate, []
    sentence = Text("利率写作 0.08 或 8%", "a rate like 0.08 or 8%")
    return Decimal(0), [Problem("not_a_rate", sentence, text, Where(field="--rate"))]
