"""Risk-compensation pools: cockpit, limits, contributors, claim desk, loan register, months, findings."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from fof.figures import pool_months
from fof.figures import pools as pool_figures
from fof.ui import (
    cited,
    claim_desk,
    compliance,
    data,
    explained,
    frame,
    panels,
    pool_tables,
    table_rows,
    widgets,
)
from fof.ui.labels import named
from fof.words import _
from models.text import Text

MENU = (82, ("合规", "Compliance"), ("资金池", "Pools"))

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
codes = [view.parties[number].code for number in pool_tables.pools_read(view).pools]
if not codes:
    widgets.to_import(
        _(
            "账中还没有资金池：请导入合作协议、限额、出资约定、入池贷款、补偿申请与收付等表。",
            "No pool is registered yet: import agreements, limits, contributors, loans, claims and payments.",
        )
    )
    cited.finish()

ALL = "all"
pool = st.selectbox(
    named("pool"),
    [ALL, *codes],
    key=cited.choice("pool", [ALL, *codes], ALL, what=Text("资金池", "pool")),
    format_func=lambda code: (
        _("全部资金池", "All pools") if code == ALL else view.name(view.by_code[code].id)
    ),
    width=320,
)
one = None if pool == ALL else pool
listed = pool_tables.tables_of(view, one)
for row in listed.documents["pools"].rows if one is not None else ():
    names = "pool_balance pool_outstanding claims_open pool_stopped_on"
    widgets.headline(data.headline_of(row, names, chosen.unit))
OPENS = {
    "pools": ("pool", None),
    "limits": ("limit", None),
    "contributors": ("pool", "contributor"),
    "claims": ("claim", None),
    "loans": ("loan", None),
}
"""Table → the columns that say whose a figure is that opens."""


def whose(row: dict[str, object], of: str, owner: str | None) -> str:
    return str(row[of]) if owner is None else f"{row[of]}:{row[owner]}"


documents = {
    "pools": pool_figures.POOLS,
    "limits": pool_figures.POOL_LIMITS,
    "contributors": pool_figures.POOL_CONTRIBUTORS,
    "claims": pool_figures.POOL_CLAIMS,
    "loans": pool_figures.POOL_LOANS,
    "months": pool_months.POOL_MONTHS,
}
for table, document in documents.items():
    find = None
    if table == "loans":
        rows: Sequence[dict[str, Any]] = table_rows.RowsOnDemand(listed.loans, dict, currencies=["CNY"])
        find = listed.loans.of
    else:
        rows = table_rows.on_demand(listed.documents[table])
    columns = " ".join(name for name in document.rows if one is None or name != "pool")
    nothing = _("没有记录。", "Nothing is registered.")
    of, owner = OPENS.get(table, (None, None))
    panels.record_table(
        str(document.text),
        rows,
        columns,
        f"{document.name}_table",
        nothing,
        explain=None if of is None else explained.pools(view, of, owner),
        cite=None
        if of is None
        else widgets.Cited(f"open_{table}", partial(whose, of=of, owner=owner), find=find),
    )

claim_desk.desk(view, one)

judged = pool_tables.findings(view, one)
compliance.headline(judged, chosen, of_funds=False)
verdicts, only_open = compliance.listed(["breach", "unknown", "warn"])
compliance.queue(view, judged, verdicts, only_open, chosen, look_back=False)
