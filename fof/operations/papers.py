"""Notices as papers: a workbook and a PDF. The same notices in the same language give the same bytes.

The papers are Chinese; in an English run each label has its English beside it (fof.words.official), and an English
sentence stands under each Chinese one.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any

from fof.operations.notices import InvestorNotice, money_text
from fof.words import official
from models.text import Text

_UNITS = {
    "CNY": Text("金额（人民币元）", "Amount (CNY yuan)"),
    "USD": Text("金额（美元）", "Amount (US dollars)"),
}
_TOTAL = Text("合计", "Total")
_SHARE = Text("认缴占比", "Share of commitments")
_ENTRY = Text("分录", "Entry")
_ACCOUNT = (Text("出资账户", "Account"), Text("本次之前", "Before"), Text("本次之后", "After"))
_BANK = Text(
    "收款账户以基金合伙协议及本基金正式公布的账户为准；付款前请电话核实。",
    "Pay to the account of the partnership agreement and the fund's own announcement; confirm it by telephone first.",
)


def _unit(notice: InvestorNotice) -> Text:
    """What the amounts are in."""
    other = Text(f"金额（{notice.currency}）", f"Amount ({notice.currency})")
    return _UNITS.get(notice.currency, other)


def notice_head(notice: InvestorNotice) -> list[tuple[Text, str]]:
    """Who, what and when, by label."""
    call = notice.due_on is not None
    return [
        (Text("基金名称", "Fund"), notice.fund),
        (Text("通知编号", "Notice"), notice.number),
        (Text("出资人", "Investor"), notice.investor),
        (Text("出资人代码", "Investor code"), notice.investor_code),
        (Text("管理人", "Manager"), notice.manager),
        (Text("托管人", "Custodian"), notice.custodian),
        (Text("通知日", "Notice day") if call else Text("分配日", "Pay day"), notice.notice_on.isoformat()),
        (Text("缴款截止日", "Due on") if call else _SHARE, str(notice.due_on) if call else notice.share),
        *([(_SHARE, notice.share), (Text("币种", "Currency"), notice.currency)] if call else []),
    ]


def _sentences(notice: InvestorNotice) -> list[str]:
    unit = {"CNY": "元", "USD": "美元"}.get(notice.currency, notice.currency)
    total, day = money_text(notice.total), notice.due_on
    if day is None:
        paid = f"{notice.currency} {total} is paid to you, made up as above."
        sentences = [Text(f"本次向贵方分配 {total} {unit}，分项如上。", paid)]
    else:
        until = f"{day.year} 年 {day.month} 月 {day.day} 日"
        asked = Text(
            f"请于 {until} 前（含当日）足额缴付本次出资 {total} {unit}。逾期按合伙协议的约定处理。",
            f"Please pay {notice.currency} {total} in full on or before {day}. The partnership agreement says what follows a late payment.",
        )
        sentences = [asked, _BANK]
    return [line for text in sentences for line in (text.zh, str(Text("", text.en))) if line]


def notices_pdf(notices: Sequence[InvestorNotice]) -> bytes:
    """One PDF, each investor on pages of their own, numbered from 1."""
    import manimgx_fonts_cjk
    import typst

    data = {
        "title": f"{official(notices[0].title)} {notices[0].number}",
        "foot": f"{notices[0].fund} · {notices[0].number} · {official(_ENTRY)} {notices[0].entry}",
        "item": official(Text("项目", "Item")),
        "account": [official(name) for name in _ACCOUNT],
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
        "title": official(notice.title),
        "head": [(official(name), value) for name, value in notice_head(notice)],
        "unit": official(_unit(notice)),
        "parts_title": official(
            Text("本次出资分项", "This call") if notice.due_on else Text("本次分配分项", "This distribution")
        ),
        "parts": [[official(name), money_text(fen)] for name, fen in notice.components],
        "total_label": official(_TOTAL),
        "total": money_text(notice.total),
        "balances": [
            [official(name), money_text(before), money_text(after)] for name, before, after in notice.balances
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
        book.set_properties({"title": notices[0].title.zh, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001
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
    sheet.write_string(0, 0, official(notice.title), bold)
    row = 2
    for name, value in notice_head(notice):
        sheet.write_string(row, 0, official(name), label)
        sheet.write_string(row, 1, value, text)
        row += 1
    row += 1
    sheet.write_string(row, 0, official(Text("本次分项", "Components")), label)
    sheet.write_string(row, 1, official(_unit(notice)), label)
    for name, fen in (*notice.components, (_TOTAL, notice.total)):
        row += 1
        sheet.write_string(row, 0, official(name), text)
        sheet.write_number(row, 1, fen / 100, number)
    row += 2
    for column, name in enumerate(_ACCOUNT):
        sheet.write_string(row, column, official(name), label)
    for name, before, after in notice.balances:
        row += 1
        sheet.write_string(row, 0, official(name), text)
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
