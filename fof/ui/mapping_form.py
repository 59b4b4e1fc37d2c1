"""Drawing up a column mapping: the headers of a foreign table beside the columns of one of our layouts."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from fof import words
from fof.errors import FofError
from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import Mapping, suggest
from fof.importers.reader import read_file
from fof.intake import save_mapping
from fof.ui import frame, widgets
from fof.words import _


def draw(content: bytes, name: str) -> None:
    """The form; saving keeps the mapping in the book under its name."""
    chinese = words.language() == "zh"
    widgets.section(_("为这张表对应列名"), _("对应一次，存下后对同样的表格可重复使用"))
    try:
        file = read_file(content, name)
    except FofError as error:
        st.error(str(error))
        return
    rows = next((list(s.rows) for s in file.sheets if not s.hidden), [])
    headers = [str(cell)[1:] for cell in rows[0][1] if cell] if rows else []
    if not headers:
        st.info(_("没有找到表头。"))
        return
    layout = LAYOUTS[
        str(
            st.selectbox(
                _("读作"),
                list(LAYOUTS),
                format_func=lambda n: LAYOUTS[n].zh if chinese else LAYOUTS[n].en,
                key="map_layout",
                width=260,
            )
        )
    ]
    proposed = {header: column for column, header in suggest(layout, headers).items()}
    titles = {c.name: (c.zh if chinese else c.en) for c in layout.columns}
    names = {title: column for column, title in titles.items()}
    leave = _("不读")
    edited = st.data_editor(
        pd.DataFrame(
            {
                "header": headers,
                "column": [titles.get(proposed.get(h, ""), leave) for h in headers],
                "unit": ["" for _h in headers],
            }
        ),
        column_config={
            "header": st.column_config.TextColumn(_("原表列名"), disabled=True),
            "column": st.column_config.SelectboxColumn(
                _("我们的列"), options=[leave, *titles.values()], required=True
            ),
            "unit": st.column_config.SelectboxColumn(
                _("金额单位"), options=["", "元", "万元", "亿元", "USD", "USD million"]
            ),
        },
        hide_index=True,
        key="map_table",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input(_("映射名称"), key="map_name", width=260)
        save = st.button(_("保存映射"), type="primary")
    if not save:
        return
    chosen = {
        str(r["header"]): names[str(r["column"])] for _i, r in edited.iterrows() if r["column"] != leave
    }
    units = {
        names[str(r["column"])]: str(r["unit"])
        for _i, r in edited.iterrows()
        if r["column"] != leave and r["unit"]
    }
    try:
        mapping = Mapping(
            name=title.strip() or name, layout=layout.name, source=name, columns={c: h for h, c in chosen.items()}, units=units,
            ignore=[h for h in headers if h not in chosen],
        )  # fmt: skip
        save_mapping(frame.database(), frame.actor(), mapping, dt.date.today())
        st.success(_("映射已保存，在上方“列映射”里选用。"))
    except (FofError, ValueError) as error:
        st.error(str(error))
