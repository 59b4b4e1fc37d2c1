"""Drawing up a column mapping: the headers of a foreign table beside the columns of one of our layouts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fof import words
from fof.errors import FofError
from fof.importers.columns import CellType, Layout
from fof.importers.headers import LOOKED_AT
from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import Creation, suggest, validated
from fof.importers.reader import read_file
from fof.importers.sheets import RawRow
from fof.intake import save_mapping
from fof.ui import cited, frame, permitted, say, widgets
from fof.ui.labels import named
from fof.words import _
from models.kinds import PartyKind

UNITS = ("元", "万元", "百万元", "亿元", "USD", "USD thousand", "USD million")
PERCENT, FRACTION = "%", "0–1"
PARTIES = ("fund", "holder", "investor", "company", "counterparty", "buyer", "owner", "owned")
"""Columns that name a party, which a mapping may register."""
CHOSEN = "mapping_chosen"
"""Session state: the mapping saved for the file on the page, chosen there until it is booked."""


def header_of(rows: Sequence[RawRow]) -> tuple[list[str], list[str]]:
    """Headers and the first values below them: of the first rows, the first that is about as wide as the widest."""
    looked = rows[:LOOKED_AT]
    most = max((sum(c is not None for c in cells) for _n, cells in looked), default=0)
    for place, (_number, cells) in enumerate(looked):
        filled = [i for i, cell in enumerate(cells) if cell is not None]
        if len(filled) * 10 >= most * 6:
            below = looked[place + 1][1] if place + 1 < len(looked) else []
            values = [below[i] if i < len(below) else None for i in filled]
            return [str(cells[i])[1:] for i in filled], [(v or " ")[1:] for v in values]
    return [], []


def draw(content: bytes, name: str) -> None:
    """The form; saving keeps the mapping in the book under its name and chooses it."""
    widgets.section(
        _("为这张表对应列名", "Map this table's columns"),
        _(
            "对应一次，存下后对同样的表格可重复使用",
            "Map once, keep it, use it again for tables of the same form",
        ),
    )
    try:
        file = read_file(content, name)
    except FofError as error:
        say.error(error)
        return
    headers, samples = header_of(next((list(s.rows) for s in file.sheets if not s.hidden), []))
    if not headers:
        say.info(_("没有找到表头。", "No header row was found."))
        return
    layout = LAYOUTS[
        str(
            st.selectbox(
                _("读作", "Read as"),
                list(LAYOUTS),
                format_func=lambda n: str(LAYOUTS[n].text),
                key=cited.in_new_words("map_layout"),
                width=260,
            )
        )
    ]
    titles = {c.name: (str(c.text)) for c in layout.columns}
    columns, units = _columns(layout, titles, headers, samples)
    constants = _constants(layout, titles, set(columns.values()))
    create = _creations(titles, [n for n in PARTIES if n in {*columns.values(), *constants}])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input(_("映射名称", "Name of the mapping"), key="map_name", width=260)
        save = permitted.button(st.button, _("保存映射", "Save the mapping"), "save_mapping")
    if not save:
        return
    if lacking := [
        titles[c.name] for c in layout.columns if c.required and c.name not in {*columns.values(), *constants}
    ]:
        say.error(
            words.labelled(
                _("必填列还没有对应，也没有固定值", "Required columns neither mapped nor given a value"),
                words.listed(lacking),
            )
        )
        return
    kinds = {c.name: c.cell for c in layout.columns}
    shares = {columns[h]: u for h, u in units.items() if kinds[columns[h]] is CellType.SHARE}
    try:
        mapping = validated(
            {
                "name": title.strip() or name,
                "layout": layout.name,
                "source": name,
                "columns": {column: header for header, column in columns.items()},
                "units": {columns[h]: u for h, u in units.items() if u in UNITS and columns[h] not in shares},
                "shares": {
                    n: "percent" if u == PERCENT else "fraction"
                    for n, u in shares.items()
                    if u in (PERCENT, FRACTION)
                },
                "constants": constants,
                "create": {column: creation.model_dump() for column, creation in create.items()},
                "ignore": [h for h in dict.fromkeys(headers) if h not in columns],
            },
            title.strip() or name,
        )
        save_mapping(frame.database(), frame.actor(), mapping, words.today())
    except (FofError, ValueError) as error:
        say.error(error)
        return
    st.session_state[CHOSEN] = mapping.name
    st.rerun()


def _columns(
    layout: Layout, titles: dict[str, str], headers: list[str], samples: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Header → our column, and header → unit, as the person has set them."""
    proposed = {header: column for column, header in suggest(layout, headers).items()}
    names = {title: column for column, title in titles.items()}
    leave, as_headed = _("不读", "not read"), _("按表头", "as the header says")
    edited = st.data_editor(
        pd.DataFrame(
            {
                "header": headers,
                "sample": samples,
                "column": [titles.get(proposed.get(h, ""), leave) for h in headers],
                "unit": [as_headed for _h in headers],
            }
        ),
        column_config={
            "header": st.column_config.TextColumn(_("原表列名", "Header in the file"), disabled=True),
            "sample": st.column_config.TextColumn(_("原表首行", "First row"), disabled=True),
            "column": st.column_config.SelectboxColumn(
                _("我们的列", "Our column"), options=[leave, *titles.values()], required=True
            ),
            "unit": st.column_config.SelectboxColumn(
                named("unit"),
                options=[as_headed, *UNITS, PERCENT, FRACTION],
                required=True,
                help=_(
                    "表头没有写明金额单位或百分数时填写", "Where the header states neither unit nor per cent"
                ),
            ),
        },
        hide_index=True,
        key=f"map_table_{layout.name}",
    )
    rows = [(str(r["header"]), str(r["column"]), str(r["unit"])) for _i, r in edited.iterrows()]
    columns = {header: names[title] for header, title, _u in rows if title in names}
    return columns, {header: unit for header, _t, unit in rows if header in columns and unit != as_headed}


def _constants(layout: Layout, titles: dict[str, str], mapped: set[str]) -> dict[str, str]:
    """Our column → the text that every row gets, for what the foreign table has no column of."""
    left = [c.name for c in layout.columns if c.name not in mapped]
    needed = [c.name for c in layout.columns if c.required and c.name in left]
    chosen = st.multiselect(
        _(
            "原表没有的列：填一个值，每一行都用它（必填列已选）",
            "Columns the table lacks: one value for every row (required ones are chosen)",
        ),
        left,
        default=needed,
        format_func=lambda name: titles[name],
        key=cited.in_new_words(f"map_constants_{layout.name}_{'_'.join(needed)}"),
    )
    constants: dict[str, str] = {}
    with st.container(horizontal=True):
        for name in chosen:
            text = st.text_input(titles[name], key=f"map_constant_{layout.name}_{name}", width=200)
            if text.strip():
                constants[name] = text.strip()
    return constants


def _creations(titles: dict[str, str], columns: list[str]) -> dict[str, Creation]:
    """Our column → parties the import may register where the file names an unknown one."""
    creations: dict[str, Creation] = {}
    for column in columns:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = st.selectbox(
                words.labelled(titles[column], _("账中没有的", "if not in the book")),
                ["", *(k.value for k in PartyKind)],
                format_func=lambda v: (
                    _("不登记，照常拒绝", "do not register, refuse") if not v else _named(v)
                ),
                key=cited.in_new_words(f"map_create_{column}"),
                width=260,
            )
            currency = st.text_input(named("currency"), "CNY", key=f"map_currency_{column}", width=120)
        if kind:
            constants = {"currency": currency.strip().upper()} if currency.strip() else {}
            creations[column] = Creation(kind=str(kind), constants=constants)
    return creations


def _named(value: str) -> str:
    kind = PartyKind(value)
    return f"{_('登记为', 'register as')} {kind.text!s}"
