"""What a manager reported beside what the book says."""

from __future__ import annotations

from fof.figures.reported import Reported, reported
from fof.ledger import View
from fof.ui import data, say, widgets
from fof.ui.addresses import page
from fof.ui.labels import named
from fof.words import _

_NAMES = {"dpi": "DPI", "tvpi": "TVPI", "irr": "IRR"}


def panel(view: View, fund: int) -> None:
    """Every reported figure of a fund, newest first; what differs is said with its size."""
    reports = reported(view, [fund])
    if not reports:
        widgets.empty(
            _(
                "还没有管理人报告的 DPI、TVPI 或净 IRR。它们是基金的属性，可用“属性”表导入。",
                "No reported DPI, TVPI or net IRR yet. They are attributes of the fund; import them with the attributes sheet.",
            ),
            page("intake"),
            _("去导入", "Go to import"),
        )
        return
    wrong = sum(r.agrees is False for r in reports)
    say.caption(
        f"{_('全体出资人、净额；容差为报告末位的一个单位。不一致', 'All investors together, net; tolerance one unit of the last printed place. Disagreeing')} {wrong} / {sum(r.agrees is not None for r in reports)}"
    )
    widgets.table(
        f"{view.name(fund)} · {_('报告核对', 'Reported figures')}",
        [_row(r) for r in reports],
        "day=stated_on figure stated ours difference state=verdict document entry note",
        "fund_reported",
    )


def _row(r: Reported) -> dict[str, object]:
    state = {
        True: named("agreeing"),
        False: _("不一致", "Differs"),
        None: _("无法核对", "Cannot be compared"),
    }[r.agrees]
    return {
        "day": r.day,
        "figure": _NAMES[r.figure],
        "stated": r.text_of(float(r.stated)),
        "ours": r.text_of(r.ours),
        "difference": r.text_of(r.difference),
        "state": state,
        "document": None if not r.document else (r.document, r.entry),
        "entry": r.entry,
        "note": data.reason_text(r.note) or "",
    }
