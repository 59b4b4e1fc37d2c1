"""What the tabs of the operations page share: choosing a fund, typing days and amounts, what is wrong, the button that books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from fof import words
from fof.book import late
from fof.book.currencies import currency_of
from fof.errors import FofError, Problem
from fof.ledger import Booked, View
from fof.operations.notices import booked_as
from fof.ui import booked, cited, foreign, permitted, say
from fof.ui.labels import named
from fof.words import _
from models.kinds import NoticeKind
from models.text import Text

EXACT = "元"
"""Unit of what is about to be booked: shown to the fen whatever unit the page shows."""


def fresh(key: str) -> str:
    """The key of an input that is emptied once its tab has booked something."""
    return f"{key}_{st.session_state.get('operations_round', 0)}"


def fund_box(view: View, key: str, codes: Sequence[str], label: str | None = None) -> int:
    """Which fund; its id."""

    def label_of(code: str) -> str:
        name = view.name(view.party(code).id)
        return name if name == code else words.beside(name, code)

    choice = cited.choice(
        key, codes, codes[0] if codes else None, what=Text("可选的基金", "fund to choose from")
    )
    code = st.selectbox(label or named("fund"), codes, key=choice, width=420, format_func=label_of)
    return view.party(str(code)).id


def main_unit(view: View, fund: int) -> str:
    """The main unit of the fund's currency, as amounts are typed."""
    return str(Text(words.unit_name(EXACT, currency_of(view, fund)), currency_of(view, fund)))


def exact(label: str, view: View, fund: int) -> str:
    """A heading of amounts in the main unit, shown or typed to the fen."""
    unit = main_unit(view, fund)
    return str(Text(f"{label}（{unit}）", f"{label} ({unit})"))


def number_box(key: str, example: str, label: str | None = None) -> str:
    """The number of a notice."""
    return st.text_input(label or named("number"), key=fresh(key), width=150, placeholder=example).strip()


def day_box(label: str, value: dt.date, key: str) -> dt.date:
    """A day; the value given while none is chosen."""
    day = st.date_input(foreign.escaped(label), value=value, key=key, format="YYYY-MM-DD", width=170)
    return day if isinstance(day, dt.date) else value


def chosen_with_reason(label: str, reason: str, names: Mapping[int, str], key: str) -> dict[int, str]:
    """Several investors and one reason for them; the reason is asked for once somebody is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            label,
            list(names),
            format_func=names.__getitem__,
            key=cited.in_new_words(fresh(key)),
            placeholder=_("可选多个", "One or several"),
            width=420,
        )
        text = st.text_input(reason, key=fresh(f"{key}_reason"), width=420) if chosen else ""
    return dict.fromkeys(chosen, text)


def say_problems(problems: Sequence[Problem]) -> None:
    """Everything in the way of a booking."""
    if problems:
        lines = [problem.text(words.language()) for problem in problems]
        text = lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
        say.warning(text, icon=":material/block:")


def say_taken(view: View, fund: int, kind: NoticeKind, number: str) -> None:
    """A number that is a notice of the book already."""
    if number and (entry := booked_as(view, fund, kind, number)) is not None:
        say.info(
            f"{_('该编号已登记为分录', 'This number is entry')} {entry}{_('：内容相同则不再入账，不同则拒绝。', ' of the book: the same content is not booked again, other content is refused.')}"
        )


def late_reason(view: View, day: dt.date, parties: Iterable[int], key: str) -> str | None:
    """Where a day lies in a quarter that was closed: says so and asks for the reason; "" until one is given, None elsewhere."""
    closed = late.over(view, day, parties)
    if not closed:
        return None
    say.warning(
        f"{day} {_('在已结账的季度之内，会改变已报的数字：', 'lies in a closed quarter and changes what was reported: ')}{late.names(closed)}",
        icon=":material/history:",
    )
    return st.text_input(_("补记理由", "Reason for booking it late"), key=fresh(key), width=420).strip()


def book_button(
    label: str,
    key: str,
    act: Callable[[str | None], Booked],
    *,
    ready: bool,
    needs: str = "",
    why: str | None = None,
    action: str = "book",
) -> None:
    """The button that books. Afterwards the page is drawn from the new book and says which entries were written.

    act   : is given `why`          needs : said beside a button that cannot be pressed yet
    why   : what `late_reason` returned           action : what it takes (fof.access)
    """
    if ready and why == "":
        ready, needs = False, _("须写明补记理由。", "A reason for booking it late is needed.")
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = permitted.button(st.button, label, action, key=key, disabled=not ready)
        if not ready and needs:
            say.caption(needs)
    if not pressed:
        return
    try:
        booked.remember(act(why))
        cited.keep("notice", None)  # the row that was chosen may be another one now
    except FofError as error:
        say.error(error, icon=":material/warning:")
        return
    st.session_state["operations_round"] = st.session_state.get("operations_round", 0) + 1
    st.rerun()
