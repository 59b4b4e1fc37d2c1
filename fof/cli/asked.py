"""What every command may be asked: as-of, known-at, portfolio, unit, language, JSON; and the book that follows from it.

Only here (and on the screens) is today asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from fof.cli.usage import option
from fof.words import today
from models.frozen import frozen
from models.text import Text, language, use

if TYPE_CHECKING:
    from fof.access import Actor
    from fof.book.portfolios import Portfolio
    from fof.db import Database
    from fof.ledger import Journal, View


class TableUnit(StrEnum):
    """Unit of the table for people."""

    YUAN = "元"
    WAN = "万元"
    YI = "亿元"


class Language(StrEnum):
    """Language of the table and of reasons."""

    ZH = "zh"
    EN = "en"


class WrongOption(typer.BadParameter):
    """An option or argument that cannot be what it says; the sentence is in both languages."""

    def __init__(self, sentence: Text, option: str | None = None) -> None:
        super().__init__(str(sentence), param_hint=option)
        self.sentence = sentence


def read_day(text: str) -> dt.date:
    """An ISO date from the command line."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise WrongOption(
            Text(f"{text!r}：日期写作 2026-09-30", f"{text!r}: an ISO date like 2026-09-30")
        ) from None


def day_option(flag: str, *of: str) -> Any:
    """An option that is a day. of : its help in Chinese and English"""
    return option(flag, *of, parser=read_day, metavar="DAY")


AsOf = Annotated[
    dt.date | None,
    day_option("--as-of", "截至日，缺省为今天", "as-of day, today if left out"),
]
KnownAt = Annotated[
    str | None,
    option(
        "--known-at",
        "只用到那时为止已登记的信息：分录编号、日期（北京时间当日终）、已结账的季度 2026-Q2 或报告名称",
        "only what was known then: an entry, the end of a day (Beijing time), a closed quarter like 2026-Q2, a named report",
        metavar="WHEN",
    ),
]
Json = Annotated[bool, option("--json", "标准输出一份 JSON 文档", "one JSON document on stdout")]
PortfolioCode = Annotated[
    str | None,
    option("--portfolio", "投资组合编号，缺省为第一个", "portfolio, the first if left out", metavar="CODE"),
]
UnitOption = Annotated[TableUnit, option("--unit", "表格的金额单位", "unit of the table")]
Lang = Annotated[
    Language | None,
    option("--lang", "语言，缺省按 FOF_LANG", "language, FOF_LANG if left out"),
]


def acting() -> Actor:
    """Who gives the command: the owner of this process, as the book knows that login today."""
    from fof import ledger, users

    return users.acting(ledger.read(database()).view(), today())


def readable() -> Journal:
    """The journal up to its newest entry; NotAllowed for somebody whom a book with users does not know."""
    from fof import ledger, users

    journal = ledger.read(database())
    users.reader(journal.view(), today())
    return journal


Why = Annotated[
    str | None,
    option(
        "--why",
        "补记理由：生效日在已结账的季度之内时必填",
        "reason, needed where the day lies in a closed quarter",
    ),
]
OneFund = Annotated[str | None, option("--fund", "只看一只基金", "one fund only", metavar="CODE")]
FundOrAll = Annotated[
    str | None,
    option("--fund", "基金编号，缺省为全部", "fund, all if left out", metavar="CODE"),
]
Since = Annotated[
    dt.date | None,
    day_option("--from", "起始日，缺省为今天", "first day, today if left out"),
]
RestsOn = Annotated[str, option("--document", "依据文件", "document it rests on")]
ShareOf = Annotated[str, option("--base", "口径：commitment 或 paid_in", "by commitment or paid_in")]


@frozen
class Asked:
    """The common options of one call."""

    as_of: dt.date | None = None
    known_at: str | None = None
    json: bool = False
    portfolio: str | None = None
    unit: TableUnit = TableUnit.WAN
    lang: Language | None = None

    @property
    def day(self) -> dt.date:
        """The as-of day, today where none was given."""
        return self.as_of or today()

    @property
    def language(self) -> str:
        """zh or en."""
        from fof.environment import Settings

        return str(self.lang or Settings().lang)

    def journal(self) -> Journal:
        """The journal of the book, up to its newest entry."""
        return readable()

    def known(self, journal: Journal) -> int:
        """The entry that `--known-at` means."""
        from fof.book.known import known_at

        return known_at(journal, self.known_at, today(), self.portfolio)

    def view(self) -> View:
        """The book on the as-of day as it was known then."""
        book = self.journal()
        return book.view(self.day, self.known(book))

    def every_day(self) -> View:
        """The book on all days as it was known then."""
        book = self.journal()
        return book.view(None, self.known(book))

    def chosen(self, view: View) -> Portfolio:
        """The portfolio asked for."""
        from fof.book.portfolios import portfolio

        return portfolio(view, self.portfolio)


COMMON: dict[str, tuple[Any, Any]] = {
    "as_of": (AsOf, None),
    "known_at": (KnownAt, None),
    "portfolio": (PortfolioCode, None),
    "unit": (UnitOption, TableUnit.WAN),
    "lang": (Lang, None),
    "json": (Json, False),
}
"""The options of `Asked`: how each is declared, and what it is where it is left out."""


def asks(
    options: str, unit: TableUnit = TableUnit.WAN
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command that is asked `options` of the common ones, by name; it gets them as its argument `asked`.

    unit : of the table, where the command has no option for it or it is left out
    """
    names = options.split()

    def common(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def called(**given: Any) -> None:
            from fof.errors import WrongArgument

            spoken = {} if "lang" in names else {"lang": Language(language())}  # said around the command
            asked = Asked(**{"unit": unit} | spoken | {name: given.pop(name) for name in names})
            use(asked.language)
            try:
                command(asked=asked, **given)
            except WrongArgument as error:
                raise WrongOption(error.wrong, f"--{error.argument.replace('_', '-')}") from None

        types = get_type_hints(command, include_extras=True)
        own = [
            p.replace(annotation=types[n]) for n, p in signature(command).parameters.items() if n != "asked"
        ]
        for name in names:
            declared, default = COMMON[name]
            left_out = unit if name == "unit" else default
            own.append(Parameter(name, Parameter.KEYWORD_ONLY, default=left_out, annotation=declared))
        called.__annotations__ = {p.name: p.annotation for p in own}
        called.__signature__ = Signature(own)  # type: ignore[attr-defined]
        del called.__wrapped__
        return called

    return common


def database() -> Database:
    """The book of the settings; NotReady where it was not made by this program's revision."""
    from fof.db import open_database
    from fof.environment import Settings

    opened = open_database(Settings().url)
    opened.require_ready()
    return opened
