"""Buttons that book: one that the acting person may not press is disabled, and says why and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fof import users
from fof.ui import frame, say
from fof.words import today


def lacking(*actions: str) -> str:
    """Why the acting person may not do one of the actions, and who may; "" where they may do all."""
    view, actor = frame.journal().view(), frame.actor()
    for action in actions:
        if (refused := users.refusal(view, actor, action, today())) is not None:
            return str(refused)
    return ""


def button(draw: Callable[..., bool], label: str, *actions: str, disabled: bool = False, **more: Any) -> bool:
    """A button drawn by `draw` (st.button, st.form_submit_button) for what takes the actions; True where it was pressed."""
    reason = lacking(*actions)
    pressed = draw(label, type="primary", disabled=disabled or bool(reason), **more)
    if reason:
        say.caption(reason)
    return pressed and not reason
