"""The small instruments: a table for each, the leverage of public money, the sheet of PI-12, and what the rules say."""

import streamlit as st

from fof import audit
from fof.figures.instruments import INSTRUMENT_TABLES, instrument_document
from fof.ui import background, cited, compliance, frame, table_rows, widgets
from fof.words import _
from models.text import Text

MENU = (84, ("合规", "Compliance"), ("专项工具", "Instruments"))
TITLES = {
    "vouchers": Text("创新券", "Vouchers"),
    "subsidies": Text("后补助", "Post-subsidies"),
    "incubators": Text("孵化载体", "Incubators"),
    "angels": Text("天使投资人", "Angels"),
    "results": Text("财政资金成果", "Funded results"),
    "deductions": Text("投资抵扣", "Tax deductions"),
    "services": Text("投后服务", "Services"),
    "national": Text("国家资金", "National funds"),
    "leverage": Text("财政资金放大", "Leverage"),
    "statistics": Text("三新、双创统计", "Statistics"),
}

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
table = st.selectbox(
    _("专项工具", "Instrument"),
    list(INSTRUMENT_TABLES),
    key=cited.choice("instrument", list(INSTRUMENT_TABLES), "vouchers", what=Text("专项工具", "instrument")),
    format_func=lambda name: str(TITLES[name]),
    width=320,
)
answer = instrument_document(view, table)
title = str(answer.document.text)
means = answer.document.meaning
columns = " ".join(f"{name}={means[name]}" if name in means else name for name in answer.document.rows)
widgets.section(title)
if answer.rows:
    rows = [row | (row.get("texts") or {}) for row in table_rows.listed(answer)]
    widgets.table(title, rows, columns, f"{answer.document.name}_table")
else:
    widgets.to_import(
        _(
            "没有记录：请导入创新券、后补助、孵化载体、财政资金成果、投资抵扣、投后服务等表。",
            "Nothing is registered: import applications, incubators, results, deductions, services.",
        )
    )

judged = background.answer("instruments", (view.prefix.digest, chosen.as_of), lambda: audit.instruments(view))
compliance.headline(judged, chosen, of_funds=False)
verdicts, only_open = compliance.listed(["breach", "unknown", "warn"])
compliance.queue(view, judged, verdicts, only_open, chosen, look_back=False)
