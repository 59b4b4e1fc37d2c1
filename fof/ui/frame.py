"""What every page has: the header with as-of day, known-at, portfolio, unit and language, and the book behind it.

The choices stand in the address (fof.ui.cited), so a view can be cited and opened again.
"""

from __future__ import annotations

import datetime as dt
import gc
import logging
import re
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from fof import ledger, users, words
from fof.access import Actor
from fof.book.currencies import DEFAULT_CURRENCY
from fof.book.known import known_at
from fof.book.known import names as known_names
from fof.book.portfolios import Portfolio
from fof.db import Database, open_database
from fof.environment import Settings
from fof.errors import FofError
from fof.failures import explained_failure
from fof.ledger import Journal, View
from fof.ui import browser, cited, cited_run, data, foreign, page_bytes, say
from fof.ui.addresses import page
from fof.ui.allowed_hosts import hosts_of_the_office, is_own, own_names
from fof.ui.labels import named
from fof.ui.page_turns import pages_drawn
from fof.words import _, today
from models.frozen import frozen
from models.text import Text

UNIT_DEFAULT = "万元"
LOGO = Path(__file__).with_name("logo.svg")


@frozen
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
    known: str = ""
    """How `known_at` was asked for: an entry, a day or a closed quarter; empty for the newest."""


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
    """The person at the screen: the owner of the server's process, as the book knows that login today."""
    return users.acting(ledger.read(database()).view(), today())


def journal() -> Journal:
    """The journal up to its newest entry; NotAllowed where the book does not know who acts."""
    book = ledger.read(database())
    users.reader(book.view(), today())
    return book


def who_acts() -> str:
    """The person who acts: name and roles; without users in the book the owner of the process."""
    person = actor()
    if not users.users_of(ledger.read(database()).view(), today()):
        return words.labelled(_("经办", "Acting"), foreign.plain(person.name))
    roles = words.listed(words.word(role) for role in sorted(person.roles))
    name = person.label if person.label in ("", person.name) else words.beside(person.label, person.name)
    acting = words.labelled(_("经办", "Acting"), foreign.plain(name or person.name))
    return f"{acting} · {roles or words.DASH}"


def start() -> None:
    """First lines of every run: the address, settings of the page and the language."""
    cited_run.begin()
    page_bytes.begin()
    key = cited.choice(
        "lang", list(words.LANGUAGES), settings().lang, what=Text("语言", "language"), header=True
    )
    words.use(str(st.session_state[key]))
    _refuse_strangers()
    st.logo(_logo(words.language()), size="large")
    browser.prepare()
    kernels()


def _refuse_strangers() -> None:
    """Stop where the connection of the page came under a name that is not this server's. `fof ui` refuses it before a page
    is asked for (fof.ui.allowed_hosts); under `streamlit run` this is the only door. A test without a browser has no Host."""
    host, origin = st.context.headers.get("Host"), st.context.headers.get("Origin")
    names = own_names(hosts_of_the_office())
    asked = [*([] if host is None else [f"//{host}"]), *([] if origin is None else [origin])]
    if all(is_own(address.encode("utf-8"), names) for address in asked):
        return
    say.error(
        _(
            "本页面只在本机名称下应答。请用 http://127.0.0.1 打开；经代理访问时，请在 FOF_HOSTS 中写明其名称",
            "These screens answer under the names of this machine alone. Open them at http://127.0.0.1; behind a proxy, give its name in FOF_HOSTS",
        )
    )
    st.stop()


@cache
def _logo(language: str) -> str:
    name = Text("母基金管理", "Fund of funds")
    return LOGO.read_text(encoding="utf-8").replace(name.zh, name.of(language))


def menu(pages: Mapping[str, Sequence[st.Page]]) -> None:
    """Who acts, and the pages at the side, by section. Each link carries the header, so that one step back is the page before."""
    header = address()
    with st.sidebar, st.container(key="menu", gap="small"):
        say.caption(who_acts())
        for section, listed in pages.items():
            with st.container(gap="xxsmall"):
                say.caption(section)
                for one in listed:
                    if one.visibility == "visible":
                        st.page_link(one, label=one.title, query_params=header)


def choices() -> Choice:
    """Draw the header and return what it says. Called once a run, before the page."""
    book = journal()
    portfolios = data.portfolios(book)
    codes = [p.code for p in portfolios]
    names = {p.code: p.name for p in portfolios}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="header"):
        currency: str | None = DEFAULT_CURRENCY
        code = st.selectbox(
            named("portfolio"),
            codes,
            format_func=lambda c: names.get(c, c),
            key=cited.choice(
                "portfolio", codes, codes[0] if codes else None, what=Text("组合", "portfolio"), header=True
            ),
            width=216,
        )
        if code is not None:
            currency = next(p.currency for p in portfolios if p.code == code)
        usual = data.default_day(book, today())
        as_of = st.date_input(
            _("截至日", "As of"),
            min_value=cited.FIRST_DAY,
            max_value=cited.LAST_DAY,
            key=cited.day("as_of", usual, header=True),
            format="YYYY-MM-DD",
            width=136,
            help=_("这一天为止真实发生的事项", "What was true up to this day"),
        )
        known = _known(book, code)
        unit = st.segmented_control(
            named("unit"),
            list(words.UNITS),
            required=True,
            key=cited.choice("unit", list(words.UNITS), UNIT_DEFAULT, what=Text("单位", "unit"), header=True),
            format_func=lambda u: words.unit_name(u, currency),
        )
        st.segmented_control(
            _("语言", "Language"),
            list(words.LANGUAGES),
            key="lang_choice",
            required=True,
            format_func=lambda c: words.LANGUAGES[c],
        )
    cited_run.place_for_wrong()
    chosen = next((p for p in portfolios if p.code == code), None)
    return Choice(
        journal=book,
        portfolio=None if chosen is None else chosen.party,
        as_of=as_of if isinstance(as_of, dt.date) else usual,
        known_at=known_at(book, known, today(), code),
        head=book.head,
        unit=unit or UNIT_DEFAULT,
        currency=currency,
        known=known,
    )


def _known(book: Journal, portfolio: str | None) -> str:
    """What the header says of the state of knowledge: an entry, a day, a closed quarter, or "" for the newest."""

    def read(text: str) -> str:
        try:
            known_at(book, text, today(), portfolio)
        except FofError as error:
            raise cited.refusal(error) from None
        return "" if text.strip() == str(book.head) else text.strip()

    key = cited.bound(
        "known_at", "", read, lambda text: _unlabelled(text) or None, header=True, instead=_("最新", "latest")
    )
    named = {n.name: n for n in known_names(book, portfolio)}

    def label_of(text: str) -> str:
        if not text:
            return _("最新", "latest")
        return (
            _("{}（分录 {}）", "{} (Entry {})").format(text, named[text].known_at) if text in named else text
        )

    now = st.session_state[key]
    chosen_text = st.selectbox(
        _("已知至", "Known at"),
        list(dict.fromkeys(["", *named, now])),
        key=key,
        format_func=label_of,
        accept_new_options=True,
        width=150,
        help=_(
            "只用到那时为止已登记的信息：可选已结账的季度，也可输入分录编号或日期（北京时间当日终），如 9000、2026-06-30",
            "Only what had been recorded by then: choose a closed quarter, or type an entry's number or a day (to its end in Beijing), like 9000 or 2026-06-30",
        ),
    )
    return _unlabelled(chosen_text)


NEWEST = Text("最新", "latest")


def _unlabelled(text: str | None) -> str:
    """What was chosen without what its label adds: the framework gives a label back that was in another language, or of a
    quarter that was closed again, as if it had been typed."""
    label = re.split(r"（| \(", text or "", maxsplit=1)[0].strip()
    return "" if label in NEWEST else label


def view(choice: Choice) -> View:
    """The book as the header says."""
    return choice.journal.view(choice.as_of, choice.known_at)


def attention(choice: Choice) -> View:
    """The book on the day from which what is due and late is counted: today where the header shows the newest state, the
    header's own day where it shows an earlier one or what was known earlier."""
    now = today()
    newest = choice.known_at == choice.head and choice.as_of == data.default_day(choice.journal, now)
    return choice.journal.view(now, choice.known_at) if newest else view(choice)


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
    chosen = choice()
    parameters: dict[str, object] = {
        "portfolio": st.session_state.get("portfolio_choice"),  # in the order of cited_run.HEADER
        "as_of": chosen.as_of,
        "known_at": chosen.known or None,
        "unit": chosen.unit,
        "lang": words.language(),
    } | more
    return {name: str(value) for name, value in parameters.items() if value is not None}


def link(name: str, label: str, **more: object) -> None:
    """A link to a page, by its name, that carries the header along and more."""
    st.page_link(page(name), label=foreign.escaped(label), query_params=address(**more))


ENTRY_LABEL = r"#(.*)$"
"""What is read in a cell that links to an entry: the end of the address, after the hash sign."""


def entry_addresses() -> Callable[[int, str], str]:
    """What gives the address of an entry for a cell that shows something; the newest state of knowledge where the header's is before
    it."""
    known_at = choice().known_at
    known, newest = (f"journal?{urlencode(address(**more))}" for more in ({}, {"known_at": None}))
    return lambda entry, label: f"{newest if entry > known_at else known}&entry={entry}#{label}"


def page_now() -> str:
    """Name of the page that is drawn."""
    return str(st.session_state["page_now"])


def provenance(chosen: Choice) -> str:
    """The line that stands beside every headline: as-of, known-at, unit."""
    known = _("最新", "latest") if chosen.known_at == chosen.head else ""
    if chosen.known and chosen.known != str(chosen.known_at):
        known = foreign.plain(chosen.known)
    return " · ".join(
        [
            f"{_('截至', 'As of')} {chosen.as_of.isoformat()}",
            f"{named('known_at')} {chosen.known_at}{words.bracketed(known) if known else ''}",
            f"{named('unit')} {words.unit_name(chosen.unit, chosen.currency)}",
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


def run(page: st.Page, pages: Mapping[str, Sequence[st.Page]] | None = None) -> None:
    """Header, menu, then the page; an error the user can do something about is one message, never a traceback."""
    name = st.session_state["page_now"] = page.url_path or "overview"
    cut = headed = False
    try:
        with pages_drawn.one():
            chosen = st.session_state["choice"] = choices()
            menu(pages or {})
            headed = True
            for doubt in chosen.journal.doubts.by_entry.values():
                say.warning(doubt, icon=":material/report:")
            page.run()
        _set_aside(chosen.head)
    except cited.Finished:
        cut = True
    except FofError as error:
        _away(error, headed)
    except Exception as error:  # our own fault: the reader gets a number, the log what happened
        if (known := explained_failure(error)) is None:
            _fault(page)
        else:
            _away(known, headed)
    finally:
        cited_run.end(name)
    if cut:
        st.stop()  # the framework then forgets nothing that was typed on a page which comes back


def _away(error: FofError, headed: bool) -> None:
    """Why there is no page; where the book itself cannot be had there is no menu either, and the way back is a button."""
    say.error(error, icon=":material/warning:")
    if not headed:
        st.button(_("重试", "Try again"), key="again", icon=":material/refresh:")


def _fault(page: st.Page) -> None:
    number = uuid.uuid4().hex[:8]
    logging.getLogger("fof").exception("fault %s on page %s", number, page.url_path or "overview")
    with st.container(key="fault"):
        say.error(
            f"{_('程序内部出错，经过已写入服务器日志。请把编号告诉维护人员：', 'The program failed; what happened is in the server log. Tell the maintainers this number:')} {number}",
            icon=":material/bug_report:",
        )
