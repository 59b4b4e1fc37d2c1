"""Results of scenarios side by side: amounts and ratios in tables of their own, the largest differences first."""

from __future__ import annotations

from collections.abc import Sequence

from fof import words
from fof.scenarios.scenario_document import comparison_document
from fof.scenarios.scenario_results import ScenarioResult
from fof.ui import say, table_rows, widgets
from fof.words import _

STATISTICS = ("p50", "probability", "c90", "below_zero")
RATIOS = ("first_number", "other_number", "number_difference")
AMOUNTS = ("first_amount", "other_amount", "amount_difference")


def against_no_shock(run: ScenarioResult, calm: ScenarioResult | None) -> None:
    """The scenario beside the same without its shocks."""
    if calm is None:
        widgets.empty(
            _(
                "该情景没有冲击。在上面设定退出冻结或减值后，这里列出差异。",
                "This scenario has no shock. Set an exit freeze or a mark-down above to see the differences here.",
            )
        )
        return
    say.caption(_("首个情景：同一情景，不加冲击", "First scenario: the same without its shocks"))
    compared([calm, run], "scenario_differences")


def compared(results: Sequence[ScenarioResult], key: str) -> None:
    """Every result beside the first one; of more than two each row says whose it is."""
    document = comparison_document(list(results), STATISTICS)
    rows = table_rows.listed(document)
    whose = "scenario " if len(results) > 2 else ""
    for title, names in ((_("金额", "Amounts"), AMOUNTS), (_("比率与倍数", "Ratios and multiples"), RATIOS)):
        own = [_four(row) for row in rows if any(row.get(name) is not None for name in names)]
        if not own:
            continue
        widgets.section(title)
        columns = f"{whose}result_part group_code measure_name step_end statistic {' '.join(names)}"
        widgets.table(title, own, columns, f"{key}_{names[0]}", height=420)


def _four(row: table_rows.Row) -> table_rows.Row:
    """Ratios with four decimals each."""
    known = [n for n in RATIOS if row.get(n) is not None and row[n] == row[n]]
    return row | {name: float(words.rounded(row[name], 4)) for name in known}
