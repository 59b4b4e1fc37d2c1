"""The request list of the co-investment audit: what each unknown lacks, from whom; asked, answered, still open."""

import datetime as dt

import streamlit as st

from fof.audit.casefile.request_list import RequestList, ask, request_lines, request_workbook
from fof.audit.casefile.requests_document import request_row
from fof.audit.coinvestment.register import institutions
from fof.errors import FofError
from fof.figures.audit_documents import REQUEST_LIST
from fof.ui import background, booked, cited, data, frame, permitted, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _, today
from models.text import Text, counted

MENU = (77, ("合规", "Compliance"), ("资料需求", "Request list"))
COLUMNS = "staff_stake item=request_item rules=request_rules request asked_on due=request_due answer=request_answer answered_by answered_on"

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
firms = institutions(view, frame.actor())
if not firms:
    widgets.to_import(_("账中还没有跟投登记。", "No co-investment is registered yet."))
    cited.finish()
firm = st.selectbox(
    named("institution"),
    firms,
    key=cited.choice("institution", firms, firms[0], what=Text("机构", "institution")),
    format_func=lambda code: view.name(view.by_code[code].id),
    width=320,
)
day = today()
asked = background.answer(
    "request_list",
    (view.prefix.digest, chosen.as_of, firm, day),
    lambda: RequestList.on(request_lines(view, str(firm)), day),
)
names = "unasked=requests_unasked open=requests_open overdue=request_overdue"
widgets.headline(data.headline_of(asked, names, frame.choice().unit))
if not asked.lines:
    say.success(_("没有缺少的资料。", "Nothing is missing."), icon=":material/check_circle:")
    cited.finish()
rows = table_rows.RowsOnDemand(
    asked.lines,
    lambda line: table_rows.row_of(REQUEST_LIST, request_row(line, day)) | {"staff_stake": line.stake},
)
widgets.table(_("资料需求清单", "Request list"), rows, COLUMNS, "requests_table", height=460)
with st.container(horizontal=True, vertical_alignment="bottom"):
    due = st.date_input(
        named("request_due"),
        value=today() + dt.timedelta(days=10),
        key="requests_due",
        width=180,
        format="YYYY-MM-DD",
    )
    label = _("提出 {0} 项需求", "Ask for {1}").format(asked.unasked, counted(asked.unasked, "item"))
    nothing = not asked.unasked
    if permitted.button(st.button, label, "request", disabled=nothing, key="requests_ask"):
        try:
            until = due if isinstance(due, dt.date) else today()
            booked.remember(ask(frame.database(), frame.actor(), str(firm), today(), until, chosen.as_of))
            st.rerun()
        except FofError as error:
            say.error(error)
    newest = view.journal.view()
    st.download_button(
        _("需求清单工作簿", "Workbook of the open requests"),
        lambda: request_workbook(request_lines(newest, str(firm))),
        file_name=f"requests-{firm}-{today()}.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )
say.caption(
    _(
        "机构在工作簿中逐项填写答复（已提供、不存在、非本单位）、答复人、答复日与文件，原样导入即可。",
        "The institution answers each line (provided, does not exist, not ours), by whom, when and with which document; the workbook is imported as it comes back.",
    )
)
