"""Lifecycle coverage: the matrix whose empty cells are the message, mandates, gaps, continuity, the cities, and each company."""

import datetime as dt

import streamlit as st

from fof import words
from fof.explain.coverage_figures import coverage_key
from fof.figures import coverage_document as document
from fof.figures.coverage.change import coverage_change
from fof.figures.coverage.continuity import continuity_of, stage_moves
from fof.figures.coverage.mandates import mandates
from fof.figures.coverage.supported import companies_in
from fof.figures.coverage.surface import coverage
from fof.figures.register import members
from fof.rules.stage_definitions import HOUSE_DEFINITION, stage_definitions
from fof.ui import cited, coverage_panels, data, explained, frame, say, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import Text

MENU = (45, ("组合", "Portfolio"), ("覆盖面", "Lifecycle coverage"))

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
tables = stage_definitions()
left, right = st.columns(2)
table = left.selectbox(
    named("stage_table"),
    list(tables),
    key=cited.choice("definition", list(tables), HOUSE_DEFINITION, what=Text("阶段口径", "stage definition")),
    format_func=lambda id_: words.beside(str(tables[id_].text), id_),
)
surface = coverage(view, table)
head = document.coverage_head(surface)
if not head["companies"]:
    widgets.to_import(
        _(
            "账中还没有企业。导入企业与企业年度数据。",
            "The book holds no companies. Import companies and their years.",
        )
    )
    cited.finish()
widgets.headline(
    [
        *data.headline_of(
            head,
            "companies=companies_known supported=companies_supported reach unknown=companies_unknown",
            chosen.unit,
        ),
        (
            named("public_per_company"),
            words.amount(head["public_per_company"], chosen.unit),
            _(
                "政府穿透在投 ÷ 在投企业；政府比例未知的 {} 家不计",
                "Government's part at risk over companies with money at risk; {} of which it is not known are left out",
            ).format(head["public_unknown"]),
        ),
    ]
)

ways = ["instrument", "city", "industry"]
labels = {
    "instrument": named("support_kind"),
    "city": named("coverage_city"),
    "industry": named("industry_code"),
}
across = st.segmented_control(
    _("横轴", "Across"),
    ways,
    key=cited.choice("across", ways, "instrument", what=Text("维度", "dimension")),
    required=True,
    format_func=labels.__getitem__,
)
measures = ["supported", "at_risk", "government_at_risk"]
measure = st.segmented_control(
    _("单元格", "In the cells"),
    measures,
    key=cited.choice("measure", measures, "supported", what=Text("指标", "measure")),
    required=True,
    format_func={
        "supported": named("companies_supported"),
        "at_risk": named("support_at_risk"),
        "government_at_risk": named("support_government_at_risk"),
    }.__getitem__,
)
coverage_panels.matrix(surface, str(across), str(measure), chosen.unit)
opens = explained.coverage(view, table)
coverage_panels.cell_table(surface, str(across), opens)

widgets.section(
    document.COVERAGE_MANDATES.text.of(words.language()),
    _(
        "未实缴属于授权该阶段的子基金，不进入企业单元格；多阶段基金在各阶段列示，合计只计一次",
        "Unfunded belongs to the sub-funds of a stage and to no company's cell; a fund of several stages stands in each, once in the sum",
    ),
)
widgets.table(
    _("授权覆盖", "Mandate coverage"),
    [
        row
        | {
            "cell": {"stage": row["stage"]},
            "currency_of_cell": row["currency"],
            "stage": coverage_panels.every(row["stage"], "stages"),
        }
        for own in mandates(view)
        for row in document.mandate_rows(view, own)
    ],
    """
    stage=lifecycle_stage funds=mandate_funds able=mandate_funds_able unclear=mandate_funds_unclear
    unfunded=mandate_unfunded government_unfunded=mandate_government_unfunded codes=mandate_fund_codes
    """,
    "mandates_table",
    explain=opens,
    cite=widgets.Cited("mandate", lambda r: f"{r['cell']['stage']};{r['currency']}"),
)

widgets.section(
    _("缺口（按缺口金额）", "Gaps, the largest first"),
    _(
        "目标由本办公室设定，用“覆盖目标”表导入",
        "Targets are the office's own: import the sheet of coverage targets",
    ),
)
short = document.gaps_document(view, table)
gaps = [
    dict(row)
    | {
        "cell": {"stage": row["stage"], "city": row["city"]},
        "currency_of_cell": row["currency"],
        "document": None if row["document"] is None else (row["document"], row["entry"]),
        "stage": coverage_panels.every(row["stage"], "stages"),
        "city": coverage_panels.every(row["city"], "cities"),
    }
    for row in short.rows
]
if gaps:
    widgets.table(
        _("缺口", "Gaps"),
        gaps,
        """
        stage=lifecycle_stage city=coverage_city target=coverage_target at_risk=support_at_risk
        missing=coverage_missing target_share companies=companies_known supported=companies_supported
        since=target_since document
        """,
        "gaps_table",
        explain=opens,
        cite=widgets.Cited("gap", lambda r: coverage_key(**r["cell"])),
    )
    for note in short.notes:
        say.caption(str(note))
else:
    say.caption(_("没有设定目标，因此没有缺口可列。", "No target is set, so there is no gap to list."))

widgets.section(
    _("市（地）分布", "By city"), _("方块示意，不绘边界", "One tile each; no boundaries are drawn")
)
coverage_panels.cities(surface, str(measure), chosen.unit)

widgets.section(
    _("接续：上移之后的新资金", "Continuity: new money after a move up"),
    _(
        "上移记在数据显示的年末；只计上移之后支付的资金，离开新阶段、注销或至截至日为止",
        "A move is dated to the year-end of the figures; only money paid after it counts, until the company leaves the stage, is struck off, or the as-of day",
    ),
)
moves = continuity_of(stage_moves(view, table), surface.day)
widgets.table(
    _("接续", "Continuity"),
    [
        document.continuity_row(own)
        | {"cell": {"stage": own.stage}, "stage": coverage_panels.every(own.stage, "stages")}
        for own in moves
    ],
    """
    stage=lifecycle_stage moves=stage_moves whole=moves_over supported=moves_supported earlier=moves_earlier
    without=moves_without continuity waiting_year waiting_two median=wait_median
    """,
    "continuity_table",
    explain=opens,
    cite=widgets.Cited("moves", lambda r: r["cell"]["stage"] or "all"),
)
coverage_panels.waiting(moves[-1])

widgets.section(_("集中度（HHI）", "Concentration (HHI)"))
widgets.table(
    _("集中度", "Concentration"),
    [
        dict(row)
        | {
            "cell": {"by": row["by"]},
            "currency_of_cell": row["currency"],
            "hhi": round(row["hhi"], 2),
            "largest": str(coverage_panels.word(row["largest"], "cities")),
        }
        for row in document.concentration_document(view, table).rows
    ],
    "by=concentration_by currency hhi largest=largest_of largest_part parts=parts_count",
    "concentration_table",
    explain=opens,
    cite=widgets.Cited("index", lambda r: f"{r['by']};{r['currency']}"),
)

widgets.section(_("两个日期之间的变动", "Change between two days"))
day = surface.day
since = st.date_input(
    named("compared_since"),
    key=cited.day("since", day.replace(year=day.year - 1, day=min(day.day, 28)), last=day),
    width=220,
    format="YYYY-MM-DD",
)
if isinstance(since, dt.date) and since < day:
    change = coverage_change(coverage(view.on(since), table), surface)
    widgets.table(
        _("各阶段变动", "Change by stage"),
        [dict(row) | {"cell": {"stage": row["stage"]}} for row in document.stage_rows(change)],
        """
        stage=lifecycle_stage before=companies_before entered=companies_entered moved=companies_moved
        left=companies_left after=companies_after
        """,
        "stages_table",
        explain=explained.coverage(view, table, since.isoformat()),
        cite=widgets.Cited("moved", lambda r: r["cell"]["stage"] or "unknown"),
    )
    widgets.table(
        _("变动的企业", "Companies that moved"),
        [document.change_row(view, change, move) | coverage_panels.reasons(move) for move in change.moves],
        """
        company label=name_of reasons_of=change_reasons stage_before stage=lifecycle_stage city_before
        city=coverage_city industry_before industry=industry_code
        """,
        "moves_table",
        height=320,
    )

widgets.section(
    _("企业", "Companies"), _("点选一行查看该企业的时间线", "Pick a row to see the company's time line")
)
ALL = coverage_panels.ALL
pick_stage, pick_city, pick_industry, pick_kind = st.columns(4)


def of_list(
    where: st.delta_generator.DeltaGenerator, name: str, title: str, codes: list[str], listed: str
) -> str | None:
    """The code chosen from a closed list, None for all of them."""
    wanted = where.selectbox(
        title,
        [ALL, *codes],
        key=cited.choice(name, [ALL, *codes], ALL),
        format_func=lambda code: _("全部", "All") if code == ALL else str(coverage_panels.word(code, listed)),
    )
    return None if wanted == ALL else str(wanted).removeprefix(coverage_panels.NOT_KNOWN)


stage_codes = [code or coverage_panels.NOT_KNOWN for code in members("stages")]
city_codes = [code or coverage_panels.NOT_KNOWN for code in members("cities")]
industry_codes = [code or coverage_panels.NOT_KNOWN for code in surface.names("industry")]
listed = companies_in(
    surface,
    of_list(pick_stage, "stage", named("lifecycle_stage"), stage_codes, "stages"),
    of_list(pick_city, "city", named("coverage_city"), city_codes, "cities"),
    of_list(pick_industry, "industry", named("industry_code"), industry_codes, ""),
    of_list(pick_kind, "instrument", named("support_kind"), list(members("support_kinds")), "support_kinds"),
)
picked = widgets.table(
    _("覆盖面企业", "Companies of the surface"),
    [row | coverage_panels.instruments(own) for own in listed for row in document.company_rows(view, own)],
    """
    company label=name_of stage=lifecycle_stage stage_from year=figures_year city=coverage_city
    industry=industry_code size=size_class instruments=support_kinds deployed=support_deployed
    at_risk=support_at_risk government_at_risk=support_government_at_risk
    """,
    "coverage_companies_table",
    pick=True,
    cite=widgets.Cited("company", lambda r: str(r["company"])),
    height=380,
)
if picked is not None:
    coverage_panels.company(view, str(picked["company"]), table, chosen.unit)
cited.finish()
