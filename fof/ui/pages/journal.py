"""The journal: search, one entry with everything it brought, reversal with a reason, and what changed between two points."""

import streamlit as st

from fof import late, ledger, words
from fof.changes import changes
from fof.entries import Query, detail, search
from fof.errors import FofError
from fof.ledger import EntryRecord
from fof.ui import booked, data, frame, panels, widgets
from fof.ui.addresses import page
from fof.ui.widgets import Column
from fof.words import _
from models.kinds import EntryKind
from models.money import fen_of

PAGE = 100
PARTIES_LISTED = 200
"""Parties offered in a list; of more, those that fit what was typed."""

chosen = frame.choice()
journal = chosen.journal
view = journal.view(
    None, chosen.known_at
)  # by recording: what was learnt stands here whatever day the page shows

widgets.heading(_("日记账"))
if chosen.head == 0:
    widgets.empty(_("账中还没有分录。"), page("intake"), _("去导入"))
    st.stop()


def head_row(entry: EntryRecord) -> dict[str, object]:
    """One entry as a table row."""
    source = " · ".join(
        str(p) for p in (entry.source_name, entry.source_sheet, entry.source_row) if p is not None
    )
    state = words.DASH
    if entry.reversed_by is not None:
        state = f"{_('已被冲销')} {entry.reversed_by}"
    elif entry.reverses is not None:
        state = f"{_('冲销')} {entry.reverses}"
    if entry.effective_on > chosen.as_of:
        state = f"{'' if state == words.DASH else f'{state} · '}{_('截至日之后')}"
    return {
        "id": entry.id,
        "kind": words.word(EntryKind(entry.kind)),
        "day": entry.effective_on,
        "recorded": entry.recorded_at[:19].replace("T", " "),
        "by": entry.recorded_by + (f" / {entry.approved_by}" if entry.approved_by else ""),
        "source": source or words.DASH,
        "postings": entry.posting_count,
        "state": state,
        "note": entry.note or "",
    }


HEAD_COLUMNS = [
    Column("id", _("分录"), "int"),
    Column("kind", _("类型")),
    Column("day", _("生效日"), "day"),
    Column("recorded", _("登记时间（UTC）")),
    Column("by", _("登记 / 复核")),
    Column("source", _("来源"), width="medium"),
    Column("postings", _("笔数"), "int"),
    Column("state", _("状态")),
    Column("note", _("备注"), width="medium"),
]

find, compare = st.tabs([_("查找"), _("两个时点之间的变化")], key="journal_tab", on_change="rerun")
if find.open:
    with find:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            text = st.text_input(
                _("文字"),
                key="q",
                bind="query-params",
                placeholder=_("备注、编号、文件名、登记人"),
                width=240,
            )
            kind = st.selectbox(
                _("类型"), ["", *(k.value for k in EntryKind)], key="kind", bind="query-params", width=180,
                format_func=lambda k: words.word(EntryKind(k)) if k else _("全部"),
            )  # fmt: skip
            like = ""
            if len(view.by_code) > PARTIES_LISTED:
                like = st.text_input(
                    _("主体名称或编号"), key="party_like", placeholder=_("输入后在右侧选择"), width=180
                )
            party = st.selectbox(
                _("主体"), ["", *data.parties_like(view, like or "", st.query_params.get("party"), PARTIES_LISTED)],
                key="party", bind="query-params", width=280,
                format_func=lambda c: f"{view.name(view.by_code[c].id)}（{c}）" if c else _("全部"),
            )  # fmt: skip
            amount = st.text_input(
                f"{_('金额')}（{words.unit_name('元', chosen.currency)}）",
                key="amount",
                bind="query-params",
                placeholder="1000000.00",
                width=150,
            )
            live = st.toggle(_("只看有效"), key="live", bind="query-params")
        fen = None
        if amount and amount.strip():
            try:
                fen = fen_of(amount.strip().replace(",", ""))
            except ValueError:
                st.warning(_("金额须为数字，最多两位小数"))
        query = Query(
            kind=EntryKind(kind) if kind else None, text=text or None,
            party=view.by_code[party].id if party else None, fen=fen, live=live,
        )  # fmt: skip
        number = st.session_state.get("journal_page", 1)
        found = search(view, query, limit=PAGE, offset=(number - 1) * PAGE)
        if not found.count:
            st.info(_("没有符合条件的分录。"), icon=":material/search_off:")
        else:
            picked = widgets.table(
                f"{_('日记账')} {found.count}",
                [head_row(e) for e in found.entries],
                HEAD_COLUMNS,
                "journal_table",
                pick=True,
                height=420,
            )
            if found.count > PAGE:
                pages = -(-found.count // PAGE)
                st.number_input(
                    f"{_('页')} / {pages}　（{found.count:,} {_('条分录')}）",
                    1,
                    pages,
                    key="journal_page",
                    width=240,
                )
            wanted = picked["id"] if picked else st.query_params.get("entry")
            if wanted and str(wanted).isdigit():
                st.query_params["entry"] = str(wanted)
                one = detail(view, int(wanted))
                widgets.section(f"{_('分录')} {one.head.id} · {words.word(EntryKind(one.head.kind))}")
                panels.entry(view, one, chosen)
                if one.head.reversed_by is None and one.head.reverses is None:
                    with st.popover(_("冲销这条分录"), icon=":material/undo:"):
                        st.caption(_("冲销后本分录的各行不再有效；分录与冲销都永久可见。"))
                        if closed := late.over_entry(journal.view(), one.head.id):
                            st.warning(
                                f"{_('生效日在已结账的季度之内，会改变已报的数字：')}{late.names(closed)}"
                            )
                        with st.form("reverse", border=False):
                            why = st.text_area(_("原因"), key="why")
                            if st.form_submit_button(_("冲销"), type="primary"):
                                try:
                                    booked.remember(
                                        ledger.reverse(frame.database(), frame.actor(), one.head.id, why),
                                        _("已登记冲销分录"),
                                    )
                                    st.rerun()
                                except FofError as error:
                                    st.error(str(error))
if compare.open:
    with compare:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            earlier = st.number_input(
                _("较早的分录"),
                0,
                max(chosen.known_at - 1, 0),
                max(chosen.known_at - 50, 0),
                key="earlier",
                bind="query-params",
                width=160,
            )
            st.caption(f"→ {_('已知至分录')} {chosen.known_at} · {_('截至')} {chosen.as_of}")
        portfolio = frame.portfolio()
        if int(earlier) < chosen.known_at:
            change = changes(
                journal,
                chosen.as_of,
                int(earlier),
                chosen.known_at,
                None if portfolio is None else portfolio.code,
            )
            money = {"committed", "called", "paid_in", "distributed", "unfunded", "nav"}
            names = {
                "committed": _("认缴"), "called": _("已通知"), "paid_in": _("已实缴"), "distributed": _("已分配"), "unfunded": _("未实缴"),
                "nav": _("净值"), "dpi": "DPI", "rvpi": "RVPI", "tvpi": "TVPI", "irr": "IRR",
            }  # fmt: skip

            def shown(figure: str, value: float | None) -> str:
                """A figure in its own form."""
                if figure in money:
                    return words.amount(value, chosen.unit)
                return words.percent(value, 2) if figure == "irr" else words.multiple(value)

            widgets.table(
                _("主要数字的变化"),
                [
                    {
                        "figure": names[e.figure], "before": shown(e.figure, e.before), "after": shown(e.figure, e.after),
                        "change": shown(e.figure, e.change), "unit": words.unit_name(chosen.unit, e.currency),
                    }
                    for e in change.effects
                ],
                [Column("figure", _("数字")), Column("before", _("当时")), Column("after", _("现在")), Column("change", _("变化")), Column("unit", _("单位"))],
                "effects_table",
            )  # fmt: skip
            panels.record_table(
                _("其间冲销的较早分录"),
                [head_row(e) for e in change.reversed],
                HEAD_COLUMNS,
                "reversed_table",
                _("没有较早的分录被冲销。"),
            )
            panels.record_table(
                f"{_('其间新增的分录')} {len(change.entries)}", [head_row(e) for e in change.entries[-500:]], HEAD_COLUMNS, "added_table",
                _("没有新增分录。"),
            )  # fmt: skip
        else:
            st.info(_("较早时点必须小于已知至分录。"))
