"""Parts of the coverage page: matrix, cities, curve, and the time line of a company."""

from __future__ import annotations

from typing import Any

from fof import words
from fof.book.currencies import DEFAULT_CURRENCY
from fof.explain.coverage_figures import coverage_key
from fof.figures.coverage.change import REASON_TEXTS, CoverageMove
from fof.figures.coverage.company_line import company_line
from fof.figures.coverage.continuity import StageContinuity
from fof.figures.coverage.payers import company_payers
from fof.figures.coverage.public_line import public_money_line
from fof.figures.coverage.supported import SupportedCompany
from fof.figures.coverage.surface import Coverage, CoverageCell, coverage
from fof.figures.coverage_document import cell_rows, line_row
from fof.figures.lookthrough import reach
from fof.figures.lookthrough_document import owner_row, path_row
from fof.figures.register import members
from fof.ledger import View
from fof.ui import charts, cited, coverage_charts, explained, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _
from models.kinds import City, SupportKind
from models.text import Text, counted

ALL = "all"
"""Stands in an address for no choice among the codes of a dimension."""
NOT_KNOWN = "unknown:"
"""Stands in an address for the empty code of what is not known."""


def word(code: str, listed: str) -> Text:
    """A code of a closed list in words; industries are their own."""
    own = code.removeprefix(NOT_KNOWN)
    text = members(listed).get(own) if listed else None
    return text or Text(own or "未登记", own or "not recorded")


def every(code: str | None, listed: str) -> str:
    """A code in words; None is all of them."""
    return _("全部", "All") if code is None else str(word(code, listed))


_LISTS = {"stage": "stages", "city": "cities", "instrument": "support_kinds", "industry": ""}


def _measured(cell: CoverageCell, measure: str, unit: str) -> tuple[float, str]:
    """What a cell holds as a number and as text: companies, or money in yuan; what is not known is a dash."""
    if measure == "supported":
        return float(cell.supported), f"{cell.supported}/{cell.companies}"
    own = next((a for a in cell.amounts if a.currency == DEFAULT_CURRENCY), None)
    fen = 0 if own is None else getattr(own, measure)
    return (0.0, words.DASH) if fen is None else (float(fen), words.amount(fen, unit))


def matrix(surface: Coverage, across: str, measure: str, unit: str) -> None:
    """Stages across, another dimension down (so that it can be read on a narrow screen), every cell in sight."""
    cells = surface.cells(("stage", across))
    rows = surface.names("stage")
    used = {getattr(c, across) for c in cells}
    columns = [n for n in surface.names(across) if n in used or (across != "industry" and n)]
    values: dict[tuple[int, int], float] = {}
    texts: dict[tuple[int, int], str] = {}
    for cell in cells:
        place = rows.index(cell.stage or ""), columns.index(getattr(cell, across))
        values[place], texts[place] = _measured(cell, measure, unit)
    title = named("lifecycle_stage")

    def pick(number: int) -> None:
        down, stage = divmod(number, len(rows))
        _drill(stage=rows[stage] or NOT_KNOWN, **{across: columns[down] or NOT_KNOWN})

    charts.pickable(
        coverage_charts.matrix(
            [str(word(c, _LISTS[across])) for c in columns],
            [str(word(r, "stages")) for r in rows],
            values,
            texts,
        ),
        70 + 30 * len(columns),
        title,
        "matrix_picked",
        pick,
    )
    say.caption(
        _(
            "橙色为空：该阶段没有任何资金经此到达企业。单元格为已支持企业/已知企业，或人民币金额；点选单元格或市（地）方块，下方列出其企业。",
            "Orange is empty: no money reached a company there. Cells are companies supported/known, or amounts in yuan; "
            "click a cell or the tile of a city, and its companies are listed below.",
        )
    )


def _drill(**codes: str) -> None:
    """The companies of a cell or margin are listed: what is not named is all of it."""
    for name in (*_LISTS,):
        cited.choose(name, codes.get(name, ALL))


def cell_table(surface: Coverage, across: str, opens: explained.Opener) -> None:
    """The cells of the matrix, one a line; every figure opens to its companies and money."""
    rows: list[dict[str, Any]] = []
    for cell in surface.cells(("stage", across)):
        for row in cell_rows(cell):
            own = {name: row[name] for name in ("stage", across)}
            named_codes = {name: every(code, _LISTS[name]) for name, code in own.items()}
            rows.append(_NOTHING | row | named_codes | {"cell": own, "currency_of_cell": row.get("currency")})
    across_as = {"instrument": "support_kind", "city": "coverage_city", "industry": "industry_code"}[across]
    widgets.table(
        _("单元格", "Cells"),
        rows,
        f"""
        stage=lifecycle_stage {across}={across_as} companies=companies_known supported=companies_supported
        held=companies_held reach deployed=support_deployed at_risk=support_at_risk
        government_deployed=support_government_deployed government_at_risk=support_government_at_risk
        """,
        "cells_table",
        explain=opens,
        cite=widgets.Cited("cell", cell_code),
        height=320,
    )


def cell_code(row: dict[str, Any]) -> str:
    """How a row stands in an address: by the codes of its cell, and its currency where there are several."""
    code = coverage_key(**row["cell"])
    return code if row.get("companies") is not None else f"{code};{row['currency']}"


_NOTHING: dict[str, Any] = dict.fromkeys(
    (
        "companies",
        "supported",
        "held",
        "reach",
        "deployed",
        "at_risk",
        "government_deployed",
        "government_at_risk",
    )
)


def cities(surface: Coverage, measure: str, unit: str) -> None:
    """The thirteen cities as tiles."""
    cells = {c.city: c for c in surface.cells(("city",))}
    own = {city: _measured(cells[city.value], measure, unit) for city in City if city.value in cells}
    charts.pickable(
        coverage_charts.city_tiles(
            {c: v for c, (v, _t) in own.items()}, {c: t for c, (_v, t) in own.items()}
        ),
        420,
        named("coverage_city"),
        "tile_picked",
        lambda number: _drill(city=list(coverage_charts.TILES)[number].value),
    )
    if "" in cells:
        number = cells[""].companies
        say.caption(
            _("省外或未登记城市的企业 {0} 家。", "Outside the province or of no recorded city: {1}.").format(
                number, counted(number, "company")
            )
        )


def waiting(own: StageContinuity) -> None:
    """The curve of the wait over all moves."""
    curve = own.curve
    if not len(curve.times):
        say.caption(_("还没有阶段上移。", "No company moved up yet."))
        return
    columns = (c.tolist() for c in (curve.times, curve.survival, curve.lower, curve.upper))
    charts.draw(
        coverage_charts.waiting_curve(*columns),
        300,
        _("仍在等待新资金的比例", "Share that still waits for new money"),
    )


def reasons(move: CoverageMove) -> dict[str, Any]:
    """What changed, in words."""
    return {"reasons_of": words.listed(str(REASON_TEXTS[name]) for name in move.reasons)}


def instruments(own: SupportedCompany) -> dict[str, Any]:
    """Its instruments in words."""
    return {"instruments": words.listed(str(SupportKind(i).text) for i in own.instruments)}


def payer_table(view: View, party: int, definition: str) -> None:
    """What each payer has in a company on the day, by instrument, and the government's part of it; the last line is all of it."""
    rows = [
        {
            **line._asdict(),
            "instrument": _("合计", "All") if line.instrument is None else str(line.instrument.text),
            "payer": ""
            if line.payer is None
            else words.beside(view.name(line.payer), view.parties[line.payer].code),
        }
        for line in company_payers(coverage(view, definition), party)
    ]
    widgets.table(
        words.beside(view.name(party), _("各出资方", "Payers")),
        rows,
        """
        instrument=support_kind payer=event_payer deployed=support_deployed at_risk=support_at_risk
        government=government_part government_deployed=support_government_deployed
        government_at_risk=support_government_at_risk
        """,
        "company_payers_table",
        whole=True,
    )


def ways_table(view: View, party: int) -> None:
    """Equity by its way: from whoever stands at the top (a government, an investor) through every fund down to the company."""
    widgets.table(
        words.beside(view.name(party), _("股权路径", "Equity by its way")),
        [
            owner_row(view, reached) | path_row(view, way) | {"texts": table_rows.path_words(view, way)}
            for reached in reach(view, party)
            for way in reached.paths
        ],
        "owner_label=owner path steps path_share",
        "company_ways_table",
    )


def public_money(view: View, party: int, definition: str, unit: str) -> None:
    """All money at risk in the company, over all instruments, and governments' part of it, on one line of time; where that part is
    not known there is no point."""
    line = [
        (d, own) for d, own in public_money_line(view, party, definition) if own.currency == DEFAULT_CURRENCY
    ]
    if len(line) < 2:
        return
    days = [day.isoformat() for day, _own in line]
    whole = [words.in_unit(own.at_risk, unit) for _day, own in line]
    public = [
        float("nan") if own.government_at_risk is None else words.in_unit(own.government_at_risk, unit)
        for _day, own in line
    ]
    charts.draw(
        coverage_charts.money_line(
            days, {named("support_at_risk"): whole, named("support_government_at_risk"): public}
        ),
        260,
        words.beside(
            view.name(party), _("各年末与截至日的在投资金", "Money at risk at each year-end and on the day")
        ),
        words.unit_name(unit),
    )


def company(view: View, code: str, definition: str, unit: str) -> None:
    """One company: everything on one time line."""
    party = view.by_code[code].id
    widgets.section(
        words.beside(view.name(party), code), _("全部资金与事项，按日期", "All money and events, by day")
    )
    payer_table(view, party, definition)
    ways_table(view, party)
    public_money(view, party, definition, unit)
    rows: list[dict[str, Any]] = [line_row(view, e) for e in company_line(view, party, definition)]
    widgets.table(
        words.beside(view.name(party), _("时间线", "Time line")),
        rows,
        "day=event_day what=event_what payer=event_payer amount=event_amount entry",
        "company_line_table",
        height=360,
    )
