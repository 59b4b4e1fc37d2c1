"""One run of a page and the address it began with: what was read from it, and what is written to it at the end.

An address that the browser names may be on its way: written a moment ago while a click was under way, or that of the page
before. Which these are is decided here; what a choice makes of the address is `fof.ui.cited`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fof import words
from fof.ui import foreign, say
from models.text import Text

_RUN, _LAST = "cited_run", "cited_last"
MEETING_SECONDS = 3.0
"""How long a click may be on its way with the address that stood before."""
HEADER = ("portfolio", "as_of", "known_at", "unit", "lang")
"""The header's names in the order in which every address has them: the same in another order would be a step of its own."""


class NotThere(ValueError):
    """What an address names and the book or the calendar does not have; in words, Chinese and English."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


@dataclass(slots=True)
class Run:
    """One run of the script: the address it began with, and what was read from and will be written to it.

    mislaid: the browser names the address of the page before (see `LastRun.left`)
    """

    query: dict[str, str]
    followed: bool
    first: bool
    mislaid: bool = False
    choices: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    wrong: list[tuple[str, str, NotThere, str]] = field(default_factory=list)
    place: Any = None
    twice: dict[str, str] = field(default_factory=dict)
    """Names that the address gives more than one value, with all of them."""


@dataclass(slots=True)
class LastRun:
    """How the last run ended: the address, and the choices it stood for; the addresses it wrote over, and when.

    script : the framework's own mark of the page
    due    : the address that was to be written by a run which a click cut short
    labels : what the labels of the run's choices depend on: the language, and the portfolio for its currency
    arrived: that run was the first of its address, or of its page
    left   : the address of the page before, written so shortly before this page came that it may have met the click on its way:
             the browser then puts it behind this page's path
    """

    query: dict[str, str]
    meant: dict[str, str]
    page: str
    script: str = ""
    labels: tuple[str, str] = ("", "")
    due: dict[str, str] | None = None
    stale: list[dict[str, str]] = field(default_factory=list)
    written: float = 0.0
    arrived: bool = False
    left: dict[str, str] | None = None


def begin() -> None:
    """First thing of a run: is the address another one than this session last saw?"""
    query = {str(k): str(v) for k, v in st.query_params.to_dict().items()}
    last = last_run()
    followed = last is None or (query != last.query and not _on_its_way(query, last))
    run = Run(query if followed or last is None else last.query, followed, last is None)
    run.mislaid = last is not None and not followed and query == last.left
    if followed:
        given = {name: list(dict.fromkeys(map(str, st.query_params.get_all(name)))) for name in query}
        run.twice = {name: ", ".join(values) for name, values in given.items() if len(values) > 1}
    st.session_state[_RUN] = run


def _on_its_way(query: dict[str, str], last: LastRun) -> bool:
    """Whether a click met the address that was written a moment ago on its way: it names the one before, on the same page, and
    is no step back. Or the address met the click on a link to this page, and the browser names that of the page before."""
    context = get_script_run_ctx()
    if context is None or context.is_history_navigation or context.page_script_hash != last.script:
        return False
    return query == last.left or (query in last.stale and time.monotonic() - last.written < MEETING_SECONDS)


def place_for_wrong() -> None:
    """Where it stands on the page what an address names and is not there."""
    running().place = st.container(key="address_wrong")


def end(page: str) -> None:
    """Last thing of a run, also of one that was cut short: say what was wrong, write what was chosen."""
    run = running()
    last = last_run()
    arrived = (
        run.followed or last is None or last.page != page
    )  # the address of another page may read the same
    before = run.query if arrived or last is None else last.meant
    meant = {name: text for name, text in before.items() if name not in run.choices}
    for name, choice_of in run.choices.items():
        if (now := choice_of()) is not None:
            meant[name] = now
    due = None if last is None or arrived else last.due
    query = due or run.query
    if not run.wrong:
        if run.first:
            query = run.query | meant
        elif not arrived and last is not None and meant != last.meant:
            query = meant
    context = get_script_run_ctx()
    script = "" if context is None else context.page_script_hash
    ended = LastRun(run.query, meant, page, script, labels_now(), query if query != run.query else None)
    ended.arrived = arrived
    if last is not None and not run.followed:
        ended.stale, ended.written, ended.left = last.stale, last.written, last.left
    if last is not None and last.page != page:
        ended.left = _met_the_click(last)
    st.session_state[_LAST] = ended  # first of all: what follows may be cut short by the next click
    within = run.followed and last is not None and last.page == page
    # Of a link within the page the browser is told where it is. To another page it finds its own way, and told while it is still
    # on that way, it makes a step of the former page with the new one's choices.
    if query != run.query or within or run.mislaid:
        st.query_params.from_dict({name: query[name] for name in HEADER if name in query} | query)
    if query != run.query:
        ended.stale, ended.written = [*ended.stale[-3:], run.query], time.monotonic()
    ended.query, ended.due = dict(query), None
    _say_wrong(run)


def _met_the_click(last: LastRun) -> dict[str, str] | None:
    """The last page's address, if it was written a moment ago and names more than the header does: that a link never does."""
    if time.monotonic() - last.written < MEETING_SECONDS and not set(last.query) <= set(HEADER):
        return last.query
    return None


def _say_wrong(run: Run) -> None:
    if run.wrong:
        with run.place or st.container():
            for name, text, why, instead in run.wrong:
                say.error(_wrong(name, text, why, instead), icon=":material/link_off:")


def _wrong(name: str, text: str, why: NotThere, instead: str) -> str:
    asked = f"{foreign.plain(name)}={foreign.plain(text, 60)}"
    zh, en, used = foreign.plain(why.text.zh), foreign.plain(why.text.en), foreign.plain(instead)
    return str(
        Text(
            f"地址中的 {asked} 无法照办：{zh}。本页改按 {used} 显示。",
            f"The address asks for {asked}: {en}. This page shows {used} instead.",
        )
    )


def running() -> Run:
    """This run."""
    run: Run = st.session_state[_RUN]
    return run


def last_run() -> LastRun | None:
    """The run before this one, on whatever page."""
    last: LastRun | None = st.session_state.get(_LAST)
    return last


def named(name: str) -> str | None:
    """What the address that was followed says of a name; None where it says nothing, or was not followed now."""
    return running().query.get(name) if running().followed else None


def labels_now() -> tuple[str, str]:
    """What the labels of choices depend on (LastRun.labels)."""
    return words.language(), str(st.session_state.get("portfolio_choice"))
