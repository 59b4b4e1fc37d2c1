"""The command that opens a figure."""

from __future__ import annotations

from typing import Annotated

from fof.cli.asked import Asked, TableUnit, asks
from fof.cli.printed import printed
from fof.cli.usage import argument, helped, option
from fof.figures.documents import OPENED

_FIGURES = " ".join(OPENED)


@helped("打开一个数字：公式、逐笔记录与文件。", "Open a figure: formula, rows and documents.")
@asks("as_of known_at portfolio unit lang json", TableUnit.YUAN)
def explain(
    asked: Asked,
    figure: Annotated[
        str,
        argument(
            f"{_FIGURES}；穿透：exposure_share exposure_cost exposure_value；覆盖面：support_at_risk reach …（--key stage=seed,city=230100）",
            f"{_FIGURES}; looked through: exposure_share exposure_cost exposure_value; of coverage: support_at_risk reach … (--key stage=seed,city=230100)",
        ),
    ],
    fund: Annotated[str | None, option("--fund", "基金编号", "code of a fund", metavar="CODE")] = None,
    by: Annotated[
        str | None,
        option("--by", "分组，direct（直投）或 combined（含直投）", "a grouping, direct or combined"),
    ] = None,
    key: Annotated[str | None, option("--key", "分组的编号", "code of the group")] = None,
    of: Annotated[
        str | None,
        option(
            "--of",
            "穿透指标所指的企业或基金；资金池、限额、贷款或补偿申请",
            "company or fund that is looked through to; a pool, limit, loan or claim",
            metavar="CODE",
        ),
    ] = None,
    owner: Annotated[
        str | None,
        option(
            "--owner",
            "穿透的持有人，缺省为组合；资金池的出资方",
            "who holds it, the portfolio if left out; a contributor of a pool",
            metavar="CODE",
        ),
    ] = None,
    currency: Annotated[
        str | None,
        option(
            "--currency",
            "组合有多种币种时，打开其中一种的小计",
            "the subtotal of one currency, where there are several",
            metavar="CODE",
        ),
    ] = None,
) -> None:
    from fof.audit.hidden_entries import require_visible, visible_rows
    from fof.explain.explanation_document import explain_document
    from fof.explain.pool_figures import POOL_FIGURES

    view = asked.view()
    chosen, unit = None if figure in POOL_FIGURES else asked.chosen(view), str(asked.unit)
    require_visible(view, fund, of, owner)
    opened = explain_document(view, chosen, figure, fund, by, key, of, owner, currency, unit=unit)
    printed(visible_rows(opened, view), asked)
