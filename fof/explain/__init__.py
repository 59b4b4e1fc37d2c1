"""Every figure opens: its formula, its terms, and the rows and documents behind each."""

from fof.explain.exposure import EXPOSURES, explain_exposure
from fof.explain.facts import explain_facts
from fof.explain.figures import FIGURES, Explanation, explain
from fof.explain.rows import Part, Row
from fof.explain.shares import explain_government, explain_leverage
from fof.explain.statement import explain_item, sale_parts

__all__ = [
    "EXPOSURES",
    "FIGURES",
    "Explanation",
    "Part",
    "Row",
    "explain",
    "explain_exposure",
    "explain_facts",
    "explain_government",
    "explain_item",
    "explain_leverage",
    "sale_parts",
]
