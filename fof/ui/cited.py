"""What an address cites: every choice of a page stands in it as a code, whatever the language, and nothing else does.

An address that is followed (a link, the browser's own buttons) decides every choice; what it names and the book does not have
is said aloud. A choice that the reader makes is written once, at the end of the run that saw it: one step back for one step
forward.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import streamlit as st

from fof import words
from fof.errors import FofError, Refused
from fof.ui import foreign
from fof.ui.cited_run import HEADER, NotThere, labels_now, last_run, named, running
from models.text import Text

_MISSING = object()
WAITED = "page_waited"
"""In the session's state while the page waits for work beside it."""
FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2100, 12, 31)


class Finished(BaseException):
    """A page has said all it has to say. The framework's own stop would end the run before its address is written."""


def finish() -> NoReturn:
    """Nothing more follows on the page."""
    raise Finished


def bound(
    name: str,
    default: Any,
    read: Callable[[str], Any],
    write: Callable[[Any], str | None],
    *,
    key: str | None = None,
    fits: Callable[[Any], bool] | None = None,
    header: bool = False,
    always: bool = False,
    instead: str | None = None,
) -> str:
    """Key of a widget (or of a value that pages keep) whose value stands in the address; call before the widget is drawn.

    read   : text of the address → value; NotThere where there is no such thing
    write  : value → text; None leaves it out
    fits   : whether a value chosen before can still be chosen
    header : it follows the reader from page to page, where the address says nothing of the header
    always : it stands in the address even where it is the default
    instead: what the default is called, where its text says nothing
    """
    key, run, state = key or name, running(), st.session_state
    held = state.get(key, _MISSING)
    if run.followed and not (header and held is not _MISSING and not _of_header(run.query)):
        _set(key, _read(name, run.query.get(name), default, read, instead or write(default)))
    elif held is _MISSING:
        _set(key, _read(name, _meant(name), default, read, instead or write(default)))
    elif fits is not None and not fits(held):
        _set(key, _meant_before(name, default, read, fits))
    elif _perhaps_undrawn():
        state[key] = held
    else:
        in_new_words(key)

    def choice_now() -> str | None:
        value = state.get(key, default)
        return None if not always and not header and value == default else write(value)

    run.choices[name] = choice_now
    return key


def _perhaps_undrawn() -> bool:
    """Whether the browser may not know what was chosen. It is told a choice by the run that sets it; where the next run comes before the browser
    has drawn that one (an address just followed, an answer just waited for) what is drawn is the widget's own lowest value, and the
    browser then says that the reader chose it."""
    last = last_run()
    return WAITED in st.session_state or (last is not None and last.arrived)


def in_new_words(key: str) -> str:
    """The key of a choice among labels. Where the labels are others than in the last run the choice is set anew: the browser
    holds the label of an option, and would go on showing it in the former language or currency."""
    state = st.session_state
    last = last_run()
    if last is not None and last.labels != labels_now() and key in state:
        state[key] = state[key]
    return key


def _meant(name: str) -> str | None:
    """What this page's last run meant by a name; None where another page was the last, or it says nothing."""
    last = last_run()
    if last is None or last.page != st.session_state.get("page_now", last.page):
        return None
    return last.meant.get(name)


def _meant_before(name: str, default: Any, read: Callable[[str], Any], fits: Callable[[Any], bool]) -> Any:
    """The choice of the last run, where the one in hand cannot be chosen; the default where that one cannot be chosen either.

    The browser names an option by its label, and the framework reads labels in the words of the last run. Where the reader
    changed the language faster than the page was drawn these are words of two languages: the label is no code.
    """
    text = _meant(name)
    if text is None:
        return default
    try:
        value = read(text)
    except NotThere:
        return default
    return value if fits(value) else default


def _of_header(query: Mapping[str, str]) -> bool:
    return any(name in query for name in HEADER)


def _set(key: str, value: Any) -> None:
    if st.session_state.get(key, _MISSING) != value:
        st.session_state[key] = value


def _read(name: str, text: str | None, default: Any, read: Callable[[str], Any], instead: str | None) -> Any:
    if text is None:
        return default
    twice = running().twice.get(name)
    try:
        if twice is not None:
            raise NotThere(Text("写了不止一个值", "it names more than one value"))
        return read(text)
    except NotThere as why:
        running().wrong.append((name, twice or text, why, instead or words.DASH))
        return default


_CHOICE = Text("选项", "choice")


def choice(
    name: str,
    codes: Sequence[str],
    default: str | None,
    *,
    what: Text = _CHOICE,
    key: str | None = None,
    header: bool = False,
    always: bool = False,
) -> str:
    """One of some codes. what: the kind of thing they are, Chinese and English."""

    def read(text: str) -> str:
        if text in codes:
            return text
        raise NotThere(Text(f"没有这个{what.zh}", f"there is no such {what.en}"))

    return bound(
        name,
        default,
        read,
        lambda v: v,
        key=key or f"{name}_choice",
        fits=lambda v: v in codes or v is None,
        header=header,
        always=always,
    )


def day(
    name: str,
    default: dt.date | None,
    *,
    first: dt.date = FIRST_DAY,
    last: dt.date = LAST_DAY,
    header: bool = False,
) -> str:
    """A day between two days."""

    def read(text: str) -> dt.date:
        try:
            day_asked = dt.date.fromisoformat(text)
        except ValueError:
            raise NotThere(
                Text("不是日历上的日期（如 2026-09-30）", "no day of the calendar (like 2026-09-30)")
            ) from None
        if not first <= day_asked <= last:
            raise NotThere(Text(f"须在 {first} 与 {last} 之间", f"between {first} and {last}"))
        return day_asked

    return bound(
        name,
        default,
        read,
        lambda v: None if v is None else v.isoformat(),
        fits=lambda v: v is None or first <= v <= last,
        header=header,
    )


def text(name: str, default: str = "") -> str:
    """Free text."""
    return bound(name, default, str, lambda v: v or None)


flags: set[str] = set()
"""Keys of the choices that are on or off: a page tells them again as it tells words and numbers, and a button's it may not."""


def flag(name: str, default: bool = False) -> str:
    """On or off."""

    def read(asked: str) -> bool:
        if asked.lower() in ("1", "true", "yes"):
            return True
        if asked.lower() in ("0", "false", "no"):
            return False
        raise NotThere(Text("应为 1 或 0", "1 or 0"))

    key = bound(name, default, read, lambda v: "1" if v else "0")
    flags.add(key)
    return key


def several(name: str, codes: Sequence[str], default: Sequence[str]) -> str:
    """Several of some codes, separated by commas; none at all is written as a dash."""

    def read(asked: str) -> list[str]:
        chosen = [] if asked == "-" else asked.split(",")
        if missing := [c for c in chosen if c not in codes]:
            raise NotThere(Text(f"没有 {'、'.join(missing)}", f"there is no {', '.join(missing)}"))
        return chosen

    return bound(
        name,
        list(default),
        read,
        lambda v: ",".join(v) or "-",
        fits=lambda v: all(code in codes for code in v),
    )


def whole(name: str, default: int, low: int, high: int) -> str:
    """A whole number between two."""

    def read(asked: str) -> int:
        if asked.isascii() and asked.isdigit() and low <= int(asked) <= high:
            return int(asked)
        raise NotThere(Text(f"应为 {low} 至 {high} 的整数", f"a whole number from {low} to {high}"))

    return bound(name, default, read, str, fits=lambda v: isinstance(v, int) and low <= v <= high)


def tabs(name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """Tabs by code; the open one stands in the address."""
    codes, titles = list(labels), list(labels.values())

    def read(asked: str) -> str:
        if asked in labels:
            return labels[asked]
        raise NotThere(Text("没有这一栏", "there is no such tab"))

    key = bound(
        name,
        titles[0],
        read,
        lambda label: codes[titles.index(label)] if label in titles else None,
        key=f"{name}_{words.language()}",
        fits=lambda label: label in titles,
        instead=titles[0],
    )
    return dict(zip(codes, st.tabs(titles, key=key, on_change="rerun"), strict=True))


def box(name: str, label: str, icon: str) -> Any:
    """An expander; whether it is open stands in the address."""
    return st.expander(foreign.escaped(label), icon=icon, key=flag(name), on_change="rerun")


def refusal(error: FofError) -> NotThere:
    """An error of a use case as what an address names and is not there."""
    if isinstance(error, Refused) and error.problems:
        problem = error.problems[0]
        return NotThere(problem.expected)
    return NotThere(Text(*(error.text(language).splitlines()[0] for language in words.LANGUAGES)))


def chosen_code(name: str) -> str | None:
    """A code that a page keeps without a widget: a row that was picked, a figure that was opened."""
    key = bound(name, None, str, lambda v: v, key=f"{name}_kept")
    code: str | None = st.session_state[key]
    return code


def not_there(name: str, code: str) -> None:
    """A kept code that nothing on the page has: where an address named it, that is said; it is chosen no longer."""
    if named(name) is not None:
        running().wrong.append(
            (name, code, NotThere(Text("本页没有它", "it is not on this page")), words.DASH)
        )
    keep(name, None)


def choose(name: str, code: str) -> None:
    """Choose one of the codes of a choice from a click elsewhere on the page, before the next run."""
    st.session_state[f"{name}_choice"] = code


def keep(name: str, code: str | None) -> None:
    """Keep another code under a name."""
    st.session_state[f"{name}_kept"] = code
