"""One number of a scenario and where it came from."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Generic, Literal, TypeVar

from fof.errors import Problem, Where
from fof.scenarios.company_terms import OutcomeTerms
from fof.scenarios.pool_terms import PoolTerms
from fof.scenarios.spec_parts import SpecPart
from models.frozen import frozen
from models.money import yuan_text
from models.text import Text

Terms = TypeVar("Terms", PoolTerms, OutcomeTerms)
SourceKind = Literal["book", "fit", "publication", "typed", "default", "none"]
"""default: what stands where a file says nothing, and neither book nor publication is asked."""


@frozen
class Assumption:
    """One number of a scenario. scope: a fund's code, empty for all; value: as it is written; error: of a fit, else nan."""

    scope: str
    name: str
    value: str
    source: SourceKind
    detail: str = ""
    error: float = float("nan")
    fund_years: float = float("nan")


def typed_or_default(terms: SpecPart, name: str) -> tuple[SourceKind, str]:
    """Where a value that always stands is from, and what the file says of it: what the file states is typed, whatever it is."""
    if name not in terms.model_fields_set:
        return "default", ""
    return "typed", str(getattr(terms, "source", ""))


class NumbersSought(Generic[Terms]):
    """Finds numbers as they were typed, else as the book has them, each noted; what neither states is a problem at its place.

    kind : before the name of every number; scope: whose those are that are no fund's; path: of the table in the file; near: codes
    of the book that are like the one typed
    """

    def __init__(
        self,
        kind: str,
        terms: Terms,
        path: str,
        day: dt.date,
        scope: str = "",
        near: Sequence[str] = (),
    ) -> None:
        self._terms: Terms = terms
        self._kind, self._path, self._day = kind, path, day
        self._scope, self._near = scope, near
        self.problems: list[Problem] = []
        self.lines: list[Assumption] = []

    def _number_of(
        self,
        name: str,
        of_book: float | None,
        *,
        money: bool = False,
        source: SourceKind = "book",
        error: float = math.nan,
        years: float = math.nan,
        silent: Sequence[str] = (),
    ) -> float | None:
        """Money in fen. error, years: of a number that is fitted; silent: codes of what in the book ought to state it."""
        typed = getattr(self._terms, name)
        value = of_book if typed is None else typed
        if value is None:
            near, of = ", ".join(self._near), ", ".join(silent)
            text = Text(
                "账簿没有此数，须填写"
                + (f"；未写明：{of}" if of else "")
                + (f"；相近：{near}" if near else ""),
                "the book does not have it: it must be given"
                + (f"; not stated by: {of}" if of else "")
                + (f"; near: {near}" if near else ""),
            )
            self.problems.append(Problem("missing_name", text, None, Where(field=f"{self._path}.{name}")))
            return None
        written = yuan_text(round(value)) if money else f"{value:.6g}"
        if typed is not None:
            self._note(self._scope, name, written, "typed", self._terms.source)
        else:
            self._note(self._scope, name, written, source, str(self._day), error, years)
        return float(value)

    def _note(
        self,
        scope: str,
        name: str,
        value: str,
        source: SourceKind,
        detail: str,
        error: float = math.nan,
        years: float = math.nan,
    ) -> None:
        self.lines.append(Assumption(scope, f"{self._kind}_{name}", value, source, detail, error, years))
