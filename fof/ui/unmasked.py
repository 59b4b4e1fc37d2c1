"""Personal data of a person on screen: masked; opened by an auditor with an entry for each field, on the screen alone."""

from __future__ import annotations

import streamlit as st

from fof.audit.unmasking import HELD, OpenedValue, PersonalLine, personal_lines, unmask
from fof.errors import FofError
from fof.personal.keyring import without_key
from fof.ui import cited, foreign, frame, permitted, say
from fof.words import _, labelled
from models.kinds import PersonalField

_OPENED = "values_opened"


def personal_panel(person: str) -> None:
    """What is stored of a person; nothing where nothing is, or there is no key."""
    if without_key() is not None:
        return
    try:
        lines = [x for x in personal_lines(frame.database(), frame.actor()) if x.commitment.person == person]
    except FofError as error:
        say.error(error)
        return
    held = [x for x in lines if x.state == HELD]
    if not held:
        return
    say.caption(" · ".join(labelled(x.commitment.field.text, x.mask or "***") for x in held))
    with st.popover(_("查看原值", "Open values"), icon=":material/visibility:"):
        _form(person, held)
    opened: tuple[str, list[OpenedValue]] | None = st.session_state.pop(_OPENED, None)
    if opened is not None and opened[0] == person:  # once: the next look is an entry of its own
        for value in opened[1]:
            st.text(f"{foreign.plain(str(value.field.text))}: {value.value}")
        say.success(_("已登记查看", "The opening is recorded"))


def _form(person: str, held: list[PersonalLine]) -> None:
    with st.form("unmask", border=False):
        fields = st.multiselect(
            _("项目", "Fields"),
            [x.commitment.field for x in held],
            key=cited.in_new_words("unmask_fields"),
            format_func=lambda field: str(PersonalField(field).text),
        )
        reason = st.text_input(_("原因（写入账本）", "Reason (it enters the book)"), key="unmask_reason")
        if permitted.button(st.form_submit_button, _("查看", "Open"), "unmask") and fields:
            try:
                values = unmask(frame.database(), frame.actor(), person, fields, reason or "")
            except FofError as error:
                say.error(error)
                return
            st.session_state[_OPENED] = (person, values)
            st.rerun()
