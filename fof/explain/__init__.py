"""Every figure opens: its formula, its terms, and the rows and documents behind each."""

from fof.explain.figures import FIGURES, NAMES, Explanation, explain
from fof.explain.rows import Part, Row
from fof.explain.shares import explain_government, explain_leverage
from fof.explain.statement import explain_item

__all__ = [
    "FIGURES", "NAMES", "Explanation", "Part", "Row", "explain", "explain_government", "explain_item",
    "explain_leverage",
]  # fmt: skip
