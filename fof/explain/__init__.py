"""Every figure opens: its formula, its terms, and the rows and documents behind each."""

from fof.explain.exposure import EXPOSURES, explain_exposure
from fof.explain.facts import explain_facts
from fof.explain.formulas import FIGURES, Explanation, explain
from fof.explain.government_share import explain_government, explain_leverage
from fof.explain.pool_figures import POOL_FIGURES, explain_pool_figure
from fof.explain.sources import FigureTerm, SourceRow
from fof.explain.statement import explain_item, sale_parts

__all__ = [
    "EXPOSURES",
    "FIGURES",
    "POOL_FIGURES",
    "Explanation",
    "FigureTerm",
    "SourceRow",
    "explain",
    "explain_exposure",
    "explain_facts",
    "explain_government",
    "explain_item",
    "explain_leverage",
    "explain_pool_figure",
    "sale_parts",
]
