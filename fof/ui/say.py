"""Lines and messages of a page, as text: what is said is read as it stands, whoever wrote it (fof.ui.foreign)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from fof.errors import FofError
from fof.ui import foreign


def caption(text: object, **more: Any) -> None:
    """A line in small print."""
    st.caption(foreign.lines(text), **more)


def info(text: object, icon: str | None = None) -> None:
    """A note."""
    _message(st.info, text, icon)


def success(text: object, icon: str | None = None) -> None:
    """That something was done."""
    _message(st.success, text, icon)


def warning(text: object, icon: str | None = None) -> None:
    """What the reader should know before going on."""
    _message(st.warning, text, icon)


def error(text: object, icon: str | None = None) -> None:
    """What did not go."""
    _message(st.error, text, icon)


def strong(text: object, rest: str = "") -> None:
    """A line that stands out, and what follows it."""
    st.markdown(f"**{foreign.escaped(text)}**{f' {foreign.escaped(rest)}' if rest else ''}")


def _message(box: Callable[..., Any], text: object, icon: str | None) -> None:
    sentence = text.text() if isinstance(text, FofError) else text
    box(foreign.lines(sentence), icon=icon)
