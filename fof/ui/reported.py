"""What a manager reported beside what the book says."""

from __future__ import annotations

from typing import Any

from fof.figures.documents import FUND
from fof.figures.fund_document import reported_row
from fof.figures.reported import Reported, reported
from fof.ledger import View
from fof.ui import say, table_rows, widgets
from fof.words import _


def panel(view: View, fund: int) -> None:
    """Every reported figure of a fund, newest first; what differs is said with its size."""
    reports = reported(view, [fund])
    if not reports:
        widgets.to_import(
            _(
                "还没有管理人报告的 DPI、TVPI 或净 IRR。它们是基金的属性，可用“属性”表导入。",
                "No reported DPI, TVPI or net IRR yet. They are attributes of the fund; import them with the attributes sheet.",
            )
        )
        return
    wrong = sum(r.agrees is False for r in reports)
    say.caption(
        f"{_('全体出资人、净额；容差为报告末位的一个单位。不一致', 'All investors together, net; tolerance one unit of the last printed place. Disagreeing')} {wrong} / {sum(r.agrees is not None for r in reports)}"
    )
    widgets.table(
        f"{view.name(fund)} · {_('报告核对', 'Reported figures')}",
        [_row(r) for r in reports],
        "day=stated_on label=figure stated ours difference value=verdict document entry note",
        "fund_reported",
    )


def _row(report: Reported) -> dict[str, Any]:
    """A reported figure in its own form, with the way to its document."""
    row = table_rows.row_of(FUND, reported_row(report))
    document = None if not report.document else (report.document, report.entry)
    return {**row, **row["texts"], "document": document}
