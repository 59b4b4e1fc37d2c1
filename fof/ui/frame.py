"""What every page has: the header with as-of day, known-at, portfolio, unit and language, and the book behind it.

The choices are widgets bound to the address, so a view can be cited and opened again.
"""

from __future__ import annotations

import datetime as dt
import gc
import logging
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from fof import ledger, words
from fof.access import LOCAL, Actor
from fof.currencies import DEFAULT_CURRENCY
from fof.db import Database, open_database
from fof.errors import FofError
from fof.failures import told
from fof.ledger import Journal, View
from fof.portfolios import Portfolio
from fof.settings import Settings
from fof.ui import data
from fof.ui.addresses import page
from fof.words import _

UNIT_DEFAULT = "万元"
LOGO = str(Path(__file__).with_name("logo.svg"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the header says: the look at the book that every figure on the page is a function of."""

    journal: Journal
    portfolio: int | None
    as_of: dt.date
    known_at: int
    head: int
    unit: str
    currency: str | None
    """Of the portfolio's money; None where it has several: then each row says its own."""


@cache
def settings() -> Settings:
    """The settings of this server, read once."""
    return Settings()


@st.cache_resource(show_spinner=False)
def database() -> Database:
    """The book of this server; NotReady where `fof init` has not been run."""
    book = open_database(settings().url)
    book.require_ready()
    return book


@cache
def kernels() -> threading.Thread:
    """Kernels are made ready beside the start, once a server; a figure that needs one waits for that one alone."""
    from valuation.warmup import warm

    thread = threading.Thread(target=warm, name="kernels", daemon=True)
    thread.start()
    return thread


def actor() -> Actor:
    """The person at the screen; on 127.0.0.1 without log-in there is one local user."""
    return LOCAL


def journal() -> Journal:
    """The journal up to its newest entry."""
    return ledger.read(database())


def start() -> None:
    """First lines of every run: settings of the page and the language."""
    language = st.session_state[cited("lang", list(words.LANGUAGES), settings().lang)]
    words.use(str(language))
    st.logo(LOGO, size="large")
    kernels()


def cited(name: str, codes: Sequence[str], default: str | None) -> str:
    """Key of a widget whose choice stands in the address by its code, in whatever language the page is read.

    The framework's own binding writes labels, and labels are translated. Call `cite` with the choice afterwards. An address
    that says something else than was cited last is a link that was followed: it wins over the widget.
    """
    key, written = f"{name}_choice", st.session_state.get(f"{name}_cited")
    named = st.query_params.get(name)
    followed = (
        written is not None and named in codes and named != written
    )  # a link or the browser's own buttons
    if followed or st.session_state.get(key) not in codes:
        first = named if named in codes else default
        if first is None:
            st.session_state.pop(key, None)
        else:
            st.session_state[key] = first
    return key


def cite(name: str, code: str | None) -> None:
    """Put the choice into the address."""
    if code is not None and st.query_params.get(name) != code:
        st.query_params[name] = code
    st.session_state[f"{name}_cited"] = code


def choices() -> Choice:
    """Draw the header and return what it says. Called once a run, before the page."""
    book = journal()
    portfolios = data.portfolios(book)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="header"):
        currency: str | None = DEFAULT_CURRENCY
        codes = [p.code for p in portfolios]
        names = {p.code: p.name for p in portfolios}
        code = st.selectbox(
            _("组合"),
            codes,
            format_func=lambda c: names.get(c, c),
            key=cited("portfolio", codes, codes[0] if codes else None),
            width=276,
        )
        if code is not None:
            currency = next(p.currency for p in portfolios if p.code == code)
        today = dt.date.today()
        as_of = st.date_input(
            _("截至日"), value=data.default_day(book, today), min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 12, 31),
            key="as_of", bind="query-params", format="YYYY-MM-DD", width=140,
            help=_("这一天为止真实发生的事项"),
        )  # fmt: skip
        known = st.number_input(
            _("已知至分录"), min_value=0, max_value=max(book.head, 0), value=None, step=1, key="known_at", bind="query-params",
            width=174, placeholder=_("最新") + f" {book.head}", help=_("只用登记到该分录为止的信息；空白为最新"),
        )  # fmt: skip
        unit = st.segmented_control(
            _("单位"), list(words.UNITS), key=cited("unit", list(words.UNITS), UNIT_DEFAULT), required=True,
            format_func=lambda u: words.unit_name(u, currency),
        )  # fmt: skip
        language = st.segmented_control(
            "语言 / Language", list(words.LANGUAGES), key=cited("lang", list(words.LANGUAGES), settings().lang), required=True,
            format_func=lambda c: words.LANGUAGES[c],
        )  # fmt: skip
    for name, choice_made in (("portfolio", code), ("unit", unit), ("lang", language)):
        cite(name, choice_made)
    chosen = next((p for p in portfolios if p.code == code), None)
    return Choice(
        journal=book,
        portfolio=None if chosen is None else chosen.party,
        as_of=as_of if isinstance(as_of, dt.date) else data.default_day(book, today),
        known_at=book.head if known is None else int(known),
        head=book.head,
        unit=unit or UNIT_DEFAULT,
        currency=currency,
    )


def view(choice: Choice) -> View:
    """The book as the header says."""
    return choice.journal.view(choice.as_of, choice.known_at)


def attention(choice: Choice) -> View:
    """The book on the day from which what is due and late is counted: today where the header shows the newest state, the
    header's own day where it shows an earlier one or what was known earlier."""
    today = dt.date.today()
    newest = choice.known_at == choice.head and choice.as_of == data.default_day(choice.journal, today)
    return choice.journal.view(today, choice.known_at) if newest else view(choice)


def portfolio() -> Portfolio | None:
    """The portfolio of the header as this run's view knows it; None in an empty book."""
    chosen = choice()
    return data.portfolio(view(chosen), chosen.portfolio, chosen.currency)


def choice() -> Choice:
    """What the header of this run says."""
    chosen: Choice = st.session_state["choice"]
    return chosen


def address(**more: object) -> dict[str, str]:
    """The header as it stands in an address, with other values where they are given; None leaves one out."""
    chosen, codes = choice(), st.session_state
    found: dict[str, object] = {
        "portfolio": codes.get("portfolio_choice"),
        "as_of": chosen.as_of,
        "known_at": None if chosen.known_at == chosen.head else chosen.known_at,
        "unit": chosen.unit,
        "lang": words.language(),
    } | more
    return {name: str(value) for name, value in found.items() if value is not None}


def link(name: str, label: str, **more: object) -> None:
    """A link to a page, by its name, that carries the header along and more."""
    st.page_link(page(name), label=label, query_params=address(**more))


def page_now() -> str:
    """Name of the page that is drawn."""
    return str(st.session_state["page_now"])


def provenance(chosen: Choice) -> str:
    """The line that stands beside every headline: as-of, known-at, unit."""
    known = _("最新") if chosen.known_at == chosen.head else ""
    return " · ".join(
        [
            f"{_('截至')} {chosen.as_of.isoformat()}",
            f"{_('已知至分录')} {chosen.known_at}{f'（{known}）' if known else ''}",
            f"{_('单位')} {words.unit_name(chosen.unit, chosen.currency)}",
        ]
    )


_settled: set[int] = set()
"""Heads of the journal whose rows and indexes have been set aside."""


def _set_aside(head: int) -> None:
    """The framework collects garbage after every run, over every object there is: a hundred milliseconds for a journal of
    twenty thousand entries. Its rows and indexes live as long as the server, so they are set aside once they are made.
    """
    if head not in _settled:
        _settled.add(head)
        gc.freeze()


def run(page: st.Page) -> None:
    """Header, then the page; an error the user can do something about is one message, never a traceback."""
    try:
        st.session_state["page_now"] = page.url_path or "overview"
        chosen = st.session_state["choice"] = choices()
        for zh, en in chosen.journal.doubts.found.values():
            st.warning(zh if words.language() == "zh" else en, icon=":material/report:")
        page.run()
        _set_aside(chosen.head)
    except FofError as error:
        st.error(str(error), icon=":material/warning:")
    except Exception as error:  # our own fault: the reader gets a number, the log what happened
        if (known := told(error)) is None:
            _fault(page)
        else:
            st.error(str(known), icon=":material/warning:")


def _fault(page: st.Page) -> None:
    number = uuid.uuid4().hex[:8]
    logging.getLogger("fof").exception("fault %s on page %s", number, page.url_path or "overview")
    with st.container(key="fault"):
        st.error(
            f"{_('程序内部出错，经过已写入服务器日志。请把编号告诉维护人员：')} {number}",
            icon=":material/bug_report:",
        )
