"""Notices as papers: a workbook and a PDF in Chinese. The same notices give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any

from fof.operations.notices import InvestorNotice, money_text

_UNITS = {"CNY": "金额（人民币元）", "USD": "金额（美元）"}
_BANK = "收款账户以基金合伙协议及本基金正式公布的账户为准；付款前请电话核实。"


def notice_head(notice: InvestorNotice) -> list[tuple[str, str]]:
    """Who, what and when, by label."""
    call = notice.due_on is not None
    return [
        ("基金名称", notice.fund),
        ("通知编号", notice.number),
        ("出资人", notice.investor),
        ("出资人代码", notice.investor_code),
        ("管理人", notice.manager),
        ("托管人", notice.custodian),
        ("通知日" if call else "分配日", notice.notice_on.isoformat()),
        ("缴款截止日" if call else "认缴占比", str(notice.due_on) if call else notice.share),
        *([("认缴占比", notice.share), ("币种", notice.currency)] if call else []),
    ]


def _sentences(notice: InvestorNotice) -> list[str]:
    unit = {"CNY": "元", "USD": "美元"}.get(notice.currency, notice.currency)
    if notice.due_on is None:
        return [f"本次向贵方分配 {money_text(notice.total)} {unit}，分项如上。"]
    until = f"{notice.due_on.year} 年 {notice.due_on.month} 月 {notice.due_on.day} 日"
    return [
        f"请于 {until} 前（含当日）足额缴付本次出资 {money_text(notice.total)} {unit}。逾期按合伙协议的约定处理。",
        _BANK,
    ]


def notices_pdf(notices: Sequence[InvestorNotice]) -> bytes:
    """One PDF, each investor on pages of their own, numbered from 1."""
    import manimgx_fonts_cjk
    import typst

    data = {
        "title": f"{notices[0].title} {notices[0].number}",
        "foot": f"{notices[0].fund} · {notices[0].number} · 分录 {notices[0].entry}",
        "notices": [_page(n) for n in notices],
    }
    with (
        as_file(files("fof.operations") / "notice.typ") as source,
        as_file(files(manimgx_fonts_cjk.__name__)) as fonts,
    ):
        made = typst.compile(
            str(source),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    return bytes(made)


def _page(notice: InvestorNotice) -> dict[str, Any]:
    return {
        "title": notice.title,
        "head": notice_head(notice),
        "unit": _UNITS.get(notice.currency, f"金额（{notice.currency}）"),
        "parts_title": "本次出资分项" if notice.due_on else "本次分配分项",
        "parts": [[name, money_text(fen)] for name, fen in notice.components],
        "total_label": "合计",
        "total": money_text(notice.total),
        "balances": [
            [name, money_text(before), money_text(after)] for name, before, after in notice.balances
        ],
        "lines": _sentences(notice),
        "signed": notice.manager if notice.manager != "—" else notice.fund,
        "day": notice.notice_on.isoformat(),
    }


def notices_workbook(notices: Sequence[InvestorNotice]) -> bytes:
    """One sheet for each investor; amounts are numbers in yuan, texts stay texts."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        # a fixed day: the same notices, the same bytes
        book.set_properties({"title": notices[0].title, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001
        bold = book.add_format({"bold": True, "font_size": 14})
        label = book.add_format({"bold": True, "bg_color": "#F0F0F0", "border": 1})
        text = book.add_format({"border": 1})
        number = book.add_format({"border": 1, "num_format": "#,##0.00"})
        for place, notice in enumerate(notices, 1):
            sheet = book.add_worksheet(_sheet_name(place, notice.investor_code))
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, 2, 28)
            _write_sheet(sheet, notice, bold, label, text, number)
    return out.getvalue()


def _write_sheet(sheet: Any, notice: InvestorNotice, bold: Any, label: Any, text: Any, number: Any) -> None:
    sheet.write_string(0, 0, notice.title, bold)
    row = 2
    for name, value in notice_head(notice):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, value, text)
        row += 1
    row += 1
    sheet.write_string(row, 0, "本次分项", label)
    sheet.write_string(row, 1, _UNITS.get(notice.currency, notice.currency), label)
    for name, fen in (*notice.components, ("合计", notice.total)):
        row += 1
        sheet.write_string(row, 0, name, text)
        sheet.write_number(row, 1, fen / 100, number)
    row += 2
    for column, name in enumerate(("出资账户", "本次之前", "本次之后")):
        sheet.write_string(row, column, name, label)
    for name, before, after in notice.balances:
        row += 1
        sheet.write_string(row, 0, name, text)
        for column, balance in ((1, before), (2, after)):
            if balance is None:
                sheet.write_blank(row, column, None, text)
            else:
                sheet.write_number(row, column, balance / 100, number)
    for line in _sentences(notice):
        row += 1
        sheet.write_string(row + 1, 0, line)


def _sheet_name(place: int, code: str) -> str:
    """Unique within the book, at most 31 characters, none that Excel refuses."""
    clean = "".join("_" if c in "[]:*?/\\'" else c for c in code)
    return f"{place} {clean}"[:31]
