"""What the last booking of this session wrote, said on the page that booked it, whatever day the page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from fof import words
from fof.errors import FofError
from fof.ledger import Booked
from fof.ui import frame, say
from fof.ui.labels import named
from fof.words import _

_STATE = "booked_last"
_LINKED_AT_MOST = 6


def remember(booked: Booked, text: str | None = None) -> None:
    """Keep what was written, or found to be written already; it is said until the page is left or books again.

    text : what the new entries are called, where they are not just entries
    """
    new, held = booked.entries, [a.entry for a in booked.already]
    sentence = (
        (text or _("已登记分录", "Recorded entries"))
        if new
        else _("账中已有，分录", "Already in the book, entry")
    )
    st.session_state[_STATE] = (frame.page_now(), sentence, new or held)


def book(act: Callable[[], Booked]) -> None:
    """Book; the page is then drawn from the new book and says what was written, or why nothing was."""
    try:
        remember(act())
    except FofError as error:
        say.error(error)
        return
    st.rerun()


def tell() -> None:
    """Name the entries with links to them; where the page shows a day or a state of knowledge before them, say so."""
    page, sentence, entries = st.session_state.get(_STATE, (None, "", []))
    if not entries:
        return
    if page != frame.page_now():
        del st.session_state[_STATE]
        return
    text = f"{sentence} {numbers(entries)}"
    with st.container(key="booked_last"):
        say.success(text, icon=":material/check_circle:")
        with st.container(horizontal=True, gap="small"):
            for entry in entries[:_LINKED_AT_MOST]:
                frame.link("journal", f"{named('entry')} {entry}", known_at=None, entry=str(entry))
        _out_of_sight(entries)


def numbers(entries: Sequence[int]) -> str:
    """Entry numbers; a run of them by its ends."""
    if len(entries) > 2 and list(entries) == list(range(entries[0], entries[-1] + 1)):
        return f"{entries[0]}–{entries[-1]}"
    return words.listed(map(str, entries))


def _out_of_sight(entries: Sequence[int]) -> None:
    chosen = frame.choice()
    known = [e for e in entries if e <= chosen.head]
    last = max((h.effective_on for h in chosen.journal.view().heads(known[:500]).values()), default=None)
    unknown = chosen.known_at < max(known, default=0)
    later = last is not None and last > chosen.as_of
    if not unknown and not later:
        return
    why = [f"{named('effective_on')} {last}"] if later else []
    why += [f"{named('known_at')} {chosen.known_at}"] if unknown else []
    say.caption(
        f"{_('本页所示的截至日或已知时点在其之前，数字不含这次登记：', 'This page shows a day or a state of knowledge before it; its figures do not hold what was booked: ')}{words.clauses(why)}"
    )
    day = chosen.as_of if last is None else max(chosen.as_of, last)
    frame.link(
        frame.page_now(),
        _("按登记后的时点查看本页", "This page as it stands after the booking"),
        as_of=day,
        known_at=None,
    )
