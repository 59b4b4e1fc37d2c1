"""Parts of the journal page: the search, one entry opened, what changed between two states of knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from fof import words
from fof.access import reversal_action
from fof.audit.hidden_entries import unseen_records
from fof.book import late
from fof.book.entries import Query, detail, search
from fof.book.known import known_at, names
from fof.book.written import document_text
from fof.changes import AMOUNTS, Changes, Effect, changes, effect_text, parts_rows
from fof.errors import FofError, Unknown
from fof.figures.journal_document import entry_row
from fof.intake import reversals
from fof.ledger import EntryRecord, View, taken_along
from fof.operations.reports import name_report
from fof.ui import booked, cited, data, foreign, frame, panels, permitted, say, widgets
from fof.ui.labels import named
from fof.ui.typed_amounts import say_unreadable, typed_fen
from fof.words import _
from models.kinds import EntryKind
from models.text import Text, counted

PAGE = 100
PARTIES_LISTED = 200
"""Parties offered in a list; of more, those that fit what was typed."""
ENTRY = "entry"
"""Under this name the entry that is open stands in the address."""


def head_row(entry: EntryRecord, chosen: frame.Choice) -> dict[str, Any]:
    """One entry as a table row."""
    named = document_text(" · ".join(p for p in (entry.source_name, entry.source_sheet) if p))
    source = " · ".join(str(p) for p in (named, entry.source_row) if p)
    states = []
    if entry.reversed_by is not None:
        states.append(f"{_('已被冲销', 'Reversed by')} {entry.reversed_by}")
    if entry.reverses is not None:
        states.append(f"{_('冲销', 'Reverse')} {entry.reverses}")
    if entry.effective_on > chosen.as_of:
        states.append(_("截至日之后", "after the as-of day"))
    return entry_row(entry) | {
        "recorded_utc": entry.recorded_at[:19].replace("T", " "),
        "source": None if not source else (source, entry.id),
        "state": " · ".join(states),
    }


HEAD = """
    entry kind effective_on recorded_at recorded_approved source=document postings state note=entry_note
    recorded_utc
"""
"""Columns of a list of entries."""


# -- search -------------------------------------------------------------------------------------------------------


def find(view: View, chosen: frame.Choice) -> None:
    """Entries that fit, newest first."""
    query = _asked(view)
    number = int(st.session_state.get(cited.whole("page", 1, 1, 1_000_000), 1))
    query = replace(query, hidden=unseen_records(view, frame.actor()).entries)
    matching = search(view, query, limit=PAGE, offset=(number - 1) * PAGE)
    if not matching.count:
        say.info(_("没有符合条件的分录。", "No entry fits."), icon=":material/search_off:")
        return
    widgets.table(
        f"{_('日记账', 'Journal')} {matching.count}",
        [head_row(e, chosen) for e in matching.entries],
        HEAD,
        "journal_table",
        pick=True,
        cite=widgets.Cited(ENTRY, lambda r: str(r["entry"]), elsewhere=True),
        height=420 if cited.chosen_code(ENTRY) is None else 230,  # the entry stands below it, in sight
    )
    pages = -(-matching.count // PAGE)
    if pages > 1:
        st.number_input(
            _("页 / {0}　（{1:,} 条分录）", "Page / {0} ({2})").format(
                pages, matching.count, counted(f"{matching.count:,}", "entry")
            ),
            1,
            pages,
            key="page",
            width=240,
        )


def _asked(view: View) -> Query:
    """What the search asks for."""
    kinds = ["", *(k.value for k in EntryKind)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            _("分录编号", "Entry number"),
            key="entry_number",
            width=120,
            placeholder="22086",
            on_change=_to_number,
        )
        text = st.text_input(
            _("文字", "Text"),
            key=cited.text("q"),
            placeholder=_("备注、编号、文件名、登记人", "Note, key, file, person"),
            width=240,
        )
        kind = st.selectbox(
            named("kind"),
            kinds,
            key=cited.choice("kind", kinds, "", what=Text("分录类型", "kind of entry")),
            width=180,
            format_func=lambda k: words.word(EntryKind(k)) if k else _("全部", "All"),
        )
        party = _party(view)
        amount = st.text_input(
            words.beside(named("amount"), words.unit_name("元", frame.choice().currency)),
            key=cited.text("amount"),
            placeholder="1000000.00",
            width=150,
        )
        live = st.toggle(_("只看有效", "Live only"), key=cited.flag("live"))
    return Query(
        kind=EntryKind(kind) if kind else None,
        text=text or None,
        party=view.by_code[party].id if party else None,
        fen=_fen(amount),
        live=bool(live),
    )


def _party(view: View) -> str:
    like = ""
    if len(view.by_code) > PARTIES_LISTED:
        like = st.text_input(
            _("主体名称或编号", "Party name or code"),
            key="party_like",
            placeholder=_("输入后在右侧选择", "type, then choose on the right"),
            width=180,
        )
    unseen = unseen_records(view, frame.actor())
    visible = [code for code in view.by_code if not unseen.hides(code)]
    key = cited.choice("party", ["", *visible], "", what=Text("主体", "party"))
    now = st.session_state[key]
    listed = ["", *data.parties_like(view, like or "", now or None, PARTIES_LISTED, visible)]
    chosen = st.selectbox(
        _("主体", "Party"),
        listed,
        key=key,
        width=280,
        format_func=lambda c: words.beside(view.name(view.by_code[c].id), c) if c else _("全部", "All"),
    )
    return str(chosen or "")


def _fen(amount: str | None) -> int | None:
    try:
        return typed_fen(amount)
    except ValueError:
        say_unreadable()
        return None


def _to_number() -> None:
    """An entry is found by its number."""
    cited.keep(ENTRY, str(st.session_state["entry_number"]).strip() or None)


# -- one entry ----------------------------------------------------------------------------------------------------


def opened(view: View, chosen: frame.Choice) -> None:
    """The entry that was picked, typed or named by the address, with everything it brought."""
    wanted = cited.chosen_code(ENTRY)
    if wanted is None:
        say.caption(
            _(
                "选中一行，或输入编号，看分录的全部内容。",
                "Choose a row or type a number to see an entry whole.",
            )
        )
        return
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    try:
        one = detail(view, number, unseen_records(view, frame.actor()).entries)
    except Unknown:
        say.error(
            f"{_('账中没有分录', 'The book has no entry')} {foreign.plain(wanted, 60)}",
            icon=":material/link_off:",
        )
        if chosen.known_at < number <= chosen.head:
            say.caption(
                f"{_('它登记在页首所选的已知时点之后：', 'It was recorded after the state of knowledge chosen above: ')}{chosen.known_at}"
            )
            frame.link(
                "journal",
                _("按最新的已知时点查看", "See it with the newest state of knowledge"),
                known_at=None,
                entry=number,
            )
        return
    widgets.section(f"{named('entry')} {one.head.id} · {words.word(EntryKind(one.head.kind))}")
    panels.entry(view, one, chosen)
    if one.head.reversed_by is None and one.head.reverses is None:
        _reversal(chosen, one.head.id, one.head.kind)


def _reversal(chosen: frame.Choice, entry: int, kind: str) -> None:
    with st.popover(_("冲销这条分录", "Reverse this entry"), icon=":material/undo:"):
        say.caption(
            _(
                "冲销后本分录的各行不再有效；分录与冲销都永久可见。",
                "Its rows stop counting; the entry and its reversal stay visible for ever.",
            )
        )
        now = chosen.journal.view()
        if along := taken_along(now, entry):
            heads = [now.entry(number) for number in along]
            say.warning(
                f"{_('一并冲销（依本分录作价的股权交易，及为同一交易的其他缴款）：', 'Reversed with it (deals in shares that have their value from it, other payments for the same deal): ')}"
                + _("、", ", ").join(
                    f"{named('entry')} {h.id} · {words.word(EntryKind(h.kind))}" for h in heads
                )
            )
        if closed := late.over_entry(now, entry):
            say.warning(
                f"{_('生效日在已结账的季度之内，会改变已报的数字：', 'Dated into a closed quarter; it changes what was reported: ')}{late.names(closed)}"
            )
        with st.form("reverse", border=False):
            why = st.text_area(named("reason"), key="why")
            if permitted.button(st.form_submit_button, _("冲销", "Reverse"), reversal_action(kind)):
                try:
                    done = reversals.reverse(frame.database(), frame.actor(), entry, why)
                except FofError as error:
                    say.error(error)
                    return
                booked.remember(done, _("已登记冲销分录", "Reversal recorded as entry"))
                st.rerun()


def name_state(chosen: frame.Choice) -> None:
    """Gives the state of knowledge of the header a report's name, so that the report can be printed again as it was."""
    with st.popover(_("给报告命名", "Name a report"), icon=":material/bookmark_add:"):
        say.caption(
            _(
                "名称指至表头的已知时点（分录 {}）；其后在“已知至”中选它，即得原来的数字。",
                "The name means the header's state of knowledge (entry {}); choose it under “Known at” for the same figures.",
            ).format(chosen.known_at)
        )
        with st.form("name_report", border=False):
            name = st.text_input(_("报告名称", "Report name"), key="report_name")
            why = st.text_input(_("是什么报告、交给了谁", "What it is, who was given it"), key="report_why")
            if permitted.button(st.form_submit_button, _("命名", "Name"), "book"):
                try:
                    done = name_report(frame.database(), frame.actor(), name, chosen.known_at, why)
                except FofError as error:
                    say.error(error)
                    return
                booked.remember(done, _("已命名，登记为分录", "Named, recorded as entry"))
                st.rerun()


# -- what changed -------------------------------------------------------------------------------------------------


def compare(chosen: frame.Choice) -> None:
    """Two states of knowledge: the headline figures then and now, and what each entry did to them."""
    portfolio = frame.portfolio()
    code = None if portfolio is None else portfolio.code
    with st.container(horizontal=True, vertical_alignment="bottom"):
        earlier = _moment(
            "earlier", _("较早的时点", "Earlier"), str(max(chosen.known_at - 50, 0)), chosen, code
        )
        until = chosen.known or f"{_('最新', 'latest')} {chosen.head}"
        say.caption(
            f"→ {_('已知至', 'Known at')} {foreign.plain(until)} · {_('截至', 'As of')} {chosen.as_of}"
        )
        name_state(chosen)
    if earlier is None:
        return
    if earlier > chosen.known_at:
        say.info(_("较早时点必须小于已知至分录。", "The earlier point must be below known-at."))
        return
    differences = changes(
        chosen.journal, chosen.as_of, earlier, chosen.known_at, code, same_too=True, actor=frame.actor()
    )
    say.caption(
        f"{named('entry')} {differences.earlier} → {differences.later}　{_('写作分录编号、日期（北京时间当日终）、已结账的季度或报告名称', 'an entry’s number, a day (to its end in Beijing), a closed quarter or a report')}"
    )
    _effects(differences.effects, chosen)
    _entries(differences, chosen)


def _moment(name: str, label: str, usual: str, chosen: frame.Choice, portfolio: str | None) -> int | None:
    """A state of knowledge from a list or as it was typed; None where it is none, which is said."""
    key = cited.bound(name, usual, str, lambda v: v, always=True)
    options = [n.name for n in names(chosen.journal, portfolio)]
    now = st.session_state[key]
    chosen_text = st.selectbox(
        label, options if now in options else [now, *options], key=key, accept_new_options=True, width=200
    )
    try:
        return known_at(chosen.journal, str(chosen_text or usual), words.today(), portfolio)
    except FofError as error:
        say.error(error, icon=":material/link_off:")
        return None


def _effects(effects: Sequence[Effect], chosen: frame.Choice) -> None:
    widgets.table(
        _("主要数字的变化", "Change of the headline figures"),
        [
            {
                "figure": named(e.figure),
                **{
                    n: effect_text(e.figure, getattr(e, n), chosen.unit)
                    for n in ("before", "after", "change")
                },
                "unit": words.unit_name(chosen.unit, e.currency) if e.figure in AMOUNTS else words.DASH,
            }
            for e in effects
        ],
        "figure before after change unit",
        "effects_table",
    )


def _entries(differences: Changes, chosen: frame.Choice) -> None:
    """Every entry with its part in each amount; the parts add up to the change."""
    touched = {entry for m in differences.moved for entry in m.parts}
    listed = {
        "added": [h for h in differences.entries if h.id in touched],
        "reversed": differences.reversed,
        "superseded": [h for h in differences.superseded if h.id in touched],
    }
    rows = [_part(row, chosen) for row in parts_rows(differences, listed)]
    widgets.section(
        _("各分录的影响", "What each entry did"),
        _(
            "金额为该分录对每个数字的影响；各行相加等于变化。",
            "The amounts are each entry's part in a figure; the rows add up to the change.",
        ),
    )
    widgets.table(
        _("各分录的影响", "What each entry did"),
        rows,
        [
            "entry",
            "what=change_kind",
            *(f"{name}=part_{name}" for name in AMOUNTS),
            *(
                "kind",
                "effective_on",
                "recorded_at",
                "recorded_approved",
                "source=document",
                "note=entry_note",
            ),
        ],
        "parts_table",
    )
    silent = [h for h in differences.entries if h.id not in touched]
    say.caption(
        _(
            "其间新登记 {0} 条分录，其中不改变以上金额的 {1} 条",
            "Recorded in between: {2}, of which leave these amounts as they are: {1}",
        ).format(len(differences.entries), len(silent), counted(len(differences.entries), "entry"))
    )
    if (
        silent
        and cited.box(
            "silent",
            _("不改变以上金额的分录", "Entries that leave these amounts as they are"),
            ":material/list:",
        ).open
    ):
        widgets.table(
            _("不改变以上金额的分录", "Entries that leave these amounts as they are"),
            [head_row(h, chosen) for h in silent],
            HEAD,
            "silent_table",
        )


def _part(row: dict[str, Any], chosen: frame.Choice) -> dict[str, Any]:
    """An entry with what it moved; a sum has the amounts alone."""
    head = row["record"]
    blank = dict.fromkeys(
        ("entry", "kind", "effective_on", "recorded_at", "recorded_approved", "source", "note")
    )
    own = head_row(head, chosen) if isinstance(head, EntryRecord) else blank
    return own | dict.fromkeys(AMOUNTS) | row
