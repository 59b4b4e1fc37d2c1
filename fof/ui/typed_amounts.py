"""Amounts as people type them on a form: blank is nothing, what cannot be read is no amount at all.

A box that takes "abc" or 100.005 for nothing would let a form mean another thing than it shows: pay all that is open, leave a
component out. A form therefore asks `unread` before it plans or books anything.
"""

from __future__ import annotations

import re

import streamlit as st

from fof.ui import foreign, say
from fof.words import _
from models.money import fen_of

_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
"""Commas stand between thousands and nowhere else: 1,5 is no 15."""


def typed_fen(text: str | None) -> int | None:
    """Fen of an amount typed in the main unit; None for a blank. ValueError where it is none, or holds a fraction of a fen."""
    bare = (text or "").strip()
    if not bare:
        return None
    return fen_of(bare.replace(",", "") if _GROUPED.fullmatch(bare) else bare)


def say_unreadable(label: str = "") -> None:
    """What an amount has to be, at the field that holds none; label: where the sentence stands away from its field."""
    at = f"{label}{_('：', ': ')}" if label else ""
    say.warning(
        at
        + _(
            "金额须为数字，最多两位小数，逗号只分隔千位",
            "An amount is a number with at most two decimals, commas between thousands only",
        )
    )


class TypedAmounts:
    """The amounts of one form. `unread`: labels of the boxes that hold something that is no amount."""

    def __init__(self) -> None:
        self.unread: list[str] = []

    def box(self, label: str, key: str, width: int = 210) -> int | None:
        """Fen of what is typed; None for a blank, and for what cannot be read, which is said and makes the form `unread`."""
        text = st.text_input(foreign.escaped(label), key=key, width=width, placeholder="0.00")
        try:
            return typed_fen(text)
        except ValueError:
            say_unreadable(label)
            self.unread.append(label)
            return None
