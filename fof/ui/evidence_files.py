"""The evidence of a stake on screen: items and documents; a document's file put into the encrypted store, or opened from it."""

from __future__ import annotations

import streamlit as st

from fof import words
from fof.audit.casefile.evidence_document import evidence_document
from fof.audit.casefile.evidence_files import OpenedFile, open_file, store_file
from fof.errors import FofError
from fof.ledger import View
from fof.personal.keyring import without_key
from fof.ui import booked, foreign, frame, panels, permitted, say, table_rows
from fof.ui.labels import named
from fof.words import _

_EVIDENCE = """
    id=evidence_id item=evidence_item state=evidence_state doubts=evidence_doubts file=evidence_file code=evidence_code
    document=evidence_kind number=evidence_number day issuer=evidence_issuer digest=evidence_digest amount
"""
_OPENED = "evidence_opened"


def evidence_panel(view: View, stake: str) -> None:
    """The items that apply to a stake, and the forms for the files of its documents."""
    evidence = evidence_document(view, stake, frame.actor())
    panels.record_table(
        str(evidence.document.text), table_rows.listed(evidence), _EVIDENCE, "case_evidence", ""
    )
    documents = {row["code"]: row for row in evidence.rows if row.get("code")}
    if not documents:
        return
    if (sentence := without_key()) is not None:
        say.caption(sentence)
        say.caption(_("没有密钥时证据文件不能存入或打开。", "Without the key no file is stored or opened."))
        return
    held = [code for code, row in documents.items() if row["file"] == "stored"]
    with st.container(horizontal=True):
        with st.popover(_("存入文件", "Store a file"), icon=":material/lock:"):
            _store_form(list(documents))
        if held:
            with st.popover(_("打开文件", "Open a file"), icon=":material/lock_open:"):
                _open_form(held)
    opened: OpenedFile | None = st.session_state.get(_OPENED)
    if opened is not None and opened.name.startswith(tuple(held)):
        say.success(
            words.clauses([words.labelled(named("entry"), opened.entry), _("已登记打开", "opening recorded")])
        )
        st.download_button(
            _("下载文件", "Download the file"),
            opened.content,
            file_name=foreign.file_name(opened.name),
            icon=":material/download:",
            on_click="ignore",
        )


def _store_form(codes: list[str]) -> None:
    with st.form("store_evidence", border=False):
        code = st.selectbox(named("evidence_code"), codes, key="store_code")
        file = st.file_uploader(named("file"), key="store_file")
        if permitted.button(st.form_submit_button, _("存入", "Store"), "book") and file is not None:
            try:
                done = store_file(frame.database(), frame.actor(), str(code), file.getvalue(), file.name)
            except FofError as error:
                say.error(error)
                return
            booked.remember(done)
            st.rerun()


def _open_form(codes: list[str]) -> None:
    with st.form("open_evidence", border=False):
        code = st.selectbox(named("evidence_code"), codes, key="open_code")
        reason = st.text_input(_("原因（写入账本）", "Reason (it enters the book)"), key="open_reason")
        if permitted.button(st.form_submit_button, _("打开", "Open"), "unmask"):
            try:
                opened = open_file(frame.database(), frame.actor(), str(code), reason or "")
            except FofError as error:
                say.error(error)
                return
            st.session_state[_OPENED] = opened
            st.rerun()
