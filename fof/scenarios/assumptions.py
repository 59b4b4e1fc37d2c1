"""One number of a scenario and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["book", "fit", "publication", "typed", "none"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number of a scenario. scope: a fund's code, empty for all; value: as it is written; error: of a fit, else nan."""

    scope: str
    name: str
    value: str
    source: SourceKind
    detail: str = ""
    error: float = float("nan")
    fund_years: float = float("nan")
