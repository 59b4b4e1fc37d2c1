"""What the operations commands share: their options, and how a plan, a pair or an amount is read and told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

from fof.cli.printed import print_sentence
from fof.cli.usage import option
from models.text import NO_TEXT, Text

if TYPE_CHECKING:
    from fof.errors import Problem
    from fof.ledger import Booked, View
    from models.kinds import NoticeKind

Fund = Annotated[str, option("--fund", "基金编号", "fund", metavar="CODE")]
Number = Annotated[str, option("--number", "编号，入账时必填", "number of the notice, needed to book")]
Book = Annotated[bool, option("--book", "入账；不加则只预览", "book it; a preview otherwise")]
Within = Annotated[
    str | None,
    option(
        "--portfolio",
        "基金须属于此组合，币种相同",
        "the fund must be of this portfolio, in its currency",
        metavar="CODE",
    ),
]
Excused = Annotated[
    list[str] | None,
    option(
        "--excused",
        "豁免的出资人与原因，可重复",
        "excused investors and why, may be repeated",
        metavar="CODE=REASON",
    ),
]
Defaulting = Annotated[
    list[str] | None,
    option(
        "--defaulting",
        "违约的出资人与原因，可重复",
        "defaulting investors and why, may be repeated",
        metavar="CODE=REASON",
    ),
]


def refuse(problems: Sequence[Problem], what: Text) -> None:
    """A preview is refused for what its booking would be refused for: everything at once."""
    if problems:
        from fof.errors import Refused

        raise Refused(problems, what)


def entries(booked: Booked) -> str:
    """Numbers of the entries a booking wrote, and of those it found."""
    before = (str(Text(f"{a.entry}（已登记）", f"{a.entry} (booked before)")) for a in booked.already)
    return str(Text("、", ", ")).join([*map(str, booked.entries), *before])


def pairs(texts: Sequence[str] | None, option: str) -> tuple[dict[str, str], list[Problem]]:
    """name=value texts of an option, and everything wrong with them: no equals sign, a name given twice."""
    from fof.errors import Problem, Where

    values: dict[str, str] = {}
    problems = []
    for text in texts or ():
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name:
            problems.append(
                Problem(
                    "not_a_pair", Text("写作 名称=值", "written as name=value"), text, Where(field=option)
                )
            )
        elif name in values:
            problems.append(
                Problem(
                    "repeated", Text(f"{name} 只能给一次", f"{name} once only"), text, Where(field=option)
                )
            )
        else:
            values[name] = value
    return values, problems


def amounts(texts: Sequence[str] | None, option: str) -> tuple[dict[str, int], list[Problem]]:
    """name=amount texts in fen, and everything wrong with them."""
    texts_of, problems = pairs(texts, option)
    amounts_of: dict[str, int] = {}
    for name, text in texts_of.items():
        fen, wrong = yuan(text, option)
        problems += wrong
        if fen is not None:
            amounts_of[name] = fen
    return amounts_of, problems


def by_party(view: View, texts: Sequence[str] | None, option: str) -> tuple[dict[int, str], list[Problem]]:
    """CODE=reason texts by party, and everything wrong with them: codes that are not in the book, too."""
    reasons, problems = pairs(texts, option)
    problems += unknown(view, reasons, option)
    return {view.party(code).id: reason for code, reason in reasons.items() if code in view.by_code}, problems


def unknown(view: View, codes: Iterable[str], option: str) -> list[Problem]:
    """A problem for every code that is not in the book."""
    from fof.errors import Problem, Where

    text = Text("账中没有此编号的主体", "no such party in the book")
    return [
        Problem("unknown_party", text, code, Where(field=option))
        for code in codes
        if code not in view.by_code
    ]


def yuan(text: str, option: str) -> tuple[int | None, list[Problem]]:
    """Fen of an amount in the main unit of the fund's currency; None and the problem where it is none."""
    from fof.errors import Problem, Where
    from models.money import fen_of

    try:
        return fen_of(text.replace(",", "")), []
    except ValueError:
        sentence = Text("金额须为数字，最多两位小数", "an amount with at most two decimals")
        return None, [Problem("not_an_amount", sentence, text, Where(field=option))]


def numbered(number: str, book: bool) -> list[Problem]:
    """A booking needs a number; a preview does not."""
    from fof.errors import Problem

    if number.strip() or not book:
        return []
    return [Problem("number_missing", Text("入账须填写通知编号（--number）", "a booking needs --number"))]


def of_portfolio(view: View, fund: int, code: str | None) -> list[Problem]:
    """A fund of the portfolio that was named, in its currency; whatever fund where none was named."""
    from fof.book.currencies import currency_of
    from fof.book.portfolios import portfolio
    from fof.errors import Problem

    if code is None:
        return []
    chosen, problems = portfolio(view, code), []
    name, currency = view.name(fund), currency_of(view, fund)
    if fund not in chosen.funds:
        problems.append(
            Problem("other_portfolio", Text(f"须为 {chosen.code} 的基金", f"a fund of {chosen.code}"), name)
        )
    if currency not in chosen.currencies:
        wanted = "/".join(chosen.currencies)
        text = Text(
            f"须为 {wanted} 基金，币种不能混用",
            f"a fund in {wanted}; currencies are never mixed",
        )
        problems.append(Problem("currency", text, f"{name} {currency}"))
    return problems


def say_late(view: View, day: dt.date, parties: Iterable[int], why: str | None) -> None:
    """Tell the person, before anything is booked, that a day lies in a quarter that was closed and what is asked for."""
    from fof.book.late import names, over

    if closed := over(view, day, parties):
        asked = (
            Text("；入账须以 --why 写明理由", "; booking needs --why") if not (why or "").strip() else NO_TEXT
        )
        quarters = names(closed)
        print_sentence(
            Text(
                f"{day} 在已结账的季度之内：{quarters.zh}{asked.zh}",
                f"{day} lies in a closed quarter: {quarters.en}{asked.en}",
            )
        )


def say_taken(view: View, fund: int, kind: NoticeKind, number: str) -> None:
    """Tell the person that a number is a notice of the book already: booking it again books nothing, or is refused."""
    from fof.operations.notices import booked_as

    if number.strip() and (entry := booked_as(view, fund, kind, number.strip())) is not None:
        print_sentence(
            Text(f"编号 {number} 已登记为分录 {entry}", f"number {number} is entry {entry} of the book")
        )
