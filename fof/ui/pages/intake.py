"""Import: upload, look at what booking would do, confirm; templates; column mappings for foreign tables."""

import hashlib

import streamlit as st

from fof import words
from fof.access import ENTRY_ACTIONS
from fof.errors import FofError
from fof.importers.layouts import LAYOUTS
from fof.importers.template import template
from fof.intake import Preview, book, preview, saved_mappings
from fof.intake.grouped import grouped, problem_list
from fof.ui import booked, cited, frame, mapping_form, panels, permitted, say, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import counted

MENU = (90, ("账簿", "Book"), ("导入", "Import"))

chosen = frame.choice()
view = chosen.journal.view()


def layout_name(name: str) -> str:
    """A layout as it is titled in this language."""
    return str(LAYOUTS[name].text)


def looked_at(content: bytes, name: str) -> Preview:
    """The preview of this file against the book as it stands; kept while neither changes."""
    asked = (hashlib.sha256(content).digest(), name, layout, mapping, frame.journal().view().prefix.digest)
    cached = st.session_state.get("preview")
    if cached is None or cached[0] != asked:
        seen = preview(frame.database(), content, name, layout=layout or None, mapping=mapping)
        cached = st.session_state["preview"] = (asked, seen)
    answer: Preview = cached[1]
    return answer


def preview_digest(seen: Preview) -> str:
    """What a person has agreed to: the file, every entry it brings, everything that was pointed out."""
    sentences = [str(p) for p in (*seen.duplicates, *seen.warnings)]
    parts = "\n".join([seen.digest, *(d.key for d in seen.drafts), *sentences])
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


widgets.heading()
with st.expander(_("下载空白模板", "Empty templates"), icon=":material/description:"):
    wanted = st.multiselect(
        named("layout"),
        list(LAYOUTS),
        default=["parties", "funds", "commitments"],
        format_func=layout_name,
        key=cited.in_new_words("templates"),
    )
    unit = st.segmented_control(
        _("金额单位", "Unit of amounts"), list(words.UNITS), default="元", key="template_unit", required=True
    )
    if wanted:
        st.download_button(
            _("下载模板", "Download template"),
            lambda: template([LAYOUTS[n] for n in wanted], unit=unit or "元", language=words.language()),
            file_name="fof-template.xlsx",
            on_click="ignore",
        )

upload = st.file_uploader(
    _("工作簿或 csv（20 MB 以内）", "Workbook or csv (up to 20 MB)"),
    type=["xlsx", "csv"],
    key=f"upload_{st.session_state.get('uploads', 0)}",
)
if upload is None:
    say.caption(
        _(
            "先预览，后入账：整个文件通过检查才会写入，有一处问题就什么都不写。同一文件重复导入不会重复入账。",
            "Preview first, then book: a file is written as a whole or not at all. The same file again books nothing twice.",
        )
    )
    cited.finish()

mappings = saved_mappings(view)
saved = st.session_state.get(mapping_form.CHOSEN, "")
if saved in mappings:
    say.success(
        words.labelled(_("映射已保存并选用", "Mapping saved and chosen"), saved),
        icon=":material/check_circle:",
    )
turn = f"{st.session_state.get('uploads', 0)}_{saved}"  # another file or a mapping just saved: other widgets
with st.container(horizontal=True, vertical_alignment="bottom"):
    layout = st.selectbox(
        named("layout"),
        ["", *LAYOUTS],
        format_func=lambda n: layout_name(n) if n else _("按工作表名或表头识别", "By sheet title or headers"),
        key=cited.in_new_words(f"layout_{turn}"),
        width=260,
    )
    mapping_name = st.selectbox(
        _("列映射", "Column mapping"),
        ["", *mappings],
        index=["", *mappings].index(saved) if saved in mappings else 0,
        format_func=lambda n: n or _("不用映射", "No mapping"),
        key=cited.in_new_words(f"mapping_{turn}"),
        width=260,
        help=_(
            "别的机构的表格：对应一次列名，存下后可重复使用",
            "For another institution's table: map its headers once, keep and reuse",
        ),
    )
mapping = mappings.get(str(mapping_name)) if mapping_name else None
content = upload.getvalue()
with st.spinner(_("正在检查……", "Checking …")):
    preview_read = looked_at(content, upload.name)

if preview_read.problems:
    say.error(
        _("{0}：{1} 处问题，未写入任何内容", "{0}: {2}, nothing written").format(
            preview_read.file, len(preview_read.problems), counted(len(preview_read.problems), "problem")
        ),
        icon=":material/block:",
    )
    widgets.table(
        f"{preview_read.file} · {named('problems')}",
        [
            {
                "sheet": g.first.where.sheet or words.DASH,
                "rows": g.rows or words.DASH,
                "count": g.number,
                "field": g.first.where.named(words.language()) or words.DASH,
                "found": g.found or words.DASH,
                "expected": str(g.first.expected),
                "code": g.first.code,
            }
            for g in grouped(preview_read.problems)
        ],
        "sheet rows field found expected code=problem_code count",
        "problems_table",
    )
    st.download_button(
        _("下载全部问题", "Download every problem"),
        lambda: problem_list(preview_read.file, preview_read.problems, words.language()),
        file_name="fof-problems.xlsx",
        on_click="ignore",
    )
    if any(
        p.code
        in (
            "unknown_layout",
            "unknown_header",
            "missing_header",
            "layout_unclear",
            "unit_missing",
            "share_unit_missing",
        )
        for p in preview_read.problems
    ):
        mapping_form.draw(content, upload.name)
    cited.finish()

widgets.headline(
    [
        (named("entries_to_come"), str(len(preview_read.drafts)), None),
        (
            named("already"),
            str(len(preview_read.already)),
            _("内容相同，不会重复入账", "Same content; nothing is booked twice"),
        ),
        (
            named("likely_duplicates"),
            str(len(preview_read.duplicates)),
            _(
                "同一基金、日期、金额已以别的编号入账",
                "Same fund, day and amount are booked under another reference",
            ),
        ),
        (named("warnings_count"), str(len(preview_read.warnings)), None),
    ]
)
widgets.table(
    f"{preview_read.file} · {named('sheet')}",
    [
        {
            "sheet": s.sheet or preview_read.file,
            "layout": layout_name(s.layout),
            "rows": s.rows,
            "skipped": s.skipped,
            "totals": words.clauses(f"{t.header} {words.amount(t.fen, '元')} {t.currency}" for t in s.totals),
        }
        for s in preview_read.sheets
    ],
    "sheet layout rows=row_count skipped totals=sheet_totals",
    "sheets_table",
)
kinds = "　".join(f"{words.word(kind)} {count}" for kind, count in preview_read.entries.items())
if kinds:
    days = [d.effective_on for d in preview_read.drafts]
    say.caption(
        _("将写入：{}　日期 {} – {}", "Will write: {}  Day {} – {}").format(kinds, min(days), max(days))
    )
    if max(days) > words.today():
        late = sum(day > words.today() for day in days)
        say.warning(
            f"{late} {_('条分录的日期在今天之后，请核对年份；以今天为截至日的页面上看不到它们。', 'entries are dated after today; is the year right? Pages as of today do not show them.')}",
            icon=":material/event_upcoming:",
        )
for title, listed in (
    (named("likely_duplicates"), preview_read.duplicates),
    (named("warnings_count"), preview_read.warnings),
    (_("账中已有，不再登记", "In the book already, not booked again"), preview_read.repeated),
):
    if listed:
        notes = [
            {
                "where": " · ".join(
                    t for t in (g.first.where.sheet, g.rows, g.first.where.named(words.language())) if t
                ),
                "found": g.found or words.DASH,
                "note": str(g.first.expected),
            }
            for g in grouped(listed)
        ]
        panels.record_table(
            title,
            notes,
            "where=place found note",
            f"{title}_table",
            "",
        )

if not preview_read.drafts:
    say.info(
        _("文件里的内容账中都已有，没有可新增的。", "The book holds everything in this file already."),
        icon=":material/check:",
    )
    cited.finish()
why = None
for late_problem in preview_read.late:
    say.warning(str(late_problem.expected), icon=":material/history:")
    why = st.text_input(
        _("补记理由", "Reason for booking it late"), key=f"late_why_{preview_read.digest[:16]}", width=420
    )
agreed = preview_digest(preview_read)
if st.session_state.get("shown_for") == (
    preview_read.digest,
    layout,
    mapping_name,
) and agreed != st.session_state.get("shown"):
    say.warning(
        _(
            "账本在预览之后有变化，内容已重新检查，请再看一遍再入账。",
            "The book has changed since the preview; the file was checked again. Look once more before booking.",
        ),
        icon=":material/sync:",
    )
st.session_state["shown"], st.session_state["shown_for"] = agreed, (preview_read.digest, layout, mapping_name)
if permitted.button(
    st.button,
    f"{_('入账', 'Book')} {len(preview_read.drafts)} {_('条分录', 'entries')}",
    *(sorted({ENTRY_ACTIONS[d.kind] for d in preview_read.drafts}) or ["book"]),
    disabled=bool(preview_read.late) and not (why or "").strip(),
    key=f"book_{agreed}",  # another preview, another button: a click on what was shown before books nothing
):
    try:
        written = book(
            frame.database(),
            frame.actor(),
            content,
            upload.name,
            layout=layout or None,
            mapping=mapping,
            digest=preview_read.digest,
            why=why,
        )
        booked.remember(written, _("{}：已登记分录", "{}: recorded entries").format(upload.name))
        st.session_state.pop("preview", None)
        st.session_state.pop(mapping_form.CHOSEN, None)
        st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
        st.rerun()
    except FofError as error:
        say.error(error.text(words.language()))
